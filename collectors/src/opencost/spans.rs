//! The steps of a day, and how many of them are asked for at once.

use std::ops::Range;

use chrono::{DateTime, NaiveDate, NaiveTime, SecondsFormat, TimeDelta, Utc};

use crate::table::Timestamp;

use super::config::Step;

/// A day, as much of it as is over, in steps. A step that is not over yet would tell of less than it will.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Day {
    begun: DateTime<Utc>,
    step: Step,
    /// Steps that are over.
    pub(super) steps: usize,
}

/// Where the window of an entry lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lies {
    /// It is this step.
    At(usize),
    /// It is none of the steps, though within the day.
    Across,
    /// It is not within the day.
    Outside,
}

impl Day {
    pub(super) fn of(day: NaiveDate, step: Step, now: DateTime<Utc>) -> Self {
        let begun = day.and_time(NaiveTime::MIN).and_utc();
        let over = now.min(begun + TimeDelta::days(1)) - begun;
        let steps = usize::try_from(over.num_seconds() / length(step).num_seconds()).unwrap_or(0);
        Self { begun, step, steps }
    }

    /// How long a step is [hours].
    pub(super) fn step_hours(self) -> f64 {
        length(self.step).num_hours() as f64
    }

    /// How long all of its steps are [hours].
    pub(super) fn hours(self) -> f64 {
        self.step_hours() * self.steps as f64
    }

    /// A step's beginning and end.
    pub(super) fn bounds(self, step: usize) -> (Timestamp, Timestamp) {
        (self.moment(step).into(), self.moment(step + 1).into())
    }

    /// Where a window lies.
    pub(super) fn lies(self, (start, end): (Timestamp, Timestamp)) -> Lies {
        let of_day = Timestamp::from(self.begun)..=Timestamp::from(self.begun + TimeDelta::days(1));
        if start > end || !of_day.contains(&start) || !of_day.contains(&end) {
            return Lies::Outside;
        }
        let past = usize::try_from((start.to_utc() - self.begun).num_seconds() / length(self.step).num_seconds()).unwrap_or(0);
        if self.bounds(past) == (start, end) { Lies::At(past) } else { Lies::Across }
    }

    /// What is asked for, as a parameter: `2026-11-20T00:00:00Z,2026-11-20T06:00:00Z`.
    pub(super) fn window(self, span: &Range<usize>) -> String {
        let of = |step| self.moment(step).to_rfc3339_opts(SecondsFormat::Secs, true);
        format!("{},{}", of(span.start), of(span.end))
    }

    /// What a step is called within its day: `03:00`, or the day itself.
    pub(super) fn name(self, step: usize) -> String {
        let format = if self.step == Step::Hour { "%H:%M" } else { "%Y-%m-%d" };
        self.moment(step).format(format).to_string()
    }

    /// What a step is called without its day: `2026-11-20T03:00`.
    pub(super) fn full_name(self, step: usize) -> String {
        self.moment(step).format("%Y-%m-%dT%H:%M").to_string()
    }

    /// What is said of a day of which no step is over.
    pub(super) fn nothing_yet(self) -> String {
        let date = self.begun.date_naive();
        match self.step {
            Step::Hour => format!("no hour of {date} is over yet"),
            Step::Day => format!("{date} is not over yet"),
        }
    }

    fn moment(self, step: usize) -> DateTime<Utc> {
        // A day has 24 hours: a factor that does not fit is none of its steps.
        self.begun + length(self.step) * i32::try_from(step).unwrap_or(i32::MAX)
    }
}

impl Step {
    /// What a step is called in a request.
    pub(super) const fn parameter(self) -> &'static str {
        match self {
            Self::Hour => "1h",
            Self::Day => "1d",
        }
    }
}

const fn length(step: Step) -> TimeDelta {
    TimeDelta::hours(match step {
        Step::Hour => 1,
        Step::Day => 24,
    })
}

/// How a day is asked for: span after span, each of no more steps than are answered.
#[derive(Debug)]
pub(super) struct Plan {
    next: usize,
    end: usize,
    /// The most steps at once.
    most: usize,
}

impl Plan {
    pub(super) fn new(steps: usize, most: usize) -> Self {
        Self { next: 0, end: steps, most: most.max(1) }
    }

    /// What to ask for now; nothing after the last step.
    pub(super) fn span(&self) -> Option<Range<usize>> {
        (self.next < self.end).then(|| self.next..self.end.min(self.next + self.most))
    }

    /// Goes on behind a span.
    pub(super) fn pass(&mut self, span: &Range<usize>) {
        self.next = span.end;
    }

