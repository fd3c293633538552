//! Who a credential is, as GitHub sees it, and what is left of its limits. Asking is for people who set it up: no run needs it.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use http::{HeaderMap, Method};
use serde::Deserialize;

use crate::collect::Tally;

use super::{
    ApiError, ApiErrorKind, Client,
    answer::{Trouble, judge},
};

/// The account behind a credential.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// What people know it by: a login, or the App's name.
    pub name: String,
    /// What kind of credential it is.
    pub kind: AccountKind,
    /// When it ends, as GitHub writes it.
    pub expires: Option<String>,
}

impl Account {
    /// Whether it is an App's installation, which has limits of its own in each organisation.
    pub const fn is_app(&self) -> bool {
        matches!(self.kind, AccountKind::App(_))
    }
}

/// What kind of credential it is, and what that kind says about its rights.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AccountKind {
    /// A classic personal access token, with its scopes.
    Classic(Vec<String>),
    /// A fine-grained personal access token: it does not tell what it may do.
    FineGrained,
    /// A GitHub App's installation, with its permissions.
    App(BTreeMap<String, String>),
}

/// What is left of one of a credential's hourly limits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Allowance {
    /// The limit [points].
    pub limit: u64,
    /// What is left [points].
    pub remaining: u64,
    /// When it begins anew.
    pub resets_at: DateTime<Utc>,
}

/// Both hourly limits of a credential.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Allowances {
    /// Of REST: a request is a point.
    pub rest: Allowance,
    /// Of GraphQL.
    pub graphql: Allowance,
}

#[derive(Deserialize)]
struct User {
    login: String,
}

#[derive(Deserialize)]
struct Installation {
    app_slug: String,
    permissions: BTreeMap<String, String>,
}

#[derive(Deserialize)]
struct RateLimit {
    resources: Resources,
}

#[derive(Deserialize)]
struct Resources {
    core: Standing,
    graphql: Standing,
}

#[derive(Deserialize)]
struct Standing {
    limit: u64,
    remaining: u64,
    reset: i64,
}

impl From<Standing> for Allowance {
    fn from(standing: Standing) -> Self {
        let resets_at = DateTime::from_timestamp(standing.reset, 0).unwrap_or_default();
        Self { limit: standing.limit, remaining: standing.remaining, resets_at }
    }
}

impl Client {
    /// A client for each credential alone, with the credential's name.
    pub(in super::super) fn one_by_one(&self) -> impl Iterator<Item = (&str, Self)> {
        self.keys.iter().map(|key| (key.name.as_str(), Self { keys: [key.clone()].into(), all_keys: [key.clone()].into(), ..self.clone() }))
    }

    /// Name and port of the host.
    pub(in super::super) fn host(&self) -> &str {
        &self.host.name
    }

    /// The account behind the first credential.
    pub(in super::super) async fn account(&self, tally: &Tally) -> Result<Account, ApiError> {
        let key = &self.keys[0];
        let Some(installation) = key.installation(&self.host).await else {
            let what = "GET /user";
            let answer = self.rest(what, &self.host.rest("/user"), None, tally).await?;
            let User { login } = self.parse(what, &answer.body)?;
            let kind = match text(&answer.headers, "x-oauth-scopes") {
                Some(scopes) => {
                    AccountKind::Classic(scopes.split(',').map(|scope| scope.trim().to_owned()).filter(|scope| !scope.is_empty()).collect())
                }
                None => AccountKind::FineGrained,
            };
            let expires = text(&answer.headers, "github-authentication-token-expiration").map(str::to_owned);
            return Ok(Account { name: login, kind, expires });
        };
        let what = "GET /app/installations/{installation_id}";
        let answer = match installation {
            Ok((authorization, path)) => {
                tally.request();
                let path = self.host.rest(&path);
                let exchange = self.host.exchange(&Method::GET, &path, None, None, authorization).await;
                exchange.and_then(|(status, answer)| judge(&Method::GET, status, answer))
            }
            Err(trouble) => Err(trouble),
        };
        match answer {
            Ok(answer) => {
                let Installation { app_slug, permissions } = self.parse(what, &answer.body)?;
                Ok(Account { name: app_slug, kind: AccountKind::App(permissions), expires: None })
            }
            Err(Trouble::GiveUp(kind, message)) => Err(self.error(kind, what, message)),
            Err(Trouble::Retry(message) | Trouble::Pause(_, message) | Trouble::Redirect(message)) => {
                Err(self.error(ApiErrorKind::Unavailable, what, message))
            }
        }
    }

    /// What is left of the first credential's limits; asking is free.
    pub(in super::super) async fn allowances(&self, tally: &Tally) -> Result<Allowances, ApiError> {
        let what = "GET /rate_limit";
        let answer = self.rest(what, &self.host.rest("/rate_limit"), None, tally).await?;
        let RateLimit { resources } = self.parse(what, &answer.body)?;
        Ok(Allowances { rest: resources.core.into(), graphql: resources.graphql.into() })
    }
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}
