//! Which pod has its place on which node: as many nodes as it takes, and never more on one than it can bear in the worst hour.

use std::collections::HashMap;

use crate::company::clusters::nodes::{Node, Pool};
use crate::company::clusters::profiles::Profile;
use crate::company::clusters::workloads::{Kind, Workload};
use crate::company::clusters::{Flaw, Place};
use crate::company::random::mix;

/// So much of a machine may be given away; the rest is always left.
const FULL: f64 = 0.93;
/// How many of the newest nodes of a group are looked at before another is added.
const LOOKED_AT: usize = 6;
/// Machines that stand there for nobody, on the first cluster.
const SPARE: usize = 2;
/// What the first cluster's owner gets off for having promised to stay.
const DISCOUNT: f64 = 0.12;

/// What a pod may take at most.
#[derive(Clone, Copy, Debug, Default)]
struct Need {
    cpu: f64,
    ram: f64,
    gpus: f64,
}

impl Need {
    fn of(workload: &Workload) -> Need {
        workload.containers.iter().fold(Need::default(), |need, container| {
            let (cpu, ram) = container.most();
            Need { cpu: need.cpu + cpu, ram: need.ram + ram, gpus: need.gpus + container.gpus }
        })
    }

    fn fits(self, room: Need) -> bool {
        self.cpu <= room.cpu && self.ram <= room.ram && self.gpus <= room.gpus
    }

    fn without(self, other: Need) -> Need {
        Need { cpu: self.cpu - other.cpu, ram: self.ram - other.ram, gpus: self.gpus - other.gpus }
    }
}

/// A cluster while pods are being placed.
pub(super) struct Placing {
    seed: u64,
    cluster: usize,
    surge: (i64, i64),
    nodes: Vec<Node>,
    rooms: Vec<Need>,
    pools: HashMap<Pool, Vec<usize>>,
    workloads: Vec<Workload>,
    places: Vec<Place>,
}

impl Placing {
    /// A cluster with nothing on it but what keeps it going.
    pub(super) fn new(seed: u64, cluster: usize, surge: (i64, i64), system: Vec<Workload>) -> Placing {
        let (nodes, rooms, pools) = (Vec::new(), Vec::new(), HashMap::new());
        let mut placing = Placing { seed, cluster, surge, nodes, rooms, pools, workloads: system, places: Vec::new() };
        for _ in 0..if cluster == 0 { SPARE } else { 0 } {
            placing.add(Pool::Spare);
        }
        for workload in (0..placing.workloads.len()).filter(|index| placing.workloads[*index].kind != Kind::DaemonSet).collect::<Vec<_>>() {
            for ordinal in 0..placing.workloads[workload].replicas {
                placing.put(workload, ordinal, Pool::General);
            }
        }
        placing
    }

    /// Finds a place for every pod of these: the first of each, then the second, and so on, that they may lie apart.
    pub(super) fn place(&mut self, workloads: Vec<Workload>, profiles: &[Profile]) {
        let first = self.workloads.len();
        self.workloads.extend(workloads);
        let usual: Vec<Pool> = self.workloads[first..].iter().map(|workload| self.home(workload, profiles)).collect();
        let most = self.workloads[first..].iter().map(|workload| workload.replicas * 3).max().unwrap_or_default();
        for ordinal in 0..most {
            for (offset, home) in usual.iter().enumerate() {
                let workload = &self.workloads[first + offset];
                let pool = match (ordinal / workload.replicas, workload.flaw) {
                    (0, _) => *home,
                    (1, Some(Flaw::Autoscaled)) => Pool::Daytime,
                    (1 | 2, Some(Flaw::CostJump)) => Pool::Surge,
                    _ => continue,
                };
                self.put(first + offset, ordinal, pool);
            }
        }
    }

    /// The nodes, and everything on them, node by node.
    pub(super) fn done(mut self) -> (Vec<Node>, Vec<Workload>, Vec<Place>) {
        self.places.sort_by_key(|place| place.node);
        for node in &mut self.nodes {
            let at = |wanted: usize| self.places.partition_point(|place| place.node < wanted);
            node.pods = at(node.index)..at(node.index + 1);
        }
        (self.nodes, self.workloads, self.places)
    }

    /// The group that a workload's pods belong to.
    fn home(&self, workload: &Workload, profiles: &[Profile]) -> Pool {
        let profile = workload.service.map(|service| &profiles[service]).filter(|_| workload.kind != Kind::Naked);
        match profile {
            Some(profile) if profile.flaw == Some(Flaw::Gpu) => Pool::Gpu,
            Some(profile) if profile.on_spot => Pool::Spot,
            Some(profile) if self.cluster == 1 && profile.on_arm => Pool::Arm,
            _ => Pool::General,
        }
    }

    fn put(&mut self, workload: usize, ordinal: usize, pool: Pool) {
        let need = Need::of(&self.workloads[workload]);
        let newest = self.pools.get(&pool).into_iter().flat_map(|nodes| nodes.iter().rev().take(LOOKED_AT).rev());
        let found = newest.copied().find(|node| need.fits(self.rooms[*node]));
        let node = found.unwrap_or_else(|| self.add(pool));
        self.lay(workload, ordinal, node, need);
    }

    fn lay(&mut self, workload: usize, ordinal: usize, node: usize, need: Need) {
        self.rooms[node] = self.rooms[node].without(need);
        let draw = mix(self.workloads[workload].draw ^ mix(ordinal as u64));
        self.places.push(Place { workload, ordinal, node, draw });
    }

    /// Adds a node, with what runs on every node.
    fn add(&mut self, pool: Pool) -> usize {
        let (index, machine) = (self.nodes.len(), pool.machine());
        let draw = mix(self.seed ^ (self.cluster as u64) << 32 ^ mix(index as u64));
        let discount = if self.cluster == 0 && !pool.is_spot() { DISCOUNT } else { 0.0 };
        let rates = machine.rates(if pool.is_spot() { machine.spot } else { machine.hourly });
        self.nodes.push(Node { index, pool, discount, rates, zone: index % 3, draw, surge: self.surge, pods: 0..0 });
        self.rooms.push(Need { cpu: machine.cores * FULL, ram: machine.ram * FULL, gpus: machine.gpus });
        self.pools.entry(pool).or_default().push(index);
        for workload in (0..self.workloads.len()).filter(|index| self.workloads[*index].kind == Kind::DaemonSet).collect::<Vec<_>>() {
            self.lay(workload, index, index, Need::of(&self.workloads[workload]));
        }
        index
    }
}
