//! What each credential may read: the account behind it, and one small request for each table.
//!
//! Fine-grained tokens do not tell what they may do, and what an App was granted may be less than what it asks for. So each table's
//! [`Probe`] is sent, and the answer counts.

use std::sync::Arc;

use serde::Deserialize;
use serde_json::{Value, json};

use crate::{
    collect::Tally,
    doctor::{self, Grant},
    table::{Probe, Table},
};

use super::{
    ApiError, ApiErrorKind, Github,
    client::{Account, AccountKind, Allowances, Client, Got, Graph, Query},
};

/// A permission's name as the tables write it, and the scope of a classic token that includes it.
const SCOPES: &[(&str, &str)] = &[
    ("Administration: read (repository and organisation)", "repo` and `admin:org"),
    ("Code scanning alerts: read", "security_events"),
    ("Custom properties: read (organisation)", "read:org"),
    ("Dependabot alerts: read", "security_events"),
    ("Members: read (organisation)", "read:org"),
    ("Secret scanning alerts: read", "security_events"),
];

/// How one credential stands towards one organisation.
#[derive(Debug)]
pub struct Checkup {
    /// The variable that holds it.
    pub credential: String,
    /// The organisation it is to read.
    pub organization: String,
    /// The host that was asked.
    pub host: String,
    /// Who it is, or why that could not be learned.
    pub account: Result<Account, Arc<ApiError>>,
    /// What is left of its limits, where that could be learned.
    pub allowances: Option<Allowances>,
    /// Table by table.
    pub grants: Vec<Grant>,
}

impl From<Checkup> for doctor::Checkup {
    fn from(checkup: Checkup) -> Self {
        let in_words = |account: Account| {
            let kind = match &account.kind {
                AccountKind::Classic(scopes) => format!("a classic token with the scopes {}", scopes.join(", ")),
                AccountKind::FineGrained => "a fine-grained token".to_owned(),
                AccountKind::App(_) => "a GitHub App's installation".to_owned(),
            };
            let ends = account.expires.as_ref().map(|end| format!(", valid until {end}")).unwrap_or_default();
            format!("as {}, {kind}{ends}", account.name)
        };
        let limits = |limits: Allowances| {
            let [rest, graphql] = [limits.rest, limits.graphql].map(|one| format!("{} of {}", one.remaining, one.limit));
            format!("{rest} REST, {graphql} GraphQL points")
        };
        Self {
            credential: checkup.credential,
            reads: checkup.organization,
            host: checkup.host,
            address_key: "github.api_url",
            account: checkup.account.map(in_words),
            limits: checkup.allowances.map(limits),
            grants: checkup.grants,
        }
    }
}

#[derive(Deserialize)]
struct Repositories {
    organization: Option<RepositoriesOf>,
}

#[derive(Deserialize)]
struct RepositoriesOf {
    repositories: NewestOf,
}

#[derive(Deserialize)]
struct NewestOf {
    nodes: Vec<Option<Newest>>,
}

/// The repository that the probes ask about.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Newest {
    id: String,
    name_with_owner: String,
}

const NEWEST: &str = "query NewestRepository($organization: String!) {
  organization(login: $organization) {
    repositories(first: 1, isArchived: false, orderBy: {field: PUSHED_AT, direction: DESC}) { nodes { id nameWithOwner } }
  }
}";

