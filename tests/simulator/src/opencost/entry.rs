//! An allocation as the vendor writes it. Written from structs, for an answer holds thousands.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::value::RawValue;

use crate::company::clusters::costs::Costs;
use crate::company::clusters::prices::rounded;

/// One entry.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Entry<'a> {
    name: &'a str,
    properties: &'a RawValue,
    window: &'a RawValue,
    start: &'a str,
    end: &'a str,
    minutes: f64,
    cpu_cores: f64,
    cpu_core_request_average: f64,
    cpu_core_limit_average: f64,
    cpu_core_usage_average: f64,
    cpu_core_hours: f64,
    cpu_cost: f64,
    cpu_cost_adjustment: f64,
    cpu_cost_idle: f64,
    cpu_efficiency: f64,
    gpu_count: f64,
    gpu_hours: f64,
    gpu_cost: f64,
    gpu_cost_adjustment: f64,
    gpu_cost_idle: f64,
    gpu_efficiency: f64,
    network_transfer_bytes: f64,
    network_receive_bytes: f64,
    network_cost: f64,
    network_cross_zone_cost: f64,
    network_cross_region_cost: f64,
    network_internet_cost: f64,
    network_cost_adjustment: f64,
    load_balancer_cost: f64,
    load_balancer_cost_adjustment: f64,
    pv_bytes: f64,
    pv_byte_hours: f64,
    pv_cost: f64,
    pvs: Option<BTreeMap<&'a str, Volume>>,
    pv_cost_adjustment: f64,
    ram_bytes: f64,
    ram_byte_request_average: f64,
    ram_byte_limit_average: f64,
    ram_byte_usage_average: f64,
    ram_byte_hours: f64,
    ram_cost: f64,
    ram_cost_adjustment: f64,
    ram_cost_idle: f64,
    ram_efficiency: f64,
    external_cost: f64,
    shared_cost: f64,
    total_cost: f64,
    total_efficiency: f64,
    raw_allocation_only: Option<Raw>,
    lb_allocations: Option<BTreeMap<&'a str, Balancer<'a>>>,
    gpu_allocation: Option<Gpu>,
}

/// What a volume took of it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Volume {
    byte_hours: f64,
    cost: f64,
    adjustment: f64,
}

/// What is told of a container only, and not of several together.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Raw {
    cpu_core_usage_max: f64,
    ram_byte_usage_max: f64,
    gpu_usage_max: Option<f64>,
}

/// What a load balancer took of it.
#[derive(Serialize)]
struct Balancer<'a> {
    service: &'a str,
    cost: f64,
    private: bool,
    ip: &'a str,
    hours: f64,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Gpu {
    gpu_device: &'static str,
    is_gpu_shared: bool,
    gpu_usage_average: f64,
    gpu_request_average: f64,
}

/// What an entry says beside numbers, as JSON that is ready.
pub(super) struct Subject {
    /// The key.
    pub(super) name: String,
    /// Who it is.
    pub(super) properties: Box<RawValue>,
    /// The volume, as the vendor calls it.
    pub(super) volume: Option<String>,
    /// The load balancer.
    pub(super) balancer: Option<String>,
    /// Whether it is a container, of which more is known.
    pub(super) is_container: bool,
}

