//! What tests elsewhere may rely on about the company.

use std::collections::HashSet;
use std::io::Write as _;
use std::path::PathBuf;

use chrono::Duration;

use crate::company::flaws::{Alerts, Archived, Pci};
use crate::company::pulls::{Pull, State, Verdict};
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
