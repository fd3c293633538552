//! The one HTTP layer to GitHub: REST and GraphQL through octocrab, with limits, retries and errors by what the caller does next.
//!
//! octocrab brings hosts, TLS and connections. Status codes, rate limits and GraphQL errors are read here, because octocrab's own
//! `graphql()` loses the partial `data` of an answer with `errors`, and follows redirects that would carry the token elsewhere.

mod account;
mod answer;
mod budget;
mod credential;
mod host;

use std::{fmt, sync::Arc, time::Duration};

use bytes::Bytes;
use http::{HeaderValue, Method, StatusCode, header};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

use crate::{
    collect::Tally,
    http::{ApiError, ApiErrorKind, TRIES, chain, pauses, shape},
};

use super::config::GithubConfig;

use self::{
    answer::{Answer, Trouble, Wait, first_message, judge, kind_of, next_link},
    budget::{Limits, Resource},
    credential::Key,
    host::Host,
};

pub use self::{
    account::{Account, AccountKind, Allowance, Allowances},
    answer::GraphqlError,
    credential::{Credential, Secret},
};

/// Redirects followed on the same host, as after a rename.
const REDIRECTS: usize = 3;
/// Waited when a secondary limit does not say how long, as GitHub's documentation asks.
const SECONDARY_PAUSE: Duration = Duration::from_secs(60);

/// Speaks to one GitHub host for one organisation, with each of its credentials in turn.
#[derive(Clone)]
pub struct Client {
    host: Arc<Host>,
    keys: Arc<[Arc<Key>]>,
    /// Those of all organisations.
    all_keys: Arc<[Arc<Key>]>,
    max_wait: Duration,
    concurrency: usize,
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client").field("host", &self.host.name).field("keys", &self.keys).finish_non_exhaustive()
    }
}

/// One page of a REST list.
#[derive(Debug)]
pub struct Page<T> {
    /// Its items.
    pub items: Vec<T>,
    /// Path and query of the next page.
    pub next: Option<String>,
}

/// A REST answer.
#[derive(Debug)]
pub struct Got<B> {
    /// What was asked for.
    pub body: B,
    /// Path and query of the next page.
    pub next: Option<String>,
    /// Tells this answer from a later one: with it, an answer that is still the same is free.
    pub etag: Option<String>,
}

/// A GraphQL answer: what could be read, and what could not.
#[derive(Debug)]
pub struct Graph<T> {
    /// The data, with null where an error hit.
    pub data: T,
    /// One a node that could not be read.
    pub errors: Vec<GraphqlError>,
}

/// A GraphQL request. The text is the same for every page, so that the vendor and the simulator parse it once.
#[derive(Debug, Serialize)]
pub struct Query<'a, V> {
    /// The text; it names its operation.
    pub query: &'a str,
    /// The operation's name, for the logs of both sides.
    #[serde(rename = "operationName")]
    pub operation: &'a str,
    /// The variables.
    pub variables: V,
}

#[derive(Deserialize)]
struct Envelope<T> {
    data: Option<T>,
    #[serde(default)]
    errors: Vec<GraphqlError>,
}

/// A request, however often it is sent.
#[derive(Clone)]
struct Call<'a> {
    /// What errors and logs call it.
    what: &'a str,
    resource: Resource,
    method: Method,
    path: String,
    body: Option<Bytes>,
    /// The ETag of the answer that is known already.
    known: Option<&'a str>,
}

impl Client {
    /// One client an organisation, in the order of the configuration. Organisations share the budget of a credential they share.
    ///
    /// # Errors
    /// When an address is none, a secret is not usable, or an organisation has no credential. No request is sent yet.
    pub(super) fn for_organizations(config: &GithubConfig, credentials: &[Credential]) -> Result<Vec<Self>, ApiError> {
        let host = Arc::new(Host::new(config)?);
        let limits = Limits {
            concurrency: config.concurrency,
            rest_per_minute: config.rest_per_minute,
            graphql_per_minute: config.graphql_per_minute,
            reserve: config.reserve,
        };
        let wrong = |what: &str, message: String| ApiError {
            kind: ApiErrorKind::Unauthorized,
            host: host.name.clone(),
            what: what.to_owned(),
            message,
        };
        // A token is one key for all its organisations; an App is another key in each, since each installation has a limit of its own.
        let mut tokens: Vec<Option<Arc<Key>>> = vec![None; credentials.len()];
        let mut by_organization: Vec<Arc<[Arc<Key>]>> = Vec::with_capacity(config.organizations.len());
        for organization in &config.organizations {
            let mut keys = Vec::new();
            for (place, credential) in credentials.iter().enumerate().filter(|(_, credential)| credential.is_for(organization)) {
                let key = match &tokens[place] {
                    Some(key) => Arc::clone(key),
                    None => Arc::new(Key::new(credential, organization, &limits).map_err(|message| wrong(&credential.name, message))?),
                };
                if matches!(credential.secret, Secret::Token(_)) {
                    tokens[place] = Some(Arc::clone(&key));
                }
                keys.push(key);
            }
            if keys.is_empty() {
                return Err(wrong("github.credentials", format!("no credential for the organisation `{organization}`")));
            }
            by_organization.push(keys.into());
        }
        let all_keys: Arc<[Arc<Key>]> = by_organization.iter().flat_map(|keys| keys.iter().cloned()).collect();
        let client = |keys| {
            let (host, all_keys) = (Arc::clone(&host), Arc::clone(&all_keys));
            Self { host, keys, all_keys, max_wait: Duration::from_secs(config.max_wait_s), concurrency: config.concurrency }
        };
        Ok(by_organization.into_iter().map(client).collect())
    }

