//! Where every query begins: the viewer, organisations, repositories and nodes by id.

use serde_json::Value;

use crate::company::present::Present;
use crate::company::repositories::{Repository, Visibility};
use crate::company::{self, people::Actor};
use crate::github::access::{Kind, Permission};
use crate::github::graphql::plan::{Field, Selection};
use crate::github::graphql::run::{List, Null, Run, Written};
use crate::github::ids::{self, Node};
use crate::github::{WEB, rate};

impl<'a> Run<'a> {
    /// Writes the root.
    pub(super) fn root(&mut self) -> Written {
        let plan = self.plan;
        self.object("Query", &plan.root, |run, field| match field.name {
            "id" => run.text("Q_clockwork"),
            // The token belongs to the first person of the largest team.
            "viewer" if run.bearer.kind == Kind::Installation => run.app_itself(&field.selection),
            "viewer" => run.user(&field.selection, Actor::Person(0)),
            "rateLimit" => run.rate_limit(&field.selection),
            "organization" => run.nullable(|run| run.organization_by_login(field)),
            "repository" => run.nullable(|run| match run.organization_called(field.text("owner")) {
                Some(present) => run.within(present, |run| run.repository_by_name(field)),
                None => Err(run.no_repository(field)),
            }),
            "node" => run.nullable(|run| {
                let id = field.text("id").unwrap_or_default();
                run.node(field, id)
            }),
            _ => run.nodes(field),
        })
    }

    /// Writes the organisation that is being written about.
    pub(super) fn organization(&mut self, selection: &'a Selection) -> Written {
        let company = &self.present.company;
        let (identity, founded_at) = (company.identity, company.founded_at);
        self.object("Organization", selection, |run, field| match field.name {
            "id" => run.text(&ids::organization(identity)),
            "databaseId" => run.number(identity.id),
            "login" => run.text(identity.login),
            "name" => run.text(identity.name),
            "description" => run.text(identity.description),
            "url" => run.text(&format!("{WEB}/{}", identity.login)),
            "avatarUrl" => run.text(&format!("{WEB}/avatars/{}", identity.id)),
            "email" => run.text(&format!("hello@{}", company::DOMAIN)),
            "createdAt" | "updatedAt" => run.time(founded_at),
            "isVerified" => run.flag(true),
            "repository" => run.nullable(|run| run.repository_by_name(field)),
            "team" => run.nullable(|run| run.team_by_slug(field)),
            "teams" => run.teams(field),
            "rulesets" => run.rulesets(field, None),
            _ => run.repositories(field),
        })
    }

    fn organization_by_login(&mut self, field: &'a Field) -> Written {
        if let Some(present) = self.organization_called(field.text("login")) {
            return self.within(present, |run| run.organization(&field.selection));
        }
        let login = field.text("login").unwrap_or_default();
        let message = format!("Could not resolve to an Organization with the login of '{login}'.");
        Err(self.error(field, Some("NOT_FOUND"), &message))
    }

