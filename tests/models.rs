//! What the models make of given rows, and that every SQL file runs as it stands.

use std::{collections::BTreeSet, path::Path};

use almanac::{
    config::EngineSettings,
    engine::{Clock, Engine, Script},
    ledger::all_tables,
    models::{catalog::Catalog, declare, header::ModelKind, sources::Sources, workbench::Workbench},
};
use almanac_collectors::table::ColumnKind;
use chrono::{DateTime, NaiveDate, Utc};

fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// A database with empty raw tables that can be written to, and the reference tables.
pub(crate) fn database(catalog: &Catalog) -> Engine {
    let now: DateTime<Utc> = "2026-11-21T12:00:00Z".parse().unwrap();
    let engine = Engine::open(&EngineSettings::default(), Clock { today: now.date_naive(), now }).unwrap();
    engine.set_dates(date("2026-11-20"), date("2026-11-21")).unwrap();
    for table in all_tables() {
        let name = table.full_name();
        engine.declare(&name, &declare::raw_view(table, &[])).unwrap();
        let (schema, plain) = (table.source, table.name);
        let mut script =
            format!("create table {schema}.given as select * from {name}; drop view {name}; alter table {schema}.given rename to {plain};");
        for column in table.columns.iter().filter(|column| !column.nullable) {
            let default = match column.kind {
                ColumnKind::Boolean => "false",
                ColumnKind::Integer | ColumnKind::Float => "0",
                ColumnKind::Text => "''",
                ColumnKind::Timestamp => "'2026-01-01'",
                ColumnKind::TextList => "[]",
                ColumnKind::TextMap => "map {}",
            };
            script.push_str(&format!("alter table {name} alter column \"{}\" set default {default};", column.name));
        }
        engine.declare(&name, &script).unwrap();
    }
    let sources = Sources::default();
    let bench = Workbench::new(&engine, catalog, &sources);
    bench.declare_inputs(&BTreeSet::new(), &catalog.references.keys().map(String::as_str).collect()).unwrap();
    engine
}

/// Declares every model, those that are stored as tables.
pub(crate) fn build(engine: &Engine, catalog: &Catalog) {
    let sources = Sources::default();
    let bench = Workbench::new(engine, catalog, &sources);
    for model in catalog.order.iter().map(|name| &catalog.models[name]) {
        if is_given(engine, &model.name) {
            let view = format!("create view {0} as select * from given.{0}", model.name);
            engine.declare(&model.name, &view).unwrap();
        } else if model.header.kind == ModelKind::View {
            bench.declare_view(model).unwrap();
        } else {
            engine.run(&format!("create table {} as", model.name), model.file.script(), "").unwrap();
        }
    }
}

/// Whether a file of rows gives a model's own rows, in a table of its name in the schema `given`.
fn is_given(engine: &Engine, model: &str) -> bool {
    !rows(engine, &format!("select 1 from duckdb_tables() where schema_name = 'given' and table_name = '{model}'")).is_empty()
}

pub(crate) fn catalog() -> Catalog {
    // A folder without files of its own: the built-in ones alone.
    Catalog::load(Path::new("/nonexistent"), all_tables()).unwrap()
}

fn rows(engine: &Engine, sql: &str) -> String {
    let rows = engine.query(Script { name: "test", text: sql }).unwrap_or_else(|error| panic!("{error:?}\n{sql}"));
    if rows.is_empty() { String::new() } else { almanac::output::table(&rows, None).unwrap() }
}

