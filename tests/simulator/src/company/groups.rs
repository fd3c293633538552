//! Who may do what where: the teams as the code host has them, with nesting, members and access to repositories.
//!
//! The twelve teams that people belong to are among them, under a parent. The others are the usual rest: an on-call rota, auditors,
//! a team kept secret, and one whose people have all gone while its access stayed.

use crate::company::flaws::Pci;
use crate::company::identity::Identity;
use crate::company::monorepo::{SERVICES, team};
use crate::company::people::{Person, Team};
use crate::company::repositories::Repository;
use crate::company::{Period, random};

/// What a team may do with a repository, the weakest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Level {
    /// Look at it.
    Read,
    /// Sort its issues.
    Triage,
    /// Change its code.
    Write,
    /// Change most of its settings.
    Maintain,
    /// Everything.
    Admin,
}

/// A team.
pub(crate) struct Group {
    /// The vendor's number.
    pub(crate) id: u64,
    /// The name in URLs.
    pub(crate) slug: &'static str,
    /// The name shown.
    pub(crate) name: String,
    /// What it is for; some say nothing.
    pub(crate) description: Option<&'static str>,
    /// Whether only its members and owners of the organisation see it.
    pub(crate) secret: bool,
    /// Index of the team around it.
    pub(crate) parent: Option<usize>,
    /// When it was made.
    pub(crate) created_at: i64,
    /// When its name or settings last changed.
    pub(crate) updated_at: i64,
    /// Its own people, by number of account.
    members: Vec<Membership>,
    /// What it may do itself, by repository.
    grants: Vec<Grant>,
}

/// A person's time in a team.
#[derive(Clone, Copy, Debug)]
struct Membership {
    person: usize,
    leads: bool,
    from: i64,
    until: Option<i64>,
}

/// What a team may do with one repository, and since when.
#[derive(Clone, Copy, Debug)]
struct Grant {
    repository: usize,
    level: Level,
    from: i64,
}

/// A member at one moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Member {
    /// Index into the company's people.
    pub(crate) person: usize,
    /// Whether they look after the team.
    pub(crate) leads: bool,
    /// Whether they are in a team below this one only.
    pub(crate) inherited: bool,
}

/// Slug of the team around the product teams.
pub(crate) const PARENT: &str = "lighthouse-engineering";
/// Slug of a team inside a team inside a team.
pub(crate) const ROTA: &str = "lamp-platform-oncall";
/// Slug of the team that may read every service and change none.
pub(crate) const AUDITORS: &str = "harbour-auditors";
/// Slug of the secret team; it administers what card data passes through.
pub(crate) const SECRET: &str = "quiet-harbour-response";
/// Slug of the team without people; it still maintains three repositories.
pub(crate) const DESERTED: &str = "gas-lamp-migration";

/// The others: slug, description, whether secret, slug of the parent.
pub(super) const OTHERS: [(&str, Option<&str>, bool, Option<&str>); 5] = [
    (PARENT, Some("Everyone who winds clockwork"), false, None),
    (ROTA, Some("Whoever holds the bell this week"), false, Some("lamp-platform")),
    (AUDITORS, Some("Counts the lamps once a year"), false, None),
    (SECRET, Some("Nobody should know that this exists"), true, None),
    (DESERTED, None, false, Some(PARENT)),
];

/// Product teams outside the parent, as if nobody had moved them there.
const OUTSIDE: [&str; 2] = ["visitor-centre", "oil-supply"];

const DAY: i64 = 86_400;

/// The teams, with the access they have to these repositories.
pub(crate) fn groups(
    owner: &Identity,
    seed: u64,
    teams: &[Team],
    people: &[Person],
    repositories: &[Repository],
    period: &Period,
) -> Vec<Group> {
    let slugs = teams.iter().map(|team| (team.slug, None, false, (!OUTSIDE.contains(&team.slug)).then_some(PARENT)));
    let all: Vec<_> = slugs.chain(OTHERS).collect();
    let place = |slug: &str| all.iter().position(|(known, ..)| *known == slug);
    all.iter()
        .enumerate()
        .map(|(index, (slug, description, secret, parent))| {
            let mut rng = random::rng(seed, "group", &[index as u64]);
            let created_at = period.start - rng.i64(200..3_000) * DAY;
            let name = slug.split('-').map(capital).collect::<Vec<_>>().join(" ");
            Group {
                id: owner.number(9_310_000, 613, index),
                slug,
                name,
                description: *description,
                secret: *secret,
                parent: parent.and_then(place),
                created_at,
                updated_at: (created_at + rng.i64(0..400) * DAY).min(period.start),
                members: members(seed, index, slug, teams, people.len(), period),
                grants: grants(seed, index, slug, teams, repositories, period),
            }
        })
        .collect()
}

