//! What is asked of GitHub about pull requests, and the shape of its answers.
//!
//! One request reads a page of one repository, or a few pull requests of several: the daily changes of fifty repositories fit into five
//! requests. Lists within a pull request are asked for in a length that almost always holds them; the rest of those that are longer is
//! read in further requests, each for several pull requests, so that nothing is cut without a word.

use std::{
    collections::BTreeMap,
    fmt::{self, Write},
};

use serde::{
    Deserialize, Deserializer,
    de::{self, Visitor},
};
use serde_json::{Map, Value, json};

use crate::table::Timestamp;

use super::{
    ApiError, ApiErrorKind,
    client::{Client, Graph, Query},
    listing::{Connection, Named, Nodes, PageInfo, PageSize},
};
use crate::collect::Tally;

const FIELDS: &str = "fragment Fields on PullRequest {
  id number fullDatabaseId state isDraft title headRefName baseRefName isCrossRepository
  createdAt updatedAt closedAt mergedAt
  additions deletions changedFiles totalCommentsCount authorAssociation
  author { __typename login } mergedBy { login } mergeCommit { oid }
  labels(first: 100) { nodes { name } }
  commits(first: 100) { totalCount ...Commits }
  reviews(first: 100) { ...Reviews }
  timelineItems(first: 20, itemTypes: [READY_FOR_REVIEW_EVENT, CONVERT_TO_DRAFT_EVENT]) { ...Events }
}
";

/// Of a commit's parents only the count is asked for, without a length: a list of them within a list of commits would cost a hundred times
/// the points, and a merge is told by the count.
const LIST_FIELDS: &str = "fragment Commits on PullRequestCommitConnection {
  pageInfo { hasNextPage endCursor } nodes { commit { oid authoredDate committedDate parents { totalCount } } }
}
fragment Reviews on PullRequestReviewConnection {
  pageInfo { hasNextPage endCursor }
  nodes { fullDatabaseId state submittedAt updatedAt authorAssociation author { __typename login } }
}
fragment Events on PullRequestTimelineItemsConnection {
  pageInfo { hasNextPage endCursor }
  nodes { __typename ... on ReadyForReviewEvent { createdAt } ... on ConvertToDraftEvent { createdAt } }
}
";

/// Pull requests whose lists are read on in one request.
pub(super) const LISTS: u32 = 10;

/// In which order a repository is walked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Order {
    /// From its first pull request on: new ones come at the end, so that nothing shifts between pages.
    Oldest,
    /// From the last change back to the watermark.
    LastChanged,
}

/// One repository in a request: which, from where, how many.
pub(super) struct Slot<'a> {
    pub(super) repository: &'a str,
    pub(super) after: Option<&'a str>,
    pub(super) first: u32,
}

/// A page of each slot's pull requests; `None` for a repository that is gone or closed to us.
pub(super) type Pages = Vec<Option<Connection<PullRequest>>>;

