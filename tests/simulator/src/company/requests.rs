//! The journal of requests to the platform team: what others asked for, and how it went.
//!
//! Three kinds make up most of the toil; the rest is spread over ten. A request is a list of changes that is drawn once, and looked at
//! through the clock: what is open today may be done tomorrow, and open again the day after.

use fastrand::Rng;

use crate::company::people::{Actor, CI_BOT};
use crate::company::random::{self, chance, hours, long_tail, pick};
use crate::company::{DAY, Period, flaws, groups};

use super::Company;

/// Where requests are written down.
#[derive(Debug)]
pub(crate) struct Project {
    /// What its requests' names begin with.
    pub(crate) key: &'static str,
    /// The name.
    pub(crate) name: &'static str,
    /// Its number.
    pub(crate) id: u32,
    /// Requests a day, on average.
    daily: f64,
    /// The number of the last request before the history begins.
    before: u32,
}

/// The projects that may be seen.
pub(crate) static PROJECTS: [Project; 2] = [
    Project { key: "LAMP", name: "Requests to the lamp platform", id: 10_000, daily: 8.6, before: 4_200 },
    Project { key: "FOG", name: "Requests to the fog signallers", id: 10_001, daily: 0.6, before: 130 },
];

/// What kind of work a request is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Type {
    Task,
    Service,
    Incident,
    Access,
}

/// Every type.
pub(crate) const TYPES: [Type; 4] = [Type::Task, Type::Service, Type::Incident, Type::Access];

impl Type {
    /// The name shown.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Type::Task => "Task",
            Type::Service => "Service Request",
            Type::Incident => "Incident",
            Type::Access => "Access",
        }
    }
}

/// What requests are about.
pub(crate) const COMPONENTS: [&str; 8] =
    ["access", "databases", "pipelines", "certificates", "dns", "quota", "onboarding", "observability"];

/// What, how, and how many of a hundred: the first three are the toil.
const KINDS: [(Option<&str>, Type, u32); 14] = [
    (Some("access"), Type::Access, 27),
    (Some("databases"), Type::Service, 19),
    (Some("certificates"), Type::Task, 14),
    (Some("pipelines"), Type::Incident, 6),
    (Some("dns"), Type::Service, 6),
    (Some("pipelines"), Type::Task, 5),
    (Some("quota"), Type::Service, 5),
    (Some("onboarding"), Type::Access, 5),
    (Some("onboarding"), Type::Task, 3),
    (Some("databases"), Type::Incident, 3),
    (Some("observability"), Type::Task, 2),
    (Some("certificates"), Type::Incident, 2),
    (Some("access"), Type::Incident, 1),
    (None, Type::Task, 2),
];

/// How far a request is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Status {
    /// What there was before somebody tidied up; requests of today never had it, and no list names it any more.
    Triage,
    ToDo,
    InProgress,
    Waiting,
    Done,
}

/// Every status that there still is.
pub(crate) const STATUSES: [Status; 4] = [Status::ToDo, Status::InProgress, Status::Waiting, Status::Done];

impl Status {
    /// The name shown.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Status::Triage => "Triage",
            Status::ToDo => "To Do",
            Status::InProgress => "In Progress",
            Status::Waiting => "Waiting for customer",
            Status::Done => "Done",
        }
    }

    /// Its number.
    pub(crate) fn id(self) -> u32 {
        match self {
            Status::Triage => 10_009,
            Status::ToDo => 10_000,
            Status::InProgress => 3,
            Status::Waiting => 10_101,
            Status::Done => 10_001,
        }
    }
}

/// How it ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Resolution {
    Done,
    WontDo,
}

/// How much somebody wants it, the most first.
pub(crate) const PRIORITIES: [&str; 4] = ["Highest", "High", "Medium", "Low"];

const LABELS: [&str; 6] = ["self-service", "needs-approval", "recurring", "audit", "blocked", "quick-win"];

