//! Credentials: a token, or a GitHub App that makes tokens of an hour's life.
//!
//! octocrab could sign for an App as well, but only with a second crypto library beside ring, and it asks for tokens outside of our
//! timeouts, retries and budget.

use std::{fmt, sync::OnceLock};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use bytes::Bytes;
use chrono::{DateTime, Utc};
use http::{HeaderValue, Method};
use ring::{rand::SystemRandom, rsa::KeyPair, signature::RSA_PKCS1_SHA256};
use rustls_pki_types::{PrivateKeyDer, pem::PemObject};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde_json::json;
use tokio::sync::Mutex;

use super::{
    ApiErrorKind,
    answer::{Answer, Trouble, judge},
    budget::{Budget, Limits},
    host::Host,
};

/// What requests are authorised with.
#[derive(Clone, Debug)]
pub struct Credential {
    /// What people know it by: the variable that holds it.
    pub name: String,
    /// Logins of the organisations it is for; all when empty.
    pub organizations: Vec<String>,
    /// The secret itself.
    pub secret: Secret,
}

impl Credential {
    /// Whether it reads this organisation. GitHub's names ignore case.
    pub(super) fn is_for(&self, organization: &str) -> bool {
        self.organizations.is_empty() || self.organizations.iter().any(|name| name.eq_ignore_ascii_case(organization))
    }
}

/// A token, or what makes one.
#[derive(Clone, Debug)]
pub enum Secret {
    /// A personal access token.
    Token(SecretString),
    /// A GitHub App, installed in each of the organisations.
    App {
        /// Its id, or its client id.
        app_id: String,
        /// Its private key, PEM.
        private_key: SecretString,
        /// The installation; looked up by organisation when unset.
        installation_id: Option<u64>,
    },
}

/// A credential in use, with its budget.
pub(super) struct Key {
    pub(super) name: String,
    pub(super) budget: Budget,
    bearer: Bearer,
    /// What GitHub said when it refused it.
    refusal: OnceLock<String>,
}

enum Bearer {
    Token(HeaderValue),
    App(Box<App>),
}

/// An App as one organisation installed it.
struct App {
    app_id: String,
    key: KeyPair,
    organization: String,
    installation: Mutex<Option<u64>>,
    token: Mutex<Option<Token>>,
}

struct Token {
    header: HeaderValue,
    renew_at: DateTime<Utc>,
}

#[derive(Deserialize)]
struct Made {
    token: String,
    expires_at: DateTime<Utc>,
}

#[derive(Deserialize)]
struct Installation {
    id: u64,
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Key").field("name", &self.name).finish_non_exhaustive()
    }
}

impl Key {
    /// The credential as it is used for one organisation.
    ///
    /// # Errors
    /// With what is wrong with the secret, never the secret.
    pub(super) fn new(credential: &Credential, organization: &str, limits: &Limits) -> Result<Self, String> {
        let bearer = match &credential.secret {
            Secret::Token(token) => Bearer::Token(bearer(token).ok_or("no token: it holds characters that no token has")?),
            Secret::App { app_id, private_key, installation_id } => Bearer::App(Box::new(App {
                app_id: app_id.clone(),
                key: key_pair(private_key)?,
                organization: organization.to_owned(),
                installation: Mutex::new(*installation_id),
                token: Mutex::new(None),
            })),
        };
        Ok(Self { name: credential.name.clone(), budget: Budget::new(limits), bearer, refusal: OnceLock::new() })
    }

    /// Why GitHub refused it, if it did: there is no use in trying again.
    pub(super) fn refusal(&self) -> Option<&String> {
        self.refusal.get()
    }

    pub(super) fn refuse(&self, message: &str) {
        // The first word counts, should several tasks hear it.
        let _ = self.refusal.set(message.to_owned());
    }

    /// The `Authorization` header; an App asks for a token first when it has none, or one that is about to expire.
    pub(super) async fn authorization(&self, host: &Host) -> Result<HeaderValue, Trouble> {
        match &self.bearer {
            Bearer::Token(header) => Ok(header.clone()),
            Bearer::App(app) => app.authorization(host).await,
        }
    }

    /// After a 401: whether another token may be better than this one was.
    pub(super) async fn renew(&self, refused: &HeaderValue) -> bool {
        let Bearer::App(app) = &self.bearer else { return false };
        let mut token = app.token.lock().await;
        match &*token {
            // Another task has renewed it in the meantime.
            Some(newer) if newer.header != *refused => true,
            _ => token.take().is_some(),
        }
    }

