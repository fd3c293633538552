//! The vendor's numbers, node ids and cursors for the company's things, and the way back.

use crate::company::Company;
use crate::company::groups::Group;
use crate::company::identity::Identity;
use crate::company::protection::Rule;
use crate::company::pulls::Pull;
use crate::company::repositories::Repository;
use crate::company::rulesets::Ruleset;

/// What a node id stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Node {
    /// The organisation.
    Organization,
    /// A repository, by index.
    Repository(usize),
    /// A pull request, by indexes of repository and pull request.
    Pull(usize, usize),
    /// A review, by indexes of repository, pull request and review.
    Review(usize, usize, usize),
    /// A person, by index.
    Person(usize),
    /// A team, by index.
    Team(usize),
    /// A branch protection rule, by indexes of repository and rule.
    Rule(usize, usize),
    /// A set of rules, by index.
    Ruleset(usize),
    /// A deployment, by indexes of repository and deployment.
    Deployment(usize, usize),
    /// A release, by indexes of repository and release.
    Release(usize, usize),
}

/// The number of a pull request. The first few hundred fit into 32 bits and the others do not, as it was at the vendor's; all of the
/// second organisation's do.
pub(crate) fn pull_number(repository: &Repository, pull: &Pull) -> u64 {
    repository.owner.number(2_147_470_000, 37, pull.sequence as usize)
}

/// The number of a review: beyond 32 bits, always.
pub(crate) fn review_number(repository: &Repository, pull: &Pull, place: usize) -> u64 {
    repository.owner.number(3_100_000_000, 256, pull.sequence as usize) + place as u64
}

/// The node id of an organisation.
pub(crate) fn organization(identity: &Identity) -> String {
    encode("O", &[identity.id as u32])
}

/// The node id of a repository.
pub(crate) fn repository(repository: &Repository) -> String {
    encode("R", &[repository.id as u32])
}

/// The node id of a pull request; its place in the repository follows from its sequence number.
pub(crate) fn pull(repository: &Repository, pull: &Pull) -> String {
    encode("PR", &[repository.id as u32, place_of(repository, pull)])
}

/// The node id of a review.
pub(crate) fn review(repository: &Repository, pull: &Pull, place: usize) -> String {
    encode("PRR", &[repository.id as u32, place_of(repository, pull), place as u32])
}

/// The node id of a team.
pub(crate) fn team(identity: &Identity, group: &Group) -> String {
    encode("T", &[identity.id as u32, group.id as u32])
}

/// The node id of a branch protection rule.
pub(crate) fn rule(repository: &Repository, rule: &Rule) -> String {
    encode("BPR", &[repository.id as u32, rule.id as u32])
}

/// The node id of a set of rules.
pub(crate) fn ruleset(set: &Ruleset) -> String {
    encode("RRS", &[set.id as u32])
}

/// The node id of anything else: letters for its kind, and numbers that tell it from its like.
pub(crate) fn encode(kind: &str, numbers: &[u32]) -> String {
    // GitHub packs an array that begins with 0 as MessagePack: the header, the zero, and each number with its tag.
    let mut bytes = vec![0x91 + numbers.len() as u8, 0];
    for number in numbers {
        bytes.push(0xce);
        bytes.extend(number.to_be_bytes());
    }
    format!("{kind}_{}", base64(&bytes, URL_SAFE, false))
}

