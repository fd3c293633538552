//! Services, escalation policies, and who is on call.

use serde_json::{Value, json};

use crate::company::DAY;
use crate::company::calling::{OILED, PATIENCE_MINUTES, STRANGERS, SWITCHED_OFF, Target};
use crate::company::calls::Status;
use crate::company::services::Service;
use crate::http::Reply;
use crate::pagerduty::answer::{Context, invalid};
use crate::pagerduty::shapes::{self, time};

/// Days that on-calls may be asked for at once.
const ONCALL_DAYS: i64 = 90;

/// Somebody on call.
struct OnCall {
    person: usize,
    policy: usize,
    level: usize,
    schedule: Option<usize>,
    /// From when until when; for ever if nothing is said.
    turn: Option<(i64, i64)>,
}

impl Context<'_> {
    /// `GET /services`, by name.
    pub(super) fn services(&self) -> Reply {
        let open = self.open_calls();
        let mut rows: Vec<Value> = Vec::new();
        for service in self.company.services() {
            if let Some(name) = &service.paged_as {
                rows.push(self.service(service, name, open[service.index]));
            }
        }
        rows.extend((0..STRANGERS.len()).map(|place| self.stranger(place)));
        let ours = |row: &Value| {
            let teams: Vec<&str> = row["teams"].as_array().into_iter().flatten().filter_map(|team| team["id"].as_str()).collect();
            let wanted: Vec<&str> = self.query.all("team_ids[]").collect();
            wanted.is_empty() || teams.iter().any(|team| wanted.contains(team))
        };
        rows.retain(ours);
        rows.sort_by(|one, other| one["name"].as_str().cmp(&other["name"].as_str()));
        self.page("services", self.company.shown("pagerduty.services", &rows), Value::clone)
    }

    /// For each service, whether something is open and unheard, or open, and when the last call was.
    fn open_calls(&self) -> Vec<(Option<Status>, Option<i64>)> {
        let mut open = vec![(None, None); self.company.services().len()];
        for call in self.calls.calls.iter().take_while(|call| call.called_at <= self.now) {
            let (worst, last) = &mut open[call.service];
            *last = Some(call.called_at);
            match call.at(self.now).status {
                Status::Triggered => *worst = Some(Status::Triggered),
                Status::Acknowledged if worst.is_none() => *worst = Some(Status::Acknowledged),
                Status::Acknowledged | Status::Resolved => {}
            }
        }
        open
    }

    fn service(&self, service: &Service, name: &str, (open, last): (Option<Status>, Option<i64>)) -> Value {
        let company = self.company;
        let repository = &company.repositories[service.repository];
        let team = service.team(company, self.now);
        let policy = self.calls.calling.policy(company, service, self.now);
        let status = match (service.index, open) {
            (SWITCHED_OFF, _) => "disabled",
            (OILED, _) => "maintenance",
            (_, Some(Status::Triggered)) => "critical",
            (_, Some(_)) => "warning",
            (_, None) => "active",
        };
        let created_at = repository.created_at + 40 * DAY;
        let teams = shapes::teams(company, team);
        self.whole_service(
            &shapes::id_of(company, service),
            name,
            repository.description.as_deref(),
            status,
            created_at,
            teams,
            policy,
            last,
        )
    }

    /// A service that the company does not know as such; the rota is called about what is no team's.
    fn stranger(&self, place: usize) -> Value {
        let (name, team) = STRANGERS[place];
        let policy = self.calls.calling.policy_of(self.company, team);
        let created_at = self.company.founded_at + (700 + place as i64) * DAY;
        let teams = shapes::teams(self.company, team);
        self.whole_service(&shapes::id("P", 5, 1 + place as u64, 6), name, None, "active", created_at, teams, policy, None)
    }

    #[allow(clippy::too_many_arguments, reason = "the parts of one row")]
    fn whole_service(
        &self,
        id: &str,
        name: &str,
        description: Option<&str>,
        status: &str,
        created_at: i64,
        teams: Vec<Value>,
        policy: usize,
        last: Option<i64>,
    ) -> Value {
        let policy = if self.includes("escalation_policies") { self.policy(policy) } else { shapes::policy(self.company, policy) };
        let integration = format!("P{}", id.chars().rev().take(6).collect::<String>());
        json!({
            "id": id,
            "type": "service",
            "summary": name,
            "self": shapes::address("services", id),
            "html_url": shapes::page("service-directory", id),
            "name": name,
            "description": description,
            "created_at": time(created_at),
            "updated_at": time(created_at + 90 * DAY),
            "status": status,
            "teams": teams,
            "auto_resolve_timeout": null,
            "acknowledgement_timeout": 1_800,
            "alert_creation": "create_alerts_and_incidents",
            "alert_grouping_parameters": { "type": null, "config": null },
            "integrations": [{
                "id": integration,
                "type": "events_api_v2_inbound_integration_reference",
                "summary": "Datadog",
                "self": shapes::address(&format!("services/{id}/integrations"), &integration),
                "html_url": shapes::page(&format!("services/{id}/integrations"), &integration),
            }],
            "incident_urgency_rule": { "type": "constant", "urgency": "severity_based" },
            "support_hours": null,
            "scheduled_actions": [],
            "escalation_policy": policy,
            "last_incident_timestamp": last.map(time),
            "addons": [],
            "response_play": null,
        })
    }

    /// `GET /escalation_policies`, by name.
    pub(super) fn policies(&self) -> Reply {
        let mut policies: Vec<usize> = (0..self.calls.calling.policies.len()).collect();
        policies.sort_by_key(|policy| &self.calls.calling.policies[*policy].name);
        self.page("escalation_policies", &policies, |policy| self.policy(*policy))
    }

    fn policy(&self, policy: usize) -> Value {
        let company = self.company;
        let Some(known) = self.calls.calling.policies.get(policy) else { return Value::Null };
        let whole = self.includes("targets");
        let target = |target: &Target| match target {
            Target::Person(person) if whole => shapes::whole_user(company, *person),
            Target::Person(person) => shapes::user(company, *person),
            Target::Schedule(schedule) => shapes::schedule(company, *schedule),
        };
        let id = shapes::policy_id(company, policy);
        let rules: Vec<Value> = known
            .levels
            .iter()
            .enumerate()
            .map(|(level, targets)| {
                json!({
                    "id": shapes::id("P", 6, (policy * 8 + level) as u64, 6),
                    "escalation_delay_in_minutes": PATIENCE_MINUTES,
                    "targets": targets.iter().map(target).collect::<Vec<_>>(),
                    "escalation_rule_assignment_strategy": { "type": "assign_to_everyone" },
                })
            })
            .collect();
        let served = company.services().iter().filter(|service| service.paged_as.is_some());
        let served = served.filter(|service| self.calls.calling.policy(company, service, self.now) == policy);
        let services: Vec<Value> = served.map(|service| shapes::service(company, service)).collect();
        json!({
            "id": id,
            "type": "escalation_policy",
            "summary": known.name,
            "self": shapes::address("escalation_policies", &id),
            "html_url": shapes::page("escalation_policies", &id),
            "name": known.name,
            "escalation_rules": rules,
            "services": services,
            "num_loops": known.loops,
            "teams": [shapes::team(company, known.group)],
            "description": null,
            "on_call_handoff_notifications": "if_has_services",
            "privilege": null,
        })
    }

    /// `GET /oncalls`: who is on call at some moment between two, which are both now if nothing is said.
    pub(super) fn oncalls(&self) -> Reply {
        let (since, until) = match (self.moment("since"), self.moment("until")) {
            (Ok(since), Ok(until)) => (since.unwrap_or(self.now), until.or(since).unwrap_or(self.now)),
            (Err(reply), _) | (_, Err(reply)) => return reply,
        };
        if until < since {
            return invalid("until must not be before since.");
        }
        if until - since > ONCALL_DAYS * DAY {
            return invalid("The time range must not be longer than 90 days.");
        }
        let mut rows: Vec<OnCall> = Vec::new();
        for (policy, known) in self.calls.calling.policies.iter().enumerate() {
            if !self.allows("escalation_policy_ids[]", &shapes::policy_id(self.company, policy)) {
                continue;
            }
            for (level, target) in known.levels.iter().enumerate().flat_map(|(level, targets)| targets.iter().map(move |one| (level, one)))
            {
                match target {
                    Target::Person(person) => rows.push(OnCall { person: *person, policy, level, schedule: None, turn: None }),
                    Target::Schedule(schedule) => {
                        let shifts = self.calls.calling.schedules[*schedule].shifts(since, until);
                        let on_call =
                            |(start, end, person)| OnCall { person, policy, level, schedule: Some(*schedule), turn: Some((start, end)) };
                        rows.extend(shifts.into_iter().map(on_call));
                    }
                }
            }
        }
        rows.retain(|row| self.allows("user_ids[]", &shapes::user_id(self.company, row.person)));
        if self.query.get("earliest") == Some("true") {
            let mut seen = std::collections::HashSet::new();
            rows.retain(|row| seen.insert((row.policy, row.level, row.person)));
        }
        self.page("oncalls", &rows, |row| self.on_call(row))
    }

    fn on_call(&self, row: &OnCall) -> Value {
        let company = self.company;
        json!({
            "user": if self.includes("users") { shapes::whole_user(company, row.person) } else { shapes::user(company, row.person) },
            "schedule": row.schedule.map(|schedule| shapes::schedule(company, schedule)),
            "escalation_policy": if self.includes("escalation_policies") { self.policy(row.policy) } else { shapes::policy(company, row.policy) },
            "escalation_level": row.level + 1,
            "start": row.turn.map(|(start, _)| time(start)),
            "end": row.turn.map(|(_, end)| time(end)),
        })
    }
}
