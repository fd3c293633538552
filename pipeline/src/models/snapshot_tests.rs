//! Snapshot models and checks, on a lake in a folder: what was known on a date, and what is said of it later.

use std::{collections::BTreeMap, path::Path};

use chrono::NaiveDate;

use super::{
    answer,
    build::{BuildReport, State},
    catalog::{Catalog, Files},
    files::{Reference, SqlFile},
    fixtures::{ORDERS, RETURNS, World, day, file, model, nine, question, tables},
    reader::{Reader, Wanted},
    trial,
};
use crate::{
    engine::{Clock, Script},
    exit::{Exit, one_line},
    ledger::Ledger,
    output,
};

fn staging() -> SqlFile {
    staging_of("orders")
}

fn staging_of(table: &str) -> SqlFile {
    file(
        &format!("sql/staging/stg_shop__{table}.sql"),
        &format!(
            "-- One row per id and date.\n-- grain: date, id\n-- kind: view\n-- owner: test\n-- columns:\n--   date    day\n--   id    id\n\
             --   state    state\nselect date, id, state from shop.{table}\n"
        ),
    )
}

/// The orders of the newest snapshot: a model that is rebuilt whole and has no date.
fn newest() -> SqlFile {
    model("dim_newest", "full", "select id from stg_shop__orders where date = (select max(date) from stg_shop__orders)")
}

/// A catalog whose snapshot model counts by a rule of its own.
fn counted(rule: &str) -> Catalog {
    let header = "-- One row per date.\n-- grain: date, is_restated\n-- kind: snapshot\n-- owner: test\n-- columns:\n--   date    day\n\
                  --   is_restated    said later\n--   id    the count\n";
    let sql = format!(
        "select getvariable('to') as date, coalesce(cast(getvariable('restated') as boolean), false) as is_restated, {rule} as id from dim_newest"
    );
    let counts = file("sql/marts/fct_counts.sql", &format!("{header}{sql}\n"));
    let daily = model(
        "fct_total",
        "daily\n-- lookback: all",
        "select date, cast(sum(id) as bigint) as id from fct_counts where date between getvariable('from') and getvariable('to') group by date",
    );
    let files = Files { models: vec![staging(), newest(), counts, daily], ..Files::default() };
    Catalog::of(tables(), files, Path::new("/nonexistent")).unwrap()
}

async fn three_days(world: &World) {
    world.publish(&ORDERS, day(18), &[1, 2], "open").await;
    world.publish(&ORDERS, day(19), &[1, 2, 3], "open").await;
    world.publish(&ORDERS, day(20), &[7], "open").await;
}

fn dates(report: &BuildReport, model: &str) -> Vec<NaiveDate> {
    report.models.iter().find(|report| report.model == model).unwrap().dates.clone()
}

async fn read(world: &World, catalog: &Catalog, sql: &str) -> String {
    let clock = Clock { today: day(21), now: nine(21) };
    let reader = Reader::open(catalog, &world.lake, &world.config, clock, Wanted::Everything).await.unwrap();
    output::json(&reader.engine.query(Script { name: "test", text: sql }).unwrap()).unwrap()
}

const SAID: &str = "select strftime(date, '%d') as day, is_restated as later, id from fct_counts order by date, is_restated";

#[tokio::test]
async fn a_date_that_is_gone_is_computed_from_the_lake_as_it_stood() {
    let (world, catalog) = (World::new(), counted("count(*)"));
    three_days(&world).await;
    let first = world.build(&catalog, 20, |_| {}).await;
    assert_eq!((first.exit(), dates(&first, "fct_counts")), (Exit::Done, vec![day(18), day(19), day(20)]));
    let said = r#"[{"day":"18","later":false,"id":2},{"day":"19","later":false,"id":3},{"day":"20","later":false,"id":1}]"#;
    assert_eq!(read(&world, &catalog, SAID).await, said);
    let again = world.build(&catalog, 21, |_| {}).await;
    assert!(again.models.iter().all(|model| model.state == State::Fresh), "{again:?}");
}

