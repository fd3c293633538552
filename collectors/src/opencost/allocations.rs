//! One row per container, or other thing that costs, and step of an hour or a day: what it asked for, what it used and what that cost.
//!
//! What costs without being a container has a kind of its own: what nodes had left (idle), volumes that nothing mounts (unmounted), and so on.
//! A cost that is null was not reported. Values that cannot be are not stored: their entries are named in the outcome of the cluster.
//!
//! - grain: `cluster`, `step_started_at`, `name`
//! - endpoint: GET /allocation/compute (Kubecost: /model/allocation), some hours a request
//! - permission: reach the cluster's OpenCost, port 9003
//! - date: the day that it is about; the last days are read again, for data that comes late

use std::{
    collections::{BTreeMap, HashSet},
    ops::Range,
};

use futures::{FutureExt, StreamExt, TryStreamExt, future::BoxFuture, stream};
use serde::Serialize;
use serde_json::value::RawValue;

use crate::{
    collect::{CollectError, Context, Outcome, Parent, Tally},
    http::{ApiError, ApiErrorKind, Few, Patience, with_missing},
    table::{Kind, Probe, Read, Row, Table, Timestamp, Watch},
};

use super::{
    CLUSTERS, Cluster, LONGEST_KEY, OpenCostConfig, allocation_steps,
    allocation_steps::Steps,
    config::Step,
    entry::{OUTSIDE, Origin, Wire},
    opencost,
    spans::{Day, Lies, Plan},
    values::{Fault, cut},
    wire::{Answer, Data, Part},
};

/// `opencost.allocations`
pub const TABLE: Table = Table {
    source: "opencost",
    name: "allocations",
    meaning: "One row per container, or other thing that costs, and step of an hour or a day: what it asked for, what it used and what that cost.",
    kind: Kind::Window,
    grain: &["cluster", "step_started_at", "name"],
    version: None,
    endpoint: "GET /allocation/compute (Kubecost: /model/allocation), some hours a request",
    permission: "reach the cluster's OpenCost, port 9003",
    probe: Probe::Rest("{allocations}?window=1h&aggregate=cluster"),
    requests: |_| None,
    columns: Allocation::COLUMNS,
    watch: Watch::NOTHING,
    read: Read::By(collect),
};

