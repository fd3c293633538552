//! One row per thing that a cluster is made of, and day: its nodes, disks and load balancers, with what they cost.
//!
//! - grain: `cluster`, `asset_id`
//! - endpoint: GET /assets (Kubecost: /model/assets), one request a cluster and day
//! - permission: reach the cluster's OpenCost, port 9003
//! - date: the day that it is about; the last days are read again, for data that comes late

use std::collections::{BTreeMap, HashSet};

use futures::{FutureExt, StreamExt, TryStreamExt, future::BoxFuture, stream};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::{
    collect::{CollectError, Context, Parent, Tally},
    http::{Few, Patience, Stopped, with_missing},
    table::{Kind, Probe, Read, Row, Table, Timestamp, Watch},
};

use super::{
    CLUSTERS, Cluster, LONGEST_KEY,
    config::Step,
    entry::{BACKWARDS, OUTSIDE, Origin, Window, masked},
    opencost,
    spans::{Day, Lies},
    values::{ADJUSTMENT, BYTES, CORES, COST, Fault, Given, SHARE, cut, minutes_of, named, over},
    wire::{Answer, Data, Part},
};

/// `opencost.assets`
pub const TABLE: Table = Table {
    source: "opencost",
    name: "assets",
    meaning: "One row per thing that a cluster is made of, and day: its nodes, disks and load balancers, with what they cost.",
    kind: Kind::Window,
    grain: &["cluster", "asset_id"],
    version: None,
    endpoint: "GET /assets (Kubecost: /model/assets), one request a cluster and day",
    permission: "reach the cluster's OpenCost, port 9003",
    probe: Probe::Rest("{assets}?window=1h"),
    requests: |_| None,
    columns: Asset::COLUMNS,
    watch: Watch::NOTHING,
    read: Read::By(collect),
};

/// One row.
#[derive(Debug, Row, Serialize)]
pub struct Asset {
    /// The cluster, by its name in almanac.toml
    cluster: String,
    /// The entry's key in the answer
    asset_id: String,
    /// node, disk, load_balancer, cluster_management, network, cloud, shared, or what else the installation calls it
    asset_type: String,
    /// Its name: that of a node is the one that allocations have
    name: Option<String>,
    /// The cloud's id of it
    provider_id: Option<String>,
    /// Such as AWS, GCP or Azure
    provider: Option<String>,
    /// Compute, Storage, Network, Management, …
    category: Option<String>,
    /// The cloud's service, such as Kubernetes
    service: Option<String>,
    /// Account at the cloud
    account: Option<String>,
    /// Project at the cloud
    project: Option<String>,
    /// Region, by the node's label
    region: Option<String>,
    /// Zone, by the node's label
    zone: Option<String>,
    /// Machine type of a node, such as m6g.large
    node_type: Option<String>,
    /// Pool of a node
    pool: Option<String>,
    /// Architecture of a node by its label: amd64 or arm64
    architecture: Option<String>,
    /// Whether a node can be taken away at any time, and is cheaper for that
    is_spot: Option<bool>,
    /// Discount on a node's price [0 to 1]
    discount: Option<f64>,
    /// When it began to be there on that day
    started_at: Timestamp,
    /// When it was gone, or the end of the day
    ended_at: Timestamp,
    /// How long it was there on that day [hours]
    hours: f64,
    /// CPU of a node [cores]
    cpu_cores: Option<f64>,
    /// Memory of a node [bytes]
    ram_bytes: Option<f64>,
    /// GPUs of a node [GPUs]
    gpu_count: Option<f64>,
    /// CPU of a node over time [core-hours]
    cpu_core_hours: Option<f64>,
    /// Memory of a node over time [byte-hours]
    ram_byte_hours: Option<f64>,
    /// GPUs of a node over time [GPU-hours]
    gpu_hours: Option<f64>,
    /// Size of a disk [bytes]
    disk_bytes: Option<f64>,
    /// Size of a disk over time [byte-hours]
    disk_byte_hours: Option<f64>,
    /// What of a disk was used over time; null when not reported [byte-hours]
    disk_byte_hours_used: Option<f64>,
    /// Storage class of a disk
    storage_class: Option<String>,
    /// Volume that a disk is
    volume_name: Option<String>,
    /// Claim that has that volume
    claim_name: Option<String>,
    /// Namespace of that claim
    claim_namespace: Option<String>,
    /// Whether a load balancer is reached from within only; null when not reported
    is_private: Option<bool>,
    /// Cost of a node's CPU, before its discount [USD]
    cpu_cost: Option<f64>,
    /// Cost of a node's memory, before its discount [USD]
    ram_cost: Option<f64>,
    /// Cost of a node's GPUs [USD]
    gpu_cost: Option<f64>,
    /// What the bill adds to or takes from its cost [USD]
    adjustment: Option<f64>,
    /// What it cost on that day, adjustment included [USD]
    total_cost: f64,
    /// What it cost an hour; null when it was there for no time [USD per hour]
    hourly_cost: Option<f64>,
    /// Labels, with every character that Prometheus does not allow replaced by _
    labels: BTreeMap<String, String>,
}

