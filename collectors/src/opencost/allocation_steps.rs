//! One row per cluster and step of an hour or a day that was asked for, with what came of it.
//!
//! A step without entries is no cluster that costs nothing: it is a step of which nothing is known.
//!
//! - grain: `cluster`, `step_started_at`
//! - endpoint: none: they come along with opencost.allocations
//! - permission: reach the cluster's OpenCost, port 9003
//! - date: the day that it is about; the last days are read again, for data that comes late

use serde::Serialize;

use crate::table::{Kind, Probe, Read, Row, Table, Timestamp, Watch};

use super::{allocations, spans::Day};

/// `opencost.allocation_steps`
pub const TABLE: Table = Table {
    source: "opencost",
    name: "allocation_steps",
    meaning: "One row per cluster and step of an hour or a day that was asked for, with what came of it.",
    kind: Kind::Window,
    grain: &["cluster", "step_started_at"],
    version: None,
    endpoint: "none: they come along with opencost.allocations",
    permission: "reach the cluster's OpenCost, port 9003",
    probe: Probe::Nothing,
    requests: |_| Some(0),
    columns: AllocationStep::COLUMNS,
    watch: Watch::NOTHING,
    read: Read::With(&allocations::TABLE),
};

/// One row.
#[derive(Debug, Row, Serialize)]
pub struct AllocationStep {
    /// The cluster, by its name in almanac.toml
    pub(super) cluster: String,
    /// Beginning of the step
    pub(super) step_started_at: Timestamp,
    /// Its end, not included
    pub(super) step_ended_at: Timestamp,
    /// ok; empty or null for a step without entries; rejected where none of them could be stored; missing for one that no answer tells of
    pub(super) state: String,
    /// Entries stored in opencost.allocations [entries]
    pub(super) entries: i64,
    /// Entries that could not be stored, such as one with a negative cost [entries]
    pub(super) rejected: i64,
}

/// What came of each step of a day.
#[derive(Debug)]
pub(super) struct Steps(Vec<Found>);

/// What came of one step.
#[derive(Clone, Debug, Default)]
struct Found {
    /// What an answer says of it that has no entries.
    without: Option<&'static str>,
    entries: i64,
    rejected: i64,
}

impl Found {
    /// Entries tell more than the lack of them.
    fn state(&self) -> &'static str {
        match self {
            Self { entries: 1.., .. } => "ok",
            Self { rejected: 1.., .. } => "rejected",
            Self { without, .. } => without.unwrap_or("missing"),
        }
    }
}

impl Steps {
    pub(super) fn of(day: Day) -> Self {
        Self(vec![Found::default(); day.steps])
    }

    /// An entry of this step is stored.
    pub(super) fn stored(&mut self, step: usize) {
        self.0.get_mut(step).into_iter().for_each(|found| found.entries += 1);
    }

    /// An entry of this step cannot be.
    pub(super) fn rejected(&mut self, step: usize) {
        self.0.get_mut(step).into_iter().for_each(|found| found.rejected += 1);
    }

    /// An answer has this step without entries: `null` or `empty`.
    pub(super) fn without(&mut self, step: usize, state: &'static str) {
        self.0.get_mut(step).into_iter().for_each(|found| found.without = Some(state));
    }

    /// Those of which nothing is known, in order.
    pub(super) fn unknown(&self) -> Vec<usize> {
        (0..self.0.len()).filter(|&step| self.0[step].state() != "ok").collect()
    }

    pub(super) fn rows(&self, cluster: &str, day: Day) -> Vec<AllocationStep> {
        let row = |(step, found): (usize, &Found)| {
            let (step_started_at, step_ended_at) = day.bounds(step);
            let &Found { entries, rejected, .. } = found;
            AllocationStep {
                cluster: cluster.to_owned(),
                step_started_at,
                step_ended_at,
                state: found.state().to_owned(),
                entries,
                rejected,
            }
        };
        self.0.iter().enumerate().map(row).collect()
    }
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::*;
    use crate::opencost::config::Step;

    #[test]
    fn a_step_is_what_came_of_it() {
        let day = Day::of(NaiveDate::from_ymd_opt(2026, 11, 20).unwrap(), Step::Hour, "2026-11-20T06:30:00Z".parse().unwrap());
        let mut steps = Steps::of(day);
        steps.stored(0);
        steps.rejected(0);
        steps.rejected(1);
        steps.without(2, "null");
        steps.without(3, "empty");
        steps.without(4, "null");
        steps.stored(4);
        steps.without(9, "null");
        let told: Vec<_> = steps.rows("production", day).into_iter().map(|row| (row.state, row.entries, row.rejected)).collect();
        let state = |state: &str, entries, rejected| (state.to_owned(), entries, rejected);
        assert_eq!(
            told,
            [
                state("ok", 1, 1),
                state("rejected", 0, 1),
                state("null", 0, 0),
                state("empty", 0, 0),
                state("ok", 1, 0),
                state("missing", 0, 0)
            ]
        );
        assert_eq!(steps.unknown(), [1, 2, 3, 5]);
    }
}
