//! What is true at one moment: the company as of `now`, with the orders that lists are asked for in.
//!
//! One `Present` serves every request until the clock moves, so sorting 300,000 pull requests is paid once and not once a page.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use crate::company::Company;
use crate::company::pulls::{Pull, State};
use crate::company::repositories::Repository;
use crate::company::text;

/// Every company at one moment.
pub(crate) struct Moment {
    /// The first one comes first, and is always there.
    companies: Vec<Present>,
}

impl Moment {
    /// Looks at these companies at this moment.
    pub(crate) fn new(companies: impl IntoIterator<Item = Arc<Company>>, now: i64) -> Moment {
        Moment { companies: companies.into_iter().map(|company| Present::new(company, now)).collect() }
    }

    /// The first company.
    pub(crate) fn first(&self) -> &Present {
        &self.companies[0]
    }

    /// Every company.
    pub(crate) fn companies(&self) -> impl Iterator<Item = &Present> {
        self.companies.iter()
    }
}

/// A company at one moment.
pub(crate) struct Present {
    /// Everything that ever happens; look at it through `now`.
    pub(crate) company: Arc<Company>,
    /// The moment, in Unix seconds.
    pub(crate) now: i64,
    activity: Vec<OnceLock<Activity>>,
    lists: Mutex<HashMap<Listing, Arc<[Entry]>>>,
}

/// What can be said about a repository only after looking through all its pull requests.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Activity {
    /// The last push; never for an empty one.
    pub(crate) pushed_at: Option<i64>,
    /// The last push or change of settings.
    pub(crate) updated_at: i64,
    /// Open pull requests.
    pub(crate) open: u32,
}

/// One of the orders and selections that a repository's pull requests are listed in.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Listing {
    /// Which repository, by index.
    pub(crate) repository: usize,
    /// By the last change rather than by creation.
    pub(crate) by_update: bool,
    /// Which states: open, closed, merged.
    pub(crate) states: [bool; 3],
    /// Only those that go to this branch.
    pub(crate) base: Option<String>,
}

/// A pull request in a list: what the list is ordered by, and where to find it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Entry {
    /// The time ordered by.
    pub(crate) key: i64,
    /// The pull request's index in its repository.
    pub(crate) index: u32,
}

impl Present {
    /// Looks at the company at this moment.
    pub(crate) fn new(company: Arc<Company>, now: i64) -> Present {
        let activity = company.repositories.iter().map(|_| OnceLock::new()).collect();
        Present { company, now, activity, lists: Mutex::default() }
    }

    /// How busy a repository has been.
    pub(crate) fn activity(&self, repository: &Repository) -> Activity {
        *self.activity[repository.index].get_or_init(|| {
            let now = self.now;
            let pushes = repository.pushes.iter().map(|push| push.at).filter(|at| *at <= now);
            let mut pushed_at = repository.pushed_before.max(pushes.max());
            let mut open = 0;
            for pull in repository.pulls.iter().filter(|pull| pull.exists(now)) {
                pushed_at = pushed_at.max(pull.pushed_at(now));
                open += u32::from(pull.state(now) == State::Open);
            }
            let archived_at = repository.archived_at.filter(|at| *at <= now);
            let updated_at = pushed_at.max(archived_at).unwrap_or(repository.created_at);
            Activity { pushed_at, updated_at, open }
        })
    }

    /// The pull requests of a listing, the earliest first.
    pub(crate) fn list(&self, listing: Listing) -> Arc<[Entry]> {
        let mut lists = self.lists.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(list) = lists.get(&listing) {
            return Arc::clone(list);
        }
        let repository = &self.company.repositories[listing.repository];
        let mut entries: Vec<Entry> = repository
            .pulls
            .iter()
            .enumerate()
            .filter(|(_, pull)| self.belongs(repository, pull, &listing))
            .map(|(index, pull)| Entry {
                key: if listing.by_update { pull.updated_at(self.now) } else { pull.created_at },
                index: index as u32,
            })
            .collect();
        entries.sort_unstable();
        let entries: Arc<[Entry]> = entries.into();
        lists.insert(listing, Arc::clone(&entries));
        entries
    }

    fn belongs(&self, repository: &Repository, pull: &Pull, listing: &Listing) -> bool {
        let state = match pull.state(self.now) {
            State::Open => 0,
            State::Closed => 1,
            State::Merged => 2,
        };
        pull.exists(self.now)
            && listing.states[state]
            && listing.base.as_ref().is_none_or(|base| base == text::base_branch(repository, pull))
    }
}
