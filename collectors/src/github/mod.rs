//! GitHub: repositories, their settings, files and protection, teams, alerts, pull requests, workflow runs, deployments and releases.
//!
//! Only this folder names octocrab. [`client`] is the one HTTP layer; every other file is a table.

mod alerts;
mod batch;
pub mod client;
pub mod config;
pub mod doctor;
mod file_path;
mod history;
mod listing;
mod masking;
mod newest_first;
mod protection;
mod protection_wire;
mod pull_request_wire;
mod security;
mod walk;

pub mod branch_protection_rules;
pub mod code_scanning_alerts;
pub mod dependabot_alerts;
pub mod deployments;
pub mod pull_request_reviews;
pub mod pull_requests;
pub mod releases;
pub mod repositories;
pub mod repository_files;
pub mod repository_properties;
pub mod repository_rulesets;
pub mod rulesets;
pub mod secret_scanning_alerts;
pub mod team_members;
pub mod team_repositories;
pub mod teams;
pub mod workflow_runs;

use std::sync::Arc;

use tokio::sync::OnceCell;

use crate::{
    collect::{CollectError, Context, Outcome, Parent, Tally},
    privacy::{Pseudonym, Pseudonyms},
    table::{Size, Table},
};

use self::{client::Client, listing::Organization};

pub use self::{
    client::{Account, AccountKind, Allowance, Allowances, ApiError, ApiErrorKind, Credential, Secret},
    config::GithubConfig,
    doctor::{Checkup, Grant, GrantState},
};

/// The tables of this source.
#[rustfmt::skip]
pub const TABLES: &[&Table] = &[
    &branch_protection_rules::TABLE,
    &code_scanning_alerts::TABLE,
    &dependabot_alerts::TABLE,
    &deployments::TABLE,
    &pull_request_reviews::TABLE,
    &pull_requests::TABLE,
    &releases::TABLE,
    &repositories::TABLE,
    &repository_files::TABLE,
    &repository_properties::TABLE,
    &repository_rulesets::TABLE,
    &rulesets::TABLE,
    &secret_scanning_alerts::TABLE,
    &team_members::TABLE,
    &team_repositories::TABLE,
    &teams::TABLE,
    &workflow_runs::TABLE,
];

/// GitHub as one run sees it: its organisations, each with a client, and the list of repositories that every walk starts from, read once.
#[derive(Debug)]
pub struct Github {
    settings: GithubConfig,
    clients: Vec<Client>,
    listing: OnceCell<Vec<Organization>>,
}

impl Github {
    /// Connects with these credentials; no request is sent yet.
    ///
    /// # Errors
    /// When an address or a secret is not one.
    pub fn new(settings: &GithubConfig, credentials: &[Credential]) -> Result<Self, ApiError> {
        let clients = Client::for_organizations(settings, credentials)?;
        Ok(Self { settings: settings.clone(), clients, listing: OnceCell::new() })
    }

    /// The configured organisations, each with its client.
    fn organizations(&self) -> impl Iterator<Item = (&str, &Client)> {
        self.settings.organizations.iter().map(String::as_str).zip(&self.clients)
    }

    /// The configured organisations with their repositories, as of the start of this run.
    ///
    /// An organisation that cannot be listed is among them, with the reason.
    async fn listing(&self) -> Result<&[Organization], CollectError> {
        let listing = self.listing.get_or_try_init(async || -> Result<_, ApiError> {
            let mut organizations = Vec::with_capacity(self.clients.len());
            for (login, client) in self.organizations() {
                organizations.push(listing::list(client, login).await?);
            }
            Ok(organizations)
        });
        Ok(listing.await?)
    }
}

impl Github {
    /// How much there is to read, by the list of repositories that a run reads anyhow.
    ///
    /// # Errors
    /// When the credential is refused.
    pub async fn size(&self) -> Result<Size, CollectError> {
        let mut size = Size { organizations: self.clients.len() as u64, ..Size::default() };
        for repository in self.listing().await?.iter().flat_map(|organization| organization.repositories.iter().flatten()) {
            size.repositories += 1;
            size.active_repositories += u64::from(!repository.is_archived && !repository.is_empty);
            size.pull_requests += repository.pull_requests.as_ref().map_or(0, |all| all.total_count as u64);
        }
        Ok(size)
    }
}

fn github<'a>(context: &Context<'a>) -> Result<&'a Github, CollectError> {
    context.github.ok_or(CollectError::NotConfigured("github"))
}

/// The pseudonym of an account; a ghost (a deleted account) has none.
fn person(pseudonyms: &Pseudonyms, login: Option<&str>) -> Option<Pseudonym> {
    login.map(|login| pseudonyms.of("github", login))
}

/// The organisation as the parent of an org-level read.
fn organization_parent(login: &str) -> Parent {
    Parent { id: login.to_lowercase(), name: login.to_owned() }
}

impl From<ApiError> for CollectError {
    /// A refused credential ends the source; anything else ends what was being read.
    fn from(error: ApiError) -> Self {
        match error.kind {
            ApiErrorKind::Unauthorized => Self::Unauthorized { host: error.host.clone(), source: error.into() },
            _ => Self::Source { what: error.what.clone(), source: error.into() },
        }
    }
}

/// An error that several walks meet, since they share the listing.
type SharedError = Arc<ApiError>;

/// Why a walk stopped before its end.
enum Stopped {
    /// GitHub did not answer: the parent's outcome says so, and the next parent follows.
    Api(ApiError),
    /// The rows cannot be stored: nothing more can be read.
    Sink(CollectError),
}

impl From<ApiError> for Stopped {
    fn from(error: ApiError) -> Self {
        Self::Api(error)
    }
}

impl From<CollectError> for Stopped {
    fn from(error: CollectError) -> Self {
        Self::Sink(error)
    }
}

/// The outcome of a walk. A refused credential is an error, because it holds for everything that would follow.
fn outcome_of(walk: Result<(), Stopped>, tally: &Tally) -> Result<Outcome, CollectError> {
    match walk {
        Ok(()) => Ok(tally.complete()),
        Err(Stopped::Api(error)) if error.kind == ApiErrorKind::Unauthorized => Err(error.into()),
        Err(Stopped::Api(error)) => Ok(tally.ended(error.status(), Some(error.message))),
        Err(Stopped::Sink(error)) => Err(error),
    }
}
