//! What governance asks about, for every repository of a company: the facts against what the company says when it is asked directly.

mod asked;
mod guarded;
mod modules;
mod owned;
mod runs;

use std::collections::{BTreeMap, BTreeSet};

use almanac::{
    ledger::Ledger,
    models::build::{self, BuildOptions, State},
    progress::Talk,
};
use almanac_simulator::{Options, Permission};
use chrono::{DateTime, Duration, NaiveDate, Utc};
use serde_json::{Value, json};

use self::asked::{ALERTS, Asker, Repository, Told, number, text};
use crate::common::Setting;

/// Marts with a row a day, or more, for each repository.
const MARTS: [&str; 6] = [
    "fct_alert_visibility",
    "fct_branch_protection",
    "fct_protection_bypass",
    "fct_repository_owners",
    "fct_security_alerts",
    "fct_version_drift",
];

/// Rows by mart and repository.
type Facts = BTreeMap<&'static str, BTreeMap<i64, Vec<Value>>>;

/// Questions that list repositories with a status.
const QUESTIONS: [&str; 6] = [
    "codeowners-broken",
    "repositories-without-owner",
    "ruleset-bypass",
    "secret-scanning-off",
    "unprotected-public-repositories",
    "version-drift",
];

/// Whatever a test found wrong, shown together.
#[derive(Default)]
struct Wrong(Vec<String>);

impl Wrong {
    fn differs<T: PartialEq + std::fmt::Debug>(&mut self, what: &str, found: &T, expected: &T) {
        if found != expected {
            self.0.push(format!("{what}: {found:?} instead of {expected:?}"));
        }
    }

    #[track_caller]
    fn none(self, of: &str) {
        let shown = self.0.iter().take(20).map(String::as_str).collect::<Vec<_>>().join("\n  ");
        assert!(self.0.is_empty(), "{of}: {} differences\n  {shown}", self.0.len());
    }
}

/// A lake, and what it is held against.
struct Matrix {
    setting: Setting,
    token: String,
}

impl Matrix {
    async fn of(options: Options, without: Option<Permission>) -> Self {
        let setting = Setting::with(options).await;
        let full = setting.simulator.token().to_owned();
        let token = without.map_or(full, |permission| setting.simulator.token_without(permission));
        Self { setting, token }
    }

    /// Collects these tables and builds what is stale, as of a moment; then asks the company itself.
    async fn live(&self, now: DateTime<Utc>, tables: &[&str]) -> Told {
        self.setting.simulator.set_now(now);
        let report = self.setting.collect_at(now, &self.token, tables).await;
        assert!(report.tables.iter().all(|table| table.error.is_none()), "{report:?}");
        let config = self.setting.config(&self.token);
        let (lake, ledger) = (config.lake().expect("the lake opens"), Ledger::new("build", now));
        let report = build::build(&lake, &config, BuildOptions::of(ledger.date(), now), &ledger, &Talk::silent()).await.expect("it builds");
        assert!(report.models.iter().all(|model| [State::Fresh, State::Published].contains(&model.state)), "{report:?}");
        Asker::new(&self.setting.simulator, &self.token).ask().await
    }

    /// What the marts say of one date.
    async fn facts(&self, date: NaiveDate) -> Facts {
        let select = |mart: &&str| format!("select '{mart}' as mart, to_json(row_) as row from {mart} as row_ where date = '{date}'");
        let selects: Vec<String> = MARTS.iter().map(select).collect();
        let mut facts: Facts = MARTS.iter().map(|mart| (*mart, BTreeMap::new())).collect();
        for told in self.setting.query(&format!("{} order by all", selects.join(" union all "))).await {
            let row: Value = serde_json::from_str(&text(&told["row"])).expect("a row in JSON");
            let mart = facts.get_mut(text(&told["mart"]).as_str()).expect("one of them");
            mart.entry(number(&row["repository_id"])).or_default().push(row);
        }
        facts
    }

