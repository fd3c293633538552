//! The gate between building and publishing: what every header promises, and the assertions that stand in files.

use chrono::NaiveDate;

use super::{
    catalog::{Assertion, Catalog, Model},
    declare,
    header::Severity,
    workbench::Built,
};
use crate::{
    engine::{Engine, EngineError, Rows, Script, identifier},
    exit::one_line,
};

/// How many offending rows are shown.
const SHOWN: usize = 5;

/// How an assertion ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// No row offends.
    Passed,
    /// Rows offend.
    Offended,
    /// Nobody knows: its SQL failed.
    CouldNotRun,
}

/// An assertion that was put to the test.
#[derive(Debug)]
pub struct Finding {
    /// The assertion: `fct_x__grain_is_unique`.
    pub name: String,
    /// The model it is about.
    pub model: String,
    /// What there must be none of.
    pub title: String,
    /// Whether it stops the publishing.
    pub severity: Severity,
    /// How it ended.
    pub verdict: Verdict,
    /// How many rows offend.
    pub offending: usize,
    /// The first of them.
    pub sample: Option<Rows>,
    /// What else is to be said, such as why it could not run.
    pub detail: Option<String>,
    /// What to do about it.
    pub remedy: String,
}

impl Finding {
    /// Whether nothing may be published.
    pub fn stops(&self) -> bool {
        self.verdict != Verdict::Passed && self.severity == Severity::Fail
    }

    fn new(model: &str, what: &str, title: &str, remedy: &str) -> Self {
        Self {
            name: format!("{model}__{what}"),
            model: model.to_owned(),
            title: title.to_owned(),
            severity: Severity::Fail,
            verdict: Verdict::Passed,
            offending: 0,
            sample: None,
            detail: None,
            remedy: remedy.to_owned(),
        }
    }

    fn run(mut self, engine: &Engine, script: Script<'_>) -> Self {
        match sample(engine, script) {
            Ok((0, _)) => {}
            Ok((offending, rows)) => (self.verdict, self.offending, self.sample) = (Verdict::Offended, offending, Some(rows)),
            Err(error) => {
                (self.verdict, self.detail) = (Verdict::CouldNotRun, Some(one_line(&error)));
            }
        }
        self
    }
}

/// Whether a model has the columns its header lists, in that order.
pub fn columns(model: &Model, columns: &[(String, String)]) -> Finding {
    let remedy = format!("make the select list and the header of `{}` agree", model.file.path);
    let mut finding =
        Finding::new(&model.name, "columns_are_as_listed", "columns other than those of the header, or in another order", &remedy);
    let listed: Vec<&str> = model.header.columns.iter().map(|column| column.name.as_str()).collect();
    let found: Vec<&str> = columns.iter().map(|(name, _)| name.as_str()).collect();
    if listed != found {
        let missing: Vec<&str> = listed.iter().filter(|name| !found.contains(name)).copied().collect();
        let extra: Vec<&str> = found.iter().filter(|name| !listed.contains(name)).copied().collect();
        let detail = match (missing.is_empty(), extra.is_empty()) {
            (true, true) => format!("the order is {}", found.join(", ")),
            (false, true) => format!("listed but not selected: {}", missing.join(", ")),
            (true, false) => format!("selected but not listed: {}", extra.join(", ")),
            (false, false) => format!("listed but not selected: {}; selected but not listed: {}", missing.join(", "), extra.join(", ")),
        };
        (finding.verdict, finding.offending, finding.detail) = (Verdict::Offended, missing.len().max(extra.len()).max(1), Some(detail));
    }
    finding
}

/// Whether the grain of what was just built is what its header says: never null, never twice.
pub fn grain(engine: &Engine, model: &Model, built: &Built) -> Vec<Finding> {
    if built.files.is_empty() {
        return Vec::new();
    }
    let rows = declare::mart_query(&built.files);
    let grain: Vec<String> = model.header.grain.iter().map(|column| identifier(column)).collect();
    let list = grain.join(", ");
    let any_null: Vec<String> = grain.iter().map(|column| format!("{column} is null")).collect();
    let remedy = format!("find the join that multiplies rows in `{}`, or correct its grain", model.file.path);
    let twice = format!("select {list}, count(*) as n_rows from (\n{rows}\n) group by {list} having count(*) > 1");
    let null = format!("select {list} from (\n{rows}\n) where {}", any_null.join(" or "));
    let unique = Finding::new(&model.name, "grain_is_unique", &format!("rows with the same {}", model.header.grain.join(", ")), &remedy);
    let remedy = format!("filter rows without a key in `{}`, or correct its grain", model.file.path);
    let not_null = Finding::new(&model.name, "grain_is_not_null", "rows of whose grain a column is null", &remedy);
    let script = |text| Script { name: &model.file.path, text };
    vec![unique.run(engine, script(&twice)), not_null.run(engine, script(&null))]
}

/// Whether the newest partition of each input is as new as the header promises, on the date the run works for.
pub fn freshness(catalog: &Catalog, model: &Model, newest: impl Fn(&str) -> Option<NaiveDate>, today: NaiveDate) -> Option<Finding> {
    let promised = i64::from(model.header.freshness_hours?);
    let late: Vec<String> = catalog
        .raw_behind(&model.reads)
        .keys()
        .filter_map(|table| newest(table).map(|date| (table, date, (today - date).num_hours())))
        .filter(|(_, _, hours)| *hours > promised)
        .map(|(table, date, hours)| format!("the newest partition of {table} is of {date}, {hours} h before {today}"))
        .collect();
    let title = format!("inputs whose newest partition is more than {promised} h old");
    let mut finding = Finding::new(
        &model.name,
        "inputs_are_fresh",
        &title,
        "run `almanac collect`, and look at `almanac status` for what keeps it from running",
    );
    finding.severity = Severity::Warn;
    if !late.is_empty() {
        (finding.verdict, finding.offending, finding.detail) = (Verdict::Offended, late.len(), Some(late.join("; ")));
    }
    Some(finding)
}

/// Puts an assertion of a file to the test.
pub fn assertion(engine: &Engine, assertion: &Assertion) -> Finding {
    of_file(assertion).run(engine, assertion.file.script())
}

/// An assertion of a file that nobody could put to the test.
pub fn could_not_run(assertion: &Assertion, error: &EngineError) -> Finding {
    Finding { verdict: Verdict::CouldNotRun, detail: Some(one_line(error)), ..of_file(assertion) }
}

fn of_file(assertion: &Assertion) -> Finding {
    Finding {
        name: assertion.name.clone(),
        severity: assertion.header.severity,
        ..Finding::new(&assertion.model, "", &assertion.header.title, &assertion.header.remedy)
    }
}

/// Counts the rows of a query and keeps the first.
fn sample(engine: &Engine, script: Script<'_>) -> Result<(usize, Rows), EngineError> {
    engine.stream(script, |schema, batches| {
        let mut kept = Rows { schema, batches: Vec::new() };
        let mut count = 0;
        for batch in batches {
            let batch = batch?;
            count += batch.num_rows();
            let room = SHOWN - kept.len();
            if room > 0 && batch.num_rows() > 0 {
                kept.batches.push(batch.slice(0, room.min(batch.num_rows())));
            }
        }
        Ok((count, kept))
    })?
}
