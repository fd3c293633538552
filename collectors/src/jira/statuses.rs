//! Jira's statuses, and the three categories that tell what any of them means.

use std::collections::HashMap;

use serde::Deserialize;

use crate::{
    collect::Tally,
    http::{ApiError, Client},
};

/// What a status means, whatever it is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Category {
    /// Nobody has begun.
    ToDo,
    /// Somebody is on it.
    InProgress,
    /// There is nothing left to do.
    Done,
}

impl Category {
    /// By Jira's key, which is the same in every language; nothing for `undefined`.
    fn of(key: &str) -> Option<Self> {
        match key {
            "new" => Some(Self::ToDo),
            "indeterminate" => Some(Self::InProgress),
            "done" => Some(Self::Done),
            _ => None,
        }
    }

    /// The word in a row.
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::ToDo => "to_do",
            Self::InProgress => "in_progress",
            Self::Done => "done",
        }
    }
}

/// A status as Jira describes it, in its list and in an issue.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Status {
    pub(super) id: String,
    pub(super) name: String,
    status_category: Option<StatusCategory>,
}

#[derive(Clone, Debug, Deserialize)]
struct StatusCategory {
    key: Option<String>,
}

impl Status {
    pub(super) fn category(&self) -> Option<Category> {
        self.status_category.as_ref().and_then(|category| category.key.as_deref()).and_then(Category::of)
    }
}

/// The categories of all statuses that there are, by id.
#[derive(Debug, Default)]
pub(super) struct Statuses(HashMap<String, Category>);

impl Statuses {
    /// Those of a list.
    pub(super) fn new(all: &[Status]) -> Self {
        Self(all.iter().filter_map(|status| Some((status.id.clone(), status.category()?))).collect())
    }

    /// Of a status that was deleted, nobody knows what it meant.
    pub(super) fn category(&self, id: &str) -> Option<Category> {
        self.0.get(id).copied()
    }
}

/// Reads the list.
///
/// # Errors
/// When it does not come.
pub(super) async fn list(client: &Client, root: &str, tally: &Tally) -> Result<Statuses, ApiError> {
    let all: Vec<Status> = client.get(&format!("{root}/status"), tally).await?;
    Ok(Statuses::new(&all))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_category_goes_by_its_key() {
        let all: Vec<Status> = serde_json::from_value(json!([
            {"id": "1", "name": "Offen", "statusCategory": {"id": 2, "key": "new", "name": "Zu erledigen"}},
            {"id": "3", "name": "Waiting", "statusCategory": {"key": "indeterminate"}}, {"id": "5", "name": "Done", "statusCategory": {"key": "done"}},
            {"id": "6", "name": "Odd", "statusCategory": {"key": "undefined"}}, {"id": "7", "name": "Bare"},
        ]))
        .unwrap();
        let statuses = Statuses::new(&all);
        let categories = ["1", "3", "5", "6", "7", "8"].map(|id| statuses.category(id).map(Category::as_str));
        assert_eq!(categories, [Some("to_do"), Some("in_progress"), Some("done"), None, None, None]);
    }
}
