//! Which security features are switched on, for every repository of an organisation.
//!
//! GitHub tells it only who administers a repository, and only through REST; the list of an organisation's repositories has it for 100 a
//! request. A feature that GitHub says nothing about is unknown, not off.

use std::collections::HashMap;

use serde::Deserialize;

use crate::collect::Tally;

use super::{
    ApiError, SharedError,
    client::{Client, Page},
};

/// What GitHub says of one repository; `None` is not told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
pub(super) struct Security {
    /// GitHub Advanced Security; not told for public repositories, which need no licence.
    #[serde(default, deserialize_with = "is_enabled")]
    pub(super) advanced_security: Option<bool>,
    /// Code Security, the part of it that is sold alone.
    #[serde(default, deserialize_with = "is_enabled")]
    pub(super) code_security: Option<bool>,
    #[serde(default, deserialize_with = "is_enabled")]
    pub(super) secret_scanning: Option<bool>,
    #[serde(default, deserialize_with = "is_enabled")]
    pub(super) secret_scanning_push_protection: Option<bool>,
    #[serde(default, rename = "secret_scanning_non_provider_patterns", deserialize_with = "is_enabled")]
    pub(super) non_provider_patterns: Option<bool>,
    #[serde(default, deserialize_with = "is_enabled")]
    pub(super) dependabot_security_updates: Option<bool>,
}

/// The settings by the repository's number. One that is not among them was not listed.
pub(super) type SecurityById = HashMap<i64, Security>;

#[derive(Deserialize)]
struct Repository {
    id: i64,
    #[serde(default)]
    security_and_analysis: Option<Security>,
}

#[derive(Deserialize)]
struct Feature {
    #[serde(default)]
    status: Option<String>,
}

fn is_enabled<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<bool>, D::Error> {
    let feature = Option::<Feature>::deserialize(deserializer)?;
    Ok(match feature.and_then(|feature| feature.status).as_deref() {
        Some("enabled") => Some(true),
        Some("disabled") => Some(false),
        _ => None,
    })
}

/// Reads one organisation to the end: half a list would leave repositories unknown that are not.
pub(super) async fn read(client: &Client, organization: &str, tally: &Tally) -> Result<SecurityById, SharedError> {
    Ok(pages(client, organization, tally).await?)
}

async fn pages(client: &Client, organization: &str, tally: &Tally) -> Result<SecurityById, ApiError> {
    let mut settings = SecurityById::new();
    // By age, the oldest first: what is new while the pages are read comes last and shifts none.
    let mut next = Some(format!("/orgs/{organization}/repos?type=all&sort=created&direction=asc&per_page=100"));
    while let Some(path) = next {
        let Page { items, next: more } = client.list::<Repository>(&path, tally).await?;
        settings.extend(items.into_iter().map(|repository| (repository.id, repository.security_and_analysis.unwrap_or_default())));
        next = more;
    }
    Ok(settings)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_told_is_neither_on_nor_off() {
        let read = |text: &str| serde_json::from_str::<Repository>(text).unwrap().security_and_analysis.unwrap_or_default();
        let told = read(
            r#"{"id": 1, "security_and_analysis": {"advanced_security": {"status": "enabled"}, "secret_scanning": {"status": "disabled"},
                "secret_scanning_push_protection": null, "secret_scanning_non_provider_patterns": {"status": "enabled"}}}"#,
        );
        let expected = Security {
            advanced_security: Some(true),
            secret_scanning: Some(false),
            non_provider_patterns: Some(true),
            ..Security::default()
        };
        assert_eq!(told, expected);
        assert_eq!(read(r#"{"id": 1}"#), Security::default());
        assert_eq!(read(r#"{"id": 1, "security_and_analysis": null}"#), Security::default());
    }
}
