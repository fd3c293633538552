//! The runner as a whole, on a lake in a folder.

use std::{collections::BTreeMap, path::Path};

use chrono::NaiveDate;

use super::{
    answer,
    audit::Verdict,
    build::{BuildReport, State},
    catalog::{Catalog, Files},
    files,
    fixtures::{EVENTS, OLD_ORDERS, ORDERS, World, assertion, catalog, catalog_with, day, file, model, nine, question, tables},
    reader::{self, Reader, Wanted},
};
use crate::{
    engine::{self, Clock, Script},
    exit::Exit,
    output,
};

const STAGING: &str = "select date, id, state from shop.orders";

/// Staging, a full and a daily model, and a full one on top of both.
fn small() -> Catalog {
    catalog(&[
        staging(),
        dim("select max(id) as id from stg_shop__orders"),
        daily(),
        model("fct_both", "full", "select id from dim_top union select id from fct_days"),
    ])
    .unwrap()
}

fn staging() -> super::files::SqlFile {
    super::fixtures::file(
        "sql/staging/stg_shop__orders.sql",
        &format!(
            "-- One row per order and date.\n-- grain: date, id\n-- kind: view\n-- owner: test\n-- columns:\n--   date    day\n--   id    id\n--   state    state\n{STAGING}\n"
        ),
    )
}

fn staged_events() -> super::files::SqlFile {
    super::fixtures::file(
        "sql/staging/stg_shop__events.sql",
        "-- One row per event.\n-- grain: id\n-- kind: view\n-- owner: test\n-- columns:\n--   date    day\n--   id    id\nselect date, id from shop.events",
    )
}

fn dim(sql: &str) -> super::files::SqlFile {
    model("dim_top", "full", sql)
}

fn daily() -> super::files::SqlFile {
    model(
        "fct_days",
        "daily",
        "select date, id from stg_shop__orders where state = 'open' and date between getvariable('from') and getvariable('to')",
    )
}

fn states(report: &BuildReport) -> Vec<(&str, State)> {
    report.models.iter().map(|model| (model.model.as_str(), model.state)).collect()
}

fn why<'r>(report: &'r BuildReport, model: &str) -> &'r [String] {
    &report.models.iter().find(|report| report.model == model).unwrap().why
}

fn dates(report: &BuildReport, model: &str) -> Vec<NaiveDate> {
    report.models.iter().find(|report| report.model == model).unwrap().dates.clone()
}

fn clock() -> Clock {
    Clock { today: day(21), now: nine(21) }
}

async fn read(world: &World, catalog: &Catalog, sql: &str) -> String {
    let reader = Reader::open(catalog, &world.lake, &world.config, clock(), Wanted::Everything).await.unwrap();
    output::json(&reader.engine.query(Script { name: "test", text: sql }).unwrap()).unwrap()
}

