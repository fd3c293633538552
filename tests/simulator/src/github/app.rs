//! An App that every organisation has installed: it proves who it is with a token that it signs itself, and gets tokens in return that
//! last an hour.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use ring::signature::{RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey};
use serde::Deserialize;
use serde_json::Value;

use crate::company::identity::Identity;
use crate::github::access::{self, Bearer};
use crate::github::ids;
use crate::github::rate::real_now;

/// The App's number.
pub(crate) const ID: u64 = 1_417_033;
/// The App's name in URLs.
pub(crate) const SLUG: &str = "lamplighter-census";
/// The other name that the App may sign with.
pub(crate) const CLIENT_ID: &str = "Iv23liLamplighterCns";

/// How far ahead the end of a signed token may lie, in seconds.
const FURTHEST: u64 = 600;
/// How much clocks may differ, in seconds.
const TOLERANCE: u64 = 5;
/// How long the vendor's tokens last.
const HOUR: Duration = Duration::from_secs(3_600);

/// The App's keys, and the tokens that its installations got.
pub(crate) struct App {
    seed: u64,
    /// Public keys as PKCS #1 has them.
    keys: Mutex<Vec<Vec<u8>>>,
    tokens: Mutex<Tokens>,
}

struct Tokens {
    lifetime: Duration,
    made: Vec<Token>,
}

/// A token of an installation.
#[derive(Clone)]
pub(crate) struct Token {
    pub(crate) text: String,
    /// The organisation of its installation.
    identity: &'static Identity,
    /// Real time, in Unix seconds, like the allowances.
    pub(crate) expires_at: u64,
}

/// The number of its installation in an organisation.
pub(crate) fn installation(identity: &Identity) -> u64 {
    identity.number(55_118_204, 1, 0)
}

/// What a signed token says.
#[derive(Deserialize)]
struct Claims {
    /// Who signed it: the App's number, which many write as text, or its client id.
    iss: Value,
    iat: u64,
    exp: u64,
}

impl App {
    /// An App that nobody can speak for until a key is trusted.
    pub(crate) fn new(seed: u64) -> App {
        App { seed, keys: Mutex::default(), tokens: Mutex::new(Tokens { lifetime: HOUR, made: Vec::new() }) }
    }

    /// Trusts what is signed with the private half of this RSA key, in DER as PKCS #1 or as X.509 (`openssl rsa -pubout`) has it.
    pub(crate) fn trust(&self, public_key: &[u8]) {
        self.keys.lock().unwrap_or_else(PoisonError::into_inner).push(bare(public_key).to_vec());
    }

    /// Whether a signed token is the App's, and in force. The error is what the vendor says about one that is not.
    pub(crate) fn verify(&self, signed: &str) -> Result<(), &'static str> {
        const UNREADABLE: &str = "A JSON web token could not be decoded";
        let (said, signature) = signed.rsplit_once('.').ok_or(UNREADABLE)?;
        let (header, claims) = said.split_once('.').ok_or(UNREADABLE)?;
        let header: Value = read(header).ok_or(UNREADABLE)?;
        let claims: Claims = read(claims).ok_or(UNREADABLE)?;
        let signature = ids::unbase64(signature).ok_or(UNREADABLE)?;
        let keys = self.keys.lock().unwrap_or_else(PoisonError::into_inner);
        let is_signed =
            |key: &Vec<u8>| UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, key).verify(said.as_bytes(), &signature).is_ok();
        if header["alg"] != "RS256" || !keys.iter().any(is_signed) {
            return Err(UNREADABLE);
        }
        let issuer = claims.iss.as_str().map_or_else(|| claims.iss.to_string(), str::to_owned);
        let now = real_now();
        if issuer != ID.to_string() && issuer != CLIENT_ID {
            Err("'Issuer' claim ('iss') must be an Integer or the client ID of the App")
        } else if claims.iat > now + TOLERANCE {
            Err("'Issued at' claim ('iat') must be an Integer representing the time that the assertion was issued")
        } else if claims.exp <= now {
            Err("'Expiration time' claim ('exp') must be a numeric value representing the future time at which the assertion expires")
        } else if claims.exp > now + FURTHEST + TOLERANCE {
            Err("'Expiration time' claim ('exp') is too far in the future")
        } else {
            Ok(())
        }
    }

    /// Makes a token for the installation in this organisation.
    pub(crate) fn make_token(&self, identity: &'static Identity) -> Token {
        let mut tokens = self.tokens.lock().unwrap_or_else(PoisonError::into_inner);
        let text = access::letters("ghs_", self.seed, 1 << 16 | tokens.made.len() as u64);
        let token = Token { text, identity, expires_at: real_now() + tokens.lifetime.as_secs() };
        tokens.made.push(token.clone());
        token
    }

    /// Whose token this is, if it is one and in force.
    pub(crate) fn bearer(&self, text: &str) -> Option<Bearer> {
        let tokens = self.tokens.lock().unwrap_or_else(PoisonError::into_inner);
        let now = real_now();
        let place = tokens.made.iter().position(|token| token.text == text && token.expires_at > now)?;
        Some(Bearer::of_installation(place, tokens.made[place].identity))
    }

    /// How long tokens last that are made from now on.
    pub(crate) fn set_lifetime(&self, lifetime: Duration) {
        self.tokens.lock().unwrap_or_else(PoisonError::into_inner).lifetime = lifetime;
    }

    /// Ends every token before its time.
    pub(crate) fn revoke(&self) {
        for token in &mut self.tokens.lock().unwrap_or_else(PoisonError::into_inner).made {
            token.expires_at = 0;
        }
    }

    /// Every token made so far, also those that ended.
    pub(crate) fn tokens(&self) -> Vec<String> {
        self.tokens.lock().unwrap_or_else(PoisonError::into_inner).made.iter().map(|token| token.text.clone()).collect()
    }
}

