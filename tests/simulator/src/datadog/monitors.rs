//! Monitors, by the number of a page of a bare list.

use serde_json::{Map, Value, json};

use crate::company::Company;
use crate::company::random::mix;
use crate::company::services::Service;
use crate::company::watch::downtimes::{Of, Standing};
use crate::company::watch::monitors::{Kind, Monitor, Muted, State, Target};
use crate::company::words;
use crate::datadog::context::{Context, date, seconds, uuid};
use crate::datadog::{WEB, good, surfaces};
use crate::http::Reply;

/// The vendor's number for the monitor at this place.
pub(super) fn number(index: usize) -> u64 {
    34_000_000 + index as u64 * 17
}

/// The place of the monitor with this number or name.
pub(super) fn place(company: &Company, wanted: &str) -> Option<usize> {
    let named =
        |monitor: &&Monitor| number(monitor.index).to_string() == wanted || name(monitor, &company.services()[monitor.service]) == wanted;
    company.watch().monitors.iter().find(named).map(|monitor| monitor.index)
}

/// `GET /api/v1/monitor`: all of them where no page is asked for.
pub(super) fn list(context: &Context<'_>, _steps: &[&str]) -> Result<Reply, Reply> {
    let monitors = context.company.shown("datadog.monitors", &context.company.watch().monitors);
    let size = context.size("page_size", 100, 1_000)?;
    let shown = match context.number("page")? {
        Some(page) => context.rows(monitors, page.saturating_mul(size), size),
        None if context.query.get("page_size").is_some() => context.rows(monitors, 0, size),
        None => monitors,
    };
    Ok(good(&shown.iter().map(|monitor| of_one(context, monitor)).collect()))
}

fn of_one(context: &Context<'_>, monitor: &Monitor) -> Value {
    let service = &context.company.services()[monitor.service];
    let (state, since) = monitor.state(context.company, context.now);
    let (kind, query) = query(context, monitor, service);
    let mut tags = context.tags(service, monitor.environment, monitor.labels);
    if mix(monitor.words ^ 3).is_multiple_of(2) {
        tags.push("managed_by:terraform".to_owned());
    }
    let mut row = json!({
        "id": number(monitor.index),
        "org_id": 417_033,
        "type": kind,
        "name": name(monitor, service),
        "message": message(context, monitor, service),
        "tags": tags,
        "query": query,
        "options": options(context, monitor),
        "multi": monitor.kind == Kind::Query,
        "created_at": monitor.created_at * 1_000,
        "created": date(monitor.created_at),
        "modified": date(monitor.modified_at),
        "deleted": null,
        "restricted_roles": monitor.restricted.then(|| [uuid(monitor.words)]),
        "priority": monitor.priority,
        "draft_status": if monitor.draft { "draft" } else { "published" },
        "overall_state_modified": seconds(since),
        "overall_state": said(state),
        "creator": context.creator(monitor.creator),
    });
    if context.query.get("with_downtimes") == Some("true") {
        row["matching_downtimes"] = downtimes(context, monitor);
    }
    row
}

/// The vendor's word for how a monitor stands.
fn said(state: State) -> &'static str {
    match state {
        State::Ok => "OK",
        State::Alert => "Alert",
        State::Warn => "Warn",
        State::NoData => "No Data",
        State::Ignored => "Ignored",
        State::Skipped => "Skipped",
        State::Unknown => "Unknown",
    }
}

/// What a monitor is called.
pub(super) fn name(monitor: &Monitor, service: &Service) -> String {
    let what = match monitor.kind {
        Kind::Metric => "queue is long",
        Kind::Query => "errors are frequent",
        Kind::Check => "does not answer",
        Kind::Composite(..) => "slow and failing",
        Kind::Objective(_) => "budget is nearly spent",
        Kind::SyntheticTest(_) => "cannot be used",
    };
    format!("[{}] {} {what} ({})", monitor.environment, service.name, monitor.index)
}

/// The vendor's word for what a monitor looks at, and what it asks.
fn query(context: &Context<'_>, monitor: &Monitor, service: &Service) -> (&'static str, String) {
    let scope = format!("service:{},env:{}", service.watched_as, monitor.environment);
    let objective = |place: usize| {
        let objectives = &context.company.watch().objectives;
        let first = objectives.partition_point(|objective| objective.service < monitor.service);
        objectives.get(first + place).map(|objective| objective.id.as_str()).unwrap_or_default()
    };
    match monitor.kind {
        Kind::Metric => ("metric alert", format!("avg(last_5m):avg:clockwork.queue.depth{{{scope}}} > 100")),
        Kind::Query => {
            let hits = |what: &str| format!("sum:trace.http.request.{what}{{{scope}}} by {{host}}.as_count()");
            ("query alert", format!("sum(last_10m):{} / {} > 0.05", hits("errors"), hits("hits")))
        }
        Kind::Check => {
            let over = format!("\"service:{}\",\"env:{}\"", service.watched_as, monitor.environment);
            ("service check", format!("\"http.can_connect\".over({over}).by(\"host\").last(4).count_by_status()"))
        }
        Kind::Composite(one, other) => ("composite", format!("{} && {}", number(one), number(other))),
        Kind::Objective(place) => ("slo alert", format!("error_budget(\"{}\").over(\"30d\") > 80", objective(place))),
        Kind::SyntheticTest(_) => ("synthetics alert", "no_query".to_owned()),
    }
}

