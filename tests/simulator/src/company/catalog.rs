//! What the company says about itself in one place, beside what each repository says: its teams, what systems there are, what it keeps.

use crate::company::codeowners::UNKNOWN_TEAM;
use crate::company::descriptors::{APIS, RESOURCES, list, title};
use crate::company::monorepo::NAMESAKE;
use crate::company::services::SYSTEMS;
use crate::company::{Company, DOMAIN, groups};

/// What the systems are parts of; one system says a domain that is not here.
const DOMAINS: [(&str, &str); 3] = [("lights", "lamp-platform"), ("waters", "tide-tables"), ("house", "keeper-accounts")];
/// The place among the systems of the one whose domain nobody described.
const LOST: usize = 6;

/// Name and text of each file, as of this moment.
pub(crate) fn files(company: &Company, now: i64) -> Vec<(String, String)> {
    let file = |name: &str, documents: Vec<String>| (name.to_owned(), documents.join("---\n"));
    vec![file("teams.yaml", teams(company, now)), file("systems.yaml", systems(company, now)), file("resources.yaml", resources(company))]
}

fn head(kind: &str, name: &str) -> String {
    format!("apiVersion: backstage.io/v1alpha1\nkind: {kind}\nmetadata:\n  name: {name}\n")
}

/// A group for each team but the secret one, and whoever leads the company.
fn teams(company: &Company, now: i64) -> Vec<String> {
    let mut documents = Vec::new();
    for (index, group) in company.groups.iter().enumerate().filter(|(_, group)| !group.secret) {
        let mut text = head("Group", group.slug);
        if let Some(description) = group.description {
            text.push_str(&format!("  description: {description}\n"));
        }
        text.push_str(&format!(
            "  annotations:\n    github.com/team-slug: {}/{}\nspec:\n  type: team\n",
            company.identity.login, group.slug
        ));
        text.push_str(&format!("  profile:\n    displayName: {}\n    email: {}@{DOMAIN}\n", group.name, group.slug));
        if let Some(parent) = group.parent {
            text.push_str(&format!("  parent: {}\n", company.groups[parent].slug));
        }
        let children: Vec<&str> = company.groups.iter().filter(|other| other.parent == Some(index)).map(|other| other.slug).collect();
        // Every team must say whether it has some.
        text.push_str(&if children.is_empty() { "  children: []\n".to_owned() } else { list("children", &children) });
        let members = groups::members_at(&company.groups, index, now);
        let own = members.iter().filter(|member| !member.inherited).map(|member| &company.people[member.person]);
        text.push_str(&list("members", &own.map(|person| person.login.as_str()).collect::<Vec<_>>()));
        documents.push(text);
    }
    for person in company.people.iter().take(2) {
        let name = person.name.as_deref().unwrap_or(&person.login);
        let profile = format!("spec:\n  profile:\n    displayName: {name}\n    email: {}\n", person.email);
        documents.push(format!("{}{profile}  memberOf: [{}]\n", head("User", &person.login), groups::PARENT));
    }
    documents
}

fn systems(company: &Company, now: i64) -> Vec<String> {
    let domains = DOMAINS.iter().map(|(name, owner)| format!("{}spec:\n  owner: group:default/{owner}\n", head("Domain", name)));
    let systems = SYSTEMS.iter().enumerate().map(|(place, name)| {
        // Whoever looks after the first of its services looks after the whole.
        let services = company.services().iter().filter(|service| service.system == *name);
        let owner = services.filter_map(|service| service.team(company, now)).next().unwrap_or(groups::PARENT);
        let domain = if place == LOST { "curiosities" } else { DOMAINS[place % DOMAINS.len()].0 };
        format!("{}  title: {}\nspec:\n  owner: group:default/{owner}\n  domain: {domain}\n", head("System", name), title(name))
    });
    domains.chain(systems).collect()
}

