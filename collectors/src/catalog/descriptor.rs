//! One descriptor: an entity as its document describes it, or what is wrong with the document, in the words of a person.
//!
//! What Backstage takes is taken, and a little more: numbers and booleans where text should be, one reference where a list should be.
//! Fields that no column is made of are not looked at.

use std::collections::BTreeMap;

use crate::privacy::Pseudonym;

use super::{
    kind::{EntityKind, Field},
    people::{People, is_secret, nameless, open_link},
    reference::{Reference, is_name},
    yaml::{Document, Entry, Node, Problem},
};

const API_VERSIONS: [&str; 2] = ["backstage.io/v1alpha1", "backstage.io/v1beta1"];
/// The annotations that something is made of; of others nothing is kept.
const ANNOTATIONS: [&str; 9] = [
    "backstage.io/source-location",
    "datadoghq.com/service-name",
    "github.com/project-slug",
    "github.com/team-slug",
    "pagerduty.com/escalation-policy",
    "pagerduty.com/service-id",
    "pagerduty.com/team-id",
    "slack.com/channel",
    TIER,
];
/// The last part of the key of a label or annotation that tells the tier.
const TIER: &str = "tier";

/// What a document describes.
#[derive(Debug)]
pub(super) enum Described {
    Entity(Box<Entity>),
    /// Somebody.
    Person(Pseudonym),
    /// Something that no table is about.
    Else,
}

/// An entity, without the people.
#[derive(Debug)]
pub(super) struct Entity {
    pub(super) kind: EntityKind,
    pub(super) reference: Reference,
    pub(super) name: String,
    pub(super) title: Option<String>,
    pub(super) labels: BTreeMap<String, String>,
    pub(super) tags: Vec<String>,
    annotations: BTreeMap<String, String>,
    /// Addresses by kind or title.
    pub(super) links: BTreeMap<String, String>,
    slack_link: Option<String>,
    pub(super) entity_type: Option<String>,
    pub(super) lifecycle: Option<String>,
    pub(super) relations: Vec<Relation>,
    pub(super) members: Vec<Pseudonym>,
}

/// Another entity that a field names.
#[derive(Debug)]
pub(super) struct Relation {
    pub(super) field: &'static Field,
    pub(super) to: Reference,
    /// The kind is the field's default where another is possible.
    pub(super) is_guess: bool,
}

/// A document that is no descriptor.
#[derive(Debug)]
pub(super) struct Invalid {
    /// Its kind, as far as that can be told.
    pub(super) kind: Option<EntityKind>,
    problems: Vec<Problem>,
}

impl Invalid {
    /// What is wrong, on one line.
    pub(super) fn text(&self) -> String {
        const NAMED: usize = 3;
        let named: Vec<String> = self.problems.iter().take(NAMED).map(ToString::to_string).collect();
        let more = self.problems.len().saturating_sub(NAMED);
        if more > 0 { format!("{}; and {more} more", named.join("; ")) } else { named.join("; ") }
    }
}

impl Entity {
    /// Those that the field names.
    pub(super) fn all(&self, field: &str) -> impl Iterator<Item = String> {
        self.relations.iter().filter(move |relation| relation.field.name == field).map(|relation| relation.to.to_string())
    }

    /// The one that the field names.
    pub(super) fn one(&self, field: &str) -> Option<String> {
        self.all(field).next()
    }

    /// What an annotation says.
    pub(super) fn annotation(&self, key: &str) -> Option<String> {
        self.annotations.get(key).cloned()
    }

    /// The tier, by the label, else by the annotation; the key may have a prefix.
    pub(super) fn tier(&self) -> Option<String> {
        let of = |texts: &BTreeMap<String, String>| {
            let prefixed = || texts.iter().find_map(|(key, tier)| is_tier(key).then_some(tier));
            texts.get(TIER).or_else(prefixed).cloned()
        };
        of(&self.labels).or_else(|| of(&self.annotations))
    }

    /// Where to talk to those who own it.
    pub(super) fn slack_channel(&self) -> Option<String> {
        self.annotation("slack.com/channel").or_else(|| self.slack_link.clone())
    }
}

fn is_tier(key: &str) -> bool {
    key.rsplit('/').next() == Some(TIER)
}

