//! Who must own a repository, and what must be found wrong in the file that says so, read here line by line from the text itself.

use std::collections::{BTreeMap, BTreeSet};

use super::asked::{Repository, Team, number, text};

/// The most bytes that GitHub reads.
const LIMIT: i64 = 3 * 1024 * 1024;
const WRITERS: [&str; 3] = ["write", "maintain", "admin"];

/// What the facts must say of one repository.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Expected {
    pub(super) status: &'static str,
    pub(super) path: Option<&'static str>,
    /// As `line: finding`.
    pub(super) findings: BTreeSet<String>,
    pub(super) is_owned: bool,
}

pub(super) fn expected(repository: &Repository, teams: &BTreeMap<String, Team>) -> Expected {
    let places = [("places", ".github/CODEOWNERS"), ("root", "CODEOWNERS"), ("docs", "docs/CODEOWNERS")];
    let file = places.into_iter().find(|(place, _)| repository.node[place].is_object());
    let (mut findings, mut is_named) = (BTreeSet::new(), false);
    let status = match file {
        None => "none",
        Some((place, _)) if number(&repository.node[place]["byteSize"]) > LIMIT => "too_large",
        Some((place, _)) => {
            (findings, is_named) = read(repository, teams, &text(&repository.node[place]["text"]));
            if findings.is_empty() { "valid" } else { "broken" }
        }
    };
    let may_write =
        |team: &Team| !team.is_secret && team.roles.get(&repository.full_name).is_some_and(|role| WRITERS.contains(&role.as_str()));
    let is_owned = is_named || repository.properties.get("team").is_some_and(|team| team.is_string()) || teams.values().any(may_write);
    Expected { status, path: file.map(|(_, path)| path), findings, is_owned }
}

/// What is wrong in a file, and whether a line that counts names an owner with nothing wrong.
fn read(repository: &Repository, teams: &BTreeMap<String, Team>, content: &str) -> (BTreeSet<String>, bool) {
    let mut errors: BTreeMap<usize, Vec<String>> = BTreeMap::new();
    for error in repository.node["codeowners"]["errors"].as_array().into_iter().flatten() {
        errors.entry(number(&error["line"]) as usize).or_default().push(text(&error["kind"]));
    }
    let (mut findings, mut is_named) = (BTreeSet::new(), false);
    for (place, line) in content.lines().enumerate() {
        let line = line.split(" #").next().unwrap_or_default().trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let told = errors.remove(&(place + 1)).unwrap_or_default();
        // A space of the pattern is escaped and ends nothing.
        let whole = line.replace("\\ ", "\u{1}");
        let (pattern, owners) = whole.split_once(' ').unwrap_or((&whole, ""));
        let is_no_rule = told.iter().any(|kind| kind != "Unknown owner") || pattern.starts_with(['[', '!']);
        let is_unknown = told.iter().any(|kind| kind == "Unknown owner");
        let mut wrong: Vec<Option<&str>> = owners.split_whitespace().map(|owner| of_team(repository, teams, owner)).collect();
        let is_explained = wrong.iter().any(Option::is_some);
        for (owner, wrong) in owners.split_whitespace().zip(&mut wrong) {
            if is_no_rule || !owner.contains('@') {
                *wrong = Some("syntax_error");
            } else if !owner.contains('/') && is_unknown && !is_explained {
                *wrong = Some("user_unknown_or_no_write");
            }
        }
        findings.extend(wrong.iter().flatten().map(|wrong| format!("{}: {wrong}", place + 1)));
        // Where a line is about every file nothing above it counts.
        is_named = wrong.iter().any(Option::is_none) || (is_named && pattern != "*");
    }
    (findings, is_named)
}

/// What is wrong with an owner, if it is a team.
fn of_team(repository: &Repository, teams: &BTreeMap<String, Team>, owner: &str) -> Option<&'static str> {
    let (_, slug) = owner.strip_prefix('@')?.split_once('/')?;
    let Some(team) = teams.get(slug) else { return Some("team_unknown") };
    match team.roles.get(&repository.full_name) {
        _ if team.is_secret => Some("team_not_visible"),
        Some(role) if WRITERS.contains(&role.as_str()) => None,
        Some(_) => Some("team_no_write"),
        None => Some("team_no_access"),
    }
}
