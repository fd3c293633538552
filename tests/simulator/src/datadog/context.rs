//! What is the same in all answers: pages, dates, people and labels.

use chrono::{DateTime, SecondsFormat};
use serde_json::{Value, json};

use crate::company::Company;
use crate::company::random::mix;
use crate::company::services::Service;
use crate::company::watch::monitors::Labels;
use crate::datadog::error;
use crate::http::Reply;
use crate::query::Query;

/// What an answer is made from.
pub(super) struct Context<'a> {
    pub(super) company: &'a Company,
    pub(super) now: i64,
    pub(super) query: Query,
    /// Whether lists have moved on by one since the page before was read.
    pub(super) slipped: bool,
}

impl Context<'_> {
    /// A number asked for; the error is what the vendor says to what is none.
    pub(super) fn number(&self, name: &str) -> Result<Option<usize>, Reply> {
        match self.query.get(name) {
            None | Some("") => Ok(None),
            Some(text) => text.parse().map(Some).map_err(|_| error(400, &format!("Invalid value for parameter {name}"))),
        }
    }

    /// How many are asked for, which is at most so many.
    pub(super) fn size(&self, name: &str, usual: usize, most: usize) -> Result<usize, Reply> {
        match self.number(name)? {
            Some(0) => Err(error(400, &format!("Parameter {name} must be at least 1"))),
            Some(size) if size > most => Err(error(400, &format!("Parameter {name} must be at most {most}"))),
            size => Ok(size.unwrap_or(usual)),
        }
    }

    /// So many rows from this one on; none past the end.
    pub(super) fn rows<'r, T>(&self, rows: &'r [T], start: usize, size: usize) -> &'r [T] {
        let start = start.saturating_sub(usize::from(self.slipped)).min(rows.len());
        &rows[start..rows.len().min(start + size)]
    }

    /// Whether something is asked to be put beside the rows.
    pub(super) fn includes(&self, name: &str) -> bool {
        self.query.get("include").is_some_and(|list| list.split(',').any(|one| one == name))
    }

    /// Who did something, as the older interface shows people.
    pub(super) fn creator(&self, person: usize) -> Value {
        let person = &self.company.people[person];
        json!({ "name": person.name, "handle": person.email, "email": person.email, "id": person.id % 10_000_000 })
    }

    /// Who did something, as the newer interface points at people.
    pub(super) fn user(&self, person: usize) -> Value {
        json!({ "data": { "type": "users", "id": self.user_id(person) } })
    }

    /// The people pointed at, each once.
    pub(super) fn users(&self, people: impl IntoIterator<Item = usize>) -> Vec<Value> {
        let mut people: Vec<usize> = people.into_iter().collect();
        people.sort_unstable();
        people.dedup();
        let user = |index: usize| {
            let (id, person) = (self.user_id(index), &self.company.people[index]);
            let attributes = json!({
                "uuid": id, "name": person.name, "handle": person.email, "email": person.email, "icon": "https://icons.example/wick.png",
            });
            json!({ "type": "users", "id": id, "attributes": attributes })
        };
        people.into_iter().map(user).collect()
    }

    /// The vendor's name for a person.
    pub(super) fn user_id(&self, person: usize) -> String {
        uuid(self.company.people[person].id)
    }

    /// The labels of something that is about a service.
    pub(super) fn tags(&self, service: &Service, environment: &str, labels: Labels) -> Vec<String> {
        let team = service.team(self.company, self.now).filter(|_| labels != Labels::NoTeam);
        let shown = |value: &str| if labels == Labels::UpperCase { value.to_uppercase() } else { value.to_owned() };
        let mut tags = vec![format!("env:{}", shown(environment))];
        match labels {
            Labels::StrangeService => tags.push("service:phantom-skiff".to_owned()),
            _ => tags.push(format!("service:{}", shown(&service.watched_as))),
        }
        tags.extend(team.map(|team| format!("team:{}", shown(team))));
        if labels == Labels::Bare {
            tags.extend(["critical-path".to_owned(), "terraform".to_owned()]);
        } else {
            tags.extend(service.tier.map(|tier| format!("tier:{tier}")));
        }
        if labels == Labels::Colons {
            tags.extend(["rack:north:2:b".to_owned(), format!("runbook:https://runbooks.example:8443/{}", service.name)]);
        }
        tags
    }
}

/// A name in the form of a UUID, always the same for the same number.
pub(super) fn uuid(number: u64) -> String {
    let (high, low) = (mix(number), mix(!number));
    let variant = 8 + (low >> 60) % 4;
    format!(
        "{:08x}-{:04x}-5{:03x}-{variant:x}{:03x}-{:012x}",
        high >> 32,
        high >> 16 & 0xffff,
        high & 0xfff,
        low >> 48 & 0xfff,
        low & 0xffff_ffff_ffff
    )
}

/// A moment as it is written nearly everywhere: `2026-11-21T10:00:00.123456+00:00`.
pub(super) fn date(at: i64) -> String {
    // Whatever happened did so at some part of a second.
    let nanoseconds = (mix(at as u64) % 1_000_000) as u32 * 1_000;
    DateTime::from_timestamp(at, nanoseconds).unwrap_or_default().to_rfc3339_opts(SecondsFormat::Micros, false)
}

/// The same in whole seconds: `2026-11-21T10:00:00+00:00`.
pub(super) fn seconds(at: i64) -> String {
    DateTime::from_timestamp(at, 0).unwrap_or_default().to_rfc3339_opts(SecondsFormat::Secs, false)
}
