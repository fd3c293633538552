//! What clusters cost: every cent of them is in their pods, however and whenever it is read, and what was not read is told.

use std::collections::{BTreeMap, BTreeSet};

use almanac::collecting::Report;
use almanac_simulator::{BadValue, Effect, Fault, Options, SimCluster};
use chrono::{DateTime, Duration, NaiveDate, Utc};
use serde_json::Value;

use crate::common::{Setting, assert_same, stderr};

const TABLES: [&str; 3] = ["opencost.allocation_steps", "opencost.allocations", "opencost.assets"];

/// A company with few services: what holds for its pods holds for more.
fn small() -> Options {
    Options { repositories: 40, ..Options::default() }
}

impl Setting {
    /// The company's clusters and nothing else, with these settings.
    async fn of_clusters(options: Options, settings: &str) -> Self {
        let setting = Self::with(options).await;
        setting.configure(&format!("[opencost]\n{}\n{settings}", setting.clusters("")));
        setting
    }

    /// Reads the clusters as of the company's moment.
    async fn read_clusters(&self) -> Report {
        self.collect_at(self.simulator.now(), self.simulator.token(), &TABLES).await
    }

    async fn build(&self) {
        let run = self.run(&["build", "--select", "+fct_cluster_costs,+fct_pod_costs,+fct_service_costs,+fct_cost_gaps"]).await;
        assert_eq!(run.status.code(), Some(0), "{}", stderr(&run));
    }

    /// The rows of a raw table, of some days.
    async fn rows_of(&self, table: &str, dates: &str) -> Vec<Value> {
        self.query(&format!("select * from {table} where {dates} order by all")).await
    }

    /// Every day on which something of the clusters stands in the lake.
    async fn days_read(&self) -> Vec<String> {
        let rows = self.query("select distinct cast(date as varchar) as day from opencost.allocations order by day").await;
        rows.iter().map(|row| text(&row["day"]).to_owned()).collect()
    }

    fn yesterday(&self) -> NaiveDate {
        (self.simulator.now() - Duration::days(1)).date_naive()
    }
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_else(|| panic!("{value} is no text"))
}

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or_else(|| panic!("{value} is no number"))
}

fn day_of(value: &Value) -> NaiveDate {
    text(value).parse().expect("a day")
}

#[track_caller]
fn assert_close(found: f64, expected: f64, tolerance: f64, told: &str) {
    assert!((found - expected).abs() <= tolerance * expected.abs(), "{told}: {found} instead of {expected}");
}

/// Every gap of a report: table, parent and what is said of it.
fn gaps(report: &Report) -> Vec<(String, String, &'static str, String)> {
    assert!(report.tables.iter().all(|table| table.error.is_none()), "{report:?}");
    let of = |table: &almanac::collecting::TableReport| {
        let name = table.name.clone();
        let gaps = table.gaps.clone().into_iter();
        gaps.map(move |(parent, status, detail)| (name.clone(), parent.name, status.as_str(), detail.unwrap_or_default()))
            .collect::<Vec<_>>()
    };
    report.tables.iter().flat_map(of).collect()
}

/// What a cluster cost by its books on a day, but for the hour of which nothing is ever told.
fn told_cost(setting: &Setting, cluster: &SimCluster, day: NaiveDate) -> f64 {
    let lost = cluster.lost_hour;
    let untold =
        if lost.date_naive() == day { setting.simulator.cluster_cost_between(cluster.name, lost, lost + Duration::hours(1)) } else { 0.0 };
    setting.simulator.cluster_cost(cluster.name, day) - untold
}

