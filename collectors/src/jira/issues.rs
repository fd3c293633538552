//! One row per issue of the configured projects, as last seen: the journal of requests.
//!
//! Times in a status come from the changelog. Neither summary nor text nor comments are asked for.
//!
//! Jira takes the times of a query in the time zone of the account that asks, which it does not say: the search begins 14 hours before the
//! watermark, as no zone is further away, and what did not change since is left out. It goes by key, because an issue that changes while
//! it runs would move in an order by last change, and the list would close up where it was.
//!
//! - grain: `issue_id`
//! - endpoint: GET /rest/api/3/search/jql (Cloud) or /rest/api/2/search (Data Center), 100 a page; GET …/issue/{key}/changelog for longer histories
//! - permission: Browse projects
//! - date: the day of the run that saw the change; the newest `updated_at` wins

use std::collections::{BTreeMap, HashSet};

use chrono::{DateTime, Duration, Utc};
use futures::{FutureExt, StreamExt, TryStreamExt, future::BoxFuture, stream};
use serde::{Deserialize, Serialize};

use crate::{
    collect::{CollectError, Context, Outcome, Parent, Status as Ended, Tally},
    http::{ApiError, ApiErrorKind, Counts, End, Pages, Paging, Stopped, encoded, outcome_of, with_missing, with_unreadable},
    privacy::{Pseudonym, Pseudonyms},
    table::{Kind, Probe, Read, Row, Table, Timestamp, Watch},
};

use super::{
    Jira, JiraConfig,
    config::Edition,
    history::{self, Changelog, History, Missing},
    jira,
    journey::{Stop, journey},
    moment::Moment,
    person,
    statuses::{Category, Status, Statuses},
};

/// `jira.issues`
pub const TABLE: Table = Table {
    source: "jira",
    name: "issues",
    meaning: "One row per issue of the configured projects, as last seen: the journal of requests.",
    kind: Kind::Changes,
    grain: &["issue_id"],
    version: Some("updated_at"),
    endpoint: "GET /rest/api/3/search/jql (Cloud) or /rest/api/2/search (Data Center), 100 a page; GET …/issue/{key}/changelog for longer histories",
    permission: "Browse projects",
    probe: Probe::Rest("{search}&maxResults=1"),
    requests: |_| None,
    columns: Issue::COLUMNS,
    watch: Watch::NOTHING,
    read: Read::By(collect),
};

/// One row.
#[derive(Debug, Row, Serialize)]
pub struct Issue {
    /// Number of the issue
    issue_id: String,
    /// Its key, such as LAMP-17
    issue_key: String,
    /// Key of its project
    project: String,
    /// Name of its type
    issue_type: Option<String>,
    /// Components
    components: Vec<String>,
    /// Labels
    labels: Vec<String>,
    /// Name of its status
    status: String,
    /// to_do, in_progress or done; undefined where Jira has none for it
    status_category: String,
    /// Name of its priority
    priority: Option<String>,
    /// How it was resolved; null while it is not
    resolution: Option<String>,
    /// Who asked
    reporter_key: Option<Pseudonym>,
    /// Who is on it
    assignee_key: Option<Pseudonym>,
    /// Asked for
    created_at: Timestamp,
    /// First came into a status of the category in progress
    first_in_progress_at: Option<Timestamp>,
    /// Last came into a status of the category done; null unless it is there, or if that is not told
    resolved_at: Option<Timestamp>,
    /// Last change
    updated_at: Timestamp,
    /// How often it left the category done [times]
    reopened: i64,
    /// Time in statuses of the category to do, until it was last done; of one that is not done until its last change [s]
    to_do_seconds: i64,
    /// Likewise, in progress [s]
    in_progress_seconds: i64,
    /// Likewise by name of the status, seconds as text
    status_seconds: BTreeMap<String, String>,
}

/// Those that a row needs, and neither summary nor text nor comments.
const FIELDS: &str = "issuetype,components,labels,status,priority,resolution,reporter,assignee,created,updated,resolutiondate,project";
/// No time zone is further away.
const FARTHEST_ZONE_HOURS: i64 = 14;

const CLOUD: Paging = paging("nextPageToken", End::Token("/nextPageToken"));
const DATA_CENTER: Paging = paging("startAt", End::Total("/total"));

const fn paging(place: &'static str, end: End) -> Paging {
    Paging { size: "maxResults", most: 100, place, counts: Counts::Items, items: "issues", end }
}

/// An issue as Jira describes it.
#[derive(Deserialize)]
struct Wire {
    id: String,
    key: String,
    fields: Fields,
    changelog: Option<Changelog>,
}