fn read<T: for<'a> Deserialize<'a>>(part: &str) -> Option<T> {
    serde_json::from_slice(&ids::unbase64(part)?).ok()
}

/// A key without the envelope that says what kind of key it is.
fn bare(key: &[u8]) -> &[u8] {
    /// `rsaEncryption` without parameters, and the tag of the bits that follow.
    const ENVELOPE: &[u8] = &[0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00, 0x03];
    let Some(place) = key.windows(ENVELOPE.len()).position(|window| window == ENVELOPE) else { return key };
    let rest = &key[place + ENVELOPE.len()..];
    // A length of more than 127 says first in how many bytes it is written; then comes the number of unused bits.
    let length = rest.first().map_or(0, |first| 1 + if *first > 0x80 { usize::from(first & 0x7f) } else { 0 });
    rest.get(length + 1..).unwrap_or_default()
}

#[cfg(test)]
pub(crate) mod tests {
    use std::process::{Command, Stdio};

    use ring::rand::SystemRandom;
    use ring::signature::{RSA_PKCS1_SHA256, RsaKeyPair};
    use serde_json::json;

    use super::*;

    /// A key made for one test.
    pub(crate) struct Key {
        pair: RsaKeyPair,
        /// As `openssl rsa -pubout` has it.
        pub(crate) public: Vec<u8>,
    }

    impl Key {
        /// A new key; nothing where there is no `openssl`.
        pub(crate) fn generate() -> Option<Key> {
            let run = |arguments: &[&str], input: &[u8]| -> Option<Vec<u8>> {
                let mut command = Command::new("openssl");
                let command = command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
                let mut child = command.spawn().ok()?;
                std::io::Write::write_all(&mut child.stdin.take()?, input).ok()?;
                let output = child.wait_with_output().ok()?;
                output.status.success().then_some(output.stdout)
            };
            let private = run(&["genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048", "-outform", "DER"], &[])?;
            let public = run(&["pkey", "-inform", "DER", "-pubout", "-outform", "DER"], &private)?;
            Some(Key { pair: RsaKeyPair::from_pkcs8(&private).ok()?, public })
        }

        /// Signs as the App would, or as somebody else.
        pub(crate) fn sign(&self, claims: &Value) -> String {
            let part = |value: &Value| ids::base64(value.to_string().as_bytes(), ids::URL_SAFE, false);
            let said = format!("{}.{}", part(&json!({ "alg": "RS256", "typ": "JWT" })), part(claims));
            let mut signature = vec![0; self.pair.public().modulus_len()];
            self.pair.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), said.as_bytes(), &mut signature).expect("the key is good");
            format!("{said}.{}", ids::base64(&signature, ids::URL_SAFE, false))
        }

        /// What the App signs when it does everything right.
        pub(crate) fn good(&self) -> String {
            let now = real_now();
            self.sign(&json!({ "iss": ID.to_string(), "iat": now - 60, "exp": now + 500 }))
        }
    }

    #[test]
    fn only_what_the_app_signed_in_time_is_believed() {
        let (Some(key), Some(other)) = (Key::generate(), Key::generate()) else { return };
        let app = App::new(1);
        assert!(app.verify(&key.good()).is_err(), "nobody trusts it yet");
        app.trust(&key.public);
        assert_eq!(app.verify(&key.good()), Ok(()));
        assert!(app.verify(&other.good()).is_err() && app.verify("a.b.c").is_err() && app.verify("").is_err());
        let now = real_now();
        for (claims, part) in [
            (json!({ "iss": 7, "iat": now, "exp": now + 60 }), "'iss'"),
            (json!({ "iss": ID, "iat": now + 90, "exp": now + 120 }), "'iat'"),
            (json!({ "iss": ID, "iat": now - 90, "exp": now - 30 }), "'exp'"),
            (json!({ "iss": CLIENT_ID, "iat": now, "exp": now + 700 }), "too far"),
        ] {
            assert!(app.verify(&key.sign(&claims)).is_err_and(|message| message.contains(part)), "{claims}");
        }
        assert_eq!(app.verify(&key.sign(&json!({ "iss": ID, "iat": now, "exp": now + 600 }))), Ok(()));
        let (said, signature) = (key.sign(&json!({ "iss": 7, "iat": now, "exp": now + 60 })), key.good());
        let forged = format!("{}.{}", signature.rsplit_once('.').expect("three parts").0, said.rsplit_once('.').expect("three parts").1);
        assert!(app.verify(&forged).is_err());
    }
}
