//! What happened to a pull request, in order.

use serde_json::Value;

use crate::company::people::Actor;
use crate::company::pulls::{Outcome, Pull};
use crate::company::repositories::Repository;
use crate::github::graphql::plan::{Field, Selection};
use crate::github::graphql::run::{List, Run, Written};
use crate::github::{WEB, ids};

/// Something on the timeline.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Item {
    Commit(usize),
    Ready,
    Draft,
    Review(usize),
    Merged,
    Closed,
}

impl Item {
    /// The name that `itemTypes` has for it.
    fn kind(self) -> &'static str {
        match self {
            Item::Commit(_) => "PULL_REQUEST_COMMIT",
            Item::Ready => "READY_FOR_REVIEW_EVENT",
            Item::Draft => "CONVERT_TO_DRAFT_EVENT",
            Item::Review(_) => "PULL_REQUEST_REVIEW",
            Item::Merged => "MERGED_EVENT",
            Item::Closed => "CLOSED_EVENT",
        }
    }
}

impl<'a> Run<'a> {
    /// Writes a page of a pull request's timeline.
    pub(super) fn timeline(&mut self, field: &'a Field, repository: &'a Repository, pull: &'a Pull) -> Written {
        let wanted = match field.argument("itemTypes") {
            Some(Value::Array(many)) => Some(many.as_slice()),
            Some(one) => Some(std::slice::from_ref(one)),
            None => None,
        };
        let wants = |item: Item| wanted.is_none_or(|wanted| wanted.iter().any(|kind| kind == item.kind()));
        let items = items(pull, self.now, wants);
        let list =
            List { of: "PullRequestTimelineItems", total: items.len(), key: &|place| (items[place].0, place as u32), descending: false };
        self.connection(field, &list, |run, selection, place| {
            let (at, item) = items[place];
            match item {
                Item::Commit(place) => run.pull_request_commit(selection, repository, pull, place),
                Item::Review(place) => run.review(selection, repository, pull, place),
                Item::Ready => run.event("ReadyForReviewEvent", selection, (repository, pull), at, pull.author),
                Item::Draft => run.event("ConvertToDraftEvent", selection, (repository, pull), at, pull.author),
                Item::Merged => {
                    let by = pull.merged(run.now).map_or(Actor::Ghost, |(_, by)| by);
                    run.event("MergedEvent", selection, (repository, pull), at, by)
                }
                Item::Closed => run.event("ClosedEvent", selection, (repository, pull), at, pull.author),
            }
        })
    }

    fn event(
        &mut self,
        name: &'static str,
        selection: &'a Selection,
        (repository, pull): (&'a Repository, &'a Pull),
        at: i64,
        by: Actor,
    ) -> Written {
        self.object(name, selection, |run, field| match field.name {
            "id" => run.text(&ids::encode("EVE", &[repository.id as u32, pull.number, at as u32, name.len() as u32])),
            "createdAt" => run.time(at),
            "actor" => run.actor(&field.selection, by),
            "url" => run.text(&format!("{WEB}/{}/{}/pull/{}", repository.owner.login, repository.name, pull.number)),
            "commit" => run.merge_commit(&field.selection, repository, pull),
            _ => run.pull_request(&field.selection, repository, pull),
        })
    }
}

/// What happened so far of what is wanted, the earliest first.
fn items(pull: &Pull, now: i64, wants: impl Fn(Item) -> bool) -> Vec<(i64, Item)> {
    let commits = pull.commits(now).iter().enumerate();
    let mut items: Vec<(i64, Item)> = commits.map(|(place, commit)| (commit.pushed_at, Item::Commit(place))).collect();
    for change in pull.draft_changes(now) {
        items.push((change.at, if change.ready { Item::Ready } else { Item::Draft }));
    }
    for (place, review) in pull.reviews(now).iter().enumerate() {
        items.push((review.submitted_at, Item::Review(place)));
    }
    if let Some(at) = pull.ended_at(now) {
        // The vendor writes a merge down twice: as such, and as a closing.
        if matches!(pull.outcome, Outcome::Merged { .. }) {
            items.push((at, Item::Merged));
        }
        items.push((at, Item::Closed));
    }
    items.retain(|(_, item)| wants(*item));
    items.sort_unstable();
    items
}
