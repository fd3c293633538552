//! Workflow runs.

use chrono::{DateTime, NaiveDate};
use serde_json::{Value, json};

use crate::company::people::Actor;
use crate::company::repositories::Repository;
use crate::company::runs::{self, Attempt, Cause, Conclusion, Progress, Run, Workflow};
use crate::company::text;
use crate::github::graphql::commit::{self, Told};
use crate::github::rest::{Context, shapes};
use crate::github::{errors, ids, time};
use crate::http::Reply;

/// How many runs the vendor finds at most for somebody who filters.
const FOUND: usize = 1_000;
/// The filters that a search consists of.
const FILTERS: [&str; 7] = ["actor", "branch", "check_suite_id", "created", "event", "head_sha", "status"];
/// Every word that `status` may be.
const STATUSES: [&str; 14] = [
    "completed",
    "action_required",
    "cancelled",
    "failure",
    "neutral",
    "skipped",
    "stale",
    "success",
    "timed_out",
    "in_progress",
    "queued",
    "requested",
    "waiting",
    "pending",
];

/// `GET /repos/{owner}/{repo}/actions/runs`
pub(super) fn of_repository(context: &Context<'_>, repository: &Repository) -> Reply {
    let query = &context.query;
    let now = context.present.now;
    if query.get("status").is_some_and(|status| !STATUSES.contains(&status)) {
        return errors::error(422, "Validation Failed: `status` is none of the known ones");
    }
    let Some(created) = query.get("created").map_or(Some((i64::MIN, i64::MAX)), moments) else {
        return errors::error(422, "Validation Failed: `created` is no date and no range of dates");
    };
    let all = context.present.company.runs(repository);
    let workflows = repository.workflows();
    let mut found: Vec<Seen<'_>> = all[..all.partition_point(|run| run.created_at <= now)]
        .iter()
        .rev()
        .filter(|run| (created.0..=created.1).contains(&run.created_at))
        .filter_map(|run| Some(Seen { context, repository, run, workflow: workflows[run.workflow], attempt: run.attempts(now).last()? }))
        .filter(|seen| FILTERS.iter().all(|filter| query.get(filter).is_none_or(|wanted| seen.passes(filter, wanted))))
        .collect();
    let total = found.len();
    if FILTERS.iter().any(|filter| query.get(filter).is_some()) {
        found.truncate(FOUND);
    }
    // The same repository stands in every run twice.
    let mentioned = shapes::repository(context, repository);
    context.counted(&found, total, "workflow_runs", |seen| seen.shape(&mentioned))
}

/// A run at this moment.
struct Seen<'a> {
    context: &'a Context<'a>,
    repository: &'a Repository,
    run: &'a Run,
    workflow: Workflow<'a>,
    attempt: &'a Attempt,
}

