//! Why a simulator does not start, or cannot be changed as a test wants it.

use std::path::PathBuf;

/// A reason not to start, or not to change. Once it runs, a simulator answers every request with something.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SimulatorError {
    /// The loopback address could not be listened on.
    #[error("listen on port {port} of the loopback address")]
    Listen {
        /// The port asked for; 0 is any.
        port: u16,
        /// What the system said.
        source: std::io::Error,
    },
    /// There is no such repository to be changed.
    #[error("change repository `{name}`: there is none")]
    NoRepository {
        /// The name asked for.
        name: String,
    },
    /// Another repository has the name.
    #[error("rename a repository to `{name}`: another one has that name")]
    NameTaken {
        /// The name asked for.
        name: String,
    },
    /// There is no such monitor.
    #[error("change monitor `{name}`: there is none")]
    NoMonitor {
        /// The name or number asked for.
        name: String,
    },
    /// There is no such list that could be made short.
    #[error("make the list `{name}` short: that cannot be done")]
    NoList {
        /// The list asked for.
        name: String,
    },
    /// It is so already, or there is nothing that it could be done to.
    #[error("change the company: {what}")]
    NothingToChange {
        /// What stands in the way.
        what: String,
    },
    /// The file of real pull requests is not as described.
    #[error("read `{}`, line {line}, column `{column}`: {reason}", path.display())]
    Csv {
        /// The file.
        path: PathBuf,
        /// The line, counted from 1; 0 if it is about the whole file.
        line: u64,
        /// The column's name.
        column: String,
        /// What is wrong there.
        reason: String,
    },
}
