//! People are pseudonyms before a row exists.
//!
//! A pseudonym is the first 128 bits of HMAC-SHA256 over `source:login`, keyed with a secret of the organisation: equal people stay
//! equal, and nobody without the key can tell who they are, nor try out a list of names.

use std::fmt;

use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret, SecretString};
use serde::Serialize;
use sha2::Sha256;

/// Stands for a person. It is made by [`Pseudonyms`] alone, so that a login cannot get into a row by mistake.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Pseudonym(String);

impl fmt::Display for Pseudonym {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Turns logins into pseudonyms under one key.
#[derive(Clone)]
pub struct Pseudonyms {
    keyed: Hmac<Sha256>,
}

impl fmt::Debug for Pseudonyms {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Pseudonyms(keyed)")
    }
}

impl Pseudonyms {
    /// The pseudonyms under this key.
    ///
    /// # Panics
    /// Never: HMAC takes keys of any length.
    pub fn new(key: &SecretString) -> Self {
        Self { keyed: Hmac::new_from_slice(key.expose_secret().as_bytes()).expect("HMAC takes keys of any length") }
    }

    /// The pseudonym of a login; case does not matter, as it does not to the vendors.
    pub fn of(&self, source: &str, login: &str) -> Pseudonym {
        let mut keyed = self.keyed.clone();
        keyed.update(source.as_bytes());
        keyed.update(b":");
        keyed.update(login.to_ascii_lowercase().as_bytes());
        let digest = keyed.finalize().into_bytes();
        let mut hex = String::with_capacity(32);
        for byte in &digest[..16] {
            for nibble in [byte >> 4, byte & 0xf] {
                hex.push(char::from_digit(u32::from(nibble), 16).unwrap_or('0'));
            }
        }
        Pseudonym(hex)
    }

    /// The text with a pseudonym in place of every address. What only looks like one counts as one: an address too many costs little, one
    /// too few is a leak.
    pub(crate) fn mask(&self, source: &str, text: String) -> String {
        /// Who stands before the host of a repository's address, and is nobody.
        const NOBODY: &str = "git";
        let mut masked = String::new();
        let mut told = 0;
        for (at, _) in text.match_indices('@') {
            let local = at - text[told..at].chars().rev().take_while(|&letter| is_local(letter)).map(char::len_utf8).sum::<usize>();
            let host: usize = text[at + 1..].chars().take_while(|&letter| is_host(letter)).map(char::len_utf8).sum();
            let end = at + 1 + text[at + 1..at + 1 + host].trim_end_matches(['.', '-']).len();
            if local == at || end == at + 1 || &text[local..at] == NOBODY {
                continue;
            }
            masked.push_str(&text[told..local]);
            masked.push_str(&format!("email:{}", self.of(source, &text[local..end])));
            told = end;
        }
        if told == 0 { text } else { masked + &text[told..] }
    }

    /// The pseudonym that stands in a text whose people were masked before; nothing if the text is none.
    pub(crate) fn known(text: &str) -> Option<Pseudonym> {
        let is_one = text.len() == 32 && text.bytes().all(|digit| matches!(digit, b'0'..=b'9' | b'a'..=b'f'));
        is_one.then(|| Pseudonym(text.to_owned()))
    }
}

fn is_local(letter: char) -> bool {
    letter.is_alphanumeric() || "._%+-".contains(letter)
}

fn is_host(letter: char) -> bool {
    letter.is_alphanumeric() || ".-".contains(letter)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_become_pseudonyms_and_the_rest_stays() {
        let pseudonyms = Pseudonyms::new(&"key".into());
        let masked = |text: &str| pseudonyms.mask("github", text.to_owned());
        let ada = format!("email:{}", pseudonyms.of("github", "ada@clockwork.example"));
        assert_eq!(masked("ask ada@clockwork.example."), format!("ask {ada}."));
        assert_eq!(masked("a:Ada@Clockwork.Example,ada@clockwork.example"), format!("a:{ada},{ada}"));
        assert!(!masked("jürgen@clockwork.example@clockwork.example").contains("rgen"));
        for same in ["", "plain", "@http.status_code:500", "git@github.com:clockwork/pay", "50 @ 60", "ends with @"] {
            assert_eq!(masked(same), same);
        }
    }

    #[test]
    fn same_person_same_pseudonym_other_key_other_pseudonym() {
        let ours = Pseudonyms::new(&"key".into());
        assert_eq!(ours.of("github", "Ada"), ours.of("github", "ada"));
        assert_ne!(ours.of("github", "ada"), ours.of("pagerduty", "ada"));
        assert_ne!(ours.of("github", "ada"), Pseudonyms::new(&"other".into()).of("github", "ada"));
        // What `printf github:ada | openssl dgst -sha256 -hmac key` prints, cut to 128 bits.
        assert_eq!(ours.of("github", "ada").to_string(), "77c48e797d02376f4b908049709470e1");
    }

    #[test]
    fn only_a_pseudonym_is_known_as_one() {
        let ada = Pseudonyms::new(&"key".into()).of("github", "ada");
        assert_eq!(Pseudonyms::known(&ada.to_string()), Some(ada.clone()));
        for text in ["ada", "", &ada.to_string().to_uppercase(), &format!("{ada}0"), &"g".repeat(32)] {
            assert_eq!(Pseudonyms::known(text), None, "{text}");
        }
    }
}
