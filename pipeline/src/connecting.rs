//! Connecting: from what `almanac.toml` says and the environment holds to sources that can be asked. No request is sent yet.

use std::collections::BTreeMap;

use almanac_collectors::{
    catalog::Catalog,
    datadog::Datadog,
    github::{
        Credential, Github, GithubConfig, Secret,
        config::{CredentialConfig, SecretSource},
    },
    http::ApiError,
    jira::{self, Jira, config::Edition},
    opencost::OpenCost,
    pagerduty::PagerDuty,
    privacy::Pseudonyms,
    sources::Sources,
};

use crate::{
    config::{Config, ConfigError},
    exit::{Exit, Failure},
};

/// Why a source cannot be asked.
#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    /// The configuration lacks something.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// Address or credential are none.
    #[error("could not connect to {source_name}")]
    Source {
        /// The source's name, as people write it.
        source_name: &'static str,
        /// Its section of the configuration.
        section: &'static str,
        /// What is wrong.
        #[source]
        error: ApiError,
    },
}

impl From<ConnectError> for Failure {
    fn from(error: ConnectError) -> Self {
        match error {
            ConnectError::Config(error) => error.into(),
            ConnectError::Source { section, .. } => {
                Self::new(Exit::Usage, error).hint(format!("check addresses and credentials of `[{section}]` in `almanac.toml`"))
            }
        }
    }
}

fn wrong(source_name: &'static str, section: &'static str) -> impl FnOnce(ApiError) -> ConnectError {
    move |error| ConnectError::Source { source_name, section, error }
}

/// What turns people into pseudonyms.
///
/// # Errors
/// When its key is missing.
pub fn pseudonyms(config: &Config) -> Result<Pseudonyms, ConnectError> {
    let key = config.secret("privacy.key_env", &config.privacy_key_env, "a long random secret, kept for as long as the lake")?;
    Ok(Pseudonyms::new(&key))
}

/// The configured sources among these.
///
/// # Errors
/// When a secret is missing, or is not one.
pub fn sources(config: &Config, names: &[&str]) -> Result<Sources, ConnectError> {
    let is_wanted = |name: &str| names.contains(&name);
    let mut sources = Sources::default();
    if let Some(settings) = config.catalog.as_ref().filter(|_| is_wanted("catalog")) {
        sources.catalog = Some(Catalog::new(settings, &config.root, config.github.is_some()));
    }
    if let Some(settings) = config.datadog.as_ref().filter(|_| is_wanted("datadog")) {
        let api_key = config.secret("datadog.api_key_env", &settings.api_key_env, "a Datadog API key")?;
        let app_key = config.secret("datadog.app_key_env", &settings.app_key_env, "a Datadog application key")?;
        sources.datadog = Some(Datadog::new(settings, api_key, app_key).map_err(wrong("Datadog", "datadog"))?);
    }
    if let Some(settings) = config.github.as_ref().filter(|_| is_wanted("github")) {
        let github = Github::new(settings, &github_credentials(config, settings)?);
        sources.github = Some(github.map_err(wrong("GitHub", "github"))?);
    }
    if let Some(settings) = config.jira.as_ref().filter(|_| is_wanted("jira")) {
        let email = match settings.edition {
            Edition::Cloud => Some(config.secret("jira.email_env", &settings.email_env, "the address of a Jira account")?),
            Edition::DataCenter => None,
        };
        let token = config.secret("jira.token_env", &settings.token_env, "a Jira token")?;
        sources.jira = Some(Jira::new(settings, &jira::Credential { email, token }).map_err(wrong("Jira", "jira"))?);
    }
    if let Some(settings) = config.opencost.as_ref().filter(|_| is_wanted("opencost")) {
        let mut tokens = BTreeMap::new();
        for (cluster, variable) in settings.clusters.iter().filter_map(|cluster| Some((&cluster.name, cluster.token_env.as_ref()?))) {
            let token = config.secret("opencost.clusters.token_env", variable, "a bearer token for that cluster's OpenCost")?;
            tokens.insert(cluster.clone(), token);
        }
        let opencost = OpenCost::new(settings, |cluster| tokens.remove(&cluster.name));
        sources.opencost = Some(opencost.map_err(wrong("OpenCost", "opencost"))?);
    }
    if let Some(settings) = config.pagerduty.as_ref().filter(|_| is_wanted("pagerduty")) {
        let token = config.secret("pagerduty.token_env", &settings.token_env, "a PagerDuty REST API key")?;
        sources.pagerduty = Some(PagerDuty::new(settings, &token).map_err(wrong("PagerDuty", "pagerduty"))?);
    }
    Ok(sources)
}

/// GitHub's credentials with the secrets that the environment holds.
fn github_credentials(config: &Config, settings: &GithubConfig) -> Result<Vec<Credential>, ConfigError> {
    let with_secret = |one: CredentialConfig| {
        let (name, secret) = match one.source() {
            Ok(SecretSource::Token(variable)) => (variable, Secret::Token(config.secret("github.token_env", variable, "a GitHub token")?)),
            Ok(SecretSource::PrivateKey(variable)) => {
                let private_key = config.secret("github.private_key_env", variable, "the private key of a GitHub App, PEM")?;
                let app_id = one.app_id.as_ref().map(ToString::to_string).unwrap_or_default();
                (variable, Secret::App { app_id, private_key, installation_id: one.installation_id })
            }
            // The configuration was checked when it was read.
            Err(_) => return Ok(None),
        };
        Ok(Some(Credential { name: name.to_owned(), organizations: one.organizations.clone(), secret }))
    };
    settings.credentials().into_iter().map(with_secret).filter_map(Result::transpose).collect()
}