/// The other way; nothing if the id is of nothing that this company has.
pub(crate) fn decode(company: &Company, id: &str) -> Option<Node> {
    let (kind, rest) = id.split_once('_')?;
    let bytes = unbase64(rest)?;
    let numbers: Vec<usize> =
        bytes.get(2..)?.chunks_exact(5).map(|chunk| u32::from_be_bytes([chunk[1], chunk[2], chunk[3], chunk[4]]) as usize).collect();
    let index = |number: usize| company.repository_by_id(number as u64).map(|repository| repository.index);
    match (kind, numbers.as_slice()) {
        ("O", [number]) if *number as u64 == company.identity.id => Some(Node::Organization),
        ("R", [repository]) => Some(Node::Repository(index(*repository)?)),
        ("PR", [repository, pull]) => {
            let repository = index(*repository)?;
            company.repositories[repository].pulls.get(*pull)?;
            Some(Node::Pull(repository, *pull))
        }
        ("PRR", [repository, pull, review]) => {
            let repository = index(*repository)?;
            company.repositories[repository].pulls.get(*pull)?.reviews.get(*review)?;
            Some(Node::Review(repository, *pull, *review))
        }
        ("DE", [repository, place]) => Some(Node::Deployment(index(*repository)?, *place)),
        ("RE", [repository, place]) => Some(Node::Release(index(*repository)?, *place)),
        ("T", [_, number]) => company.groups.iter().position(|group| group.id == *number as u64).map(Node::Team),
        ("RRS", [number]) => company.rulesets.iter().position(|set| set.id == *number as u64).map(Node::Ruleset),
        ("BPR", [repository, number]) => {
            let repository = index(*repository)?;
            let rule = company.repositories[repository].rules.iter().position(|rule| rule.id == *number as u64)?;
            Some(Node::Rule(repository, rule))
        }
        ("U", [number]) => company.people.iter().position(|person| person.id == *number as u64).map(Node::Person),
        _ => None,
    }
}

/// A cursor: the key a list is ordered by and an index that breaks ties, so that it holds when the list changes around it.
pub(crate) fn cursor((key, index): (i64, u32)) -> String {
    base64(format!("cursor:v2:{key}:{index}").as_bytes(), STANDARD, true)
}

/// The other way.
pub(crate) fn uncursor(cursor: &str) -> Option<(i64, u32)> {
    let text = String::from_utf8(unbase64(cursor)?).ok()?;
    let (key, index) = text.strip_prefix("cursor:v2:")?.rsplit_once(':')?;
    Some((key.parse().ok()?, index.parse().ok()?))
}

fn place_of(repository: &Repository, pull: &Pull) -> u32 {
    repository.pulls.binary_search_by_key(&pull.number, |pull| pull.number).unwrap_or_default() as u32
}

const STANDARD: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
/// The letters of what stands in addresses.
pub(crate) const URL_SAFE: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// Bytes as letters.
pub(crate) fn base64(bytes: &[u8], letters: &[u8; 64], padded: bool) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let mut word = [0; 3];
        word[..chunk.len()].copy_from_slice(chunk);
        let word = u32::from_be_bytes([0, word[0], word[1], word[2]]);
        for place in 0..4 {
            if place <= chunk.len() {
                text.push(letters[(word >> (18 - 6 * place)) as usize & 63] as char);
            } else if padded {
                text.push('=');
            }
        }
    }
    text
}

/// The other way, of either alphabet.
pub(crate) fn unbase64(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len() * 3 / 4);
    for chunk in text.trim_end_matches('=').as_bytes().chunks(4) {
        let mut word = 0_u32;
        for letter in chunk {
            let value = match letter {
                b'-' => 62,
                b'_' => 63,
                letter => STANDARD.iter().position(|known| known == letter)? as u32,
            };
            word = word << 6 | value;
        }
        word <<= 6 * (4 - chunk.len());
        bytes.extend(&word.to_be_bytes()[1..chunk.len().max(1)]);
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_goes_both_ways() {
        for text in ["", "c", "cu", "cur", "curs", "cursor"] {
            assert_eq!(unbase64(&base64(text.as_bytes(), STANDARD, true)).as_deref(), Some(text.as_bytes()));
            assert_eq!(unbase64(&base64(text.as_bytes(), URL_SAFE, false)).as_deref(), Some(text.as_bytes()));
        }
        assert_eq!(base64(b"cursor", STANDARD, true), "Y3Vyc29y");
        assert_eq!(unbase64("not base64!"), None);
    }

    #[test]
    fn cursors_go_both_ways() {
        assert_eq!(uncursor(&cursor((-5, 7))), Some((-5, 7)));
        assert_eq!(uncursor("Y3Vyc29y"), None);
    }
}
