//! What goes wrong on request: which requests it strikes, how often, and what happens then.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// Something that goes wrong for some requests. Made with [`Fault::new`], which strikes the next request of any kind once.
#[derive(Clone, Debug)]
pub struct Fault {
    /// Which requests it may strike.
    pub target: Target,
    /// How many of those it lets pass first.
    pub skip: usize,
    /// How many it strikes after that.
    pub times: usize,
    /// What happens.
    pub effect: Effect,
}

/// Which requests a fault may strike.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// Every one.
    Any,
    /// Those whose path and query, from the vendor's name on, contain this text.
    Path(String),
    /// GraphQL requests with this operation name.
    Operation(String),
}

/// What happens to a request that is struck.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Effect {
    /// An answer made up by the test.
    Status {
        /// The status code.
        status: u16,
        /// Headers beside the usual ones.
        headers: Vec<(String, String)>,
        /// The body.
        body: String,
    },
    /// Too much at once, though the hour's allowance is not spent. Other vendors than GitHub say it in their own way, always with 429.
    SecondaryLimit {
        /// Seconds to wait, if the answer says so.
        retry_after: Option<u64>,
        /// 403 or 429: both are seen; or 200, as GraphQL may say it, with an error of type `RATE_LIMITED`.
        status: u16,
    },
    /// The hour's allowance is spent: 403, and for GraphQL 200 with an error of type `RATE_LIMITED`; with other vendors 429.
    PrimaryLimitExhausted {
        /// Seconds of real time until it is renewed.
        reset_in_seconds: u64,
    },
    /// 502 with an HTML page, as a query that ran too long gives.
    BadGateway,
    /// GraphQL: the right answer but for one node that is null, and an error that says so.
    GraphqlErrors,
    /// GraphQL: the same for the node at this place of the outermost list, counted from 0; the last one if there are fewer.
    NullNode {
        /// The place.
        nth: usize,
    },
    /// The right answer, but the lists have moved on by one since the page before: where a cursor or the number of a page is given,
    /// the page begins with the last row of the page before.
    Duplicate,
    /// The repository of this name (`owner/name` for one of the second organisation) is deleted, and then the right answer.
    DeleteRepository(String),
    /// The repository of the first name gets the second, and then the right answer.
    RenameRepository(String, String),
    /// GraphQL: 200 with an error and no data.
    SomethingWentWrong,
    /// The right answer, later.
    Delay(Duration),
    /// The right answer's first half, and then nothing.
    DropConnection,
    /// 301 to the same path at this address (`http://host:port`).
    RedirectTo(String),
    /// 200 with a page to sign in on, as somebody between us and the vendor shows it.
    Html,
    /// The right answer, but one item of its list has an object where its number or name should be.
    WrongType {
        /// The item's place, counted from 0; the last one if there are fewer.
        nth: usize,
    },
    /// OpenCost: the right answer but for one cost: `cpuCost` of an allocation, `totalCost` of an asset. Nobody else's answers change.
    BadValue {
        /// The entry's place in the answer, over all its steps, counted from 0; the last one if there are fewer.
        nth: usize,
        /// What stands there instead.
        how: BadValue,
    },
}

/// What stands where a cost should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BadValue {
    /// A number below zero.
    Negative,
    /// `"NaN"`, as text.
    NaNText,
    /// `NaN` without quotes, which is no JSON.
    BareNaN,
    /// A number that nothing ever cost.
    Huge,
    /// A word.
    Text,
    /// `null`: nobody knows.
    NullCost,
}

impl BadValue {
    /// As it is written.
    pub(crate) fn text(self) -> &'static str {
        match self {
            BadValue::Negative => "-3.25",
            BadValue::NaNText => "\"NaN\"",
            BadValue::BareNaN => "NaN",
            BadValue::Huge => "1e300",
            BadValue::Text => "\"a lot\"",
            BadValue::NullCost => "null",
        }
    }
}

impl Fault {
    /// Strikes the next request of any kind, once.
    pub fn new(effect: Effect) -> Fault {
        Fault { target: Target::Any, skip: 0, times: 1, effect }
    }

    /// Strikes only requests whose path and query contain this text.
    pub fn on_path(mut self, text: impl Into<String>) -> Fault {
        self.target = Target::Path(text.into());
        self
    }

    /// Strikes only GraphQL requests with this operation name.
    pub fn on_operation(mut self, name: impl Into<String>) -> Fault {
        self.target = Target::Operation(name.into());
        self
    }

    /// Lets this many pass first.
    pub fn after(mut self, skip: usize) -> Fault {
        self.skip = skip;
        self
    }

    /// Strikes this many.
    pub fn times(mut self, times: usize) -> Fault {
        self.times = times;
        self
    }

    /// Strikes until [`Simulator::clear_faults`](crate::Simulator::clear_faults).
    pub fn always(self) -> Fault {
        self.times(usize::MAX)
    }

    fn concerns(&self, path_and_query: &str, operation: Option<&str>) -> bool {
        match &self.target {
            Target::Any => true,
            Target::Path(text) => path_and_query.contains(text),
            Target::Operation(name) => operation == Some(name),
        }
    }
}

/// The faults that wait for a request.
#[derive(Debug, Default)]
pub(crate) struct Faults(Mutex<Vec<Fault>>);

impl Faults {
    /// Adds one.
    pub(crate) fn inject(&self, fault: Fault) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(fault);
    }

    /// Removes all.
    pub(crate) fn clear(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    /// What strikes this request. Every fault that it concerns counts it; the first that is due strikes.
    pub(crate) fn strike(&self, path_and_query: &str, operation: Option<&str>) -> Option<Effect> {
        let mut faults = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut effect = None;
        for fault in faults.iter_mut().filter(|fault| fault.concerns(path_and_query, operation)) {
            if fault.skip > 0 {
                fault.skip -= 1;
            } else if effect.is_none() && fault.times > 0 {
                fault.times -= 1;
                effect = Some(fault.effect.clone());
            }
        }
        faults.retain(|fault| fault.times > 0);
        effect
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_skips_then_strikes_then_is_gone() {
        let faults = Faults::default();
        faults.inject(Fault::new(Effect::BadGateway).on_operation("pulls").after(1).times(2));
        assert!(faults.strike("/graphql", Some("repositories")).is_none());
        let struck: Vec<bool> = (0..5).map(|_| faults.strike("/graphql", Some("pulls")).is_some()).collect();
        assert_eq!(struck, [false, true, true, false, false]);
    }
}
