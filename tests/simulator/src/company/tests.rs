//! What tests elsewhere may rely on about the company.

use std::collections::HashSet;
use std::io::Write as _;
use std::path::PathBuf;

use chrono::Duration;

use crate::company::flaws::{Alerts, Archived, Descriptor, Guard, Owners, Pci, Scanning};
use crate::company::groups::{self, Level};
use crate::company::pulls::{Pull, State, Verdict};
use crate::company::rulesets::Enforcement;
use crate::company::{Company, flaws};
use crate::error::SimulatorError;
use crate::options::Options;

fn usual() -> Company {
    Company::found(&Options::default()).expect("the default options are good")
}

fn pulls(company: &Company) -> impl Iterator<Item = &Pull> {
    company.repositories.iter().flat_map(|repository| &repository.pulls)
}

#[test]
fn the_same_seed_gives_the_same_company_and_another_seed_another() {
    let history = |seed| {
        let company = Company::found(&Options { seed, ..Options::default() }).expect("a seed is any number");
        format!("{:?}", pulls(&company).collect::<Vec<_>>())
    };
    assert_eq!(history(1), history(1));
    assert_ne!(history(1), history(2));
}

#[test]
fn the_flaws_are_as_many_as_the_table_says() {
    let traits = flaws::assign(1, 200);
    let count = |wanted: &dyn Fn(&flaws::Traits) -> bool| traits.iter().filter(|traits| wanted(traits)).count();
    assert_eq!(count(&|traits| traits.archived == Archived::LongAgo), 12);
    assert_eq!(count(&|traits| traits.archived == Archived::Soon), 2);
    assert_eq!(count(&|traits| traits.empty), 2);
    assert_eq!((count(&|traits| traits.fork), count(&|traits| traits.template)), (6, 3));
    assert_eq!(count(&|traits| traits.stale), 16);
    assert_eq!((count(&|traits| traits.public), count(&|traits| traits.internal)), (8, 20));
    assert_eq!(count(&|traits| traits.without_team), 14);
    assert_eq!((count(&|traits| traits.pci == Pci::Unset), count(&|traits| traits.pci == Pci::InScope)), (10, 24));
    for (alerts, elsewhere, in_pci) in [(Alerts::Disabled, 8, 4), (Alerts::NotVisible, 4, 4), (Alerts::Overdue, 0, 4), (Alerts::Open, 0, 8)]
    {
        assert_eq!(count(&|traits| traits.alerts == alerts && traits.pci == Pci::InScope), in_pci, "{alerts:?}");
        assert_eq!(count(&|traits| traits.alerts == alerts && traits.pci != Pci::InScope), elsewhere, "{alerts:?}");
    }
}

#[test]
fn in_scope_repositories_have_the_alerts_that_their_flaw_promises() {
    let company = usual();
    let now = Options::default().now.timestamp();
    for repository in company.repositories.iter().filter(|repository| repository.traits.pci == Pci::InScope) {
        let open: Vec<_> = repository.alerts.iter().filter(|alert| alert.created_at <= now && alert.ended(now).is_none()).collect();
        match repository.traits.alerts {
            Alerts::Clean | Alerts::Disabled => assert!(open.is_empty(), "{}", repository.name),
            Alerts::Open => assert!(!open.is_empty(), "{}", repository.name),
            Alerts::Overdue => {
                let overdue = |severity, days: i64| {
                    open.iter().any(|alert| alert.advisory().severity == severity && alert.created_at < now - days * 86_400)
                };
                assert!(overdue("critical", 100) && overdue("high", 90), "{}", repository.name);
            }
            _ => {}
        }
    }
}

#[test]
fn every_kind_of_pull_request_occurs() {
    let company = usual();
    let now = Options::default().now.timestamp();
    let some = |what: &str, wanted: &dyn Fn(&Pull) -> bool| {
        assert!(pulls(&company).any(|pull| pull.exists(now) && wanted(pull)), "no {what}");
    };
    some("more than 60 reviews", &|pull| pull.reviews(now).len() > 60);
    some("more than 60 commits", &|pull| pull.commits(now).len() > 60);
    some("merge without review", &|pull| pull.state(now) == State::Merged && pull.reviews(now).is_empty());
    some("draft made ready twice", &|pull| pull.draft_changes(now).len() == 3);
    some("review of a draft", &|pull| {
        let ready = pull.draft_changes(now).first();
        ready.is_some_and(|ready| pull.reviews(now).iter().any(|review| review.submitted_at < ready.at))
    });
    some("review by the author", &|pull| pull.reviews(now).iter().any(|review| review.author == pull.author));
    some("dismissed review", &|pull| pull.reviews(now).iter().any(|review| review.is_dismissed(now)));
    some("request for changes", &|pull| {
        pull.reviews(now).iter().any(|review| review.verdict == Verdict::ChangesRequested && !review.is_dismissed(now))
    });
    some("change after the merge", &|pull| pull.merged(now).is_some_and(|(at, _)| pull.updated_at(now) > at));
    some("deleted fork", &|pull| pull.from_deleted_fork);
}

