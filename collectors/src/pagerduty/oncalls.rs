//! One row per escalation policy and level: who is on call there, now and in the days to come.
//!
//! A level that nobody is on call for is a row like any other, and not covered. The levels are those of the policies themselves: PagerDuty
//! does not list what nobody is on call for.
//!
//! - grain: `escalation_policy_id`, `level`
//! - endpoint: GET /oncalls, by policies, 100 a page
//! - permission: On-calls: read
//! - date: the day of the run; today's state only

use std::{
    collections::{BTreeSet, HashMap},
    fmt::{self, Write},
};

use chrono::Duration;
use futures::{FutureExt, future::BoxFuture};
use serde::{Deserialize, Serialize};

use crate::{
    collect::{CollectError, Context, Parent, Tally},
    http::{Item, Paging, Stopped, begin, encoded, outcome_of, with_missing, with_unreadable},
    privacy::{Pseudonym, Pseudonyms},
    table::{Kind, Probe, Read, Row, Table, Timestamp, Watch},
};

use super::{
    PagerDuty, Reference,
    coverage::{Coverage, Shift, coverage},
    escalation_policies::Policy,
    mask, pagerduty, paging, parent,
    parts::{Part, Parts, second},
    person,
};

/// `pagerduty.oncalls`
pub const TABLE: Table = Table {
    source: "pagerduty",
    name: "oncalls",
    meaning: "One row per escalation policy and level: who is on call there, now and in the days to come.",
    kind: Kind::Snapshot,
    grain: &["escalation_policy_id", "level"],
    version: None,
    endpoint: "GET /oncalls, by policies, 100 a page",
    permission: "On-calls: read",
    probe: Probe::Rest("/oncalls?limit=1"),
    requests: |_| None,
    columns: Oncall::COLUMNS,
    // Who is on call, and the next gap, change by themselves.
    watch: Watch::NOTHING.tolerating(Watch::MOST_ROWS_GONE, 1.0),
    read: Read::By(collect),
};

/// One row.
#[derive(Debug, Row, Serialize)]
pub struct Oncall {
    /// Id of the policy
    escalation_policy_id: String,
    /// Its name
    name: String,
    /// 1 is called first
    level: i64,
    /// People on call at the moment of the run [people]
    on_call: i64,
    /// Who they are
    on_call_keys: Vec<Pseudonym>,
    /// The schedules that put them there; none for people named directly
    schedule_ids: Vec<String>,
    /// Somebody is on call at the moment of the run
    is_covered: bool,
    /// Until when somebody is, without a gap, as far as was looked; null where somebody is for good, or nobody is
    covered_until: Option<Timestamp>,
    /// How far ahead was looked
    checked_until: Timestamp,
    /// Time without anybody, from the moment of the run to there [s]
    gap_seconds: i64,
    /// When that begins; null where there is no gap
    next_gap_at: Option<Timestamp>,
}

const PAGING: Paging = paging("oncalls");
/// Policies asked about at once.
const BATCH: usize = 25;

/// That somebody is on call, as PagerDuty describes it.
#[derive(Debug, Deserialize)]
struct Wire {
    escalation_policy: Reference,
    escalation_level: i64,
    user: Reference,
    schedule: Option<Reference>,
    start: Option<Timestamp>,
    end: Option<Timestamp>,
}

impl Wire {
    const fn shift(&self) -> Shift {
        Shift { start: self.start, end: self.end }
    }

    fn schedule_id(&self) -> Option<String> {
        self.schedule.as_ref().map(|schedule| schedule.id.clone())
    }
}

impl Item for Wire {
    type Id = (String, i64, String, Option<String>, Option<Timestamp>, Option<Timestamp>);

    fn id(&self) -> Self::Id {
        let policy = self.escalation_policy.id.clone();
        (policy, self.escalation_level, self.user.id.clone(), self.schedule_id(), self.start, self.end)
    }
}

/// The time that is looked at, in whole seconds as they are asked for.
#[derive(Clone, Copy, Debug)]
struct Window {
    now: Timestamp,
    until: Timestamp,
}

/// Who is on call for some policies.
#[derive(Debug)]
struct Asked<'a> {
    window: Window,
    policies: &'a [Policy],
}

