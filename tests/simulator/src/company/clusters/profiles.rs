//! How each service runs: what is wrong with it on purpose, what its pods are labelled with, where it runs and how often.

use crate::company::apportioned;
use crate::company::clusters::Flaw;
use crate::company::clusters::prices::GIB;
use crate::company::clusters::usage::{Container, Habit};
use crate::company::random::{self, long_tail, pick};
use crate::company::running::{self, Running};

/// What tells whose a pod is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Labels {
    /// The label that Kubernetes recommends.
    Recommended,
    /// That one, and that of the catalogue.
    Catalogued,
    /// `app`, as in the old days.
    App,
    /// The one that those who watch it ask for, with the name that they know it by.
    Watched,
    /// Nothing.
    Nothing,
}

/// How one service runs.
#[derive(Clone, Debug)]
pub(crate) struct Profile {
    /// What is wrong with it, or special about it.
    pub(crate) flaw: Option<Flaw>,
    /// What its pods are labelled with.
    pub(crate) labels: Labels,
    /// Whether they name a team as well.
    pub(crate) names_team: bool,
    /// Whether the total that is told of it is not the sum of its parts.
    pub(crate) misreported: bool,
    /// Whether somebody is named on its pods.
    pub(crate) names_person: bool,
    /// Whether everything that was ever applied is written on its pods.
    pub(crate) tells_applied: bool,
    /// How many pods it has in each of the two clusters, at night.
    pub(crate) replicas: [usize; 2],
    /// Whether it may be taken away at any time.
    pub(crate) on_spot: bool,
    /// Whether it was built for the other architecture as well.
    pub(crate) on_arm: bool,
    /// Whether each of its pods has a volume.
    pub(crate) keeps_state: bool,
    /// Whether its pods have a second container.
    pub(crate) has_sidecar: bool,
    /// Whether it has something to do every hour, every night, at each roll.
    pub(crate) sweeps: bool,
    pub(crate) nightly: bool,
    pub(crate) migrates: bool,
}

/// How each of so many services runs, with so many pods in all.
pub(super) fn profiles(seed: u64, services: usize, pods: usize) -> Vec<Profile> {
    let running = running::assign(seed, services);
    let weights: Vec<f64> = (0..services).map(|index| long_tail(&mut random::rng(seed, "replicas", &[index as u64]), 1.0, 0.6)).collect();
    let counts = apportioned(&weights, pods.saturating_sub(services));
    running.iter().zip(counts).enumerate().map(|(index, (running, more))| profile(seed, index, running, 1 + more)).collect()
}

fn profile(seed: u64, index: usize, running: &Running, pods: usize) -> Profile {
    let mut rng = random::rng(seed, "profile", &[index as u64]);
    let flaw = running.flaw;
    let is_plain = flaw.is_none() && running.labels != Labels::Nothing;
    let pods = match flaw {
        // By day, or for two days, there are more.
        Some(Flaw::Autoscaled) => (pods.div_ceil(2)).max(2),
        Some(Flaw::CostJump) => pods.clamp(3, 8),
        Some(Flaw::Gpu) => 1,
        _ => pods,
    };
    let replicas = match (index % 3, flaw) {
        (_, Some(Flaw::CostJump | Flaw::Gpu)) | (0, _) => [pods, 0],
        (1, _) => [0, pods],
        _ => [pods.div_ceil(2), pods / 2],
    };
    Profile {
        flaw,
        labels: running.labels,
        names_team: running.labels != Labels::Nothing && random::chance(&mut rng, 0.7),
        misreported: running.misreported,
        names_person: running.names_person,
        tells_applied: running.tells_applied,
        replicas,
        on_spot: is_plain && random::chance(&mut rng, 0.3),
        on_arm: flaw.is_none() && random::chance(&mut rng, 0.5),
        keeps_state: is_plain && index % 8 == 5,
        has_sidecar: index % 4 == 1,
        sweeps: is_plain && index % 10 == 2,
        nightly: is_plain && index % 10 == 6,
        migrates: is_plain && index % 8 == 3,
    }
}