    /// For an App, the `Authorization` of the App itself and the path of its installation, which tells what it may do.
    pub(super) async fn installation(&self, host: &Host) -> Option<Result<(HeaderValue, String), Trouble>> {
        let Bearer::App(app) = &self.bearer else { return None };
        let installation = async {
            let id = app.installation(host).await?;
            Ok((app.signed()?, format!("/app/installations/{id}")))
        };
        Some(installation.await)
    }
}

impl App {
    async fn authorization(&self, host: &Host) -> Result<HeaderValue, Trouble> {
        let mut token = self.token.lock().await;
        if let Some(token) = token.as_ref().filter(|token| token.renew_at > Utc::now()) {
            return Ok(token.header.clone());
        }
        let path = format!("/app/installations/{}/access_tokens", self.installation(host).await?);
        let answer = self.ask(host, Method::POST, &path).await?;
        let made: Made = read(&answer)?;
        let header = bearer(&made.token.into()).ok_or_else(|| refused("an installation token that cannot be sent"))?;
        // Some life is left when it is renewed, for requests under way and clocks that differ.
        let life = made.expires_at - Utc::now();
        let renew_at = made.expires_at - (life / 10).min(chrono::Duration::minutes(5));
        *token = Some(Token { header: header.clone(), renew_at });
        Ok(header)
    }

    async fn installation(&self, host: &Host) -> Result<u64, Trouble> {
        let mut installation = self.installation.lock().await;
        if let Some(id) = *installation {
            return Ok(id);
        }
        let answer = self.ask(host, Method::GET, &format!("/orgs/{}/installation", self.organization)).await?;
        let found: Installation = read(&answer)?;
        *installation = Some(found.id);
        Ok(found.id)
    }

    /// A request in the App's own name.
    async fn ask(&self, host: &Host, method: Method, path: &str) -> Result<Answer, Trouble> {
        let body = (method == Method::POST).then(|| Bytes::from_static(b"{}"));
        let exchange = host.exchange(&method, &host.rest(path), body, None, self.signed()?).await;
        exchange.and_then(|(status, answer)| judge(&Method::GET, status, answer)).map_err(|trouble| match trouble {
            // Nothing else can be read without a token, so whatever is refused here is the credential.
            Trouble::GiveUp(_, message) => refused(&format!("{message}, asked for `{path}` as App {}", self.app_id)),
            other => other,
        })
    }

    /// `Bearer` and a JWT, as GitHub asks for it: begun a minute ago, since clocks differ, and over within ten minutes.
    fn signed(&self) -> Result<HeaderValue, Trouble> {
        let now = Utc::now().timestamp();
        let claims = json!({"iat": now - 60, "exp": now + 540, "iss": self.app_id});
        let part = |json: &serde_json::Value| URL_SAFE_NO_PAD.encode(json.to_string());
        let signed = format!("{}.{}", part(&json!({"alg": "RS256", "typ": "JWT"})), part(&claims));
        let mut signature = vec![0; self.key.public().modulus_len()];
        let done = self.key.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), signed.as_bytes(), &mut signature);
        done.map_err(|_| refused("a private key that does not sign"))?;
        bearer(&format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature)).into()).ok_or_else(|| refused("a signature that cannot be sent"))
    }
}

fn refused(message: &str) -> Trouble {
    Trouble::GiveUp(ApiErrorKind::Unauthorized, message.to_owned())
}

/// What GitHub says about tokens and installations. A shape that is not that is told without the answer, which may hold a token.
fn read<T: for<'de> Deserialize<'de>>(answer: &Answer) -> Result<T, Trouble> {
    serde_json::from_slice(&answer.body)
        .map_err(|_| Trouble::GiveUp(ApiErrorKind::Unexpected, "an unexpected shape in answer to an App's request".to_owned()))
}

fn bearer(token: &SecretString) -> Option<HeaderValue> {
    let mut header = HeaderValue::from_str(&format!("Bearer {}", token.expose_secret())).ok()?;
    header.set_sensitive(true);
    Some(header)
}

/// The key of a PEM text. A variable often holds it on one line, with `\n` spelled out.
fn key_pair(pem: &SecretString) -> Result<KeyPair, String> {
    let pem = pem.expose_secret().replace("\\n", "\n");
    let der = PrivateKeyDer::from_pem_slice(pem.as_bytes()).map_err(|_| "no private key: PEM is expected, as GitHub hands it out")?;
    let pair = match &der {
        PrivateKeyDer::Pkcs1(key) => KeyPair::from_der(key.secret_pkcs1_der()),
        PrivateKeyDer::Pkcs8(key) => KeyPair::from_pkcs8(key.secret_pkcs8_der()),
        _ => return Err("a private key of another kind than RSA".to_owned()),
    };
    pair.map_err(|error| format!("a private key that cannot be used: {error}"))
}
