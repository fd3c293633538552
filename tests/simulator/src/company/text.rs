//! The words of titles, bodies, branches and messages.
//!
//! They are made of a few phrases that occur nowhere else, so that a test can look for what should never have been stored.

use crate::company::people::RENOVATE;
use crate::company::pulls::{Pull, Purpose};
use crate::company::random::mix;
use crate::company::repositories::Repository;

const VERBS: [&str; 10] = ["Steady", "Rewind", "Polish", "Unjam", "Calibrate", "Replace", "Document", "Speed up", "Simplify", "Guard"];

const THINGS: [&str; 24] = [
    "the escapement drift alarm",
    "the lamp-oil reconciliation ledger",
    "the fog-bell duty roster",
    "the third-order lens carriage",
    "the keeper's midnight logbook",
    "the harbour dues “late tide” surcharge",
    "the weight-drop rewinding schedule",
    "the storm-shutter interlock",
    "the mercury-bath level gauge",
    "the moonless-night brightness table",
    "the gull-deterrent timer",
    "the mainspring fatigue estimate",
    "the pilot-boat greeting sequence",
    "the \"who is on the gallery\" panel",
    "the salt-spray cleaning reminder",
    "the Åland chart projection",
    "the visitors' spiral-stair counter",
    "the spare-wick inventory 🕯",
    "the semaphore fallback codec",
    "the governor's centrifugal limit",
    "the shipping-forecast intake",
    "the occulting-light cadence",
    "the chronometer handover",
    "the ballast-tank toll receipt",
];

const BODIES: [&str; 6] = [
    "Keepers on the northern rock reported that it slips a tooth after every gale.",
    "Found while oiling the upper bearings; see the soot on the brass.",
    "The old behaviour dates from when lamps were still lit by hand.\r\n\r\n- [x] wound twice\r\n- [ ] tried in fog",
    "No keeper should have to climb the tower for this\tat night.",
    "Measured with the \\brass\\ calipers of the harbour master: down from 41 to 3 turns.",
    "",
];

const REMARKS: [&str; 5] = [
    "Would this still turn with a cold mainspring?",
    "Please oil before merging, my hinge squeaked.",
    "A lamp lit at noon helps nobody; can we keep the old cadence?",
    "Beautifully wound.",
    "The second cog looks one tooth short to me.",
];

/// Every phrase that titles, bodies and remarks are made of.
pub(crate) fn phrases() -> impl Iterator<Item = &'static str> {
    let lines = BODIES.iter().flat_map(|body| body.split("\r\n"));
    THINGS.iter().copied().chain(lines).chain(REMARKS).filter(|phrase| phrase.len() > 12)
}

fn thing(pull: &Pull) -> &'static str {
    THINGS[(mix(pull.words) % THINGS.len() as u64) as usize]
}

/// The title.
pub(crate) fn title(repository: &Repository, pull: &Pull) -> String {
    let verb = VERBS[(mix(pull.words ^ 1) % VERBS.len() as u64) as usize];
    match pull.purpose {
        Purpose::Change | Purpose::Hotfix => format!("{verb} {}", thing(pull)),
        Purpose::Upgrade => {
            let (minor, patch) = (pull.words % 17, pull.words / 17 % 23);
            format!("Bump gearing for {} from 2.{minor}.{patch} to 2.{}.0", thing(pull), minor + 1)
        }
        Purpose::Revert(of) => format!("Revert \"{}\"", title(repository, &repository.pulls[of as usize])),
        Purpose::Backport => format!("[release-2.x] {verb} {}", thing(pull)),
    }
}

/// The body, which may be empty.
pub(crate) fn body(repository: &Repository, pull: &Pull) -> String {
    match pull.purpose {
        Purpose::Revert(of) => format!("Reverts #{}", repository.pulls[of as usize].number),
        _ => BODIES[(mix(pull.words ^ 2) % BODIES.len() as u64) as usize].to_owned(),
    }
}

/// The branch it comes from. Nobody is named in it, and no phrase of the title.
pub(crate) fn head_branch(repository: &Repository, pull: &Pull) -> String {
    match pull.purpose {
        Purpose::Hotfix if pull.is_on_hotfix_branch() => format!("hotfix/{:06x}", mix(pull.words) & 0xff_ffff),
        Purpose::Change | Purpose::Hotfix => format!("work/{:06x}", mix(pull.words) & 0xff_ffff),
        Purpose::Upgrade => {
            let bot = if pull.author == RENOVATE { "renovate" } else { "dependabot/npm_and_yarn" };
            format!("{bot}/gearing-{:04x}", mix(pull.words) & 0xffff)
        }
        Purpose::Revert(of) => {
            let original = &repository.pulls[of as usize];
            format!("revert-{}-{}", original.number, head_branch(repository, original))
        }
        Purpose::Backport => format!("backport/2.x/{:06x}", mix(pull.words) & 0xff_ffff),
    }
}

/// The branch it goes to.
pub(crate) fn base_branch(repository: &Repository, pull: &Pull) -> &'static str {
    match pull.purpose {
        Purpose::Backport => "release/2.x",
        _ => repository.default_branch,
    }
}

/// What a reviewer wrote; `place` is the review's place in the pull request.
pub(crate) fn remark(pull: &Pull, place: usize) -> &'static str {
    REMARKS[(mix(pull.words ^ 3 ^ place as u64) % REMARKS.len() as u64) as usize]
}

/// A commit's message.
pub(crate) fn message(repository: &Repository, pull: &Pull, place: usize) -> String {
    match pull.commits.get(place) {
        Some(commit) if commit.merges => {
            format!("Merge branch '{}' into {}", base_branch(repository, pull), head_branch(repository, pull))
        }
        _ if place == 0 => title(repository, pull),
        _ => format!("Second thoughts on {}", thing(pull)),
    }
}

/// What an object's content is called by git: forty hexadecimal digits, made up from what it is.
pub(crate) fn object_id(pull: &Pull, kind: u64, place: u64) -> [u8; 20] {
    let mut bytes = [0; 20];
    let mut word = mix(pull.words ^ mix(u64::from(pull.sequence) << 8 | kind) ^ mix(place));
    for chunk in bytes.chunks_mut(8) {
        word = mix(word);
        chunk.copy_from_slice(&word.to_be_bytes()[..chunk.len()]);
    }
    bytes
}
