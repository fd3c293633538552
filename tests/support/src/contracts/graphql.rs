//! GraphQL: queries against a schema, and answers against the query that they are to.

use std::{
    collections::{BTreeMap, HashSet},
    path::Path,
};

use apollo_compiler::{
    ExecutableDocument, Name, Schema,
    collections::HashMap,
    executable::{Field, Selection, SelectionSet},
    request::coerce_variable_values,
    response::JsonMap,
    schema::{ExtendedType, Implementers, Type},
    validation::Valid,
};
use serde_json::{Map, Value};

/// A vendor's GraphQL schema.
#[derive(Debug)]
pub struct GraphqlContract {
    schema: Valid<Schema>,
    implementers: HashMap<Name, Implementers>,
}

/// What an answer is held against.
struct Question<'a> {
    contract: &'a GraphqlContract,
    document: &'a ExecutableDocument,
    variables: &'a JsonMap,
}

impl GraphqlContract {
    /// Reads the schema. A field that is defined twice in one type counts once, for GitHub's has two such.
    ///
    /// # Panics
    /// When it cannot be read or is no schema.
    pub fn load(path: &Path) -> Self {
        let text = std::fs::read_to_string(path).expect("the schema can be read");
        let name = path.display().to_string();
        let schema = match Schema::parse_and_validate(without_repeated_fields(&text), &name) {
            Ok(schema) => schema,
            Err(errors) => panic!("{}", errors.errors),
        };
        let implementers = schema.implementers_map();
        Self { schema, implementers }
    }

    /// What is wrong with a query's text.
    pub fn problems_of_query(&self, text: &str) -> Vec<String> {
        match ExecutableDocument::parse_and_validate(&self.schema, text, "query.graphql") {
            Ok(_) => Vec::new(),
            Err(errors) => errors.errors.iter().map(|error| error.to_string()).collect(),
        }
    }

    /// What is wrong with a request's variables, or with the answer to it.
    pub fn problems_of_answer(&self, request: &Value, answer: &Value) -> Vec<String> {
        let text = request["query"].as_str().unwrap_or_default();
        let document = match ExecutableDocument::parse_and_validate(&self.schema, text, "query.graphql") {
            Ok(document) => document,
            Err(errors) => return errors.errors.iter().map(|error| error.to_string()).collect(),
        };
        let operation = match document.operations.get(request["operationName"].as_str()) {
            Ok(operation) => operation,
            Err(error) => return vec![error.message().to_string()],
        };
        let given: JsonMap = serde_json::from_value(request["variables"].clone()).unwrap_or_default();
        let variables = match coerce_variable_values(&self.schema, operation, &given) {
            Ok(variables) => variables,
            Err(error) => return vec![format!("the variables: {}", error.message())],
        };
        let mut problems = problems_of_envelope(answer);
        let unknown = given.keys().filter(|name| !operation.variables.iter().any(|variable| variable.name == name.as_str()));
        problems.extend(unknown.map(|name| format!("the variables: `${}` is none of the query's", name.as_str())));
        if let Some(data) = answer.get("data").filter(|data| !data.is_null()) {
            let question = Question { contract: self, document: &document, variables: &variables };
            question.composite("data", data, operation.object_type(), &[&operation.selection_set], &mut problems);
        }
        problems
    }
}

/// `data`, `errors` or both, and nothing else.
fn problems_of_envelope(answer: &Value) -> Vec<String> {
    let Some(envelope) = answer.as_object() else { return vec!["the answer is no object".to_owned()] };
    let mut problems = Vec::new();
    for key in envelope.keys().filter(|key| !["data", "errors", "extensions"].contains(&key.as_str())) {
        problems.push(format!("the answer has a `{key}`"));
    }
    match envelope.get("errors") {
        None if envelope.get("data").is_none_or(Value::is_null) => problems.push("neither data nor errors".to_owned()),
        None => {}
        Some(errors) => {
            let described = |error: &Value| error["message"].is_string() && error.get("path").is_none_or(Value::is_array);
            if !errors.as_array().is_some_and(|errors| !errors.is_empty() && errors.iter().all(described)) {
                problems.push(format!("`errors` is no list of errors: {errors}"));
            }
        }
    }
    problems
}

