//! Service level objectives, by limit and offset.

use serde_json::{Value, json};

use crate::company::watch::monitors::Labels;
use crate::company::watch::objectives::{Goal, Measure, Objective};
use crate::company::words;
use crate::datadog::context::Context;
use crate::datadog::{good, monitors};
use crate::http::Reply;

/// `GET /api/v1/slo`.
pub(super) fn list(context: &Context<'_>, _steps: &[&str]) -> Result<Reply, Reply> {
    let objectives = context.company.shown("datadog.slos", &context.company.watch().objectives);
    let (size, offset) = (context.size("limit", 1_000, 1_000)?, context.number("offset")?.unwrap_or(0));
    let rows = context.rows(objectives, offset, size);
    let data: Vec<Value> = rows.iter().map(|objective| of_one(context, objective)).collect();
    // The vendor counts the rows of the page as those it filtered.
    let page = json!({ "total_count": objectives.len(), "total_filtered_count": data.len() });
    Ok(good(&json!({ "data": data, "error": null, "metadata": { "page": page } })))
}

/// What one is measured by, in the vendor's word and number.
pub(super) fn measure(objective: &Objective) -> (&'static str, u32) {
    match objective.measure {
        Measure::Alarms => ("monitor", 0),
        Measure::Share => ("metric", 1),
        Measure::Slices => ("time_slice", 2),
    }
}

/// The name of a span of time.
pub(super) fn timeframe(goal: &Goal) -> String {
    format!("{}d", goal.days)
}

/// What is promised for a span of time.
pub(super) fn threshold(goal: &Goal) -> Value {
    let mut threshold = json!({ "timeframe": timeframe(goal), "target": goal.target, "target_display": display(goal.target) });
    if let Some(warning) = goal.warning {
        threshold["warning"] = json!(warning);
        threshold["warning_display"] = json!(display(warning));
    }
    threshold
}

/// A whole number keeps its point.
fn display(percent: f64) -> String {
    if percent.fract() == 0.0 { format!("{percent:.0}.") } else { percent.to_string() }
}

/// Good things, and all things.
pub(super) fn queries(context: &Context<'_>, objective: &Objective) -> (String, String) {
    let service = &context.company.services()[objective.service];
    let hits = |more: &str| format!("sum:trace.http.request.hits{{service:{},env:prod{more}}}.as_count()", service.watched_as);
    (hits(",!http.status_class:5xx"), hits(""))
}

/// One of them.
pub(super) fn of_one(context: &Context<'_>, objective: &Objective) -> Value {
    let service = &context.company.services()[objective.service];
    let (word, number) = measure(objective);
    let tags = if objective.labelled { context.tags(service, "prod", Labels::Usual) } else { Vec::new() };
    let mut row = json!({
        "id": objective.id,
        "name": format!("{} {}", service.name, objective.about),
        "tags": tags,
        "monitor_tags": [],
        "thresholds": objective.goals.iter().map(threshold).collect::<Vec<_>>(),
        "type": word,
        "type_id": number,
        "description": words::promise(objective.words),
        "creator": context.creator(objective.creator),
        "created_at": objective.created_at,
        "modified_at": objective.modified_at,
    });
    if let Some(goal) = objective.goals.first() {
        row["timeframe"] = json!(timeframe(goal));
        row["target_threshold"] = json!(goal.target);
        if let Some(warning) = goal.warning {
            row["warning_threshold"] = json!(warning);
        }
    }
    match objective.measure {
        Measure::Alarms => row["monitor_ids"] = objective.monitors.iter().map(|index| monitors::number(*index)).collect(),
        Measure::Share => {
            let (numerator, denominator) = queries(context, objective);
            row["query"] = json!({ "numerator": numerator, "denominator": denominator });
        }
        Measure::Slices => {
            let query = format!("p95:trace.http.request{{service:{},env:prod}}", service.watched_as);
            row["sli_specification"] = json!({ "time_slice": {
                "comparator": "<",
                "threshold": 0.4,
                "query_interval_seconds": 300,
                "query": {
                    "formulas": [{ "formula": "query1" }],
                    "queries": [{ "data_source": "metrics", "name": "query1", "query": query }],
                },
            } });
        }
    }
    row
}
