//! The `[catalog]` section of `almanac.toml`.

use serde::Deserialize;

/// Where descriptors are looked for. Defaults and reasons stand in the commented `almanac.toml`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct CatalogConfig {
    /// Files and folders beside `almanac.toml`; `*` stands for part of a name, a folder for every YAML file below it.
    pub files: Vec<String>,
    /// Whether `catalog-info.yaml` of repositories count as well, as `github.repository_files` found them.
    pub repositories: bool,
}

impl Default for CatalogConfig {
    fn default() -> Self {
        Self { files: vec!["catalog/".to_owned()], repositories: true }
    }
}
