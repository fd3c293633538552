//! The words of requests to the platform team: what is asked for, and why.
//!
//! Phrases that occur nowhere else, as in `text.rs`, so that a test can look for what should never have been stored.

use crate::company::random::mix;

const VERBS: [&str; 8] = ["Please grant", "Need", "Renew", "Cannot reach", "Extend", "Set up", "Remove", "Asking once more for"];

const WISHES: [&str; 16] = [
    "the brass key for the upper gallery",
    "a second drawer in the almanack cupboard",
    "the wax seal of the signal cabinet",
    "a spare crank for the winding room",
    "room for forty more barrels of colza oil",
    "the speaking tube to the harbour office",
    "a name plate for the new fog cannon",
    "the stamp of the paraffin inspector",
    "a berth for the visiting clockmaker",
    "the lending book of the chart loft",
    "a lamp trimmer's card for two apprentices",
    "the bell rope of the western stair",
    "a fresh ledger for the tide gauge “Ægir”",
    "the counterweight pit's second ladder",
    "a longer leash for the harbour seal",
    "the crate of reading lenses from the packet boat",
];

const REASONS: [&str; 6] = [
    "The apprentice starts on Monday and has nothing to wind.",
    "It ran out during the night watch and nobody could climb up.",
    "The inspector comes with the next packet boat and will ask for it.",
    "Same as last month, the cupboard was locked again.",
    "We tried it with the old crank and bent it: “see sketch”.",
    "Approved by whoever keeps the gallery at half past nine.",
];

/// Every phrase that they are made of.
pub(crate) fn phrases() -> impl Iterator<Item = &'static str> {
    WISHES.iter().chain(&REASONS).copied()
}

/// What is asked for, in a line.
pub(crate) fn summary(words: u64) -> String {
    let verb = VERBS[(mix(words ^ 1) % VERBS.len() as u64) as usize];
    format!("{verb} {}", WISHES[(mix(words) % WISHES.len() as u64) as usize])
}

/// Why.
pub(crate) fn description(words: u64) -> &'static str {
    REASONS[(mix(words ^ 2) % REASONS.len() as u64) as usize]
}
