//! Every model, question, assertion and reference table there is, with what each reads.

use std::{collections::BTreeMap, path::Path};

use almanac_collectors::table::Table;

use super::{
    ModelError, declared,
    files::{self, Reference, SqlFile},
    graph,
    header::{AssertionHeader, CheckHeader, ModelHeader, ModelKind, QuestionHeader},
    nearest,
    reads::Reads,
    stamp::digest,
};
use crate::engine::{self, Engine, Script};

/// A table made by SQL.
#[derive(Clone, Debug)]
pub struct Model {
    /// Its name in SQL.
    pub name: String,
    /// Where it stands.
    pub file: SqlFile,
    /// Its contract.
    pub header: ModelHeader,
    /// What it reads.
    pub reads: Reads,
}

impl Model {
    /// Whether it is computed when read, and not stored.
    pub fn is_view(&self) -> bool {
        self.header.kind == ModelKind::View
    }

    /// The word for where it stands in the flow: `staging`, `intermediate` or `mart`.
    pub fn layer(&self) -> &'static str {
        match self.name.split('_').next() {
            Some("stg") => "staging",
            Some("int") => "intermediate",
            _ => "mart",
        }
    }
}

/// A question someone asks of the marts, or what another tool needs of them.
#[derive(Clone, Debug)]
pub struct Question {
    /// The name `ask` or `export` knows it by.
    pub name: String,
    /// Where it stands.
    pub file: SqlFile,
    /// What it asks.
    pub header: QuestionHeader,
    /// What it reads.
    pub reads: Reads,
}

/// What every service, or every repository, is asked.
#[derive(Clone, Debug)]
pub struct Check {
    /// Its name: `owner-known`.
    pub name: String,
    /// Where it stands.
    pub file: SqlFile,
    /// What it asks, and what its answer counts for.
    pub header: CheckHeader,
    /// What it reads.
    pub reads: Reads,
}

/// Something that must hold of a model.
#[derive(Clone, Debug)]
pub struct Assertion {
    /// `fct_pull_requests__merged_after_created`.
    pub name: String,
    /// The model it is about.
    pub model: String,
    /// Where it stands.
    pub file: SqlFile,
    /// What it asserts.
    pub header: AssertionHeader,
    /// What it reads.
    pub reads: Reads,
}

