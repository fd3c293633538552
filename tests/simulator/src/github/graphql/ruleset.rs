//! Rulesets: what guards branches in the newer way, of a repository and of the organisation.
//!
//! Everyone who sees a repository sees the rulesets that are for it. Who may bypass them is for those who administer it; for others
//! `bypassActors` is null.

use crate::company::repositories::Repository;
use crate::company::rulesets::{Bypass, Bypasser, Demand, Enforcement, Ruleset, Scope};
use crate::github::access::Permission;
use crate::github::graphql::plan::{Field, Selection};
use crate::github::graphql::run::{List, Run, Written};
use crate::github::ids;

impl<'a> Run<'a> {
    /// Writes a page of the rulesets for a repository: its own, and the organisation's unless the client wants none of those.
    pub(super) fn rulesets(&mut self, field: &'a Field, repository: Option<&'a Repository>) -> Written {
        let parents = field.argument("includeParents").is_none_or(|value| value == true);
        let targets: Option<Vec<&str>> = field.argument("targets").map(|value| match value.as_array() {
            Some(many) => many.iter().filter_map(|one| one.as_str()).collect(),
            None => value.as_str().into_iter().collect(),
        });
        let now = self.now;
        let chosen: Vec<&'a Ruleset> = self
            .present
            .company
            .rulesets
            .iter()
            .filter(|set| match repository {
                Some(repository) => set.is_for(repository, now) && (parents || set.repository.is_some()),
                None => set.repository.is_none(),
            })
            .filter(|set| targets.as_ref().is_none_or(|targets| targets.contains(&target(set))))
            .collect();
        let list = List { of: "RepositoryRuleset", total: chosen.len(), key: &|place| (chosen[place].id as i64, 0), descending: false };
        // Through a repository one sees what one may see of the repository; through the organisation its owner looks.
        let admin = repository.is_none_or(|repository| !repository.is_read_only_to_us());
        self.connection(field, &list, |run, selection, place| run.ruleset(selection, chosen[place], admin))
    }

    /// Writes a set; only those who administer what it belongs to (`admin`) learn who may bypass it.
    pub(super) fn ruleset(&mut self, selection: &'a Selection, set: &'a Ruleset, admin: bool) -> Written {
        let now = self.now;
        let present = self.present;
        self.object("RepositoryRuleset", selection, |run, field| match field.name {
            "id" => run.text(&ids::ruleset(set)),
            "databaseId" => run.small_number(set.id),
            "name" => run.text(set.name),
            "target" => run.text(target(set)),
            "enforcement" => run.text(match set.enforcement(now) {
                Enforcement::Active => "ACTIVE",
                Enforcement::Evaluate => "EVALUATE",
                Enforcement::Disabled => "DISABLED",
            }),
            "source" => match set.repository {
                Some(index) => run.repository(&field.selection, &present.company.repositories[index]),
                None => run.organization(&field.selection),
            },
            "createdAt" => run.time(set.created_at),
            "updatedAt" => run.time(set.updated_at(now)),
            "conditions" => run.conditions(&field.selection, set),
            "bypassActors" if !admin => run.null(),
            "bypassActors" => run.nullable(|run| run.bypass_actors(field, set)),
            _ => run.demands(field, set),
        })
    }

    fn conditions(&mut self, selection: &'a Selection, set: &'a Ruleset) -> Written {
        self.object("RepositoryRuleConditions", selection, |run, field| match (field.name, &set.scope) {
            ("refName", _) => run.object("RefNameConditionTarget", &field.selection, |run, field| {
                run.texts(if field.name == "include" { &set.include } else { &set.exclude })
            }),
            ("repositoryName", Scope::Names(include, exclude)) => {
                run.object("RepositoryNameConditionTarget", &field.selection, |run, field| match field.name {
                    "include" => run.texts(include),
                    "exclude" => run.texts(exclude),
                    _ => run.flag(false),
                })
            }
            ("repositoryProperty", Scope::Property(name, value)) => {
                run.object("RepositoryPropertyConditionTarget", &field.selection, |run, field| {
                    let count = usize::from(field.name == "include");
                    run.items(0..count, |run, _| {
                        run.object("PropertyTargetDefinition", &field.selection, |run, field| match field.name {
                            "name" => run.text(name),
                            "source" => run.text("custom"),
                            _ => run.texts(&[value]),
                        })
                    })
                })
            }
            _ => run.null(),
        })
    }

