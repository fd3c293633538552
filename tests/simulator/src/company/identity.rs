//! Which companies there are on the vendor's host, and what tells one from the other.
//!
//! The second is a small offshoot of the first: the same people, the same domain, repositories and teams of the same names. So whoever
//! tells things apart by their names alone, and not by whose they are, mixes the two up.

use crate::company::random::mix;

/// Who a company is.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Identity {
    /// The name it has in URLs.
    pub(crate) login: &'static str,
    /// The name on its letterhead.
    pub(crate) name: &'static str,
    /// What it says about itself.
    pub(crate) description: &'static str,
    /// The vendor's number for it.
    pub(crate) id: u64,
    /// How many people work there; those of the second are the first so many of the other.
    pub(crate) people: usize,
    /// Whether it is the second.
    is_second: bool,
}

/// The company.
pub(crate) static FIRST: Identity = Identity {
    login: "clockwork-lighthouse",
    name: "The Clockwork Lighthouse Company",
    description: "Lighthouses that keep turning when the current fails",
    id: 40_417_033,
    people: 90,
    is_second: false,
};

/// Its offshoot.
pub(crate) static SECOND: Identity = Identity {
    login: "clockwork-lighthouse-labs",
    name: "Clockwork Lighthouse Laboratories",
    description: "Lighthouses that might turn one day",
    id: 133_204_871,
    people: 24,
    is_second: true,
};

impl Identity {
    /// What its history is drawn from: numbers unrelated to those of the other company.
    pub(crate) fn seed(&self, seed: u64) -> u64 {
        if self.is_second { mix(!seed) } else { seed }
    }

    /// The vendor's number for the thing at this index. The first company's count upwards from `base`, the second's downwards:
    /// however many there are, they never meet.
    pub(crate) fn number(&self, base: u64, step: u64, index: usize) -> u64 {
        let index = index as u64;
        if self.is_second { base - (index + 1) * step } else { base + index * step }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_two_companies_never_meet() {
        let of = |identity: &Identity| (0..3).map(|index| identity.number(100, 10, index)).collect::<Vec<_>>();
        assert_eq!((of(&FIRST), of(&SECOND)), (vec![100, 110, 120], vec![90, 80, 70]));
        assert_ne!(FIRST.seed(1), SECOND.seed(1));
    }
}
