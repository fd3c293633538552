//! The comment at the top of a SQL file is its contract: parsed strictly, for a header that is wrong is worse than none.
//!
//! ```sql
//! -- One row per pull request, as last seen.
//! -- grain: repository_id, number
//! -- kind: full
//! -- owner: platform
//! -- columns:
//! --   size_lines    additions + deletions, generated files left out [lines]
//! ```

use std::{collections::BTreeSet, fmt};

/// A header that cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("`{file}`, line {line}: {problem}")]
pub struct HeaderError {
    /// The file, as the user knows it.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// What is wrong.
    pub problem: String,
    /// What to write instead.
    pub remedy: String,
}

/// What a model promises.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModelHeader {
    /// "One row per …".
    pub meaning: String,
    /// The columns that make a row unique.
    pub grain: Vec<String>,
    /// How it is built.
    pub kind: ModelKind,
    /// The team that answers for it.
    pub owner: String,
    /// How old its newest input may be, in hours.
    pub freshness_hours: Option<u32>,
    /// Its columns, in the order of the file.
    pub columns: Vec<ColumnDoc>,
}

/// How a model is built.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ModelKind {
    /// Computed whenever it is read.
    View,
    /// One file, replaced as a whole.
    Full,
    /// One file a date.
    Daily(Lookback),
    /// One file a date, of what was known on it: everything is read as the lake stood then.
    Snapshot,
}

impl ModelKind {
    /// Whether it has a file for each date.
    pub fn is_dated(self) -> bool {
        matches!(self, Self::Daily(_) | Self::Snapshot)
    }
}

impl fmt::Display for ModelKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::View => "view",
            Self::Full => "full",
            Self::Daily(_) => "daily",
            Self::Snapshot => "snapshot",
        })
    }
}

/// How far before its own date a date of a daily model reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lookback {
    /// So many days.
    Days(u32),
    /// To the beginning.
    All,
}

/// One column of a model or a question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ColumnDoc {
    /// Its name.
    pub name: String,
    /// What it means.
    pub meaning: String,
    /// The unit of a measure.
    pub unit: Option<String>,
}

/// What a question asks, or what an export is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QuestionHeader {
    /// A line for a list.
    pub title: String,
    /// The question in a sentence; of an export, its purpose.
    pub question: String,
    /// What a reader of the answer must know; may be empty.
    pub notes: String,
    /// The team that answers for it.
    pub owner: String,
    /// How old its newest data may be, in hours.
    pub freshness_hours: Option<u32>,
    /// The raw tables that its answer stands on; all that it reads when empty.
    pub sources: Vec<String>,
    /// What may be asked more narrowly: texts that its SQL reads as variables, and that are null unless given.
    pub params: Vec<ColumnDoc>,
    /// Its columns, in order.
    pub columns: Vec<ColumnDoc>,
}

/// What a check asks of each service or repository, and what its answer counts for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckHeader {
    /// A line that is true of whoever passes.
    pub title: String,
    /// The same as a question.
    pub question: String,
    /// attribute, ensure, detect or standardize.
    pub area: String,
    /// What it is about: service or repository.
    pub subject: String,
    /// How much it counts: critical, high, medium or low.
    pub weight: String,
    /// The level that needs it: bronze, silver or gold.
    pub level: String,
    /// Whom it is meant for, in words.
    pub applies_to: String,
    /// What to do to pass.
    pub remedy: String,
    /// The team that answers for it.
    pub owner: String,
    /// Raised whenever it begins to ask something else.
    pub version: u32,
}

/// What an assertion holds, and what happens when it does not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AssertionHeader {
    /// Whether offending rows stop the publishing.
    pub severity: Severity,
    /// What there must be none of, in a line.
    pub title: String,
    /// What to do about offending rows.
    pub remedy: String,
}

/// What offending rows cause.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Severity {
    /// Nothing is published.
    Fail,
    /// It is published, and the run does not end as if all were well.
    Error,
    /// It is published, and said.
    Warn,
}

/// The header of a file taken apart into prose and `key: value` fields, before anyone says which keys it must have.
#[derive(Debug)]
pub struct Block<'a> {
    file: &'a str,
    prose: String,
    fields: Vec<Field<'a>>,
    length: usize,
}

#[derive(Debug)]
struct Field<'a> {
    key: &'a str,
    line: usize,
    value: String,
    /// The indented lines below the key: line number, indentation, text.
    below: Vec<(usize, usize, &'a str)>,
}