/// One row.
#[derive(Debug, Row, Serialize)]
pub struct Allocation {
    /// The cluster, by its name in almanac.toml
    pub(super) cluster: String,
    /// Beginning of the step
    pub(super) step_started_at: Timestamp,
    /// Its end, not included
    pub(super) step_ended_at: Timestamp,
    /// The entry's key in the answer: cluster, node, namespace, kind of controller, controller, pod and container, with slashes between
    pub(super) name: String,
    /// workload, idle, unmounted, unallocated, load_balancer, or what else stands between underscores in the place of a pod
    pub(super) kind: String,
    /// What the installation calls the cluster; two may call themselves the same
    pub(super) reported_cluster: Option<String>,
    /// Node that it ran on
    pub(super) node: Option<String>,
    /// The cloud's id of that node
    pub(super) provider_id: Option<String>,
    /// Namespace
    pub(super) namespace: Option<String>,
    /// deployment, statefulset, daemonset, job, …; null for a pod that nothing controls
    pub(super) controller_kind: Option<String>,
    /// What controls the pod
    pub(super) controller: Option<String>,
    /// Pod
    pub(super) pod: Option<String>,
    /// Container
    pub(super) container: Option<String>,
    /// Services of Kubernetes that lead to the pod
    pub(super) kubernetes_services: Vec<String>,
    /// Labels of the pod, with every character that Prometheus does not allow replaced by _
    pub(super) labels: BTreeMap<String, String>,
    /// Annotations of the pod, likewise; long ones and documents within them are left out
    pub(super) annotations: BTreeMap<String, String>,
    /// Labels of the namespace, likewise
    pub(super) namespace_labels: BTreeMap<String, String>,
    /// When it began to run in this step
    pub(super) started_at: Timestamp,
    /// When it stopped in this step
    pub(super) ended_at: Timestamp,
    /// How long it ran in this step [hours]
    pub(super) hours: f64,
    /// CPU allocated: the greater of requested and used, over time [core-hours]
    pub(super) cpu_core_hours: Option<f64>,
    /// CPU requested, on average over its run [cores]
    pub(super) cpu_request_cores: Option<f64>,
    /// CPU limit, on average over its run; null when not reported [cores]
    pub(super) cpu_limit_cores: Option<f64>,
    /// CPU used, on average over its run [cores]
    pub(super) cpu_usage_cores: Option<f64>,
    /// CPU used at most; null when not reported [cores]
    pub(super) cpu_usage_max_cores: Option<f64>,
    /// Cost of CPU [USD]
    pub(super) cpu_cost: Option<f64>,
    /// What the bill adds to or takes from that [USD]
    pub(super) cpu_cost_adjustment: Option<f64>,
    /// Memory allocated: the greater of requested and used, over time [byte-hours]
    pub(super) ram_byte_hours: Option<f64>,
    /// Memory requested, on average over its run [bytes]
    pub(super) ram_request_bytes: Option<f64>,
    /// Memory limit, on average over its run; null when not reported [bytes]
    pub(super) ram_limit_bytes: Option<f64>,
    /// Memory used, on average over its run [bytes]
    pub(super) ram_usage_bytes: Option<f64>,
    /// Memory used at most; null when not reported [bytes]
    pub(super) ram_usage_max_bytes: Option<f64>,
    /// Cost of memory [USD]
    pub(super) ram_cost: Option<f64>,
    /// What the bill adds to or takes from that [USD]
    pub(super) ram_cost_adjustment: Option<f64>,
    /// GPUs allocated over time [GPU-hours]
    pub(super) gpu_hours: Option<f64>,
    /// GPUs requested, on average over its run; null when not reported [GPUs]
    pub(super) gpu_request: Option<f64>,
    /// GPUs used, on average over its run; null when not reported [GPUs]
    pub(super) gpu_usage: Option<f64>,
    /// Cost of GPUs [USD]
    pub(super) gpu_cost: Option<f64>,
    /// What the bill adds to or takes from that [USD]
    pub(super) gpu_cost_adjustment: Option<f64>,
    /// Volumes over time [byte-hours]
    pub(super) volume_byte_hours: Option<f64>,
    /// Cost of volumes [USD]
    pub(super) volume_cost: Option<f64>,
    /// What the bill adds to or takes from that [USD]
    pub(super) volume_cost_adjustment: Option<f64>,
    /// Bytes sent [bytes]
    pub(super) network_transfer_bytes: Option<f64>,
    /// Bytes received [bytes]
    pub(super) network_receive_bytes: Option<f64>,
    /// Cost of network [USD]
    pub(super) network_cost: Option<f64>,
    /// What the bill adds to or takes from that [USD]
    pub(super) network_cost_adjustment: Option<f64>,
    /// Cost of load balancers [USD]
    pub(super) load_balancer_cost: Option<f64>,
    /// What the bill adds to or takes from that [USD]
    pub(super) load_balancer_cost_adjustment: Option<f64>,
    /// Share of what is shared, such as the cluster's management, where the installation distributes it [USD]
    pub(super) shared_cost: Option<f64>,
    /// Cost outside of the cluster that belongs to it [USD]
    pub(super) external_cost: Option<f64>,
    /// The total that the installation reports; it need not be the sum of the parts [USD]
    pub(super) total_cost: Option<f64>,
}

/// Rows handed over at once.
const PAGE: usize = 2000;
/// What the cost of each row is the sum of: one container on one node.
const AGGREGATE: &str = "cluster,node,namespace,controllerKind,controller,pod,container";
/// Several steps are asked for once more after a fault, and then in halves.
const SEVERAL: Patience = Patience { tries: 2, timeouts: 1 };
/// After so many steps in a row that could not be read one by one, the rest of a day is not asked for, and of the next no more than one.
const IN_A_ROW: usize = 3;

/// A cluster's day, as far as it is read.
struct Walk<'a> {
    context: &'a Context<'a>,
    cluster: &'a Cluster,
    parent: Parent,
    origin: Origin<'a>,
    tally: Tally,
    steps: Steps,
    rows: Vec<Allocation>,
    /// Entries that cannot be stored: which, and why.
    rejected: Few,
    /// Whether any answer came.
    is_answered: bool,
    /// The first step that could not be read, and why.
    failure: Option<(usize, ApiError)>,
}

