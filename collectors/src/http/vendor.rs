//! What tells one vendor's answers from another's: how long a limit lasts, and what is said of a refusal.

use std::time::Duration;

use http::HeaderMap;
use serde::Deserialize;
use serde_json::Value;

/// One vendor's manners.
#[derive(Debug)]
pub(crate) struct Vendor {
    /// How long until the limit begins anew, in a header that counts seconds from now.
    pub(crate) reset: &'static str,
    /// How many requests are left until then.
    pub(crate) remaining: &'static str,
    /// A request that is refused only when the credential itself is no good; asked where a refusal may be that or a missing permission.
    pub(crate) validate: Option<&'static str>,
}

impl Vendor {
    /// How long a limit lasts that an answer met; `Retry-After` is everyone's.
    pub(super) fn wait(&self, headers: &HeaderMap) -> Option<Duration> {
        number(headers, "retry-after").or_else(|| number(headers, self.reset)).map(Duration::from_secs)
    }

    /// How long to send nothing after an answer that took the last request of the limit.
    pub(super) fn spent(&self, headers: &HeaderMap) -> Option<Duration> {
        if number(headers, self.remaining) == Some(0) { self.wait(headers) } else { None }
    }
}

/// The forms in which vendors say why: `{"errors": ["…"]}` (Datadog), `{"error": {"message": "…"}}` (PagerDuty), `{"errorMessages": ["…"]}`
/// (Jira), and `{"message": "…"}`.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Refusal {
    errors: Value,
    error: Value,
    error_messages: Value,
    message: Value,
}

/// What a refusal says, on one line, without addresses of people, and cut to a length that a ledger can bear; nothing if it is no text that
/// people read.
pub(super) fn reason(body: &[u8]) -> Option<String> {
    const LONGEST: usize = 200;
    let refusal: Refusal = serde_json::from_slice(body).ok()?;
    let Refusal { errors, error, error_messages, message } = &refusal;
    let candidates = [error_messages.get(0), errors.get(0).and_then(|one| one.get("detail")), errors.get(0), error.get("message")];
    let text = candidates.into_iter().flatten().chain([error, message]).find_map(Value::as_str)?;
    let words = text.lines().next().unwrap_or_default().split(' ').map(|word| if word.contains('@') { "…" } else { word });
    let line: String = words.collect::<Vec<_>>().join(" ").chars().take(LONGEST).collect();
    (!line.is_empty()).then_some(line)
}

/// A header that is a number; fractions of a second are rounded up.
fn number(headers: &HeaderMap, name: &str) -> Option<u64> {
    let text = headers.get(name)?.to_str().ok()?.trim();
    text.parse().ok().or_else(|| text.parse::<f64>().ok().filter(|number| (0.0..1e9).contains(number)).map(|number| number.ceil() as u64))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_vendor_says_why_in_its_own_form() {
        for (body, told) in [
            (r#"{"errors":["Forbidden"]}"#, Some("Forbidden")),
            (r#"{"errors":[{"title":"x","detail":"missing scope"}]}"#, Some("missing scope")),
            (r#"{"error":{"message":"Rate Limit Exceeded","code":2020}}"#, Some("Rate Limit Exceeded")),
            (r#"{"error":"unauthorized"}"#, Some("unauthorized")),
            (
                r#"{"errorMessages":["The value 'X' does not exist for the field 'project'."],"errors":{}}"#,
                Some("The value 'X' does not exist for the field 'project'."),
            ),
            (r#"{"message":"Client must be authenticated"}"#, Some("Client must be authenticated")),
            (r#"{"message":"User ada@clockwork.example may not"}"#, Some("User … may not")),
            ("<html>sign in</html>", None),
            ("[]", None),
        ] {
            assert_eq!(reason(body.as_bytes()).as_deref(), told, "{body}");
        }
    }

    #[test]
    fn a_limit_lasts_as_long_as_it_says() {
        let vendor = Vendor { reset: "x-ratelimit-reset", remaining: "x-ratelimit-remaining", validate: None };
        let headers = |pairs: &[(&'static str, &'static str)]| -> HeaderMap {
            pairs.iter().map(|(name, value)| (http::HeaderName::from_static(name), value.parse().unwrap())).collect()
        };
        let told = headers(&[("x-ratelimit-reset", "3"), ("x-ratelimit-remaining", "9")]);
        assert_eq!((vendor.wait(&told), vendor.spent(&told)), (Some(Duration::from_secs(3)), None));
        let spent = headers(&[("x-ratelimit-reset", "2.2"), ("x-ratelimit-remaining", "0")]);
        assert_eq!(vendor.spent(&spent), Some(Duration::from_secs(3)));
        assert_eq!(vendor.wait(&headers(&[("retry-after", "7"), ("x-ratelimit-reset", "3")])), Some(Duration::from_secs(7)));
        assert_eq!(vendor.wait(&headers(&[])), None);
    }
}