impl<'a> Block<'a> {
    /// Takes the comment at the top of `text` apart.
    ///
    /// # Errors
    /// When a line stands where it means nothing, or a key stands twice.
    pub fn parse(file: &'a str, text: &'a str) -> Result<Self, HeaderError> {
        let mut block = Self { file, prose: String::new(), fields: Vec::new(), length: 0 };
        for (index, line) in text.lines().enumerate() {
            let Some(comment) = line.strip_prefix("--") else { break };
            block.length = index + 1;
            let content = comment.trim();
            let indent = comment.len() - comment.trim_start().len();
            if content.is_empty() {
                continue;
            }
            match (key_of(content), block.fields.last_mut()) {
                (_, Some(field)) if indent > 1 => field.below.push((index + 1, indent, content)),
                (Some((key, value)), _) => {
                    if block.fields.iter().any(|field| field.key == key) {
                        return Err(block.error(index + 1, format!("`{key}` stands twice"), "keep one of the two"));
                    }
                    block.fields.push(Field { key, line: index + 1, value: value.to_owned(), below: Vec::new() });
                }
                (None, Some(field)) if field.key == "columns" => {
                    let remedy = "write prose above the columns, and indent what continues one";
                    return Err(block.error(index + 1, "a line of prose stands below the columns".into(), remedy));
                }
                (None, _) => {
                    if !block.prose.is_empty() {
                        block.prose.push(' ');
                    }
                    block.prose.push_str(content);
                }
            }
        }
        Ok(block)
    }

    /// An error at a line of this file.
    pub fn error(&self, line: usize, problem: String, remedy: &str) -> HeaderError {
        HeaderError { file: self.file.to_owned(), line, problem, remedy: remedy.to_owned() }
    }

    /// The sentences outside the keys; empty when there are none.
    pub fn notes(&self) -> String {
        self.prose.clone()
    }

    /// The sentences outside the keys, of a file that must have some.
    ///
    /// # Errors
    /// When there are none.
    pub fn prose(&self) -> Result<String, HeaderError> {
        if self.prose.is_empty() {
            return Err(self.error(1, "it does not say what a row is".into(), "begin the file with `-- One row per …`"));
        }
        Ok(self.prose.clone())
    }

    /// The value of a key that may be left out; indented lines below it continue it.
    pub fn optional(&self, key: &str) -> Option<String> {
        let field = self.fields.iter().find(|field| field.key == key)?;
        let mut value = field.value.clone();
        for (_, _, text) in &field.below {
            value.push(' ');
            value.push_str(text);
        }
        Some(value.trim().to_owned())
    }

    /// The value of a key that must be there.
    ///
    /// # Errors
    /// When it is missing or empty.
    pub fn required(&self, key: &str) -> Result<String, HeaderError> {
        self.optional(key).filter(|value| !value.is_empty()).ok_or_else(|| {
            self.error(self.length.max(1), format!("`{key}` is missing"), &format!("add a line `-- {key}: …` to the comment at the top"))
        })
    }

    /// The line of a key, for errors about its value.
    pub fn line(&self, key: &str) -> usize {
        self.fields.iter().find(|field| field.key == key).map_or(1, |field| field.line)
    }

    /// Refuses keys nobody reads.
    ///
    /// # Errors
    /// When there is one.
    pub fn only(&self, keys: &[&str]) -> Result<(), HeaderError> {
        match self.fields.iter().find(|field| !keys.contains(&field.key)) {
            Some(field) => Err(self.error(
                field.line,
                format!("`{}` is not a key of such a file", field.key),
                &format!("the keys are {}", keys.join(", ")),
            )),
            None => Ok(()),
        }
    }

    /// The columns listed below `columns:`, whose names are what `is_name` takes for one.
    ///
    /// # Errors
    /// When there are none, or one is not `name  meaning [unit]`.
    pub fn columns(&self, is_name: fn(&str) -> bool) -> Result<Vec<ColumnDoc>, HeaderError> {
        self.required("columns")?;
        self.list("columns", is_name)
    }

