//! The one HTTP layer to GitHub: REST and GraphQL through octocrab, with limits, retries and errors by what the caller does next.
//!
//! octocrab brings hosts, TLS and authentication. Status codes, rate limits and GraphQL errors are read here, because octocrab's own
//! `graphql()` loses the partial `data` of an answer with `errors`, and follows redirects that would carry the token elsewhere.

use std::{
    fmt,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use backon::{BackoffBuilder, ExponentialBuilder};
use bytes::Bytes;
use chrono::Utc;
use http::{HeaderMap, Method, StatusCode, header};
use http_body_util::BodyExt;
use octocrab::{OctoBody, Octocrab};
use secrecy::SecretString;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use tokio::sync::Semaphore;
use url::Url;

use crate::collect::{Status, Tally};

use super::config::GithubConfig;

/// Tries of one request before a passing fault counts as an error.
const TRIES: usize = 6;
/// Redirects followed on the same host, as after a rename.
const REDIRECTS: usize = 3;
/// Waited when a secondary limit does not say how long, as GitHub's documentation asks.
const SECONDARY_PAUSE: Duration = Duration::from_secs(60);

/// Speaks to one GitHub host with one token.
#[derive(Clone)]
pub struct Client {
    octocrab: Octocrab,
    host: String,
    rest_path: String,
    graphql_path: String,
    timeout: Duration,
    max_wait: Duration,
    concurrency: usize,
    shared: Arc<Shared>,
}

/// What all tasks that use one token share.
struct Shared {
    in_flight: Semaphore,
    /// No request is sent before this moment: a limit that one task met holds for all.
    paused_until: Mutex<Option<Instant>>,
    /// The limit is spent until this moment, and waiting for it would take too long.
    spent_until: Mutex<Option<Instant>>,
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client").field("host", &self.host).finish_non_exhaustive()
    }
}

/// A request that did not bring what was asked for.
#[derive(Debug, thiserror::Error)]
#[error("`{host}` answered `{what}` with {message}")]
pub struct ApiError {
    /// What to do about it.
    pub kind: ApiErrorKind,
    /// The host that was asked.
    pub host: String,
    /// The request: method and path, or the GraphQL operation.
    pub what: String,
    /// Status and the vendor's message.
    pub message: String,
}

/// What the caller does about an [`ApiError`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ApiErrorKind {
    /// The credential is no good: ask for another.
    Unauthorized,
    /// We may not look: record it, go on.
    Forbidden,
    /// The feature is off: record it, go on.
    Disabled,
    /// Gone or hidden: record it, go on.
    NotFound,
    /// Out of rate limit for longer than we wait: record it, resume in the next run.
    RateLimited,
    /// The answer took too long to make: ask for less.
    TooHeavy,
    /// Tried often enough.
    Unavailable,
    /// The answer is not of the documented shape, or the request was wrong.
    Unexpected,
}

