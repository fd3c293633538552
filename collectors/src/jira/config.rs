//! The `[jira]` section of `almanac.toml`.

use serde::Deserialize;

/// Where Jira is, and which of its issues are read. Defaults and reasons stand in the commented `almanac.toml`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct JiraConfig {
    /// The site: `https://your-organisation.atlassian.net`, or the address of a Data Center.
    pub url: String,
    /// Which of the two it is: they differ in paths, paging and authentication.
    pub edition: Edition,
    /// Keys of the projects to read.
    pub projects: Vec<String>,
    /// JQL that narrows them down.
    pub query: Option<String>,
    /// Environment variable that holds the account's address; Cloud only.
    pub email_env: String,
    /// Environment variable that holds the API token (Cloud) or the personal access token (Data Center).
    pub token_env: String,
    /// How far back the first reading goes, by last change [days].
    pub history_days: u32,
    /// Requests in flight at once.
    pub concurrency: usize,
    /// How long one request may take [s].
    pub timeout_s: u64,
    /// The longest wait for a rate limit; beyond it the rest is recorded as `rate_limited` [s].
    pub max_wait_s: u64,
}

/// The two kinds of Jira.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Edition {
    /// Atlassian's own service.
    #[default]
    Cloud,
    /// An installation of one's own.
    DataCenter,
}

impl Edition {
    /// Where its interface begins, below the site's address.
    pub(super) const fn root(self) -> &'static str {
        match self {
            Self::Cloud => "/rest/api/3",
            Self::DataCenter => "/rest/api/2",
        }
    }

    /// Where it searches, below [`Self::root`].
    pub(super) const fn search(self) -> &'static str {
        match self {
            Self::Cloud => "/search/jql",
            Self::DataCenter => "/search",
        }
    }
}

impl Default for JiraConfig {
    fn default() -> Self {
        Self {
            url: String::new(),
            edition: Edition::Cloud,
            projects: Vec::new(),
            query: None,
            email_env: "JIRA_EMAIL".to_owned(),
            token_env: "JIRA_TOKEN".to_owned(),
            history_days: 365,
            concurrency: 4,
            timeout_s: 60,
            max_wait_s: 900,
        }
    }
}

impl JiraConfig {
    /// What contradicts itself, with the key to correct.
    ///
    /// # Errors
    /// With the first of it.
    pub fn check(&self) -> Result<(), String> {
        crate::config::address("jira.url", &self.url)?;
        if self.projects.is_empty() {
            return Err("`jira.projects` is empty; name at least one project by its key".to_owned());
        }
        let is_key = |key: &String| !key.is_empty() && key.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
        if let Some(wrong) = self.projects.iter().find(|key| !is_key(key)) {
            return Err(format!("`jira.projects` names `{wrong}`, which is no project key: letters, digits and `_` only"));
        }
        if let Some((place, twice)) = self.projects.iter().enumerate().find(|(place, key)| self.projects[..*place].contains(key)) {
            return Err(format!("`jira.projects` names `{twice}` twice: remove number {}", place + 1));
        }
        // Nothing would be read.
        crate::config::positive("jira.history_days", self.history_days.into(), 365)?;
        crate::config::positive("jira.concurrency", self.concurrency as u64, 4)
    }
}
