//! What guards branches: one walk over all repositories for classic rules, rulesets, and which rulesets are for which repository.
//!
//! Classic rules are shown to who administers a repository; anybody else gets an empty list, as if there were none. Such a list is
//! `forbidden`, never `empty`.

use std::{
    collections::HashSet,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};

use futures::{FutureExt, StreamExt, TryStreamExt, future::BoxFuture, stream};

use crate::{
    collect::{CollectError, Context, Outcome, Parent, Status, Tally},
    table::Table,
};

use super::{
    ApiError, ApiErrorKind, Stopped,
    batch::{Answer, Answered, Question},
    branch_protection_rules,
    client::{Client, GraphqlError},
    listing::{Connection, Organization, Repository},
    organization_parent, outcome_of,
    protection_wire::{Lengths, Protection, QUERY, Rule, Ruleset, goes_on, organization_rulesets},
    repository_rulesets, rulesets,
    walk::{self, Bill},
};

const OPERATION: &str = "Protection";
/// Repositories in a request for lists of the usual length.
const REPOSITORIES: u32 = 50;
/// Repositories in a request for lists as long as GitHub gives them: more would exceed the nodes that a query may ask for.
const LONG_REPOSITORIES: u32 = 5;

/// What this walk feeds.
const TABLES: [&Table; 3] = [&rulesets::TABLE, &branch_protection_rules::TABLE, &repository_rulesets::TABLE];

/// One organisation's walk.
struct Walk<'a> {
    context: &'a Context<'a>,
    organization: &'a Organization,
    tables: &'a [&'static Table],
    usual: &'a Question<'static>,
    long: &'a Question<'static>,
    silent: Silent,
}

/// Repositories where the list of rules is empty. A token that may not read rules is refused where there are some, and may be told of
/// none elsewhere: one refusal where we administer makes every empty list of the organisation worthless.
#[derive(Default)]
struct Silent {
    is_refused: AtomicBool,
    closing: Mutex<Vec<(Parent, Outcome)>>,
}

/// Reads all of it.
pub(super) fn collect<'a>(context: &'a Context<'a>) -> BoxFuture<'a, Result<(), CollectError>> {
    async move {
        let tables = walk::wanted(context, &TABLES);
        let left = walk::left(context, &tables).await?;
        let repositories: usize = left.iter().filter_map(|(organization, _)| organization.repositories.as_ref().ok()).map(Vec::len).sum();
        context.sink.expect(&rulesets::TABLE, repositories + left.len());
        let usual = Question::new(OPERATION, QUERY, REPOSITORIES);
        let long = Question::new(OPERATION, QUERY, LONG_REPOSITORIES);
        // Several organisations may share an enterprise, and its rulesets.
        let mut known = HashSet::new();
        for (organization, repositories) in left {
            if context.sink.wants(&rulesets::TABLE) {
                read_organization(context, organization, &mut known).await?;
            }
            let walk = Walk { context, organization, tables: &tables, usual: &usual, long: &long, silent: Silent::default() };
            let pieces: Vec<_> = usual.pieces(&repositories).map(|piece| walk.read(piece).boxed()).collect();
            stream::iter(pieces).buffer_unordered(organization.client.concurrency()).try_collect::<()>().await?;
            walk.close_silent().await?;
        }
        Ok(())
    }
    .boxed()
}

/// The organisation's own rulesets, and those of its enterprise.
async fn read_organization(context: &Context<'_>, organization: &Organization, known: &mut HashSet<i64>) -> Result<(), CollectError> {
    let parent = organization_parent(&organization.login);
    if context.sink.is_done(&rulesets::TABLE, &parent) {
        return Ok(());
    }
    let (tally, mut part) = (Tally::default(), Part::default());
    let pages = organization_pages(context, organization, &parent, known, &tally, &mut part).await;
    let mut outcome = outcome_of(pages, &tally)?;
    if outcome.status.is_whole() {
        (outcome.status, outcome.detail) = part.status(outcome.rows);
    }
    context.sink.done(&rulesets::TABLE, &parent, outcome, Vec::new()).await
}