/// Reads a document.
pub(super) fn read(document: &Document<'_>, people: &People<'_>) -> Result<Described, Invalid> {
    let root = document.parse().map_err(|problem| Invalid { kind: kind_in(document.text), problems: vec![problem] })?;
    let mut reading = Reading { people: *people, problems: Vec::new() };
    match reading.document(&root) {
        Some(described) if reading.problems.is_empty() => Ok(described),
        _ => Err(Invalid { kind: root.get("kind").and_then(|entry| EntityKind::of(entry.value.text()?)), problems: reading.problems }),
    }
}

/// The kind of a document that cannot be parsed, from the line that tells it.
fn kind_in(text: &str) -> Option<EntityKind> {
    let value = text.lines().find_map(|line| line.strip_prefix("kind:"))?;
    EntityKind::of(value.split('#').next()?.trim().trim_matches(['"', '\'']))
}

/// A document that is being read.
struct Reading<'a> {
    people: People<'a>,
    problems: Vec<Problem>,
}

/// A mapping of the document.
#[derive(Clone, Copy)]
struct Section<'a> {
    /// What its keys are called by: `spec.`.
    path: &'static str,
    /// Where to go if something is missing from it.
    line: usize,
    node: &'a Node,
}

impl<'a> Section<'a> {
    fn get(&self, key: &str) -> Option<&'a Entry> {
        self.node.get(key)
    }
}