/// One thing that a change changed, and what it was before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Item {
    Status(Status, Status),
    Assignee(Option<usize>, Option<usize>),
    Resolution(Option<Resolution>, Option<Resolution>),
    /// Places in [`PRIORITIES`].
    Priority(usize, usize),
    Labels(Vec<&'static str>, Vec<&'static str>),
    /// What the words are drawn from.
    Summary(u64, u64),
    /// Its place in a list; says nothing.
    Rank,
}

/// What somebody did at one moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Change {
    pub(crate) id: u64,
    pub(crate) at: i64,
    pub(crate) author: Actor,
    pub(crate) items: Vec<Item>,
}

/// A request with its whole history, also of the days to come.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    pub(crate) project: &'static Project,
    /// Its number in the project.
    pub(crate) number: u32,
    pub(crate) id: u64,
    pub(crate) component: Option<&'static str>,
    pub(crate) kind: Type,
    pub(crate) reporter: Actor,
    pub(crate) created_at: i64,
    /// As it was written.
    first: State,
    changes: Vec<Change>,
}

/// A request at one moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct State {
    pub(crate) status: Status,
    pub(crate) assignee: Option<usize>,
    pub(crate) resolution: Option<Resolution>,
    pub(crate) resolved_at: Option<i64>,
    pub(crate) priority: usize,
    pub(crate) labels: Vec<&'static str>,
    pub(crate) words: u64,
    pub(crate) updated_at: i64,
}

impl State {
    fn apply(&mut self, change: &Change) {
        self.updated_at = change.at;
        for item in &change.items {
            match item {
                Item::Status(_, to) => self.status = *to,
                Item::Assignee(_, to) => self.assignee = *to,
                Item::Resolution(_, to) => {
                    self.resolution = *to;
                    self.resolved_at = to.map(|_| change.at);
                }
                Item::Priority(_, to) => self.priority = *to,
                Item::Labels(_, to) => self.labels.clone_from(to),
                Item::Summary(_, to) => self.words = *to,
                Item::Rank => {}
            }
        }
    }
}

impl Request {
    /// Its name.
    pub(crate) fn key(&self) -> String {
        format!("{}-{}", self.project.key, self.number)
    }

    /// What happened to it by now, the earliest first.
    pub(crate) fn changes(&self, now: i64) -> &[Change] {
        &self.changes[..self.changes.partition_point(|change| change.at <= now)]
    }

    /// What it is by now.
    pub(crate) fn at(&self, now: i64) -> State {
        let mut state = self.first.clone();
        self.changes(now).iter().for_each(|change| state.apply(change));
        state
    }
}

/// Everything that is ever asked for: the natural number, or so many in all.
pub(super) fn requests(company: &Company, asked: Option<usize>) -> Vec<Request> {
    let team = groups::members_at(&company.groups, 0, company.period.start);
    let agents: Vec<usize> = team.iter().filter(|member| !member.inherited).map(|member| member.person).collect();
    let days = (company.period.end - company.period.start) as f64 / DAY as f64;
    let natural: Vec<f64> = PROJECTS.iter().map(|project| project.daily * days).collect();
    let scale = asked.map_or(1.0, |asked| asked as f64 / natural.iter().sum::<f64>());
    let second = (natural[1] * scale).round() as usize;
    let first = asked.map_or(natural[0].round() as usize, |asked| asked - second.min(asked));
    let draw = Draw { seed: company.seed, period: &company.period, people: company.people.len(), agents: &agents };
    let mut all = draw.project(0, first);
    all.extend(draw.project(1, second));
    all
}

struct Draw<'a> {
    seed: u64,
    period: &'a Period,
    people: usize,
    agents: &'a [usize],
}

