//! PagerDuty: services, escalation policies, who is on call, incidents and their logs.

pub mod config;

pub mod escalation_policies;
pub mod incident_log_entries;
pub mod incidents;
pub mod oncalls;
pub mod services;

mod coverage;
mod parts;

use http::header;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use tokio::sync::OnceCell;

use crate::{
    collect::{CollectError, Context, Parent, Tally},
    doctor::{Patient, any_json},
    http::{ApiError, Client, Connection, Counts, End, Pages, Paging, Vendor, Whole},
    privacy::{Pseudonym, Pseudonyms},
    table::Table,
};

use self::escalation_policies::Policy;

pub use self::config::PagerDutyConfig;

/// The tables of this source.
#[rustfmt::skip]
pub const TABLES: &[&Table] = &[
    &escalation_policies::TABLE,
    &incident_log_entries::TABLE,
    &incidents::TABLE,
    &oncalls::TABLE,
    &services::TABLE,
];

/// The account behind the key, as the parent of what is read.
const PARENT: &str = "pagerduty";

/// How every list is paged.
const fn paging(items: &'static str) -> Paging {
    Paging { size: "limit", most: 100, place: "offset", counts: Counts::Items, items, end: End::More("/more") }
}

const VENDOR: Vendor = Vendor { reset: "ratelimit-reset", remaining: "ratelimit-remaining", validate: None };

/// PagerDuty as one run sees it, with the list of escalation policies, read once.
#[derive(Debug)]
pub struct PagerDuty {
    settings: PagerDutyConfig,
    client: Client,
    policies: OnceCell<Whole<Policy>>,
}

impl PagerDuty {
    /// Connects with a key; no request is sent yet.
    ///
    /// # Errors
    /// When the address or the key is not one.
    pub fn new(settings: &PagerDutyConfig, token: &SecretString) -> Result<Self, ApiError> {
        let connection = Connection {
            api_url: &settings.api_url,
            key: "pagerduty.api_url",
            credential: vec![(header::AUTHORIZATION, format!("Token token={}", token.expose_secret()).into())],
            accept: "application/vnd.pagerduty+json;version=2",
            concurrency: settings.concurrency,
            timeout_s: settings.timeout_s,
            max_wait_s: settings.max_wait_s,
        };
        Ok(Self { settings: settings.clone(), client: Client::new(&VENDOR, connection)?, policies: OnceCell::new() })
    }

    /// A walk over a list.
    fn pages<'a>(&'a self, path: &str, paging: &'a Paging) -> Pages<'a> {
        Pages::new(&self.client, path, paging, paging.most)
    }

    /// The escalation policies as of the start of this run. The requests stand with the first who asks.
    async fn policies(&self, tally: &Tally) -> Result<&Whole<Policy>, ApiError> {
        self.policies.get_or_try_init(|| Whole::of(self.pages("/escalation_policies", &escalation_policies::PAGING), tally)).await
    }

    /// How the key is checked.
    pub(crate) fn patient(&self) -> Patient<'_> {
        Patient {
            source: "pagerduty",
            reads: "pagerduty",
            credential: Some(&self.settings.token_env),
            address_key: "pagerduty.api_url",
            client: &self.client,
            prefix: "",
            account: "/abilities",
            read: any_json,
            words: Vec::new(),
            remedy: |table| format!("make a read-only REST API key, or one whose user has `{}`", table.permission),
        }
    }
}

fn pagerduty<'a>(context: &Context<'a>) -> Result<&'a PagerDuty, CollectError> {
    context.sources.pagerduty.as_ref().ok_or(CollectError::NotConfigured("pagerduty"))
}

fn parent() -> Parent {
    Parent { id: PARENT.to_owned(), name: PARENT.to_owned() }
}

/// Something that is named by what belongs to it.
#[derive(Debug, Deserialize)]
struct Reference {
    id: String,
    #[serde(rename = "type")]
    kind: Option<String>,
    summary: Option<String>,
}

impl Reference {
    /// What it is: a user is the same in full and by reference.
    fn kind(&self) -> Option<&str> {
        self.kind.as_deref().map(|kind| kind.trim_end_matches("_reference"))
    }

    fn is_user(&self) -> bool {
        self.kind() == Some("user")
    }
}

/// The ids of what a list names; a list that is null is an empty one.
fn ids(references: Option<&[Reference]>) -> Vec<String> {
    references.unwrap_or_default().iter().map(|reference| reference.id.clone()).collect()
}

/// A name that somebody gave, without addresses of people: what mail comes in by is often called by its address.
fn mask(pseudonyms: &Pseudonyms, name: String) -> String {
    pseudonyms.mask("pagerduty", name)
}

/// The pseudonym of a user, by id.
fn person(pseudonyms: &Pseudonyms, id: &str) -> Pseudonym {
    pseudonyms.of("pagerduty", id)
}
