//! What the files that name the owners of code say, in all the ways that go wrong.

use crate::company::files::{Content, File, Sources};
use crate::company::flaws::Owners;
use crate::company::people::FORMER;
use crate::company::repositories::Repository;
use crate::company::{groups, monorepo, random};

/// Where such a file may be, in the order they are looked for.
pub(crate) const PLACES: [&str; 3] = [".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS"];
/// The slug of a team that never was.
pub(crate) const UNKNOWN_TEAM: &str = "bell-ringers";
/// The most bytes that such a file may have to be read.
pub(crate) const LIMIT: u32 = 3 * 1024 * 1024;

const DAY: i64 = 86_400;

/// The files of one repository.
pub(super) fn files(sources: &Sources<'_>, repository: &Repository) -> Vec<File> {
    let mut rng = random::rng(sources.seed, "codeowners", &[repository.index as u64]);
    let owner = Owner::draw(sources, repository, &mut rng);
    let right = owner.lines(random::chance(&mut rng, 0.15));
    let now = sources.period.now;
    let file = |place: usize, text: String| File::new(PLACES[place], repository.created_at, Content::Text(text));
    match repository.traits.owners {
        Owners::Usual if repository.traits.monorepo => vec![file(0, right + &monorepo::owners(repository, sources.groups))],
        Owners::Usual => vec![file(0, right)],
        Owners::AtRoot => vec![file(1, right)],
        Owners::InDocs => vec![file(2, right)],
        Owners::Nowhere if first(sources, repository) => {
            vec![File::new(PLACES[0], now + 2 * DAY, Content::Text(right))]
        }
        Owners::Nowhere => Vec::new(),
        Owners::TwoPlaces => {
            let other = format!("# Moved here from the old harbour office\n*  @{}/{}\n", repository.owner.login, groups::DESERTED);
            vec![file(0, right), file(1, other)]
        }
        Owners::TooLarge => {
            vec![File::new(PLACES[0], repository.created_at, Content::Huge(LIMIT + rng.u32(1_000..900_000)))]
        }
        Owners::UnknownTeam => {
            let wrong = file(0, format!("*  @{}/{UNKNOWN_TEAM}\n/docs/  {}\n", repository.owner.login, owner.handle));
            vec![if first(sources, repository) { wrong.later(now + 3 * DAY, Content::Text(right)) } else { wrong }]
        }
        Owners::BlindTeam => {
            let blind = (0..sources.groups.len()).filter(|index| {
                let access = groups::access_at(sources.groups, *index, sources.period.end);
                access.iter().all(|(place, _)| *place != repository.index) && !sources.groups[*index].secret
            });
            let blind: Vec<usize> = blind.collect();
            let slug = sources.groups[*random::pick(&mut rng, &blind)].slug;
            vec![file(0, format!("{}/src/  @{}/{slug}\n", right, repository.owner.login))]
        }
        Owners::ReadOnlyTeam => vec![file(0, format!("*  @{}/{}\n", repository.owner.login, groups::AUDITORS))],
        Owners::LeftPerson => vec![file(0, format!("*  @{FORMER}\n/docs/  {}\n", owner.handle))],
        Owners::SyntaxErrors => {
            let org = repository.owner.login;
            let bare = owner.handle.trim_start_matches('@');
            let text = format!("[Lamps] @{org}/lamp-platform\n!/vendor/  {0}\n*.kt  {bare}\n/docs/[a-  {0}\n*.md  {0}\n", owner.handle);
            vec![file(0, text)]
        }
    }
}

/// Whether it is the first repository with its flaw: the one that is mended in the days to come.
fn first(sources: &Sources<'_>, repository: &Repository) -> bool {
    let same = |other: &&Repository| other.traits.owners == repository.traits.owners && !other.traits.empty && other.archived_at.is_none();
    sources.repositories.iter().find(same).is_some_and(|other| other.index == repository.index)
}

/// Who owns a repository's code.
struct Owner {
    /// With the `@` in front: a team, or a person where no team answers.
    handle: String,
    /// Somebody of the team.
    person: String,
    email: String,
}

impl Owner {
    fn draw(sources: &Sources<'_>, repository: &Repository, rng: &mut fastrand::Rng) -> Owner {
        let slug = repository.properties.team(i64::MIN);
        let place = slug.and_then(|slug| sources.groups.iter().position(|group| group.slug == slug));
        let members = place.map(|place| groups::members_at(sources.groups, place, sources.period.now)).unwrap_or_default();
        let person = match members.as_slice() {
            [] => rng.usize(..sources.people.len()),
            some => random::pick(rng, some).person,
        };
        let person = &sources.people[person];
        Owner {
            handle: slug.map_or_else(|| format!("@{}", person.login), |slug| format!("@{}/{slug}", repository.owner.login)),
            person: format!("@{}", person.login),
            email: person.email.clone(),
        }
    }

    /// A file without a mistake; the later line counts.
    fn lines(&self, by_mail: bool) -> String {
        let second = if by_mail { &self.email } else { &self.person };
        format!(
            "# Who is asked before a change is merged.\n\n*       {0}\n*.md    {0} {second}\n/deploy/\\ notes/  {0} # with a space\n/generated/\n",
            self.handle
        )
    }
}
