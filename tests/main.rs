//! Does the whole hold: one test binary for everything that takes more than one room.

mod changes;
mod common;
mod contracts;
mod costs;
mod credentials;
mod described;
mod disturbed;
mod exports;
mod faults;
mod governance;
mod house;
mod hygiene;
mod interrupted;
mod lake;
mod models;
mod organizations;
mod outcomes;
mod privacy;
mod real;
mod repeatable;
mod schemas;
mod vendors;
mod voice;
mod windows;
