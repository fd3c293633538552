//! What Almanac reads, and what one row of it is.
//!
//! A table is one file: its declaration, the struct of one row, and the function that collects it. A source's folder lists its tables in
//! two sorted lines each (`mod x;` and `&x::TABLE,`). This crate never knows where rows go: it knows no lake, no Parquet, no DuckDB,
//! and hands typed rows to a [`collect::Sink`].

// `derive(Row)` names this crate from within as it does from outside.
extern crate self as almanac_collectors;

pub mod catalog;
pub mod collect;
mod config;
pub mod datadog;
pub mod doctor;
pub mod github;
pub mod http;
pub mod jira;
pub mod opencost;
pub mod pagerduty;
pub mod privacy;
pub mod sources;
pub mod table;

use table::Table;

/// Every table that is collected, sorted by name.
pub fn tables() -> Vec<&'static Table> {
    let sources = [catalog::TABLES, datadog::TABLES, github::TABLES, jira::TABLES, opencost::TABLES, pagerduty::TABLES];
    let mut tables: Vec<_> = sources.concat();
    tables.sort_by_key(|table| table.full_name());
    tables
}
