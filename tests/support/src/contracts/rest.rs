//! REST: requests and answers against an OpenAPI 3.0 description.

use std::{
    collections::HashMap,
    path::Path,
    sync::{Arc, Mutex, PoisonError},
};

use jsonschema::{Draft, Validator};
use serde_json::{Map, Value, json};

use crate::replay::parameters;

/// A vendor's OpenAPI description.
#[derive(Debug)]
pub struct RestContract {
    document: Value,
    /// The schemas that others refer to, as JSON Schema.
    schemas: Value,
    /// By operation and status; compiling one takes a while.
    validators: Mutex<HashMap<String, Arc<Validator>>>,
}

impl RestContract {
    /// Reads the description.
    ///
    /// # Panics
    /// When it cannot be read or is no JSON.
    pub fn load(path: &Path) -> Self {
        let text = std::fs::read_to_string(path).expect("the description can be read");
        let document: Value = serde_json::from_str(&text).expect("the description is JSON");
        let schemas = each_to_json_schema(&document["components"]["schemas"]);
        Self { document, schemas, validators: Mutex::default() }
    }

    /// What is wrong with a request, or with the answer to it. `path` is below the API's address, with its query.
    pub fn problems(&self, method: &str, path: &str, status: u16, answer: &[u8]) -> Vec<String> {
        let (path, query) = path.split_once('?').unwrap_or((path, ""));
        let method = method.to_lowercase();
        let Some((template, operation)) = self.operation(path, &method) else {
            return vec![format!("{method} {path}: there is no such operation")];
        };
        let name = format!("{method} {template}");
        let mut problems = self.problems_of_query(&name, &operation["parameters"], query);
        problems.extend(self.problems_of_path(&name, &operation["parameters"], template, path));
        // Any answer may be told to be the one that is known: the description says so of some operations only.
        if status == 304 {
            problems.extend((!answer.is_empty()).then(|| format!("{name}: an answer with status 304 has no body")));
            return problems;
        }
        let response = self.resolved(&operation["responses"][status.to_string()]);
        let refusal = json!({ "$ref": "#/components/schemas/basic-error" });
        let schema = match status {
            // Whatever may be read can be refused, in one and the same shape, whether the operation says so or not.
            401 | 403 | 404 | 429 if response.is_null() => &refusal,
            _ if response.is_null() => {
                problems.push(format!("{name}: there is no answer with status {status}"));
                return problems;
            }
            _ => &response["content"]["application/json"]["schema"],
        };
        if schema.is_null() {
            if !answer.is_empty() {
                problems.push(format!("{name}: an answer with status {status} has no body"));
            }
            return problems;
        }
        match serde_json::from_slice::<Value>(answer) {
            Ok(body) => {
                let validator = self.validator(format!("{name} {status}"), schema);
                problems.extend(validator.iter_errors(&body).map(|error| format!("{name}: {}: {error}", error.instance_path())));
            }
            Err(error) => problems.push(format!("{name}: the answer is no JSON: {error}")),
        }
        problems
    }

    /// The operation of a path; of several templates that fit, the one with the fewest parameters.
    fn operation(&self, path: &str, method: &str) -> Option<(&str, &Value)> {
        let parts: Vec<&str> = path.split('/').collect();
        let fits = |template: &str| {
            let names: Vec<&str> = template.split('/').collect();
            names.len() == parts.len() && names.iter().zip(&parts).all(|(name, part)| name.starts_with('{') || name == part)
        };
        let paths = self.document["paths"].as_object()?;
        let template = paths.keys().filter(|template| fits(template)).min_by_key(|template| template.matches('{').count())?;
        let operation = paths[template].get(method)?;
        Some((template, operation))
    }

    fn problems_of_query(&self, name: &str, declared: &Value, query: &str) -> Vec<String> {
        let known = self.parameters(declared, "query");
        let given = parameters(query);
        let mut problems = Vec::new();
        for (key, text) in &given {
            match known.get(key.as_str()) {
                Some(parameter) => problems.extend(self.problems_of_value(&format!("{name}?{key}"), &parameter["schema"], text)),
                None => problems.push(format!("{name}: there is no parameter `{key}`")),
            }
        }
        let missing = known.iter().filter(|(key, parameter)| parameter["required"] == true && !given.contains_key(**key));
        problems.extend(missing.map(|(key, _)| format!("{name}: the parameter `{key}` is missing")));
        problems
    }