    /// How many requests may be in flight.
    pub(super) fn concurrency(&self) -> usize {
        self.concurrency * self.keys.len()
    }

    /// One page of a REST list. `path` is below `api_url`, or what [`Page::next`] gave.
    pub(super) async fn list<T: DeserializeOwned>(&self, path: &str, tally: &Tally) -> Result<Page<T>, ApiError> {
        match self.get(path, None, tally).await? {
            Some(Got { body, next, .. }) => Ok(Page { items: body, next }),
            None => {
                Err(self.error(ApiErrorKind::Unexpected, &format!("GET {path}"), "`not modified`, without having been asked".to_owned()))
            }
        }
    }

    /// One REST answer; `None` when it is still the one with the ETag that is known already, which costs nothing.
    pub(super) async fn get<B: DeserializeOwned>(
        &self,
        path: &str,
        known: Option<&str>,
        tally: &Tally,
    ) -> Result<Option<Got<B>>, ApiError> {
        let full = self.host.rest(path);
        let what = format!("GET {path}");
        let answer = self.rest(&what, &full, known, tally).await?;
        if answer.is_unchanged {
            return Ok(None);
        }
        let body = self.parse(&what, &answer.body)?;
        let text = |name| answer.headers.get(name).and_then(|value| value.to_str().ok());
        // The vendor names its own host there, which a proxy or a second name hides: of the address only the query is used, so that the
        // list neither ends early nor leads the token astray.
        let path = full.split_once('?').map_or(full.as_str(), |(path, _)| path);
        let next = text(header::LINK).and_then(next_link).and_then(|url| Some(format!("{path}?{}", url.split_once('?')?.1)));
        let etag = text(header::ETAG).map(str::to_owned);
        Ok(Some(Got { body, next, etag }))
    }

    async fn rest(&self, what: &str, path: &str, known: Option<&str>, tally: &Tally) -> Result<Answer, ApiError> {
        let call = Call { what, resource: Resource::Core, method: Method::GET, path: path.to_owned(), body: None, known };
        Ok(self.send(call, tally).await?.0)
    }

    /// A GraphQL query. Errors beside data are handed back with the data.
    pub(super) async fn graphql<T: DeserializeOwned, V: Serialize>(
        &self,
        query: &Query<'_, V>,
        tally: &Tally,
    ) -> Result<Graph<T>, ApiError> {
        let what = format!("graphql {}", query.operation);
        let body = Bytes::from(serde_json::to_vec(query).map_err(|error| self.error(ApiErrorKind::Unexpected, &what, error.to_string()))?);
        let path = self.host.graphql_path.clone();
        let call = Call { what: &what, resource: Resource::Graphql, method: Method::POST, path, body: Some(body), known: None };
        for _ in 0..TRIES {
            let (answer, key) = self.send(call.clone(), tally).await?;
            let envelope: Envelope<T> = self.parse(&what, &answer.body)?;
            let limited = envelope.errors.iter().any(GraphqlError::is_limit);
            match envelope.data {
                Some(data) if !limited => return Ok(Graph { data, errors: envelope.errors }),
                _ if limited => {
                    let message = first_message(&envelope.errors);
                    self.pause(&call, &key, Wait::of(&answer.headers, &message), message)?;
                }
                _ => return Err(self.missing(&what, &envelope.errors)),
            }
        }
        Err(self.error(ApiErrorKind::RateLimited, &what, "its rate limit, again and again".to_owned()))
    }