impl Part for Asked<'_> {
    fn path(&self) -> String {
        let of = |moment: Timestamp| second(moment.to_utc().timestamp());
        let mut path = format!("/oncalls?time_zone=UTC&since={}&until={}", of(self.window.now), of(self.window.until));
        for policy in self.policies {
            // Writing to a string cannot fail.
            let _ = write!(path, "&escalation_policy_ids%5B%5D={}", encoded(&policy.id));
        }
        path
    }

    fn halves(&self) -> Option<[Self; 2]> {
        let (first, rest) = self.policies.split_at(self.policies.len() / 2);
        (!first.is_empty()).then(|| [first, rest].map(|policies| Self { policies, ..*self }))
    }
}

impl fmt::Display for Asked<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ids: Vec<_> = self.policies.iter().map(|policy| format!("`{}`", policy.id)).collect();
        write!(f, "on-calls of {}", ids.join(", "))
    }
}

/// One run's walk, and what is missing after it.
struct Walk<'a> {
    context: &'a Context<'a>,
    pagerduty: &'a PagerDuty,
    parent: Parent,
    window: Window,
    tally: Tally,
    unreadable: Vec<String>,
    cut: Vec<String>,
}

fn collect<'a>(context: &'a Context<'a>) -> BoxFuture<'a, Result<(), CollectError>> {
    async move {
        let (pagerduty, parent) = (pagerduty(context)?, parent());
        let Some(tally) = begin(context, &TABLE, &parent) else { return Ok(()) };
        let now = Timestamp(context.now.timestamp() * 1_000_000);
        let until = (now.to_utc() + Duration::days(i64::from(pagerduty.settings.oncall_days))).into();
        let window = Window { now, until };
        let mut walk = Walk { context, pagerduty, parent, window, tally, unreadable: Vec::new(), cut: Vec::new() };
        let end = walk.policies().await;
        let outcome = with_missing(with_unreadable(outcome_of(end, &walk.tally)?, &walk.unreadable), &walk.cut);
        context.sink.done(&TABLE, &walk.parent, outcome, Vec::new()).await
    }
    .boxed()
}

impl Walk<'_> {
    async fn policies(&mut self) -> Result<(), Stopped> {
        let policies = self.pagerduty.policies(&self.tally).await?;
        self.unreadable.extend(policies.unreadable.iter().cloned());
        for batch in policies.items.chunks(BATCH) {
            self.batch(batch).await?;
        }
        Ok(())
    }

    async fn batch(&mut self, policies: &[Policy]) -> Result<(), Stopped> {
        let asked = Asked { window: self.window, policies };
        let mut parts = Parts::<_, Wire>::new(&self.pagerduty.client, &PAGING, [asked]);
        let mut levels: HashMap<(String, i64), Vec<Wire>> = HashMap::new();
        while let Some(oncalls) = parts.next(&self.tally).await? {
            for oncall in oncalls {
                levels.entry((oncall.escalation_policy.id.clone(), oncall.escalation_level)).or_default().push(oncall);
            }
        }
        let is_whole = parts.unreadable.is_empty() && parts.cut.is_empty();
        self.unreadable.append(&mut parts.unreadable);
        self.cut.append(&mut parts.cut);
        let mut rows = Vec::new();
        for policy in policies {
            for level in policy.levels() {
                let oncalls = levels.remove(&(policy.id.clone(), level)).unwrap_or_default();
                rows.push(row(self.context.pseudonyms, policy, level, &oncalls, self.window));
            }
        }
        // Whoever could not be read may be on call where nobody else is: what looks like a gap need not be one.
        rows.retain(|row| is_whole || row.next_gap_at.is_none());
        self.tally.page(rows.len());
        Ok(self.context.sink.write(&TABLE, &self.parent, &rows).await?)
    }
}

