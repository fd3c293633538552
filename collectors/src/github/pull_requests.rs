//! One row per pull request, as last seen, with the moments of its life.
//!
//! - grain: `repository_id`, `number`
//! - endpoint: GraphQL `repository.pullRequests`, 100 a request; the first time from the oldest on, later by last change back to the
//!   watermark, several repositories in one request. Which repositories changed at all comes with the list of repositories.
//! - permission: Pull requests: read
//! - date: the day of the run that saw the change; the newest `updated_at` wins

use std::mem;

use futures::{FutureExt, StreamExt, TryStreamExt, future::BoxFuture, stream};
use serde::Serialize;

use crate::{
    collect::{CollectError, Context, Parent, Status, Tally},
    privacy::{Pseudonym, Pseudonyms},
    table::{Kind, Probe, Read, Row, Table, Timestamp, Watch},
};

use super::{
    ApiErrorKind, Stopped,
    client::Client,
    listing::{Connection, PageSize, Repository},
    outcome_of, person, pull_request_commits, pull_request_reviews,
    pull_request_wire::{Actor, BranchCommit, LISTS, Order, PullRequest as Wire, Review, Slot, complete_lists, read_pages},
    walk,
};

/// `github.pull_requests`
pub const TABLE: Table = Table {
    source: "github",
    name: "pull_requests",
    meaning: "One row per pull request, as last seen, with the moments of its life.",
    kind: Kind::Changes,
    grain: &["repository_id", "number"],
    version: Some("updated_at"),
    endpoint: "POST /graphql repository.pullRequests",
    permission: "Pull requests: read",
    probe: Probe::Repository("pullRequests(first: 1) { totalCount }"),
    requests: |size| Some(size.pull_requests.div_ceil(100)),
    columns: PullRequest::COLUMNS,
    watch: Watch::NOTHING,
    read: Read::By(collect),
};

/// One row.
#[derive(Debug, Row, Serialize)]
pub struct PullRequest {
    /// Number of the repository
    repository_id: i64,
    /// `organisation/name` of the repository
    full_name: String,
    /// Number of the pull request within the repository
    number: i64,
    /// Number of the pull request within GitHub
    pull_request_id: Option<i64>,
    /// open, closed (without a merge) or merged
    state: String,
    /// Is a draft
    is_draft: bool,
    /// Is or was a draft
    is_draft_ever: bool,
    /// Who opened it; null for a deleted account
    author_key: Option<Pseudonym>,
    /// user, bot, mannequin or another kind of account; null for a deleted one
    author_type: Option<String>,
    /// The author's relation to the repository, such as member
    author_association: String,
    /// The author is a bot
    is_bot_author: bool,
    /// Reverts another: by its title or branch
    is_revert: bool,
    /// Updates a dependency: by its author or branch
    is_dependency_update: bool,
    /// Brings a change to an older branch: by its title, branch or label
    is_backport: bool,
    /// Branch it is merged into
    base_branch: String,
    /// That branch is the default branch
    base_is_default: Option<bool>,
    /// Comes from a fork
    is_cross_repository: bool,
    /// Opened
    created_at: Timestamp,
    /// Last change
    updated_at: Timestamp,
    /// Closed or merged
    closed_at: Option<Timestamp>,
    /// Merged
    merged_at: Option<Timestamp>,
    /// Commit that the merge made
    merge_commit_sha: Option<String>,
    /// Who merged it
    merged_by_key: Option<Pseudonym>,
    /// Lines added [lines]
    additions: i64,
    /// Lines removed [lines]
    deletions: i64,
    /// Files changed
    changed_files: i64,
    /// Commits
    commits: i64,
    /// Comments of all kinds
    comments: Option<i64>,
    /// Labels
    labels: Vec<String>,
    /// Earliest author date of its commits; a rebase keeps it
    first_commit_authored_at: Option<Timestamp>,
    /// Earliest committer date of its commits; a rebase moves it
    first_commit_committed_at: Option<Timestamp>,
    /// Last marked ready before its first review, else opened; null for a draft that never was ready
    ready_at: Option<Timestamp>,
    /// First review by another person, no bot, at or after `ready_at`
    first_review_at: Option<Timestamp>,
    /// First approval by another
    first_approved_at: Option<Timestamp>,
    /// Last approval by another before the merge
    last_approved_at: Option<Timestamp>,
    /// Submitted reviews by others
    reviews: i64,
    /// Approvals by others
    approvals: i64,
    /// Branch it comes from
    head_branch: Option<String>,
    /// Number of the pull request that it undoes, by the name GitHub gives such a branch; null where that does not tell
    reverts_number: Option<i64>,
}