/// Somebody joins the largest team in the days to come, and somebody leaves it for good.
fn members(seed: u64, index: usize, slug: &str, teams: &[Team], people: usize, period: &Period) -> Vec<Membership> {
    let mut rng = random::rng(seed, "members", &[index as u64]);
    let always = |person, leads| Membership { person, leads, from: i64::MIN, until: None };
    let mut members: Vec<Membership> = match teams.get(index) {
        Some(team) => team.people.iter().enumerate().map(|(place, person)| always(*person, place < 1 + team.people.len() / 8)).collect(),
        None => match slug {
            PARENT => (0..people.min(2)).map(|person| always(person, true)).collect(),
            ROTA => teams[0].people.iter().take(4).map(|person| always(*person, false)).collect(),
            AUDITORS => (0..people).rev().step_by(31).map(|person| always(person, false)).collect(),
            SECRET => (0..people).step_by(29).map(|person| always(person, person == 0)).collect(),
            _ => Vec::new(),
        },
    };
    if index == 0 && members.len() > 2 {
        let last = members.len() - 1;
        members[last].until = Some(period.now + rng.i64(2 * DAY..4 * DAY));
        members.push(Membership { from: period.now + rng.i64(DAY..3 * DAY), ..always(people - 1, false) });
    }
    members.sort_by_key(|member| member.person);
    members
}

/// A team may change what the `team` property says is its own. When a repository is handed over the new team is let in, and nobody
/// shows the old one out. Repositories without a team are nobody's.
fn grants(seed: u64, index: usize, slug: &'static str, teams: &[Team], repositories: &[Repository], period: &Period) -> Vec<Grant> {
    let mut deserted = repositories.iter().filter(|repository| repository.traits.service).skip(3).step_by(7).take(3);
    let deserted: Vec<usize> = deserted.by_ref().map(|repository| repository.index).collect();
    let mut grants: Vec<Grant> = repositories
        .iter()
        .filter_map(|repository| {
            let mut rng = random::rng(seed, "grant", &[index as u64, repository.index as u64]);
            let grant = |level| Some(Grant { repository: repository.index, level, from: repository.created_at });
            match slug {
                PARENT if repository.name.ends_with("-docs") => grant(Level::Triage),
                AUDITORS if repository.traits.service => grant(Level::Read),
                SECRET if repository.traits.pci == Pci::InScope => grant(Level::Admin),
                DESERTED if deserted.contains(&repository.index) => grant(Level::Maintain),
                _ if repository.properties.team(i64::MIN) == Some(slug) => grant(match rng.u32(0..10) {
                    0..=5 => Level::Write,
                    6..=7 => Level::Maintain,
                    _ => Level::Admin,
                }),
                _ if repository.traits.monorepo && (0..SERVICES.len()).any(|place| team(repository, teams.len(), place) == index) => {
                    grant(Level::Write)
                }
                _ => match repository.properties.handed_over() {
                    Some((from, to)) if to == slug => Some(Grant { repository: repository.index, level: Level::Write, from }),
                    // One in fifty teams may look into a repository of another.
                    _ if OTHERS.iter().all(|(other, ..)| *other != slug) && random::chance(&mut rng, 0.02) => {
                        grant(if random::chance(&mut rng, 0.5) { Level::Read } else { Level::Triage })
                    }
                    _ => None,
                },
            }
        })
        // A repository that nobody answers for has nobody with access either, but for those who have it everywhere.
        .filter(|grant| {
            let repository = &repositories[grant.repository];
            !repository.traits.without_team || [AUDITORS, SECRET].contains(&slug)
        })
        .collect();
    grants.retain(|grant| grant.from <= period.end);
    grants
}

pub(super) fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// A team's people at this moment, by number of account; those of the teams below it as well, as the vendor counts them.
pub(crate) fn members_at(groups: &[Group], index: usize, now: i64) -> Vec<Member> {
    let here = |group: &Group| {
        let mut present: Vec<Membership> = group.members.clone();
        present.retain(|member| member.from <= now && member.until.is_none_or(|until| now < until));
        present
    };
    let mut members: Vec<Member> =
        here(&groups[index]).into_iter().map(|member| Member { person: member.person, leads: member.leads, inherited: false }).collect();
    let below = groups.iter().enumerate().filter(|(place, _)| is_below(groups, *place, index));
    for member in below.flat_map(|(_, group)| here(group)) {
        if members.iter().all(|known| known.person != member.person) {
            members.push(Member { person: member.person, leads: false, inherited: true });
        }
    }
    members.sort_by_key(|member| member.person);
    members
}

impl Group {
    /// Takes away what it may do with a repository.
    pub(crate) fn forget(&mut self, repository: usize) {
        self.grants.retain(|grant| grant.repository != repository);
    }
}

/// What a team may do at this moment, by repository: the most that it or a team around it was given.
pub(crate) fn access_at(groups: &[Group], index: usize, now: i64) -> Vec<(usize, Level)> {
    let mut access: Vec<(usize, Level)> = Vec::new();
    let mut next = Some(index);
    while let Some(place) = next {
        access.extend(groups[place].grants.iter().filter(|grant| grant.from <= now).map(|grant| (grant.repository, grant.level)));
        next = groups[place].parent;
    }
    // The strongest first, so that the weaker ones of the same repository are dropped.
    access.sort_by_key(|(repository, level)| (*repository, std::cmp::Reverse(*level)));
    access.dedup_by_key(|(repository, _)| *repository);
    access
}

fn is_below(groups: &[Group], mut place: usize, above: usize) -> bool {
    while let Some(parent) = groups[place].parent {
        if parent == above {
            return true;
        }
        place = parent;
    }
    false
}
