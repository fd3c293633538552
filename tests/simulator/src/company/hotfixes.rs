//! Mends in a hurry what a deployment broke: turns a pull request that follows such an outage into its hotfix.
//!
//! The next pull request becomes another one, opened earlier, rather than one more: there are as many as were asked for, and the numbers stay.

use crate::company::Company;
use crate::company::deployments::{self, Deployment};
use crate::company::outages::Cause;
use crate::company::people::{Actor, CI_BOT};
use crate::company::pulls::{Commit, HOTFIX, Outcome, Pull, Purpose, Verdict};
use crate::company::random::mix;
use crate::company::repositories::Repository;

/// The longest that an outage begins after the deployment that caused it.
pub(crate) const BLAMED: i64 = 8 * 3_600;
/// The shortest that it takes to open one after the outage was noticed.
const SOONEST: i64 = 600;
/// The longest that a hotfix is opened after the outage was noticed.
pub(crate) const HURRY: i64 = 6 * 3_600;
/// The most hotfixes of a service.
const FEW: usize = 3;

/// Plants hotfixes: for each service at most three, each after an outage that soon followed a deployment to production.
pub(super) fn plant(company: &mut Company) {
    let troubles = company.outages().iter().filter(|outage| outage.cause == Cause::Trouble);
    let troubles: Vec<(usize, i64, i64)> = troubles.map(|outage| (outage.services[0], outage.started_at, outage.detected_at)).collect();
    for service in 0..company.services.len() {
        let index = company.services[service].repository;
        let mut planted = 0;
        let mut deployed: Option<Vec<Deployment>> = None;
        // The earliest first: what was deployed before a hotfix stays as it was, what is deployed after it does not.
        for &(_, started_at, detected_at) in troubles.iter().filter(|(first, ..)| *first == service) {
            let repository = &company.repositories[index];
            let Some((place, opened_at)) = mendable(repository, detected_at).filter(|_| planted < FEW) else { continue };
            let draw = || deployments::deployments(company.seed, &company.period, company.people.len(), repository);
            if !deployed.get_or_insert_with(draw).iter().any(|deployment| is_to_blame(repository, deployment, started_at)) {
                continue;
            }
            mend(&mut company.repositories[index].pulls[place], detected_at, opened_at);
            (planted, deployed) = (planted + 1, None);
        }
    }
}

/// Whether an outage that began at this moment followed a deployment soon enough to be its fault.
fn is_to_blame(repository: &Repository, deployment: &Deployment, started_at: i64) -> bool {
    let succeeded = deployment.succeeded_at().is_some_and(|at| (started_at - BLAMED..started_at).contains(&at));
    succeeded && deployment.environment == repository.production() && !deployment.rollback
}

/// The first pull request opened after an outage was noticed that may become a hotfix, and when it is opened then: no earlier than the one
/// before it.
fn mendable(repository: &Repository, detected_at: i64) -> Option<(usize, i64)> {
    let ordinary = |pull: &Pull| {
        pull.purpose == Purpose::Change
            && matches!((pull.author, pull.outcome), (Actor::Person(_), Outcome::Merged { .. }))
            && pull.commits.len() < 20
    };
    let later = repository.pulls.partition_point(|pull| pull.created_at <= detected_at + SOONEST);
    let place = later + repository.pulls[later..].iter().position(ordinary)?;
    let pull = &repository.pulls[place];
    let wanted = detected_at + SOONEST + (mix(pull.words ^ 9) >> 16) as i64 % (2 * 3_600);
    let before = place.checked_sub(1).map_or(i64::MIN, |before| repository.pulls[before].created_at);
    let opened_at = pull.created_at.min(wanted.max(before + 60));
    Some((place, opened_at)).filter(|_| opened_at < detected_at + HURRY)
}