    async fn answer(&self, question: &str) -> Value {
        let output = self.setting.run(&["ask", question, "--format", "json"]).await;
        let answer: Value = serde_json::from_slice(&output.stdout).expect("an answer in JSON");
        let told = answer["rows"].to_string();
        let named: Vec<String> = self.setting.simulator.secrets().into_iter().filter(|secret| told.contains(secret.as_str())).collect();
        assert!(named.is_empty(), "{question} names {named:?}");
        answer
    }

    /// Subjects by status of an answer, all of them as of a date.
    async fn subjects(&self, question: &str, date: NaiveDate) -> BTreeMap<String, BTreeSet<String>> {
        let mut subjects: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        let answer = self.answer(question).await;
        assert_eq!(text(&answer["as_of"]), date.to_string(), "{question}");
        let completeness = &answer["completeness"];
        assert!(completeness["reads"].as_u64() > Some(200), "{question} says how complete it is: {completeness}");
        for row in answer["rows"].as_array().expect("rows") {
            assert_eq!(text(&row["as_of_date"]), date.to_string(), "{question}: {row}");
            assert!(row["reason"].is_string(), "{question} gives its reason: {row}");
            if let Ok(first) = text(&row["first_failed_on"]).parse::<NaiveDate>() {
                assert_eq!(number(&row["days_failing"]), (date - first).num_days(), "{question}: {row}");
            }
            subjects.entry(text(&row["status"])).or_default().insert(text(&row["subject_id"]));
        }
        subjects
    }

