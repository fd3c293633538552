//! A fictional company that answers over HTTP on the loopback address as the vendors do.
//!
//! `company/` says who exists and what happened when: drawn from a seed, once, and looked at through a clock that a test moves.
//! `github/`, `datadog/`, `pagerduty/`, `jira/` and `opencost/` tell it in the words of one vendor each. The company knows no vendor,
//! and no vendor's face invents facts.
//!
//! ```no_run
//! # async fn example() -> Result<(), almanac_simulator::SimulatorError> {
//! use almanac_simulator::{Effect, Fault, Options, Simulator};
//!
//! let simulator = Simulator::start(Options::default()).await?;
//! simulator.inject(Fault::new(Effect::BadGateway).on_operation("pull_requests").after(2));
//! println!("{}/graphql", simulator.github_api_url());
//! # Ok(())
//! # }
//! ```

mod clock;
mod company;
mod datadog;
mod edits;
mod error;
mod face;
mod faults;
mod github;
mod http;
mod jira;
mod log;
mod opencost;
mod options;
mod pagerduty;
mod query;
mod simulator;
#[cfg(test)]
mod testing;
mod traffic;
mod wire;

pub use crate::company::clusters::Flaw as WorkloadFlaw;
pub use crate::error::SimulatorError;
pub use crate::faults::{BadValue, Effect, Fault, Target};
pub use crate::github::access::Permission;
pub use crate::log::RequestLog;
pub use crate::options::Options;
pub use crate::simulator::{App, SimCluster, Simulator};
pub use crate::traffic::SecondaryLimits;
