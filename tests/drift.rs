//! What is said to have changed between two days, and what is not believed: against a company in which single things are changed.

use std::collections::BTreeSet;

use almanac::collecting::Report;
use almanac_simulator::{Options, Permission};
use chrono::{DateTime, Duration, Utc};
use serde_json::Value;

use crate::common::{Setting, stderr};

const CHANGES: &str = "almanac.snapshot_changes";
/// What is collected here: every table of these sources whose snapshots are compared.
fn watched() -> Vec<String> {
    almanac_collectors::tables().iter().filter(|table| !table.watch.columns.is_empty()).map(|table| table.full_name()).collect()
}

/// A company that stands still but for what a test changes, and that is read a day apart.
struct Days {
    setting: Setting,
    today: DateTime<Utc>,
}

impl Days {
    async fn new() -> Self {
        let today = Utc::now();
        let options =
            Options { now: today, repositories: 60, pull_requests: Some(0), incidents: Some(0), requests: Some(0), ..Options::default() };
        Self { setting: Setting::whole(options).await, today }
    }

    /// Reads so many days before today.
    async fn read(&self, days_ago: i64, tables: &[&str]) -> Report {
        self.read_with(days_ago, self.setting.simulator.token(), tables).await
    }

    async fn read_with(&self, days_ago: i64, token: &str, tables: &[&str]) -> Report {
        let watched = watched();
        let all: Vec<&str> = watched.iter().map(String::as_str).collect();
        let tables = if tables.is_empty() { &all[..] } else { tables };
        self.setting.collect_at(self.today - Duration::days(days_ago), token, tables).await
    }

    /// What is said to have changed, as `table key column: before -> after`, a row that came or went without what it holds.
    async fn changes(&self) -> BTreeSet<String> {
        if self.setting.files("raw/almanac/snapshot_changes").is_empty() {
            return BTreeSet::new();
        }
        let rows = self.setting.query(&format!("select * from {CHANGES}")).await;
        rows.iter().map(told).collect()
    }

    /// A cell of the newest snapshot of a table.
    async fn cell(&self, query: &str) -> String {
        let rows = self.setting.query(&format!("select cast(cell as varchar) as cell from ({query}) as found order by cell")).await;
        rows.first().and_then(|row| row["cell"].as_str()).unwrap_or_else(|| panic!("no row: {query}")).to_owned()
    }
}

fn told(row: &Value) -> String {
    let text = |column: &str| row[column].as_str().unwrap_or("null").to_owned();
    let row_of = format!("{}.{} {}", text("source"), text("table_name"), text("key"));
    match text("change").as_str() {
        "changed" => format!("{row_of} {}: {} -> {}", text("column_name"), text("before"), text("after")),
        change => format!("{row_of} {change}"),
    }
}

