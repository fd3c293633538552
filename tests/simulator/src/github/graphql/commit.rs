//! Commits of a pull request, and the one that merged it.

use crate::company::people::Actor;
use crate::company::pulls::Pull;
use crate::company::repositories::Repository;
use crate::company::{self, text};
use crate::github::graphql::plan::{Field, Selection};
use crate::github::graphql::pull_request::objects;
use crate::github::graphql::run::{List, Run, Written};
use crate::github::{WEB, ids, time};

/// What a commit says.
struct Told {
    oid: [u8; 20],
    authored_at: i64,
    committed_at: i64,
    author: Actor,
    message: String,
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
            "url" => run.text(&format!("{WEB}/{}/{}/pull/{}/commits/{place}", company::LOGIN, repository.name, pull.number)),
            _ => run.branch_commit(&field.selection, repository, pull, place),
        })
    }

    /// Writes the commit at a place of a pull request's branch.
    pub(super) fn branch_commit(&mut self, selection: &'a Selection, repository: &'a Repository, pull: &'a Pull, place: usize) -> Written {
        let commit = &pull.commits[place];
        let told = Told {
            oid: text::object_id(pull, objects::COMMIT, place as u64),
            authored_at: commit.authored_at,
            committed_at: commit.committed_at,
            author: commit.author,
            message: text::message(repository, pull, place),
        };
        self.commit(selection, repository, &told)
    }

    /// Writes the commit that merged a pull request.
    pub(super) fn merge_commit(&mut self, selection: &'a Selection, repository: &'a Repository, pull: &'a Pull) -> Written {
        let (at, _) = pull.merged(self.now).unwrap_or((pull.created_at, Actor::Ghost));
        let told = Told {
            oid: pull.merge_sha.unwrap_or_else(|| text::object_id(pull, objects::MERGE, 0)),
            authored_at: at,
            committed_at: at,
            author: pull.author,
            message: format!("{} (#{})", text::title(repository, pull), pull.number),
        };
        self.commit(selection, repository, &told)
    }

    fn commit(&mut self, selection: &'a Selection, repository: &'a Repository, told: &Told) -> Written {
        let number = u32::from_be_bytes([told.oid[0], told.oid[1], told.oid[2], told.oid[3]]);
        let hex = || told.oid.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
        self.object("Commit", selection, |run, field| match field.name {
            "id" => run.text(&ids::encode("C", &[repository.id as u32, number])),
            "oid" => run.oid(&told.oid),
            "abbreviatedOid" => run.text(&hex()[..7]),
            "url" => run.text(&format!("{WEB}/{}/{}/commit/{}", company::LOGIN, repository.name, hex())),
            "authoredDate" => run.time(told.authored_at),
            "committedDate" => run.time(told.committed_at),
            "message" | "messageHeadline" => run.text(&told.message),
            "messageBody" => run.text(""),
            "author" => run.git_actor(&field.selection, told.author, told.authored_at),
            _ => run.git_actor(&field.selection, told.author, told.committed_at),
        })
    }

    /// Who git says it was: name and address stay when the account is gone.
    fn git_actor(&mut self, selection: &'a Selection, actor: Actor, at: i64) -> Written {
        let present = self.present;
        let person = present.company.person(actor);
        self.object("GitActor", selection, |run, field| match (field.name, person) {
            ("name", Some(person)) => run.text(person.name.as_deref().unwrap_or(&person.login)),
            ("email", Some(person)) => run.text(&person.email),
            ("user", Some(_)) => run.user(&field.selection, actor),
            ("user", None) => run.null(),
            ("name", None) => run.text("Lamplighter"),
            ("email", None) => run.text(&format!("noreply@{}", company::DOMAIN)),
            _ => run.text(&time::text(at)),
        })
    }
}
