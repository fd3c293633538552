//! One row per deployment, as last seen, with the moments of its first success and first failure.
//!
//! A repository's list says when each deployment was made and last changed; those that changed since the watermark are then read in full,
//! a hundred of any repositories in a request. A deployment may succeed or fail days after it was made, so the list is walked seven days
//! beyond the watermark, and always over the newest fifty.
//!
//! - grain: `repository_id`, `deployment_id`
//! - endpoint: POST /graphql nodes.deployments, 50 repositories a request; nodes.statuses, 100 changed deployments a request
//! - permission: Deployments: read
//! - date: the day of the run that saw the change; the newest `updated_at` wins

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use futures::{FutureExt, StreamExt, TryStreamExt, future::BoxFuture, stream};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::{
    collect::{CollectError, Context},
    privacy::{Pseudonym, Pseudonyms},
    table::{Kind, Probe, Read, Row, Table, Timestamp, Watch},
};

use super::{
    ApiError, ApiErrorKind,
    batch::{Answer, Question},
    github,
    history::{self, First, Reach, Reading},
    listing::{Connection, Named, Repository},
    newest_first::{self, Found, Item},
    person,
    pull_request_wire::Actor,
    pull_requests::account_type,
};

/// How far before the watermark a deployment is looked for that may have changed since.
const REACH: Reach = Reach { first: First::HistoryDays, look_back_days: 7 };

const LIST: &str = "query Deployments($ids: [ID!]!, $first: Int!, $after: String) {
  nodes(ids: $ids) {
    ... on Repository {
      items: deployments(first: $first, after: $after, orderBy: {field: CREATED_AT, direction: DESC}) {
        pageInfo { hasNextPage endCursor }
        nodes { id createdAt updatedAt }
      }
    }
  }
}";

const DETAILS: &str = "query DeploymentStatuses($ids: [ID!]!, $after: String) {
  nodes(ids: $ids) {
    ... on Deployment {
      id databaseId environment originalEnvironment task state commitOid commit { committedDate } createdAt updatedAt
      ref { name } creator { __typename login }
      statuses(first: 100, after: $after) { totalCount pageInfo { hasNextPage endCursor } nodes { state createdAt } }
    }
  }
}";

/// How much of a repository's list is read every time: what a busy one makes within the look-back.
const NEWEST: u32 = 50;
/// Repositories whose lists are read in a request.
const REPOSITORIES: u32 = 50;
/// Deployments that are read in full in a request.
const DEPLOYMENTS: u32 = 100;

/// `github.deployments`
pub const TABLE: Table = Table {
    source: "github",
    name: "deployments",
    meaning: "One row per deployment, as last seen, with the moments of its first success and first failure.",
    kind: Kind::Changes,
    grain: &["repository_id", "deployment_id"],
    version: Some("updated_at"),
    endpoint: "POST /graphql nodes.deployments, several repositories a request",
    permission: "Deployments: read",
    probe: Probe::Repository("deployments(first: 1) { totalCount }"),
    requests: |size| Some(size.repositories.div_ceil(50)),
    columns: Deployment::COLUMNS,
    watch: Watch::NOTHING,
    read: Read::By(collect),
};

/// One row.
#[derive(Debug, Row, Serialize)]
pub struct Deployment {
    /// Number of the repository
    repository_id: i64,
    /// `organisation/name` of the repository
    full_name: String,
    /// Number of the deployment
    deployment_id: i64,
    /// Environment, by the name it has there
    environment: Option<String>,
    /// Environment it was made for first
    original_environment: Option<String>,
    /// What it does, such as deploy
    task: Option<String>,
    /// State GitHub shows now, such as active or inactive
    state: Option<String>,
    /// Branch or tag; null where that is gone
    ref_name: Option<String>,
    /// Commit that is deployed
    commit_sha: String,
    /// Who made it; null for a deleted account
    creator_key: Option<Pseudonym>,
    /// user, bot or another kind of account
    creator_type: Option<String>,
    /// Made
    created_at: Timestamp,
    /// Last change
    updated_at: Timestamp,
    /// First status in_progress
    first_in_progress_at: Option<Timestamp>,
    /// First status success: it never moves
    first_success_at: Option<Timestamp>,
    /// First status failure or error
    first_failure_at: Option<Timestamp>,
    /// Statuses it had [statuses]
    statuses: i64,
    /// Committer date of the commit that is deployed; null where that is gone
    commit_committed_at: Option<Timestamp>,
}

/// A deployment in its repository's list.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Listed {
    id: String,
    created_at: Timestamp,
    updated_at: Timestamp,
}

impl Item for Listed {
    fn created_at(&self) -> Timestamp {
        self.created_at
    }
}

