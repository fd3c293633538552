//! The private database of a build: declares what models read, and writes each model to Parquet in a folder that vanishes.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::PathBuf,
};

use chrono::NaiveDate;

use super::{
    ModelError,
    catalog::{Catalog, Model},
    declare, declared,
    files::{Reference, SqlFile},
    header::{Lookback, ModelKind},
    plan::Files,
    sources::{MartFile, Sources},
    stamp::Stamp,
};
use crate::{
    engine::{Engine, EngineError, Script, identifier, literal},
    exit::one_line,
};

/// The column by which a snapshot model tells what was said on a date from what is said of it later.
const IS_RESTATED: &str = "is_restated";

/// Dates computed in one statement, of a model that looks at no other date: what a statement holds in memory grows with them.
const DAYS_AT_ONCE: usize = 15;

/// A database in which models are declared and built.
pub struct Workbench<'b> {
    engine: &'b Engine,
    catalog: &'b Catalog,
    sources: &'b Sources,
}

/// The names and SQL types of columns.
pub type Columns = Vec<(String, String)>;

/// What became of a model.
#[derive(Clone, Debug, Default)]
pub struct Built {
    /// Its new files.
    pub files: Vec<MartFile>,
    /// The rows in them.
    pub rows: usize,
    /// Its columns and their SQL types.
    pub columns: Columns,
    /// The checks whose SQL failed, and why.
    pub failed_checks: Vec<(String, String)>,
}

impl Built {
    /// Adds other files of the same model, the newest last.
    pub fn append(&mut self, mut other: Self) {
        self.files.append(&mut other.files);
        self.rows += other.rows;
        self.failed_checks.append(&mut other.failed_checks);
        if !other.columns.is_empty() {
            self.columns = other.columns;
        }
    }
}

impl SqlFile {
    /// The file as a statement whose errors name it.
    pub fn script(&self) -> Script<'_> {
        Script { name: &self.path, text: self.statement() }
    }
}

impl<'b> Workbench<'b> {
    /// A workbench over files at hand.
    pub fn new(engine: &'b Engine, catalog: &'b Catalog, sources: &'b Sources) -> Self {
        Self { engine, catalog, sources }
    }

    /// Declares raw and reference tables.
    ///
    /// # Errors
    /// When DuckDB refuses one, such as a damaged file.
    pub fn declare_inputs(&self, raw: &BTreeSet<&str>, references: &BTreeSet<&str>) -> Result<(), ModelError> {
        let none = Vec::new();
        for name in raw {
            let files = self.sources.raw.get(*name).unwrap_or(&none);
            self.engine.declare(name, &declare::raw_view(self.catalog.raw[*name], files))?;
        }
        for name in references {
            let reference = &self.catalog.references[*name];
            let file = || reference.path().to_owned();
            let table = declare::reference(name, reference).map_err(|source| ModelError::Reference { file: file(), source })?;
            self.engine.declare(reference.path(), &table).map_err(|source| match reference {
                Reference::Constants(_) => ModelError::Engine(source),
                Reference::Data(data) => ModelError::Data { file: file(), needs: data.needs(), source: source.fault() },
            })?;
        }
        Ok(())
    }

    /// Declares a view, and says which columns it has.
    ///
    /// # Errors
    /// When its SQL does not hold.
    pub fn declare_view(&self, model: &Model) -> Result<Columns, EngineError> {
        self.engine.run(&declare::view(model), model.file.script(), "")?;
        self.engine.columns(&model.name)
    }

    /// Declares a view for models to be built from. That of all checks is a table to be filled check by check, so that one whose SQL fails
    /// keeps no other from answering.
    ///
    /// # Errors
    /// When its SQL does not hold.
    pub fn prepare_view(&self, model: &Model) -> Result<Columns, EngineError> {
        if model.name != declared::ANSWERS {
            return self.declare_view(model);
        }
        let columns = model.header.columns.iter().map(|column| format!("{} varchar", identifier(&column.name)));
        let columns = columns.collect::<Vec<_>>().join(", ");
        self.engine.declare(declared::ANSWERS, &format!("create or replace table {} ({columns})", declared::ANSWERS))?;
        self.engine.columns(&model.name)
    }

    /// Declares a stored model over its published files, those that were built now before those that stood.
    ///
    /// # Errors
    /// When DuckDB refuses.
    pub fn declare_mart(&self, model: &Model, built: &[MartFile]) -> Result<(), EngineError> {
        self.declare_dates(model, built, None)
    }

