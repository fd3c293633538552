//! `almanac tables`: what tables, models and questions there are, and what their columns mean.

use std::{collections::BTreeMap, fmt::Write as _};

use almanac_collectors::table::{Column, Table};
use arrow::datatypes::DataType;
use serde::Serialize;

use crate::{
    config::Config,
    engine::{Rows, Script},
    exit::{Exit, Failure},
    ledger,
    models::{
        ModelError,
        catalog::{Catalog, Check, Model, Question},
        header::ColumnDoc,
        nearest, reader,
    },
    output::{self, Format, OutputError},
    progress::Talk,
};

use super::{Global, sql::clock};

/// Options of the verb.
#[derive(clap::Args, Debug)]
pub(super) struct Args {
    /// A table, model, check or question; all are listed when left out
    name: Option<String>,
    /// How to write it
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

pub(super) async fn run(args: &Args, global: &Global, _: &Talk) -> Result<Exit, Failure> {
    let (config, _) = global.open()?;
    let catalog = Catalog::load(&config.root, ledger::all_tables())?;
    let Some(name) = &args.name else {
        list(&catalog, args.format)?;
        return Ok(Exit::Done);
    };
    let described = describe(&catalog, &config, name)?;
    match args.format {
        Format::Json => output::print_json(&described)?,
        Format::Table => output::text(&described.text()?)?,
        Format::Csv | Format::Parquet => output::print(&described.rows()?, args.format)?,
    }
    Ok(Exit::Done)
}

#[derive(Serialize)]
struct Line<'c> {
    name: String,
    layer: &'static str,
    kind: String,
    grain: String,
    meaning: &'c str,
}

fn list(catalog: &Catalog, format: Format) -> Result<(), OutputError> {
    let raw = catalog.raw.iter().map(|(name, table)| Line {
        name: name.clone(),
        layer: "raw",
        kind: table.kind.as_str().to_owned(),
        grain: table.grain.join(", "),
        meaning: table.meaning,
    });
    let models = catalog.order.iter().map(|name| &catalog.models[name]).map(|model| Line {
        name: model.name.clone(),
        layer: model.layer(),
        kind: model.header.kind.to_string(),
        grain: model.header.grain.join(", "),
        meaning: &model.header.meaning,
    });
    let asked = catalog.questions.values().map(|question| ("question", question));
    let questions = asked.chain(catalog.exports.values().map(|export| ("export", export))).map(|(layer, question)| Line {
        name: question.name.clone(),
        layer,
        kind: "query".to_owned(),
        grain: String::new(),
        meaning: &question.header.title,
    });
    let checks = catalog.checks.iter().map(|check| Line {
        name: check.name.clone(),
        layer: "check",
        kind: "query".to_owned(),
        grain: "subject_id".to_owned(),
        meaning: &check.header.title,
    });
    let mut lines: Vec<Line<'_>> = raw.chain(models).chain(checks).chain(questions).collect();
    let place =
        |layer: &str| ["raw", "staging", "intermediate", "mart", "check", "question", "export"].iter().position(|known| *known == layer);
    lines.sort_by(|a, b| (place(a.layer), &a.name).cmp(&(place(b.layer), &b.name)));
    let columns = ["name", "layer", "kind", "grain", "meaning"].map(|name| (name, DataType::Utf8));
    output::print(&output::rows_of(&columns, &lines)?, format)
}

/// Everything there is to say of one name.
#[derive(Serialize)]
struct Described {
    name: String,
    /// What else is known, by what it is: meaning, grain, owner, …
    #[serde(flatten)]
    facts: BTreeMap<&'static str, String>,
    columns: Vec<ColumnLine>,
}

#[derive(Serialize)]
struct ColumnLine {
    column: String,
    r#type: String,
    unit: Option<String>,
    meaning: String,
    sensitivity: Option<String>,
    nullable: Option<bool>,
}

fn describe(catalog: &Catalog, config: &Config, name: &str) -> Result<Described, ModelError> {
    if let Some(table) = catalog.raw.get(name) {
        return Ok(raw(table));
    }
    if let Some(model) = catalog.models.get(name) {
        let types = reader::describe(catalog, config, clock(), model.file.script())?;
        return Ok(of_model(model, &types));
    }
    for (layer, questions) in [("question", &catalog.questions), ("export", &catalog.exports)] {
        if let Some(question) = questions.get(name) {
            let types = reader::describe(catalog, config, clock(), question.file.script())?;
            return Ok(of_question(layer, question, &types));
        }
    }
    if let Some(table) = catalog.references.get(name) {
        let text = format!("select * from {name}");
        let types = reader::describe(catalog, config, clock(), Script { name, text: &text })?;
        let facts = [("layer", "reference".to_owned()), ("file", table.path().to_owned())].into();
        return Ok(Described { name: name.to_owned(), facts, columns: columns(&[], &types) });
    }
    if let Some(check) = catalog.checks.iter().find(|check| check.name == name) {
        let types = reader::describe(catalog, config, clock(), check.file.script())?;
        return Ok(of_check(check, &types));
    }
    let asked = catalog.questions.keys().chain(catalog.exports.keys()).map(String::as_str);
    let names = catalog.names().chain(asked).chain(catalog.checks.iter().map(|check| check.name.as_str()));
    Err(ModelError::Unknown { what: "table, model, check, question or export", name: name.to_owned(), near: nearest(name, names) })
}

