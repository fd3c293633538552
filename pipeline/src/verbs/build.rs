//! `almanac build`: build the facts from the raw tables, only what is stale.

use arrow::datatypes::DataType;
use chrono::NaiveDate;
use serde::Serialize;

use crate::{
    exit::{Exit, Failure},
    models::{
        audit::{Finding, Verdict},
        build::{self, BuildOptions, BuildReport, State},
        header::Severity,
    },
    output::{self, Format, OutputError},
    progress::Talk,
};

use super::{Global, ledger};

/// Options of the verb.
#[derive(clap::Args, Debug)]
pub(super) struct Args {
    /// Models to build: fct_x, +fct_x (and what it reads), fct_x+ (and what reads it); all when left out
    #[arg(long, value_name = "MODEL,…")]
    select: Option<String>,
    /// Build daily models from this date on, stale or not
    #[arg(long, value_name = "YYYY-MM-DD")]
    from: Option<NaiveDate>,
    /// Build daily models to this date, stale or not
    #[arg(long, value_name = "YYYY-MM-DD")]
    to: Option<NaiveDate>,
    /// Build everything, stale or not
    #[arg(long)]
    full: bool,
    /// Say what is stale and why, and build nothing
    #[arg(long)]
    explain: bool,
    /// How to write the list of models
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

pub(super) async fn run(args: &Args, global: &Global, talk: &Talk) -> Result<Exit, Failure> {
    let (config, lake) = global.open()?;
    let ledger = ledger("build");
    let options = BuildOptions {
        select: args.select.clone(),
        from: args.from,
        to: args.to,
        full: args.full,
        explain: args.explain,
        ..BuildOptions::of(ledger.date(), ledger.started_at())
    };
    let report = build::build(&lake, &config, options, &ledger, talk).await;
    if !args.explain {
        ledger.publish(&lake).await?;
    }
    let report = report?;
    print(&report, args.format)?;
    tell(&report, talk);
    Ok(if args.explain { Exit::Done } else { report.exit() })
}

#[derive(Serialize)]
struct Line<'r> {
    model: &'r str,
    state: &'static str,
    dates: Option<usize>,
    first_date: Option<NaiveDate>,
    last_date: Option<NaiveDate>,
    rows: Option<usize>,
    seconds: Option<f64>,
    why: String,
}

fn print(report: &BuildReport, format: Format) -> Result<(), OutputError> {
    let lines: Vec<Line<'_>> = report
        .models
        .iter()
        .map(|model| Line {
            model: &model.model,
            state: model.state.as_str(),
            dates: (!model.dates.is_empty()).then_some(model.dates.len()),
            first_date: model.dates.first().copied(),
            last_date: model.dates.last().copied(),
            rows: model.rows,
            seconds: model.rows.map(|_| (model.took.as_secs_f64() * 1e3).round() / 1e3),
            why: model.why.join("; "),
        })
        .collect();
    let columns = [
        ("model", DataType::Utf8),
        ("state", DataType::Utf8),
        ("dates", DataType::Int64),
        ("first_date", DataType::Date32),
        ("last_date", DataType::Date32),
        ("rows", DataType::Int64),
        ("seconds", DataType::Float64),
        ("why", DataType::Utf8),
    ];
    output::print(&output::rows_of(&columns, &lines)?, format)
}

/// Says what came of a build: the assertions that do not hold with the first rows that offend, and a line on the whole.
pub(super) fn tell(report: &BuildReport, talk: &Talk) {
    for finding in report.findings.iter().filter(|finding| finding.verdict != Verdict::Passed) {
        tell_finding(finding, talk);
    }
    let count = |state| report.count(state);
    let held_back = count(State::HeldBack);
    if held_back > 0 {
        talk.line(format!("nothing was published: {held_back} models are held back"));
    } else if report.models.iter().all(|model| model.state == State::Fresh) {
        talk.line(format!("nothing is stale: {} models are fresh", report.models.len()));
    } else if count(State::Published) > 0 {
        let held = report.findings.iter().filter(|finding| finding.verdict == Verdict::Passed).count();
        talk.line(format!("{} models published, {} fresh, {held} assertions hold", count(State::Published), count(State::Fresh)));
    }
}

fn tell_finding(finding: &Finding, talk: &Talk) {
    let ended = match (finding.verdict, finding.severity) {
        (Verdict::CouldNotRun, _) => "could not run".to_owned(),
        (_, Severity::Fail) => format!("fails, {} offending", finding.offending),
        (_, Severity::Error) => format!("is an error, {} offending", finding.offending),
        (_, Severity::Warn) => format!("warns, {} offending", finding.offending),
    };
    talk.line(format!("{} {ended}: {}", finding.name, finding.title));
    if let Some(detail) = &finding.detail {
        talk.line(format!("  {detail}"));
    }
    if let Some(Ok(rows)) = finding.sample.as_ref().map(|rows| output::table(rows, None)) {
        rows.lines().for_each(|line| talk.line(format!("  {line}")));
    }
    talk.line(format!("  remedy: {}", finding.remedy));
}
