//! One row per team.
//!
//! - grain: `team_id`
//! - endpoint: GraphQL `organization.teams`, 50 a request with the first 100 members and repositories of each
//! - permission: Members: read (organisation)
//! - date: the day of the run; today's state only
//!
//! A secret team is known to its members and to owners of the organisation; for another credential there is no such team.

use futures::{FutureExt, StreamExt, TryStreamExt, future::BoxFuture, stream};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::{
    collect::{CollectError, Context, Outcome, Parent, Status, Tally},
    table::{Kind, Probe, Read, Row, Table, Timestamp, Watch},
};

use super::{
    ApiError, ApiErrorKind, Stopped,
    client::{Client, Graph, Query},
    github,
    listing::{Connection, PageInfo, PageSize},
    organization_parent, outcome_of, team_members, team_repositories, walk,
};

/// `github.teams`
pub const TABLE: Table = Table {
    source: "github",
    name: "teams",
    meaning: "One row per team, as of the date.",
    kind: Kind::Snapshot,
    grain: &["team_id"],
    version: None,
    endpoint: "POST /graphql organization.teams",
    permission: "Members: read (organisation)",
    probe: Probe::Organization("teams(first: 1) { totalCount }"),
    requests: |size| Some(size.organizations),
    columns: Team::COLUMNS,
    watch: Watch::of(&["slug", "privacy", "parent_slug"]),
    read: Read::By(collect),
};

/// One row.
#[derive(Debug, Row, Serialize)]
pub struct Team {
    /// Number of the team
    team_id: i64,
    /// Login of the organisation
    organization: String,
    /// Name in addresses
    slug: String,
    /// Name
    name: String,
    /// visible, or secret: known to its members and to owners only
    privacy: String,
    /// Number of the team it is part of
    parent_team_id: Option<i64>,
    /// Slug of that team
    parent_slug: Option<String>,
    /// Members of its own, without those of teams within it [people]
    members: i64,
    /// Repositories it has access to [repositories]
    repositories: i64,
    /// Reviews asked of the team are handed to its members
    is_review_assignment_enabled: bool,
    /// Made
    created_at: Timestamp,
    /// Last change
    updated_at: Timestamp,
}

/// Both questions, of which a request names one: they share what a list is.
const QUERY: &str = "query Teams($organization: String!, $first: Int!, $after: String, $members: Int!, $repositories: Int!) {
  organization(login: $organization) {
    teams(first: $first, after: $after) {
      pageInfo { hasNextPage endCursor }
      nodes {
        id databaseId slug name privacy reviewRequestDelegationEnabled createdAt updatedAt parentTeam { databaseId slug }
        members(first: $members, membership: IMMEDIATE) { ...Members }
        repositories(first: $repositories) { ...Repositories }
      }
    }
  }
}
query TeamLists(
  $team: ID!, $first: Int!, $withMembers: Boolean!, $afterMember: String, $withRepositories: Boolean!, $afterRepository: String
) {
  node(id: $team) {
    ... on Team {
      members(first: $first, after: $afterMember, membership: IMMEDIATE) @include(if: $withMembers) { ...Members }
      repositories(first: $first, after: $afterRepository) @include(if: $withRepositories) { ...Repositories }
    }
  }
}
fragment Members on TeamMemberConnection { totalCount pageInfo { hasNextPage endCursor } edges { role node { login } } }
fragment Repositories on TeamRepositoryConnection {
  totalCount pageInfo { hasNextPage endCursor } edges { permission node { databaseId nameWithOwner } }
}";

/// Teams in a request: with two lists of 100 each, half of what GitHub answers with ease.
const PAGE: u32 = 50;
/// Members and repositories of a team in a request.
const LIST: u32 = 100;

/// What this walk feeds.
const TABLES: [&Table; 3] = [&TABLE, &team_members::TABLE, &team_repositories::TABLE];

/// A team as GitHub describes it.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Wire {
    id: String,
    pub(super) database_id: Option<i64>,
    pub(super) slug: String,
    name: String,
    privacy: String,
    review_request_delegation_enabled: bool,
    created_at: Timestamp,
    updated_at: Timestamp,
    parent_team: Option<ParentTeam>,
    pub(super) members: Edges<Member>,
    pub(super) repositories: Edges<Access>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct ParentTeam {
    database_id: Option<i64>,
    slug: String,
}

/// A page of a list whose edges say more than its nodes.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Edges<T> {
    total_count: i64,
    page_info: PageInfo,
    edges: Option<Vec<Option<T>>>,
}

/// Somebody in a team.
#[derive(Debug, Deserialize)]
pub(super) struct Member {
    pub(super) role: String,
    pub(super) node: Login,
}

#[derive(Debug, Deserialize)]
pub(super) struct Login {
    pub(super) login: String,
}

