//! An entry of an answer as a row of `opencost.allocations`.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::{privacy::Pseudonyms, table::Timestamp};

use super::{
    allocations::Allocation,
    spans::Day,
    values::{ADJUSTMENT, BYTES, CORES, COST, Fault, Given, minutes_of, named, over, special},
};

/// An entry as OpenCost describes it.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Wire<'a> {
    #[serde(borrow)]
    properties: Given<'a>,
    #[serde(borrow)]
    window: Given<'a>,
    #[serde(borrow)]
    start: Given<'a>,
    #[serde(borrow)]
    end: Given<'a>,
    #[serde(borrow)]
    minutes: Given<'a>,
    #[serde(borrow)]
    cpu_core_hours: Given<'a>,
    #[serde(borrow)]
    cpu_core_request_average: Given<'a>,
    #[serde(borrow)]
    cpu_core_limit_average: Given<'a>,
    #[serde(borrow)]
    cpu_core_usage_average: Given<'a>,
    #[serde(borrow)]
    cpu_cost: Given<'a>,
    #[serde(borrow)]
    cpu_cost_adjustment: Given<'a>,
    #[serde(borrow)]
    ram_byte_hours: Given<'a>,
    #[serde(borrow)]
    ram_byte_request_average: Given<'a>,
    #[serde(borrow)]
    ram_byte_limit_average: Given<'a>,
    #[serde(borrow)]
    ram_byte_usage_average: Given<'a>,
    #[serde(borrow)]
    ram_cost: Given<'a>,
    #[serde(borrow)]
    ram_cost_adjustment: Given<'a>,
    #[serde(borrow)]
    gpu_hours: Given<'a>,
    #[serde(borrow)]
    gpu_allocation: Given<'a>,
    #[serde(borrow)]
    gpu_cost: Given<'a>,
    #[serde(borrow)]
    gpu_cost_adjustment: Given<'a>,
    #[serde(borrow)]
    pv_byte_hours: Given<'a>,
    #[serde(borrow)]
    pv_cost: Given<'a>,
    #[serde(borrow)]
    pv_cost_adjustment: Given<'a>,
    #[serde(borrow)]
    network_transfer_bytes: Given<'a>,
    #[serde(borrow)]
    network_receive_bytes: Given<'a>,
    #[serde(borrow)]
    network_cost: Given<'a>,
    #[serde(borrow)]
    network_cost_adjustment: Given<'a>,
    #[serde(borrow)]
    load_balancer_cost: Given<'a>,
    #[serde(borrow)]
    load_balancer_cost_adjustment: Given<'a>,
    #[serde(borrow)]
    shared_cost: Given<'a>,
    #[serde(borrow)]
    external_cost: Given<'a>,
    #[serde(borrow)]
    total_cost: Given<'a>,
    #[serde(borrow)]
    raw_allocation_only: Given<'a>,
}

/// What it belongs to.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Properties {
    cluster: Option<String>,
    node: Option<String>,
    container: Option<String>,
    controller: Option<String>,
    controller_kind: Option<String>,
    namespace: Option<String>,
    pod: Option<String>,
    services: Option<Vec<String>>,
    #[serde(rename = "providerID")]
    provider_id: Option<String>,
    labels: Option<BTreeMap<String, String>>,
    annotations: Option<BTreeMap<String, String>>,
    namespace_labels: Option<BTreeMap<String, String>>,
}

/// What was used at most.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Maxima<'a> {
    #[serde(borrow)]
    cpu_core_usage_max: Given<'a>,
    #[serde(borrow)]
    ram_byte_usage_max: Given<'a>,
}

/// What was asked for and used of GPUs.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Gpus<'a> {
    #[serde(borrow)]
    gpu_request_average: Given<'a>,
    #[serde(borrow)]
    gpu_usage_average: Given<'a>,
}

/// What an entry is about.
#[derive(Debug, Deserialize)]
pub(super) struct Window {
    start: Timestamp,
    end: Timestamp,
}

