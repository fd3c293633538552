//! Reviews of a pull request.

use serde_json::Value;

use crate::company::people::Actor;
use crate::company::pulls::{Pull, Review, Verdict};
use crate::company::repositories::Repository;
use crate::company::text;
use crate::github::graphql::plan::{Field, Selection};
use crate::github::graphql::run::{List, Run, Written};
use crate::github::{WEB, ids};

const STATES: [&str; 5] = ["APPROVED", "CHANGES_REQUESTED", "COMMENTED", "DISMISSED", "PENDING"];

impl<'a> Run<'a> {
    /// Writes a page of a pull request's reviews.
    pub(super) fn reviews(&mut self, field: &'a Field, repository: &'a Repository, pull: &'a Pull) -> Written {
        let wanted = match field.argument("states") {
            Some(Value::Array(many)) => Some(many.as_slice()),
            Some(one) => Some(std::slice::from_ref(one)),
            None => None,
        };
        if wanted.is_some_and(|wanted| !wanted.iter().all(|state| STATES.iter().any(|known| state == known))) {
            return Err(self.invalid(field, "states"));
        }
        let now = self.now;
        let places: Vec<u32> = pull
            .reviews(now)
            .iter()
            .enumerate()
            .filter(|(_, review)| wanted.is_none_or(|wanted| wanted.iter().any(|one| one == state(review, now))))
            .map(|(place, _)| place as u32)
            .collect();
        let list = List { of: "PullRequestReview", total: places.len(), key: &|place| (0, places[place]), descending: false };
        self.connection(field, &list, |run, selection, place| run.review(selection, repository, pull, places[place] as usize))
    }

    /// Writes a review.
    pub(super) fn review(&mut self, selection: &'a Selection, repository: &'a Repository, pull: &'a Pull, place: usize) -> Written {
        let review = &pull.reviews[place];
        let now = self.now;
        self.object("PullRequestReview", selection, |run, field| match field.name {
            "id" => run.text(&ids::review(repository, pull, place)),
            "fullDatabaseId" => run.text(&ids::review_number(repository, pull, place).to_string()),
            "databaseId" => run.small_number(ids::review_number(repository, pull, place)),
            "state" => run.text(state(review, now)),
            "submittedAt" | "createdAt" | "publishedAt" => run.time(review.submitted_at),
            "updatedAt" => run.time(review.updated_at(now)),
            "author" => run.actor(&field.selection, review.author),
            "authorAssociation" => run.text(match review.author {
                Actor::Person(_) => "MEMBER",
                Actor::Bot(_) => "CONTRIBUTOR",
                Actor::Ghost => "NONE",
            }),
            "body" | "bodyText" => run.text(if review.has_body { text::remark(pull, place) } else { "" }),
            "commit" => {
                let seen = pull.commits(review.submitted_at).len();
                match seen.checked_sub(1) {
                    Some(last) => run.branch_commit(&field.selection, repository, pull, last),
                    None => run.null(),
                }
            }
            "url" => {
                let number = ids::review_number(repository, pull, place);
                let page = format!("{}/pull/{}", repository.name, pull.number);
                run.text(&format!("{WEB}/{}/{page}#pullrequestreview-{number}", repository.owner.login))
            }
            "pullRequest" => run.pull_request(&field.selection, repository, pull),
            _ => run.repository(&field.selection, repository),
        })
    }
}

fn state(review: &Review, now: i64) -> &'static str {
    match review.verdict {
        _ if review.is_dismissed(now) => "DISMISSED",
        Verdict::Approved => "APPROVED",
        Verdict::ChangesRequested => "CHANGES_REQUESTED",
        Verdict::Commented => "COMMENTED",
    }
}
