//! Walks a plan and writes the answer into one buffer, without building a tree in between: a page of 100 pull requests with
//! their nested lists takes a millisecond or two.
//!
//! An error inside something that may not be null travels outwards as [`Null`] until something may; what was written of it is cut off.

use std::fmt::Display;
use std::io::Write as _;

use serde_json::{Value, json};

use crate::company::present::{Moment, Present};
use crate::github::access::Bearer;
use crate::github::graphql::plan::{Field, Plan, Selection};
use crate::github::rate::Standing;
use crate::github::{Github, ids, time};

/// Stands for a value that could not be given; the nearest nullable place around it becomes null.
#[derive(Debug)]
pub(super) struct Null;

/// Written, or not to be had.
pub(super) type Written = Result<(), Null>;

/// One step on the way to a place in the answer.
#[derive(Clone, Copy)]
enum Step<'a> {
    Key(&'a str),
    Index(usize),
}

/// One execution of a plan.
pub(super) struct Run<'a> {
    pub(super) github: &'a Github,
    pub(super) moment: &'a Moment,
    /// The organisation that is being written about.
    pub(super) present: &'a Present,
    pub(super) bearer: Bearer,
    pub(super) plan: &'a Plan,
    pub(super) standing: Standing,
    pub(super) now: i64,
    /// Whether lists have moved on by one since the page before was read.
    slipped: bool,
    out: Vec<u8>,
    path: Vec<Step<'a>>,
    errors: Vec<Value>,
}

/// A list that is given in pages.
pub(super) struct List<'l> {
    /// The type of its items.
    pub(super) of: &'static str,
    /// How many there are.
    pub(super) total: usize,
    /// What the item at a place is ordered by: rising from place to place, or falling.
    pub(super) key: &'l dyn Fn(usize) -> (i64, u32),
    /// Whether it falls.
    pub(super) descending: bool,
}