impl From<Window> for (Timestamp, Timestamp) {
    fn from(window: Window) -> Self {
        (window.start, window.end)
    }
}

/// What is said of a window that is about another day.
pub(super) const OUTSIDE: &str = "window lies outside of the day";
/// What is said of an entry that ends before it begins.
pub(super) const BACKWARDS: &str = "end is before start";

/// Where rows come from.
#[derive(Clone, Copy, Debug)]
pub(super) struct Origin<'a> {
    pub(super) cluster: &'a str,
    pub(super) day: Day,
    pub(super) pseudonyms: &'a Pseudonyms,
}

impl<'a> Wire<'a> {
    pub(super) fn read(raw: &'a RawValue) -> Result<Self, Fault> {
        Given::from(raw).needed_part("the entry")
    }

    /// Beginning and end of the step that it is about, where it says so.
    pub(super) fn window(&self) -> Result<Option<(Timestamp, Timestamp)>, Fault> {
        Ok(self.window.part::<Window>("window")?.map(Window::into))
    }

    /// Its row, or the first thing about it that cannot be.
    pub(super) fn row(&self, origin: Origin<'_>, step: usize, name: &str) -> Result<Allocation, Fault> {
        let hours = origin.day.step_hours();
        let (step_started_at, step_ended_at) = origin.day.bounds(step);
        let cost = |given: Given<'_>, field| given.number(field, &COST);
        let adjustment = |given: Given<'_>, field| given.number(field, &ADJUSTMENT);
        let cores = |given: Given<'_>, field| given.known(field, &CORES);
        let bytes = |given: Given<'_>, field| given.known(field, &BYTES);
        let core_hours = |given: Given<'_>, field| given.known(field, &over(hours, &CORES));
        let byte_hours = |given: Given<'_>, field| given.known(field, &over(hours, &BYTES));

        let properties: Properties = self.properties.part("properties")?.unwrap_or_default();
        let maxima: Maxima<'_> = self.raw_allocation_only.part("rawAllocationOnly")?.unwrap_or_default();
        let gpus: Gpus<'_> = self.gpu_allocation.part("gpuAllocation")?.unwrap_or_default();
        let (started_at, ended_at) = (self.start.needed_part("start")?, self.end.needed_part("end")?);
        let kind = kind(&properties, name);
        if ended_at < started_at {
            return Err(BACKWARDS.to_owned());
        }
        Ok(Allocation {
            cluster: origin.cluster.to_owned(),
            step_started_at,
            step_ended_at,
            name: name.to_owned(),
            reported_cluster: properties.cluster.filter(|name| !name.is_empty()),
            node: named(properties.node),
            provider_id: properties.provider_id.filter(|id| !id.is_empty()),
            namespace: named(properties.namespace),
            controller_kind: named(properties.controller_kind),
            controller: named(properties.controller),
            pod: named(properties.pod).filter(|_| kind == WORKLOAD),
            container: named(properties.container),
            kind,
            kubernetes_services: properties.services.unwrap_or_default(),
            labels: masked(origin.pseudonyms, properties.labels.unwrap_or_default()),
            annotations: masked(origin.pseudonyms, words(properties.annotations.unwrap_or_default())),
            namespace_labels: masked(origin.pseudonyms, properties.namespace_labels.unwrap_or_default()),
            started_at,
            ended_at,
            hours: self.minutes.needed("minutes", &minutes_of(hours))? / 60.0,
            cpu_core_hours: core_hours(self.cpu_core_hours, "cpuCoreHours")?,
            cpu_request_cores: cores(self.cpu_core_request_average, "cpuCoreRequestAverage")?,
            cpu_limit_cores: cores(self.cpu_core_limit_average, "cpuCoreLimitAverage")?,
            cpu_usage_cores: cores(self.cpu_core_usage_average, "cpuCoreUsageAverage")?,
            cpu_usage_max_cores: cores(maxima.cpu_core_usage_max, "cpuCoreUsageMax")?,
            cpu_cost: Some(self.cpu_cost.needed("cpuCost", &COST)?),
            cpu_cost_adjustment: adjustment(self.cpu_cost_adjustment, "cpuCostAdjustment")?,
            ram_byte_hours: byte_hours(self.ram_byte_hours, "ramByteHours")?,
            ram_request_bytes: bytes(self.ram_byte_request_average, "ramByteRequestAverage")?,
            ram_limit_bytes: bytes(self.ram_byte_limit_average, "ramByteLimitAverage")?,
            ram_usage_bytes: bytes(self.ram_byte_usage_average, "ramByteUsageAverage")?,
            ram_usage_max_bytes: bytes(maxima.ram_byte_usage_max, "ramByteUsageMax")?,
            ram_cost: Some(self.ram_cost.needed("ramCost", &COST)?),
            ram_cost_adjustment: adjustment(self.ram_cost_adjustment, "ramCostAdjustment")?,
            gpu_hours: core_hours(self.gpu_hours, "gpuHours")?,
            gpu_request: cores(gpus.gpu_request_average, "gpuRequestAverage")?,
            gpu_usage: cores(gpus.gpu_usage_average, "gpuUsageAverage")?,
            gpu_cost: cost(self.gpu_cost, "gpuCost")?,
            gpu_cost_adjustment: adjustment(self.gpu_cost_adjustment, "gpuCostAdjustment")?,
            volume_byte_hours: byte_hours(self.pv_byte_hours, "pvByteHours")?,
            volume_cost: cost(self.pv_cost, "pvCost")?,
            volume_cost_adjustment: adjustment(self.pv_cost_adjustment, "pvCostAdjustment")?,
            network_transfer_bytes: bytes(self.network_transfer_bytes, "networkTransferBytes")?,
            network_receive_bytes: bytes(self.network_receive_bytes, "networkReceiveBytes")?,
            network_cost: cost(self.network_cost, "networkCost")?,
            network_cost_adjustment: adjustment(self.network_cost_adjustment, "networkCostAdjustment")?,
            load_balancer_cost: cost(self.load_balancer_cost, "loadBalancerCost")?,
            load_balancer_cost_adjustment: adjustment(self.load_balancer_cost_adjustment, "loadBalancerCostAdjustment")?,
            shared_cost: cost(self.shared_cost, "sharedCost")?,
            external_cost: cost(self.external_cost, "externalCost")?,
            total_cost: Some(self.total_cost.needed("totalCost", &COST)?),
        })
    }
}