    /// Every figure of every workflow, day, week and kind of run.
    async fn assert_runs(&self, told: &Told) {
        let mut expected = runs::expected(&self.setting.query(runs::ROWS).await, &told.repositories);
        assert!(expected.len() > 1000, "{} groups of runs", expected.len());
        let mut wrong = Wrong::default();
        for row in self.setting.query("select * from fct_ci_runs").await {
            let one_of = |column: &str, words: &[&'static str]| words.iter().copied().find(|word| row[column] == *word).unwrap_or_default();
            let start = text(&row["period_start"]).parse().expect("a date");
            let scope = one_of("run_scope", &["default_branch", "pull_request", "other", "all"]);
            let key = (number(&row["repository_id"]), number(&row["workflow_id"]), one_of("period_type", &["day", "week"]), start, scope);
            let Some(figures) = expected.remove(&key) else {
                wrong.0.push(format!("{key:?} has no runs"));
                continue;
            };
            for (column, figure) in figures {
                let found = row[column].as_f64();
                let is_near = |one: f64, other: f64| (one - other).abs() <= 1e-9 * other.abs().max(1.0);
                if found.zip(figure).map_or(found != figure, |(found, figure)| !is_near(found, figure)) {
                    wrong.0.push(format!("{key:?} {column}: {found:?} instead of {figure:?}"));
                }
            }
        }
        wrong.differs("runs without a fact", &expected.len(), &0);
        wrong.none("workflow runs");
    }

    /// Each PCI repository is in the right one of three groups, or clear.
    async fn assert_pci(&self, told: &Told, date: NaiveDate) {
        let mut expected = BTreeMap::new();
        for repository in told.repositories.iter().filter(|one| one.properties.get("pci_scope") == Some(&json!("in-scope"))) {
            let (visibility, alerts) = visibility(repository, "dependabot");
            let (status, completeness) = match (visibility, &alerts) {
                (_, Some(open)) if open.is_empty() => continue,
                (_, Some(_)) => ("with_alerts", "complete"),
                ("disabled", _) => ("alerts_disabled", "complete"),
                _ => ("not_visible", "none"),
            };
            let figures = alerts.map(|open| {
                let overdue = open.iter().filter(|alert| is_overdue(alert, date)).count() as u64;
                [open.len() as u64, of_severity(&open, "critical"), overdue].map(Some)
            });
            let figures = figures.unwrap_or_default();
            expected.insert(repository.full_name.clone(), (status.to_owned(), completeness.to_owned(), date.to_string(), figures));
        }
        let answer = self.answer("pci-dependabot").await;
        let found: BTreeMap<_, _> = answer["rows"]
            .as_array()
            .expect("rows")
            .iter()
            .map(|row| {
                let figures = ["open_total", "open_critical", "overdue"].map(|column| row[column].as_u64());
                (text(&row["subject_id"]), (text(&row["status"]), text(&row["source_completeness"]), text(&row["as_of_date"]), figures))
            })
            .collect();
        assert_eq!(found, expected);
        let groups = expected.values().fold(BTreeMap::new(), |mut groups: BTreeMap<&str, usize>, (status, ..)| {
            *groups.entry(status).or_default() += 1;
            groups
        });
        assert_eq!(groups, BTreeMap::from([("alerts_disabled", 4), ("not_visible", 4), ("with_alerts", 12)]));
    }

    /// Every question about what needs doing returns those that need it, those that cannot be judged, and no other.
    async fn assert_questions(&self, told: &Told, date: NaiveDate) {
        let mut all: BTreeMap<&str, BTreeMap<String, BTreeSet<String>>> = QUESTIONS.iter().map(|name| (*name, BTreeMap::new())).collect();
        let mut expect = |question, status: &str, repository: &Repository| {
            all.entry(question).or_default().entry(status.to_owned()).or_default().insert(repository.full_name.clone());
        };
        for repository in &told.repositories {
            let guarded = guarded::expected(repository);
            match guarded.status {
                _ if !repository.is_public || repository.is_archived => {}
                "unprotected" | "planned_only" => expect("unprotected-public-repositories", guarded.status, repository),
                "unknown" => expect("unprotected-public-repositories", "not_visible", repository),
                _ => {}
            }
            let owned = owned::expected(repository, &told.teams);
            if ["broken", "too_large"].contains(&owned.status) {
                expect("codeowners-broken", owned.status, repository);
            }
            if !owned.is_owned {
                expect("repositories-without-owner", "unowned", repository);
            }
            let pushed = &repository.listed["security_and_analysis"]["secret_scanning_push_protection"]["status"];
            match visibility(repository, "secret_scanning").0 {
                "disabled" => expect("secret-scanning-off", "off", repository),
                "visible" if pushed == "disabled" => expect("secret-scanning-off", "push_protection_off", repository),
                "visible" => {}
                _ => expect("secret-scanning-off", "not_visible", repository),
            }
            for (_, count) in guarded.bypass.iter().filter(|_| !repository.is_archived) {
                expect("ruleset-bypass", if count.is_some() { "may_bypass" } else { "not_visible" }, repository);
            }
        }
        for ((id, _), module) in modules::expected(self.setting.simulator.organization(), &date.to_string(), &told.repositories) {
            let repository = told.repositories.iter().find(|one| one.id == id && !one.is_archived);
            match (repository, module.status) {
                (None, _) | (_, "up_to_date") => {}
                (Some(repository), "unknown") => expect("version-drift", "not_visible", repository),
                (Some(repository), status) => expect("version-drift", status, repository),
            }
        }
        for (question, expected) in &all {
            assert_eq!(self.subjects(question, date).await, *expected, "{question}");
        }
        // What was found in order, or not, is counted; nobody is left out.
        let coverage = self.answer("governance-coverage").await;
        for row in coverage["rows"].as_array().expect("rows") {
            let parts = ["in_order", "not_in_order", "not_visible"].map(|column| number(&row[column]));
            assert_eq!(parts.iter().sum::<i64>(), number(&row["repositories"]), "{row}");
            let question = text(&row["policy_id"]);
            let distinct = |is_hidden: bool| {
                let some = all[question.as_str()].iter().filter(|(status, _)| (*status == "not_visible") == is_hidden);
                some.flat_map(|(_, subjects)| subjects).collect::<BTreeSet<_>>()
            };
            let (failing, hidden) = (distinct(false), distinct(true));
            let counted = [failing.len(), hidden.difference(&failing).count()].map(|count| count as i64);
            assert_eq!([parts[1], parts[2]], counted, "{question} and governance-coverage");
        }
    }
}

/// Every setting of every repository, and who may do without.
fn assert_protection(told: &Told, facts: &Facts) {
    let (facts, bypass) = (&facts["fct_branch_protection"], &facts["fct_protection_bypass"]);
    let mut wrong = Wrong::default();
    wrong.differs("repositories", &facts.len(), &told.repositories.len());
    for repository in &told.repositories {
        let (name, row) = (&repository.full_name, &facts[&repository.id][0]);
        let expected = guarded::expected(repository);
        wrong.differs(&format!("{name} protection_status"), &row["protection_status"].as_str(), &Some(expected.status));
        wrong.differs(&format!("{name} protection_tier"), &row["protection_tier"].as_i64(), &expected.tier);
        for (setting, (value, unbypassable)) in &expected.values {
            let known = repository.default_branch.as_ref();
            for (column, value) in [((*setting).to_owned(), value), (format!("{setting}_unbypassable"), unbypassable)] {
                let found = row[&column].as_i64().or(row[&column].as_bool().map(i64::from));
                wrong.differs(&format!("{name} {column}"), &found, &value.filter(|_| known.is_some()));
            }
        }
        wrong.differs(&format!("{name} required_contexts"), &names(&row["required_contexts"]), &expected.contexts);
        wrong.differs(&format!("{name} source_layers"), &names(&row["source_layers"]), &expected.layers);
        wrong.differs(&format!("{name} planned_layers"), &names(&row["planned_layers"]), &expected.planned);
        let completeness = match (expected.has_unread, expected.layers.is_empty()) {
            (false, _) => "complete",
            (true, false) => "partial",
            (true, true) => "none",
        };
        wrong.differs(&format!("{name} source_completeness"), &row["source_completeness"].as_str(), &Some(completeness));
        let mut counted = guarded::Bypass::new();
        for row in bypass.get(&repository.id).into_iter().flatten() {
            let layer = if row["layer_kind"] == guarded::CLASSIC { guarded::CLASSIC.to_owned() } else { text(&row["layer"]) };
            let count = counted.entry((layer, text(&row["scope"]), text(&row["actor_kind"]), text(&row["mode"]))).or_default();
            *count = row["n_actors"].as_i64().map(|n| count.unwrap_or_default() + n);
        }
        wrong.differs(&format!("{name} bypass"), &counted, &expected.bypass);
    }
    wrong.none("protection");
}

/// Who owns every repository, and every line of CODEOWNERS that is wrong.
fn assert_owners(told: &Told, facts: &Facts) {
    let facts = &facts["fct_repository_owners"];
    let mut wrong = Wrong::default();
    for repository in &told.repositories {
        let (name, row) = (&repository.full_name, &facts[&repository.id][0]);
        let expected = owned::expected(repository, &told.teams);
        wrong.differs(&format!("{name} codeowners_status"), &row["codeowners_status"].as_str(), &Some(expected.status));
        wrong.differs(&format!("{name} codeowners_path"), &row["codeowners_path"].as_str(), &expected.path);
        wrong.differs(&format!("{name} codeowners_findings"), &names(&row["codeowners_findings"]), &expected.findings);
        let owned = if expected.is_owned { "owned" } else { "unowned" };
        wrong.differs(&format!("{name} owner_status"), &row["owner_status"].as_str(), &Some(owned));
    }
    wrong.none("owners");
}

/// Whether the alerts of each kind can be seen, how many are open, and every one that is told.
fn assert_alerts(told: &Told, facts: &Facts) {
    let (facts, alerts) = (&facts["fct_alert_visibility"], &facts["fct_security_alerts"]);
    let mut wrong = Wrong::default();
    for repository in &told.repositories {
        let name = &repository.full_name;
        wrong.differs(&format!("{name} kinds"), &facts[&repository.id].len(), &ALERTS.len());
        for row in &facts[&repository.id] {
            let kind = text(&row["alert_kind"]);
            let (visibility, open) = visibility(repository, &kind);
            wrong.differs(&format!("{name} {kind}"), &row["visibility"].as_str(), &Some(visibility));
            wrong.differs(&format!("{name} {kind} n_open"), &row["n_open"].as_u64(), &open.as_ref().map(|open| open.len() as u64));
            for (column, severity) in [("n_open_critical", "critical"), ("n_open_high", "high")] {
                let expected = open.as_ref().filter(|_| kind != "secret_scanning").map(|open| of_severity(open, severity));
                wrong.differs(&format!("{name} {kind} {column}"), &row[column].as_u64(), &expected);
            }
            let found = alerts.get(&repository.id).into_iter().flatten().filter(|alert| alert["source_kind"] == kind.as_str());
            let expected = repository.alerts[kind.as_str()].iter().flatten();
            let numbers = |of: &Value, column: &str| (number(&of[column]), text(&of["state"]) == "open");
            wrong.differs(
                &format!("{name} {kind} alerts"),
                &found.map(|alert| numbers(alert, "alert_number")).collect::<BTreeSet<_>>(),
                &expected.map(|alert| numbers(alert, "number")).collect(),
            );
        }
    }
    wrong.none("alerts");
}

/// How far every module of every repository is behind.
fn assert_versions(told: &Told, facts: &Facts, organization: &str, date: NaiveDate) {
    let mut expected = modules::expected(organization, &date.to_string(), &told.repositories);
    assert!(expected.len() > 80, "{} modules are followed", expected.len());
    let mut wrong = Wrong::default();
    for row in facts["fct_version_drift"].values().flatten() {
        let (name, module) = (text(&row["full_name"]), text(&row["module_path"]));
        let newest = row["newest_version"].as_str().and_then(modules::Version::parse);
        let found = modules::Expected {
            used: row["used_version"].as_str().map(str::to_owned),
            behind: row["minors_behind_newest"].as_u64().map(|behind| behind as usize),
            status: ["up_to_date", "behind_newest", "behind_target", "unknown"]
                .into_iter()
                .find(|status| row["drift_status"] == *status)
                .unwrap_or_default(),
            newest,
        };
        let wanted = expected.remove(&(number(&row["repository_id"]), module.clone()));
        wrong.differs(&format!("{name} {module}"), &Some(found), &wanted);
    }
    wrong.differs("modules without a fact", &expected, &BTreeMap::new());
    wrong.none("versions");
}

/// What may be said of alerts of a kind, and those that are open.
fn visibility<'r>(repository: &'r Repository, kind: &str) -> (&'static str, Option<Vec<&'r Value>>) {
    match &repository.alerts[kind] {
        Ok(alerts) => ("visible", Some(alerts.iter().filter(|alert| alert["state"] == "open").collect())),
        Err((403, told)) if ["disabled", "must be enabled", "not available for archived"].iter().any(|word| told.contains(word)) => {
            ("disabled", None)
        }
        Err((404, told)) if told.contains("disabled") => ("disabled", None),
        // There is no code that could have been looked through.
        Err((404, told)) if told == "no analysis found" && repository.default_branch.is_none() => ("visible", Some(Vec::new())),
        Err((404, told)) if told == "no analysis found" => ("never_ran", None),
        Err(_) => ("not_visible", None),
    }
}

