//! What an hour of a cluster was like: each container that ran in it, what was left, what nobody has, and what each of that cost.

use crate::company::clusters::costs::Costs;
use crate::company::clusters::nodes::Node;
use crate::company::clusters::prices::{self, Rates, rounded};
use crate::company::clusters::usage::Container;
use crate::company::clusters::workloads::{Kind, Schedule, Workload};
use crate::company::clusters::{Cluster, HOUR, HOURS, Place};
use crate::company::random::mix;

/// Whom an entry is about. Equal ones of several hours are the same thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Who {
    /// A container of a pod: its place, which of the pods that had it, and on which of the machines that stood there.
    Container { place: usize, container: usize, generation: u32, life: u32 },
    /// What a machine had left.
    Idle { node: usize, life: u32 },
    /// What machines had left, all together.
    AllIdle,
    /// What no pod has, by its place in the list.
    Loose(usize),
    /// The cluster's management.
    Management,
    /// Everything.
    Cluster,
}

/// A time within an hour in which one pod ran.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Span {
    pub(crate) start: i64,
    pub(crate) end: i64,
    /// Which of the pods that had the place.
    pub(crate) generation: u32,
}

/// What a pod sent in a time, and what that cost.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Traffic {
    pub(crate) sent: f64,
    pub(crate) received: f64,
    pub(crate) zone_cost: f64,
    pub(crate) internet_cost: f64,
}

impl Workload {
    /// The times of an hour in which a pod of it ran at one place; two where one was replaced by the next.
    pub(crate) fn spans(&self, hour: i64) -> impl Iterator<Item = Span> {
        let (start, end) = (hour * HOUR, (hour + 1) * HOUR);
        let rolled = self.rolls.partition_point(|at| *at < start);
        let roll = self.rolls.get(rolled).copied().filter(|at| *at < end);
        let short = |start: i64, minutes: i64| [Some(Span { start, end: start + minutes * 60, generation: (start / 60) as u32 }), None];
        let spans = match (self.schedule, self.kind, roll) {
            (Schedule::Hourly(minute), ..) => short(start + minute * 60, 8),
            (Schedule::Nightly(minute), ..) if hour % HOURS == 2 => short(start + minute * 60, 35),
            (Schedule::Rolls, _, Some(at)) => short(at - 5 * 60, 4),
            (Schedule::Nightly(_) | Schedule::Rolls, ..) => [None, None],
            (Schedule::Always, Kind::Deployment, Some(at)) => {
                let generation = rolled as u32;
                [Some(Span { start, end: at, generation }), Some(Span { start: at, end, generation: generation + 1 })]
            }
            (Schedule::Always, Kind::Deployment, None) => [Some(Span { start, end, generation: rolled as u32 }), None],
            // These keep their names.
            (Schedule::Always, ..) => [Some(Span { start, end, generation: 0 }), None],
        };
        spans.into_iter().flatten()
    }

    /// What a pod of it sends in a time of an hour.
    pub(crate) fn traffic(&self, draw: u64, hour: i64, seconds: i64) -> Traffic {
        let noise = (mix(draw ^ !(hour as u64)) & 0xffff) as f64 / 65_536.0;
        let sent = (self.traffic * prices::GIB * (0.5 + noise) * seconds as f64 / HOUR as f64).round();
        // Three tenths go to another zone, one tenth to the world.
        Traffic {
            sent,
            received: (sent * 0.6).round(),
            zone_cost: sent * 0.3 * prices::TO_ZONE,
            internet_cost: sent * 0.1 * prices::TO_INTERNET,
        }
    }
}

impl Cluster {
    /// Tells everything that cost something in an hour, as far as it is known now. Nothing is asked of hours that are not told.
    pub(crate) fn hour(&self, hour: i64, now: i64, tell: &mut dyn FnMut(Who, &Costs)) {
        let is_billed = Cluster::is_billed(hour, now);
        let adjusted = if is_billed { self.adjusted(hour) } else { 0.0 };
        for node in &self.nodes {
            if let Some(life) = node.life(hour) {
                self.node_hour(node, life, hour, (is_billed, adjusted), tell);
            }
        }
        let (start, end) = (hour * HOUR, (hour + 1) * HOUR);
        for (place, loose) in self.loose.iter().enumerate() {
            let mut costs = Costs::of(start, end);
            costs.volume_hours = loose.volume;
            costs.volume_cost = rounded(loose.volume * prices::DISK);
            costs.volume_adjustment = rounded(loose.volume * prices::DISK * adjusted);
            costs.balancer_cost = rounded(loose.balancers as f64 * prices::LOAD_BALANCER);
            costs.balancer_adjustment = rounded(loose.balancers as f64 * prices::LOAD_BALANCER * adjusted);
            tell(Who::Loose(place), &costs);
        }
        let management = Costs { shared_cost: prices::MANAGEMENT, ..Costs::of(start, end) };
        tell(Who::Management, &management);
    }