#[tokio::test]
async fn a_build_makes_what_is_stale_and_a_second_one_nothing() {
    let (world, catalog) = (World::new(), small());
    world.publish(&ORDERS, day(19), &[1, 2], "open").await;
    world.publish(&ORDERS, day(20), &[3], "shut").await;

    let first = world.build(&catalog, 20, |_| {}).await;
    assert_eq!(states(&first), [("dim_top", State::Published), ("fct_days", State::Published), ("fct_both", State::Published)]);
    assert_eq!((first.exit(), why(&first, "dim_top")), (Exit::Done, &["never built".to_owned()][..]));
    assert_eq!(read(&world, &catalog, "select id from fct_both order by id").await, r#"[{"id":1},{"id":2},{"id":3}]"#);
    // The date without an open order has a partition too, or it would be stale for ever.
    let keys: Vec<String> = world.lake.listing().await.unwrap().marts["fct_days"].iter().map(|object| object.key.clone()).collect();
    assert_eq!(keys, ["marts/fct_days/date=2026-11-19/data.parquet", "marts/fct_days/date=2026-11-20/data.parquet"]);
    assert_eq!(
        read(&world, &catalog, "select date, id from fct_days order by id").await,
        r#"[{"date":"2026-11-19","id":1},{"date":"2026-11-19","id":2}]"#
    );

    let second = world.build(&catalog, 21, |_| {}).await;
    assert!(second.models.iter().all(|model| model.state == State::Fresh), "{second:?}");
}

#[tokio::test]
async fn only_what_a_change_reaches_is_built_again_and_the_report_says_why() {
    let (world, catalog) = (World::new(), small());
    world.publish(&ORDERS, day(19), &[1], "open").await;
    world.publish(&ORDERS, day(20), &[2], "open").await;
    world.build(&catalog, 20, |_| {}).await;

    world.publish(&ORDERS, day(21), &[2], "open").await;
    let explained = world.build(&catalog, 21, |options| options.explain = true).await;
    assert_eq!(why(&explained, "dim_top"), ["new partition of shop.orders, 2026-11-21"]);
    assert_eq!((dates(&explained, "fct_days"), why(&explained, "fct_days")), (vec![day(21)], &["never built".to_owned()][..]));
    assert_eq!(why(&explained, "fct_both"), ["dim_top changed upstream", "fct_days changed upstream"]);
    assert_eq!(states(&explained)[0].1, State::Stale);
    world.build(&catalog, 21, |_| {}).await;

    world.publish(&ORDERS, day(19), &[7], "open").await;
    let replaced = world.build(&catalog, 21, |_| {}).await;
    assert_eq!(why(&replaced, "dim_top"), ["shop.orders replaced or extended up to 2026-11-21"]);
    assert_eq!(dates(&replaced, "fct_days"), [day(19)]);

    let changed = super::fixtures::catalog(&[staging(), dim("select min(id) as id from stg_shop__orders"), daily()]).unwrap();
    let rebuilt = world.build(&changed, 21, |_| {}).await;
    assert_eq!(states(&rebuilt), [("dim_top", State::Published), ("fct_days", State::Fresh)]);
    assert_eq!(why(&rebuilt, "dim_top"), ["its SQL changed"]);
}

#[tokio::test]
async fn a_selection_a_range_of_dates_and_full_do_as_they_are_told() {
    let (world, catalog) = (World::new(), small());
    for date in [18, 19, 20] {
        world.publish(&ORDERS, day(date), &[i64::from(date)], "open").await;
    }
    let alone = world.build(&catalog, 20, |options| options.select = Some("fct_both".into())).await;
    assert_eq!((states(&alone), alone.exit()), (vec![("fct_both", State::Skipped)], Exit::Failed));
    assert_eq!(why(&alone, "fct_both"), ["dim_top has never been built: select +fct_both"]);

    let upstream = world.build(&catalog, 20, |options| options.select = Some("+fct_both".into())).await;
    assert_eq!(upstream.count(State::Published), 3);

    let ranged = world.build(&catalog, 20, |options| (options.from, options.to) = (Some(day(19)), Some(day(19)))).await;
    assert_eq!((dates(&ranged, "fct_days"), why(&ranged, "fct_days")), (vec![day(19)], &["asked for".to_owned()][..]));
    assert_eq!(ranged.count(State::Fresh), 2);

    assert_eq!(world.build(&catalog, 20, |options| options.full = true).await.count(State::Published), 3);
}

#[tokio::test]
async fn dates_are_put_to_the_test_when_they_are_built() {
    let world = World::new();
    let models = [staging(), daily()];
    world.publish(&ORDERS, day(19), &[7], "open").await;
    world.build(&catalog(&models).unwrap(), 19, |_| {}).await;
    let strict = assertion("fct_days__is_small", "fail", "select id from fct_days where id > 1");
    let strict = catalog_with(&models, &[], &[strict]).unwrap();
    world.publish(&ORDERS, day(20), &[1], "open").await;
    let grown = world.build(&strict, 20, |_| {}).await;
    assert_eq!((dates(&grown, "fct_days"), grown.exit()), (vec![day(20)], Exit::Done));
    assert_eq!(read(&world, &strict, "select count(*) as n from fct_days").await, r#"[{"n":2}]"#);
    assert_eq!(world.build(&strict, 20, |options| options.full = true).await.exit(), Exit::Audit);
}

#[tokio::test]
async fn what_nothing_was_collected_for_is_empty_however_much_stands_on_it() {
    let world = World::new();
    let catalog = catalog(&[
        staging(),
        staged_events(),
        model("fct_events", "daily", "select date, id from stg_shop__events"),
        model("fct_more_events", "daily", "select date, id from fct_events"),
        model("fct_all", "full", "select id from fct_more_events union select id from stg_shop__orders"),
    ])
    .unwrap();
    for (today, order) in [(20, 1), (21, 2)] {
        world.publish(&ORDERS, day(today), &[order], "open").await;
        let report = world.build(&catalog, today, |_| {}).await;
        assert_eq!(states(&report), [("fct_events", State::Fresh), ("fct_more_events", State::Fresh), ("fct_all", State::Published)]);
    }
    assert_eq!(read(&world, &catalog, "select count(*) as n from fct_more_events").await, r#"[{"n":0}]"#);
    assert_eq!(read(&world, &catalog, "select id from fct_all order by id").await, r#"[{"id":1},{"id":2}]"#);
}

#[tokio::test]
async fn a_date_is_stale_when_a_partition_within_its_lookback_is_replaced() {
    let world = World::new();
    let catalog = catalog(&[
        staging(),
        model("fct_two_days", "daily\n-- lookback: 1d", "select distinct date + 1 as date, id from stg_shop__orders"),
        model("fct_same_days", "daily", "select date, id from fct_two_days"),
    ])
    .unwrap();
    for date in [18, 19, 20] {
        world.publish(&ORDERS, day(date), &[i64::from(date)], "open").await;
    }
    world.build(&catalog, 20, |_| {}).await;
    world.publish(&ORDERS, day(18), &[99], "open").await;
    let report = world.build(&catalog, 20, |_| {}).await;
    assert_eq!(dates(&report, "fct_two_days"), [day(18), day(19)]);
    // The daily model on top of it has the same dates, and follows date by date.
    assert_eq!(dates(&report, "fct_same_days"), [day(18), day(19)]);
    assert_eq!(
        read(&world, &catalog, "select * from fct_same_days order by date").await,
        r#"[{"date":"2026-11-19","id":99},{"date":"2026-11-20","id":19}]"#
    );
}

#[tokio::test]
async fn a_failed_assertion_holds_everything_back_and_an_error_or_a_warning_nothing() {
    let world = World::new();
    world.publish(&ORDERS, day(20), &[1, 2, 3], "open").await;
    let models = [staging(), dim("select max(id) as id from stg_shop__orders"), daily()];
    let with = |severity: &str, sql: &str| catalog_with(&models, &[], &[assertion("fct_days__is_small", severity, sql)]).unwrap();

    let stopped = world.build(&with("fail", "select id from fct_days where id > 1"), 20, |_| {}).await;
    assert_eq!((stopped.count(State::HeldBack), stopped.exit()), (2, Exit::Audit));
    let finding = stopped.findings.iter().find(|finding| finding.name == "fct_days__is_small").unwrap();
    assert_eq!((finding.offending, finding.sample.as_ref().unwrap().len()), (2, 2));
    assert!(world.lake.listing().await.unwrap().marts.is_empty());

    let broken = world.build(&with("fail", "select nothing from fct_days"), 20, |_| {}).await;
    let finding = broken.findings.iter().find(|finding| finding.name == "fct_days__is_small").unwrap();
    assert_eq!((finding.verdict, broken.exit()), (Verdict::CouldNotRun, Exit::Audit));
    assert!(finding.detail.as_ref().unwrap().starts_with("could not run `sql/assertions/fct_days__is_small.sql`, line 4"), "{finding:?}");

    for (severity, exit) in [("error", Exit::Partial), ("warn", Exit::Done)] {
        let told = world.build(&with(severity, "select id from fct_days where id > 1"), 20, |options| options.full = true).await;
        assert_eq!((told.count(State::Published), told.exit()), (2, exit), "{severity}");
        assert!(told.findings.iter().any(|finding| finding.verdict == Verdict::Offended), "{severity}");
    }
}

#[tokio::test]
async fn what_a_header_promises_is_asserted_without_a_file() {
    let world = World::new();
    world.publish(&ORDERS, day(20), &[1, 1], "open").await;
    let of = |sql: &str| catalog(&[staging(), dim(sql)]).unwrap();
    for (sql, broken) in [
        ("select id from stg_shop__orders", "dim_top__grain_is_unique"),
        ("select distinct nullif(id, 1) as id from stg_shop__orders", "dim_top__grain_is_not_null"),
        ("select distinct id, state from stg_shop__orders", "dim_top__columns_are_as_listed"),
    ] {
        let report = world.build(&of(sql), 20, |_| {}).await;
        let found: Vec<&str> = report.findings.iter().filter(|finding| finding.stops()).map(|finding| finding.name.as_str()).collect();
        assert_eq!((found, report.exit()), (vec![broken], Exit::Audit));
    }
    let mut stale = dim("select max(id) as id from stg_shop__orders");
    stale.text = stale.text.replace("-- owner", "-- freshness: 26h\n-- owner").into();
    let report = world.build(&catalog(&[staging(), stale]).unwrap(), 23, |_| {}).await;
    let late = report.findings.iter().find(|finding| finding.name == "dim_top__inputs_are_fresh").unwrap();
    assert_eq!(late.detail.as_deref(), Some("the newest partition of shop.orders is of 2026-11-20, 72 h before 2026-11-23"));
    assert_eq!(report.exit(), Exit::Done);
}

#[tokio::test]
async fn a_model_that_fails_takes_along_what_reads_it_and_nothing_else() {
    let world = World::new();
    world.publish(&ORDERS, day(20), &[1], "open").await;
    let catalog = catalog(&[
        staging(),
        dim("select max(id) as id\nfrom stg_shop__orders\nwhere nothing = 1"),
        model("fct_on_top", "full", "select id from int_between"),
        model("int_between", "view", "select id from dim_top"),
        daily(),
    ])
    .unwrap();
    let report = world.build(&catalog, 20, |_| {}).await;
    assert_eq!(states(&report), [("dim_top", State::Failed), ("fct_days", State::Published), ("fct_on_top", State::Skipped)]);
    assert_eq!(why(&report, "fct_on_top"), ["it reads int_between, which was skipped: it reads dim_top, which failed"]);
    assert_eq!(report.models[0].error.as_ref().unwrap().to_string(), "could not run `sql/marts/dim_top.sql`, line 9");
    assert_eq!(report.exit(), Exit::Failed);
}

#[tokio::test]
async fn files_of_an_older_schema_and_tables_without_files_are_read_as_the_newest() {
    let world = World::new();
    world.publish(&OLD_ORDERS, day(19), &[1], "").await;
    world.publish(&ORDERS, day(20), &[2], "open").await;
    let catalog = catalog(&[]).unwrap();
    assert_eq!(
        read(&world, &catalog, "select * from shop.orders order by id").await,
        r#"[{"id":1,"state":null,"date":"2026-11-19"},{"id":2,"state":"open","date":"2026-11-20"}]"#
    );
    assert_eq!(read(&world, &catalog, "select * from shop.events").await, "[]");
    assert_eq!(
        read(&world, &catalog, "select * from reference.bands order by least").await,
        r#"[{"name":"low","least":0.0,"since":"2026-01-01"},{"name":"it's high","least":1.5,"since":null}]"#
    );
    assert_eq!(
        read(
            &world,
            &catalog,
            "select today() as d, current_date as e, date_diff('hour', cast(today() as timestamp), current_localtimestamp()) as h"
        )
        .await,
        r#"[{"d":"2026-11-21","e":"2026-11-21","h":9}]"#
    );
}

#[tokio::test]
async fn changes_make_dates_only_where_nothing_else_does_and_the_date_of_the_run_counts_when_it_is_asked_for() {
    let world = World::new();
    world.publish(&EVENTS, day(20), &[1], "open").await;
    let catalog = catalog(&[
        staged_events(),
        model("fct_events", "daily\n-- lookback: all", "select date, id from stg_shop__events"),
        model("fct_today", "full", "select distinct date_diff('day', date, today()) as id from stg_shop__events"),
    ])
    .unwrap();
    assert_eq!(world.build(&catalog, 20, |_| {}).await.count(State::Published), 2);
    world.publish(&EVENTS, day(20), &[2], "open").await;
    let report = world.build(&catalog, 20, |_| {}).await;
    assert_eq!(why(&report, "fct_events"), ["shop.events replaced or extended up to 2026-11-20"]);
    let tomorrow = world.build(&catalog, 21, |options| options.explain = true).await;
    assert_eq!(states(&tomorrow), [("fct_events", State::Fresh), ("fct_today", State::Stale)]);
    assert_eq!(why(&tomorrow, "fct_today"), ["it asks for the date, now 2026-11-21"]);
}

#[tokio::test]
async fn sql_of_a_users_reads_the_lake_and_nothing_else_and_writes_nothing() {
    let (world, catalog) = (World::new(), small());
    world.publish(&ORDERS, day(20), &[1], "open").await;
    std::fs::write(world.folder().join("secret.csv"), "a\n1\n").unwrap();
    let secret = world.folder().join("secret.csv").display().to_string();
    let reader = Reader::open(&catalog, &world.lake, &world.config, clock(), Wanted::Everything).await.unwrap();
    let run = |sql: &str| reader.engine.query(Script { name: "query", text: sql });
    assert_eq!(run("select * from stg_shop__orders").unwrap().len(), 1);
    for refused in [
        format!("select * from '{secret}'"),
        format!("select * from read_csv('{secret}')"),
        format!("select * from read_text('{secret}')"),
        format!("select * from glob('{}/*')", world.folder().display()),
        format!("copy (select 1) to '{}/out.csv'", world.folder().display()),
        format!(
            "copy (select 1 as id) to '{}/lake/raw/shop/orders/date=2026-11-20/data.parquet' (format parquet)",
            world.folder().display()
        ),
        format!("export database '{}/dump'", world.folder().display()),
        format!("attach '{}/other.db'", world.folder().display()),
        "install httpfs".into(),
        "load httpfs".into(),
        "set enable_external_access = true".into(),
        "set lock_configuration = false".into(),
        "set allowed_directories = ['/']".into(),
        "set temp_directory = '/tmp/elsewhere'".into(),
        "pragma profiling_output = '/tmp/profile.json'".into(),
    ] {
        assert!(run(&refused).is_err(), "{refused} was not refused");
    }
    let written: Vec<String> =
        std::fs::read_dir(world.folder()).unwrap().map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect();
    assert_eq!(written.iter().filter(|name| *name != "lake" && *name != "secret.csv").count(), 0, "{written:?}");
}

#[tokio::test]
async fn an_answer_carries_its_date_and_a_mart_not_built_is_said_to_be() {
    let world = World::new();
    world.publish(&ORDERS, day(19), &[1, 2], "open").await;
    let catalog = catalog_with(
        &[staging(), dim("select max(id) as id from stg_shop__orders"), daily()],
        &[question("how-many", "select count(*) as n from fct_days")],
        &[],
    )
    .unwrap();
    let none = BTreeMap::new();
    let ask = |name: &'static str| answer::ask(&catalog, &world.lake, &world.config, clock(), name, &none);
    assert_eq!(ask("how-many").await.unwrap_err().to_string(), "`fct_days` has not been built");
    assert_eq!(ask("how-mny").await.unwrap_err().hint().as_deref(), Some("did you mean `how-many`?"));
    world.build(&catalog, 19, |_| {}).await;
    let answer = ask("how-many").await.unwrap();
    assert_eq!(answer.as_of, Some(day(19)));
    let document = serde_json::to_value(&answer).unwrap();
    assert_eq!(document["rows"], serde_json::json!([{"n": 2}]));
    assert_eq!(document["completeness"]["share"], serde_json::Value::Null);
}

#[tokio::test]
async fn the_script_of_declarations_lets_a_shell_read_the_same() {
    let (world, catalog) = (World::new(), small());
    world.publish(&ORDERS, day(20), &[1], "open").await;
    let select = |options: &mut super::build::BuildOptions| options.select = Some("dim_top".into());
    world.build(&catalog, 20, select).await;
    let script = reader::script(&catalog, &world.lake, clock()).await.unwrap();
    // The bundled engine has no time zones; the shell has, and needs this line.
    let script = script.replace("set timezone = 'UTC';", "");
    let engine = crate::engine::Engine::open(&world.config.engine, clock()).unwrap();
    engine.declare("lake.sql", &script).unwrap();
    let rows = engine.query(Script { name: "test", text: "select id from fct_both" }).unwrap();
    assert_eq!(output::json(&rows).unwrap(), r#"[{"id":1}]"#);
}

/// A model over a table without rows, in whose place a user's file may stand.
fn billed(world: &World) -> Catalog {
    let place = file("sql/reference/bills.csv", "day,cost,tags?,is_final?\n");
    let references = files::with_own(vec![place], world.folder()).unwrap();
    let sum =
        model("fct_billed", "full", "select cast(sum(cast(cost as double)) as bigint) as id from reference.bills having count(*) > 0");
    let files = Files { references, models: vec![sum], ..Files::default() };
    Catalog::of(tables(), files, Path::new("/nonexistent")).unwrap()
}

const BILLS: &str = "select cast(day as timestamp) as day, cast(cost as double) as cost, json_extract_string(tags, '$.cluster') as cluster, \
     cast(is_final as boolean) as is_final from reference.bills";

#[tokio::test]
async fn a_users_bill_is_read_where_it_is_by_the_names_of_its_columns() {
    let world = World::new();
    // Without one the table is there all the same, and empty.
    assert_eq!(read(&world, &billed(&world), BILLS).await, "[]");
    assert_eq!(world.build(&billed(&world), 20, |_| {}).await.exit(), Exit::Done);

    let folder = world.folder().join("reference");
    std::fs::create_dir(&folder).unwrap();
    let csv = folder.join("bills.csv");
    std::fs::write(&csv, "\u{feff}\"cost\",more,\"day\",tags\n2.25,x,2026-11-20T00:00:00Z,\"{\"\"cluster\"\": \"\"one\"\"}\"\n").unwrap();
    let found = r#"[{"day":"2026-11-20T00:00:00Z","cost":2.25,"cluster":"one","is_final":null}]"#;
    assert_eq!(read(&world, &billed(&world), BILLS).await, found);
    let built = world.build(&billed(&world), 20, |_| {}).await;
    assert_eq!(why(&built, "fct_billed"), ["reference.bills changed"]);
    assert_eq!(read(&world, &billed(&world), "select id from fct_billed").await, r#"[{"id":2}]"#);
    assert_eq!(world.build(&billed(&world), 20, |_| {}).await.count(State::Fresh), 1);

    // The script of declarations reads the same file.
    let script = reader::script(&billed(&world), &world.lake, clock()).await.unwrap().replace("set timezone = 'UTC';", "");
    let shell = engine::Engine::open(&world.config.engine, clock()).unwrap();
    shell.declare("lake.sql", &script).unwrap();
    assert_eq!(output::json(&shell.query(Script { name: "test", text: BILLS }).unwrap()).unwrap(), found);

    std::fs::remove_file(&csv).unwrap();
    let copy = format!(
        "copy (select timestamptz '2026-11-20 00:00:00+00' as day, cast(2.25 as decimal(9, 2)) as \"Cost\", map {{'cluster': 'one'}} as tags, \
         1 as more) to '{}' (format parquet)",
        folder.join("bills.parquet").display()
    );
    shell.declare("bills", &copy).unwrap();
    assert_eq!(read(&world, &billed(&world), BILLS).await, found);
}

#[tokio::test]
async fn a_users_bill_without_a_column_that_counts_is_refused_by_name() {
    let world = World::new();
    std::fs::create_dir(world.folder().join("reference")).unwrap();
    std::fs::write(world.folder().join("reference/bills.csv"), "day,tags\n2026-11-20,\n").unwrap();
    let refused = Reader::open(&billed(&world), &world.lake, &world.config, clock(), Wanted::Everything).await.err().unwrap();
    assert_eq!(refused.to_string(), "could not read `reference/bills.csv` as a table");
    assert_eq!(refused.hint().as_deref(), Some("it must have the columns day, cost"));
    let fault = std::error::Error::source(&refused).unwrap().to_string();
    assert!(fault.contains("\"given\" does not have a column named \"cost\""), "{fault}");
}
