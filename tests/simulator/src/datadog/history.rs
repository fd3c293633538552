//! How well an objective was kept between two moments.

use serde_json::{Map, Value, json};

use crate::company::watch::objectives::{Measure, Objective};
use crate::datadog::context::Context;
use crate::datadog::{error, good, monitors, objectives};
use crate::http::Reply;

/// The most points that a series has.
const POINTS: i64 = 100;
/// The shortest time between two of them.
const HOUR: i64 = 3_600;

/// `GET /api/v1/slo/{slo_id}/history`.
pub(super) fn of_one(context: &Context<'_>, steps: &[&str]) -> Result<Reply, Reply> {
    let id = steps.get(2).copied().unwrap_or_default();
    let objective = context.company.watch().objective(id).ok_or_else(|| error(404, "SLO not found"))?;
    let moment = |name: &str| {
        let given = context.number(name)?;
        given.map(|at| at as i64).ok_or_else(|| error(400, &format!("Missing required parameter {name}")))
    };
    let (from, to) = (moment("from_ts")?, moment("to_ts")?);
    if from >= to {
        return Err(error(400, "from_ts must be before to_ts"));
    }
    let (word, number) = objectives::measure(objective);
    let thresholds: Map<String, Value> =
        objective.goals.iter().map(|goal| (objectives::timeframe(goal), objectives::threshold(goal))).collect();
    let mut data = json!({
        "thresholds": thresholds,
        "from_ts": from,
        "to_ts": to,
        "type": word,
        "type_id": number,
        "slo": objectives::of_one(context, objective),
        "group_by": [],
        "overall": overall(context, objective, from, to),
    });
    match objective.measure {
        Measure::Alarms => data["monitors"] = by_monitor(context, objective, from, to),
        Measure::Share | Measure::Slices => data["series"] = series(context, objective, from, to),
    }
    Ok(good(&json!({ "data": data, "errors": null })))
}

fn overall(context: &Context<'_>, objective: &Objective, from: i64, to: i64) -> Value {
    let spans = |value: i64| objective.goals.iter().map(|goal| (objectives::timeframe(goal), json!(value))).collect::<Map<_, _>>();
    let Some(attained) = objective.attained(context.company, context.now, from, to) else {
        // As the vendor was seen to say it: nulls, an error, and a status of 200.
        return json!({
            "errors": [{ "error_message": "The denominator is zero valued", "error_type": "ZERO_VALUED_DENOMINATOR" }],
            "sli_value": null,
            "span_precision": 2,
            "precision": spans(0),
            "uptime": null,
            "corrections": [],
            "state": "no_data",
        });
    };
    let left: Map<String, Value> =
        objective.goals.iter().map(|goal| (objectives::timeframe(goal), json!(rounded(goal.left(attained), 4)))).collect();
    let service = &context.company.services()[objective.service];
    let kept = objective.goals.iter().all(|goal| attained >= goal.target);
    let calm = objective.goals.iter().all(|goal| goal.warning.is_none_or(|warning| attained >= warning));
    let mut overall = json!({
        "name": format!("{} {}", service.name, objective.about),
        "sli_value": rounded(attained, 6),
        "uptime": rounded(attained, 6),
        "error_budget_remaining": left,
        "span_precision": 2,
        "precision": spans(2),
        "errors": [],
        "corrections": [],
        "preview": false,
        "state": match (kept, calm) {
            (true, true) => "ok",
            (true, false) => "warning",
            _ => "breached",
        },
    });
    if objective.measure != Measure::Share {
        overall["history"] = turns(context, objective, from, to);
    }
    overall
}

/// When it went bad, and good again: 1 and 0.
fn turns(context: &Context<'_>, objective: &Objective, from: i64, to: i64) -> Value {
    let mut turns = vec![json!([from, 0])];
    for outage in context.company.watch().troubles(context.company, objective.service).filter(|outage| outage.severity <= 3) {
        let end = outage.mitigated(context.now).unwrap_or(to);
        if outage.started_at >= from && outage.started_at < to.min(context.now) {
            turns.push(json!([outage.started_at, 1]));
            if end < to {
                turns.push(json!([end, 0]));
            }
        }
    }
    turns.into()
}

fn by_monitor(context: &Context<'_>, objective: &Objective, from: i64, to: i64) -> Value {
    let watch = context.company.watch();
    let attained = objective.attained(context.company, context.now, from, to).map(|percent| rounded(percent, 6));
    let one = |index: &usize| {
        let monitor = &watch.monitors[*index];
        let name = monitors::name(monitor, &context.company.services()[monitor.service]);
        let mut row = json!({
            "name": name,
            "monitor_type": "metric",
            "monitor_modified": monitor.modified_at,
            "sli_value": attained,
            "span_precision": 2,
            "precision": 2,
            "preview": false,
            "errors": [],
            "id": monitors::number(*index),
        });
        if let Some(attained) = attained {
            row["uptime"] = json!(attained);
        }
        row
    };
    objective.monitors.iter().map(one).collect()
}

/// What was counted, in steps that make few enough points; nothing but zeros where nothing was.
fn series(context: &Context<'_>, objective: &Objective, from: i64, to: i64) -> Value {
    let step = ((to - from) / POINTS / HOUR + 1) * HOUR;
    let starts: Vec<i64> = (0..).map(|place| from.div_euclid(step) * step + place * step).take_while(|start| *start < to).collect();
    let points: Vec<(f64, f64)> = starts
        .iter()
        .map(|start| {
            let attained = objective.attained(context.company, context.now, *start, start + step);
            attained.map_or((0.0, 0.0), |percent| ((percent * step as f64).round(), (100 * step) as f64))
        })
        .collect();
    let counted = |values: Vec<f64>, place: u32, query: &str| {
        let sum: f64 = values.iter().sum();
        let metadata = json!({
            "unit": null, "query_index": place, "aggr": "sum", "metric": "trace.http.request.hits", "tag_set": [], "expression": query,
            "scope": "env:prod",
        });
        json!({ "count": values.len(), "sum": sum, "values": values, "metadata": metadata })
    };
    let (good, all) = objectives::queries(context, objective);
    json!({
        "timing": "0.021",
        "res_type": "time_series",
        "resp_version": 2,
        "query": format!("{good}, {all}"),
        "from_date": from * 1_000,
        "to_date": to * 1_000,
        "message": "",
        "interval": step,
        "times": starts.iter().map(|start| (start * 1_000) as f64).collect::<Vec<_>>(),
        "numerator": counted(points.iter().map(|(good, _)| *good).collect(), 0, &good),
        "denominator": counted(points.iter().map(|(_, all)| *all).collect(), 1, &all),
    })
}

fn rounded(value: f64, digits: i32) -> f64 {
    let scale = 10_f64.powi(digits);
    (value * scale).round() / scale
}
