//! One row per run of a GitHub Actions workflow, as last seen.
//!
//! The list of a repository can only be read by when its runs were asked for, so that each walk goes three days beyond the watermark, and
//! always over the newest hundred: that finds the end of a run that was still going, and most that were run again. One that somebody runs
//! again later than that (GitHub allows thirty days) stays as it was.
//!
//! - grain: `repository_id`, `run_id`
//! - endpoint: GET /repos/{owner}/{repo}/actions/runs, 100 a page; with the ETag of the last time, so that a quiet repository is free
//! - permission: Actions: read
//! - date: the day of the run that saw the change; the newest `updated_at` wins

use std::collections::HashSet;

use futures::{FutureExt, StreamExt, TryStreamExt, future::BoxFuture, stream};
use serde::{Deserialize, Serialize};

use crate::{
    collect::{CollectError, Context},
    privacy::{Pseudonym, Pseudonyms},
    table::{Kind, Probe, Read, Row, Table, Timestamp, Watch},
};

use super::{
    Stopped,
    client::Got,
    github,
    history::{self, First, Reach, Reading},
    listing::Repository,
    outcome_of, person,
};

/// How far before the watermark a run is looked for that may have changed since.
const REACH: Reach = Reach { first: First::HistoryDays, look_back_days: 3 };

/// `github.workflow_runs`
pub const TABLE: Table = Table {
    source: "github",
    name: "workflow_runs",
    meaning: "One row per run of a GitHub Actions workflow, as last seen.",
    kind: Kind::Changes,
    grain: &["repository_id", "run_id"],
    version: Some("updated_at"),
    endpoint: "GET /repos/{owner}/{repo}/actions/runs, 100 a page",
    permission: "Actions: read",
    probe: Probe::Rest("/repos/{repository}/actions/runs?per_page=1"),
    requests: |size| Some(size.active_repositories),
    columns: WorkflowRun::COLUMNS,
    watch: Watch::NOTHING,
    read: Read::By(collect),
};

/// One row.
#[derive(Debug, Row, Serialize)]
pub struct WorkflowRun {
    /// Number of the repository
    repository_id: i64,
    /// `organisation/name` of the repository
    full_name: String,
    /// Number of the run
    run_id: i64,
    /// 1, or more where it was run again
    run_attempt: Option<i64>,
    /// Number of the workflow
    workflow_id: i64,
    /// File of the workflow
    workflow_path: Option<String>,
    /// Name of the workflow
    workflow_name: Option<String>,
    /// What started it, such as push, pull_request or schedule
    event: String,
    /// queued, in_progress, completed or another state on the way
    status: Option<String>,
    /// success, failure, cancelled, skipped, timed_out, action_required, neutral or stale; null until completed
    conclusion: Option<String>,
    /// Branch it ran for
    head_branch: Option<String>,
    /// Commit it ran for
    head_sha: String,
    /// Who started the first attempt; null for a deleted account
    actor_key: Option<Pseudonym>,
    /// user, bot or another kind of account
    actor_type: Option<String>,
    /// Asked for
    created_at: Timestamp,
    /// The last attempt was asked for; later than `created_at` where it was held back or run again
    run_started_at: Option<Timestamp>,
    /// Last change: the end, once completed
    updated_at: Timestamp,
    /// `created_at` to `run_started_at` of a first attempt; null where it was run again [s]
    queue_seconds: Option<i64>,
    /// `run_started_at` to the end; null until completed [s]
    run_seconds: Option<i64>,
}

#[derive(Deserialize)]
struct Page {
    workflow_runs: Vec<Wire>,
}

/// A run as GitHub sends it, without its title, its commit and the names of people.
#[derive(Deserialize)]
struct Wire {
    id: i64,
    #[serde(default)]
    run_attempt: Option<i64>,
    workflow_id: i64,
    #[serde(default)]
    path: Option<String>,
    #[serde(default)]
    name: Option<String>,
    event: String,
    status: Option<String>,
    conclusion: Option<String>,
    head_branch: Option<String>,
    head_sha: String,
    #[serde(default)]
    actor: Option<Actor>,
    created_at: Timestamp,
    #[serde(default)]
    run_started_at: Option<Timestamp>,
    updated_at: Timestamp,
}

