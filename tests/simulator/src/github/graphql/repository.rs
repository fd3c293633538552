//! A repository's fields.

use serde_json::Value;

use crate::company::present::Listing;
use crate::company::pulls::Method;
use crate::company::repositories::{Repository, Visibility};
use crate::github::access::Permission;
use crate::github::graphql::plan::{Field, Selection};
use crate::github::graphql::run::{List, Null, Run, Written};
use crate::github::{WEB, ids};

impl<'a> Run<'a> {
    /// Writes a repository.
    pub(super) fn repository(&mut self, selection: &'a Selection, repository: &'a Repository) -> Written {
        self.object("Repository", selection, |run, field| match field.name {
            "pullRequests" => run.pull_requests(field, repository),
            "pullRequest" => run.nullable(|run| run.pull_request_by_number(field, repository)),
            "object" => run.nullable(|run| run.object_by_expression(field, repository)),
            "codeowners" => run.nullable(|run| run.codeowners(field, repository)),
            "securityPolicyUrl" => run.security_policy_url(repository),
            "branchProtectionRules" => run.branch_protection_rules(field, repository),
            "rulesets" => run.rulesets(field, Some(repository)),
            "deployments" => run.deployments(field, repository),
            "releases" => run.releases(field, repository),
            "latestRelease" => run.nullable(|run| run.latest_release(field, repository)),
            "owner" => run.organization(&field.selection),
            "defaultBranchRef" if repository.traits.empty => run.null(),
            "defaultBranchRef" => run.branch(&field.selection, repository, (0, repository.default_branch)),
            "primaryLanguage" => match repository.language {
                Some(language) => run.language(&field.selection, language),
                None => run.null(),
            },
            "licenseInfo" => match repository.license {
                Some(license) => run.license(&field.selection, license),
                None => run.null(),
            },
            "repositoryTopics" => run.topics(field, repository),
            // Nobody knows what a fork was made of, or which template was used.
            "parent" | "templateRepository" | "mirrorUrl" | "lockReason" => run.null(),
            name if name.starts_with("is") || name.starts_with("has") => run.repository_flag(name, repository),
            name => run.repository_value(name, repository),
        })
    }

    fn repository_flag(&mut self, name: &str, repository: &Repository) -> Written {
        let traits = &repository.traits;
        let truth = match name {
            "isPrivate" => repository.visibility != Visibility::Public,
            "isArchived" => repository.is_archived(self.now),
            "isFork" => traits.fork,
            "isTemplate" => traits.template,
            "isEmpty" => traits.empty,
            "isInOrganization" => true,
            "isSecurityPolicyEnabled" => repository.setting(1, 3),
            "isBlankIssuesEnabled" => true,
            "hasVulnerabilityAlertsEnabled" => repository.shows_alerts(self.now),
            "hasIssuesEnabled" => repository.setting(2, 7),
            "hasWikiEnabled" => repository.setting(3, 3),
            "hasProjectsEnabled" => repository.setting(4, 6),
            "hasDiscussionsEnabled" => repository.setting(5, 1),
            // isDisabled, isMirror, isLocked, isUserConfigurationRepository, hasSponsorshipsEnabled: so far nowhere.
            _ => false,
        };
        self.flag(truth)
    }

    fn repository_value(&mut self, name: &str, repository: &Repository) -> Written {
        let activity = self.present.activity(repository);
        let web = || format!("{WEB}/{}/{}", repository.owner.login, repository.name);
        match name {
            "id" => self.text(&ids::repository(repository)),
            "databaseId" => self.small_number(repository.id),
            "name" => self.text(&repository.name),
            "nameWithOwner" => self.text(&format!("{}/{}", repository.owner.login, repository.name)),
            "url" => self.text(&web()),
            "sshUrl" => self.text(&format!("git@github.example:{}/{}.git", repository.owner.login, repository.name)),
            "homepageUrl" => self.text_or_null(repository.traits.public.then(web).as_deref()),
            "description" => self.text_or_null(repository.description.as_deref()),
            "visibility" => self.text(match repository.visibility {
                Visibility::Public => "PUBLIC",
                Visibility::Private => "PRIVATE",
                Visibility::Internal => "INTERNAL",
            }),
            "archivedAt" => self.time_or_null(repository.archived_at.filter(|at| *at <= self.now)),
            "forkingAllowed" => self.flag(repository.traits.public || repository.setting(6, 2)),
            "webCommitSignoffRequired" => self.flag(repository.setting(7, 1)),
            "mergeCommitAllowed" => self.flag(repository.allows(Method::Merge)),
            "squashMergeAllowed" => self.flag(repository.allows(Method::Squash)),
            "rebaseMergeAllowed" => self.flag(repository.allows(Method::Rebase)),
            "autoMergeAllowed" => self.flag(repository.setting(10, 4)),
            "deleteBranchOnMerge" => self.flag(repository.setting(11, 5)),
            "allowUpdateBranch" => self.flag(repository.setting(12, 4)),
            "mergeCommitTitle" => self.text("MERGE_MESSAGE"),
            "mergeCommitMessage" => self.text("PR_TITLE"),
            "squashMergeCommitTitle" => self.text("PR_TITLE"),
            "squashMergeCommitMessage" => self.text("COMMIT_MESSAGES"),
            "diskUsage" => self.number(repository.size.min(i32::MAX as u32)),
            "stargazerCount" => self.number(repository.stars),
            "forkCount" => self.number(repository.forks),
            "createdAt" => self.time(repository.created_at),
            "updatedAt" => self.time(activity.updated_at),
            "pushedAt" => self.time_or_null(activity.pushed_at),
            "viewerPermission" => self.text(if repository.is_read_only_to_us() { "READ" } else { "ADMIN" }),
            "viewerCanAdminister" => self.flag(!repository.is_read_only_to_us()),
            _ => self.text("SQUASH"),
        }
    }

