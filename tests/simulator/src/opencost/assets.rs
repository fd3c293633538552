//! What a cluster is made of, and what each of that cost in a window.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::company::clusters::books::{Disk, machine_hour};
use crate::company::clusters::nodes::Node;
use crate::company::clusters::prices::{self, rounded};
use crate::company::clusters::{Cluster, HOUR, ITSELF};
use crate::company::random::mix;
use crate::http::Reply;
use crate::opencost::Edition;
use crate::opencost::window::{Window, time};

/// One thing.
#[derive(Default, Serialize)]
#[serde(rename_all = "camelCase")]
struct Asset {
    #[serde(rename = "type")]
    kind: &'static str,
    properties: Properties,
    labels: BTreeMap<String, String>,
    window: BTreeMap<&'static str, String>,
    start: String,
    end: String,
    minutes: f64,
    #[serde(flatten)]
    more: Option<More>,
    adjustment: f64,
    total_cost: f64,
}

/// What only things of one kind have.
#[derive(Serialize)]
#[serde(untagged)]
enum More {
    Node(Machine),
    Disk(Volume),
    Balancer { private: bool, ip: &'static str },
}

#[derive(Default, Serialize)]
struct Properties {
    category: &'static str,
    provider: &'static str,
    account: &'static str,
    service: &'static str,
    cluster: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    #[serde(rename = "providerID", skip_serializing_if = "Option::is_none")]
    provider_id: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Machine {
    node_type: &'static str,
    pool: &'static str,
    cpu_cores: f64,
    ram_bytes: f64,
    cpu_core_hours: f64,
    ram_byte_hours: f64,
    #[serde(rename = "GPUHours")]
    gpu_hours: f64,
    cpu_breakdown: Breakdown,
    ram_breakdown: Breakdown,
    preemptible: u8,
    discount: f64,
    cpu_cost: f64,
    gpu_cost: f64,
    gpu_count: f64,
    ram_cost: f64,
    overhead: Option<f64>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Volume {
    byte_hours: f64,
    bytes: f64,
    byte_hours_used: Option<f64>,
    byte_usage_max: Option<f64>,
    breakdown: Breakdown,
    storage_class: &'static str,
    volume_name: String,
    claim_name: String,
    claim_namespace: String,
}

/// What it was busy with, in parts of 1.
#[derive(Serialize)]
struct Breakdown {
    idle: f64,
    other: f64,
    system: f64,
    user: f64,
}

impl Breakdown {
    fn of(draw: u64) -> Breakdown {
        let user = rounded(0.3 + 0.4 * (draw & 0xffff) as f64 / 65_536.0);
        Breakdown { idle: rounded(0.93 - user), other: 0.02, system: 0.05, user }
    }
}

/// The answer.
pub(super) fn answer(cluster: &Cluster, now: i64, window: Window, edition: Edition) -> Reply {
    let hours: Vec<i64> = window.0.clone().filter(|hour| cluster.is_over(*hour, now)).collect();
    let (Some(first), Some(last)) = (hours.first().copied(), hours.last().copied()) else {
        let none: &[u8] = if edition == Edition::Kubecost { b"[{}]}" } else { b"{}}" };
        return Reply::bytes(200, [edition.head().as_bytes(), none].concat());
    };
    let span = Span { cluster, now, hours: &hours, first, last, window: &window };
    let mut assets: BTreeMap<String, Asset> = BTreeMap::new();
    for node in &cluster.nodes {
        assets.extend(span.machines(node));
    }
    assets.extend(span.disks());
    assets.extend(span.balancers());
    assets.extend([span.management(), span.network()]);
    let mut body = edition.head().as_bytes().to_vec();
    let written = match edition {
        Edition::OpenCost => serde_json::to_writer(&mut body, &assets),
        Edition::Kubecost => serde_json::to_writer(&mut body, &[assets]),
    };
    // Numbers and text that is in memory can always be written.
    let _ = written;
    body.push(b'}');
    Reply::bytes(200, body)
}

/// A cluster in the hours asked for, as far as they are over.
struct Span<'a> {
    cluster: &'a Cluster,
    now: i64,
    hours: &'a [i64],
    first: i64,
    last: i64,
    window: &'a Window,
}

impl Span<'_> {
    /// Every machine that stood at a node's place.
    fn machines(&self, node: &Node) -> Vec<(String, Asset)> {
        let mut lives: BTreeMap<u32, Vec<i64>> = BTreeMap::new();
        for hour in self.hours {
            if let Some(life) = node.life(*hour) {
                lives.entry(life).or_default().push(*hour);
            }
        }
        lives.into_iter().map(|(life, hours)| self.machine(node, life, &hours)).collect()
    }

