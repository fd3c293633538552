//! An issue's way through its statuses: when work on it began, when it was done, and how long it stayed where.

use std::collections::BTreeMap;

use crate::table::Timestamp;

use super::statuses::Category;

/// A status that an issue is or was in; of a status that was deleted the category is not known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Stop {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) category: Option<Category>,
}

/// It went from one status to another.
#[derive(Clone, Debug)]
pub(super) struct Change {
    pub(super) at: Timestamp,
    /// Its number in Jira: the order of two changes at the same moment.
    pub(super) no: u64,
    pub(super) from: Stop,
    pub(super) to: Stop,
}

/// What an issue's changes come to.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Journey {
    pub(super) first_in_progress_at: Option<Timestamp>,
    /// When it last became done; nothing unless it is, or if its changes do not say.
    pub(super) done_at: Option<Timestamp>,
    pub(super) reopened: i64,
    /// Time in statuses of a category [µs].
    pub(super) to_do: i64,
    pub(super) in_progress: i64,
    /// Time by name of the status [µs].
    pub(super) by_status: BTreeMap<String, i64>,
}

/// Puts the changes together, in whichever order they came. Time is counted until the issue was last done; for one that is not done until
/// `updated_at`, so that the same answer always gives the same row.
pub(super) fn journey(created_at: Timestamp, updated_at: Timestamp, present: &Stop, mut changes: Vec<Change>) -> Journey {
    changes.sort_by_key(|change| (change.at, change.no));
    let first = changes.first().map_or(present, |change| &change.from);
    let is_done = present.category == Some(Category::Done);
    // Where it was from when on. What happened before it was made counts as its beginning: an imported issue may have such changes.
    let mut stops = vec![(created_at, first)];
    stops.extend(changes.iter().map(|change| (change.at.max(created_at), &change.to)));

    let mut journey = Journey::default();
    // A status whose category is not known says nothing of whether the issue was done, so that it stays what it was.
    let mut known = None;
    for (at, stop) in &stops {
        let (before, now) = (known, stop.category.or(known));
        if now == Some(Category::InProgress) && stop.category.is_some() {
            journey.first_in_progress_at.get_or_insert(*at);
        }
        match (before == Some(Category::Done), now == Some(Category::Done)) {
            (false, true) => journey.done_at = Some(*at),
            (true, false) => journey.reopened += 1,
            _ => {}
        }
        known = now;
    }
    // Without any change it is not known when: it may have come done from elsewhere.
    let is_told = is_done && known == Some(Category::Done);
    let end = if is_told { journey.done_at.unwrap_or(updated_at) } else { updated_at };
    journey.done_at = journey.done_at.filter(|_| is_told && !changes.is_empty());

    let ends = stops.iter().skip(1).map(|(at, _)| *at).chain([end]);
    for ((from, stop), to) in stops.iter().zip(ends) {
        let time = (to.min(end).0 - from.0).max(0);
        if time == 0 {
            continue;
        }
        *journey.by_status.entry(stop.name.clone()).or_default() += time;
        match stop.category {
            Some(Category::ToDo) => journey.to_do += time,
            Some(Category::InProgress) => journey.in_progress += time,
            Some(Category::Done) | None => {}
        }
    }
    journey
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: i64 = 3_600_000_000;

    fn at(hour: i64) -> Timestamp {
        Timestamp(1_795_255_200_000_000 + hour * HOUR)
    }

    fn stop(name: &str) -> Stop {
        let category = match name {
            "Triage" | "To Do" => Some(Category::ToDo),
            "Doing" | "Waiting" => Some(Category::InProgress),
            "Done" | "Closed" => Some(Category::Done),
            _ => None,
        };
        Stop { id: name.to_owned(), name: name.to_owned(), category }
    }

    fn change(hour: i64, no: u64, from: &str, to: &str) -> Change {
        Change { at: at(hour), no, from: stop(from), to: stop(to) }
    }

    /// Of an issue made at hour 0 and last changed at hour 20: first in progress, done, reopened, hours to do and in progress.
    fn told(present: &str, changes: &[Change]) -> (Option<i64>, Option<i64>, i64, i64, i64) {
        let Journey { first_in_progress_at, done_at, reopened, to_do, in_progress, .. } = told_in_full(present, changes);
        let hour = |moment: Timestamp| (moment.0 - at(0).0) / HOUR;
        (first_in_progress_at.map(hour), done_at.map(hour), reopened, to_do / HOUR, in_progress / HOUR)
    }

    fn told_in_full(present: &str, changes: &[Change]) -> Journey {
        journey(at(0), at(20), &stop(present), changes.to_vec())
    }

    fn by_status(present: &str, changes: &[Change]) -> Vec<(String, i64)> {
        told_in_full(present, changes).by_status.into_iter().map(|(name, time)| (name, time / HOUR)).collect()
    }

    #[test]
    fn without_a_change_it_is_where_it_was_made() {
        assert_eq!(told("To Do", &[]), (None, None, 0, 20, 0));
        assert_eq!(told("Doing", &[]), (Some(0), None, 0, 0, 20));
        // When it was done is not known, so that nothing is counted.
        assert_eq!((told("Done", &[]), by_status("Done", &[])), ((None, None, 0, 0, 0), vec![]));
    }

    #[test]
    fn the_way_to_done_is_measured_until_it_is_done() {
        let changes = [change(2, 1, "To Do", "Doing"), change(7, 2, "Doing", "Done")];
        assert_eq!(told("Done", &changes), (Some(2), Some(7), 0, 2, 5));
        assert_eq!(by_status("Done", &changes), [("Doing".to_owned(), 5), ("To Do".to_owned(), 2)]);
        assert_eq!(told("Doing", &changes[..1]), (Some(2), None, 0, 2, 18), "what is open counts until its last change");
        assert_eq!(told("Done", &[change(3, 1, "To Do", "Done")]), (None, Some(3), 0, 3, 0), "nobody ever began");
        // From one status of the category to another, it is not done again.
        let closed = [change(2, 1, "To Do", "Doing"), change(7, 2, "Doing", "Done"), change(9, 3, "Done", "Closed")];
        assert_eq!(told("Closed", &closed), (Some(2), Some(7), 0, 2, 5));
    }

    #[test]
    fn what_is_reopened_counts_until_it_is_done_again() {
        let changes = [
            change(1, 1, "To Do", "Doing"),
            change(4, 2, "Doing", "Done"),
            change(10, 3, "Done", "To Do"),
            change(12, 4, "To Do", "Doing"),
            change(13, 5, "Doing", "Done"),
        ];
        assert_eq!(told("Done", &changes), (Some(1), Some(13), 1, 3, 4));
        assert_eq!(by_status("Done", &changes), [("Doing".to_owned(), 4), ("Done".to_owned(), 6), ("To Do".to_owned(), 3)]);
        assert_eq!(told("Doing", &changes[..4]), (Some(1), None, 1, 3, 11), "it is open again");
    }

    #[test]
    fn back_and_forth_adds_up() {
        let changes = [
            change(1, 1, "To Do", "Doing"),
            change(2, 2, "Doing", "Waiting"),
            change(5, 3, "Waiting", "Doing"),
            change(6, 4, "Doing", "To Do"),
            change(8, 5, "To Do", "Doing"),
            change(9, 6, "Doing", "Done"),
            change(10, 7, "Done", "Doing"),
            change(11, 8, "Doing", "Done"),
        ];
        assert_eq!(told("Done", &changes), (Some(1), Some(11), 1, 3, 7));
    }

    #[test]
    fn the_order_in_which_changes_come_does_not_matter() {
        let sorted = [change(2, 1, "To Do", "Doing"), change(7, 2, "Doing", "Done"), change(8, 3, "Done", "Doing")];
        let mut reversed = sorted.clone();
        reversed.reverse();
        assert_eq!(told_in_full("Doing", &sorted), told_in_full("Doing", &reversed));
        // At the same moment their numbers tell.
        let same = [change(3, 12, "Doing", "Done"), change(3, 11, "To Do", "Doing")];
        assert_eq!(told("Done", &same), (Some(3), Some(3), 0, 3, 0));
        assert_eq!(by_status("Done", &same), [("To Do".to_owned(), 3)]);
    }

    #[test]
    fn a_status_that_is_no_more_has_time_but_no_meaning() {
        let changes = [change(1, 1, "To Do", "Gone"), change(4, 2, "Gone", "Doing"), change(6, 3, "Doing", "Done")];
        assert_eq!(told("Done", &changes), (Some(4), Some(6), 0, 1, 2));
        assert_eq!(by_status("Done", &changes), [("Doing".to_owned(), 2), ("Gone".to_owned(), 3), ("To Do".to_owned(), 1)]);
        // It may have been another kind of done.
        let done = [change(1, 1, "To Do", "Done"), change(4, 2, "Done", "Gone"), change(6, 3, "Gone", "Closed")];
        assert_eq!(told("Closed", &done), (None, Some(1), 0, 1, 0));
        let reopened = [change(1, 1, "To Do", "Done"), change(4, 2, "Done", "Gone"), change(6, 3, "Gone", "Doing")];
        assert_eq!(told("Doing", &reopened), (Some(6), None, 1, 1, 14));
    }

    #[test]
    fn a_history_that_contradicts_the_present_does_not_say_when_it_was_done() {
        assert_eq!(told("Done", &[change(2, 1, "To Do", "Doing")]), (Some(2), None, 0, 2, 18));
        // What happened before it was made is its beginning.
        assert_eq!(told("Doing", &[change(-5, 1, "To Do", "Doing")]), (Some(0), None, 0, 0, 20));
    }
}
