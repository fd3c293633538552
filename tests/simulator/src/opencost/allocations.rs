//! What each container, and whatever else costs, took in each step of a window.

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;

use serde::Serialize;
use serde_json::value::{RawValue, to_raw_value};

use crate::company::Company;
use crate::company::clusters::costs::Costs;
use crate::company::clusters::hours::Who;
use crate::company::clusters::profiles::Labels;
use crate::company::clusters::workloads::Kind;
use crate::company::clusters::{Cluster, HOUR, ITSELF, Told};
use crate::http::Reply;
use crate::opencost::entry::{Entry, Subject};
use crate::opencost::window::{Window, length, time};
use crate::opencost::{Edition, error};
use crate::query::Query;

/// What takes the place of something that an entry has not.
const NONE: &str = "__unallocated__";
/// A volume that nothing mounts, and a load balancer that nothing is behind.
const UNMOUNTED: &str = "__unmounted__";
const UNBALANCED: &str = "__load_balancer__";
/// The only division that there is, besides that by cluster.
const WHOLE: &str = "cluster,node,namespace,controllerKind,controller,pod,container";
/// The total that is told of a service of which a wrong one is told, in parts of the right one.
const MISREPORTED: f64 = 1.02;
/// Who an entry is about, as the vendor writes it.
#[derive(Default, Serialize)]
#[serde(rename_all = "camelCase")]
struct Properties<'a> {
    cluster: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    node: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    container: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    controller: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    controller_kind: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    namespace: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pod: Option<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    services: Vec<&'a str>,
    #[serde(rename = "providerID", skip_serializing_if = "Option::is_none")]
    provider_id: Option<String>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    labels: BTreeMap<&'static str, String>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    annotations: BTreeMap<&'static str, &'a str>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    namespace_labels: BTreeMap<&'static str, &'a str>,
}

/// A request, and what was made up for it so far.
struct Writer<'a> {
    company: &'a Company,
    cluster: &'a Cluster,
    now: i64,
    by_cluster: bool,
    with_idle: bool,
    idle_by_node: bool,
    with_metadata: bool,
    subjects: HashMap<Who, Subject>,
    body: Vec<u8>,
}

/// The answer.
pub(super) fn answer(
    company: &Company,
    cluster: &Cluster,
    now: i64,
    window: Window,
    query: &Query,
    edition: Edition,
    most_hours: u32,
) -> Reply {
    let step = match query.get("step").map(length) {
        None => window.hours(),
        Some(Some(step)) => step,
        Some(None) => return error(400, "Invalid 'step' parameter"),
    };
    let by_cluster = match query.get("aggregate") {
        Some("cluster") => true,
        None | Some(WHOLE) => false,
        Some(_) => return error(400, "Invalid 'aggregate' parameter"),
    };
    // Each hour is a query of its own for the Prometheus behind it.
    if step == 1 && window.hours() > i64::from(most_hours) {
        return error(500, "error querying Prometheus: query processing failed: context deadline exceeded");
    }
    let is = |name: &str| query.get(name) == Some("true");
    let mut writer = Writer {
        company,
        cluster,
        now,
        by_cluster,
        with_idle: is("includeIdle"),
        idle_by_node: is("idleByNode"),
        with_metadata: is("includeAggregatedMetadata"),
        subjects: HashMap::new(),
        body: edition.head().as_bytes().to_vec(),
    };
    writer.body.push(b'[');
    for (place, hours) in window.steps(step).enumerate() {
        if place > 0 {
            writer.body.push(b',');
        }
        writer.step(hours);
    }
    writer.body.extend_from_slice(b"]}");
    Reply::bytes(200, writer.body)
}

