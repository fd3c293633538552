//! Rows as people and programs want them: a table, JSON, CSV or Parquet. The one place that writes to stdout.

use std::{
    io::{self, BufWriter, IsTerminal as _, Write},
    path::{Path, PathBuf},
    sync::Arc,
};

use arrow::{
    array::{Array, ArrayRef, RecordBatch},
    compute::cast,
    csv,
    datatypes::{DataType, Field, Schema, SchemaRef, TimeUnit},
    error::ArrowError,
    json::{ArrayWriter, ReaderBuilder, WriterBuilder},
    util::display::{ArrayFormatter, FormatOptions},
};
use comfy_table::{Cell, CellAlignment, ContentArrangement, ContentLineStyle, LineStyle, Table, TableStyle};
use serde::{Serialize, de::DeserializeOwned};
use tempfile::NamedTempFile;

use crate::{
    engine::{EngineError, Rows, Stream},
    exit::{Exit, Failure},
    lake::{LakeError, write_parquet},
};

/// A moment for programs: ISO 8601, in UTC as all of ours are.
const UTC: &str = "%Y-%m-%dT%H:%M:%S%.fZ";

/// How data is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// For people.
    #[default]
    Table,
    /// An array of objects, one a row.
    Json,
    /// With a header line.
    Csv,
    /// A file; never to a terminal.
    Parquet,
}

