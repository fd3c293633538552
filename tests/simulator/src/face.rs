//! What every vendor's face can do: tell requests apart, answer them, and fail as that vendor fails.
//!
//! A new vendor says what it answers and how it says "too much"; what else goes wrong goes wrong for all in the same way.

use serde_json::{Value, json};

use crate::company::present::Moment;
use crate::faults::{BadValue, Effect};
use crate::http::{Call, Reply};
use crate::traffic;

/// A vendor, as the server sees it.
pub(crate) trait Face: Send + Sync {
    /// The first step of its paths: `github`.
    fn name(&self) -> &'static str;

    /// The name of the operation that a request runs, where a vendor's requests have one.
    fn operation(&self, _call: &Call) -> Option<String> {
        None
    }

    /// What a request counts in a minute, and whether over GraphQL.
    fn points(&self, call: &Call) -> (bool, u32) {
        (false, traffic::points(&call.method, false))
    }

    /// Which of the vendor's tokens a request brings, if a known one.
    fn bearer(&self, call: &Call) -> Option<usize>;

    /// The right answer; if `slipped`, lists have moved on by one since the page before was read.
    fn answer(&self, moment: &Moment, call: &Call, slipped: bool) -> Reply;

    /// Too much was asked; `wait` is how many seconds to wait from now, if the answer says so.
    fn too_much(&self, call: &Call, wait: Option<u64>) -> Reply;

    /// Adds the headers that every answer of the vendor has, also one that went wrong.
    fn dressed(&self, _call: &Call, reply: Reply) -> Reply {
        reply
    }

    /// The answer with one value of it spoilt, where a vendor's answers can be spoilt like that.
    fn spoilt(&self, _call: &Call, reply: Reply, _nth: usize, _how: BadValue) -> Reply {
        reply
    }

    /// The answer under a fault.
    fn fault(&self, moment: &Moment, call: &Call, effect: &Effect) -> Reply {
        match effect {
            Effect::Delay(_)
            | Effect::DropConnection
            | Effect::DeleteRepository(_)
            | Effect::RenameRepository(..)
            // These are ways of GraphQL, and nobody else's.
            | Effect::GraphqlErrors
            | Effect::NullNode { .. }
            | Effect::SomethingWentWrong => self.answer(moment, call, false),
            Effect::Duplicate => self.answer(moment, call, true),
            Effect::WrongType { nth } => wrong_type(self.answer(moment, call, false), *nth),
            Effect::BadValue { nth, how } => self.spoilt(call, self.answer(moment, call, false), *nth, *how),
            Effect::Html => self.dressed(call, login_page()),
            Effect::BadGateway => self.dressed(call, bad_gateway()),
            Effect::SecondaryLimit { retry_after, .. } => self.too_much(call, *retry_after),
            Effect::PrimaryLimitExhausted { reset_in_seconds } => self.too_much(call, Some(*reset_in_seconds)),
            Effect::RedirectTo(host) => {
                let reply = Reply::bytes(301, Vec::new()).with("location", elsewhere(host, self.name(), call));
                self.dressed(call, reply)
            }
            Effect::Status { status, headers, body } => {
                let reply = self.dressed(call, Reply::bytes(*status, body.clone().into_bytes()));
                headers.iter().fold(reply, |reply, (name, value)| reply.with(&name.to_ascii_lowercase(), value))
            }
        }
    }
}

/// The same request's address at another host.
pub(crate) fn elsewhere(host: &str, name: &str, call: &Call) -> String {
    let query = if call.query.is_empty() { String::new() } else { format!("?{}", call.query) };
    format!("{}/{name}{}{query}", host.trim_end_matches('/'), call.path)
}

/// What a machine in front of the vendor's says when the vendor's took too long.
pub(crate) fn bad_gateway() -> Reply {
    Reply::bytes(502, b"<html><head><title>502 Bad Gateway</title></head></html>".to_vec()).with("content-type", "text/html")
}

/// What somebody in between shows to whom it wants to sign in first: a page, and a status as if all were well.
pub(crate) fn login_page() -> Reply {
    let page = b"<!DOCTYPE html><html><head><title>Sign in</title></head><body><form method=\"post\"></form></body></html>";
    Reply::bytes(200, page.to_vec()).with("content-type", "text/html; charset=utf-8")
}

/// The answer with one item of its list spoilt, the `nth` or else the last: an object where its number or name should be.
pub(crate) fn wrong_type(reply: Reply, nth: usize) -> Reply {
    let Ok(mut answer) = serde_json::from_slice::<Value>(&reply.body) else {
        return reply;
    };
    let Some(item) = nearest_list(&mut answer).and_then(|list| {
        let last = list.len().checked_sub(1)?;
        list.get_mut(nth.min(last))
    }) else {
        return reply;
    };
    spoil(item);
    Reply { body: answer.to_string().into_bytes(), ..reply }
}

/// What is known by a number or a name loses it; of anything else the first field is spoilt.
fn spoil(item: &mut Value) {
    let spoilt = json!({ "unexpected": true });
    let Some(fields) = item.as_object_mut() else {
        *item = spoilt;
        return;
    };
    let name = ["id", "public_id"].into_iter().find(|name| fields.contains_key(*name)).map(str::to_owned);
    if let Some(name) = name.or_else(|| fields.keys().next().cloned()) {
        fields.insert(name, spoilt);
    }
}

/// The list of objects that lies nearest to the root.
fn nearest_list(answer: &mut Value) -> Option<&mut Vec<Value>> {
    let mut level = vec![answer];
    while !level.is_empty() {
        let mut next = Vec::new();
        for value in level {
            match value {
                Value::Array(items) if items.first().is_some_and(Value::is_object) => return Some(items),
                Value::Object(fields) => next.extend(fields.values_mut()),
                _ => {}
            }
        }
        level = next;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_item_of_the_list_is_spoilt() {
        let spoilt = |answer: Value, nth| wrong_type(Reply::json(200, &answer), nth).value();
        let wrong = json!({ "unexpected": true });
        assert_eq!(spoilt(json!([{ "id": 1, "a": [{}] }, { "id": 2 }]), 1)[1]["id"], wrong);
        let answer = json!({ "meta": { "page": [] }, "tests": [{ "a": 1, "public_id": "x" }], "total": 1 });
        assert_eq!(spoilt(answer, 7)["tests"][0], json!({ "a": 1, "public_id": wrong }));
        assert_eq!(spoilt(json!({ "data": { "nodes": [{ "name": "x" }] } }), 0)["data"]["nodes"][0]["name"], wrong);
        assert_eq!(spoilt(json!({ "data": [] }), 0), json!({ "data": [] }));
    }
}