async fn organization_pages(
    context: &Context<'_>,
    organization: &Organization,
    parent: &Parent,
    known: &mut HashSet<i64>,
    tally: &Tally,
    part: &mut Part,
) -> Result<(), Stopped> {
    let client = &organization.client;
    let mut after: Option<String> = None;
    loop {
        let (page, errors) = organization_rulesets(client, &organization.login, after.as_deref(), tally).await?;
        part.refuse(client, errors.iter().filter(|error| !is_of_bypass(client, error)));
        let sets = page.nodes.iter().flatten();
        let mut rows: Vec<_> = sets.filter_map(|ruleset| rulesets::row(context.pseudonyms, organization, None, ruleset)).collect();
        part.look_at(Some(&page), rows.len(), |set| set.goes_on());
        rows.retain(|row| known.insert(row.ruleset_id()));
        tally.page(rows.len());
        context.sink.write(&rulesets::TABLE, parent, &rows).await?;
        match page.page_info.next() {
            Some(cursor) => after = Some(cursor),
            None => return Ok(()),
        }
    }
}

impl Walk<'_> {
    /// Some repositories in one request, and those with longer lists once more.
    async fn read(&self, repositories: &[&Repository]) -> Result<(), CollectError> {
        let bill = Bill::default();
        let mut answers = self.ask(self.usual, repositories, Lengths::USUAL, &bill.tally).await?;
        let is_long = |answer: &Answered<Protection>| answer.as_ref().is_ok_and(|answer| answer.node.goes_on());
        let places: Vec<usize> = (0..answers.len()).filter(|&place| is_long(&answers[place])).collect();
        for places in self.long.pieces(&places) {
            let asked: Vec<&Repository> = places.iter().map(|&place| repositories[place]).collect();
            let longer = self.ask(self.long, &asked, Lengths::MOST, &bill.tally).await?;
            for (&place, longer) in places.iter().zip(longer) {
                // Where it brings nothing the shorter answer stands, and is truncated.
                if longer.is_ok() {
                    answers[place] = longer;
                }
            }
        }
        for (&repository, answer) in repositories.iter().zip(answers) {
            match answer {
                Ok(answer) => self.take(repository, &answer, &bill).await?,
                Err(error) => {
                    let gone = |_| bill.outcome(error.status(), Some(error.message.clone()), 0);
                    walk::close(self.context, self.tables, &repository.parent(), gone).await?;
                }
            }
        }
        Ok(())
    }

    async fn ask(
        &self,
        question: &Question<'_>,
        repositories: &[&Repository],
        lengths: Lengths,
        tally: &Tally,
    ) -> Result<Vec<Answered<Protection>>, ApiError> {
        let ids: Vec<&str> = repositories.iter().map(|repository| repository.id.as_str()).collect();
        question.ask(&self.organization.client, &ids, &lengths.variables(self.tables), tally).await
    }

    /// Hands the rows of a repository over, and closes it for each table.
    async fn take(&self, repository: &Repository, answer: &Answer<Protection>, bill: &Bill) -> Result<(), CollectError> {
        for &table in self.tables {
            if *table == rulesets::TABLE {
                self.take_rulesets(repository, answer, bill).await?;
            } else if *table == branch_protection_rules::TABLE {
                self.take_rules(repository, answer, bill).await?;
            } else {
                self.take_applied(repository, answer, bill).await?;
            }
        }
        Ok(())
    }

    async fn take_rules(
        &self,
        repository: &Repository,
        Answer { node, errors }: &Answer<Protection>,
        bill: &Bill,
    ) -> Result<(), CollectError> {
        let (client, parent, mut part) = (&self.organization.client, repository.parent(), Part::default());
        let errors: Vec<_> =
            errors.iter().filter(|error| error.is_within("branchProtectionRules") || error.is_within("defaultBranchRef")).collect();
        if repository.viewer_can_administer && errors.iter().any(|error| is_forbidden(client, error)) {
            self.silent.is_refused.store(true, Ordering::Relaxed);
        }
        part.refuse(client, errors);
        let rules = node.branch_protection_rules.as_ref();
        let row = |rule| branch_protection_rules::row(self.context.pseudonyms, repository, node.default_rule(), rule);
        let rows: Vec<_> = rules.iter().flat_map(|rules| &rules.nodes).flatten().filter_map(row).collect();
        part.look_at(rules, rows.len(), Rule::goes_on);
        bill.tally.page(rows.len());
        self.context.sink.write(&branch_protection_rules::TABLE, &parent, &rows).await?;

        let (mut status, mut detail) = part.status(rows.len() as u64);
        if rows.is_empty() && !repository.viewer_can_administer {
            let role = repository.viewer_permission.as_deref().unwrap_or("no role");
            (status, detail) = (Status::Forbidden, Some(format!("the credential has {role} there; branch protection needs ADMIN")));
        }
        let outcome = bill.outcome(status, detail, rows.len() as u64);
        if status == Status::Empty {
            self.silent.closing.lock().unwrap_or_else(PoisonError::into_inner).push((parent, outcome));
            return Ok(());
        }
        self.context.sink.done(&branch_protection_rules::TABLE, &parent, outcome, Vec::new()).await
    }

    async fn take_rulesets(
        &self,
        repository: &Repository,
        Answer { node, errors }: &Answer<Protection>,
        bill: &Bill,
    ) -> Result<(), CollectError> {
        let (client, parent, mut part) = (&self.organization.client, repository.parent(), Part::default());
        if repository.viewer_can_administer && errors.iter().any(|error| is_of_bypass(client, error)) {
            self.silent.is_refused.store(true, Ordering::Relaxed);
        }
        part.refuse(client, errors.iter().filter(|error| error.is_within("rulesets") && !is_of_bypass(client, error)));
        let sets = node.rulesets.as_ref();
        let row = |set| rulesets::row(self.context.pseudonyms, self.organization, Some(repository), set);
        let rows: Vec<_> = sets.iter().flat_map(|sets| &sets.nodes).flatten().filter_map(row).collect();
        part.look_at(sets, rows.len(), Ruleset::goes_on);
        bill.tally.page(rows.len());
        self.context.sink.write(&rulesets::TABLE, &parent, &rows).await?;
        let (status, detail) = part.status(rows.len() as u64);
        self.context.sink.done(&rulesets::TABLE, &parent, bill.outcome(status, detail, rows.len() as u64), Vec::new()).await
    }

    async fn take_applied(
        &self,
        repository: &Repository,
        Answer { node, errors }: &Answer<Protection>,
        bill: &Bill,
    ) -> Result<(), CollectError> {
        let (client, parent, mut part) = (&self.organization.client, repository.parent(), Part::default());
        part.refuse(client, errors.iter().filter(|error| error.is_within("applied")));
        let sets = node.applied.as_ref();
        let row = |set| repository_rulesets::row(repository, set);
        let rows: Vec<_> = sets.iter().flat_map(|sets| &sets.nodes).flatten().filter_map(row).collect();
        part.look_at(sets, rows.len(), |_| false);
        bill.tally.page(rows.len());
        self.context.sink.write(&repository_rulesets::TABLE, &parent, &rows).await?;
        let (status, detail) = part.status(rows.len() as u64);
        self.context.sink.done(&repository_rulesets::TABLE, &parent, bill.outcome(status, detail, rows.len() as u64), Vec::new()).await
    }

    /// Closes the repositories without rules, now that it is known whether that can be believed.
    async fn close_silent(self) -> Result<(), CollectError> {
        let Silent { is_refused, closing } = self.silent;
        for (parent, mut outcome) in closing.into_inner().unwrap_or_else(PoisonError::into_inner) {
            if is_refused.load(Ordering::Relaxed) {
                outcome.status = Status::Forbidden;
                outcome.detail = Some("no rules are shown; the credential may not read those of other repositories".to_owned());
            }
            self.context.sink.done(&branch_protection_rules::TABLE, &parent, outcome, Vec::new()).await?;
        }
        Ok(())
    }
}

