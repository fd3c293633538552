//! What a query will do: its fields per type with fragments merged, variables put in, and what it costs.

use apollo_compiler::ast::{self, DirectiveList, OperationDefinition};
use serde_json::{Map, Value};

use crate::github::graphql::query::{Query, plain};
use crate::github::graphql::schema;

/// A field to be answered.
pub(crate) struct Field {
    /// The name in the schema.
    pub(crate) name: &'static str,
    /// The name in the answer.
    pub(crate) response: String,
    /// The same, ready to be written: `"name":`.
    pub(crate) key: Vec<u8>,
    /// Line and column in the query, as errors show them.
    pub(crate) location: Value,
    /// What is asked of the object it gives.
    pub(crate) selection: Selection,
    arguments: Vec<(String, Value)>,
}

impl Field {
    /// The value of an argument, unless it is absent or null.
    pub(crate) fn argument(&self, name: &str) -> Option<&Value> {
        self.arguments.iter().find(|(known, value)| known == name && !value.is_null()).map(|(_, value)| value)
    }

    /// The value of a text or enum argument.
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.argument(name)?.as_str()
    }
}

/// What is asked of an object, depending on what it turns out to be.
#[derive(Default)]
pub(crate) struct Selection {
    types: Vec<(&'static str, Vec<Field>)>,
}

impl Selection {
    /// What is asked of an object of this type.
    pub(crate) fn of(&self, name: &str) -> &[Field] {
        self.types.iter().find(|(known, _)| *known == name).map_or(&[], |(_, fields)| fields)
    }

    /// What is asked of the only type that it can be.
    pub(crate) fn only(&self) -> &[Field] {
        self.types.first().map_or(&[], |(_, fields)| fields)
    }
}

/// What a query will do.
pub(crate) struct Plan {
    /// What is asked of the root.
    pub(crate) root: Selection,
    /// Points.
    pub(crate) cost: u32,
    /// The most nodes it may give.
    pub(crate) nodes: u64,
}

/// Plans an operation that has been found valid.
pub(crate) fn plan(query: &Query, operation: &OperationDefinition, variables: &Map<String, Value>) -> Plan {
    let planner = Planner { query, variables };
    let root = planner.selection("Query", &[&operation.selection_set]);
    let mut tally = Tally { requests: 0, nodes: 0 };
    tally.count(root.of("Query"), 1);
    let cost = tally.requests.saturating_add(50) / 100;
    Plan { root, cost: u32::try_from(cost).unwrap_or(u32::MAX).max(1), nodes: tally.nodes }
}

struct Planner<'a> {
    query: &'a Query,
    variables: &'a Map<String, Value>,
}

impl<'a> Planner<'a> {
    fn selection(&self, on: &str, sets: &[&'a [ast::Selection]]) -> Selection {
        let Some(on) = schema::find(on) else {
            return Selection::default();
        };
        let types = on.possible.iter().map(|name| (*name, self.fields(name, sets)));
        Selection { types: types.collect() }
    }

    /// The fields asked of one type, those of the same name in the answer merged.
    fn fields(&self, on: &'static str, sets: &[&'a [ast::Selection]]) -> Vec<Field> {
        let mut found: Vec<Vec<&'a ast::Field>> = Vec::new();
        for set in sets {
            self.collect(on, set, &mut found);
        }
        found
            .into_iter()
            .filter_map(|same| {
                let first = same[0];
                let known = schema::find(on)?.field(&first.name)?;
                let inner: Vec<&[ast::Selection]> = same.iter().map(|field| field.selection_set.as_slice()).collect();
                let response = first.response_name().to_string();
                let arguments = first.arguments.iter();
                Some(Field {
                    name: known.name,
                    key: format!("\"{response}\":").into_bytes(),
                    response,
                    location: self.query.location(first.name.location()),
                    selection: known.gives.as_ref().map_or_else(Selection::default, |gives| self.selection(gives, &inner)),
                    arguments: arguments
                        .filter_map(|argument| Some((argument.name.to_string(), plain(&argument.value, self.variables)?)))
                        .collect(),
                })
            })
            .collect()
    }

    fn collect(&self, on: &str, set: &'a [ast::Selection], found: &mut Vec<Vec<&'a ast::Field>>) {
        for selection in set {
            match selection {
                ast::Selection::Field(field) if self.included(&field.directives) => {
                    let same = found.iter_mut().find(|same| same[0].response_name() == field.response_name());
                    match same {
                        Some(same) => same.push(field),
                        None => found.push(vec![field]),
                    }
                }
                ast::Selection::InlineFragment(fragment) if self.included(&fragment.directives) => {
                    let condition = fragment.type_condition.as_ref();
                    if condition.is_none_or(|condition| applies(condition, on)) {
                        self.collect(on, &fragment.selection_set, found);
                    }
                }
                ast::Selection::FragmentSpread(spread) if self.included(&spread.directives) => {
                    if let Some(fragment) = self.query.fragment(&spread.fragment_name)
                        && applies(&fragment.type_condition, on)
                    {
                        self.collect(on, &fragment.selection_set, found);
                    }
                }
                _ => {}
            }
        }
    }

    /// What `@include` and `@skip` say.
    fn included(&self, directives: &DirectiveList) -> bool {
        directives.iter().all(|directive| {
            let condition =
                directive.specified_argument_by_name("if").and_then(|value| plain(value, self.variables)).and_then(|value| value.as_bool());
            match directive.name.as_str() {
                "include" => condition != Some(false),
                "skip" => condition != Some(true),
                _ => true,
            }
        })
    }
}

/// Whether a fragment on this type or interface takes part in an object of that type.
fn applies(condition: &str, on: &str) -> bool {
    condition == on || schema::find(condition).is_some_and(|condition| condition.possible.contains(&on))
}

/// Adds up what a query costs, as the vendor documents it: the requests needed if every page asked for were full, by hundreds.
struct Tally {
    requests: u64,
    nodes: u64,
}

impl Tally {
    fn count(&mut self, fields: &[Field], parents: u64) {
        for field in fields {
            let mut children = parents;
            if let Some(size) = field.argument("first").or_else(|| field.argument("last")) {
                let size = size.as_u64().unwrap_or_default();
                self.requests = self.requests.saturating_add(parents);
                children = parents.saturating_mul(size);
                self.nodes = self.nodes.saturating_add(children);
            } else if let Some(ids) = field.argument("ids").and_then(Value::as_array) {
                children = parents.saturating_mul(ids.len() as u64);
                self.nodes = self.nodes.saturating_add(children);
            }
            // An object is of one type only, so of several the dearest counts.
            let dearest = field.selection.types.iter().map(|(_, fields)| {
                let mut tally = Tally { requests: 0, nodes: 0 };
                tally.count(fields, children);
                tally
            });
            if let Some(dearest) = dearest.max_by_key(|tally| tally.requests) {
                self.requests = self.requests.saturating_add(dearest.requests);
                self.nodes = self.nodes.saturating_add(dearest.nodes);
            }
        }
    }
}