impl<'a> Run<'a> {
    pub(super) fn new(
        github: &'a Github,
        moment: &'a Moment,
        bearer: Bearer,
        plan: &'a Plan,
        standing: Standing,
        slipped: bool,
    ) -> Run<'a> {
        Run {
            github,
            moment,
            present: bearer.home(moment),
            bearer,
            plan,
            standing,
            now: moment.first().now,
            slipped,
            out: Vec::with_capacity(64 * 1024),
            path: Vec::new(),
            errors: Vec::new(),
        }
    }

    /// The whole answer.
    pub(super) fn answer(mut self) -> Vec<u8> {
        self.out.extend(b"{\"data\":");
        let written = self.nullable(|run| run.root());
        debug_assert!(written.is_ok(), "data may be null");
        if !self.errors.is_empty() {
            self.out.extend(b",\"errors\":");
            let errors = Value::Array(std::mem::take(&mut self.errors));
            self.json(&errors);
        }
        self.out.push(b'}');
        self.out
    }

    /// Writes an object of this type, field by field.
    pub(super) fn object(
        &mut self,
        name: &'static str,
        selection: &'a Selection,
        mut each: impl FnMut(&mut Run<'a>, &'a Field) -> Written,
    ) -> Written {
        self.out.push(b'{');
        for (place, field) in selection.of(name).iter().enumerate() {
            if place > 0 {
                self.out.push(b',');
            }
            self.out.extend(&field.key);
            if field.name == "__typename" {
                self.text(name)?;
                continue;
            }
            self.path.push(Step::Key(&field.response));
            let written = each(self, field);
            self.path.pop();
            written?;
        }
        self.out.push(b'}');
        Ok(())
    }

    /// Writes something of this organisation.
    pub(super) fn within(&mut self, present: &'a Present, write: impl FnOnce(&mut Run<'a>) -> Written) -> Written {
        let outer = std::mem::replace(&mut self.present, present);
        let written = write(self);
        self.present = outer;
        written
    }

    /// Writes something that becomes null if it cannot be given.
    pub(super) fn nullable(&mut self, write: impl FnOnce(&mut Run<'a>) -> Written) -> Written {
        let (length, depth) = (self.out.len(), self.path.len());
        if write(self).is_err() {
            self.out.truncate(length);
            self.path.truncate(depth);
            self.out.extend(b"null");
        }
        Ok(())
    }

    /// Writes a list of nullable items.
    pub(super) fn items(&mut self, places: impl Iterator<Item = usize>, mut item: impl FnMut(&mut Run<'a>, usize) -> Written) -> Written {
        self.out.push(b'[');
        for (nth, place) in places.enumerate() {
            if nth > 0 {
                self.out.push(b',');
            }
            self.path.push(Step::Index(nth));
            self.nullable(|run| item(run, place))?;
            self.path.pop();
        }
        self.out.push(b']');
        Ok(())
    }

    /// Writes one page of a list; `node` writes the item at a place.
    pub(super) fn connection(
        &mut self,
        field: &'a Field,
        list: &List<'_>,
        node: impl FnMut(&mut Run<'a>, &'a Selection, usize) -> Written,
    ) -> Written {
        self.connection_with(field, list, node, |run, _, _| run.null())
    }

    /// The same for a list whose edges say more than where they are; `more` writes such a field of the edge at a place.
    pub(super) fn connection_with(
        &mut self,
        field: &'a Field,
        list: &List<'_>,
        mut node: impl FnMut(&mut Run<'a>, &'a Selection, usize) -> Written,
        mut more: impl FnMut(&mut Run<'a>, &'a Field, usize) -> Written,
    ) -> Written {
        let page = self.page(field, list)?;
        let fields = field.selection.only();
        self.out.push(b'{');
        for (place, inner) in fields.iter().enumerate() {
            if place > 0 {
                self.out.push(b',');
            }
            self.out.extend(&inner.key);
            self.path.push(Step::Key(&inner.response));
            match inner.name {
                "totalCount" => self.number(list.total)?,
                "pageInfo" => self.page_info(inner, list, &page)?,
                "nodes" => self.items(page.clone(), |run, place| node(run, &inner.selection, place))?,
                "edges" => self.items(page.clone(), |run, place| {
                    let cursor = ids::cursor((list.key)(place));
                    run.edge(inner, list.of, &cursor, |run, field| match field.name {
                        "node" => run.nullable(|run| node(run, &field.selection, place)),
                        _ => more(run, field, place),
                    })
                })?,
                // The only other field is the type's name.
                _ => self.text(&format!("{}Connection", list.of))?,
            }
            self.path.pop();
        }
        self.out.push(b'}');
        Ok(())
    }

    fn edge(&mut self, edges: &'a Field, of: &str, cursor: &str, mut rest: impl FnMut(&mut Run<'a>, &'a Field) -> Written) -> Written {
        self.out.push(b'{');
        for (place, field) in edges.selection.only().iter().enumerate() {
            if place > 0 {
                self.out.push(b',');
            }
            self.out.extend(&field.key);
            self.path.push(Step::Key(&field.response));
            match field.name {
                "cursor" => self.text(cursor)?,
                "__typename" => self.text(&format!("{of}Edge"))?,
                _ => rest(self, field)?,
            }
            self.path.pop();
        }
        self.out.push(b'}');
        Ok(())
    }

    fn page_info(&mut self, field: &'a Field, list: &List<'_>, page: &std::ops::Range<usize>) -> Written {
        let cursor = |place: Option<usize>| place.map(|place| ids::cursor((list.key)(place)));
        self.object("PageInfo", &field.selection, |run, field| match field.name {
            "hasNextPage" => run.flag(page.end < list.total),
            "hasPreviousPage" => run.flag(page.start > 0),
            "endCursor" => run.text_or_null(cursor(page.clone().next_back()).as_deref()),
            _ => run.text_or_null(cursor(page.clone().next()).as_deref()),
        })
    }

    /// Which places of a list are asked for.
    fn page(&mut self, field: &'a Field, list: &List<'_>) -> Result<std::ops::Range<usize>, Null> {
        let name = field.name;
        let (first, last) = (self.size(field, "first")?, self.size(field, "last")?);
        let bounded = match (first, last) {
            (Some(_), Some(_)) => {
                let message = format!("Passing both `first` and `last` values to paginate the `{name}` connection is not supported.");
                return Err(self.error(field, Some("INVALID_PAGINATION_BOUNDARIES"), &message));
            }
            (None, None) => false,
            _ => true,
        };
        // A count alone needs no bounds.
        let shows_items = |inner: &Field| matches!(inner.name, "nodes" | "edges");
        if !bounded && field.selection.only().iter().any(shows_items) {
            let message = format!("You must provide a `first` or `last` value to properly paginate the `{name}` connection.");
            return Err(self.error(field, Some("MISSING_PAGINATION_BOUNDARIES"), &message));
        }
        let after = self.cursor(field, "after")?;
        let before = self.cursor(field, "before")?;
        let start = after.map_or(0, |cursor| list.place(cursor, true).saturating_sub(usize::from(self.slipped)));
        let end = before.map_or(list.total, |cursor| list.place(cursor, false)).max(start);
        Ok(match (first, last) {
            (Some(size), _) => start..end.min(start + size),
            (_, Some(size)) => start.max(end.saturating_sub(size))..end,
            _ => start..start,
        })
    }

    fn size(&mut self, field: &'a Field, argument: &str) -> Result<Option<usize>, Null> {
        let Some(value) = field.argument(argument) else {
            return Ok(None);
        };
        let (name, limit) = (field.name, self.github.page_limit);
        match value.as_i64() {
            Some(size) if size < 0 => {
                let message = format!("`{argument}` on the `{name}` connection cannot be less than zero.");
                Err(self.error(field, Some("INVALID_PAGINATION_BOUNDARIES"), &message))
            }
            Some(size) if size as usize > limit => {
                let message =
                    format!("Requesting {size} records on the `{name}` connection exceeds the `{argument}` limit of {limit} records.");
                Err(self.error(field, Some("EXCESSIVE_PAGINATION"), &message))
            }
            Some(size) => Ok(Some(size as usize)),
            None => Err(self.invalid(field, argument)),
        }
    }

    fn cursor(&mut self, field: &'a Field, argument: &str) -> Result<Option<(i64, u32)>, Null> {
        let Some(value) = field.argument(argument) else {
            return Ok(None);
        };
        match value.as_str().and_then(ids::uncursor) {
            Some(cursor) => Ok(Some(cursor)),
            None => {
                let message = format!("`{}` does not appear to be a valid cursor.", value.as_str().unwrap_or_default());
                Err(self.error(field, Some("INVALID_CURSOR_ARGUMENTS"), &message))
            }
        }
    }

    /// Reports that an argument has a value that its type does not allow.
    pub(super) fn invalid(&mut self, field: &'a Field, argument: &str) -> Null {
        let value = field.argument(argument).cloned().unwrap_or_default();
        let message = format!("Argument '{argument}' on Field '{}' has an invalid value ({value}).", field.name);
        self.error(field, Some("argumentLiteralsIncompatible"), &message)
    }

    /// Reports an error at this field.
    pub(super) fn error(&mut self, field: &Field, kind: Option<&str>, message: &str) -> Null {
        let path = self.path.iter().map(|step| match step {
            Step::Key(name) => json!(name),
            Step::Index(index) => json!(index),
        });
        let mut error = json!({ "path": path.collect::<Vec<_>>(), "locations": field.location, "message": message });
        if let Some(kind) = kind {
            error["type"] = json!(kind);
        }
        self.errors.push(error);
        Null
    }

    /// Writes text.
    pub(super) fn text(&mut self, text: &str) -> Written {
        // Most texts are names and ids; only the others need the escapes of JSON.
        if text.bytes().all(|byte| byte >= b' ' && byte != b'"' && byte != b'\\') {
            self.out.push(b'"');
            self.out.extend(text.as_bytes());
            self.out.push(b'"');
        } else {
            self.json(&json!(text));
        }
        Ok(())
    }

    /// Writes text, or null.
    pub(super) fn text_or_null(&mut self, text: Option<&str>) -> Written {
        match text {
            Some(text) => self.text(text),
            None => self.null(),
        }
    }

    /// Writes a number.
    pub(super) fn number(&mut self, number: impl Display) -> Written {
        write!(self.out, "{number}").map_err(|_| Null)
    }

    /// Writes a number that may be too large for the vendor's 32 bits, and is null then.
    pub(super) fn small_number(&mut self, number: u64) -> Written {
        if i32::try_from(number).is_ok() { self.number(number) } else { self.null() }
    }

    /// Writes true or false.
    pub(super) fn flag(&mut self, truth: bool) -> Written {
        self.out.extend(if truth { &b"true"[..] } else { &b"false"[..] });
        Ok(())
    }

    /// Writes null.
    pub(super) fn null(&mut self) -> Written {
        self.out.extend(b"null");
        Ok(())
    }

    /// Writes a time.
    pub(super) fn time(&mut self, at: i64) -> Written {
        self.out.push(b'"');
        time::write(&mut self.out, at);
        self.out.push(b'"');
        Ok(())
    }

    /// Writes a time, or null.
    pub(super) fn time_or_null(&mut self, at: Option<i64>) -> Written {
        match at {
            Some(at) => self.time(at),
            None => self.null(),
        }
    }

    /// Writes a commit's name.
    pub(super) fn oid(&mut self, oid: &[u8; 20]) -> Written {
        const DIGITS: &[u8; 16] = b"0123456789abcdef";
        self.out.push(b'"');
        for byte in oid {
            self.out.push(DIGITS[usize::from(byte >> 4)]);
            self.out.push(DIGITS[usize::from(byte & 15)]);
        }
        self.out.push(b'"');
        Ok(())
    }

    fn json(&mut self, value: &Value) {
        self.out.extend(value.to_string().into_bytes());
    }
}

impl List<'_> {
    /// The first place behind a cursor (`past`), or the first that is not before it.
    fn place(&self, cursor: (i64, u32), past: bool) -> usize {
        let (mut low, mut high) = (0, self.total);
        while low < high {
            let middle = low + (high - low) / 2;
            let order = (self.key)(middle).cmp(&cursor);
            let order = if self.descending { order.reverse() } else { order };
            if order.is_lt() || (past && order.is_eq()) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        low
    }
}
