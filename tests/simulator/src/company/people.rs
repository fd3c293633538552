//! Who works there: people in teams of very different sizes, and the bots that open pull requests of their own.

use crate::company::random;

/// A person with an account.
pub(crate) struct Person {
    /// The account's number.
    pub(crate) id: u64,
    /// The account's name, unlike any word of code so that a leak is found by searching for it.
    pub(crate) login: String,
    /// The name shown, which some people leave out.
    pub(crate) name: Option<String>,
    /// The address they commit with.
    pub(crate) email: String,
    /// Whether the address is shown on their profile; most hide it.
    pub(crate) shows_email: bool,
}

/// An account that is a program.
pub(crate) struct Bot {
    /// The account's number.
    pub(crate) id: u64,
    /// The name without `[bot]`, as GraphQL has it.
    pub(crate) login: &'static str,
}

/// A team.
pub(crate) struct Team {
    /// The name in URLs and in the `team` property.
    pub(crate) slug: &'static str,
    /// Indexes of its people.
    pub(crate) people: Vec<usize>,
}

/// Who did something: a person, a bot, or an account that was deleted since (a ghost).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Actor {
    /// Index into the company's people.
    Person(u16),
    /// Index into [`BOTS`].
    Bot(u8),
    /// The account is gone; the vendor answers null.
    Ghost,
}

/// The dependency bot of the vendor.
pub(crate) const DEPENDABOT: Actor = Actor::Bot(0);
/// Another vendor's dependency bot.
pub(crate) const RENOVATE: Actor = Actor::Bot(1);
/// The company's own automation.
pub(crate) const CI_BOT: Actor = Actor::Bot(2);

/// The login of somebody who left: nobody has it any more, and files still name it.
pub(crate) const FORMER: &str = "barnaby-slipknot-clw";

/// Every bot.
pub(crate) const BOTS: [Bot; 3] = [
    Bot { id: 49_699_333, login: "dependabot" },
    Bot { id: 29_139_614, login: "renovate" },
    Bot { id: 88_210_417, login: "lamplighter-ci" },
];

/// Slug and share of the people: from a crowd to a pair.
const TEAMS: [(&str, usize); 12] = [
    ("lamp-platform", 15),
    ("harbour-payments", 14),
    ("tide-tables", 11),
    ("fog-signals", 9),
    ("keeper-accounts", 9),
    ("chart-data", 8),
    ("beacon-mobile", 7),
    ("rotation-control", 6),
    ("oil-supply", 5),
    ("storm-watch", 3),
    ("gear-train", 2),
    ("visitor-centre", 1),
];

const FIRST_NAMES: [&str; 30] = [
    "Odalys",
    "Thessaly",
    "Brannick",
    "Ysolde",
    "Caspian",
    "Morwenna",
    "Åsgerd",
    "Fenwick",
    "Isaura",
    "Leopoldina",
    "Quillon",
    "Rosamund",
    "Severin",
    "Tamsin",
    "Ulric",
    "Vesper",
    "Wilhelmina",
    "Xanthe",
    "Yevgenia",
    "Zebulon",
    "Anselm",
    "Bérénice",
    "Corisande",
    "Dagny",
    "Evander",
    "Florizel",
    "Gwendal",
    "Hesper",
    "Ingram",
    "Jocasta",
];

const LAST_NAMES: [&str; 31] = [
    "Thornquist",
    "Lanternjaw",
    "Brasswick",
    "Cogsworthy",
    "Mainspring",
    "Fetlock",
    "Gearhart",
    "Halyardson",
    "Inkpenny",
    "Jibboom",
    "Kettlewick",
    "Lodestar",
    "Marlinspike",
    "Nightjarring",
    "Ormerodd",
    "Pendulier",
    "Quarterdeck",
    "Ratchetby",
    "Spindrift",
    "Tidewaiter",
    "Underglass",
    "Vernierson",
    "Windlassen",
    "Yardarmsley",
    "Zephyrine",
    "Ankerström",
    "Bollardini",
    "Capstanley",
    "Driftwoode",
    "Escapemont",
    "Flotsamer",
];

/// The people and the teams they are in.
pub(crate) fn people(seed: u64, count: usize, domain: &str) -> (Vec<Person>, Vec<Team>) {
    let mut teams: Vec<Team> = TEAMS.iter().map(|(slug, _)| Team { slug, people: Vec::new() }).collect();
    let shares: usize = TEAMS.iter().map(|(_, share)| share).sum();
    let people = (0..count)
        .map(|index| {
            let mut rng = random::rng(seed, "person", &[index as u64]);
            let team = team_of(index * shares / count.max(1));
            teams[team].people.push(index);
            // 30 and 31 have no common factor: 930 people before a name comes twice.
            let first = FIRST_NAMES[index % FIRST_NAMES.len()];
            let last = LAST_NAMES[(index + seed as usize % LAST_NAMES.len()) % LAST_NAMES.len()];
            let (given, family) = (plain(first), plain(last));
            Person {
                id: 61_000_000 + index as u64 * 7_919,
                login: format!("{given}-{family}-clw"),
                name: (!random::chance(&mut rng, 0.12)).then(|| format!("{first} {last}")),
                email: format!("{given}.{family}@{domain}"),
                shows_email: random::chance(&mut rng, 0.25),
            }
        })
        .collect();
    (people, teams)
}

/// The team whose share holds this place, counting the shares one after another.
fn team_of(mut place: usize) -> usize {
    for (team, (_, share)) in TEAMS.iter().enumerate() {
        match place.checked_sub(*share) {
            Some(rest) => place = rest,
            None => return team,
        }
    }
    TEAMS.len() - 1
}

/// A name in the letters that logins and addresses may have.
fn plain(name: &str) -> String {
    name.to_lowercase()
        .chars()
        .map(|letter| match letter {
            'å' => 'a',
            'é' => 'e',
            'ö' => 'o',
            other => other,
        })
        .collect()
}