impl<'a> Entry<'a> {
    /// The entry of somebody, in the step that `window` tells.
    pub(super) fn new(
        subject: &'a Subject,
        window: &'a RawValue,
        (start, end): (&'a str, &'a str),
        costs: &Costs,
        total: f64,
    ) -> Entry<'a> {
        let hours = costs.hours();
        let average = |sum: f64| if hours > 0.0 { rounded(sum / hours) } else { 0.0 };
        let (cpu_efficiency, ram_efficiency) =
            (efficiency(costs.cpu_usage, costs.cpu_request), efficiency(costs.ram_usage, costs.ram_request));
        let both = costs.cpu_cost + costs.ram_cost;
        let weighted = (cpu_efficiency * costs.cpu_cost + ram_efficiency * costs.ram_cost) / both;
        let volume = |name: &'a String| {
            let (cost, adjustment) = (rounded(costs.volume_cost), rounded(costs.volume_adjustment));
            BTreeMap::from([(name.as_str(), Volume { byte_hours: costs.volume_hours.round(), cost, adjustment })])
        };
        let balancer = |name: &'a String| {
            let share =
                Balancer { service: name, cost: rounded(costs.balancer_cost), private: false, ip: "203.0.113.17", hours: rounded(hours) };
            BTreeMap::from([(name.as_str(), share)])
        };
        let has_gpu = costs.gpu_hours > 1e-9;
        Entry {
            name: &subject.name,
            properties: &subject.properties,
            window,
            start,
            end,
            minutes: costs.seconds as f64 / 60.0,
            cpu_cores: average(costs.cpu_hours),
            cpu_core_request_average: average(costs.cpu_request),
            cpu_core_limit_average: average(costs.cpu_limit),
            cpu_core_usage_average: average(costs.cpu_usage),
            cpu_core_hours: rounded(costs.cpu_hours),
            cpu_cost: rounded(costs.cpu_cost),
            cpu_cost_adjustment: rounded(costs.cpu_adjustment),
            cpu_cost_idle: 0.0,
            cpu_efficiency,
            gpu_count: average(costs.gpu_hours),
            gpu_hours: rounded(costs.gpu_hours),
            gpu_cost: rounded(costs.gpu_cost),
            gpu_cost_adjustment: rounded(costs.gpu_adjustment),
            gpu_cost_idle: 0.0,
            gpu_efficiency: if has_gpu { rounded(costs.gpu_usage / costs.gpu_hours) } else { 0.0 },
            network_transfer_bytes: costs.sent,
            network_receive_bytes: costs.received,
            network_cost: rounded(costs.zone_cost + costs.internet_cost),
            network_cross_zone_cost: rounded(costs.zone_cost),
            network_cross_region_cost: 0.0,
            network_internet_cost: rounded(costs.internet_cost),
            network_cost_adjustment: 0.0,
            load_balancer_cost: rounded(costs.balancer_cost),
            load_balancer_cost_adjustment: rounded(costs.balancer_adjustment),
            pv_bytes: average(costs.volume_hours),
            pv_byte_hours: costs.volume_hours.round(),
            pv_cost: rounded(costs.volume_cost),
            pvs: subject.volume.as_ref().map(volume),
            pv_cost_adjustment: rounded(costs.volume_adjustment),
            ram_bytes: average(costs.ram_hours),
            ram_byte_request_average: average(costs.ram_request),
            ram_byte_limit_average: average(costs.ram_limit),
            ram_byte_usage_average: average(costs.ram_usage),
            ram_byte_hours: rounded(costs.ram_hours),
            ram_cost: rounded(costs.ram_cost),
            ram_cost_adjustment: rounded(costs.ram_adjustment),
            ram_cost_idle: 0.0,
            ram_efficiency,
            external_cost: 0.0,
            shared_cost: rounded(costs.shared_cost),
            total_cost: rounded(total),
            total_efficiency: if both > 0.0 { rounded(weighted) } else { 0.0 },
            raw_allocation_only: subject.is_container.then(|| Raw {
                cpu_core_usage_max: rounded(costs.cpu_max),
                ram_byte_usage_max: costs.ram_max.round(),
                gpu_usage_max: None,
            }),
            lb_allocations: subject.balancer.as_ref().map(balancer),
            gpu_allocation: (subject.is_container && has_gpu).then(|| Gpu {
                gpu_device: "nvidia0",
                is_gpu_shared: false,
                gpu_usage_average: average(costs.gpu_usage),
                gpu_request_average: average(costs.gpu_hours),
            }),
        }
    }
}

/// What was used of what was asked for; the vendor says 1 of what was used without being asked for.
fn efficiency(used: f64, requested: f64) -> f64 {
    match () {
        () if requested > 0.0 => rounded(used / requested),
        () if used > 0.0 => 1.0,
        () => 0.0,
    }
}
