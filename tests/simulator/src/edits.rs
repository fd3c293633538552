//! Changes companies while they are being looked at.

use std::sync::{Arc, Mutex, PoisonError};

use crate::clock::Clock;
use crate::company::Company;
use crate::company::edits::{self, Edit};
use crate::error::SimulatorError;
use crate::options::Options;

/// What was changed so far.
pub(crate) struct Edits {
    options: Options,
    made: Mutex<Vec<Edit>>,
}

impl Edits {
    /// Nothing yet, at the companies of these options.
    pub(crate) fn new(options: Options) -> Edits {
        Edits { options, made: Mutex::default() }
    }

    /// Changes one thing more. The companies are drawn anew, for answers under way still look at those before.
    pub(crate) fn make(&self, edit: Edit, clock: &Clock) -> Result<(), SimulatorError> {
        let mut made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        let mut companies = Company::found_all(&self.options)?;
        for edit in made.iter().chain([&edit]) {
            edits::apply(&mut companies, edit)?;
        }
        made.push(edit);
        clock.replace(companies.into_iter().map(Arc::new));
        Ok(())
    }
}
