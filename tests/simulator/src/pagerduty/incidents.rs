//! Incidents, and what happened to each of them step by step.

use std::collections::HashMap;

use serde_json::{Value, json};

use crate::company::calls::{Act, Agent, Call, State, Status, Step};
use crate::company::outages::{Cause, Outage};
use crate::company::{Company, DAY, words};
use crate::http::Reply;
use crate::pagerduty::answer::{Context, error, invalid};
use crate::pagerduty::shapes::{self, time};

/// Days that are shown to who does not say which.
const MONTH: i64 = 30 * DAY;
/// Days that incidents may be asked for at once.
const HALF_A_YEAR: i64 = 184 * DAY;

/// Where people are rung up.
pub(super) const TELEPHONE: &str = "+47 555 01 234";

fn id(company: &Company, call: &Call) -> String {
    shapes::id("Q", 7, u64::from(call.number) + (company.outages()[call.outage].words & 0xffff) * 1_000_003, 13)
}

/// The place of each call by its name.
pub(super) fn places(company: &Company) -> HashMap<String, usize> {
    company.calls().calls.iter().enumerate().map(|(place, call)| (id(company, call), place)).collect()
}

impl Context<'_> {
    /// `GET /incidents`: those triggered between two moments, both of them included, the earliest first.
    pub(super) fn incidents(&self) -> Reply {
        let (since, until) = match (self.moment("since"), self.moment("until")) {
            _ if self.query.get("date_range") == Some("all") => (i64::MIN, i64::MAX),
            // Who says one end gets a month from there.
            (Ok(None), Ok(None)) => (self.now - MONTH, self.now),
            (Ok(Some(since)), Ok(None)) => (since, since + MONTH),
            (Ok(None), Ok(Some(until))) => (until - MONTH, until),
            (Ok(Some(since)), Ok(Some(until))) if until - since > HALF_A_YEAR => {
                return invalid("The time range must not exceed 6 months.");
            }
            (Ok(Some(since)), Ok(Some(until))) => (since, until),
            (Err(reply), _) | (_, Err(reply)) => return reply,
        };
        let calls = &self.calls.calls;
        let begin = calls.partition_point(|call| call.called_at < since);
        let end = calls.partition_point(|call| call.called_at <= until.min(self.now));
        let mut found: Vec<&Call> = calls.get(begin..end).unwrap_or_default().iter().filter(|call| self.is_asked_for(call)).collect();
        let sort = self.query.get("sort_by").unwrap_or("created_at:asc");
        match sort.split(',').next().unwrap_or_default().split_once(':').unwrap_or((sort, "asc")) {
            ("created_at" | "incident_number", "asc") => {}
            ("created_at" | "incident_number", "desc") => found.reverse(),
            ("resolved_at", "asc") => found.sort_by_key(|call| call.at(self.now).resolved_at),
            ("resolved_at", "desc") => found.sort_by_key(|call| std::cmp::Reverse(call.at(self.now).resolved_at)),
            ("urgency", "asc" | "desc") => found.sort_by_key(|call| self.outage(call).severity),
            _ => return invalid("sort_by is invalid."),
        }
        self.page("incidents", &found, |call| self.whole(call))
    }

    fn is_asked_for(&self, call: &Call) -> bool {
        let status = || self.allows("statuses[]", status(&call.at(self.now)));
        let service = || self.allows("service_ids[]", &shapes::id_of(self.company, &self.company.services()[call.service]));
        let urgency = || self.allows("urgencies[]", urgency(self.outage(call)));
        let key = || self.query.get("incident_key").is_none_or(|key| key == self.key(call));
        // Most lists ask for none of this, and the states of thousands need not be looked at.
        (self.query.all("statuses[]").next().is_none() || status())
            && (self.query.all("service_ids[]").next().is_none() || service())
            && urgency()
            && key()
    }

    /// `GET /incidents/{id}`, by name or by number.
    pub(super) fn incident(&self, id: &str) -> Reply {
        match self.find(id) {
            Some(call) => Reply::json(200, &json!({ "incident": self.whole(call) })),
            None => error(404, 2100, "Not Found", &[]),
        }
    }

    fn find(&self, id: &str) -> Option<&Call> {
        let by_number = || id.parse::<usize>().ok()?.checked_sub(1);
        let place = self.places.get(id).copied().or_else(by_number)?;
        self.calls.calls.get(place).filter(|call| call.called_at <= self.now)
    }

    fn outage(&self, call: &Call) -> &Outage {
        &self.company.outages()[call.outage]
    }

    fn id(&self, call: &Call) -> String {
        id(self.company, call)
    }

    /// The same for the second call about an outage as for the first.
    fn key(&self, call: &Call) -> String {
        format!("{:032x}", u128::from(self.outage(call).words) * 3)
    }

    fn title(&self, call: &Call) -> String {
        let service = &self.company.services()[call.service];
        words::outage_title(self.outage(call), service.paged_as.as_deref().unwrap_or(&service.name))
    }

    fn reference(&self, call: &Call) -> Value {
        let summary = format!("[#{}] {}", call.number, self.title(call));
        shapes::reference("incident", "incidents", "incidents", &self.id(call), &summary)
    }

    fn agent(&self, call: &Call, agent: Agent) -> Value {
        match agent {
            Agent::Service => shapes::service(self.company, &self.company.services()[call.service]),
            Agent::Person(person) => shapes::user(self.company, person),
        }
    }

    fn whole(&self, call: &Call) -> Value {
        let (company, outage, state) = (self.company, self.outage(call), call.at(self.now));
        let service = &company.services()[call.service];
        let id = self.id(call);
        let title = self.title(call);
        let first = self.entry_reference(call, 0);
        let person = |(person, at): (usize, i64), who: &str| json!({ "at": time(at), who: shapes::user(company, person) });
        let kind = match outage.cause {
            Cause::Trouble | Cause::Flapping => "incident_default",
            Cause::Maintenance => "planned_maintenance",
            Cause::Drill => "drill",
        };
        // Nobody says how bad an alarm is that went away.
        let priority = (outage.cause != Cause::Flapping).then(|| {
            let id = shapes::id("P", 8, u64::from(outage.severity), 6);
            shapes::reference("priority", "priorities", "account/incident_priorities", &id, &format!("P{}", outage.severity))
        });
        let alerts = outage.words % 3 + 1;
        let is_over = state.status == Status::Resolved;
        json!({
            "id": id,
            "type": "incident",
            "summary": format!("[#{}] {title}", call.number),
            "self": shapes::address("incidents", &id),
            "html_url": shapes::page("incidents", &id),
            "incident_number": call.number,
            "title": title,
            "description": title,
            "created_at": time(call.called_at),
            "updated_at": time(state.updated_at),
            "status": status(&state),
            "incident_key": self.key(call),
            "incident_type": { "name": kind },
            "service": shapes::service(company, service),
            "assignments": state.assigned.map(|assigned| person(assigned, "assignee")).into_iter().collect::<Vec<_>>(),
            "assigned_via": if state.by_hand { "direct_assignment" } else { "escalation_policy" },
            "last_status_change_at": time(state.status_at),
            "last_status_change_by": self.agent(call, state.status_by),
            "resolved_at": state.resolved_at.map(time),
            "first_trigger_log_entry": first,
            "alert_counts": {
                "all": alerts,
                "triggered": if is_over { 0 } else { alerts },
                "resolved": if is_over { alerts } else { 0 },
            },
            "is_mergeable": !is_over,
            "escalation_policy": shapes::policy(company, call.policy),
            "teams": shapes::teams(company, service.team(company, call.called_at)),
            "impacted_services": [shapes::service(company, service)],
            "pending_actions": [],
            "acknowledgements": state.acknowledged.map(|taken| person(taken, "acknowledger")).into_iter().collect::<Vec<_>>(),
            "basic_alert_grouping": null,
            "alert_grouping": null,
            "priority": priority,
            "resolve_reason": null,
            "incidents_responders": [],
            "responder_requests": [],
            "subscriber_requests": [],
            "conference_bridge": null,
            "urgency": urgency(outage),
        })
    }

    /// `GET /log_entries`: what happened between two moments, both of them included, whatever it happened to, the latest first.
    pub(super) fn log_entries(&self) -> Reply {
        let (since, until) = match (self.moment("since"), self.moment("until")) {
            (Ok(since), Ok(until)) => (since.unwrap_or(i64::MIN), until.unwrap_or(i64::MAX)),
            (Err(reply), _) | (_, Err(reply)) => return reply,
        };
        let steps = &self.calls.steps;
        let begin = steps.partition_point(|(at, ..)| *at < since);
        let end = steps.partition_point(|(at, ..)| *at <= until.min(self.now));
        let there =
            steps.get(begin..end).unwrap_or_default().iter().rev().map(|(_, call, place)| (&self.calls.calls[*call as usize], *place));
        let rows: Vec<(&Call, u32)> = there.filter(|(call, place)| self.is_shown(call, *place)).collect();
        self.page("log_entries", &rows, |(call, place)| self.entry(call, *place))
    }

    /// `GET /incidents/{id}/log_entries`.
    pub(super) fn log_entries_of(&self, id: &str) -> Reply {
        let Some(call) = self.find(id) else { return error(404, 2100, "Not Found", &[]) };
        let (since, until) = match (self.moment("since"), self.moment("until")) {
            (Ok(since), Ok(until)) => (since.unwrap_or(i64::MIN), until.unwrap_or(i64::MAX)),
            (Err(reply), _) | (_, Err(reply)) => return reply,
        };
        let steps = call.steps(self.now);
        let places = (0..steps.len() as u32).rev();
        let rows: Vec<u32> =
            places.filter(|place| (since..=until).contains(&steps[*place as usize].at) && self.is_shown(call, *place)).collect();
        self.page("log_entries", &rows, |place| self.entry(call, *place))
    }

    /// Who wants an overview is not told of every ring of the bell.
    fn is_shown(&self, call: &Call, place: u32) -> bool {
        let act = call.steps(self.now)[place as usize].act;
        self.query.get("is_overview") != Some("true") || !matches!(act, Act::Notify(..) | Act::Assign(_))
    }

    fn entry_id(&self, call: &Call, place: u32) -> String {
        shapes::id("R", 9, u64::from(call.number) << 16 | u64::from(place), 25)
    }

    fn entry_reference(&self, call: &Call, place: u32) -> Value {
        let step = &call.steps(i64::MAX)[place as usize];
        let id = self.entry_id(call, place);
        let web = format!("incidents/{}/log_entries", self.id(call));
        shapes::reference(&format!("{}_log_entry", act(step).0), "log_entries", &web, &id, &self.summary(step))
    }

    /// What the step is said to have been.
    fn summary(&self, step: &Step) -> String {
        let name = |person: usize| shapes::user_name(self.company, person);
        let by = match step.agent {
            Agent::Person(person) => format!(" by {}", name(person)),
            Agent::Service => String::new(),
        };
        match step.act {
            Act::Trigger => match step.channel {
                "web_trigger" => "Triggered through the website.".to_owned(),
                "email" => "Triggered through email.".to_owned(),
                _ => "Triggered through the API.".to_owned(),
            },
            Act::Assign(person) => format!("Assigned to {}{by}.", name(person)),
            Act::Notify(person, how) => format!("Notified {} by {how}.", name(person)),
            Act::Acknowledge => format!("Acknowledged{by}."),
            Act::Unacknowledge => "Unacknowledged through timeout.".to_owned(),
            Act::Escalate(person) => format!("Escalated to {} through timeout.", name(person)),
            Act::Annotate => format!("Note added{by}."),
            Act::Resolve => match step.agent {
                Agent::Person(_) => format!("Resolved{by}."),
                Agent::Service => "Resolved through the API.".to_owned(),
            },
        }
    }

    fn entry(&self, call: &Call, place: u32) -> Value {
        let (company, step) = (self.company, &call.steps(self.now)[place as usize]);
        let service = &company.services()[call.service];
        let id = self.entry_id(call, place);
        let (name, people) = act(step);
        let mut channel = json!({ "type": step.channel });
        match step.act {
            Act::Annotate => {
                channel["summary"] = json!(words::outage_cause(self.outage(call)));
                channel["content"] = channel["summary"].clone();
            }
            Act::Trigger => {
                channel["summary"] = json!(self.title(call));
                channel["subject"] = channel["summary"].clone();
                if step.channel == "email" {
                    channel["from"] = json!(company.people[self.outage(call).responder].email);
                }
            }
            Act::Notify(person, how) => {
                let address = if how == "email" { &company.people[person].email } else { TELEPHONE };
                channel["notification"] = json!({ "type": how, "address": address, "status": "success" });
            }
            Act::Acknowledge | Act::Unacknowledge | Act::Assign(_) | Act::Escalate(_) | Act::Resolve => {}
        }
        let shown = self.includes("incidents");
        let mut entry = json!({
            "id": id,
            "type": format!("{name}_log_entry"),
            "summary": self.summary(step),
            "self": shapes::address("log_entries", &id),
            "html_url": null,
            "created_at": time(step.at),
            "agent": self.agent(call, step.agent),
            "channel": channel,
            "incident": if shown { self.whole(call) } else { self.reference(call) },
            "service": shapes::service(company, service),
            "teams": shapes::teams(company, service.team(company, call.called_at)),
            "contexts": [],
        });
        match step.act {
            Act::Acknowledge => entry["acknowledgement_timeout"] = json!(1_800),
            Act::Trigger => entry["event_details"] = json!({ "description": self.title(call) }),
            Act::Notify(person, _) => entry["user"] = shapes::user(company, person),
            _ => {}
        }
        if let Some(person) = people {
            entry["assignees"] = json!([shapes::user(company, person)]);
        }
        entry
    }
}

/// What an act is called, and to whom it assigned something.
fn act(step: &Step) -> (&'static str, Option<usize>) {
    match step.act {
        Act::Trigger => ("trigger", None),
        Act::Assign(person) => ("assign", Some(person)),
        Act::Notify(..) => ("notify", None),
        Act::Acknowledge => ("acknowledge", None),
        Act::Unacknowledge => ("unacknowledge", None),
        Act::Escalate(person) => ("escalate", Some(person)),
        Act::Annotate => ("annotate", None),
        Act::Resolve => ("resolve", None),
    }
}

fn status(state: &State) -> &'static str {
    match state.status {
        Status::Triggered => "triggered",
        Status::Acknowledged => "acknowledged",
        Status::Resolved => "resolved",
    }
}

fn urgency(outage: &Outage) -> &'static str {
    if outage.severity <= 3 { "high" } else { "low" }
}
