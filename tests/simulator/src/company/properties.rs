//! What the company's own catalogue says about a repository: custom properties, which change hands over time.

use crate::company::flaws::{Pci, Traits};
use crate::company::people::Team;
use crate::company::{Period, random};

/// The value of a custom property.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Value {
    /// Nobody filled it in.
    Unset,
    /// One word.
    One(&'static str),
    /// Any number of words from a list.
    Many(Vec<&'static str>),
}

/// The custom properties of one repository.
pub(crate) struct Properties {
    team: Option<&'static str>,
    handed_over: Option<(i64, &'static str)>,
    /// Whether somebody took the team out.
    disowned: bool,
    tier: Option<&'static str>,
    pci: Pci,
    data_classes: Vec<&'static str>,
}

const TIERS: [&str; 3] = ["tier-1", "tier-2", "tier-3"];
const DATA_CLASSES: [&str; 4] = ["cardholder", "personal", "nautical", "telemetry"];

impl Properties {
    /// Draws them. One repository in forty is handed to another team in the days to come.
    pub(crate) fn draw(seed: u64, index: usize, name: &str, team: usize, traits: &Traits, teams: &[Team], period: &Period) -> Properties {
        let mut rng = random::rng(seed, "properties", &[index as u64, name.len() as u64]);
        let moves = random::chance(&mut rng, 0.025);
        let new_team = random::pick(&mut rng, teams).slug;
        let moves_at = period.now + rng.i64(3_600..10 * 86_400);
        let mut data_classes: Vec<&str> = DATA_CLASSES[1..].iter().copied().filter(|_| random::chance(&mut rng, 0.3)).collect();
        if traits.pci == Pci::InScope {
            data_classes.insert(0, DATA_CLASSES[0]);
        }
        Properties {
            team: (!traits.without_team).then(|| teams[team].slug),
            handed_over: (moves && !traits.without_team).then_some((moves_at, new_team)),
            disowned: false,
            tier: (traits.service || random::chance(&mut rng, 0.3)).then(|| *random::pick(&mut rng, &TIERS)),
            pci: traits.pci,
            data_classes,
        }
    }

    /// The team named at this moment.
    pub(crate) fn team(&self, now: i64) -> Option<&'static str> {
        match self.handed_over {
            Some((at, team)) if at <= now => Some(team),
            _ => self.team,
        }
    }

    /// Takes the team out of what is shown, if one is named. Whoever looked after it does so still.
    pub(crate) fn disown(&mut self) -> bool {
        self.team.is_some() && !std::mem::replace(&mut self.disowned, true)
    }

    /// The number of the tier named.
    pub(crate) fn tier(&self) -> Option<u8> {
        let place = TIERS.iter().position(|tier| Some(*tier) == self.tier);
        place.map(|place| place as u8 + 1)
    }

    /// When it is handed to which other team, if it is.
    pub(crate) fn handed_over(&self) -> Option<(i64, &'static str)> {
        self.handed_over.filter(|(_, team)| Some(*team) != self.team)
    }

    /// Name and value of every property at this moment.
    pub(crate) fn at(&self, now: i64) -> [(&'static str, Value); 4] {
        let one = |word: Option<&'static str>| word.map_or(Value::Unset, Value::One);
        let team = self.team(now).filter(|_| !self.disowned);
        let pci = match self.pci {
            Pci::InScope => Some("in-scope"),
            Pci::OutOfScope => Some("out-of-scope"),
            Pci::Unset => None,
        };
        let classes = match self.data_classes.as_slice() {
            [] => Value::Unset,
            some => Value::Many(some.to_vec()),
        };
        [("data_classes", classes), ("pci_scope", one(pci)), ("team", one(team)), ("tier", one(self.tier))]
    }
}