/// What a team may do with a repository.
#[derive(Debug, Deserialize)]
pub(super) struct Access {
    pub(super) permission: String,
    pub(super) node: Repository,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Repository {
    pub(super) database_id: Option<i64>,
    pub(super) name_with_owner: String,
}

#[derive(Deserialize)]
struct Data {
    organization: Option<OrganizationNode>,
}

#[derive(Deserialize)]
struct OrganizationNode {
    teams: Option<Connection<Wire>>,
}

#[derive(Deserialize)]
struct ListsData {
    node: Option<Lists>,
}

#[derive(Deserialize)]
struct Lists {
    members: Option<Edges<Member>>,
    repositories: Option<Edges<Access>>,
}

/// One organisation's walk.
struct Walk<'a> {
    context: &'a Context<'a>,
    client: &'a Client,
    parent: Parent,
    tally: Tally,
    counts: [Count; 3],
}

/// What was read for one table, and what is missing.
#[derive(Clone, Debug, Default)]
struct Count {
    rows: u64,
    missing: u64,
    reason: Option<String>,
}

fn collect<'a>(context: &'a Context<'a>) -> BoxFuture<'a, Result<(), CollectError>> {
    async move {
        let tables = walk::wanted(context, &TABLES);
        let organizations = github(context)?.listing().await?;
        for table in &tables {
            context.sink.expect(table, organizations.len());
        }
        for organization in organizations {
            let parent = organization_parent(&organization.login);
            if tables.iter().all(|table| context.sink.is_done(table, &parent)) {
                continue;
            }
            let (tally, counts) = (Tally::default(), Default::default());
            let mut walk = Walk { context, client: &organization.client, parent, tally, counts };
            let end = walk.pages().await;
            let outcome = outcome_of(end, &walk.tally)?;
            walk::close(context, &tables, &walk.parent, |table| walk.outcome_of(table, &tables, &outcome)).await?;
        }
        Ok(())
    }
    .boxed()
}

impl Walk<'_> {
    async fn pages(&mut self) -> Result<(), Stopped> {
        let mut size = PageSize::new(PAGE);
        let mut after: Option<String> = None;
        loop {
            let page = match self.page(size.get(), after.as_deref()).await {
                Err(error) if error.kind == ApiErrorKind::TooHeavy && size.halve() => continue,
                page => page?,
            };
            size.recover();
            let named = page.nodes.len();
            let mut teams: Vec<Wire> = page.nodes.into_iter().flatten().collect();
            for count in &mut self.counts {
                count.missing += (named - teams.len()) as u64;
            }
            self.complete(&mut teams).await?;
            self.hand_over(&teams).await?;
            match page.page_info.next() {
                Some(cursor) => after = Some(cursor),
                None => return Ok(()),
            }
        }
    }

    async fn page(&self, first: u32, after: Option<&str>) -> Result<Connection<Wire>, ApiError> {
        // Of a list that nobody wants only its length is.
        let length = |table| if self.context.sink.wants(table) { LIST } else { 1 };
        let variables = json!({
            "organization": self.parent.name, "first": first, "after": after,
            "members": length(&team_members::TABLE), "repositories": length(&team_repositories::TABLE),
        });
        let query = Query { query: QUERY, operation: "Teams", variables };
        let Graph { data, errors } = self.client.graphql::<Data, _>(&query, &self.tally).await?;
        let teams = data.organization.and_then(|organization| organization.teams);
        teams.ok_or_else(|| self.client.missing("graphql Teams", &errors))
    }

    /// Reads the lists that are longer than a page to their ends, several teams at once.
    async fn complete(&mut self, teams: &mut [Wire]) -> Result<(), Stopped> {
        let wants = |table| self.context.sink.wants(table);
        let (with_members, with_repositories) = (wants(&team_members::TABLE), wants(&team_repositories::TABLE));
        let (client, tally) = (self.client, &self.tally);
        let lists: Vec<_> = teams.iter_mut().map(|team| complete(client, team, with_members, with_repositories, tally).boxed()).collect();
        let ends: Vec<Option<ApiError>> = stream::iter(lists).buffer_unordered(client.concurrency()).try_collect().await?;
        for error in ends.into_iter().flatten() {
            for count in &mut self.counts[1..] {
                count.reason.get_or_insert_with(|| format!("the lists of some teams could not be read to their ends: {}", error.message));
            }
        }
        Ok(())
    }

    async fn hand_over(&mut self, teams: &[Wire]) -> Result<(), CollectError> {
        let (sink, organization) = (self.context.sink, self.parent.name.as_str());
        let rows: Vec<_> = teams.iter().filter_map(|team| row(organization, team)).collect();
        self.counts[0].add(teams.len(), rows.len());
        self.tally.page(rows.len());
        if sink.wants(&TABLE) {
            sink.write(&TABLE, &self.parent, &rows).await?;
        }
        if sink.wants(&team_members::TABLE) {
            let rows: Vec<_> = teams.iter().flat_map(|team| team_members::rows(self.context.pseudonyms, organization, team)).collect();
            self.counts[1].add(teams.iter().map(|team| team.members.len()).sum(), rows.len());
            sink.write(&team_members::TABLE, &self.parent, &rows).await?;
        }
        if sink.wants(&team_repositories::TABLE) {
            let rows: Vec<_> = teams.iter().flat_map(|team| team_repositories::rows(organization, team)).collect();
            self.counts[2].add(teams.iter().map(|team| team.repositories.len()).sum(), rows.len());
            sink.write(&team_repositories::TABLE, &self.parent, &rows).await?;
        }
        Ok(())
    }

    /// How the organisation ended for a table. The requests stand with the first of those that are wanted.
    fn outcome_of(&self, table: &'static Table, wanted: &[&'static Table], end: &Outcome) -> Outcome {
        let count = TABLES.iter().zip(&self.counts).find_map(|(known, count)| (**known == *table).then_some(count));
        let Count { rows, missing, reason } = count.cloned().unwrap_or_default();
        let (status, detail) = match reason {
            _ if !end.status.is_whole() => (end.status, end.detail.clone()),
            _ if missing > 0 => (Status::Truncated, Some(format!("{missing} of the list could not be shown"))),
            Some(reason) => (Status::Truncated, Some(reason)),
            None if rows == 0 => (Status::Empty, None),
            None => (Status::Ok, None),
        };
        if wanted.first() == Some(&table) { Outcome { status, detail, rows, ..end.clone() } } else { Tally::within(status, detail, rows) }
    }
}

