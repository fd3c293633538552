//! The service catalog: Backstage descriptors in files, and in repositories as `github.repository_files` found them.

mod assembly;
pub mod config;
mod descriptor;
mod files;
mod kind;
mod people;
mod reference;
mod repositories;
mod source;
#[cfg(test)]
mod tests;
mod walk;
mod yaml;

pub mod dependencies;
pub mod services;
pub mod systems;
pub mod teams;

use std::path::{Path, PathBuf};

use crate::{
    collect::{CollectError, Context},
    table::Table,
};

pub use self::config::CatalogConfig;

/// The tables of this source.
#[rustfmt::skip]
pub const TABLES: &[&Table] = &[
    &dependencies::TABLE,
    &services::TABLE,
    &systems::TABLE,
    &teams::TABLE,
];

/// A small catalog to begin with, which `almanac init` writes.
pub const EXAMPLE: &str = include_str!("example.yaml");

/// The catalog as one run sees it.
#[derive(Debug)]
pub struct Catalog {
    settings: CatalogConfig,
    /// The folder of `almanac.toml`.
    root: PathBuf,
}

impl Catalog {
    /// The catalog below this folder, and of repositories where there are any to look into.
    pub fn new(settings: &CatalogConfig, root: &Path, has_repositories: bool) -> Self {
        let settings = CatalogConfig { repositories: settings.repositories && has_repositories, ..settings.clone() };
        Self { settings, root: root.to_owned() }
    }
}

fn catalog<'a>(context: &Context<'a>) -> Result<&'a Catalog, CollectError> {
    context.sources.catalog.as_ref().ok_or(CollectError::NotConfigured("catalog"))
}
