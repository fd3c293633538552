//! One row per submitted review of a pull request, as last seen.
//!
//! - grain: `repository_id`, `number`, `review_id`
//! - endpoint: comes along with `github.pull_requests`
//! - permission: Pull requests: read
//! - date: the day of the run that saw the change; the newest `updated_at` wins

use serde::Serialize;

use crate::{
    privacy::{Pseudonym, Pseudonyms},
    table::{Kind, Probe, Read, Row, Table, Timestamp, Watch},
};

use super::{
    person,
    pull_request_wire::{PullRequest, Review},
    pull_requests::{self, account_type},
};

/// `github.pull_request_reviews`
pub const TABLE: Table = Table {
    source: "github",
    name: "pull_request_reviews",
    meaning: "One row per submitted review of a pull request, as last seen.",
    kind: Kind::Changes,
    grain: &["repository_id", "number", "review_id"],
    version: Some("updated_at"),
    endpoint: "POST /graphql repository.pullRequests.reviews",
    permission: "Pull requests: read",
    probe: Probe::Repository("pullRequests(first: 1) { totalCount }"),
    requests: |_| Some(0),
    columns: PullRequestReview::COLUMNS,
    watch: Watch::NOTHING,
    read: Read::With(&pull_requests::TABLE),
};

/// One row.
#[derive(Debug, Row, Serialize)]
pub struct PullRequestReview {
    /// Number of the repository
    repository_id: i64,
    /// `organisation/name` of the repository
    full_name: String,
    /// Number of the pull request
    number: i64,
    /// Number of the review
    review_id: i64,
    /// Who reviewed; null for a deleted account
    reviewer_key: Option<Pseudonym>,
    /// user, bot, mannequin or another kind of account; null for a deleted one
    reviewer_type: Option<String>,
    /// The reviewer is the pull request's author
    is_author: bool,
    /// The reviewer is a bot
    is_bot: bool,
    /// The reviewer's relation to the repository, such as member
    author_association: String,
    /// approved, changes_requested, commented or dismissed
    state: String,
    /// Submitted
    submitted_at: Timestamp,
    /// Last change
    updated_at: Timestamp,
}

/// The submitted reviews of a pull request.
pub(super) fn rows(pseudonyms: &Pseudonyms, repository_id: i64, full_name: &str, pull: &PullRequest) -> Vec<PullRequestReview> {
    let author = pull.author.as_ref().map(|author| author.login.as_str());
    let row = |review: &Review| {
        let reviewer = review.author.as_ref();
        Some(PullRequestReview {
            repository_id,
            full_name: full_name.to_owned(),
            number: pull.number,
            review_id: review.full_database_id?,
            reviewer_key: person(pseudonyms, reviewer.map(|reviewer| reviewer.login.as_str())),
            reviewer_type: reviewer.map(account_type),
            is_author: reviewer.is_some_and(|reviewer| Some(reviewer.login.as_str()) == author),
            is_bot: reviewer.is_some_and(|reviewer| reviewer.is_bot()),
            author_association: review.author_association.to_lowercase(),
            state: review.state.to_lowercase(),
            submitted_at: review.submitted_at?,
            updated_at: review.updated_at,
        })
    };
    pull.reviews.nodes.iter().flatten().filter_map(row).collect()
}
