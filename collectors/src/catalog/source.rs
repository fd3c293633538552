//! Where descriptors are read from: a file beside `almanac.toml`, or one of a repository.

use crate::collect::{Parent, Status};

/// One file, as the parent of what it describes.
#[derive(Debug)]
pub(super) struct Source {
    pub(super) parent: Parent,
    /// Its path, from the folder of `almanac.toml` or the root of the repository.
    pub(super) file: String,
    /// `organisation/name` of the repository.
    pub(super) repository: Option<String>,
    pub(super) text: Result<String, Unread>,
}

/// Why there is no text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Unread {
    pub(super) status: Status,
    pub(super) detail: Option<String>,
}
