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
pub mod pull_request_commits;
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

use tokio::sync::OnceCell;

use crate::{
    collect::{CollectError, Context, Parent},
    http::{ApiError, ApiErrorKind, SharedError, Stopped, outcome_of},
    privacy::{Pseudonym, Pseudonyms},
    table::{Size, Table},
};

use self::{client::Client, listing::Organization};

pub use self::{
    client::{Account, AccountKind, Allowance, Allowances, Credential, Secret},
    config::GithubConfig,
    doctor::Checkup,
};

/// The tables of this source.
#[rustfmt::skip]
pub const TABLES: &[&Table] = &[
    &branch_protection_rules::TABLE,
    &code_scanning_alerts::TABLE,
    &dependabot_alerts::TABLE,
    &deployments::TABLE,
    &pull_request_commits::TABLE,
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
    context.sources.github.as_ref().ok_or(CollectError::NotConfigured("github"))
}

/// The pseudonym of an account; a ghost (a deleted account) has none.
fn person(pseudonyms: &Pseudonyms, login: Option<&str>) -> Option<Pseudonym> {
    login.map(|login| pseudonyms.of("github", login))
}

/// The organisation as the parent of an org-level read.
fn organization_parent(login: &str) -> Parent {
    Parent { id: login.to_lowercase(), name: login.to_owned() }
}