impl Reading<'_> {
    fn problem(&mut self, line: usize, text: impl Into<String>) {
        self.problems.push(Problem { line, text: text.into() });
    }

    /// What the document describes; nothing where something is missing without which the rest says nothing.
    fn document(&mut self, node: &Node) -> Option<Described> {
        if node.entries().is_none() {
            self.problem(node.line, "this is no descriptor, which has `apiVersion`, `kind`, `metadata` and `spec`");
            return None;
        }
        let root = Section { path: "", line: node.line, node };
        let kind = self.kind(root)?;
        let in_metadata = |key: &str| root.get("metadata")?.value.get(key)?.value.text();
        match kind {
            EntityKind::Location | EntityKind::Template => return Some(Described::Else),
            EntityKind::User => return Some(in_metadata("name").map_or(Described::Else, |name| Described::Person(self.people.key(name)))),
            _ => {}
        }
        if let Some((line, version)) = self.required(root, "apiVersion", "write backstage.io/v1alpha1")
            && !API_VERSIONS.contains(&version.as_str())
        {
            self.problem(line, "`apiVersion` is neither backstage.io/v1alpha1 nor backstage.io/v1beta1");
        }
        let metadata = self.section(root, "metadata", "metadata.");
        let spec = self.section(root, "spec", "spec.");
        let entity = self.entity(kind, metadata?, spec?)?;
        Some(Described::Entity(Box::new(entity)))
    }

    fn kind(&mut self, root: Section<'_>) -> Option<EntityKind> {
        let (line, word) = self.required(root, "kind", "a service is a Component")?;
        let kind = EntityKind::of(&word);
        if kind.is_none() {
            let hint = match EntityKind::near(&word) {
                Some(near) => format!("write {}", near.as_str()),
                None => "choose from Component, API, Resource, System, Domain and Group; a service is a Component".to_owned(),
            };
            self.problem(line, format!("`kind` is none that Backstage knows; {hint}"));
        }
        kind
    }

    fn entity(&mut self, kind: EntityKind, metadata: Section<'_>, spec: Section<'_>) -> Option<Entity> {
        let name = self.name(metadata, "name");
        let namespace = match metadata.get("namespace") {
            Some(_) => self.name(metadata, "namespace"),
            None => Some("default".to_owned()),
        };
        for &(key, hint) in kind.required() {
            self.required(spec, key, hint);
        }
        let labels = self.texts(metadata, "labels", |key| !is_secret(key));
        let annotations = self.texts(metadata, "annotations", |key| ANNOTATIONS.contains(&key) || is_tier(key));
        let tags = self.list(metadata, "tags").iter().filter_map(|(_, tag)| nameless(tag)).collect();
        let (links, slack_link) = links(metadata);
        let (name, namespace) = (name?, namespace?.to_lowercase());
        let relations = kind.fields().flat_map(|field| self.relations(spec, field, &namespace)).collect();
        let members = if kind == EntityKind::Group { self.list(spec, "members") } else { Vec::new() };
        let stored = |section: Section<'_>, key: &str| nameless(section.get(key)?.value.text()?);
        Some(Entity {
            kind,
            reference: Reference { kind: kind.as_str().to_lowercase(), namespace, name: name.to_lowercase() },
            name,
            title: stored(metadata, "title"),
            labels,
            tags,
            annotations,
            links,
            slack_link,
            entity_type: stored(spec, "type"),
            lifecycle: stored(spec, "lifecycle"),
            relations,
            members: members.iter().filter_map(|(_, text)| self.people.member(text)).collect(),
        })
    }

    /// A mapping that must be there.
    fn section<'a>(&mut self, root: Section<'a>, key: &str, path: &'static str) -> Option<Section<'a>> {
        match root.get(key) {
            Some(entry) if entry.value.entries().is_some() => return Some(Section { path, line: entry.line, node: &entry.value }),
            Some(entry) => self.problem(entry.line, format!("`{key}` is no mapping")),
            None => self.problem(root.line, format!("`{key}` is missing")),
        }
        None
    }

    /// A text that must be there, and its line.
    fn required(&mut self, section: Section<'_>, key: &str, hint: &str) -> Option<(usize, String)> {
        let path = section.path;
        match section.get(key).map(|entry| (entry.line, entry.value.text())) {
            Some((line, Some(text))) if !text.is_empty() => return Some((line, text.to_owned())),
            Some((line, None)) => self.problem(line, format!("`{path}{key}` is no text; {hint}")),
            Some((line, _)) => self.problem(line, format!("`{path}{key}` is missing; {hint}")),
            None => self.problem(section.line, format!("`{path}{key}` is missing; {hint}")),
        }
        None
    }

    fn name(&mut self, metadata: Section<'_>, key: &str) -> Option<String> {
        const HINT: &str = "write 1 to 63 letters, digits, `-`, `_` and `.`";
        let (line, name) = self.required(metadata, key, HINT)?;
        if !is_name(&name) {
            self.problem(line, format!("`metadata.{key}` is no name; {HINT}"));
            return None;
        }
        Some(name)
    }

    /// Texts by key, those of them that are kept and name nobody.
    fn texts(&mut self, metadata: Section<'_>, key: &str, is_kept: impl Fn(&str) -> bool) -> BTreeMap<String, String> {
        let Some(entry) = metadata.get(key) else { return BTreeMap::new() };
        let Some(entries) = entry.value.entries() else {
            self.problem(entry.line, format!("`metadata.{key}` is no mapping"));
            return BTreeMap::new();
        };
        let mut texts = BTreeMap::new();
        for Entry { key: name, line, value } in entries {
            match value.text() {
                Some(text) if is_kept(name) => texts.extend(nameless(name).zip(nameless(text))),
                None if !value.is_nothing() => self.problem(*line, format!("a value of `metadata.{key}` is no text")),
                _ => {}
            }
        }
        texts
    }

    /// The texts of a list, each with its line.
    fn list<'a>(&mut self, section: Section<'a>, key: &str) -> Vec<(usize, &'a str)> {
        let Some(entry) = section.get(key) else { return Vec::new() };
        let Some(items) = entry.value.items() else {
            self.problem(entry.line, format!("`{}{key}` is no list", section.path));
            return Vec::new();
        };
        let mut texts = Vec::with_capacity(items.len());
        for item in items.iter().filter(|item| !item.is_nothing()) {
            match item.text() {
                Some(text) => texts.push((item.line, text)),
                None => self.problem(item.line, format!("an item of `{}{key}` is no text", section.path)),
            }
        }
        texts
    }

    /// Whom a field names.
    fn relations(&mut self, spec: Section<'_>, field: &'static Field, namespace: &str) -> Vec<Relation> {
        let mut relations = Vec::new();
        let (path, key) = (spec.path, field.name);
        let default = field.default.as_str().to_lowercase();
        let named = match spec.get(key) {
            Some(entry) if !field.is_list => match entry.value.text() {
                // What is wrong with a field that must be there has been told.
                Some("") | None if key == "owner" => Vec::new(),
                Some(text) => vec![(entry.line, text)],
                None => {
                    self.problem(entry.line, format!("`{path}{key}` is no text"));
                    Vec::new()
                }
            },
            Some(_) => self.list(spec, key),
            None => Vec::new(),
        };
        for (line, text) in named {
            match Reference::parse(text, &default, namespace, &self.people) {
                Some(to) => relations.push(Relation { field, to, is_guess: field.is_open() && !text.contains(':') }),
                None => self.problem(line, format!("`{path}{key}` is no reference; write it like {default}:default/name")),
            }
        }
        relations
    }
}

