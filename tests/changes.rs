//! Alerts, workflow runs, deployments and releases: what the days bring arrives once and whole, and a silent repository is no all-clear.

use std::collections::BTreeMap;

use almanac_collectors::collect::Status;
use almanac_simulator::{Effect, Fault, Options, Permission, RequestLog};
use chrono::{DateTime, Duration, Utc};
use serde_json::{Value, json};

use crate::common::{Setting, assert_same};

/// Tables of changes that are read by when things were made, with what identifies a row.
const TABLES: [(&str, &str); 3] = [
    ("deployments", "repository_id, deployment_id"),
    ("releases", "repository_id, release_id"),
    ("workflow_runs", "repository_id, run_id"),
];

impl Setting {
    /// The same company every time, read from its first day on.
    async fn of_days(repositories: usize) -> Self {
        let setting = Self::with(Options { repositories, ..Options::default() }).await;
        setting.configure("history_days = 1000");
        setting
    }

    /// Moves the company's clock and collects these tables then; what it asked.
    async fn collect_on(&self, now: DateTime<Utc>, tables: &[&str]) -> Vec<RequestLog> {
        self.simulator.set_now(now);
        self.simulator.reset_requests();
        let report = self.collect_at(now, self.simulator.token(), tables).await;
        assert!(report.tables.iter().all(|table| table.error.is_none() && table.gaps.is_empty()), "{report:?}");
        self.simulator.requests()
    }

    /// The newest row of each thing, without the day on which it was learned.
    async fn newest(&self, table: &str, grain: &str) -> Vec<Value> {
        let sql = format!(
            "select * exclude (date, place) from (
                select *, row_number() over (partition by {grain} order by updated_at desc, date desc) as place from github.{table}
            ) where place = 1 order by {grain}"
        );
        self.query(&sql).await
    }

    async fn number(&self, sql: &str) -> i64 {
        self.query(sql).await[0]["n"].as_i64().expect("a number")
    }

    /// Repositories by how a table's newest run ended for them.
    async fn outcomes(&self, table: &str) -> BTreeMap<String, i64> {
        let rows = self
            .query(&format!(
                "select status || coalesce(': ' || detail, '') as told, count(*) as n from almanac.outcomes
                 where table_name = '{table}' and parent like '%/%' group by all order by all"
            ))
            .await;
        rows.iter().map(|row| (row["told"].as_str().unwrap_or_default().to_owned(), row["n"].as_i64().unwrap_or_default())).collect()
    }
}

/// Requests by what they are about, with what they took from the rate limit.
fn by_kind(requests: &[RequestLog]) -> BTreeMap<String, (usize, u32)> {
    let mut kinds: BTreeMap<String, (usize, u32)> = BTreeMap::new();
    for request in requests {
        let path = request.path.split('?').next().unwrap_or_default();
        let kind = request.operation.clone().unwrap_or_else(|| {
            let list = path.rsplit('/').take(2).collect::<Vec<_>>();
            format!("{} {}", list.into_iter().rev().collect::<Vec<_>>().join("/"), request.status)
        });
        let (count, cost) = kinds.entry(kind).or_default();
        *count += 1;
        *cost += request.cost;
    }
    kinds
}