/// Reads one page for each of the slots in one request.
pub(super) async fn read_pages(client: &Client, order: Order, slots: &[Slot<'_>], tally: &Tally) -> Result<Graph<Pages>, ApiError> {
    let order = match order {
        Order::Oldest => json!({"field": "CREATED_AT", "direction": "ASC"}),
        Order::LastChanged => json!({"field": "UPDATED_AT", "direction": "DESC"}),
    };
    let mut variables = Map::from_iter([("order".to_owned(), order)]);
    for (index, slot) in slots.iter().enumerate() {
        variables.insert(format!("id{index}"), Value::from(slot.repository));
        variables.insert(format!("after{index}"), slot.after.map_or(Value::Null, Value::from));
        variables.insert(format!("first{index}"), Value::from(slot.first));
    }
    let text = pages_query(slots.len());
    let query = Query { query: &text, operation: "PullRequests", variables };
    let Graph { mut data, errors } = client.graphql::<BTreeMap<String, Option<RepositoryNode>>, _>(&query, tally).await?;
    let pages = (0..slots.len()).map(|index| data.remove(&format!("r{index}")).flatten().and_then(|node| node.pull_requests));
    Ok(Graph { data: pages.collect(), errors })
}

/// The text depends on the number of slots alone.
fn pages_query(slots: usize) -> String {
    let mut text = "query PullRequests($order: IssueOrder!".to_owned();
    for index in 0..slots {
        let _ = write!(text, ", $id{index}: ID!, $first{index}: Int!, $after{index}: String");
    }
    text.push_str(") {\n");
    for index in 0..slots {
        let _ = writeln!(
            text,
            "  r{index}: node(id: $id{index}) {{ ... on Repository {{ pullRequests(first: $first{index}, after: $after{index}, orderBy: $order) {{ \
             pageInfo {{ hasNextPage endCursor }} nodes {{ ...Fields }} }} }} }}"
        );
    }
    text.push_str("}\n");
    text.push_str(FIELDS);
    text.push_str(LIST_FIELDS);
    text
}

/// Reads the rest of the lists within these pull requests, those of several in one request.
pub(super) async fn complete_lists(client: &Client, pulls: &mut [PullRequest], tally: &Tally) -> Result<(), ApiError> {
    let mut size = PageSize::new(LISTS);
    loop {
        let asked: Vec<&mut PullRequest> = pulls.iter_mut().filter(|pull| pull.goes_on()).take(size.get() as usize).collect();
        if asked.is_empty() {
            return Ok(());
        }
        let mut variables = Map::new();
        for (index, pull) in asked.iter().enumerate() {
            variables.insert(format!("id{index}"), Value::from(pull.id.as_str()));
            for (list, page) in ["Commits", "Reviews", "Events"].into_iter().zip(pull.lists()) {
                let cursor = page.next_cursor();
                variables.insert(format!("with{list}{index}"), Value::from(cursor.is_some()));
                variables.insert(format!("after{list}{index}"), cursor.map_or(Value::Null, Value::from));
            }
        }
        let text = lists_query(asked.len());
        let query = Query { query: &text, operation: "PullRequestLists", variables };
        let mut answer = match client.graphql::<BTreeMap<String, Option<ListsNode>>, _>(&query, tally).await {
            Err(error) if error.kind == ApiErrorKind::TooHeavy && size.halve() => continue,
            answer => answer?,
        };
        size.recover();
        for (index, pull) in asked.into_iter().enumerate() {
            let Some(more) = answer.data.remove(&format!("p{index}")).flatten() else {
                return Err(client.missing("graphql PullRequestLists", &answer.errors));
            };
            append(&mut pull.commits, more.commits);
            append(&mut pull.reviews, more.reviews);
            append(&mut pull.timeline_items, more.timeline_items);
        }
    }
}

/// The text depends on the number of pull requests alone.
fn lists_query(pulls: usize) -> String {
    let parameters = (0..pulls).map(|index| {
        let lists = ["Commits", "Reviews", "Events"];
        let lists = lists.map(|list| format!("$after{list}{index}: String, $with{list}{index}: Boolean!"));
        format!("$id{index}: ID!, {}", lists.join(", "))
    });
    let mut text = format!("query PullRequestLists({}) {{\n", parameters.collect::<Vec<_>>().join(", "));
    for index in 0..pulls {
        let _ = writeln!(
            text,
            "  p{index}: node(id: $id{index}) {{ ... on PullRequest {{
    commits(first: 100, after: $afterCommits{index}) @include(if: $withCommits{index}) {{ ...Commits }}
    reviews(first: 100, after: $afterReviews{index}) @include(if: $withReviews{index}) {{ ...Reviews }}
    timelineItems(first: 100, after: $afterEvents{index}, itemTypes: [READY_FOR_REVIEW_EVENT, CONVERT_TO_DRAFT_EVENT])
      @include(if: $withEvents{index}) {{ ...Events }}
  }} }}"
        );
    }
    text.push_str("}\n");
    text.push_str(LIST_FIELDS);
    text
}

