//! `almanac plan`: what collecting will take of the rate limits, before it starts.

use almanac_collectors::github::Checkup;
use arrow::datatypes::DataType;

use crate::{
    collecting::{self, Selection},
    connecting,
    exit::{Exit, Failure, one_line},
    output::{self, Format},
    planning::{self, Estimate},
    progress::Talk,
};

use super::Global;

/// Options of the verb.
#[derive(clap::Args, Debug)]
pub(super) struct Args {
    /// Tables to plan for, such as github.pull_requests; all that are enabled when left out
    #[arg(long, value_delimiter = ',', value_name = "TABLE,…")]
    tables: Vec<String>,
    /// How to write it
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

pub(super) async fn run(args: &Args, global: &Global, talk: &Talk) -> Result<Exit, Failure> {
    let (config, lake) = global.open()?;
    let tables = collecting::selected(&config, &Selection { tables: args.tables.clone(), ..Selection::default() })?;
    let sources = connecting::sources(&config, &collecting::source_names(&tables))?;
    let listing = lake.listing().await?;
    let past = planning::past(&lake, &listing, &tables).await?;
    let estimates = planning::estimate(&past, sources.github.as_ref(), &tables)
        .await
        .map_err(|error| Failure::new(Exit::Failed, error).hint("`almanac doctor` tells which credential that is, and what to do"))?;

    let columns = [
        ("table", DataType::Utf8),
        ("api", DataType::Utf8),
        ("requests", DataType::UInt64),
        ("points", DataType::UInt64),
        ("basis", DataType::Utf8),
    ];
    let rows = output::rows_of(&columns, &estimates).map_err(output::OutputError::from)?;
    output::print(&rows, args.format)?;
    if let (Some(github), Some(settings)) = (&sources.github, &config.github) {
        compare(&estimates, &github.examine(&[]).await, settings.reserve, talk);
    }
    Ok(Exit::Done)
}

/// The sums against what is left, each credential's limit kept in part for others.
fn compare(estimates: &[Estimate], checkups: &[Checkup], reserve: f64, talk: &Talk) {
    for api in ["rest", "graphql"] {
        let of_api = || estimates.iter().filter(|estimate| estimate.api == api);
        let needed: u64 = of_api().filter_map(|estimate| estimate.points.or(estimate.requests)).sum();
        let unknown = of_api().filter(|estimate| estimate.requests.is_none()).count();
        let mut usable = 0;
        let mut seen = Vec::new();
        for checkup in checkups {
            let Some(allowances) = &checkup.allowances else {
                let reason = checkup.account.as_ref().err().map(|error| one_line(error.as_ref())).unwrap_or_default();
                talk.line(format!(
                    "`{}` for {}: what is left of its limits cannot be learned {reason}",
                    checkup.credential, checkup.organization
                ));
                continue;
            };
            let allowance = if api == "rest" { allowances.rest } else { allowances.graphql };
            // A token that reads several organisations has one limit.
            let is_app = checkup.account.as_ref().is_ok_and(|account| account.is_app());
            let one =
                if is_app { format!("`{}` for {}", checkup.credential, checkup.organization) } else { format!("`{}`", checkup.credential) };
            if !seen.contains(&one) {
                let kept = reserved(allowance.limit, reserve);
                usable += allowance.remaining.saturating_sub(kept);
                let (limit, remaining, resets_at) = (allowance.limit, allowance.remaining, allowance.resets_at.format("%H:%M"));
                talk.line(format!("{one}: {remaining} of {limit} {api} points left until {resets_at} UTC, {kept} of them kept for others"));
                seen.push(one);
            }
        }
        let more = if unknown > 0 { format!(", and {unknown} tables of which nothing is known") } else { String::new() };
        let verdict = if needed <= usable {
            "fits"
        } else {
            "does not fit: the run waits for the limit, or stops cleanly before it and goes on next time"
        };
        talk.line(format!("{api}: {needed} points needed{more}, {usable} usable: {verdict}"));
    }
}

/// At most a day's points: exact in a float.
fn reserved(limit: u64, reserve: f64) -> u64 {
    (limit as f64 * reserve).floor() as u64
}
