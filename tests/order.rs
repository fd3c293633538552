//! Facts do not depend on the order in which rows were collected.

use almanac::{
    engine::{Engine, Script, identifier},
    models::{catalog::Catalog, header::ModelKind},
};
use arrow::array::AsArray;
use proptest::prelude::*;

use crate::models::{WORKED_OUT, build, catalog, database};

/// Puts every row that was given elsewhere within its table.
fn shuffle(engine: &Engine, seed: u64) {
    let tables = texts(
        engine,
        "select schema_name || '.' || table_name from duckdb_tables() where schema_name not in ('main', 'reference') and estimated_size > 1 order by all",
    );
    for table in tables {
        let shuffled = format!("create or replace temp table shuffled as select * from {table} order by hash(rowid + {seed}), rowid;");
        engine
            .declare("shuffle", &format!("{shuffled} delete from {table}; insert into {table} select * from shuffled;"))
            .expect("it is shuffled");
    }
}

fn texts(engine: &Engine, sql: &str) -> Vec<String> {
    let rows = engine.query(Script { name: "test", text: sql }).unwrap_or_else(|error| panic!("{error:?}\n{sql}"));
    rows.batches
        .iter()
        .flat_map(|batch| batch.column(0).as_string::<i32>().iter().map(|text| text.unwrap_or_default().to_owned()))
        .collect()
}

/// Every row of every stored model as text. A sum of floating point numbers may differ in its last digits.
fn facts(engine: &Engine, catalog: &Catalog) -> Vec<(String, Vec<String>)> {
    let stored = catalog.models.values().filter(|model| model.header.kind != ModelKind::View);
    stored
        .map(|model| {
            let columns = engine.columns(&model.name).expect("it was built");
            let cells = columns.iter().map(|(name, kind)| match kind.as_str() {
                "DOUBLE" => format!("coalesce(cast(round({}, 6) + 0.0 as varchar), '∅')", identifier(name)),
                _ => format!("coalesce(cast({} as varchar), '∅')", identifier(name)),
            });
            let cells: Vec<String> = cells.collect();
            (model.name.clone(), texts(engine, &format!("select concat_ws(' | ', {}) from {} order by all", cells.join(", "), model.name)))
        })
        .collect()
}

fn facts_of(file: usize, seed: Option<u64>) -> Vec<(String, Vec<String>)> {
    let catalog = catalog();
    let engine = database(&catalog);
    let (path, text) = WORKED_OUT[file];
    let (given, _) = text.split_once("\n-- expect ").expect("it expects something");
    engine.declare(path, given).expect("the rows are given");
    seed.inspect(|seed| shuffle(&engine, *seed));
    build(&engine, &catalog);
    facts(&engine, &catalog)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3, max_shrink_iters: 0, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn facts_do_not_depend_on_the_order_of_rows(file in 0..WORKED_OUT.len(), seed in 1_u64..1_000_000) {
        // A file that gives next to nothing has nothing to be put elsewhere.
        prop_assume!(WORKED_OUT[file].1.matches("insert into").count() > 2);
        let (given, shuffled) = (facts_of(file, None), facts_of(file, Some(seed)));
        for ((model, given), (_, shuffled)) in given.iter().zip(&shuffled) {
            prop_assert_eq!(given, shuffled, "{} of {}", model, WORKED_OUT[file].0);
        }
    }
}
