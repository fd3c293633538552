//! What guards the branches of a repository in the older of the two ways: a rule for a pattern of names.

use crate::company::flaws::Guard;
use crate::company::groups::Group;
use crate::company::repositories::Repository;
use crate::company::{Period, random};

/// A rule for all branches whose name fits a pattern.
pub(crate) struct Rule {
    /// The vendor's number.
    pub(crate) id: u64,
    /// Names with `*` for anything but a slash.
    pub(crate) pattern: &'static str,
    /// Who has to have looked at a change.
    reviews: Option<Reviews>,
    /// What has to have run.
    pub(crate) checks: Option<Checks>,
    /// Whether commits are signed.
    pub(crate) signatures: bool,
    /// Whether merge commits are kept out.
    pub(crate) linear: bool,
    /// Whether every conversation is over.
    pub(crate) conversations: bool,
    /// Whether those who administer the repository keep to it as well.
    pub(crate) admins_too: bool,
    /// Whether history may be rewritten.
    pub(super) force_pushes: bool,
    /// Whether branches may be deleted.
    pub(crate) deletions: bool,
    /// Whether nobody may create such a branch.
    pub(crate) creations_blocked: bool,
    /// Whether nothing may change at all.
    pub(crate) locked: bool,
    /// The only ones who may push.
    pub(crate) pushers: Option<Vec<Who>>,
    /// Those who may rewrite history when others may not.
    pub(crate) force_pushers: Vec<Who>,
    /// Where it has to run first.
    pub(crate) deployments: Vec<&'static str>,
    /// From when on it wants no reviews any more, and lets history be rewritten.
    relaxed_at: Option<i64>,
}

/// Who has to have looked at a change.
#[derive(Clone)]
pub(crate) struct Reviews {
    /// How many.
    pub(crate) count: u8,
    /// Whether a new commit makes their word void.
    pub(crate) dismiss_stale: bool,
    /// Whether it has to be the owners of the code.
    pub(crate) code_owners: bool,
    /// Whether somebody else than the last author has to be among them.
    pub(crate) last_push: bool,
    /// Who may merge without.
    pub(crate) bypass: Vec<Who>,
    /// The only ones who may dismiss a review.
    pub(crate) dismissers: Option<Vec<Who>>,
}

/// What has to have run.
#[derive(Clone)]
pub(crate) struct Checks {
    /// Whether on the newest state of the branch.
    pub(crate) strict: bool,
    /// The names.
    pub(crate) contexts: Vec<&'static str>,
}

/// Somebody named in a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Who {
    /// Index into the company's people.
    Person(usize),
    /// Index into the company's teams.
    Group(usize),
    /// The company's own automation.
    App,
}

impl Rule {
    /// The reviews it wants at this moment.
    pub(crate) fn reviews(&self, now: i64) -> Option<&Reviews> {
        self.reviews.as_ref().filter(|_| !self.is_relaxed(now))
    }

    /// Whether history may be rewritten at this moment.
    pub(crate) fn allows_force_pushes(&self, now: i64) -> bool {
        self.force_pushes || self.is_relaxed(now)
    }

    fn is_relaxed(&self, now: i64) -> bool {
        self.relaxed_at.is_some_and(|at| at <= now)
    }
}

/// What checks are called.
pub(crate) const CHECKS: [&str; 5] = ["build", "test", "lint", "lamplighter/integration", "security / scan"];

/// The branch that fixes for the older version go to; only services have it.
pub(crate) const RELEASE: &str = "release/2.x";

const DAY: i64 = 86_400;

impl Repository {
    /// Its lasting branches, the default one first.
    pub(crate) fn branches(&self) -> Vec<&'static str> {
        match (self.traits.empty, self.traits.service) {
            (true, _) => Vec::new(),
            (_, true) => vec![self.default_branch, RELEASE],
            _ => vec![self.default_branch],
        }
    }

    /// The rule that counts for a branch: an exact name goes before a pattern, and an earlier rule before a later one.
    pub(crate) fn rule_of(&self, branch: &str) -> Option<&Rule> {
        let exact = self.rules.iter().find(|rule| rule.pattern == branch);
        exact.or_else(|| self.rules.iter().find(|rule| fits(rule.pattern, branch)))
    }
}