impl Writer<'_> {
    /// Writes one step.
    fn step(&mut self, hours: Range<i64>) {
        let told: Vec<(i64, Told)> = hours.clone().map(|hour| (hour, self.cluster.told(hour, self.now))).collect();
        let known: Vec<i64> = told.iter().filter(|(_, told)| *told == Told::Everything).map(|(hour, _)| *hour).collect();
        if known.is_empty() {
            let is_empty = told.iter().any(|(_, told)| *told == Told::Nothing);
            self.body.extend_from_slice(if is_empty { b"{}" } else { b"null" });
            return;
        }
        let entries = self.entries(&known);
        let (from, until) = (time(hours.start * HOUR), time(hours.end * HOUR));
        let window = raw(&BTreeMap::from([("start", &from), ("end", &until)]));
        self.body.push(b'{');
        for (place, (who, costs, total)) in entries.iter().enumerate() {
            if place > 0 {
                self.body.push(b',');
            }
            let start = (costs.start != hours.start * HOUR).then(|| time(costs.start));
            let end = (costs.end != hours.end * HOUR).then(|| time(costs.end));
            let times = (start.as_deref().unwrap_or(&from), end.as_deref().unwrap_or(&until));
            self.entry(*who, costs, *total, &window, times);
        }
        self.body.push(b'}');
    }

    /// Everything that costs something in these hours, with the total that is told of it.
    fn entries(&self, hours: &[i64]) -> Vec<(Who, Costs, f64)> {
        let mut entries: Vec<(Who, Costs, f64)> = Vec::new();
        let mut places: HashMap<Who, usize> = HashMap::new();
        // Nothing comes twice in one hour, unless it stands for many.
        let comes_twice = hours.len() > 1 || self.by_cluster || !self.idle_by_node;
        for hour in hours {
            self.cluster.hour(*hour, self.now, &mut |who, costs| {
                let reported = costs.total() * self.reported(who);
                let who = match who {
                    Who::Idle { .. } if !self.with_idle => return,
                    _ if self.by_cluster => Who::Cluster,
                    Who::Idle { .. } if !self.idle_by_node => Who::AllIdle,
                    who => who,
                };
                let place = if comes_twice { *places.entry(who).or_insert(entries.len()) } else { entries.len() };
                match entries.get_mut(place) {
                    Some((_, sum, total)) => {
                        sum.add(costs);
                        *total += reported;
                    }
                    None => entries.push((who, *costs, reported)),
                }
            });
        }
        // What stands for many was there no longer than the hours were.
        for (_, costs, _) in entries.iter_mut().filter(|(who, ..)| matches!(who, Who::Cluster | Who::AllIdle)) {
            costs.seconds = hours.len() as i64 * HOUR;
        }
        entries
    }

    /// The total that is told of somebody, in parts of the right one.
    fn reported(&self, who: Who) -> f64 {
        match who {
            Who::Container { place, .. } if self.cluster.workload(place).misreported => MISREPORTED,
            _ => 1.0,
        }
    }

    fn entry(&mut self, who: Who, costs: &Costs, total: f64, window: &RawValue, times: (&str, &str)) {
        if !self.subjects.contains_key(&who) {
            let subject = self.subject(who);
            self.subjects.insert(who, subject);
        }
        let subject = &self.subjects[&who];
        self.body.push(b'"');
        self.body.extend_from_slice(subject.name.as_bytes());
        self.body.extend_from_slice(b"\":");
        let entry = Entry::new(subject, window, times, costs, total);
        // Numbers and text that is in memory can always be written.
        let _ = serde_json::to_writer(&mut self.body, &entry);
    }

    fn subject(&self, who: Who) -> Subject {
        let cluster = self.cluster;
        let properties = Properties { cluster: ITSELF, ..Properties::default() };
        match who {
            Who::Container { place, container, generation, life } => self.container(place, container, generation, life),
            Who::Idle { node, life } => {
                let (name, id) = (cluster.nodes[node].name(life), cluster.nodes[node].provider_id(life));
                let key = format!("{ITSELF}/{name}/__idle__");
                Subject::of(key, &Properties { node: Some(name), provider_id: Some(id), ..properties })
            }
            Who::AllIdle => Subject::of(format!("{ITSELF}/__idle__"), &properties),
            Who::Cluster => Subject::of(ITSELF.to_owned(), &properties),
            Who::Management => Subject::of(NONE.to_owned(), &properties),
            Who::Loose(place) => {
                let loose = &cluster.loose[place];
                let what = if loose.is_balancer { UNBALANCED } else { UNMOUNTED };
                let pod = match loose.namespace {
                    Some(namespace) if !loose.is_balancer => format!("{namespace}-unmounted-pvcs"),
                    _ => what.to_owned(),
                };
                let namespace = loose.namespace.unwrap_or(what);
                let key = format!("{ITSELF}/{NONE}/{namespace}/{NONE}/{NONE}/{pod}/{what}");
                let properties = Properties { container: Some(what), namespace: Some(namespace), pod: Some(&pod), ..properties };
                let volume = (loose.volume > 0.0).then(|| volume_key(&cluster.loose_name(place)));
                let balancer = (loose.balancers > 0).then(|| format!("{}/nobody-calls", loose.namespace.unwrap_or("default")));
                Subject { volume, balancer, ..Subject::of(key, &properties) }
            }
        }
    }

    fn container(&self, place: usize, container: usize, generation: u32, life: u32) -> Subject {
        let cluster = self.cluster;
        let (node, workload) = (&cluster.nodes[cluster.places[place].node], cluster.workload(place));
        let (name, pod) = (node.name(life), cluster.pod_name(place, generation, life));
        let kind = match workload.kind {
            Kind::Deployment => Some("deployment"),
            Kind::StatefulSet => Some("statefulset"),
            Kind::DaemonSet => Some("daemonset"),
            Kind::CronJob => Some("cronjob"),
            Kind::Job => Some("job"),
            Kind::Naked => None,
        };
        let controller = kind.map(|_| workload.name.as_str());
        let (namespace, own) = (workload.namespace, workload.containers[container].name);
        let key = [ITSELF, &name, namespace, kind.unwrap_or(NONE), controller.unwrap_or(NONE), &pod, own].join("/");
        let mut properties = Properties {
            cluster: ITSELF,
            node: Some(name),
            container: Some(own),
            controller,
            controller_kind: kind,
            namespace: Some(namespace),
            pod: Some(&pod),
            provider_id: Some(node.provider_id(life)),
            ..Properties::default()
        };
        if matches!(workload.kind, Kind::Deployment | Kind::StatefulSet) {
            properties.services = vec![&workload.name];
        }
        if self.with_metadata {
            properties.labels = self.labels(place, generation);
            properties.annotations = workload.annotations.iter().map(|(name, value)| (*name, value.as_str())).collect();
            properties.namespace_labels.insert("kubernetes_io_metadata_name", namespace);
            if let Some(team) = cluster.team_of_namespace(self.company, namespace) {
                properties.namespace_labels.insert("team", team);
            }
        }
        let (volume, balancer) = match container {
            0 => (
                (workload.volume > 0.0).then(|| volume_key(&cluster.volume_name(place))),
                workload.balanced.then(|| format!("{namespace}/{}", workload.name)),
            ),
            _ => (None, None),
        };
        Subject { volume, balancer, is_container: true, ..Subject::of(key, &properties) }
    }

    fn labels(&self, place: usize, generation: u32) -> BTreeMap<&'static str, String> {
        let workload = self.cluster.workload(place);
        let mut labels = BTreeMap::new();
        if workload.kind == Kind::Deployment {
            labels.insert("pod_template_hash", self.cluster.version(place, generation));
        }
        match workload.labels {
            Labels::Recommended | Labels::Catalogued => {
                labels.insert("app_kubernetes_io_name", workload.part_of.clone());
                labels.insert("app_kubernetes_io_managed_by", "Helm".to_owned());
                if workload.labels == Labels::Catalogued {
                    labels.insert("backstage_io_kubernetes_id", workload.part_of.clone());
                }
            }
            Labels::App => {
                labels.insert("app", workload.part_of.clone());
            }
            Labels::Watched => {
                let watched = workload.service.map_or(&workload.part_of, |service| &self.company.services()[service].watched_as);
                labels.insert("tags_datadoghq_com_service", watched.clone());
                labels.insert("tags_datadoghq_com_env", "production".to_owned());
            }
            Labels::Nothing if workload.service.is_none() => {
                labels.insert("k8s_app", workload.name.clone());
            }
            Labels::Nothing => {}
        }
        if let Some(team) = self.cluster.team(self.company, place, generation) {
            labels.insert("team", team.to_owned());
        }
        labels
    }
}

impl Subject {
    /// Something that is no container.
    fn of(name: String, properties: &Properties<'_>) -> Subject {
        Subject { name, properties: raw(properties), volume: None, balancer: None, is_container: false }
    }
}

/// A volume as an entry names it.
fn volume_key(name: &str) -> String {
    format!("cluster={ITSELF}:name={name}")
}

/// JSON that is written more than once.
fn raw(value: &impl Serialize) -> Box<RawValue> {
    to_raw_value(value).unwrap_or_default()
}
