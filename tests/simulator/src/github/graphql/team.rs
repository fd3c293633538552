//! Teams: who is in them, and what they may do.
//!
//! The token belongs to an owner of the organisation, who sees secret teams as well.

use crate::company::groups::{self, Level};
use crate::company::people::Actor;
use crate::github::access::Permission;
use crate::github::graphql::plan::{Field, Selection};
use crate::github::graphql::run::{List, Run, Written};
use crate::github::{WEB, ids};

impl<'a> Run<'a> {
    /// Writes a page of the organisation's teams, by slug.
    pub(super) fn teams(&mut self, field: &'a Field) -> Written {
        self.may(field, Permission::Members)?;
        let groups = &self.present.company.groups;
        let roots_only = field.argument("rootTeamsOnly").is_some_and(|value| value == true);
        let secret = match field.text("privacy") {
            None => None,
            Some("SECRET") => Some(true),
            Some("VISIBLE") => Some(false),
            Some(_) => return Err(self.invalid(field, "privacy")),
        };
        let mut chosen: Vec<usize> = (0..groups.len())
            .filter(|index| {
                let group = &groups[*index];
                (!roots_only || group.parent.is_none()) && secret.is_none_or(|secret| secret == group.secret)
            })
            .collect();
        chosen.sort_by_key(|index| groups[*index].slug);
        let list = List { of: "Team", total: chosen.len(), key: &|place| (place as i64, 0), descending: false };
        self.connection(field, &list, |run, selection, place| run.team(selection, chosen[place]))
    }

    /// Writes the team of a slug, or null.
    pub(super) fn team_by_slug(&mut self, field: &'a Field) -> Written {
        self.may(field, Permission::Members)?;
        let slug = field.text("slug").unwrap_or_default();
        match self.present.company.groups.iter().position(|group| group.slug == slug) {
            Some(index) => self.team(&field.selection, index),
            None => self.null(),
        }
    }

    /// Writes a team.
    pub(super) fn team(&mut self, selection: &'a Selection, index: usize) -> Written {
        let company = &self.present.company;
        let (identity, group) = (company.identity, &company.groups[index]);
        self.object("Team", selection, |run, field| match field.name {
            "id" => run.text(&ids::team(identity, group)),
            "databaseId" => run.small_number(group.id),
            "slug" => run.text(group.slug),
            "name" => run.text(&group.name),
            "combinedSlug" => run.text(&format!("{}/{}", identity.login, group.slug)),
            "description" => run.text_or_null(group.description),
            "privacy" => run.text(if group.secret { "SECRET" } else { "VISIBLE" }),
            "url" => run.text(&format!("{WEB}/orgs/{}/teams/{}", identity.login, group.slug)),
            "createdAt" => run.time(group.created_at),
            "updatedAt" => run.time(group.updated_at),
            "organization" => run.organization(&field.selection),
            "parentTeam" => match group.parent {
                Some(parent) => run.team(&field.selection, parent),
                None => run.null(),
            },
            "reviewRequestDelegationEnabled" => run.flag(group.id % 3 == 0),
            "members" => run.team_members(field, index),
            _ => run.team_repositories(field, index),
        })
    }

    fn team_members(&mut self, field: &'a Field, index: usize) -> Written {
        let company = &self.present.company;
        let inherited = match field.text("membership") {
            None | Some("ALL") => None,
            Some("IMMEDIATE") => Some(false),
            Some("CHILD_TEAM") => Some(true),
            Some(_) => return Err(self.invalid(field, "membership")),
        };
        let leads = match field.text("role") {
            None => None,
            Some("MAINTAINER") => Some(true),
            Some("MEMBER") => Some(false),
            Some(_) => return Err(self.invalid(field, "role")),
        };
        let mut members = groups::members_at(&company.groups, index, self.now);
        members.retain(|member| {
            inherited.is_none_or(|inherited| inherited == member.inherited) && leads.is_none_or(|leads| leads == member.leads)
        });
        let key = |place: usize| (company.people[members[place].person].id as i64, 0);
        let list = List { of: "TeamMember", total: members.len(), key: &key, descending: false };
        self.connection_with(
            field,
            &list,
            |run, selection, place| run.user(selection, Actor::Person(members[place].person as u16)),
            |run, _, place| run.text(if members[place].leads { "MAINTAINER" } else { "MEMBER" }),
        )
    }

    fn team_repositories(&mut self, field: &'a Field, index: usize) -> Written {
        let company = &self.present.company;
        let access = groups::access_at(&company.groups, index, self.now);
        let key = |place: usize| (company.repositories[access[place].0].id as i64, 0);
        let list = List { of: "TeamRepository", total: access.len(), key: &key, descending: false };
        self.connection_with(
            field,
            &list,
            |run, selection, place| run.repository(selection, &company.repositories[access[place].0]),
            |run, _, place| {
                run.text(match access[place].1 {
                    Level::Read => "READ",
                    Level::Triage => "TRIAGE",
                    Level::Write => "WRITE",
                    Level::Maintain => "MAINTAIN",
                    Level::Admin => "ADMIN",
                })
            },
        )
    }
}
