//! Jira's moments: `2026-11-20T08:12:01.123+0100`, whose offset has no colon.

use chrono::{DateTime, FixedOffset};
use serde::{Deserialize, Deserializer, de};

use crate::table::Timestamp;

/// A moment as Jira writes it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Moment(pub(super) Timestamp);

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        // What stands there is not repeated, like any other value of an answer.
        parse(&text).ok_or_else(|| de::Error::custom("expected a date and time with an offset"))
    }
}

fn parse(text: &str) -> Option<Moment> {
    let with_colon = || text.parse::<DateTime<FixedOffset>>();
    let moment = DateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S%.f%z").or_else(|_| with_colon()).ok()?;
    Some(Moment(moment.to_utc().into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_read_with_and_without_a_colon() {
        let read = |text: &str| parse(text).map(|moment| moment.0.to_utc().to_rfc3339());
        let same = ["2026-11-20T08:12:01.000+0100", "2026-11-20T08:12:01+01:00", "2026-11-20T07:12:01Z", "2026-11-20T02:42:01.000-0430"];
        for text in same {
            assert_eq!(read(text).as_deref(), Some("2026-11-20T07:12:01+00:00"), "{text}");
        }
        assert_eq!(parse("2026-11-20T08:12:01.123+0100").map(|moment| moment.0.0 % 1_000_000), Some(123_000));
        for text in ["2026-11-20T08:12:01", "2026-11-20", "yesterday", ""] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn what_is_no_moment_is_not_repeated() {
        let error = serde_json::from_str::<Moment>(r#""ask Ada""#).unwrap_err();
        assert!(!crate::http::shape(&error).contains("Ada"), "{error}");
        assert!(!error.to_string().contains("Ada"), "{error}");
    }
}