/// Repositories that changed a little share a request: this many of them, each with this many pull requests.
const SLOTS: usize = 10;
const SLOT_FIRST: u32 = 10;
const PAGE: u32 = 100;

/// One repository on its way through the pages.
struct Walk<'a> {
    client: &'a Client,
    repository: &'a Repository,
    parent: Parent,
    since: Option<Timestamp>,
    after: Option<String>,
    tally: Tally,
    /// Commits handed over.
    commits: u64,
    /// Reviews handed over.
    reviews: u64,
    /// Pull requests that GitHub named and could not show.
    unreadable: usize,
    /// Pull requests with lists longer than a page holds; they wait until several can be completed in one request.
    long: Vec<Wire>,
}

fn collect<'a>(context: &'a Context<'a>) -> BoxFuture<'a, Result<(), CollectError>> {
    async move {
        let (mut groups, mut concurrency) = (Vec::new(), 1);
        for (organization, repositories) in walk::left(context, &wanted(context)).await? {
            let mut changed = Vec::new();
            for repository in repositories {
                let walk = Walk::new(context, &organization.client, repository);
                match &repository.pull_requests {
                    Some(probe) if probe.total_count > 0 && has_changed(&walk) => changed.push(walk),
                    Some(_) => walk::close(context, &wanted(context), &walk.parent, |_| walk.tally.complete()).await?,
                    None => {
                        let detail = "its pull requests are not visible".to_owned();
                        let outcome = |_| Tally::within(Status::Forbidden, Some(detail.clone()), 0);
                        walk::close(context, &wanted(context), &walk.parent, outcome).await?;
                    }
                }
            }
            groups.extend(group(changed).into_iter().map(|group| read_group(context, group).boxed()));
            concurrency = concurrency.max(organization.client.concurrency());
        }
        stream::iter(groups).buffer_unordered(concurrency).try_collect().await
    }
    .boxed()
}