/// Makes a hotfix of it: opened in a hurry, small, seen by one person if by anyone, and merged within the hour.
fn mend(pull: &mut Pull, detected_at: i64, created_at: i64) {
    let Outcome::Merged { by, .. } = pull.outcome else { return };
    let draw = mix(pull.words ^ 9);
    pull.created_at = created_at;
    let merged_at = created_at + 720 + (draw % 2_700) as i64;
    pull.purpose = Purpose::Hotfix;
    pull.outcome = Outcome::Merged { at: merged_at, by };
    (pull.opened_as_draft, pull.draft_changes, pull.from_deleted_fork) = (false, Box::default(), false);
    let count = 1 + (draw >> 32) as i64 % 2;
    let written = |place: i64| detected_at + (created_at - detected_at) * (place + 1) / (count + 1);
    let commit = |place: i64| {
        let at = written(place);
        Commit { authored_at: at, committed_at: at, pushed_at: created_at, author: pull.author, merges: false }
    };
    pull.commits = (0..count).map(commit).collect();
    let mut reviews = pull.reviews.to_vec();
    reviews.retain(|review| review.author != pull.author && review.author != CI_BOT);
    reviews.truncate(1);
    for review in &mut reviews {
        (review.submitted_at, review.verdict, review.dismissed_at) = ((created_at + merged_at) / 2, Verdict::Approved, None);
    }
    pull.reviews = reviews.into();
    let mut comments = pull.comments.to_vec();
    comments.retain(|at| *at <= merged_at);
    pull.comments = comments.into();
    (pull.additions, pull.deletions, pull.files) = (pull.additions.min(30), pull.deletions.min(12), pull.files.min(3));
    pull.labels = if pull.number % 3 == 1 { 0 } else { HOTFIX };
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::company::text;
    use crate::options::Options;

    #[test]
    fn a_hotfix_follows_an_outage_that_follows_a_deployment() {
        let company = Company::found(&Options::default()).expect("the default options are good");
        let (mut labels, mut branches, mut all) = (0, 0, 0);
        for repository in &company.repositories {
            for (index, pull) in repository.pulls.iter().enumerate() {
                let branch = text::head_branch(repository, pull);
                let (labelled, on_branch) = (pull.labels().any(|label| label == "hotfix"), branch.starts_with("hotfix/"));
                assert_eq!(labelled || on_branch, pull.purpose == Purpose::Hotfix, "{branch}");
                if pull.purpose != Purpose::Hotfix {
                    continue;
                }
                (all, labels, branches) = (all + 1, labels + usize::from(labelled), branches + usize::from(on_branch));
                let merged_at = pull.ended_at(i64::MAX).expect("it is merged");
                assert!((600..3_600).contains(&(merged_at - pull.created_at)));
                let outage = company.outages().iter().find(|outage| {
                    let here = company.services()[outage.services[0]].repository == repository.index;
                    here && outage.cause == Cause::Trouble && (0..HURRY).contains(&(pull.created_at - outage.detected_at)) && {
                        let deployed = company.deployments(repository);
                        deployed.iter().any(|deployment| is_to_blame(repository, deployment, outage.started_at))
                    }
                });
                assert!(outage.is_some_and(|outage| pull.commits.iter().all(|commit| commit.authored_at >= outage.detected_at)));
                let brought = company.deployments(repository).iter().find(|deployment| {
                    deployment.code == deployments::Code::Merge(index as u32) && deployment.environment == repository.production()
                });
                assert!(brought.and_then(Deployment::succeeded_at).is_some_and(|at| at < merged_at + 3_600), "{branch}");
            }
        }
        assert!(labels > 2 && branches > 2 && labels + branches > all, "{labels} {branches} {all}");
        assert_eq!(all, HOTFIXES, "the table says how many");
    }

    /// How many the default company has.
    const HOTFIXES: usize = 9;

    #[test]
    fn a_revert_names_an_earlier_pull_request_by_its_branch() {
        let company = Company::found(&Options::default()).expect("the default options are good");
        let mut reverts = 0;
        for repository in &company.repositories {
            for pull in &repository.pulls {
                let Purpose::Revert(of) = pull.purpose else { continue };
                let (undone, branch) = (&repository.pulls[of as usize], text::head_branch(repository, pull));
                assert!(branch.starts_with(&format!("revert-{}-", undone.number)), "{branch}");
                assert!(undone.number < pull.number && undone.merged(pull.created_at).is_some(), "{branch}");
                reverts += 1;
            }
        }
        assert!(reverts > 20, "{reverts}");
    }
}
