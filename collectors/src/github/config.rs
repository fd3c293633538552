//! The `[github]` section of `almanac.toml`.

use serde::Deserialize;

pub use super::file_path::FilePath;

/// What to read from GitHub, and where it is. Defaults and reasons stand in the commented `almanac.toml`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct GithubConfig {
    /// Logins of the organisations.
    pub organizations: Vec<String>,
    /// REST address: `https://api.github.com`, or `https://HOST/api/v3` for an Enterprise Server.
    pub api_url: String,
    /// GraphQL address where it is not `{api_url}/graphql`; on the same host.
    pub graphql_url: Option<String>,
    /// Environment variable that holds the token; `GITHUB_TOKEN` where no other credential is named.
    pub token_env: Option<String>,
    /// Id or client id of a GitHub App, instead of a token.
    pub app_id: Option<AppId>,
    /// Environment variable that holds the App's private key.
    pub private_key_env: Option<String>,
    /// The App's installation; looked up by organisation when unset.
    pub installation_id: Option<u64>,
    /// Several credentials, instead of the one above.
    pub credentials: Vec<CredentialConfig>,
    /// Requests in flight at once, for each credential.
    pub concurrency: usize,
    /// REST requests a minute, for each credential.
    pub rest_per_minute: usize,
    /// GraphQL requests a minute, for each credential.
    pub graphql_per_minute: usize,
    /// Share of the hourly limits that is left to others [0–1].
    pub reserve: f64,
    /// How long one request may take [s].
    pub timeout_s: u64,
    /// The longest wait for a rate limit; beyond it the rest is recorded as `rate_limited` [s].
    pub max_wait_s: u64,
    /// How far back the first reading of workflow runs and deployments goes [days].
    pub history_days: u32,
    /// The files that are looked for in every repository.
    pub files: Vec<FilePath>,
    /// The size up to which the text of such a file is kept [bytes].
    pub max_file_bytes: u32,
}

/// One of several credentials: a token, or a GitHub App.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct CredentialConfig {
    /// Logins of the organisations it is for; all when empty.
    pub organizations: Vec<String>,
    /// Environment variable that holds a token.
    pub token_env: Option<String>,
    /// Id or client id of a GitHub App.
    pub app_id: Option<AppId>,
    /// Environment variable that holds the App's private key.
    pub private_key_env: Option<String>,
    /// The App's installation; looked up by organisation when unset.
    pub installation_id: Option<u64>,
}

/// An App's id is a number, its client id a text; GitHub takes either.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub enum AppId {
    /// The id.
    Number(u64),
    /// The client id.
    Text(String),
}

/// Where a credential's secret stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SecretSource<'a> {
    /// A token, in this variable.
    Token(&'a str),
    /// A private key, in this variable.
    PrivateKey(&'a str),
}

impl Default for GithubConfig {
    fn default() -> Self {
        Self {
            organizations: Vec::new(),
            api_url: "https://api.github.com".to_owned(),
            graphql_url: None,
            token_env: None,
            app_id: None,
            private_key_env: None,
            installation_id: None,
            credentials: Vec::new(),
            concurrency: 8,
            rest_per_minute: 900,
            graphql_per_minute: 2000,
            reserve: 0.05,
            timeout_s: 60,
            max_wait_s: 900,
            history_days: 90,
            files: FilePath::usual(),
            max_file_bytes: 256 << 10,
        }
    }
}

impl GithubConfig {
    /// Everything at its default, for these organisations.
    pub fn new(organizations: Vec<String>) -> Self {
        Self { organizations, ..Self::default() }
    }

    /// The credentials, be there one or several.
    pub fn credentials(&self) -> Vec<CredentialConfig> {
        if !self.credentials.is_empty() {
            return self.credentials.clone();
        }
        let one = CredentialConfig {
            organizations: Vec::new(),
            token_env: self.token_env.clone(),
            app_id: self.app_id.clone(),
            private_key_env: self.private_key_env.clone(),
            installation_id: self.installation_id,
        };
        let default = || CredentialConfig { token_env: Some("GITHUB_TOKEN".to_owned()), ..CredentialConfig::default() };
        vec![if one.is_unset() { default() } else { one }]
    }

    /// What contradicts itself, with the key to correct.
    ///
    /// # Errors
    /// With the first of it.
    pub fn check(&self) -> Result<(), String> {
        if self.organizations.is_empty() {
            return Err("`github.organizations` is empty; name at least one organisation".to_owned());
        }
        for (key, number, good) in [
            ("concurrency", self.concurrency, 8),
            ("rest_per_minute", self.rest_per_minute, 900),
            ("graphql_per_minute", self.graphql_per_minute, 2000),
        ] {
            crate::config::positive(&format!("github.{key}"), number as u64, good)?;
        }
        if !(0.0..1.0).contains(&self.reserve) {
            return Err(format!("`github.reserve` is {}; it is a share of the limit, from 0 to less than 1", self.reserve));
        }
        for (key, url) in [("api_url", Some(&self.api_url)), ("graphql_url", self.graphql_url.as_ref())] {
            if let Some(Err(error)) = url.map(|url| url::Url::parse(url)) {
                return Err(format!("`github.{key}` is not an address: {error}"));
            }
        }
        let own = [self.token_env.is_some(), self.app_id.is_some(), self.private_key_env.is_some(), self.installation_id.is_some()];
        if !self.credentials.is_empty() && own.contains(&true) {
            return Err("`[[github.credentials]]` and a credential in `[github]` itself: keep one of them".to_owned());
        }
        let credentials = self.credentials();
        for (place, credential) in credentials.iter().enumerate() {
            let name =
                if self.credentials.is_empty() { "[github]".to_owned() } else { format!("[[github.credentials]] number {}", place + 1) };
            credential.source().map_err(|message| format!("`{name}` {message}"))?;
            if let Some(unknown) =
                credential.organizations.iter().find(|name| !self.organizations.iter().any(|known| known.eq_ignore_ascii_case(name)))
            {
                return Err(format!("`{name}` is for `{unknown}`, which is not among `github.organizations`"));
            }
        }
        let read = |organization: &&String| {
            credentials
                .iter()
                .any(|one| one.organizations.is_empty() || one.organizations.iter().any(|name| name.eq_ignore_ascii_case(organization)))
        };
        match self.organizations.iter().find(|organization| !read(organization)) {
            Some(organization) => Err(format!("no `[[github.credentials]]` is for `{organization}`")),
            None => Ok(()),
        }
    }
}

impl CredentialConfig {
    fn is_unset(&self) -> bool {
        self.token_env.is_none() && self.app_id.is_none() && self.private_key_env.is_none() && self.installation_id.is_none()
    }

    /// Where its secret stands.
    ///
    /// # Errors
    /// When it is neither a token nor an App, or both.
    pub fn source(&self) -> Result<SecretSource<'_>, String> {
        match (&self.token_env, &self.app_id, &self.private_key_env, self.installation_id) {
            (Some(variable), None, None, None) => Ok(SecretSource::Token(variable)),
            (None, Some(_), Some(variable), _) => Ok(SecretSource::PrivateKey(variable)),
            (Some(_), ..) => Err("names a token and an App; keep one of them".to_owned()),
            (None, Some(_), None, _) => Err("names an App without `private_key_env`".to_owned()),
            (None, None, ..) => Err("names neither `token_env` nor `app_id` and `private_key_env`".to_owned()),
        }
    }
}