/// A deployment in full.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Wire {
    id: String,
    database_id: Option<i64>,
    environment: Option<String>,
    original_environment: Option<String>,
    task: Option<String>,
    state: Option<String>,
    commit_oid: String,
    commit: Option<Commit>,
    created_at: Timestamp,
    updated_at: Timestamp,
    #[serde(rename = "ref")]
    branch: Option<Named>,
    creator: Option<Actor>,
    statuses: Option<Connection<DeploymentStatus>>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Commit {
    committed_date: Timestamp,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct DeploymentStatus {
    state: String,
    created_at: Timestamp,
}

/// What is asked of GitHub.
struct Questions {
    list: Question<'static>,
    details: Question<'static>,
}

fn collect<'a>(context: &'a Context<'a>) -> BoxFuture<'a, Result<(), CollectError>> {
    async move {
        let concurrency = github(context)?.settings.concurrency;
        let questions = Questions {
            list: Question::new("Deployments", LIST, REPOSITORIES),
            details: Question::new("DeploymentStatuses", DETAILS, DEPLOYMENTS),
        };
        let batches = newest_first::batches(history::begin(context, &TABLE, REACH).await?, &questions.list);
        let reads: Vec<_> = batches.into_iter().map(|batch| read(context, &questions, batch).boxed()).collect();
        stream::iter(reads).buffer_unordered(concurrency).try_collect().await
    }
    .boxed()
}

async fn read(context: &Context<'_>, questions: &Questions, batch: Vec<Reading<'_>>) -> Result<(), CollectError> {
    let listed = newest_first::read(&questions.list, NEWEST, batch).await?;
    for mut found in complete(&questions.details, listed).await? {
        let repository = found.reading.repository;
        let rows: Vec<_> = found.items.iter().filter_map(|wire| row(context.pseudonyms, repository, wire)).collect();
        found.unreadable += found.items.len() - rows.len();
        newest_first::finish(context, &TABLE, found, &rows).await?;
    }
    Ok(())
}

/// Reads what changed in full, that of several repositories in one request.
async fn complete<'a>(question: &Question<'_>, listed: Vec<Found<'a, Listed>>) -> Result<Vec<Found<'a, Wire>>, CollectError> {
    let mut changed: Vec<(usize, String)> = Vec::new();
    let without_items = listed.into_iter().enumerate().map(|(place, Found { reading, items, unreadable, end })| {
        let new = items.into_iter().filter(|listed| end.is_ok() && reading.is_new(listed.updated_at));
        changed.extend(new.map(|listed| (place, listed.id)));
        Found { reading, items: Vec::new(), unreadable, end }
    });
    let mut all: Vec<Found<'a, Wire>> = without_items.collect();
    for piece in question.pieces(&changed) {
        let ids: Vec<&str> = piece.iter().map(|(_, id)| id.as_str()).collect();
        // The request stands with the first repository that it is for.
        let reading = &all[piece[0].0].reading;
        let answers = question.ask(&reading.organization.client, &ids, &Map::new(), &reading.tally).await?;
        for (&(place, _), answer) in piece.iter().zip(answers) {
            let whole = in_full(question, &all[place].reading, answer).await;
            let found = &mut all[place];
            match whole {
                Ok(wire) => found.items.push(wire),
                Err(error) if error.kind == ApiErrorKind::Unauthorized => return Err(error.into()),
                // It alone is missing; the others count.
                Err(error) if matches!(error.kind, ApiErrorKind::NotFound | ApiErrorKind::TooHeavy | ApiErrorKind::Unexpected) => {
                    found.unreadable += 1;
                }
                Err(error) => found.end = Err(error),
            }
        }
    }
    Ok(all)
}

/// A deployment with all its statuses: the newest come first, so that a list that is cut lacks the first success.
async fn in_full(question: &Question<'_>, reading: &Reading<'_>, answer: Result<Answer<Wire>, ApiError>) -> Result<Wire, ApiError> {
    let client = &reading.organization.client;
    let missing = |errors: &[_]| client.missing("graphql DeploymentStatuses", errors);
    let Answer { node: mut wire, errors } = answer?;
    let statuses = wire.statuses.as_mut().ok_or_else(|| missing(&errors))?;
    while let Some(cursor) = statuses.page_info.next_cursor() {
        let after = Map::from_iter([("after".to_owned(), Value::from(cursor))]);
        let rest = question.ask::<Wire>(client, &[&wire.id], &after, &reading.tally).await?;
        let Answer { node, errors } = rest.into_iter().next().unwrap_or_else(|| Err(missing(&[])))?;
        let page = node.statuses.ok_or_else(|| missing(&errors))?;
        statuses.nodes.extend(page.nodes);
        statuses.page_info = page.page_info;
    }
    // A status that cannot be shown might be the first success.
    if statuses.nodes.iter().all(Option::is_some) { Ok(wire) } else { Err(missing(&errors)) }
}

fn row(pseudonyms: &Pseudonyms, repository: &Repository, wire: &Wire) -> Option<Deployment> {
    let statuses = wire.statuses.as_ref()?;
    let first = |states: &[&str]| {
        let of_these = statuses.nodes.iter().flatten().filter(|status| states.contains(&status.state.as_str()));
        of_these.map(|status| status.created_at).min()
    };
    Some(Deployment {
        repository_id: repository.database_id,
        full_name: repository.name_with_owner.clone(),
        deployment_id: wire.database_id.or_else(|| number_within(&wire.id))?,
        environment: wire.environment.clone(),
        original_environment: wire.original_environment.clone(),
        task: wire.task.clone(),
        state: wire.state.as_ref().map(|state| state.to_lowercase()),
        ref_name: wire.branch.as_ref().map(|branch| branch.name.clone()),
        commit_sha: wire.commit_oid.clone(),
        creator_key: person(pseudonyms, wire.creator.as_ref().map(|creator| creator.login.as_str())),
        creator_type: wire.creator.as_ref().map(account_type),
        created_at: wire.created_at,
        updated_at: wire.updated_at,
        first_in_progress_at: first(&["IN_PROGRESS"]),
        first_success_at: first(&["SUCCESS"]),
        first_failure_at: first(&["FAILURE", "ERROR"]),
        statuses: i64::try_from(statuses.nodes.len()).unwrap_or(i64::MAX),
        commit_committed_at: wire.commit.as_ref().map(|commit| commit.committed_date),
    })
}

/// The number within a node id. GitHub's field for it has 32 bits and is null for what is numbered higher, and deployments have no other;
/// the id holds the repository's number and theirs, as a list in MessagePack.
fn number_within(id: &str) -> Option<i64> {
    let (_, encoded) = id.split_once('_')?;
    let bytes = BASE64_URL_SAFE_NO_PAD.decode(encoded).ok()?;
    let number = match bytes.as_slice() {
        [0x93, 0, 0xce, _, _, _, _, 0xce, number @ ..] if number.len() == 4 => number,
        [0x93, 0, 0xce, _, _, _, _, 0xcf, number @ ..] if number.len() == 8 => number,
        _ => return None,
    };
    i64::try_from(number.iter().fold(0, |number: u64, byte| number << 8 | u64::from(*byte))).ok()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn wire(statuses: &[(&str, u32)]) -> Wire {
        let nodes: Vec<_> = statuses.iter().map(|(state, hour)| json!({"state": state, "createdAt": at(*hour)})).collect();
        serde_json::from_value(json!({
            "id": "DE_kwDOAAAAB87_____", "databaseId": null, "environment": "production", "originalEnvironment": "production", "task": "deploy",
            "state": "ACTIVE", "commitOid": "0", "commit": {"committedDate": at(7)}, "createdAt": at(8), "updatedAt": at(20), "ref": null,
            "creator": {"__typename": "Bot", "login": "ada"},
            "statuses": {"totalCount": nodes.len(), "pageInfo": {"hasNextPage": false, "endCursor": null}, "nodes": nodes},
        }))
        .unwrap()
    }

    fn at(hour: u32) -> String {
        format!("2026-11-02T{hour:02}:00:00Z")
    }

    fn row_of(statuses: &[(&str, u32)]) -> Deployment {
        let repository = super::super::alerts::tests::repository("ADMIN", "PRIVATE", false, true);
        row(&Pseudonyms::new(&"key".into()), &repository, &wire(statuses)).unwrap()
    }

    #[test]
    fn the_first_success_is_the_earliest_status_of_its_kind() {
        let hour = |at: Option<Timestamp>| at.map(|at| u32::try_from(at.0 / 3_600_000_000 % 24).unwrap());
        let moments = |statuses: &[_]| {
            let row = row_of(statuses);
            [hour(row.first_in_progress_at), hour(row.first_success_at), hour(row.first_failure_at)]
        };
        // As GitHub lists them, the newest first; what succeeded becomes inactive, and may be active once more.
        let retried = [("SUCCESS", 19), ("INACTIVE", 15), ("SUCCESS", 12), ("IN_PROGRESS", 11), ("ERROR", 10), ("FAILURE", 9)];
        assert_eq!(moments(&retried), [Some(11), Some(12), Some(9)]);
        assert_eq!(moments(&[]), [None, None, None]);
        assert_eq!(moments(&[("QUEUED", 9), ("WAITING", 8)]), [None, None, None]);
    }

    #[test]
    fn a_commit_that_is_gone_has_no_date() {
        let repository = super::super::alerts::tests::repository("ADMIN", "PRIVATE", false, true);
        let mut gone = wire(&[]);
        gone.commit = None;
        assert_eq!(row(&Pseudonyms::new(&"key".into()), &repository, &gone).unwrap().commit_committed_at, None);
        assert_eq!(row_of(&[]).commit_committed_at, Some(serde_json::from_value(json!(at(7))).unwrap()));
    }

    #[test]
    fn a_number_beyond_32_bits_is_read_from_the_id() {
        assert_eq!(row_of(&[]).deployment_id, 4_294_967_295);
        let long = BASE64_URL_SAFE_NO_PAD.encode([0x93, 0, 0xce, 0, 0, 0, 7, 0xcf, 0, 0, 0, 1, 0, 0, 0, 2]);
        assert_eq!(number_within(&format!("DE_{long}")), Some(4_294_967_298));
        for other in ["", "DE", "DE_", "DE_kwDO", "MDEwOkRlcGxveW1lbnQx", "R_kgDOAAAABw"] {
            assert_eq!(number_within(other), None, "{other}");
        }
    }
}