    fn machine(&self, node: &Node, life: u32, hours: &[i64]) -> (String, Asset) {
        let (machine, count) = (node.machine(), hours.len() as f64);
        let (cpu, ram, gpu) = machine_hour(node);
        let paid = (cpu + ram) * (1.0 - node.discount) + gpu;
        let adjustment: f64 = hours.iter().map(|hour| paid * self.cluster.adjustment(*hour, self.now)).sum();
        let (name, id) = (node.name(life), node.provider_id(life));
        // One of the two was set up before the vendor put a word before labels.
        let label = |name: &str| if self.cluster.index == 0 { format!("label_{name}") } else { name.to_owned() };
        let labels = BTreeMap::from([
            (label("kubernetes_io_arch"), machine.architecture.to_owned()),
            (label("kubernetes_io_os"), "linux".to_owned()),
            (label("node_kubernetes_io_instance_type"), machine.name.to_owned()),
            (label("topology_kubernetes_io_region"), Node::REGION.to_owned()),
            (label("topology_kubernetes_io_zone"), node.zone_name()),
        ]);
        let key = format!("AWS/__undefined__/__undefined__/Compute/{ITSELF}/Node/Kubernetes/{id}/{name}");
        let draw = mix(node.draw ^ u64::from(life));
        let more = More::Node(Machine {
            node_type: machine.name,
            pool: node.pool.name(),
            cpu_cores: machine.cores,
            ram_bytes: machine.ram,
            cpu_core_hours: machine.cores * count,
            ram_byte_hours: machine.ram * count,
            gpu_hours: machine.gpus * count,
            cpu_breakdown: Breakdown::of(draw),
            ram_breakdown: Breakdown::of(draw >> 16),
            preemptible: u8::from(node.pool.is_spot()),
            discount: node.discount,
            cpu_cost: rounded(cpu * count),
            gpu_cost: rounded(gpu * count),
            gpu_count: machine.gpus,
            ram_cost: rounded(ram * count),
            overhead: None,
        });
        let (start, end) = (hours.first().copied().unwrap_or(self.first), hours.last().copied().unwrap_or(self.last));
        let asset = Asset {
            labels,
            start: time(start * HOUR),
            end: time((end + 1) * HOUR),
            minutes: count * 60.0,
            more: Some(more),
            ..self.asset("Node", "Compute", Some(name), Some(id), paid * count, adjustment)
        };
        (key, asset)
    }

    fn disks(&self) -> Vec<(String, Asset)> {
        let (count, share) = (self.hours.len() as f64, self.adjusted());
        let disk = |disk: Disk| {
            let key = format!("AWS/__undefined__/__undefined__/Storage/{ITSELF}/Disk/Kubernetes/{}/{}", disk.name, disk.name);
            let hourly = disk.bytes * prices::DISK;
            // Of what nothing mounts nobody knows how full it is.
            let (namespace, claim, used) = match disk.claim {
                Some((namespace, claim)) => (namespace.to_owned(), claim, Some(disk.bytes * 0.4)),
                None => (String::new(), String::new(), None),
            };
            let more = More::Disk(Volume {
                byte_hours: disk.bytes * count,
                bytes: disk.bytes,
                byte_hours_used: used.map(|used| used * count),
                byte_usage_max: used.map(|used| used * 1.1),
                breakdown: Breakdown::of(mix(disk.name.len() as u64)),
                storage_class: "gp3",
                volume_name: disk.name.clone(),
                claim_name: claim,
                claim_namespace: namespace,
            });
            let id = Some(disk.name.clone());
            (key, Asset { more: Some(more), ..self.asset("Disk", "Storage", Some(disk.name), id, hourly * count, hourly * share) })
        };
        self.cluster.disks().map(disk).collect()
    }

    fn balancers(&self) -> Vec<(String, Asset)> {
        let (count, share) = (self.hours.len() as f64, self.adjusted());
        let balancer = |(name, _): (String, bool)| {
            let key = format!("AWS/__undefined__/__undefined__/Network/{ITSELF}/LoadBalancer/Kubernetes/{name}/{name}");
            let more = Some(More::Balancer { private: false, ip: "203.0.113.17" });
            let (cost, adjustment) = (prices::LOAD_BALANCER * count, prices::LOAD_BALANCER * share);
            (key, Asset { more, ..self.asset("LoadBalancer", "Network", Some(name), None, cost, adjustment) })
        };
        self.cluster.balancers().map(balancer).collect()
    }

    fn management(&self) -> (String, Asset) {
        let key = format!("AWS/__undefined__/__undefined__/Management/{ITSELF}/ClusterManagement/Kubernetes/__undefined__/__undefined__");
        let cost = prices::MANAGEMENT * self.hours.len() as f64;
        (key, self.asset("ClusterManagement", "Management", None, None, cost, 0.0))
    }

    fn network(&self) -> (String, Asset) {
        let key = format!("AWS/__undefined__/__undefined__/Network/{ITSELF}/Network/Kubernetes/__undefined__/__undefined__");
        let cost = self.hours.iter().map(|hour| self.cluster.network(*hour, self.now)).sum();
        (key, self.asset("Network", "Network", None, None, cost, 0.0))
    }

    /// What the bill adds to the price of something that was there all the time, in prices of an hour.
    fn adjusted(&self) -> f64 {
        self.hours.iter().map(|hour| self.cluster.adjustment(*hour, self.now)).sum()
    }

    fn asset(
        &self,
        kind: &'static str,
        category: &'static str,
        name: Option<String>,
        id: Option<String>,
        cost: f64,
        adjustment: f64,
    ) -> Asset {
        Asset {
            kind,
            properties: Properties {
                category,
                provider: "AWS",
                account: "210987654321",
                service: "Kubernetes",
                cluster: ITSELF,
                name,
                provider_id: id,
            },
            window: BTreeMap::from([("start", time(self.window.0.start * HOUR)), ("end", time(self.window.0.end * HOUR))]),
            start: time(self.first * HOUR),
            end: time((self.last + 1) * HOUR),
            minutes: self.hours.len() as f64 * 60.0,
            adjustment: rounded(adjustment),
            total_cost: rounded(cost + adjustment),
            ..Asset::default()
        }
    }
}
