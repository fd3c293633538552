//! The time that is asked about: whole hours from one to another, in steps.

use std::ops::Range;

use chrono::{DateTime, Utc};

use crate::company::DAY;
use crate::company::clusters::{HOUR, HOURS};

/// Hours since 1970, the last one not included.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Window(pub(super) Range<i64>);

impl Window {
    /// Takes `2026-11-20T00:00:00Z,2026-11-21T00:00:00Z`, `6h`, `7d`, `today` or `yesterday`; the error is what is wrong with it.
    pub(super) fn parse(text: &str, now: i64) -> Result<Window, String> {
        let today = now.div_euclid(DAY) * HOURS;
        let hours = match text {
            "today" => Some(today..today + HOURS),
            "yesterday" => Some(today - HOURS..today),
            text => match text.split_once(',') {
                Some((start, end)) => hour(start).zip(hour(end)).map(|(start, end)| start..end),
                None => length(text).map(|hours| now.div_euclid(HOUR) - hours..now.div_euclid(HOUR)),
            },
        };
        match hours {
            Some(hours) if hours.is_empty() => Err(format!("Invalid 'window' parameter: {text} ends before it begins")),
            Some(hours) => Ok(Window(hours)),
            None => Err(format!("Invalid 'window' parameter: {text} is no window of whole hours")),
        }
    }

    /// It in steps of this many hours; the last may be shorter.
    pub(super) fn steps(&self, hours: i64) -> impl Iterator<Item = Range<i64>> {
        let end = self.0.end;
        self.0.clone().step_by(hours as usize).map(move |start| start..end.min(start + hours))
    }

    /// How many hours.
    pub(super) fn hours(&self) -> i64 {
        self.0.end - self.0.start
    }
}

/// Hours of `6h` or `7d`.
pub(super) fn length(text: &str) -> Option<i64> {
    let (unit, number) = text.char_indices().next_back().map(|(place, unit)| (unit, &text[..place]))?;
    let number: i64 = number.parse().ok().filter(|number| (1..=10_000).contains(number))?;
    match unit {
        'h' => Some(number),
        'd' => Some(number * HOURS),
        _ => None,
    }
}

/// The hour that begins at a time.
fn hour(text: &str) -> Option<i64> {
    let at = DateTime::parse_from_rfc3339(text.trim()).ok()?.timestamp();
    (at % HOUR == 0).then_some(at / HOUR)
}

/// `2026-11-21T10:00:00Z`.
pub(super) fn time(at: i64) -> String {
    DateTime::<Utc>::from_timestamp(at, 0).unwrap_or_default().format("%Y-%m-%dT%H:%M:%SZ").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_are_whole_hours() {
        // 2026-11-21T10:20:00Z
        let now = 1_795_256_400;
        let ten = now / HOUR;
        let parse = |text: &str| Window::parse(text, now).map(|window| window.0);
        assert_eq!(parse("2026-11-21T08:00:00Z,2026-11-21T11:00:00+01:00"), Ok(ten - 2..ten));
        assert_eq!((parse("1h"), parse("7d")), (Ok(ten - 1..ten), Ok(ten - 168..ten)));
        assert_eq!((parse("today"), parse("yesterday")), (Ok(ten - 10..ten + 14), Ok(ten - 34..ten - 10)));
        for wrong in
            ["", "1m", "h", "-1h", "0h", "2026-11-21T08:30:00Z,2026-11-21T10:00:00Z", "2026-11-21T10:00:00Z,2026-11-21T10:00:00Z", "é"]
        {
            assert!(parse(wrong).is_err(), "{wrong}");
        }
        let steps: Vec<_> = Window(3..10).steps(3).collect();
        assert_eq!(steps, [3..6, 6..9, 9..10]);
    }
}