#[tokio::test(flavor = "multi_thread")]
async fn every_cent_of_a_cluster_is_in_its_pods_and_a_missing_hour_is_not_cheaper() {
    let setting = Setting::of_clusters(small(), "history_days = 7").await;
    setting.read_clusters().await;
    setting.build().await;
    let rows = setting.query("select * from fct_cluster_costs order by date, cluster").await;
    assert_eq!(rows.len(), 14, "two clusters, seven days");
    let clusters = setting.simulator.clusters();
    let mut incomplete = Vec::new();
    for row in &rows {
        let cluster = clusters.iter().find(|cluster| cluster.name == text(&row["cluster"])).expect("a cluster of the company");
        let day = day_of(&row["date"]);
        let told = format!("{} on {day}", cluster.name);
        let books = told_cost(&setting, cluster, day);
        let kinds = ["workload", "idle", "unmounted", "shared"].map(|kind| number(&row[format!("{kind}_cost_usd")]));
        assert!(kinds.iter().all(|cost| *cost > 0.0), "{told}: {kinds:?}");
        assert_close(kinds.iter().sum(), books, 1e-4, &told);
        assert_close(number(&row["total_cost_usd"]), books, 1e-4, &told);
        assert_close(number(&row["distributed_cost_usd"]), books, 1e-4, &told);
        assert_close(number(&row["assets_cost_usd"]), setting.simulator.cluster_cost(cluster.name, day), 1e-4, &told);
        let covered = setting.simulator.hours_told(cluster.name, day) as f64;
        assert_close(number(&row["covered_hours"]), covered, 1e-9, &told);
        assert_close(number(&row["completeness"]), covered / 24.0, 1e-9, &told);
        if covered < 24.0 {
            incomplete.push((cluster.name, day));
            // What an hour costs is told by those that were seen.
            let hourly = number(&row["total_cost_usd"]) / covered;
            assert_close(hourly, setting.simulator.cluster_cost(cluster.name, day) / 24.0, 0.1, &told);
        }
    }
    let lost: BTreeSet<_> = clusters.iter().map(|cluster| (cluster.name, cluster.lost_hour.date_naive())).collect();
    assert_eq!(incomplete.into_iter().collect::<BTreeSet<_>>(), lost);
    let states =
        setting.query("select cluster, state, count(*) as n from opencost.allocation_steps where state <> 'ok' group by all").await;
    let states: BTreeSet<_> = states.iter().map(|row| (text(&row["state"]), row["n"].as_u64())).collect();
    assert_eq!(states, BTreeSet::from([("null", Some(1)), ("empty", Some(1))]));
    let services = setting.query("select min(completeness) as least, max(completeness) as most from fct_service_costs").await;
    assert!(number(&services[0]["least"]) < 1.0 && number(&services[0]["most"]) <= 1.0, "{services:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_service_costs_what_its_pods_do() {
    let setting = Setting::of_clusters(small(), "history_days = 2\nlate_days = 1").await;
    setting.read_clusters().await;
    setting.build().await;
    let rows =
        setting.query("select date, service, sum(total_cost_usd) as cost from fct_pod_costs where service is not null group by all").await;
    let day = setting.yesterday();
    let mut seen = 0;
    for row in rows.iter().filter(|row| day_of(&row["date"]) == day) {
        let service = text(&row["service"]);
        let books = setting.simulator.service_cost(service, day);
        if books > 0.0 {
            assert_close(number(&row["cost"]), books, 1e-3, service);
            seen += 1;
        }
    }
    assert!(seen > 5, "{rows:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn hours_and_days_tell_the_same_cost() {
    let of_step = async |step: &str| {
        let setting = Setting::of_clusters(small(), &format!("history_days = 6\nstep = \"{step}\"")).await;
        setting.read_clusters().await;
        setting.build().await;
        let rows = setting.query("select * exclude (steps) from fct_pod_costs where total_cost_usd is not null order by all").await;
        assert!(rows.len() > 600, "{}", rows.len());
        let key = |row: &Value| ["date", "cluster", "node", "namespace", "pod"].map(|column| text(&row[column]).to_owned());
        rows.into_iter().map(|row| (key(&row), row)).collect::<BTreeMap<_, _>>()
    };
    let (hours, days) = (of_step("hour").await, of_step("day").await);
    assert!(hours.keys().eq(days.keys()), "the same pods, and each once");
    for (key, by_hour) in &hours {
        for (column, value) in by_hour.as_object().expect("a row") {
            let by_day = &days[key][column];
            match (value.as_f64(), by_day.as_f64()) {
                // Both are told with six digits: of a day, 24 of them may be rounded up.
                (Some(one), Some(other)) => assert!((one - other).abs() <= 2e-4 + 1e-4 * one.abs(), "{key:?} {column}: {one} and {other}"),
                _ => assert_eq!(value, by_day, "{key:?} {column}"),
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_day_that_is_read_again_is_replaced_by_what_is_known_then() {
    let setting = Setting::of_clusters(small(), "history_days = 3").await;
    let (day, begun) = (setting.yesterday(), setting.simulator.now());
    setting.read_clusters().await;
    let (files, early) = (setting.files("raw/opencost"), setting.rows_of(TABLES[1], "true").await);
    setting.read_clusters().await;
    assert_eq!(setting.files("raw/opencost"), files);
    assert_same(&setting.rows_of(TABLES[1], "true").await, &early, "nothing is new");

    // What network cost comes 36 hours after the day.
    let network = async || {
        let rows = setting.query(&format!("select sum(network_cost) as cost from {} where date = '{day}'", TABLES[1])).await;
        number(&rows[0]["cost"])
    };
    assert!(network().await == 0.0);
    setting.simulator.set_now(begun + Duration::days(2));
    setting.read_clusters().await;
    assert!(network().await > 0.0);
    let other = Setting::of_clusters(small(), "history_days = 3").await;
    other.simulator.set_now(begun + Duration::days(2));
    other.read_clusters().await;
    for table in TABLES {
        let dates = format!("date = '{day}'");
        assert_same(&setting.rows_of(table, &dates).await, &other.rows_of(table, &dates).await, table);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_reading_goes_back_and_later_ones_read_the_last_days_again() {
    let setting = Setting::of_clusters(small(), "history_days = 5\nlate_days = 2").await;
    let begun = setting.simulator.now();
    let days = |from: i64, to: i64| (from..=to).map(|day| (begun + Duration::days(day)).date_naive().to_string()).collect::<Vec<_>>();
    let asked = || {
        let window = |path: &str| path.split_once("window=").map(|(_, window)| window.chars().take(10).collect::<String>());
        let requests = setting.simulator.requests();
        let asked = requests.iter().filter(|request| request.path.contains("/allocation")).filter_map(|request| window(&request.path));
        asked.collect::<BTreeSet<_>>().into_iter().collect::<Vec<_>>()
    };
    setting.read_clusters().await;
    assert_eq!(asked(), days(-5, -1));
    setting.simulator.reset_requests();
    setting.simulator.set_now(begun + Duration::days(1));
    setting.read_clusters().await;
    assert_eq!(asked(), days(-1, 0));
    assert_eq!(setting.days_read().await, days(-5, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_value_that_cannot_be_costs_only_its_entry() {
    let clean = Setting::of_clusters(small(), "history_days = 1\nlate_days = 1").await;
    assert_eq!(gaps(&clean.read_clusters().await), []);
    let (entries, assets) = (clean.rows_of(TABLES[1], "true").await.len(), clean.rows_of(TABLES[2], "true").await.len());
    let wrong = [BadValue::Negative, BadValue::NaNText, BadValue::BareNaN, BadValue::Huge, BadValue::Text, BadValue::NullCost];
    for how in wrong {
        let setting = Setting::of_clusters(small(), "history_days = 1\nlate_days = 1").await;
        let cluster = setting.simulator.clusters()[1].name;
        for path in ["/allocation", "/assets"] {
            setting.simulator.inject(Fault::new(Effect::BadValue { nth: 7, how }).on_path(format!("/opencost/{cluster}{path}")));
        }
        let gaps = gaps(&setting.read_clusters().await);
        let told: Vec<_> = gaps.iter().map(|(table, parent, status, _)| (table.as_str(), parent.as_str(), *status)).collect();
        let expected: Vec<_> = TABLES[1..].iter().map(|table| (*table, cluster, "truncated")).collect();
        assert_eq!(told.iter().filter(|gap| gap.0 != TABLES[0]).copied().collect::<Vec<_>>(), expected, "{how:?}");
        let day = setting.yesterday().to_string();
        for (table, field) in [(TABLES[1], "cpuCost"), (TABLES[2], "totalCost")] {
            let (_, _, _, detail) = gaps.iter().find(|gap| gap.0 == table).expect("a gap");
            for part in [cluster, &day, "cluster-one", field] {
                assert!(detail.contains(part), "{how:?}: {part} is not in {detail}");
            }
        }
        assert_eq!(setting.rows_of(TABLES[1], "true").await.len(), entries - 1, "{how:?}");
        assert_eq!(setting.rows_of(TABLES[2], "true").await.len(), assets - 1, "{how:?}");
        let steps = setting.query(&format!("select sum(rejected) as n from {}", TABLES[0])).await;
        assert_close(number(&steps[0]["n"]), 1.0, 0.0, "rejected");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_long_window_is_asked_for_in_steps_that_are_survived() {
    let usual = Setting::of_clusters(small(), "history_days = 1\nlate_days = 1").await;
    usual.read_clusters().await;
    let setting =
        Setting::of_clusters(Options { opencost_hours: 2, ..small() }, "history_days = 1\nlate_days = 1\nhours_per_request = 24").await;
    assert_eq!(gaps(&setting.read_clusters().await), []);
    for table in TABLES {
        assert_same(&setting.rows_of(table, "true").await, &usual.rows_of(table, "true").await, table);
    }
    let requests = setting.simulator.requests().len();
    assert!(requests < 90, "{requests} requests for two clusters and 24 hours");
}

#[tokio::test(flavor = "multi_thread")]
async fn kubecost_tells_the_same() {
    let opencost = Setting::of_clusters(small(), "history_days = 1\nlate_days = 1").await;
    opencost.read_clusters().await;
    let kubecost = Setting::with(small()).await;
    kubecost.configure(&format!("[opencost]\n{}\nhistory_days = 1\nlate_days = 1", kubecost.clusters(", edition = \"kubecost\"")));
    assert_eq!(gaps(&kubecost.read_clusters().await), []);
    assert!(kubecost.simulator.requests().iter().all(|request| request.path.contains("/model/")));
    for table in TABLES {
        assert_same(&kubecost.rows_of(table, "true").await, &opencost.rows_of(table, "true").await, table);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_happens_to_one_cluster_is_not_the_others() {
    let whole = Setting::of_clusters(small(), "history_days = 1\nlate_days = 1").await;
    whole.read_clusters().await;
    let down = Effect::Status { status: 503, headers: Vec::new(), body: String::new() };
    let refused = Effect::Status { status: 401, headers: Vec::new(), body: String::new() };
    for (effect, status) in [(down, "error"), (refused, "forbidden"), (Effect::Html, "error")] {
        let setting = Setting::of_clusters(small(), "history_days = 1\nlate_days = 1").await;
        let clusters = setting.simulator.clusters();
        let (broken, other) = (clusters[0].name, clusters[1].name);
        setting.simulator.inject(Fault::new(effect.clone()).on_path(format!("/opencost/{broken}/")).always());
        let told: BTreeSet<_> = gaps(&setting.read_clusters().await).into_iter().map(|gap| (gap.0, gap.1, gap.2)).collect();
        assert_eq!(told, TABLES.iter().map(|table| ((*table).to_owned(), broken.to_owned(), status)).collect(), "{effect:?}");
        let of_other = format!("cluster = '{other}'");
        for table in TABLES {
            assert_same(&setting.rows_of(table, "true").await, &whole.rows_of(table, &of_other).await, table);
        }
        // A cluster of which nothing is known is no cluster that costs nothing.
        setting.build().await;
        let known = setting.query("select distinct cluster from fct_cluster_costs").await;
        assert_eq!(known.iter().map(|row| text(&row["cluster"])).collect::<Vec<_>>(), [other]);
        let answer = setting.run(&["ask", "--format", "json", "most-expensive-services"]).await;
        assert!(
            String::from_utf8_lossy(&answer.stdout).contains("opencost"),
            "the gap is told: {}{}",
            String::from_utf8_lossy(&answer.stdout),
            crate::common::stderr(&answer)
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cluster_that_is_down_keeps_what_was_read_of_it() {
    let setting = Setting::of_clusters(small(), "history_days = 3\nlate_days = 3").await;
    let (day, begun) = (setting.yesterday(), setting.simulator.now());
    let clusters = setting.simulator.clusters();
    let of = |cluster: &SimCluster| format!("date = '{day}' and cluster = '{}'", cluster.name);
    let (down, up) = (of(&clusters[0]), of(&clusters[1]));
    setting.read_clusters().await;
    let early = setting.rows_of(TABLES[1], &down).await;

    setting.simulator.set_now(begun + Duration::days(2));
    let broken = Effect::Status { status: 503, headers: Vec::new(), body: String::new() };
    setting.simulator.inject(Fault::new(broken).on_path(format!("/opencost/{}/", clusters[0].name)).always());
    assert!(!gaps(&setting.read_clusters().await).is_empty());
    let later = Setting::of_clusters(small(), "history_days = 3\nlate_days = 3").await;
    later.simulator.set_now(begun + Duration::days(2));
    later.read_clusters().await;
    assert_same(&setting.rows_of(TABLES[1], &down).await, &early, "of the cluster that is down");
    for table in TABLES {
        assert_same(&setting.rows_of(table, &up).await, &later.rows_of(table, &up).await, "of the one that is up");
    }
    setting.simulator.clear_faults();
    setting.read_clusters().await;
    for table in TABLES {
        assert_same(&setting.rows_of(table, &down).await, &later.rows_of(table, &down).await, "once it is up again");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_older_day_is_replaced_only_when_it_is_asked_for() {
    let now: DateTime<Utc> = Utc::now();
    let setting = Setting::of_clusters(Options { now, ..small() }, "history_days = 2\nlate_days = 1").await;
    let ago = |days: i64| (now - Duration::days(days)).date_naive().to_string();
    let versions = || {
        let time = |file: String| (std::fs::metadata(setting.lake().join(&file)).and_then(|file| file.modified()).expect("a file"), file);
        setting.files("raw/opencost/allocations").into_iter().map(time).collect::<Vec<_>>()
    };
    setting.read_clusters().await;
    let before = versions();
    let run = setting.run(&["collect", "--tables", &TABLES.join(","), "--date", &ago(20)]).await;
    assert_eq!(run.status.code(), Some(0), "{}", stderr(&run));
    assert_eq!(setting.days_read().await, [ago(20), ago(2), ago(1)]);
    let old: Vec<_> = versions().into_iter().filter(|(_, file)| !before.iter().any(|(_, known)| known == file)).collect();
    // The next run reads the last day again, and no other.
    setting.read_clusters().await;
    let unchanged: Vec<_> = versions().into_iter().filter(|version| before.contains(version) || old.contains(version)).collect();
    assert_eq!(unchanged.len(), 2, "{unchanged:?}");
    let run = setting.run(&["collect", "--tables", &TABLES.join(","), "--date", &ago(20)]).await;
    assert_eq!(run.status.code(), Some(0), "{}", stderr(&run));
    assert!(!versions().contains(&old[0]), "it was asked for");
}
