//! What tests elsewhere may rely on about what watches.

use crate::company::Company;
use crate::company::watch::definitions::{Form, Spoilt};
use crate::company::watch::downtimes::Standing;
use crate::company::watch::monitors::{Kind, Labels, Monitor, Muted, State, Target};
use crate::options::Options;

fn usual() -> Company {
    Company::found(&Options::default()).expect("the default options are good")
}

#[test]
fn alarms_have_the_flaws_that_are_promised() {
    let company = usual();
    let now = Options::default().now.timestamp();
    let monitors = &company.watch().monitors;
    let count = |wanted: &dyn Fn(&Monitor) -> bool| monitors.iter().filter(|monitor| wanted(monitor)).count();
    assert!((330..430).contains(&monitors.len()), "{}", monitors.len());
    assert!((27..37).contains(&count(&|monitor| monitor.labels == Labels::NoTeam)));
    for labels in [Labels::StrangeService, Labels::UpperCase, Labels::Colons, Labels::Bare] {
        assert!(count(&|monitor| monitor.labels == labels) > 5, "{labels:?}");
    }
    assert!(count(&|monitor| monitor.targets.is_empty()) > 20);
    for target in [Target::OnCall, Target::Program("bell-tower"), Target::OtherOnCall("storm-watch"), Target::OtherRoom("Harbour-Office")] {
        assert!(count(&|monitor| monitor.targets.contains(&target)) > 0, "{target:?}");
    }
    for wanted in [
        |monitor: &Monitor| matches!(monitor.targets[..], [Target::Room(_), ..]),
        |monitor: &Monitor| monitor.targets.iter().any(|target| matches!(target, Target::FarRoom(_))),
        |monitor: &Monitor| monitor.targets.iter().any(|target| matches!(target, Target::Person(_))),
        |monitor: &Monitor| monitor.targets.iter().any(|target| matches!(target, Target::Team(_))),
        |monitor: &Monitor| matches!(monitor.kind, Kind::Objective(_)),
        |monitor: &Monitor| matches!(monitor.kind, Kind::Composite(..)),
        |monitor: &Monitor| matches!(monitor.muted, Muted::Part(_)),
    ] {
        assert!(count(&wanted) > 3);
    }
    assert!(count(&|monitor| monitor.muted_until(now) == Some(None)) > 8);
    assert!(count(&|monitor| monitor.muted_until(now).flatten().is_some()) > 3);
    for state in [State::Ok, State::NoData, State::Ignored, State::Skipped, State::Unknown] {
        assert!(count(&|monitor| monitor.state(&company, now).0 == state) > 0, "{state:?}");
    }
    let ever = |state| (-90..14).any(|day| count(&|monitor| monitor.state(&company, now + day * 86_400).0 == state) > 0);
    assert!(ever(State::Alert) && ever(State::Warn));
}

#[test]
fn what_else_watches_has_its_flaws_as_well() {
    let company = usual();
    let now = Options::default().now.timestamp();
    let (watch, services) = (company.watch(), company.services());
    let promised = |service: usize| watch.objectives.iter().any(|objective| objective.service == service);
    let without = (0..services.len()).filter(|service| !promised(*service)).count();
    assert!((60..100).contains(&watch.objectives.len()) && without > 4, "{} {without}", watch.objectives.len());
    assert!(watch.objectives.iter().filter(|objective| objective.dark).count() > 1);
    let month = |objective: &super::Objective| objective.attained(&company, now, now - 30 * 86_400, now);
    let broken = watch.objectives.iter().filter(|objective| month(objective).is_some_and(|percent| percent < objective.goals[0].target));
    assert!((5..40).contains(&broken.count()));

    let probed = |service: usize| watch.synthetic_tests.iter().any(|probe| probe.service == service);
    let (first, unprobed): (Vec<_>, Vec<_>) =
        services.iter().filter(|service| service.tier == Some(1)).partition(|service| probed(service.index));
    assert!(first.len() > unprobed.len() && !unprobed.is_empty(), "{} {}", first.len(), unprobed.len());
    assert_eq!(watch.dashboards.len(), 80);
    for standing in [Standing::Scheduled, Standing::Active, Standing::Ended, Standing::Canceled] {
        let of_all = watch.downtimes.iter().filter(|quiet| quiet.exists(now));
        assert!(of_all.filter(|quiet| quiet.standing(now) == standing).count() > 0, "{standing:?}");
    }
    for form in [Form::One, Form::Two, Form::TwoOne, Form::TwoTwo, Form::Three] {
        assert!(watch.definitions.iter().any(|card| card.form == form), "{form:?}");
    }
    assert_eq!(watch.definitions.iter().filter(|card| card.service.is_none()).count(), 1);
    assert_eq!(watch.definitions.len(), 60 - 6 + 1);
    assert!(watch.definitions.iter().any(|card| card.spoilt == Spoilt::BadContact));
}

#[test]
fn days_add_up_to_weeks_and_an_outage_is_felt() {
    let company = usual();
    let now = Options::default().now.timestamp();
    let objective = company.watch().objectives.iter().find(|objective| !objective.dark).expect("most count something");
    let percent = |from, to| objective.attained(&company, now, from, to).expect("it counts something");
    let start = now - 20 * 86_400;
    let days: f64 = (0..7).map(|day| percent(start + day * 86_400, start + (day + 1) * 86_400)).sum();
    assert!((days / 7.0 - percent(start, start + 7 * 86_400)).abs() < 1e-6);
    assert_eq!(objective.attained(&company, now, now, now + 86_400), None, "nobody knows the day to come");

    let felt = company.watch().objectives.iter().filter(|objective| !objective.dark).any(|objective| {
        let mut troubles = company.watch().troubles(&company, objective.service);
        let worst = troubles.find(|outage| outage.severity < 3 && outage.mitigated(now).is_some());
        worst.is_some_and(|outage| {
            let during = objective.attained(&company, now, outage.started_at, outage.detected_at + 60);
            during.is_some_and(|percent| percent < 85.0)
        })
    });
    assert!(felt);
}

#[test]
fn as_many_as_were_asked_for() {
    let options = Options { repositories: 60, monitors: Some(20_000), slos: Some(10_000), ..Options::default() };
    let company = Company::found(&options).expect("the options are good");
    assert_eq!((company.watch().monitors.len(), company.watch().objectives.len()), (20_000, 10_000));
    let names: std::collections::HashSet<_> = company.watch().objectives.iter().map(|objective| &objective.id).collect();
    assert_eq!(names.len(), 10_000);
}
