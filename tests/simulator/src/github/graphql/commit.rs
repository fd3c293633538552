//! Commits of a pull request, and the one that merged it.

use crate::company::files::object_id;
use crate::company::people::{Actor, CI_BOT};
use crate::company::pulls::{Method, Outcome, Pull};
use crate::company::repositories::Repository;
use crate::company::{self, Company, text};
use crate::github::graphql::plan::{Field, Selection};
use crate::github::graphql::pull_request::objects;
use crate::github::graphql::run::{List, Run, Written};
use crate::github::{WEB, ids, time};

/// What a commit says.
pub(in crate::github) struct Told {
    pub(in crate::github) oid: [u8; 20],
    pub(in crate::github) authored_at: i64,
    committed_at: i64,
    pub(in crate::github) author: Actor,
    pub(in crate::github) message: String,
    /// How many commits it follows: a merge follows two.
    parents: usize,
}

/// The commit at a place of a pull request's branch.
pub(in crate::github) fn on_branch(repository: &Repository, pull: &Pull, place: usize) -> Told {
    let commit = &pull.commits[place];
    Told {
        oid: text::object_id(pull, objects::COMMIT, place as u64),
        authored_at: commit.authored_at,
        committed_at: commit.committed_at,
        author: commit.author,
        message: text::message(repository, pull, place),
        parents: 1 + usize::from(commit.merges),
    }
}

/// The commit that merges a pull request, sooner or later.
pub(in crate::github) fn of_merge(repository: &Repository, pull: &Pull) -> Told {
    let at = match pull.outcome {
        Outcome::Merged { at, .. } => at,
        _ => pull.created_at,
    };
    let told = Told {
        oid: pull.merge_sha.unwrap_or_else(|| text::object_id(pull, objects::MERGE, 0)),
        authored_at: at,
        committed_at: at,
        author: pull.author,
        message: format!("{} (#{})", text::title(repository, pull), pull.number),
        parents: 1,
    };
    match (pull.method(repository), pull.commits.last()) {
        (Method::Merge, _) => {
            let branch = text::head_branch(repository, pull);
            Told { message: format!("Merge pull request #{} from {}/{branch}", pull.number, repository.owner.login), parents: 2, ..told }
        }
        // What was written stays as it is, and only gets another place.
        (Method::Rebase, Some(last)) => {
            let message = text::message(repository, pull, pull.commits.len() - 1);
            Told { authored_at: last.authored_at.min(at), author: last.author, message, ..told }
        }
        (Method::Squash | Method::Rebase, _) => told,
    }
}

/// What somebody pushed without a pull request.
pub(in crate::github) fn of_push(repository: &Repository, place: u32) -> Told {
    let push = &repository.pushes[place as usize];
    let seen = [repository.id.to_be_bytes(), u64::from(place).to_be_bytes()].concat();
    Told {
        oid: object_id(&seen, 6),
        authored_at: push.at - 300,
        committed_at: push.at,
        author: push.author,
        message: "Trim the wick".to_owned(),
        parents: 1,
    }
}

/// The last commit before the history begins.
pub(in crate::github) fn before_history(repository: &Repository) -> Told {
    let at = repository.pushed_before.unwrap_or(repository.created_at);
    Told { oid: repository.first_commit(), authored_at: at, committed_at: at, author: CI_BOT, message: "Wind it up".to_owned(), parents: 1 }
}

/// Where a pull request's branch began.
pub(in crate::github) fn base(pull: &Pull) -> [u8; 20] {
    text::object_id(pull, objects::BASE, 0)
}

/// Who git says it was: name and address stay when the account is gone.
pub(in crate::github) fn name_and_address(company: &Company, actor: Actor) -> (&str, String) {
    match company.person(actor) {
        Some(person) => (person.name.as_deref().unwrap_or(&person.login), person.email.clone()),
        None => ("Lamplighter", format!("noreply@{}", company::DOMAIN)),
    }
}

impl<'a> Run<'a> {
    /// Writes a page of a pull request's commits.
    pub(super) fn commits(&mut self, field: &'a Field, repository: &'a Repository, pull: &'a Pull) -> Written {
        let total = pull.commits(self.now).len();
        let list = List { of: "PullRequestCommit", total, key: &|place| (place as i64, 0), descending: false };
        self.connection(field, &list, |run, selection, place| run.pull_request_commit(selection, repository, pull, place))
    }

    /// Writes one of a pull request's commits.
    pub(super) fn pull_request_commit(
        &mut self,
        selection: &'a Selection,
        repository: &'a Repository,
        pull: &'a Pull,
        place: usize,
    ) -> Written {
        self.object("PullRequestCommit", selection, |run, field| match field.name {
            "id" => run.text(&ids::encode("PURC", &[repository.id as u32, pull.number, place as u32])),
            "url" => run.text(&format!("{WEB}/{}/{}/pull/{}/commits/{place}", repository.owner.login, repository.name, pull.number)),
            _ => run.branch_commit(&field.selection, repository, pull, place),
        })
    }

    /// Writes the commit at a place of a pull request's branch.
    pub(super) fn branch_commit(&mut self, selection: &'a Selection, repository: &'a Repository, pull: &'a Pull, place: usize) -> Written {
        self.commit(selection, repository, &on_branch(repository, pull, place))
    }

    /// Writes the commit that merged a pull request.
    pub(super) fn merge_commit(&mut self, selection: &'a Selection, repository: &'a Repository, pull: &'a Pull) -> Written {
        self.commit(selection, repository, &of_merge(repository, pull))
    }

    /// Writes a commit.
    pub(super) fn commit(&mut self, selection: &'a Selection, repository: &'a Repository, told: &Told) -> Written {
        let number = u32::from_be_bytes([told.oid[0], told.oid[1], told.oid[2], told.oid[3]]);
        let hex = || told.oid.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
        self.object("Commit", selection, |run, field| match field.name {
            "id" => run.text(&ids::encode("C", &[repository.id as u32, number])),
            "oid" => run.oid(&told.oid),
            "abbreviatedOid" => run.text(&hex()[..7]),
            "url" => run.text(&format!("{WEB}/{}/{}/commit/{}", repository.owner.login, repository.name, hex())),
            "authoredDate" => run.time(told.authored_at),
            "committedDate" => run.time(told.committed_at),
            "message" | "messageHeadline" => run.text(&told.message),
            "messageBody" => run.text(""),
            "author" => run.git_actor(&field.selection, told.author, told.authored_at),
            "parents" => {
                let list = List { of: "Commit", total: told.parents, key: &|place| (place as i64, 0), descending: false };
                run.connection(field, &list, |run, _, _| run.null())
            }
            _ => run.git_actor(&field.selection, told.author, told.committed_at),
        })
    }

    fn git_actor(&mut self, selection: &'a Selection, actor: Actor, at: i64) -> Written {
        let (name, address) = name_and_address(&self.present.company, actor);
        self.object("GitActor", selection, |run, field| match field.name {
            "name" => run.text(name),
            "email" => run.text(&address),
            // Writes null for who has no account.
            "user" => run.user(&field.selection, actor),
            _ => run.text(&time::text(at)),
        })
    }
}
