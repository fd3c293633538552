//! References between entities: `[kind:][namespace/]name`, where the field that a reference stands in says what is left out.

use std::fmt;

use super::people::People;

/// The longest name that Backstage takes.
const LONGEST_NAME: usize = 63;

/// The entity that a reference names; in small letters, for case does not tell entities apart.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Reference {
    pub(super) kind: String,
    pub(super) namespace: String,
    /// Of a person, the pseudonym.
    pub(super) name: String,
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}/{}", self.kind, self.namespace, self.name)
    }
}

impl Reference {
    /// Reads a reference from a field whose entities are of this kind unless they say otherwise, in an entity of this namespace.
    ///
    /// An address, which Backstage's own examples have for an owner, is a person.
    pub(super) fn parse(text: &str, kind: &str, namespace: &str, people: &People<'_>) -> Option<Self> {
        if let Some(somebody) = people.address(text) {
            return Some(Self { kind: "user".to_owned(), namespace: namespace.to_lowercase(), name: somebody.to_string() });
        }
        let (kind, rest) = text.split_once(':').unwrap_or((kind, text));
        let (namespace, name) = rest.split_once('/').unwrap_or((namespace, rest));
        let is_kind =
            kind.starts_with(|first: char| first.is_ascii_alphabetic()) && kind.chars().all(|letter| letter.is_ascii_alphanumeric());
        if !is_kind || !is_name(namespace) || !is_name(name) {
            return None;
        }
        let (kind, namespace) = (kind.to_lowercase(), namespace.to_lowercase());
        let name = if kind == "user" { people.key(name).to_string() } else { name.to_lowercase() };
        Some(Self { kind, namespace, name })
    }
}

/// Whether an entity can have this name.
pub(super) fn is_name(name: &str) -> bool {
    (1..=LONGEST_NAME).contains(&name.len()) && name.chars().all(|letter| letter.is_ascii_alphanumeric() || "-_.".contains(letter))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::privacy::Pseudonyms;

    #[test]
    fn what_is_left_out_the_field_says() {
        let pseudonyms = Pseudonyms::new(&"key".into());
        let people = People::new(&pseudonyms, false);
        let parse = |text: &str| Reference::parse(text, "group", "Sea", &people).map(|reference| reference.to_string());
        for (text, expected) in [
            ("lamps", "group:sea/lamps"),
            ("Group:Lamps", "group:sea/lamps"),
            ("default/lamps", "group:default/lamps"),
            ("Component:default/Lamp.api_1", "component:default/lamp.api_1"),
        ] {
            assert_eq!(parse(text).as_deref(), Some(expected), "{text}");
        }
        for text in
            ["", ":", "/", "group:", "group:/x", "a/b/c", "a:b:c", "Ada Lovelace", "1:x", "group:default/", "@sea/lamps", &"x".repeat(64)]
        {
            assert_eq!(parse(text), None, "{text}");
        }
        assert!(parse(&"x".repeat(63)).is_some());
    }

    #[test]
    fn a_person_is_a_pseudonym_and_one_that_is_one_stays() {
        let pseudonyms = Pseudonyms::new(&"key".into());
        let key = |source, name| pseudonyms.of(source, name).to_string();
        let open = People::new(&pseudonyms, false);
        let ada = key("catalog", "ada");
        assert_eq!(Reference::parse("User:Ada", "group", "default", &open).unwrap().to_string(), format!("user:default/{ada}"));
        assert_eq!(Reference::parse("ada", "user", "sea", &open).unwrap().to_string(), format!("user:sea/{ada}"));
        let address = Reference::parse("ada@sea.example", "group", "default", &open).unwrap();
        assert_eq!(address.to_string(), format!("user:default/{}", key("catalog", "ada@sea.example")));
        assert_eq!(Reference::parse("user:default/ada@sea.example", "group", "default", &open), Some(address));

        let masked = People::new(&pseudonyms, true);
        let known = key("github", "ada");
        for text in [format!("user:default/{known}"), format!("user:{known}"), format!("@{known}"), format!("email:{known}")] {
            let reference = Reference::parse(&text, "group", "default", &masked).unwrap();
            assert_eq!(reference.to_string(), format!("user:default/{known}"), "{text}");
        }
    }
}