/// What is made up of containers.
const WORKLOAD: &str = "workload";

/// A pod that has a name is a workload, with or without something that controls it. What else costs is told by the word between
/// underscores in the place of its pod, container or namespace, or at the end of its key. Volumes that nothing mounts have a pod that is
/// made up for all of a namespace: there it is the container that tells.
fn kind(properties: &Properties, key: &str) -> String {
    let Properties { pod, container, namespace, .. } = properties;
    let names = [pod, container, namespace].into_iter().flatten().map(String::as_str);
    // The container is the last that a key names.
    let told = names.chain(key.rsplit('/').next()).find_map(special);
    let is_pod = pod.as_deref().is_some_and(|pod| !pod.is_empty() && special(pod).is_none());
    match told {
        None | Some("unallocated") if is_pod => WORKLOAD,
        told => told.or_else(|| key.rsplit('/').find_map(special)).unwrap_or("other"),
    }
    .to_owned()
}

/// Annotations as far as they are words. Long ones and documents are whole manifests, in which anything may stand.
fn words(annotations: BTreeMap<String, String>) -> BTreeMap<String, String> {
    const LONGEST: usize = 256;
    let is_word = |text: &str| text.chars().nth(LONGEST).is_none() && !text.trim_start().starts_with(['{', '[']);
    annotations.into_iter().filter(|(_, text)| is_word(text)).collect()
}