/// The files of rows worked out by hand.
pub(crate) const WORKED_OUT: [(&str, &str); 43] = [
    ("tests/models/asked_names.sql", include_str!("models/asked_names.sql")),
    ("tests/models/campaigns.sql", include_str!("models/campaigns.sql")),
    ("tests/models/changes.sql", include_str!("models/changes.sql")),
    ("tests/models/changes_asked.sql", include_str!("models/changes_asked.sql")),
    ("tests/models/check_results.sql", include_str!("models/check_results.sql")),
    ("tests/models/check_runs.sql", include_str!("models/check_runs.sql")),
    ("tests/models/checks.sql", include_str!("models/checks.sql")),
    ("tests/models/checks_repositories.sql", include_str!("models/checks_repositories.sql")),
    ("tests/models/checks_unmapped.sql", include_str!("models/checks_unmapped.sql")),
    ("tests/models/checks_unread.sql", include_str!("models/checks_unread.sql")),
    ("tests/models/costs.sql", include_str!("models/costs.sql")),
    ("tests/models/deliveries_placed.sql", include_str!("models/deliveries_placed.sql")),
    ("tests/models/deliveries_unread.sql", include_str!("models/deliveries_unread.sql")),
    ("tests/models/deployments.sql", include_str!("models/deployments.sql")),
    ("tests/models/dora.sql", include_str!("models/dora.sql")),
    ("tests/models/heard.sql", include_str!("models/heard.sql")),
    ("tests/models/hidden.sql", include_str!("models/hidden.sql")),
    ("tests/models/identity.sql", include_str!("models/identity.sql")),
    ("tests/models/identity_asked.sql", include_str!("models/identity_asked.sql")),
    ("tests/models/identity_claims.sql", include_str!("models/identity_claims.sql")),
    ("tests/models/identity_unread.sql", include_str!("models/identity_unread.sql")),
    ("tests/models/incidents.sql", include_str!("models/incidents.sql")),
    ("tests/models/narrowed.sql", include_str!("models/narrowed.sql")),
    ("tests/models/never_read.sql", include_str!("models/never_read.sql")),
    ("tests/models/outdated.sql", include_str!("models/outdated.sql")),
    ("tests/models/overview.sql", include_str!("models/overview.sql")),
    ("tests/models/ownership.sql", include_str!("models/ownership.sql")),
    ("tests/models/pci.sql", include_str!("models/pci.sql")),
    ("tests/models/pr_cycle.sql", include_str!("models/pr_cycle.sql")),
    ("tests/models/protection.sql", include_str!("models/protection.sql")),
    ("tests/models/quality_incidents.sql", include_str!("models/quality_incidents.sql")),
    ("tests/models/requests.sql", include_str!("models/requests.sql")),
    ("tests/models/restated.sql", include_str!("models/restated.sql")),
    ("tests/models/rightsizing.sql", include_str!("models/rightsizing.sql")),
    ("tests/models/running.sql", include_str!("models/running.sql")),
    ("tests/models/scanning.sql", include_str!("models/scanning.sql")),
    ("tests/models/scores.sql", include_str!("models/scores.sql")),
    ("tests/models/service_costs.sql", include_str!("models/service_costs.sql")),
    ("tests/models/small_company.sql", include_str!("models/small_company.sql")),
    ("tests/models/stale.sql", include_str!("models/stale.sql")),
    ("tests/models/teams_services.sql", include_str!("models/teams_services.sql")),
    ("tests/models/unread.sql", include_str!("models/unread.sql")),
    ("tests/models/watched.sql", include_str!("models/watched.sql")),
];

#[test]
fn models_give_what_was_worked_out_by_hand() {
    let catalog = catalog();
    let failures: Vec<String> = WORKED_OUT.iter().flat_map(|(path, text)| differences(&catalog, path, text)).collect();
    assert!(failures.is_empty(), "\n{}", failures.join("\n\n"));
}

/// Where the models differ from what a file expects, and what assertions object to in rows that are right.
fn differences(catalog: &Catalog, path: &str, text: &str) -> Vec<String> {
    let engine = database(catalog);
    let (given, expected) = text.split_once("\n-- expect ").unwrap();
    engine.declare(path, given).unwrap();
    build(&engine, catalog);
    let mut failures = Vec::new();
    for block in expected.split("\n-- expect ") {
        let (head, values) = block.split_once('\n').unwrap();
        let (what, columns) = head.split_once(": ").unwrap();
        let (nothing, what) = what.strip_prefix("nothing of ").map_or((false, what), |what| (true, what));
        let (name, filter) = what.split_once(' ').unwrap_or((what, ""));
        let from = match catalog.questions.get(name) {
            Some(question) => format!("({})", question.file.statement()),
            None => name.to_owned(),
        };
        // The expected rows take the types of the model's own columns.
        let actual = format!("select {columns} from {from} {filter}");
        engine
            .declare(name, &format!("create or replace table actual as {actual}; create or replace table expected as from actual limit 0;"))
            .unwrap();
        if !nothing {
            let values = values.split("\n--").next().unwrap();
            engine.declare(name, &format!("insert into expected {values}")).unwrap();
        }
        let missing = rows(&engine, "from expected except all from actual");
        let surplus = rows(&engine, "from actual except all from expected");
        if !missing.is_empty() || !surplus.is_empty() {
            failures.push(format!("{path}: {head}\nexpected, and not there:\n{missing}\nthere, and not expected:\n{surplus}"));
        }
    }
    for assertion in catalog.assertions.values().filter(|assertion| assertion.header.severity == almanac::models::header::Severity::Fail) {
        let offending = rows(&engine, assertion.file.statement());
        if !offending.is_empty() {
            failures.push(format!("{path}: {}\n{offending}", assertion.file.path));
        }
    }
    failures
}

