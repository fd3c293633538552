//! The SQL of the models without Almanac: one script, run by a process that knows DuckDB and nothing else of ours.
//!
//! The process drives DuckDB through `almanac::engine`, so that it is the same DuckDB with the same settings.
#![allow(dead_code, reason = "not every benchmark compares with it")]

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use almanac::{
    config::EngineSettings,
    engine::{Clock, Engine, literal},
    ledger,
    models::catalog::Catalog,
};
use chrono::Utc;

use super::{almanac, empty_folder, myself, output};

/// The first argument of such a process.
pub(crate) const ROLE: &str = "straight";

/// Everything to be run, as one script for DuckDB: what `almanac sql --declare` prints, the SQL of each stored model that is wanted into a
/// Parquet file, and the assertions if they are wanted too.
pub(crate) fn script(folder: &Path, is_wanted: impl Fn(&str) -> bool, with_assertions: bool) -> PathBuf {
    let catalog = Catalog::load(folder, ledger::all_tables()).expect("the catalog holds");
    let name = folder.file_name().unwrap_or_default().to_string_lossy();
    let results = empty_folder(&format!("straight-{name}-{with_assertions}"));
    // A DuckDB with ICU needs to be told the time zone; ours has none, and does not know the setting.
    let mut script = output(&mut almanac(folder, &["sql", "--declare"])).replace("set timezone = 'UTC';\n", "");
    for model in catalog.marts().filter(|model| is_wanted(&model.name)) {
        let file = literal(&results.join(format!("{}.parquet", model.name)).to_string_lossy());
        script.push_str(&format!("copy (\n{}\n) to {file} (format parquet, compression zstd);\n", model.file.statement()));
        // What reads it reads the file, as it would in a build.
        script.push_str(&format!("create or replace view {} as select * from read_parquet({file});\n", model.name));
    }
    if with_assertions {
        catalog.assertions.values().for_each(|assertion| script.push_str(&format!("{}\n;\n", assertion.file.statement())));
    }
    let path = results.join("straight.sql");
    fs::write(&path, script).expect("the script is written");
    path
}

/// The process that runs such a script.
pub(crate) fn command(script: &Path) -> Command {
    let mut command = myself();
    command.arg(ROLE).arg(script);
    command
}

/// Runs a script, in the process that was started for it.
pub(crate) fn run(script: &Path) {
    let text = fs::read_to_string(script).expect("the script is there");
    let now = Utc::now();
    let engine = Engine::open(&EngineSettings::default(), Clock { today: now.date_naive(), now }).expect("DuckDB opens");
    engine.declare("straight.sql", &text).expect("DuckDB runs it");
}