fn wanted(context: &Context<'_>) -> Vec<&'static Table> {
    walk::wanted(context, &[&TABLE, &pull_request_commits::TABLE, &pull_request_reviews::TABLE])
}

fn has_changed(walk: &Walk<'_>) -> bool {
    let probe = walk.repository.pull_requests.iter().flat_map(|all| &all.nodes).next();
    match (probe, walk.since) {
        (Some(Some(newest)), Some(since)) => newest.updated_at >= since,
        _ => true,
    }
}

impl<'a> Walk<'a> {
    fn new(context: &Context<'_>, client: &'a Client, repository: &'a Repository) -> Self {
        let parent = repository.parent();
        // All these tables come from one walk: it goes back as far as the one that is furthest behind.
        let since = wanted(context).into_iter().map(|table| context.sink.since(table, &parent)).min().flatten();
        let tally = Tally::default();
        Self { client, repository, parent, since, after: None, tally, commits: 0, reviews: 0, unreadable: 0, long: Vec::new() }
    }

    fn order(&self) -> Order {
        if self.since.is_some() { Order::LastChanged } else { Order::Oldest }
    }

    /// How many pull requests to ask for at first: all of a small repository, the few that a day changes, or a full page.
    fn first(&self) -> u32 {
        match self.order() {
            Order::LastChanged => SLOT_FIRST,
            Order::Oldest => {
                let all = self.repository.pull_requests.as_ref().map_or(0, |all| all.total_count);
                u32::try_from(all).unwrap_or(PAGE).clamp(1, PAGE)
            }
        }
    }
}

/// Puts repositories of an organisation together as long as one request can hold their first page.
fn group(mut walks: Vec<Walk<'_>>) -> Vec<Vec<Walk<'_>>> {
    walks.sort_by_key(|walk| (walk.order() == Order::LastChanged, walk.first()));
    let (mut groups, mut current, mut sum) = (Vec::new(), Vec::<Walk<'_>>::new(), 0);
    for walk in walks {
        let first = walk.first();
        let fits = current.len() < SLOTS && sum + first <= PAGE && current.last().is_none_or(|last| last.order() == walk.order());
        if !fits {
            groups.push(mem::take(&mut current));
            sum = 0;
        }
        sum += first;
        current.push(walk);
    }
    groups.push(current);
    groups.retain(|group| !group.is_empty());
    groups
}

async fn read_group(context: &Context<'_>, mut group: Vec<Walk<'_>>) -> Result<(), CollectError> {
    if group.len() > 1 {
        group = read_together(context, group).await?;
    }
    for mut walk in group {
        let end = read_alone(context, &mut walk).await;
        finish(context, walk, end).await?;
    }
    Ok(())
}

/// The first page of several repositories in one request; gives back those that need requests of their own.
async fn read_together<'a>(context: &Context<'_>, mut group: Vec<Walk<'a>>) -> Result<Vec<Walk<'a>>, CollectError> {
    let slots: Vec<_> = group.iter().map(|walk| Slot { repository: &walk.repository.id, after: None, first: walk.first() }).collect();
    // A request that failed for any of them may still work for each of them.
    let Ok(answer) = read_pages(group[0].client, group[0].order(), &slots, &group[0].tally).await else {
        return Ok(group);
    };
    let mut unfinished = Vec::new();
    for (mut walk, page) in group.drain(..).zip(answer.data) {
        let Some(page) = page.filter(is_whole) else {
            unfinished.push(walk);
            continue;
        };
        match take_page(context, &mut walk, page.nodes).await {
            Ok(false) => {
                walk.after = page.page_info.next();
                match &walk.after {
                    Some(_) => unfinished.push(walk),
                    None => finish(context, walk, Ok(())).await?,
                }
            }
            end => finish(context, walk, end.map(drop)).await?,
        }
    }
    Ok(unfinished)
}

/// Page after page of one repository.
async fn read_alone(context: &Context<'_>, walk: &mut Walk<'_>) -> Result<(), Stopped> {
    let (mut size, mut again) = (PageSize::new(PAGE), true);
    loop {
        let slot = Slot { repository: &walk.repository.id, after: walk.after.as_deref(), first: size.get() };
        let answer = match read_pages(walk.client, walk.order(), &[slot], &walk.tally).await {
            Err(error) if error.kind == ApiErrorKind::TooHeavy && size.halve() => continue,
            answer => answer?,
        };
        size.recover();
        let Some(page) = answer.data.into_iter().next().flatten() else {
            return Err(walk.client.missing("graphql PullRequests", &answer.errors).into());
        };
        // Most of what could not be shown once can be shown a moment later.
        if !is_whole(&page) && mem::take(&mut again) {
            continue;
        }
        again = true;
        let reached_watermark = take_page(context, walk, page.nodes).await?;
        match page.page_info.next() {
            Some(cursor) if !reached_watermark => walk.after = Some(cursor),
            _ => return Ok(()),
        }
    }
}

/// Whether every pull request of the page could be shown.
fn is_whole(page: &Connection<Wire>) -> bool {
    page.nodes.iter().all(Option::is_some)
}

/// Hands the rows of a page over, but for those that must be completed first; true when the page reached back to the watermark.
async fn take_page(context: &Context<'_>, walk: &mut Walk<'_>, nodes: Vec<Option<Wire>>) -> Result<bool, Stopped> {
    let asked = nodes.len();
    let mut pulls: Vec<Wire> = nodes.into_iter().flatten().collect();
    walk.unreadable += asked - pulls.len();
    let reached = walk.since.is_some_and(|since| pulls.iter().any(|pull| pull.updated_at < since));
    pulls.retain(|pull| walk.since.is_none_or(|since| pull.updated_at >= since));
    walk.tally.page(pulls.len());
    walk.long.extend(pulls.extract_if(.., |pull| pull.goes_on()));
    hand_over(context, walk, &pulls).await?;
    if walk.long.len() >= LISTS as usize {
        hand_over_long(context, walk).await?;
    }
    Ok(reached)
}

/// Completes the pull requests that wait for it, and hands their rows over.
async fn hand_over_long(context: &Context<'_>, walk: &mut Walk<'_>) -> Result<(), Stopped> {
    let mut pulls = mem::take(&mut walk.long);
    complete_lists(walk.client, &mut pulls, &walk.tally).await?;
    Ok(hand_over(context, walk, &pulls).await?)
}

async fn hand_over(context: &Context<'_>, walk: &mut Walk<'_>, pulls: &[Wire]) -> Result<(), CollectError> {
    let (id, name) = (walk.repository.database_id, walk.repository.name_with_owner.as_str());
    // The walk goes back for the table that is furthest behind; the others have what lies before their own watermarks.
    let changed = |table| {
        let since = context.sink.since(table, &walk.parent);
        pulls.iter().filter(move |pull| since.is_none_or(|since| pull.updated_at >= since))
    };
    if context.sink.wants(&TABLE) {
        let rows: Vec<_> = changed(&TABLE).map(|pull| row(context.pseudonyms, walk.repository, pull)).collect();
        context.sink.write(&TABLE, &walk.parent, &rows).await?;
    }
    if context.sink.wants(&pull_request_commits::TABLE) {
        let rows: Vec<_> = changed(&pull_request_commits::TABLE).flat_map(|pull| pull_request_commits::rows(id, name, pull)).collect();
        walk.commits += rows.len() as u64;
        context.sink.write(&pull_request_commits::TABLE, &walk.parent, &rows).await?;
    }
    if context.sink.wants(&pull_request_reviews::TABLE) {
        let rows = changed(&pull_request_reviews::TABLE).flat_map(|pull| pull_request_reviews::rows(context.pseudonyms, id, name, pull));
        let rows: Vec<_> = rows.collect();
        walk.reviews += rows.len() as u64;
        context.sink.write(&pull_request_reviews::TABLE, &walk.parent, &rows).await?;
    }
    Ok(())
}

async fn finish(context: &Context<'_>, mut walk: Walk<'_>, end: Result<(), Stopped>) -> Result<(), CollectError> {
    let end = match end {
        Ok(()) => hand_over_long(context, &mut walk).await,
        stopped => stopped,
    };
    let mut outcome = outcome_of(end, &walk.tally)?;
    if walk.unreadable > 0 && outcome.status.is_whole() {
        outcome.status = Status::Truncated;
        outcome.detail = Some(format!("{} pull requests could not be shown", walk.unreadable));
    }
    // The requests stand with the table that made them.
    let along = |rows: u64| {
        let status = match outcome.status {
            Status::Ok | Status::Empty if rows == 0 => Status::Empty,
            Status::Empty => Status::Ok,
            other => other,
        };
        Tally::within(status, outcome.detail.clone(), rows)
    };
    let of_table = |table: &'static Table| match table.name {
        name if name == pull_request_commits::TABLE.name => along(walk.commits),
        name if name == pull_request_reviews::TABLE.name => along(walk.reviews),
        _ => outcome.clone(),
    };
    walk::close(context, &wanted(context), &walk.parent, of_table).await
}

fn row(pseudonyms: &Pseudonyms, repository: &Repository, pull: &Wire) -> PullRequest {
    let author = pull.author.as_ref();
    let labels: Vec<String> = pull.labels.iter().flat_map(|labels| &labels.nodes).flatten().map(|label| label.name.clone()).collect();
    let moments = Moments::of(pull);
    let default_branch = repository.default_branch_ref.as_ref();
    let earliest = |date: fn(&BranchCommit) -> Timestamp| pull.commits.nodes.iter().flatten().map(|node| date(&node.commit)).min();
    PullRequest {
        repository_id: repository.database_id,
        full_name: repository.name_with_owner.clone(),
        number: pull.number,
        pull_request_id: pull.full_database_id,
        state: pull.state.to_lowercase(),
        is_draft: pull.is_draft,
        is_draft_ever: pull.is_draft || !pull.timeline_items.nodes.is_empty(),
        author_key: person(pseudonyms, author.map(|author| author.login.as_str())),
        author_type: author.map(account_type),
        author_association: pull.author_association.to_lowercase(),
        is_bot_author: author.is_some_and(Actor::is_bot),
        is_revert: pull.title.starts_with("Revert \"") || pull.head_ref_name.starts_with("revert-"),
        is_dependency_update: is_dependency_update(pull),
        is_backport: is_backport(pull, &labels),
        base_branch: pull.base_ref_name.clone(),
        base_is_default: default_branch.map(|branch| branch.name == pull.base_ref_name),
        is_cross_repository: pull.is_cross_repository,
        created_at: pull.created_at,
        updated_at: pull.updated_at,
        closed_at: pull.closed_at,
        merged_at: pull.merged_at,
        merge_commit_sha: pull.merge_commit.as_ref().map(|commit| commit.oid.clone()),
        merged_by_key: person(pseudonyms, pull.merged_by.as_ref().map(|by| by.login.as_str())),
        additions: pull.additions,
        deletions: pull.deletions,
        changed_files: pull.changed_files,
        commits: pull.commits.total_count.unwrap_or_default(),
        comments: pull.total_comments_count,
        labels,
        first_commit_authored_at: earliest(|commit| commit.authored_date),
        first_commit_committed_at: earliest(|commit| commit.committed_date),
        ready_at: moments.ready,
        first_review_at: moments.first_review,
        first_approved_at: moments.first_approval,
        last_approved_at: moments.last_approval,
        reviews: moments.reviews,
        approvals: moments.approvals,
        head_branch: Some(pull.head_ref_name.clone()),
        reverts_number: reverts_number(pull),
    }
}

/// The kind of account, in small letters.
pub(super) fn account_type(actor: &Actor) -> String {
    if actor.is_bot() { "bot".to_owned() } else { actor.kind.to_lowercase() }
}

fn is_dependency_update(pull: &Wire) -> bool {
    let by_branch = ["dependabot/", "renovate/"].iter().any(|prefix| pull.head_ref_name.starts_with(prefix));
    let by_author = pull
        .author
        .as_ref()
        .is_some_and(|author| author.is_bot() && ["dependabot", "renovate"].iter().any(|bot| author.login.to_lowercase().starts_with(bot)));
    by_branch || by_author
}

/// GitHub's button calls the branch `revert-<number>-<branch>`. What is taken back came before, so that a year in such a place is none.
fn reverts_number(pull: &Wire) -> Option<i64> {
    let (number, _) = pull.head_ref_name.strip_prefix("revert-")?.split_once('-')?;
    let is_number = number.bytes().all(|byte| byte.is_ascii_digit());
    number.parse().ok().filter(|&number| is_number && 0 < number && number < pull.number)
}

fn is_backport(pull: &Wire, labels: &[String]) -> bool {
    let texts = [&pull.title, &pull.head_ref_name].into_iter().chain(labels);
    texts.map(|text| text.to_lowercase()).any(|text| text.contains("backport"))
}

/// The moments of a review, as the definitions fix them.
struct Moments {
    ready: Option<Timestamp>,
    first_review: Option<Timestamp>,
    first_approval: Option<Timestamp>,
    last_approval: Option<Timestamp>,
    reviews: i64,
    approvals: i64,
}

impl Moments {
    fn of(pull: &Wire) -> Self {
        let author = pull.author.as_ref().map(|author| author.login.as_str());
        let by_others = |review: &&Review| match &review.author {
            Some(reviewer) => Some(reviewer.login.as_str()) != author,
            None => true,
        };
        let reviews: Vec<&Review> = pull.reviews.nodes.iter().flatten().filter(by_others).filter(|r| r.submitted_at.is_some()).collect();
        let by_people: Vec<Timestamp> =
            reviews.iter().filter(|r| !r.author.as_ref().is_some_and(Actor::is_bot)).filter_map(|r| r.submitted_at).collect();
        let approvals: Vec<Timestamp> = reviews.iter().filter(|r| r.state == "APPROVED").filter_map(|r| r.submitted_at).collect();

        let seen_first = by_people.iter().min();
        let marked_ready = pull.timeline_items.nodes.iter().flatten().filter(|event| event.kind == "ReadyForReviewEvent");
        let ready = marked_ready
            .filter_map(|event| event.created_at)
            .filter(|at| seen_first.is_none_or(|seen| at <= seen))
            .max()
            .or_else(|| (!pull.is_draft).then_some(pull.created_at));
        let before_merge = |at: &&Timestamp| pull.merged_at.is_none_or(|merged| **at <= merged);
        Self {
            ready,
            first_review: ready.and_then(|ready| by_people.iter().copied().filter(|at| *at >= ready).min()),
            first_approval: approvals.iter().copied().min(),
            last_approval: approvals.iter().filter(before_merge).max().copied(),
            reviews: i64::try_from(reviews.len()).unwrap_or(i64::MAX),
            approvals: i64::try_from(approvals.len()).unwrap_or(i64::MAX),
        }
    }
}

#[cfg(test)]
pub(super) mod tests {
    use serde_json::{Value, json};

    use super::*;

    pub(in crate::github) fn at(hour: u32) -> String {
        format!("2026-11-02T{hour:02}:00:00Z")
    }

    fn review(hour: u32, login: &str, state: &str) -> Value {
        let kind = if login == "sweeper" { "Bot" } else { "User" };
        json!({
            "fullDatabaseId": "3000000000", "state": state, "submittedAt": at(hour), "updatedAt": at(hour),
            "authorAssociation": "MEMBER", "author": {"__typename": kind, "login": login},
        })
    }

    /// A pull request by `ada`, opened at 8.
    pub(in crate::github) fn pull(ready_at: &[u32], reviews: &[Value], merged_at: Option<u32>) -> Wire {
        let ready = |hour: &u32| json!({"__typename": "ReadyForReviewEvent", "createdAt": at(*hour)});
        let page =
            |nodes: Vec<Value>| json!({"totalCount": nodes.len(), "pageInfo": {"hasNextPage": false, "endCursor": null}, "nodes": nodes});
        serde_json::from_value(json!({
            "id": "PR_1", "number": 1, "fullDatabaseId": "1", "state": "OPEN", "isDraft": false, "title": "Wind the clock",
            "headRefName": "wind", "baseRefName": "main", "isCrossRepository": false,
            "createdAt": at(8), "updatedAt": at(20), "closedAt": null, "mergedAt": merged_at.map(at),
            "additions": 1, "deletions": 1, "changedFiles": 1, "totalCommentsCount": 0, "authorAssociation": "MEMBER",
            "author": {"__typename": "User", "login": "ada"}, "mergedBy": null, "mergeCommit": null, "labels": {"nodes": []},
            "commits": page(vec![]), "reviews": page(reviews.to_vec()), "timelineItems": page(ready_at.iter().map(ready).collect()),
        }))
        .unwrap()
    }

    fn hours(moments: &Moments) -> [Option<u32>; 4] {
        let hour = |at: Option<Timestamp>| at.map(|at| u32::try_from(at.0 / 3_600_000_000 % 24).unwrap());
        [hour(moments.ready), hour(moments.first_review), hour(moments.first_approval), hour(moments.last_approval)]
    }

    #[test]
    fn the_author_and_bots_do_not_count_as_first_reviewer() {
        let reviews = [review(9, "ada", "COMMENTED"), review(10, "sweeper", "COMMENTED"), review(11, "bob", "COMMENTED")];
        let moments = Moments::of(&pull(&[], &reviews, None));
        assert_eq!(hours(&moments), [Some(8), Some(11), None, None]);
        assert_eq!((moments.reviews, moments.approvals), (2, 0), "the bot reviewed, the author did not");
    }

    #[test]
    fn ready_is_the_last_time_before_anyone_looked() {
        let reviews = [review(12, "bob", "COMMENTED"), review(15, "bob", "APPROVED")];
        assert_eq!(hours(&Moments::of(&pull(&[9, 11, 14], &reviews, None))), [Some(11), Some(12), Some(15), Some(15)]);
        // Reviewed while it was a draft, marked ready only afterwards: it counts as ready from the start.
        assert_eq!(hours(&Moments::of(&pull(&[14], &reviews, None))), [Some(8), Some(12), Some(15), Some(15)]);
    }

    #[test]
    fn a_draft_that_never_was_ready_has_no_first_review() {
        let mut draft = pull(&[], &[review(9, "bob", "COMMENTED")], None);
        draft.is_draft = true;
        assert_eq!(hours(&Moments::of(&draft)), [None, None, None, None]);
    }

    #[test]
    fn the_last_approval_is_the_last_before_the_merge() {
        let reviews =
            [review(9, "bob", "APPROVED"), review(13, "eve", "APPROVED"), review(17, "bob", "APPROVED"), review(10, "eve", "DISMISSED")];
        let moments = Moments::of(&pull(&[], &reviews, Some(15)));
        assert_eq!(hours(&moments), [Some(8), Some(9), Some(9), Some(13)]);
        assert_eq!((moments.reviews, moments.approvals), (4, 3));
    }

    #[test]
    fn the_kind_of_a_change_is_read_from_title_branch_author_and_labels() {
        let with = |key: &str, value: &str| {
            let mut pull = pull(&[], &[], None);
            match key {
                "title" => pull.title = value.to_owned(),
                _ => pull.head_ref_name = value.to_owned(),
            }
            pull
        };
        assert!(
            is_dependency_update(&with("branch", "dependabot/npm/left-pad-1.2"))
                && !is_dependency_update(&with("branch", "my-dependabot/x"))
        );
        assert!(
            is_backport(&with("title", "[Backport 2.x] Wind the clock"), &[]) && is_backport(&with("title", "x"), &["backport".to_owned()])
        );
        assert!(!is_backport(&with("title", "Wind the clock"), &[]));
    }

    #[test]
    fn what_a_revert_undoes_is_read_from_the_branch_that_github_names() {
        let undoes = |branch: &str| {
            let mut pull = pull(&[], &[], None);
            (pull.number, pull.head_ref_name) = (40, branch.to_owned());
            reverts_number(&pull)
        };
        assert_eq!(undoes("revert-12-wind"), Some(12));
        assert_eq!(undoes("revert-39-revert-12-wind"), Some(39), "the revert of a revert");
        let not_told = ["wind", "revert-12", "revert-wind-12", "revert--wind", "revert-+12-wind", "revert-2026-budget", "revert-40-wind"];
        assert_eq!(not_told.map(undoes), [None; 7], "by hand, itself, or a later one");
        assert_eq!(undoes("revert-0-wind").or(undoes("revert-99999999999999999999-wind")).or(undoes("my/revert-12-wind")), None);
    }
}
