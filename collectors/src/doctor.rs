//! Whether each credential works and what it may read, in the same form for every source.

use std::sync::Arc;

use crate::{
    collect::Tally,
    http::{ApiError, ApiErrorKind, Client, Patience, Unread},
    opencost::OpenCost,
    sources::Sources,
    table::{Probe, Table},
};

/// How one credential stands.
#[derive(Debug)]
pub struct Checkup {
    /// The variable that holds it.
    pub credential: String,
    /// What it is to read: an organisation, or the source itself.
    pub reads: String,
    /// The host that was asked.
    pub host: String,
    /// The key of `almanac.toml` that names that host.
    pub address_key: &'static str,
    /// Who it is, in words that go on from "reaches the host", or why that could not be learned.
    pub account: Result<String, Arc<ApiError>>,
    /// What is left of its limits, in words, where that could be learned.
    pub limits: Option<String>,
    /// Table by table.
    pub grants: Vec<Grant>,
}

/// Whether a credential may read a table.
#[derive(Debug, PartialEq, Eq)]
pub struct Grant {
    /// Full name of the table.
    pub table: String,
    /// What the credential needs for it.
    pub permission: &'static str,
    /// Whether it has that.
    pub state: GrantState,
    /// What the vendor said.
    pub detail: Option<String>,
    /// What to change where it is refused.
    pub remedy: Option<String>,
}

/// Whether a permission is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GrantState {
    /// It is.
    Granted,
    /// It is not.
    Refused,
    /// It could not be found out.
    Unknown,
}

impl Grant {
    /// What the answer to a table's probe says; `remedy` is asked for what to do about a refusal.
    pub(crate) fn of(table: &Table, answer: Result<(), ApiError>, remedy: impl FnOnce() -> String) -> Self {
        let (state, detail) = match answer {
            Ok(()) => (GrantState::Granted, None),
            // The feature is off there: that is an answer, which only those get who may ask.
            Err(error) if error.kind == ApiErrorKind::Disabled => (GrantState::Granted, Some(error.message)),
            Err(error) if matches!(error.kind, ApiErrorKind::Forbidden | ApiErrorKind::NotFound | ApiErrorKind::Unauthorized) => {
                (GrantState::Refused, Some(error.message))
            }
            Err(error) => (GrantState::Unknown, Some(error.message)),
        };
        let remedy = (state == GrantState::Refused).then(remedy);
        Self { table: table.full_name(), permission: table.permission, state, detail, remedy }
    }
}

/// A source that is asked over the shared client, as its checkup sees it.
pub(crate) struct Patient<'a> {
    pub(crate) source: &'static str,
    /// What the credential is to read: the source, or a part of it with a credential of its own.
    pub(crate) reads: &'a str,
    pub(crate) credential: Option<&'a str>,
    pub(crate) address_key: &'static str,
    pub(crate) client: &'a Client,
    /// Below the configured address, before the path of each probe.
    pub(crate) prefix: &'static str,
    /// A request that whoever has a good credential may send.
    pub(crate) account: &'static str,
    /// How an answer is read: some say only inside that they are refusals.
    pub(crate) read: fn(String) -> Result<(), Unread>,
    /// What stands for a word in braces in probes, such as `{search}`.
    pub(crate) words: Vec<(&'static str, String)>,
    /// What to change where a permission is missing, in the words of the vendor's own pages.
    pub(crate) remedy: fn(&Table) -> String,
}

/// Reads an answer that is good whatever stands in it.
pub(crate) fn any_json(text: String) -> Result<(), Unread> {
    serde_json::from_str::<serde::de::IgnoredAny>(&text)?;
    Ok(())
}

impl Patient<'_> {
    /// A probe's path with its words filled in.
    fn filled(&self, path: &str) -> String {
        self.words.iter().fold(path.to_owned(), |path, (word, text)| path.replace(word, text))
    }

    /// Asks for the account, then for a little of each table.
    pub(crate) async fn examine(&self, tables: &[&'static Table]) -> Checkup {
        let tally = Tally::default();
        // Somebody waits for the end of it.
        let ask = async |path: &str| {
            let path = format!("{}{path}", self.prefix);
            self.client.get_owned(&path, Patience::AT_ONCE, &tally, self.read).await
        };
        let known = self.credential.map_or("without a credential", |_| "with a credential that is good");
        let account = ask(self.account).await.map(|()| known.to_owned()).map_err(|error| match error.kind {
            ApiErrorKind::Forbidden => ApiError { kind: ApiErrorKind::Unauthorized, ..error },
            _ => error,
        });
        let mut checkup = Checkup {
            credential: self.credential.unwrap_or("no credential").to_owned(),
            reads: self.reads.to_owned(),
            host: self.client.host().to_owned(),
            address_key: self.address_key,
            account: account.map_err(Arc::new),
            limits: None,
            grants: Vec::new(),
        };
        if checkup.account.is_ok() {
            for table in tables.iter().filter(|table| table.source == self.source) {
                let answer = match table.probe {
                    Probe::Rest(path) => ask(&self.filled(path)).await.map_err(|error| match error.kind {
                        // What may not be seen cannot be searched for either.
                        ApiErrorKind::Unexpected if path.contains("{search}") => ApiError { kind: ApiErrorKind::Forbidden, ..error },
                        _ => error,
                    }),
                    Probe::Organization(_) | Probe::Repository(_) | Probe::Nothing => Ok(()),
                };
                checkup.grants.push(Grant::of(table, answer, || (self.remedy)(table)));
            }
        }
        checkup
    }
}

impl Sources {
    /// Examines every credential of every source.
    pub async fn examine(&self, tables: &[&'static Table]) -> Vec<Checkup> {
        let mut checkups = Vec::new();
        if let Some(datadog) = &self.datadog {
            checkups.push(datadog.patient().examine(tables).await);
        }
        if let Some(github) = &self.github {
            let of_github: Vec<_> = tables.iter().copied().filter(|table| table.source == "github").collect();
            checkups.extend(github.examine(&of_github).await.into_iter().map(Checkup::from));
        }
        if let Some(jira) = &self.jira {
            checkups.push(jira.patient().examine(tables).await);
        }
        for cluster in self.opencost.iter().flat_map(OpenCost::patients) {
            checkups.push(cluster.examine(tables).await);
        }
        if let Some(pagerduty) = &self.pagerduty {
            checkups.push(pagerduty.patient().examine(tables).await);
        }
        checkups
    }
}