#[test]
fn a_day_changes_some_repositories_and_not_most() {
    let company = usual();
    let today = Options::default().now.timestamp();
    // The default day is a Saturday; from Tuesday to Wednesday there is work.
    let (tuesday, wednesday) = (today + 3 * 86_400, today + 4 * 86_400);
    let changed = company
        .repositories
        .iter()
        .filter(|repository| repository.pulls.iter().any(|pull| pull.exists(wednesday) && pull.updated_at(wednesday) > tuesday));
    let changed = changed.count();
    assert!((15..100).contains(&changed), "{changed} repositories changed");
}

#[test]
fn nothing_is_newer_than_now_and_time_only_adds() {
    let company = usual();
    let today = Options::default().now.timestamp();
    let mut became_merged = 0;
    for pull in pulls(&company).filter(|pull| pull.exists(today)) {
        let tomorrow = today + 86_400;
        assert!(pull.updated_at(today) <= today && pull.updated_at(today) <= pull.updated_at(tomorrow));
        assert!(pull.commits(today).len() <= pull.commits(tomorrow).len());
        assert!(!pull.commits(today).is_empty(), "a pull request begins with a commit");
        became_merged += usize::from(pull.state(today) == State::Open && pull.state(tomorrow) == State::Merged);
    }
    assert!(became_merged > 0);
}

#[test]
fn a_total_asked_for_is_kept_exactly() {
    let options = Options { pull_requests: Some(12_345), repositories: 7, ..Options::default() };
    let company = Company::found(&options).expect("the options are good");
    assert_eq!(pulls(&company).count(), 12_345);
}

/// A file that is gone when the test is over.
struct Csv(PathBuf);

impl Csv {
    fn new(name: &str, rows: &str) -> Csv {
        let path = std::env::temp_dir().join(format!("{name}-{}.csv", std::process::id()));
        let mut file = std::fs::File::create(&path).expect("the folder for temporary files can be written");
        write!(file, "pr,merge_sha,merged_at,first_authored_at,commits,additions,deletions,files\n{rows}").expect("written");
        Csv(path)
    }

    fn found(&self) -> Result<Company, SimulatorError> {
        Company::found(&Options { repositories: 1, pulls_csv: Some(self.0.clone()), ..Options::default() })
    }
}

impl Drop for Csv {
    fn drop(&mut self) {
        // Left behind it would only be litter.
        let _ = std::fs::remove_file(&self.0);
    }
}

#[test]
fn real_pull_requests_are_kept_exactly() {
    let sha = "2a2db1e8d6d104ee0611efcae7eb023af65cff34";
    let csv = Csv::new("real", &format!("9,{sha},1787418361,1787417658,3,11,2,2\n7,{sha},1787000000,1787000500,0,0,0,0\n"));
    let company = csv.found().expect("the file is good");
    let repository = company.repositories.last().expect("the real one comes last");
    assert_eq!(Some(repository.name.as_str()), csv.0.file_stem().and_then(|stem| stem.to_str()));
    let [odd, usual] = repository.pulls.as_slice() else { panic!("two rows, by number") };
    let now = (Options::default().now + Duration::days(1)).timestamp();
    assert_eq!((usual.number, usual.created_at, usual.size(now)), (9, 1_787_417_658, (11, 2, 2)));
    assert_eq!(usual.merged(now).map(|(at, _)| at), Some(1_787_418_361));
    assert_eq!((usual.commits(now).len(), usual.commits[0].authored_at), (3, 1_787_417_658));
    assert!(usual.commits.iter().skip(1).all(|commit| commit.authored_at >= 1_787_417_658));
    // Merged before it was written: kept as the file has it, and there from the merge on.
    assert_eq!((odd.created_at, odd.commits(now).len()), (1_787_000_500, 0));
    assert!(odd.exists(1_787_000_000) && !odd.exists(1_786_999_999));
    assert!(!usual.exists(1_787_417_657) && usual.state(1_787_417_700) == State::Open);
}