impl Draw<'_> {
    fn project(&self, place: usize, count: usize) -> Vec<Request> {
        let mut rng = random::rng(self.seed, "requests", &[place as u64]);
        let mut times: Vec<i64> = (0..count)
            .map(|_| {
                let at = rng.i64(self.period.start..self.period.end);
                // Some ask at night and on Sundays.
                if chance(&mut rng, 0.06) { at } else { at_work(&mut rng, at) }
            })
            .collect();
        times.sort_unstable();
        times.iter().enumerate().map(|(index, at)| self.request(place, index, *at)).collect()
    }

    fn request(&self, place: usize, index: usize, created_at: i64) -> Request {
        let mut rng = random::rng(self.seed, "request", &[place as u64, index as u64]);
        let project = &PROJECTS[place];
        let mut share = rng.u32(0..100);
        let kind = KINDS.iter().find(|(.., weight)| match share.checked_sub(*weight) {
            Some(rest) => {
                share = rest;
                false
            }
            None => true,
        });
        let (component, kind, _) = *kind.unwrap_or(&KINDS[0]);
        let reporter = self.somebody(&mut rng);
        // The old status is given up halfway through the history.
        let old = created_at < self.period.start + (self.period.now - self.period.start) / 2;
        let status = if old && chance(&mut rng, flaws::TRIAGED) { Status::Triage } else { Status::ToDo };
        let labels = LABELS.iter().copied().filter(|_| chance(&mut rng, 0.14)).collect();
        let (priority, words) = (if chance(&mut rng, 0.6) { 2 } else { rng.usize(..PRIORITIES.len()) }, rng.u64(..));
        let first = State { status, assignee: None, resolution: None, resolved_at: None, priority, labels, words, updated_at: created_at };
        let id = u64::from(project.id) * 100 + index as u64 * 3 + 7 + place as u64 * 50_000_000;
        let mut story =
            Story { rng, agents: self.agents, reporter, id: id * 1_000, at: created_at, state: first.clone(), changes: Vec::new() };
        story.tell(index);
        let changes = story.changes;
        let number = project.before + 1 + index as u32;
        Request { project, number, id, component, kind, reporter, created_at, first, changes }
    }

    fn somebody(&self, rng: &mut Rng) -> Actor {
        if chance(rng, flaws::GHOST) { Actor::Ghost } else { Actor::Person(rng.usize(..self.people) as u16) }
    }
}

/// A request while it is drawn.
struct Story<'a> {
    rng: Rng,
    agents: &'a [usize],
    reporter: Actor,
    id: u64,
    at: i64,
    state: State,
    changes: Vec<Change>,
}