#[derive(Deserialize)]
struct Actor {
    login: String,
    #[serde(default, rename = "type")]
    kind: Option<String>,
}

fn collect<'a>(context: &'a Context<'a>) -> BoxFuture<'a, Result<(), CollectError>> {
    async move {
        let concurrency = github(context)?.settings.concurrency;
        let readings = history::begin(context, &TABLE, REACH).await?;
        let reads: Vec<_> = readings.into_iter().map(|reading| read(context, reading).boxed()).collect();
        stream::iter(reads).buffer_unordered(concurrency).try_collect().await
    }
    .boxed()
}

async fn read(context: &Context<'_>, reading: Reading<'_>) -> Result<(), CollectError> {
    let mut etag = None;
    let end = pages(context, &reading, &mut etag).await;
    let mut outcome = outcome_of(end, &reading.tally)?;
    outcome.etag = etag.filter(|_| outcome.status.is_whole());
    context.sink.done(&TABLE, &reading.parent, outcome, Vec::new()).await
}

/// Walks from the newest run back as far as a run may have changed. `etag` becomes the first page's, if it tells the next time whether
/// anything changed at all.
async fn pages(context: &Context<'_>, reading: &Reading<'_>, etag: &mut Option<String>) -> Result<(), Stopped> {
    let (client, tally) = (&reading.organization.client, &reading.tally);
    // Always the same words: the ETag is that of this very address.
    let mut path = format!("/repos/{}/actions/runs?per_page=100&exclude_pull_requests=true", reading.repository.name_with_owner);
    // Without a watermark there are no rows that an unchanged page could stand for.
    let mut known = reading.since.and_then(|_| context.sink.etag(&TABLE, &reading.parent));
    // New runs come in above, and push others to the next page, where they are met again.
    let mut seen = HashSet::new();
    let mut is_first = true;
    loop {
        let Some(Got { body, next, etag: page_etag, .. }) = client.get::<Page>(&path, known.as_deref(), tally).await? else {
            *etag = known;
            return Ok(());
        };
        known = None;
        let runs = body.workflow_runs;
        let next = next.filter(|_| runs.last().is_some_and(|run| !reading.is_far_enough(run.created_at)));
        // A run further down may change and leave the first page as it is: that page speaks for all only if it reaches far enough back.
        if std::mem::take(&mut is_first) && (next.is_none() || spans_look_back(&runs)) {
            *etag = page_etag;
        }
        let changed = runs.iter().filter(|run| reading.is_new(run.updated_at) && seen.insert(run.id));
        let rows: Vec<_> = changed.map(|run| row(context.pseudonyms, reading.repository, run)).collect();
        tally.page(rows.len());
        context.sink.write(&TABLE, &reading.parent, &rows).await?;
        match next {
            Some(following) => path = following,
            None => return Ok(()),
        }
    }
}

/// Whether a page goes from its newest run back for longer than the next walk will. The next watermark is later than any run of this page,
/// but for the few minutes that it is set back by.
fn spans_look_back(runs: &[Wire]) -> bool {
    match (runs.first(), runs.last()) {
        (Some(newest), Some(oldest)) => oldest.created_at < history::before(newest.created_at, REACH.look_back_days + 1),
        _ => true,
    }
}