    fn problems_of_path(&self, name: &str, parameters: &Value, template: &str, path: &str) -> Vec<String> {
        let known = self.parameters(parameters, "path");
        let parts = template.split('/').zip(path.split('/'));
        let given = parts.filter_map(|(part, text)| Some((part.strip_prefix('{')?.strip_suffix('}')?, text)));
        let problems = given.map(|(key, text)| match known.get(key) {
            Some(_) if text.is_empty() => vec![format!("{name}: `{key}` is empty")],
            Some(parameter) => self.problems_of_value(&format!("{name} {key}"), &parameter["schema"], text),
            None => Vec::new(),
        });
        problems.flatten().collect()
    }

    /// The parameters of an operation that stand there, by name.
    fn parameters<'a>(&'a self, parameters: &'a Value, place: &str) -> HashMap<&'a str, &'a Value> {
        let all = parameters.as_array().into_iter().flatten().map(|parameter| self.resolved(parameter));
        let there = all.filter(|parameter| parameter["in"] == place);
        there.filter_map(|parameter| Some((parameter["name"].as_str()?, parameter))).collect()
    }

    /// A value as it stands in an address, against its schema.
    fn problems_of_value(&self, what: &str, schema: &Value, text: &str) -> Vec<String> {
        let value = match self.resolved(schema)["type"].as_str() {
            Some("integer" | "number") => text.parse::<i64>().map_or_else(|_| Value::from(text), Value::from),
            Some("boolean") => text.parse::<bool>().map_or_else(|_| Value::from(text), Value::from),
            _ => Value::from(text),
        };
        let validator = self.validator(what.to_owned(), schema);
        validator.iter_errors(&value).map(|error| format!("{what}: {error}")).collect()
    }

    /// What a reference within the document refers to.
    fn resolved<'a>(&'a self, value: &'a Value) -> &'a Value {
        let target = value["$ref"].as_str().and_then(|reference| self.document.pointer(reference.strip_prefix('#')?));
        target.map_or(value, |target| self.resolved(target))
    }

    fn validator(&self, name: String, schema: &Value) -> Arc<Validator> {
        let mut validators = self.validators.lock().unwrap_or_else(PoisonError::into_inner);
        let compiled = validators.entry(name).or_insert_with(|| {
            let schema = json!({ "allOf": [to_json_schema(schema)], "components": { "schemas": self.schemas } });
            // OpenAPI 3.0 builds on an early draft, in which `exclusiveMinimum` is a flag.
            let options = jsonschema::options().with_draft(Draft::Draft4).should_validate_formats(true);
            Arc::new(options.build(&schema).expect("the schema compiles"))
        });
        Arc::clone(compiled)
    }
}

/// An OpenAPI 3.0 schema as JSON Schema: `nullable` says there what a type does here, and examples are no schemas.
fn to_json_schema(schema: &Value) -> Value {
    let Some(object) = schema.as_object() else { return schema.clone() };
    let mut converted = Map::new();
    for (key, value) in object {
        let value = match key.as_str() {
            "nullable" | "example" | "examples" | "discriminator" => continue,
            "properties" => each_to_json_schema(value),
            "allOf" | "anyOf" | "oneOf" => value.as_array().into_iter().flatten().map(to_json_schema).collect(),
            "items" | "not" | "additionalProperties" => to_json_schema(value),
            _ => value.clone(),
        };
        converted.insert(key.clone(), value);
    }
    match object.get("nullable") {
        Some(Value::Bool(true)) => json!({ "anyOf": [{ "type": "null" }, converted] }),
        _ => Value::Object(converted),
    }
}

/// Schemas by name.
fn each_to_json_schema(schemas: &Value) -> Value {
    schemas.as_object().into_iter().flatten().map(|(name, schema)| (name.clone(), to_json_schema(schema))).collect()
}
