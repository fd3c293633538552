//! The statements that let every SQL file read the lake by name. The runner executes them; `almanac sql --declare` prints them, so that a
//! DuckDB shell reads the same.

use std::collections::BTreeMap;

use almanac_collectors::table::Table;
use arrow::{
    array::{Array, RecordBatch},
    csv::{ReaderBuilder, reader::Format},
    datatypes::DataType,
    error::ArrowError,
    util::display::{ArrayFormatter, FormatOptions},
};
use std::sync::Arc;

use super::{
    catalog::Model,
    files::{self, DataFile, Reference, SqlFile},
    sources::{MartFile, RawFile},
};
use crate::engine::{identifier, literal};

/// `github.pull_requests`: the files of a raw table under its name, with the date of each partition.
///
/// Files are grouped by the number of columns they have and listed one by one: globbing and `union_by_name` are slow and fragile over many.
pub fn raw_view(table: &Table, files: &[RawFile]) -> String {
    let mut groups: BTreeMap<usize, Vec<String>> = BTreeMap::new();
    for file in files {
        groups.entry(file.columns.min(table.columns.len())).or_default().push(literal(&file.path.to_string_lossy()));
    }
    let select = |present: usize| {
        let columns = table.columns.iter().enumerate().map(|(index, column)| match index < present {
            true => identifier(column.name),
            false => format!("cast(null as {}) as {}", column.kind.sql(), identifier(column.name)),
        });
        columns.collect::<Vec<_>>().join(", ")
    };
    let mut queries: Vec<String> =
        groups.iter().map(|(columns, paths)| format!("select {}, date from {}", select(*columns), read_parquet(paths, true))).collect();
    if queries.is_empty() {
        queries.push(format!("select {}, cast(null as date) as date where false", select(0)));
    }
    format!(
        "create schema if not exists {};\ncreate or replace view {}.{} as\n{};\n",
        identifier(table.source),
        identifier(table.source),
        identifier(table.name),
        queries.join("\nunion all\n")
    )
}

/// A stored model under its name, read from its files.
pub fn mart_view(name: &str, files: &[MartFile]) -> String {
    format!("create or replace view {} as\n{};\n", identifier(name), mart_query(files))
}

/// The rows of some files of one mart, of which there must be one at least. Where they differ, because a model's SQL has changed and not
/// every date has been built since, the columns are those of the newest.
pub fn mart_query(files: &[MartFile]) -> String {
    let newest = files.iter().max_by_key(|file| file.date).map(|file| file.columns.clone()).unwrap_or_default();
    let mut groups: BTreeMap<&[(String, String)], Vec<&MartFile>> = BTreeMap::new();
    for file in files {
        groups.entry(&file.columns).or_default().push(file);
    }
    let queries = groups.iter().map(|(present, files)| {
        let columns = newest.iter().map(|(name, kind)| match present.iter().any(|(column, _)| column == name) {
            true => identifier(name),
            false => format!("cast(null as {kind}) as {}", identifier(name)),
        });
        let columns: Vec<String> = columns.collect();
        let paths: Vec<String> = files.iter().map(|file| literal(&file.path.to_string_lossy())).collect();
        format!("select {} from {}", columns.join(", "), read_parquet(&paths, files.iter().any(|file| file.date.is_some())))
    });
    queries.collect::<Vec<_>>().join("\nunion all\n")
}

/// What stands in front of a model's SQL to make it a view.
pub fn view(model: &Model) -> String {
    format!("create or replace view {} as", identifier(&model.name))
}

/// `reference.pr_size_buckets`: a table of constants, or a view of a user's file.
///
/// # Errors
/// When constants are not CSV.
pub fn reference(name: &str, reference: &Reference) -> Result<String, ArrowError> {
    let table = identifier(name.strip_prefix("reference.").unwrap_or(name));
    let declared = match reference {
        Reference::Constants(file) if !files::has_rows(&file.text) => format!("table reference.{table} as\n{}", no_rows(file)),
        Reference::Constants(file) => format!("table reference.{table} as\n{}", constant_rows(file)?),
        Reference::Data(data) => format!("view reference.{table} as\n{}", data_rows(data)),
    };
    Ok(format!("create schema if not exists reference;\ncreate or replace {declared};\n"))
}