    fn bypass_actors(&mut self, field: &'a Field, set: &'a Ruleset) -> Written {
        self.may(field, Permission::Administration)?;
        let bypass = &set.bypass;
        let list = List { of: "RepositoryRulesetBypassActor", total: bypass.len(), key: &|place| (place as i64, 0), descending: false };
        self.connection(field, &list, |run, selection, place| {
            let Bypass { who, by_pull_request } = bypass[place];
            let role = match who {
                Bypasser::Role(number, name) => Some((number, name)),
                _ => None,
            };
            run.object("RepositoryRulesetBypassActor", selection, |run, field| match field.name {
                "id" => run.text(&ids::encode("RRBA", &[set.id as u32, place as u32])),
                "bypassMode" => run.text(if by_pull_request { "PULL_REQUEST" } else { "ALWAYS" }),
                "organizationAdmin" => run.flag(who == Bypasser::OrganizationAdmin),
                "enterpriseOwner" => run.flag(false),
                "deployKey" => run.flag(who == Bypasser::DeployKey),
                "repositoryRoleDatabaseId" => match role {
                    Some((number, _)) => run.number(number),
                    None => run.null(),
                },
                "repositoryRoleName" => run.text_or_null(role.map(|(_, name)| name)),
                _ => match who {
                    Bypasser::Named(who) => run.who(&field.selection, who),
                    _ => run.null(),
                },
            })
        })
    }

    fn demands(&mut self, field: &'a Field, set: &'a Ruleset) -> Written {
        let mut demands: Vec<(usize, &'a Demand)> = set.demands.iter().enumerate().collect();
        if let Some(wanted) = field.text("type") {
            demands.retain(|(_, demand)| kind(demand) == wanted);
        }
        let list = List { of: "RepositoryRule", total: demands.len(), key: &|place| (demands[place].0 as i64, 0), descending: false };
        self.connection(field, &list, |run, selection, place| {
            let (number, demand) = demands[place];
            run.object("RepositoryRule", selection, |run, field| match field.name {
                "id" => run.text(&ids::encode("RRU", &[set.id as u32, number as u32])),
                "type" => run.text(kind(demand)),
                _ => run.parameters(&field.selection, demand),
            })
        })
    }

    fn parameters(&mut self, selection: &'a Selection, demand: &'a Demand) -> Written {
        match demand {
            Demand::Reviews { count, dismiss_stale, code_owners, last_push, conversations } => {
                self.object("PullRequestParameters", selection, |run, field| match field.name {
                    "requiredApprovingReviewCount" => run.number(count),
                    "dismissStaleReviewsOnPush" => run.flag(*dismiss_stale),
                    "requireCodeOwnerReview" => run.flag(*code_owners),
                    "requireLastPushApproval" => run.flag(*last_push),
                    "requiredReviewThreadResolution" => run.flag(*conversations),
                    _ => run.texts(&["MERGE", "SQUASH", "REBASE"]),
                })
            }
            Demand::Checks(checks) => self.object("RequiredStatusChecksParameters", selection, |run, field| match field.name {
                "strictRequiredStatusChecksPolicy" => run.flag(checks.strict),
                "doNotEnforceOnCreate" => run.flag(false),
                _ => run.items(0..checks.contexts.len(), |run, place| {
                    run.object("StatusCheckConfiguration", &field.selection, |run, field| match field.name {
                        "context" => run.text(checks.contexts[place]),
                        _ => run.null(),
                    })
                }),
            }),
            Demand::NoUpdate => self.object("UpdateParameters", selection, |run, _| run.flag(true)),
            _ => self.null(),
        }
    }

    fn texts(&mut self, texts: &[&str]) -> Written {
        self.items(0..texts.len(), |run, place| run.text(texts[place]))
    }
}

fn target(set: &Ruleset) -> &'static str {
    if set.of_tags { "TAG" } else { "BRANCH" }
}

/// The vendor's word for what a set wants.
pub(crate) fn kind(demand: &Demand) -> &'static str {
    match demand {
        Demand::Reviews { .. } => "PULL_REQUEST",
        Demand::Checks(_) => "REQUIRED_STATUS_CHECKS",
        Demand::Linear => "REQUIRED_LINEAR_HISTORY",
        Demand::Signatures => "REQUIRED_SIGNATURES",
        Demand::NoDeletion => "DELETION",
        Demand::NoForcePush => "NON_FAST_FORWARD",
        Demand::NoCreation => "CREATION",
        Demand::NoUpdate => "UPDATE",
    }
}