/// Addresses by kind or title, and the one that leads to Slack. One that everybody must not see is left out.
fn links(metadata: Section<'_>) -> (BTreeMap<String, String>, Option<String>) {
    let mut links: BTreeMap<String, String> = BTreeMap::new();
    let mut slack_link = None;
    for link in metadata.get("links").and_then(|entry| entry.value.items()).unwrap_or_default() {
        let text = |key: &str| link.get(key).and_then(|entry| entry.value.text());
        let Some(url) = text("url").and_then(open_link) else { continue };
        let host = url.host_str().unwrap_or_default();
        if slack_link.is_none() && (host == "slack.com" || host.ends_with(".slack.com")) {
            slack_link = Some(url.to_string());
        }
        let title = ["type", "title"].into_iter().find_map(|key| nameless(text(key)?));
        let addresses = links.entry(title.unwrap_or_else(|| "link".to_owned())).or_default();
        if !addresses.is_empty() {
            addresses.push(' ');
        }
        addresses.push_str(url.as_str());
    }
    (links, slack_link)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{catalog::yaml::documents, privacy::Pseudonyms};

    fn read_one(text: &str) -> Result<Described, String> {
        let pseudonyms = Pseudonyms::new(&"key".into());
        read(&documents(text)[0], &People::new(&pseudonyms, false)).map_err(|invalid| invalid.text())
    }

    fn entity(text: &str) -> Entity {
        match read_one(text) {
            Ok(Described::Entity(entity)) => *entity,
            other => panic!("{other:?}"),
        }
    }

    const PAY: &str = "apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata:\n  name: Pay\nspec:\n  type: service\n  lifecycle: production\n  owner: lamps\n";

    #[test]
    fn a_component_says_what_it_is() {
        let text = "apiVersion: backstage.io/v1beta1\nkind: Component\nmetadata:\n  name: Pay.api\n  namespace: Sea\n  title: Pay\n  \
                    labels: {x.example/tier: 1, pci-scope: true, none: ~}\n  annotations:\n    pagerduty.com/service-id: P1\n    \
                    pagerduty.com/integration-key: hidden\n    slack.com/channel: \"#pay\"\n    other.example/x: y\n  tags: [go, 1]\n  links:\n  \
                    - {url: https://a.example/1, title: Docs}\n  - {url: https://a.example/2, title: Docs}\n  - {url: https://b.example/, type: board, title: B}\n  \
                    - {url: \"mailto:ada@sea.example\", title: Ada}\n  - {title: nowhere}\nspec:\n  type: service\n  lifecycle: production\n  owner: lamps\n  \
                    system: default/docks\n  dependsOn: [resource:db, ship]\n  dependencyOf: component:mail\n  providesApis: [pay]\n  children: [x]\n";
        let pay = entity(text);
        assert_eq!(
            (pay.reference.to_string().as_str(), pay.name.as_str(), pay.title.as_deref()),
            ("component:sea/pay.api", "Pay.api", Some("Pay"))
        );
        assert_eq!(
            (pay.entity_type.as_deref(), pay.lifecycle.as_deref(), pay.tier().as_deref()),
            (Some("service"), Some("production"), Some("1"))
        );
        assert_eq!(pay.labels.get("pci-scope").map(String::as_str), Some("true"));
        assert_eq!(pay.tags, ["go", "1"]);
        assert_eq!(
            pay.links.iter().map(|(key, url)| format!("{key} {url}")).collect::<Vec<_>>(),
            ["Docs https://a.example/1 https://a.example/2", "board https://b.example/"]
        );
        assert_eq!((pay.annotation("pagerduty.com/service-id").as_deref(), pay.slack_channel().as_deref()), (Some("P1"), Some("#pay")));
        assert_eq!(pay.annotations.len(), 2, "of others nothing is kept");
        let relations: Vec<_> =
            pay.relations.iter().map(|relation| (relation.field.name, relation.to.to_string(), relation.is_guess)).collect();
        let expected = [
            ("owner", "group:sea/lamps", false),
            ("system", "system:default/docks", false),
            ("dependsOn", "resource:sea/db", false),
            ("dependsOn", "component:sea/ship", true),
            ("dependencyOf", "component:sea/mail", false),
            ("providesApis", "api:sea/pay", false),
        ];
        assert_eq!(relations, expected.map(|(field, to, is_guess)| (field, to.to_owned(), is_guess)));
    }

    #[test]
    fn what_names_somebody_is_left_out() {
        let text = "apiVersion: backstage.io/v1alpha1\nkind: Group\nmetadata:\n  name: lamps\n  title: ask ada@sea.example\n  labels: {lead: \"@ada\", api-token: ada, \
                    a@b.example: x}\n  tags: [\"user:ada\"]\n  annotations: {slack.com/channel: \"@ada\"}\n  links:\n  - url: https://sea.slack.com/archives/C1\n    title: \
                    ada@sea.example\n  - url: https://hooks.slack.com/services/ada\nspec:\n  type: team\n  profile: {displayName: Ada, email: ada@sea.example}\n  \
                    members: [Ada, \"user:default/bob\"]\n  parent: sea\n  children: []\n";
        let lamps = entity(text);
        assert_eq!((lamps.members.len(), lamps.slack_channel().as_deref()), (2, Some("https://sea.slack.com/archives/C1")));
        let told = format!("{lamps:?}").to_lowercase();
        assert!(!told.contains("ada") && !told.contains("bob"), "{told}");
    }

    #[test]
    fn what_is_wrong_is_said_with_its_line() {
        let problem = |from: &str, to: &str| match read_one(&PAY.replacen(from, to, 1)) {
            Err(text) => text,
            Ok(described) => format!("{described:?}"),
        };
        for (from, to, expected) in [
            ("  owner: lamps\n", "", "line 5: `spec.owner` is missing; name the team, such as group:default/payments"),
            ("owner: lamps", "owner: \"\"", "line 8: `spec.owner` is missing; name the team, such as group:default/payments"),
            ("owner: lamps", "owner: [ada]", "line 8: `spec.owner` is no text; name the team, such as group:default/payments"),
            ("owner: lamps", "owner: Ada Lovelace", "line 8: `spec.owner` is no reference; write it like group:default/name"),
            ("kind: Component", "kind: component", "line 2: `kind` is none that Backstage knows; write Component"),
            (
                "kind: Component",
                "kind: Ada",
                "line 2: `kind` is none that Backstage knows; choose from Component, API, Resource, System, Domain and Group; a service is a Component",
            ),
            ("kind: Component\n", "", "line 1: `kind` is missing; a service is a Component"),
            ("v1alpha1", "v1", "line 1: `apiVersion` is neither backstage.io/v1alpha1 nor backstage.io/v1beta1"),
            ("name: Pay", "name: Ada (prod)!", "line 4: `metadata.name` is no name; write 1 to 63 letters, digits, `-`, `_` and `.`"),
            ("  name: Pay", "  name: Pay\n  labels: {a: [ada]}", "line 5: a value of `metadata.labels` is no text"),
            ("  name: Pay", "  name: Pay\n  tags: {ada: 1}", "line 5: `metadata.tags` is no list"),
            ("lamps\n", "lamps\n  dependsOn:\n  - x\n  - {ada: 1}\n", "line 11: an item of `spec.dependsOn` is no text"),
            ("metadata:\n  name: Pay\n", "", "line 1: `metadata` is missing"),
            ("spec:\n  type: service\n  lifecycle: production\n  owner: lamps\n", "spec: ada\n", "line 5: `spec` is no mapping"),
            (PAY, "- ada\n", "line 1: this is no descriptor, which has `apiVersion`, `kind`, `metadata` and `spec`"),
        ] {
            assert_eq!(problem(from, to), expected);
        }
        let all = problem("  name: Pay\nspec:\n  type: service\n  lifecycle: production\n", "  title: x\nspec:\n");
        assert!(
            all.starts_with("line 3: `metadata.name` is missing") && all.contains("; line 5: `spec.type`") && !all.contains("more"),
            "{all}"
        );
    }

    #[test]
    fn a_kind_is_known_even_where_the_rest_is_broken() {
        let pseudonyms = Pseudonyms::new(&"key".into());
        let kind = |text: &str| read(&documents(text)[0], &People::new(&pseudonyms, false)).unwrap_err().kind;
        assert_eq!(kind("kind: \"Group\" # ours\nmetadata\n  name: x\n"), Some(EntityKind::Group));
        assert_eq!(kind("kind: API\n"), Some(EntityKind::Api));
        assert_eq!(kind("kind: Ada\n"), None);
        assert_eq!(kind("  kind: Group\n x\n"), None);
    }

    #[test]
    fn what_no_table_is_about_is_passed_over() {
        assert!(matches!(read_one("apiVersion: scaffolder.backstage.io/v1beta3\nkind: Template\n"), Ok(Described::Else)));
        assert!(matches!(read_one("kind: Location\n"), Ok(Described::Else)));
        assert!(matches!(read_one("kind: User\nmetadata: {name: Ada}\n"), Ok(Described::Person(_))));
    }
}