#[tokio::test]
async fn what_was_said_stands_beside_what_another_rule_says() {
    let (world, catalog) = (World::new(), counted("count(*)"));
    three_days(&world).await;
    world.build(&catalog, 20, |_| {}).await;

    // Another rule changes what is said of the newest date, and of no other, whatever else is rebuilt.
    let tenfold = counted("10 * count(*)");
    let changed = world.build(&tenfold, 20, |options| options.full = true).await;
    assert_eq!(dates(&changed, "fct_counts"), [day(20)]);
    assert_eq!(read(&world, &tenfold, "select id from fct_counts order by date").await, r#"[{"id":2},{"id":3},{"id":10}]"#);

    // Asked for, through what stands on it, the dates that are gone say both; the orders that came on the 20th are not seen on the 19th.
    let restated = world.build(&tenfold, 20, |options| (options.select, options.from) = (Some("fct_total".into()), Some(day(19)))).await;
    assert_eq!((dates(&restated, "fct_counts"), dates(&restated, "fct_total")), (vec![day(19), day(20)], vec![day(19), day(20)]));
    let both = r#"[{"day":"18","later":false,"id":2},{"day":"19","later":false,"id":3},{"day":"19","later":true,"id":30},{"day":"20","later":false,"id":10}]"#;
    assert_eq!(read(&world, &tenfold, SAID).await, both);
    assert_eq!(read(&world, &tenfold, "select id from fct_total order by date").await, r#"[{"id":2},{"id":33},{"id":10}]"#);

    // Once more takes the place of the last time, and never of what was said.
    world.build(&counted("100 * count(*)"), 21, |options| (options.from, options.to) = (Some(day(19)), Some(day(19)))).await;
    let sql = "select id from fct_counts where date = date '2026-11-19' order by id";
    assert_eq!(read(&world, &tenfold, sql).await, r#"[{"id":3},{"id":300}]"#);
}

/// A snapshot model of a count of what a query gives.
fn count_of(name: &str, of: &str) -> SqlFile {
    let header =
        "-- One row per date.\n-- grain: date\n-- kind: snapshot\n-- owner: test\n-- columns:\n--   date    day\n--   id    the count\n";
    file(&format!("sql/marts/{name}.sql"), &format!("{header}select getvariable('to') as date, count(*) as id from ({of}) as counted\n"))
}

#[tokio::test]
async fn models_of_other_dates_do_not_shorten_each_others_past() {
    let world = World::new();
    three_days(&world).await;
    world.publish(&RETURNS, day(21), &[1], "open").await;
    let returns = staging_of("returns");
    let all = count_of("fct_all", "select id from dim_newest union all select id from stg_shop__returns");
    // Of orders alone, the 20th is the newest date, and not gone.
    let few = count_of("fct_few", "select id from dim_newest");
    let files = Files { models: vec![staging(), returns, newest(), all, few], ..Files::default() };
    let catalog = Catalog::of(tables(), files, Path::new("/nonexistent")).unwrap();
    let report = world.build(&catalog, 21, |_| {}).await;
    assert_eq!((dates(&report, "fct_all").len(), dates(&report, "fct_few").len()), (4, 3));
    let counts = r#"[{"id":2},{"id":3},{"id":1},{"id":2}]"#;
    assert_eq!(read(&world, &catalog, "select id from fct_all order by date").await, counts);
}

#[test]
fn a_rule_is_another_when_anything_behind_it_is_and_not_for_a_comment() {
    let rule = |checks: &[SqlFile]| match &checked(checks).references["reference.checks"] {
        Reference::Constants(file) => file.text.lines().nth(1).and_then(|line| line.rsplit(',').next().map(str::to_owned)).unwrap(),
        Reference::Data(_) => panic!("they are constants"),
    };
    let even = rule(&[check("even", EVEN)]);
    assert_eq!(rule(&[check("even", &format!("-- a remark\n{EVEN}")), check("odd", EVEN)]), even);
    assert_ne!(rule(&[check("even", &EVEN.replace("% 2", "% 3"))]), even);
    assert_ne!(rule(&[check("even", &EVEN.replace("dim_newest", "stg_shop__orders"))]), even);
}

fn check(name: &str, sql: &str) -> SqlFile {
    let header = "-- title: It is even\n-- question: Is it?\n-- area: ensure\n-- subject: service\n-- weight: high\n-- level: gold\n\
                  -- applies_to: all\n-- remedy: add one\n-- owner: test\n-- version: 3\n";
    file(&format!("checks/{name}.sql"), &format!("{header}\n{sql}\n"))
}

const EVEN: &str = "select id as subject_id, case when id % 2 = 0 then 'pass' else 'fail' end as status, 'as it is' as reason, null as evidence from dim_newest";

fn checked(checks: &[SqlFile]) -> Catalog {
    let columns = ["check_id", "version", "subject_id", "status", "reason"];
    let listed: String = columns.iter().map(|column| format!("--   {column}    it\n")).collect();
    let results = file(
        "sql/marts/fct_results.sql",
        &format!(
            "-- One row per answer.\n-- grain: date, check_id, subject_id\n-- kind: snapshot\n-- owner: test\n-- columns:\n--   date    day\n{listed}\
             select getvariable('to') as date, check_id, version, coalesce(subject_id, '') as subject_id, status, reason\n\
             from int_check_answers join reference.checks using (check_id)\n"
        ),
    );
    let subjects = file(
        "sql/intermediate/int_check_subjects.sql",
        "-- One row per subject.\n-- grain: subject_id\n-- kind: view\n-- owner: test\n-- columns:\n--   subject_type    it\n--   subject_id    it\n\
         select 'service' as subject_type, cast(id as varchar) as subject_id from dim_newest\n",
    );
    let files = Files { models: vec![staging(), newest(), subjects, results], checks: checks.to_vec(), ..Files::default() };
    Catalog::of(tables(), files, Path::new("/nonexistent")).unwrap()
}

#[tokio::test]
async fn a_check_that_fails_says_so_and_keeps_no_other_from_answering() {
    let world = World::new();
    three_days(&world).await;
    let catalog = checked(&[
        check("even", EVEN),
        check("broken", "select cast('x' as bigint) as subject_id, '' as status, '' as reason, '' as evidence\nfrom dim_newest"),
    ]);
    let report = world.build(&catalog, 20, |_| {}).await;
    assert_eq!(report.exit(), Exit::Done);
    let sql = "select check_id, version, subject_id, status from fct_results where date = date '2026-11-19' order by all";
    let rows = r#"[{"check_id":"broken","version":3,"subject_id":"","status":"error"},{"check_id":"even","version":3,"subject_id":"1","status":"fail"},{"check_id":"even","version":3,"subject_id":"2","status":"pass"},{"check_id":"even","version":3,"subject_id":"3","status":"fail"}]"#;
    assert_eq!(read(&world, &catalog, sql).await, rows);
    let why = read(&world, &catalog, "select distinct reason from fct_results where status = 'error'").await;
    assert!(why.contains("checks/broken.sql") && why.contains("Could not convert string 'x'"), "{why}");
}

#[tokio::test]
async fn a_file_is_tried_and_nothing_is_published() {
    let world = World::new();
    three_days(&world).await;
    let catalog = checked(&[check("even", EVEN)]);
    world.build(&catalog, 20, |_| {}).await;
    let before = world.lake.listing().await.unwrap().marts;
    let (clock, path) = (Clock { today: day(21), now: nine(21) }, world.folder().join("mine.sql"));
    let tried = async |text: &str| {
        std::fs::write(&path, text).unwrap();
        trial::run(&catalog, &world.lake, &world.config, clock, &path).await
    };
    let odd = check("odd", EVEN).text;
    let trial = tried(&odd).await.unwrap();
    assert_eq!((trial.rows.len(), trial.faults.len()), (1, 0));
    assert_eq!(trial.remarks, ["as of 2026-11-20: 1 rows", "It is even: 1 fail (ensure, gold, high)"]);

    let faults = tried(&odd.replace("'fail'", "'failed'").replace("from dim_newest", "from dim_newest, range(2)")).await.unwrap().faults;
    assert_eq!(
        faults,
        [
            "`failed` is no status: it would count as error; write pass, fail, not_applicable, unknown",
            "`7` has 2 rows: it would count as error"
        ]
    );
    // Whoever is not answered for, and answers for nobody, are what the runner makes errors of.
    let other = odd.replace("select id", "select nullif(id + n, 9)").replace("dim_newest", "dim_newest, (values (1), (2)) as two(n)");
    let other = tried(&other).await.unwrap();
    assert_eq!(
        other.remarks[1..],
        ["It is even: 2 fail (ensure, gold, high)", "1 of them are of no service that is asked, and do not count"]
    );
    assert_eq!(
        other.faults,
        [
            "1 rows have no subject_id: every answer would count as error",
            "1 subjects have no row, `7` the first: they would count as error; answer for every service"
        ]
    );
    let error = tried(&odd.replace("from dim_newest", "from dim_newst")).await.unwrap_err();
    assert_eq!((error.to_string().contains("reads `dim_newst`"), error.hint().as_deref()), (true, Some("did you mean `dim_newest`?")));
    let error = tried(&odd.replace("id % 2", "idd % 2")).await.unwrap_err();
    assert!(one_line(&error).contains("mine.sql`, line 12"), "{}", one_line(&error));
    assert!(tried(&odd.replace("gold", "golden")).await.unwrap_err().to_string().ends_with("line 6: `golden` is not a value of `level`"));
    assert!(tried("select 1").await.unwrap_err().to_string().contains("does not say what it is"));

    // What a run says of itself makes no snapshot newer.
    Ledger::new("build", nine(21)).publish(&world.lake).await.unwrap();
    assert_eq!(tried(&odd).await.unwrap().remarks[0], "as of 2026-11-20: 1 rows");

    let twins = model("fct_mine", "full", "select 1 as id from dim_newest, range(2)").text;
    assert_eq!(tried(&twins).await.unwrap().faults, ["1 values of the grain (\"id\") stand in several rows of 2026-11-20"]);
    let renamed = question("mine", "select id as m from dim_newest").text;
    assert_eq!(tried(&renamed).await.unwrap().faults, ["the header lists the columns n; the rows have m"]);
    assert_eq!(world.lake.listing().await.unwrap().marts, before);
}

#[tokio::test]
async fn a_question_is_asked_with_the_parameters_that_it_has() {
    let world = World::new();
    three_days(&world).await;
    let asks = question(
        "how-many",
        "select count(*) as n from dim_newest where getvariable('least') is null or id >= cast(getvariable('least') as bigint)",
    );
    let asks =
        SqlFile { text: asks.text.replace("-- columns:", "-- params:\n--   least    the least that counts\n-- columns:").into(), ..asks };
    let files = Files { models: vec![staging(), newest()], questions: vec![asks], ..Files::default() };
    let catalog = Catalog::of(tables(), files, Path::new("/nonexistent")).unwrap();
    world.build(&catalog, 20, |_| {}).await;
    let clock = Clock { today: day(21), now: nine(21) };
    let ask = async |params: &[(&str, &str)]| {
        let params: BTreeMap<String, String> = params.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        answer::ask(&catalog, &world.lake, &world.config, clock, "how-many", &params).await
    };
    let rows = |answer: answer::Answer| output::json(&answer.rows).unwrap();
    assert_eq!(rows(ask(&[]).await.unwrap()), r#"[{"n":1}]"#);
    let narrow = ask(&[("least", "8")]).await.unwrap();
    assert_eq!(serde_json::to_value(&narrow).unwrap()["params"], serde_json::json!({"least": "8"}));
    assert_eq!(rows(narrow), r#"[{"n":0}]"#);
    // A value is a text and nothing else, whatever stands in it.
    assert!(ask(&[("least", "1; drop table x")]).await.is_err());
    let error = ask(&[("most", "8")]).await.unwrap_err();
    assert_eq!((error.to_string().as_str(), error.hint().as_deref()), ("`how-many` has no parameter `most`", Some("it takes least")));
}
