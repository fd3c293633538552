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
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn same_person_same_pseudonym_other_key_other_pseudonym() {
        let ours = Pseudonyms::new(&"key".into());
        assert_eq!(ours.of("github", "Ada"), ours.of("github", "ada"));
        assert_ne!(ours.of("github", "ada"), ours.of("pagerduty", "ada"));
        assert_ne!(ours.of("github", "ada"), Pseudonyms::new(&"other".into()).of("github", "ada"));
        // What `printf github:ada | openssl dgst -sha256 -hmac key` prints, cut to 128 bits.
        assert_eq!(ours.of("github", "ada").to_string(), "77c48e797d02376f4b908049709470e1");
    }
}
