//! The clock of this world: it stands still until it is set.

use std::sync::{Arc, PoisonError, RwLock};

use chrono::{DateTime, Utc};

use crate::company::Company;
use crate::company::present::Moment;

/// Which moment requests see.
pub(crate) struct Clock {
    moment: RwLock<Arc<Moment>>,
}

impl Clock {
    /// A clock standing at `now`.
    pub(crate) fn new(companies: impl IntoIterator<Item = Arc<Company>>, now: DateTime<Utc>) -> Clock {
        Clock { moment: RwLock::new(Arc::new(Moment::new(companies, now.timestamp()))) }
    }

    /// Moves the clock, forwards or back.
    pub(crate) fn set(&self, now: DateTime<Utc>) {
        let mut moment = self.moment.write().unwrap_or_else(PoisonError::into_inner);
        let companies = moment.companies().map(|present| Arc::clone(&present.company));
        let later = Arc::new(Moment::new(companies, now.timestamp()));
        *moment = later;
    }

    /// Shows other companies from now on.
    pub(crate) fn replace(&self, companies: impl IntoIterator<Item = Arc<Company>>) {
        let mut moment = self.moment.write().unwrap_or_else(PoisonError::into_inner);
        *moment = Arc::new(Moment::new(companies, moment.first().now));
    }

    /// The companies at this moment. A request takes it once, so that the clock cannot move in the middle of an answer.
    pub(crate) fn moment(&self) -> Arc<Moment> {
        Arc::clone(&self.moment.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Where the clock stands.
    pub(crate) fn now(&self) -> DateTime<Utc> {
        DateTime::from_timestamp(self.moment().first().now, 0).unwrap_or_default()
    }
}
