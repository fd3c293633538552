//! One row per service level objective: how it did on that day.
//!
//! The day goes from midnight to midnight UTC; a day that is not over yet goes to the moment of the run. A day without data is `no_data`, and its values are null.
//!
//! - grain: `slo_id`
//! - endpoint: GET /api/v1/slo/{slo_id}/history, one request an objective and day
//! - permission: slos_read
//! - date: the day that it is about; yesterday unless another is asked for

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Timelike, Utc};
use futures::{
    FutureExt, StreamExt,
    future::BoxFuture,
    stream::{self, BoxStream},
};
use serde::{Deserialize, Serialize};

use crate::{
    collect::{CollectError, Context, Outcome, Parent, Status, Tally},
    http::{ApiError, ApiErrorKind, Stopped, begin, encoded, outcome_of, with_unreadable},
    privacy::Pseudonyms,
    table::{Kind, Probe, Read, Row, Table, Timestamp, Watch},
};

use super::{
    Datadog, datadog, mask, parent,
    slos::{Goal, Wire},
};

/// `datadog.slo_history`
pub const TABLE: Table = Table {
    source: "datadog",
    name: "slo_history",
    meaning: "One row per service level objective: how it did on that day.",
    kind: Kind::Window,
    grain: &["slo_id"],
    version: None,
    endpoint: "GET /api/v1/slo/{slo_id}/history, one request an objective and day",
    permission: "slos_read",
    probe: Probe::Rest("/api/v1/slo?limit=1&offset=0"),
    requests: |_| None,
    columns: SloHistory::COLUMNS,
    watch: Watch::NOTHING,
    read: Read::By(collect),
};

/// One row.
#[derive(Debug, Row, Serialize)]
pub struct SloHistory {
    /// Id of the objective
    slo_id: String,
    /// Its name on the day it was read
    slo_name: String,
    /// Beginning of what was asked for
    from_at: Timestamp,
    /// Its end, not included
    to_at: Timestamp,
    /// The timeframe whose target counts: 7d, 30d, 90d or custom
    timeframe: Option<String>,
    /// That target [%]
    target: Option<f64>,
    /// Share of good events, or of good time; null without data [%]
    sli_value: Option<f64>,
    /// What is left of the day's error budget under that target: 100 is untouched, below 0 is overspent; null without data [%]
    error_budget_remaining: Option<f64>,
    /// ok, warning, breached or no_data
    state: String,
    /// What Datadog finds wrong, such as ZERO_VALUED_DENOMINATOR
    errors: Vec<String>,
}

/// Rows handed over at once.
const PAGE: usize = 500;
/// After so many objectives in a row that could not be read for a reason that may be everyone's, the rest is not asked for.
const IN_A_ROW: usize = 20;

/// How an objective did, as Datadog sends it. The series that it was worked out from is not read.
#[derive(Deserialize)]
struct Answer {
    data: Data,
    errors: Option<Vec<Fault>>,
}

#[derive(Deserialize)]
struct Data {
    overall: Overall,
}

#[derive(Deserialize)]
struct Overall {
    state: Option<String>,
    sli_value: Option<f64>,
    /// By timeframe, of what was asked for.
    error_budget_remaining: Option<BTreeMap<String, Option<f64>>>,
    errors: Option<Vec<Fault>>,
}

/// Stands for what is wrong where Datadog tells it in a sentence only.
const UNNAMED: &str = "UNNAMED";

/// What is wrong, without the sentence that says so.
#[derive(Deserialize)]
struct Fault {
    error_type: Option<String>,
}

/// What is asked for: a day, as much of it as is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Span {
    from: Timestamp,
    to: Timestamp,
}

impl Span {
    /// Nothing of a day that has not begun.
    fn of(day: NaiveDate, now: DateTime<Utc>) -> Option<Self> {
        let from = day.and_time(NaiveTime::MIN).and_utc();
        // Datadog counts in whole seconds.
        let to = (from + TimeDelta::days(1)).min(now).with_nanosecond(0)?;
        (from < to).then(|| Self { from: from.into(), to: to.into() })
    }

    /// Whether the objective was there before it ended.
    fn meets(self, slo: &Wire) -> bool {
        slo.created_at().is_none_or(|created| created < self.to)
    }
}