impl Count {
    /// So many were there, and so many of them became rows.
    const fn add(&mut self, there: usize, rows: usize) {
        self.rows += rows as u64;
        self.missing += (there - rows) as u64;
    }
}

impl<T> Edges<T> {
    /// What could be shown of it.
    pub(super) fn shown(&self) -> impl Iterator<Item = &T> {
        self.edges.iter().flatten().flatten()
    }

    fn len(&self) -> usize {
        self.edges.as_ref().map_or(0, Vec::len)
    }

    /// Takes the next page in.
    fn extend(&mut self, page: Self) {
        self.edges.get_or_insert_default().extend(page.edges.into_iter().flatten());
        self.page_info = page.page_info;
    }
}

/// Reads the lists of a team to their ends. A fault that is this team's own leaves them cut, and is handed back.
async fn complete(
    client: &Client,
    team: &mut Wire,
    with_members: bool,
    with_repositories: bool,
    tally: &Tally,
) -> Result<Option<ApiError>, ApiError> {
    let mut size = PageSize::new(LIST);
    loop {
        let member = team.members.page_info.next_cursor().filter(|_| with_members);
        let repository = team.repositories.page_info.next_cursor().filter(|_| with_repositories);
        if member.is_none() && repository.is_none() {
            return Ok(None);
        }
        let variables = json!({
            "team": team.id, "first": size.get(), "withMembers": member.is_some(), "afterMember": member,
            "withRepositories": repository.is_some(), "afterRepository": repository,
        });
        let query = Query { query: QUERY, operation: "TeamLists", variables };
        let lists = match client.graphql::<ListsData, _>(&query, tally).await {
            Err(error) if error.kind == ApiErrorKind::TooHeavy && size.halve() => continue,
            Err(error) => Err(error),
            Ok(Graph { data: ListsData { node: Some(lists) }, errors }) if errors.is_empty() => Ok(lists),
            Ok(Graph { errors, .. }) => Err(client.missing("graphql TeamLists", &errors)),
        };
        match lists {
            Ok(Lists { members, repositories }) => {
                size.recover();
                if let Some(page) = members {
                    team.members.extend(page);
                }
                if let Some(page) = repositories {
                    team.repositories.extend(page);
                }
            }
            Err(error) if matches!(error.kind, ApiErrorKind::Unauthorized | ApiErrorKind::RateLimited | ApiErrorKind::Unavailable) => {
                return Err(error);
            }
            Err(error) => return Ok(Some(error)),
        }
    }
}

fn row(organization: &str, team: &Wire) -> Option<Team> {
    let parent = team.parent_team.as_ref();
    Some(Team {
        team_id: team.database_id?,
        organization: organization.to_owned(),
        slug: team.slug.clone(),
        name: team.name.clone(),
        privacy: team.privacy.to_lowercase(),
        parent_team_id: parent.and_then(|parent| parent.database_id),
        parent_slug: parent.map(|parent| parent.slug.clone()),
        members: team.members.total_count,
        repositories: team.repositories.total_count,
        is_review_assignment_enabled: team.review_request_delegation_enabled,
        created_at: team.created_at,
        updated_at: team.updated_at,
    })
}
