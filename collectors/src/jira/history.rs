//! An issue's changelog: what comes along with it, and the rest where that is cut.

use serde::Deserialize;

use crate::{
    collect::Tally,
    http::{ApiError, ApiErrorKind, Client, Counts, End, Pages, Paging, encoded},
};

use super::{
    journey::{Change, Stop},
    moment::Moment,
    statuses::{Category, Statuses},
};

const PAGING: Paging =
    Paging { size: "maxResults", most: 100, place: "startAt", counts: Counts::Items, items: "values", end: End::Total("/total") };

/// What came along with an issue. The Cloud gives the newest entries of a long history only.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Changelog {
    total: Option<u64>,
    histories: Option<Vec<History>>,
}

/// What somebody changed in one go.
#[derive(Debug, Deserialize)]
pub(super) struct History {
    id: Option<String>,
    created: Moment,
    items: Option<Vec<Item>>,
}

/// One field that was changed.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Item {
    field: String,
    /// Cloud only: what was made oneself may have the name of what is Jira's.
    field_id: Option<String>,
    fieldtype: Option<String>,
    from: Option<String>,
    from_string: Option<String>,
    to: Option<String>,
    to_string: Option<String>,
}

impl Item {
    fn is_status(&self) -> bool {
        let is_own = self.fieldtype.as_deref() == Some("custom");
        self.field_id.as_deref().map_or(self.field == "status" && !is_own, |id| id == "status")
    }
}

impl Changelog {
    /// All entries, if they came along.
    pub(super) fn whole(self) -> Option<Vec<History>> {
        let Self { total, histories } = self;
        let histories = histories?;
        let is_whole = total.is_some_and(|total| histories.len() as u64 >= total);
        is_whole.then_some(histories)
    }
}

/// Why there is no history.
pub(super) enum Missing {
    /// The issue is gone.
    Issue,
    /// It could not be read, for this reason.
    History(String),
}

/// Reads a history to its end.
///
/// # Errors
/// When nothing else can be read either.
pub(super) async fn read(client: &Client, root: &str, key: &str, tally: &Tally) -> Result<Result<Vec<History>, Missing>, ApiError> {
    let mut pages = Pages::new(client, &format!("{root}/issue/{}/changelog", encoded(key)), &PAGING, PAGING.most);
    let mut histories = Vec::new();
    loop {
        match pages.next::<History>(tally).await {
            Ok(Some(page)) => histories.extend(page),
            Ok(None) => break,
            Err(error) => match error.kind {
                ApiErrorKind::NotFound => return Ok(Err(Missing::Issue)),
                ApiErrorKind::Forbidden | ApiErrorKind::Disabled | ApiErrorKind::Unexpected => {
                    return Ok(Err(Missing::History(error.message)));
                }
                _ => return Err(error),
            },
        }
    }
    if let Some(reason) = pages.unreadable.first() {
        return Ok(Err(Missing::History(format!("not of the documented shape: {reason}"))));
    }
    Ok(Ok(histories))
}

/// The changes of its status. `present` is the one it is in, which the list of statuses need not have.
pub(super) fn changes(histories: Vec<History>, statuses: &Statuses, present: &Stop) -> Vec<Change> {
    let category = |id: &str| -> Option<Category> {
        let of_present = present.category.filter(|_| present.id == id);
        of_present.or_else(|| statuses.category(id))
    };
    let stop = |id: Option<String>, name: Option<String>| {
        let id = id.unwrap_or_default();
        // What has no name any more still has a number.
        let name = name.filter(|name| !name.is_empty()).unwrap_or_else(|| id.clone());
        Stop { category: category(&id), id, name }
    };
    let mut changes = Vec::new();
    for history in histories {
        let no = history.id.and_then(|id| id.parse().ok()).unwrap_or_default();
        for item in history.items.into_iter().flatten().filter(Item::is_status) {
            changes.push(Change { at: history.created.0, no, from: stop(item.from, item.from_string), to: stop(item.to, item.to_string) });
        }
    }
    changes
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::jira::statuses::Status;

    fn changelog(total: Value) -> Changelog {
        serde_json::from_value(json!({"startAt": 0, "maxResults": 2, "total": total, "histories": [
            {"id": "12", "author": {"displayName": "Ada"}, "created": "2026-11-20T08:12:01.123+0100", "items": [
                {"field": "status", "fieldtype": "jira", "fieldId": "status", "from": "1", "fromString": "Open", "to": "9", "toString": "Gone"},
                {"field": "summary", "fieldtype": "jira", "fieldId": "summary", "from": null, "fromString": "Ask Ada", "to": null, "toString": "x"},
                {"field": "status", "fieldtype": "custom", "fieldId": "customfield_1", "from": "1", "fromString": "a", "to": "2", "toString": "b"},
            ]},
            {"id": "11", "created": "2026-11-19T08:00:00.000+0100", "items": [
                {"field": "status", "fieldtype": "jira", "from": "3", "fromString": "Doing", "to": "1", "toString": "Open"},
            ]},
        ]}))
        .unwrap()
    }

    #[test]
    fn only_what_is_all_there_counts_as_a_history() {
        assert_eq!(changelog(json!(2)).whole().map(|all| all.len()), Some(2));
        assert!(changelog(json!(3)).whole().is_none() && changelog(Value::Null).whole().is_none());
        assert!(Changelog::default().whole().is_none());
    }

    #[test]
    fn changes_of_the_status_are_found_with_their_categories() {
        let statuses: Vec<Status> = serde_json::from_value(json!([{"id": "1", "name": "Open", "statusCategory": {"key": "new"}}])).unwrap();
        let present = Stop { id: "3".to_owned(), name: "Doing".to_owned(), category: Some(Category::InProgress) };
        let changes = changes(changelog(json!(2)).whole().unwrap(), &Statuses::new(&statuses), &present);
        let told: Vec<_> =
            changes.iter().map(|change| (change.no, change.from.category, change.to.name.as_str(), change.to.category)).collect();
        assert_eq!(told, [(12, Some(Category::ToDo), "Gone", None), (11, Some(Category::InProgress), "Open", Some(Category::ToDo))]);
    }
}
