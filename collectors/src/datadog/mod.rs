//! Datadog: monitors, service level objectives and how they did, dashboards, synthetic tests, downtimes, service definitions, incidents.

pub mod config;
mod notify;
mod service_definition_wire;
mod tags;

pub mod dashboards;
pub mod downtimes;
pub mod incidents;
pub mod monitors;
pub mod service_definitions;
pub mod slo_history;
pub mod slos;
pub mod synthetic_tests;

use http::HeaderName;
use secrecy::SecretString;
use serde::Deserialize;
use tokio::sync::OnceCell;

use crate::{
    collect::{CollectError, Context, Parent, Tally},
    doctor::{Patient, any_json},
    http::{ApiError, Client, Connection, Item, List, Pages, Paging, Vendor, Whole, read_list},
    privacy::{Pseudonym, Pseudonyms},
    table::{Row, Table, Timestamp},
};

pub use self::config::DatadogConfig;

/// The tables of this source.
#[rustfmt::skip]
pub const TABLES: &[&Table] = &[
    &dashboards::TABLE,
    &downtimes::TABLE,
    &incidents::TABLE,
    &monitors::TABLE,
    &service_definitions::TABLE,
    &slo_history::TABLE,
    &slos::TABLE,
    &synthetic_tests::TABLE,
];

/// The account behind the keys, as the parent of what is read.
const PARENT: &str = "datadog";

const VENDOR: Vendor = Vendor { reset: "x-ratelimit-reset", remaining: "x-ratelimit-remaining", validate: Some("/api/v1/validate") };

/// Datadog as one run sees it.
#[derive(Debug)]
pub struct Datadog {
    settings: DatadogConfig,
    client: Client,
    /// The objectives are read once, for themselves and for their histories.
    slos: OnceCell<Result<Whole<slos::Wire>, ApiError>>,
}

impl Datadog {
    /// Connects with both keys; no request is sent yet.
    ///
    /// # Errors
    /// When the address or a key is not one.
    pub fn new(settings: &DatadogConfig, api_key: SecretString, app_key: SecretString) -> Result<Self, ApiError> {
        let connection = Connection {
            api_url: &settings.api_url,
            key: "datadog.api_url",
            credential: vec![(HeaderName::from_static("dd-api-key"), api_key), (HeaderName::from_static("dd-application-key"), app_key)],
            accept: "application/json",
            concurrency: settings.concurrency,
            timeout_s: settings.timeout_s,
            max_wait_s: settings.max_wait_s,
        };
        Ok(Self { settings: settings.clone(), client: Client::new(&VENDOR, connection)?, slos: OnceCell::new() })
    }

    /// A walk over a list.
    fn pages<'a>(&'a self, path: &str, paging: &'a Paging) -> Pages<'a> {
        Pages::new(&self.client, path, paging, self.settings.page_size)
    }

    /// The service level objectives: listed when they are first asked for, and counted there. An error is told to all who ask.
    async fn slos(&self, tally: &Tally) -> Result<&Whole<slos::Wire>, ApiError> {
        let read = || Whole::of(self.pages("/api/v1/slo", &slos::PAGING), tally);
        self.slos.get_or_init(read).await.as_ref().map_err(Clone::clone)
    }

    /// How the keys are checked.
    pub(crate) fn patient(&self) -> Patient<'_> {
        Patient {
            source: "datadog",
            reads: "datadog",
            credential: Some(&self.settings.app_key_env),
            address_key: "datadog.api_url",
            client: &self.client,
            prefix: "",
            account: "/api/v1/validate",
            read: any_json,
            words: Vec::new(),
            remedy: |table| format!("give the application key the scope `{}`, or leave it without scopes", table.permission),
        }
    }
}

/// Who made something. The name and the address that come along are not read.
#[derive(Debug, Deserialize)]
struct Creator {
    handle: Option<String>,
}

/// What something belongs to, as the newer endpoints tell it.
#[derive(Deserialize)]
struct Related {
    data: Option<RelatedId>,
}

#[derive(Deserialize)]
struct RelatedId {
    id: Option<String>,
}

fn datadog<'a>(context: &Context<'a>) -> Result<&'a Datadog, CollectError> {
    context.sources.datadog.as_ref().ok_or(CollectError::NotConfigured("datadog"))
}

fn parent() -> Parent {
    Parent { id: PARENT.to_owned(), name: PARENT.to_owned() }
}

/// Reads a list to its end as the rows of a table.
async fn read<T: Item, R: Row + Sync>(
    context: &Context<'_>,
    table: &'static Table,
    path: &str,
    paging: &Paging,
    rows: impl FnMut(T) -> Vec<R> + Send,
) -> Result<(), CollectError> {
    let pages = datadog(context)?.pages(path, paging);
    read_list(context, List { table, parent: parent(), pages }, rows).await
}

/// The pseudonym of a user, by handle or id.
fn person(pseudonyms: &Pseudonyms, handle: Option<&str>) -> Option<Pseudonym> {
    handle.filter(|handle| !handle.is_empty()).map(|handle| pseudonyms.of("datadog", handle))
}

/// Text that somebody wrote, without addresses of people.
fn mask(pseudonyms: &Pseudonyms, text: String) -> String {
    pseudonyms.mask("datadog", text)
}

fn creator(pseudonyms: &Pseudonyms, creator: Option<&Creator>) -> Option<Pseudonym> {
    person(pseudonyms, creator.and_then(|creator| creator.handle.as_deref()))
}

fn related_person(pseudonyms: &Pseudonyms, related: Option<&Related>) -> Option<Pseudonym> {
    person(pseudonyms, related.and_then(|related| related.data.as_ref()?.id.as_deref()))
}

/// A moment that is told in seconds since 1970.
const fn epoch(seconds: i64) -> Timestamp {
    Timestamp(seconds.saturating_mul(1_000_000))
}
