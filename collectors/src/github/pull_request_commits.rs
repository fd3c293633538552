//! One row per commit of a pull request, as last seen.
//!
//! A push with force takes commits away, and nothing says which: the rows of a pull request's newest `updated_at` are its commits.
//!
//! - grain: `repository_id`, `number`, `sha`
//! - endpoint: comes along with `github.pull_requests`
//! - permission: Pull requests: read
//! - date: the day of the run that saw the change; the newest `updated_at` wins

use serde::Serialize;

use crate::table::{Kind, Probe, Read, Row, Table, Timestamp, Watch};

use super::{
    pull_request_wire::{BranchCommit, PullRequest},
    pull_requests,
};

/// `github.pull_request_commits`
pub const TABLE: Table = Table {
    source: "github",
    name: "pull_request_commits",
    meaning: "One row per commit of a pull request, as last seen.",
    kind: Kind::Changes,
    grain: &["repository_id", "number", "sha"],
    version: Some("updated_at"),
    endpoint: "POST /graphql repository.pullRequests.commits",
    permission: "Pull requests: read",
    probe: Probe::Repository("pullRequests(first: 1) { totalCount }"),
    requests: |_| Some(0),
    columns: PullRequestCommit::COLUMNS,
    watch: Watch::NOTHING,
    read: Read::With(&pull_requests::TABLE),
};

/// One row.
#[derive(Debug, Row, Serialize)]
pub struct PullRequestCommit {
    /// Number of the repository
    repository_id: i64,
    /// `organisation/name` of the repository
    full_name: String,
    /// Number of the pull request
    number: i64,
    /// Commit
    sha: String,
    /// Written; a rebase keeps it
    authored_at: Timestamp,
    /// Committed; a rebase moves it
    committed_at: Timestamp,
    /// Has more than one parent; null where GitHub does not say
    is_merge: Option<bool>,
    /// Last change of the pull request: those of its newest are its commits
    updated_at: Timestamp,
}

/// The commits of a pull request.
pub(super) fn rows<'a>(repository_id: i64, full_name: &'a str, pull: &'a PullRequest) -> impl Iterator<Item = PullRequestCommit> + 'a {
    let row = move |commit: &BranchCommit| PullRequestCommit {
        repository_id,
        full_name: full_name.to_owned(),
        number: pull.number,
        sha: commit.oid.clone(),
        authored_at: commit.authored_date,
        committed_at: commit.committed_date,
        is_merge: commit.parents.as_ref().map(|parents| parents.total_count > 1),
        updated_at: pull.updated_at,
    };
    pull.commits.nodes.iter().flatten().map(move |node| row(&node.commit))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{
        super::pull_requests::tests::{at, pull},
        *,
    };

    #[test]
    fn commits_are_told_with_their_dates_and_whether_they_merge() {
        let commit = |sha: &str, authored: u32, committed: u32, parents: Value| {
            let dates = (at(authored), at(committed));
            json!({"commit": {"oid": sha, "authoredDate": dates.0, "committedDate": dates.1, "parents": parents}})
        };
        let mut pull = pull(&[], &[], None);
        let of = |count: u32| json!({"totalCount": count});
        let nodes = [commit("a", 6, 7, of(1)), commit("b", 7, 7, of(2)), commit("c", 5, 9, Value::Null), Value::Null];
        pull.commits = serde_json::from_value(json!({"totalCount": 4, "pageInfo": {"hasNextPage": false}, "nodes": nodes})).unwrap();
        let rows: Vec<Value> = rows(7, "sea/lamps", &pull).map(|row| serde_json::to_value(row).unwrap()).collect();
        let moment = |hour: u32| json!(1_793_577_600_000_000_i64 + i64::from(hour) * 3_600_000_000);
        assert_eq!(rows.len(), 3, "one could not be shown");
        for (row, (sha, authored, committed, merges)) in
            rows.iter().zip([("a", 6, 7, json!(false)), ("b", 7, 7, json!(true)), ("c", 5, 9, Value::Null)])
        {
            let expected = json!({
                "repository_id": 7, "full_name": "sea/lamps", "number": 1, "sha": sha, "authored_at": moment(authored),
                "committed_at": moment(committed), "is_merge": merges, "updated_at": moment(20),
            });
            assert_eq!(row, &expected);
        }
    }
}
