//! The material beside the project (`../shared`): vendors' contracts and real data, which a checkout may lack.

use std::{
    io::Write as _,
    path::{Path, PathBuf},
};

/// The folder: `$ALMANAC_SHARED`, or `shared` beside the workspace.
pub fn folder() -> PathBuf {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared");
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