/// What kept data from being written.
#[derive(Debug, thiserror::Error)]
pub enum OutputError {
    /// The rows did not come.
    #[error(transparent)]
    Query(#[from] EngineError),
    /// The rows cannot be written in this form.
    #[error("could not write the rows")]
    Rows(#[from] ArrowError),
    /// The rows cannot be written as Parquet.
    #[error(transparent)]
    Parquet(#[from] LakeError),
    /// The file or stdout cannot be written.
    #[error("could not write to `{}`", path.display())]
    Write {
        /// Where to.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// Parquet is not for the eye.
    #[error("Parquet is not written to a terminal")]
    Terminal,
}

impl From<OutputError> for Failure {
    fn from(error: OutputError) -> Self {
        match error {
            OutputError::Terminal => Self::new(Exit::Usage, error).hint("name a file with --output, or redirect stdout"),
            other => Self::new(Exit::Failed, other),
        }
    }
}

/// Stdout, which remembers that its reader has had enough, as `head` has: that is no failure.
struct Pipe {
    out: io::Stdout,
    broken: bool,
}

impl Write for Pipe {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.out.write(bytes).inspect_err(|error| self.broken |= error.kind() == io::ErrorKind::BrokenPipe)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush().inspect_err(|error| self.broken |= error.kind() == io::ErrorKind::BrokenPipe)
    }
}

/// Writes rows at hand to stdout.
///
/// # Errors
/// When they cannot be written.
pub fn print(rows: &Rows, format: Format) -> Result<(), OutputError> {
    write(rows.schema.clone(), &mut rows.batches.iter().cloned().map(Ok), format, None)
}

/// Writes a document to stdout, as JSON.
///
/// # Errors
/// When it cannot be written.
pub fn print_json(document: &impl Serialize) -> Result<(), OutputError> {
    let json = serde_json::to_string_pretty(document).map_err(|error| ArrowError::JsonError(error.to_string()))?;
    text(&json)
}

/// Writes text to stdout.
///
/// # Errors
/// When it cannot be written.
pub fn text(text: &str) -> Result<(), OutputError> {
    to_stdout(|out| writeln!(out, "{}", text.trim_end()).map_err(stdout_error))
}

/// Writes rows as they come, to stdout or to a file, which appears only once it is whole.
///
/// # Errors
/// When they do not come, or cannot be written.
pub fn write(schema: SchemaRef, batches: &mut Stream<'_>, format: Format, output: Option<&Path>) -> Result<(), OutputError> {
    let Some(path) = output else {
        let terminal = io::stdout().is_terminal();
        if terminal && format == Format::Parquet {
            return Err(OutputError::Terminal);
        }
        let width = terminal.then(terminal_width).flatten();
        return to_stdout(|out| write_to(out, schema, batches, format, width));
    };
    let mut draft = Draft::of(path)?;
    write_to(&mut draft.out, schema, batches, format, None)?;
    draft.publish()
}

/// Writes rows as they come to a file of Parquet and one of CSV, in one pass; either appears only once both are whole. Says how many rows.
///
/// # Errors
/// When they do not come, or cannot be written.
pub fn write_both(schema: SchemaRef, batches: &mut Stream<'_>, parquet: &Path, csv: &Path) -> Result<u64, OutputError> {
    let (mut columns, mut lines) = (Draft::of(parquet)?, Draft::of(csv)?);
    let mut line_writer = csv_writer(&mut lines.out, schema.clone())?;
    let mut write_lines = |batch: Result<RecordBatch, EngineError>| -> Result<RecordBatch, OutputError> {
        let batch = batch?;
        line_writer.write(&flat(&batch)?)?;
        Ok(batch)
    };
    let rows = write_columns(&parquet.display().to_string(), &mut columns.out, schema, batches.map(&mut write_lines))?;
    drop(line_writer);
    lines.publish()?;
    columns.publish()?;
    Ok(rows)
}

/// Writes rows as Parquet. The writer takes rows, not errors: an error ends the rows, and is handed on after them.
fn write_columns<E: Into<OutputError>>(
    name: &str,
    out: impl Write + Send,
    schema: SchemaRef,
    batches: impl Iterator<Item = Result<RecordBatch, E>>,
) -> Result<u64, OutputError> {
    let mut failed = None;
    let rows = write_parquet(name, out, schema, batches.map_while(|batch| batch.map_err(|error| failed = Some(error)).ok()))?;
    failed.map_or(Ok(rows), |error| Err(error.into()))
}

/// A file that gets its name once it is whole, and vanishes otherwise.
struct Draft<'p> {
    path: &'p Path,
    out: BufWriter<NamedTempFile>,
}

impl<'p> Draft<'p> {
    fn of(path: &'p Path) -> Result<Self, OutputError> {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let file = shared().tempfile_in(folder).map_err(|source| OutputError::Write { path: path.to_owned(), source })?;
        Ok(Self { path, out: BufWriter::new(file) })
    }

    fn publish(self) -> Result<(), OutputError> {
        let failed = |source| OutputError::Write { path: self.path.to_owned(), source };
        let file = self.out.into_inner().map_err(|error| failed(error.into_error()))?;
        file.persist(self.path).map_err(|error| failed(error.error)).map(drop)
    }
}

/// Files that whoever may read other files of ours may read; temporary ones are for nobody else's eyes unless they are told.
fn shared<'a>() -> tempfile::Builder<'a, 'a> {
    let mut builder = tempfile::Builder::new();
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    builder
}

fn to_stdout(write: impl FnOnce(&mut (dyn Write + Send)) -> Result<(), OutputError>) -> Result<(), OutputError> {
    let mut out = BufWriter::new(Pipe { out: io::stdout(), broken: false });
    let written = write(&mut out).and_then(|()| out.flush().map_err(stdout_error));
    // Taken apart, so that what is left in the buffer is not written once more.
    let (pipe, _) = out.into_parts();
    if pipe.broken { Ok(()) } else { written }
}

fn stdout_error(source: io::Error) -> OutputError {
    OutputError::Write { path: "stdout".into(), source }
}

fn write_to(
    out: &mut (dyn Write + Send),
    schema: SchemaRef,
    batches: &mut Stream<'_>,
    format: Format,
    width: Option<usize>,
) -> Result<(), OutputError> {
    match format {
        Format::Table => {
            let rows = Rows { schema, batches: batches.collect::<Result<_, _>>()? };
            writeln!(out, "{}", table(&rows, width)?).map_err(stdout_error)
        }
        Format::Json => {
            let mut writer = json_writer(&mut *out);
            for batch in batches {
                writer.write(&plain(&batch?)?)?;
            }
            writer.finish()?;
            writeln!(out).map_err(stdout_error)
        }
        Format::Csv => {
            let mut writer = csv_writer(out, schema)?;
            for batch in batches {
                writer.write(&flat(&batch?)?)?;
            }
            Ok(())
        }
        Format::Parquet => write_columns("stdout", out, schema, batches).map(drop),
    }
}

/// Rows as a table for people. When a width is given, long texts are cut to it, and the columns that have no place are named below.
///
/// # Errors
/// When a type has no text.
pub fn table(rows: &Rows, width: Option<usize>) -> Result<String, ArrowError> {
    const GAP: usize = 2;
    let options = FormatOptions::default().with_null("·").with_timestamp_format(Some("%Y-%m-%d %H:%M:%S"));
    let mut cells: Vec<Vec<String>> = vec![rows.schema.fields().iter().map(|field| field.name().clone()).collect()];
    for batch in &rows.batches {
        let batch = plain(batch)?;
        let formatters = batch.columns().iter().map(|column| ArrayFormatter::try_new(column, &options)).collect::<Result<Vec<_>, _>>()?;
        for row in 0..batch.num_rows() {
            let texts =
                formatters.iter().zip(batch.columns()).map(|(formatter, column)| cell_text(&formatter.value(row).to_string(), column, row));
            cells.push(texts.collect());
        }
    }
    let mut widths: Vec<usize> =
        (0..cells[0].len()).map(|column| cells.iter().map(|row| row[column].chars().count()).max().unwrap_or(0)).collect();
    if let Some(width) = width {
        narrow(&mut widths, width, GAP);
    }
    let hidden = cells[0].split_off(widths.len());

    let mut table = Table::new();
    table.load_style(
        TableStyle::new()
            .header_lines(ContentLineStyle::none())
            .header_separator(LineStyle::none().fill('─').junction('─'))
            .content_lines(ContentLineStyle::none()),
    );
    table.set_content_arrangement(ContentArrangement::Disabled);
    let mut lines = cells.iter().map(|row| row.iter().zip(&widths).map(|(cell, width)| Cell::new(cut(cell, *width))).collect::<Vec<_>>());
    table.set_header(lines.next().unwrap_or_default());
    table.add_rows(lines);
    for (index, field) in rows.schema.fields().iter().enumerate() {
        if let Some(column) = table.column_mut(index) {
            column.set_padding((0, 1));
            if field.data_type().is_numeric() {
                column.set_cell_alignment(CellAlignment::Right);
            }
        }
    }
    let mut text = table.trim_fmt();
    if !hidden.is_empty() {
        text.push_str(&format!("\n… and {} more columns: {}", hidden.len(), hidden.join(", ")));
    }
    Ok(text)
}

/// A cell's text on one line; a fraction with four digits, which is as much as an eye compares.
fn cell_text(value: &str, column: &ArrayRef, row: usize) -> String {
    let is_fraction = matches!(column.data_type(), DataType::Float64 | DataType::Float32) && !column.is_null(row);
    match value.parse::<f64>() {
        Ok(number) if is_fraction && number.abs() >= 1e-3 => ((number * 1e4).round() / 1e4).to_string(),
        Ok(number) if is_fraction && number != 0.0 => format!("{number:.3e}"),
        _ => value.replace(['\n', '\r', '\t'], " "),
    }
}

/// Leaves out the last columns until the others have room to be read, then takes room from the widest until all fit.
fn narrow(widths: &mut Vec<usize>, room: usize, gap: usize) {
    const READABLE: usize = 20;
    let needed = |widths: &[usize], most: usize| widths.iter().map(|width| gap + width.min(&most)).sum::<usize>();
    while widths.len() > 1 && needed(widths, READABLE) > room {
        widths.pop();
    }
    while needed(widths, usize::MAX) > room {
        match widths.iter_mut().max() {
            Some(widest) if *widest > 1 => *widest -= 1,
            _ => break,
        }
    }
}

fn cut(text: &str, width: usize) -> String {
    if text.chars().count() <= width { text.to_owned() } else { text.chars().take(width.saturating_sub(1)).chain(['…']).collect() }
}

/// Makes rows of values: `columns` name and type what `values` serialise to.
///
/// # Errors
/// When a value does not fit.
pub fn rows_of(columns: &[(&str, DataType)], values: &[impl Serialize]) -> Result<Rows, ArrowError> {
    let fields: Vec<Field> = columns.iter().map(|(name, kind)| Field::new(*name, kind.clone(), true)).collect();
    let schema = Arc::new(Schema::new(fields));
    let mut decoder = ReaderBuilder::new(schema.clone()).with_batch_size(values.len().max(1)).build_decoder()?;
    decoder.serialize(values)?;
    Ok(Rows { schema, batches: decoder.flush()?.into_iter().collect() })
}

/// Rows as JSON: an array of objects.
///
/// # Errors
/// When a type has no JSON.
pub fn json(rows: &Rows) -> Result<String, ArrowError> {
    let mut bytes = Vec::new();
    let mut writer = json_writer(&mut bytes);
    for batch in &rows.batches {
        writer.write(&plain(batch)?)?;
    }
    writer.finish()?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// Rows as values of a type, by the names of their columns.
///
/// # Errors
/// When a row is no such value.
pub fn values<T: DeserializeOwned>(rows: &Rows) -> Result<Vec<T>, ArrowError> {
    serde_json::from_str(&json(rows)?).map_err(|error| ArrowError::JsonError(error.to_string()))
}

/// A writer of CSV whose header stands there even when no row does.
fn csv_writer<W: Write>(out: W, schema: SchemaRef) -> Result<csv::Writer<W>, ArrowError> {
    let mut writer = csv::WriterBuilder::new().with_header(true).with_timestamp_format(UTC.to_owned()).build(out);
    writer.write(&flat(&RecordBatch::new_empty(schema))?)?;
    Ok(writer)
}

fn json_writer<W: Write>(out: W) -> ArrayWriter<W> {
    WriterBuilder::new().with_explicit_nulls(true).with_timestamp_format(UTC.to_owned()).build(out)
}

/// Times without a zone: all of ours are UTC, and without ICU its name is not known to everyone.
fn plain(batch: &RecordBatch) -> Result<RecordBatch, ArrowError> {
    recast(batch, |kind| match kind {
        DataType::Timestamp(_, Some(_)) => Some(DataType::Timestamp(TimeUnit::Microsecond, None)),
        _ => None,
    })
}

/// As [`plain`], and what is not flat as JSON text: CSV knows no lists.
fn flat(batch: &RecordBatch) -> Result<RecordBatch, ArrowError> {
    let batch = plain(batch)?;
    let mut columns = Vec::new();
    for (field, column) in batch.schema().fields().iter().zip(batch.columns()) {
        columns.push(if column.data_type().is_nested() {
            (field.name().clone(), nested_text(column)?)
        } else {
            (field.name().clone(), column.clone())
        });
    }
    RecordBatch::try_from_iter_with_nullable(columns.into_iter().map(|(name, column)| (name, column, true)))
}

fn nested_text(column: &ArrayRef) -> Result<ArrayRef, ArrowError> {
    let batch = RecordBatch::try_from_iter_with_nullable([("value", column.clone(), true)])?;
    let rows = Rows { schema: batch.schema(), batches: vec![batch] };
    let values: Vec<serde_json::Value> = values(&rows)?;
    let texts = values.iter().map(|row| match &row["value"] {
        serde_json::Value::Null => None,
        value => Some(value.to_string()),
    });
    Ok(Arc::new(texts.collect::<arrow::array::StringArray>()))
}

fn recast(batch: &RecordBatch, to: impl Fn(&DataType) -> Option<DataType>) -> Result<RecordBatch, ArrowError> {
    let mut columns = Vec::new();
    for (field, column) in batch.schema().fields().iter().zip(batch.columns()) {
        let column = match to(field.data_type()) {
            // The number of microseconds is what counts, so the zone is dropped by way of it.
            Some(kind) => cast(&cast(column, &DataType::Int64)?, &kind)?,
            None => column.clone(),
        };
        columns.push((field.name().clone(), column, true));
    }
    if columns.is_empty() {
        return Ok(batch.clone());
    }
    RecordBatch::try_from_iter_with_nullable(columns)
}

/// How many columns the terminal has.
fn terminal_width() -> Option<usize> {
    console::Term::stdout().size_checked().map(|(_, columns)| usize::from(columns))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::{Script, parser};

    const SQL: &str = "select 1 as n, 'a long text, in words' as t, cast(12345678901234567890 as hugeint) as big, 0.1::double + 0.2 as f, \
        timestamp '2026-11-21 10:00:00' as at, ['x', 'y'] as list, cast(null as varchar) as nothing, date '2026-11-21' as d, 1.50::decimal(9,2) as money";

    fn rows(sql: &str) -> Rows {
        parser().unwrap().query(Script { name: "test", text: sql }).unwrap()
    }

    fn written(sql: &str, format: Format) -> String {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("out");
        let rows = rows(sql);
        write(rows.schema.clone(), &mut rows.batches.into_iter().map(Ok), format, Some(&path)).unwrap();
        std::fs::read_to_string(path).unwrap()
    }

    #[test]
    fn json_says_null_and_keeps_numbers_numbers_and_times_utc() {
        assert_eq!(
            written(SQL, Format::Json),
            "[{\"n\":1,\"t\":\"a long text, in words\",\"big\":12345678901234567890,\"f\":0.30000000000000004,\"at\":\"2026-11-21T10:00:00Z\",\
             \"list\":[\"x\",\"y\"],\"nothing\":null,\"d\":\"2026-11-21\",\"money\":1.50}]\n"
        );
        assert_eq!(written("select 1 as n where false", Format::Json), "[]\n");
    }

    #[test]
    fn csv_has_a_header_even_without_rows_and_lists_as_json() {
        assert_eq!(written("select 1 as n, 'x' as t where false", Format::Csv), "n,t\n");
        let sql = "select ['x', 'y'] as list, cast(null as integer) as n, timestamp '2026-11-21 10:00:00' as at";
        assert_eq!(written(sql, Format::Csv), "list,n,at\n\"[\"\"x\"\",\"\"y\"\"]\",,2026-11-21T10:00:00Z\n");
    }

    #[test]
    fn csv_and_parquet_come_from_one_pass_and_neither_takes_its_name_before_both_are_whole() {
        let folder = tempfile::tempdir().unwrap();
        let (parquet, csv) = (folder.path().join("rows.parquet"), folder.path().join("rows.csv"));
        let engine = parser().unwrap();
        let export = |sql: &str| engine.stream(Script { name: "test", text: sql }, |schema, rows| write_both(schema, rows, &parquet, &csv));
        let cost = "cast(i * 0.1 as decimal(38, 15)) as cost, cast(timestamp '2026-11-01' as timestamptz) as since";
        assert_eq!(export(&format!("select i, {cost} from range(5000) as r(i)")).unwrap().unwrap(), 5000);
        #[cfg(unix)]
        for file in [&parquet, &csv] {
            let plain = std::fs::File::create(folder.path().join("plain")).unwrap().metadata().unwrap().permissions();
            assert_eq!(file.metadata().unwrap().permissions(), plain, "as any other file");
        }
        let _ = std::fs::remove_file(folder.path().join("plain"));
        let lines = std::fs::read_to_string(&csv).unwrap();
        assert!(lines.starts_with("i,cost,since\n") && lines.contains("\n3,0.300000000000000,2026-11-01T00:00:00Z\n"), "{lines:.200}");
        let back = format!("select count(*) as n, sum(cost) as cost, min(since) as since from read_parquet('{}')", parquet.display());
        let back = json(&engine.query(Script { name: "test", text: &back }).unwrap()).unwrap();
        assert_eq!(back, r#"[{"n":5000,"cost":1249750.000000000000000,"since":"2026-11-01T00:00:00Z"}]"#);

        let broken = "select cast(i as utinyint) as i from range(100000) as r(i)";
        assert!(!matches!(export(broken), Ok(Ok(_))), "half of the rows were taken for all");
        assert_eq!(std::fs::read_to_string(&csv).unwrap(), lines);
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 2, "a draft was left behind");
    }

    #[test]
    fn a_table_aligns_numbers_marks_null_and_is_cut_only_to_a_width() {
        let rows =
            rows("select * from (values (1, 'a long text, in words', 0.1::double + 0.2), (20, null, 2.5)) as v(n, words, f) order by n");
        let text = table(&rows, None).unwrap();
        assert!(text.contains("a long text, in words") && text.contains("0.3") && text.contains('·'), "{text}");
        let tiny = table(&self::rows("select -0.00056809767::double as f"), None).unwrap();
        assert!(tiny.ends_with("-5.681e-4"), "{tiny}");
        let narrow = table(&rows, Some(31)).unwrap();
        assert!(narrow.contains("a long text, in wor…") && narrow.contains("0.3"), "{narrow}");
        assert!(narrow.lines().all(|line| line.chars().count() <= 31), "{narrow}");
        let narrower = table(&rows, Some(28)).unwrap();
        assert!(!narrower.contains("0.3") && narrower.ends_with("… and 1 more columns: f"), "{narrower}");
    }

    #[test]
    fn values_become_rows_and_rows_values() {
        #[derive(Debug, PartialEq, serde::Serialize, serde::Deserialize)]
        struct Line {
            name: String,
            n: Option<i64>,
        }
        let lines = vec![Line { name: "a".into(), n: Some(1) }, Line { name: "b".into(), n: None }];
        let rows = rows_of(&[("name", DataType::Utf8), ("n", DataType::Int64)], &lines).unwrap();
        assert_eq!(values::<Line>(&rows).unwrap(), lines);
        assert!(rows_of(&[("name", DataType::Utf8)], &[] as &[Line]).unwrap().is_empty());
    }
}