    /// Asks for half of a span first, and for no more than that at once from now on; nothing where it is a single step. What was too much
    /// once is too much an hour later.
    pub(super) fn halve(&mut self, span: &Range<usize>) -> Option<usize> {
        let half = span.len() / 2;
        (half > 0).then(|| {
            self.most = half;
            half
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(step: Step, now: &str) -> Day {
        Day::of(NaiveDate::from_ymd_opt(2026, 11, 20).unwrap(), step, now.parse().unwrap())
    }

    fn at(text: &str) -> Timestamp {
        serde_json::from_value(text.into()).unwrap()
    }

    #[test]
    fn only_steps_that_are_over_are_asked_for() {
        let steps = |step, now| day(step, now).steps;
        assert_eq!(steps(Step::Hour, "2026-11-21T10:00:00Z"), 24);
        assert_eq!(steps(Step::Hour, "2026-11-21T00:00:00Z"), 24);
        assert_eq!(steps(Step::Hour, "2026-11-20T23:59:59Z"), 23);
        assert_eq!(steps(Step::Hour, "2026-11-20T00:59:59Z"), 0);
        assert_eq!(steps(Step::Hour, "2026-11-19T10:00:00Z"), 0);
        assert_eq!((steps(Step::Day, "2026-11-20T23:59:59Z"), steps(Step::Day, "2026-11-21T00:00:00Z")), (0, 1));
        assert_eq!(day(Step::Hour, "2026-11-20T00:59:59Z").nothing_yet(), "no hour of 2026-11-20 is over yet");
        assert_eq!(day(Step::Day, "2026-11-20T10:00:00Z").nothing_yet(), "2026-11-20 is not over yet");
    }

    #[test]
    fn a_span_is_asked_for_in_the_words_of_the_vendor() {
        let hours = day(Step::Hour, "2026-11-21T10:00:00Z");
        assert_eq!(hours.window(&(18..24)), "2026-11-20T18:00:00Z,2026-11-21T00:00:00Z");
        assert_eq!((hours.name(3), hours.full_name(3)), ("03:00".to_owned(), "2026-11-20T03:00".to_owned()));
        let whole = day(Step::Day, "2026-11-21T10:00:00Z");
        assert_eq!(whole.window(&(0..1)), "2026-11-20T00:00:00Z,2026-11-21T00:00:00Z");
        assert_eq!((whole.name(0), whole.step_hours()), ("2026-11-20".to_owned(), 24.0));
    }

    #[test]
    fn a_window_is_a_step_or_lies_elsewhere() {
        let hours = day(Step::Hour, "2026-11-21T10:00:00Z");
        let lies = |start, end| hours.lies((at(start), at(end)));
        assert_eq!(lies("2026-11-20T00:00:00Z", "2026-11-20T01:00:00Z"), Lies::At(0));
        assert_eq!(lies("2026-11-21T00:00:00+01:00", "2026-11-21T01:00:00+01:00"), Lies::At(23), "in whatever zone");
        assert_eq!(lies("2026-11-20T00:00:00Z", "2026-11-20T06:00:00Z"), Lies::Across, "the step was not taken up");
        assert_eq!(lies("2026-11-20T00:30:00Z", "2026-11-20T01:30:00Z"), Lies::Across);
        for (start, end) in [
            ("2026-11-19T23:00:00Z", "2026-11-20T00:00:00Z"),
            ("2026-11-21T00:00:00Z", "2026-11-21T01:00:00Z"),
            ("2026-11-19T00:00:00Z", "2026-11-21T00:00:00Z"),
            ("2026-11-20T02:00:00Z", "2026-11-20T01:00:00Z"),
            ("1970-01-01T00:00:00Z", "9999-12-31T23:59:59Z"),
        ] {
            assert_eq!(lies(start, end), Lies::Outside, "{start}");
        }
        let whole = day(Step::Day, "2026-11-21T10:00:00Z");
        assert_eq!(whole.lies((at("2026-11-20T00:00:00Z"), at("2026-11-21T00:00:00Z"))), Lies::At(0));
    }

    /// The spans of a plan, of which no more than so many steps are answered.
    fn walk(steps: usize, most: usize, bearable: usize) -> Vec<Range<usize>> {
        let mut plan = Plan::new(steps, most);
        let mut asked = Vec::new();
        while let Some(span) = plan.span() {
            asked.push(span.clone());
            if span.len() <= bearable || plan.halve(&span).is_none() {
                plan.pass(&span);
            }
        }
        asked
    }

    #[test]
    fn a_day_is_asked_for_without_a_hole_and_in_smaller_spans_where_it_is_too_much() {
        assert_eq!(walk(24, 6, 24), [0..6, 6..12, 12..18, 18..24]);
        assert_eq!(walk(8, 5, 24), [0..5, 5..8]);
        assert_eq!(walk(4, 0, 24).len(), 4);
        assert_eq!(walk(6, 6, 2), [0..6, 0..3, 0..1, 1..2, 2..3, 3..4, 4..5, 5..6]);
        assert_eq!(walk(6, 4, 2), [0..4, 0..2, 2..4, 4..6], "it stays small");
        assert_eq!(walk(2, 2, 0), [0..2, 0..1, 1..2], "a single step cannot be divided");
        assert!(walk(0, 6, 24).is_empty());
    }
}