    /// Writes a branch: its place among the repository's, where the default one comes first, and its name.
    pub(super) fn branch(&mut self, selection: &'a Selection, repository: &'a Repository, (place, name): (usize, &str)) -> Written {
        self.object("Ref", selection, |run, field| match field.name {
            "id" if place == 0 => run.text(&ids::encode("REF", &[repository.id as u32])),
            "id" => run.text(&ids::encode("REF", &[repository.id as u32, place as u32])),
            "name" => run.text(name),
            "branchProtectionRule" => run.nullable(|run| run.rule_of_branch(field, repository, name)),
            _ => run.text("refs/heads/"),
        })
    }

    fn language(&mut self, selection: &'a Selection, language: &str) -> Written {
        self.object("Language", selection, |run, field| match field.name {
            "id" => run.text(&ids::encode("LAN", &[language.len() as u32])),
            "name" => run.text(language),
            _ => run.text("#b5a642"),
        })
    }

    fn license(&mut self, selection: &'a Selection, (spdx, key, name): (&str, &str, &str)) -> Written {
        self.object("License", selection, |run, field| match field.name {
            "id" => run.text(&ids::encode("LIC", &[key.len() as u32])),
            "key" => run.text(key),
            "name" => run.text(name),
            _ => run.text(spdx),
        })
    }

    fn topics(&mut self, field: &'a Field, repository: &'a Repository) -> Written {
        let topics = &repository.topics;
        let list = List { of: "RepositoryTopic", total: topics.len(), key: &|place| (place as i64, 0), descending: false };
        self.connection(field, &list, |run, selection, place| {
            let id = || ids::encode("RT", &[repository.id as u32, place as u32]);
            run.object("RepositoryTopic", selection, |run, field| match field.name {
                "id" => run.text(&id()),
                _ => run.object("Topic", &field.selection, |run, field| match field.name {
                    "id" => run.text(&id()),
                    _ => run.text(topics[place]),
                }),
            })
        })
    }

    fn pull_request_by_number(&mut self, field: &'a Field, repository: &'a Repository) -> Written {
        self.may(field, Permission::PullRequests)?;
        let number = field.argument("number").and_then(Value::as_u64).unwrap_or_default();
        let place = repository.pulls.binary_search_by_key(&number, |pull| u64::from(pull.number));
        match place.map(|place| &repository.pulls[place]) {
            Ok(pull) if pull.exists(self.now) => self.pull_request(&field.selection, repository, pull),
            _ => {
                let message = format!("Could not resolve to a PullRequest with the number of {number}.");
                Err(self.error(field, Some("NOT_FOUND"), &message))
            }
        }
    }

    fn pull_requests(&mut self, field: &'a Field, repository: &'a Repository) -> Written {
        self.may(field, Permission::PullRequests)?;
        let mut states = [field.argument("states").is_none(); 3];
        // A single value stands for a list of one.
        let wanted = match field.argument("states") {
            Some(Value::Array(many)) => many.clone(),
            Some(one) => vec![one.clone()],
            None => Vec::new(),
        };
        for state in &wanted {
            match ["OPEN", "CLOSED", "MERGED"].iter().position(|known| state == known) {
                Some(place) => states[place] = true,
                None => return Err(self.invalid(field, "states")),
            }
        }
        let order = field.argument("orderBy");
        let by_update = match order.map_or("CREATED_AT", |order| order["field"].as_str().unwrap_or_default()) {
            "UPDATED_AT" => true,
            "CREATED_AT" => false,
            _ => return Err(self.invalid(field, "orderBy")),
        };
        let descending = self.descending(field)?;
        let base = field.text("baseRefName").map(str::to_owned);
        let entries = self.present.list(Listing { repository: repository.index, by_update, states, base });
        let total = entries.len();
        let entry = |place: usize| entries[if descending { total - 1 - place } else { place }];
        let list = List { of: "PullRequest", total, key: &|place| (entry(place).key, entry(place).index), descending };
        self.connection(field, &list, |run, selection, place| {
            run.pull_request(selection, repository, &repository.pulls[entry(place).index as usize])
        })
    }

    /// Whether the order asked for falls; it rises if the client does not say.
    pub(super) fn descending(&mut self, field: &'a Field) -> Result<bool, Null> {
        match field.argument("orderBy").map_or("ASC", |order| order["direction"].as_str().unwrap_or_default()) {
            "DESC" => Ok(true),
            "ASC" => Ok(false),
            _ => Err(self.invalid(field, "orderBy")),
        }
    }

    /// Reports that the token lacks a permission, if it does.
    pub(super) fn may(&mut self, field: &'a Field, permission: Permission) -> Written {
        if self.bearer.may(permission) {
            return Ok(());
        }
        Err(self.error(field, Some("FORBIDDEN"), self.bearer.refusal()))
    }
}