fn options(context: &Context<'_>, monitor: &Monitor) -> Value {
    let draw = mix(monitor.words ^ 4);
    let again = [None, Some(0), Some(30), Some(120)][draw as usize / 16 % 4];
    let silenced: Map<String, Value> = match monitor.muted {
        Muted::No => Map::new(),
        Muted::Forever => Map::from_iter([("*".to_owned(), Value::Null)]),
        Muted::Until(at) => Map::from_iter([("*".to_owned(), json!(at))]),
        Muted::Part(until) => Map::from_iter([("host:lamp-room-3".to_owned(), json!(until))]),
    };
    let mut options = json!({
        "notify_audit": draw.is_multiple_of(9),
        "locked": monitor.restricted,
        "include_tags": !draw.is_multiple_of(4),
        "new_host_delay": 300,
        "require_full_window": draw.is_multiple_of(2),
        "silenced": silenced,
        "renotify_interval": again,
    });
    // What happens without data is said in one of two ways, and in neither by some.
    match draw / 64 % 4 {
        0 => (options["notify_no_data"], options["no_data_timeframe"]) = (json!(true), json!(10 + draw / 256 % 50)),
        1 => (options["notify_no_data"], options["no_data_timeframe"]) = (json!(false), Value::Null),
        2 => {
            let way = ["default", "show_no_data", "show_and_notify_no_data", "resolve"][draw as usize / 256 % 4];
            options["on_missing_data"] = json!(way);
        }
        _ => options["notify_no_data"] = json!(false),
    }
    match monitor.kind {
        Kind::Metric => options["thresholds"] = json!({ "critical": 100.0, "warning": 60.0 }),
        Kind::Query => options["thresholds"] = json!({ "critical": 0.05, "critical_recovery": null }),
        Kind::Check => options["thresholds"] = json!({ "critical": 3.0, "warning": 2.0, "ok": 1.0 }),
        Kind::Objective(_) => options["thresholds"] = json!({ "critical": 80.0 }),
        Kind::SyntheticTest(probe) => {
            let probe = &context.company.watch().synthetic_tests[probe];
            options["synthetics_check_id"] = json!(surfaces::public_id(context, probe));
        }
        Kind::Composite(..) => {}
    }
    options
}

/// What a monitor says, and to whom: in one block for when it rings and one for when it is quiet again, or just so.
fn message(context: &Context<'_>, monitor: &Monitor, service: &Service) -> String {
    let words = words::alarm(monitor.words);
    let handles: Vec<String> = monitor.targets.iter().filter_map(|target| handle(context, target, service)).collect();
    let handles = handles.join(" ");
    match mix(monitor.words ^ 5) % 4 {
        _ if handles.is_empty() => format!("{words}.\n\nWrite to keepers(at)harbour, nobody is called."),
        0 => format!("{words}. {handles}"),
        1 => format!(
            "{{{{#is_alert}}}}\n{words} on {{{{host.name}}}}: {{{{value}}}}.\n{handles}\n{{{{/is_alert}}}}\n\
             {{{{#is_recovery}}}}Burning again.{{{{/is_recovery}}}}\nRunbook: https://runbooks.example/{}",
            service.name
        ),
        2 => format!("{handles}\n\n{words}.\n{{{{#is_warning}}}}Only a warning.{{{{/is_warning}}}}\n"),
        _ => format!("{{{{#is_alert}}}}{words}{{{{/is_alert}}}}\n\n{{{{^is_recovery}}}}{handles}{{{{/is_recovery}}}}"),
    }
}

/// How somebody is called in a message. Where nobody is on call for a service, nobody can be named.
fn handle(context: &Context<'_>, target: &Target, service: &Service) -> Option<String> {
    Some(match target {
        Target::OnCall => format!("@pagerduty-{}", service.paged_as.as_ref()?.replace(' ', "-")),
        Target::Room(room) => format!("@slack-{room}"),
        Target::FarRoom(room) => format!("@slack-clockwork-{room}"),
        Target::Program(name) => format!("@webhook-{name}"),
        Target::OtherOnCall(name) => format!("@opsgenie-{name}"),
        Target::OtherRoom(name) => format!("@teams-{name}"),
        Target::Person(person) => format!("@{}", context.company.people[*person].email),
        Target::Team(slug) => format!("@team-{slug}"),
    })
}

/// The downtimes that a monitor lies in at this moment.
fn downtimes(context: &Context<'_>, monitor: &Monitor) -> Value {
    let quiet = context.company.watch().downtimes.iter().enumerate();
    let active = quiet.filter(|(_, quiet)| {
        let concerns = match quiet.of {
            Of::Monitor(index) => index == monitor.index,
            Of::Service(service) => service == monitor.service && monitor.environment == "prod",
        };
        concerns && quiet.exists(context.now) && quiet.standing(context.now) == Standing::Active
    });
    active
        .map(|(index, quiet)| {
            let (start, end) = quiet.current(context.now);
            json!({ "id": 2_900_000 + index, "scope": ["env:prod"], "start": start, "end": end, "url": format!("{WEB}/monitors/downtimes") })
        })
        .collect()
}
