//! Branch protection rules: what guards branches in the older way.
//!
//! Someone who does not administer a repository gets an empty list, as if there were no rules: the vendor does the same, and only
//! `viewerCanAdminister` tells it from the truth. A token that lacks the permission gets a null and an error for each rule.

use crate::company::people::{Actor, BOTS};
use crate::company::protection::{Rule, Who, fits};
use crate::company::repositories::Repository;
use crate::github::access::Permission;
use crate::github::graphql::plan::{Field, Selection};
use crate::github::graphql::run::{List, Run, Written};
use crate::github::{WEB, ids};

impl<'a> Run<'a> {
    /// Writes a page of a repository's rules.
    pub(super) fn branch_protection_rules(&mut self, field: &'a Field, repository: &'a Repository) -> Written {
        let rules = if repository.is_read_only_to_us() { &[][..] } else { repository.rules.as_slice() };
        let list = List { of: "BranchProtectionRule", total: rules.len(), key: &|place| (rules[place].id as i64, 0), descending: false };
        self.connection(field, &list, |run, selection, place| {
            run.may(field, Permission::Administration)?;
            run.branch_protection_rule(selection, repository, &rules[place])
        })
    }

    /// Writes the rule that counts for a branch; null if there is none, or none that we may know of.
    pub(super) fn rule_of_branch(&mut self, field: &'a Field, repository: &'a Repository, branch: &str) -> Written {
        match repository.rule_of(branch) {
            Some(rule) if !repository.is_read_only_to_us() => {
                self.may(field, Permission::Administration)?;
                self.branch_protection_rule(&field.selection, repository, rule)
            }
            _ => self.null(),
        }
    }

    /// Writes a rule.
    pub(super) fn branch_protection_rule(&mut self, selection: &'a Selection, repository: &'a Repository, rule: &'a Rule) -> Written {
        let now = self.now;
        let (reviews, checks) = (rule.reviews(now), rule.checks.as_ref());
        let contexts = checks.map(|checks| checks.contexts.as_slice()).unwrap_or_default();
        self.object("BranchProtectionRule", selection, |run, field| match field.name {
            "id" => run.text(&ids::rule(repository, rule)),
            "databaseId" => run.small_number(rule.id),
            "pattern" => run.text(rule.pattern),
            "requiresApprovingReviews" => run.flag(reviews.is_some()),
            "requiredApprovingReviewCount" => match reviews {
                Some(reviews) => run.number(reviews.count),
                None => run.null(),
            },
            "dismissesStaleReviews" => run.flag(reviews.is_some_and(|reviews| reviews.dismiss_stale)),
            "requiresCodeOwnerReviews" => run.flag(reviews.is_some_and(|reviews| reviews.code_owners)),
            "requireLastPushApproval" => run.flag(reviews.is_some_and(|reviews| reviews.last_push)),
            "requiresStatusChecks" => run.flag(checks.is_some()),
            // The vendor says true where no checks are required at all.
            "requiresStrictStatusChecks" => run.flag(checks.is_none_or(|checks| checks.strict)),
            "requiredStatusCheckContexts" => run.items(0..contexts.len(), |run, place| run.text(contexts[place])),
            "requiredStatusChecks" => run.items(0..contexts.len(), |run, place| {
                run.object("RequiredStatusCheckDescription", &field.selection, |run, field| match field.name {
                    "context" => run.text(contexts[place]),
                    _ => run.null(),
                })
            }),
            "requiresCommitSignatures" => run.flag(rule.signatures),
            "requiresLinearHistory" => run.flag(rule.linear),
            "requiresConversationResolution" => run.flag(rule.conversations),
            "isAdminEnforced" => run.flag(rule.admins_too),
            "allowsForcePushes" => run.flag(rule.allows_force_pushes(now)),
            "allowsDeletions" => run.flag(rule.deletions),
            "blocksCreations" => run.flag(rule.creations_blocked),
            "lockBranch" => run.flag(rule.locked),
            "lockAllowsFetchAndMerge" => run.flag(false),
            "restrictsPushes" => run.flag(rule.pushers.is_some()),
            "restrictsReviewDismissals" => run.flag(reviews.is_some_and(|reviews| reviews.dismissers.is_some())),
            "requiresDeployments" => run.flag(!rule.deployments.is_empty()),
            "requiredDeploymentEnvironments" => run.items(0..rule.deployments.len(), |run, place| run.text(rule.deployments[place])),
            "bypassPullRequestAllowances" => {
                let who = reviews.map(|reviews| reviews.bypass.as_slice()).unwrap_or_default();
                run.allowances(field, "BypassPullRequestAllowance", rule, who)
            }
            "bypassForcePushAllowances" => run.allowances(field, "BypassForcePushAllowance", rule, &rule.force_pushers),
            "pushAllowances" => run.allowances(field, "PushAllowance", rule, rule.pushers.as_deref().unwrap_or_default()),
            "reviewDismissalAllowances" => {
                let who = reviews.and_then(|reviews| reviews.dismissers.as_deref()).unwrap_or_default();
                run.allowances(field, "ReviewDismissalAllowance", rule, who)
            }
            "repository" => run.repository(&field.selection, repository),
            _ => run.matching_refs(field, repository, rule),
        })
    }

    fn allowances(&mut self, field: &'a Field, of: &'static str, rule: &'a Rule, who: &'a [Who]) -> Written {
        let list = List { of, total: who.len(), key: &|place| (place as i64, 0), descending: false };
        self.connection(field, &list, |run, selection, place| {
            run.object(of, selection, |run, field| match field.name {
                "id" => run.text(&ids::encode("BPA", &[rule.id as u32, of.len() as u32, place as u32])),
                _ => run.who(&field.selection, who[place]),
            })
        })
    }

    /// Writes somebody named in a rule.
    pub(super) fn who(&mut self, selection: &'a Selection, who: Who) -> Written {
        match who {
            Who::Person(person) => self.user(selection, Actor::Person(person as u16)),
            Who::Group(group) => self.team(selection, group),
            Who::App => {
                let bot = &BOTS[2];
                let founded_at = self.present.company.founded_at;
                self.object("App", selection, |run, field| match field.name {
                    "id" => run.text(&ids::encode("A", &[bot.id as u32])),
                    "databaseId" => run.small_number(bot.id),
                    "name" | "slug" => run.text(bot.login),
                    "url" => run.text(&format!("{WEB}/apps/{}", bot.login)),
                    _ => run.time(founded_at),
                })
            }
        }
    }

    fn matching_refs(&mut self, field: &'a Field, repository: &'a Repository, rule: &Rule) -> Written {
        let mut branches: Vec<(usize, &'static str)> = repository.branches().into_iter().enumerate().collect();
        branches.retain(|(_, branch)| fits(rule.pattern, branch));
        let list = List { of: "Ref", total: branches.len(), key: &|place| (branches[place].0 as i64, 0), descending: false };
        self.connection(field, &list, |run, selection, place| run.branch(selection, repository, branches[place]))
    }
}
