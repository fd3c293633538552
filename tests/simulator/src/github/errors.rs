//! How GitHub says no over REST.

use serde_json::json;

use crate::github::rate::Resource;
use crate::http::Reply;

/// Where the vendor's pages about its API would be.
pub(super) const DOCUMENTATION: &str = "https://docs.github.example/rest";

/// An error in the vendor's shape.
pub(super) fn error(status: u16, message: &str) -> Reply {
    let body = json!({ "message": message, "documentation_url": DOCUMENTATION, "status": status.to_string() });
    Reply::json(status, &body)
}

/// No token, or one that nobody knows.
pub(super) fn bad_credentials() -> Reply {
    error(401, "Bad credentials")
}

/// It does not exist, or may not be seen.
pub(super) fn not_found() -> Reply {
    error(404, "Not Found")
}

/// The token lacks the permission.
pub(super) fn forbidden() -> Reply {
    error(403, "Resource not accessible by personal access token")
}

/// The hour's allowance is spent; GraphQL says so with 200.
pub(super) fn primary_limit(resource: Resource) -> Reply {
    let message = "API rate limit exceeded for user ID 61000000.";
    match resource {
        Resource::Core => error(403, message),
        Resource::Graphql => Reply::json(200, &json!({ "errors": [{ "type": "RATE_LIMITED", "message": message }] })),
    }
}

/// Too much at once.
pub(super) fn secondary_limit(status: u16) -> Reply {
    error(status, "You have exceeded a secondary rate limit. Please wait a few minutes before you try again.")
}
