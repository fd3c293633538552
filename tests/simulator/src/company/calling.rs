//! Who is called when something goes wrong: schedules by the week, and policies that say whom to try after whom.
//!
//! Most teams have a policy, and some of those have holes: a level that calls nobody, a schedule that nobody is on, one that nobody
//! will be on for a while. Whose team has none is called for by a rota that looks after everything nobody else does.

use crate::company::services::Service;
use crate::company::{Company, DAY, groups};

/// Who is on call in which week.
pub(crate) struct Schedule {
    pub(crate) name: String,
    /// People in turn, a week each.
    rotation: Vec<usize>,
    /// When nobody is.
    vacant: Option<(i64, i64)>,
}

/// Whom a level calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Target {
    Person(usize),
    /// Whoever is on call in the schedule at this index.
    Schedule(usize),
}

/// Who is called in which order.
pub(crate) struct Policy {
    pub(crate) name: String,
    /// Index of the team.
    pub(crate) group: usize,
    pub(crate) levels: Vec<Vec<Target>>,
    /// How often it begins again from the first level.
    pub(crate) loops: u32,
}

/// All of that.
pub(crate) struct Calling {
    pub(crate) schedules: Vec<Schedule>,
    /// The last one is for whatever has none.
    pub(crate) policies: Vec<Policy>,
}

/// Slug of the team whose schedule nobody is on.
pub(crate) const VACANT: &str = "oil-supply";
/// Slug of the team whose schedule nobody will be on, from two days after the start.
pub(crate) const VACANT_SOON: &str = "rotation-control";
/// Slug of the team whose second level calls nobody.
pub(crate) const HOLLOW: &str = "gear-train";
/// The place of the service that calls are switched off for.
pub(crate) const SWITCHED_OFF: usize = 7;
/// The place of the service that is being oiled, and calls nobody meanwhile.
pub(crate) const OILED: usize = 11;
/// What is called about, and no service that anybody knows.
pub(crate) const NOBODYS: &str = "Gas Lamp Dispatcher (legacy)";
/// What is called about and runs, and stands in no catalogue: what runs it calls it by its label.
pub(crate) const UNCATALOGUED: (&str, &str) = ("Anchor Relay", "anchor-relay");
/// What has the name of two components of the catalogue, as far as one can say.
pub(crate) const AMBIGUOUS: &str = "Bell Rope";
/// What is called about beside the company's services, each with the slug of its team if it has one.
pub(crate) const STRANGERS: [(&str, Option<&str>); 3] =
    [(NOBODYS, None), (UNCATALOGUED.0, Some("chart-data")), (AMBIGUOUS, Some("fog-signals"))];
/// How long a level is tried.
pub(crate) const PATIENCE_MINUTES: u32 = 15;

const WEEK: i64 = 7 * DAY;
/// A Monday at eight in the morning, when the bell is handed over.
const HANDOVER: i64 = 4 * DAY + 8 * 3_600;

impl Schedule {
    /// Who is on call at this moment.
    pub(crate) fn on_call(&self, at: i64) -> Option<usize> {
        let vacant = self.vacant.is_some_and(|(from, until)| (from..until).contains(&at));
        if vacant { None } else { self.turn((at - HANDOVER).div_euclid(WEEK)) }
    }

    /// From when until when who is, for every turn that meets this time, whole.
    pub(crate) fn shifts(&self, since: i64, until: i64) -> Vec<(i64, i64, usize)> {
        let (first, last) = ((since - HANDOVER).div_euclid(WEEK), (until - HANDOVER).div_euclid(WEEK));
        let (gone, back) = self.vacant.unwrap_or((i64::MAX, i64::MAX));
        let weeks = (first..=last).filter_map(|week| Some((HANDOVER + week * WEEK, self.turn(week)?)));
        let pieces = weeks.flat_map(|(start, person)| {
            let end = start + WEEK;
            [(start, end.min(gone), person), (start.max(back), end, person)]
        });
        pieces.filter(|(start, end, _)| start < end && *start <= until && since < *end).collect()
    }

    fn turn(&self, week: i64) -> Option<usize> {
        let place = week.rem_euclid(self.rotation.len().max(1) as i64);
        self.rotation.get(place as usize).copied()
    }
}

