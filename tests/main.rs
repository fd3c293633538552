//! Does the whole hold: one test binary for everything that takes more than one room.

mod common;
mod contracts;
mod house;
mod interrupted;
mod lake;
mod models;
mod outcomes;
mod privacy;
mod real;
mod repeatable;
mod schemas;
mod voice;
