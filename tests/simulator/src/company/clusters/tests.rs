//! What tests elsewhere may rely on about the clusters.

use std::collections::{HashMap, HashSet};

use super::*;
use crate::company::clusters::hours::Who;
use crate::company::clusters::nodes::Pool;
use crate::company::clusters::workloads::Kind;
use crate::options::Options;

fn usual() -> Company {
    Company::found(&Options::default()).expect("the default options are good")
}

/// Noon of the day before the start, when everything is there.
fn noon(company: &Company) -> i64 {
    (company.period.now.div_euclid(DAY) - 8) * HOURS + 12
}

/// The pods that run for a whole hour.
fn pods(company: &Company, cluster: &Cluster, hour: i64) -> HashSet<usize> {
    let mut pods = HashSet::new();
    cluster.hour(hour, company.period.now, &mut |who, _| {
        if let Who::Container { place, .. } = who {
            pods.insert(place);
        }
    });
    pods
}

#[test]
fn there_are_as_many_pods_as_were_asked_for() {
    let count = |company: &Company, hour| company.clusters().all.iter().map(|cluster| pods(company, cluster, hour).len()).sum::<usize>();
    let company = usual();
    let (day, night) = (count(&company, noon(&company)), count(&company, noon(&company) + 12));
    assert!((560..660).contains(&day) && (500..620).contains(&night) && day > night, "{day} {night}");
    let nodes: usize = company.clusters().all.iter().map(|cluster| cluster.nodes.len()).sum();
    assert!((30..70).contains(&nodes), "{nodes}");
    for wanted in [400, 5_000] {
        let company = Company::found(&Options { pods: Some(wanted), ..Options::default() }).expect("a number");
        let pods = count(&company, noon(&company));
        assert!(pods * 10 > wanted * 8 && pods * 10 < wanted * 13, "{wanted} {pods}");
    }
}

#[test]
fn the_same_seed_gives_the_same_hours_and_another_seed_others() {
    let hour = |seed| {
        let company = Company::found(&Options { seed, repositories: 40, ..Options::default() }).expect("a seed is any number");
        let mut all = String::new();
        for cluster in &company.clusters().all {
            cluster.hour(noon(&company), company.period.now, &mut |who, costs| all += &format!("{who:?} {costs:?}\n"));
        }
        all
    };
    assert_eq!(hour(1), hour(1));
    assert_ne!(hour(1), hour(2));
}

#[test]
fn small_companies_have_small_clusters() {
    for repositories in [0, 1, 5, 20] {
        let company = Company::found(&Options { repositories, ..Options::default() }).expect("a number");
        for cluster in &company.clusters().all {
            let (hour, mut entries) = (noon(&company), 0.0);
            cluster.hour(hour, company.period.now, &mut |_, costs| entries += costs.total());
            let books = cluster.bill(hour..hour + 1, company.period.now).total();
            assert!(books > 0.1 && (entries - books).abs() < 1e-4, "{repositories} {entries} {books}");
        }
    }
}

#[test]
fn flaws_of_services_are_as_many_as_the_table_says() {
    let company = usual();
    let count = |flaw| company.clusters().profiles.iter().filter(|profile| profile.has(flaw)).count();
    for (flaw, wanted) in [
        (Flaw::OverProvisioned, 8),
        (Flaw::OverProvisionedMemory, 4),
        (Flaw::Bursty, 5),
        (Flaw::MemoryLimit, 3),
        (Flaw::Autoscaled, 6),
        (Flaw::VpaManaged, 3),
        (Flaw::WithoutRequests, 3),
        (Flaw::CostJump, 1),
        (Flaw::Gpu, 1),
        (Flaw::Unlabelled, 5),
        (Flaw::TotalMisreported, 6),
    ] {
        assert_eq!(count(flaw), wanted, "{flaw:?}");
    }
    let labels = |wanted| company.clusters().profiles.iter().filter(|profile| profile.labels == wanted).count();
    assert_eq!((labels(Labels::App), labels(Labels::Watched), labels(Labels::Catalogued), labels(Labels::Recommended)), (8, 6, 9, 32));
    assert_eq!(company.clusters().profiles.iter().filter(|profile| profile.names_person).count(), 3);
    assert_eq!(company.clusters().profiles.iter().filter(|profile| profile.tells_applied).count(), 3);
    let everywhere = company.clusters().all.iter().flat_map(|cluster| &cluster.workloads);
    let kinds = |kind| everywhere.clone().filter(|workload| workload.kind == kind).count();
    assert!(kinds(Kind::StatefulSet) >= 4 && kinds(Kind::CronJob) >= 4 && kinds(Kind::Job) >= 2 && kinds(Kind::Naked) == 2);
    for (cluster, pools) in [
        (0, [Pool::General, Pool::Spot, Pool::Gpu, Pool::Daytime, Pool::Surge, Pool::Spare].as_slice()),
        (1, &[Pool::General, Pool::Arm, Pool::Spot]),
    ] {
        for pool in pools {
            assert!(company.clusters().all[cluster].nodes.iter().any(|node| node.pool == *pool), "{cluster} {pool:?}");
        }
    }
}