/// What became of the objectives of a walk that have no row.
#[derive(Debug, Default)]
struct Missing {
    /// What of the list could not be read: which, and why.
    unlisted: Vec<String>,
    /// Objectives whose history could not be read.
    failed: Vec<(Parent, Outcome)>,
    /// How many of them since one could.
    in_a_row: usize,
}

fn collect<'a>(context: &'a Context<'a>) -> BoxFuture<'a, Result<(), CollectError>> {
    async move {
        let parent = parent();
        let Some(tally) = begin(context, &TABLE, &parent) else { return Ok(()) };
        let mut missing = Missing::default();
        let read = read(context, &parent, &tally, &mut missing).await;
        let outcome = missing.outcome(outcome_of(read, &tally)?);
        context.sink.done(&TABLE, &parent, outcome, missing.failed).await
    }
    .boxed()
}

async fn read(context: &Context<'_>, parent: &Parent, tally: &Tally, missing: &mut Missing) -> Result<(), Stopped> {
    let Some(span) = Span::of(context.day, context.now) else { return Ok(()) };
    let datadog = datadog(context)?;
    let listing = datadog.slos(tally).await?;
    missing.unlisted.clone_from(&listing.unreadable);
    let mut answers = answers(datadog, &listing.items, span, tally);
    let mut rows = Vec::with_capacity(PAGE);
    while let Some((slo, answer)) = answers.next().await {
        match answer {
            Ok(answer) => {
                rows.push(row(context.pseudonyms, slo, span, answer));
                missing.in_a_row = 0;
            }
            Err(error) => missing.note(slo, error)?,
        }
        if rows.len() == PAGE {
            hand_over(context, parent, tally, &mut rows).await?;
        }
    }
    hand_over(context, parent, tally, &mut rows).await
}

/// How the objectives did that there were, as the answers come. No request is made ready before its turn: there may be ten thousand.
fn answers<'a>(
    datadog: &'a Datadog,
    slos: &'a [Wire],
    span: Span,
    tally: &'a Tally,
) -> BoxStream<'a, (&'a Wire, Result<Answer, ApiError>)> {
    let met = slos.iter().filter(move |slo| span.meets(slo));
    let reads = met.map(move |slo| async move { (slo, ask(datadog, slo, span, tally).await) });
    stream::iter(reads).buffer_unordered(datadog.settings.concurrency).boxed()
}

async fn hand_over(context: &Context<'_>, parent: &Parent, tally: &Tally, rows: &mut Vec<SloHistory>) -> Result<(), Stopped> {
    if !rows.is_empty() {
        tally.page(rows.len());
        context.sink.write(&TABLE, parent, rows).await?;
        rows.clear();
    }
    Ok(())
}

/// How one objective did.
async fn ask(datadog: &Datadog, slo: &Wire, span: Span, tally: &Tally) -> Result<Answer, ApiError> {
    let (id, from, to) = (encoded(&slo.id), span.from.to_utc().timestamp(), span.to.to_utc().timestamp());
    datadog.client.get(&format!("/api/v1/slo/{id}/history?from_ts={from}&to_ts={to}"), tally).await
}

impl Missing {
    /// Notes an objective that could not be read, unless all others share its fate.
    fn note(&mut self, slo: &Wire, error: ApiError) -> Result<(), Stopped> {
        match error.kind {
            ApiErrorKind::Unauthorized | ApiErrorKind::RateLimited => return Err(error.into()),
            ApiErrorKind::Forbidden | ApiErrorKind::Disabled | ApiErrorKind::TooHeavy | ApiErrorKind::Unavailable => {
                self.in_a_row += 1;
                if self.in_a_row == IN_A_ROW {
                    return Err(error.into());
                }
            }
            // It is gone since it was listed, or its answer is one of its own.
            ApiErrorKind::NotFound | ApiErrorKind::Unexpected => {}
        }
        let parent = Parent { id: slo.id.clone(), name: format!("slo {}", slo.id) };
        self.failed.push((parent, Tally::within(error.status(), Some(error.message), 0)));
        Ok(())
    }

