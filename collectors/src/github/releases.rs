//! One row per release, as last seen.
//!
//! A release can be edited at any time, and the list is by when they were made: each run reads the newest twenty of every repository again,
//! and all that were made since the watermark. The first one reads them all.
//!
//! - grain: `repository_id`, `release_id`
//! - endpoint: POST /graphql nodes.releases, 50 repositories a request
//! - permission: Contents: read
//! - date: the day of the run that saw the change; the newest `updated_at` wins

use futures::{FutureExt, StreamExt, TryStreamExt, future::BoxFuture, stream};
use serde::{Deserialize, Serialize};

use crate::{
    collect::{CollectError, Context},
    privacy::{Pseudonym, Pseudonyms},
    table::{Kind, Probe, Read, Row, Table, Timestamp, Watch},
};

use super::{
    batch::Question,
    github,
    history::{self, First, Reach, Reading},
    listing::Repository,
    newest_first::{self, Found, Item},
    person,
    pull_request_wire::{Account, Commit},
};

const REACH: Reach = Reach { first: First::Whole, look_back_days: 0 };

const QUERY: &str = "query Releases($ids: [ID!]!, $first: Int!, $after: String) {
  nodes(ids: $ids) {
    ... on Repository {
      items: releases(first: $first, after: $after, orderBy: {field: CREATED_AT, direction: DESC}) {
        pageInfo { hasNextPage endCursor }
        nodes {
          databaseId tagName isDraft isPrerelease isLatest createdAt publishedAt updatedAt
          author { login } tagCommit { oid }
        }
      }
    }
  }
}";

/// How many of a repository's releases are read again every time.
const NEWEST: u32 = 20;
/// Repositories in a request.
const BATCH: u32 = 50;

/// `github.releases`
pub const TABLE: Table = Table {
    source: "github",
    name: "releases",
    meaning: "One row per release, as last seen.",
    kind: Kind::Changes,
    grain: &["repository_id", "release_id"],
    version: Some("updated_at"),
    endpoint: "POST /graphql nodes.releases, several repositories a request",
    permission: "Contents: read",
    probe: Probe::Repository("releases(first: 1) { totalCount }"),
    requests: |size| Some(size.repositories.div_ceil(50)),
    columns: Release::COLUMNS,
    watch: Watch::NOTHING,
    read: Read::By(collect),
};

/// One row.
#[derive(Debug, Row, Serialize)]
pub struct Release {
    /// Number of the repository
    repository_id: i64,
    /// `organisation/name` of the repository
    full_name: String,
    /// Number of the release
    release_id: i64,
    /// Tag it is of
    tag: String,
    /// Is not published yet
    is_draft: bool,
    /// Is marked as not ready for production
    is_prerelease: bool,
    /// Is shown as the latest
    is_latest: bool,
    /// Commit of the tag; null where that is gone
    commit_sha: Option<String>,
    /// Who made it; null for a deleted account
    author_key: Option<Pseudonym>,
    /// Made
    created_at: Timestamp,
    /// Published; null for a draft
    published_at: Option<Timestamp>,
    /// Last change
    updated_at: Timestamp,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Wire {
    database_id: Option<i64>,
    tag_name: String,
    is_draft: bool,
    is_prerelease: bool,
    is_latest: bool,
    created_at: Timestamp,
    published_at: Option<Timestamp>,
    updated_at: Timestamp,
    author: Option<Account>,
    tag_commit: Option<Commit>,
}

impl Item for Wire {
    fn created_at(&self) -> Timestamp {
        self.created_at
    }
}

fn collect<'a>(context: &'a Context<'a>) -> BoxFuture<'a, Result<(), CollectError>> {
    async move {
        let concurrency = github(context)?.settings.concurrency;
        let question = Question::new("Releases", QUERY, BATCH);
        let batches = newest_first::batches(history::begin(context, &TABLE, REACH).await?, &question);
        let reads: Vec<_> = batches.into_iter().map(|batch| read(context, &question, batch).boxed()).collect();
        stream::iter(reads).buffer_unordered(concurrency).try_collect().await
    }
    .boxed()
}

async fn read(context: &Context<'_>, question: &Question<'_>, batch: Vec<Reading<'_>>) -> Result<(), CollectError> {
    for mut found in newest_first::read::<Wire>(question, NEWEST, batch).await? {
        let rows = rows(context.pseudonyms, &mut found);
        newest_first::finish(context, &TABLE, found, &rows).await?;
    }
    Ok(())
}

/// The rows of a repository in which any release changed: another that was the latest is so no longer, though GitHub does not count that as
/// a change of it.
fn rows(pseudonyms: &Pseudonyms, found: &mut Found<'_, Wire>) -> Vec<Release> {
    let Found { reading, items, unreadable, .. } = found;
    if !items.iter().any(|release| reading.is_new(release.updated_at)) {
        return Vec::new();
    }
    let rows: Vec<_> = items.iter().filter_map(|release| row(pseudonyms, reading.repository, release)).collect();
    *unreadable += items.len() - rows.len();
    rows
}

fn row(pseudonyms: &Pseudonyms, repository: &Repository, release: &Wire) -> Option<Release> {
    Some(Release {
        repository_id: repository.database_id,
        full_name: repository.name_with_owner.clone(),
        release_id: release.database_id?,
        tag: release.tag_name.clone(),
        is_draft: release.is_draft,
        is_prerelease: release.is_prerelease,
        is_latest: release.is_latest,
        commit_sha: release.tag_commit.as_ref().map(|commit| commit.oid.clone()),
        author_key: person(pseudonyms, release.author.as_ref().map(|author| author.login.as_str())),
        created_at: release.created_at,
        published_at: release.published_at,
        updated_at: release.updated_at,
    })
}