impl Profile {
    /// Its main container: what it asks for, and what it needs of that.
    pub(crate) fn container(&self, seed: u64, index: usize) -> Container {
        let mut rng = random::rng(seed, "container", &[index as u64]);
        let mib = GIB / 1_024.0;
        let cpu = *pick(&mut rng, &[0.1, 0.2, 0.25, 0.25, 0.5, 0.75]);
        let ram = *pick(&mut rng, &[256.0, 384.0, 512.0, 768.0, 1_024.0, 1_536.0]) * mib;
        let (cpu_share, ram_share) = (0.45 + 0.20 * rng.f64(), 0.60 + 0.20 * rng.f64());
        let usual = Container {
            name: "main",
            cpu_request: cpu,
            cpu_limit: if rng.bool() { cpu * 4.0 } else { 0.0 },
            cpu_usage: cpu * cpu_share,
            ram_request: ram,
            ram_limit: ram * 1.5,
            ram_usage: ram * ram_share,
            gpus: 0.0,
            habit: Habit::Steady,
        };
        match self.flaw {
            Some(Flaw::OverProvisioned) => Container {
                cpu_request: cpu * 2.0 + 0.5,
                cpu_limit: 0.0,
                cpu_usage: (cpu * 2.0 + 0.5) * (0.05 + 0.08 * rng.f64()),
                ram_request: ram + 2.0 * GIB,
                ram_limit: ram + 2.0 * GIB,
                ram_usage: (ram + 2.0 * GIB) * (0.10 + 0.12 * rng.f64()),
                ..usual
            },
            Some(Flaw::OverProvisionedMemory) => {
                let ram = ram + 3.0 * GIB;
                Container { ram_request: ram, ram_limit: ram * 1.25, ram_usage: ram * (0.10 + 0.08 * rng.f64()), ..usual }
            }
            Some(Flaw::Bursty) => Container { cpu_limit: cpu * 2.5, cpu_usage: cpu * 0.6, habit: Habit::Bursty, ..usual },
            Some(Flaw::MemoryLimit) => Container { ram_limit: ram, habit: Habit::Greedy, ..usual },
            Some(Flaw::WithoutRequests) => Container {
                cpu_request: 0.0,
                cpu_limit: 0.0,
                cpu_usage: 0.12 + 0.1 * rng.f64(),
                ram_request: 0.0,
                ram_limit: 0.0,
                ram_usage: (250.0 + 200.0 * rng.f64()) * mib,
                ..usual
            },
            Some(Flaw::Gpu) => Container {
                cpu_request: 2.0,
                cpu_limit: 0.0,
                cpu_usage: 1.1,
                ram_request: 8.0 * GIB,
                ram_limit: 12.0 * GIB,
                ram_usage: 5.5 * GIB,
                gpus: 1.0,
                ..usual
            },
            // Enough to be noticed among others.
            Some(Flaw::CostJump) => Container {
                cpu_request: 0.5,
                cpu_limit: 0.0,
                cpu_usage: 0.3,
                ram_request: GIB,
                ram_limit: 1.5 * GIB,
                ram_usage: 0.7 * GIB,
                ..usual
            },
            // Nothing is wrong with what these ask for.
            Some(Flaw::Autoscaled | Flaw::VpaManaged | Flaw::Unlabelled | Flaw::TotalMisreported) | None => usual,
        }
    }
}

/// The second container of those that have one.
pub(super) const SIDECAR: Container = Container {
    name: "istio-proxy",
    cpu_request: 0.05,
    cpu_limit: 1.0,
    cpu_usage: 0.02,
    ram_request: 64.0 * 1_048_576.0,
    ram_limit: 256.0 * 1_048_576.0,
    ram_usage: 48.0 * 1_048_576.0,
    gpus: 0.0,
    habit: Habit::Steady,
};
