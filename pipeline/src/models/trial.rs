//! One file of SQL tried against the lake: what it gives, and what is wrong with it, with nothing built and nothing published.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use almanac_collectors::table::{Kind, Read, Table};
use arrow::{array::AsArray, datatypes::DataType};
use chrono::NaiveDate;

use super::{
    ModelError,
    catalog::Catalog,
    declared::{CHECK_COLUMNS, SUBJECTS},
    files::{FileError, SqlFile},
    header::{AssertionHeader, Block, CheckHeader, HeaderError, ModelHeader, QuestionHeader, Severity},
    reader::{Reader, Wanted},
    reads::Reads,
};
use crate::{
    config::Config,
    engine::{self, Clock, Rows, Script, literal},
    lake::{Lake, Listing},
};

/// The words that a check may answer with.
const ANSWERS: [&str; 4] = ["pass", "fail", "not_applicable", "unknown"];

/// What a file is, by its header.
#[derive(Debug)]
enum Contract {
    Model(ModelHeader),
    Question(QuestionHeader),
    Check(CheckHeader),
    Assertion(AssertionHeader),
}

/// What came of a trial.
#[derive(Debug)]
pub struct Trial {
    /// The rows that it gives.
    pub rows: Rows,
    /// What is to be said of them, for people.
    pub remarks: Vec<String>,
    /// What is wrong with them, by which the runner would not take them as they are.
    pub faults: Vec<String>,
}

/// Runs a model, question, export, check or assertion, wherever its file stands. Its date is that of the newest snapshot that it stands on.
///
/// # Errors
/// When the file cannot be read, its header or SQL is wrong, or what it reads was never built.
pub async fn run(catalog: &Catalog, lake: &Lake, config: &Config, clock: Clock, path: &Path) -> Result<Trial, ModelError> {
    let text = std::fs::read_to_string(path).map_err(|source| FileError::new(path.to_owned(), source))?;
    let file = SqlFile { path: path.display().to_string(), text: text.into() };
    let contract = Contract::of(&file)?;
    let reads = Reads::of(&engine::parser()?, Script { name: &file.path, text: file.statement() })?
        .ok_or_else(|| ModelError::NotAQuery { file: file.path.clone() })?;
    // Staging is where raw tables are read, and an assertion looks wherever it must.
    let is_staging = file.name().starts_with("stg_");
    catalog.check_reads(&file, &reads, !is_staging && !matches!(contract, Contract::Assertion(_)))?;
    let mut wanted = reads.clone();
    if let Contract::Check(_) = contract {
        wanted.tables.insert(SUBJECTS.to_owned());
    }
    let reader = Reader::open(catalog, lake, config, clock, Wanted::Reads(&wanted)).await?;
    let newest = newest(&catalog.raw_behind(&reads), &reader.listing).unwrap_or(clock.today);
    reader.engine.set_dates(newest, newest)?;
    let rows = reader.engine.query(file.script())?;
    let columns: Vec<String> = rows.schema.fields().iter().map(|field| field.name().clone()).collect();
    let mut trial = Trial { remarks: vec![format!("as of {newest}: {} rows", rows.len())], faults: Vec::new(), rows };
    match &contract {
        Contract::Check(header) => {
            let text = format!("select subject_id from {SUBJECTS} where subject_type = {}", literal(&header.subject));
            let subjects = texts(&reader.engine.query(Script { name: SUBJECTS, text: &text })?, 0);
            trial.judge(header, &columns, &subjects.into_iter().flatten().collect());
        }
        Contract::Model(header) => {
            trial.compare(&header.columns.iter().map(|column| column.name.as_str()).collect::<Vec<_>>(), &columns);
            trial.find_twins(&reader, &file, header, newest)?;
        }
        Contract::Question(header) => {
            trial.compare(&header.columns.iter().map(|column| column.name.as_str()).collect::<Vec<_>>(), &columns)
        }
        Contract::Assertion(header) if trial.rows.is_empty() => trial.remarks.push(format!("it holds: there are no {}", header.title)),
        Contract::Assertion(AssertionHeader { severity, title, .. }) => match severity {
            Severity::Warn => trial.remarks.push(format!("it would warn of {title}")),
            Severity::Error => trial.faults.push(format!("it would be an error: there are {title}")),
            Severity::Fail => trial.faults.push(format!("it would stop the publishing: there are {title}")),
        },
    }
    Ok(trial)
}

