//! GitHub: repositories and their settings, alerts, pull requests and reviews.
//!
//! Only this folder names octocrab. [`client`] is the one HTTP layer; every other file is a table.

pub mod client;
pub mod config;
mod listing;
mod pull_request_wire;

pub mod dependabot_alerts;
pub mod pull_request_reviews;
pub mod pull_requests;
pub mod repositories;
pub mod repository_properties;

use std::sync::Arc;

use tokio::sync::OnceCell;

use crate::{
    collect::{CollectError, Context, Outcome, Parent, Tally},
    privacy::{Pseudonym, Pseudonyms},
    table::Table,
};

use self::{client::Client, listing::Organization};

pub use self::{
    client::{ApiError, ApiErrorKind},
    config::GithubConfig,
};

/// The tables of this source.
#[rustfmt::skip]
pub const TABLES: &[&Table] = &[
    &dependabot_alerts::TABLE,
    &pull_request_reviews::TABLE,
    &pull_requests::TABLE,
    &repositories::TABLE,
    &repository_properties::TABLE,
];

/// GitHub as one run sees it: the client, and the list of repositories that every walk starts from, read once.
#[derive(Debug)]
pub struct Github {
    client: Client,
    organizations: Vec<String>,
    listing: OnceCell<Vec<Organization>>,
}

impl Github {
    /// Connects with a token; no request is sent yet.
    ///
    /// # Errors
    /// When an address is not one.
    pub fn new(config: &GithubConfig, token: secrecy::SecretString) -> Result<Self, ApiError> {
        Ok(Self { client: Client::new(config, token)?, organizations: config.organizations.clone(), listing: OnceCell::new() })
    }

    /// The configured organisations with their repositories, as of the start of this run.
    ///
    /// An organisation that cannot be listed is among them, with the reason.
    async fn listing(&self) -> Result<&[Organization], CollectError> {
        let listing = self.listing.get_or_try_init(async || -> Result<_, ApiError> {
            let mut organizations = Vec::with_capacity(self.organizations.len());
            for login in &self.organizations {
                organizations.push(listing::list(&self.client, login).await?);
            }
            Ok(organizations)
        });
        Ok(listing.await?)
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