impl ApiError {
    /// How the ledger calls it.
    pub fn status(&self) -> Status {
        match self.kind {
            ApiErrorKind::Forbidden | ApiErrorKind::Unauthorized => Status::Forbidden,
            ApiErrorKind::Disabled => Status::Disabled,
            ApiErrorKind::NotFound => Status::NotFound,
            ApiErrorKind::RateLimited => Status::RateLimited,
            ApiErrorKind::TooHeavy | ApiErrorKind::Unavailable | ApiErrorKind::Unexpected => Status::Error,
        }
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

/// Why a part of an answer is null.
#[derive(Debug, Deserialize)]
pub struct GraphqlError {
    #[serde(default, rename = "type")]
    kind: Option<String>,
    message: String,
}

/// REST errors: `{"message": …}`.
#[derive(Default, Deserialize)]
struct Refusal {
    #[serde(default)]
    message: String,
}

struct Answer {
    headers: HeaderMap,
    body: Bytes,
}

/// What to do after one try.
enum Next {
    Done(Answer),
    Redirect(String),
    /// A passing fault.
    Retry(String),
    /// A limit that holds for every task: `None` where the answer does not say how long.
    Pause(Option<Duration>, String),
    GiveUp(ApiErrorKind, String),
}

impl Client {
    /// A client for the configured host; no request is sent yet.
    pub(super) fn new(config: &GithubConfig, token: SecretString) -> Result<Self, ApiError> {
        let wrong = |what: &str, message: String| ApiError {
            kind: ApiErrorKind::Unexpected,
            host: config.api_url.clone(),
            what: what.to_owned(),
            message,
        };
        let rest = Url::parse(&config.api_url).map_err(|error| wrong("github.api_url", error.to_string()))?;
        let graphql = match &config.graphql_url {
            Some(text) => Url::parse(text).map_err(|error| wrong("github.graphql_url", error.to_string()))?,
            None => {
                let text = format!("{}/graphql", config.api_url.trim_end_matches('/'));
                Url::parse(&text).map_err(|error| wrong("github.api_url", error.to_string()))?
            }
        };
        if graphql.origin() != rest.origin() {
            return Err(wrong("github.graphql_url", "an address on another host, where the token must not go".to_owned()));
        }
        let octocrab = Octocrab::builder()
            .base_uri(rest.origin().ascii_serialization())
            .and_then(|builder| builder.personal_token(token).build())
            .map_err(|error| wrong("github.api_url", error.to_string()))?;
        Ok(Self {
            octocrab,
            host: rest.authority().to_owned(),
            rest_path: rest.path().trim_end_matches('/').to_owned(),
            graphql_path: graphql.path().to_owned(),
            timeout: Duration::from_secs(config.timeout_s),
            max_wait: Duration::from_secs(config.max_wait_s),
            concurrency: config.concurrency,
            shared: Arc::new(Shared {
                in_flight: Semaphore::new(config.concurrency),
                paused_until: Mutex::new(None),
                spent_until: Mutex::new(None),
            }),
        })
    }

    /// How many requests may be in flight.
    pub(super) const fn concurrency(&self) -> usize {
        self.concurrency
    }

    /// One page of a REST list. `path` is below `api_url`, or what [`Page::next`] gave.
    pub(super) async fn list<T: DeserializeOwned>(&self, path: &str, tally: &Tally) -> Result<Page<T>, ApiError> {
        let full = if path.starts_with(&self.rest_path) { path.to_owned() } else { format!("{}{path}", self.rest_path) };
        let what = format!("GET {path}");
        let answer = self.send(&what, tally, Method::GET, &full, None).await?;
        let items = self.parse(&what, &answer.body)?;
        let next = answer.headers.get(header::LINK).and_then(|link| link.to_str().ok()).and_then(next_link);
        // The vendor names its own host there, which a proxy or a second name hides: of the address only the query is used, so that the
        // list neither ends early nor leads the token astray.
        let path = full.split_once('?').map_or(full.as_str(), |(path, _)| path);
        Ok(Page { items, next: next.and_then(|url| Some(format!("{path}?{}", url.split_once('?')?.1))) })
    }

    /// A GraphQL query. Errors beside data are handed back with the data.
    pub(super) async fn graphql<T: DeserializeOwned, V: Serialize>(
        &self,
        query: &Query<'_, V>,
        tally: &Tally,
    ) -> Result<Graph<T>, ApiError> {
        let what = format!("graphql {}", query.operation);
        let body = Bytes::from(serde_json::to_vec(query).map_err(|error| self.error(ApiErrorKind::Unexpected, &what, error.to_string()))?);
        for pause in self.pauses() {
            let answer = self.send(&what, tally, Method::POST, &self.graphql_path, Some(body.clone())).await?;
            let envelope: Envelope<T> = self.parse(&what, &answer.body)?;
            let limited = envelope.errors.iter().any(|error| error.kind.as_deref() == Some("RATE_LIMITED"));
            match envelope.data {
                Some(data) if !limited => {
                    return Ok(Graph { data, errors: envelope.errors });
                }
                _ if limited => self.pause(&what, Some(until_reset(&answer.headers).unwrap_or(pause)), first_message(&envelope.errors))?,
                _ => return Err(self.missing(&what, &envelope.errors)),
            }
        }
        Err(self.error(ApiErrorKind::RateLimited, &what, "its rate limit, again and again".to_owned()))
    }

    /// Sends until there is an answer that a caller can use.
    async fn send(&self, what: &str, tally: &Tally, method: Method, path: &str, body: Option<Bytes>) -> Result<Answer, ApiError> {
        let (mut path, mut redirects) = (path.to_owned(), 0);
        let mut pauses = self.pauses();
        loop {
            let (fault, wait) = match self.try_once(&method, &path, body.clone(), tally).await {
                Next::Done(answer) => return Ok(answer),
                Next::GiveUp(kind, message) => return Err(self.error(kind, what, message)),
                Next::Redirect(location) => {
                    redirects += 1;
                    path = self.path_of(&location).filter(|_| redirects <= REDIRECTS).ok_or_else(|| {
                        let message = "a redirect to another host, where the token must not go".to_owned();
                        self.error(ApiErrorKind::Unexpected, what, message)
                    })?;
                    continue;
                }
                Next::Retry(fault) => (fault, None),
                Next::Pause(wait, message) => (message, Some(wait)),
            };
            let Some(backoff) = pauses.next() else {
                return Err(self.error(ApiErrorKind::Unavailable, what, format!("{fault}, {TRIES} times")));
            };
            match wait {
                Some(wait) => self.pause(what, wait, fault)?,
                None => {
                    tracing::debug!(what, fault, backoff_ms = backoff.as_millis(), "trying again");
                    tokio::time::sleep(backoff).await;
                }
            }
        }
    }

    async fn try_once(&self, method: &Method, path: &str, body: Option<Bytes>, tally: &Tally) -> Next {
        let _permit = self.shared.in_flight.acquire().await;
        self.wait_for_limits().await;
        if later(&self.shared.spent_until).is_some() {
            return Next::GiveUp(ApiErrorKind::RateLimited, "no request: the limit is spent".to_owned());
        }
        let mut request = http::Request::builder()
            .method(method)
            .uri(path)
            .header(header::USER_AGENT, concat!("almanac/", env!("CARGO_PKG_VERSION")))
            .header(header::ACCEPT, "application/vnd.github+json")
            .header("x-github-api-version", "2022-11-28");
        let body = match body {
            Some(bytes) => {
                request = request.header(header::CONTENT_TYPE, "application/json");
                OctoBody::from(bytes)
            }
            None => OctoBody::empty(),
        };
        let request = match request.body(body) {
            Ok(request) => request,
            Err(error) => return Next::GiveUp(ApiErrorKind::Unexpected, error.to_string()),
        };
        tally.request();
        let exchange = async {
            let (parts, body) = self.octocrab.execute(request).await.map_err(|error| chain(&error))?.into_parts();
            let body = body.collect().await.map_err(|error| chain(&error))?.to_bytes();
            Ok::<_, String>((parts, body))
        };
        match tokio::time::timeout(self.timeout, exchange).await {
            Err(_) if *method == Method::POST => Next::GiveUp(ApiErrorKind::TooHeavy, format!("nothing for {} s", self.timeout.as_secs())),
            Err(_) => Next::Retry(format!("nothing for {} s", self.timeout.as_secs())),
            Ok(Err(error)) => Next::Retry(format!("a broken connection ({error})")),
            Ok(Ok((parts, body))) => {
                tally.received(body.len());
                judge(method, parts.status, Answer { headers: parts.headers, body })
            }
        }
    }

    /// Holds every task of this token back, or gives up where that would take longer than allowed.
    fn pause(&self, what: &str, wait: Option<Duration>, message: String) -> Result<(), ApiError> {
        let wait = wait.unwrap_or(SECONDARY_PAUSE);
        if wait > self.max_wait {
            hold(&self.shared.spent_until, wait);
            let message = format!("{message}; its limit resets in {} s, more than `max_wait_s`", wait.as_secs());
            return Err(self.error(ApiErrorKind::RateLimited, what, message));
        }
        tracing::info!(what, wait_s = wait.as_secs(), "waiting for the rate limit of `{}`", self.host);
        hold(&self.shared.paused_until, wait);
        Ok(())
    }

    async fn wait_for_limits(&self) {
        while let Some(left) = later(&self.shared.paused_until) {
            tokio::time::sleep(left).await;
        }
    }

    fn pauses(&self) -> impl Iterator<Item = Duration> + use<> {
        ExponentialBuilder::default()
            .with_min_delay(Duration::from_millis(250))
            .with_max_delay(Duration::from_secs(20))
            .with_max_times(TRIES - 1)
            .with_jitter()
            .build()
    }

    fn parse<T: DeserializeOwned>(&self, what: &str, body: &[u8]) -> Result<T, ApiError> {
        let unexpected = |error: &dyn fmt::Display| self.error(ApiErrorKind::Unexpected, what, format!("an unexpected shape: {error}"));
        // Looking over the whole text once is cheaper than looking over each of its strings.
        let text = std::str::from_utf8(body).map_err(|error| unexpected(&error))?;
        serde_json::from_str(text).map_err(|error| unexpected(&shape(&error)))
    }

    /// Path and query of an address on this host.
    fn path_of(&self, url: &str) -> Option<String> {
        if url.starts_with('/') {
            return Some(url.to_owned());
        }
        let url = Url::parse(url).ok().filter(|url| url.authority() == self.host)?;
        Some(url[url::Position::BeforePath..url::Position::AfterQuery].to_owned())
    }

    /// For an answer that is null where something was asked for: what the vendor says about it.
    pub(super) fn missing(&self, operation: &str, errors: &[GraphqlError]) -> ApiError {
        self.error(kind_of(errors), operation, first_message(errors))
    }

    fn error(&self, kind: ApiErrorKind, what: &str, message: String) -> ApiError {
        ApiError { kind, host: self.host.clone(), what: what.to_owned(), message }
    }
}

/// Moves a moment that all tasks heed further into the future.
fn hold(moment: &Mutex<Option<Instant>>, wait: Duration) {
    let until = Instant::now() + wait;
    let mut moment = moment.lock().unwrap_or_else(PoisonError::into_inner);
    *moment = Some(moment.map_or(until, |other| other.max(until)));
}

/// How long until such a moment, while it lies in the future.
fn later(moment: &Mutex<Option<Instant>>) -> Option<Duration> {
    let until = *moment.lock().unwrap_or_else(PoisonError::into_inner);
    until?.checked_duration_since(Instant::now()).filter(|left| !left.is_zero())
}

/// What an answer means. GitHub says "rate limited" as 403 or 429, with or without a waiting time.
fn judge(method: &Method, status: StatusCode, answer: Answer) -> Next {
    if status.is_success() {
        return Next::Done(answer);
    }
    let refusal: Refusal = serde_json::from_slice(&answer.body).unwrap_or_default();
    let message = if refusal.message.is_empty() { status.to_string() } else { format!("{}: {}", status.as_u16(), refusal.message) };
    match status {
        StatusCode::UNAUTHORIZED => Next::GiveUp(ApiErrorKind::Unauthorized, message),
        StatusCode::FORBIDDEN | StatusCode::TOO_MANY_REQUESTS => match limit_of(status, &answer.headers, &refusal.message) {
            Some(wait) => Next::Pause(wait, message),
            None if refusal.message.contains("disabled for this repository") => Next::GiveUp(ApiErrorKind::Disabled, message),
            None => Next::GiveUp(ApiErrorKind::Forbidden, message),
        },
        StatusCode::NOT_FOUND | StatusCode::GONE | StatusCode::UNAVAILABLE_FOR_LEGAL_REASONS => {
            Next::GiveUp(ApiErrorKind::NotFound, message)
        }
        StatusCode::BAD_GATEWAY | StatusCode::GATEWAY_TIMEOUT if *method == Method::POST => Next::GiveUp(ApiErrorKind::TooHeavy, message),
        status if status.is_redirection() => match answer.headers.get(header::LOCATION).and_then(|location| location.to_str().ok()) {
            Some(location) => Next::Redirect(location.to_owned()),
            None => Next::GiveUp(ApiErrorKind::Unexpected, message),
        },
        status if status.is_server_error() => Next::Retry(message),
        _ => Next::GiveUp(ApiErrorKind::Unexpected, message),
    }
}

/// Whether a refusal is a limit, and if so how long to wait where it says so.
fn limit_of(status: StatusCode, headers: &HeaderMap, message: &str) -> Option<Option<Duration>> {
    if let Some(seconds) = number(headers, header::RETRY_AFTER.as_str()) {
        return Some(Some(Duration::from_secs(seconds)));
    }
    if number(headers, "x-ratelimit-remaining") == Some(0) {
        return Some(until_reset(headers));
    }
    (status == StatusCode::TOO_MANY_REQUESTS || message.contains("rate limit")).then_some(None)
}

/// The reset is a moment in Unix seconds; one second more makes up for a clock that is a little ahead.
fn until_reset(headers: &HeaderMap) -> Option<Duration> {
    let reset = number(headers, "x-ratelimit-reset")?;
    Some(Duration::from_secs(reset.saturating_sub(u64::try_from(Utc::now().timestamp()).unwrap_or(0)) + 1))
}

fn number(headers: &HeaderMap, name: &str) -> Option<u64> {
    headers.get(name)?.to_str().ok()?.trim().parse().ok()
}

/// A GraphQL answer without data.
fn kind_of(errors: &[GraphqlError]) -> ApiErrorKind {
    let Some(first) = errors.first() else { return ApiErrorKind::Unexpected };
    match first.kind.as_deref() {
        Some("NOT_FOUND") => ApiErrorKind::NotFound,
        Some("FORBIDDEN" | "INSUFFICIENT_SCOPES") => ApiErrorKind::Forbidden,
        _ if first.message.contains("Something went wrong") || first.message.contains("timeout") => ApiErrorKind::TooHeavy,
        _ => ApiErrorKind::Unexpected,
    }
}

/// What serde says of a shape, without the value that it met there: that may be a name, a title or worse.
fn shape(error: &serde_json::Error) -> String {
    let text = error.to_string();
    match text.rsplit_once("expected ") {
        Some((_, expected)) => format!("expected {expected}"),
        None if text.starts_with("missing field") => text,
        None => format!("{:?} error at line {} column {}", error.classify(), error.line(), error.column()).to_lowercase(),
    }
}

fn first_message(errors: &[GraphqlError]) -> String {
    errors.first().map_or_else(|| "neither data nor errors".to_owned(), |error| error.message.clone())
}

/// The `rel="next"` address of a Link header. Addresses stand between angle brackets, and may hold commas and semicolons themselves.
fn next_link(header: &str) -> Option<String> {
    let mut rest = header;
    while let Some((_, link)) = rest.split_once('<') {
        let (url, parameters) = link.split_once('>')?;
        let (parameters, others) = parameters.split_at(parameters.find('<').unwrap_or(parameters.len()));
        if parameters.contains("rel=\"next\"") {
            return Some(url.to_owned());
        }
        rest = others;
    }
    None
}

/// An error with its causes on one line; transport errors name no header and no body.
fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string().lines().next().unwrap_or_default().to_owned();
    let mut cause = error.source();
    while let Some(inner) = cause {
        let line = inner.to_string();
        if !text.contains(&line) {
            text = format!("{text}: {line}");
        }
        cause = inner.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(headers: &[(&'static str, &str)], body: &'static str) -> Answer {
        let headers = headers.iter().map(|(name, value)| (http::HeaderName::from_static(name), value.parse().unwrap())).collect();
        Answer { headers, body: Bytes::from_static(body.as_bytes()) }
    }

    fn next(method: Method, status: u16, headers: &[(&'static str, &str)], body: &'static str) -> String {
        match judge(&method, StatusCode::from_u16(status).unwrap(), answer(headers, body)) {
            Next::Done(_) => "done".to_owned(),
            Next::Redirect(location) => format!("go to {location}"),
            Next::Retry(message) => format!("retry, {message}"),
            Next::Pause(wait, _) => format!("wait {:?}", wait.map(|wait| wait.as_secs())),
            Next::GiveUp(kind, message) => format!("{kind:?}, {message}"),
        }
    }

    #[test]
    fn an_answer_says_what_to_do_next() {
        let get = |status, headers: &[(&'static str, &str)], body| next(Method::GET, status, headers, body);
        assert_eq!(get(200, &[], "[]"), "done");
        assert_eq!(get(301, &[("location", "/repositories/7")], ""), "go to /repositories/7");
        assert_eq!(get(401, &[], r#"{"message":"Bad credentials"}"#), "Unauthorized, 401: Bad credentials");
        assert_eq!(get(404, &[], r#"{"message":"Not Found"}"#), "NotFound, 404: Not Found");
        assert_eq!(get(500, &[], "no JSON at all"), "retry, 500 Internal Server Error");
        assert_eq!(get(502, &[], ""), "retry, 502 Bad Gateway");
        assert_eq!(next(Method::POST, 502, &[], ""), "TooHeavy, 502 Bad Gateway", "a query that took too long is asked for less");
    }

    #[test]
    fn a_refusal_is_told_from_a_limit() {
        let refused = |headers: &[(&'static str, &str)], body| next(Method::GET, 403, headers, body);
        let not_ours = r#"{"message":"Resource not accessible by personal access token"}"#;
        assert_eq!(
            refused(&[("x-ratelimit-remaining", "41")], not_ours),
            "Forbidden, 403: Resource not accessible by personal access token"
        );
        assert!(refused(&[], r#"{"message":"Dependabot alerts are disabled for this repository."}"#).starts_with("Disabled"));
        assert_eq!(refused(&[("retry-after", "7")], "{}"), "wait Some(7)");
        assert_eq!(refused(&[], r#"{"message":"You have exceeded a secondary rate limit"}"#), "wait None");
        assert_eq!(next(Method::GET, 429, &[], "{}"), "wait None");
        let reset = (Utc::now().timestamp() + 100).to_string();
        let spent = refused(&[("x-ratelimit-remaining", "0"), ("x-ratelimit-reset", &reset)], "{}");
        assert!(["wait Some(100)", "wait Some(101)"].contains(&spent.as_str()), "{spent}");
    }

    #[test]
    fn the_next_page_is_found_among_links() {
        let header = r#"<https://api.github.com/x?page=1>; rel="prev", <https://api.github.com/x?after=abc>; rel="next""#;
        assert_eq!(next_link(header).as_deref(), Some("https://api.github.com/x?after=abc"));
        assert_eq!(next_link(r#"<https://api.github.com/x?page=1>; rel="prev""#), None);
        let commas =
            r#"<https://api.github.com/x?state=fixed,open&after=b>; rel="next", <https://api.github.com/x?state=fixed,open>; rel="first""#;
        assert_eq!(next_link(commas).as_deref(), Some("https://api.github.com/x?state=fixed,open&after=b"));
        let header = r#"<https://api.github.com/x?state=fixed,open&before=a>; rel="prev", <https://api.github.com/x?state=fixed,open&after=b>; rel="next""#;
        assert_eq!(next_link(header).as_deref(), Some("https://api.github.com/x?state=fixed,open&after=b"));
    }

    #[test]
    fn addresses_of_another_host_have_no_path_here() {
        let mut config = GithubConfig::new(vec!["clockwork-lighthouse".to_owned()]);
        config.api_url = "https://github.example/api/v3".to_owned();
        config.graphql_url = Some("https://github.example/api/graphql".to_owned());
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let _guard = runtime.enter();
        let client = Client::new(&config, "token".into()).unwrap();
        assert_eq!(client.path_of("https://github.example/api/v3/x?page=2").as_deref(), Some("/api/v3/x?page=2"));
        assert_eq!(client.path_of("https://elsewhere.example/api/v3/x"), None);
        config.graphql_url = Some("https://elsewhere.example/graphql".to_owned());
        assert!(Client::new(&config, "token".into()).unwrap_err().to_string().contains("the token must not go"));
    }
}