impl Seen<'_> {
    fn passes(&self, filter: &str, wanted: &str) -> bool {
        let (status, conclusion) = self.state();
        match filter {
            "actor" => shapes::user(self.context, self.run.actor)["login"] == wanted,
            "branch" => self.head_branch().is_some_and(|branch| branch == wanted),
            "check_suite_id" => wanted.parse() == Ok(self.check_suite_id()),
            "event" => self.event() == wanted,
            "head_sha" => hex(&self.head().oid) == wanted,
            "status" => status == wanted || conclusion == Some(wanted),
            // The dates were looked at before.
            _ => true,
        }
    }

    fn state(&self) -> (&'static str, Option<&'static str>) {
        match self.attempt.progress(self.context.present.now) {
            Progress::Queued => ("queued", None),
            Progress::Running => ("in_progress", None),
            Progress::Over(conclusion) => (
                "completed",
                Some(match conclusion {
                    Conclusion::Success => "success",
                    Conclusion::Failure => "failure",
                    Conclusion::Cancelled => "cancelled",
                    Conclusion::Skipped => "skipped",
                    Conclusion::TimedOut => "timed_out",
                    Conclusion::ActionRequired => "action_required",
                }),
            ),
        }
    }

    fn event(&self) -> &'static str {
        match self.run.cause {
            Cause::Push(_) => "push",
            Cause::PullRequest(..) => "pull_request",
            Cause::Schedule(_) => "schedule",
        }
    }

    /// The branch; nothing if it is gone with its fork.
    fn head_branch(&self) -> Option<String> {
        match self.run.cause {
            Cause::PullRequest(pull, _) => {
                let pull = &self.repository.pulls[pull as usize];
                (!pull.from_deleted_fork).then(|| text::head_branch(self.repository, pull))
            }
            _ => Some(self.repository.default_branch.to_owned()),
        }
    }

    /// The commit that it is about.
    fn head(&self) -> Told {
        let pull = |index: u32| &self.repository.pulls[index as usize];
        match self.run.cause {
            Cause::PullRequest(index, place) => commit::on_branch(self.repository, pull(index), place as usize),
            Cause::Push(index) | Cause::Schedule(Some(index)) => commit::of_merge(self.repository, pull(index)),
            Cause::Schedule(None) => commit::before_history(self.repository),
        }
    }

    fn check_suite_id(&self) -> u64 {
        self.run.id + 30_000_000_000
    }

    fn shape(&self, mentioned: &Value) -> Value {
        let (context, repository, run) = (self.context, self.repository, self.run);
        let now = context.present.now;
        let api = format!("{}/repos/{}/actions", context.github.api_url, shapes::full_name(repository));
        let url = format!("{api}/runs/{}", run.id);
        let workflow = runs::workflow_id(repository, run.workflow);
        let attempts = run.attempts(now).len();
        let (status, conclusion) = self.state();
        let head = self.head();
        let title = match run.cause {
            Cause::PullRequest(pull, _) => text::title(repository, &repository.pulls[pull as usize]),
            Cause::Push(_) => head.message.clone(),
            Cause::Schedule(_) => self.workflow.name.to_owned(),
        };
        // What waits for a machine has not begun; the vendor says then when it was asked for.
        let started_at = match self.attempt.progress(now) {
            Progress::Queued => self.attempt.asked_at,
            _ => self.attempt.started_at,
        };
        let suite = self.check_suite_id();
        let mut shape = json!({
            "id": run.id,
            "name": self.workflow.name,
            "node_id": ids::encode("WFR", &[repository.id as u32, (run.id % 1_000_000) as u32]),
            "check_suite_id": suite,
            "check_suite_node_id": ids::encode("CS", &[repository.id as u32, (run.id % 1_000_000) as u32]),
            "head_branch": self.head_branch(),
            "head_sha": hex(&head.oid),
            "path": self.workflow.path,
            "display_title": title,
            "run_number": run.number,
            "run_attempt": attempts,
            "event": self.event(),
            "status": status,
            "conclusion": conclusion,
            "workflow_id": workflow,
            "referenced_workflows": [],
            "url": url,
            "html_url": format!("{}/actions/runs/{}", shapes::web(repository), run.id),
            "pull_requests": self.pull_requests(),
            "created_at": time::text(run.created_at),
            "updated_at": time::text(run.updated_at(now)),
            "run_started_at": time::text(started_at),
            "jobs_url": format!("{url}/jobs"),
            "logs_url": format!("{url}/logs"),
            "check_suite_url": format!("{}/repos/{}/check-suites/{suite}", context.github.api_url, shapes::full_name(repository)),
            "artifacts_url": format!("{url}/artifacts"),
            "cancel_url": format!("{url}/cancel"),
            "rerun_url": format!("{url}/rerun"),
            "previous_attempt_url": (attempts > 1).then(|| format!("{url}/attempts/{}", attempts - 1)),
            "workflow_url": format!("{api}/workflows/{workflow}"),
            "head_commit": self.commit(&head),
            "repository": mentioned,
            "head_repository": mentioned,
        });
        // The vendor's description forbids null here: of a ghost there is nothing.
        for (name, actor) in [("actor", run.actor), ("triggering_actor", self.attempt.by)] {
            if actor != Actor::Ghost {
                shape[name] = shapes::user(context, actor);
            }
        }
        shape
    }

    fn commit(&self, told: &Told) -> Value {
        let (name, email) = commit::name_and_address(&self.context.present.company, told.author);
        let person = json!({ "name": name, "email": email });
        json!({
            "id": hex(&told.oid),
            "tree_id": hex(&crate::company::files::object_id(&told.oid, 5)),
            "message": told.message,
            "timestamp": time::text(told.authored_at),
            "author": person,
            "committer": person,
        })
    }

    /// The pull requests that are open, and whose branch it ran on.
    fn pull_requests(&self) -> Value {
        let Cause::PullRequest(index, _) = self.run.cause else { return json!([]) };
        let (repository, pull) = (self.repository, &self.repository.pulls[index as usize]);
        let open = pull.ended_at(self.context.present.now).is_none() && !pull.from_deleted_fork;
        if !open || self.context.query.get("exclude_pull_requests") == Some("true") {
            return json!([]);
        }
        let api = format!("{}/repos/{}", self.context.github.api_url, shapes::full_name(repository));
        let side = |name: &str, sha: &[u8; 20]| json!({ "ref": name, "sha": hex(sha), "repo": { "id": repository.id, "url": api, "name": repository.name } });
        json!([{
            "id": ids::pull_number(repository, pull),
            "number": pull.number,
            "url": format!("{api}/pulls/{}", pull.number),
            "head": side(&text::head_branch(repository, pull), &self.head().oid),
            "base": side(text::base_branch(repository, pull), &commit::base(pull)),
        }])
    }
}

