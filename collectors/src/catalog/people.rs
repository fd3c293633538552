//! Who and what must not get into a row: people are pseudonyms, and text that names somebody or holds a secret is left out.

use url::Url;

use crate::privacy::{Pseudonym, Pseudonyms};

/// The people of one file. Those of a repository's file are pseudonyms already, and stay the same.
#[derive(Clone, Copy, Debug)]
pub(super) struct People<'a> {
    pseudonyms: &'a Pseudonyms,
    is_masked: bool,
}

impl<'a> People<'a> {
    pub(super) const fn new(pseudonyms: &'a Pseudonyms, is_masked: bool) -> Self {
        Self { pseudonyms, is_masked }
    }

    /// The pseudonym of a name.
    pub(super) fn key(&self, name: &str) -> Pseudonym {
        let known = if self.is_masked { Pseudonyms::known(name) } else { None };
        known.unwrap_or_else(|| self.pseudonyms.of("catalog", name))
    }

    /// The pseudonym of whom an address or a handle stands for; nothing if the text is neither.
    pub(super) fn address(&self, text: &str) -> Option<Pseudonym> {
        let masked = text.strip_prefix("email:").filter(|_| self.is_masked);
        let handle = || Some(last_part(text)).filter(|name| name.contains('@'));
        masked.or_else(handle).map(|somebody| self.key(somebody.trim_start_matches('@')))
    }

    /// The pseudonym of a member, who may be written as a reference; nothing if a team is meant.
    pub(super) fn member(&self, text: &str) -> Option<Pseudonym> {
        let is_team = text.to_lowercase().starts_with("group:") || (text.starts_with('@') && text.contains('/'));
        let name = last_part(text);
        (!is_team && !name.is_empty()).then(|| self.address(text).unwrap_or_else(|| self.key(name)))
    }
}

/// The name in a reference, without kind and namespace.
fn last_part(text: &str) -> &str {
    text.rsplit([':', '/']).next().unwrap_or(text)
}

/// A text, unless an address, a handle or a reference to a person stands in it.
pub(super) fn nameless(text: &str) -> Option<String> {
    let lower = text.to_lowercase();
    let names_somebody = ["@", "%40", "mailto:", "email:", "user:"].iter().any(|sign| lower.contains(sign));
    (!text.is_empty() && !names_somebody).then(|| text.to_owned())
}

/// Whether what stands under this key may be a secret.
pub(super) fn is_secret(key: &str) -> bool {
    let key = key.to_lowercase();
    let has_key = key.split(|letter: char| !letter.is_alphanumeric()).any(|word| word.ends_with("key"));
    has_key || ["token", "secret", "password"].iter().any(|word| key.contains(word))
}

/// A web address that names nobody and holds no secret: in its account, in its query, or as the whole, as that of a Slack webhook does.
pub(super) fn open_link(text: &str) -> Option<Url> {
    let url = Url::parse(&nameless(text)?).ok()?;
    let host = url.host_str()?;
    let is_open =
        matches!(url.scheme(), "http" | "https") && host != "hooks.slack.com" && !url.query_pairs().any(|(key, _)| is_secret(&key));
    is_open.then_some(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_are_pseudonyms_however_they_are_written() {
        let pseudonyms = Pseudonyms::new(&"key".into());
        let (open, masked) = (People::new(&pseudonyms, false), People::new(&pseudonyms, true));
        let ada = pseudonyms.of("catalog", "ada");
        for text in ["ada", "user:Ada", "User:default/ada", "@ada"] {
            assert_eq!(open.member(text), Some(ada.clone()), "{text}");
        }
        for text in [format!("user:default/{ada}"), ada.to_string(), format!("@{ada}"), format!("email:{ada}")] {
            assert_eq!(masked.member(&text), Some(ada.clone()), "{text}");
        }
        assert_eq!((open.member("group:default/lamps"), open.member("@sea/lamps"), open.member("user:")), (None, None, None));
    }

    #[test]
    fn text_that_names_somebody_is_left_out() {
        for text in ["", "ada@sea.example", "ask @ada", "mailto:ada", "USER:ada", "https://x.example/%40ada"] {
            assert_eq!(nameless(text), None, "{text}");
        }
        assert_eq!(nameless("Lamp API").as_deref(), Some("Lamp API"));
    }

    #[test]
    fn secrets_are_known_by_their_keys() {
        for key in ["pagerduty.com/integration-key", "apiKey", "x.example/auth_token", "client-secret", "db.password"] {
            assert!(is_secret(key), "{key}");
        }
        for key in ["tier", "pci-scope", "keyboard", "pagerduty.com/service-id"] {
            assert!(!is_secret(key), "{key}");
        }
    }

    #[test]
    fn a_link_leads_somewhere_that_everyone_may_see() {
        for text in
            ["https://hooks.slack.com/services/T/B/x", "https://x.example/?api_key=1", "https://ada:pw@x.example/", "slack://x", "x"]
        {
            assert_eq!(open_link(text), None, "{text}");
        }
        assert_eq!(open_link("https://x.example/a?b=c").map(String::from).as_deref(), Some("https://x.example/a?b=c"));
    }
}
