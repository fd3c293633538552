//! Who was called about which outage, and what they did: every step of it, with who took it and by which way.
//!
//! An outage that comes back is a second call. What watches one service too many calls nobody: nothing is known here of that one.

use fastrand::Rng;

use crate::company::calling::Calling;
use crate::company::outages::{Cause, Outage};
use crate::company::random::{self, chance, pick};
use crate::company::{Company, DAY};

/// Who took a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Agent {
    /// What watches the service.
    Service,
    /// Index of a person.
    Person(usize),
}

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Act {
    Trigger,
    Assign(usize),
    /// Whom, and how.
    Notify(usize, &'static str),
    Acknowledge,
    /// Somebody had it and took too long.
    Unacknowledge,
    /// To whom.
    Escalate(usize),
    Annotate,
    Resolve,
}

/// One step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Step {
    pub(crate) at: i64,
    pub(crate) act: Act,
    pub(crate) agent: Agent,
    /// By which way.
    pub(crate) channel: &'static str,
}

/// A call with all its steps, also of the days to come.
#[derive(Clone, Debug)]
pub(crate) struct Call {
    /// From 1, in the order of the calls.
    pub(crate) number: u32,
    /// Index of the outage.
    pub(crate) outage: usize,
    /// Index of the service.
    pub(crate) service: usize,
    /// Index of the policy.
    pub(crate) policy: usize,
    pub(crate) called_at: i64,
    steps: Vec<Step>,
}

/// How far a call is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Status {
    Triggered,
    Acknowledged,
    Resolved,
}

/// A call at one moment.
#[derive(Clone, Copy, Debug)]
pub(crate) struct State {
    pub(crate) status: Status,
    /// To whom it is assigned, and since when.
    pub(crate) assigned: Option<(usize, i64)>,
    /// Whether somebody chose whom, rather than the policy.
    pub(crate) by_hand: bool,
    pub(crate) acknowledged: Option<(usize, i64)>,
    pub(crate) resolved_at: Option<i64>,
    pub(crate) status_at: i64,
    pub(crate) status_by: Agent,
    pub(crate) updated_at: i64,
}

/// Everyone who is ever called.
pub(crate) struct Calls {
    pub(crate) calling: Calling,
    /// The earliest first.
    pub(crate) calls: Vec<Call>,
    /// Moment, place of the call and place in it of every step, the earliest first.
    pub(crate) steps: Vec<(i64, u32, u32)>,
}

impl Call {
    /// What happened by now, the earliest first.
    pub(crate) fn steps(&self, now: i64) -> &[Step] {
        &self.steps[..self.steps.partition_point(|step| step.at <= now)]
    }

    /// What it is by now.
    pub(crate) fn at(&self, now: i64) -> State {
        let mut state = State {
            status: Status::Triggered,
            assigned: None,
            by_hand: false,
            acknowledged: None,
            resolved_at: None,
            status_at: self.called_at,
            status_by: Agent::Service,
            updated_at: self.called_at,
        };
        for step in self.steps(now) {
            state.updated_at = step.at;
            match step.act {
                Act::Trigger => {}
                Act::Assign(person) | Act::Escalate(person) => {
                    state.assigned = Some((person, step.at));
                    state.by_hand = matches!(step.agent, Agent::Person(_));
                    continue;
                }
                Act::Notify(..) | Act::Annotate => continue,
                Act::Acknowledge => {
                    state.status = Status::Acknowledged;
                    if let Agent::Person(person) = step.agent {
                        state.acknowledged = Some((person, step.at));
                    }
                }
                Act::Unacknowledge => (state.status, state.acknowledged) = (Status::Triggered, None),
                Act::Resolve => {
                    (state.status, state.acknowledged, state.assigned) = (Status::Resolved, None, None);
                    state.resolved_at = Some(step.at);
                }
            }
            (state.status_at, state.status_by) = (step.at, step.agent);
        }
        state
    }
}

/// Draws them all.
pub(super) fn calls(company: &Company) -> Calls {
    let calling = Calling::of(company);
    let services = company.services();
    let mut calls = Vec::new();
    for (place, outage) in company.outages().iter().enumerate() {
        let known = outage.services.iter().find(|service| services[**service].paged_as.is_some());
        let Some(service) = known.copied() else { continue };
        for again in [false, true] {
            let called_at = match (again, outage.reopened) {
                (false, _) => outage.detected_at,
                (true, Some((_, back))) => back,
                (true, None) => continue,
            };
            let policy = calling.policy(company, &services[service], called_at);
            let steps = steps(company, &calling, policy, outage, again);
            calls.push(Call { number: 0, outage: place, service, policy, called_at, steps });
        }
    }
    calls.sort_by_key(|call| (call.called_at, call.outage));
    for (place, call) in calls.iter_mut().enumerate() {
        call.number = place as u32 + 1;
    }
    let numbered = calls.iter().enumerate();
    let mut steps: Vec<(i64, u32, u32)> = numbered
        .flat_map(|(call, one)| one.steps.iter().enumerate().map(move |(place, step)| (step.at, call as u32, place as u32)))
        .collect();
    steps.sort_unstable();
    Calls { calling, calls, steps }
}