#[test]
fn a_malformed_file_is_named_with_line_and_column() {
    let sha = "2a2db1e8d6d104ee0611efcae7eb023af65cff34";
    for (rows, wanted) in [
        (
            format!("9,{sha},1787418361,1787417658,1,11,2,2\n8,{sha},soon,1,1,1,1,1\n"),
            "line 3, column `merged_at`: `soon` is no whole number",
        ),
        ("9,xyz,1787418361,1787417658,1,11,2,2\n".to_owned(), "line 2, column `merge_sha`: `xyz` is no commit"),
        (format!("9,{sha},1787418361\n"), "line 2, column `files`"),
    ] {
        let csv = Csv::new("malformed", &rows);
        let Err(error) = csv.found() else { panic!("the file should be refused") };
        let message = error.to_string();
        assert!(message.contains(wanted) && message.contains("malformed"), "{message}");
    }
}

#[test]
fn logins_and_ids_are_nobody_elses() {
    let company = usual();
    let logins: HashSet<&str> = company.people.iter().map(|person| person.login.as_str()).collect();
    assert_eq!(logins.len(), company.people.len());
    let names: HashSet<&str> = company.repositories.iter().map(|repository| repository.name.as_str()).collect();
    assert_eq!(names.len(), company.repositories.len());
}

#[test]
fn owners_guards_and_scans_are_as_the_table_says() {
    let traits = flaws::assign(1, 200);
    let count = |wanted: &dyn Fn(&flaws::Traits) -> bool| traits.iter().filter(|traits| !traits.empty && wanted(traits)).count();
    for (owners, expected) in [
        (Owners::Nowhere, 50),
        (Owners::AtRoot, 30),
        (Owners::InDocs, 8),
        (Owners::TwoPlaces, 6),
        (Owners::TooLarge, 2),
        (Owners::UnknownTeam, 5),
        (Owners::BlindTeam, 4),
        (Owners::ReadOnlyTeam, 4),
        (Owners::LeftPerson, 6),
        (Owners::SyntaxErrors, 4),
    ] {
        assert_eq!(count(&|traits| traits.owners == owners), expected, "{owners:?}");
    }
    for (guard, expected) in [
        (Guard::Nothing, 24),
        (Guard::Ruleset, 24),
        (Guard::Both, 12),
        (Guard::Evaluating, 6),
        (Guard::Disabled, 4),
        (Guard::Excluding, 4),
        (Guard::Missing, 6),
        (Guard::Bypassed, 10),
        (Guard::RulesetBypassed, 8),
        (Guard::ChecksOff, 10),
        (Guard::Weak, 8),
        (Guard::Wildcard, 8),
    ] {
        assert_eq!(count(&|traits| traits.guard == guard), expected, "{guard:?}");
    }
    assert!(count(&|traits| traits.guard == Guard::Nothing && traits.public) > 0);
    assert_eq!(count(&|traits| traits.relaxed), 2);
    assert_eq!(count(&|traits| traits.descriptor == Descriptor::Broken), 5);
    assert_eq!(count(&|traits| traits.descriptor == Descriptor::UnknownOwner), 5);
    assert_eq!((count(&|traits| traits.scanning == Scanning::Off), count(&|traits| traits.scanning == Scanning::NeverRan)), (66, 8));
    assert_eq!(count(&|traits| traits.scanning == Scanning::Off && traits.service), 6);
    assert_eq!(count(&|traits| traits.leaks_unseen), 40);
}

#[test]
fn teams_may_write_what_is_theirs_and_nobody_what_is_nobodys() {
    let company = usual();
    let now = Options::default().now.timestamp();
    let access_at = |now| -> Vec<Vec<(usize, Level)>> {
        (0..company.groups.len()).map(|index| groups::access_at(&company.groups, index, now)).collect()
    };
    let mut handed_over = 0;
    for now in [now, now + 12 * 86_400] {
        let access = access_at(now);
        for repository in &company.repositories {
            let writers: Vec<&str> = (0..company.groups.len())
                .filter(|index| access[*index].iter().any(|(place, level)| *place == repository.index && *level >= Level::Write))
                .map(|index| company.groups[index].slug)
                .collect();
            match (repository.properties.team(i64::MIN), repository.properties.team(now)) {
                (Some(first), Some(team)) => {
                    assert!(writers.contains(&team), "{} of {team}: {writers:?}", repository.name);
                    assert!(writers.contains(&first), "nobody shows the old team out");
                    handed_over += usize::from(first != team);
                }
                _ => assert!(writers.iter().all(|slug| *slug == groups::SECRET), "{}: {writers:?}", repository.name),
            }
        }
    }
    assert!(handed_over > 0);
    let access = access_at(now);
    let place = |slug| company.groups.iter().position(|group| group.slug == slug).expect("the team exists");
    assert!(company.groups[place(groups::SECRET)].secret);
    assert!(groups::members_at(&company.groups, place(groups::DESERTED), now).is_empty());
    assert_eq!(access[place(groups::DESERTED)].iter().filter(|(_, level)| *level == Level::Maintain).count(), 3);
    let (platform, rota) = (place("lamp-platform"), place(groups::ROTA));
    assert_eq!(access[platform], access[rota], "a team below has what the team above has");
    let parent = groups::members_at(&company.groups, place(groups::PARENT), now);
    assert!(parent.iter().any(|member| member.inherited && !member.leads) && parent.iter().any(|member| member.leads));
    let later = groups::members_at(&company.groups, platform, now + 10 * 86_400);
    assert_ne!(groups::members_at(&company.groups, platform, now), later, "somebody joins and somebody leaves");
}

