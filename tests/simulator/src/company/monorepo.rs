//! A repository that three services live in, each in a folder and with a team of its own.
//!
//! One descriptor at the root describes all of them, and says by `backstage.io/source-location` where each one is. The owner of the last
//! one is unknown there: only the line of its folder in CODEOWNERS tells. They are deployed one by one, to places named after them.

use crate::company::files::{Content, File};
use crate::company::groups::{Group, OTHERS};
use crate::company::pulls::Pull;
use crate::company::random::mix;
use crate::company::repositories::Repository;
use crate::company::services::SYSTEMS;
use crate::company::{DAY, Period};

/// The services.
pub(crate) const SERVICES: [&str; 3] = ["bell-rope", "bell-wheel", "bell-clapper"];
/// The component in the company's catalogue that has nearly the name of the first, and nothing to do with it.
pub(crate) const NAMESAKE: &str = "bellrope";

/// How many pull requests it has: three on two working days.
pub(super) fn pulls(period: &Period) -> usize {
    ((period.end - period.start) * 15 / 14 / DAY) as usize
}

/// Whether a pull request touches the folder of the service at this place: it touches one, or one time in four all of them.
pub(super) fn touches(pull: &Pull, place: usize) -> bool {
    let touched = mix(pull.words ^ 7) as usize % (SERVICES.len() + 1);
    touched == place || touched == SERVICES.len()
}

/// The team of the service at this place, as an index: the repository's own team has the first one.
pub(super) fn team(repository: &Repository, teams: usize, place: usize) -> usize {
    (repository.team + place) % teams
}

/// The slug of that team.
fn slug(repository: &Repository, groups: &[Group], place: usize) -> &'static str {
    groups[team(repository, groups.len() - OTHERS.len(), place)].slug
}

/// The lines of CODEOWNERS for the folders.
pub(super) fn owners(repository: &Repository, groups: &[Group]) -> String {
    let line = |(place, service)| format!("/services/{service}/  @{}/{}\n", repository.owner.login, slug(repository, groups, place));
    SERVICES.iter().enumerate().map(line).collect()
}

/// What stands in it beside what every repository has: the descriptor, and something in each folder.
pub(super) fn files(repository: &Repository, groups: &[Group]) -> Vec<File> {
    let file = |path: &str, text: String| File::new(path, repository.created_at, Content::Text(text));
    let component = |(place, service): (usize, &&str)| {
        let owner = if place + 1 == SERVICES.len() { "unknown" } else { slug(repository, groups, place) };
        let (org, name) = (repository.owner.login, &repository.name);
        format!(
            "apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata:\n  name: {service}\n  labels:\n    tier: \"2\"\n  annotations:\n    \
             github.com/project-slug: {org}/{name}\n    \
             backstage.io/source-location: url:https://github.example/{org}/{name}/tree/{}/services/{service}/\n  \
             tags: [clockwork]\nspec:\n  type: service\n  lifecycle: production\n  owner: {owner}\n  system: {}\n",
            repository.default_branch, SYSTEMS[5]
        )
    };
    let described = SERVICES.iter().enumerate().map(component).collect::<Vec<_>>().join("---\n");
    let folders = SERVICES.iter().map(|service| file(&format!("services/{service}/README.md"), format!("# {service}\n")));
    folders.chain([file("catalog-info.yaml", described)]).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::company::deployments::Code;
    use crate::company::groups::{self, Level};
    use crate::company::{Company, codeowners};
    use crate::options::Options;

    #[test]
    fn three_services_live_in_one_repository() {
        let company = Company::found(&Options::default()).expect("the default options are good");
        let shared: Vec<&Repository> = company.repositories.iter().filter(|repository| repository.traits.monorepo).collect();
        let [repository] = shared.as_slice() else { panic!("one, not {}", shared.len()) };
        let now = company.period.now;
        let text = |path: &str| match repository.files.iter().find(|file| file.path == path).and_then(|file| file.at(now)) {
            Some(Content::Text(text)) => text.clone(),
            _ => panic!("there is a `{path}`"),
        };
        let (descriptor, owners) = (text("catalog-info.yaml"), text(codeowners::PLACES[0]));
        assert_eq!(descriptor.matches("kind: Component\n").count(), 3);
        let mut slugs = HashSet::new();
        for service in SERVICES {
            assert!(descriptor.contains(&format!("/services/{service}/\n")), "{descriptor}");
            let line = owners.lines().find(|line| line.starts_with(&format!("/services/{service}/"))).expect("a line for each folder");
            let slug = line.rsplit_once('/').expect("a team").1;
            let group = company.groups.iter().position(|group| group.slug == slug).expect("it exists");
            let access = groups::access_at(&company.groups, group, now);
            assert!(access.iter().any(|(index, level)| *index == repository.index && *level >= Level::Write), "{slug} may write");
            slugs.insert(slug);
            assert!(text(&format!("services/{service}/README.md")).contains(service));
        }
        assert_eq!(slugs.len(), 3);
        assert!(descriptor.contains("  owner: unknown\n"));
        let (mut alone, mut together) = (0, 0);
        for (place, service) in SERVICES.iter().enumerate() {
            let environment = format!("production-{service}");
            for deployment in company.deployments(repository).iter().filter(|deployment| deployment.environment == environment) {
                let Code::Merge(pull) = deployment.code else { panic!("only merges come there") };
                let touched = (0..3).filter(|other| touches(&repository.pulls[pull as usize], *other)).collect::<Vec<_>>();
                assert!(touched.contains(&place));
                *(if touched.len() == 1 { &mut alone } else { &mut together }) += 1;
            }
        }
        assert!(alone > 20 && together > 20, "{alone} {together}");
        assert_eq!(repository.pulls.len(), pulls(&company.period));
    }
}