impl Story<'_> {
    fn tell(&mut self, index: usize) {
        if self.state.status == Status::Triage {
            self.at += self.rng.i64(20..900);
            self.change(CI_BOT, vec![Item::Status(Status::Triage, Status::ToDo)]);
        }
        if chance(&mut self.rng, 0.1) {
            let words = self.rng.u64(..);
            self.later(0.3);
            self.change(self.reporter, vec![Item::Summary(self.state.words, words)]);
        }
        // Nobody ever begins: left lying, or closed unseen.
        if chance(&mut self.rng, flaws::NEVER_STARTED) {
            if chance(&mut self.rng, 0.5) {
                self.later(120.0);
                let agent = self.agent();
                self.finish(agent, Resolution::WontDo);
            }
            return;
        }
        let agent = self.agent();
        self.later(9.0);
        self.start(agent, true);
        let fuss = match index {
            // So many that they do not come along with the rest.
            _ if index as u64 % flaws::ENDLESS_REQUEST_ONE_IN == 17 => self.rng.usize(104..170),
            _ if index % 40 == 5 => self.rng.usize(42..80),
            _ => random::streak(&mut self.rng, 0.3, 4),
        };
        (0..fuss).for_each(|place| self.fuss(place, agent));
        for _ in 0..random::streak(&mut self.rng, 0.28, 5) {
            self.later(4.0);
            self.change(agent, vec![Item::Status(self.state.status, Status::Waiting)]);
            self.later(20.0);
            let author = self.reporter;
            self.change(author, vec![Item::Status(Status::Waiting, Status::InProgress)]);
        }
        self.later(7.0);
        // Some are waited for until today.
        if chance(&mut self.rng, 0.04) {
            self.change(agent, vec![Item::Status(self.state.status, Status::Waiting)]);
            return;
        }
        self.finish(agent, Resolution::Done);
        for _ in 0..random::streak(&mut self.rng, flaws::REOPENED_REQUEST, 3) {
            self.later(30.0);
            let to = if chance(&mut self.rng, 0.5) { Status::ToDo } else { Status::InProgress };
            self.change(self.reporter, vec![Item::Status(Status::Done, to), Item::Resolution(self.state.resolution, None)]);
            if to == Status::ToDo {
                self.later(5.0);
                self.start(agent, false);
            }
            self.later(8.0);
            self.finish(agent, Resolution::Done);
        }
        // A word after the end; it changes when the request changed, and nothing else.
        if chance(&mut self.rng, 0.08) {
            self.later(200.0);
            self.labels(CI_BOT);
        }
    }

    fn agent(&mut self) -> Actor {
        // A team without people has nobody to do it.
        if self.agents.is_empty() { CI_BOT } else { Actor::Person(*pick(&mut self.rng, self.agents) as u16) }
    }

    fn start(&mut self, agent: Actor, assign: bool) {
        let mut items = vec![Item::Status(self.state.status, Status::InProgress)];
        if let (true, Actor::Person(person)) = (assign, agent) {
            items.push(Item::Assignee(self.state.assignee, Some(usize::from(person))));
        }
        self.change(agent, items);
    }

    fn finish(&mut self, agent: Actor, how: Resolution) {
        self.change(agent, vec![Item::Status(self.state.status, Status::Done), Item::Resolution(self.state.resolution, Some(how))]);
    }

    /// Something that takes nobody further.
    fn fuss(&mut self, place: usize, agent: Actor) {
        self.at += self.rng.i64(40..5_000);
        match place % 4 {
            0 => self.labels(agent),
            1 => {
                let to = self.rng.usize(..PRIORITIES.len());
                self.change(agent, vec![Item::Priority(self.state.priority, to)]);
            }
            2 => {
                let to = match self.agent() {
                    Actor::Person(person) => Some(usize::from(person)),
                    Actor::Bot(_) | Actor::Ghost => None,
                };
                self.change(agent, vec![Item::Assignee(self.state.assignee, to)]);
            }
            _ => self.change(agent, vec![Item::Rank]),
        }
    }

    fn labels(&mut self, author: Actor) {
        let label = *pick(&mut self.rng, &LABELS);
        let before = self.state.labels.clone();
        let mut after = before.clone();
        if after.contains(&label) {
            after.retain(|known| *known != label)
        } else {
            after.push(label)
        }
        self.change(author, vec![Item::Labels(before, after)]);
    }

    /// Waits so many hours, more or less, until somebody is at work.
    fn later(&mut self, median: f64) {
        self.at += hours(long_tail(&mut self.rng, median, 1.1)).max(60);
        self.at = at_work(&mut self.rng, self.at);
    }

    fn change(&mut self, author: Actor, items: Vec<Item>) {
        self.id += 1;
        let change = Change { id: self.id, at: self.at, author, items };
        self.state.apply(&change);
        self.changes.push(change);
    }
}

/// The same moment, or one in the morning of the next working day.
fn at_work(rng: &mut Rng, at: i64) -> i64 {
    let mut day = at.div_euclid(DAY);
    let hour = at.rem_euclid(DAY) / 3_600;
    // Day 0 was a Thursday.
    let is_free = |day: i64| matches!((day + 3).rem_euclid(7), 5 | 6);
    if (6..17).contains(&hour) && !is_free(day) {
        return at;
    }
    day += i64::from(hour >= 17);
    while is_free(day) {
        day += 1;
    }
    day * DAY + 6 * 3_600 + rng.i64(0..3 * 3_600)
}

