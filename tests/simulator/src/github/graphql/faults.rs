//! How GraphQL answers go wrong while the status says 200.

use serde_json::{Value, json};

use crate::http::Reply;

const MESSAGE: &str = "Something went wrong while executing your query. Please include the request id when reporting this issue.";

/// An error, and no data at all.
pub(crate) fn something_went_wrong() -> Reply {
    Reply::json(200, &json!({ "data": null, "errors": [{ "message": MESSAGE }] }))
}

/// The answer with a node of the outermost list gone, the `nth` or else the last, and an error that names the place.
pub(crate) fn node_missing(reply: Reply, nth: usize) -> Reply {
    let Ok(mut answer) = serde_json::from_slice::<Value>(&reply.body) else {
        return reply;
    };
    if !answer["data"].is_object() {
        return reply;
    }
    let Some(path) = nearest_node(&answer["data"], nth) else {
        return something_went_wrong();
    };
    let mut place = &mut answer["data"];
    for step in &path {
        place = match step {
            Value::String(name) => &mut place[name.as_str()],
            index => &mut place[index.as_u64().unwrap_or_default() as usize],
        };
    }
    *place = Value::Null;
    let error = json!({ "type": "SERVICE_UNAVAILABLE", "path": path, "message": MESSAGE });
    match answer["errors"].as_array_mut() {
        Some(errors) => errors.push(error),
        None => answer["errors"] = json!([error]),
    }
    Reply { body: answer.to_string().into_bytes(), ..reply }
}

/// The way to the `nth` object, or the last, in the list of objects that lies nearest to the root; to the first field of the root if
/// there is none.
fn nearest_node(data: &Value, nth: usize) -> Option<Vec<Value>> {
    let mut level: Vec<(Vec<Value>, &Value)> = vec![(Vec::new(), data)];
    while !level.is_empty() {
        let mut next = Vec::new();
        for (path, value) in level {
            for (name, inner) in value.as_object().into_iter().flatten() {
                let step = |more: &[Value]| path.iter().cloned().chain([json!(name)]).chain(more.iter().cloned()).collect();
                let objects = inner.as_array().into_iter().flatten().enumerate().filter(|(_, item)| item.is_object());
                match objects.map(|(place, _)| place).take(nth.saturating_add(1)).last() {
                    // An edge may be null like a node; either way the client must cope.
                    Some(index) => return Some(step(&[json!(index)])),
                    None => next.push((step(&[]), inner)),
                }
            }
        }
        level = next;
    }
    data.as_object()?.keys().next().map(|name| vec![json!(name)])
}