/// What is missing of one list.
#[derive(Default)]
struct Part {
    refusal: Option<ApiError>,
    /// Items that GitHub named and did not show.
    hidden: usize,
    is_cut: bool,
}

impl Part {
    fn refuse<'e>(&mut self, client: &Client, errors: impl IntoIterator<Item = &'e GraphqlError>) {
        let errors: Vec<GraphqlError> = errors.into_iter().cloned().collect();
        if !errors.is_empty() {
            self.refusal = Some(client.missing("graphql Protection", &errors));
        }
    }

    /// Compares a list, where there is one, with the rows that it gave.
    fn look_at<T>(&mut self, list: Option<&Connection<T>>, rows: usize, item_goes_on: fn(&T) -> bool) {
        if let Some(list) = list {
            self.hidden += list.nodes.len() - rows;
            self.is_cut |= goes_on(list) || list.nodes.iter().flatten().any(item_goes_on);
        }
    }

    /// How a list ended that brought so many rows.
    fn status(self, rows: u64) -> (Status, Option<String>) {
        match self {
            Self { refusal: Some(error), .. } if rows == 0 => (error.status(), Some(error.message)),
            Self { refusal: Some(error), .. } => (Status::Truncated, Some(format!("some of it could not be shown: {}", error.message))),
            Self { hidden: 1.., .. } => (Status::Truncated, Some(format!("{} of the list could not be shown", self.hidden))),
            Self { is_cut: true, .. } => (Status::Truncated, Some("a list is longer than GitHub gives at once".to_owned())),
            _ if rows == 0 => (Status::Empty, None),
            _ => (Status::Ok, None),
        }
    }
}