fn hex(oid: &[u8; 20]) -> String {
    oid.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The first and the last second that a date or a range of dates means, in the vendor's syntax for searches.
fn moments(text: &str) -> Option<(i64, i64)> {
    let (earliest, latest) = (i64::MIN, i64::MAX);
    if let Some((from, to)) = text.split_once("..") {
        let from = if from == "*" { earliest } else { moment(from)?.0 };
        let to = if to == "*" { latest } else { moment(to)?.1 };
        return Some((from, to));
    }
    for (sign, range) in [
        (">=", (|(first, _)| (first, i64::MAX)) as fn((i64, i64)) -> (i64, i64)),
        ("<=", |(_, last)| (i64::MIN, last)),
        (">", |(_, last)| (last + 1, i64::MAX)),
        ("<", |(first, _)| (i64::MIN, first - 1)),
    ] {
        if let Some(rest) = text.strip_prefix(sign) {
            return moment(rest).map(range);
        }
    }
    moment(text)
}

/// The first and the last second of a day or of a moment.
fn moment(text: &str) -> Option<(i64, i64)> {
    if let Ok(day) = text.parse::<NaiveDate>() {
        let midnight = day.and_time(chrono::NaiveTime::MIN).and_utc().timestamp();
        return Some((midnight, midnight + 86_399));
    }
    let at = DateTime::parse_from_rfc3339(text).ok()?.timestamp();
    Some((at, at))
}

#[cfg(test)]
mod tests {
    use super::moments;

    #[test]
    fn dates_are_read_as_in_searches() {
        let day = 1_795_219_200;
        for (text, wanted) in [
            ("2026-11-21", (day, day + 86_399)),
            (">=2026-11-21", (day, i64::MAX)),
            (">2026-11-21", (day + 86_400, i64::MAX)),
            ("<2026-11-21T10:00:00Z", (i64::MIN, day + 35_999)),
            ("<=2026-11-21", (i64::MIN, day + 86_399)),
            ("2026-11-20..2026-11-21T10:00:00+00:00", (day - 86_400, day + 36_000)),
            ("*..2026-11-21", (i64::MIN, day + 86_399)),
        ] {
            assert_eq!(moments(text), Some(wanted), "{text}");
        }
        assert_eq!(moments("yesterday"), None);
    }
}
