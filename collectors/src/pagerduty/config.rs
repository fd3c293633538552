//! The `[pagerduty]` section of `almanac.toml`.

use serde::Deserialize;

/// Where PagerDuty is, and how it may be asked. Defaults and reasons stand in the commented `almanac.toml`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PagerDutyConfig {
    /// The API: `https://api.pagerduty.com`, or `https://api.eu.pagerduty.com`.
    pub api_url: String,
    /// Environment variable that holds a REST API key; a read-only one will do.
    pub token_env: String,
    /// How far back the first reading of incidents goes [days].
    pub history_days: u32,
    /// How far ahead gaps in on-call coverage are looked for [days].
    pub oncall_days: u32,
    /// Requests in flight at once.
    pub concurrency: usize,
    /// How long one request may take [s].
    pub timeout_s: u64,
    /// The longest wait for a rate limit; beyond it the rest is recorded as `rate_limited` [s].
    pub max_wait_s: u64,
}

impl Default for PagerDutyConfig {
    fn default() -> Self {
        Self {
            api_url: "https://api.pagerduty.com".to_owned(),
            token_env: "PAGERDUTY_TOKEN".to_owned(),
            history_days: 365,
            oncall_days: 7,
            concurrency: 4,
            timeout_s: 60,
            max_wait_s: 900,
        }
    }
}

impl PagerDutyConfig {
    /// What contradicts itself, with the key to correct.
    ///
    /// # Errors
    /// With the first of it.
    pub fn check(&self) -> Result<(), String> {
        /// What PagerDuty calls three months is never less.
        const FARTHEST: u32 = 89;
        crate::config::address("pagerduty.api_url", &self.api_url)?;
        if self.oncall_days > FARTHEST {
            return Err(format!("`pagerduty.oncall_days` is {}; PagerDuty looks ahead for {FARTHEST} days at most", self.oncall_days));
        }
        // Nothing would be read, and nobody be missed.
        crate::config::positive("pagerduty.oncall_days", self.oncall_days.into(), 7)?;
        crate::config::positive("pagerduty.history_days", self.history_days.into(), 365)?;
        crate::config::positive("pagerduty.concurrency", self.concurrency as u64, 4)
    }
}
