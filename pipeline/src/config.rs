//! `almanac.toml`: what to read, where the lake is. Every key stands, commented, in the embedded default that `init` copies.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use almanac_collectors::{
    catalog::CatalogConfig,
    datadog::DatadogConfig,
    github::GithubConfig,
    jira::JiraConfig,
    opencost::OpenCostConfig,
    pagerduty::PagerDutyConfig,
    table::{Kind, Table},
};
use secrecy::SecretString;
use serde::Deserialize;

use crate::{
    exit::{Exit, Failure},
    lake::{Guard, Lake, LakeError},
};

/// The commented default that `init` copies.
pub const DEFAULT: &str = include_str!("almanac.default.toml");
/// The file's name.
pub const FILE: &str = "almanac.toml";

/// The configuration in force.
#[derive(Clone, Debug)]
pub struct Config {
    /// Address of the lake.
    pub lake_url: String,
    /// The folder of `almanac.toml`: the user's own models and questions stand there.
    pub root: PathBuf,
    /// The file itself, for errors to name.
    file: PathBuf,
    /// Where copies of a remote lake's objects are kept.
    pub cache: PathBuf,
    /// The variable that holds the privacy key.
    pub privacy_key_env: String,
    /// Limits of the engine.
    pub engine: EngineSettings,
    /// The service catalog, when it is configured.
    pub catalog: Option<CatalogConfig>,
    /// Datadog, when it is configured.
    pub datadog: Option<DatadogConfig>,
    /// GitHub, when it is configured.
    pub github: Option<GithubConfig>,
    /// Jira, when it is configured.
    pub jira: Option<JiraConfig>,
    /// OpenCost, when it is configured.
    pub opencost: Option<OpenCostConfig>,
    /// PagerDuty, when it is configured.
    pub pagerduty: Option<PagerDutyConfig>,
    tables: BTreeMap<String, TableSettings>,
    /// Values that stand in for environment variables.
    provided: BTreeMap<String, SecretString>,
}

/// Limits of the engine.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct EngineSettings {
    /// Memory that DuckDB may take before it spills to disk.
    pub memory_limit: String,
    /// Threads; all cores when unset.
    pub threads: Option<usize>,
    /// Where it spills to; the system's temporary folder when unset.
    pub temp_directory: Option<PathBuf>,
}

impl Default for EngineSettings {
    fn default() -> Self {
        Self { memory_limit: "2GB".to_owned(), threads: None, temp_directory: None }
    }
}

/// The file as it is written.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct File {
    lake: LakeSection,
    privacy: PrivacySection,
    engine: EngineSettings,
    catalog: Option<CatalogConfig>,
    datadog: Option<DatadogConfig>,
    github: Option<GithubConfig>,
    jira: Option<JiraConfig>,
    opencost: Option<OpenCostConfig>,
    pagerduty: Option<PagerDutyConfig>,
    tables: BTreeMap<String, TableSettings>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct LakeSection {
    url: String,
    cache: Option<PathBuf>,
}

impl Default for LakeSection {
    fn default() -> Self {
        Self { url: "./lake".to_owned(), cache: None }
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct PrivacySection {
    key_env: String,
}

impl Default for PrivacySection {
    fn default() -> Self {
        Self { key_env: "ALMANAC_PRIVACY_KEY".to_owned() }
    }
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct TableSettings {
    #[serde(default = "yes")]
    enabled: bool,
    /// Of a window: how many days that are over are read by each run, for data that comes late.
    days: Option<u32>,
    /// Of a snapshot: the share of the earlier rows that may be gone.
    most_rows_gone: Option<f64>,
    /// Of a snapshot: by how much the share of NULL in a column may rise.
    most_nulls_more: Option<f64>,
}

const fn yes() -> bool {
    true
}

/// Which days of a window a run reads, counted back from yesterday.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WindowDays {
    /// These, whether they were read before or not: data may come late.
    pub late: u32,
    /// Of these, the ones that were never read.
    pub history: u32,
}

/// What is wrong with the configuration.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file is not there.
    #[error("there is no `{}`", path.display())]
    Missing {
        /// The file.
        path: PathBuf,
    },
    /// The file cannot be read.
    #[error("could not read `{}`", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why not.
        #[source]
        source: std::io::Error,
    },
    /// The file says something that is not understood.
    #[error("`{}` is not understood: {message}", path.display())]
    Wrong {
        /// The file.
        path: PathBuf,
        /// Key, line and reason.
        message: String,
    },
    /// A variable that the file names is not set.
    #[error("the environment variable `{variable}`, named by `{key}` in `{}`, is not set", path.display())]
    Variable {
        /// The file.
        path: PathBuf,
        /// The key that names it.
        key: &'static str,
        /// The variable.
        variable: String,
        /// What it holds.
        holds: &'static str,
    },
}