/// Who may bypass a ruleset is kept from most: the column is null then, and nothing else is missing.
fn is_of_bypass(client: &Client, error: &GraphqlError) -> bool {
    error.is_within("bypassActors") && is_forbidden(client, error)
}

fn is_forbidden(client: &Client, error: &GraphqlError) -> bool {
    client.missing("graphql Protection", std::slice::from_ref(error)).kind == ApiErrorKind::Forbidden
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_list_says_what_is_missing_of_it() {
        let error = || {
            let (host, what, message) = ("github.example".to_owned(), "graphql Protection".to_owned(), "no".to_owned());
            Some(ApiError { kind: ApiErrorKind::Forbidden, host, what, message })
        };
        assert_eq!(Part::default().status(0), (Status::Empty, None));
        assert_eq!(Part::default().status(2), (Status::Ok, None));
        assert_eq!(Part { refusal: error(), ..Part::default() }.status(0).0, Status::Forbidden);
        assert_eq!(Part { refusal: error(), ..Part::default() }.status(2).0, Status::Truncated);
        assert_eq!(Part { hidden: 1, ..Part::default() }.status(0).0, Status::Truncated);
        assert_eq!(Part { is_cut: true, ..Part::default() }.status(5).0, Status::Truncated);
    }

    #[test]
    fn a_repository_with_longer_lists_is_asked_again() {
        let page = |more: bool| json!({"hasNextPage": more, "endCursor": "c"});
        let answer = |sets: bool, actors: bool, applied: bool| {
            let actors = json!({"pageInfo": page(actors), "nodes": []});
            let set = json!({
                "databaseId": 1, "name": "a", "target": "BRANCH", "enforcement": "ACTIVE", "createdAt": "2026-01-01T00:00:00Z",
                "updatedAt": "2026-01-01T00:00:00Z", "source": {"__typename": "Repository"}, "conditions": {}, "bypassActors": actors,
            });
            let node = json!({
                "rulesets": {"pageInfo": page(sets), "nodes": [set, null]}, "applied": {"pageInfo": page(applied), "nodes": []},
            });
            serde_json::from_value::<Protection>(node).unwrap()
        };
        assert!(answer(true, false, false).goes_on());
        assert!(answer(false, true, false).goes_on());
        assert!(!answer(false, false, true).goes_on(), "what is asked for in full at once cannot be had any longer");
        let mut part = Part::default();
        let node = answer(false, false, false);
        part.look_at(node.rulesets.as_ref(), 1, Ruleset::goes_on);
        assert_eq!((part.hidden, part.is_cut), (1, false), "null is not nothing");
    }
}
