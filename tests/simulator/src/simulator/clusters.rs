//! What tests may know of the clusters without asking OpenCost.

use std::ops::Range;

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};

use super::Simulator;
use crate::company::DAY;
use crate::company::clusters::hours::Who;
use crate::company::clusters::profiles::Labels;
use crate::company::clusters::{Cluster, Flaw, HOUR, HOURS, Told};
use crate::company::present::Present;

/// A cluster.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SimCluster {
    /// What the company calls it; it calls itself `cluster-one`, and so does the other.
    pub name: &'static str,
    /// Where its installation answers: as OpenCost under this address, and as Kubecost at `/model` below it.
    pub url: String,
    /// The bearer token that it asks for, if it does.
    pub token: Option<String>,
    /// The beginning of the hour of which allocations never tell anything, though it cost as much as others: the first cluster
    /// answers `null`, the second one an empty step. Days and steps around it lack what that hour cost; assets do not.
    pub lost_hour: DateTime<Utc>,
}

impl Simulator {
    /// The clusters: the first asks for a token, the second is mixed of two architectures.
    pub fn clusters(&self) -> Vec<SimCluster> {
        let moment = self.service.clock.moment();
        let clusters = moment.first().company.clusters().all.iter();
        let described = clusters.map(|cluster| SimCluster {
            name: cluster.name,
            url: format!("http://{}/opencost/{}", self.address, cluster.name),
            token: self.service.opencost.face.token(cluster.index).map(str::to_owned),
            lost_hour: DateTime::from_timestamp(cluster.lost().0 * HOUR, 0).unwrap_or_default(),
        });
        described.collect()
    }

    /// What a cluster's nodes, disks, load balancers, network and management cost on a day, in dollars, by the books: as far as it is
    /// known where the clock stands. What the bill adjusts and what network cost are in it from 36 hours after the day on; of
    /// today, the hours that are over for three. 0 for a cluster that there is not.
    pub fn cluster_cost(&self, cluster: &str, day: NaiveDate) -> f64 {
        self.cluster_cost_between(cluster, midnight(day), midnight(day) + chrono::Duration::days(1))
    }

    /// The same for any whole hours.
    pub fn cluster_cost_between(&self, cluster: &str, from: DateTime<Utc>, until: DateTime<Utc>) -> f64 {
        let moment = self.service.clock.moment();
        let hours = from.timestamp().div_euclid(HOUR)..until.timestamp().div_euclid(HOUR);
        known(moment.first(), cluster).map_or(0.0, |known| known.bill(hours, moment.first().now).total())
    }

    /// How many hours of a day allocations of a cluster tell something of, where the clock stands.
    pub fn hours_told(&self, cluster: &str, day: NaiveDate) -> usize {
        let moment = self.service.clock.moment();
        let now = moment.first().now;
        let is_told = |cluster: &Cluster| hours(day).filter(|hour| cluster.told(*hour, now) == Told::Everything).count();
        known(moment.first(), cluster).map_or(0, is_told)
    }

    /// What the containers cost on a day that a service's labels are on, in both clusters, each part with its adjustment, and not what
    /// is told as the total; without the hours of which allocations tell nothing.
    pub fn service_cost(&self, service: &str, day: NaiveDate) -> f64 {
        let moment = self.service.clock.moment();
        let present = moment.first();
        let Some(wanted) = present.company.services().iter().find(|known| known.name == service) else {
            return 0.0;
        };
        let mut sum = 0.0;
        for cluster in &present.company.clusters().all {
            for hour in hours(day).filter(|hour| cluster.told(*hour, present.now) == Told::Everything) {
                cluster.hour(hour, present.now, &mut |who, costs| {
                    if let Who::Container { place, .. } = who {
                        let workload = cluster.workload(place);
                        let is_its = workload.service == Some(wanted.index) && workload.labels != Labels::Nothing;
                        sum += if is_its { costs.total() } else { 0.0 };
                    }
                });
            }
        }
        sum
    }

    /// The names of the services that run with this flaw.
    pub fn services_running(&self, flaw: Flaw) -> Vec<String> {
        let moment = self.service.clock.moment();
        let company = &moment.first().company;
        let services = company.services().iter().zip(&company.clusters().profiles);
        services.filter(|(_, profile)| profile.has(flaw)).map(|(service, _)| service.name.clone()).collect()
    }
}

fn known<'a>(present: &'a Present, name: &str) -> Option<&'a Cluster> {
    present.company.clusters().all.iter().find(|cluster| cluster.name == name)
}

fn midnight(day: NaiveDate) -> DateTime<Utc> {
    day.and_time(NaiveTime::MIN).and_utc()
}

fn hours(day: NaiveDate) -> Range<i64> {
    let day = midnight(day).timestamp().div_euclid(DAY);
    day * HOURS..(day + 1) * HOURS
}

#[cfg(test)]
mod tests {
    use chrono::Duration;

    use super::*;
    use crate::options::Options;

    #[tokio::test]
    async fn tests_may_know_what_clusters_cost() {
        let simulator = Simulator::start(Options::default()).await.expect("the port is free");
        let clusters = simulator.clusters();
        assert_eq!(clusters.iter().map(|cluster| cluster.name).collect::<Vec<_>>(), ["quayside", "headland"]);
        assert!(clusters[0].url.ends_with("/opencost/quayside") && clusters[1].token.is_none());
        let token = clusters[0].token.clone().expect("the first asks for one");
        let secrets = simulator.secrets();
        assert!(secrets.contains(&token) && secrets.iter().any(|secret| secret.contains("third stair") || secret.contains("third-stair")));

        let today = simulator.now().date_naive();
        let day = |before: i64| today - Duration::days(before);
        for cluster in &clusters {
            let cost = simulator.cluster_cost(cluster.name, day(8));
            assert!((50.0..1_000.0).contains(&cost), "{} {cost}", cluster.name);
            let hours: f64 = (0..24)
                .map(|hour| midnight(day(8)) + Duration::hours(hour))
                .map(|from| simulator.cluster_cost_between(cluster.name, from, from + Duration::hours(1)))
                .sum();
            assert!((hours - cost).abs() < 1e-9);
            assert_eq!(simulator.hours_told(cluster.name, cluster.lost_hour.date_naive()), 23);
            assert_eq!([0, 1, 8].map(|before| simulator.hours_told(cluster.name, day(before))), [7, 24, 24]);
        }
        assert_eq!(simulator.cluster_cost("nowhere", day(8)), 0.0);
        let [dear] = simulator.services_running(Flaw::CostJump).try_into().expect("one service");
        let [usual, first, second, after] = [10, 3, 2, 1].map(|before| simulator.service_cost(&dear, day(before)));
        assert!((2.8..3.2).contains(&(first / usual)) && (2.6..3.2).contains(&(second / usual)), "{usual} {first} {second} {after}");
        assert!((0.8..1.1).contains(&(after / usual)), "{usual} {after}");
        for nobody in simulator.services_running(Flaw::Unlabelled) {
            assert_eq!(simulator.service_cost(&nobody, day(8)), 0.0);
        }
    }
}
