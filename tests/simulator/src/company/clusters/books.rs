//! What the clusters cost, from what was rented and never from what is told of pods.

use std::ops::Range;

use crate::company::clusters::nodes::Node;
use crate::company::clusters::{Cluster, prices};

/// What a cluster cost in a time, in dollars.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Bill {
    pub(crate) nodes: f64,
    pub(crate) disks: f64,
    pub(crate) load_balancers: f64,
    pub(crate) management: f64,
    pub(crate) network: f64,
}

impl Bill {
    /// All of it.
    pub(crate) fn total(&self) -> f64 {
        self.nodes + self.disks + self.load_balancers + self.management + self.network
    }
}

/// What a machine cost in an hour before what the bill adds or takes: CPU, memory, both before their discount, and GPUs.
pub(crate) fn machine_hour(node: &Node) -> (f64, f64, f64) {
    let machine = node.machine();
    (machine.cores * node.rates.cpu, machine.ram * node.rates.ram, machine.gpus * node.rates.gpu)
}

impl Cluster {
    /// What it cost in these hours, as far as that is known now: what the bill adjusts and what network cost come with the bill of
    /// the day. Hours of which entries tell nothing cost as much as others.
    pub(crate) fn bill(&self, hours: Range<i64>, now: i64) -> Bill {
        let mut bill = Bill::default();
        let disks: f64 = self.disks().map(|disk| disk.bytes).sum();
        let balancers: usize = self.balancers().count();
        for hour in hours.filter(|hour| self.is_over(*hour, now)) {
            let factor = 1.0 + self.adjustment(hour, now);
            for node in self.nodes.iter().filter(|node| node.life(hour).is_some()) {
                let (cpu, ram, gpu) = machine_hour(node);
                bill.nodes += ((cpu + ram) * (1.0 - node.discount) + gpu) * factor;
            }
            bill.disks += disks * prices::DISK * factor;
            bill.load_balancers += balancers as f64 * prices::LOAD_BALANCER * factor;
            bill.management += prices::MANAGEMENT;
            bill.network += self.network(hour, now);
        }
        bill
    }

    /// What share the bill of an hour's day adds to prices; nothing while it has not come.
    pub(crate) fn adjustment(&self, hour: i64, now: i64) -> f64 {
        if Cluster::is_billed(hour, now) { self.adjusted(hour) } else { 0.0 }
    }

    /// What network cost in an hour; nothing while the bill of the day has not come.
    pub(crate) fn network(&self, hour: i64, now: i64) -> f64 {
        if !Cluster::is_billed(hour, now) {
            return 0.0;
        }
        let mut cost = 0.0;
        let there = self.nodes.iter().filter(|node| node.life(hour).is_some());
        for pod in there.flat_map(|node| &self.places[node.pods.clone()]) {
            let workload = &self.workloads[pod.workload];
            if workload.traffic > 0.0 {
                for span in workload.spans(hour) {
                    let traffic = workload.traffic(pod.draw, hour, span.end - span.start);
                    cost += traffic.zone_cost + traffic.internet_cost;
                }
            }
        }
        cost
    }

    /// Every disk that is not a machine's own: those of pods, and those that no pod has.
    pub(crate) fn disks(&self) -> impl Iterator<Item = Disk> {
        let mounted = self.places.iter().enumerate().filter_map(|(place, pod)| {
            let workload = &self.workloads[pod.workload];
            let claim = || Some((workload.namespace, format!("data-{}-{}", workload.name, pod.ordinal)));
            (workload.volume > 0.0).then(|| Disk { name: self.volume_name(place), bytes: workload.volume, claim: claim() })
        });
        let loose = self.loose.iter().enumerate().filter(|(_, loose)| loose.volume > 0.0).map(|(place, loose)| Disk {
            name: self.loose_name(place),
            bytes: loose.volume,
            claim: loose.namespace.map(|namespace| (namespace, loose.claim.to_owned())),
        });
        mounted.chain(loose)
    }

    /// The names of the load balancers, and whether anything is behind each.
    pub(crate) fn balancers(&self) -> impl Iterator<Item = (String, bool)> {
        let used = self.workloads.iter().filter(|workload| workload.balanced);
        let used = used.map(|workload| (format!("{}/{}", workload.namespace, workload.name), true));
        let unused = self.loose.iter().flat_map(|loose| (0..loose.balancers).map(|_| loose.namespace.unwrap_or("default")));
        used.chain(unused.map(|namespace| (format!("{namespace}/nobody-calls"), false)))
    }
}

/// A disk that pods may have.
pub(crate) struct Disk {
    /// The volume that it is.
    pub(crate) name: String,
    pub(crate) bytes: f64,
    /// Namespace and name of the claim that has it.
    pub(crate) claim: Option<(&'static str, String)>,
}