/// The rules of a repository, the earliest first.
pub(crate) fn rules(seed: u64, repository: &Repository, groups: &[Group], people: usize, period: &Period) -> Vec<Rule> {
    let traits = &repository.traits;
    let branch = repository.default_branch;
    let patterns = match traits.guard {
        _ if traits.empty => return Vec::new(),
        Guard::Nothing | Guard::Ruleset | Guard::Evaluating | Guard::Disabled | Guard::Excluding | Guard::RulesetBypassed => {
            return Vec::new();
        }
        Guard::Missing => vec!["trunk"],
        Guard::Wildcard => vec!["*", branch],
        Guard::Rule if traits.service && repository.index.is_multiple_of(3) => vec![branch, "release/*"],
        _ => vec![branch],
    };
    let mut rules: Vec<Rule> =
        patterns.iter().enumerate().map(|(place, pattern)| draw(seed, repository, place, pattern, groups, people, period)).collect();
    match traits.guard {
        Guard::Wildcard => {
            count(&mut rules[0], 2);
            count(&mut rules[1], 1);
        }
        Guard::Both => {
            count(&mut rules[0], 1);
            rules[0].checks = Some(Checks { strict: false, contexts: vec![CHECKS[0]] });
        }
        Guard::ChecksOff => rules[0].checks = None,
        Guard::Weak => {
            let rule = &mut rules[0];
            (rule.reviews, rule.checks, rule.force_pushes, rule.deletions) = (None, None, true, true);
            (rule.signatures, rule.linear, rule.conversations, rule.admins_too, rule.locked) = (false, false, false, false, false);
            rule.deployments.clear();
        }
        _ => {}
    }
    rules
}

fn draw(seed: u64, repository: &Repository, place: usize, pattern: &'static str, groups: &[Group], people: usize, period: &Period) -> Rule {
    let mut rng = random::rng(seed, "rule", &[repository.index as u64, place as u64]);
    let mut chance = |probability| random::chance(&mut rng, probability);
    let (stale, owners, last_push, strict) = (chance(0.6), chance(0.5), chance(0.25), chance(0.6));
    let (signatures, linear, conversations, admins_too) = (chance(0.15), chance(0.4), chance(0.45), chance(0.6));
    let (locked, pushes, dismissals, deployments) = (chance(0.02), chance(0.12), chance(0.15), chance(0.08));
    let checks = chance(0.8) || repository.traits.guard != Guard::Rule;
    let bypassed = repository.traits.guard == Guard::Bypassed;
    let person = Who::Person(rng.usize(..people));
    // Whoever is named here is a team that the company has, or nobody would be able to push.
    let group = Who::Group(rng.usize(..groups.len().min(12)));
    let contexts = CHECKS.iter().copied().take(rng.usize(1..=CHECKS.len())).collect();
    Rule {
        id: repository.owner.number(31_400_000, 8, repository.index) + place as u64,
        pattern,
        reviews: Some(Reviews {
            count: if rng.u32(0..4) == 0 { 2 } else { 1 },
            dismiss_stale: stale,
            code_owners: owners,
            last_push,
            bypass: if bypassed { vec![person, group, Who::App] } else { Vec::new() },
            dismissers: dismissals.then(|| vec![group]),
        }),
        checks: checks.then_some(Checks { strict, contexts }),
        signatures,
        linear,
        conversations,
        admins_too: admins_too && !bypassed,
        force_pushes: false,
        deletions: false,
        creations_blocked: pushes && pattern.contains('*'),
        locked,
        pushers: pushes.then(|| vec![group, Who::App]),
        force_pushers: if bypassed { vec![Who::App] } else { Vec::new() },
        deployments: if deployments { vec!["staging"] } else { Vec::new() },
        relaxed_at: (repository.traits.relaxed && place == 0).then(|| period.now + rng.i64(DAY..5 * DAY)),
    }
}

fn count(rule: &mut Rule, count: u8) {
    if let Some(reviews) = &mut rule.reviews {
        reviews.count = count;
    }
}

/// Whether a name fits a pattern: `*` is anything but a slash, `**/` is any number of folders, `?` is one letter.
pub(crate) fn fits(pattern: &str, name: &str) -> bool {
    if let Some(rest) = pattern.strip_prefix("**/") {
        let mut folders = name.match_indices('/').map(|(place, _)| &name[place + 1..]);
        return fits(rest, name) || folders.any(|below| fits(rest, below));
    }
    let mut letters = pattern.chars();
    match letters.next() {
        None => name.is_empty(),
        Some('*') => {
            let longest = name.find('/').unwrap_or(name.len());
            let mut ends = name.char_indices().map(|(place, _)| place).chain([name.len()]);
            ends.any(|end| end <= longest && fits(letters.as_str(), &name[end..]))
        }
        Some(letter) => name
            .chars()
            .next()
            .is_some_and(|first| (letter == first || (letter == '?' && first != '/')) && fits(letters.as_str(), &name[first.len_utf8()..])),
    }
}

#[cfg(test)]
mod tests {
    use super::fits;

    #[test]
    fn patterns_stop_at_slashes() {
        for (pattern, name) in [("*", "main"), ("release/*", "release/2.x"), ("**/*", "a/b/c"), ("ma?n", "main"), ("*-api", "lamp-api")] {
            assert!(fits(pattern, name), "{pattern} {name}");
        }
        for (pattern, name) in [("*", "release/2.x"), ("release/*", "release/2/x"), ("main", "mainly"), ("ma?n", "man")] {
            assert!(!fits(pattern, name), "{pattern} {name}");
        }
    }
}
