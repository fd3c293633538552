//! How a verb ends: the documented exit codes, and the error that is printed once, at the edge.

use std::error::Error;

/// Exit codes. Scripts depend on them: they are added to, never changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Exit {
    /// All done.
    Done = 0,
    /// Failed; what was published before is untouched.
    Failed = 1,
    /// The command line or the configuration is wrong.
    Usage = 2,
    /// Published, with gaps that `status` names, or errors that were told on the way.
    Partial = 3,
    /// An assertion stopped the publishing of the marts.
    Audit = 4,
}

impl From<Exit> for std::process::ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

/// An error on its way to the user.
#[derive(Debug)]
pub struct Failure {
    /// The exit code.
    pub exit: Exit,
    /// What went wrong, with its causes.
    pub error: Box<dyn Error + Send + Sync>,
    /// What to do about it.
    pub hint: Option<String>,
}

impl Failure {
    /// A failure of this kind, without a hint.
    pub fn new(exit: Exit, error: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self { exit, error: error.into(), hint: None }
    }

    /// With what to do about it.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// The chain of causes, one a line, and the hint.
    pub fn report(&self) -> String {
        let mut text = format!("error: {}", self.error);
        for cause in causes(&*self.error) {
            text.push_str("\n  caused by: ");
            text.push_str(&cause);
        }
        if let Some(hint) = &self.hint {
            text.push_str("\nhint: ");
            text.push_str(hint);
        }
        text
    }
}

/// The messages of an error's causes, those left out that only say again what the one above said.
fn causes(error: &(dyn Error + 'static)) -> Vec<String> {
    let (mut texts, mut above, mut next) = (Vec::new(), error.to_string(), error.source());
    while let Some(cause) = next {
        let text = cause.to_string();
        if !above.contains(&text) {
            texts.push(text.clone());
            above = text;
        }
        next = cause.source();
    }
    texts
}

/// The error and its causes on one line, for the ledger.
pub fn one_line(error: &(dyn Error + 'static)) -> String {
    std::iter::once(error.to_string()).chain(causes(error)).collect::<Vec<_>>().join(": ")
}

impl From<crate::lake::LakeError> for Failure {
    fn from(error: crate::lake::LakeError) -> Self {
        let exit = if matches!(error, crate::lake::LakeError::Address { .. }) { Exit::Usage } else { Exit::Failed };
        let hint = error.hint();
        Self { exit, hint, error: error.into() }
    }
}