    /// Likewise, over the files of some dates alone where these are given.
    ///
    /// # Errors
    /// When DuckDB refuses.
    pub fn declare_dates(&self, model: &Model, built: &[MartFile], dates: Option<&BTreeSet<NaiveDate>>) -> Result<(), EngineError> {
        let standing = self.sources.marts.get(&model.name).into_iter().flatten();
        let mut files: BTreeMap<Option<NaiveDate>, MartFile> = standing.map(|file| (file.date, file.clone())).collect();
        files.extend(built.iter().map(|file| (file.date, file.clone())));
        files.retain(|date, _| dates.is_none_or(|dates| date.is_some_and(|date| dates.contains(&date))));
        if files.is_empty() {
            return self.declare_nothing(model);
        }
        let files: Vec<MartFile> = files.into_values().collect();
        self.engine.declare(&model.name, &declare::mart_view(&model.name, &files))
    }

    /// Declares a stored model that has no rows: a table of its columns, for views over views over views take ever longer to be understood.
    ///
    /// # Errors
    /// When its SQL does not hold.
    pub fn declare_nothing(&self, model: &Model) -> Result<(), EngineError> {
        let name = identifier(&model.name);
        self.engine.declare(&model.name, "create schema if not exists nothing")?;
        let before = format!("create or replace table nothing.{name} as select * from (");
        self.engine.run(&before, model.file.script(), ") where false")?;
        self.engine.declare(&model.name, &format!("create or replace view {name} as select * from nothing.{name}"))
    }

    /// Computes the stale files of a model.
    ///
    /// # Errors
    /// When its SQL fails.
    pub fn build(&self, model: &Model, stale: &Files, all_dates: &BTreeSet<NaiveDate>) -> Result<Built, EngineError> {
        let dates: BTreeSet<NaiveDate> = stale.keys().flatten().copied().collect();
        if let (Some(from), Some(to)) = (dates.first(), dates.last()) {
            self.engine.set_dates(*from, *to)?;
        }
        let mut built = Built::default();
        match model.header.kind {
            ModelKind::Snapshot => {
                for (date, stamp) in stale {
                    self.build_snapshot(model, *date, stamp, &mut built)?;
                }
            }
            ModelKind::Daily(lookback) => {
                let most = if lookback == Lookback::Days(0) { DAYS_AT_ONCE } else { usize::MAX };
                for (from, to) in ranges(&dates, all_dates, most) {
                    self.build_range(model, stale, (from, to), &mut built)?;
                }
            }
            _ => {
                if let Some(stamp) = stale.get(&None) {
                    let rows = self.engine.describe(model.file.script())?;
                    built.columns.clone_from(&rows);
                    self.copy(model, model.file.script(), ("select * from (", ")"), &rows, (None, stamp), &mut built)?;
                }
            }
        }
        Ok(built)
    }

    /// Computes what was known on a date. What was said of it before stays beside what is said now, where the model tells the two apart.
    fn build_snapshot(&self, model: &Model, date: Option<NaiveDate>, stamp: &Stamp, built: &mut Built) -> Result<(), EngineError> {
        let Some(day) = date else { return Ok(()) };
        let said = self.sources.marts.get(&model.name).into_iter().flatten().find(|file| stamp.is_restated() && file.date == date);
        self.engine.set_dates(day, day)?;
        self.engine.set_variable("restated", if said.is_some() { "true" } else { "false" })?;
        if self.catalog.inputs(&model.reads).views.contains_key(declared::ANSWERS) {
            built.failed_checks = self.answer_checks()?;
        }
        self.engine.run("create or replace temp table built as select * from (", model.file.script(), ")")?;
        built.columns = self.engine.columns("built")?;
        let is_told_apart = built.columns.iter().any(|(name, _)| name == IS_RESTATED);
        if let Some(said) = said.filter(|_| is_told_apart) {
            let kept: Vec<String> =
                built.columns.iter().filter(|column| said.columns.contains(column)).map(|(name, _)| identifier(name)).collect();
            let (kept, rows) = (kept.join(", "), declare::mart_query(std::slice::from_ref(said)));
            self.engine.declare(&model.name, &format!("insert into built by name select {kept} from ({rows}) where not {IS_RESTATED}"))?;
        }
        self.store_dates(model, [(date, stamp)].into_iter(), built)
    }

    /// Asks every check. One that fails has one answer that says why, and keeps no other from answering.
    fn answer_checks(&self) -> Result<Vec<(String, String)>, EngineError> {
        let (answers, mut failed) = (declared::ANSWERS, Vec::new());
        self.engine.declare(answers, &format!("delete from {answers}"))?;
        for check in &self.catalog.checks {
            let (before, after) = declared::around(check);
            if let Err(error) = self.engine.run(&format!("insert into {answers} {before}"), check.file.script(), after) {
                let reason = one_line(&error);
                let row = format!("insert into {answers} values ({}, null, 'error', {}, null)", literal(&check.name), literal(&reason));
                self.engine.declare(answers, &row)?;
                failed.push((check.name.clone(), reason));
            }
        }
        Ok(failed)
    }

