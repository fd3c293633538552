//! GraphQL: runs the selection it is sent, and nothing else.
//!
//! Text → `query` (parsed once) → `validate` (refused as a whole) → `plan` (merged, and priced) → `run` (written straight into the
//! answer while walking the plan). The files named after types say what their fields are.

mod actor;
pub(crate) mod commit;
#[cfg(test)]
mod delivery_tests;
mod deployment;
pub(crate) mod faults;
mod object;
mod plan;
mod protection;
mod pull_request;
pub(crate) mod query;
mod release;
mod repository;
mod review;
mod root;
mod ruleset;
mod run;
mod schema;
mod team;
#[cfg(test)]
mod tests;
mod timeline;
mod validate;

pub(crate) use ruleset::kind as rule_kind;

use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::company::present::Moment;
use crate::github::access::Bearer;
use crate::github::graphql::run::Run;
use crate::github::rate::{Resource, Standing};
use crate::github::{Github, errors};
use crate::http::{Call, Reply};

/// The most nodes a query may ask for.
const NODE_LIMIT: u64 = 500_000;

/// What a client sends.
#[derive(Debug, Deserialize)]
pub(crate) struct Request {
    /// The query's text.
    pub(crate) query: String,
    /// Values of variables.
    #[serde(default)]
    variables: Option<Map<String, Value>>,
    /// Which of the operations to run.
    #[serde(default, rename = "operationName")]
    pub(crate) operation_name: Option<String>,
}

impl Request {
    /// Reads the body.
    pub(crate) fn read(body: &[u8]) -> Result<Request, serde_json::Error> {
        serde_json::from_slice(body)
    }
}

/// Answers a query, and says what is left of the allowance.
pub(crate) fn answer(github: &Github, moment: &Moment, bearer: Bearer, call: &Call, slipped: bool) -> (Reply, Standing) {
    let refused = |reply: Reply| {
        let standing = github.rate.spend(bearer, Resource::Graphql, 1);
        (Reply { cost: 1, ..reply }, standing.unwrap_or_else(|standing| standing))
    };
    let Ok(request) = Request::read(&call.body) else {
        return refused(errors::error(400, "Problems parsing JSON"));
    };
    let errors_only = |errors: Vec<Value>| refused(Reply::json(200, &json!({ "errors": errors })));
    let query = match github.queries.parse(&request.query) {
        Ok(query) => query,
        Err(error) => return errors_only(vec![error]),
    };
    let operation = match query.operation(request.operation_name.as_deref()) {
        Ok(operation) => operation,
        Err(error) => return errors_only(vec![error]),
    };
    let invalid = validate::errors(&query, &operation.selection_set);
    if !invalid.is_empty() {
        return errors_only(invalid);
    }
    let variables = match query::variables(operation, &request.variables.unwrap_or_default()) {
        Ok(variables) => variables,
        Err(invalid) => return errors_only(invalid),
    };
    let plan = plan::plan(&query, operation, &variables);
    if plan.nodes > NODE_LIMIT {
        let message = format!("This query requests up to {} possible nodes which exceeds the maximum limit of 500,000.", plan.nodes);
        return errors_only(vec![json!({ "type": "MAX_NODE_LIMIT_EXCEEDED", "message": message })]);
    }
    match github.rate.spend(bearer, Resource::Graphql, plan.cost) {
        Ok(standing) => {
            let body = Run::new(github, moment, bearer, &plan, standing, slipped).answer();
            (Reply { cost: plan.cost, ..Reply::bytes(200, body) }, standing)
        }
        Err(standing) => (errors::primary_limit(Resource::Graphql), standing),
    }
}