    /// The outcome of the whole, given how the walk ended. Where no objective could be read, the whole is what each of them is.
    fn outcome(&mut self, end: Outcome) -> Outcome {
        self.failed.sort_by(|(a, _), (b, _)| a.cmp(b));
        let Some((parent, first)) = self.failed.first().filter(|_| end.status.is_whole()) else {
            return with_unreadable(end, &self.unlisted);
        };
        let status = if end.rows == 0 { first.status } else { Status::Truncated };
        let (failed, all) = (self.failed.len(), self.failed.len() as u64 + end.rows);
        let unlisted = match self.unlisted.len() {
            0 => String::new(),
            count => format!(", and {count} of the list are not of the documented shape"),
        };
        let reason = first.detail.as_deref().unwrap_or_default();
        Outcome { status, detail: Some(format!("{failed} of {all} could not be read{unlisted}; `{}`: {reason}", parent.name)), ..end }
    }
}

fn row(pseudonyms: &Pseudonyms, slo: &Wire, span: Span, Answer { data, errors }: Answer) -> SloHistory {
    let Goal { timeframe, target, warning } = slo.goal();
    let Overall { state, sli_value, error_budget_remaining, errors: of_overall } = data.overall;
    let told = timeframe.as_ref().and_then(|timeframe| *error_budget_remaining.as_ref()?.get(timeframe)?);
    let faults = of_overall.into_iter().chain(errors).flatten();
    let errors: BTreeSet<String> = faults.map(|fault| fault.error_type.unwrap_or_else(|| UNNAMED.to_owned())).collect();
    SloHistory {
        slo_id: slo.id.clone(),
        slo_name: mask(pseudonyms, slo.name.clone()),
        from_at: span.from,
        to_at: span.to,
        timeframe,
        target,
        sli_value,
        error_budget_remaining: sli_value.and_then(|value| told.or_else(|| remaining(value, target?))),
        state: state.map_or_else(|| judge(sli_value, target, warning).to_owned(), |state| state.to_lowercase()),
        errors: errors.into_iter().collect(),
    }
}

/// What is left of the error budget: all of it at 100 %, none at the target. A target of 100 % leaves none to begin with.
fn remaining(sli_value: f64, target: f64) -> Option<f64> {
    (target < 100.0).then(|| (sli_value - target) / (100.0 - target) * 100.0)
}