    /// The names and meanings listed below a key; none without it.
    fn list(&self, key: &str, is_name: fn(&str) -> bool) -> Result<Vec<ColumnDoc>, HeaderError> {
        let Some(field) = self.fields.iter().find(|field| field.key == key) else { return Ok(Vec::new()) };
        let first = field.below.first().map_or(0, |(_, indent, _)| *indent);
        let mut columns: Vec<ColumnDoc> = Vec::new();
        for (line, indent, text) in &field.below {
            match columns.last_mut() {
                Some(column) if *indent > first => {
                    column.meaning.push(' ');
                    column.meaning.push_str(text);
                }
                _ => {
                    let (name, meaning) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
                    if !is_name(name) || meaning.trim().is_empty() {
                        let remedy = "write `--   name    what it means [unit]`";
                        let what = if key == "columns" { "a column" } else { "a parameter" };
                        return Err(self.error(*line, format!("`{text}` is not {what} and its meaning"), remedy));
                    }
                    if columns.iter().any(|column| column.name == name) {
                        return Err(self.error(
                            *line,
                            format!("the {} `{name}` stands twice", key.trim_end_matches('s')),
                            "keep one of the two",
                        ));
                    }
                    columns.push(ColumnDoc { name: name.to_owned(), meaning: meaning.trim().to_owned(), unit: None });
                }
            }
        }
        for column in &mut columns {
            if let Some((meaning, unit)) = column.meaning.strip_suffix(']').and_then(|rest| rest.rsplit_once(" [")) {
                (column.meaning, column.unit) = (meaning.trim_end().to_owned(), Some(unit.to_owned()));
            }
        }
        Ok(columns)
    }

    /// A value that is one of a few words.
    fn one_of(&self, key: &str, words: &[&str]) -> Result<String, HeaderError> {
        let value = self.required(key)?;
        match words.contains(&value.as_str()) {
            true => Ok(value),
            false => {
                Err(self.error(self.line(key), format!("`{value}` is not a value of `{key}`"), &format!("write {}", words.join(", "))))
            }
        }
    }

    fn hours(&self, key: &str) -> Result<Option<u32>, HeaderError> {
        let Some(value) = self.optional(key) else { return Ok(None) };
        let hours = match (value.strip_suffix('h'), value.strip_suffix('d')) {
            (Some(hours), _) => hours.parse().ok(),
            (_, Some(days)) => days.parse::<u32>().ok().and_then(|days| days.checked_mul(24)),
            _ => None,
        };
        hours
            .map(Some)
            .ok_or_else(|| self.error(self.line(key), format!("`{value}` is not a length of time"), "write hours or days: `26h`, `2d`"))
    }
}

impl ModelHeader {
    /// Reads the header of a model.
    ///
    /// # Errors
    /// When a key is missing, unknown or has a value it cannot have.
    pub fn parse(file: &str, text: &str) -> Result<Self, HeaderError> {
        let block = Block::parse(file, text)?;
        block.only(&["grain", "kind", "lookback", "owner", "freshness", "columns"])?;
        let header = Self {
            meaning: block.prose()?,
            grain: block.required("grain")?.split(',').map(|column| column.trim().to_owned()).collect(),
            kind: model_kind(&block)?,
            owner: block.required("owner")?,
            freshness_hours: block.hours("freshness")?,
            columns: block.columns(is_name)?,
        };
        let listed: BTreeSet<&str> = header.columns.iter().map(|column| column.name.as_str()).collect();
        if let Some(missing) = header.grain.iter().find(|column| !listed.contains(column.as_str())) {
            return Err(block.error(block.line("grain"), format!("`{missing}` of the grain is not a column"), "list it below `columns:`"));
        }
        if header.kind.is_dated() && !listed.contains("date") {
            return Err(block.error(
                block.line("kind"),
                format!("a {} model without a column `date`", header.kind),
                "give it one, of type date: its files are split by it",
            ));
        }
        if header.kind.is_dated() && !header.grain.iter().any(|column| column == "date") {
            return Err(block.error(
                block.line("grain"),
                format!("the grain of a {} model is without `date`", header.kind),
                "add it: a row belongs to one date",
            ));
        }
        Ok(header)
    }
}

fn model_kind(block: &Block<'_>) -> Result<ModelKind, HeaderError> {
    let lookback =
        match block.optional("lookback").as_deref() {
            None => None,
            Some("all") => Some(Lookback::All),
            Some(value) => Some(value.strip_suffix('d').and_then(|days| days.parse().ok()).map(Lookback::Days).ok_or_else(|| {
                block.error(block.line("lookback"), format!("`{value}` is not a lookback"), "write days, `0d`, or `all`")
            })?),
        };
    match (block.required("kind")?.as_str(), lookback) {
        ("view", None) => Ok(ModelKind::View),
        ("full", None) => Ok(ModelKind::Full),
        ("snapshot", None) => Ok(ModelKind::Snapshot),
        ("daily", lookback) => Ok(ModelKind::Daily(lookback.unwrap_or(Lookback::Days(0)))),
        (kind @ ("view" | "full" | "snapshot"), Some(_)) => {
            Err(block.error(block.line("lookback"), format!("a {kind} model has no lookback"), "leave it out: only daily models have one"))
        }
        (other, _) => Err(block.error(
            block.line("kind"),
            format!("`{other}` is not a kind"),
            "write `view`, `full`, `daily` or `snapshot`, and nothing after it",
        )),
    }
}

