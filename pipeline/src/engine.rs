//! DuckDB, in the one file that names it.
//!
//! Every run opens a private database that vanishes with the process: in memory, spilling to a folder of its own. Nothing is installed or
//! loaded at run time. Before it is given SQL of a user's, it is [locked](Engine::lock): from then on it reads the lake's files it was
//! told of and nothing else, writes nothing, and cannot be talked out of it.

use std::{
    fmt,
    path::{Path, PathBuf},
};

use arrow::{array::AsArray, array::RecordBatch, datatypes::SchemaRef};
use chrono::{DateTime, NaiveDate, Utc};
use duckdb::{Config, Connection};
use serde_json::Value;
use tempfile::TempDir;

use crate::config::EngineSettings;

/// The date a run works for, and the moment it began: what SQL gets to know of the time.
#[derive(Clone, Copy, Debug)]
pub struct Clock {
    /// The logical date.
    pub today: NaiveDate,
    /// The moment the run began.
    pub now: DateTime<Utc>,
}

/// A statement, and where a person finds it.
#[derive(Clone, Copy, Debug)]
pub struct Script<'a> {
    /// A file's path, or what else to call it.
    pub name: &'a str,
    /// The SQL.
    pub text: &'a str,
}

/// What the engine could not do.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// The database could not be opened or set up.
    #[error("could not open a private DuckDB database")]
    Open(#[source] Fault),
    /// A statement failed.
    #[error("could not run {place}")]
    Run {
        /// Where the statement stands.
        place: Place,
        /// What DuckDB says.
        source: Fault,
    },
}

