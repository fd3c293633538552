//! The company's own clock: it stands still until it is set.

use std::sync::{Arc, PoisonError, RwLock};

use chrono::{DateTime, Utc};

use crate::company::Company;
use crate::company::present::Present;

/// Which moment requests see.
pub(crate) struct Clock {
    company: Arc<Company>,
    present: RwLock<Arc<Present>>,
}

impl Clock {
    /// A clock standing at `now`.
    pub(crate) fn new(company: Arc<Company>, now: DateTime<Utc>) -> Clock {
        let present = Arc::new(Present::new(Arc::clone(&company), now.timestamp()));
        Clock { company, present: RwLock::new(present) }
    }

    /// Moves the clock, forwards or back.
    pub(crate) fn set(&self, now: DateTime<Utc>) {
        let present = Arc::new(Present::new(Arc::clone(&self.company), now.timestamp()));
        *self.present.write().unwrap_or_else(PoisonError::into_inner) = present;
    }

    /// The company at this moment. A request takes it once, so that the clock cannot move in the middle of an answer.
    pub(crate) fn present(&self) -> Arc<Present> {
        Arc::clone(&self.present.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Where the clock stands.
    pub(crate) fn now(&self) -> DateTime<Utc> {
        DateTime::from_timestamp(self.present().now, 0).unwrap_or_default()
    }
}