/// Repositories that nothing else is done to, by number and name.
async fn repositories(days: &Days, condition: &str) -> Vec<(String, String)> {
    let query = format!(
        "select distinct cast(repository_id as varchar) as number, name from github.repositories as all_of_them \
         where not is_archived and not is_empty and {condition} order by name"
    );
    let rows = days.setting.query(&query).await;
    rows.iter()
        .map(|row| (row["number"].as_str().expect("a number").to_owned(), row["name"].as_str().expect("a name").to_owned()))
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn planted_changes_are_found_all_and_only_those() {
    let days = Days::new().await;
    days.read(3, &[]).await;
    assert_eq!(days.setting.files("raw/almanac/snapshot_changes"), [""; 0], "there is nothing to compare the first day with");
    let report = days.read(2, &[]).await;
    assert_eq!(days.changes().await, BTreeSet::new(), "nothing changed");
    assert_eq!(report.tables.last().map(|table| (table.name.as_str(), table.rows)), Some((CHANGES, Some(0))), "and that is told");

    // Each change is made to another repository.
    let simulator = &days.setting.simulator;
    let mut free = repositories(&days, "visibility = 'private'").await;
    let mut take = |condition: &dyn Fn(&str) -> bool| {
        let place = free.iter().position(|(_, name)| condition(name)).expect("a repository is left");
        free.remove(place)
    };
    let names = async |query: &str| {
        let rows = days.setting.query(query).await;
        rows.iter()
            .filter_map(|row| row["name"].as_str().map(|name| name.rsplit('/').next().unwrap_or(name).to_owned()))
            .collect::<BTreeSet<_>>()
    };
    let guarded = names(
        "select full_name as name from github.branch_protection_rules where date = (select max(date) from github.branch_protection_rules) \
         and is_for_default_branch and not allows_force_pushes",
    )
    .await;
    let owned = names("select full_name as name from github.repository_properties where property_name = 'team'").await;
    let described = names("select full_name as name from github.repository_files where kind = 'catalog_info'").await;
    let (weak_id, weak) = take(&|name| guarded.contains(name));
    let (_, disowned) = take(&|name| owned.contains(name));
    let (undescribed_id, undescribed) = take(&|name| described.contains(name));
    let secured = names("select name from github.repositories where is_advanced_security_enabled").await;
    let (seen_id, seen) = take(&|name| secured.contains(name));
    let (gone_id, gone) = take(&|_| true);
    let (renamed_id, renamed) = take(&|_| true);
    let service = days.cell(&format!("select entity_ref as cell from catalog.services where repository like '%/{undescribed}'")).await;
    let monitor = days.cell("select monitor_id as cell from datadog.monitors where not is_muted").await;

    simulator.weaken_protection(&weak).expect("a rule is there");
    simulator.remove_owner(&disowned).expect("an owner is there");
    simulator.remove_service(&undescribed).expect("a descriptor is there");
    simulator.set_visibility(&seen, "public").expect("it is private");
    simulator.mute_monitor(&monitor).expect("it is not muted");
    simulator.delete_repository(&gone).expect("it is there");
    simulator.rename_repository(&renamed, "another-name").expect("the name is free");
    days.read(1, &[]).await;

    let organization = simulator.organization();
    let found = days.changes().await;
    // What hangs on the repository that is gone went with it.
    let (with_it, found): (BTreeSet<_>, BTreeSet<_>) = found.into_iter().partition(|told| {
        told.contains(&format!("\"repository_id\":{gone_id},"))
            || told.contains(&format!("\"repository_id\":{gone_id}}}")) && !told.starts_with("github.repositories")
    });
    assert!(with_it.iter().all(|told| told.ends_with(" removed")), "{with_it:#?}");
    let rule = format!(
        "select rule_id as cell from github.branch_protection_rules where repository_id = {weak_id} and is_for_default_branch and allows_force_pushes"
    );
    let rule = days.cell(&rule).await;
    let disowned_id = days.cell(&format!("select repository_id as cell from github.repositories where name = '{disowned}'")).await;
    let expected = [
        format!("github.repositories {{\"repository_id\":{gone_id}}} removed"),
        format!(
            "github.repositories {{\"repository_id\":{renamed_id}}} full_name: {organization}/{renamed} -> {organization}/another-name"
        ),
        format!("github.repositories {{\"repository_id\":{seen_id}}} visibility: private -> public"),
        // Of a public repository GitHub does not say whether Advanced Security is on: everybody has it.
        format!("github.repositories {{\"repository_id\":{seen_id}}} is_advanced_security_enabled: true -> null"),
        format!("github.branch_protection_rules {{\"repository_id\":{weak_id},\"rule_id\":{rule}}} allows_force_pushes: false -> true"),
        format!("github.repository_properties {{\"repository_id\":{disowned_id},\"property_name\":\"team\"}} removed"),
        format!("github.repository_files {{\"repository_id\":{undescribed_id},\"path\":\"catalog-info.yaml\"}} removed"),
        format!("catalog.services {{\"entity_ref\":\"{service}\"}} removed"),
        format!("datadog.monitors {{\"monitor_id\":{monitor}}} is_muted: false -> true"),
        format!("datadog.monitors {{\"monitor_id\":{monitor}}} muted_scopes: [] -> [\"*\"]"),
    ];
    let expected: BTreeSet<String> = expected.into();
    let unexpected: Vec<_> = found.difference(&expected).collect();
    let missing: Vec<_> = expected.difference(&found).collect();
    assert!(unexpected.is_empty() && missing.is_empty(), "not planted: {unexpected:#?}\nnot found: {missing:#?}");

    // Again on the same day: the same is said once.
    let before = days.setting.query(&format!("select * from {CHANGES} order by all")).await;
    days.read(1, &[]).await;
    assert_eq!(days.setting.query(&format!("select * from {CHANGES} order by all")).await, before);
    // And nothing the day after.
    days.read(0, &[]).await;
    assert_eq!(days.setting.query(&format!("select * from {CHANGES} order by all")).await, before);

    // What it means.
    let built = days.setting.run(&["build", "--select", "+fct_changes"]).await;
    assert_eq!(built.status.code(), Some(0), "{}", stderr(&built));
    let kinds = days.setting.query("select kind, subject_id from fct_changes").await;
    let kinds: BTreeSet<(&str, &str)> =
        kinds.iter().filter_map(|row| Some((row["kind"].as_str()?, row["subject_id"].as_str()?.rsplit('/').next()?))).collect();
    let monitor = days.cell(&format!("select name as cell from datadog.monitors where monitor_id = {monitor}")).await;
    let expected = BTreeSet::from([
        ("repository_removed", gone.as_str()),
        ("renamed", "another-name"),
        ("visibility_widened", &seen),
        ("protection_weakened", &weak),
        ("owner_removed", &disowned),
        ("file_removed", &undescribed),
        ("service_removed", service.rsplit('/').next().unwrap_or_default()),
        ("monitor_muted", monitor.rsplit('/').next().unwrap_or_default()),
    ]);
    assert_eq!(kinds, expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_may_not_be_seen_any_more_is_not_said_to_be_gone() {
    let days = Days::new().await;
    days.read(2, &[]).await;
    let simulator = &days.setting.simulator;
    let blind = simulator.token_without(Permission::Administration);
    days.read_with(1, &blind, &[]).await;
    let lost = days.changes().await;
    assert!(!lost.iter().any(|told| told.ends_with(" removed")), "{lost:#?}");
    let about = |name: &str| lost.iter().filter(|told| told.starts_with(name)).count();
    assert_eq!(about("github.branch_protection_rules"), 0, "{lost:#?}");
    // And when it can be seen again, nothing is new.
    days.read(0, &[]).await;
    let all = days.changes().await;
    assert!(!all.iter().any(|told| told.ends_with(" added")), "{all:#?}");
    assert!(all.iter().all(|told| told.starts_with("github.repositor") || told.starts_with("github.rulesets")), "{all:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_that_is_short_is_held_back_until_somebody_accepts_it() {
    let days = Days::new().await;
    let monitors = "datadog.monitors";
    days.read(1, &[monitors]).await;
    let setting = &days.setting;
    let rows = setting.query("select count(*) as n from datadog.monitors").await[0]["n"].as_u64().expect("a number");
    assert!(rows > 20, "{rows}");
    let yesterdays = setting.files("raw/datadog/monitors");
    setting.simulator.shrink(monitors, 12).expect("there is such a list");

    let held = setting.run(&["collect", "--tables", monitors]).await;
    assert_eq!(held.status.code(), Some(3), "{}", stderr(&held));
    let told = format!("held back: 12 rows after {rows}; `almanac collect --tables datadog.monitors --accept` publishes it");
    assert!(stderr(&held).contains(&told), "{}", stderr(&held));
    assert_eq!(setting.files("raw/datadog/monitors"), yesterdays, "yesterday's stands");
    let today = days.today.date_naive();
    let outcomes = setting.query(&format!("select status, detail from almanac.outcomes where logical_date = '{today}'")).await;
    assert!(
        outcomes.iter().all(|row| row["status"] == "error" && row["detail"] == format!("held back: 12 rows after {rows}").as_str()),
        "{outcomes:?}"
    );
    let steps = setting.query("select status, detail from almanac.runs order by finished_at desc, run_id desc").await;
    assert_eq!(
        (&steps[0]["status"], &steps[0]["detail"]),
        (&"failed".into(), &format!("held back: 12 rows after {rows}").into()),
        "{steps:?}"
    );
    assert!(setting.files("raw/almanac/snapshot_changes").is_empty(), "what is not believed changes nothing");
    // `run` tells the same, and builds on what was there before.
    let run = setting.run(&["run", "--tables", monitors]).await;
    assert_eq!(run.status.code(), Some(3), "{}", stderr(&run));
    assert!(stderr(&run).contains("held back: 12 rows"), "{}", stderr(&run));

    // What was read is not asked for again.
    setting.simulator.reset_requests();
    let accepted = setting.run(&["collect", "--tables", monitors, "--accept"]).await;
    assert_eq!(accepted.status.code(), Some(0), "{}", stderr(&accepted));
    let asked = setting.simulator.requests();
    assert!(asked.iter().all(|request| !request.path.contains("/monitor")), "{asked:?}");
    assert_eq!(setting.files("raw/datadog/monitors").len(), 2);
    assert!(setting.files("staging").is_empty(), "{:?}", setting.files("staging"));
    let changes = days.changes().await;
    assert_eq!((changes.len() as u64, changes.iter().all(|told| told.ends_with(" removed"))), (rows - 12, true));
    let status = setting.run(&["status", "--format", "json"]).await;
    let standings: Vec<Value> = serde_json::from_slice(&status.stdout).expect("JSON");
    let changes = standings.iter().find(|standing| standing["name"] == CHANGES).expect("the changes have a line");
    assert_eq!(
        (&changes["state"], &changes["newest_date"], &changes["partitions"]),
        (&"complete".into(), &today.to_string().into(), &1.into())
    );

    // The list is whole again: the day's changes are told anew.
    setting.simulator.shrink(monitors, usize::MAX).expect("there is such a list");
    let again = setting.run(&["collect", "--tables", monitors]).await;
    assert_eq!(again.status.code(), Some(0), "{}", stderr(&again));
    assert_eq!(days.changes().await, BTreeSet::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_setting_says_how_much_may_be_gone() {
    let days = Days::new().await;
    days.setting.configure("[tables.\"datadog.monitors\"]\nmost_rows_gone = 1.0");
    days.read(1, &["datadog.monitors", "datadog.slos"]).await;
    days.setting.simulator.shrink("datadog.monitors", 0).expect("there is such a list");
    days.setting.simulator.shrink("datadog.slos", 0).expect("there is such a list");
    let report = days.read(0, &["datadog.monitors", "datadog.slos"]).await;
    let held: Vec<(&str, bool)> = report.tables.iter().map(|table| (table.name.as_str(), table.held.is_some())).collect();
    assert_eq!(held, [("datadog.monitors", false), ("datadog.slos", true), (CHANGES, false)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn days_that_are_missing_are_counted_and_other_tables_keep_what_was_said() {
    let days = Days::new().await;
    let both = ["datadog.monitors", "github.repositories"];
    days.read(4, &both).await;
    let (_, name) = repositories(&days, "visibility = 'private'").await.remove(0);
    days.setting.simulator.set_visibility(&name, "internal").expect("it is private");
    let monitors = days.setting.query("select cast(monitor_id as varchar) as n from datadog.monitors where not is_muted order by 1").await;
    let mute =
        |place: usize| days.setting.simulator.mute_monitor(monitors[place]["n"].as_str().expect("a number")).expect("it is not muted");
    mute(0);
    days.read(1, &both).await;
    mute(1);
    days.read(1, &["datadog.monitors"]).await;
    let rows =
        days.setting.query(&format!("select table_name, column_name, previous_date, days_between from {CHANGES} order by all")).await;
    let previous = (days.today - Duration::days(4)).date_naive().to_string();
    assert!(rows.iter().all(|row| row["previous_date"] == previous.as_str() && row["days_between"] == 3), "{rows:?}");
    let of = |table: &str| rows.iter().filter(|row| row["table_name"] == table).count();
    assert_eq!((of("monitors"), of("repositories")), (4, 1), "{rows:?}");
}
