//! Datadog, PagerDuty and Jira against every way of failing: a run ends with the rows of an undisturbed run, or names what is missing, and
//! what failed takes nothing else with it. What changed is read again, and its newest state wins.

use std::{collections::BTreeSet, time::Duration};

use almanac::collecting::Report;
use almanac_simulator::{Effect, Fault, Options};
use futures::{StreamExt, stream};
use serde_json::Value;

use crate::common::Setting;

/// Runs that go on at once: most of their time they wait.
const AT_ONCE: usize = 6;

/// Every list that is read: the table that it is for, and what tells its requests.
const WAYS: [(&str, &str); 14] = [
    ("datadog.dashboards", "/datadog/api/v1/dashboard"),
    ("datadog.downtimes", "/datadog/api/v2/downtime"),
    ("datadog.incidents", "/datadog/api/v2/incidents"),
    ("datadog.monitors", "/datadog/api/v1/monitor"),
    ("datadog.service_definitions", "/datadog/api/v2/services/definitions"),
    ("datadog.slo_history", "/history"),
    ("datadog.slos", "/datadog/api/v1/slo?"),
    ("datadog.synthetic_tests", "/datadog/api/v1/synthetics/tests"),
    ("jira.issues", "/jira/rest/api/3/search/jql"),
    ("pagerduty.escalation_policies", "/pagerduty/escalation_policies"),
    ("pagerduty.incident_log_entries", "/pagerduty/log_entries"),
    ("pagerduty.incidents", "/pagerduty/incidents"),
    ("pagerduty.oncalls", "/pagerduty/oncalls"),
    ("pagerduty.services", "/pagerduty/services"),
];

/// What is read from another list than its own, and so shares its fate.
fn depends_on(table: &str, failed: &str) -> bool {
    matches!(
        (table, failed),
        ("datadog.slo_history", "datadog.slos")
            | ("pagerduty.oncalls", "pagerduty.escalation_policies")
            // What changed long after it was made is known by the log alone.
            | ("pagerduty.incidents", "pagerduty.incident_log_entries")
    )
}

type Row = (String, String, String);

/// What a run left: every row, and every gap as (table, parent, status).
#[derive(Debug, PartialEq, Eq)]
struct Left {
    rows: BTreeSet<Row>,
    gaps: BTreeSet<(String, String, &'static str)>,
    errors: Vec<String>,
}

impl Left {
    fn of(&self, table: &str) -> BTreeSet<&Row> {
        self.rows.iter().filter(|(of, ..)| of == table).collect()
    }

    fn gaps_of(&self, table: &str) -> Vec<&'static str> {
        self.gaps.iter().filter(|(of, ..)| of == table).map(|(.., status)| *status).collect()
    }
}

fn tables(source: &str) -> Vec<String> {
    WAYS.iter().map(|(table, _)| *table).filter(|table| table.starts_with(source)).map(str::to_owned).collect()
}

impl Setting {
    async fn watched() -> Self {
        let options = Options { repositories: 60, history_days: 30, future_days: 3, requests: Some(150), ..Options::default() };
        let setting = Self::whole(options).await;
        let file = setting.path().join("almanac.toml");
        let mut text = std::fs::read_to_string(&file).expect("the configuration is there");
        for section in ["[datadog]", "[pagerduty]", "[jira]"] {
            text = text.replace(section, &format!("{section}\ntimeout_s = 1\nmax_wait_s = 3"));
        }
        // Short pages, so that there is something in the midst of a list.
        std::fs::write(&file, text.replace("[datadog]", "[datadog]\npage_size = 20")).expect("the configuration is written");
        setting
    }

    async fn read(&self, source: &str) -> Left {
        let tables = tables(source);
        let names: Vec<&str> = tables.iter().map(String::as_str).collect();
        let report = self.collect_at(self.simulator.now(), self.simulator.token(), &names).await;
        let rows = self.stored(&tables, |_| "''").await;
        Left { rows, gaps: gaps(&report), errors: report.tables.into_iter().filter_map(|table| table.error).collect() }
    }
}

fn gaps(report: &Report) -> BTreeSet<(String, String, &'static str)> {
    let all = report.tables.iter().flat_map(|table| table.gaps.iter().map(|gap| (table.name.clone(), gap)));
    all.map(|(table, (parent, status, _))| (table, parent.name.clone(), status.as_str())).collect()
}

fn answer(status: u16, body: &str) -> Effect {
    Effect::Status { status, headers: Vec::new(), body: body.to_owned() }
}

