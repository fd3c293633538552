//! Pages and errors as PagerDuty has them, and the moments that are asked for.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, NaiveTime};
use serde_json::{Value, json};

use crate::company::Company;
use crate::company::calls::Calls;
use crate::company::present::Present;
use crate::http::{Call, Reply};
use crate::query::Query;

/// Rows of a page if the client does not say.
const USUAL: usize = 25;
/// The most rows of a page; who asks for more gets so many.
const MOST: usize = 100;
/// Nobody gets further than this by counting rows.
const FURTHEST: usize = 10_000;

/// A request that may be answered.
pub(super) struct Context<'a> {
    pub(super) company: &'a Company,
    pub(super) calls: &'a Calls,
    /// The place of each call by its name.
    pub(super) places: &'a HashMap<String, usize>,
    pub(super) now: i64,
    pub(super) query: Query,
    slipped: bool,
}

impl<'a> Context<'a> {
    pub(super) fn new(present: &'a Present, places: &'a HashMap<String, usize>, call: &Call, slipped: bool) -> Context<'a> {
        let company: &Company = &present.company;
        Context { company, calls: company.calls(), places, now: present.now, query: Query::parse(&call.query), slipped }
    }

    /// Whether more is to be told of these things than their names.
    pub(super) fn includes(&self, what: &str) -> bool {
        self.query.all("include[]").any(|included| included == what)
    }

    /// Whether a list names this value, or is not there at all.
    pub(super) fn allows(&self, list: &str, value: &str) -> bool {
        let mut named = self.query.all(list).peekable();
        named.peek().is_none() || named.any(|one| one == value)
    }

    /// A page of rows; only those shown are made.
    pub(super) fn page<T>(&self, name: &str, rows: &[T], row: impl Fn(&T) -> Value) -> Reply {
        let number = |name: &str| self.query.get(name).map(str::parse::<usize>);
        let (limit, offset) = match (number("limit").unwrap_or(Ok(USUAL)), number("offset").unwrap_or(Ok(0))) {
            (Ok(limit), Ok(offset)) => (limit.min(MOST), offset),
            _ => return invalid("Limit and offset must be numbers."),
        };
        if limit == 0 {
            return invalid("Limit must be between 1 and 100.");
        }
        if offset + limit > FURTHEST {
            let said = "Offset+limit exceeds maximum allowed value of 10000. Please try to refine your search to reduce the returned set of \
                        records below this number, like adding a date range.";
            return error(400, 2002, "Arguments Caused Error", &[said]);
        }
        let begin = offset.saturating_sub(usize::from(self.slipped)).min(rows.len());
        let end = rows.len().min(begin + limit);
        let shown: Vec<Value> = rows[begin..end].iter().map(row).collect();
        let total = (self.query.get("total") == Some("true")).then_some(rows.len());
        Reply::json(200, &json!({ name: shown, "limit": limit, "offset": offset, "more": end < rows.len(), "total": total }))
    }

    /// A moment that is asked for, if one is.
    pub(super) fn moment(&self, name: &str) -> Result<Option<i64>, Reply> {
        let Some(text) = self.query.get(name) else { return Ok(None) };
        let full = DateTime::parse_from_rfc3339(text).ok().map(|time| time.timestamp());
        let day = || Some(text.parse::<NaiveDate>().ok()?.and_time(NaiveTime::MIN).and_utc().timestamp());
        full.or_else(day).map(Some).ok_or_else(|| invalid(&format!("{name} is invalid.")))
    }
}

/// What PagerDuty says when it does not do what it was asked.
pub(super) fn error(status: u16, code: u32, message: &str, errors: &[&str]) -> Reply {
    let mut error = json!({ "message": message, "code": code });
    if !errors.is_empty() {
        error["errors"] = json!(errors);
    }
    Reply::json(status, &json!({ "error": error }))
}

/// What it says to what it does not understand.
pub(super) fn invalid(said: &str) -> Reply {
    error(400, 2001, "Invalid Input Provided", &[said])
}
