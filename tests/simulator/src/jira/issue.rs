//! Issues and what belongs to them, in Jira's two dialects: as the Cloud tells them, and as one's own Data Center does.

use chrono::DateTime;
use serde_json::{Map, Value, json};

use crate::company::Company;
use crate::company::people::{Actor, Person};
use crate::company::random::mix;
use crate::company::requests::{COMPONENTS, Change, Item, PRIORITIES, Request, Resolution, State, Status, TYPES};
use crate::company::wishes;
use crate::jira::{Dialect, WEB, ZONE_SECONDS};

/// The most changes that come along with an issue on the Cloud.
pub(super) const ALONG: usize = 40;

/// How somebody looks at issues.
#[derive(Clone, Copy)]
pub(super) struct View<'a> {
    pub(super) company: &'a Company,
    pub(super) dialect: Dialect,
    pub(super) now: i64,
}

/// `2026-11-21T11:00:00.123+0100`.
pub(super) fn time(at: i64) -> String {
    let local = DateTime::from_timestamp(at + ZONE_SECONDS, 0).unwrap_or_default();
    // The same moment always has the same thousandths.
    format!("{}.{:03}+0100", local.format("%Y-%m-%dT%H:%M:%S"), mix(at as u64) % 1_000)
}

/// A status, as there are four.
pub(super) fn status(status: Status, dialect: Dialect) -> Value {
    let (id, key, colour, name) = match status {
        Status::Triage | Status::ToDo => (2, "new", "blue-gray", "To Do"),
        Status::InProgress | Status::Waiting => (4, "indeterminate", "yellow", "In Progress"),
        Status::Done => (3, "done", "green", "Done"),
    };
    let root = dialect.root();
    json!({
        "self": format!("{root}/status/{}", status.id()),
        "description": "",
        "iconUrl": format!("{WEB}/images/icons/statuses/generic.png"),
        "name": status.name(),
        "id": status.id().to_string(),
        "statusCategory": {
            "self": format!("{root}/statuscategory/{id}"),
            "id": id,
            "key": key,
            "colorName": colour,
            "name": name,
        },
    })
}