#[derive(Deserialize)]
struct Fields {
    project: Option<Project>,
    issuetype: Option<Named>,
    components: Option<Vec<Named>>,
    labels: Option<Vec<String>>,
    status: Status,
    priority: Option<Named>,
    resolution: Option<Named>,
    reporter: Option<User>,
    assignee: Option<User>,
    created: Moment,
    updated: Moment,
    resolutiondate: Option<Moment>,
}

#[derive(Deserialize)]
struct Project {
    key: String,
}

#[derive(Deserialize)]
struct Named {
    name: String,
}

/// An account: the Cloud gives an id, a Data Center a name, and a key once it was renamed.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct User {
    account_id: Option<String>,
    name: Option<String>,
    key: Option<String>,
}

/// One project's walk, and what is missing after it.
struct Walk<'a> {
    context: &'a Context<'a>,
    jira: &'a Jira,
    parent: Parent,
    since: DateTime<Utc>,
    tally: Tally,
    /// Issues that could not be read.
    unreadable: Vec<String>,
    /// Issues whose history could not be, and why.
    missing: Vec<String>,
}

fn collect<'a>(context: &'a Context<'a>) -> BoxFuture<'a, Result<(), CollectError>> {
    async move {
        let jira = jira(context)?;
        let settings = &jira.settings;
        context.sink.expect(&TABLE, settings.projects.len());
        let parents = settings.projects.iter().map(|key| Parent { id: key.to_lowercase(), name: key.clone() });
        let left = parents.filter(|parent| !context.sink.is_done(&TABLE, parent));
        let reads: Vec<_> = left.map(|parent| read(context, jira, parent).boxed()).collect();
        stream::iter(reads).buffer_unordered(settings.concurrency).try_collect().await
    }
    .boxed()
}

async fn read(context: &Context<'_>, jira: &Jira, parent: Parent) -> Result<(), CollectError> {
    let beginning = || context.now.checked_sub_signed(Duration::days(i64::from(jira.settings.history_days)));
    let since = context.sink.since(&TABLE, &parent).map(Timestamp::to_utc).or_else(beginning).unwrap_or(DateTime::UNIX_EPOCH);
    let mut walk = Walk { context, jira, parent, since, tally: Tally::default(), unreadable: Vec::new(), missing: Vec::new() };
    let outcome = match walk.issues().await {
        Err(Stopped::Api(error)) if is_refusal(&error) => refused(&jira.settings, &walk.parent.name, &error, &walk.tally),
        end => with_missing(with_unreadable(outcome_of(end, &walk.tally)?, &walk.unreadable), &walk.missing),
    };
    context.sink.done(&TABLE, &walk.parent, outcome, Vec::new()).await
}

/// Whether Jira did not take the query.
fn is_refusal(error: &ApiError) -> bool {
    error.kind == ApiErrorKind::Unexpected && error.message.starts_with("400")
}

/// A project that we may not see is one that Jira says does not exist, by its name. Else it is the configured part of the query that it
/// does not take.
fn refused(settings: &JiraConfig, project: &str, error: &ApiError, tally: &Tally) -> Outcome {
    let is_named = [format!("'{project}'"), format!("\"{project}\"")].iter().any(|name| error.message.contains(name));
    match query(settings) {
        _ if is_named => tally.ended(Ended::Forbidden, Some(error.message.clone())),
        Some(_) => tally.ended(Ended::Error, Some(format!("Jira does not take `jira.query`: {}", error.message))),
        None => tally.ended(error.status(), Some(error.message.clone())),
    }
}

impl Walk<'_> {
    async fn issues(&mut self) -> Result<(), Stopped> {
        let statuses = self.jira.statuses(&self.tally).await?;
        let settings = &self.jira.settings;
        let paging = match settings.edition {
            Edition::Cloud => &CLOUD,
            Edition::DataCenter => &DATA_CENTER,
        };
        let jql = encoded(&jql(&self.parent.name, query(settings), self.since));
        let path = format!("{}{}?jql={jql}&fields={FIELDS}&expand=changelog", self.jira.root(), settings.edition.search());
        let mut pages = Pages::new(&self.jira.client, &path, paging, paging.most);
        // New issues come in between, and push others to the next page, where they are met again.
        let mut seen = HashSet::new();
        while let Some(issues) = pages.next::<Wire>(&self.tally).await? {
            let changed = issues.into_iter().filter(|issue| issue.fields.updated.0 >= self.since.into() && seen.insert(issue.id.clone()));
            let reads: Vec<_> = changed.map(|issue| self.complete(issue).boxed()).collect();
            let found: Vec<_> = stream::iter(reads).buffered(settings.concurrency).try_collect().await?;
            let mut rows = Vec::with_capacity(found.len());
            for found in found {
                match found {
                    Ok((issue, histories)) => rows.push(row(self.context.pseudonyms, &self.parent.name, statuses, issue, histories)),
                    Err(Missing::Issue) => {}
                    Err(Missing::History(reason)) => self.missing.push(reason),
                }
            }
            self.tally.page(rows.len());
            self.context.sink.write(&TABLE, &self.parent, &rows).await?;
        }
        self.unreadable.append(&mut pages.unreadable);
        Ok(())
    }

    /// An issue with its whole history: what came along, or what is asked for.
    async fn complete(&self, mut issue: Wire) -> Result<Result<(Wire, Vec<History>), Missing>, ApiError> {
        if let Some(histories) = issue.changelog.take().and_then(Changelog::whole) {
            return Ok(Ok((issue, histories)));
        }
        let named = |reason: &str| Missing::History(format!("changelog of `{}`: {reason}", issue.key));
        let histories = match self.jira.settings.edition {
            Edition::Cloud => history::read(&self.jira.client, self.jira.root(), &issue.key, &self.tally).await?,
            // It has no list of its own there, and always comes along whole.
            Edition::DataCenter => Err(Missing::History("not whole".to_owned())),
        };
        Ok(match histories {
            Ok(histories) => Ok((issue, histories)),
            Err(Missing::Issue) => Err(Missing::Issue),
            Err(Missing::History(reason)) => Err(named(&reason)),
        })
    }
}