    /// Computes the dates from one to another in one statement, and splits the result by date.
    fn build_range(&self, model: &Model, stale: &Files, (from, to): (NaiveDate, NaiveDate), built: &mut Built) -> Result<(), EngineError> {
        self.engine.set_dates(from, to)?;
        self.engine.run("create or replace temp table built as select * from (", model.file.script(), ")")?;
        built.columns = self.engine.columns("built")?;
        self.store_dates(model, stale.range(Some(from)..=Some(to)).map(|(date, stamp)| (*date, stamp)), built)
    }

    /// Splits what was computed by date, and stores each.
    fn store_dates<'s>(
        &self,
        model: &Model,
        dates: impl Iterator<Item = (Option<NaiveDate>, &'s Stamp)>,
        built: &mut Built,
    ) -> Result<(), EngineError> {
        // The date stands in the path, as in every partitioned folder: a reader that takes it from there wants it once.
        let stored: Vec<_> = built.columns.iter().filter(|(name, _)| name != "date").cloned().collect();
        for (date, stamp) in dates {
            let Some(date) = date else { continue };
            let text = format!("select * from built where date = cast('{date}' as date)");
            let names: Vec<String> = stored.iter().map(|(name, _)| identifier(name)).collect();
            let select = format!("select {} from (", names.join(", "));
            self.copy(model, Script { name: &model.file.path, text: &text }, (&select, ")"), &stored, (Some(date), stamp), built)?;
        }
        self.engine.declare("the result of a range of dates", "drop table built")
    }

    /// Writes one file, sorted by grain.
    fn copy(
        &self,
        model: &Model,
        script: Script<'_>,
        (before, after): (&str, &str),
        stored: &[(String, String)],
        (date, stamp): (Option<NaiveDate>, &Stamp),
        built: &mut Built,
    ) -> Result<(), EngineError> {
        let path = self.path(&model.name, date);
        let sort: Vec<String> = model
            .header
            .grain
            .iter()
            .filter(|column| stored.iter().any(|(name, _)| name == *column))
            .map(|column| identifier(column))
            .collect();
        let order = if sort.is_empty() { String::new() } else { format!(" order by {}", sort.join(", ")) };
        let stamp = Stamp { columns: built.columns.clone(), ..stamp.clone() };
        let after = format!(
            "{after}{order}) to {} (format parquet, compression zstd, {})",
            literal(&path.to_string_lossy()),
            stamp.kv_metadata(&model.name)
        );
        built.rows += self.engine.run(&format!("copy ({before}"), script, &after)?;
        built.files.push(MartFile { path, date, columns: stamp.columns });
        Ok(())
    }

    fn path(&self, model: &str, date: Option<NaiveDate>) -> PathBuf {
        let mut folder = self.engine.folder().join("marts").join(model);
        if let Some(date) = date {
            folder.push(format!("date={date}"));
        }
        // Should it fail, so does the copy, and that says where and why.
        let _ = fs::create_dir_all(&folder);
        folder.join("data.parquet")
    }
}

/// Stale dates as ranges to be computed in one statement each, of `most` dates: a range ends where a date that is not stale follows.
fn ranges(stale: &BTreeSet<NaiveDate>, all: &BTreeSet<NaiveDate>, most: usize) -> Vec<(NaiveDate, NaiveDate)> {
    let mut ranges: Vec<(NaiveDate, NaiveDate)> = Vec::new();
    // How many dates the last range can still take.
    let mut room = 0;
    for date in all.union(stale) {
        match ranges.last_mut() {
            _ if !stale.contains(date) => room = 0,
            Some(range) if room > 0 => (range.1, room) = (*date, room - 1),
            _ => {
                ranges.push((*date, *date));
                room = most - 1;
            }
        }
    }
    ranges
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stale_dates_are_built_in_few_statements_of_a_bearable_size() {
        let days = |days: &[u32]| days.iter().map(|day| NaiveDate::from_ymd_opt(2026, 11, *day).unwrap()).collect::<BTreeSet<_>>();
        let found = |stale: &[u32], all: &[u32], most| {
            let day = |date: NaiveDate| chrono::Datelike::day(&date);
            ranges(&days(stale), &days(all), most).into_iter().map(|(from, to)| (day(from), day(to))).collect::<Vec<_>>()
        };
        assert_eq!(found(&[1, 2, 5], &[1, 2, 5], usize::MAX), [(1, 5)]);
        assert_eq!(found(&[1, 2, 5], &[1, 2, 3, 5], usize::MAX), [(1, 2), (5, 5)]);
        assert_eq!(found(&[], &[1], usize::MAX), []);
        assert_eq!(found(&[1, 2, 3, 5, 6, 7], &[1, 2, 3, 4, 5, 6, 7], 2), [(1, 2), (3, 3), (5, 6), (7, 7)]);
    }
}