fn row(pseudonyms: &Pseudonyms, repository: &Repository, run: &Wire) -> WorkflowRun {
    let actor = run.actor.as_ref();
    let account = |actor: &Actor| {
        let is_bot = actor.login.ends_with("[bot]");
        if is_bot { Some("bot".to_owned()) } else { actor.kind.as_deref().map(str::to_lowercase) }
    };
    let is_first_attempt = run.run_attempt.is_none_or(|attempt| attempt == 1);
    // While it waits, GitHub says that it started when it was asked for.
    let has_started = matches!(run.status.as_deref(), Some("in_progress" | "completed"));
    let is_completed = run.status.as_deref() == Some("completed");
    WorkflowRun {
        repository_id: repository.database_id,
        full_name: repository.name_with_owner.clone(),
        run_id: run.id,
        run_attempt: run.run_attempt,
        workflow_id: run.workflow_id,
        // Of a workflow that is required from elsewhere, the branch stands behind an `@`.
        workflow_path: run.path.clone(),
        workflow_name: run.name.clone(),
        event: run.event.clone(),
        status: run.status.clone(),
        conclusion: run.conclusion.clone(),
        head_branch: run.head_branch.clone(),
        head_sha: run.head_sha.clone(),
        actor_key: person(pseudonyms, actor.map(|actor| actor.login.as_str())),
        actor_type: actor.and_then(account),
        created_at: run.created_at,
        run_started_at: run.run_started_at,
        updated_at: run.updated_at,
        queue_seconds: run.run_started_at.filter(|_| is_first_attempt && has_started).and_then(|at| seconds(run.created_at, at)),
        run_seconds: run.run_started_at.filter(|_| is_completed).and_then(|at| seconds(at, run.updated_at)),
    }
}

/// From one moment to the other; nothing if they are the wrong way round.
fn seconds(from: Timestamp, to: Timestamp) -> Option<i64> {
    Some((to.0 - from.0) / 1_000_000).filter(|_| to >= from)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    /// A run asked for at 8 o'clock, with these fields besides.
    fn run(fields: Value) -> Wire {
        let mut run = json!({
            "id": 10_000_000_001_i64, "workflow_id": 7, "event": "push", "status": "completed", "conclusion": "success", "run_attempt": 1,
            "head_branch": "main", "head_sha": "0", "display_title": "Wind the clock",
            "head_commit": {"author": {"email": "ada@clockwork.example"}}, "actor": {"login": "ada", "type": "User"},
            "created_at": "2026-11-02T08:00:00Z", "run_started_at": "2026-11-02T08:00:05Z", "updated_at": "2026-11-02T08:10:05Z",
        });
        run.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
        serde_json::from_value(run).unwrap()
    }

    fn row_of(fields: Value) -> WorkflowRun {
        let repository = super::super::alerts::tests::repository("ADMIN", "PRIVATE", false, true);
        row(&Pseudonyms::new(&"key".into()), &repository, &run(fields))
    }

    #[test]
    fn waiting_and_running_are_told_apart_and_never_negative() {
        let times = |fields| {
            let row = row_of(fields);
            (row.queue_seconds, row.run_seconds)
        };
        assert_eq!(times(json!({})), (Some(5), Some(600)));
        assert_eq!(times(json!({"status": "queued", "conclusion": null})), (None, None), "it has not started, whatever GitHub says");
        assert_eq!(times(json!({"status": "in_progress", "conclusion": null})), (Some(5), None));
        assert_eq!(times(json!({"run_attempt": 2})), (None, Some(600)), "the first attempt's start is gone");
        assert_eq!(times(json!({"run_started_at": "2026-11-02T07:59:00Z"})), (None, Some(665)));
        assert_eq!(times(json!({"run_started_at": "2026-11-02T09:00:00Z"})), (Some(3600), None));
        assert_eq!(times(json!({"run_started_at": null})), (None, None));
    }

    #[test]
    fn neither_people_nor_titles_get_into_a_row() {
        let text = serde_json::to_string(&row_of(json!({}))).unwrap();
        assert!(!text.contains("ada") && !text.contains("Wind"), "{text}");
        assert_eq!(row_of(json!({"actor": null})).actor_type, None);
        assert_eq!(row_of(json!({"actor": {"login": "sweeper[bot]", "type": "Bot"}})).actor_type.as_deref(), Some("bot"));
    }

    #[test]
    fn a_page_speaks_for_the_whole_list_only_if_it_reaches_back_far_enough() {
        let at = |day: u32| run(json!({"created_at": format!("2026-11-{day:02}T08:00:00Z")}));
        assert!(spans_look_back(&[at(9), at(7), at(4)]));
        assert!(!spans_look_back(&[at(9), at(7), at(5)]));
        assert!(spans_look_back(&[]));
    }
}
