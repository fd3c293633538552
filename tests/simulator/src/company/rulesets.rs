//! What guards branches in the newer of the two ways: sets of rules that a repository or the whole organisation has, with conditions,
//! with people who may pass, and with a way to try them out first.

use crate::company::flaws::Guard;
use crate::company::groups::Group;
use crate::company::identity::Identity;
use crate::company::properties::Value;
use crate::company::protection::{CHECKS, Checks, Who, fits};
use crate::company::repositories::Repository;
use crate::company::{Period, groups, random};

/// A set of rules.
pub(crate) struct Ruleset {
    /// The vendor's number.
    pub(crate) id: u64,
    /// Its name.
    pub(crate) name: &'static str,
    /// The repository it belongs to, by index; the organisation's has none.
    pub(crate) repository: Option<usize>,
    /// Whether it is about tags and not about branches.
    pub(crate) of_tags: bool,
    /// How seriously it is meant, from when on; the earliest first.
    enforcement: Vec<(i64, Enforcement)>,
    /// The names it is for.
    pub(crate) include: Vec<&'static str>,
    /// The names among those that it is not for.
    pub(crate) exclude: Vec<&'static str>,
    /// The repositories it is for.
    pub(crate) scope: Scope,
    /// Who may pass.
    pub(crate) bypass: Vec<Bypass>,
    /// What it wants.
    pub(crate) demands: Vec<Demand>,
    /// When it was made.
    pub(crate) created_at: i64,
}

/// How seriously a set is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Enforcement {
    /// It holds.
    Active,
    /// It only writes down what it would have stopped.
    Evaluate,
    /// It is switched off.
    Disabled,
}

/// The repositories a set is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Scope {
    /// The one that it belongs to.
    Own,
    /// Those whose name fits one of the first and none of the second.
    Names(Vec<&'static str>, Vec<&'static str>),
    /// Those with this value of a custom property.
    Property(&'static str, &'static str),
}

/// Somebody who may pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Bypass {
    pub(crate) who: Bypasser,
    /// Whether only through a pull request.
    pub(crate) by_pull_request: bool,
}

/// Who may pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Bypasser {
    /// Whoever owns the organisation.
    OrganizationAdmin,
    /// Whoever has this role in the repository: its number and its name.
    Role(u32, &'static str),
    /// Whoever holds a key to deploy.
    DeployKey,
    /// A team or an app.
    Named(Who),
}

/// One thing that a set wants.
#[derive(Clone)]
pub(crate) enum Demand {
    /// So many reviews.
    Reviews { count: u8, dismiss_stale: bool, code_owners: bool, last_push: bool, conversations: bool },
    /// That these have run.
    Checks(Checks),
    /// No merge commits.
    Linear,
    /// Signed commits.
    Signatures,
    /// That nobody deletes it.
    NoDeletion,
    /// That nobody rewrites history.
    NoForcePush,
    /// That nobody makes such a branch or tag.
    NoCreation,
    /// That nobody changes it, but to follow the original of a fork.
    NoUpdate,
}

impl Ruleset {
    /// How seriously it is meant at this moment.
    pub(crate) fn enforcement(&self, now: i64) -> Enforcement {
        self.enforcement.iter().rev().find(|(from, _)| *from <= now).map_or(Enforcement::Disabled, |(_, enforcement)| *enforcement)
    }

    /// When it last changed.
    pub(crate) fn updated_at(&self, now: i64) -> i64 {
        self.enforcement.iter().rev().map(|(from, _)| *from).find(|from| *from <= now).unwrap_or(self.created_at).max(self.created_at)
    }

    /// Whether it is for this repository at this moment.
    pub(crate) fn is_for(&self, repository: &Repository, now: i64) -> bool {
        match &self.scope {
            Scope::Own => self.repository == Some(repository.index),
            Scope::Names(include, exclude) => {
                let among = |names: &[&str]| names.iter().any(|name| *name == ALL || fits(name, &repository.name));
                among(include) && !among(exclude)
            }
            Scope::Property(name, value) => {
                repository.properties.at(now).iter().any(|(known, is)| known == name && *is == Value::One(value))
            }
        }
    }

    /// Whether it holds for a branch of this repository at this moment.
    pub(crate) fn holds_for(&self, repository: &Repository, branch: &str, now: i64) -> bool {
        let full = format!("refs/heads/{branch}");
        let among = |names: &[&str]| {
            names.iter().any(|name| match *name {
                ALL => true,
                DEFAULT_BRANCH => branch == repository.default_branch,
                pattern => fits(pattern, &full),
            })
        };
        // Without a name to include, everything but the excluded is meant; without any name, nothing is.
        let included = among(&self.include) || (self.include.is_empty() && !self.exclude.is_empty());
        let meant = included && !among(&self.exclude);
        !self.of_tags && meant && self.enforcement(now) == Enforcement::Active && self.is_for(repository, now)
    }
}

/// Stands for every name.
pub(crate) const ALL: &str = "~ALL";
/// Stands for the name of the default branch.
pub(crate) const DEFAULT_BRANCH: &str = "~DEFAULT_BRANCH";
/// The repository that the set for its like leaves out.
const LEFT_OUT: &str = "tide-terraform";
const DAY: i64 = 86_400;

/// Every set, the organisation's first.
pub(crate) fn rulesets(owner: &Identity, seed: u64, groups: &[Group], repositories: &[Repository], period: &Period) -> Vec<Ruleset> {
    let own = repositories.iter().filter_map(|repository| of_repository(seed, groups, repository, period));
    of_organization(owner, groups, period).into_iter().chain(own).collect()
}

