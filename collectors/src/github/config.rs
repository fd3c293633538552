//! The `[github]` section of `almanac.toml`.

use serde::Deserialize;

/// What to read from GitHub, and where it is. Defaults and reasons stand in the commented `almanac.toml`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GithubConfig {
    /// Logins of the organisations.
    pub organizations: Vec<String>,
    /// REST address: `https://api.github.com`, or `https://HOST/api/v3` for an Enterprise Server.
    #[serde(default = "GithubConfig::default_api_url")]
    pub api_url: String,
    /// GraphQL address where it is not `{api_url}/graphql`; on the same host.
    #[serde(default)]
    pub graphql_url: Option<String>,
    /// Environment variable that holds the token.
    #[serde(default = "GithubConfig::default_token_env")]
    pub token_env: String,
    /// Requests in flight at once.
    #[serde(default = "GithubConfig::default_concurrency")]
    pub concurrency: usize,
    /// How long one request may take [s].
    #[serde(default = "GithubConfig::default_timeout_s")]
    pub timeout_s: u64,
    /// The longest wait for a rate limit; beyond it the rest is recorded as `rate_limited` [s].
    #[serde(default = "GithubConfig::default_max_wait_s")]
    pub max_wait_s: u64,
}

impl GithubConfig {
    /// Everything at its default, for these organisations.
    pub fn new(organizations: Vec<String>) -> Self {
        Self {
            organizations,
            api_url: Self::default_api_url(),
            graphql_url: None,
            token_env: Self::default_token_env(),
            concurrency: Self::default_concurrency(),
            timeout_s: Self::default_timeout_s(),
            max_wait_s: Self::default_max_wait_s(),
        }
    }

    fn default_api_url() -> String {
        "https://api.github.com".to_owned()
    }

    fn default_token_env() -> String {
        "GITHUB_TOKEN".to_owned()
    }

    const fn default_concurrency() -> usize {
        8
    }

    const fn default_timeout_s() -> u64 {
        60
    }

    const fn default_max_wait_s() -> u64 {
        900
    }
}
