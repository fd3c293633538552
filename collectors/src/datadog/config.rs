//! The `[datadog]` section of `almanac.toml`.

use serde::Deserialize;

/// Where Datadog is, and how it may be asked. Defaults and reasons stand in the commented `almanac.toml`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct DatadogConfig {
    /// The site's API: `https://api.datadoghq.com`, `https://api.datadoghq.eu`, ….
    pub api_url: String,
    /// Environment variable that holds the API key.
    pub api_key_env: String,
    /// Environment variable that holds the application key.
    pub app_key_env: String,
    /// The most items asked for at once; an endpoint's own limit may be lower.
    pub page_size: u64,
    /// Requests in flight at once.
    pub concurrency: usize,
    /// How long one request may take [s].
    pub timeout_s: u64,
    /// The longest wait for a rate limit; beyond it the rest is recorded as `rate_limited` [s].
    pub max_wait_s: u64,
}

impl Default for DatadogConfig {
    fn default() -> Self {
        Self {
            api_url: "https://api.datadoghq.com".to_owned(),
            api_key_env: "DD_API_KEY".to_owned(),
            app_key_env: "DD_APP_KEY".to_owned(),
            page_size: 1000,
            concurrency: 8,
            timeout_s: 60,
            max_wait_s: 900,
        }
    }
}

impl DatadogConfig {
    /// What contradicts itself, with the key to correct.
    ///
    /// # Errors
    /// With the first of it.
    pub fn check(&self) -> Result<(), String> {
        crate::config::address("datadog.api_url", &self.api_url)?;
        crate::config::positive("datadog.page_size", self.page_size, 1000)?;
        crate::config::positive("datadog.concurrency", self.concurrency as u64, 8)
    }
}