#[cfg(test)]
mod tests {
    use std::collections::{HashMap, HashSet};

    use super::*;
    use crate::options::Options;

    fn journal() -> (i64, Vec<Request>) {
        let options = Options { repositories: 10, ..Options::default() };
        let company = Company::found(&options).expect("the options are good");
        (options.now.timestamp(), requests(&company, None))
    }

    #[test]
    fn three_kinds_make_up_most_of_the_toil() {
        let (_, requests) = journal();
        let lamp: Vec<&Request> = requests.iter().filter(|request| request.project.key == "LAMP").collect();
        assert!((850..950).contains(&lamp.len()), "{}", lamp.len());
        let mut counts: HashMap<_, usize> = HashMap::new();
        lamp.iter().for_each(|request| *counts.entry((request.component, request.kind.name())).or_default() += 1);
        let mut counts: Vec<usize> = counts.into_values().collect();
        counts.sort_unstable_by(|one, other| other.cmp(one));
        let toil = counts[..3].iter().sum::<usize>() as f64 / lamp.len() as f64;
        assert!((0.55..0.65).contains(&toil), "{toil}");
        assert_eq!(KINDS.iter().map(|(.., share)| share).sum::<u32>(), 100);
    }

    #[test]
    fn every_kind_of_history_occurs() {
        let (now, requests) = journal();
        let there: Vec<&Request> = requests.iter().filter(|request| request.created_at <= now).collect();
        let some = |what: &str, wanted: &dyn Fn(&Request) -> bool| {
            let found = there.iter().filter(|request| wanted(request)).count();
            assert!(found > 2, "{found} with {what}");
        };
        let statuses = |request: &Request| -> Vec<Status> {
            let items = request.changes(now).iter().flat_map(|change| &change.items);
            items.filter_map(|item| if let Item::Status(_, to) = item { Some(*to) } else { None }).collect()
        };
        some("more than 100 changes", &|request| request.changes(now).len() > 100);
        some("more than 40 changes", &|request| (41..100).contains(&request.changes(now).len()));
        some("no beginning", &|request| !statuses(request).contains(&Status::InProgress) && request.created_at < now - 60 * DAY);
        some("a status that is gone", &|request| request.first.status == Status::Triage);
        some("two ends", &|request| statuses(request).iter().filter(|status| **status == Status::Done).count() > 1);
        some("a new end to come", &|request| request.at(now).resolution.is_none() && request.at(now + 5 * DAY).resolution.is_some());
        some("waiting", &|request| request.at(now).status == Status::Waiting);
        assert!(there.iter().all(|request| request.at(now).status != Status::Triage), "nothing is in a status that is gone");
        let ids: HashSet<u64> = requests.iter().map(|request| request.id).collect();
        assert_eq!(ids.len(), requests.len());
    }

    #[test]
    fn a_request_is_what_its_changes_made_of_it() {
        let (now, requests) = journal();
        for request in &requests {
            let mut at = request.created_at;
            let mut status = request.first.status;
            for change in request.changes(i64::MAX) {
                assert!(change.at >= at, "{}", request.key());
                at = change.at;
                for item in &change.items {
                    if let Item::Status(from, to) = item {
                        assert_eq!(*from, status, "{}", request.key());
                        status = *to;
                    }
                }
            }
            let state = request.at(now);
            assert_eq!(state.resolution.is_some(), state.status == Status::Done);
            let last = request.changes(now).last().map_or(request.created_at, |change| change.at);
            assert_eq!(state.updated_at, last);
        }
    }

    #[test]
    fn so_many_as_asked_for() {
        let company = Company::found(&Options { repositories: 1, history_days: 3, ..Options::default() }).expect("the options are good");
        assert_eq!(requests(&company, Some(12_345)).len(), 12_345);
        assert_eq!(requests(&company, Some(0)).len(), 0);
    }
}