fn collect<'a>(context: &'a Context<'a>) -> BoxFuture<'a, Result<(), CollectError>> {
    async move {
        let opencost = opencost(context)?;
        let tables: Vec<_> = [&TABLE, &allocation_steps::TABLE].into_iter().filter(|table| context.sink.wants(table)).collect();
        for table in &tables {
            context.sink.expect(table, opencost.clusters.len());
        }
        let is_left = |cluster: &&Cluster| !tables.iter().all(|table| context.sink.is_done(table, &cluster.parent()));
        let reads: Vec<_> = opencost.clusters.iter().filter(is_left).map(|cluster| read(context, &opencost.settings, cluster)).collect();
        // One cluster has nothing to do with another: each is asked at its own pace.
        stream::iter(reads).buffer_unordered(CLUSTERS).try_collect().await
    }
    .boxed()
}

async fn read(context: &Context<'_>, settings: &OpenCostConfig, cluster: &Cluster) -> Result<(), CollectError> {
    let day = Day::of(context.day, settings.step, context.now);
    let mut walk = Walk {
        context,
        cluster,
        parent: cluster.parent(),
        origin: Origin { cluster: &cluster.name, day, pseudonyms: context.pseudonyms },
        tally: Tally::default(),
        steps: Steps::of(day),
        rows: Vec::new(),
        rejected: Few::default(),
        is_answered: false,
        failure: None,
    };
    walk.day(settings.step).await?;
    walk.close().await
}

