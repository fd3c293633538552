//! Repeatable randomness: every fact is drawn from a generator of its own, named by what it is about.
//!
//! A generator depends on the seed and on ids only, never on how many numbers were drawn elsewhere; so another vendor's face or one
//! more flaw can be added without changing the history that tests already know.

use fastrand::Rng;

/// A generator for one fact: `topic` names the kind of fact, `ids` name the thing it is about.
pub(crate) fn rng(seed: u64, topic: &str, ids: &[u64]) -> Rng {
    let topic = topic.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    Rng::with_seed(ids.iter().fold(mix(seed ^ topic), |hash, id| mix(hash ^ mix(*id))))
}

/// Scrambles a number (the finaliser of splitmix64): near ids give unrelated numbers.
pub(crate) fn mix(value: u64) -> u64 {
    let value = value.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let value = (value ^ (value >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let value = (value ^ (value >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    value ^ (value >> 31)
}

/// True with the given probability.
pub(crate) fn chance(rng: &mut Rng, probability: f64) -> bool {
    rng.f64() < probability
}

/// One of the given things.
pub(crate) fn pick<'a, T>(rng: &mut Rng, things: &'a [T]) -> &'a T {
    &things[rng.usize(..things.len())]
}

/// A long-tailed positive number: half of them lie under `median`, and a larger `spread` makes the tail longer (log-normal).
pub(crate) fn long_tail(rng: &mut Rng, median: f64, spread: f64) -> f64 {
    let radius = (-2.0 * rng.f64().max(f64::MIN_POSITIVE).ln()).sqrt();
    let normal = radius * (std::f64::consts::TAU * rng.f64()).cos();
    median * (spread * normal).exp()
}

/// How many times in a row a chance came true: 0 most often, seldom many.
pub(crate) fn streak(rng: &mut Rng, probability: f64, most: usize) -> usize {
    (0..most).take_while(|_| chance(rng, probability)).count()
}

/// A duration in seconds from hours.
pub(crate) fn hours(hours: f64) -> i64 {
    (hours * 3600.0) as i64
}
