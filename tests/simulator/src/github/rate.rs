//! The hour's allowance of each token: requests for REST, points for GraphQL. Renewed by the real clock, as clients wait by theirs.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

use crate::github::access::{Allowance, Bearer};

const HOUR: u64 = 3_600;
/// What the headers say when nothing is enforced.
const USUAL: u32 = 5_000;

/// Which allowance.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Resource {
    /// REST.
    Core,
    /// GraphQL.
    Graphql,
}

impl Resource {
    /// The vendor's word.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Resource::Core => "core",
            Resource::Graphql => "graphql",
        }
    }
}

/// How much of an allowance is left.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Standing {
    pub(crate) resource: Resource,
    pub(crate) limit: u32,
    pub(crate) used: u32,
    /// Real time, in Unix seconds.
    pub(crate) resets_at: u64,
}

impl Standing {
    /// What is left.
    pub(crate) fn remaining(&self) -> u32 {
        self.limit.saturating_sub(self.used)
    }
}

/// The counters.
pub(crate) struct Rate {
    limit: Option<u32>,
    windows: Mutex<HashMap<(Allowance, Resource), Window>>,
}

#[derive(Clone, Copy)]
struct Window {
    used: u32,
    resets_at: u64,
}

impl Rate {
    /// Counters with this limit, or with none.
    pub(crate) fn new(limit: Option<u32>) -> Rate {
        Rate { limit, windows: Mutex::default() }
    }

    /// Takes from an allowance. The error is what is left when that is too little; nothing is taken then.
    pub(crate) fn spend(&self, bearer: Bearer, resource: Resource, cost: u32) -> Result<Standing, Standing> {
        let now = real_now();
        let mut windows = self.windows.lock().unwrap_or_else(PoisonError::into_inner);
        let window = windows.entry((bearer.allowance(), resource)).or_insert(Window { used: 0, resets_at: now + HOUR });
        if window.resets_at <= now {
            *window = Window { used: 0, resets_at: now + HOUR };
        }
        let limit = self.limit.unwrap_or(USUAL);
        let used = window.used.saturating_add(cost);
        match self.limit {
            Some(limit) if used > limit => {
                return Err(Standing { resource, limit, used: window.used, resets_at: window.resets_at });
            }
            Some(_) => window.used = used,
            None => window.used = used % (USUAL / 2),
        }
        Ok(Standing { resource, limit, used: window.used, resets_at: window.resets_at })
    }

    /// What is left, at no cost.
    pub(crate) fn standing(&self, bearer: Bearer, resource: Resource) -> Standing {
        match self.spend(bearer, resource, 0) {
            Ok(standing) | Err(standing) => standing,
        }
    }
}

/// The real time, in Unix seconds.
pub(crate) fn real_now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}