/// A fault for a while.
fn passing() -> Vec<(&'static str, Effect, usize)> {
    vec![
        ("a limit of a second", Effect::SecondaryLimit { retry_after: Some(1), status: 429 }, 1),
        ("500 twice", answer(500, "{}"), 2),
        ("a gateway's page", Effect::BadGateway, 1),
        ("a login page", Effect::Html, 1),
        ("half an answer", Effect::DropConnection, 1),
        ("an answer that is late", Effect::Delay(Duration::from_millis(1_300)), 1),
        ("a list that moved on", Effect::Duplicate, usize::MAX),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn what_passes_by_costs_no_row() {
    for source in ["datadog", "jira", "pagerduty"] {
        let undisturbed = Setting::watched().await.read(source).await;
        assert_eq!((&undisturbed.gaps, &undisturbed.errors), (&BTreeSet::new(), &Vec::new()), "{source}");
        for table in tables(source) {
            assert!(!undisturbed.of(&table).is_empty(), "{table} has no row");
        }
        let ways = WAYS.iter().filter(|(table, _)| table.starts_with(source));
        let cases = ways.flat_map(|way| passing().into_iter().map(move |fault| (way, fault)));
        let tried = cases.map(|((table, way), (told, effect, times))| {
            let undisturbed = &undisturbed;
            async move {
                // At the first request of a list, and further on.
                for after in [0, 1] {
                    let setting = Setting::watched().await;
                    setting.simulator.inject(Fault::new(effect.clone()).on_path(*way).after(after).times(times));
                    let found = setting.read(source).await;
                    let met = setting.simulator.requests().iter().any(|request| request.path.contains(way));
                    assert!(met, "{table}: nothing was struck");
                    assert_eq!(found.gaps, undisturbed.gaps, "{told} in {table}");
                    assert_eq!(found.errors, undisturbed.errors, "{told} in {table}");
                    assert!(found.rows == undisturbed.rows, "{told} in {table} cost a row");
                }
            }
        });
        stream::iter(tried.collect::<Vec<_>>()).buffer_unordered(AT_ONCE).collect::<Vec<()>>().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_stays_is_told_and_takes_nothing_else_with_it() {
    let lasting = || {
        [
            (answer(403, "{\"errors\": [\"Forbidden\"]}"), "forbidden"),
            (answer(404, "{\"errors\": [\"Not found\"]}"), "not_found"),
            (answer(402, "{\"error\": {\"message\": \"not in your plan\"}}"), "disabled"),
            (answer(200, "{\"unexpected\": true}"), "error"),
            (Effect::SecondaryLimit { retry_after: Some(1_000), status: 429 }, "rate_limited"),
        ]
    };
    for source in ["datadog", "jira", "pagerduty"] {
        let undisturbed = Setting::watched().await.read(source).await;
        let ways = WAYS.iter().filter(|(table, _)| table.starts_with(source));
        let cases = ways.flat_map(|way| lasting().into_iter().map(move |fault| (way, fault)));
        let tried = cases.map(|((table, way), (effect, status))| {
            let undisturbed = &undisturbed;
            async move {
                let setting = Setting::watched().await;
                setting.simulator.inject(Fault::new(effect.clone()).on_path(*way).always());
                let found = setting.read(source).await;
                let told = format!("{effect:?} in {table}: {:?} {:?}", found.gaps, found.errors);
                assert_eq!(found.errors, [""; 0], "{told}");
                // A feature that is not there is an answer, and no gap.
                let expected = if status == "disabled" { Vec::new() } else { vec![status] };
                let met: BTreeSet<&str> = found.gaps_of(table).into_iter().collect();
                assert!(met.is_superset(&expected.iter().copied().collect()), "{told}");
                assert!(met.iter().all(|met| [status, "truncated"].contains(met)), "{told}");
                assert!(found.of(table).is_subset(&undisturbed.of(table)), "{told}");
                // A limit holds for everything that the credential may ask.
                if status == "rate_limited" {
                    return;
                }
                for other in tables(source).iter().filter(|other| other != table && !depends_on(other, table)) {
                    assert_eq!(found.of(other), undisturbed.of(other), "{told}: {other}");
                    assert_eq!(found.gaps_of(other), [""; 0], "{told}: {other}");
                }
            }
        });
        stream::iter(tried.collect::<Vec<_>>()).buffer_unordered(AT_ONCE).collect::<Vec<()>>().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_item_of_the_wrong_type_is_named_and_the_others_stay() {
    for source in ["datadog", "jira", "pagerduty"] {
        let undisturbed = Setting::watched().await.read(source).await;
        for (table, way) in WAYS.iter().filter(|(table, _)| table.starts_with(source) && *table != "datadog.slo_history") {
            let setting = Setting::watched().await;
            setting.simulator.inject(Fault::new(Effect::WrongType { nth: 1 }).on_path(*way));
            let found = setting.read(source).await;
            let told = format!("{table}: {:?} {:?}", found.gaps, found.errors);
            assert_eq!(found.errors, [""; 0], "{told}");
            let (left, whole) = (found.of(table), undisturbed.of(table));
            // Where the field of the wrong type is one that is not read, nothing is missing.
            if found.gaps_of(table).is_empty() {
                assert_eq!(left, whole, "{told}");
                continue;
            }
            assert_eq!(found.gaps_of(table), ["truncated"], "{told}");
            assert!(!left.is_empty() && left.len() < whole.len(), "{told}: {} of {} rows", left.len(), whole.len());
            for other in tables(source).iter().filter(|other| other != table && !depends_on(other, table)) {
                assert_eq!(found.of(other), undisturbed.of(other), "{told}: {other}");
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wait_is_as_long_as_it_was_told() {
    for (source, table, way) in [
        ("datadog", "datadog.monitors", "/datadog/api/v1/monitor"),
        ("jira", "jira.issues", "/jira/rest/api/3/search/jql"),
        ("pagerduty", "pagerduty.services", "/pagerduty/services"),
    ] {
        let setting = Setting::watched().await;
        setting.simulator.inject(Fault::new(Effect::SecondaryLimit { retry_after: Some(2), status: 429 }).on_path(way));
        let report = setting.collect_at(setting.simulator.now(), setting.simulator.token(), &[table]).await;
        assert_eq!(gaps(&report), BTreeSet::new(), "{source}");
        let requests = setting.simulator.requests();
        let refused = requests.iter().position(|request| request.status == 429).expect("one was refused");
        let again = requests[refused + 1..].iter().find(|request| request.path == requests[refused].path).expect("it was sent again");
        let waited = again.at.duration_since(requests[refused].at).as_secs_f64();
        assert!((2.0..3.0).contains(&waited), "{source} waited {waited} s");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_credential_ends_its_source_alone() {
    for (variable, source) in [("DD_API_KEY", "datadog"), ("JIRA_TOKEN", "jira"), ("PAGERDUTY_TOKEN", "pagerduty")] {
        let setting = Setting::watched().await;
        let all: Vec<String> = ["datadog", "jira", "pagerduty"].into_iter().flat_map(tables).collect();
        let run = crate::common::output(setting.command(&["collect", "--tables", &all.join(",")]).env(variable, "not-a-credential")).await;
        let told = crate::common::stderr(&run);
        assert_eq!(run.status.code(), Some(1), "{told}");
        assert!(told.contains("refused the credential") && told.contains("`almanac doctor`"), "{told}");
        assert!(!told.contains("not-a-credential"), "{told}");
        let steps = setting.query("select split_part(step, ' ', 2) as name, status from almanac.runs").await;
        for step in &steps {
            let failed = step["name"].as_str().is_some_and(|name| name.starts_with(source));
            assert_eq!(step["status"] == "failed", failed, "{step} {told}");
        }
        assert_eq!(steps.len(), all.len());
    }
}

/// The newest version of every row of a table of changes.
fn newest(table: &str, grain: &str, version: &str) -> String {
    format!(
        "select * exclude (date, place) from (select *, row_number() over (partition by {grain} order by {version} desc, date desc) as place
         from {table}) where place = 1 order by {grain}"
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn what_changed_is_read_again_and_its_newest_state_wins() {
    let options = || Options { repositories: 60, history_days: 40, future_days: 5, incidents: Some(400), ..Options::default() };
    let changing = [
        ("datadog.incidents", "incident_id", "modified_at", "state"),
        ("jira.issues", "issue_id", "updated_at", "status"),
        ("pagerduty.incidents", "incident_id", "changed_at", "status"),
        ("pagerduty.incident_log_entries", "log_entry_id", "created_at", "entry_type"),
    ];
    let names: Vec<&str> = changing.iter().map(|(table, ..)| *table).collect();
    let (twice, once) = (Setting::whole(options()).await, Setting::whole(options()).await);
    let first = twice.simulator.now();
    let later = first + chrono::Duration::days(3);
    let token = twice.simulator.token().to_owned();
    twice.collect_at(first, &token, &names).await;
    let before: Vec<Vec<Value>> = {
        let mut all = Vec::new();
        for (table, grain, version, state) in changing {
            all.push(twice.query(&format!("select {grain} as id, {state} as state from ({})", newest(table, grain, version))).await);
        }
        all
    };
    twice.simulator.set_now(later);
    twice.simulator.reset_requests();
    let report = twice.collect_at(later, &token, &names).await;
    assert_eq!(gaps(&report), BTreeSet::new());
    once.simulator.set_now(later);
    once.collect_at(later, &token, &names).await;
    for ((table, grain, version, state), before) in changing.into_iter().zip(before) {
        let (found, expected) = (twice.query(&newest(table, grain, version)).await, once.query(&newest(table, grain, version)).await);
        // Whoever begins later reads as far back from there: what both know has to be the same.
        let of = |rows: &[Value]| -> BTreeSet<String> { rows.iter().map(|row| row[grain].to_string()).collect() };
        assert!(of(&found).is_superset(&of(&expected)), "{table}");
        let known = of(&expected);
        let found: Vec<Value> = found.into_iter().filter(|row| known.contains(&row[grain].to_string())).collect();
        crate::common::assert_same(&found, &expected, table);
        let changed = before.iter().filter(|row| expected.iter().any(|now| now[grain] == row["id"] && now[state] != row["state"])).count();
        let new = expected.iter().filter(|now| before.iter().all(|row| row["id"] != now[grain])).count();
        assert!(new > 0, "{table}: nothing new in three days");
        assert!(changed > 0 || table.ends_with("log_entries"), "{table}: nothing changed in three days");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn both_editions_of_jira_tell_the_same_of_every_issue() {
    let setting = Setting::watched().await;
    let cloud = setting.read("jira").await;
    let file = setting.path().join("almanac.toml");
    let text = std::fs::read_to_string(&file).expect("the configuration is there");
    let text = text.replace("./lake", "./other").replace("[jira]", "[jira]\nedition = \"data_center\"\ntoken_env = \"JIRA_ACCESS\"");
    std::fs::write(&file, text).expect("the configuration is written");
    let mut config = setting.config(setting.simulator.token());
    config.provide("JIRA_ACCESS", setting.simulator.jira_access_token());
    assert_eq!(gaps(&crate::common::collect(&config, setting.simulator.now(), &["jira.issues"]).await), BTreeSet::new());
    // People are known by their id there and by their name here: they have other pseudonyms.
    let columns = "* exclude (reporter_key, assignee_key), reporter_key is null, assignee_key is null";
    let issues = async |lake: &str| {
        let sql = format!("select {columns} from jira.issues order by issue_id");
        let answer = setting.run(&["sql", "--lake", &setting.path().join(lake).display().to_string(), "--format", "json", &sql]).await;
        serde_json::from_slice::<Vec<Value>>(&answer.stdout).unwrap_or_else(|_| panic!("{}", crate::common::stderr(&answer)))
    };
    let (here, there) = (issues("lake").await, issues("other").await);
    assert_eq!(here.len(), cloud.of("jira.issues").len());
    crate::common::assert_same(&there, &here, "the Data Center");
}

#[tokio::test(flavor = "multi_thread")]
async fn fifteen_thousand_incidents_come_whole() {
    let options = Options { repositories: 60, history_days: 170, future_days: 0, incidents: Some(15_000), ..Options::default() };
    let setting = Setting::whole(options).await;
    let report = setting.collect_at(setting.simulator.now(), setting.simulator.token(), &["pagerduty.incidents"]).await;
    assert_eq!(gaps(&report), BTreeSet::new());
    let rows = setting.query("select count(*) as n, count(distinct incident_id) as ids from pagerduty.incidents").await;
    // PagerDuty tells how many there are of any time, and lists none of them beyond the ten thousandth.
    let client = reqwest::Client::builder().no_proxy().build().expect("a client");
    let (from, to) = (setting.simulator.now() - chrono::Duration::days(175), setting.simulator.now());
    let [from, to] = [from, to].map(|moment| moment.format("%Y-%m-%dT%H:%M:%SZ").to_string());
    let url = format!("{}/incidents?since={from}&until={to}&limit=1&total=true", setting.simulator.pagerduty_api_url());
    let authorization = format!("Token token={}", setting.simulator.pagerduty_token());
    let answer = client.get(url).header("authorization", authorization).send().await.expect("an answer").bytes().await.expect("a body");
    let answer: Value = serde_json::from_slice(&answer).expect("JSON");
    let total = answer["total"].as_u64().unwrap_or_else(|| panic!("{answer}"));
    assert!(total >= 10_001, "{total} incidents are no test");
    assert_eq!((rows[0]["n"].as_u64(), rows[0]["ids"].as_u64()), (Some(total), Some(total)));
}
