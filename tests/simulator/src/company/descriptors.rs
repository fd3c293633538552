//! How the catalogue describes what is in a repository: `catalog-info.yaml`, and everything that is wrong with some of them.

use crate::company::codeowners::UNKNOWN_TEAM;
use crate::company::files::{Content, File, Sources, some_day};
use crate::company::flaws::Descriptor;
use crate::company::groups;
use crate::company::random::{self, chance, pick};
use crate::company::repositories::Repository;
use crate::company::services::{self, Service};

const SYSTEMS: [&str; 5] = ["illumination", "navigation", "harbour-dues", "weather", "keepers-quarters"];
const LIFECYCLES: [&str; 4] = ["production", "production", "experimental", "deprecated"];
/// What the company keeps that is no service, as `catalog.rs` describes it.
pub(super) const RESOURCES: [(&str, &str); 4] =
    [("lamp-ledger-db", "database"), ("tide-queue", "queue"), ("chart-bucket", "object-store"), ("keepers-directory", "directory")];
/// Interfaces that belong to no single repository.
pub(super) const APIS: [&str; 3] = ["harbour-events-api", "chart-tiles-api", "keeper-sign-in-api"];

/// The descriptor of one repository.
struct Draft<'a> {
    repository: &'a Repository,
    service: Option<&'a Service>,
    owner: String,
    system: &'static str,
    lifecycle: &'static str,
    depends_on: Vec<String>,
    with_api: bool,
    consumes: Option<&'static str>,
    /// Whether a second thing runs out of the same repository.
    with_second: bool,
    /// Whom somebody says to ask.
    remark: Option<String>,
}

/// How the catalogue describes it: nearly every service, and a third of the rest. One in eight is edited in the time.
pub(super) fn file(sources: &Sources<'_>, repository: &Repository, rng: &mut fastrand::Rng) -> Option<File> {
    let natural = chance(rng, if repository.traits.service { 0.85 } else { 0.3 });
    let (edited, edited_at) = (chance(rng, 0.125), some_day(rng, sources.period));
    let (system, lifecycle, layout) = (*pick(rng, &SYSTEMS), *pick(rng, &LIFECYCLES), rng.u32(0..6));
    let neighbour = pick(rng, sources.repositories);
    let original = original(sources.repositories);
    let flaw = repository.traits.descriptor;
    // What others give their name to must be there for that.
    if flaw == Descriptor::Natural && !natural && original != Some(repository.index) {
        return None;
    }
    // Drawn apart, so that files drawn after this one stay what they are.
    let mut own = random::rng(sources.seed, "descriptor", &[repository.index as u64]);
    let service = sources.services.iter().find(|service| service.repository == repository.index);
    let person = pick(&mut own, sources.people);
    let mut depends_on: Vec<String> = match service {
        Some(service) => service.depends_on.iter().map(|other| format!("component:default/{}", sources.services[*other].name)).collect(),
        None if layout > 3 && neighbour.index != repository.index => vec![format!("component:default/{}", neighbour.name)],
        None => Vec::new(),
    };
    if service.is_some() && chance(&mut own, 0.4) {
        depends_on.push(format!("resource:default/{}", pick(&mut own, &RESOURCES).0));
    }
    if chance(&mut own, 0.04) {
        depends_on.push("component:default/semaphore-relay".to_owned());
    }
    let team = repository.properties.team(i64::MIN).unwrap_or("unknown");
    let draft = Draft {
        repository,
        service,
        owner: match flaw {
            Descriptor::UserOwner => format!("user:default/{}", person.login),
            Descriptor::UnknownOwner => owner(UNKNOWN_TEAM, layout),
            _ => owner(team, layout),
        },
        system: service.map_or(system, |service| service.system),
        lifecycle: service.map_or(lifecycle, |service| service.lifecycle),
        depends_on,
        with_api: layout == 5,
        consumes: chance(&mut own, 0.25).then(|| *pick(&mut own, &APIS)),
        with_second: service.is_some() && chance(&mut own, 0.08),
        remark: (flaw == Descriptor::Remark)
            .then(|| format!("# {} <{}> knows where the oil is\n", person.name.as_deref().unwrap_or(&person.login), person.email)),
    };
    let good = draft.write(draft.lifecycle);
    let name = format!("  name: {}\n", repository.name);
    let text = match flaw {
        Descriptor::Broken => match earlier(sources.repositories, repository) % 3 {
            0 => good.replace("  name:", "\tname:"),
            1 => good.replace("  system: ", "  system: \"half a "),
            _ => good.replace("metadata:\n", "metadata\n"),
        },
        Descriptor::WithoutOwner => good.lines().filter(|line| !line.starts_with("  owner:")).map(|line| format!("{line}\n")).collect(),
        Descriptor::WrongKind => good.replacen("kind: Component\n", "kind: Microservice\n", 1),
        Descriptor::InvalidName => good.replacen(&name, &format!("  name: \"{} (prod)!\"\n", repository.name.replace('-', " ")), 1),
        Descriptor::Duplicate => match original {
            Some(original) => good.replacen(&name, &format!("  name: {}\n", sources.repositories[original].name), 1),
            None => good,
        },
        Descriptor::Natural | Descriptor::UnknownOwner | Descriptor::Remark | Descriptor::UserOwner => {
            let file = File::new("catalog-info.yaml", repository.created_at, Content::Text(good));
            let later = || draft.write("deprecated");
            return Some(if edited { file.later(edited_at, Content::Text(later())) } else { file });
        }
    };
    Some(File::new("catalog-info.yaml", repository.created_at, Content::Text(text)))
}