/// One interface belongs to a team that does not exist. What has nearly the name of another's service is in no repository.
fn resources(company: &Company) -> Vec<String> {
    let resources = RESOURCES.iter().enumerate().map(|(place, (name, kind))| {
        format!("{}spec:\n  type: {kind}\n  owner: lamp-platform\n  system: {}\n", head("Resource", name), SYSTEMS[place])
    });
    let apis = APIS.iter().enumerate().map(|(place, name)| {
        let owner = if place == 2 { UNKNOWN_TEAM } else { "chart-data" };
        let spec = "spec:\n  type: openapi\n  lifecycle: production\n";
        format!("{}{spec}  owner: {owner}\n  system: {}\n  definition: \"openapi: 3.1.0\"\n", head("API", name), SYSTEMS[place + 1])
    });
    let has_namesake = company.repositories.iter().any(|repository| repository.traits.monorepo);
    let spec = format!("spec:\n  type: service\n  lifecycle: deprecated\n  owner: group:default/oil-supply\n  system: {}\n", SYSTEMS[7]);
    let namesake = has_namesake.then(|| format!("{}{spec}", head("Component", NAMESAKE)));
    resources.chain(apis).chain(namesake).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::company::files::Content;
    use crate::company::flaws::Descriptor;
    use crate::options::Options;

    #[test]
    fn everything_has_a_place_and_people_are_named() {
        let options = Options::default();
        let company = Company::found(&options).expect("the options are good");
        let files = files(&company, options.now.timestamp());
        let [teams, systems, resources] = files.as_slice() else { panic!("three files") };
        assert_eq!((teams.0.as_str(), systems.0.as_str(), resources.0.as_str()), ("teams.yaml", "systems.yaml", "resources.yaml"));
        assert_eq!(teams.1.matches("kind: Group\n").count(), company.groups.len() - 1);
        assert!(teams.1.contains(&format!("- {}\n", company.people[0].login)) && teams.1.contains("email: lamp-platform@"));
        assert!(!teams.1.contains(groups::SECRET) && !teams.1.contains(UNKNOWN_TEAM));
        assert_eq!((systems.1.matches("kind: System\n").count(), systems.1.matches("kind: Domain\n").count()), (8, 3));
        assert!(company.services().iter().all(|service| systems.1.contains(&format!("  name: {}\n", service.system))));
        assert_eq!((resources.1.matches("kind: Resource\n").count(), resources.1.matches("kind: API\n").count()), (4, 3));
    }

    #[test]
    fn descriptors_say_what_runs_and_are_wrong_as_the_table_says() {
        let company = Company::found(&Options::default()).expect("the options are good");
        let text = |index: usize| -> Option<&str> {
            let file = company.repositories[index].files.iter().find(|file| file.path == "catalog-info.yaml")?;
            match file.at(company.period.now)? {
                Content::Text(text) => Some(text),
                Content::Binary(_) | Content::Huge(_) => None,
            }
        };
        let flawed = |flaw: Descriptor| company.repositories.iter().filter(move |repository| repository.traits.descriptor == flaw);
        let all = |flaw: Descriptor, wrong: &dyn Fn(&str) -> bool| {
            flawed(flaw).filter_map(|repository| text(repository.index)).filter(|text| wrong(text)).count()
        };
        for (expected, wrong) in [(2, "\tname:"), (2, "\"half a "), (1, "metadata\n")] {
            assert_eq!(all(Descriptor::Broken, &|text| text.contains(wrong)), expected, "{wrong}");
        }
        assert_eq!(all(Descriptor::WithoutOwner, &|text| !text.contains("owner:")), 3);
        assert_eq!(all(Descriptor::WrongKind, &|text| text.contains("kind: Microservice\n")), 2);
        assert_eq!(all(Descriptor::InvalidName, &|text| text.contains(" (prod)!\"")), 2);
        assert_eq!(all(Descriptor::Remark, &|text| text.starts_with("# ") && text.contains('@')), 3);
        assert_eq!(all(Descriptor::UserOwner, &|text| text.contains("owner: user:default/")), 3);
        assert_eq!(all(Descriptor::UnknownOwner, &|text| text.contains(UNKNOWN_TEAM)), 5);
        let first = flawed(Descriptor::Natural).find(|repository| !repository.traits.empty).expect("most are fine");
        let name = format!("\n  name: {}\n", first.name);
        assert!(text(first.index).is_some_and(|text| text.contains(&name)));
        assert_eq!(all(Descriptor::Duplicate, &|text| text.contains(&name)), 2);

        let described = company.services().iter().filter(|service| text(service.repository).is_some()).count();
        assert!((45..60).contains(&described), "{described}");
        let service = company.services().iter().find(|service| {
            service.pci && service.tier.is_some() && {
                let fine = company.repositories[service.repository].traits.descriptor == Descriptor::Natural;
                fine && text(service.repository).is_some()
            }
        });
        let service = service.expect("some service is in scope");
        let text = text(service.repository).expect("it is described");
        for wanted in ["    pci-scope: in-scope\n", "    pagerduty.com/service-id: P", &format!("  system: {}\n", service.system)] {
            assert!(text.contains(wanted), "{wanted} in {text}");
        }
    }
}
