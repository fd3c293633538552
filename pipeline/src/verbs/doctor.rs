//! `almanac doctor`: whether each credential works, and what it may read.

use almanac_collectors::{
    doctor::{Checkup, Grant, GrantState},
    http::ApiErrorKind,
};
use arrow::datatypes::DataType;
use serde::Serialize;

use crate::{
    collecting::{self, Selection},
    connecting,
    exit::{Exit, Failure},
    output::{self, Format},
    progress::Talk,
};

use super::Global;

/// Options of the verb.
#[derive(clap::Args, Debug)]
pub(super) struct Args {
    /// Tables to check, such as github.pull_requests; all that are enabled when left out
    #[arg(long, value_delimiter = ',', value_name = "TABLE,…")]
    tables: Vec<String>,
    /// How to write it
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

/// One table under one credential.
#[derive(Debug, Serialize)]
struct Line<'a> {
    credential: &'a str,
    reads: &'a str,
    table: &'a str,
    permission: &'a str,
    state: &'static str,
    detail: Option<&'a str>,
    remedy: Option<&'a str>,
}

pub(super) async fn run(args: &Args, global: &Global, talk: &Talk) -> Result<Exit, Failure> {
    let (config, lake) = global.open()?;
    let tables = collecting::selected(&config, &Selection { tables: args.tables.clone(), ..Selection::default() })?;
    let sources = connecting::sources(&config, &collecting::source_names(&tables))?;
    match lake.check_writable().await {
        Ok(()) => talk.line(format!("the lake {} can be written", lake.url())),
        Err(error) => talk.line(Failure::from(error).report()),
    }
    let checkups = sources.examine(&tables).await;
    for checkup in &checkups {
        introduce(checkup, talk);
    }
    let columns = ["credential", "reads", "table", "permission", "state", "detail", "remedy"].map(|name| (name, DataType::Utf8));
    let lines: Vec<Line<'_>> = checkups.iter().flat_map(|checkup| checkup.grants.iter().map(|grant| line(checkup, grant))).collect();
    let rows = output::rows_of(&columns, &lines).map_err(output::OutputError::from)?;
    output::print(&rows, args.format)?;
    // What is to be done, each thing once, below the table where it is seen.
    let mut remedies: Vec<&str> = lines.iter().filter_map(|line| line.remedy).collect();
    remedies.sort_unstable();
    remedies.dedup();
    for remedy in &remedies {
        talk.line(format!("to do: {remedy}"));
    }
    let is_well =
        checkups.iter().all(|checkup| checkup.account.is_ok() && checkup.grants.iter().all(|grant| grant.state == GrantState::Granted));
    Ok(if is_well { Exit::Done } else { Exit::Failed })
}

fn line<'a>(checkup: &'a Checkup, grant: &'a Grant) -> Line<'a> {
    Line {
        credential: &checkup.credential,
        reads: &checkup.reads,
        table: &grant.table,
        permission: grant.permission,
        state: match grant.state {
            GrantState::Granted => "granted",
            GrantState::Refused => "refused",
            GrantState::Unknown => "unknown",
        },
        detail: grant.detail.as_deref(),
        remedy: grant.remedy.as_deref(),
    }
}

/// Who the credential is, and what is left of its limits.
fn introduce(checkup: &Checkup, talk: &Talk) {
    let Checkup { credential, reads, host, .. } = checkup;
    match &checkup.account {
        Ok(account) => talk.line(format!("`{credential}` for {reads}: reaches {host} {account}")),
        Err(error) => {
            let section = checkup.address_key.split('.').next().unwrap_or_default();
            let hint = match error.kind {
                ApiErrorKind::Unauthorized => format!("put another one into `{credential}`, or correct `[{section}]` in `almanac.toml`"),
                _ => format!("check `{}`, and that this machine may reach it (proxy, firewall)", checkup.address_key),
            };
            talk.line(format!("`{credential}` for {reads}: {error}\n  hint: {hint}"));
        }
    }
    if let Some(limits) = &checkup.limits {
        talk.line(format!("  left of its limits: {limits}"));
    }
}
