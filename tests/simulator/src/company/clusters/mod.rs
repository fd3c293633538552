//! The two clusters that the services run on: which machines, which pods on them, what those use and what all of it costs.
//!
//! Who runs where is drawn once. What an hour was like is worked out when somebody asks, from the pod and the hour alone: ninety days
//! of hours are never stored. The arithmetic is honest: the parts of a machine cost what the machine costs, a container costs what is
//! allocated to it, which is the greater of what it asked for and what it used, and what is left of a machine is idle. So what the
//! entries of an hour cost is what the machines, disks, load balancers, network and management of that hour cost ([`books`]).

pub(crate) mod books;
pub(crate) mod costs;
pub(crate) mod hours;
pub(crate) mod names;
pub(crate) mod nodes;
mod placing;
pub(crate) mod prices;
pub(crate) mod profiles;
#[cfg(test)]
mod tests;
pub(crate) mod usage;
pub(crate) mod workloads;

use crate::company::clusters::nodes::Node;
use crate::company::clusters::placing::Placing;
use crate::company::clusters::prices::GIB;
use crate::company::clusters::profiles::{Labels, Profile};
use crate::company::clusters::workloads::Workload;
use crate::company::{Company, DAY, Period};

/// Seconds of an hour.
pub(crate) const HOUR: i64 = 3_600;
/// Hours of a day.
pub(crate) const HOURS: i64 = 24;
/// Pods that a service has on average, where nobody asked for a number.
const PODS_PER_SERVICE: usize = 10;
/// How many of a hundred pods are the services' own; the others keep the clusters going, or come and go.
const OWN: usize = 77;
/// Hours until what was measured can be asked for.
const LAG: i64 = 3;
/// Hours after the end of a day at which its bill comes: adjustments, and what network cost.
const BILLED_AFTER: i64 = 36;

/// What is wrong on purpose with how a service runs, or special about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Flaw {
    /// It asks for many times the CPU and memory that it uses.
    OverProvisioned,
    /// It asks for many times the memory that it uses, and for the right CPU.
    OverProvisionedMemory,
    /// It uses more CPU than it asked for in one hour of five.
    Bursty,
    /// Its memory reaches its limit now and then, and it is killed for that.
    MemoryLimit,
    /// It has twice as many pods by day.
    Autoscaled,
    /// Something else sets what it asks for, and says so in an annotation.
    VpaManaged,
    /// It asks for nothing.
    WithoutRequests,
    /// It has three times as many pods from three days before the start on, for two days.
    CostJump,
    /// It alone has the GPU.
    Gpu,
    /// Nothing on its pods tells whose they are.
    Unlabelled,
    /// The total that is told of it is two in a hundred more than its parts.
    TotalMisreported,
}

/// What is told of an hour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Told {
    /// What there was.
    Everything,
    /// `null`: not yet, or never.
    Null,
    /// A step without entries.
    Nothing,
}

/// A place for a pod on a node. Which pod has it changes with rolls, and with the machine.
pub(crate) struct Place {
    /// Index of the workload.
    pub(crate) workload: usize,
    /// Its number among the pods of its workload.
    pub(crate) ordinal: usize,
    /// Index of the node.
    pub(crate) node: usize,
    /// What it uses is drawn from this.
    pub(crate) draw: u64,
}

/// A volume or a load balancer that no pod has.
pub(crate) struct Loose {
    /// The namespace of the claim that has the volume, if one is known.
    pub(crate) namespace: Option<&'static str>,
    /// The claim, for a volume.
    pub(crate) claim: &'static str,
    /// Bytes of the volume.
    pub(crate) volume: f64,
    /// How many load balancers.
    pub(crate) balancers: usize,
    /// Whether it is told as a load balancer, and not as what nothing mounts.
    pub(crate) is_balancer: bool,
}

/// A cluster.
pub(crate) struct Cluster {
    /// Its place among the clusters.
    pub(crate) index: usize,
    /// What the company calls it.
    pub(crate) name: &'static str,
    /// Its machines' places.
    pub(crate) nodes: Vec<Node>,
    /// What runs.
    pub(crate) workloads: Vec<Workload>,
    /// Where it runs: the places on the first node first.
    pub(crate) places: Vec<Place>,
    /// What no pod has.
    pub(crate) loose: Vec<Loose>,
    seed: u64,
    period: Period,
}