    fn organization_called(&self, login: Option<&str>) -> Option<&'a Present> {
        self.bearer.organization(self.moment, login?)
    }

    fn repository_by_name(&mut self, field: &'a Field) -> Written {
        let present = self.present;
        let name = field.text("name").unwrap_or_default();
        let follows = field.argument("followRenames").is_none_or(|value| value == true);
        let former = || present.company.renamed(name).filter(|_| follows);
        match present.company.repository(name).or_else(former) {
            Some(repository) => self.repository(&field.selection, repository),
            None => Err(self.no_repository(field)),
        }
    }

    fn no_repository(&mut self, field: &'a Field) -> Null {
        let owner = field.text("owner").unwrap_or(self.present.company.identity.login);
        let name = field.text("name").unwrap_or_default();
        let message = format!("Could not resolve to a Repository with the name '{owner}/{name}'.");
        self.error(field, Some("NOT_FOUND"), &message)
    }

    fn nodes(&mut self, field: &'a Field) -> Written {
        let ids: &[Value] = field.argument("ids").and_then(Value::as_array).map_or(&[], Vec::as_slice);
        self.items(0..ids.len(), |run, place| run.node(field, ids[place].as_str().unwrap_or_default()))
    }

    fn node(&mut self, field: &'a Field, id: &str) -> Written {
        let mut organizations = self.bearer.organizations(self.moment);
        // What two organisations have in common, like people, is the same whoever is asked.
        match organizations.find_map(|present| Some((present, ids::decode(&present.company, id)?))) {
            Some((present, node)) => self.within(present, |run| run.known_node(field, id, node)),
            None => Err(self.no_node(field, id)),
        }
    }

    fn known_node(&mut self, field: &'a Field, id: &str, node: Node) -> Written {
        let present = self.present;
        let (repositories, selection) = (&present.company.repositories, &field.selection);
        match node {
            Node::Organization => return self.organization(selection),
            Node::Repository(index) => {
                return self.repository(selection, &repositories[index]);
            }
            Node::Person(index) => return self.user(selection, Actor::Person(index as u16)),
            Node::Pull(index, pull) => {
                let repository = &repositories[index];
                let pull = &repository.pulls[pull];
                if pull.exists(self.now) {
                    return self.pull_request(selection, repository, pull);
                }
            }
            Node::Review(index, pull, review) => {
                let repository = &repositories[index];
                let pull = &repository.pulls[pull];
                if review < pull.reviews(self.now).len() {
                    return self.review(selection, repository, pull, review);
                }
            }
            Node::Team(index) => {
                self.may(field, Permission::Members)?;
                return self.team(selection, index);
            }
            Node::Rule(index, rule) => {
                let repository = &repositories[index];
                if !repository.is_read_only_to_us() {
                    self.may(field, Permission::Administration)?;
                    return self.branch_protection_rule(selection, repository, &repository.rules[rule]);
                }
            }
            Node::Ruleset(index) => {
                let set = &present.company.rulesets[index];
                let admin = set.repository.is_none_or(|index| !repositories[index].is_read_only_to_us());
                return self.ruleset(selection, set, admin);
            }
            Node::Deployment(index, place) => {
                self.may(field, Permission::Deployments)?;
                if present.company.deployments(&repositories[index]).get(place).is_some_and(|known| known.created_at <= self.now) {
                    return self.deployment(selection, &repositories[index], place);
                }
            }
            Node::Release(index, place) => {
                self.may(field, Permission::Contents)?;
                if present.company.releases(&repositories[index]).get(place).is_some_and(|known| known.created_at <= self.now) {
                    return self.release(selection, &repositories[index], place);
                }
            }
        }
        Err(self.no_node(field, id))
    }

    fn no_node(&mut self, field: &'a Field, id: &str) -> Null {
        let message = format!("Could not resolve to a node with the global id of '{id}'");
        self.error(field, Some("NOT_FOUND"), &message)
    }

    fn repositories(&mut self, field: &'a Field) -> Written {
        let present = self.present;
        let mut chosen: Vec<&'a Repository> = Vec::new();
        for repository in present.company.living() {
            let is = |argument, truth: bool| field.argument(argument).is_none_or(|wanted| *wanted == Value::Bool(truth));
            let visibility = match repository.visibility {
                Visibility::Public => "PUBLIC",
                Visibility::Private => "PRIVATE",
                Visibility::Internal => "INTERNAL",
            };
            let privacy = if visibility == "PUBLIC" { "PUBLIC" } else { "PRIVATE" };
            if is("isArchived", repository.is_archived(self.now))
                && is("isFork", repository.traits.fork)
                && is("isLocked", false)
                && field.text("visibility").is_none_or(|wanted| wanted == visibility)
                && field.text("privacy").is_none_or(|wanted| wanted == privacy)
            {
                chosen.push(repository);
            }
        }
        let order = field.argument("orderBy");
        let descending = order.is_some_and(|order| order["direction"] == "DESC");
        let by = order.map_or("CREATED_AT", |order| order["field"].as_str().unwrap_or_default());
        if by == "NAME" {
            chosen.sort_by(|one, other| one.name.cmp(&other.name));
        }
        let mut keyed: Vec<((i64, u32), &'a Repository)> = Vec::with_capacity(chosen.len());
        for (rank, repository) in chosen.into_iter().enumerate() {
            let activity = present.activity(repository);
            let key = match by {
                "CREATED_AT" => repository.created_at,
                "NAME" => rank as i64,
                "PUSHED_AT" => activity.pushed_at.unwrap_or_default(),
                "UPDATED_AT" => activity.updated_at,
                "STARGAZERS" => i64::from(repository.stars),
                _ => return Err(self.invalid(field, "orderBy")),
            };
            keyed.push(((key, repository.index as u32), repository));
        }
        keyed.sort_by_key(|(key, _)| *key);
        if descending {
            keyed.reverse();
        }
        let list = List { of: "Repository", total: keyed.len(), key: &|place| keyed[place].0, descending };
        self.connection(field, &list, |run, selection, place| run.repository(selection, keyed[place].1))
    }

    fn rate_limit(&mut self, selection: &'a Selection) -> Written {
        let (standing, plan) = (self.standing, self.plan);
        self.object("RateLimit", selection, |run, field| match field.name {
            "limit" => run.number(standing.limit),
            "cost" => run.number(plan.cost),
            "remaining" => run.number(standing.remaining()),
            "used" => run.number(standing.used),
            "resetAt" => run.time(i64::try_from(standing.resets_at).unwrap_or(rate::real_now() as i64)),
            _ => run.number(plan.nodes),
        })
    }
}