/// The columns of a table that waits for a user's file: text, as those of such a file are.
fn no_rows(file: &SqlFile) -> String {
    let columns = files::headings(&file.text).into_iter().map(|heading| format!("cast(null as varchar) as {}", identifier(&heading.name)));
    format!("select {} where false", columns.collect::<Vec<_>>().join(", "))
}

/// The rows of a user's file, with the columns of the table that it stands in for, whatever others it has, and in whatever order.
fn data_rows(data: &DataFile) -> String {
    let path = literal(&data.file.to_string_lossy());
    let rows =
        if data.is_parquet() { read_parquet(&[path], false) } else { format!("read_csv({path}, header = true, all_varchar = true)") };
    if data.columns.is_empty() {
        return format!("select * from {rows}");
    }
    // Tags are maps in the Parquet of some providers, and JSON in that of others.
    let text = |column: &str| {
        format!(
            "case when typeof(given.{column}) like 'MAP%' or typeof(given.{column}) like 'STRUCT%' then cast(to_json(given.{column}) as varchar) \
             else cast(given.{column} as varchar) end as {column}"
        )
    };
    let columns = data.columns.iter().map(|heading| identifier(&heading.name));
    let columns: Vec<String> = columns.map(|column| if data.is_text { text(&column) } else { format!("given.{column}") }).collect();
    // What is not in the file is null, and of no type until it is cast.
    let optional = data.columns.iter().filter(|heading| heading.is_optional);
    let optional: Vec<String> = optional.map(|heading| format!("null as {}", identifier(&heading.name))).collect();
    let rows = match optional.is_empty() {
        true => rows,
        false => format!("(\nselect * from {rows}\nunion all by name\nselect {} where false\n)", optional.join(", ")),
    };
    format!("select {}\nfrom {rows} as given", columns.join(", "))
}

/// The rows of a CSV file as constants, so that a script of declarations needs no file beside it.
fn constant_rows(file: &SqlFile) -> Result<String, ArrowError> {
    let bytes = file.text.as_bytes();
    let (schema, _) = Format::default().with_header(true).infer_schema(bytes, None)?;
    let batches = ReaderBuilder::new(Arc::new(schema.clone())).with_header(true).build(bytes)?;
    let columns: Vec<String> = schema.fields().iter().map(|field| identifier(field.name())).collect();
    let mut rows = Vec::new();
    for batch in batches {
        let batch = batch?;
        for row in 0..batch.num_rows() {
            rows.push(constants(&batch, row)?);
        }
    }
    Ok(format!("select * from (values\n{}\n) as constants ({})", rows.join(",\n"), columns.join(", ")))
}

fn constants(batch: &RecordBatch, row: usize) -> Result<String, ArrowError> {
    let mut values = Vec::new();
    for column in batch.columns() {
        let (kind, text) = match column.data_type() {
            DataType::Int64 => ("bigint", false),
            DataType::Float64 => ("double", false),
            DataType::Boolean => ("boolean", false),
            DataType::Date32 => ("date", true),
            _ => ("varchar", true),
        };
        let value = ArrayFormatter::try_new(column, &FormatOptions::default())?.value(row).to_string();
        let is_null = column.is_null(row) || value.is_empty();
        let value = if is_null {
            "null".to_owned()
        } else if text {
            literal(&value)
        } else {
            value
        };
        values.push(format!("cast({value} as {kind})"));
    }
    Ok(format!("({})", values.join(", ")))
}

fn read_parquet(paths: &[String], dated: bool) -> String {
    let hive = if dated { "hive_partitioning = true, hive_types = {'date': date}" } else { "hive_partitioning = false" };
    format!("read_parquet([\n  {}\n], {hive})", paths.join(",\n  "))
}