/// Rows handed over at once.
const PAGE: usize = 2000;

/// An asset as OpenCost describes it. Addresses of load balancers are not read.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Wire<'a> {
    #[serde(borrow, rename = "type")]
    kind: Given<'a>,
    #[serde(borrow)]
    properties: Given<'a>,
    #[serde(borrow)]
    labels: Given<'a>,
    #[serde(borrow)]
    window: Given<'a>,
    #[serde(borrow)]
    start: Given<'a>,
    #[serde(borrow)]
    end: Given<'a>,
    #[serde(borrow)]
    minutes: Given<'a>,
    #[serde(borrow)]
    adjustment: Given<'a>,
    #[serde(borrow)]
    total_cost: Given<'a>,
    #[serde(borrow)]
    node_type: Given<'a>,
    #[serde(borrow)]
    pool: Given<'a>,
    #[serde(borrow)]
    preemptible: Given<'a>,
    #[serde(borrow)]
    discount: Given<'a>,
    #[serde(borrow)]
    cpu_cores: Given<'a>,
    #[serde(borrow)]
    ram_bytes: Given<'a>,
    #[serde(borrow)]
    gpu_count: Given<'a>,
    #[serde(borrow)]
    cpu_core_hours: Given<'a>,
    #[serde(borrow)]
    ram_byte_hours: Given<'a>,
    #[serde(borrow, rename = "GPUHours")]
    gpu_hours: Given<'a>,
    #[serde(borrow)]
    cpu_cost: Given<'a>,
    #[serde(borrow)]
    ram_cost: Given<'a>,
    #[serde(borrow)]
    gpu_cost: Given<'a>,
    #[serde(borrow)]
    bytes: Given<'a>,
    #[serde(borrow)]
    byte_hours: Given<'a>,
    #[serde(borrow)]
    byte_hours_used: Given<'a>,
    #[serde(borrow)]
    storage_class: Given<'a>,
    #[serde(borrow)]
    volume_name: Given<'a>,
    #[serde(borrow)]
    claim_name: Given<'a>,
    #[serde(borrow)]
    claim_namespace: Given<'a>,
    #[serde(borrow)]
    private: Given<'a>,
}

/// Where it stands.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Properties {
    category: Option<String>,
    provider: Option<String>,
    account: Option<String>,
    project: Option<String>,
    service: Option<String>,
    name: Option<String>,
    #[serde(rename = "providerID")]
    provider_id: Option<String>,
}

/// Labels of nodes that tell the same, the newest name first.
const ARCHITECTURE: [&str; 2] = ["kubernetes_io_arch", "beta_kubernetes_io_arch"];
const REGION: [&str; 2] = ["topology_kubernetes_io_region", "failure_domain_beta_kubernetes_io_region"];
const ZONE: [&str; 2] = ["topology_kubernetes_io_zone", "failure_domain_beta_kubernetes_io_zone"];

/// A cluster's day, as far as it is read.
struct Walk<'a> {
    context: &'a Context<'a>,
    cluster: &'a Cluster,
    parent: Parent,
    origin: Origin<'a>,
    tally: Tally,
    /// Assets that cannot be stored: which, and why.
    rejected: Few,
    /// Why nothing is known of the day.
    unknown: Option<String>,
}

fn collect<'a>(context: &'a Context<'a>) -> BoxFuture<'a, Result<(), CollectError>> {
    async move {
        let opencost = opencost(context)?;
        context.sink.expect(&TABLE, opencost.clusters.len());
        let left = opencost.clusters.iter().filter(|cluster| !context.sink.is_done(&TABLE, &cluster.parent()));
        let reads: Vec<_> = left.map(|cluster| read(context, cluster)).collect();
        stream::iter(reads).buffer_unordered(CLUSTERS).try_collect().await
    }
    .boxed()
}

