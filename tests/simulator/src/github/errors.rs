//! How GitHub says no over REST.

use serde_json::json;

use crate::github::access::Bearer;
use crate::github::rate::Resource;
use crate::http::Reply;

/// Where the vendor's pages about its API would be.
pub(super) const DOCUMENTATION: &str = "https://docs.github.example/rest";

/// An error in the vendor's shape.
pub(super) fn error(status: u16, message: &str) -> Reply {
    let body = json!({ "message": message, "documentation_url": DOCUMENTATION, "status": status.to_string() });
    Reply::json(status, &body)
}

/// What is said to no token, or one that nobody knows.
pub(super) const BAD_CREDENTIALS: &str = "Bad credentials";

/// No token, or one that nobody knows, or one that is of no use here.
pub(super) fn bad_credentials() -> Reply {
    error(401, BAD_CREDENTIALS)
}

/// It does not exist, or may not be seen.
pub(super) fn not_found() -> Reply {
    error(404, "Not Found")
}

/// It is somewhere else now.
pub(super) fn moved(address: &str) -> Reply {
    let body = json!({ "message": "Moved Permanently", "url": address, "documentation_url": DOCUMENTATION });
    Reply::json(301, &body).with("location", address)
}

/// The token lacks the permission.
pub(super) fn forbidden(bearer: Bearer) -> Reply {
    error(403, bearer.refusal())
}

/// The hour's allowance is spent; GraphQL says so with 200.
pub(super) fn primary_limit(resource: Resource) -> Reply {
    let message = "API rate limit exceeded for user ID 61000000.";
    match resource {
        Resource::Core => error(403, message),
        Resource::Graphql => Reply::json(200, &json!({ "errors": [{ "type": "RATE_LIMITED", "message": message }] })),
    }
}

/// Too much at once; with 200 as GraphQL sometimes says it.
pub(super) fn secondary_limit(status: u16) -> Reply {
    let message = "You have exceeded a secondary rate limit. Please wait a few minutes before you try again.";
    match status {
        200 => Reply::json(200, &json!({ "errors": [{ "type": "RATE_LIMITED", "message": message }] })),
        status => error(status, message),
    }
}
