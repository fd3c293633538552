//! Tags as a map: the one place where `key:value` is taken apart.

use std::collections::{BTreeMap, BTreeSet};

use crate::privacy::Pseudonyms;

use super::mask;

/// Tags by their key in lower case. Several values of a key are joined by commas, in order and each once; a tag without a colon has an
/// empty value.
pub(super) fn by_key(pseudonyms: &Pseudonyms, tags: Option<Vec<String>>) -> BTreeMap<String, String> {
    let mut values: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for tag in tags.unwrap_or_default() {
        let tag = mask(pseudonyms, tag);
        let (key, value) = tag.split_once(':').unwrap_or((&tag, ""));
        if !key.trim().is_empty() {
            let of_key = values.entry(key.trim().to_lowercase()).or_default();
            of_key.extend(Some(value.trim()).filter(|value| !value.is_empty()).map(str::to_owned));
        }
    }
    values.into_iter().map(|(key, values)| (key, Vec::from_iter(values).join(","))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn map(tags: &[&str]) -> Vec<(String, String)> {
        let tags = tags.iter().map(|&tag| tag.to_owned()).collect();
        by_key(&Pseudonyms::new(&"key".into()), Some(tags)).into_iter().collect()
    }

    fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs.iter().map(|&(key, value)| (key.to_owned(), value.to_owned())).collect()
    }

    #[test]
    fn tags_are_found_by_their_key() {
        assert_eq!(map(&["Team: keepers ", "env:prod"]), pairs(&[("env", "prod"), ("team", "keepers")]));
        assert_eq!(map(&["image:registry:5000/lamp"]), pairs(&[("image", "registry:5000/lamp")]), "a value may have colons");
        assert_eq!(map(&["service:lamp", "SERVICE:bell", "service:lamp"]), pairs(&[("service", "bell,lamp")]));
        assert_eq!(map(&["baz", "foo", "foo:bar"]), pairs(&[("baz", ""), ("foo", "bar")]));
        assert_eq!(map(&["", ":", ":x", " "]), []);
        assert!(by_key(&Pseudonyms::new(&"key".into()), None).is_empty());
    }

    #[test]
    fn no_address_stays_in_a_tag() {
        let tags = map(&["owner:ada@clockwork.example"]);
        assert!(tags[0].1.starts_with("email:") && !tags[0].1.contains("ada"), "{tags:?}");
    }
}
