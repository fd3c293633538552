//! The company's clusters as OpenCost and Kubecost tell what they cost.
//!
//! Each cluster has an installation of its own under its name; both think that theirs is called `cluster-one`. One asks for a bearer
//! token, as a proxy in front of it does.

mod allocations;
mod assets;
mod entry;
#[cfg(test)]
mod tests;
mod window;

use http::Method;

use crate::company::present::Moment;
use crate::face::Face;
use crate::faults::BadValue;
use crate::github::access::{letters, sent};
use crate::http::{Call, Reply};
use crate::opencost::window::Window;
use crate::options::Options;
use crate::query::Query;

/// Place of the cluster that asks for a token.
const GUARDED: usize = 0;

/// OpenCost.
pub(crate) struct OpenCost {
    token: String,
    /// The most hours of hourly steps that it can work out at once.
    most_hours: u32,
}

/// Whose interface is spoken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Edition {
    OpenCost,
    Kubecost,
}

impl Edition {
    /// What a good answer begins with.
    fn head(self) -> &'static str {
        match self {
            Edition::OpenCost => "{\"code\":200,\"data\":",
            Edition::Kubecost => "{\"code\":200,\"status\":\"success\",\"data\":",
        }
    }
}

impl OpenCost {
    /// OpenCost with these options.
    pub(crate) fn new(options: &Options) -> OpenCost {
        OpenCost { token: letters("clw-cost-", options.seed, 80), most_hours: options.opencost_hours }
    }

    /// The token that a cluster asks for, if it does.
    pub(crate) fn token(&self, cluster: usize) -> Option<&str> {
        (cluster == GUARDED).then_some(self.token.as_str())
    }
}

impl Face for OpenCost {
    fn name(&self) -> &'static str {
        "opencost"
    }

    fn bearer(&self, call: &Call) -> Option<usize> {
        let header = call.headers.get(http::header::AUTHORIZATION)?.to_str().ok()?;
        (sent(header)? == self.token).then_some(0)
    }

    fn answer(&self, moment: &Moment, call: &Call, _slipped: bool) -> Reply {
        let present = moment.first();
        let steps: Vec<&str> = call.path.split('/').filter(|step| !step.is_empty()).collect();
        let Some((name, path)) = steps.split_first() else {
            return error(404, "Not Found");
        };
        let Some(cluster) = present.company.clusters().all.iter().find(|cluster| cluster.name == *name) else {
            return error(404, "Not Found");
        };
        if self.token(cluster.index).is_some() && self.bearer(call).is_none() {
            return error(401, "Unauthorized");
        }
        let (edition, path) = match path {
            ["model", rest @ ..] => (Edition::Kubecost, rest),
            path => (Edition::OpenCost, path),
        };
        if call.method != Method::GET {
            return error(405, "Method Not Allowed");
        }
        let query = Query::parse(&call.query);
        let window = match Window::parse(query.get("window").unwrap_or_default(), present.now) {
            Ok(window) => window,
            Err(message) => return error(400, &message),
        };
        match path {
            ["allocation"] | ["allocation", "compute"] => {
                allocations::answer(&present.company, cluster, present.now, window, &query, edition, self.most_hours)
            }
            ["assets"] => assets::answer(cluster, present.now, window, edition),
            _ => error(404, "Not Found"),
        }
    }

    /// What stands in front of it says so; it has no limits of its own.
    fn too_much(&self, _call: &Call, wait: Option<u64>) -> Reply {
        let reply = error(429, "Too Many Requests");
        match wait {
            Some(wait) => reply.with("retry-after", wait),
            None => reply,
        }
    }

    /// A cost of one entry is spoilt: CPU's of an allocation, the total of an asset.
    fn spoilt(&self, call: &Call, mut reply: Reply, nth: usize, how: BadValue) -> Reply {
        let field: &[u8] = if call.path.contains("/assets") { b"\"totalCost\":" } else { b"\"cpuCost\":" };
        let places = reply.body.windows(field.len()).enumerate().filter(|(_, window)| *window == field).map(|(place, _)| place);
        if let Some(place) = places.take(nth + 1).last() {
            let start = place + field.len();
            let length = reply.body[start..].iter().position(|byte| matches!(byte, b',' | b'}')).unwrap_or_default();
            reply.body.splice(start..start + length, how.text().bytes());
        }
        reply
    }
}

/// An error in the vendor's shape.
fn error(code: u16, message: &str) -> Reply {
    Reply::json(code, &serde_json::json!({ "code": code, "message": message }))
}
