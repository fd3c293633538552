//! The vendors' own descriptions of their interfaces, and whether what is said on the wire keeps to them.
//!
//! Both checks give back sentences about what is wrong: none for a request or an answer that is as described.

mod graphql;
mod rest;

pub use self::{graphql::GraphqlContract, rest::RestContract};
