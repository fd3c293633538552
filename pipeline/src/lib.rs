//! Almanac: dated snapshots of an engineering organisation as Parquet, and the answers in SQL.
//!
//! How rows become files ([`lake`], [`collecting`]), files become tables ([`engine`], [`models`]) and tables become answers
//! ([`verbs`]). This crate knows no vendor's API: that is what `almanac-collectors` is for. Every run leaves its [`ledger`] in the lake.

pub mod collecting;
pub mod config;
pub mod connecting;
pub mod drift;
pub mod engine;
pub mod exit;
mod intake;
pub mod lake;
pub mod ledger;
pub mod models;
pub mod output;
pub mod planning;
pub mod progress;
pub mod verbs;

pub use exit::{Exit, Failure};