impl From<ConfigError> for Failure {
    fn from(error: ConfigError) -> Self {
        let hint = match &error {
            ConfigError::Missing { .. } => "`almanac init` writes a commented one here; or name another with --config FILE".to_owned(),
            ConfigError::Unreadable { .. } => "check the file's permissions".to_owned(),
            ConfigError::Wrong { .. } => "correct that key; `almanac init --print` shows every key there is, with its default".to_owned(),
            ConfigError::Variable { variable, holds, .. } => format!("`export {variable}=…` with {holds}"),
        };
        Self::new(Exit::Usage, error).hint(hint)
    }
}

impl Config {
    /// Reads the file. `lake` is what the command line says of it.
    ///
    /// Without `--config`, verbs that only read a lake need no file when `--lake` names one.
    ///
    /// # Errors
    /// When the file is missing, or says something that is not understood.
    pub fn load(file: Option<&Path>, lake: Option<&str>) -> Result<Self, ConfigError> {
        let path = file.map_or_else(|| PathBuf::from(FILE), Path::to_owned);
        match std::fs::read_to_string(&path) {
            Ok(text) => Self::parse(&path, &text, lake),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound && file.is_none() && lake.is_some() => Self::parse(&path, "", lake),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Err(ConfigError::Missing { path }),
            Err(source) => Err(ConfigError::Unreadable { path, source }),
        }
    }

    /// Reads the text of a file at `path`.
    ///
    /// # Errors
    /// When it says something that is not understood.
    pub fn parse(path: &Path, text: &str, lake: Option<&str>) -> Result<Self, ConfigError> {
        let wrong = |message: String| ConfigError::Wrong { path: path.to_owned(), message };
        let file: File = toml::from_str(text).map_err(|error| wrong(describe(text, &error)))?;
        let known = almanac_collectors::tables();
        for (name, settings) in &file.tables {
            let Some(table) = known.iter().find(|table| table.full_name() == *name) else {
                return Err(wrong(format!("`[tables.\"{name}\"]` names no table; there are {}", names_beside(name))));
            };
            if settings.days == Some(0) || settings.days.is_some() && table.kind != Kind::Window {
                return Err(wrong(format!("`days` of `[tables.\"{name}\"]` is for tables that are read day by day, and at least 1")));
            }
            for (key, share) in [("most_rows_gone", settings.most_rows_gone), ("most_nulls_more", settings.most_nulls_more)] {
                if share.is_some_and(|share| !(0.0..=1.0).contains(&share) || table.kind != Kind::Snapshot) {
                    return Err(wrong(format!("`{key}` of `[tables.\"{name}\"]` is for snapshots, and a share from 0 to 1")));
                }
            }
        }
        let checks = [
            file.datadog.as_ref().map(DatadogConfig::check),
            file.github.as_ref().map(GithubConfig::check),
            file.jira.as_ref().map(JiraConfig::check),
            file.opencost.as_ref().map(OpenCostConfig::check),
            file.pagerduty.as_ref().map(PagerDutyConfig::check),
        ];
        checks.into_iter().flatten().collect::<Result<(), String>>().map_err(wrong)?;
        let root = path.parent().filter(|parent| !parent.as_os_str().is_empty()).map_or_else(|| PathBuf::from("."), Path::to_owned);
        let url = lake.map_or(file.lake.url, str::to_owned);
        // A folder named in the file lies beside it, one named on the command line where the user is.
        let lake_url = if lake.is_some() || url.contains(':') { url } else { root.join(url).display().to_string() };
        Ok(Self {
            lake_url,
            root,
            file: path.to_owned(),
            cache: file.lake.cache.unwrap_or_else(default_cache),
            privacy_key_env: file.privacy.key_env,
            engine: file.engine,
            catalog: file.catalog,
            datadog: file.datadog,
            github: file.github,
            jira: file.jira,
            opencost: file.opencost,
            pagerduty: file.pagerduty,
            tables: file.tables,
            provided: BTreeMap::new(),
        })
    }

    /// Opens the lake.
    ///
    /// # Errors
    /// When its address is none.
    pub fn lake(&self) -> Result<Lake, LakeError> {
        Lake::open(&self.lake_url, &self.cache)
    }

    /// Opens the lake to read from.
    ///
    /// # Errors
    /// When its address is none, or it is not there.
    pub fn existing_lake(&self) -> Result<Lake, LakeError> {
        Lake::open_existing(&self.lake_url, &self.cache)
    }

