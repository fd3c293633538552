//! What Almanac reads, and what one row of it is.
//!
//! A table is one file: its declaration, the struct of one row, and the function that collects it. A source's folder lists its tables in
//! two sorted lines each (`mod x;` and `&x::TABLE,`). This crate never knows where rows go: it knows no lake, no Parquet, no DuckDB,
//! and hands typed rows to a [`collect::Sink`].

// `derive(Row)` names this crate from within as it does from outside.
extern crate self as almanac_collectors;

pub mod collect;
pub mod github;
pub mod privacy;
pub mod table;

use table::Table;

/// Every table that is collected, sorted by name.
pub fn tables() -> Vec<&'static Table> {
    let mut tables: Vec<_> = github::TABLES.to_vec();
    tables.sort_by_key(|table| table.full_name());
    tables
}
