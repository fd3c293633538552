//! The two keys that every request brings, what they allow, and how much may be asked.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use crate::company::random;
use crate::http::Call;

/// The header of the key that says whose data it is.
pub(super) const API_KEY: &str = "dd-api-key";
/// The header of the key that says who asks.
const APPLICATION_KEY: &str = "dd-application-key";

/// Everything that an application key may be allowed.
const SCOPES: [&str; 7] =
    ["monitors_read", "slos_read", "dashboards_read", "synthetics_read", "monitors_downtime", "apm_service_catalog_read", "incident_read"];

/// The keys that are known.
pub(crate) struct Keys {
    api: String,
    /// The first one may everything; each of the others lacks the scope at its place before.
    application: Vec<String>,
}

/// Whose application key it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Bearer {
    /// Its place: 0 for the one that may everything.
    pub(crate) place: usize,
}

impl Bearer {
    /// Whether it allows something.
    pub(super) fn may(self, scope: &str) -> bool {
        self.place.checked_sub(1).is_none_or(|lacking| SCOPES[lacking] != scope)
    }
}

impl Keys {
    pub(super) fn new(seed: u64) -> Keys {
        let key = |place: u64, digits: usize| {
            let mut rng = random::rng(seed, "datadog key", &[place]);
            let mut key: String = (0..3).map(|_| format!("{:016x}", rng.u64(..))).collect();
            key.truncate(digits);
            key
        };
        Keys { api: key(0, 32), application: (1..=SCOPES.len() as u64 + 1).map(|place| key(place, 40)).collect() }
    }

    /// The two that may everything.
    pub(crate) fn all_powerful(&self) -> (&str, &str) {
        (&self.api, &self.application[0])
    }

    /// The application key that lacks a scope; the one that lacks none if nobody knows the scope.
    pub(crate) fn without(&self, scope: &str) -> &str {
        let place = SCOPES.iter().position(|known| *known == scope).map_or(0, |place| place + 1);
        &self.application[place]
    }

    /// Every key.
    pub(crate) fn every(&self) -> impl Iterator<Item = &str> {
        std::iter::once(&self.api).chain(&self.application).map(String::as_str)
    }

    /// Whether a request brings the right API key.
    pub(super) fn knows(&self, call: &Call) -> bool {
        call.headers.get(API_KEY).is_some_and(|sent| sent.as_bytes() == self.api.as_bytes())
    }

    /// Whose application key a request brings.
    pub(super) fn bearer(&self, call: &Call) -> Option<Bearer> {
        let sent = call.headers.get(APPLICATION_KEY)?.as_bytes();
        self.application.iter().position(|key| key.as_bytes() == sent).map(|place| Bearer { place })
    }
}

/// Seconds after which the allowance is renewed.
pub(super) const PERIOD: u64 = 10;
/// What the headers say when nothing is enforced.
const USUAL: u32 = 1_000;

/// How much of an allowance is used.
#[derive(Clone, Copy, Debug)]
pub(super) struct Standing {
    pub(super) limit: u32,
    pub(super) used: u32,
    /// Seconds from now until it is renewed.
    pub(super) reset: u64,
}

/// Counts what each key asks, by the real clock, as clients wait by theirs.
pub(super) struct Rate {
    limit: Option<u32>,
    windows: Mutex<HashMap<Option<usize>, (Instant, u32)>>,
}

impl Rate {
    pub(super) fn new(limit: Option<u32>) -> Rate {
        Rate { limit, windows: Mutex::default() }
    }

    /// Takes from an allowance. The error is how it stands when that is too little; nothing is taken then.
    pub(super) fn spend(&self, key: Option<usize>, requests: u32) -> Result<Standing, Standing> {
        let mut windows = self.windows.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Instant::now();
        let (begun, used) = windows.entry(key).or_insert((now, 0));
        let limit = self.limit.unwrap_or(USUAL);
        // Without a limit the counter starts again at half, so that a careful client never sees it run low.
        if now.duration_since(*begun).as_secs() >= PERIOD || (self.limit.is_none() && *used >= USUAL / 2) {
            (*begun, *used) = (now, 0);
        }
        let reset = PERIOD.saturating_sub(now.duration_since(*begun).as_secs()).max(1);
        if *used + requests > limit {
            return Err(Standing { limit, used: *used, reset });
        }
        *used += requests;
        Ok(Standing { limit, used: *used, reset })
    }

    /// How an allowance stands, at no cost.
    pub(super) fn standing(&self, key: Option<usize>) -> Standing {
        match self.spend(key, 0) {
            Ok(standing) | Err(standing) => standing,
        }
    }
}
