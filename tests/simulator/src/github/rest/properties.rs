//! Custom property values.

use serde_json::{Value, json};

use crate::company::properties::Value as Property;
use crate::company::repositories::Repository;
use crate::github::rest::Context;
use crate::http::Reply;

/// `GET /orgs/{org}/properties/values`
pub(super) fn values(context: &Context<'_>) -> Reply {
    let all: Vec<&Repository> = context.present.company.living().collect();
    context.numbered(&all, |repository| {
        json!({
            "repository_id": repository.id,
            "repository_name": repository.name,
            "repository_full_name": format!("{}/{}", repository.owner.login, repository.name),
            "properties": properties(repository, context.present.now),
        })
    })
}

/// `GET /repos/{owner}/{repo}/properties/values`
pub(super) fn of_repository(context: &Context<'_>, repository: &Repository) -> Reply {
    Reply::json(200, &properties(repository, context.present.now))
}

fn properties(repository: &Repository, now: i64) -> Value {
    repository
        .properties
        .at(now)
        .into_iter()
        .map(|(name, value)| {
            let value = match value {
                Property::Unset => Value::Null,
                Property::One(word) => json!(word),
                Property::Many(words) => json!(words),
            };
            json!({ "property_name": name, "value": value })
        })
        .collect()
}