impl QuestionHeader {
    /// Reads the header of a question.
    ///
    /// # Errors
    /// When a key is missing, unknown or has a value it cannot have.
    pub fn parse(file: &str, text: &str) -> Result<Self, HeaderError> {
        Self::read(&Block::parse(file, text)?, "question", is_name)
    }

    /// Reads the header of an export, which has a purpose where a question has a question. Its columns are named as others want them.
    ///
    /// # Errors
    /// As [`parse`](Self::parse).
    pub fn parse_export(file: &str, text: &str) -> Result<Self, HeaderError> {
        Self::read(&Block::parse(file, text)?, "purpose", is_word)
    }

    fn read(block: &Block<'_>, asks: &str, is_name: fn(&str) -> bool) -> Result<Self, HeaderError> {
        block.only(&["title", asks, "owner", "freshness", "sources", "params", "columns"])?;
        let params = block.list("params", self::is_name)?;
        if let Some(taken) = params.iter().find(|param| TAKEN.contains(&param.name.as_str())) {
            let problem = format!("`{}` is a variable of Almanac's own", taken.name);
            return Err(block.error(block.line("params"), problem, "give the parameter another name"));
        }
        let sources = block.optional("sources").unwrap_or_default();
        Ok(Self {
            title: block.required("title")?,
            question: block.required(asks)?,
            notes: block.notes(),
            owner: block.required("owner")?,
            freshness_hours: block.hours("freshness")?,
            sources: sources.split(',').map(str::trim).filter(|name| !name.is_empty()).map(str::to_owned).collect(),
            params,
            columns: block.columns(is_name)?,
        })
    }
}

impl CheckHeader {
    /// Reads the header of a check.
    ///
    /// # Errors
    /// When a key is missing, unknown or has a value it cannot have.
    pub fn parse(file: &str, text: &str) -> Result<Self, HeaderError> {
        let block = Block::parse(file, text)?;
        block.only(&["title", "question", "area", "subject", "weight", "level", "applies_to", "remedy", "owner", "version"])?;
        let version = block.required("version")?;
        let not_a_version = |_| block.error(block.line("version"), format!("`{version}` is not a version"), "write 1, and raise it by 1");
        Ok(Self {
            title: block.required("title")?,
            question: block.required("question")?,
            area: block.one_of("area", &["attribute", "ensure", "detect", "standardize"])?,
            subject: block.one_of("subject", &["service", "repository"])?,
            weight: block.one_of("weight", &["critical", "high", "medium", "low"])?,
            level: block.one_of("level", &["bronze", "silver", "gold"])?,
            applies_to: block.required("applies_to")?,
            remedy: block.required("remedy")?,
            owner: block.required("owner")?,
            version: version.parse().map_err(not_a_version)?,
        })
    }
}

impl AssertionHeader {
    /// Reads the header of an assertion.
    ///
    /// # Errors
    /// When a key is missing, unknown or has a value it cannot have.
    pub fn parse(file: &str, text: &str) -> Result<Self, HeaderError> {
        let block = Block::parse(file, text)?;
        block.only(&["severity", "title", "remedy"])?;
        let severity = match block.required("severity")?.as_str() {
            "fail" => Severity::Fail,
            "error" => Severity::Error,
            "warn" => Severity::Warn,
            other => {
                return Err(block.error(block.line("severity"), format!("`{other}` is not a severity"), "write `fail`, `error` or `warn`"));
            }
        };
        Ok(Self { severity, title: block.required("title")?, remedy: block.required("remedy")? })
    }
}

/// `key: value` at the start of a header line; keys are single words in lower case, which prose never starts with a colon after.
fn key_of(content: &str) -> Option<(&str, &str)> {
    let (key, value) = content.split_once(':')?;
    (is_name(key) && (value.is_empty() || value.starts_with(' '))).then(|| (key, value.trim()))
}

/// Variables that the runner sets.
const TAKEN: [&str; 3] = ["from", "to", "restated"];

fn is_name(text: &str) -> bool {
    is_word(text) && !text.contains(|c: char| c.is_ascii_uppercase())
}

fn is_word(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_alphabetic()) && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