impl<'a> Question<'a> {
    /// An object, whatever of the possible types it is of.
    fn composite(&self, path: &str, value: &Value, name: &str, sets: &[&'a SelectionSet], problems: &mut Vec<String>) {
        let Some(object) = value.as_object() else {
            problems.push(format!("{path}: `{name}` is an object, not {value}"));
            return;
        };
        let mut possible = self.possible(name);
        if let Some(said) = object.get("__typename") {
            possible.retain(|name| *name == said.as_str().unwrap_or_default());
            if possible.is_empty() {
                problems.push(format!("{path}: {said} is no `{name}`"));
                return;
            }
        }
        let found = possible.into_iter().map(|name| {
            let mut found = Vec::new();
            self.object(path, object, name, sets, &mut found);
            found
        });
        // An answer that does not say its type is right if it is right for one of them.
        let mut best: Option<Vec<String>> = None;
        for found in found {
            let whole = found.is_empty();
            if best.as_ref().is_none_or(|best| found.len() < best.len()) {
                best = Some(found);
            }
            if whole {
                break;
            }
        }
        problems.extend(best.unwrap_or_default());
    }

    /// The object types that a value of a type can be of.
    fn possible(&self, name: &str) -> Vec<&'a str> {
        match self.contract.schema.types.get_key_value(name) {
            Some((name, ExtendedType::Object(_))) => vec![name.as_str()],
            Some((name, ExtendedType::Interface(_))) => {
                self.contract.implementers.get(name).map(|found| found.objects.iter().map(Name::as_str).collect()).unwrap_or_default()
            }
            Some((_, ExtendedType::Union(union))) => union.members.iter().map(|member| member.name.as_str()).collect(),
            _ => Vec::new(),
        }
    }

