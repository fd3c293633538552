//! Whether somebody is on call, now and without a gap: the arithmetic of shifts.

use crate::table::Timestamp;

/// When somebody is on call. Without a start or an end it is for good.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Shift {
    pub(super) start: Option<Timestamp>,
    pub(super) end: Option<Timestamp>,
}

impl Shift {
    /// Whether the moment is within; the end belongs to the next shift.
    pub(super) fn holds(self, moment: Timestamp) -> bool {
        self.start.is_none_or(|start| start <= moment) && self.end.is_none_or(|end| moment < end)
    }
}

/// What the shifts make together, from one moment to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Coverage {
    /// Somebody is on call at its beginning.
    pub(super) is_covered: bool,
    /// Until when somebody is, without a gap, and at most until its end; nothing where somebody is for good, or nobody is.
    pub(super) covered_until: Option<Timestamp>,
    /// Time without anybody [µs].
    pub(super) gap: i64,
    /// When the first of it begins.
    pub(super) next_gap_at: Option<Timestamp>,
}

/// Puts the shifts together.
pub(super) fn coverage(shifts: &[Shift], now: Timestamp, until: Timestamp) -> Coverage {
    let start = |shift: &Shift| shift.start.map_or(now, |start| start.max(now));
    let mut ahead: Vec<(Timestamp, Option<Timestamp>)> = shifts.iter().map(|shift| (start(shift), shift.end)).collect();
    ahead.sort_unstable_by_key(|(start, _)| *start);
    let is_covered = shifts.iter().any(|shift| shift.holds(now));
    let (mut reached, mut gap, mut next_gap_at, mut is_for_good) = (now, 0, None, false);
    for (start, end) in ahead {
        if reached >= until || is_for_good || start >= until {
            break;
        }
        if start > reached && end.is_none_or(|end| end > start) {
            gap += start.0 - reached.0;
            next_gap_at = next_gap_at.or(Some(reached));
        }
        match end {
            Some(end) if end > start => reached = reached.max(end),
            Some(_) => {}
            None => is_for_good = true,
        }
    }
    if reached < until && !is_for_good {
        gap += until.0 - reached.0;
        next_gap_at = next_gap_at.or(Some(reached));
    }
    let is_endless = is_for_good && next_gap_at.is_none();
    let covered_until = (is_covered && !is_endless).then(|| next_gap_at.unwrap_or(until));
    Coverage { is_covered, covered_until, gap, next_gap_at }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: i64 = 3_600_000_000;

    /// Ten hours of shifts, `(start, end)` in hours from now: covered, until when, hours of gap, when the next one begins.
    fn hours(shifts: &[(Option<i64>, Option<i64>)]) -> (bool, Option<i64>, i64, Option<i64>) {
        let now = Timestamp(1_795_255_200_000_000);
        let at = |hours: i64| Timestamp(now.0 + hours * HOUR);
        let shifts: Vec<_> = shifts.iter().map(|(start, end)| Shift { start: start.map(at), end: end.map(at) }).collect();
        let found = coverage(&shifts, now, at(10));
        let back = |moment: Timestamp| (moment.0 - now.0) / HOUR;
        (found.is_covered, found.covered_until.map(back), found.gap / HOUR, found.next_gap_at.map(back))
    }

    #[test]
    fn nobody_and_somebody_for_good() {
        assert_eq!(hours(&[]), (false, None, 10, Some(0)));
        assert_eq!(hours(&[(None, None)]), (true, None, 0, None));
        assert_eq!(hours(&[(Some(2), Some(4)), (None, None)]), (true, None, 0, None));
    }

    #[test]
    fn shifts_that_touch_or_overlap_leave_no_gap() {
        assert_eq!(hours(&[(Some(5), Some(12)), (Some(-3), Some(5))]), (true, Some(10), 0, None));
        assert_eq!(hours(&[(Some(-3), Some(6)), (Some(4), Some(10))]), (true, Some(10), 0, None));
        assert_eq!(hours(&[(Some(-3), Some(9)), (Some(1), Some(2)), (Some(8), Some(10))]), (true, Some(10), 0, None));
    }

    #[test]
    fn a_hole_is_found_and_measured() {
        assert_eq!(hours(&[(Some(-1), Some(3)), (Some(5), Some(20))]), (true, Some(3), 2, Some(3)));
        assert_eq!(hours(&[(Some(-1), Some(3)), (Some(5), Some(7))]), (true, Some(3), 5, Some(3)));
        assert_eq!(hours(&[(Some(4), None)]), (false, None, 4, Some(0)));
        assert_eq!(hours(&[(Some(-1), Some(2)), (Some(6), None)]), (true, Some(2), 4, Some(2)));
        // What begins where we stop looking does not count, nor does what is over or has no length.
        assert_eq!(hours(&[(Some(-1), Some(4)), (Some(10), Some(12))]), (true, Some(4), 6, Some(4)));
        assert_eq!(hours(&[(Some(-5), Some(0)), (Some(3), Some(3))]), (false, None, 10, Some(0)));
    }

    #[test]
    fn the_end_of_a_shift_belongs_to_the_next() {
        let shift = Shift { start: Some(Timestamp(1)), end: Some(Timestamp(3)) };
        assert_eq!([0, 1, 2, 3].map(|moment| shift.holds(Timestamp(moment))), [false, true, true, false]);
        assert_eq!(hours(&[(Some(0), Some(4))]), (true, Some(4), 6, Some(4)));
    }
}
