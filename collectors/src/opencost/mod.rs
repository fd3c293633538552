//! OpenCost: what each cluster costs, by container and by what the cluster is made of.

pub mod config;

pub mod allocation_steps;
pub mod allocations;
pub mod assets;

mod entry;
mod spans;
mod values;
mod wire;

#[cfg(test)]
mod tests;

use std::sync::atomic::{AtomicUsize, Ordering};

use http::header;
use secrecy::{ExposeSecret, SecretString};

use crate::{
    collect::{CollectError, Context, Parent},
    doctor::Patient,
    http::{ApiError, Client, Connection, Patience, Vendor},
    table::Table,
};

use self::{
    config::{Edition, Step},
    wire::{Answer, Data},
};

pub use self::config::{ClusterConfig, OpenCostConfig};

/// The tables of this source.
#[rustfmt::skip]
pub const TABLES: &[&Table] = &[
    &allocation_steps::TABLE,
    &allocations::TABLE,
    &assets::TABLE,
];

/// It has no limits of its own; what stands in front of it may have.
const VENDOR: Vendor = Vendor { reset: "ratelimit-reset", remaining: "ratelimit-remaining", validate: None };

/// What did not come when it was asked for before.
const ONCE: Patience = Patience { tries: 1, timeouts: 1 };
/// Clusters that are read side by side: each holds a whole answer in memory.
const CLUSTERS: usize = 4;
/// How much of an entry's key is told where it could not be stored [letters].
const LONGEST_KEY: usize = 120;

/// The clusters as one run sees them.
#[derive(Debug)]
pub struct OpenCost {
    settings: OpenCostConfig,
    clusters: Vec<Cluster>,
}

/// One cluster.
#[derive(Debug)]
struct Cluster {
    name: String,
    edition: Edition,
    token_env: Option<String>,
    client: Client,
    /// The most steps that are answered at once, as far as is known; from one day to the next it stays what it was found to be.
    bearable: AtomicUsize,
    /// Each of its two interfaces may answer without the other.
    allocations: Silence,
    assets: Silence,
}

/// How often in a row no answer came, though as little as can be was asked for; it goes on from one day to the next.
#[derive(Debug, Default)]
struct Silence(AtomicUsize);

impl OpenCost {
    /// Connects to each cluster, with the token that belongs to it; no request is sent yet.
    ///
    /// # Errors
    /// When an address or a token is none.
    pub fn new(settings: &OpenCostConfig, mut token: impl FnMut(&ClusterConfig) -> Option<SecretString>) -> Result<Self, ApiError> {
        let connect = |cluster: &ClusterConfig| {
            let bearer = token(cluster).map(|token| (header::AUTHORIZATION, format!("Bearer {}", token.expose_secret()).into()));
            let connection = Connection {
                api_url: &cluster.url,
                key: "opencost.clusters",
                credential: bearer.into_iter().collect(),
                accept: "application/json",
                // Each answer is worked out from Prometheus, which others need as well.
                concurrency: 1,
                timeout_s: settings.timeout_s,
                max_wait_s: settings.max_wait_s,
            };
            let client = Client::new(&VENDOR, connection)?;
            let (name, token_env) = (cluster.name.clone(), cluster.token_env.clone());
            // Where a step is a day, it is the smallest thing that can be asked for.
            let steps = if settings.step == Step::Hour { settings.hours_per_request } else { 1 };
            let bearable = AtomicUsize::new(usize::try_from(steps).unwrap_or(usize::MAX));
            let (allocations, assets) = (Silence::default(), Silence::default());
            Ok(Cluster { name, edition: cluster.edition, token_env, client, bearable, allocations, assets })
        };
        let clusters = settings.clusters.iter().map(connect).collect::<Result<_, ApiError>>()?;
        Ok(Self { settings: settings.clone(), clusters })
    }

    /// How each cluster is checked.
    pub(crate) fn patients(&self) -> impl Iterator<Item = Patient<'_>> {
        self.clusters.iter().map(Cluster::patient)
    }
}

impl Cluster {
    fn patient(&self) -> Patient<'_> {
        Patient {
            source: "opencost",
            reads: &self.name,
            credential: self.token_env.as_deref(),
            address_key: "opencost.clusters",
            client: &self.client,
            prefix: "",
            account: self.edition.greeting(),
            read: |text| Answer::read(text, Data::Parts).map(drop),
            words: vec![("{allocations}", self.edition.allocations().to_owned()), ("{assets}", self.edition.assets().to_owned())],
            remedy: |table| format!("let this machine {}, and whoever stands in front of it let it pass", table.permission),
        }
    }

    fn parent(&self) -> Parent {
        Parent { id: self.name.clone(), name: self.name.clone() }
    }

    /// The most steps to ask for at once.
    fn bearable(&self) -> usize {
        self.bearable.load(Ordering::Relaxed)
    }

    /// Notes that more than so many steps were too much.
    fn bears(&self, steps: usize) {
        self.bearable.store(steps, Ordering::Relaxed);
    }
}

impl Silence {
    /// How long to go on asking: whoever waits for a cluster that is down has waited once, and not again for every day.
    fn patience(&self, patience: Patience) -> Patience {
        if self.0.load(Ordering::Relaxed) > 0 { ONCE } else { patience }
    }

    /// Notes whether an answer came, and says how often in a row none has by now.
    fn note(&self, is_answered: bool) -> usize {
        // Each cluster is asked for one thing at a time.
        let times = if is_answered { 0 } else { self.0.load(Ordering::Relaxed) + 1 };
        self.0.store(times, Ordering::Relaxed);
        times
    }
}

fn opencost<'a>(context: &Context<'a>) -> Result<&'a OpenCost, CollectError> {
    context.sources.opencost.as_ref().ok_or(CollectError::NotConfigured("opencost"))
}