impl Calling {
    /// Draws nothing: it all follows from who is in which team.
    pub(super) fn of(company: &Company) -> Calling {
        let mut calling = Calling { schedules: Vec::new(), policies: Vec::new() };
        let now = company.period.now;
        let people = |group: usize| -> Vec<usize> {
            let members = groups::members_at(&company.groups, group, company.period.start);
            members.iter().filter(|member| !member.inherited).map(|member| member.person).collect()
        };
        // Whoever leads the company is called last.
        let last = Target::Person(0);
        for (group, team) in company.groups.iter().enumerate() {
            let people = people(group);
            let is_product = team.description.is_none() && !people.is_empty();
            let levels = match people.as_slice() {
                _ if !is_product && team.slug != groups::ROTA => continue,
                // One person alone is never asked to be on call.
                [] | [_] => continue,
                [lead, _] if team.slug == HOLLOW => vec![vec![Target::Person(*lead)], Vec::new()],
                [lead, second] => vec![vec![Target::Person(*lead)], vec![Target::Person(*second)]],
                [lead, _, _] => vec![vec![Target::Person(*lead)], vec![last]],
                [lead, ..] => {
                    let vacant = match team.slug {
                        VACANT => Some((now - 6 * DAY, i64::MAX)),
                        VACANT_SOON => Some((now + 2 * DAY, now + 2 * DAY + 36 * 3_600)),
                        _ => None,
                    };
                    let name = format!("{} primary", team.name);
                    calling.schedules.push(Schedule { name, rotation: people.clone(), vacant });
                    let mut levels = vec![vec![Target::Schedule(calling.schedules.len() - 1)]];
                    if people.len() > 7 {
                        let rotation = people.iter().rev().copied().collect();
                        calling.schedules.push(Schedule { name: format!("{} secondary", team.name), rotation, vacant: None });
                        levels.push(vec![Target::Schedule(calling.schedules.len() - 1), Target::Person(*lead)]);
                    } else {
                        levels.push(vec![Target::Person(*lead)]);
                    }
                    levels.push(vec![last]);
                    levels
                }
            };
            let name = format!("{} escalation", team.name);
            calling.policies.push(Policy { name, group, levels, loops: group as u32 % 3 });
        }
        if let Some(place) = calling.policies.iter().position(|policy| company.groups[policy.group].slug == groups::ROTA) {
            let rota = calling.policies.remove(place);
            calling.policies.push(rota);
        }
        calling
    }

    /// The policy by which somebody is called about what this team looks after.
    pub(crate) fn policy_of(&self, company: &Company, team: Option<&str>) -> usize {
        let own = self.policies.iter().position(|policy| Some(company.groups[policy.group].slug) == team);
        own.unwrap_or(self.policies.len().saturating_sub(1))
    }

    /// The same for a service at a moment.
    pub(crate) fn policy(&self, company: &Company, service: &Service, now: i64) -> usize {
        self.policy_of(company, service.team(company, now))
    }

    /// Who is called first from this level on, and on which level that is.
    pub(crate) fn called(&self, policy: usize, level: usize, at: i64) -> Option<(usize, usize)> {
        let levels = self.policies.get(policy)?.levels.iter().enumerate().skip(level);
        let mut people =
            levels.flat_map(|(place, targets)| targets.iter().map(move |target| (place, *target))).filter_map(|(place, target)| {
                let person = match target {
                    Target::Person(person) => Some(person),
                    Target::Schedule(schedule) => self.schedules[schedule].on_call(at),
                };
                Some((person?, place))
            });
        people.next()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::options::Options;

    #[test]
    fn somebody_is_on_call_but_where_nobody_is() {
        let options = Options { repositories: 10, ..Options::default() };
        let company = Company::found(&options).expect("the options are good");
        let calling = Calling::of(&company);
        let now = options.now.timestamp();
        let schedule = |slug: &str| {
            let team = company.groups.iter().find(|group| group.slug == slug).expect("the team exists");
            let found = calling.schedules.iter().find(|schedule| schedule.name.starts_with(&team.name));
            found.expect("the team has one")
        };
        assert_eq!(schedule(VACANT).on_call(now), None);
        assert!(schedule(VACANT).on_call(now - 7 * DAY).is_some());
        let soon = schedule(VACANT_SOON);
        let seen = [0, 2 * DAY - 1, 2 * DAY, 3 * DAY, 4 * DAY].map(|later| soon.on_call(now + later).is_some());
        assert_eq!(seen, [true, true, false, false, true]);
        let platform = schedule("lamp-platform");
        assert_ne!(platform.on_call(now), platform.on_call(now + WEEK));
        for schedule in &calling.schedules {
            for (start, end, person) in schedule.shifts(now, now + 20 * DAY) {
                assert_eq!((schedule.on_call(start), schedule.on_call(end - 1)), (Some(person), Some(person)));
            }
        }
        assert_eq!(platform.shifts(now, now).len(), 1);
        assert!(schedule(VACANT).shifts(now, now + 30 * DAY).is_empty());

        let has = |slug: &str| calling.policies.iter().any(|policy| company.groups[policy.group].slug == slug);
        assert!(!has("visitor-centre") && !has(groups::AUDITORS) && has("storm-watch"));
        let hollow = &calling.policies[calling.policy_of(&company, Some(HOLLOW))];
        assert!(hollow.levels[1].is_empty() && company.groups[hollow.group].slug == HOLLOW);
        let rota = calling.policy_of(&company, Some("visitor-centre"));
        assert_eq!(company.groups[calling.policies[rota].group].slug, groups::ROTA);
        let vacant = calling.policy_of(&company, Some(VACANT));
        assert_eq!(calling.called(vacant, 0, now).map(|(_, level)| level), Some(1), "the next level is called");
    }
}