/// What somebody wrote on a thing, without people.
pub(super) fn masked(pseudonyms: &Pseudonyms, texts: BTreeMap<String, String>) -> BTreeMap<String, String> {
    texts.into_iter().map(|(key, text)| (key, without_people(pseudonyms, text))).collect()
}

/// A text as it is, or pseudonyms alone where addresses stand in it: next to an address stands the name of whose it is.
fn without_people(pseudonyms: &Pseudonyms, text: String) -> String {
    const MASKED: &str = "email:";
    if !text.contains('@') {
        return text;
    }
    let masked = pseudonyms.mask("opencost", text.clone());
    if masked == text {
        return text;
    }
    let key = |(at, _)| Pseudonyms::known(masked.get(at + MASKED.len()..at + MASKED.len() + 32)?);
    let keys: Vec<String> = masked.match_indices(MASKED).filter_map(key).map(|key| format!("{MASKED}{key}")).collect();
    keys.join(" ")
}

#[cfg(test)]
pub(super) mod tests {
    use chrono::NaiveDate;
    use serde_json::{Value, json};

    use super::*;
    use crate::opencost::config::Step;

    /// The key of the container that `entry` describes.
    pub(in crate::opencost) const KEY: &str = "cluster-one/n1/lamps/deployment/lamp-post/lamp-post-1/web";

    /// A container that ran for a whole hour of 2026-11-20, with these fields besides; a field that is the word "absent" is taken away.
    pub(in crate::opencost) fn entry(hour: usize, fields: Value) -> Value {
        let (start, end) = (moment(hour), moment(hour + 1));
        let mut entry = json!({
            "name": KEY, "window": {"start": start, "end": end}, "start": start, "end": end, "minutes": 60,
            "properties": {
                "cluster": "cluster-one", "node": "n1", "namespace": "lamps", "controllerKind": "deployment", "controller": "lamp-post",
                "pod": "lamp-post-1", "container": "web", "services": ["lamp-post"], "providerID": "i-0lamp",
                "labels": {"app": "lamp-post", "team": "night"}, "namespaceLabels": {"team": "night"},
            },
            "cpuCoreHours": 0.5, "cpuCoreRequestAverage": 0.5, "cpuCoreUsageAverage": 0.125, "cpuCost": 0.02, "cpuCostAdjustment": -0.001,
            "ramByteHours": 1e9, "ramByteRequestAverage": 1e9, "ramByteUsageAverage": 2.5e8, "ramCost": 0.01, "totalCost": 0.03,
        });
        for (field, value) in fields.as_object().unwrap() {
            entry[field] = value.clone();
        }
        entry.as_object_mut().unwrap().retain(|_, value| value != "absent");
        entry
    }

    pub(in crate::opencost) fn moment(hour: usize) -> String {
        format!("2026-11-{:02}T{:02}:00:00Z", 20 + hour / 24, hour % 24)
    }

    fn row_with(key: &str, step: Step, text: &str) -> Result<Allocation, Fault> {
        let day = Day::of(NaiveDate::from_ymd_opt(2026, 11, 20).unwrap(), step, "2026-11-22T00:00:00Z".parse().unwrap());
        let origin = Origin { cluster: "production", day, pseudonyms: &Pseudonyms::new(&"key".into()) };
        Wire::read(serde_json::from_str(text).unwrap())?.row(origin, 0, key)
    }

    fn row(fields: Value) -> Result<Allocation, Fault> {
        row_with(KEY, Step::Hour, &entry(0, fields).to_string())
    }