#[cfg(test)]
mod tests {
    use super::*;

    const MODEL: &str = "\
-- One row per pull request,
-- as last seen.
-- grain: date, repository_id, number
-- kind: daily
-- lookback: 2d
-- owner: platform
-- freshness: 2d
-- columns:
--   date             day
--   repository_id    the repository
--   number           its number
--   size_lines       additions + deletions,
--                    generated files left out [lines]
select 1";

    fn model(text: &str) -> Result<ModelHeader, HeaderError> {
        ModelHeader::parse("sql/marts/fct_x.sql", text)
    }

    #[test]
    fn a_model_header_is_read_whole() {
        let header = model(MODEL).unwrap();
        assert_eq!(header.meaning, "One row per pull request, as last seen.");
        assert_eq!(header.grain, ["date", "repository_id", "number"]);
        assert_eq!(header.kind, ModelKind::Daily(Lookback::Days(2)));
        assert_eq!(header.freshness_hours, Some(48));
        let size = header.columns.last().unwrap();
        assert_eq!((size.meaning.as_str(), size.unit.as_deref()), ("additions + deletions, generated files left out", Some("lines")));
    }

    #[test]
    fn a_mistake_is_told_with_its_line_and_what_to_write() {
        let header = "-- One row per x.\n-- grain: a\n-- kind: full\n-- owner: o\n-- columns:\n--   a    a\nselect 1";
        assert!(model(header).is_ok());
        for (from, to, line, problem) in [
            ("-- kind: full", "-- kind: full (view | full)", 3, "`full (view | full)` is not a kind"),
            ("-- kind: full", "-- kind: full\n-- lookback: 0d", 4, "a full model has no lookback"),
            ("-- kind: full", "-- kind: daily", 3, "a daily model without a column `date`"),
            (
                "-- kind: full\n-- owner: o\n-- columns:",
                "-- kind: daily\n-- owner: o\n-- columns:\n--   date    day",
                2,
                "the grain of a daily model is without `date`",
            ),
            ("-- kind: full", "-- knd: full", 3, "`knd` is not a key of such a file"),
            ("-- kind: full\n", "", 5, "`kind` is missing"),
            ("-- grain: a", "-- grain: b", 2, "`b` of the grain is not a column"),
            ("-- owner: o", "-- owner: o\n-- owner: p", 5, "`owner` stands twice"),
            ("-- owner: o", "-- owner: o\n-- freshness: soon", 5, "`soon` is not a length of time"),
            ("--   a    a", "--   a    a\n-- Some prose.", 7, "a line of prose stands below the columns"),
            ("--   a    a", "--   a", 6, "`a` is not a column and its meaning"),
            ("--   a    a", "--   a    a\n--   a    b", 7, "the column `a` stands twice"),
            ("-- One row per x.\n", "", 1, "it does not say what a row is"),
        ] {
            let error = model(&header.replace(from, to)).unwrap_err();
            assert_eq!((error.line, error.problem.as_str()), (line, problem));
            assert!(!error.remedy.is_empty());
        }
    }

    #[test]
    fn questions_and_assertions_have_their_own_keys() {
        let question = "-- title: Open alerts\n-- question: Which are open?\n-- Those that are closed are not returned.\n-- owner: security\n-- columns:\n--   n    alerts [alerts]\nselect 1 as n";
        let header = QuestionHeader::parse("q.sql", question).unwrap();
        assert_eq!((header.question.as_str(), header.notes.as_str()), ("Which are open?", "Those that are closed are not returned."));
        assert_eq!(header.columns[0].unit.as_deref(), Some("alerts"));
        let export = question.replace("-- question: Which are open?", "-- purpose: For others").replace("--   n ", "--   BilledCost ");
        let header = QuestionHeader::parse_export("e.sql", &export).unwrap();
        assert_eq!((header.question.as_str(), header.columns[0].name.as_str()), ("For others", "BilledCost"));
        assert!(QuestionHeader::parse("q.sql", &question.replace("--   n ", "--   BilledCost ")).is_err());
        let assertion = "-- severity: warn\n-- title: Nothing is lost\n-- remedy: look at the rows,\n--   then at the source\nselect 1";
        let header = AssertionHeader::parse("a.sql", assertion).unwrap();
        assert_eq!((header.severity, header.remedy.as_str()), (Severity::Warn, "look at the rows, then at the source"));
        assert_eq!(AssertionHeader::parse("a.sql", &assertion.replace("warn", "fatal")).unwrap_err().problem, "`fatal` is not a severity");
    }
}