fn append<T>(list: &mut Connection<T>, more: Option<Connection<T>>) {
    if let Some(more) = more {
        list.nodes.extend(more.nodes);
        list.page_info = more.page_info;
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RepositoryNode {
    pull_requests: Option<Connection<PullRequest>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ListsNode {
    commits: Option<Connection<CommitNode>>,
    reviews: Option<Connection<Review>>,
    timeline_items: Option<Connection<Event>>,
}

/// A pull request as GitHub describes it. Its title is looked at and never stored.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct PullRequest {
    pub(super) id: String,
    pub(super) number: i64,
    #[serde(deserialize_with = "big_integer")]
    pub(super) full_database_id: Option<i64>,
    pub(super) state: String,
    pub(super) is_draft: bool,
    pub(super) title: String,
    pub(super) head_ref_name: String,
    pub(super) base_ref_name: String,
    pub(super) is_cross_repository: bool,
    pub(super) created_at: Timestamp,
    pub(super) updated_at: Timestamp,
    pub(super) closed_at: Option<Timestamp>,
    pub(super) merged_at: Option<Timestamp>,
    pub(super) additions: i64,
    pub(super) deletions: i64,
    pub(super) changed_files: i64,
    pub(super) total_comments_count: Option<i64>,
    pub(super) author_association: String,
    pub(super) author: Option<Actor>,
    pub(super) merged_by: Option<Account>,
    pub(super) merge_commit: Option<Commit>,
    pub(super) labels: Option<Nodes<Named>>,
    pub(super) commits: Connection<CommitNode>,
    pub(super) reviews: Connection<Review>,
    pub(super) timeline_items: Connection<Event>,
}

impl PullRequest {
    fn lists(&self) -> [&PageInfo; 3] {
        [&self.commits.page_info, &self.reviews.page_info, &self.timeline_items.page_info]
    }

    /// Whether there is more of a list than came with it.
    pub(super) fn goes_on(&self) -> bool {
        self.lists().into_iter().any(|page| page.next_cursor().is_some())
    }
}

#[derive(Debug, Deserialize)]
pub(super) struct Actor {
    #[serde(rename = "__typename")]
    pub(super) kind: String,
    pub(super) login: String,
}

impl Actor {
    pub(super) fn is_bot(&self) -> bool {
        self.kind == "Bot" || self.login.ends_with("[bot]")
    }
}

#[derive(Debug, Deserialize)]
pub(super) struct Account {
    pub(super) login: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct Commit {
    pub(super) oid: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct CommitNode {
    pub(super) commit: BranchCommit,
}

/// A commit of a pull request's branch. Who wrote it and what it says are not asked for.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct BranchCommit {
    pub(super) oid: String,
    pub(super) authored_date: Timestamp,
    pub(super) committed_date: Timestamp,
    pub(super) parents: Option<Count>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Count {
    pub(super) total_count: i64,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Review {
    /// The plain `databaseId` is null: ids of reviews exceed 32 bits.
    #[serde(deserialize_with = "big_integer")]
    pub(super) full_database_id: Option<i64>,
    pub(super) state: String,
    /// Null while it is pending, which only its author sees.
    pub(super) submitted_at: Option<Timestamp>,
    pub(super) updated_at: Timestamp,
    pub(super) author_association: String,
    pub(super) author: Option<Actor>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Event {
    #[serde(rename = "__typename")]
    pub(super) kind: String,
    pub(super) created_at: Option<Timestamp>,
}

/// GraphQL's `BigInt` comes as text, and from older servers as a number.
fn big_integer<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<i64>, D::Error> {
    deserializer.deserialize_any(BigInteger)
}

/// An untagged enum would do, and costs an error message for each number that comes as text.
struct BigInteger;

impl Visitor<'_> for BigInteger {
    type Value = Option<i64>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a whole number, also as text, or null")
    }

    fn visit_unit<E: de::Error>(self) -> Result<Option<i64>, E> {
        Ok(None)
    }

    fn visit_i64<E: de::Error>(self, number: i64) -> Result<Option<i64>, E> {
        Ok(Some(number))
    }

    fn visit_u64<E: de::Error>(self, number: u64) -> Result<Option<i64>, E> {
        i64::try_from(number).map(Some).map_err(E::custom)
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Option<i64>, E> {
        text.parse().map(Some).map_err(E::custom)
    }
}
