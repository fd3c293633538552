//! Real pull requests from a CSV file, as one more repository named after the file.
//!
//! Columns: `pr,merge_sha,merged_at,first_authored_at,commits,additions,deletions,files`, times in Unix seconds. Numbers, sizes,
//! merge commits and both times are kept exactly, also where they contradict each other. What the file does not say is
//! either drawn (who, which words) or absent (no reviews, no comments): a test may compute its expectation from the file alone.

use std::path::Path;
use std::sync::OnceLock;

use csv::{ReaderBuilder, StringRecord};

use crate::company::flaws::Traits;
use crate::company::properties::Properties;
use crate::company::pulls::{Commit, Outcome, Pull, Purpose};
use crate::company::random;
use crate::company::repositories::{self, Repository, Visibility};
use crate::company::work::Work;
use crate::error::SimulatorError;

const COLUMNS: [&str; 8] = ["pr", "merge_sha", "merged_at", "first_authored_at", "commits", "additions", "deletions", "files"];

/// Reads the file. `index` is the repository's place in the company, `sequence` the first free place for a pull request.
pub(crate) fn repository(path: &Path, work: &Work<'_>, index: usize, sequence: u32) -> Result<Repository, SimulatorError> {
    let mut repository = empty(path, work, index);
    let wrong =
        |line: u64, column: &str, reason: String| SimulatorError::Csv { path: path.to_path_buf(), line, column: column.to_owned(), reason };
    let mut reader = ReaderBuilder::new().from_path(path).map_err(|error| wrong(1, COLUMNS[0], error.to_string()))?;
    let header = reader.headers().map_err(|error| wrong(1, COLUMNS[0], error.to_string()))?;
    for (place, column) in COLUMNS.iter().enumerate() {
        if header.get(place) != Some(column) {
            return Err(wrong(1, column, format!("the header has `{}` here", header.get(place).unwrap_or(""))));
        }
    }
    for (place, record) in reader.records().enumerate() {
        let record = record.map_err(|error| {
            let line = error.position().map_or(place as u64 + 2, csv::Position::line);
            wrong(line, COLUMNS[COLUMNS.len() - 1], error.to_string())
        })?;
        let line = record.position().map_or(place as u64 + 2, csv::Position::line);
        let pull = pull(work, &repository, sequence + place as u32, &record).map_err(|(column, reason)| wrong(line, column, reason))?;
        repository.pulls.push(pull);
    }
    repository.pulls.sort_by_key(|pull| pull.number);
    if let Some(twice) = repository.pulls.windows(2).find(|pair| pair[0].number == pair[1].number) {
        return Err(wrong(0, COLUMNS[0], format!("pull request {} comes twice", twice[0].number)));
    }
    if let Some(first) = repository.pulls.iter().map(|pull| pull.created_at).min() {
        repository.created_at = repository.created_at.min(first - 86_400);
        repository.pushed_before = Some(repository.created_at + 600);
    }
    Ok(repository)
}

/// One row; the error names the column.
fn pull(work: &Work<'_>, repository: &Repository, sequence: u32, record: &StringRecord) -> Result<Pull, (&'static str, String)> {
    let field = |place: usize| record.get(place).unwrap_or("");
    let number = |place: usize| -> Result<i64, (&'static str, String)> {
        field(place).parse().map_err(|_| (COLUMNS[place], format!("`{}` is no whole number", field(place))))
    };
    let count = |place: usize| -> Result<u32, (&'static str, String)> {
        u32::try_from(number(place)?).map_err(|_| (COLUMNS[place], format!("`{}` is out of range", field(place))))
    };
    let (id, merged_at, first_authored_at) = (count(0)?, number(2)?, number(3)?);
    let mut rng = random::rng(work.seed, "real", &[u64::from(id)]);
    let author = work.colleague(&mut rng, repository);
    let commits = i64::from(count(4)?);
    // Between the first commit and the merge; where the clock of the author ran ahead, all of them at its time.
    let step = (merged_at - first_authored_at).max(0) / commits.max(1);
    let commits: Vec<Commit> = (0..commits)
        .map(|place| {
            let at = first_authored_at + step * place;
            Commit { authored_at: at, committed_at: at, pushed_at: at.min(merged_at), author, merges: false }
        })
        .collect();
    Ok(Pull {
        sequence,
        number: id,
        words: rng.u64(..),
        purpose: Purpose::Change,
        author,
        created_at: first_authored_at,
        outcome: Outcome::Merged { at: merged_at, by: work.colleague(&mut rng, repository) },
        opened_as_draft: false,
        draft_changes: Box::default(),
        commits: commits.into(),
        reviews: Box::default(),
        comments: Box::default(),
        additions: count(5)?,
        deletions: count(6)?,
        files: count(7)?,
        labels: 0,
        from_deleted_fork: false,
        merge_sha: Some(sha(field(1)).ok_or_else(|| (COLUMNS[1], format!("`{}` is no commit", field(1))))?),
    })
}

/// Forty hexadecimal digits as bytes.
fn sha(digits: &str) -> Option<[u8; 20]> {
    let mut bytes = [0; 20];
    if digits.len() != 40 || !digits.is_ascii() {
        return None;
    }
    for (place, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(&digits[2 * place..2 * place + 2], 16).ok()?;
    }
    Some(bytes)
}

/// The repository before its pull requests: public, and nothing special.
fn empty(path: &Path, work: &Work<'_>, index: usize) -> Repository {
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    let name: String =
        stem.chars().map(|letter| if letter.is_ascii_alphanumeric() || "-_.".contains(letter) { letter } else { '-' }).collect();
    let traits = Traits { public: true, ..Traits::default() };
    Repository {
        owner: work.owner,
        former_names: Vec::new(),
        deleted: false,
        index,
        id: repositories::number(work.owner, index),
        description: Some("Pull requests that really happened".to_owned()),
        team: 0,
        traits,
        visibility: Visibility::Public,
        created_at: work.period.start - 365 * 86_400,
        archived_at: None,
        pushed_before: Some(work.period.start - 364 * 86_400),
        default_branch: "main",
        language: Some("Ruby"),
        license: Some(("MIT", "mit", "MIT License")),
        topics: Vec::new(),
        settings: random::mix(work.seed),
        size: 300_000,
        stars: 1_000,
        forks: 100,
        properties: Properties::draw(work.seed, index, &name, 0, &traits, work.teams, work.period),
        pulls: Vec::new(),
        pushes: Vec::new(),
        alerts: Vec::new(),
        files: Vec::new(),
        rules: Vec::new(),
        findings: Vec::new(),
        leaks: Vec::new(),
        runs: OnceLock::new(),
        deployments: OnceLock::new(),
        releases: OnceLock::new(),
        name,
    }
}