/// People write owners in many ways, all of them allowed.
fn owner(team: &str, layout: u32) -> String {
    match layout {
        0 => team.to_owned(),
        1 => format!("group:{team}"),
        2 => format!("Group:default/{team}"),
        _ => format!("group:default/{team}"),
    }
}

/// How many before it have the same wrong in them: each of the ways to be broken has its turn.
fn earlier(repositories: &[Repository], repository: &Repository) -> usize {
    let same = |other: &&Repository| other.index < repository.index && other.traits.descriptor == repository.traits.descriptor;
    repositories.iter().filter(same).count()
}

/// The first repository with nothing wrong in its descriptor: duplicates have its name.
fn original(repositories: &[Repository]) -> Option<usize> {
    let fine = |repository: &&Repository| repository.traits.descriptor == Descriptor::Natural && !repository.traits.empty;
    repositories.iter().find(fine).map(|repository| repository.index)
}

impl Draft<'_> {
    fn write(&self, lifecycle: &str) -> String {
        let (repository, name, org) = (self.repository, &self.repository.name, self.repository.owner.login);
        let kind = if repository.traits.service { "service" } else { "library" };
        let mut text = self.remark.clone().unwrap_or_default();
        text.push_str(&format!("apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata:\n  name: {name}\n"));
        if let Some(service) = self.service {
            text.push_str(&format!("  title: {}\n", title(name)));
            if let Some(description) = &repository.description {
                text.push_str(&format!("  description: {description}\n"));
            }
            text.push_str("  labels:\n");
            if let Some(tier) = service.tier {
                text.push_str(&format!("    tier: \"{tier}\"\n"));
            }
            text.push_str(&format!("    pci-scope: {}\n", if service.pci { "in-scope" } else { "out-of-scope" }));
        }
        text.push_str(&format!("  annotations:\n    github.com/project-slug: {org}/{name}\n    backstage.io/kubernetes-id: {name}\n"));
        if let Some(service) = self.service {
            text.push_str(&format!("    datadoghq.com/service-name: {}\n", service.watched_as));
            if service.paged_as.is_some() {
                text.push_str(&format!("    pagerduty.com/service-id: {}\n", services::pager(repository)));
            }
        }
        text.push_str("  tags: [clockwork]\n");
        if self.service.is_some() {
            text.push_str(&format!(
                "  links:\n    - url: https://runbooks.clockwork-lighthouse.example/{name}\n      title: Runbook\n      icon: docs\n"
            ));
        }
        text.push_str(&format!("spec:\n  type: {kind}\n  lifecycle: {lifecycle}\n  owner: {}\n  system: {}\n", self.owner, self.system));
        text.push_str(&list("dependsOn", &self.depends_on));
        if self.with_api {
            text.push_str(&list("providesApis", &[format!("{name}-api")]));
        }
        text.push_str(&list("consumesApis", self.consumes.as_slice()));
        if self.with_api {
            text.push_str(&format!(
                "---\napiVersion: backstage.io/v1alpha1\nkind: API\nmetadata:\n  name: {name}-api\nspec:\n  type: openapi\n  \
                 lifecycle: {lifecycle}\n  owner: {}\n  system: {}\n  definition: \"openapi: 3.1.0\"\n",
                self.owner, self.system
            ));
        }
        if self.with_second {
            text.push_str(&format!(
                "---\napiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata:\n  name: {name}-jobs\n  annotations:\n    \
                 github.com/project-slug: {org}/{name}\nspec:\n  type: worker\n  lifecycle: {lifecycle}\n  owner: {}\n  system: {}\n  \
                 subcomponentOf: component:default/{name}\n",
                self.owner, self.system
            ));
        }
        text
    }
}

/// A field that is a list, unless nothing is in it.
pub(super) fn list(name: &str, items: &[impl std::fmt::Display]) -> String {
    match items {
        [] => String::new(),
        _ => format!("  {name}:\n{}", items.iter().map(|item| format!("    - {item}\n")).collect::<String>()),
    }
}

/// A name as people read it.
pub(super) fn title(name: &str) -> String {
    name.split('-').map(groups::capital).collect::<Vec<_>>().join(" ")
}