#[tokio::test(flavor = "multi_thread")]
async fn days_bring_what_changed_and_nothing_twice() {
    let tables = TABLES.map(|(name, _)| format!("github.{name}"));
    let tables: Vec<&str> = tables.iter().map(String::as_str).collect();
    let daily = Setting::of_days(60).await;
    let start = daily.simulator.now();
    for day in [0, 1, 2, 4, 5] {
        daily.collect_on(start + Duration::days(day), &tables).await;
    }
    let late = Setting::of_days(60).await;
    late.collect_on(start + Duration::days(5), &tables).await;
    for (table, grain) in TABLES {
        let (found, expected) = (daily.newest(table, grain).await, late.newest(table, grain).await);
        assert!(!expected.is_empty(), "{table}");
        assert_same(&found, &expected, table);
        let twice = daily
            .number(&format!(
                "select count(*) - count(distinct cast(r as varchar)) as n from (select * exclude (date) from github.{table}) as r"
            ))
            .await;
        // When a release comes, the newest twenty are handed over once more: one of them was the latest until then.
        let later = "select count(distinct r) as n from (select repository_id, date from github.releases) as r
                     where r.date > (select min(date) from github.releases)";
        let known = if table == "releases" { 20 * daily.number(later).await } else { 0 };
        assert!(twice <= known, "{table}: {twice} rows are there already");
        let days = daily.number(&format!("select count(distinct date) as n from github.{table}")).await;
        assert!(days > 1, "{table}: nothing came after the first day");
    }
    // A deployment that waits, or fails and is tried again, succeeds after it was read first.
    let waited = daily
        .number(
            "select count(*) as n from (
                select 1 from github.deployments group by repository_id, deployment_id
                having count(*) > 1 and arg_min(first_success_at is null, date) and arg_max(first_success_at is not null, date))",
        )
        .await;
    assert!(waited > 0, "no deployment succeeded later");
    let moved = daily
        .number(
            "select count(*) as n from (
                select 1 from github.deployments where first_success_at is not null group by repository_id, deployment_id
                having count(distinct first_success_at) > 1)",
        )
        .await;
    assert_eq!(moved, 0, "the first success never moves");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_did_not_change_is_free() {
    let setting = Setting::of_days(200).await;
    let start = setting.simulator.now();
    let first = setting.collect_on(start, &["github.workflow_runs"]).await;
    let again = setting.collect_on(start, &["github.workflow_runs"]).await;
    let runs = |requests: &[RequestLog]| -> (usize, usize, u32) {
        let lists: Vec<_> = requests.iter().filter(|request| request.path.contains("/actions/runs?")).collect();
        let unchanged = lists.iter().filter(|request| request.status == 304).count();
        (lists.len(), unchanged, lists.iter().map(|request| request.cost).sum())
    };
    let (_, none, _) = runs(&first);
    assert_eq!(none, 0, "nothing was known at first");
    let (asked, unchanged, cost) = runs(&again);
    assert_eq!(cost as usize, asked - unchanged, "a 304 is free");
    assert!(unchanged * 10 >= asked * 8, "{unchanged} of {asked} were unchanged");
    let rows = setting.number("select count(*) as n from github.workflow_runs").await;
    let things = setting.number("select count(distinct (repository_id, run_id)) as n from github.workflow_runs").await;
    assert_eq!(rows, things);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_quiet_repository_costs_a_fraction_of_a_request() {
    let setting = Setting::of_days(200).await;
    let start = setting.simulator.now();
    let tables = ["github.deployments", "github.releases"];
    setting.collect_on(start, &tables).await;
    let next = setting.collect_on(start + Duration::days(1), &tables).await;
    let count = |operation: &str| next.iter().filter(|request| request.operation.as_deref() == Some(operation)).count();
    assert!(count("Deployments") <= 5 && count("Releases") <= 5, "{:?}", by_kind(&next));
    assert!(count("DeploymentStatuses") <= 6, "{:?}", by_kind(&next));
    let points: u32 = next.iter().filter(|request| request.operation.as_deref() != Some("Repositories")).map(|request| request.cost).sum();
    assert!(points <= 20, "{points} points on a quiet day");
}

#[tokio::test(flavor = "multi_thread")]
async fn silence_is_told_apart() {
    let setting = Setting::with(Options::default()).await;
    let now = setting.simulator.now();
    let alerts = ["github.code_scanning_alerts", "github.dependabot_alerts", "github.secret_scanning_alerts"];
    setting.collect_at(now, setting.simulator.token(), &[&alerts[..], &["github.repositories"]].concat()).await;
    let requests = by_kind(&setting.simulator.requests());
    let lists = |path: &str| requests.iter().filter(|(kind, _)| kind.starts_with(path)).map(|(_, (count, _))| *count).sum::<usize>();
    let rows = setting.number("select count(*) as n from github.secret_scanning_alerts").await;
    assert_eq!(lists("secret-scanning/"), usize::try_from(rows).expect("few").div_ceil(100), "{requests:?}");
    assert!(lists("code-scanning/") < 80, "only those are asked that are silent and scanned: {requests:?}");
    let code = setting.outcomes("code_scanning_alerts").await;
    let secret = setting.outcomes("secret_scanning_alerts").await;
    for outcomes in [&code, &secret, &setting.outcomes("dependabot_alerts").await] {
        assert_eq!(outcomes.values().sum::<i64>(), 200, "every repository has an outcome: {outcomes:#?}");
        let hidden: i64 = outcomes.iter().filter(|(told, _)| told.starts_with("forbidden: the credential has READ")).map(|(_, n)| n).sum();
        assert_eq!(hidden, 8, "{outcomes:#?}");
    }
    // Some of those that are switched off, or never ran, are not ours to see.
    assert!(secret.get("disabled: secret scanning is switched off").is_some_and(|n| (32..=40).contains(n)), "{secret:#?}");
    assert!(code.get("disabled: no analysis was ever uploaded").is_some_and(|n| (4..=8).contains(n)), "{code:#?}");
    assert!(code.get("disabled: code scanning is switched off").is_some_and(|n| (58..=80).contains(n)), "{code:#?}");
    assert!(code.get("empty").is_some_and(|n| *n >= 2), "{code:#?}");

    // The settings and the outcomes tell the same story.
    let contradictions = setting
        .number(
            "select count(*) as n from almanac.outcomes as o join github.repositories as r on o.parent = r.full_name
             where o.table_name = 'secret_scanning_alerts' and r.viewer_permission = 'ADMIN'
               and (o.status = 'disabled') = r.is_secret_scanning_enabled",
        )
        .await;
    assert_eq!(contradictions, 0);
    for table in ["code_scanning_alerts", "secret_scanning_alerts"] {
        let seen = setting
            .number(&format!(
                "select count(*) as n from almanac.outcomes as o
                 where o.table_name = '{table}' and parent like '%/%'
                   and (o.status = 'ok') <> (o.parent in (select full_name from github.{table}))"
            ))
            .await;
        assert_eq!(seen, 0, "{table}: alerts are there if and only if the outcome says so");
    }
    let secrets = setting.query("select cast(r as varchar) as text from github.secret_scanning_alerts as r").await;
    let leaked = setting.simulator.secrets();
    let found = secrets.iter().filter_map(|row| row["text"].as_str()).find(|text| leaked.iter().any(|secret| text.contains(secret)));
    assert_eq!(found, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_we_may_not_read_is_said_for_every_repository() {
    let cases = [
        (Permission::Actions, "workflow_runs"),
        (Permission::Deployments, "deployments"),
        (Permission::Contents, "releases"),
        (Permission::CodeScanningAlerts, "code_scanning_alerts"),
        (Permission::SecretScanningAlerts, "secret_scanning_alerts"),
    ];
    for (permission, table) in cases {
        let setting = Setting::with(Options { repositories: 40, ..Options::default() }).await;
        let token = setting.simulator.token_without(permission);
        let report = setting.collect_at(setting.simulator.now(), &token, &[&format!("github.{table}")]).await;
        assert_eq!(report.tables[0].rows, None, "{table}: an empty table would be an all-clear");
        let outcomes = setting.outcomes(table).await;
        let refused = |told: &&String| told.starts_with("forbidden") || told.starts_with("not_found");
        assert!(outcomes.keys().filter(|told| !told.starts_with("empty")).all(|told| refused(&told)), "{table}: {outcomes:#?}");
        let empty = outcomes.get("empty").copied().unwrap_or_default();
        assert!(empty <= 3, "{table}: only what holds nothing is empty: {outcomes:#?}");
        assert_eq!(outcomes.values().sum::<i64>(), 40, "{table}: {outcomes:#?}");
    }
}

/// Without the settings a repository without alerts may be clean or not scanned at all.
#[tokio::test(flavor = "multi_thread")]
async fn without_the_settings_silence_is_not_clear() {
    let setting = Setting::with(Options { repositories: 100, ..Options::default() }).await;
    let token = setting.simulator.token_without(Permission::Administration);
    let tables = ["github.code_scanning_alerts", "github.repositories", "github.secret_scanning_alerts"];
    setting.collect_at(setting.simulator.now(), &token, &tables).await;
    for table in ["code_scanning_alerts", "secret_scanning_alerts"] {
        let outcomes = setting.outcomes(table).await;
        assert!(outcomes.get("forbidden: its security settings are not visible").is_some_and(|n| *n > 0), "{outcomes:#?}");
    }
    // Public ones need no licence, and tell themselves whether their code is scanned.
    let clear = setting
        .query(
            "select distinct o.table_name, r.visibility from almanac.outcomes as o join github.repositories as r on o.parent = r.full_name
             where o.table_name like '%scanning_alerts' and o.status in ('empty', 'disabled', 'not_found')",
        )
        .await;
    assert_eq!(clear, [json!({"table_name": "code_scanning_alerts", "visibility": "public"})]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_fails_once_is_read_all_the_same() {
    let tables = ["github.deployments", "github.releases", "github.workflow_runs"];
    let setting = Setting::of_days(40).await;
    let start = setting.simulator.now();
    for operation in ["Deployments", "DeploymentStatuses", "Releases"] {
        setting.simulator.inject(Fault::new(Effect::BadGateway).on_operation(operation).times(2));
        // From then on every page begins with the end of the page before, as if something new had come.
        setting.simulator.inject(Fault::new(Effect::Duplicate).on_operation(operation).always());
    }
    setting.simulator.inject(Fault::new(Effect::Duplicate).on_path("/actions/runs").always());
    setting.collect_on(start, &tables).await;
    let undisturbed = Setting::of_days(40).await;
    undisturbed.collect_on(start, &tables).await;
    for (table, grain) in TABLES {
        assert_same(&setting.newest(table, grain).await, &undisturbed.newest(table, grain).await, table);
    }
}

/// A deployment that GitHub names and does not show leaves a gap, and the next run fills it.
#[tokio::test(flavor = "multi_thread")]
async fn a_deployment_that_is_not_shown_is_a_gap() {
    let setting = Setting::of_days(40).await;
    let start = setting.simulator.now();
    setting.simulator.inject(Fault::new(Effect::NullNode { nth: 3 }).on_operation("DeploymentStatuses").times(2));
    let report = setting.collect_at(start, setting.simulator.token(), &["github.deployments"]).await;
    assert!(matches!(&report.tables[0].gaps[..], [(_, Status::Truncated, Some(_))]), "{:?}", report.tables[0].gaps);
    let rows = setting.number("select count(*) as n from github.deployments").await;
    setting.simulator.clear_faults();
    setting.collect_on(start, &["github.deployments"]).await;
    assert_eq!(setting.number("select count(*) as n from github.deployments").await, rows + 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repository_that_is_deleted_while_it_is_read_is_not_found() {
    let setting = Setting::of_days(40).await;
    let start = setting.simulator.now();
    setting.collect_on(start, &["github.repositories"]).await;
    let names = setting.query("select name from github.repositories where not is_empty and not is_archived order by name limit 1").await;
    let name = names[0]["name"].as_str().expect("a name");
    for (table, fault) in [
        ("deployments", Fault::new(Effect::DeleteRepository(name.to_owned())).on_operation("Deployments")),
        ("releases", Fault::new(Effect::DeleteRepository(name.to_owned())).on_operation("Releases")),
        ("workflow_runs", Fault::new(Effect::DeleteRepository(name.to_owned())).on_path("/actions/runs")),
    ] {
        let setting = Setting::of_days(40).await;
        setting.configure("concurrency = 1");
        setting.simulator.inject(fault);
        let report = setting.collect_at(start, setting.simulator.token(), &[&format!("github.{table}")]).await;
        let gaps = &report.tables[0].gaps;
        assert!(
            gaps.len() <= 1 && gaps.iter().all(|(parent, status, _)| parent.name.ends_with(name) && *status == Status::NotFound),
            "{gaps:?}"
        );
        assert!(!gaps.is_empty() || table == "workflow_runs", "{table}: it may have been read before it was deleted");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repository_that_fails_is_named_and_read_the_next_time() {
    let setting = Setting::of_days(40).await;
    setting.configure("concurrency = 1");
    let start = setting.simulator.now();
    // Nothing else than what is spent keeps a walk from trying again for long.
    setting.configure("max_wait_s = 1");
    setting
        .simulator
        .inject(Fault::new(Effect::SecondaryLimit { retry_after: Some(1_000), status: 403 }).on_path("/actions/runs").after(5));
    let report = setting.collect_at(start, setting.simulator.token(), &["github.workflow_runs"]).await;
    let gaps = &report.tables[0].gaps;
    assert!(!gaps.is_empty() && gaps.iter().all(|(_, status, _)| status.as_str() == "rate_limited"), "{gaps:?}");
    let read = setting.query("select distinct full_name from github.workflow_runs").await;
    let half = gaps.iter().find(|(parent, ..)| read.iter().any(|row| row["full_name"] == parent.name.as_str()));
    assert_eq!(half.map(|(parent, ..)| &parent.name), None, "half a history would pass for the whole");
    setting.simulator.clear_faults();
    setting.collect_on(start, &["github.workflow_runs"]).await;
    let undisturbed = Setting::of_days(40).await;
    undisturbed.collect_on(start, &["github.workflow_runs"]).await;
    let [.., (table, grain)] = TABLES;
    assert_same(&setting.newest(table, grain).await, &undisturbed.newest(table, grain).await, table);
}
