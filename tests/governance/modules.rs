//! How far a repository must be behind, from its `go.mod` and everyone's releases, by rules of semantic versioning written down here.

use std::{
    cmp::Ordering,
    collections::{BTreeMap, BTreeSet},
};

use super::asked::{Repository, text};

/// The target that the built-in table sets for the language.
const GO_TARGET: &str = "1.24.0";

/// A version taken apart; a release sorts after its prereleases.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Version {
    numbers: [u64; 3],
    prerelease: Vec<String>,
    is_pseudo: bool,
}

/// What the facts must say of one module of one `go.mod`.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Expected {
    pub(super) used: Option<String>,
    pub(super) newest: Option<Version>,
    pub(super) behind: Option<usize>,
    pub(super) status: &'static str,
}

/// A `go.mod` that can be read.
#[derive(Default)]
struct GoMod {
    /// Required version by path; `go` and `toolchain` as well.
    versions: BTreeMap<String, String>,
    /// Those that a folder stands in for.
    folders: BTreeSet<String>,
}

impl Version {
    pub(super) fn parse(text: &str) -> Option<Self> {
        let text = text.trim_start_matches('v').trim_end_matches("+incompatible");
        let (numbers, prerelease) = text.split_once('-').unwrap_or((text, ""));
        let mut parts = numbers.split('.').map(str::parse);
        let numbers = [parts.next()?.ok()?, parts.next()?.ok()?, parts.next().unwrap_or(Ok(0)).ok()?];
        let commit = prerelease.rsplit('-').next().unwrap_or_default();
        let is_pseudo = commit.len() == 12 && commit.bytes().all(|byte| byte.is_ascii_hexdigit()) && prerelease.contains('-');
        Some(Self { numbers, prerelease: prerelease.split('.').filter(|part| !part.is_empty()).map(str::to_owned).collect(), is_pseudo })
    }

    const fn is_release(&self) -> bool {
        self.prerelease.is_empty()
    }

    fn minor(&self) -> [u64; 2] {
        [self.numbers[0], self.numbers[1]]
    }
}

impl Ord for Version {
    fn cmp(&self, other: &Self) -> Ordering {
        let word = |part: &String| (part.parse::<u64>().map_or((1, 0), |number| (0, number)), part.clone());
        let prerelease = |version: &Self| (version.is_release(), version.prerelease.iter().map(word).collect::<Vec<_>>());
        self.numbers.cmp(&other.numbers).then_with(|| prerelease(self).cmp(&prerelease(other)))
    }
}

impl PartialOrd for Version {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// By repository and module; a repository without a `go.mod` has none.
pub(super) fn expected(organization: &str, today: &str, repositories: &[Repository]) -> BTreeMap<(i64, String), Expected> {
    let files: BTreeMap<i64, Option<GoMod>> =
        repositories.iter().filter_map(|repository| Some((repository.id, read(repository.node["goMod"]["text"].as_str()?)))).collect();
    let mut seen: BTreeMap<String, Vec<Version>> = BTreeMap::new();
    for (path, version) in files.values().flatten().flat_map(|file| &file.versions) {
        seen.entry(family(path)).or_default().extend(Version::parse(version));
    }
    for repository in repositories {
        let released = repository.node["releases"]["nodes"].as_array().into_iter().flatten();
        let usual = released.filter(|release| release["isDraft"] == false && release["isPrerelease"] == false);
        let until_today = usual.filter(|release| release["publishedAt"].as_str().is_some_and(|at| at[..10] <= *today));
        let versions = until_today.filter_map(|release| Version::parse(&text(&release["tagName"])));
        seen.entry(format!("github.com/{}", repository.full_name.to_lowercase())).or_default().extend(versions);
    }
    let is_followed = |family: &str| {
        let own = format!("github.com/{organization}/");
        ["go", "toolchain"].contains(&family) || family.starts_with(&own) || family.ends_with("-sdk") || family.ends_with("-sdk-go")
    };
    let mut all = BTreeMap::new();
    for (id, file) in &files {
        let Some(file) = file else {
            all.insert((*id, "go".to_owned()), judge("go", None, &seen));
            continue;
        };
        for (path, version) in file.versions.iter().filter(|(path, _)| is_followed(&family(path))) {
            let used = (!file.folders.contains(path)).then(|| version.clone());
            all.insert((*id, path.clone()), judge(path, used, &seen));
        }
    }
    all
}

fn judge(path: &str, used: Option<String>, seen: &BTreeMap<String, Vec<Version>>) -> Expected {
    let releases: Vec<&Version> = seen.get(&family(path)).into_iter().flatten().filter(|version| version.is_release()).collect();
    let newest = releases.iter().max().map(|newest| (*newest).clone());
    let version = used.as_deref().and_then(Version::parse).filter(|version| !(version.is_pseudo && version.numbers == [0, 0, 0]));
    let later = |version: &Version| {
        releases.iter().map(|release| release.minor()).filter(|minor| *minor > version.minor()).collect::<BTreeSet<_>>().len()
    };
    let target = Version::parse(GO_TARGET).filter(|_| path == "go");
    let status = match &version {
        None => "unknown",
        Some(version) if target.is_some_and(|target| *version < target) => "behind_target",
        Some(version) if newest.as_ref().is_some_and(|newest| version < newest) => "behind_newest",
        Some(_) => "up_to_date",
    };
    Expected { behind: version.as_ref().map(later), used, newest, status }
}

/// A module without its major version.
fn family(path: &str) -> String {
    let path = path.to_lowercase();
    match path.rsplit_once("/v") {
        Some((family, major)) if !major.is_empty() && major.bytes().all(|byte| byte.is_ascii_digit()) => family.to_owned(),
        _ => path,
    }
}

/// Nothing where a block does not end or no module is named.
fn read(text: &str) -> Option<GoMod> {
    let (mut file, mut block, mut has_module) = (GoMod::default(), None, false);
    for line in text.lines() {
        let line = line.split("//").next().unwrap_or_default();
        let mut words: Vec<&str> = line.split_whitespace().collect();
        match words.as_slice() {
            [] => continue,
            [")"] => block = None,
            [directive, "("] => block = Some((*directive).to_owned()),
            _ => {
                let directive = block.clone().unwrap_or_else(|| words.remove(0).to_owned());
                match (directive.as_str(), words.as_slice()) {
                    ("module", [_]) => has_module = true,
                    ("go" | "toolchain", [version, ..]) => {
                        file.versions.insert(directive.clone(), version.trim_start_matches("go").to_owned());
                    }
                    ("require", [path, version]) => {
                        file.versions.insert((*path).to_owned(), (*version).to_owned());
                    }
                    ("replace", [path, "=>", _]) => {
                        file.folders.insert((*path).to_owned());
                    }
                    _ => panic!("a line that this test does not know: {line}"),
                }
            }
        }
    }
    (has_module && block.is_none()).then_some(file)
}