/// The configured part of the query, if there is one.
fn query(settings: &JiraConfig) -> Option<&str> {
    settings.query.as_deref().map(str::trim).filter(|query| !query.is_empty())
}

fn jql(project: &str, query: Option<&str>, since: DateTime<Utc>) -> String {
    let from = since.checked_sub_signed(Duration::hours(FARTHEST_ZONE_HOURS)).unwrap_or(since);
    let query = query.map(|query| format!(" AND ({query})")).unwrap_or_default();
    format!("project = \"{project}\"{query} AND updated >= \"{}\" ORDER BY key ASC", from.format("%Y-%m-%d %H:%M"))
}

fn row(pseudonyms: &Pseudonyms, project: &str, statuses: &Statuses, issue: Wire, histories: Vec<History>) -> Issue {
    let fields = issue.fields;
    let category = fields.status.category();
    let present = Stop { id: fields.status.id, name: fields.status.name, category };
    let changes = history::changes(histories, statuses, &present);
    let journey = journey(fields.created.0, fields.updated.0, &present, changes);
    // An issue that came done from elsewhere has no change that tells when.
    let resolved = fields.resolutiondate.filter(|_| category == Some(Category::Done));
    let masked = |text: String| pseudonyms.mask("jira", text);
    let name = |named: Option<Named>| named.map(|named| named.name);
    let account = |user: Option<User>| user.and_then(|user| user.account_id.or(user.name).or(user.key));
    let key_of = |user: Option<User>| account(user).map(|account| person(pseudonyms, &account));
    Issue {
        issue_id: issue.id,
        issue_key: issue.key,
        project: fields.project.map_or_else(|| project.to_owned(), |project| project.key),
        issue_type: name(fields.issuetype),
        components: fields.components.into_iter().flatten().map(|component| masked(component.name)).collect(),
        labels: fields.labels.into_iter().flatten().map(masked).collect(),
        status: present.name,
        status_category: category.map_or("undefined", Category::as_str).to_owned(),
        priority: name(fields.priority),
        resolution: name(fields.resolution),
        reporter_key: key_of(fields.reporter),
        assignee_key: key_of(fields.assignee),
        created_at: fields.created.0,
        first_in_progress_at: journey.first_in_progress_at,
        resolved_at: journey.done_at.or(resolved.map(|resolved| resolved.0)),
        updated_at: fields.updated.0,
        reopened: journey.reopened,
        to_do_seconds: journey.to_do / 1_000_000,
        in_progress_seconds: journey.in_progress / 1_000_000,
        status_seconds: journey.by_status.into_iter().map(|(name, time)| (name, (time / 1_000_000).to_string())).collect(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn issue(fields: Value, histories: Value) -> Issue {
        let mut all = json!({
            "summary": "A lamp for Ada", "created": "2026-11-02T09:00:00.000+0100", "updated": "2026-11-03T09:00:00.000+0100",
            "status": {"id": "3", "name": "Doing", "statusCategory": {"key": "indeterminate"}},
        });
        all.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
        let wire = json!({"id": "10017", "key": "LAMP-17", "fields": all, "changelog": {"total": 1, "histories": histories}});
        let mut wire: Wire = serde_json::from_value(wire).unwrap();
        let histories = wire.changelog.take().unwrap().whole().unwrap_or_default();
        let statuses: Vec<Status> = serde_json::from_value(json!([
            {"id": "1", "name": "Open", "statusCategory": {"key": "new"}}, {"id": "5", "name": "Done", "statusCategory": {"key": "done"}},
        ]))
        .unwrap();
        row(&Pseudonyms::new(&"key".into()), "LAMP", &Statuses::new(&statuses), wire, histories)
    }

    fn moved(from: &str, to: &str) -> Value {
        let item = json!({"field": "status", "from": from, "fromString": "A", "to": to, "toString": "B"});
        json!([{"id": "1", "created": "2026-11-02T10:00:00.500+0100", "items": [item]}])
    }

    #[test]
    fn an_issue_in_full_without_words_and_people() {
        let row = issue(
            json!({
                "project": {"key": "LAMP"}, "issuetype": {"name": "Access"}, "components": [{"name": "Lamps"}], "labels": ["night"],
                "priority": {"name": "High"}, "resolution": null, "reporter": {"accountId": "ada-1", "displayName": "Ada"},
                "assignee": {"name": "bob", "key": "JIRAUSER7", "emailAddress": "bob@clockwork.example"},
            }),
            moved("1", "3"),
        );
        assert_eq!((row.status_category.as_str(), row.to_do_seconds, row.in_progress_seconds), ("in_progress", 3600, 23 * 3600 - 1));
        assert_eq!(
            row.status_seconds,
            BTreeMap::from([("A".to_owned(), "3600".to_owned()), ("B".to_owned(), (23 * 3600 - 1).to_string())])
        );
        assert_eq!((row.resolved_at, row.resolution.as_deref(), row.priority.as_deref()), (None, None, Some("High")));
        let pseudonyms = Pseudonyms::new(&"key".into());
        assert_eq!(
            (row.reporter_key.as_ref(), row.assignee_key.as_ref()),
            (Some(&person(&pseudonyms, "ada-1")), Some(&person(&pseudonyms, "bob")))
        );
        let text = serde_json::to_string(&row).unwrap();
        assert!(!["Ada", "ada-1", "bob", "lamp for"].iter().any(|word| text.contains(word)), "{text}");
    }

    #[test]
    fn when_it_was_resolved_is_told_by_its_changes_first() {
        let done = json!({
            "status": {"id": "5", "name": "Done", "statusCategory": {"key": "done"}}, "resolutiondate": "2026-11-02T20:00:00.000+0100",
        });
        let hour = |row: Issue| row.resolved_at.map(|at| at.to_utc().format("%H:%M").to_string());
        assert_eq!(hour(issue(done.clone(), moved("1", "5"))).as_deref(), Some("09:00"));
        assert_eq!(hour(issue(done, json!([]))).as_deref(), Some("19:00"), "it came done from elsewhere");
        assert_eq!(hour(issue(json!({"resolutiondate": "2026-11-02T20:00:00.000+0100"}), moved("1", "3"))), None, "it is not done");
    }

    #[test]
    fn what_is_not_told_is_unknown() {
        let row = issue(
            json!({"components": null, "labels": null, "reporter": null, "assignee": {}, "status": {"id": "9", "name": "Odd"}}),
            json!([]),
        );
        assert_eq!((row.project.as_str(), row.status_category.as_str(), row.issue_type, row.priority), ("LAMP", "undefined", None, None));
        assert_eq!((row.reporter_key, row.assignee_key, row.first_in_progress_at), (None, None, None));
    }

    #[test]
    fn the_search_begins_early_enough_for_every_time_zone() {
        let since = "2026-11-21T10:00:30Z".parse().unwrap();
        assert_eq!(jql("LAMP", None, since), "project = \"LAMP\" AND updated >= \"2026-11-20 20:00\" ORDER BY key ASC");
        assert_eq!(
            jql("LAMP", Some("type = Access OR labels = night"), since),
            "project = \"LAMP\" AND (type = Access OR labels = night) AND updated >= \"2026-11-20 20:00\" ORDER BY key ASC"
        );
    }

    #[test]
    fn a_hidden_project_and_a_wrong_query_are_told_apart() {
        let told = |message: &str, query: Option<&str>| {
            let error = ApiError {
                kind: ApiErrorKind::Unexpected,
                host: "clockwork.example".to_owned(),
                what: "GET /rest/api/3/search/jql".to_owned(),
                message: message.to_owned(),
            };
            assert!(is_refusal(&error));
            let settings = JiraConfig { query: query.map(ToOwned::to_owned), ..JiraConfig::default() };
            let outcome = refused(&settings, "VAULT", &error, &Tally::default());
            (outcome.status, outcome.detail.unwrap())
        };
        let hidden = "400: The value 'VAULT' does not exist for the field 'project'.";
        assert_eq!(told(hidden, Some("type = Access")), (Ended::Forbidden, hidden.to_owned()));
        let wrong = "400: Field 'colour' does not exist or you do not have permission to view it.";
        assert_eq!(told(wrong, Some("colour = red")), (Ended::Error, format!("Jira does not take `jira.query`: {wrong}")));
        assert_eq!(told(wrong, Some(" ")), (Ended::Error, wrong.to_owned()));
    }
}
