//! What runs on a cluster: the services' deployments with what belongs to them, and what keeps the cluster itself going.

use crate::company::calling::UNCATALOGUED;
use crate::company::clusters::prices::GIB;
use crate::company::clusters::profiles::{Labels, Profile, SIDECAR};
use crate::company::clusters::usage::{Container, Habit};
use crate::company::clusters::{Flaw, HOUR};
use crate::company::random::{self, mix};
use crate::company::services::{SYSTEMS, Service};
use crate::company::{Company, DAY};

/// What kind of controller makes the pods.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Deployment,
    StatefulSet,
    DaemonSet,
    CronJob,
    Job,
    /// None: somebody made the pod by hand.
    Naked,
}

/// When its pods run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Schedule {
    /// Always.
    Always,
    /// Some minutes of every hour, from this minute on.
    Hourly(i64),
    /// Half an hour every night, from this minute on.
    Nightly(i64),
    /// Some minutes before each roll of its service.
    Rolls,
}

/// Something that runs in one or more pods.
pub(crate) struct Workload {
    /// The controller's name.
    pub(crate) name: String,
    pub(crate) kind: Kind,
    pub(crate) namespace: &'static str,
    /// Index of the service that it is a part of, whether or not its labels tell.
    pub(crate) service: Option<usize>,
    /// The name that it is a part of.
    pub(crate) part_of: String,
    pub(crate) labels: Labels,
    pub(crate) names_team: bool,
    pub(crate) flaw: Option<Flaw>,
    pub(crate) misreported: bool,
    /// What is written on its pods beside labels.
    pub(crate) annotations: Vec<(&'static str, String)>,
    pub(crate) containers: Vec<Container>,
    pub(crate) schedule: Schedule,
    /// When its pods were replaced by others, in Unix seconds.
    pub(crate) rolls: Vec<i64>,
    /// Bytes of the volume that each pod has.
    pub(crate) volume: f64,
    /// Whether a load balancer leads to it.
    pub(crate) balanced: bool,
    /// How many pods it has on the nodes that are always there.
    pub(crate) replicas: usize,
    /// Gigabytes that a pod sends in an hour.
    pub(crate) traffic: f64,
    /// What names are drawn from.
    pub(crate) draw: u64,
}

/// What is told of a service on its pods, which should never be stored: who to ask, and everything that was applied.
pub(crate) const APPLIED: &str = "kubectl_kubernetes_io_last_applied_configuration";
/// A password that somebody wrote into what was applied.
pub(crate) const APPLIED_SECRET: &str = "brass-key-under-the-third-stair";
/// The words with which it was applied.
pub(crate) const APPLIED_WORDS: &str = "wind the lamp only after the second bell";

/// What workloads that nobody labelled are called.
const NAMELESS: [&str; 8] =
    ["blue-kettle", "copy-of-app", "app-v3", "old-brass", "proxy-2", "temporary", "thing-that-runs", "please-do-not-delete"];

/// The namespaces that belong to nobody.
const KUBE: &str = "kube-system";
const MONITORING: &str = "monitoring";
const INGRESS: &str = "ingress";

impl Workload {
    fn new(name: impl Into<String>, kind: Kind, namespace: &'static str, container: Container, draw: u64) -> Workload {
        let name = name.into();
        Workload {
            part_of: name.clone(),
            name,
            kind,
            namespace,
            service: None,
            labels: Labels::Recommended,
            names_team: false,
            flaw: None,
            misreported: false,
            annotations: Vec::new(),
            containers: vec![container],
            schedule: Schedule::Always,
            rolls: Vec::new(),
            volume: 0.0,
            balanced: false,
            replicas: 1,
            traffic: 0.0,
            draw: mix(draw),
        }
    }
}

/// What keeps a cluster going: first what runs once on every node, then the rest.
pub(super) fn system(cluster: usize) -> Vec<Workload> {
    let mib = GIB / 1_024.0;
    let container = |name, cpu: f64, ram: f64| Container {
        name,
        cpu_request: cpu,
        cpu_limit: 0.0,
        cpu_usage: cpu * 0.5,
        ram_request: ram * mib,
        ram_limit: ram * 2.0 * mib,
        ram_usage: ram * 0.7 * mib,
        gpus: 0.0,
        habit: Habit::Steady,
    };
    let mut place = 0;
    let mut workload = |name, kind, namespace, cpu, ram| {
        place += 1;
        Workload::new(name, kind, namespace, container(name, cpu, ram), (cluster as u64) << 8 | place)
    };
    let mut all = vec![
        workload("kube-proxy", Kind::DaemonSet, KUBE, 0.1, 64.0),
        workload("aws-node", Kind::DaemonSet, KUBE, 0.05, 64.0),
        workload("node-exporter", Kind::DaemonSet, MONITORING, 0.02, 32.0),
        Workload { replicas: 2, ..workload("coredns", Kind::Deployment, KUBE, 0.1, 128.0) },
        Workload { volume: 100.0 * GIB, ..workload("prometheus-server", Kind::StatefulSet, MONITORING, 1.0, 6_144.0) },
        workload("opencost", Kind::Deployment, MONITORING, 0.1, 256.0),
        Workload {
            replicas: 3,
            balanced: true,
            traffic: 0.4,
            ..workload("ingress-nginx-controller", Kind::Deployment, INGRESS, 0.2, 256.0)
        },
    ];
    for workload in all.iter_mut().filter(|workload| workload.namespace == KUBE) {
        workload.labels = Labels::Nothing;
    }
    all
}

/// What a service runs on one of the clusters, its main part first.
pub(super) fn of_service(company: &Company, service: &Service, profile: &Profile, cluster: usize) -> Vec<Workload> {
    let replicas = profile.replicas[cluster];
    if replicas == 0 {
        return Vec::new();
    }
    let index = service.index;
    let draw = mix(company.seed ^ (index as u64) << 20 ^ (cluster as u64) << 50);
    let mut rng = random::rng(company.seed, "workload", &[index as u64, cluster as u64]);
    let is_told = profile.labels != Labels::Nothing;
    let name = if is_told { service.name.clone() } else { nameless(index) };
    let namespace = if is_told { service.system } else { "default" };
    let main = Workload::new(name.clone(), Kind::Deployment, namespace, profile.container(company.seed, index), draw);
    let part = |suffix: &str, kind, schedule, cpu: f64| {
        let container = Container {
            name: "task",
            cpu_request: cpu,
            cpu_limit: 0.0,
            cpu_usage: cpu * 0.8,
            ram_request: GIB / 4.0,
            ram_limit: GIB,
            ram_usage: GIB / 5.0,
            gpus: 0.0,
            habit: Habit::Steady,
        };
        Workload {
            schedule,
            service: Some(index),
            part_of: name.clone(),
            labels: profile.labels,
            names_team: profile.names_team,
            rolls: rolls(company, service),
            misreported: profile.misreported,
            ..Workload::new(format!("{name}-{suffix}"), kind, namespace, container, draw ^ mix(suffix.len() as u64))
        }
    };
    let mut all = Vec::new();
    if profile.sweeps {
        all.push(part("sweep", Kind::CronJob, Schedule::Hourly(5 + rng.i64(0..30)), 0.2));
    }
    if profile.nightly {
        all.push(part("nightly-report", Kind::CronJob, Schedule::Nightly(rng.i64(0..25)), 0.8));
    }
    if profile.migrates {
        all.push(part("migrate", Kind::Job, Schedule::Rolls, 0.25));
    }
    let mut containers = main.containers.clone();
    if profile.has_sidecar {
        containers.push(SIDECAR);
    }
    let main = Workload {
        kind: if profile.keeps_state { Kind::StatefulSet } else { Kind::Deployment },
        service: Some(index),
        labels: profile.labels,
        names_team: profile.names_team,
        flaw: profile.flaw,
        misreported: profile.misreported,
        annotations: annotations(company, service, profile),
        containers,
        rolls: rolls(company, service),
        volume: if profile.keeps_state { (20 * rng.i32(1..5)) as f64 * GIB } else { 0.0 },
        replicas,
        traffic: 0.01 + 0.12 * rng.f64(),
        ..main
    };
    all.insert(0, main);
    all
}

/// A pod that somebody made by hand and forgot: the first is labelled, the second is not.
pub(super) fn by_hand(company: &Company, service: &Service, cluster: usize) -> Workload {
    let container = Container { ram_limit: 0.0, cpu_limit: 0.0, ..SIDECAR };
    let container = Container { name: "shell", ..container };
    let draw = mix(company.seed ^ 0x006e_616b_6564 ^ cluster as u64);
    let labels = if cluster == 0 { Labels::App } else { Labels::Nothing };
    let (service_index, part_of) = (Some(service.index), service.name.clone());
    Workload { service: service_index, part_of, labels, ..Workload::new("keeper-shell", Kind::Naked, service.system, container, draw) }
}

/// What runs under a name that stands in no catalogue; somebody is called about it.
pub(super) fn uncatalogued(company: &Company) -> Workload {
    let draw = mix(company.seed ^ 0x0061_6e63_686f_7221);
    Workload::new(UNCATALOGUED.1, Kind::Deployment, SYSTEMS[5], Container { name: "main", ..SIDECAR }, draw)
}

/// The name of a workload that nobody labelled, by the index of its service.
pub(super) fn nameless(index: usize) -> String {
    let name = NAMELESS[index % NAMELESS.len()];
    if index < NAMELESS.len() { name.to_owned() } else { format!("{name}-{}", index / NAMELESS.len()) }
}

/// When the pods of a service are replaced: when it is brought to production, though at most every other day; every some days
/// where nobody knows of that.
fn rolls(company: &Company, service: &Service) -> Vec<i64> {
    let repository = &company.repositories[service.repository];
    let mut rolls: Vec<i64> = Vec::new();
    let brought = company.deployments(repository).iter().filter(|one| one.environment == repository.production());
    for deployment in brought {
        let at = deployment.created_at + 600;
        // To the minute, and neither at the first nor at the last of an hour: what runs before it has some time.
        let at = at - at.rem_euclid(HOUR) + (at.rem_euclid(HOUR) / 60).clamp(10, 50) * 60;
        if rolls.last().is_none_or(|last| at - last >= 2 * DAY) {
            rolls.push(at);
        }
    }
    if rolls.is_empty() {
        let mut rng = random::rng(company.seed, "rolls", &[service.index as u64]);
        let mut at = company.period.start + rng.i64(0..5) * DAY;
        while at < company.period.end {
            rolls.push(at + 9 * HOUR + rng.i64(10..50) * 60);
            at += rng.i64(3..9) * DAY;
        }
    }
    rolls
}

fn annotations(company: &Company, service: &Service, profile: &Profile) -> Vec<(&'static str, String)> {
    let mut annotations = Vec::new();
    if profile.flaw == Some(Flaw::VpaManaged) {
        let updates = format!("Pod resources updated by {}: container 0: cpu request, memory request", service.name);
        annotations.extend([("vpaUpdates", updates), ("vpaObservedContainers", "main".to_owned())]);
    }
    if profile.names_person {
        let person = &company.people[service.person(company, 41)];
        annotations.push(("contact", format!("{} <{}>", person.name.as_deref().unwrap_or(&person.login), person.email)));
    }
    if profile.tells_applied {
        let applied = format!(
            "{{\"apiVersion\":\"apps/v1\",\"kind\":\"Deployment\",\"metadata\":{{\"name\":\"{}\",\"annotations\":{{\"note\":\"{APPLIED_WORDS}\"}}}},\
             \"spec\":{{\"template\":{{\"spec\":{{\"containers\":[{{\"name\":\"main\",\"env\":[{{\"name\":\"LAMP_KEY\",\
             \"value\":\"{APPLIED_SECRET}\"}}]}}]}}}}}}}}\n",
            service.name
        );
        annotations.push((APPLIED, applied));
    }
    annotations.push(("prometheus_io_scrape", "true".to_owned()));
    annotations
}