fn steps(company: &Company, calling: &Calling, policy: usize, outage: &Outage, again: bool) -> Vec<Step> {
    let mut rng = random::rng(company.seed, "call", &[outage.number, u64::from(again)]);
    let (begin, end) = match (again, outage.reopened) {
        (true, Some((_, back))) => (back, outage.resolved_at),
        (_, Some((first, _))) => (outage.detected_at, Some(first)),
        _ => (outage.detected_at, outage.resolved_at),
    };
    let limit = end.unwrap_or(i64::MAX);
    let responder = Agent::Person(outage.responder);
    let mut steps = Vec::new();
    let mut step = |at: i64, act: Act, agent: Agent, channel: &'static str| {
        if at < limit {
            steps.push(Step { at, act, agent, channel });
        }
    };
    match outage.cause {
        // A drill begins with somebody who begins it.
        Cause::Drill => step(begin, Act::Trigger, responder, "web_trigger"),
        _ => step(begin, Act::Trigger, Agent::Service, pick::<&str>(&mut rng, &["api", "api", "api", "email", "nagios"])),
    }
    let mut level = 0;
    if let Some((person, reached)) = calling.called(policy, 0, begin) {
        step(begin, Act::Assign(person), Agent::Service, "auto");
        step(begin + rng.i64(2..20), Act::Notify(person, how(&mut rng)), Agent::Service, "auto");
        level = reached;
    }
    if !again {
        for at in &outage.escalated_at {
            let Some((person, reached)) = calling.called(policy, level + 1, *at) else { continue };
            step(*at, Act::Escalate(person), Agent::Service, "timeout");
            step(*at + rng.i64(2..20), Act::Notify(person, how(&mut rng)), Agent::Service, "auto");
            level = reached;
        }
    }
    let taken = if again { Some(begin + rng.i64(60..900)) } else { outage.acknowledged_at };
    if let Some(taken) = taken {
        step(taken, Act::Acknowledge, responder, answered(&mut rng));
        if chance(&mut rng, 0.08) {
            step(taken + 1_800, Act::Unacknowledge, Agent::Service, "timeout");
            step(taken + 1_800 + rng.i64(30..600), Act::Acknowledge, responder, answered(&mut rng));
        }
        if chance(&mut rng, 0.12) {
            let other = rng.usize(..company.people.len());
            step(taken + rng.i64(120..3_600), Act::Assign(other), responder, "website");
        }
        if outage.cause == Cause::Trouble && chance(&mut rng, 0.45) {
            step(taken + rng.i64(60..2_400), Act::Annotate, responder, "note");
        }
    }
    if let Some(end) = end {
        let by_itself = outage.cause == Cause::Flapping || taken.is_none_or(|taken| taken >= end);
        let (agent, channel) = if by_itself { (Agent::Service, "api") } else { (responder, answered(&mut rng)) };
        steps.push(Step { at: end, act: Act::Resolve, agent, channel });
        // What was learned is written down when it is over.
        if outage.cause == Cause::Trouble && chance(&mut rng, 0.1) {
            steps.push(Step { at: end + rng.i64(600..DAY), act: Act::Annotate, agent: responder, channel: "note" });
        }
    }
    steps.sort_by_key(|step| step.at);
    steps
}

fn how(rng: &mut Rng) -> &'static str {
    pick::<&str>(rng, &["push notification", "phone", "SMS", "email"])
}

fn answered(rng: &mut Rng) -> &'static str {
    pick::<&str>(rng, &["mobile", "mobile", "website", "sms", "phone"])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::options::Options;

    #[test]
    fn every_call_goes_its_way() {
        let options = Options::default();
        let company = Company::found(&options).expect("the options are good");
        let calls = company.calls();
        let far = i64::MAX;
        let back = company.outages().iter().filter(|outage| outage.reopened.is_some()).count();
        assert!(calls.calls.len() > company.outages().len() - 20 && calls.calls.len() <= company.outages().len() + back);
        let some = |what: &str, wanted: &dyn Fn(&Call) -> bool| assert!(calls.calls.iter().any(wanted), "no {what}");
        let has = |call: &Call, wanted: &dyn Fn(&Step) -> bool| call.steps(far).iter().any(wanted);
        let second = |call: &Call| company.outages()[call.outage].reopened.is_some_and(|(_, back)| back == call.called_at);
        some("second call", &second);
        some("escalation", &|call| has(call, &|step| matches!(step.act, Act::Escalate(_))));
        some("note", &|call| has(call, &|step| step.act == Act::Annotate));
        some("call taken twice", &|call| call.steps(far).iter().filter(|step| step.act == Act::Acknowledge).count() == 2);
        some("call that ends weeks later", &|call| call.at(far).resolved_at.is_some_and(|end| end > call.called_at + 8 * DAY));
        some("call that never ends", &|call| call.at(far).status != Status::Resolved);
        some("note after the end", &|call| call.at(far).resolved_at.is_some_and(|end| call.at(far).updated_at > end));
        for (place, call) in calls.calls.iter().enumerate() {
            assert_eq!(call.number as usize, place + 1);
            assert_eq!(call.steps(far).first().map(|step| (step.at, step.act)), Some((call.called_at, Act::Trigger)));
            let outage = &company.outages()[call.outage];
            let end = if second(call) || outage.reopened.is_none() { outage.resolved_at } else { outage.reopened.map(|(first, _)| first) };
            assert_eq!(call.at(far).resolved_at, end, "{call:?}");
        }
        assert!(calls.steps.windows(2).all(|two| two[0] < two[1]));
        assert_eq!(calls.steps.len(), calls.calls.iter().map(|call| call.steps.len()).sum::<usize>());
    }
}