#[test]
fn files_and_rules_change_rarely() {
    let company = usual();
    let now = Options::default().now.timestamp();
    let later = now + 7 * 86_400;
    let all = || company.repositories.iter().flat_map(|repository| &repository.files);
    let changed = all().filter(|file| file.at(now) != file.at(later)).count();
    assert!((3..20).contains(&changed), "{changed} files changed in a week");
    let edited = |path: &str| all().filter(|file| file.path == path && file.at(now) != file.at(now + 13 * 86_400)).count();
    assert!(edited("go.mod") > 0 && edited("catalog-info.yaml") > 0, "{} {}", edited("go.mod"), edited("catalog-info.yaml"));
    let rules = || company.repositories.iter().flat_map(|repository| &repository.rules);
    let relaxed = rules().filter(|rule| rule.reviews(now).is_some() && rule.reviews(later).is_none() && rule.allows_force_pushes(later));
    assert_eq!(relaxed.count(), 2);
    let trial = company.rulesets.iter().find(|set| set.name == "two-keepers-everywhere").expect("the trial exists");
    assert_eq!((trial.enforcement(now), trial.enforcement(later)), (Enforcement::Evaluate, Enforcement::Active));
    assert!(company.repositories.iter().all(|repository| repository.traits.empty == repository.files.is_empty()));
}

#[test]
fn rulesets_hold_where_their_conditions_say() {
    let company = usual();
    let now = Options::default().now.timestamp();
    let holding = |repository: &crate::company::repositories::Repository, branch: &str| -> Vec<&str> {
        company.rulesets.iter().filter(|set| set.holds_for(repository, branch, now)).map(|set| set.name).collect()
    };
    for repository in &company.repositories {
        let names = holding(repository, repository.default_branch);
        let (name, traits) = (&repository.name, &repository.traits);
        assert_eq!(names.contains(&"gateways"), name.ends_with("-gateway"), "{name}");
        assert_eq!(names.contains(&"card-data"), traits.pci == Pci::InScope, "{name}");
        assert_eq!(names.contains(&"terraform"), name.ends_with("-terraform") && name != "tide-terraform", "{name}");
        let own = matches!(traits.guard, Guard::Ruleset | Guard::Both | Guard::RulesetBypassed);
        assert_eq!(names.contains(&"default branch"), own && !traits.empty, "{name}");
        assert!(!names.contains(&"gas-lamp-era") && !names.contains(&"release-tags") && !names.contains(&"side branches"), "{name}");
        assert_eq!(holding(repository, "work/1").contains(&"side branches"), traits.guard == Guard::Excluding && !traits.empty);
        assert_eq!(
            repository.rule_of(repository.default_branch).is_some(),
            !own && guarded_by_rule(traits.guard) && !traits.empty || traits.guard == Guard::Both
        );
    }
    let wildcard = company.repositories.iter().find(|repository| repository.traits.guard == Guard::Wildcard).expect("one has it");
    assert_eq!(wildcard.rule_of(wildcard.default_branch).map(|rule| rule.pattern), Some(wildcard.default_branch), "exact before wildcard");
}

fn guarded_by_rule(guard: Guard) -> bool {
    !matches!(
        guard,
        Guard::Nothing | Guard::Ruleset | Guard::Evaluating | Guard::Disabled | Guard::Excluding | Guard::Missing | Guard::RulesetBypassed
    )
}

#[test]
fn any_seed_and_any_size_gives_a_company() {
    for seed in 0..12 {
        for repositories in [1, 4, 25, 80] {
            let options = Options { seed, repositories, history_days: 5, ..Options::default() };
            let company = Company::found(&options).expect("the options are good");
            assert_eq!(company.repositories.len(), repositories);
            assert!(company.repositories.iter().flat_map(|repository| &repository.files).all(|file| !file.path.is_empty()));
        }
    }
}
