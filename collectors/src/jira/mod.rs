//! Jira, Cloud and Data Center: the journal of requests.

pub mod config;

pub mod issues;

mod history;
mod journey;
mod moment;
mod statuses;

use base64::{Engine, prelude::BASE64_STANDARD};
use http::header;
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::OnceCell;

use crate::{
    collect::{CollectError, Context, Tally},
    doctor::{Patient, any_json},
    http::{ApiError, Client, Connection, Vendor},
    privacy::{Pseudonym, Pseudonyms},
    table::Table,
};

use self::statuses::Statuses;

pub use self::config::JiraConfig;

/// The tables of this source.
#[rustfmt::skip]
pub const TABLES: &[&Table] = &[
    &issues::TABLE,
];

const VENDOR: Vendor = Vendor { reset: "retry-after", remaining: "x-ratelimit-remaining", validate: None };

/// Jira as one run sees it, with its statuses, read once.
#[derive(Debug)]
pub struct Jira {
    settings: JiraConfig,
    client: Client,
    statuses: OnceCell<Statuses>,
}

/// Who asks.
#[derive(Debug)]
pub struct Credential {
    /// The account's address; Cloud only.
    pub email: Option<SecretString>,
    /// The API token (Cloud), or the personal access token (Data Center).
    pub token: SecretString,
}

impl Jira {
    /// Connects; no request is sent yet.
    ///
    /// # Errors
    /// When the address or the credential is not one.
    pub fn new(settings: &JiraConfig, credential: &Credential) -> Result<Self, ApiError> {
        let token = credential.token.expose_secret();
        let authorization = match &credential.email {
            Some(email) => format!("Basic {}", BASE64_STANDARD.encode(format!("{}:{token}", email.expose_secret()))),
            None => format!("Bearer {token}"),
        };
        let connection = Connection {
            api_url: &settings.url,
            key: "jira.url",
            credential: vec![(header::AUTHORIZATION, authorization.into())],
            accept: "application/json",
            concurrency: settings.concurrency,
            timeout_s: settings.timeout_s,
            max_wait_s: settings.max_wait_s,
        };
        Ok(Self { settings: settings.clone(), client: Client::new(&VENDOR, connection)?, statuses: OnceCell::new() })
    }

    /// Where the API begins.
    const fn root(&self) -> &'static str {
        self.settings.edition.root()
    }

    /// The statuses and what they mean. The request stands with the first project that needs them.
    async fn statuses(&self, tally: &Tally) -> Result<&Statuses, ApiError> {
        self.statuses.get_or_try_init(|| statuses::list(&self.client, self.root(), tally)).await
    }

    /// How the account is checked.
    pub(crate) fn patient(&self) -> Patient<'_> {
        Patient {
            source: "jira",
            reads: "jira",
            credential: Some(&self.settings.token_env),
            address_key: "jira.url",
            client: &self.client,
            prefix: self.root(),
            account: "/myself",
            read: any_json,
            words: vec![(
                "{search}",
                format!("{}?jql=project%20in%20({})", self.settings.edition.search(), self.settings.projects.join(",")),
            )],
            remedy: |table| format!("give the account `{}` in the configured projects", table.permission),
        }
    }
}

fn jira<'a>(context: &Context<'a>) -> Result<&'a Jira, CollectError> {
    context.sources.jira.as_ref().ok_or(CollectError::NotConfigured("jira"))
}

/// The pseudonym of an account, by its id (Cloud) or name (Data Center).
fn person(pseudonyms: &Pseudonyms, id: &str) -> Pseudonym {
    pseudonyms.of("jira", id)
}