    fn node_hour(&self, node: &Node, life: u32, hour: i64, bill: (bool, f64), tell: &mut dyn FnMut(Who, &Costs)) {
        let (start, end) = (hour * HOUR, (hour + 1) * HOUR);
        let (rates, machine, adjusted) = (node.paid(), node.machine(), bill.1);
        let mut idle = Costs::of(start, end);
        idle.cpu_hours = machine.cores;
        idle.ram_hours = machine.ram;
        idle.gpu_hours = machine.gpus;
        idle.cpu_cost = machine.cores * rates.cpu;
        idle.ram_cost = machine.ram * rates.ram;
        idle.gpu_cost = machine.gpus * rates.gpu;
        (idle.cpu_adjustment, idle.ram_adjustment) = (idle.cpu_cost * adjusted, idle.ram_cost * adjusted);
        idle.gpu_adjustment = idle.gpu_cost * adjusted;
        for place in node.pods.clone() {
            let pod = &self.places[place];
            let workload = &self.workloads[pod.workload];
            for span in workload.spans(hour) {
                for (container, needs) in workload.containers.iter().enumerate() {
                    let mut costs = container_costs(needs, mix(pod.draw ^ container as u64), hour, span, rates, adjusted);
                    if container == 0 {
                        self.add_what_pods_have(&mut costs, workload, pod, hour, bill);
                    }
                    idle.cpu_hours -= costs.cpu_hours;
                    idle.ram_hours -= costs.ram_hours;
                    idle.gpu_hours -= costs.gpu_hours;
                    idle.cpu_cost -= costs.cpu_cost;
                    idle.ram_cost -= costs.ram_cost;
                    idle.gpu_cost -= costs.gpu_cost;
                    idle.cpu_adjustment -= costs.cpu_adjustment;
                    idle.ram_adjustment -= costs.ram_adjustment;
                    idle.gpu_adjustment -= costs.gpu_adjustment;
                    tell(Who::Container { place, container, generation: span.generation, life }, &costs);
                }
            }
        }
        for cost in [&mut idle.cpu_cost, &mut idle.ram_cost, &mut idle.gpu_cost] {
            // What is left of a GPU that somebody has may be a rounding error.
            *cost = rounded(cost.max(0.0));
        }
        for cost in [&mut idle.cpu_adjustment, &mut idle.ram_adjustment, &mut idle.gpu_adjustment] {
            *cost = rounded(*cost);
        }
        tell(Who::Idle { node: node.index, life }, &idle);
    }

    /// What a pod has, and not its containers: its volume, its traffic and its share of a load balancer.
    fn add_what_pods_have(&self, costs: &mut Costs, workload: &Workload, pod: &Place, hour: i64, (is_billed, adjusted): (bool, f64)) {
        let hours = costs.hours();
        if workload.volume > 0.0 {
            costs.volume_hours = workload.volume * hours;
            costs.volume_cost = rounded(costs.volume_hours * prices::DISK);
            costs.volume_adjustment = rounded(costs.volume_hours * prices::DISK * adjusted);
        }
        if workload.balanced {
            let share = prices::LOAD_BALANCER * hours / workload.replicas as f64;
            (costs.balancer_cost, costs.balancer_adjustment) = (rounded(share), rounded(share * adjusted));
        }
        if workload.traffic > 0.0 {
            let traffic = workload.traffic(pod.draw, hour, costs.seconds);
            (costs.sent, costs.received) = (traffic.sent, traffic.received);
            if is_billed {
                (costs.zone_cost, costs.internet_cost) = (rounded(traffic.zone_cost), rounded(traffic.internet_cost));
            }
        }
    }

    /// What share the bill adds to or takes from the prices of a day's machines, disks and load balancers.
    pub(crate) fn adjusted(&self, hour: i64) -> f64 {
        let draw = mix(self.seed ^ mix(hour.div_euclid(HOURS) as u64) ^ (self.index as u64) << 60);
        -0.04 + 0.05 * (draw & 0xffff) as f64 / 65_536.0
    }
}

fn container_costs(needs: &Container, draw: u64, hour: i64, span: Span, rates: Rates, adjusted: f64) -> Costs {
    let used = needs.used(draw, hour);
    let mut costs = Costs::of(span.start, span.end);
    let hours = costs.hours();
    let (cpu, ram) = (needs.cpu_request.max(used.cpu), needs.ram_request.max(used.ram));
    costs.cpu_hours = cpu * hours;
    costs.cpu_request = needs.cpu_request * hours;
    costs.cpu_limit = needs.cpu_limit * hours;
    costs.cpu_usage = used.cpu * hours;
    costs.cpu_max = used.cpu_max;
    costs.cpu_cost = rounded(costs.cpu_hours * rates.cpu);
    costs.cpu_adjustment = rounded(costs.cpu_hours * rates.cpu * adjusted);
    costs.ram_hours = ram * hours;
    costs.ram_request = needs.ram_request * hours;
    costs.ram_limit = needs.ram_limit * hours;
    costs.ram_usage = used.ram * hours;
    costs.ram_max = used.ram_max;
    costs.ram_cost = rounded(costs.ram_hours * rates.ram);
    costs.ram_adjustment = rounded(costs.ram_hours * rates.ram * adjusted);
    if needs.gpus > 0.0 {
        costs.gpu_hours = needs.gpus * hours;
        costs.gpu_usage = costs.gpu_hours * (0.25 + 0.2 * used.cpu / needs.cpu_request.max(used.cpu));
        costs.gpu_cost = rounded(costs.gpu_hours * rates.gpu);
        costs.gpu_adjustment = rounded(costs.gpu_hours * rates.gpu * adjusted);
    }
    costs
}
