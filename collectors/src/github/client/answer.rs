//! What an answer means, and so what to do next: GitHub's status codes, limits and errors, read in one place.

use std::time::Duration;

use bytes::Bytes;
use chrono::Utc;
use http::{HeaderMap, Method, StatusCode, header};
use serde::Deserialize;

use crate::http::ApiErrorKind;

/// Why a part of an answer is null.
#[derive(Clone, Debug, Deserialize)]
pub struct GraphqlError {
    #[serde(default, rename = "type")]
    pub(super) kind: Option<String>,
    pub(crate) message: String,
    /// Where the null is: names of fields and places in lists.
    #[serde(default)]
    pub(super) path: Vec<Step>,
}

/// One step of the way to a field.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub(super) enum Step {
    /// Into a field, by its name in the answer.
    Field(String),
    /// To a place in a list.
    Place(usize),
}

impl GraphqlError {
    /// Whether it says that the limit is spent.
    pub(super) fn is_limit(&self) -> bool {
        self.kind.as_deref() == Some("RATE_LIMITED")
    }

    /// Whether it is about this field of the root, at this place of its list; `None` is any.
    pub(crate) fn is_about(&self, field: &str, place: usize) -> bool {
        matches!(self.path.get(..2), Some([Step::Field(name), Step::Place(at)]) if name == field && *at == place)
    }

    /// Whether the way to the null leads through this field.
    pub(crate) fn is_within(&self, field: &str) -> bool {
        self.path.iter().any(|step| matches!(step, Step::Field(name) if name == field))
    }
}

/// REST errors: `{"message": …}`.
#[derive(Default, Deserialize)]
struct Refusal {
    #[serde(default)]
    message: String,
}

pub(super) struct Answer {
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
    /// It is still the one whose ETag was sent: there is no body.
    pub(super) is_unchanged: bool,
}

/// How long a limit lasts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Wait {
    /// `None` where the answer does not say.
    pub(super) time: Option<Duration>,
    /// The hour's limit is spent: REST and GraphQL have one each. Else it was too much at once, whatever was asked for.
    pub(super) hour_is_spent: bool,
}

/// What came instead of an answer that can be used, and so what to do next.
#[derive(Debug)]
pub(super) enum Trouble {
    Redirect(String),
    /// A passing fault.
    Retry(String),
    /// A limit that holds for every task.
    Pause(Wait, String),
    GiveUp(ApiErrorKind, String),
}

/// What an answer means. GitHub says "rate limited" as 403 or 429, with or without a waiting time.
pub(super) fn judge(method: &Method, status: StatusCode, answer: Answer) -> Result<Answer, Trouble> {
    if status.is_success() || status == StatusCode::NOT_MODIFIED {
        return Ok(Answer { is_unchanged: status == StatusCode::NOT_MODIFIED, ..answer });
    }
    let refusal: Refusal = serde_json::from_slice(&answer.body).unwrap_or_default();
    let message = if refusal.message.is_empty() { status.to_string() } else { format!("{}: {}", status.as_u16(), refusal.message) };
    Err(match status {
        StatusCode::UNAUTHORIZED => Trouble::GiveUp(ApiErrorKind::Unauthorized, message),
        StatusCode::FORBIDDEN | StatusCode::TOO_MANY_REQUESTS => match limit_of(status, &answer.headers, &refusal.message) {
            Some(wait) => Trouble::Pause(wait, message),
            None if refusal.message.contains("disabled for this repository") => Trouble::GiveUp(ApiErrorKind::Disabled, message),
            None => Trouble::GiveUp(ApiErrorKind::Forbidden, message),
        },
        StatusCode::NOT_FOUND | StatusCode::GONE | StatusCode::UNAVAILABLE_FOR_LEGAL_REASONS => {
            Trouble::GiveUp(ApiErrorKind::NotFound, message)
        }
        StatusCode::BAD_GATEWAY | StatusCode::GATEWAY_TIMEOUT if *method == Method::POST => {
            Trouble::GiveUp(ApiErrorKind::TooHeavy, message)
        }
        status if status.is_redirection() => match answer.headers.get(header::LOCATION).and_then(|location| location.to_str().ok()) {
            Some(location) => Trouble::Redirect(location.to_owned()),
            None => Trouble::GiveUp(ApiErrorKind::Unexpected, message),
        },
        status if status.is_server_error() => Trouble::Retry(message),
        _ => Trouble::GiveUp(ApiErrorKind::Unexpected, message),
    })
}

impl Wait {
    /// What an answer says of the limit that it met: 403 and 429 say it, and GraphQL with 200 as well.
    pub(super) fn of(headers: &HeaderMap, message: &str) -> Self {
        // A query may cost more than is left of the hour.
        let hour_is_spent = number(headers, "x-ratelimit-remaining") == Some(0) || message.contains("API rate limit");
        let told = number(headers, header::RETRY_AFTER.as_str()).map(Duration::from_secs);
        let time = told.or_else(|| until_reset(headers).filter(|_| hour_is_spent));
        Self { time, hour_is_spent }
    }
}