/// What a name in SQL stands for.
#[derive(Clone, Copy, Debug)]
pub enum Named<'c> {
    /// A table of the lake.
    Raw(&'static Table),
    /// A table of constants.
    Reference(&'c Reference),
    /// A model.
    Model(&'c Model),
}

/// All of them.
#[derive(Clone, Debug)]
pub struct Catalog {
    /// The tables of the lake, by full name.
    pub raw: BTreeMap<String, &'static Table>,
    /// The reference tables, by full name.
    pub references: BTreeMap<String, Reference>,
    /// The models, by name.
    pub models: BTreeMap<String, Model>,
    /// The names of the models, each after those it reads.
    pub order: Vec<String>,
    /// The questions, by name.
    pub questions: BTreeMap<String, Question>,
    /// What is written to files for other tools, by name.
    pub exports: BTreeMap<String, Question>,
    /// The checks, sorted by name.
    pub checks: Vec<Check>,
    /// The assertions, by name.
    pub assertions: BTreeMap<String, Assertion>,
}

/// The files that a catalog is made of.
#[derive(Debug, Default)]
pub struct Files {
    /// Tables of constants, and a user's data.
    pub references: Vec<Reference>,
    /// Models of all layers.
    pub models: Vec<SqlFile>,
    /// Questions.
    pub questions: Vec<SqlFile>,
    /// Exports.
    pub exports: Vec<SqlFile>,
    /// Checks.
    pub checks: Vec<SqlFile>,
    /// Assertions.
    pub assertions: Vec<SqlFile>,
}

impl Files {
    /// Everything that is built in, and what stands beside `almanac.toml` in `root`.
    fn read(root: &Path) -> Result<Self, ModelError> {
        Ok(Self {
            references: files::references(root)?,
            models: files::collect(&["staging", "intermediate", "marts"], root, "models")?,
            questions: files::collect(&["questions"], root, "questions")?,
            exports: files::collect(&["exports"], root, "exports")?,
            checks: files::collect(&["checks"], root, "checks")?,
            assertions: files::collect(&["assertions"], root, "assertions")?,
        })
    }
}

impl Catalog {
    /// Reads everything that is built in, and what stands beside `almanac.toml` in `root`.
    ///
    /// # Errors
    /// When a header or the SQL of a file is wrong, when two files have one name, when a file reads what it may not, or when waivers or
    /// campaigns are not what they must be.
    pub fn load(root: &Path, tables: Vec<&'static Table>) -> Result<Self, ModelError> {
        Self::of(tables, Files::read(root)?, root)
    }

    /// Makes a catalog of files at hand, and of the waivers and campaigns in `root`.
    ///
    /// # Errors
    /// As [`load`](Self::load).
    pub fn of(tables: Vec<&'static Table>, files: Files, root: &Path) -> Result<Self, ModelError> {
        let Files { mut references, mut models, questions, exports, checks, assertions } = files;
        let parser = engine::parser()?;
        let checks = read_checks(&parser, checks)?;
        if !checks.is_empty() {
            references.extend(declared::policies(root, &checks)?);
            models.push(declared::answers(&checks));
        }
        let references = by_name(references, Reference::path)?;
        let mut catalog = Self {
            raw: tables.into_iter().map(|table| (table.full_name(), table)).collect(),
            references: references.into_iter().map(|(name, table)| (format!("reference.{name}"), table)).collect(),
            models: BTreeMap::new(),
            order: Vec::new(),
            questions: BTreeMap::new(),
            exports: BTreeMap::new(),
            checks,
            assertions: BTreeMap::new(),
        };
        for (name, file) in by_name(models, shown)? {
            let header = ModelHeader::parse(&file.path, &file.text)?;
            let reads = if name == declared::ANSWERS { all_reads(&catalog.checks) } else { reads(&parser, &file)? };
            catalog.models.insert(name.clone(), Model { name, header, reads, file });
        }
        if !catalog.checks.is_empty() {
            let table = declared::checks(&catalog.checks, |check| catalog.rule(check));
            let second = table.path().to_owned();
            if let Some(first) = catalog.references.insert(declared::CHECKS.to_owned(), table) {
                return Err(ModelError::SameName { first: first.path().to_owned(), second });
            }
        }
        for (name, file) in by_name(questions, shown)? {
            let header = QuestionHeader::parse(&file.path, &file.text)?;
            let reads = reads(&parser, &file)?;
            catalog.questions.insert(name.clone(), Question { name, header, reads, file });
        }
        for (name, file) in by_name(exports, shown)? {
            let header = QuestionHeader::parse_export(&file.path, &file.text)?;
            let reads = reads(&parser, &file)?;
            catalog.exports.insert(name.clone(), Question { name, header, reads, file });
        }
        for (name, file) in by_name(assertions, shown)? {
            let header = AssertionHeader::parse(&file.path, &file.text)?;
            let reads = reads(&parser, &file)?;
            let model = catalog.subject(&name, &file)?;
            catalog.assertions.insert(name.clone(), Assertion { name, model, header, reads, file });
        }
        catalog.check_names()?;
        catalog.order = graph::order(&catalog.models)?;
        catalog.check_sources()?;
        Ok(catalog)
    }

    /// What a name stands for.
    pub fn resolve(&self, name: &str) -> Option<Named<'_>> {
        let raw = self.raw.get(name).map(|table| Named::Raw(table));
        let reference = || self.references.get(name).map(Named::Reference);
        let model = || self.models.get(name).map(Named::Model);
        raw.or_else(reference).or_else(model)
    }

    /// Every name SQL can read.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.raw.keys().chain(self.references.keys()).chain(self.models.keys()).map(String::as_str)
    }

    /// The models that are stored, each after those it reads.
    pub fn marts(&self) -> impl Iterator<Item = &Model> {
        self.order.iter().map(|name| &self.models[name]).filter(|model| !model.is_view())
    }

    /// Stands for the rule of a check: its SQL, and every model and constant behind it. What they say of themselves in comments, and a user's
    /// data, are no part of it.
    fn rule(&self, check: &Check) -> String {
        let mut behind = self.inputs(&check.reads);
        behind.look_through(self, |_| true);
        let models = behind.views.values().chain(behind.marts.values()).map(|model| &model.file);
        let constants = behind.references.values().filter_map(|table| match table {
            Reference::Constants(file) => Some(file),
            Reference::Data(_) => None,
        });
        let files = std::iter::once(&check.file).chain(models).chain(constants);
        digest(files.flat_map(|file| file.text.lines()).filter(|line| !line.trim_start().starts_with("--")))
    }

    /// The model an assertion's file name begins with; the longest, for names of staging models hold `__` themselves.
    fn subject(&self, assertion: &str, file: &SqlFile) -> Result<String, ModelError> {
        let named = |model: &&String| assertion.strip_prefix(model.as_str()).is_some_and(|rest| rest.starts_with("__"));
        self.models
            .keys()
            .filter(named)
            .max_by_key(|model| model.len())
            .cloned()
            .ok_or_else(|| ModelError::AssertionOfNothing { file: file.path.clone() })
    }

    /// Refuses questions that stand on what they do not read.
    fn check_sources(&self) -> Result<(), ModelError> {
        for question in self.questions.values().chain(self.exports.values()) {
            let behind = self.raw_behind(&question.reads);
            if let Some(name) = question.header.sources.iter().find(|name| !behind.contains_key(name.as_str())) {
                let near = behind.into_keys().map(str::to_owned).collect();
                return Err(ModelError::ForeignSource { file: question.file.path.clone(), name: name.clone(), near });
            }
        }
        Ok(())
    }

    /// Refuses names that stand for nothing, and raw tables read by anything but staging.
    fn check_names(&self) -> Result<(), ModelError> {
        let models = self.models.values().map(|model| (&model.file, &model.reads, model.layer() != "staging"));
        let questions = self.questions.values().chain(self.exports.values());
        let questions = questions.map(|question| (&question.file, &question.reads, true));
        let assertions = self.assertions.values().map(|assertion| (&assertion.file, &assertion.reads, false));
        // Checks come first: what reads them all would otherwise be blamed for the one.
        let checks = self.checks.iter().map(|check| (&check.file, &check.reads, true));
        checks
            .chain(models)
            .chain(questions)
            .chain(assertions)
            .try_for_each(|(file, reads, marts_only)| self.check_reads(file, reads, marts_only))
    }

    /// Refuses what a file reads and what is not there, and raw tables where these are not for it.
    ///
    /// # Errors
    /// When it reads such.
    pub fn check_reads(&self, file: &SqlFile, reads: &Reads, marts_only: bool) -> Result<(), ModelError> {
        for name in &reads.tables {
            let (file, name) = (file.path.clone(), name.clone());
            match self.resolve(&name) {
                None => {
                    let near = nearest(&name, self.names());
                    return Err(ModelError::UnknownName { file, name, near });
                }
                Some(Named::Raw(_)) if marts_only => return Err(ModelError::RawRead { file, table: name }),
                Some(_) => {}
            }
        }
        Ok(())
    }
}

