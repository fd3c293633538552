//! What tests and benchmarks share: an S3 server, the vendors' contracts, a recorder of what is said on the wire, servers of recorded
//! answers and of lists of any length, the cost of a process.
//!
//! Nothing here knows Almanac; everything binds the loopback address alone, and stops when it is dropped. A helper that cannot do its
//! work panics, for there is nothing a test could do about it.

pub mod contracts;
pub mod paged;
pub mod process;
pub mod recorder;
pub mod replay;
pub mod s3;
pub mod shared;