#[test]
fn flaws_show_in_what_is_used() {
    let company = usual();
    let start = noon(&company) - 12;
    // By service: how often it used more than it asked for, reached its limit; pods at noon and at midnight.
    let mut above: HashMap<usize, usize> = HashMap::new();
    let mut full: HashMap<usize, usize> = HashMap::new();
    for cluster in &company.clusters().all {
        for hour in start..start + 2 * HOURS {
            cluster.hour(hour, company.period.now, &mut |who, costs| {
                let Who::Container { place, container: 0, .. } = who else { return };
                let workload = cluster.workload(place);
                let Some(service) =
                    workload.service.filter(|_| workload.schedule == workloads::Schedule::Always && workload.kind != Kind::Naked)
                else {
                    return;
                };
                *above.entry(service).or_default() += usize::from(costs.cpu_request > 0.0 && costs.cpu_usage > costs.cpu_request);
                *full.entry(service).or_default() +=
                    usize::from(costs.ram_limit > 0.0 && costs.ram_max >= costs.ram_limit / costs.hours() - 1.0);
            });
        }
    }
    for (service, profile) in company.clusters().profiles.iter().enumerate() {
        assert_eq!(full[&service] > 0, profile.has(Flaw::MemoryLimit), "{service}");
        assert_eq!(above[&service] > 0, profile.has(Flaw::Bursty), "{service}");
    }
    let count = |service: usize, hour| {
        let of = |cluster: &Cluster| {
            let there = pods(&company, cluster, hour);
            there
                .into_iter()
                .filter(|place| cluster.workload(*place).service == Some(service) && cluster.workload(*place).flaw.is_some())
                .count()
        };
        company.clusters().all.iter().map(of).sum::<usize>()
    };
    let (jump, _) = Cluster::jump(&company.period);
    for (service, profile) in company.clusters().profiles.iter().enumerate().filter(|(_, profile)| profile.flaw.is_some()) {
        let night = count(service, start);
        let times = if profile.has(Flaw::Autoscaled) { 2 } else { 1 };
        assert_eq!(count(service, start + 12), night * times, "{service}");
        let times = if profile.has(Flaw::CostJump) { 3 } else { 1 };
        assert_eq!([0, 47, 48].map(|hour| count(service, jump + hour) / night), [times, times, 1], "{service}");
    }
}

#[test]
fn pods_keep_their_names_for_days_and_machines_are_replaced() {
    let company = usual();
    let cluster = &company.clusters().all[0];
    let names = |hour: i64| {
        let (mut pods, mut nodes) = (HashSet::new(), HashSet::new());
        cluster.hour(hour, company.period.now, &mut |who, _| match who {
            Who::Container { place, generation, life, .. } if cluster.workload(place).schedule == workloads::Schedule::Always => {
                pods.insert((cluster.workload(place).namespace, cluster.pod_name(place, generation, life)));
            }
            Who::Idle { node, life } => {
                nodes.insert(cluster.nodes[node].name(life));
            }
            _ => {}
        });
        (pods, nodes)
    };
    let noon = noon(&company);
    let [first, next, later] = [noon, noon + 24, noon - 60 * 24].map(names);
    let kept = first.0.intersection(&next.0).count() as f64 / first.0.len() as f64;
    assert!((0.4..0.98).contains(&kept), "{kept}");
    assert!(first.0.intersection(&later.0).count() * 5 < first.0.len());
    assert!(first.1.intersection(&next.1).count() * 2 > first.1.len() && first.1.is_disjoint(&later.1));
}