    fn object(&self, path: &str, object: &Map<String, Value>, name: &str, sets: &[&'a SelectionSet], problems: &mut Vec<String>) {
        let mut fields: BTreeMap<&str, Vec<&'a Field>> = BTreeMap::new();
        for set in sets {
            self.gather(set, name, &mut fields);
        }
        for key in object.keys().filter(|key| !fields.contains_key(key.as_str())) {
            problems.push(format!("{path}.{key}: nobody asked a `{name}` for it"));
        }
        let missing = fields.keys().filter(|key| !object.contains_key(**key));
        problems.extend(missing.map(|key| format!("{path}.{key}: a `{name}` was asked for it")));
        for (key, fields) in &fields {
            if let (Some(value), Some(first)) = (object.get(*key), fields.first()) {
                self.value(&format!("{path}.{key}"), value, first.ty(), fields, problems);
            }
        }
    }

    /// The fields that an object of this type is asked for, by the name in the answer.
    fn gather(&self, set: &'a SelectionSet, name: &str, fields: &mut BTreeMap<&'a str, Vec<&'a Field>>) {
        let applies = |condition: &str| condition == name || self.contract.schema.is_subtype(condition, name);
        for selection in &set.selections {
            if !self.is_included(selection) {
                continue;
            }
            match selection {
                Selection::Field(field) => fields.entry(field.response_key().as_str()).or_default().push(field),
                Selection::InlineFragment(fragment) => {
                    if fragment.type_condition.as_ref().is_none_or(|condition| applies(condition)) {
                        self.gather(&fragment.selection_set, name, fields);
                    }
                }
                Selection::FragmentSpread(spread) => {
                    if let Some(fragment) =
                        self.document.fragments.get(&spread.fragment_name).filter(|fragment| applies(fragment.type_condition()))
                    {
                        self.gather(&fragment.selection_set, name, fields);
                    }
                }
            }
        }
    }

    fn is_included(&self, selection: &Selection) -> bool {
        let holds = |directive: &str| {
            let argument = selection.directives().get(directive)?.specified_argument_by_name("if")?;
            let variable = argument.as_variable().and_then(|name| self.variables.get(name.as_str())?.as_bool());
            variable.or_else(|| argument.to_bool())
        };
        holds("include") != Some(false) && holds("skip") != Some(true)
    }

    fn value(&self, path: &str, value: &Value, ty: &Type, fields: &[&'a Field], problems: &mut Vec<String>) {
        if value.is_null() {
            if ty.is_non_null() {
                problems.push(format!("{path}: null where the type is `{ty}`"));
            }
            return;
        }
        match ty {
            Type::List(item) | Type::NonNullList(item) => match value.as_array() {
                Some(items) => {
                    for (index, value) in items.iter().enumerate() {
                        self.value(&format!("{path}[{index}]"), value, item, fields, problems);
                    }
                }
                None => problems.push(format!("{path}: `{ty}` is a list, not {value}")),
            },
            Type::Named(name) | Type::NonNullNamed(name) => self.named(path, value, name, fields, problems),
        }
    }

    fn named(&self, path: &str, value: &Value, name: &Name, fields: &[&'a Field], problems: &mut Vec<String>) {
        match self.contract.schema.types.get(name) {
            Some(ExtendedType::Scalar(_)) if is_scalar(name, value) => {}
            Some(ExtendedType::Enum(known)) if value.as_str().is_some_and(|value| known.values.contains_key(value)) => {}
            Some(ExtendedType::Scalar(_) | ExtendedType::Enum(_)) => problems.push(format!("{path}: {value} is no `{name}`")),
            _ => {
                let sets: Vec<_> = fields.iter().map(|field| &field.selection_set).collect();
                self.composite(path, value, name, &sets, problems);
            }
        }
    }
}

/// Whether a value is how GitHub writes a scalar of this type.
fn is_scalar(name: &str, value: &Value) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    match (name, value) {
        ("Int", Value::Number(number)) => number.as_i64().is_some_and(|number| i32::try_from(number).is_ok()),
        ("Float", Value::Number(_)) | ("Boolean", Value::Bool(_)) => true,
        ("Int" | "Float" | "Boolean", _) => false,
        ("BigInt", Value::String(text)) => digits(text.strip_prefix('-').unwrap_or(text)),
        ("GitObjectID", Value::String(text)) => text.len() == 40 && text.bytes().all(|byte| byte.is_ascii_hexdigit()),
        ("URI", Value::String(text)) => text.contains("://"),
        ("DateTime" | "PreciseDateTime", Value::String(text)) => is_like(text, "dddd-dd-ddTdd:dd:ddZ"),
        ("Date", Value::String(text)) => is_like(text, "dddd-dd-dd"),
        // GitHub's other scalars are texts too.
        (_, value) => value.is_string(),
    }
}

fn is_like(text: &str, pattern: &str) -> bool {
    let same = |(byte, wanted): (u8, u8)| if wanted == b'd' { byte.is_ascii_digit() } else { byte == wanted };
    text.len() == pattern.len() && text.bytes().zip(pattern.bytes()).all(same)
}

/// The text of a schema without the second definition of a field in one type.
///
/// Fields are indented by two blanks, their arguments by four up to a `)` at two, and a type ends with `}` at the margin. What described
/// the repetition stands before it and goes too.
fn without_repeated_fields(text: &str) -> String {
    let mut kept: Vec<&str> = Vec::new();
    let mut described_from = None;
    let mut seen: HashSet<&str> = HashSet::new();
    let (mut in_description, mut in_arguments, mut skips) = (false, false, false);
    for line in text.lines() {
        let quotes = line.matches("\"\"\"").count();
        if quotes > 0 && !in_description && !in_arguments {
            described_from = Some(kept.len());
        }
        let in_text = in_description || quotes > 0;
        in_description ^= quotes % 2 == 1;
        if in_text || in_arguments {
            in_arguments &= in_text || !line.starts_with("  )");
        } else if line == "}" {
            seen.clear();
        } else if let Some(field) = line.strip_prefix("  ").filter(|rest| rest.starts_with(|first: char| first.is_ascii_alphabetic())) {
            skips = !seen.insert(field.split(['(', ':', ' ']).next().unwrap_or_default());
            if skips {
                kept.truncate(described_from.unwrap_or(kept.len()));
            }
            in_arguments = field.ends_with('(');
            described_from = None;
        }
        if !skips {
            kept.push(line);
        }
        skips &= in_arguments;
    }
    kept.join("\n")
}
