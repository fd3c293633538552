//! Pages of lists, by number or by cursor, and the `Link` header that leads through them.

use serde_json::{Value, json};

use crate::github::rest::Context;
use crate::github::{errors, ids};
use crate::http::Reply;

/// Rows of a page if the client does not say.
const USUAL: usize = 30;

impl Context<'_> {
    fn per_page(&self) -> usize {
        let asked = self.query.get("per_page").and_then(|size| size.parse().ok());
        asked.unwrap_or(USUAL).clamp(1, self.github.page_limit)
    }

    fn link(&self, relation: &str, parameters: &str) -> String {
        format!("<{}{}?{parameters}>; rel=\"{relation}\"", self.github.api_url, self.path)
    }

    /// A page by number, as JSON; only the rows shown are made.
    pub(super) fn numbered<T>(&self, rows: &[T], row: impl Fn(&T) -> Value) -> Reply {
        let (shown, links) = self.page(rows, row);
        linked(Reply::json(200, &shown), &links)
    }

    /// The same as a field of an object that also says how many there are in `total`, of which `rows` may be only some.
    pub(super) fn counted<T>(&self, rows: &[T], total: usize, name: &str, row: impl Fn(&T) -> Value) -> Reply {
        let (shown, links) = self.page(rows, row);
        linked(Reply::json(200, &json!({ "total_count": total, name: shown })), &links)
    }

    fn page<T>(&self, rows: &[T], row: impl Fn(&T) -> Value) -> (Value, Vec<String>) {
        let size = self.per_page();
        let page = self.query.get("page").and_then(|page| page.parse().ok()).unwrap_or(1).max(1_usize);
        let last = rows.len().div_ceil(size).max(1);
        let start = (page - 1).saturating_mul(size).saturating_sub(usize::from(self.slipped)).min(rows.len());
        let shown: Value = rows[start..rows.len().min(start + size)].iter().map(row).collect();
        let mut links = Vec::new();
        let mut link = |relation, page: usize| links.push(self.link(relation, &self.query.with("page", &page.to_string(), &[])));
        if page > 1 {
            link("prev", (page - 1).min(last));
        }
        if page < last {
            link("next", page + 1);
            link("last", last);
        }
        if page > 1 {
            link("first", 1);
        }
        (shown, links)
    }

    /// A page by cursor. `rows` are in the order asked for, which `key` rises or falls along.
    pub(super) fn by_cursor<T>(&self, rows: &[T], key: impl Fn(&T) -> (i64, u32), descending: bool, row: impl Fn(&T) -> Value) -> Reply {
        if self.query.get("page").is_some() {
            return errors::error(
                400,
                "Pagination using the `page` parameter is not supported for this endpoint; use `after` and `before`.",
            );
        }
        let size = self.per_page();
        let place = |name: &str, past: bool| -> Result<Option<usize>, ()> {
            match self.query.get(name) {
                None => Ok(None),
                Some(text) => {
                    let cursor = ids::uncursor(text).ok_or(())?;
                    Ok(Some(rows.partition_point(|row| {
                        let order = key(row).cmp(&cursor);
                        let order = if descending { order.reverse() } else { order };
                        order.is_lt() || (past && order.is_eq())
                    })))
                }
            }
        };
        let (Ok(after), Ok(before)) = (place("after", true), place("before", false)) else {
            return errors::error(400, "Invalid cursor");
        };
        let (start, end) = match (after, before) {
            (_, Some(before)) => (before.saturating_sub(size), before),
            (after, None) => {
                let start = after.unwrap_or(0).saturating_sub(usize::from(self.slipped));
                (start, rows.len().min(start + size))
            }
        };
        let shown: Value = rows[start..end].iter().map(row).collect();
        let mut links = Vec::new();
        if start > 0 && start < end {
            links.push(self.link("prev", &self.query.with("before", &ids::cursor(key(&rows[start])), &["after"])));
        }
        if end < rows.len() && start < end {
            links.push(self.link("next", &self.query.with("after", &ids::cursor(key(&rows[end - 1])), &["before"])));
        }
        linked(Reply::json(200, &shown), &links)
    }
}

fn linked(reply: Reply, links: &[String]) -> Reply {
    if links.is_empty() { reply } else { reply.with("link", links.join(", ")) }
}
