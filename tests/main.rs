//! Does the whole hold: one test binary for everything that takes more than one room.

mod common;
mod house;
mod interrupted;
mod models;
mod schemas;
