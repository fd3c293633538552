//! What stands in the files that somebody outside asks about: who owns the code, how the catalogue describes it, which versions of
//! what it is built with. They change rarely.

use crate::company::flaws::Scanning;
use crate::company::groups::Group;
use crate::company::people::Person;
use crate::company::random::{self, chance, mix};
use crate::company::repositories::Repository;
use crate::company::services::Service;
use crate::company::{self, DAY, Period, codeowners, descriptors, modules, monorepo};

/// A file and what it says from when on.
pub(crate) struct File {
    /// The way to it from the root.
    pub(crate) path: String,
    /// The earliest first.
    versions: Vec<(i64, Content)>,
}

/// What is in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Content {
    /// Text.
    Text(String),
    /// So many bytes of a picture.
    Binary(u32),
    /// So many bytes that nobody gets to see them.
    Huge(u32),
}

impl Content {
    /// How many bytes.
    pub(crate) fn size(&self) -> u32 {
        match self {
            Content::Text(text) => text.len() as u32,
            Content::Binary(size) | Content::Huge(size) => *size,
        }
    }

    /// What git might call it: the same for the same content.
    pub(crate) fn object_id(&self) -> [u8; 20] {
        match self {
            Content::Text(text) => object_id(text.as_bytes(), 1),
            Content::Binary(size) => object_id(&size.to_be_bytes(), 2),
            Content::Huge(size) => object_id(&size.to_be_bytes(), 3),
        }
    }
}

/// Twenty bytes made up from content.
pub(crate) fn object_id(content: &[u8], kind: u64) -> [u8; 20] {
    let mut word = content.iter().fold(mix(kind), |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3));
    let mut bytes = [0; 20];
    for chunk in bytes.chunks_mut(8) {
        word = mix(word);
        chunk.copy_from_slice(&word.to_be_bytes()[..chunk.len()]);
    }
    bytes
}

impl File {
    /// A file that is there from this moment on.
    pub(super) fn new(path: &str, from: i64, content: Content) -> File {
        File { path: path.to_owned(), versions: vec![(from, content)] }
    }

    /// With something else in it from a later moment on.
    pub(super) fn later(mut self, from: i64, content: Content) -> File {
        self.versions.push((from, content));
        self
    }

    /// What is in it at this moment; nothing if it is not there.
    pub(crate) fn at(&self, now: i64) -> Option<&Content> {
        self.versions.iter().rev().find(|(from, _)| *from <= now).map(|(_, content)| content)
    }
}

/// What files are made of.
#[derive(Clone, Copy)]
pub(crate) struct Sources<'a> {
    pub(crate) seed: u64,
    pub(crate) period: &'a Period,
    pub(crate) people: &'a [Person],
    pub(crate) groups: &'a [Group],
    pub(crate) repositories: &'a [Repository],
    pub(crate) services: &'a [Service],
}

/// The files of the repository at this index, by path.
pub(crate) fn files(sources: &Sources<'_>, index: usize) -> Vec<File> {
    let repository = &sources.repositories[index];
    if repository.traits.empty {
        return Vec::new();
    }
    let mut rng = random::rng(sources.seed, "files", &[index as u64]);
    let mut files = codeowners::files(sources, repository);
    let mut text = |path: &str, text: String| files.push(File::new(path, repository.created_at, Content::Text(text)));
    text("README.md", format!("# {}\n\n{}\n", repository.name, repository.description.as_deref().unwrap_or("To be written.")));
    if chance(&mut rng, 0.5) {
        text(".github/pull_request_template.md", "## What turns differently?\n\n- [ ] wound\n- [ ] oiled\n".to_owned());
    }
    // The same flag that the vendor reports as having a security policy.
    if repository.setting(1, 3) {
        text("SECURITY.md", format!("Tell harbour-watch@{} about loose cogs.\n", company::DOMAIN));
    }
    if chance(&mut rng, 0.55) {
        text(".github/dependabot.yml", dependabot(repository));
    }
    for (name, share) in [("ci", 0.85), ("release", 0.4), ("nightly", 0.2)] {
        if chance(&mut rng, share) {
            text(&format!(".github/workflows/{name}.yml"), workflow(name));
        }
    }
    if repository.traits.scanning == Scanning::On {
        text(".github/workflows/code-scanning.yml", workflow("code-scanning"));
    }
    if chance(&mut rng, 0.3) {
        files.push(File::new("docs/lens.png", repository.created_at, Content::Binary(rng.u32(2_000..90_000))));
    }
    let descriptor = descriptors::file(sources, repository, &mut rng);
    if repository.traits.monorepo {
        files.extend(monorepo::files(repository, sources.groups));
    } else {
        files.extend(descriptor);
    }
    files.extend(modules::file(sources, repository, &mut rng));
    files.sort_by(|one, other| one.path.cmp(&other.path));
    files
}

fn dependabot(repository: &Repository) -> String {
    let ecosystem = match repository.language {
        Some("Go") => "gomod",
        Some("Rust") => "cargo",
        Some("Python") => "pip",
        Some("Ruby") => "bundler",
        Some("Kotlin" | "Java") => "gradle",
        _ => "npm",
    };
    format!("version: 2\nupdates:\n  - package-ecosystem: {ecosystem}\n    directory: /\n    schedule:\n      interval: weekly\n")
}

fn workflow(name: &str) -> String {
    format!("name: {name}\non: [push]\njobs:\n  {name}:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: actions/checkout@v4\n")
}

/// When a file is edited: in the time before the start, or for one in three in the days after it, where clients watch.
pub(super) fn some_day(rng: &mut fastrand::Rng, period: &Period) -> i64 {
    let to_come = chance(rng, 0.33) && period.end - period.now > DAY;
    rng.i64(if to_come { period.now + 1..period.end } else { period.start..period.end })
}
