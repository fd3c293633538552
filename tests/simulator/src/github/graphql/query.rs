//! Queries: parsed once per text, and the values of their variables.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use apollo_compiler::ast::{Definition, Document, FragmentDefinition, OperationDefinition, OperationType, Type, Value as Ast};
use apollo_compiler::parser::SourceSpan;
use serde_json::{Map, Value, json};

/// Texts remembered before all are forgotten; a client has a few, a test may have more.
const REMEMBERED: usize = 256;

/// A query that has been parsed.
pub(crate) struct Query {
    document: Document,
}

/// Queries parsed so far, by text.
#[derive(Default)]
pub(crate) struct Queries(Mutex<HashMap<String, Arc<Query>>>);

impl Queries {
    /// The query, parsed unless it was before. The error is what the vendor would answer.
    pub(crate) fn parse(&self, text: &str) -> Result<Arc<Query>, Value> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(query) = known.get(text) {
            return Ok(Arc::clone(query));
        }
        let document = Document::parse(text, "query.graphql").map_err(|invalid| {
            // The parser draws the place over several lines; its first line says what is wrong.
            let reason = invalid.errors.iter().next().map(|error| error.to_string());
            let reason = reason.as_deref().and_then(|reason| reason.lines().next());
            json!({ "message": format!("Parse error: {}", reason.unwrap_or_default()) })
        })?;
        if known.len() >= REMEMBERED {
            known.clear();
        }
        let query = Arc::new(Query { document });
        known.insert(text.to_owned(), Arc::clone(&query));
        Ok(query)
    }
}

impl Query {
    /// The operation of this name, or the only one.
    pub(crate) fn operation(&self, name: Option<&str>) -> Result<&OperationDefinition, Value> {
        let operations: Vec<&OperationDefinition> = self.operations().collect();
        let found = match name {
            Some(name) => operations
                .iter()
                .find(|operation| operation.name.as_ref().is_some_and(|known| known == name))
                .ok_or_else(|| json!({ "message": format!("No operation named \"{name}\"") }))?,
            None if operations.len() > 1 => {
                return Err(json!({ "message": "An operation name is required" }));
            }
            None => operations.first().ok_or_else(|| json!({ "message": "A query attribute must be specified and must be a string." }))?,
        };
        if found.operation_type != OperationType::Query {
            return Err(json!({ "message": "Only queries are answered here", "type": "FORBIDDEN" }));
        }
        Ok(found)
    }

    /// The name of the operation, if there is one only and it has a name.
    pub(crate) fn only_operation_name(&self) -> Option<String> {
        let mut operations = self.operations();
        let name = operations.next()?.name.as_ref()?.to_string();
        operations.next().is_none().then_some(name)
    }

    /// A named fragment.
    pub(crate) fn fragment(&self, name: &str) -> Option<&FragmentDefinition> {
        self.document.definitions.iter().find_map(|definition| match definition {
            Definition::FragmentDefinition(fragment) if fragment.name == name => Some(&**fragment),
            _ => None,
        })
    }

    /// Line and column of something in the query.
    pub(crate) fn location(&self, span: Option<SourceSpan>) -> Value {
        let place = span.and_then(|span| span.line_column(&self.document.sources));
        match place {
            Some(place) => json!([{ "line": place.line, "column": place.column }]),
            None => json!([]),
        }
    }

    fn operations(&self) -> impl Iterator<Item = &OperationDefinition> {
        self.document.definitions.iter().filter_map(|definition| match definition {
            Definition::OperationDefinition(operation) => Some(&**operation),
            _ => None,
        })
    }
}

/// The values of an operation's variables: those sent, else the defaults, else nothing at all.
pub(crate) fn variables(operation: &OperationDefinition, sent: &Map<String, Value>) -> Result<Map<String, Value>, Vec<Value>> {
    let mut values = Map::new();
    let mut errors = Vec::new();
    for variable in &operation.variables {
        let name = variable.name.as_str();
        let default = variable.default_value.as_ref().map(|value| plain(value, &Map::new()));
        let value = sent.get(name).cloned().or(default.flatten());
        let required = matches!(&*variable.ty, Type::NonNullNamed(_) | Type::NonNullList(_));
        if required && value.as_ref().is_none_or(Value::is_null) {
            errors.push(json!({
                "message": format!("Variable ${name} of type {} was provided invalid value", variable.ty),
                "extensions": { "value": null, "problems": [{ "path": [], "explanation": "Expected value to not be null" }] },
            }));
        }
        if let Some(value) = value {
            values.insert(name.to_owned(), value);
        }
    }
    if errors.is_empty() { Ok(values) } else { Err(errors) }
}

/// A value as JSON, with the variables put in; nothing if it is a variable without a value.
pub(crate) fn plain(value: &Ast, variables: &Map<String, Value>) -> Option<Value> {
    Some(match value {
        Ast::Null => Value::Null,
        Ast::Enum(name) => Value::String(name.to_string()),
        Ast::Variable(name) => return variables.get(name.as_str()).cloned(),
        Ast::String(text) => Value::String(text.clone()),
        Ast::Float(number) => number.as_str().parse::<f64>().map_or(Value::Null, Value::from),
        Ast::Int(number) => number.as_str().parse::<i64>().map_or(Value::Null, Value::from),
        Ast::Boolean(truth) => Value::Bool(*truth),
        Ast::List(items) => items.iter().filter_map(|item| plain(item, variables)).collect(),
        Ast::Object(fields) => fields.iter().filter_map(|(name, value)| Some((name.to_string(), plain(value, variables)?))).collect(),
    })
}