impl Github {
    /// Examines every credential for every organisation that it is to read.
    pub async fn examine(&self, tables: &[&'static Table]) -> Vec<Checkup> {
        let mut checkups = Vec::new();
        for (organization, client) in self.organizations() {
            for (name, client) in client.one_by_one() {
                checkups.push(examine(name, organization, &client, tables).await);
            }
        }
        checkups
    }
}

async fn examine(credential: &str, organization: &str, client: &Client, tables: &[&'static Table]) -> Checkup {
    let tally = Tally::default();
    let account = client.account(&tally).await.map_err(Arc::new);
    let mut checkup = Checkup {
        credential: credential.to_owned(),
        organization: organization.to_owned(),
        host: client.host().to_owned(),
        account,
        allowances: None,
        grants: Vec::new(),
    };
    // A host that does not answer, or that does not know the credential, answers nothing else either.
    if let Err(error) = &checkup.account
        && matches!(error.kind, ApiErrorKind::Unauthorized | ApiErrorKind::Unavailable)
    {
        return checkup;
    }
    checkup.allowances = client.allowances(&tally).await.ok();
    let newest = newest(client, organization, &tally).await;
    for table in tables {
        let asked = ask(client, organization, newest.as_ref(), &table.probe, &tally).await;
        let kind = checkup.account.as_ref().ok().map(|account| &account.kind);
        let grant = Grant::of(table, asked, || remedy(table.permission, kind, organization));
        checkup.grants.push(grant);
    }
    checkup
}

async fn newest(client: &Client, organization: &str, tally: &Tally) -> Result<Newest, ApiError> {
    let query = Query { query: NEWEST, operation: "NewestRepository", variables: json!({"organization": organization}) };
    let Graph { data, errors } = client.graphql::<Repositories, _>(&query, tally).await?;
    let nodes = data.organization.map(|organization| organization.repositories.nodes);
    nodes.and_then(|nodes| nodes.into_iter().flatten().next()).ok_or_else(|| {
        let mut error = client.missing("graphql NewestRepository", &errors);
        if errors.is_empty() {
            (error.kind, error.message) =
                (ApiErrorKind::Forbidden, "no repository: the credential sees none in the organisation".to_owned());
        }
        error
    })
}

/// Sends a table's probe; an error is what stands in the way.
async fn ask(
    client: &Client,
    organization: &str,
    newest: Result<&Newest, &ApiError>,
    probe: &Probe,
    tally: &Tally,
) -> Result<(), ApiError> {
    let repository = || {
        newest.map_err(|error| ApiError {
            kind: error.kind,
            host: error.host.clone(),
            what: error.what.clone(),
            message: error.message.clone(),
        })
    };
    match probe {
        Probe::Nothing => Ok(()),
        Probe::Rest(path) => {
            let path = path.replace("{org}", organization);
            let path = if path.contains("{repository}") { path.replace("{repository}", &repository()?.name_with_owner) } else { path };
            let _: Option<Got<serde::de::IgnoredAny>> = client.get(&path, None, tally).await?;
            Ok(())
        }
        Probe::Organization(fields) => {
            let text = format!("query Probe($organization: String!) {{ organization(login: $organization) {{ {fields} }} }}");
            graph(client, &text, json!({"organization": organization}), tally).await
        }
        Probe::Repository(fields) => {
            let text = format!("query Probe($id: ID!) {{ node(id: $id) {{ ... on Repository {{ {fields} }} }} }}");
            graph(client, &text, json!({"id": repository()?.id}), tally).await
        }
    }
}

async fn graph(client: &Client, text: &str, variables: Value, tally: &Tally) -> Result<(), ApiError> {
    let query = Query { query: text, operation: "Probe", variables };
    let Graph { data, errors } = client.graphql::<Value, _>(&query, tally).await?;
    if !errors.is_empty() {
        return Err(client.missing("graphql Probe", &errors));
    }
    // Who may not administer a repository gets an empty list of rules, and no error.
    let administers = data.pointer("/node/viewerCanAdminister").and_then(Value::as_bool);
    if administers == Some(false) {
        let mut error = client.missing("graphql Probe", &[]);
        (error.kind, error.message) = (ApiErrorKind::Forbidden, "the credential does not administer the repositories".to_owned());
        return Err(error);
    }
    Ok(())
}

/// What to change, in the words of GitHub's own pages.
fn remedy(permission: &str, account: Option<&AccountKind>, organization: &str) -> String {
    match account {
        Some(AccountKind::Classic(_)) => {
            let scope = SCOPES.iter().find(|(name, _)| *name == permission).map_or("repo", |(_, scope)| *scope);
            format!("tick the scope `{scope}` of the token, and authorise it for `{organization}` where single sign-on asks for that")
        }
        Some(AccountKind::App(_)) => {
            format!("tick {permission} in the App's settings under Permissions & events, then accept the change in `{organization}`")
        }
        Some(AccountKind::FineGrained) | None => {
            format!("tick {permission} in the token's settings, with `{organization}` as its resource owner")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_remedy_is_in_the_words_of_the_kind_of_credential() {
        let classic = AccountKind::Classic(vec!["repo".to_owned()]);
        let told = |permission, kind: Option<&AccountKind>| remedy(permission, kind, "clockwork-lighthouse");
        assert!(told("Dependabot alerts: read", Some(&classic)).starts_with("tick the scope `security_events`"));
        assert!(told("Actions: read", Some(&classic)).starts_with("tick the scope `repo`"));
        assert!(told("Actions: read", Some(&AccountKind::App(Default::default()))).contains("App's settings"));
        assert!(told("Members: read (organisation)", None).starts_with("tick Members: read (organisation) in the token's settings"));
    }

    #[test]
    fn every_scope_is_of_a_permission_that_a_table_names() {
        for (permission, _) in SCOPES {
            assert!(super::super::TABLES.iter().any(|table| table.permission == *permission), "{permission}");
        }
    }
}
