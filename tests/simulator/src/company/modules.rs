//! What repositories in Go are built with: the `go.mod` of each, and what is odd about some.

use crate::company::DAY;
use crate::company::files::{Content, File, Sources, some_day};
use crate::company::random::{self, chance, pick};
use crate::company::releases::{self, Release};
use crate::company::repositories::Repository;

/// The module that every service in Go should keep up with.
const SDK: &str = "tides.example/lamp-sdk";
const SDK_VERSIONS: [&str; 6] = ["v1.8.2", "v1.9.0", "v1.11.3", "v1.12.0", "v1.14.0-rc.1", "v2.0.1+incompatible"];
const GO_VERSIONS: [&str; 5] = ["1.19", "1.21", "1.22.4", "1.23.0", "1.24"];
const MODULES: [(&str, &str); 6] = [
    ("tides.example/pendulum", "v0.31.4"),
    ("tides.example/semaphore", "v1.2.1"),
    ("tides.example/vane", "v2.0.3+incompatible"),
    ("brass.example/rivet", "v0.0.0-20260301120000-5a1c0ffee5a1"),
    ("brass.example/solder/v3", "v3.4.0"),
    ("works.example/oilcan", "v1.0.0"),
];
/// How many of the company's own kits a module may be built with.
const KITS: usize = 3;

/// What is odd about a repository's `go.mod`; of those in Go, the second, the third, … have one each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Oddity {
    None,
    /// It cannot be read.
    Broken,
    /// A kit comes from the folder beside it.
    Replaced,
    /// A kit at a commit that has no version.
    Untagged,
    /// A kit in a version that is still tried.
    Candidate,
    /// A kit that comes with something else.
    Indirect,
}

/// The `go.mod` of a repository in Go. Nearly half raise what comes from the company at some time, some of them in the days to come.
pub(super) fn file(sources: &Sources<'_>, repository: &Repository, rng: &mut fastrand::Rng) -> Option<File> {
    if repository.language != Some("Go") {
        return None;
    }
    let (go, sdk) = (*pick(rng, &GO_VERSIONS), rng.usize(..SDK_VERSIONS.len()));
    let uses_sdk = chance(rng, 0.9);
    let modules: Vec<(&str, &str)> = MODULES.iter().copied().filter(|_| chance(rng, 0.5)).collect();
    let (raised, raised_at) = (chance(rng, 0.45), some_day(rng, sources.period));
    let before = |other: &&Repository| other.index < repository.index && other.language == Some("Go");
    let oddity = match sources.repositories.iter().filter(before).count() {
        1 => Oddity::Broken,
        2 => Oddity::Replaced,
        3 => Oddity::Untagged,
        4 => Oddity::Candidate,
        5 => Oddity::Indirect,
        _ => Oddity::None,
    };
    let (kits, raised_kits) = (kits(sources, repository, oddity, false), kits(sources, repository, oddity, true));
    let write = |sdk: usize, kits: &str| {
        let mut text = format!("module tides.example/{}\n\ngo {go}\n", repository.name);
        // Three numbers are a toolchain's way of writing it.
        if go.matches('.').count() == 2 {
            text.push_str(&format!("\ntoolchain go{go}\n"));
        }
        if uses_sdk {
            text.push_str(&format!("\nrequire {SDK} {}\n", SDK_VERSIONS[sdk]));
        }
        if !modules.is_empty() {
            text.push_str("\nrequire (\n");
            for (place, (module, version)) in modules.iter().enumerate() {
                text.push_str(&format!("\t{module} {version}{}\n", if place % 2 == 1 { " // indirect" } else { "" }));
            }
            text.push_str(")\n");
        }
        text.push_str(kits);
        if oddity == Oddity::Broken {
            text = text.replace("\ngo ", "\ngo version ").replace(")\n", "\n");
        }
        text
    };
    let file = File::new("go.mod", repository.created_at, Content::Text(write(sdk, &kits)));
    let next = (sdk + 1).min(SDK_VERSIONS.len() - 1);
    let changes = raised && uses_sdk && next != sdk && repository.archived_at.is_none_or(|at| at > raised_at + DAY);
    Some(if changes { file.later(raised_at, Content::Text(write(next, &raised_kits))) } else { file })
}

