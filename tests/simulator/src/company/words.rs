//! The words of what is not code: titles of outages, messages of monitors, remarks.
//!
//! Like `text.rs`, they are made of a few phrases that occur nowhere else, so that a test can look for what should never have been stored.

use crate::company::outages::{Cause, Outage};
use crate::company::random::mix;

const TROUBLES: [&str; 12] = [
    "ships pass the headland in darkness",
    "the great lens stands still at half turn",
    "foghorn sounds in bright sunshine",
    "harbour tolls counted twice since the ebb",
    "keepers cannot climb past the second landing",
    "tide tables answer with yesterday's moon",
    "oil pressure falls faster than the weights",
    "semaphore arms stuck at “come ashore”",
    "log of the night watch refuses new ink",
    "beacon blinks the neighbour's rhythm",
    "every pilot boat was sent to the same reef",
    "the storm shutters opened against the wind",
];

const CAUSES: [&str; 6] = [
    "a rope was spliced with the wrong end",
    "salt crept under the brass collar",
    "the new cog had one tooth too many",
    "somebody wound the clock backwards",
    "the spare wick was never trimmed",
    "gulls nested in the counterweight shaft",
];

const ALARMS: [&str; 6] = [
    "The lamp-room thermometer climbed past the brass mark",
    "Nobody has answered the speaking tube for a while",
    "More ships than moorings were counted at the quay",
    "The pendulum's swing is wider than the plate allows",
    "Ink ran dry on the barograph of the western tower",
    "The winch hauls slower than a tired keeper",
];

const HUSHES: [&str; 4] = [
    "Hush while the dome is being painted",
    "the bell rope is with the ropemaker until Friday",
    "Known since the spring gales, nobody come running",
    "quiet please, the inspector of lights is visiting",
];

const PROMISES: [&str; 3] =
    ["As agreed with the harbour board over kippers", "no ship shall wait for the light longer than a heartbeat", ""];

/// What somebody wrote beside a dashboard.
pub(crate) const NOTES: [&str; 4] = [
    "drawn during the night of the double eclipse",
    "Ask the senior keeper before moving the dials",
    "copied from the board in the old signal hut",
    "everything that glows, on one page",
];

/// What dashboards that are about no service are called.
pub(crate) const DASHBOARDS: [&str; 6] =
    ["Weekly review", "Capacity and cost", "Executive summary", "Copy of Weekly review", "Regions compared", "Sandbox"];

/// Every phrase of these; what dashboards are called is no secret.
pub(crate) fn phrases() -> impl Iterator<Item = &'static str> {
    let outages = TROUBLES.into_iter().chain(CAUSES).chain([MAINTENANCE, DRILL]);
    outages.chain(ALARMS).chain(HUSHES).chain(PROMISES).chain(NOTES).filter(|phrase| !phrase.is_empty())
}

/// What a monitor says when it rings.
pub(crate) fn alarm(draw: u64) -> &'static str {
    one(&ALARMS, draw)
}

/// Why it is to be quiet, for those who said so.
pub(crate) fn hush(draw: u64) -> Option<&'static str> {
    (!mix(draw ^ 2).is_multiple_of(3)).then(|| one(&HUSHES, draw))
}

/// What an objective says about itself, which may be nothing.
pub(crate) fn promise(draw: u64) -> &'static str {
    one(&PROMISES, draw)
}

const MAINTENANCE: &str = "gearing taken apart for its yearly oiling";
const DRILL: &str = "rehearsal of the great darkness, nobody need row out";

fn one(things: &[&'static str], draw: u64) -> &'static str {
    things[(mix(draw) % things.len() as u64) as usize]
}

/// What an outage is called by everyone who speaks of it; `service` as the speaker calls it.
pub(crate) fn outage_title(outage: &Outage, service: &str) -> String {
    let what = match outage.cause {
        Cause::Trouble | Cause::Flapping => one(&TROUBLES, outage.words),
        Cause::Maintenance => MAINTENANCE,
        Cause::Drill => DRILL,
    };
    format!("{}: {service}: {what}", outage.reference())
}

/// Why it happened, as somebody wrote down afterwards.
pub(crate) fn outage_cause(outage: &Outage) -> &'static str {
    one(&CAUSES, outage.words ^ 1)
}