    #[test]
    fn a_container_in_full() {
        let row = row(json!({
            "gpuHours": 1, "gpuCost": 0.5, "gpuAllocation": {"gpuRequestAverage": 1, "gpuUsageAverage": 0.25},
            "rawAllocationOnly": {"cpuCoreUsageMax": 0.75, "ramByteUsageMax": 9e8}, "pvByteHours": 1e10, "pvCost": 0.25, "networkCost": 0,
            "minutes": 30, "cpuCoreLimitAverage": null,
        }))
        .unwrap();
        assert_eq!((row.cluster.as_str(), row.reported_cluster.as_deref()), ("production", Some("cluster-one")));
        assert_eq!((row.name.as_str(), row.kind.as_str(), row.hours), (KEY, "workload", 0.5));
        assert_eq!((row.pod.as_deref(), row.container.as_deref()), (Some("lamp-post-1"), Some("web")));
        assert_eq!((row.labels["app"].as_str(), row.kubernetes_services.as_slice()), ("lamp-post", &["lamp-post".to_owned()][..]));
        assert_eq!((row.cpu_cost, row.cpu_cost_adjustment, row.cpu_usage_max_cores), (Some(0.02), Some(-0.001), Some(0.75)));
        assert_eq!((row.gpu_request, row.gpu_usage, row.volume_cost), (Some(1.0), Some(0.25), Some(0.25)));
        assert_eq!((row.network_cost, row.total_cost), (Some(0.0), Some(0.03)));
        assert_eq!(row.started_at.to_utc().to_rfc3339(), "2026-11-20T00:00:00+00:00");
    }

    #[test]
    fn what_is_not_reported_is_unknown_and_not_zero() {
        let row = row(json!({"properties": null, "rawAllocationOnly": null, "gpuAllocation": null, "ramByteUsageAverage": null})).unwrap();
        assert_eq!((row.gpu_cost, row.network_cost, row.shared_cost, row.external_cost), (None, None, None, None));
        assert_eq!((row.cpu_usage_max_cores, row.gpu_usage, row.ram_usage_bytes, row.cpu_limit_cores), (None, None, None, None));
        assert_eq!((row.pod, row.kind.as_str()), (None, "other"));
        assert!(row.labels.is_empty());
    }

    #[test]
    fn what_cannot_be_is_named_by_its_field() {
        for (fields, wrong) in [
            (json!({"cpuCost": -3.2}), "cpuCost is negative (-3.2)"),
            (json!({"cpuCost": null}), "cpuCost is null"),
            (json!({"ramCost": "absent"}), "ramCost is missing"),
            (json!({"totalCost": "0.03"}), "totalCost is text (`0.03`)"),
            (json!({"totalCost": "NaN"}), "totalCost is NaN"),
            (json!({"gpuCost": 2e9}), "gpuCost is beyond what can be (2000000000.0)"),
            (json!({"networkCost": null}), "networkCost is null"),
            (json!({"cpuCostAdjustment": "Infinity"}), "cpuCostAdjustment is Infinity"),
            (json!({"ramByteUsageAverage": "NaN"}), "ramByteUsageAverage is NaN"),
            (json!({"cpuCoreUsageAverage": -1}), "cpuCoreUsageAverage is negative (-1)"),
            (json!({"rawAllocationOnly": {"cpuCoreUsageMax": 2e7}}), "cpuCoreUsageMax is beyond what can be (20000000.0)"),
            (json!({"rawAllocationOnly": 7}), "rawAllocationOnly is not of the documented shape (expected struct Maxima)"),
            (json!({"minutes": 61}), "minutes is beyond what can be (61)"),
            (json!({"minutes": "absent"}), "minutes is missing"),
            (json!({"start": "absent"}), "start is missing"),
            (json!({"start": 7}), "start is not of the documented shape (expected a date and time as in RFC 3339)"),
            (json!({"end": "2026-11-19T00:00:00Z"}), "end is before start"),
            (json!({"properties": {"labels": 5}}), "properties is not of the documented shape (expected a map)"),
            (json!({"properties": {"pod": ["a"]}}), "properties is not of the documented shape (expected a string)"),
        ] {
            assert_eq!(row(fields.clone()).unwrap_err(), wrong, "{fields}");
        }
        assert!(row_with(KEY, Step::Hour, "[]").is_err());
        assert_eq!(row_with(KEY, Step::Hour, "7").unwrap_err(), "the entry is not of the documented shape (expected struct Wire)");
        assert!(row_with(KEY, Step::Day, &entry(0, json!({"minutes": 1440})).to_string()).is_ok());
    }