impl View<'_> {
    /// Somebody; nothing for an account that is gone.
    pub(super) fn user(&self, actor: Actor) -> Value {
        let root = self.dialect.root();
        match actor {
            Actor::Ghost => Value::Null,
            Actor::Bot(_) if self.dialect == Dialect::Cloud => json!({
                "self": format!("{root}/user?accountId=557058:f58131cb"),
                "accountId": "557058:f58131cb",
                "avatarUrls": {},
                "displayName": "Automation for Jira",
                "active": true,
                "timeZone": "Etc/UTC",
                "accountType": "app",
            }),
            Actor::Bot(_) => json!({
                "self": format!("{root}/user?username=automation"),
                "name": "automation",
                "key": "automation",
                "avatarUrls": {},
                "displayName": "Automation for Jira",
                "active": true,
                "timeZone": "Etc/UTC",
            }),
            Actor::Person(index) => self.person(&self.company.people[usize::from(index)]),
        }
    }

    /// The Cloud shows the address of whom does not mind only.
    fn person(&self, person: &Person) -> Value {
        let root = self.dialect.root();
        let shown = person.name.as_ref().unwrap_or(&person.login);
        let id = name_of(self.dialect, person);
        let mut user = json!({ "avatarUrls": {}, "displayName": shown, "active": true, "timeZone": "Europe/Oslo" });
        match self.dialect {
            Dialect::Cloud => {
                user["self"] = json!(format!("{root}/user?accountId={id}"));
                user["accountId"] = json!(id);
                user["accountType"] = json!("atlassian");
            }
            Dialect::DataCenter => {
                user["self"] = json!(format!("{root}/user?username={id}"));
                user["name"] = json!(id);
                user["key"] = json!(key_of(person));
            }
        }
        if self.dialect == Dialect::DataCenter || person.shows_email {
            user["emailAddress"] = json!(person.email);
        }
        user
    }

    /// An issue with the fields asked for.
    pub(super) fn issue(&self, request: &Request, state: &State, fields: &Fields, with_changes: bool) -> Value {
        let root = self.dialect.root();
        // Who asks for no field gets no more than the number, on the Cloud.
        if fields.is_none() && !with_changes {
            return json!({ "id": request.id.to_string() });
        }
        let mut issue = json!({
            "expand": "operations,versionedRepresentations,editmeta,changelog,renderedFields",
            "id": request.id.to_string(),
            "self": format!("{root}/issue/{}", request.id),
            "key": request.key(),
        });
        if !fields.is_none() {
            issue["fields"] = Value::Object(self.fields(request, state, fields));
        }
        if with_changes {
            let changes = request.changes(self.now);
            issue["changelog"] = match self.dialect {
                // The newest first, and no more than so many.
                Dialect::Cloud => {
                    let histories: Vec<Value> = changes.iter().rev().take(ALONG).map(|change| self.change(change)).collect();
                    json!({ "startAt": 0, "maxResults": histories.len(), "total": changes.len(), "histories": histories })
                }
                Dialect::DataCenter => {
                    let histories: Vec<Value> = changes.iter().map(|change| self.change(change)).collect();
                    json!({ "startAt": 0, "maxResults": changes.len(), "total": changes.len(), "histories": histories })
                }
            };
        }
        issue
    }

    fn fields(&self, request: &Request, state: &State, fields: &Fields) -> Map<String, Value> {
        let root = self.dialect.root();
        let named = |kind: &str, names: &[&str], name: &str| {
            let id = 10_300 + names.iter().position(|known| *known == name).unwrap_or_default();
            json!({ "self": format!("{root}/{kind}/{id}"), "id": id.to_string(), "name": name })
        };
        let kinds = TYPES.map(|kind| kind.name());
        let mut issuetype = named("issuetype", &kinds, request.kind.name());
        issuetype["subtask"] = json!(false);
        issuetype["description"] = json!("");
        let text = wishes::description(state.words);
        let description = match self.dialect {
            Dialect::Cloud => {
                json!({ "type": "doc", "version": 1, "content": [{ "type": "paragraph", "content": [{ "type": "text", "text": text }] }] })
            }
            Dialect::DataCenter => json!(text),
        };
        let all = [
            ("summary", json!(wishes::summary(state.words))),
            ("description", description),
            ("issuetype", issuetype),
            (
                "project",
                json!({
                    "self": format!("{root}/project/{}", request.project.id),
                    "id": request.project.id.to_string(),
                    "key": request.project.key,
                    "name": request.project.name,
                    "projectTypeKey": "service_desk",
                }),
            ),
            ("status", status(state.status, self.dialect)),
            ("priority", named("priority", &PRIORITIES, PRIORITIES[state.priority])),
            ("components", request.component.iter().map(|component| named("component", &COMPONENTS, component)).collect()),
            ("labels", json!(state.labels)),
            ("reporter", self.user(request.reporter)),
            ("creator", self.user(request.reporter)),
            ("assignee", state.assignee.map_or(Value::Null, |person| self.user(Actor::Person(person as u16)))),
            ("created", json!(time(request.created_at))),
            ("updated", json!(time(state.updated_at))),
            ("resolution", state.resolution.map_or(Value::Null, |how| resolution(how, self.dialect))),
            ("resolutiondate", state.resolved_at.map_or(Value::Null, |at| json!(time(at)))),
            ("duedate", Value::Null),
        ];
        all.into_iter().filter(|(name, _)| fields.has(name)).map(|(name, value)| (name.to_owned(), value)).collect()
    }

    /// What somebody did. Whoever is gone is not there at all.
    pub(super) fn change(&self, change: &Change) -> Value {
        let items: Vec<Value> = change.items.iter().map(|item| self.item(item)).collect();
        let mut shown = json!({ "id": change.id.to_string(), "created": time(change.at), "items": items });
        if change.author != Actor::Ghost {
            shown["author"] = self.user(change.author);
        }
        shown
    }

    fn item(&self, item: &Item) -> Value {
        let resolved = |how: Option<Resolution>| (how.map(|how| resolution_id(how).to_owned()), how.map(|how| how_name(how).to_owned()));
        let priority = |place: usize| (Some((10_300 + place).to_string()), Some(PRIORITIES[place].to_owned()));
        let assignee = |person: Option<usize>| match person.map(|person| &self.company.people[person]) {
            Some(person) => (Some(name_of(self.dialect, person)), Some(person.name.clone().unwrap_or_else(|| person.login.clone()))),
            None => (None, None),
        };
        let text = |text: String| (None, Some(text));
        let state = |status: Status| (Some(status.id().to_string()), Some(status.name().to_owned()));
        let (field, (from, from_text), (to, to_text)) = match item {
            Item::Status(from, to) => ("status", state(*from), state(*to)),
            Item::Assignee(from, to) => ("assignee", assignee(*from), assignee(*to)),
            Item::Resolution(from, to) => ("resolution", resolved(*from), resolved(*to)),
            Item::Priority(from, to) => ("priority", priority(*from), priority(*to)),
            Item::Labels(from, to) => ("labels", text(from.join(" ")), text(to.join(" "))),
            Item::Summary(from, to) => ("summary", text(wishes::summary(*from)), text(wishes::summary(*to))),
            Item::Rank => ("Rank", text(String::new()), text("Ranked higher".to_owned())),
        };
        let kind = if matches!(item, Item::Rank) { "custom" } else { "jira" };
        let mut shown = json!({ "field": field, "fieldtype": kind, "from": from, "fromString": from_text, "to": to, "toString": to_text });
        if self.dialect == Dialect::Cloud {
            shown["fieldId"] = json!(if kind == "custom" { "customfield_10019" } else { field });
        }
        shown
    }
}

