//! What stands in the files that somebody outside asks about: who owns the code, how the catalogue describes it, which versions of
//! what it is built with. They change rarely.

use crate::company::flaws::{Descriptor, Scanning};
use crate::company::groups::Group;
use crate::company::people::Person;
use crate::company::random::{self, chance, mix, pick};
use crate::company::repositories::Repository;
use crate::company::{self, DAY, Period, codeowners, modules};

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
}

const SYSTEMS: [&str; 5] = ["illumination", "navigation", "harbour-dues", "weather", "keepers-quarters"];
const LIFECYCLES: [&str; 4] = ["production", "production", "experimental", "deprecated"];

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
    files.extend(descriptor(sources, repository, &mut rng));
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

/// How the catalogue describes it: nearly every service, and a third of the rest. One in eight is edited in the time.
fn descriptor(sources: &Sources<'_>, repository: &Repository, rng: &mut fastrand::Rng) -> Option<File> {
    let natural = chance(rng, if repository.traits.service { 0.85 } else { 0.3 });
    let (edited, edited_at) = (chance(rng, 0.125), some_day(rng, sources.period));
    let (system, lifecycle, layout) = (*pick(rng, &SYSTEMS), *pick(rng, &LIFECYCLES), rng.u32(0..6));
    let neighbour = pick(rng, sources.repositories);
    let owner = match repository.traits.descriptor {
        Descriptor::UnknownOwner => codeowners::UNKNOWN_TEAM,
        _ => repository.properties.team(i64::MIN).unwrap_or("unknown"),
    };
    // People write owners in three ways, all of them allowed.
    let owner = match layout {
        0 => owner.to_owned(),
        1 => format!("group:{owner}"),
        _ => format!("group:default/{owner}"),
    };
    let name = &repository.name;
    let kind = if repository.traits.service { "service" } else { "library" };
    let pager = (0..6_u64).map(|place| char::from(b'A' + (mix(repository.id ^ place << 32) % 26) as u8)).collect::<String>();
    let write = |lifecycle: &str| {
        let mut text = format!(
            "apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata:\n  name: {name}\n  annotations:\n    \
             github.com/project-slug: {org}/{name}\n    backstage.io/kubernetes-id: {name}\n    pagerduty.com/service-id: P{pager}\n  \
             tags: [clockwork]\nspec:\n  type: {kind}\n  lifecycle: {lifecycle}\n  owner: {owner}\n  system: {system}\n",
            org = repository.owner.login
        );
        if layout > 3 && neighbour.index != repository.index {
            text.push_str(&format!("  dependsOn:\n    - component:default/{}\n", neighbour.name));
        }
        if layout == 5 {
            text.push_str(&format!(
                "---\napiVersion: backstage.io/v1alpha1\nkind: API\nmetadata:\n  name: {name}-api\nspec:\n  type: openapi\n  \
                 lifecycle: {lifecycle}\n  owner: {owner}\n  definition: {{}}\n"
            ));
        }
        text
    };
    let path = "catalog-info.yaml";
    match repository.traits.descriptor {
        Descriptor::Broken => {
            let broken = match repository.index % 3 {
                0 => write(lifecycle).replace("  name:", "\tname:"),
                1 => write(lifecycle).replace("  system: ", "  system: \"half a "),
                _ => write(lifecycle).replace("metadata:\n", "metadata\n"),
            };
            Some(File::new(path, repository.created_at, Content::Text(broken)))
        }
        Descriptor::Natural if !natural => None,
        _ => {
            let file = File::new(path, repository.created_at, Content::Text(write(lifecycle)));
            Some(if edited { file.later(edited_at, Content::Text(write("deprecated"))) } else { file })
        }
    }
}

/// When a file is edited: in the time before the start, or for one in three in the days after it, where clients watch.
pub(super) fn some_day(rng: &mut fastrand::Rng, period: &Period) -> i64 {
    let to_come = chance(rng, 0.33) && period.end - period.now > DAY;
    rng.i64(if to_come { period.now + 1..period.end } else { period.start..period.end })
}