/// The state where Datadog does not tell it.
fn judge(sli_value: Option<f64>, target: Option<f64>, warning: Option<f64>) -> &'static str {
    match sli_value {
        None => "no_data",
        Some(value) if target.is_some_and(|target| value < target) => "breached",
        Some(value) if warning.is_some_and(|warning| value < warning) => "warning",
        Some(_) => "ok",
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::datadog::slos::tests::slo;

    fn moment(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn span(now: &str) -> Option<Span> {
        Span::of(NaiveDate::from_ymd_opt(2026, 11, 2).unwrap(), moment(now))
    }

    fn row_of(overall: Value, errors: Value) -> SloHistory {
        let answer = json!({"data": {"overall": overall, "series": {"timing": "0.02"}, "from_ts": 1, "to_ts": 2}, "errors": errors});
        let span = span("2026-11-21T10:00:00Z").unwrap();
        row(&Pseudonyms::new(&"key".into()), &slo(json!({})), span, serde_json::from_value(answer).unwrap())
    }

    fn error(kind: ApiErrorKind) -> ApiError {
        ApiError { kind, host: "lamp.example".to_owned(), what: "GET /".to_owned(), message: "500: dark".to_owned() }
    }

    #[test]
    fn a_day_is_asked_for_as_far_as_it_is_over() {
        let day = |to| Some(Span { from: moment("2026-11-02T00:00:00Z").into(), to: moment(to).into() });
        assert_eq!(span("2026-11-21T10:00:00Z"), day("2026-11-03T00:00:00Z"));
        assert_eq!(span("2026-11-02T10:00:00.5Z"), day("2026-11-02T10:00:00Z"), "in whole seconds");
        assert_eq!(span("2026-11-02T00:00:00.5Z"), None);
        assert_eq!(span("2026-11-01T10:00:00Z"), None, "it has not begun");
    }

    #[test]
    fn an_objective_has_no_history_before_it_was_made() {
        let day = span("2026-11-21T10:00:00Z").unwrap();
        let meets = |created: &str| day.meets(&slo(json!({"created_at": moment(created).timestamp()})));
        assert!(meets("2026-10-01T00:00:00Z") && meets("2026-11-02T23:59:59Z"));
        assert!(!meets("2026-11-03T00:00:00Z"));
        assert!(day.meets(&slo(json!({"created_at": null}))), "nobody says when it was made");
    }

    #[test]
    fn no_data_is_a_state_and_not_zero() {
        let fault = json!([{"error_type": "ZERO_VALUED_DENOMINATOR", "error_message": "for ada"}]);
        let row =
            row_of(json!({"state": "no_data", "sli_value": null, "errors": fault, "error_budget_remaining": {"7d": 100.0}}), json!(null));
        assert_eq!((row.state.as_str(), row.sli_value, row.error_budget_remaining), ("no_data", None, None));
        assert_eq!(row.errors, ["ZERO_VALUED_DENOMINATOR"]);
        let silent = row_of(json!({"sli_value": null}), json!([{"error": "Ada is not allowed"}]));
        assert_eq!((silent.state.as_str(), silent.errors), ("no_data", vec![UNNAMED.to_owned()]), "a sentence may name anybody");
    }

    #[test]
    fn what_datadog_tells_goes_before_what_follows_from_the_target() {
        let told = row_of(json!({"state": "OK", "sli_value": 99.9, "error_budget_remaining": {"7d": 81.0, "30d": null}}), json!(null));
        assert_eq!((told.state.as_str(), told.error_budget_remaining), ("ok", Some(81.0)));
        let worked_out = |sli_value: f64| {
            let row = row_of(json!({"sli_value": sli_value, "error_budget_remaining": {"30d": 1.0}}), json!([]));
            (row.state, row.error_budget_remaining.map(f64::round))
        };
        assert_eq!(worked_out(100.0), ("ok".to_owned(), Some(100.0)));
        assert_eq!(worked_out(99.75), ("warning".to_owned(), Some(50.0)));
        assert_eq!(worked_out(99.5), ("warning".to_owned(), Some(0.0)));
        assert_eq!(worked_out(99.0), ("breached".to_owned(), Some(-100.0)));
        assert_eq!(remaining(99.0, 100.0), None);
        assert_eq!(judge(Some(99.0), None, None), "ok");
    }

    #[test]
    fn an_answer_without_a_history_is_not_taken_for_one_without_data() {
        for answer in [json!({"data": null, "errors": [{"error": "dark"}]}), json!({"data": {}}), json!({})] {
            assert!(serde_json::from_value::<Answer>(answer).is_err());
        }
    }

    #[test]
    fn one_that_could_not_be_read_is_named_and_the_others_stay() {
        let (tally, mut missing) = (Tally::default(), Missing::default());
        assert!(missing.note(&slo(json!({"id": "s2"})), error(ApiErrorKind::Unavailable)).is_ok());
        assert!(missing.note(&slo(json!({"id": "s1"})), error(ApiErrorKind::NotFound)).is_ok());
        tally.page(3);
        let outcome = missing.outcome(tally.complete());
        assert_eq!(outcome.status, Status::Truncated);
        assert_eq!(outcome.detail.as_deref(), Some("2 of 5 could not be read; `slo s1`: 500: dark"));
        let within: Vec<_> = missing.failed.iter().map(|(parent, outcome)| (parent.name.as_str(), outcome.status)).collect();
        assert_eq!(within, [("slo s1", Status::NotFound), ("slo s2", Status::Error)]);
    }

    #[test]
    fn what_ails_all_ends_the_walk() {
        let mut missing = Missing::default();
        assert!(missing.note(&slo(json!({})), error(ApiErrorKind::RateLimited)).is_err());
        assert!(missing.note(&slo(json!({})), error(ApiErrorKind::Unauthorized)).is_err());
        let ended = (0..IN_A_ROW).position(|_| missing.note(&slo(json!({})), error(ApiErrorKind::Unavailable)).is_err());
        assert_eq!(ended, Some(IN_A_ROW - 1));
        let mut none = Missing::default();
        assert!(none.note(&slo(json!({})), error(ApiErrorKind::Forbidden)).is_ok());
        assert_eq!(none.outcome(Tally::default().complete()).status, Status::Forbidden, "none of them could be read");
    }
}