async fn read(context: &Context<'_>, cluster: &Cluster) -> Result<(), CollectError> {
    // As much of the day as allocations are read of.
    let day = Day::of(context.day, Step::Hour, context.now);
    let origin = Origin { cluster: &cluster.name, day, pseudonyms: context.pseudonyms };
    let (parent, tally, rejected) = (cluster.parent(), Tally::default(), Few::default());
    let mut walk = Walk { context, cluster, parent, origin, tally, rejected, unknown: None };
    let outcome = match walk.day().await {
        Ok(()) => {
            let missing: Vec<String> =
                walk.unknown.into_iter().chain((!walk.rejected.is_empty()).then(|| walk.rejected.to_string())).collect();
            with_missing(walk.tally.complete(), &missing)
        }
        // Another cluster may be open to us.
        Err(Stopped::Api(error)) => walk.tally.ended(error.status(), Some(error.message)),
        Err(Stopped::Sink(error)) => return Err(error),
    };
    context.sink.done(&TABLE, &walk.parent, outcome, Vec::new()).await
}

impl Walk<'_> {
    async fn day(&mut self) -> Result<(), Stopped> {
        let day = self.origin.day;
        if day.steps == 0 {
            self.unknown = Some(day.nothing_yet());
            return Ok(());
        }
        let path = format!("{}?window={}", self.cluster.edition.assets(), day.window(&(0..day.steps)));
        let read = |text| Answer::read(text, Data::Parts);
        let Cluster { client, assets, .. } = self.cluster;
        let answer = client.get_owned(&path, assets.patience(Patience::AT_ONCE), &self.tally, read).await;
        assets.note(answer.is_ok());
        let answer = answer?;
        let (mut seen, mut rows) = (HashSet::new(), Vec::new());
        for part in answer.parts().into_iter().flatten() {
            let Part::Entries(entries) = part else {
                if matches!(part, Part::Other) {
                    self.reject("all of it", "not of the documented shape");
                }
                continue;
            };
            for (key, raw) in entries {
                match row(self.origin, &key.0, raw) {
                    // What is there twice may be two halves of its cost, or the same twice.
                    Ok(_) if !seen.insert(key.clone()) => self.reject(&key.0, "it is there twice"),
                    Ok(row) => rows.push(row),
                    Err(fault) => self.reject(&key.0, &fault),
                }
                if rows.len() == PAGE {
                    self.hand_over(&mut rows).await?;
                }
            }
        }
        self.hand_over(&mut rows).await?;
        // No cluster is made of nothing.
        if seen.is_empty() {
            self.unknown = Some(format!("no data for {}", self.context.day));
        }
        Ok(())
    }

    fn reject(&mut self, key: &str, fault: &str) {
        let (cluster, day) = (self.origin.cluster, self.context.day);
        self.rejected.note(|| format!("`{cluster}` {day}: `{}`: {fault}", cut(key, LONGEST_KEY)));
    }

    async fn hand_over(&mut self, rows: &mut Vec<Asset>) -> Result<(), CollectError> {
        if !rows.is_empty() {
            self.tally.page(rows.len());
            self.context.sink.write(&TABLE, &self.parent, rows).await?;
            rows.clear();
        }
        Ok(())
    }
}