fn of_severity(alerts: &[&Value], severity: &str) -> u64 {
    let is = |alert: &&&Value| alert["security_advisory"]["severity"] == severity || alert["rule"]["security_severity_level"] == severity;
    alerts.iter().filter(is).count() as u64
}

/// Whether a Dependabot alert is older than its severity may be.
fn is_overdue(alert: &Value, date: NaiveDate) -> bool {
    let days = match text(&alert["security_advisory"]["severity"]).as_str() {
        "critical" => 15,
        "high" => 30,
        "medium" => 90,
        _ => 180,
    };
    let created = DateTime::parse_from_rfc3339(&text(&alert["created_at"])).expect("a moment");
    (date - created.date_naive()).num_days() > days
}

fn names(list: &Value) -> BTreeSet<String> {
    // The rule in the older way is called after its pattern, which REST does not tell.
    let name = |name: &Value| if text(name).starts_with("classic_rule ") { guarded::CLASSIC.to_owned() } else { text(name) };
    list.as_array().into_iter().flatten().map(name).collect()
}

/// Repositories for which something is found.
fn count(told: &Told, is: impl Fn(&Repository) -> bool) -> usize {
    told.repositories.iter().filter(|repository| is(repository)).count()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn facts_are_what_the_company_says() {
    let matrix = Matrix::of(Options { history_days: 10, future_days: 7, ..Options::default() }, None).await;
    let (start, organization) = (matrix.setting.simulator.now(), matrix.setting.simulator.organization());
    let first = start.date_naive();
    let told = matrix.live(start, &[]).await;
    let facts = matrix.facts(first).await;
    assert_eq!(told.repositories.len(), 200);
    assert_flaws(&told);
    assert_protection(&told, &facts);
    assert_owners(&told, &facts);
    assert_alerts(&told, &facts);
    assert_versions(&told, &facts, organization, first);
    matrix.assert_runs(&told).await;
    matrix.assert_pci(&told, first).await;
    matrix.assert_questions(&told, first).await;

    // The days change what is true, and not what was.
    let later = start + Duration::hours(4 * 24 + 13);
    let before = matrix.live(later, &[]).await;
    assert_changes(&told, &before);
    let later_facts = matrix.facts(later.date_naive()).await;
    assert_protection(&before, &later_facts);
    assert_owners(&before, &later_facts);
    assert_versions(&before, &later_facts, organization, later.date_naive());

    let last = start + Duration::hours(5 * 24 + 1);
    let after = matrix.live(last, &[]).await;
    let planned = |told: &Told| count(told, |one| guarded::expected(one).status == "planned_only");
    assert!(planned(&before) > 20 && planned(&after) == 0, "what everyone's ruleset planned holds after five days");
    let last_facts = matrix.facts(last.date_naive()).await;
    assert_protection(&after, &last_facts);
    assert_alerts(&after, &last_facts);
    matrix.assert_pci(&after, last.date_naive()).await;
    matrix.assert_questions(&after, last.date_naive()).await;
    assert!(matrix.facts(first).await == facts, "the facts of the first date have changed");
}

/// The company is as wrong as it was made: nothing below is held against a company without flaws.
fn assert_flaws(told: &Told) {
    let owned = |status: &str| count(told, |one| owned::expected(one, &told.teams).status == status);
    assert_eq!((owned("none"), owned("too_large"), owned("broken")), (52, 2, 5 + 4 + 4 + 6 + 4));
    let found = |finding: &str| count(told, |one| owned::expected(one, &told.teams).findings.iter().any(|is| is.ends_with(finding)));
    let findings = ["team_unknown", "team_no_access", "team_no_write", "user_unknown_or_no_write", "syntax_error"].map(found);
    assert_eq!(findings, [5, 4, 4, 6, 4]);
    let in_force = |path: &str| count(told, |one| owned::expected(one, &told.teams).path == Some(path));
    assert_eq!((in_force("CODEOWNERS"), in_force("docs/CODEOWNERS")), (30, 8));

    let alerts = |kind: &str, is: &str| count(told, |one| visibility(one, kind).0 == is);
    assert_eq!(ALERTS.map(|(kind, _)| alerts(kind, "not_visible")), [8, 8, 8]);
    assert_eq!((alerts("code_scanning", "never_ran"), alerts("dependabot", "disabled")), (8, 8 + 4 + 12));
    assert!(alerts("code_scanning", "disabled") >= 60 && alerts("secret_scanning", "disabled") >= 35);

    let status = |status: &str| count(told, |one| guarded::expected(one).status == status);
    assert_eq!((status("no_default_branch"), status("unprotected")), (2, 0), "a ruleset is planned for all");
    assert!(status("planned_only") > 30 && status("unknown") > 0, "{} {}", status("planned_only"), status("unknown"));
    let bug = |one: &Repository| {
        let values = guarded::expected(one).values;
        values["status_checks_required"].0 == Some(0) && values["strict_status_checks_required"].0 == Some(0)
    };
    assert!(count(told, |one| one.classic.is_ok() && bug(one)) > 10, "strict, says GitHub of what needs no checks");
    let is_bypassed = |one: &Repository| guarded::expected(one).values.values().any(|(value, unbypassable)| value > unbypassable);
    assert!(count(told, is_bypassed) > 10 + 8, "somebody may do without");
}

/// Within five days rules are relaxed, and owners named and put right.
fn assert_changes(told: &Told, later: &Told) {
    let earlier: BTreeMap<i64, &Repository> = told.repositories.iter().map(|one| (one.id, one)).collect();
    let reviews = |one: &Repository| one.classic.as_ref().is_ok_and(|rule| rule["required_pull_request_reviews"].is_object());
    let relaxed = count(later, |one| reviews(earlier[&one.id]) && !reviews(one));
    let owners = |told: &Told, one: &Repository| owned::expected(one, &told.teams).status;
    let named = count(later, |one| owners(told, earlier[&one.id]) == "none" && owners(later, one) == "valid");
    let repaired = count(later, |one| owners(told, earlier[&one.id]) == "broken" && owners(later, one) == "valid");
    assert_eq!((relaxed, named, repaired), (2, 1, 1));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_leave_to_administer_little_is_known_and_nothing_is_made_up() {
    let options = Options { history_days: 5, future_days: 0, ..Options::default() };
    let matrix = Matrix::of(options, Some(Permission::Administration)).await;
    let tables = [
        "github.branch_protection_rules",
        "github.code_scanning_alerts",
        "github.dependabot_alerts",
        "github.repositories",
        "github.repository_properties",
        "github.repository_rulesets",
        "github.rulesets",
        "github.secret_scanning_alerts",
    ];
    let now = matrix.setting.simulator.now();
    let told = matrix.live(now, &tables).await;
    assert_eq!(count(&told, |one| one.default_branch.is_some() && guarded::expected(one).has_unread), 198);
    let facts = matrix.facts(now.date_naive()).await;
    assert_protection(&told, &facts);

    // What is switched off cannot be told from what is silent: it is not visible, and never clear.
    let (mut wrong, mut hidden) = (Wrong::default(), 0);
    for repository in &told.repositories {
        for row in &facts["fct_alert_visibility"][&repository.id] {
            let (is, alerts) = visibility(repository, &text(&row["alert_kind"]));
            let open = alerts.as_ref().map_or(0, Vec::len) as u64;
            let is_hidden =
                row["visibility"] == "not_visible" && row["alert_status"] == "not_visible" && row["n_open"].is_null() && open == 0;
            let is_right = row["visibility"] == is && row["n_open"].as_u64() == alerts.map(|_| open);
            hidden += usize::from(is_hidden);
            if !is_hidden && !is_right {
                wrong.0.push(format!("{} {} is {is}", repository.full_name, row));
            }
        }
    }
    wrong.none("alerts");
    assert!(hidden > 100, "{hidden} pairs of repository and kind of alert are hidden");
}
