//! Files of a folder lake, held as they are while they are read.
//!
//! DuckDB opens a file more than once in a query. A rerun that replaces it in between would make it read two files as one; a second
//! name keeps the first.

use std::{
    fs,
    path::{Path, PathBuf},
    time::Duration,
};

use tempfile::TempDir;

const PREFIX: &str = "reading-";
/// A reader that was killed leaves its folder behind; after this time nobody reads there any more.
const STALE: Duration = Duration::from_secs(24 * 60 * 60);

/// Second names, in a folder that vanishes with the value.
#[derive(Debug)]
pub(super) struct Pins {
    folder: TempDir,
}

impl Pins {
    /// In the lake itself, since a file can have two names on one disk only; `None` where we may only read.
    pub(super) fn new(lake: &Path) -> Option<Self> {
        let staging = lake.join("staging");
        fs::create_dir_all(&staging).ok()?;
        sweep(&staging);
        let folder = TempDir::with_prefix_in(PREFIX, staging).ok()?;
        Some(Self { folder })
    }

    /// A second name of a file; `None` where the disk has no such thing.
    pub(super) fn hold(&self, file: &Path, name: &Path) -> Option<PathBuf> {
        let path = self.folder.path().join(name);
        if !path.exists() {
            fs::create_dir_all(path.parent()?).ok()?;
            fs::hard_link(file, &path).ok()?;
        }
        Some(path)
    }
}

fn sweep(staging: &Path) {
    for entry in fs::read_dir(staging).into_iter().flatten().flatten() {
        let is_ours = entry.file_name().to_string_lossy().starts_with(PREFIX);
        let age = entry.metadata().and_then(|metadata| metadata.modified()).ok().and_then(|modified| modified.elapsed().ok());
        if is_ours && age.is_some_and(|age| age > STALE) {
            // Whoever is sweeping at the same time may be first.
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}
