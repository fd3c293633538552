//! The same question about many repositories, as many in a request as GitHub answers in time.
//!
//! The query names its repositories as `nodes(ids: $ids)`. GitHub answers for each by itself: one that is gone, or a field we may not
//! read, is a null with an error beside it, and spoils nothing for the others.

use std::{
    iter,
    sync::atomic::{AtomicU32, Ordering},
};

use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Map, Value};

use crate::collect::Tally;

use super::{
    ApiError, ApiErrorKind,
    client::{Client, Graph, GraphqlError, Query},
};

/// A question, and how much of it fits into a request right now. All who ask it share that.
#[derive(Debug)]
pub(super) struct Question<'q> {
    query: &'q str,
    operation: &'static str,
    most: u32,
    size: AtomicU32,
}

/// What GitHub said of one repository.
#[derive(Debug)]
pub(super) struct Answer<T> {
    /// The repository's fields, with null where an error hit.
    pub(super) node: T,
    /// What could not be read within it.
    pub(super) errors: Vec<GraphqlError>,
}

/// An answer, or why there is none.
pub(super) type Answered<T> = Result<Answer<T>, ApiError>;

#[derive(Deserialize)]
struct Data<T> {
    nodes: Option<Vec<Option<T>>>,
}

impl<'q> Question<'q> {
    /// A query over `nodes(ids: $ids)`, named like its operation, of at most so many repositories a request.
    pub(super) const fn new(operation: &'static str, query: &'q str, most: u32) -> Self {
        Self { query, operation, most, size: AtomicU32::new(most) }
    }

    /// How many repositories to put into one call of [`Self::ask`].
    pub(super) const fn size(&self) -> usize {
        self.most as usize
    }

    /// Cuts a list into pieces for one call each.
    pub(super) fn pieces<'a, T>(&self, list: &'a [T]) -> impl Iterator<Item = &'a [T]> + use<'a, T> {
        list.chunks(self.size().max(1))
    }

    /// How many fit into a request right now: after an answer that took too long to make half as many, and then slowly more again.
    fn fitting(&self) -> usize {
        self.size.load(Ordering::Relaxed) as usize
    }

    /// Asks about these repositories, by their GraphQL ids, with further variables. The answers are in their order.
    ///
    /// # Errors
    /// When the credential is refused. Whatever else happened to a repository is in its answer.
    pub(super) async fn ask<T: DeserializeOwned>(
        &self,
        client: &Client,
        ids: &[&str],
        variables: &Map<String, Value>,
        tally: &Tally,
    ) -> Result<Vec<Answered<T>>, ApiError> {
        let mut answers: Vec<Option<Answered<T>>> = ids.iter().map(|_| None).collect();
        let mut open = vec![Part { places: (0..ids.len()).collect(), is_second_try: false }];
        while let Some(Part { mut places, is_second_try }) = open.pop() {
            let fitting = self.fitting();
            if places.len() > fitting {
                open.push(Part { places: places.split_off(fitting), is_second_try });
            }
            let asked: Vec<&str> = places.iter().map(|&place| ids[place]).collect();
            match self.request::<T>(client, &asked, variables, tally).await {
                Ok(got) => {
                    let mut again = Vec::new();
                    for (place, answer) in places.into_iter().zip(got) {
                        // Most of what could not be shown once can be shown a moment later.
                        if !is_second_try && self.may_pass(client, &answer) {
                            again.push(place);
                        }
                        // A second try that brings nothing takes nothing away.
                        if !is_second_try || answer.is_ok() {
                            answers[place] = Some(answer);
                        }
                    }
                    if !again.is_empty() {
                        open.push(Part { places: again, is_second_try: true });
                    }
                }
                Err(error) if error.kind == ApiErrorKind::Unauthorized => return Err(error),
                Err(error) if error.kind == ApiErrorKind::TooHeavy && places.len() > 1 => {
                    self.shrink(places.len());
                    let others = places.split_off(places.len() / 2);
                    open.extend([others, places].map(|places| Part { places, is_second_try }));
                }
                Err(_) if is_second_try => {}
                Err(error) => {
                    for place in places {
                        answers[place] = Some(Err(same(&error)));
                    }
                }
            }
        }
        let missing = || Err(client.missing(&self.name(), &[]));
        Ok(answers.into_iter().map(|answer| answer.unwrap_or_else(missing)).collect())
    }

    async fn request<T: DeserializeOwned>(
        &self,
        client: &Client,
        ids: &[&str],
        variables: &Map<String, Value>,
        tally: &Tally,
    ) -> Result<Vec<Answered<T>>, ApiError> {
        let mut variables = variables.clone();
        variables.insert("ids".to_owned(), ids.into());
        let query = Query { query: self.query, operation: self.operation, variables };
        let Graph { data, errors } = client.graphql::<Data<T>, _>(&query, tally).await?;
        let nodes = data.nodes.ok_or_else(|| client.missing(&self.name(), &errors))?;
        self.recover(ids.len());
        let by_node = sort_out(ids.len(), nodes, errors).into_iter();
        Ok(by_node
            .map(|(node, errors)| node.ok_or_else(|| client.missing(&self.name(), &errors)).map(|node| Answer { node, errors }))
            .collect())
    }

    /// Whether an answer lacks something that took too long to make.
    fn may_pass<T>(&self, client: &Client, answer: &Answered<T>) -> bool {
        match answer {
            Ok(answer) => {
                answer.errors.iter().any(|error| client.missing(&self.name(), std::slice::from_ref(error)).kind == ApiErrorKind::TooHeavy)
            }
            Err(error) => error.kind == ApiErrorKind::TooHeavy,
        }
    }

    fn name(&self) -> String {
        format!("graphql {}", self.operation)
    }

    fn shrink(&self, failed: usize) {
        let half = u32::try_from(failed / 2).unwrap_or(u32::MAX).max(1);
        self.size.fetch_min(half, Ordering::Relaxed);
    }

    /// After an answer about so many: only one that was as large as it may be right now says that more would do.
    fn recover(&self, answered: usize) {
        let grow = |size: u32| (answered >= size as usize).then(|| (size + size.div_ceil(4)).min(self.most));
        let _ = self.size.fetch_update(Ordering::Relaxed, Ordering::Relaxed, grow);
    }
}