fn reads(parser: &Engine, file: &SqlFile) -> Result<Reads, ModelError> {
    Reads::of(parser, Script { name: &file.path, text: file.statement() })?.ok_or_else(|| ModelError::NotAQuery { file: file.path.clone() })
}

/// What the view of all checks reads: it is as long as all of them, and need not be parsed again.
fn all_reads(checks: &[Check]) -> Reads {
    let mut all = Reads::default();
    for check in checks {
        all.tables.extend(check.reads.tables.iter().cloned());
        all.clock |= check.reads.clock;
    }
    all
}

fn read_checks(parser: &Engine, files: Vec<SqlFile>) -> Result<Vec<Check>, ModelError> {
    let named = by_name(files, shown)?.into_iter();
    named
        .map(|(name, file)| {
            let header = CheckHeader::parse(&file.path, &file.text)?;
            let reads = reads(parser, &file)?;
            Ok(Check { name, header, reads, file })
        })
        .collect()
}

fn shown(file: &SqlFile) -> &str {
    &file.path
}

fn by_name<F>(files: Vec<F>, path: fn(&F) -> &str) -> Result<BTreeMap<String, F>, ModelError> {
    let mut named: BTreeMap<String, F> = BTreeMap::new();
    for file in files {
        let name = files::stem(path(&file)).to_owned();
        if let Some(first) = named.get(&name) {
            return Err(ModelError::SameName { first: path(first).to_owned(), second: path(&file).to_owned() });
        }
        named.insert(name, file);
    }
    Ok(named)
}

#[cfg(test)]
mod tests {
    use super::super::fixtures::{assertion, catalog_with, model};
    use super::*;
    use crate::ledger::all_tables;

    #[test]
    fn everything_that_is_built_in_holds_and_a_users_files_join_in_by_being_there() {
        let root = tempfile::tempdir().unwrap();
        let write = |path: &str, text: &str| {
            let path = root.path().join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        };
        let ours = "-- One row.\n-- grain: n\n-- kind: full\n-- owner: us\n-- columns:\n--   n    repositories\nselect count(*) as n from dim_repositories;\n";
        write("models/deep/fct_ours.sql", ours);
        write(
            "questions/ours.sql",
            "-- title: Ours\n-- question: How many?\n-- owner: us\n-- columns:\n--   n    repositories\nselect n from fct_ours\n",
        );
        let catalog = Catalog::load(root.path(), all_tables()).unwrap();
        assert!(catalog.models.contains_key("fct_pull_requests") && catalog.questions.contains_key("ours"));
        let place = |name: &str| catalog.order.iter().position(|model| model == name);
        assert!(place("fct_ours") > place("dim_repositories"));

        write("models/dim_repositories.sql", ours);
        let error = Catalog::load(root.path(), all_tables()).unwrap_err();
        assert_eq!(error.to_string(), "`sql/marts/dim_repositories.sql` and `models/dim_repositories.sql` have the same name");
    }

    #[test]
    fn an_assertion_is_about_the_model_its_name_begins_with() {
        let models = [model("fct_a", "full", "select 1 as id"), model("fct_a__b", "full", "select 1 as id")];
        let catalog = catalog_with(&models, &[], &[assertion("fct_a__b__holds", "fail", "select 1 from fct_a")]).unwrap();
        assert_eq!(catalog.assertions["fct_a__b__holds"].model, "fct_a__b");
        let error = catalog_with(&models, &[], &[assertion("fct_c__holds", "fail", "select 1")]).unwrap_err();
        assert_eq!(error.to_string(), "`sql/assertions/fct_c__holds.sql` is about no model");
    }

    #[test]
    fn a_file_that_is_no_query_is_refused() {
        let error = catalog_with(&[model("fct_a", "full", "create table x (i int)")], &[], &[]).unwrap_err();
        assert_eq!(error.to_string(), "`sql/marts/fct_a.sql` is not a query");
    }
}