    /// Whether a table is to be collected: its source is configured, and it is not switched off.
    pub fn is_enabled(&self, table: &Table) -> bool {
        let configured = match table.source {
            "catalog" => self.catalog.is_some(),
            "datadog" => self.datadog.is_some(),
            "github" => self.github.is_some(),
            "jira" => self.jira.is_some(),
            "opencost" => self.opencost.is_some(),
            "pagerduty" => self.pagerduty.is_some(),
            _ => false,
        };
        configured && self.tables.get(&table.full_name()).is_none_or(|settings| settings.enabled)
    }

    /// Which days of a window a run reads.
    pub fn window(&self, table: &Table) -> WindowDays {
        let of_source = self.opencost.as_ref().filter(|_| table.source == "opencost");
        let days =
            of_source.map_or(WindowDays { late: 1, history: 1 }, |cost| WindowDays { late: cost.late_days, history: cost.history_days });
        let late = self.tables.get(&table.full_name()).and_then(|settings| settings.days).unwrap_or(days.late);
        WindowDays { late, ..days }
    }

    /// How much of a snapshot may be gone before it is not believed.
    pub fn guard(&self, table: &Table, accepts: bool) -> Guard {
        let settings = self.tables.get(&table.full_name());
        let usual = Guard::of(table);
        Guard {
            most_rows_gone: settings.and_then(|settings| settings.most_rows_gone).unwrap_or(usual.most_rows_gone),
            most_nulls_more: settings.and_then(|settings| settings.most_nulls_more).unwrap_or(usual.most_nulls_more),
            accepts,
        }
    }

    /// Gives a variable a value, whatever the environment says: for the demo and for programs that embed Almanac.
    pub fn provide(&mut self, variable: &str, value: &str) {
        self.provided.insert(variable.to_owned(), value.into());
    }

    /// The value of a variable that the file names.
    ///
    /// # Errors
    /// When it is not set.
    pub fn secret(&self, key: &'static str, variable: &str, holds: &'static str) -> Result<SecretString, ConfigError> {
        if let Some(value) = self.provided.get(variable) {
            return Ok(value.clone());
        }
        match std::env::var(variable) {
            Ok(value) if !value.trim().is_empty() => Ok(value.trim().into()),
            _ => Err(ConfigError::Variable { path: self.file.clone(), key, variable: variable.to_owned(), holds }),
        }
    }
}

/// The tables that somebody may have meant: those of the source that the name begins with, or all.
pub(crate) fn names_beside(name: &str) -> String {
    let source = name.split('.').next().unwrap_or_default();
    let all = almanac_collectors::tables();
    let is_source = all.iter().any(|table| table.source == source);
    let names: Vec<_> = all.iter().filter(|table| !is_source || table.source == source).map(|table| table.full_name()).collect();
    names.join(", ")
}

fn default_cache() -> PathBuf {
    let home = || std::env::var_os("HOME").map(|home| PathBuf::from(home).join(".cache"));
    std::env::var_os("XDG_CACHE_HOME").map(PathBuf::from).or_else(home).unwrap_or_else(std::env::temp_dir).join("almanac")
}