/// Whether a refusal is a limit, and if so how long to wait where it says so.
fn limit_of(status: StatusCode, headers: &HeaderMap, message: &str) -> Option<Wait> {
    let wait = Wait::of(headers, message);
    let is_limit = wait.time.is_some() || wait.hour_is_spent || status == StatusCode::TOO_MANY_REQUESTS || message.contains("rate limit");
    is_limit.then_some(wait)
}

/// The reset is a moment in Unix seconds; half a second more makes up for a clock that is a little ahead.
pub(super) fn until_reset(headers: &HeaderMap) -> Option<Duration> {
    let reset = number(headers, "x-ratelimit-reset")?.saturating_mul(1_000);
    let now = u64::try_from(Utc::now().timestamp_millis()).unwrap_or(0);
    Some(Duration::from_millis(reset.saturating_sub(now).saturating_add(500)))
}

pub(super) fn number(headers: &HeaderMap, name: &str) -> Option<u64> {
    headers.get(name)?.to_str().ok()?.trim().parse().ok()
}

/// A GraphQL answer without data.
pub(super) fn kind_of(errors: &[GraphqlError]) -> ApiErrorKind {
    let Some(first) = errors.first() else { return ApiErrorKind::Unexpected };
    match first.kind.as_deref() {
        Some("NOT_FOUND") => ApiErrorKind::NotFound,
        Some("FORBIDDEN" | "INSUFFICIENT_SCOPES") => ApiErrorKind::Forbidden,
        _ if first.message.contains("Something went wrong") || first.message.contains("timeout") => ApiErrorKind::TooHeavy,
        _ => ApiErrorKind::Unexpected,
    }
}

pub(super) fn first_message(errors: &[GraphqlError]) -> String {
    errors.first().map_or_else(|| "neither data nor errors".to_owned(), |error| error.message.clone())
}

/// The `rel="next"` address of a Link header. Addresses stand between angle brackets, and may hold commas and semicolons themselves.
pub(super) fn next_link(header: &str) -> Option<String> {
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

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(headers: &[(&'static str, &str)], body: &'static str) -> Answer {
        let headers = headers.iter().map(|(name, value)| (http::HeaderName::from_static(name), value.parse().unwrap())).collect();
        Answer { headers, body: Bytes::from_static(body.as_bytes()), is_unchanged: false }
    }

    fn next(method: Method, status: u16, headers: &[(&'static str, &str)], body: &'static str) -> String {
        match judge(&method, StatusCode::from_u16(status).unwrap(), answer(headers, body)) {
            Ok(_) => "done".to_owned(),
            Err(Trouble::Redirect(location)) => format!("go to {location}"),
            Err(Trouble::Retry(message)) => format!("retry, {message}"),
            Err(Trouble::Pause(wait, _)) => format!("wait {:?}", wait.time.map(|wait| wait.as_secs())),
            Err(Trouble::GiveUp(kind, message)) => format!("{kind:?}, {message}"),
        }
    }

    #[test]
    fn an_answer_says_what_to_do_next() {
        let get = |status, headers: &[(&'static str, &str)], body| next(Method::GET, status, headers, body);
        assert_eq!(get(200, &[], "[]"), "done");
        assert_eq!(get(304, &[], ""), "done");
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
        assert!(["wait Some(99)", "wait Some(100)"].contains(&spent.as_str()), "{spent}");
    }

    #[test]
    fn a_limit_told_with_200_is_waited_for_as_long_as_it_says() {
        let wait = |headers: &[(&'static str, &str)], message| {
            let Wait { time, hour_is_spent } = Wait::of(&answer(headers, "").headers, message);
            (time.map(|time| time.as_secs()), hour_is_spent)
        };
        let reset = (Utc::now().timestamp() + 1_000).to_string();
        let (secondary, primary) = ("You have exceeded a secondary rate limit.", "API rate limit exceeded for user ID 1.");
        let headers = |remaining| [("x-ratelimit-remaining", remaining), ("x-ratelimit-reset", reset.as_str())];
        assert_eq!(wait(&headers("4990"), secondary), (None, false), "the hour has nothing to do with it");
        assert_eq!(wait(&[&headers("4990")[..], &[("retry-after", "7")]].concat(), secondary), (Some(7), false));
        for remaining in ["0", "3"] {
            let (time, hour_is_spent) = wait(&headers(remaining), primary);
            assert!(hour_is_spent && matches!(time, Some(999 | 1_000)), "{remaining} left, {time:?}");
        }
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
}