/// The row of an asset, or the first thing about it that cannot be.
fn row(origin: Origin<'_>, key: &str, raw: &RawValue) -> Result<Asset, Fault> {
    let wire: Wire<'_> = Given::from(raw).needed_part("the asset")?;
    let hours = origin.day.hours();
    let cost = |given: Given<'_>, field| given.number(field, &COST);
    let text = |given: Given<'_>, field| given.part::<String>(field).map(named);
    let cores = |given: Given<'_>, field| given.known(field, &CORES);
    let bytes = |given: Given<'_>, field| given.known(field, &BYTES);
    let core_hours = |given: Given<'_>, field| given.known(field, &over(hours, &CORES));
    let byte_hours = |given: Given<'_>, field| given.known(field, &over(hours, &BYTES));

    if let Some(window) = wire.window.part::<Window>("window")?
        && origin.day.lies(window.into()) == Lies::Outside
    {
        return Err(OUTSIDE.to_owned());
    }
    let properties: Properties = wire.properties.part("properties")?.unwrap_or_default();
    let labels: BTreeMap<String, String> = wire.labels.part("labels")?.unwrap_or_default();
    let (started_at, ended_at) = (wire.start.needed_part("start")?, wire.end.needed_part("end")?);
    if ended_at < started_at {
        return Err(BACKWARDS.to_owned());
    }
    let hours_there = wire.minutes.needed("minutes", &minutes_of(hours))? / 60.0;
    let total_cost = wire.total_cost.needed("totalCost", &COST)?;
    Ok(Asset {
        cluster: origin.cluster.to_owned(),
        asset_id: key.to_owned(),
        asset_type: snake_case(&wire.kind.needed_part::<String>("type")?),
        name: named(properties.name),
        provider_id: named(properties.provider_id),
        provider: named(properties.provider),
        category: named(properties.category),
        service: named(properties.service),
        account: named(properties.account),
        project: named(properties.project),
        region: label(&labels, REGION),
        zone: label(&labels, ZONE),
        node_type: text(wire.node_type, "nodeType")?,
        pool: text(wire.pool, "pool")?,
        architecture: label(&labels, ARCHITECTURE),
        is_spot: wire.preemptible.known("preemptible", &SHARE)?.map(|share| share > 0.0),
        discount: wire.discount.known("discount", &SHARE)?,
        started_at,
        ended_at,
        hours: hours_there,
        cpu_cores: cores(wire.cpu_cores, "cpuCores")?,
        ram_bytes: bytes(wire.ram_bytes, "ramBytes")?,
        gpu_count: cores(wire.gpu_count, "gpuCount")?,
        cpu_core_hours: core_hours(wire.cpu_core_hours, "cpuCoreHours")?,
        ram_byte_hours: byte_hours(wire.ram_byte_hours, "ramByteHours")?,
        gpu_hours: core_hours(wire.gpu_hours, "GPUHours")?,
        disk_bytes: bytes(wire.bytes, "bytes")?,
        disk_byte_hours: byte_hours(wire.byte_hours, "byteHours")?,
        disk_byte_hours_used: byte_hours(wire.byte_hours_used, "byteHoursUsed")?,
        storage_class: text(wire.storage_class, "storageClass")?,
        volume_name: text(wire.volume_name, "volumeName")?,
        claim_name: text(wire.claim_name, "claimName")?,
        claim_namespace: text(wire.claim_namespace, "claimNamespace")?,
        is_private: wire.private.part("private")?,
        cpu_cost: cost(wire.cpu_cost, "cpuCost")?,
        ram_cost: cost(wire.ram_cost, "ramCost")?,
        gpu_cost: cost(wire.gpu_cost, "gpuCost")?,
        adjustment: wire.adjustment.number("adjustment", &ADJUSTMENT)?,
        total_cost,
        hourly_cost: (hours_there > 0.0).then(|| total_cost / hours_there),
        labels: masked(origin.pseudonyms, labels),
    })
}

/// What one of these labels says, with or without the word that some versions put before it.
fn label(labels: &BTreeMap<String, String>, names: [&str; 2]) -> Option<String> {
    let of = |name| labels.get(name).or_else(|| labels.get(&format!("label_{name}")));
    names.into_iter().find_map(of).filter(|text| !text.is_empty()).cloned()
}

