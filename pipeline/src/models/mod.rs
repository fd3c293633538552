//! The SQL models: their files, what they read, what of them is stale, and how they are built, audited and published.
//!
//! A model is one `.sql` file that runs unchanged in the DuckDB shell. [`catalog`] knows all files, [`plan`] what is stale, [`build`] makes
//! it so that nothing is; [`reader`] opens the lake for questions. Nothing here knows how a raw table came about.

pub mod answer;
pub mod audit;
pub mod build;
pub mod catalog;
pub mod declare;
pub mod declared;
pub mod files;
#[cfg(test)]
pub(crate) mod fixtures;
pub mod graph;
pub mod header;
pub mod past;
pub mod plan;
pub mod reader;
pub mod reads;
#[cfg(test)]
mod runner_tests;
#[cfg(test)]
mod snapshot_tests;
pub mod sources;
pub mod stamp;
pub mod trial;
pub mod workbench;

use crate::{
    engine::{EngineError, Fault},
    exit::{Exit, Failure},
    lake::LakeError,
};

/// What keeps models from being built or read.
#[derive(Debug, thiserror::Error)]
pub enum ModelError {
    /// A header is wrong.
    #[error(transparent)]
    Header(#[from] header::HeaderError),
    /// A file cannot be read.
    #[error(transparent)]
    File(#[from] files::FileError),
    /// A statement failed.
    #[error(transparent)]
    Engine(#[from] EngineError),
    /// The lake failed.
    #[error(transparent)]
    Lake(#[from] LakeError),
    /// A reference table is not CSV.
    #[error("`{file}` is not CSV with a header")]
    Reference {
        /// The file.
        file: String,
        /// Why not.
        source: arrow::error::ArrowError,
    },
    /// A user's file is no such table.
    #[error("could not read `{file}` as a table")]
    Data {
        /// The file.
        file: String,
        /// The columns that it must have, if any.
        needs: String,
        /// What DuckDB says of it.
        source: Fault,
    },
    /// A file holds something other than one query.
    #[error("`{file}` is not a query")]
    NotAQuery {
        /// The file.
        file: String,
    },
    /// Two files have one name.
    #[error("`{first}` and `{second}` have the same name")]
    SameName {
        /// The one.
        first: String,
        /// The other.
        second: String,
    },
    /// A file reads something that is not there.
    #[error("`{file}` reads `{name}`, which is not there")]
    UnknownName {
        /// The file.
        file: String,
        /// What it reads.
        name: String,
        /// Names like it.
        near: Vec<String>,
    },
    /// A question stands on a raw table that it does not read.
    #[error("`{file}` names `{name}` among its sources, and does not read it")]
    ForeignSource {
        /// The file.
        file: String,
        /// The source.
        name: String,
        /// What it reads.
        near: Vec<String>,
    },
    /// A file that is not staging reads a raw table.
    #[error("`{file}` reads the raw table `{table}`")]
    RawRead {
        /// The file.
        file: String,
        /// The table.
        table: String,
    },
    /// Models read each other.
    #[error("the models read each other in a circle: {path}")]
    Cycle {
        /// The circle.
        path: String,
    },
    /// An assertion's name begins with no model's.
    #[error("`{file}` is about no model")]
    AssertionOfNothing {
        /// The file.
        file: String,
    },
    /// A name stands for nothing.
    #[error("there is no {what} `{name}`")]
    Unknown {
        /// What it should be: a model, or anything that has columns.
        what: &'static str,
        /// The name.
        name: String,
        /// Names like it.
        near: Vec<String>,
    },
    /// A question is not asked with such a parameter.
    #[error("`{question}` has no parameter `{name}`")]
    UnknownParam {
        /// The question.
        question: String,
        /// What was given.
        name: String,
        /// What it has.
        params: Vec<String>,
    },
    /// A question is not there.
    #[error("there is no question `{name}`")]
    UnknownQuestion {
        /// What was asked.
        name: String,
        /// Names like it.
        near: Vec<String>,
    },
    /// A stored model has no file in the lake.
    #[error("`{name}` has not been built")]
    NeverBuilt {
        /// The model.
        name: String,
    },
}

impl ModelError {
    /// What the user can do about it.
    pub fn hint(&self) -> Option<String> {
        let did_you_mean = |near: &[String]| {
            let near: Vec<String> = near.iter().map(|name| format!("`{name}`")).collect();
            (!near.is_empty()).then(|| format!("did you mean {}?", near.join(" or ")))
        };
        match self {
            Self::Header(error) => Some(error.remedy.clone()),
            Self::Lake(error) => error.hint(),
            Self::NotAQuery { .. } => Some("write one `select`, after its header".to_owned()),
            Self::SameName { second, .. } => Some(format!("rename `{second}`: a name stands for one file, built in or yours")),
            Self::ForeignSource { near, .. } => Some(format!("it reads {}", near.join(", "))),
            Self::UnknownName { near, .. } => did_you_mean(near).or_else(|| Some("`almanac tables` lists what can be read".to_owned())),
            Self::RawRead { table, .. } => {
                Some(format!("read `stg_{}` instead: only staging reads raw tables", table.replacen('.', "__", 1)))
            }
            Self::Cycle { .. } => Some("move what both need into a model of its own".to_owned()),
            Self::AssertionOfNothing { .. } => Some("name the file `<model>__<what_it_asserts>.sql`".to_owned()),
            Self::Unknown { near, .. } => did_you_mean(near).or_else(|| Some("`almanac tables` lists what there is".to_owned())),
            Self::UnknownParam { params, .. } if params.is_empty() => Some("it takes none".to_owned()),
            Self::UnknownParam { params, .. } => Some(format!("it takes {}", params.join(", "))),
            Self::UnknownQuestion { near, .. } => did_you_mean(near).or_else(|| Some("`almanac ask` lists the questions".to_owned())),
            Self::NeverBuilt { .. } => Some("run `almanac build`".to_owned()),
            Self::Data { needs, .. } => (!needs.is_empty()).then(|| format!("it must have the columns {needs}")),
            Self::File(_) | Self::Engine(_) | Self::Reference { .. } => None,
        }
    }
}

impl From<declared::DeclaredError> for ModelError {
    fn from(error: declared::DeclaredError) -> Self {
        match error {
            declared::DeclaredError::File(error) => Self::File(error),
            declared::DeclaredError::Line(error) => Self::Header(error),
        }
    }
}

impl From<ModelError> for Failure {
    fn from(error: ModelError) -> Self {
        let exit = match &error {
            ModelError::Lake(_) | ModelError::Engine(_) | ModelError::NeverBuilt { .. } => Exit::Failed,
            _ => Exit::Usage,
        };
        let hint = error.hint();
        Self { exit, hint, error: error.into() }
    }
}

/// The names most like one that is not there: those a slip of the keyboard or a forgotten word away.
pub fn nearest<'n>(name: &str, names: impl Iterator<Item = &'n str>) -> Vec<String> {
    let mut near: Vec<(usize, &str)> = names
        .map(|candidate| (distance(name, candidate), candidate))
        .filter(|(distance, candidate)| *distance <= 1 + candidate.len() / 4 || candidate.contains(name))
        .collect();
    near.sort_unstable();
    near.into_iter().take(3).map(|(_, name)| name.to_owned()).collect()
}

/// How many letters must be put in, left out or exchanged to make one text the other.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut corner = row[0];
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let exchanged = corner + usize::from(x != *y);
            corner = row[j + 1];
            row[j + 1] = exchanged.min(row[j] + 1).min(corner + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_like_the_one_meant_are_offered() {
        let names = ["fct_pull_requests", "fct_security_alerts", "pci-dependabot", "dim_repositories"];
        let near = |name: &str| nearest(name, names.into_iter());
        assert_eq!(near("fct_pull_request"), ["fct_pull_requests"]);
        assert_eq!(near("dependabot"), ["pci-dependabot"]);
        assert_eq!(near("costs"), [] as [&str; 0]);
    }
}