/// Line and reason on one line: toml's own message is a drawing of several.
fn describe(text: &str, error: &toml::de::Error) -> String {
    let line = error.span().map(|span| 1 + text[..span.start.min(text.len())].matches('\n').count());
    let message = error.message().replace('\n', ", ");
    match line {
        Some(line) => {
            let key = text.lines().nth(line - 1).unwrap_or_default().trim();
            format!("line {line}, `{key}`: {message}")
        }
        None => message,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Config, String> {
        Config::parse(Path::new("conf/almanac.toml"), text, None).map_err(|error| error.to_string())
    }

    #[test]
    fn the_default_is_understood_and_shows_the_defaults() {
        let config = parse(DEFAULT).unwrap();
        assert_eq!(config.lake_url, "conf/./lake");
        assert_eq!(config.privacy_key_env, PrivacySection::default().key_env);
        let github = config.github.unwrap();
        assert_eq!(github.api_url, GithubConfig::new(Vec::new()).api_url);
        assert_eq!(config.engine.memory_limit, EngineSettings::default().memory_limit);
    }

    #[test]
    fn what_stands_there_commented_out_is_understood_and_shows_the_defaults() {
        let (_, others) = DEFAULT.split_once("# The sources below").unwrap();
        let (others, _) = others.split_once("# A table is collected").unwrap();
        let is_setting = |line: &&str| line.starts_with('[') || line.split_once(" = ").is_some_and(|(key, _)| !key.contains(' '));
        let lines: Vec<_> = others.lines().map(|line| line.trim_start_matches("# ")).filter(is_setting).collect();
        let config = parse(&lines.join("\n")).unwrap();
        let shown = |config: &dyn std::fmt::Debug| format!("{config:?}");
        assert_eq!(shown(&config.datadog.unwrap()), shown(&DatadogConfig::default()));
        assert_eq!(shown(&config.pagerduty.unwrap()), shown(&PagerDutyConfig::default()));
        let jira = config.jira.unwrap();
        let unset =
            JiraConfig { url: jira.url.clone(), projects: jira.projects.clone(), query: jira.query.clone(), ..JiraConfig::default() };
        assert_eq!(shown(&jira), shown(&unset));
        let opencost = config.opencost.unwrap();
        assert_eq!(shown(&opencost), shown(&OpenCostConfig { clusters: opencost.clusters.clone(), ..OpenCostConfig::default() }));
        assert_eq!(shown(&parse(DEFAULT).unwrap().catalog.unwrap()), shown(&CatalogConfig::default()));
    }

    #[test]
    fn what_a_table_tolerates_can_be_set_one_by_one() {
        let monitors = &almanac_collectors::datadog::monitors::TABLE;
        let usual = Guard::of(monitors);
        assert_eq!(parse("").unwrap().guard(monitors, true), Guard { accepts: true, ..usual });
        let (_, shown) = DEFAULT.split_once("# [tables.\"datadog.monitors\"]").unwrap();
        let settings: Vec<_> = shown.lines().map(|line| line.trim_start_matches("# ")).filter(|line| line.starts_with("most_")).collect();
        let shown = parse(&format!("[tables.\"datadog.monitors\"]\n{}", settings.join("\n"))).unwrap();
        assert_eq!((settings.len(), shown.guard(monitors, false)), (2, usual), "the defaults are shown");
        let one = parse("[tables.\"datadog.monitors\"]\nmost_rows_gone = 0.9").unwrap();
        assert_eq!(one.guard(monitors, false), Guard { most_rows_gone: 0.9, ..usual });
        assert_eq!(one.guard(&almanac_collectors::datadog::slos::TABLE, false).most_rows_gone, usual.most_rows_gone);
    }

    #[test]
    fn mistakes_are_named_with_file_line_and_key() {
        let cases = [
            ("[lake]\nulr = \"x\"", "line 2, `ulr = \"x\"`: unknown field `ulr`, expected `url` or `cache`"),
            ("[lake]\nurl = 3", "line 2, `url = 3`: invalid type: integer `3`, expected a string"),
            ("[datadog]\napi_url = \"datadoghq.eu\"", "`datadog.api_url` is not an address: relative URL without a base"),
            ("[jira]\nurl = \"https://jira.example\"", "`jira.projects` is empty; name at least one project by its key"),
            (
                "[tables.\"datadog.monitors\"]\ndays = 3",
                "`days` of `[tables.\"datadog.monitors\"]` is for tables that are read day by day, and at least 1",
            ),
            (
                "[tables.\"datadog.monitors\"]\nmost_rows_gone = 30",
                "`most_rows_gone` of `[tables.\"datadog.monitors\"]` is for snapshots, and a share from 0 to 1",
            ),
            (
                "[tables.\"datadog.slo_history\"]\nmost_nulls_more = 0.5",
                "`most_nulls_more` of `[tables.\"datadog.slo_history\"]` is for snapshots, and a share from 0 to 1",
            ),
            ("[opencost]\nstep = \"hour\"", "`opencost.clusters` is empty; name at least one cluster and its address"),
            (
                "[opencost]\nclusters = [{ name = \"a\", url = \"http://a\" }, { name = \"a\", url = \"http://b\" }]",
                "`opencost.clusters` names `a` twice: give number 2 another name",
            ),
            ("[github]\norganizations = []", "`github.organizations` is empty; name at least one organisation"),
            ("[github]\norganizations = [\"a\"]\napi_url = \"github\"", "`github.api_url` is not an address: relative URL without a base"),
        ];
        for (text, message) in cases {
            assert_eq!(parse(text).unwrap_err(), format!("`conf/almanac.toml` is not understood: {message}"));
        }
        let unknown = parse("[tables.\"github.pulls\"]\nenabled = false").unwrap_err();
        assert!(unknown.contains("`[tables.\"github.pulls\"]` names no table; there are github.branch_protection_rules, "), "{unknown}");
    }
}