/// `LoadBalancer` as `load_balancer`.
fn snake_case(name: &str) -> String {
    let mut snake = String::with_capacity(name.len() + 2);
    let mut was_small = false;
    for letter in name.chars() {
        if letter.is_uppercase() && was_small {
            snake.push('_');
        }
        was_small = letter.is_lowercase();
        snake.extend(letter.to_lowercase());
    }
    snake
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;
    use serde_json::{Value, json};

    use super::*;
    use crate::privacy::Pseudonyms;

    fn row_of(fields: Value) -> Result<Asset, Fault> {
        let mut asset = json!({
            "type": "Node", "properties": {"category": "Compute", "provider": "AWS", "name": "n1", "providerID": "i-0lamp", "cluster": "c"},
            "labels": {"label_kubernetes_io_arch": "arm64", "label_topology_kubernetes_io_region": "eu-west-1"},
            "window": {"start": "2026-11-20T00:00:00Z", "end": "2026-11-21T00:00:00Z"},
            "start": "2026-11-20T00:00:00Z", "end": "2026-11-20T12:00:00Z", "minutes": 720, "adjustment": -0.1, "totalCost": 6.0,
        });
        for (field, value) in fields.as_object().unwrap() {
            asset[field] = value.clone();
        }
        asset.as_object_mut().unwrap().retain(|_, value| value != "absent");
        let day = Day::of(NaiveDate::from_ymd_opt(2026, 11, 20).unwrap(), Step::Hour, "2026-11-22T00:00:00Z".parse().unwrap());
        let origin = Origin { cluster: "production", day, pseudonyms: &Pseudonyms::new(&"key".into()) };
        row(origin, "AWS/n1", serde_json::from_str(&asset.to_string()).unwrap())
    }

    #[test]
    fn a_node_in_full() {
        let node = row_of(json!({
            "nodeType": "m6g.large", "pool": "spot", "preemptible": 1, "discount": 0.3, "cpuCores": 2, "ramBytes": 8e9, "gpuCount": 0,
            "cpuCoreHours": 24, "ramByteHours": 9.6e10, "GPUHours": 0, "cpuCost": 4, "ramCost": 3, "gpuCost": 0,
        }))
        .unwrap();
        assert_eq!((node.asset_type.as_str(), node.asset_id.as_str(), node.name.as_deref()), ("node", "AWS/n1", Some("n1")));
        assert_eq!((node.architecture.as_deref(), node.region.as_deref(), node.zone), (Some("arm64"), Some("eu-west-1"), None));
        assert_eq!((node.is_spot, node.discount, node.gpu_hours), (Some(true), Some(0.3), Some(0.0)));
        assert_eq!((node.hours, node.total_cost, node.hourly_cost, node.adjustment), (12.0, 6.0, Some(0.5), Some(-0.1)));
        let never = row_of(json!({"minutes": 0, "labels": null})).unwrap();
        assert_eq!((never.hourly_cost, never.architecture, never.is_spot, never.cpu_cost), (None, None, None, None));
    }

    #[test]
    fn labels_tell_the_architecture_under_each_of_their_names() {
        for name in ["kubernetes_io_arch", "label_kubernetes_io_arch", "beta_kubernetes_io_arch", "label_beta_kubernetes_io_arch"] {
            assert_eq!(row_of(json!({"labels": {name: "amd64"}})).unwrap().architecture.as_deref(), Some("amd64"), "{name}");
        }
        let both = json!({"labels": {"beta_kubernetes_io_arch": "amd64", "label_kubernetes_io_arch": "arm64"}});
        assert_eq!(row_of(both).unwrap().architecture.as_deref(), Some("arm64"));
        let zone = json!({"labels": {"failure_domain_beta_kubernetes_io_zone": "eu-west-1a", "contact": "ada@clockwork.example"}});
        let row = row_of(zone).unwrap();
        assert_eq!(row.zone.as_deref(), Some("eu-west-1a"));
        assert!(row.labels["contact"].starts_with("email:"));
    }

    #[test]
    fn disks_and_load_balancers_have_what_is_theirs() {
        let disk = row_of(json!({
            "type": "Disk", "bytes": 1e10, "byteHours": 1.2e11, "byteHoursUsed": null, "storageClass": "__undefined__",
            "claimName": "lamps",
        }))
        .unwrap();
        assert_eq!((disk.disk_bytes, disk.disk_byte_hours_used, disk.storage_class), (Some(1e10), None, None));
        assert_eq!(disk.claim_name.as_deref(), Some("lamps"));
        let balancer = row_of(json!({"type": "LoadBalancer", "private": false, "ip": "203.0.113.7"})).unwrap();
        assert_eq!((balancer.asset_type.as_str(), balancer.is_private), ("load_balancer", Some(false)));
        assert!(!serde_json::to_string(&balancer).unwrap().contains("203.0.113.7"));
        assert_eq!(
            (snake_case("ClusterManagement"), snake_case("Node"), snake_case("GPU")),
            ("cluster_management".into(), "node".into(), "gpu".into())
        );
    }

    #[test]
    fn what_cannot_be_is_named_by_its_field() {
        for (fields, wrong) in [
            (json!({"totalCost": -1}), "totalCost is negative (-1)"),
            (json!({"totalCost": "absent"}), "totalCost is missing"),
            (json!({"cpuCost": "NaN"}), "cpuCost is NaN"),
            (json!({"discount": 30}), "discount is beyond what can be (30)"),
            (json!({"minutes": 1500}), "minutes is beyond what can be (1500)"),
            (json!({"type": null}), "type is missing"),
            (json!({"window": {"start": "2026-11-19T00:00:00Z", "end": "2026-11-20T00:00:00Z"}}), "window lies outside of the day"),
            (json!({"end": "2026-11-19T00:00:00Z"}), "end is before start"),
            (json!({"labels": {"a": 1}}), "labels is not of the documented shape (expected a string)"),
            (json!({"private": "no"}), "private is not of the documented shape (expected a boolean)"),
        ] {
            assert_eq!(row_of(fields.clone()).unwrap_err(), wrong, "{fields}");
        }
    }
}
