//! A pull request's fields.

use crate::company::people::Actor;
use crate::company::pulls::{Pull, State, Verdict};
use crate::company::repositories::Repository;
use crate::company::text;
use crate::github::graphql::plan::{Field, Selection};
use crate::github::graphql::run::{List, Run, Written};
use crate::github::{WEB, ids};

/// What the made-up objects of a pull request are told apart by.
pub(super) mod objects {
    /// A commit on its branch.
    pub(in crate::github) const COMMIT: u64 = 1;
    /// The commit of the merge.
    pub(in crate::github) const MERGE: u64 = 2;
    /// Where its branch began.
    pub(in crate::github) const BASE: u64 = 3;
}

impl<'a> Run<'a> {
    /// Writes a pull request.
    pub(super) fn pull_request(&mut self, selection: &'a Selection, repository: &'a Repository, pull: &'a Pull) -> Written {
        self.object("PullRequest", selection, |run, field| match field.name {
            "author" => run.actor(&field.selection, pull.author),
            "mergedBy" => match pull.merged(run.now) {
                Some((_, by)) => run.actor(&field.selection, by),
                None => run.null(),
            },
            "headRepository" | "headRepositoryOwner" if pull.from_deleted_fork => run.null(),
            "headRepository" | "baseRepository" | "repository" => run.repository(&field.selection, repository),
            "headRepositoryOwner" => run.organization(&field.selection),
            "mergeCommit" => match pull.merged(run.now) {
                Some(_) => run.merge_commit(&field.selection, repository, pull),
                None => run.null(),
            },
            "labels" => run.nullable(|run| run.labels(field, repository, pull)),
            "comments" => run.comments(field, pull),
            "commits" => run.commits(field, repository, pull),
            "reviews" => run.nullable(|run| run.reviews(field, repository, pull)),
            "timelineItems" => run.timeline(field, repository, pull),
            name => run.pull_request_value(name, repository, pull),
        })
    }

    fn pull_request_value(&mut self, name: &str, repository: &Repository, pull: &Pull) -> Written {
        let now = self.now;
        match name {
            "id" => self.text(&ids::pull(repository, pull)),
            // The vendor's BigInt travels as text.
            "fullDatabaseId" => self.text(&ids::pull_number(repository, pull).to_string()),
            "databaseId" => self.small_number(ids::pull_number(repository, pull)),
            "number" => self.number(pull.number),
            "title" => self.text(&text::title(repository, pull)),
            "body" | "bodyText" => self.text(&text::body(repository, pull)),
            "url" | "permalink" => self.text(&format!("{WEB}/{}/{}/pull/{}", repository.owner.login, repository.name, pull.number)),
            "state" => self.text(match pull.state(now) {
                State::Open => "OPEN",
                State::Closed => "CLOSED",
                State::Merged => "MERGED",
            }),
            "isDraft" => self.flag(pull.is_draft(now)),
            "merged" => self.flag(pull.merged(now).is_some()),
            "closed" => self.flag(pull.ended_at(now).is_some()),
            "locked" => self.flag(false),
            "createdAt" | "publishedAt" => self.time(pull.created_at),
            "updatedAt" => self.time(pull.updated_at(now)),
            "closedAt" => self.time_or_null(pull.ended_at(now)),
            "mergedAt" => self.time_or_null(pull.merged(now).map(|(at, _)| at)),
            "lastEditedAt" => self.null(),
            "additions" => self.number(pull.size(now).0),
            "deletions" => self.number(pull.size(now).1),
            "changedFiles" => self.number(pull.size(now).2),
            "authorAssociation" => self.text(match pull.author {
                Actor::Person(_) => "MEMBER",
                Actor::Bot(_) => "CONTRIBUTOR",
                Actor::Ghost => "NONE",
            }),
            "baseRefName" => self.text(text::base_branch(repository, pull)),
            "headRefName" => self.text(&text::head_branch(repository, pull)),
            "baseRefOid" => self.oid(&text::object_id(pull, objects::BASE, 0)),
            "headRefOid" => {
                let last = pull.commits(now).len().saturating_sub(1);
                self.oid(&text::object_id(pull, objects::COMMIT, last as u64))
            }
            "isCrossRepository" => self.flag(pull.from_deleted_fork),
            "reviewDecision" => self.text_or_null(decision(repository, pull, now)),
            _ => {
                let remarks = pull.reviews(now).iter().filter(|review| review.has_body).count();
                self.number(pull.comments(now) + remarks)
            }
        }
    }

    fn labels(&mut self, field: &'a Field, repository: &Repository, pull: &Pull) -> Written {
        let labels: Vec<&'static str> = pull.labels().collect();
        let list = List { of: "Label", total: labels.len(), key: &|place| (place as i64, 0), descending: false };
        self.connection(field, &list, |run, selection, place| {
            run.object("Label", selection, |run, field| match field.name {
                "id" => run.text(&ids::encode("LA", &[repository.id as u32, labels[place].len() as u32])),
                "name" => run.text(labels[place]),
                _ => run.text("b5a642"),
            })
        })
    }

    fn comments(&mut self, field: &'a Field, pull: &Pull) -> Written {
        let list = List {
            of: "IssueComment",
            total: pull.comments(self.now),
            key: &|place| (pull.comments[place], place as u32),
            descending: false,
        };
        self.connection(field, &list, |run, _, _| run.null())
    }
}

/// What the reviews come to: the latest word of each reviewer counts, and words of the author or of a bot do not.
fn decision(repository: &Repository, pull: &Pull, now: i64) -> Option<&'static str> {
    if !repository.setting(13, 6) {
        // Reviews are not required here, and the vendor says nothing then.
        return None;
    }
    let mut latest: Vec<(Actor, Verdict)> = Vec::new();
    for review in pull.reviews(now).iter().filter(|review| !review.is_dismissed(now)) {
        if review.verdict == Verdict::Commented || review.author == pull.author {
            continue;
        }
        latest.retain(|(author, _)| *author != review.author);
        latest.push((review.author, review.verdict));
    }
    let any = |wanted| latest.iter().any(|(_, verdict)| *verdict == wanted);
    Some(if any(Verdict::ChangesRequested) {
        "CHANGES_REQUESTED"
    } else if any(Verdict::Approved) {
        "APPROVED"
    } else {
        "REVIEW_REQUIRED"
    })
}
