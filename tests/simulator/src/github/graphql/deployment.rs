//! Deployments, and what became of them.

use serde_json::Value;

use crate::company::deployments::{Code, Deployment, State, Status};
use crate::company::repositories::Repository;
use crate::company::{self, text};
use crate::github::access::Permission;
use crate::github::graphql::commit;
use crate::github::graphql::plan::{Field, Selection};
use crate::github::graphql::run::{List, Run, Written};
use crate::github::{WEB, ids};

/// After so many seconds without a word the vendor calls a deployment abandoned.
const PATIENCE: i64 = 30 * 60;

impl<'a> Run<'a> {
    /// Writes a page of a repository's deployments.
    pub(super) fn deployments(&mut self, field: &'a Field, repository: &'a Repository) -> Written {
        self.may(field, Permission::Deployments)?;
        let descending = self.descending(field)?;
        let wanted: Option<Vec<&str>> = field.argument("environments").map(|value| match value {
            Value::Array(many) => many.iter().filter_map(Value::as_str).collect(),
            one => one.as_str().into_iter().collect(),
        });
        let all = self.present.company.deployments(repository);
        let so_far = &all[..all.partition_point(|deployment| deployment.created_at <= self.now)];
        let shown = |deployment: &Deployment| wanted.as_ref().is_none_or(|wanted| wanted.contains(&deployment.environment.as_ref()));
        let mut places: Vec<usize> = (0..so_far.len()).filter(|place| shown(&so_far[*place])).collect();
        if descending {
            places.reverse();
        }
        let key = |nth: usize| (all[places[nth]].created_at, places[nth] as u32);
        let list = List { of: "Deployment", total: places.len(), key: &key, descending };
        self.connection(field, &list, |run, selection, nth| run.deployment(selection, repository, places[nth]))
    }

    /// Writes the deployment at a place of a repository's.
    pub(super) fn deployment(&mut self, selection: &'a Selection, repository: &'a Repository, place: usize) -> Written {
        let now = self.now;
        let deployment = &self.present.company.deployments(repository)[place];
        let pull = |index: u32| &repository.pulls[index as usize];
        let told = || match deployment.code {
            Code::Merge(index) => commit::of_merge(repository, pull(index)),
            Code::Branch(index) => commit::on_branch(repository, pull(index), pull(index).commits(deployment.created_at).len().max(1) - 1),
            Code::Push(place) => commit::of_push(repository, place),
        };
        let last = deployment.statuses(now).len().checked_sub(1);
        self.object("Deployment", selection, |run, field| match field.name {
            "id" => run.text(&ids::encode("DE", &[repository.id as u32, place as u32])),
            "databaseId" => run.small_number(repository.owner.number(1_000_000_000, 100_000, repository.index) + place as u64),
            "createdAt" => run.time(deployment.created_at),
            "updatedAt" => run.time(deployment.updated_at(now)),
            "environment" | "originalEnvironment" | "latestEnvironment" => run.text(&deployment.environment),
            "task" => run.text("deploy"),
            "state" => run.text(match last.map(|last| deployment.statuses(now)[last].state) {
                None if now - deployment.created_at > PATIENCE => "ABANDONED",
                None => "PENDING",
                Some(State::Success) => "ACTIVE",
                Some(state) => word(state),
            }),
            "commitOid" => run.oid(&told().oid),
            "commit" => run.commit(&field.selection, repository, &told()),
            // What is brought back was asked for by its commit, and what is only looked at by a branch that is gone.
            "ref" if deployment.rollback || matches!(deployment.code, Code::Branch(_)) => run.null(),
            "ref" => run.branch(&field.selection, repository, (0, repository.default_branch)),
            "creator" => run.actor(&field.selection, deployment.creator),
            "description" => run.text_or_null(deployment.rollback.then_some("Back to what worked")),
            "payload" => match deployment.code {
                Code::Merge(index) | Code::Branch(index) => run.text(&format!("{{\"train\":{}}}", pull(index).number)),
                Code::Push(_) => run.text("{}"),
            },
            "repository" => run.repository(&field.selection, repository),
            "latestStatus" => match last {
                Some(last) => run.deployment_status(&field.selection, repository, place, last),
                None => run.null(),
            },
            _ => run.nullable(|run| run.deployment_statuses(field, repository, place)),
        })
    }

    /// Writes a page of what became of a deployment, the newest first.
    fn deployment_statuses(&mut self, field: &'a Field, repository: &'a Repository, place: usize) -> Written {
        let statuses = self.present.company.deployments(repository)[place].statuses(self.now);
        let nth = |nth: usize| statuses.len() - 1 - nth;
        let key = |place: usize| (statuses[nth(place)].at, nth(place) as u32);
        let list = List { of: "DeploymentStatus", total: statuses.len(), key: &key, descending: true };
        self.connection(field, &list, |run, selection, shown| run.deployment_status(selection, repository, place, nth(shown)))
    }

    fn deployment_status(&mut self, selection: &'a Selection, repository: &'a Repository, place: usize, nth: usize) -> Written {
        let deployment = &self.present.company.deployments(repository)[place];
        let Status { at, state } = deployment.statuses(self.now)[nth];
        self.object("DeploymentStatus", selection, |run, field| match field.name {
            "id" => run.text(&ids::encode("DES", &[repository.id as u32, place as u32, nth as u32])),
            "state" => run.text(word(state)),
            "createdAt" | "updatedAt" => run.time(at),
            "environment" => run.text(&deployment.environment),
            "environmentUrl" if state == State::Success => {
                run.text(&format!("https://{}.{}.{}/", deployment.environment, repository.name, company::DOMAIN))
            }
            "logUrl" => run.text(&format!("{WEB}/{}/{}/deployments/{place}/logs/{nth}", repository.owner.login, repository.name)),
            "creator" => run.actor(&field.selection, deployment.creator),
            "deployment" => run.deployment(&field.selection, repository, place),
            "description" if state == State::Failure => match deployment.code {
                Code::Merge(index) | Code::Branch(index) => run.text(&text::title(repository, &repository.pulls[index as usize])),
                Code::Push(_) => run.null(),
            },
            _ => run.null(),
        })
    }
}

/// The vendor's word for what became of a deployment.
fn word(state: State) -> &'static str {
    match state {
        State::Waiting => "WAITING",
        State::Queued => "QUEUED",
        State::InProgress => "IN_PROGRESS",
        State::Success => "SUCCESS",
        State::Failure => "FAILURE",
        State::Error => "ERROR",
        State::Inactive => "INACTIVE",
    }
}