/// What the clusters are called by those who have more than one. Both call themselves [`ITSELF`].
const NAMES: [&str; 2] = ["quayside", "headland"];
/// What each of them calls itself.
pub(crate) const ITSELF: &str = "cluster-one";

/// The clusters of a company, and how each of its services runs there.
pub(crate) struct Clusters {
    /// The clusters.
    pub(crate) all: Vec<Cluster>,
    /// How each service runs, in their order.
    pub(crate) profiles: Vec<Profile>,
}

impl Clusters {
    /// Draws them.
    pub(super) fn draw(company: &Company) -> Clusters {
        let services = company.services();
        let pods = company.wanted.pods.unwrap_or(services.len() * PODS_PER_SERVICE);
        let profiles = profiles::profiles(company.seed, services.len(), pods * OWN / 100);
        let all = (0..NAMES.len()).map(|index| Cluster::draw(company, &profiles, index)).collect();
        Clusters { all, profiles }
    }
}

impl Cluster {
    fn draw(company: &Company, profiles: &[Profile], index: usize) -> Cluster {
        let surge = Cluster::jump(&company.period);
        let mut placing = Placing::new(company.seed, index, surge, workloads::system(index));
        let parts = company.services().iter().zip(profiles);
        let mut workloads: Vec<Workload> =
            parts.flat_map(|(service, profile)| workloads::of_service(company, service, profile, index)).collect();
        if let Some(service) = company.services().get(index) {
            workloads.push(workloads::by_hand(company, service, index));
        }
        placing.place(workloads, profiles);
        // Only then, so that everything else lies where it would without it.
        if index == 1 && !company.services().is_empty() {
            placing.place(vec![workloads::uncatalogued(company)], profiles);
        }
        let (nodes, workloads, places) = placing.done();
        let unmounted = Loose { namespace: None, claim: "", volume: 120.0 * GIB, balancers: 1, is_balancer: false };
        let loose = match index {
            0 => vec![
                Loose {
                    namespace: Some("oil-and-spares"),
                    claim: "ledger-before-the-flood",
                    volume: 200.0 * GIB,
                    balancers: 0,
                    ..unmounted
                },
                Loose { volume: 0.0, ..unmounted },
            ],
            _ => {
                vec![Loose { balancers: 0, ..unmounted }, Loose { namespace: Some("weather"), volume: 0.0, is_balancer: true, ..unmounted }]
            }
        };
        Cluster { index, name: NAMES[index], nodes, workloads, places, loose, seed: company.seed, period: company.period }
    }

    /// The hours of the two days at which one service costs three times as much.
    fn jump(period: &Period) -> (i64, i64) {
        let day = period.now.div_euclid(DAY) - 3;
        (day * HOURS, (day + 2) * HOURS)
    }

    /// The hour of which nothing is ever told, though it cost as much as others, and whether as `null` or as an empty step.
    pub(crate) fn lost(&self) -> (i64, Told) {
        let today = self.period.now.div_euclid(DAY);
        match self.index {
            0 => ((today - 5) * HOURS + 3, Told::Null),
            _ => ((today - 6) * HOURS + 17, Told::Nothing),
        }
    }

    /// What entries tell of an hour.
    pub(crate) fn told(&self, hour: i64, now: i64) -> Told {
        let (lost, how) = self.lost();
        match () {
            () if hour < self.period.start / HOUR => Told::Nothing,
            () if !self.is_over(hour, now) => Told::Null,
            () if hour == lost => how,
            () => Told::Everything,
        }
    }

    /// Whether an hour is so long over that it was measured, and the cluster was there.
    pub(crate) fn is_over(&self, hour: i64, now: i64) -> bool {
        hour >= self.period.start / HOUR && hour < self.period.end / HOUR && (hour + 1 + LAG) * HOUR <= now
    }

    /// Whether the bill of an hour's day has come.
    pub(crate) fn is_billed(hour: i64, now: i64) -> bool {
        (hour.div_euclid(HOURS) + 1) * DAY + BILLED_AFTER * HOUR <= now
    }
}

impl Profile {
    /// Whether a service has this flaw.
    pub(crate) fn has(&self, flaw: Flaw) -> bool {
        match flaw {
            Flaw::Unlabelled => self.labels == Labels::Nothing,
            Flaw::TotalMisreported => self.misreported,
            _ => self.flaw == Some(flaw),
        }
    }
}