impl Contract {
    fn of(file: &SqlFile) -> Result<Self, HeaderError> {
        let block = Block::parse(&file.path, &file.text)?;
        let has = |key: &str| block.optional(key).is_some();
        if has("area") || has("weight") {
            CheckHeader::parse(&file.path, &file.text).map(Self::Check)
        } else if has("severity") {
            AssertionHeader::parse(&file.path, &file.text).map(Self::Assertion)
        } else if has("grain") || has("kind") {
            ModelHeader::parse(&file.path, &file.text).map(Self::Model)
        } else if has("purpose") {
            QuestionHeader::parse_export(&file.path, &file.text).map(Self::Question)
        } else if has("question") {
            QuestionHeader::parse(&file.path, &file.text).map(Self::Question)
        } else {
            let remedy = "begin it as a check (`-- area: …`), a question (`-- question: …`), a model (`-- grain: …`) or an assertion (`-- severity: …`)";
            Err(block.error(1, "the comment at its top does not say what it is".to_owned(), remedy))
        }
    }
}

impl Trial {
    fn compare(&mut self, listed: &[&str], found: &[String]) {
        if listed != found {
            self.faults.push(format!("the header lists the columns {}; the rows have {}", listed.join(", "), found.join(", ")));
        }
    }

    /// Looks at what a check answers: one row for each of these subjects, with one of four words and a reason.
    fn judge(&mut self, header: &CheckHeader, columns: &[String], asked: &BTreeSet<String>) {
        self.compare(&CHECK_COLUMNS, columns);
        if !self.faults.is_empty() {
            return;
        }
        let [ids, statuses, reasons] = [0, 1, 2].map(|column| texts(&self.rows, column));
        let (mut counts, mut subjects) = (BTreeMap::<&str, usize>::new(), BTreeMap::<&str, usize>::new());
        statuses.iter().for_each(|status| *counts.entry(status.as_deref().unwrap_or("null")).or_default() += 1);
        ids.iter().flatten().for_each(|subject| *subjects.entry(subject).or_default() += 1);
        let told: Vec<String> = counts.iter().map(|(status, count)| format!("{count} {status}")).collect();
        self.remarks.push(format!("{}: {} ({}, {}, {})", header.title, told.join(", "), header.area, header.level, header.weight));
        let strangers = subjects.keys().filter(|subject| !asked.contains(**subject)).count();
        if strangers > 0 {
            self.remarks.push(format!("{strangers} of them are of no {} that is asked, and do not count", header.subject));
        }

        let unknown = counts.keys().filter(|status| !ANSWERS.contains(status));
        self.faults.extend(unknown.map(|status| format!("`{status}` is no status: it would count as error; write {}", ANSWERS.join(", "))));
        let twice = subjects.iter().filter(|(_, count)| **count > 1);
        self.faults.extend(twice.map(|(subject, count)| format!("`{subject}` has {count} rows: it would count as error")));
        let nobody = ids.iter().filter(|subject| subject.is_none()).count();
        if nobody > 0 {
            self.faults.push(format!("{nobody} rows have no subject_id: every answer would count as error"));
        }
        let missing: Vec<&String> = asked.iter().filter(|subject| !subjects.contains_key(subject.as_str())).collect();
        if let Some(first) = missing.first() {
            let (count, subject) = (missing.len(), &header.subject);
            self.faults
                .push(format!("{count} subjects have no row, `{first}` the first: they would count as error; answer for every {subject}"));
        }
        let unexplained = reasons.iter().filter(|reason| reason.is_none()).count();
        if unexplained > 0 {
            self.faults.push(format!("{unexplained} rows have no reason"));
        }
    }

    /// Looks for rows that the grain does not tell apart.
    fn find_twins(&mut self, reader: &Reader, file: &SqlFile, header: &ModelHeader, newest: NaiveDate) -> Result<(), ModelError> {
        let grain: Vec<String> = header.grain.iter().map(|column| engine::identifier(column)).collect();
        let grain = grain.join(", ");
        let text = format!("select {grain} from (\n{}\n) as tried group by {grain} having count(*) > 1", file.statement());
        let twins = reader.engine.query(Script { name: &file.path, text: &text })?;
        if !twins.is_empty() {
            self.faults.push(format!("{} values of the grain ({grain}) stand in several rows of {newest}", twins.len()));
        }
        Ok(())
    }
}

/// The newest date of the snapshots among these tables; of any of them where there is no snapshot. A run of the ledger's makes no data newer.
fn newest(behind: &BTreeMap<&str, &'static Table>, listing: &Listing) -> Option<NaiveDate> {
    let of = |is_snapshot: bool| {
        let tables =
            behind.iter().filter(move |(_, table)| !matches!(table.read, Read::Itself) && (!is_snapshot || table.kind == Kind::Snapshot));
        tables.filter_map(|(name, _)| listing.raw.get(*name)).flatten().filter_map(|object| object.date).max()
    };
    of(true).or_else(|| of(false))
}

/// A column as texts.
fn texts(rows: &Rows, column: usize) -> Vec<Option<String>> {
    let mut texts = Vec::new();
    for batch in &rows.batches {
        // What is no text has one: DuckDB gives no type that arrow could not write.
        if let Ok(values) = arrow::compute::cast(batch.column(column), &DataType::Utf8) {
            texts.extend(values.as_string::<i32>().iter().map(|value| value.map(str::to_owned)));
        }
    }
    texts
}