fn raw(table: &Table) -> Described {
    let facts = [
        ("layer", "raw".to_owned()),
        ("meaning", table.meaning.to_owned()),
        ("grain", table.grain.join(", ")),
        ("kind", table.kind.as_str().to_owned()),
        ("endpoint", table.endpoint.to_owned()),
        ("permission", table.permission.to_owned()),
    ];
    let column = |column: &Column| ColumnLine {
        column: column.name.to_owned(),
        r#type: column.kind.sql().to_owned(),
        unit: column.unit.map(str::to_owned),
        meaning: column.meaning.to_owned(),
        sensitivity: Some(format!("{:?}", column.sensitivity).to_lowercase()),
        nullable: Some(column.nullable),
    };
    Described { name: table.full_name(), facts: facts.into(), columns: table.columns.iter().map(column).collect() }
}

fn of_model(model: &Model, types: &[(String, String)]) -> Described {
    let header = &model.header;
    let mut facts = BTreeMap::from([
        ("layer", model.layer().to_owned()),
        ("meaning", header.meaning.clone()),
        ("grain", header.grain.join(", ")),
        ("kind", header.kind.to_string()),
        ("owner", header.owner.clone()),
        ("file", model.file.path.clone()),
    ]);
    facts.extend(header.freshness_hours.map(|hours| ("freshness", format!("{hours}h"))));
    Described { name: model.name.clone(), facts, columns: columns(&header.columns, types) }
}

fn of_question(layer: &str, question: &Question, types: &[(String, String)]) -> Described {
    let header = &question.header;
    let mut facts = BTreeMap::from([
        ("layer", layer.to_owned()),
        ("meaning", header.question.clone()),
        ("notes", header.notes.clone()),
        ("owner", header.owner.clone()),
        ("file", question.file.path.clone()),
    ]);
    facts.retain(|_, text| !text.is_empty());
    if !header.params.is_empty() {
        let params = header.params.iter().map(|param| format!("{} ({})", param.name, param.meaning));
        facts.insert("params", params.collect::<Vec<_>>().join("; "));
    }
    facts.extend(header.freshness_hours.map(|hours| ("freshness", format!("{hours}h"))));
    Described { name: question.name.clone(), facts, columns: columns(&header.columns, types) }
}

fn of_check(check: &Check, types: &[(String, String)]) -> Described {
    let header = &check.header;
    let facts = [
        ("layer", "check".to_owned()),
        ("meaning", header.title.clone()),
        ("asks", header.question.clone()),
        ("area", header.area.clone()),
        ("subject", header.subject.clone()),
        ("weight", header.weight.clone()),
        ("level", header.level.clone()),
        ("applies to", header.applies_to.clone()),
        ("remedy", header.remedy.clone()),
        ("owner", header.owner.clone()),
        ("version", header.version.to_string()),
        ("file", check.file.path.clone()),
    ];
    Described { name: check.name.clone(), facts: facts.into(), columns: columns(&[], types) }
}

/// The columns SQL gives, with what the header says of them.
fn columns(documented: &[ColumnDoc], types: &[(String, String)]) -> Vec<ColumnLine> {
    let of = |(name, kind): &(String, String)| {
        let doc = documented.iter().find(|doc| doc.name == *name);
        ColumnLine {
            column: name.clone(),
            r#type: kind.to_lowercase(),
            unit: doc.and_then(|doc| doc.unit.clone()),
            meaning: doc.map(|doc| doc.meaning.clone()).unwrap_or_default(),
            sensitivity: None,
            nullable: None,
        }
    };
    types.iter().map(of).collect()
}

/// What is known of a name, in the order in which it is told.
const SHOWN: [&str; 19] = [
    "meaning",
    "asks",
    "notes",
    "params",
    "layer",
    "kind",
    "area",
    "subject",
    "weight",
    "level",
    "applies to",
    "remedy",
    "grain",
    "owner",
    "version",
    "freshness",
    "endpoint",
    "permission",
    "file",
];

impl Described {
    fn rows(&self) -> Result<Rows, OutputError> {
        let text = |name: &'static str| (name, DataType::Utf8);
        let mut columns = vec![text("column"), text("type"), text("unit"), text("meaning")];
        if self.columns.iter().any(|column| column.sensitivity.is_some()) {
            columns.extend([text("sensitivity"), ("nullable", DataType::Boolean)]);
        }
        Ok(output::rows_of(&columns, &self.columns)?)
    }

    fn text(&self) -> Result<String, OutputError> {
        let mut text = format!("{}\n", self.name);
        for key in SHOWN {
            if let Some(value) = self.facts.get(key) {
                writeln!(text, "  {key:<10}  {value}").expect("a String takes everything");
            }
        }
        text.push('\n');
        text.push_str(&output::table(&self.rows()?, None)?);
        Ok(text)
    }
}
