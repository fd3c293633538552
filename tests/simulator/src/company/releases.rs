//! What libraries and some services release: versions with a tag.
//!
//! Drawn for one repository when somebody asks for it first; files of others name these versions.

use fastrand::Rng;

use crate::company::people::Actor;
use crate::company::random::{self, chance, hours, long_tail};
use crate::company::repositories::Repository;
use crate::company::{DAY, Period};

/// A release. Times are Unix seconds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Release {
    /// The tag: `v` and a version.
    pub(crate) tag: String,
    /// When it was written.
    pub(crate) created_at: i64,
    /// When everyone could see it; a draft is never seen.
    published_at: Option<i64>,
    /// When its tag was moved to another commit.
    retagged_at: Option<i64>,
    /// Whether it is meant for those who want to try it.
    pub(crate) prerelease: bool,
    /// Who wrote it.
    pub(crate) author: Actor,
    /// The pull request, by index, that was merged last before; earlier ones are forgotten.
    pub(crate) pull: Option<u32>,
}

impl Release {
    /// When everyone could see it.
    pub(crate) fn published_at(&self, now: i64) -> Option<i64> {
        self.published_at.filter(|at| *at <= now)
    }

    /// When it last changed.
    pub(crate) fn updated_at(&self, now: i64) -> i64 {
        self.retagged_at.filter(|at| *at <= now).or(self.published_at(now)).unwrap_or(self.created_at)
    }
}

impl Repository {
    /// Whether it releases versions: what others build on does, and one service in five.
    pub(crate) fn is_released(&self) -> bool {
        let built_on = ["lib", "sdk", "tools", "charts"].iter().any(|kind| self.is_a(kind));
        !self.traits.empty && (built_on || (self.traits.service && self.index.is_multiple_of(5)))
    }

    /// Whether others in the company build with it in every language.
    pub(crate) fn is_sdk(&self) -> bool {
        self.is_a("sdk") && self.is_released()
    }

    /// Names end in what a thing is, and in a number once the names are used up. What it was called first counts, whatever it is called now.
    fn is_a(&self, kind: &str) -> bool {
        let name = self.former_names.first().unwrap_or(&self.name);
        name.trim_end_matches(|letter: char| letter.is_ascii_digit() || letter == '-').ends_with(&format!("-{kind}"))
    }
}

/// The releases of a repository, the earliest first.
pub(crate) fn releases(seed: u64, period: &Period, people: usize, repository: &Repository) -> Vec<Release> {
    if !repository.is_released() {
        return Vec::new();
    }
    let mut rng = random::rng(seed, "releases", &[repository.index as u64]);
    let end = repository.archived_at.unwrap_or(period.end).min(period.end);
    // What is stale was released as long as somebody pushed to it.
    let end = if repository.traits.stale { repository.pushed_before.unwrap_or(end) } else { end };
    let mut at = repository.created_at.max(end - 500 * DAY) + rng.i64(5..40) * DAY;
    let mut version = (rng.u32(0..3), rng.u32(0..9), 0);
    let merges = repository.merges();
    let mut releases: Vec<Release> = Vec::new();
    while at < end {
        let candidate = chance(&mut rng, 0.12);
        if candidate {
            // Tried first, and released some days later.
            let next = (version.0, version.1 + 1, 0);
            releases.push(draw(&mut rng, &format!("{}-rc.1", written(next)), at, people));
            at += rng.i64(2..9) * DAY;
            version = next;
        } else {
            version = step(&mut rng, version);
        }
        if at < end {
            releases.push(draw(&mut rng, &written(version), at, people));
        }
        at += hours(long_tail(&mut rng, 24.0 * 26.0, 0.7)).clamp(DAY, 150 * DAY);
    }
    if let Some(place) = releases.len().checked_sub(2).filter(|_| repository.index.is_multiple_of(4)) {
        releases[place].retagged_at = releases[place].published_at.map(|at| at + rng.i64(1..20) * 3_600);
    }
    // Somebody began to write one, and never published it.
    if chance(&mut rng, 0.3) && releases.last().is_some_and(|last| last.created_at < period.now) {
        let at = period.now - rng.i64(1..20) * DAY;
        let draft = Release { published_at: None, ..draw(&mut rng, &written((version.0 + 1, 0, 0)), at.min(end), people) };
        releases.push(draft);
        releases.sort_by_key(|release| release.created_at);
    }
    for release in &mut releases {
        let last = merges[..merges.partition_point(|(merged_at, _)| *merged_at <= release.created_at)].last();
        release.pull = last.map(|(_, index)| *index);
    }
    releases
}

fn draw(rng: &mut Rng, tag: &str, at: i64, people: usize) -> Release {
    let author = match rng.f64() {
        share if share < 0.04 => Actor::Ghost,
        share if share < 0.3 => crate::company::people::CI_BOT,
        _ => Actor::Person(rng.usize(..people) as u16),
    };
    Release {
        tag: tag.to_owned(),
        created_at: at,
        published_at: Some(at + rng.i64(20..5_000)),
        retagged_at: None,
        prerelease: tag.contains('-'),
        author,
        pull: None,
    }
}

fn step(rng: &mut Rng, (major, minor, patch): (u32, u32, u32)) -> (u32, u32, u32) {
    match rng.f64() {
        share if share < 0.06 => (major + 1, 0, 0),
        share if share < 0.55 => (major, minor + 1, 0),
        _ => (major, minor, patch + 1),
    }
}

fn written((major, minor, patch): (u32, u32, u32)) -> String {
    format!("v{major}.{minor}.{patch}")
}

/// The newest of those that everyone can see and use, by version: what the vendor calls the latest.
pub(crate) fn latest(releases: &[Release], now: i64) -> Option<&Release> {
    releases.iter().rev().find(|release| !release.prerelease && release.published_at(now).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::company::Company;
    use crate::options::Options;

    #[test]
    fn what_others_build_on_is_released() {
        let company = Company::found(&Options::default()).expect("the default options are good");
        let now = Options::default().now.timestamp();
        let all: Vec<&Release> = company.repositories.iter().flat_map(|repository| company.releases(repository)).collect();
        let some = |what: &str, wanted: &dyn Fn(&&Release) -> bool| assert!(all.iter().any(wanted), "no {what}");
        some("draft", &|release| release.published_at.is_none());
        some("candidate", &|release| release.prerelease && release.tag.ends_with("-rc.1"));
        some("moved tag", &|release| release.retagged_at.is_some() && release.updated_at(now) > release.created_at + 3_000);
        some("second major version", &|release| release.tag.starts_with("v2."));
        some("release to come", &|release| release.created_at > now);
        assert!(company.repositories.iter().all(|repository| repository.is_released() || company.releases(repository).is_empty()));
        let sdk = company
            .repositories
            .iter()
            .find(|repository| repository.is_sdk() && !company.releases(repository).is_empty())
            .expect("there is one");
        let releases = company.releases(sdk);
        assert!(releases.len() > 5 && latest(releases, now).is_some_and(|latest| latest.created_at <= now), "{releases:?}");
    }
}