/// Some of the repositories, by their places in the list that was given.
struct Part {
    places: Vec<usize>,
    is_second_try: bool,
}

/// Gives each node its errors. What an answer says of no node in particular is why those are null that have no error of their own.
fn sort_out<T>(asked: usize, nodes: Vec<Option<T>>, mut errors: Vec<GraphqlError>) -> Vec<(Option<T>, Vec<GraphqlError>)> {
    let nodes = nodes.into_iter().chain(iter::repeat_with(|| None)).take(asked).enumerate();
    let mut sorted: Vec<_> =
        nodes.map(|(place, node)| (node, errors.extract_if(.., |error| error.is_about("nodes", place)).collect::<Vec<_>>())).collect();
    for (_, own) in sorted.iter_mut().filter(|(node, own)| node.is_none() && own.is_empty()) {
        own.clone_from(&errors);
    }
    sorted
}

/// One error that hit several repositories.
fn same(error: &ApiError) -> ApiError {
    ApiError { kind: error.kind, host: error.host.clone(), what: error.what.clone(), message: error.message.clone() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(text: &str) -> GraphqlError {
        serde_json::from_str(text).unwrap()
    }

    #[test]
    fn each_node_has_its_own_errors() {
        let errors = vec![
            error(r#"{"type": "FORBIDDEN", "message": "no", "path": ["nodes", 1, "f0"]}"#),
            error(r#"{"type": "NOT_FOUND", "message": "gone", "path": ["nodes", 2]}"#),
            error(r#"{"message": "Something went wrong"}"#),
        ];
        let sorted = sort_out(5, vec![Some('a'), Some('b'), None, None], errors);
        let told: Vec<(Option<char>, Vec<&str>)> =
            sorted.iter().map(|(node, errors)| (*node, errors.iter().map(|error| error.message.as_str()).collect())).collect();
        let lost = (None, vec!["Something went wrong"]);
        assert_eq!(told, [(Some('a'), vec![]), (Some('b'), vec!["no"]), (None, vec!["gone"]), lost.clone(), lost]);
    }

    #[test]
    fn what_fits_halves_and_recovers() {
        let question = Question::new("Test", "", 8);
        question.shrink(8);
        assert_eq!(question.fitting(), 4);
        question.recover(3);
        assert_eq!(question.fitting(), 4, "a small answer says nothing about larger ones");
        question.recover(4);
        assert_eq!(question.fitting(), 5);
        for _ in 0..9 {
            question.recover(8);
        }
        assert_eq!(question.fitting(), 8, "never more than is right");
        question.shrink(1);
        assert_eq!(question.fitting(), 1, "there is always something to ask for");
        assert_eq!(question.pieces(&[0; 30]).map(<[_]>::len).collect::<Vec<_>>(), [8, 8, 8, 6]);
    }
}
