//! The material beside the project (`../shared`): vendors' contracts and real data, which a checkout may lack.

use std::{
    io::Write as _,
    path::{Path, PathBuf},
};

/// The project's folder. It is asked for when a test runs: one build folder may serve several checkouts, so that what was compiled in
/// may be another's.
///
/// # Panics
/// When the test runs neither under cargo nor within the project.
pub fn root() -> PathBuf {
    let start = std::env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from).or_else(|| std::env::current_dir().ok());
    let start = start.expect("cargo tells the package's folder");
    let root = start.ancestors().find(|folder| folder.join("Cargo.lock").exists());
    root.expect("a folder with Cargo.lock above the package").to_owned()
}

/// The folder: `$ALMANAC_SHARED`, or `shared` beside the project.
pub fn folder() -> PathBuf {
    let beside = || root().parent().unwrap_or(Path::new("/")).join("shared");
    std::env::var_os("ALMANAC_SHARED").map_or_else(beside, PathBuf::from)
}

/// A file of that folder for a test that needs it; without it, the test is [`skipped`].
pub fn file_for(test: &str, name: &str) -> Option<PathBuf> {
    let path = folder().join(name);
    if path.exists() {
        return Some(path);
    }
    skipped(test, &format!("there is no {}", path.display()));
    None
}

/// Says that a test could not do its work: a skip is an outcome, to be counted and named.
///
/// The line `skipped: <test>: <reason>` goes to stderr past the test harness, which keeps back what a passing test prints; so
/// `cargo test 2>&1 | grep -o 'skipped: .*'` lists them (it may stand behind the name of a test that the harness began to write).
pub fn skipped(test: &str, reason: &str) {
    // Without a stderr there is nobody to tell.
    let _ = std::io::stderr().lock().write_all(format!("skipped: {test}: {reason}\n").as_bytes());
}