/// The lines about the company's own kits: each as it was released at some time, or (`newest`) as it was released last.
fn kits(sources: &Sources<'_>, repository: &Repository, oddity: Oddity, newest: bool) -> String {
    let mut rng = random::rng(sources.seed, "kits", &[repository.index as u64]);
    let (seed, period, people) = (sources.seed, sources.period, sources.people.len());
    let mut lines = String::new();
    let mut replaced = None;
    let released = sources.repositories.iter().filter(|kit| kit.is_sdk() && kit.index != repository.index);
    for (place, kit) in released.take(KITS).enumerate() {
        let all = kit.releases.get_or_init(|| releases::releases(seed, period, people, kit));
        let seen: Vec<&Release> = all.iter().filter(|release| release.published_at(period.now).is_some()).collect();
        let (used, behind) = (chance(&mut rng, 0.8) || oddity != Oddity::None, rng.usize(..5));
        let usual: Vec<&Release> = seen.iter().copied().filter(|release| !release.prerelease).collect();
        // Two in five are up to date, the others up to three versions behind.
        let behind = if newest { 0 } else { behind.saturating_sub(1).min(usual.len().saturating_sub(1)) };
        let Some(release) = usual.iter().rev().nth(behind).filter(|_| used) else { continue };
        let candidate = seen.iter().rev().find(|release| release.prerelease).filter(|_| oddity == Oddity::Candidate);
        let version = match candidate {
            Some(candidate) => candidate.tag.clone(),
            None if oddity == Oddity::Untagged && place == 0 => format!("{}-0.20260918071500-5a1c0ffee5a1", next_patch(&release.tag)),
            None => release.tag.clone(),
        };
        // From the second major version on, the number is part of the name.
        let major = version.trim_start_matches('v').split('.').next().and_then(|major| major.parse().ok()).unwrap_or(0_u32);
        let name =
            format!("github.com/{}/{}{}", repository.owner.login, kit.name, if major > 1 { format!("/v{major}") } else { String::new() });
        let comment = if oddity == Oddity::Indirect { " // indirect" } else { "" };
        lines.push_str(&format!("\t{name} {version}{comment}\n"));
        replaced.get_or_insert(format!("\nreplace {name} => ../{}\n", kit.name));
    }
    if lines.is_empty() {
        return lines;
    }
    let replaced = replaced.filter(|_| oddity == Oddity::Replaced).unwrap_or_default();
    format!("\nrequire (\n{lines})\n{replaced}")
}

/// The version after this one, which a commit without a tag is said to come before.
fn next_patch(tag: &str) -> String {
    match tag.rsplit_once('.') {
        Some((minor, patch)) => format!("{minor}.{}", patch.parse::<u32>().map_or(0, |patch| patch + 1)),
        None => tag.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use crate::company::{Company, releases};
    use crate::options::Options;

    #[test]
    fn modules_in_go_have_every_kind_of_version() {
        let company = Company::found(&Options::default()).expect("the default options are good");
        let now = Options::default().now.timestamp();
        let texts: Vec<String> = company
            .repositories
            .iter()
            .flat_map(|repository| repository.files.iter().filter(|file| file.path == "go.mod"))
            .filter_map(|file| match file.at(now) {
                Some(crate::company::files::Content::Text(text)) => Some(text.clone()),
                _ => None,
            })
            .collect();
        let count = |wanted: &str| texts.iter().filter(|text| text.contains(wanted)).count();
        let kits = "github.com/clockwork-lighthouse/";
        assert!(count(kits) > 15, "{} of {}", count(kits), texts.len());
        assert_eq!((count("replace "), count("go version "), count("-0.20260918071500-")), (1, 1, 1));
        for some in ["-rc.", " // indirect", "toolchain go", "+incompatible", "/v2 v2.", "brass.example/solder/v3"] {
            assert!(count(some) > 0, "no {some}");
        }
        let kit = company.repositories.iter().find(|repository| repository.is_sdk()).expect("there is one");
        let all = company.releases(kit);
        let latest = releases::latest(all, now).expect("it was released");
        let named =
            |tag: &str| texts.iter().filter(|text| text.lines().any(|line| line.contains(&kit.name) && line.ends_with(tag))).count();
        assert!(named(&format!(" {}", latest.tag)) > 0 && named(&format!(" {}", latest.tag)) < count(&kit.name), "some are behind");
    }
}
