//! Why a simulator does not start.

use std::path::PathBuf;

/// A reason not to start. Once it runs, a simulator answers every request with something.
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
