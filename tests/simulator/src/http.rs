//! The server: takes a request apart, lets faults strike, asks the vendor's face, writes the log.

use std::sync::Arc;
use std::time::Instant;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{ConnectInfo, Request, State};
use axum::response::Response;
use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};

use crate::clock::Clock;
use crate::company::edits::Edit;
use crate::datadog::Datadog;
use crate::edits::Edits;
use crate::face::Face;
use crate::faults::{Effect, Faults};
use crate::github::Github;
use crate::jira::Jira;
use crate::log::{Log, RequestLog};
use crate::opencost::OpenCost;
use crate::pagerduty::PagerDuty;
use crate::traffic::{Refusal, Traffic};
use crate::wire::Scissors;

/// More than any query that a client should send.
const BODY_LIMIT: usize = 4 * 1024 * 1024;

/// Everything the server needs to answer.
pub(crate) struct Service {
    pub(crate) clock: Clock,
    pub(crate) edits: Edits,
    pub(crate) faults: Faults,
    pub(crate) log: Log,
    pub(crate) github: Desk<Github>,
    pub(crate) datadog: Desk<Datadog>,
    pub(crate) pagerduty: Desk<PagerDuty>,
    pub(crate) jira: Desk<Jira>,
    pub(crate) opencost: Desk<OpenCost>,
}

/// A vendor's face, and what passes by it.
pub(crate) struct Desk<F> {
    pub(crate) face: F,
    pub(crate) traffic: Traffic,
}

impl Service {
    /// The vendor of this name, which is the first step of its paths.
    fn desk(&self, name: &str) -> Option<(&dyn Face, &Traffic)> {
        self.desks().into_iter().find(|(face, _)| face.name() == name)
    }

    /// Every vendor.
    pub(crate) fn desks(&self) -> [(&dyn Face, &Traffic); 5] {
        [
            (&self.github.face, &self.github.traffic),
            (&self.datadog.face, &self.datadog.traffic),
            (&self.pagerduty.face, &self.pagerduty.traffic),
            (&self.jira.face, &self.jira.traffic),
            (&self.opencost.face, &self.opencost.traffic),
        ]
    }
}

/// A request as a vendor's face sees it.
pub(crate) struct Call {
    pub(crate) method: Method,
    /// The path after the vendor's name.
    pub(crate) path: String,
    pub(crate) query: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

/// An answer.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
    /// What it took from the token's allowance.
    pub(crate) cost: u32,
}

impl Reply {
    /// A JSON answer.
    pub(crate) fn json(status: u16, body: &serde_json::Value) -> Reply {
        Reply::bytes(status, body.to_string().into_bytes())
    }

    /// An answer that is JSON already.
    pub(crate) fn bytes(status: u16, body: Vec<u8>) -> Reply {
        Reply { status, headers: vec![("content-type".to_owned(), "application/json; charset=utf-8".to_owned())], body, cost: 0 }
    }

    /// With one more header, or another value for one it has.
    pub(crate) fn with(mut self, name: &str, value: impl ToString) -> Reply {
        self.headers.retain(|(known, _)| known != name);
        self.headers.push((name.to_owned(), value.to_string()));
        self
    }
}

/// The routes.
pub(crate) fn router(service: Arc<Service>) -> Router {
    Router::new().fallback(handle).with_state(service)
}

async fn handle(State(service): State<Arc<Service>>, ConnectInfo(scissors): ConnectInfo<Scissors>, request: Request) -> Response {
    let (head, body) = request.into_parts();
    let path = head.uri.path_and_query().map_or_else(String::new, ToString::to_string);
    let (vendor, rest) = first_step(head.uri.path());
    let reply = match (service.desk(vendor), to_bytes(body, BODY_LIMIT).await) {
        (Some(desk), Ok(body)) => {
            let call = Call {
                path: rest.to_owned(),
                query: head.uri.query().unwrap_or_default().to_owned(),
                headers: head.headers,
                method: head.method.clone(),
                body,
            };
            answer(&service, desk, &scissors, &call, &path, head.method.as_str()).await
        }
        _ => Reply::json(404, &serde_json::json!({ "message": "Not Found" })),
    };
    response(reply, head.method == Method::HEAD)
}

/// The first step of a path, which names the vendor, and the rest of it.
fn first_step(path: &str) -> (&str, &str) {
    let path = path.strip_prefix('/').unwrap_or(path);
    path.split_at(path.find('/').unwrap_or(path.len()))
}

/// Lets the faults strike, and writes down what came of it.
async fn answer(
    service: &Service,
    (face, traffic): (&dyn Face, &Traffic),
    scissors: &Scissors,
    call: &Call,
    path: &str,
    method: &str,
) -> Reply {
    let at = Instant::now();
    let (is_graphql, points) = face.points(call);
    let passage = traffic.enter(is_graphql, points);
    let operation = face.operation(call);
    let effect = match passage.refusal {
        // Who asks too much does not get as far as what goes wrong.
        Some(Refusal { status, retry_after }) => Some(Effect::SecondaryLimit { retry_after: Some(retry_after), status }),
        None => service.faults.strike(path, operation.as_deref()),
    };
    if let Some(Effect::Delay(duration)) = effect {
        tokio::time::sleep(duration).await;
    }
    let edit = match &effect {
        Some(Effect::DeleteRepository(name)) => Some(Edit::Delete(name.clone())),
        Some(Effect::RenameRepository(name, new)) => Some(Edit::Rename(name.clone(), new.clone())),
        _ => None,
    };
    if let Some(Err(error)) = edit.map(|edit| service.edits.make(edit, &service.clock)) {
        tracing::warn!(%error, "a fault had no effect");
    }
    let moment = service.clock.moment();
    let reply = match &effect {
        Some(effect) => face.fault(&moment, call, effect),
        None => face.answer(&moment, call, false),
    };
    if matches!(effect, Some(Effect::DropConnection)) {
        scissors.cut_after(reply.body.len() as u64 / 2);
    }
    service.log.push(RequestLog {
        method: method.to_owned(),
        path: path.to_owned(),
        operation,
        status: reply.status,
        bytes: reply.body.len() as u64,
        cost: reply.cost,
        points,
        at,
        bearer: face.bearer(call),
    });
    reply
}

fn response(reply: Reply, head_only: bool) -> Response {
    let length = reply.body.len();
    let mut response = Response::new(if head_only { Body::empty() } else { Body::from(reply.body) });
    *response.status_mut() = StatusCode::from_u16(reply.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    for (name, value) in &reply.headers {
        // Headers made up by a test may be anything; one that HTTP does not allow is not sent.
        if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
            response.headers_mut().append(name, value);
        }
    }
    if head_only {
        response.headers_mut().insert(http::header::CONTENT_LENGTH, HeaderValue::from(length));
    }
    response
}