impl std::fmt::Display for AppId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Number(id) => id.fmt(f),
            Self::Text(id) => id.fmt(f),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str) -> Result<Vec<String>, String> {
        let config: GithubConfig = toml::from_str(text).map_err(|error| error.message().to_owned())?;
        config.check()?;
        let credentials = config.credentials();
        Ok(credentials
            .iter()
            .map(|credential| format!("{:?} {}", credential.source().unwrap(), credential.organizations.join(" ")))
            .collect())
    }

    #[test]
    fn one_credential_or_several() {
        assert_eq!(check("organizations = ['a']").unwrap(), ["Token(\"GITHUB_TOKEN\") "]);
        assert_eq!(check("organizations = ['a']\napp_id = 7\nprivate_key_env = 'KEY'").unwrap(), ["PrivateKey(\"KEY\") "]);
        let several = "organizations = ['a', 'b']
            [[credentials]]
            token_env = 'ONE'
            organizations = ['A']
            [[credentials]]
            app_id = 'Iv1.abc'
            private_key_env = 'KEY'
            installation_id = 9
            organizations = ['b']";
        assert_eq!(check(several).unwrap(), ["Token(\"ONE\") A", "PrivateKey(\"KEY\") b"]);
    }

    #[test]
    fn what_contradicts_itself_is_told() {
        for (text, message) in [
            ("app_id = 7", "`[github]` names an App without `private_key_env`"),
            ("token_env = 'T'\napp_id = 7\nprivate_key_env = 'K'", "`[github]` names a token and an App; keep one of them"),
            ("private_key_env = 'K'", "`[github]` names neither `token_env` nor `app_id` and `private_key_env`"),
            ("reserve = 1.5", "`github.reserve` is 1.5; it is a share of the limit, from 0 to less than 1"),
            ("rest_per_minute = 0", "`github.rest_per_minute` is 0; 900 is a good number"),
            (
                "token_env = 'T'\n[[credentials]]\ntoken_env = 'U'",
                "`[[github.credentials]]` and a credential in `[github]` itself: keep one of them",
            ),
            ("[[credentials]]", "`[[github.credentials]] number 1` names neither `token_env` nor `app_id` and `private_key_env`"),
            (
                "[[credentials]]\ntoken_env = 'T'\norganizations = ['b']",
                "`[[github.credentials]] number 1` is for `b`, which is not among `github.organizations`",
            ),
        ] {
            assert_eq!(check(&format!("organizations = ['a']\n{text}")).unwrap_err(), message);
        }
        let gap = check("organizations = ['a', 'b']\n[[credentials]]\ntoken_env = 'T'\norganizations = ['a']").unwrap_err();
        assert_eq!(gap, "no `[[github.credentials]]` is for `b`");
    }
}
