//! Refuses what the schema does not know, all of it at once and before anything runs, as the vendor does.

use apollo_compiler::Node;
use apollo_compiler::ast::{Field, Selection};
use serde_json::{Value, json};

use crate::github::graphql::query::Query;
use crate::github::graphql::schema::{self, Type};

/// Fragments inside fragments, at most; one that spreads itself would never end.
const DEEPEST: usize = 40;
/// Errors reported, more or less; the vendor stops as well.
const MOST: usize = 100;

/// What is wrong with a query; nothing if it can run.
pub(crate) fn errors(query: &Query, selections: &[Selection]) -> Vec<Value> {
    let mut check = Check { query, errors: Vec::new(), path: vec!["query".to_owned()] };
    match schema::find("Query") {
        Some(root) => check.selections(selections, root, 0),
        None => unreachable!("the schema has a root"),
    }
    check.errors
}

struct Check<'a> {
    query: &'a Query,
    errors: Vec<Value>,
    path: Vec<String>,
}

impl Check<'_> {
    fn selections(&mut self, selections: &[Selection], on: &Type, depth: usize) {
        // A fragment that spreads itself twice would double the work at every depth.
        if self.errors.len() > MOST {
            return;
        }
        if depth > DEEPEST {
            self.errors.push(json!({ "message": "The query is nested too deeply, or a fragment contains itself" }));
            return;
        }
        for selection in selections {
            match selection {
                Selection::Field(field) => self.field(field, on, depth),
                Selection::InlineFragment(fragment) => {
                    let condition = fragment.type_condition.as_ref().map_or(on.name, |name| name.as_str());
                    self.fragment(condition, &fragment.selection_set, depth);
                }
                Selection::FragmentSpread(spread) => match self.query.fragment(&spread.fragment_name) {
                    Some(fragment) => self.fragment(&fragment.type_condition, &fragment.selection_set, depth),
                    None => self.errors.push(json!({
                        "message": format!("Fragment {} was used, but not defined", spread.fragment_name),
                        "locations": self.query.location(spread.location()),
                        "extensions": { "code": "useAndDefineFragment", "fragmentName": spread.fragment_name.as_str() },
                    })),
                },
            }
        }
    }

    fn fragment(&mut self, condition: &str, selections: &[Selection], depth: usize) {
        match schema::find(condition) {
            Some(on) => self.selections(selections, on, depth + 1),
            None => self.errors.push(json!({
                "message": format!("No such type {condition}, so it can't be a fragment condition"),
                "extensions": { "code": "undefinedType", "typeName": condition },
            })),
        }
    }

    fn field(&mut self, field: &Node<Field>, on: &Type, depth: usize) {
        self.path.push(field.response_name().to_string());
        let name = field.name.as_str();
        match on.field(name) {
            None => self.refuse(
                field,
                format!("Field '{name}' doesn't exist on type '{}'", on.name),
                json!({ "code": "undefinedField", "typeName": on.name, "fieldName": name }),
            ),
            Some(known) => {
                for argument in &field.arguments {
                    let argument = argument.name.as_str();
                    if !known.arguments.contains(&argument) {
                        self.refuse(
                            field,
                            format!("Field '{name}' doesn't accept argument '{argument}'"),
                            json!({ "code": "argumentNotAccepted", "name": name, "typeName": "Field", "argumentName": argument }),
                        );
                    }
                }
                match (&known.gives, field.selection_set.is_empty()) {
                    (Some(gives), true) => self.refuse(
                        field,
                        format!("Field must have selections (field '{name}' returns {gives} but has no selections)"),
                        json!({ "code": "selectionMismatch", "nodeName": format!("field '{name}'"), "typeName": gives }),
                    ),
                    (None, false) => self.refuse(
                        field,
                        format!("Selections can't be made on scalars (field '{name}' has selections)"),
                        json!({ "code": "selectionMismatch", "nodeName": format!("field '{name}'") }),
                    ),
                    (Some(gives), false) => match schema::find(gives) {
                        Some(inner) => self.selections(&field.selection_set, inner, depth + 1),
                        None => unreachable!("the schema knows `{gives}`"),
                    },
                    (None, true) => {}
                }
            }
        }
        self.path.pop();
    }

    fn refuse(&mut self, field: &Node<Field>, message: String, extensions: Value) {
        self.errors.push(json!({
            "message": message,
            "path": self.path,
            "locations": self.query.location(field.location()),
            "extensions": extensions,
        }));
    }
}