fn of_organization(owner: &Identity, groups: &[Group], period: &Period) -> Vec<Ruleset> {
    let created_at = period.start - 100 * DAY;
    let set = |place: usize, name, enforcement, scope, demands: Vec<Demand>| Ruleset {
        id: owner.number(7_100_000, 31, place),
        name,
        repository: None,
        of_tags: false,
        enforcement: vec![(created_at, enforcement)],
        include: vec![DEFAULT_BRANCH],
        exclude: Vec::new(),
        scope,
        bypass: Vec::new(),
        demands,
        created_at,
    };
    let everywhere = || Scope::Names(vec![ALL], Vec::new());
    let auditors = groups.iter().position(|group| group.slug == groups::SECRET).unwrap_or_default();
    vec![
        set(
            0,
            "gateways",
            Enforcement::Active,
            Scope::Names(vec!["*-gateway"], Vec::new()),
            vec![reviews(1, false), Demand::NoDeletion, Demand::NoForcePush],
        ),
        Ruleset {
            bypass: vec![Bypass { who: Bypasser::OrganizationAdmin, by_pull_request: true }],
            include: vec![DEFAULT_BRANCH, "refs/heads/release/**/*"],
            ..set(
                1,
                "card-data",
                Enforcement::Active,
                Scope::Property("pci_scope", "in-scope"),
                vec![reviews(2, true), checks(true, 4), Demand::Signatures, Demand::NoDeletion, Demand::NoForcePush],
            )
        },
        Ruleset {
            bypass: vec![
                Bypass { who: Bypasser::Named(Who::App), by_pull_request: false },
                Bypass { who: Bypasser::Named(Who::Group(auditors)), by_pull_request: true },
                Bypass { who: Bypasser::DeployKey, by_pull_request: false },
                Bypass { who: Bypasser::Role(5, "admin"), by_pull_request: false },
            ],
            ..set(
                2,
                "terraform",
                Enforcement::Active,
                Scope::Names(vec!["*-terraform"], vec![LEFT_OUT]),
                vec![reviews(1, true), Demand::Linear],
            )
        },
        Ruleset {
            enforcement: vec![(created_at, Enforcement::Evaluate), (period.now + 5 * DAY, Enforcement::Active)],
            ..set(3, "two-keepers-everywhere", Enforcement::Evaluate, everywhere(), vec![reviews(2, false), Demand::NoForcePush])
        },
        set(4, "gas-lamp-era", Enforcement::Disabled, everywhere(), vec![reviews(6, true), checks(true, 1), Demand::NoUpdate]),
        Ruleset {
            of_tags: true,
            include: vec!["refs/tags/v*"],
            ..set(5, "release-tags", Enforcement::Active, everywhere(), vec![Demand::NoDeletion, Demand::NoCreation])
        },
    ]
}

fn of_repository(seed: u64, groups: &[Group], repository: &Repository, period: &Period) -> Option<Ruleset> {
    let guard = repository.traits.guard;
    let mut rng = random::rng(seed, "ruleset", &[repository.index as u64]);
    let created_at = period.start - rng.i64(1..90) * DAY;
    let (code_owners, strict, by_name) = (random::chance(&mut rng, 0.5), random::chance(&mut rng, 0.5), random::chance(&mut rng, 0.3));
    let enforcement = match guard {
        _ if repository.traits.empty => return None,
        Guard::Ruleset | Guard::Both | Guard::Excluding | Guard::RulesetBypassed => Enforcement::Active,
        Guard::Evaluating => Enforcement::Evaluate,
        Guard::Disabled => Enforcement::Disabled,
        _ => return None,
    };
    let team = repository.properties.team(i64::MIN).and_then(|slug| groups.iter().position(|group| group.slug == slug));
    let (include, exclude) = match guard {
        Guard::Excluding => (vec![ALL], vec![DEFAULT_BRANCH]),
        _ if by_name => (vec!["refs/heads/main", "refs/heads/master", "refs/heads/release/*"], Vec::new()),
        _ => (vec![DEFAULT_BRANCH], Vec::new()),
    };
    let pass = |who, by_pull_request| Bypass { who, by_pull_request };
    let mut bypass = Vec::new();
    if guard == Guard::RulesetBypassed {
        bypass.push(pass(Bypasser::OrganizationAdmin, false));
        bypass.push(pass(Bypasser::Role(2, "maintain"), true));
        bypass.extend(team.map(|team| pass(Bypasser::Named(Who::Group(team)), true)));
        bypass.push(pass(Bypasser::Named(Who::App), false));
        bypass.push(pass(Bypasser::DeployKey, false));
    }
    let count = if guard == Guard::Both { 2 } else { 1 };
    Some(Ruleset {
        id: repository.owner.number(7_200_000, 17, repository.index),
        name: if guard == Guard::Excluding { "side branches" } else { "default branch" },
        repository: Some(repository.index),
        of_tags: false,
        enforcement: vec![(created_at, enforcement)],
        include,
        exclude,
        scope: Scope::Own,
        bypass,
        demands: vec![
            reviews(count, code_owners),
            checks(strict || guard == Guard::Both, rng.usize(1..4)),
            Demand::NoDeletion,
            Demand::NoForcePush,
        ],
        created_at,
    })
}

fn reviews(count: u8, code_owners: bool) -> Demand {
    Demand::Reviews { count, dismiss_stale: count > 1, code_owners, last_push: count > 1, conversations: code_owners }
}

fn checks(strict: bool, count: usize) -> Demand {
    Demand::Checks(Checks { strict, contexts: CHECKS.iter().copied().rev().take(count).collect() })
}