/// A file, and the line when it is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The file.
    pub file: String,
    /// The line, from 1.
    pub line: Option<usize>,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}`", self.file)?;
        self.line.map_or(Ok(()), |line| write!(f, ", line {line}"))
    }
}

impl EngineError {
    /// The error as of a script whose lines are counted from elsewhere.
    fn shifted(mut self, by: isize) -> Self {
        if let Self::Run { place, .. } = &mut self {
            place.line = place.line.and_then(|line| line.checked_add_signed(by));
        }
        self
    }

    /// What DuckDB says, for who names the place better.
    pub fn fault(self) -> Fault {
        match self {
            Self::Open(source) | Self::Run { source, .. } => source,
        }
    }

    /// The answer to a statement is not what it was taken for.
    pub fn unreadable(script: Script<'_>, error: &dyn std::error::Error) -> Self {
        Self::Run { place: Place { file: script.name.to_owned(), line: None }, source: Fault(error.to_string()) }
    }
}

/// What DuckDB says, without the excerpt of the statement.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Fault(String);

/// The answer to a query.
#[derive(Clone, Debug)]
pub struct Rows {
    /// The columns.
    pub schema: SchemaRef,
    /// The rows.
    pub batches: Vec<RecordBatch>,
}

impl Rows {
    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.batches.iter().map(RecordBatch::num_rows).sum()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// The batches of an answer as they are computed.
pub type Stream<'a> = dyn Iterator<Item = Result<RecordBatch, EngineError>> + 'a;

/// A private database.
pub struct Engine {
    // Closed before its folder is removed: fields are dropped in this order.
    connection: Connection,
    folder: TempDir,
}

impl Engine {
    /// Opens an empty database whose clock stands at `clock`.
    ///
    /// # Errors
    /// When the temporary folder cannot be made or a setting is not one DuckDB takes.
    pub fn open(settings: &EngineSettings, clock: Clock) -> Result<Self, EngineError> {
        let folder = match &settings.temp_directory {
            Some(parent) => TempDir::with_prefix_in("almanac-", parent),
            None => TempDir::with_prefix("almanac-"),
        };
        let folder = folder.map_err(|error| EngineError::Open(Fault(error.to_string())))?;
        let mut config = Config::default()
            .enable_autoload_extension(false)
            .and_then(|config| config.with("preserve_insertion_order", "false"))
            .and_then(|config| config.with("memory_limit", &settings.memory_limit))
            .and_then(|config| config.with("temp_directory", folder.path().join("spill").to_string_lossy()))
            .map_err(opening)?;
        if let Some(threads) = settings.threads {
            config = config.threads(i64::try_from(threads).unwrap_or(i64::MAX)).map_err(opening)?;
        }
        let connection = Connection::open_in_memory_with_flags(config).map_err(opening)?;
        connection.execute_batch(&clock_macros(clock)).map_err(opening)?;
        Ok(Self { connection, folder })
    }

    /// A folder that lives as long as the database, for the files it writes.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Runs a script with something of ours around it, `before` being one line, and says how many rows that wrote.
    ///
    /// # Errors
    /// When DuckDB refuses; the line is the script's own.
    pub fn run(&self, before: &str, script: Script<'_>, after: &str) -> Result<usize, EngineError> {
        // The script begins on a line of its own, and ends on one, for its last line may be a comment.
        let statement = format!("{before}\n{}\n{after}", script.text);
        self.connection.execute(&statement, []).map_err(|error| failed(script, &error).shifted(-1))
    }

    /// Runs statements of our own making, such as the declaration of a view.
    ///
    /// # Errors
    /// When DuckDB refuses.
    pub fn declare(&self, name: &str, statements: &str) -> Result<(), EngineError> {
        self.connection.execute_batch(statements).map_err(|error| failed(Script { name, text: statements }, &error))
    }

    /// Runs a query and hands its batches on as they are computed, so that an answer may be larger than memory.
    ///
    /// # Errors
    /// When DuckDB refuses the query; what fails later arrives through the stream.
    pub fn stream<T>(&self, script: Script<'_>, consume: impl FnOnce(SchemaRef, &mut Stream<'_>) -> T) -> Result<T, EngineError> {
        // DuckDB loses count of lines over comments that stand before a statement; it is given none, and the count is put right.
        let body = without_comments(script.text);
        let lead = isize::try_from(script.text[..script.text.len() - body.len()].lines().count()).unwrap_or_default();
        let failed = |error: duckdb::Error| failed(script, &error).shifted(lead);
        let mut statement = self.connection.prepare(body).map_err(failed)?;
        let batches = statement.stream_arrow([]).map_err(failed)?;
        let schema = batches.get_schema();
        Ok(consume(schema, &mut batches.map(|batch| batch.map_err(failed))))
    }

    /// Runs a query to its end.
    ///
    /// # Errors
    /// When DuckDB refuses the query or fails within it.
    pub fn query(&self, script: Script<'_>) -> Result<Rows, EngineError> {
        self.stream(script, |schema, batches| Ok(Rows { schema, batches: batches.collect::<Result<_, _>>()? }))?
    }

    /// The columns of a query and their SQL types, without running it.
    ///
    /// # Errors
    /// When the query does not bind.
    pub fn describe(&self, script: Script<'_>) -> Result<Vec<(String, String)>, EngineError> {
        let text = format!("describe\n{}", script.text);
        let described = self.query(Script { text: &text, ..script }).map_err(|error| error.shifted(-1))?;
        Ok(columns_of(&described))
    }

    /// The columns of a view or table that was declared, and their SQL types. DuckDB knows them from its declaration: binding a view over
    /// views once more to describe it costs as much as declaring it did.
    ///
    /// # Errors
    /// When DuckDB refuses.
    pub fn columns(&self, name: &str) -> Result<Vec<(String, String)>, EngineError> {
        let text = format!(
            "select column_name, data_type from duckdb_columns() where schema_name = 'main' and table_name = {} order by column_index",
            literal(name)
        );
        Ok(columns_of(&self.query(Script { name, text: &text })?))
    }

    /// The syntax tree of queries; `None` for a statement that is no query, or one that DuckDB cannot write down.
    ///
    /// # Errors
    /// When the text is not SQL.
    pub fn syntax(&self, script: Script<'_>) -> Result<Option<Value>, EngineError> {
        let tree: String = self
            .connection
            .query_row("select cast(json_serialize_sql(cast(? as varchar)) as varchar)", [script.text], |row| row.get(0))
            .map_err(|error| failed(script, &error))?;
        let tree: Value = serde_json::from_str(&tree).map_err(|error| EngineError::unreadable(script, &error))?;
        if tree["error"] != Value::Bool(true) {
            return Ok(Some(tree));
        }
        if tree["error_type"] == "not implemented" {
            return Ok(None);
        }
        let position = tree["position"].as_str().and_then(|position| position.parse::<usize>().ok());
        let line = position.map(|position| 1 + script.text.bytes().take(position).filter(|byte| *byte == b'\n').count());
        let message = tree["error_message"].as_str().unwrap_or("it is not SQL").to_owned();
        Err(EngineError::Run { place: Place { file: script.name.to_owned(), line }, source: Fault(message) })
    }

    /// Gives SQL the dates to work for, as `getvariable('from')` and `getvariable('to')`.
    ///
    /// # Errors
    /// When DuckDB refuses.
    pub fn set_dates(&self, from: NaiveDate, to: NaiveDate) -> Result<(), EngineError> {
        self.declare("the dates to build for", &set_dates(from, to))
    }

    /// Gives SQL a text, as `getvariable('name')`.
    ///
    /// # Errors
    /// When DuckDB refuses.
    pub fn set_variable(&self, name: &str, value: &str) -> Result<(), EngineError> {
        self.declare("a variable", &format!("set variable {} = {}", identifier(name), literal(value)))
    }

    /// Shuts the database off: from now on it reads these files and no others, writes nowhere but to its own vanishing folder, and keeps its
    /// settings.
    ///
    /// # Errors
    /// When DuckDB refuses.
    pub fn lock<'a>(&self, files: impl IntoIterator<Item = &'a PathBuf>) -> Result<(), EngineError> {
        let files: Vec<String> = files.into_iter().map(|path| literal(&path.to_string_lossy())).collect();
        let statements =
            format!("set allowed_paths = [{}]; set enable_external_access = false; set lock_configuration = true;", files.join(", "));
        self.declare("the locking of the database", &statements)
    }
}

/// The statements that give SQL the run's clock. The bundled engine has no ICU, and so no `current_date` of its own; elsewhere a macro of
/// the same name is found first.
pub fn clock_macros(clock: Clock) -> String {
    let today = clock.today;
    format!(
        "create or replace macro today() as cast('{today}' as date);\n\
         create or replace macro \"current_date\"() as cast('{today}' as date);\n\
         create or replace macro current_localtimestamp() as cast('{}' as timestamp);\n",
        clock.now.format("%Y-%m-%d %H:%M:%S%.6f")
    )
}

/// The statements that set the dates a daily model works for.
pub fn set_dates(from: NaiveDate, to: NaiveDate) -> String {
    format!("set variable \"from\" = cast('{from}' as date);\nset variable \"to\" = cast('{to}' as date);\n")
}

/// A name as SQL writes it: `"order"`.
pub fn identifier(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// A text as SQL writes it: `'it''s'`.
pub fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

fn opening(error: duckdb::Error) -> EngineError {
    EngineError::Open(Fault(error.to_string()))
}

/// Where a statement failed, in lines of the statement, and why.
fn failed(script: Script<'_>, error: &duckdb::Error) -> EngineError {
    let message = error.to_string();
    let (said, excerpt) = message.split_once("\n\nLINE ").unwrap_or((&message, ""));
    let line = excerpt.split(':').next().and_then(|line| line.parse().ok());
    EngineError::Run { place: Place { file: script.name.to_owned(), line }, source: Fault(said.trim().to_owned()) }
}

/// Names and types, as two columns of text give them.
fn columns_of(rows: &Rows) -> Vec<(String, String)> {
    let mut columns = Vec::new();
    for batch in &rows.batches {
        let (names, types) = (batch.column(0).as_string::<i32>(), batch.column(1).as_string::<i32>());
        columns.extend(names.iter().zip(types).map(|(name, kind)| (name.unwrap_or_default().into(), kind.unwrap_or_default().into())));
    }
    columns
}

/// SQL without the comments and empty lines before it.
fn without_comments(text: &str) -> &str {
    let mut body = text;
    while let Some(line) = body.split_inclusive('\n').next().filter(|line| line.trim().is_empty() || line.trim_start().starts_with("--")) {
        body = &body[line.len()..];
    }
    body
}

/// A database for looking at SQL, not for running it.
///
/// # Errors
/// When DuckDB cannot be opened.
pub fn parser() -> Result<Engine, EngineError> {
    let settings = EngineSettings { memory_limit: "256MB".into(), threads: Some(1), temp_directory: None };
    Engine::open(&settings, Clock { today: NaiveDate::default(), now: DateTime::UNIX_EPOCH })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(result: Result<impl fmt::Debug, EngineError>) -> String {
        result.unwrap_err().to_string()
    }

    #[test]
    fn an_error_names_the_line_of_the_file_whatever_stands_around_it() {
        let engine = parser().unwrap();
        engine.declare("setup", "create view v as select 1 as id").unwrap();
        let script = Script { name: "x.sql", text: "-- a header\n--\n\nselect id\nfrom v\nwhere nothing = 1 -- the end" };
        assert_eq!(place(engine.query(script)), "could not run `x.sql`, line 6");
        assert_eq!(place(engine.describe(script)), "could not run `x.sql`, line 6");
        assert_eq!(place(engine.run("create view w as", script, "")), "could not run `x.sql`, line 6");
        assert_eq!(place(engine.syntax(Script { text: "-- a header\nselect 1\nfrom a b c", ..script })), "could not run `x.sql`, line 3");
        let fault = std::error::Error::source(&engine.query(script).unwrap_err()).unwrap().to_string();
        assert!(fault.starts_with("Binder Error: Referenced column \"nothing\" not found"), "{fault}");
    }

    #[test]
    fn an_answer_streams_and_says_how_many_rows_were_written() {
        let engine = parser().unwrap();
        let count = engine.stream(Script { name: "q", text: "select * from range(10000)" }, |_, batches| {
            batches.map(|batch| batch.unwrap().num_rows()).sum::<usize>()
        });
        assert_eq!(count.unwrap(), 10_000);
        let path = engine.folder().join("x.parquet").display().to_string();
        let written = engine.run(
            "copy (",
            Script { name: "q", text: "select 1 as i union all select 2" },
            &format!(") to {} (format parquet)", literal(&path)),
        );
        assert_eq!(written.unwrap(), 2);
    }
}