impl Walk<'_> {
    /// Asks for all steps. What could not be read is a gap of its own, unless the rest would share its fate.
    async fn day(&mut self, step: Step) -> Result<(), CollectError> {
        let day = self.origin.day;
        let mut plan = Plan::new(day.steps, self.cluster.bearable());
        while let Some(span) = plan.span() {
            match self.ask(step, &span).await {
                Ok(answer) => {
                    self.is_answered = true;
                    self.cluster.allocations.note(true);
                    self.take(&span, &answer).await?;
                }
                Err(error) => {
                    let is_everywhere = is_everywhere(&error);
                    if !is_everywhere && let Some(half) = plan.halve(&span) {
                        self.cluster.bears(half);
                        continue;
                    }
                    self.failure.get_or_insert((span.start, error));
                    if self.cluster.allocations.note(false) >= IN_A_ROW || is_everywhere {
                        break;
                    }
                }
            }
            plan.pass(&span);
        }
        self.hand_over().await
    }

    async fn ask(&self, step: Step, span: &Range<usize>) -> Result<Answer, ApiError> {
        let (path, window) = (self.cluster.edition.allocations(), self.origin.day.window(span));
        let path = format!(
            "{path}?window={window}&step={}&aggregate={AGGREGATE}&includeIdle=true&idleByNode=true&includeAggregatedMetadata=true",
            step.parameter()
        );
        let patience = if span.len() > 1 { SEVERAL } else { Patience::AT_ONCE };
        let patience = self.cluster.allocations.patience(patience);
        self.cluster.client.get_owned(&path, patience, &self.tally, |text| Answer::read(text, Data::Steps)).await
    }

    /// Makes rows of an answer, and hands them over while it is taken apart.
    async fn take(&mut self, span: &Range<usize>, answer: &Answer) -> Result<(), CollectError> {
        let Some(parts) = answer.parts() else {
            span.clone().for_each(|step| self.steps.without(step, "null"));
            return Ok(());
        };
        let mut seen = HashSet::new();
        let mut place = span.start;
        for part in parts {
            let entries = match part {
                Part::Entries(entries) if !entries.is_empty() => entries,
                part => {
                    self.without(span, place, &part);
                    place += 1;
                    continue;
                }
            };
            // Some versions leave steps out: entries tell which one they are about, and only without their word it goes by the place.
            let told = entries.values().find_map(|raw| self.told(raw));
            let step = told.unwrap_or(place);
            for (key, raw) in entries {
                match self.entry(span, step, &key.0, raw) {
                    // What is there twice may be two halves of its cost, or the same twice.
                    Ok(Some((step, _))) if !seen.insert((step, key.clone())) => self.reject(span, step, &key.0, "it is there twice"),
                    Ok(Some((step, row))) => {
                        self.steps.stored(step);
                        self.rows.push(row);
                    }
                    Ok(None) => {}
                    Err(fault) => self.reject(span, step, &key.0, &fault),
                }
                if self.rows.len() == PAGE {
                    self.hand_over().await?;
                }
            }
            place = step + 1;
        }
        Ok(())
    }

    /// Notes a part without entries.
    fn without(&mut self, span: &Range<usize>, place: usize, part: &Part<'_>) {
        match part {
            _ if !span.contains(&place) => {}
            Part::Null => self.steps.without(place, "null"),
            Part::Entries(_) => self.steps.without(place, "empty"),
            Part::Other => self.reject(span, place, "all of it", "not of the documented shape"),
        }
    }

    /// The step that an entry says it is about.
    fn told(&self, raw: &RawValue) -> Option<usize> {
        match self.origin.day.lies(Wire::read(raw).ok()?.window().ok()??) {
            Lies::At(step) => Some(step),
            Lies::Across | Lies::Outside => None,
        }
    }

    /// The row of an entry and its step; nothing for a step that another answer is to bring.
    fn entry(&self, span: &Range<usize>, place: usize, key: &str, raw: &RawValue) -> Result<Option<(usize, Allocation)>, Fault> {
        let wire = Wire::read(raw)?;
        let step = match wire.window()?.map(|window| self.origin.day.lies(window)) {
            Some(Lies::At(step)) if span.contains(&step) => step,
            Some(Lies::At(_)) => return Ok(None),
            Some(Lies::Across) => return Err("window is no step that was asked for".to_owned()),
            Some(Lies::Outside) => return Err(OUTSIDE.to_owned()),
            None if span.contains(&place) => place,
            None => return Err("window is missing, and no step is left".to_owned()),
        };
        Ok(Some((step, wire.row(self.origin, step, key)?)))
    }

    /// Notes an entry that cannot be stored, with its step as far as that is known.
    fn reject(&mut self, span: &Range<usize>, step: usize, key: &str, fault: &str) {
        let step = step.clamp(span.start, span.end - 1);
        self.steps.rejected(step);
        let Origin { cluster, day, .. } = self.origin;
        self.rejected.note(|| format!("`{cluster}` {}: `{}`: {fault}", day.full_name(step), cut(key, LONGEST_KEY)));
    }

    async fn hand_over(&mut self) -> Result<(), CollectError> {
        if !self.rows.is_empty() && self.context.sink.wants(&TABLE) {
            self.tally.page(self.rows.len());
            self.context.sink.write(&TABLE, &self.parent, &self.rows).await?;
        }
        self.rows.clear();
        Ok(())
    }

    /// Closes the cluster for both tables. What one of them lacks the other lacks as well, and what it took stands with the first.
    async fn close(self) -> Result<(), CollectError> {
        let sink = self.context.sink;
        let steps = self.steps.rows(&self.cluster.name, self.origin.day);
        let (with_entries, with_steps) = (sink.wants(&TABLE), sink.wants(&allocation_steps::TABLE));
        if !with_entries {
            self.tally.page(steps.len());
        }
        let outcome = self.outcome();
        if with_steps {
            sink.write(&allocation_steps::TABLE, &self.parent, &steps).await?;
            let within = Tally::within(outcome.status, outcome.detail.clone(), steps.len() as u64);
            let of_steps = if with_entries { within } else { outcome.clone() };
            sink.done(&allocation_steps::TABLE, &self.parent, of_steps, Vec::new()).await?;
        }
        if with_entries { sink.done(&TABLE, &self.parent, outcome, Vec::new()).await } else { Ok(()) }
    }

    fn outcome(&self) -> Outcome {
        let day = self.origin.day;
        if let Some((_, error)) = self.failure.as_ref().filter(|_| !self.is_answered) {
            return self.tally.ended(error.status(), Some(error.message.clone()));
        }
        let unknown: Vec<String> = self.steps.unknown().into_iter().map(|step| day.name(step)).collect();
        let mut missing = Vec::new();
        if day.steps == 0 {
            missing.push(day.nothing_yet());
        }
        if !self.rejected.is_empty() {
            missing.push(self.rejected.to_string());
        }
        if !unknown.is_empty() {
            let failure = self.failure.as_ref().map(|(step, error)| format!("; {}: {}", day.name(*step), error.message));
            missing.push(format!("no data for {}{}", unknown.join(", "), failure.unwrap_or_default()));
        }
        with_missing(self.tally.complete(), &missing)
    }
}

/// Whether whatever else is asked would meet the same. Of all other troubles less may be asked with more success.
const fn is_everywhere(error: &ApiError) -> bool {
    match error.kind {
        ApiErrorKind::Unauthorized | ApiErrorKind::Forbidden | ApiErrorKind::Disabled | ApiErrorKind::NotFound => true,
        // There is no limit left for what would follow.
        ApiErrorKind::RateLimited => true,
        ApiErrorKind::TooHeavy | ApiErrorKind::Unavailable | ApiErrorKind::Unexpected => false,
    }
}