fn row(pseudonyms: &Pseudonyms, policy: &Policy, level: i64, oncalls: &[Wire], window: Window) -> Oncall {
    let shifts: Vec<Shift> = oncalls.iter().map(Wire::shift).collect();
    let Coverage { is_covered, covered_until, gap, next_gap_at } = coverage(&shifts, window.now, window.until);
    let present = || oncalls.iter().filter(|oncall| oncall.shift().holds(window.now));
    let people: BTreeSet<Pseudonym> = present().map(|oncall| person(pseudonyms, &oncall.user.id)).collect();
    let schedules: BTreeSet<String> = present().filter_map(Wire::schedule_id).collect();
    Oncall {
        escalation_policy_id: policy.id.clone(),
        name: mask(pseudonyms, policy.name.clone()),
        level,
        on_call: people.len() as i64,
        on_call_keys: people.into_iter().collect(),
        schedule_ids: schedules.into_iter().collect(),
        is_covered,
        covered_until,
        checked_until: window.until,
        gap_seconds: gap / 1_000_000,
        next_gap_at,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn policies(ids: &[&str]) -> Vec<Policy> {
        let policy = |id| json!({"id": id, "name": "Night watch", "escalation_rules": [{"targets": []}]});
        ids.iter().map(|id| serde_json::from_value(policy(id)).unwrap()).collect()
    }

    fn window() -> Window {
        let at = |text: &str| serde_json::from_value(text.into()).unwrap();
        Window { now: at("2026-11-21T10:00:00Z"), until: at("2026-11-28T10:00:00Z") }
    }

    fn row_of(oncalls: Value) -> Oncall {
        let oncalls: Vec<Wire> = serde_json::from_value(oncalls).unwrap();
        row(&Pseudonyms::new(&"key".into()), &policies(&["PNIGHT1"])[0], 1, &oncalls, window())
    }

    /// Somebody on call; by a schedule where there is an end.
    fn oncall(user: &str, start: Option<&str>, end: Option<&str>) -> Value {
        json!({
            "escalation_policy": {"id": "PNIGHT1", "type": "escalation_policy_reference"}, "escalation_level": 1,
            "user": {"id": user, "type": "user_reference", "summary": "Ada"}, "start": start, "end": end,
            "schedule": end.map(|_| json!({"id": "PSCHED1", "type": "schedule_reference"})),
        })
    }

    #[test]
    fn who_is_on_call_now_and_who_is_later_are_told_apart() {
        let (now, next) = (Some("2026-11-23T08:00:00+01:00"), Some("2026-12-01T07:00:00Z"));
        let row = row_of(json!([
            oncall("PADA001", Some("2026-11-20T07:00:00Z"), now),
            oncall("PADA001", Some("2026-11-21T09:00:00Z"), now),
            oncall("PBOB001", now, next),
        ]));
        assert_eq!((row.on_call, row.schedule_ids, row.is_covered), (1, vec!["PSCHED1".to_owned()], true));
        assert_eq!((row.gap_seconds, row.next_gap_at, row.covered_until), (0, None, Some(window().until)));
        let row = row_of(json!([oncall("PBOB001", now, next)]));
        assert_eq!((row.on_call, row.is_covered, row.schedule_ids.len()), (0, false, 0));
        assert_eq!((row.gap_seconds, row.next_gap_at), (45 * 3600, Some(window().now)));
    }

    #[test]
    fn somebody_named_directly_is_on_call_for_good_and_nobody_is_a_row() {
        let row = row_of(json!([oncall("PADA001", None, None)]));
        assert_eq!((row.on_call, row.is_covered, row.covered_until, row.gap_seconds), (1, true, None, 0));
        let text = serde_json::to_string(&row).unwrap();
        assert!(!text.contains("Ada") && !text.contains("PADA001"), "{text}");
        let row = row_of(json!([]));
        assert_eq!((row.on_call, row.is_covered, row.gap_seconds), (0, false, 7 * 24 * 3600));
    }

    #[test]
    fn policies_are_divided_until_one_is_left() {
        let policies = policies(&["P1", "P2", "P3"]);
        let asked = Asked { window: window(), policies: &policies };
        assert_eq!(
            asked.path(),
            "/oncalls?time_zone=UTC&since=2026-11-21T10:00:00Z&until=2026-11-28T10:00:00Z\
             &escalation_policy_ids%5B%5D=P1&escalation_policy_ids%5B%5D=P2&escalation_policy_ids%5B%5D=P3"
        );
        let [first, rest] = asked.halves().unwrap();
        assert_eq!((first.to_string().as_str(), rest.to_string().as_str()), ("on-calls of `P1`", "on-calls of `P2`, `P3`"));
        assert!(first.halves().is_none());
    }
}
