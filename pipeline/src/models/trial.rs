//! One file of SQL tried against the lake: what it gives, and what is wrong with it, with nothing built and nothing published.

use std::{collections::BTreeMap, path::Path};

use arrow::array::{Array, AsArray};
use chrono::NaiveDate;

use super::{
    ModelError,
    catalog::Catalog,
    declared::CHECK_COLUMNS,
    files::{FileError, SqlFile},
    header::{AssertionHeader, Block, CheckHeader, HeaderError, ModelHeader, QuestionHeader, Severity},
    reader::{Reader, Wanted},
    reads::Reads,
};
use crate::{
    config::Config,
    engine::{self, Clock, Rows, Script},
    lake::Lake,
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

/// Runs a model, question, export, check or assertion, wherever its file stands. Its date is that of the newest partition in the lake.
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
    let reader = Reader::open(catalog, lake, config, clock, Wanted::Reads(&reads)).await?;
    let newest = reader.listing.raw.values().flatten().filter_map(|object| object.date).max().unwrap_or(clock.today);
    reader.engine.set_dates(newest, newest)?;
    let rows = reader.engine.query(file.script())?;
    let columns: Vec<String> = rows.schema.fields().iter().map(|field| field.name().clone()).collect();
    let mut trial = Trial { remarks: vec![format!("as of {newest}: {} rows", rows.len())], faults: Vec::new(), rows };
    match &contract {
        Contract::Check(header) => trial.judge(header, &columns),
        Contract::Model(header) => {
            trial.compare(&header.columns.iter().map(|column| column.name.as_str()).collect::<Vec<_>>(), &columns);
            trial.find_twins(&reader, &file, header, newest)?;
        }
        Contract::Question(header) => {
            trial.compare(&header.columns.iter().map(|column| column.name.as_str()).collect::<Vec<_>>(), &columns)
        }
        Contract::Assertion(header) if trial.rows.is_empty() => trial.remarks.push(format!("it holds: there are no {}", header.title)),
        Contract::Assertion(header) if header.severity == Severity::Warn => {
            trial.remarks.push(format!("it would warn of {}", header.title))
        }
        Contract::Assertion(header) => trial.faults.push(format!("it would stop the publishing: there are {}", header.title)),
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

    /// Looks at what a check answers: one row a subject, with one of four words and a reason.
    fn judge(&mut self, header: &CheckHeader, columns: &[String]) {
        self.compare(&CHECK_COLUMNS, columns);
        if !self.faults.is_empty() {
            return;
        }
        let (mut counts, mut subjects) = (BTreeMap::<String, usize>::new(), BTreeMap::<String, usize>::new());
        let mut unexplained = 0;
        for batch in &self.rows.batches {
            let texts = |column: usize| arrow::compute::cast(batch.column(column), &arrow::datatypes::DataType::Utf8);
            let (Ok(ids), Ok(statuses), Ok(reasons)) = (texts(0), texts(1), texts(2)) else {
                return self.faults.push("subject_id, status and reason are to be texts".to_owned());
            };
            let (ids, statuses, reasons) = (ids.as_string::<i32>(), statuses.as_string::<i32>(), reasons.as_string::<i32>());
            for row in 0..batch.num_rows() {
                let text =
                    |column: &arrow::array::StringArray| if column.is_null(row) { "null".to_owned() } else { column.value(row).to_owned() };
                *counts.entry(text(statuses)).or_default() += 1;
                *subjects.entry(text(ids)).or_default() += 1;
                unexplained += usize::from(reasons.is_null(row));
            }
        }
        let told: Vec<String> = counts.iter().map(|(status, count)| format!("{count} {status}")).collect();
        self.remarks.push(format!("{}: {} ({}, {}, {})", header.title, told.join(", "), header.area, header.level, header.weight));
        let unknown = counts.keys().filter(|status| !ANSWERS.contains(&status.as_str()));
        self.faults.extend(unknown.map(|status| format!("`{status}` is no status: it would count as error; write {}", ANSWERS.join(", "))));
        let twice = subjects.iter().filter(|(_, count)| **count > 1);
        self.faults.extend(twice.map(|(subject, count)| format!("`{subject}` has {count} rows: it would count as error")));
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