    /// Sends until there is an answer that a caller can use, and says which key brought it.
    async fn send(&self, mut call: Call<'_>, tally: &Tally) -> Result<(Answer, Arc<Key>), ApiError> {
        let (mut redirects, mut renewals) = (0, 0);
        let mut pauses = pauses();
        loop {
            let key = self.key(call.resource);
            if let Some(message) = key.refusal() {
                // Other organisations may have a key that is good: then this is about what we may not see, and no reason to stop.
                let is_last = self.all_keys.iter().all(|key| key.refusal().is_some());
                let kind = if is_last { ApiErrorKind::Unauthorized } else { ApiErrorKind::Forbidden };
                return Err(self.error(kind, call.what, message.clone()));
            }
            let (answer, authorization) = self.send_once(&call, key, tally).await;
            let (fault, wait) = match answer {
                Ok(answer) => return Ok((answer, Arc::clone(key))),
                Err(Trouble::GiveUp(ApiErrorKind::Unauthorized, message)) => {
                    // An App's token may have ended before its time; once is enough to know.
                    renewals += 1;
                    if let Some(authorization) = authorization
                        && renewals == 1
                        && key.renew(&authorization).await
                    {
                        continue;
                    }
                    key.refuse(&message);
                    if self.keys.iter().any(|key| key.refusal().is_none()) {
                        tracing::warn!("`{}` is refused by `{}` ({message}); going on without it", key.name, self.host.name);
                    }
                    continue;
                }
                Err(Trouble::GiveUp(kind, message)) => return Err(self.error(kind, call.what, message)),
                Err(Trouble::Redirect(location)) => {
                    redirects += 1;
                    call.path = self.host.path_of(&location).filter(|_| redirects <= REDIRECTS).ok_or_else(|| {
                        let message = "a redirect to another host, where the token must not go".to_owned();
                        self.error(ApiErrorKind::Unexpected, call.what, message)
                    })?;
                    continue;
                }
                Err(Trouble::Retry(fault)) => (fault, None),
                Err(Trouble::Pause(wait, message)) => (message, Some(wait)),
            };
            let Some(backoff) = pauses.next() else {
                let kind = if wait.is_some() { ApiErrorKind::RateLimited } else { ApiErrorKind::Unavailable };
                return Err(self.error(kind, call.what, format!("{fault}, {TRIES} times")));
            };
            match wait {
                Some(wait) => self.pause(&call, key, wait, fault)?,
                None => {
                    tracing::debug!(what = call.what, fault, backoff_ms = backoff.as_millis(), "trying again");
                    tokio::time::sleep(backoff).await;
                }
            }
        }
    }

    /// The key that can send soonest; among those that can at once, the one with most left.
    fn key(&self, resource: Resource) -> &Arc<Key> {
        let usable = self.keys.iter().filter(|key| key.refusal().is_none());
        let best = usable.min_by_key(|key| (key.budget.wait(resource), u64::MAX - key.budget.remaining(resource).unwrap_or(u64::MAX)));
        // There is at least one. If all are refused, it does not matter which says so.
        best.unwrap_or(&self.keys[0])
    }

    /// Sends once, and says with which authorisation, if it came to that.
    async fn send_once(&self, call: &Call<'_>, key: &Key, tally: &Tally) -> (Result<Answer, Trouble>, Option<HeaderValue>) {
        let _permit = match key.budget.admit(call.resource, self.max_wait).await {
            Ok(permit) => permit,
            Err(wait) => {
                let message =
                    format!("no request: what is left of the limit is spent or kept in reserve, for another {} s", wait.as_secs());
                return (Err(Trouble::GiveUp(ApiErrorKind::RateLimited, message)), None);
            }
        };
        let authorization = match key.authorization(&self.host).await {
            Ok(authorization) => authorization,
            Err(trouble) => return (Err(trouble), None),
        };
        tally.request();
        let exchange = self.host.exchange(&call.method, &call.path, call.body.clone(), call.known, authorization.clone());
        let answer = exchange.await.and_then(|(status, answer)| {
            tally.received(answer.body.len());
            // Whoever is not known is told of the small limit of strangers, which is not ours.
            if status != StatusCode::UNAUTHORIZED {
                tally.points(key.budget.observe(call.resource, &answer.headers));
            }
            judge(&call.method, status, answer)
        });
        (answer, Some(authorization))
    }

    /// Holds every task of this key back, or gives up where no key could go on soon enough.
    fn pause(&self, call: &Call<'_>, key: &Key, wait: Wait, message: String) -> Result<(), ApiError> {
        let time = wait.time.unwrap_or(SECONDARY_PAUSE);
        key.budget.pause(wait.hour_is_spent.then_some(call.resource), time);
        let soonest = self.key(call.resource).budget.wait(call.resource);
        if soonest > self.max_wait {
            let message = format!("{message}; its limit resets in {} s, more than `max_wait_s`", soonest.as_secs());
            return Err(self.error(ApiErrorKind::RateLimited, call.what, message));
        }
        tracing::info!(what = call.what, wait_s = time.as_secs(), "`{}` waits for the rate limit of `{}`", key.name, self.host.name);
        Ok(())
    }

    fn parse<T: DeserializeOwned>(&self, what: &str, body: &[u8]) -> Result<T, ApiError> {
        let unexpected = |error: &dyn fmt::Display| self.error(ApiErrorKind::Unexpected, what, format!("an unexpected shape: {error}"));
        // Looking over the whole text once is cheaper than looking over each of its strings.
        let text = std::str::from_utf8(body).map_err(|error| unexpected(&error))?;
        serde_json::from_str(text).map_err(|error| unexpected(&shape(&error)))
    }

    /// For an answer that is null where something was asked for: what the vendor says about it.
    pub(super) fn missing(&self, operation: &str, errors: &[GraphqlError]) -> ApiError {
        self.error(kind_of(errors), operation, first_message(errors))
    }

    fn error(&self, kind: ApiErrorKind, what: &str, message: String) -> ApiError {
        ApiError { kind, host: self.host.name.clone(), what: what.to_owned(), message }
    }
}
