//! One row per escalation policy, level and target, as of the date.
//!
//! A level without a target has one row, with `target_no` 0.
//!
//! - grain: `escalation_policy_id`, `level`, `target_no`
//! - endpoint: GET /escalation_policies, 100 a page
//! - permission: Escalation policies: read
//! - date: the day of the run; today's state only

use futures::{FutureExt, future::BoxFuture};
use serde::{Deserialize, Serialize};

use crate::{
    collect::{CollectError, Context},
    http::{Item, Paging, begin, store_whole},
    privacy::{Pseudonym, Pseudonyms},
    table::{Kind, Probe, Read, Row, Table, Watch},
};

use super::{Reference, ids, mask, pagerduty, paging, parent, person};

/// `pagerduty.escalation_policies`
pub const TABLE: Table = Table {
    source: "pagerduty",
    name: "escalation_policies",
    meaning: "One row per escalation policy, level and target, as of the date.",
    kind: Kind::Snapshot,
    grain: &["escalation_policy_id", "level", "target_no"],
    version: None,
    endpoint: "GET /escalation_policies, 100 a page",
    permission: "Escalation policies: read",
    probe: Probe::Rest("/escalation_policies?limit=1"),
    requests: |_| None,
    columns: EscalationPolicy::COLUMNS,
    watch: Watch::of(&["team_ids", "loops", "delay_minutes", "target_kind", "schedule_id"]),
    read: Read::By(collect),
};

/// One row.
#[derive(Debug, Row, Serialize)]
pub struct EscalationPolicy {
    /// Id of the policy
    escalation_policy_id: String,
    /// Its name
    name: String,
    /// Teams that it belongs to
    team_ids: Vec<String>,
    /// How often it begins anew when nobody answers
    loops: Option<i64>,
    /// 1 is called first
    level: i64,
    /// Place among the level's targets, from 1; 0 where it has none
    target_no: i64,
    /// The next level is called after so long [min]
    delay_minutes: Option<i64>,
    /// user, schedule or another kind; null where the level has no target
    target_kind: Option<String>,
    /// Who, for a user
    target_key: Option<Pseudonym>,
    /// Id of the schedule
    schedule_id: Option<String>,
}

pub(super) const PAGING: Paging = paging("escalation_policies");

/// A policy as PagerDuty describes it.
#[derive(Debug, Deserialize)]
pub(super) struct Policy {
    pub(super) id: String,
    pub(super) name: String,
    num_loops: Option<i64>,
    teams: Option<Vec<Reference>>,
    escalation_rules: Option<Vec<Rule>>,
}

/// One level of it.
#[derive(Debug, Deserialize)]
struct Rule {
    escalation_delay_in_minutes: Option<i64>,
    targets: Option<Vec<Reference>>,
}

impl Policy {
    /// The numbers of its levels, from 1.
    pub(super) fn levels(&self) -> impl Iterator<Item = i64> {
        (1..).take(self.escalation_rules.as_ref().map_or(0, Vec::len))
    }
}

impl Item for Policy {
    type Id = String;

    fn id(&self) -> String {
        self.id.clone()
    }
}

fn collect<'a>(context: &'a Context<'a>) -> BoxFuture<'a, Result<(), CollectError>> {
    async move {
        let (pagerduty, parent) = (pagerduty(context)?, parent());
        let Some(tally) = begin(context, &TABLE, &parent) else { return Ok(()) };
        let listed = pagerduty.policies(&tally).await;
        store_whole(context, &TABLE, &parent, &tally, listed, |policy| rows(context.pseudonyms, policy)).await
    }
    .boxed()
}

fn rows(pseudonyms: &Pseudonyms, policy: &Policy) -> Vec<EscalationPolicy> {
    let mut rows = Vec::new();
    for (level, rule) in (1..).zip(policy.escalation_rules.iter().flatten()) {
        let row = |target_no: i64, target: Option<&Reference>| EscalationPolicy {
            escalation_policy_id: policy.id.clone(),
            name: mask(pseudonyms, policy.name.clone()),
            team_ids: ids(policy.teams.as_deref()),
            loops: policy.num_loops,
            level,
            target_no,
            delay_minutes: rule.escalation_delay_in_minutes,
            target_kind: target.and_then(Reference::kind).map(ToOwned::to_owned),
            target_key: target.filter(|target| target.is_user()).map(|user| person(pseudonyms, &user.id)),
            schedule_id: target.filter(|target| target.kind() == Some("schedule")).map(|schedule| schedule.id.clone()),
        };
        match rule.targets.as_deref() {
            None | Some([]) => rows.push(row(0, None)),
            Some(targets) => rows.extend((1..).zip(targets).map(|(target_no, target)| row(target_no, Some(target)))),
        }
    }
    rows
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn every_level_has_a_row_even_without_a_target() {
        let policy: Policy = serde_json::from_value(json!({
            "id": "PNIGHT1", "name": "Night watch", "num_loops": 2, "teams": [{"id": "PTEAM01", "type": "team_reference"}],
            "escalation_rules": [
                {"id": "R1", "escalation_delay_in_minutes": 15, "targets": [
                    {"id": "PADA001", "type": "user_reference", "summary": "Ada"}, {"id": "PSCHED1", "type": "schedule"},
                ]},
                {"id": "R2", "escalation_delay_in_minutes": 30, "targets": []},
            ],
        }))
        .unwrap();
        assert_eq!(policy.levels().collect::<Vec<_>>(), [1, 2]);
        let rows = rows(&Pseudonyms::new(&"key".into()), &policy);
        let keys: Vec<_> = rows.iter().map(|row| (row.level, row.target_no, row.target_kind.as_deref())).collect();
        assert_eq!(keys, [(1, 1, Some("user")), (1, 2, Some("schedule")), (2, 0, None)]);
        assert_eq!((rows[0].target_key.is_some(), rows[0].schedule_id.is_some()), (true, false));
        assert_eq!((rows[1].target_key.is_some(), rows[1].schedule_id.as_deref()), (false, Some("PSCHED1")));
        assert_eq!((rows[0].loops, rows[2].delay_minutes, rows[0].team_ids.len()), (Some(2), Some(30), 1));
        let text = serde_json::to_string(&rows).unwrap();
        assert!(!text.contains("Ada") && !text.contains("PADA001"), "{text}");
    }

    #[test]
    fn a_policy_without_levels_has_no_row() {
        let policy: Policy = serde_json::from_value(json!({"id": "P1", "name": "Nobody", "escalation_rules": null})).unwrap();
        assert!(rows(&Pseudonyms::new(&"key".into()), &policy).is_empty() && policy.levels().next().is_none());
    }
}