#[test]
fn a_constant_is_given_once() {
    let engine = database(&catalog());
    for (table, key) in [
        ("thresholds", "name"),
        ("minimum_samples", "name"),
        ("check_weights", "severity"),
        ("check_levels", "level"),
        ("link_rules", "rule"),
        ("attribution_rules", "rule"),
        ("outcome_statuses", "status"),
        ("pci_scope_values", "value"),
        ("question_tables", "policy_id, table_name"),
        ("watched_tables", "table_name"),
        ("dora_bands", "metric, year, band"),
    ] {
        let twice = rows(&engine, &format!("select {key} from reference.{table} group by all having count(*) > 1"));
        assert!(twice.is_empty(), "what joins `reference.{table}` by {key} would count twice:\n{twice}");
    }
}

#[test]
fn every_file_runs_on_an_empty_lake() {
    let catalog = catalog();
    let engine = database(&catalog);
    build(&engine, &catalog);
    let asked = catalog.questions.values().chain(catalog.exports.values()).map(|question| &question.file);
    for file in asked.chain(catalog.assertions.values().map(|assertion| &assertion.file)) {
        engine.query(file.script()).unwrap_or_else(|error| panic!("{}: {error:?}", file.path));
    }
}

#[test]
fn columns_are_documented_in_order() {
    let catalog = catalog();
    let engine = database(&catalog);
    build(&engine, &catalog);
    let models = catalog.models.values().map(|model| (&model.file, &model.header.columns));
    let asked = catalog.questions.values().chain(catalog.exports.values());
    for (file, columns) in models.chain(asked.map(|question| (&question.file, &question.header.columns))) {
        let actual: Vec<String> = engine.describe(file.script()).unwrap().into_iter().map(|(name, _)| name).collect();
        let documented: Vec<&String> = columns.iter().map(|column| &column.name).collect();
        assert_eq!(actual.iter().collect::<Vec<_>>(), documented, "{}: a line under `columns:` for every column, in order", file.path);
    }
}

#[test]
fn no_person_stands_in_a_mart() {
    for model in catalog().marts() {
        for column in &model.header.columns {
            assert!(!column.name.ends_with("_key"), "{}: `{}` is a person; no fact is about a person", model.file.path, column.name);
        }
    }
}

#[test]
fn no_timestamp_with_a_zone_leaves_staging() {
    let catalog = catalog();
    let engine = database(&catalog);
    build(&engine, &catalog);
    for model in catalog.models.values() {
        for (column, kind) in engine.describe(model.file.script()).unwrap() {
            assert!(!kind.contains("ZONE"), "{}: `{column}` is a {kind}; staging casts it to timestamp", model.file.path);
        }
    }
}

#[test]
fn sql_stays_plain() {
    // What another engine could not be given mechanically, and where rows of equal rank could change an answer.
    let forbidden = ["qualify ", "arg_max(", "arg_min(", "{{", "{%", "union by name", "quantile_cont(", "approx_", "limit "];
    let catalog = catalog();
    let models = catalog.models.values().map(|model| &model.file);
    for file in models.chain(catalog.assertions.values().map(|assertion| &assertion.file)) {
        let code: String =
            file.statement().lines().filter(|line| !line.trim_start().starts_with("--")).collect::<Vec<_>>().join("\n").to_lowercase();
        for word in forbidden {
            assert!(!code.contains(word), "{}: `{word}` has no place in a model (see sql/README.md)", file.path);
        }
        assert!(!code.contains("read_parquet") && !code.contains("read_csv"), "{}: only declared names are read", file.path);
    }
}
