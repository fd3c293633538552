//! Releases.

use crate::company::people::Actor;
use crate::company::releases::{self, Release};
use crate::company::repositories::Repository;
use crate::github::access::Permission;
use crate::github::graphql::commit;
use crate::github::graphql::plan::{Field, Selection};
use crate::github::graphql::run::{List, Run, Written};
use crate::github::{WEB, ids};

impl<'a> Run<'a> {
    /// Writes a page of a repository's releases.
    pub(super) fn releases(&mut self, field: &'a Field, repository: &'a Repository) -> Written {
        self.may(field, Permission::Contents)?;
        let order = field.argument("orderBy").map_or("CREATED_AT", |order| order["field"].as_str().unwrap_or_default());
        if order != "CREATED_AT" {
            return Err(self.invalid(field, "orderBy"));
        }
        // Without an order the vendor begins with the newest.
        let descending = field.argument("orderBy").is_none() || self.descending(field)?;
        let all = self.present.company.releases(repository);
        let total = all.partition_point(|release| release.created_at <= self.now);
        let place = |nth: usize| if descending { total - 1 - nth } else { nth };
        let list = List { of: "Release", total, key: &|nth| (all[place(nth)].created_at, place(nth) as u32), descending };
        self.connection(field, &list, |run, selection, nth| run.release(selection, repository, place(nth)))
    }

    /// Writes the release that is called the latest, or null.
    pub(super) fn latest_release(&mut self, field: &'a Field, repository: &'a Repository) -> Written {
        self.may(field, Permission::Contents)?;
        let all = self.present.company.releases(repository);
        let latest = releases::latest(all, self.now);
        match all.iter().position(|release| Some(release) == latest) {
            Some(place) => self.release(&field.selection, repository, place),
            None => self.null(),
        }
    }

    /// Writes the release at a place of a repository's.
    pub(super) fn release(&mut self, selection: &'a Selection, repository: &'a Repository, place: usize) -> Written {
        let now = self.now;
        let all = self.present.company.releases(repository);
        let release: &Release = &all[place];
        let published_at = release.published_at(now);
        self.object("Release", selection, |run, field| match field.name {
            "id" => run.text(&ids::encode("RE", &[repository.id as u32, place as u32])),
            "databaseId" => run.small_number(repository.owner.number(200_000_000, 1_000, repository.index) + place as u64),
            "tagName" | "name" => run.text(&release.tag),
            "isDraft" => run.flag(published_at.is_none()),
            "isPrerelease" => run.flag(release.prerelease),
            "isLatest" => run.flag(releases::latest(all, now) == Some(release)),
            "createdAt" => run.time(release.created_at),
            "publishedAt" => run.time_or_null(published_at),
            "updatedAt" => run.time(release.updated_at(now)),
            "author" => run.user(&field.selection, release.author),
            // A draft has no tag yet.
            "tagCommit" if published_at.is_none() => run.null(),
            "tagCommit" => {
                let told = match release.pull {
                    Some(pull) => commit::of_merge(repository, &repository.pulls[pull as usize]),
                    None => commit::before_history(repository),
                };
                run.commit(&field.selection, repository, &told)
            }
            "description" => match release.author {
                Actor::Person(_) => run.text("Wound, oiled and polished."),
                _ => run.text(""),
            },
            "url" => run.text(&format!("{WEB}/{}/{}/releases/tag/{}", repository.owner.login, repository.name, release.tag)),
            _ => run.repository(&field.selection, repository),
        })
    }
}