/// What a Data Center knows an account by, whatever its name becomes.
pub(super) fn key_of(person: &Person) -> String {
    format!("JIRAUSER{}", person.id % 1_000_000)
}

/// What others know an account by.
pub(super) fn name_of(dialect: Dialect, person: &Person) -> String {
    match dialect {
        Dialect::Cloud => format!("{:08x}{:016x}", mix(person.id) as u32, mix(!person.id)),
        Dialect::DataCenter => person.login.clone(),
    }
}

fn how_name(how: Resolution) -> &'static str {
    match how {
        Resolution::Done => "Done",
        Resolution::WontDo => "Won't Do",
    }
}

fn resolution_id(how: Resolution) -> &'static str {
    match how {
        Resolution::Done => "10000",
        Resolution::WontDo => "10001",
    }
}

fn resolution(how: Resolution, dialect: Dialect) -> Value {
    let id = resolution_id(how);
    json!({ "self": format!("{}/resolution/{id}", dialect.root()), "id": id, "description": "", "name": how_name(how) })
}

/// Which fields somebody wants to see.
pub(super) struct Fields(Vec<String>);

impl Fields {
    /// A list of names, some with a sign in front; or what the dialect shows to who asks for none.
    pub(super) fn of(asked: Vec<String>, dialect: Dialect) -> Fields {
        match (asked.is_empty(), dialect) {
            (true, Dialect::DataCenter) => Fields(vec!["*all".to_owned()]),
            _ => Fields(asked),
        }
    }

    fn is_none(&self) -> bool {
        self.0.is_empty() || self.0.iter().all(|name| name == "id")
    }

    fn has(&self, field: &str) -> bool {
        let named = |wanted: &str| self.0.iter().any(|name| name == wanted);
        let all = named("*all") || named("*navigable") || self.0.iter().all(|name| name.starts_with('-'));
        (all || named(field)) && !named(&format!("-{field}"))
    }
}
