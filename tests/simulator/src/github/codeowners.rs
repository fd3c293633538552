//! How GitHub reads the file that names the owners of code, and what it finds wrong with it.

use crate::company::codeowners::{LIMIT, PLACES};
use crate::company::files::Content;
use crate::company::groups::{self, Level};
use crate::company::present::Present;
use crate::company::repositories::Repository;

/// Something wrong with a line.
pub(crate) struct Problem {
    /// Counted from one.
    pub(crate) line: usize,
    /// Counted from one.
    pub(crate) column: usize,
    /// The whole line.
    pub(crate) source: String,
    /// What kind of mistake it is.
    pub(crate) kind: &'static str,
    /// What might help.
    pub(crate) suggestion: Option<&'static str>,
}

/// The file that counts and its problems; nothing if there is none, or none that can be read.
pub(crate) fn problems(present: &Present, repository: &Repository) -> Option<(&'static str, Vec<Problem>)> {
    let found = |path: &&&str| repository.files.iter().any(|file| file.path == ***path && file.at(present.now).is_some());
    let path = *PLACES.iter().find(found)?;
    let content = repository.files.iter().find(|file| file.path == path)?.at(present.now)?;
    let Content::Text(text) = content else {
        return None;
    };
    if content.size() > LIMIT {
        return None;
    }
    let problems = text.lines().enumerate().filter_map(|(place, line)| problem(present, repository, place + 1, line));
    Some((path, problems.collect()))
}

fn problem(present: &Present, repository: &Repository, number: usize, line: &str) -> Option<Problem> {
    let rule = line.split(" #").next().unwrap_or_default();
    // A space of the pattern is escaped and ends nothing.
    let shown = rule.replace("\\ ", "\u{1}\u{1}");
    let mut words = shown.split_whitespace();
    let pattern = words.next().filter(|pattern| !pattern.starts_with('#'))?;
    let wrong = |kind, word: &str, suggestion| Problem {
        line: number,
        column: shown.find(word).unwrap_or_default() + 1,
        source: line.to_owned(),
        kind,
        suggestion,
    };
    if pattern.starts_with(['!', '[']) || pattern.matches('[').count() != pattern.matches(']').count() {
        return Some(wrong("Invalid pattern", pattern, None));
    }
    words.find_map(|owner| match owner.strip_prefix('@') {
        None if owner.contains('@') => None,
        None => Some(wrong("Invalid owner", owner, Some("put an @ in front of the name"))),
        Some(handle) if is_known(present, repository, handle) => None,
        Some(_) => Some(wrong("Unknown owner", owner, Some("name somebody who exists and may write to the repository"))),
    })
}

/// Whether a team or a person exists and may write. People of the company may: what one cannot do, a team lets them.
fn is_known(present: &Present, repository: &Repository, handle: &str) -> bool {
    let company = &present.company;
    match handle.split_once('/') {
        None => company.people.iter().any(|person| person.login == handle),
        Some((owner, slug)) => {
            let place = company.groups.iter().position(|group| group.slug == slug && !group.secret);
            let access = |place| groups::access_at(&company.groups, place, present.now);
            let writes = |(index, level): &(usize, Level)| *index == repository.index && *level >= Level::Write;
            owner == company.identity.login && place.is_some_and(|place| access(place).iter().any(writes))
        }
    }
}