    #[test]
    fn what_costs_without_being_a_container_keeps_its_kind() {
        let kind_of = |key: &str, properties: Value| {
            let row = row_with(key, Step::Hour, &entry(0, json!({"properties": properties})).to_string()).unwrap();
            (row.kind, row.namespace, row.pod, row.controller)
        };
        let nothing = |kind: &str| (kind.to_owned(), None, None, None);
        assert_eq!(kind_of("cluster-one/n1/__idle__", json!({"cluster": "cluster-one", "node": "n1"})), nothing("idle"));
        assert_eq!(kind_of("cluster-one/__idle__", json!({})), nothing("idle"));
        assert_eq!(kind_of("__unallocated__", json!({"pod": "", "namespace": ""})), nothing("unallocated"));
        assert_eq!(kind_of("cluster-one/__load_balancer__", json!({"pod": "__load_balancer__"})), nothing("load_balancer"));
        assert_eq!(kind_of("cluster-one/kube-extra", json!({})), nothing("other"));
        let unmounted = json!({"namespace": "lamps", "pod": "__unmounted__", "container": "__unmounted__"});
        let (kind, namespace, pod, _) = kind_of("cluster-one/__unmounted__/lamps/__unmounted__", unmounted);
        assert_eq!((kind.as_str(), namespace.as_deref(), pod), ("unmounted", Some("lamps"), None));
        let of_claims = json!({"namespace": "lamps", "pod": "lamps-unmounted-pvcs", "container": "__unmounted__"});
        let (kind, namespace, pod, _) = kind_of("cluster-one/__unallocated__/lamps/lamps-unmounted-pvcs/__unmounted__", of_claims);
        assert_eq!((kind.as_str(), namespace.as_deref(), pod), ("unmounted", Some("lamps"), None), "its pod is made up");
        assert_eq!(kind_of("c//lamps/lamps-unmounted-pvcs/__unmounted__", json!({"pod": "lamps-unmounted-pvcs"})), nothing("unmounted"));
        let naked = json!({"pod": "lamp", "namespace": "lamps", "controller": "__unallocated__", "controllerKind": "__unallocated__"});
        let (kind, _, pod, controller) = kind_of("cluster-one/n1/lamps/__unallocated__/__unallocated__/lamp/web", naked);
        assert_eq!((kind.as_str(), pod.as_deref(), controller), ("workload", Some("lamp"), None));
    }

    #[test]
    fn nobody_is_named_and_no_manifest_is_kept() {
        let long = "x".repeat(257);
        let annotations = json!({
            "owner": "email: Ada Lamp <ada@clockwork.example>, or bob@clockwork.example", "from": "git@clockwork.example:lamps",
            "manifest": " {\"kind\": \"Pod\"}", "list": "[1]", "long": long, "fits": long[1..],
        });
        let labels = json!({"contact": "ada@clockwork.example"});
        let properties = json!({"pod": "lamp", "labels": labels, "namespaceLabels": labels, "annotations": annotations});
        let row = row(json!({"properties": properties})).unwrap();
        assert_eq!(row.annotations.keys().collect::<Vec<_>>(), ["fits", "from", "owner"]);
        let of = |address| format!("email:{}", Pseudonyms::new(&"key".into()).of("opencost", address));
        assert_eq!(row.annotations["owner"], format!("{} {}", of("ada@clockwork.example"), of("bob@clockwork.example")));
        assert_eq!(
            (&row.labels["contact"], row.annotations["from"].as_str()),
            (&of("ada@clockwork.example"), "git@clockwork.example:lamps")
        );
        let text = serde_json::to_string(&row).unwrap();
        assert!(!text.contains("ada@") && !text.contains("Ada") && !text.contains("kind\\\": \\\"Pod"), "{text}");
    }
}
