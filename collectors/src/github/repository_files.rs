//! One row per repository and file that is looked for and is there.
//!
//! - grain: `repository_id`, `path`
//! - endpoint: GraphQL `nodes.object`, one object a file, 50 repositories a request
//! - permission: Contents: read
//! - date: the day of the run; today's state only
//!
//! Which files are looked for is the setting `github.files`. A file that is not there has no row: whether it was looked for tells the
//! repository's outcome.

use std::collections::{HashMap, HashSet};

use futures::{FutureExt, StreamExt, TryStreamExt, future::BoxFuture, stream};
use serde::{Deserialize, Serialize};
use serde_json::Map;

use crate::{
    collect::{CollectError, Context, Status, Tally},
    privacy::Pseudonyms,
    table::{Kind, Probe, Read, Row, Table, Watch},
};

use super::{
    batch::{Answer, Question},
    client::{Client, GraphqlError},
    config::{FilePath, GithubConfig},
    file_path::FileKind,
    github,
    listing::Repository,
    masking::mask,
    walk::{self, Bill},
};

/// `github.repository_files`
pub const TABLE: Table = Table {
    source: "github",
    name: "repository_files",
    meaning: "One row per repository and file that is looked for and is there, as of the date.",
    kind: Kind::Snapshot,
    grain: &["repository_id", "path"],
    version: None,
    endpoint: "POST /graphql nodes.object",
    permission: "Contents: read",
    probe: Probe::Repository("object(expression: \"HEAD:\") { oid }"),
    requests: |size| Some(size.repositories.div_ceil(50)),
    columns: RepositoryFile::COLUMNS,
    watch: Watch::of(&["codeowners_errors"]),
    read: Read::By(collect),
};

/// One row.
#[derive(Debug, Row, Serialize)]
pub struct RepositoryFile {
    /// Number of the repository
    repository_id: i64,
    /// `organisation/name` of the repository
    full_name: String,
    /// Path from the root of the default branch
    path: String,
    /// What it is: codeowners, pull_request_template, security_policy, dependabot_config, catalog_info, go_mod, workflow or other
    kind: String,
    /// Git's id of the content
    git_oid: String,
    /// Size [bytes]
    byte_size: Option<i64>,
    /// Is no text; null where only the name was asked for
    is_binary: Option<bool>,
    /// kept, not_asked, too_large (over the size limit) or binary
    content_state: String,
    /// The text, with people as pseudonyms and comments left out; null unless `content_state` is kept
    content: Option<String>,
    /// For the CODEOWNERS file in force: what GitHub finds wrong in it, as `line:kind`
    codeowners_errors: Vec<String>,
}

/// Repositories in a request: each brings some twenty files.
const REPOSITORIES: u32 = 50;
/// Begins the name under which a file stands in the answer; its place in the list of files follows.
const ALIAS: &str = "f";

/// What is looked for, and the question that finds it; the same text for every request.
struct Search<'a> {
    paths: Vec<&'a FilePath>,
    query: String,
    max_bytes: i64,
}

#[derive(Debug, Deserialize)]
struct Found {
    #[serde(default)]
    codeowners: Option<Codeowners>,
    #[serde(flatten)]
    objects: HashMap<String, Option<Object>>,
}

#[derive(Debug, Deserialize)]
struct Codeowners {
    errors: Vec<CodeownersError>,
}

#[derive(Debug, Deserialize)]
struct CodeownersError {
    line: i64,
    kind: String,
    path: String,
}

/// A file or a folder; of the other of the two than was asked for, nothing is told.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Object {
    oid: Option<String>,
    byte_size: Option<i64>,
    is_binary: Option<bool>,
    is_truncated: Option<bool>,
    text: Option<String>,
    entries: Option<Vec<Entry>>,
}

#[derive(Debug, Deserialize)]
struct Entry {
    name: String,
    r#type: String,
    size: i64,
    oid: String,
}

fn collect<'a>(context: &'a Context<'a>) -> BoxFuture<'a, Result<(), CollectError>> {
    async move {
        let search = Search::new(&github(context)?.settings);
        let question = Question::new("RepositoryFiles", &search.query, REPOSITORIES);
        for (organization, repositories) in walk::left(context, &[&TABLE]).await? {
            let (empty, others): (Vec<_>, Vec<_>) =
                repositories.into_iter().partition(|repository| repository.is_empty || search.paths.is_empty());
            for repository in empty {
                context.sink.done(&TABLE, &repository.parent(), Tally::within(Status::Empty, None, 0), Vec::new()).await?;
            }
            let client = &organization.client;
            let pieces: Vec<_> = question.pieces(&others).map(|piece| read(context, client, &search, &question, piece).boxed()).collect();
            stream::iter(pieces).buffer_unordered(client.concurrency()).try_collect::<()>().await?;
        }
        Ok(())
    }
    .boxed()
}

/// Some repositories in one request.
async fn read(
    context: &Context<'_>,
    client: &Client,
    search: &Search<'_>,
    question: &Question<'_>,
    repositories: &[&Repository],
) -> Result<(), CollectError> {
    let bill = Bill::default();
    let ids: Vec<&str> = repositories.iter().map(|repository| repository.id.as_str()).collect();
    let answers = question.ask::<Found>(client, &ids, &Map::new(), &bill.tally).await?;
    for (repository, answer) in repositories.iter().zip(answers) {
        let parent = repository.parent();
        let outcome = match answer {
            Ok(Answer { node, errors }) => {
                let (status, detail) = search.status_of(client, &node, &errors);
                let rows = search.rows(context.pseudonyms, repository, node);
                bill.tally.page(rows.len());
                context.sink.write(&TABLE, &parent, &rows).await?;
                let status = if status == Status::Ok && rows.is_empty() { Status::Empty } else { status };
                bill.outcome(status, detail, rows.len() as u64)
            }
            Err(error) => bill.outcome(error.status(), Some(error.message), 0),
        };
        context.sink.done(&TABLE, &parent, outcome, Vec::new()).await?;
    }
    Ok(())
}

impl<'a> Search<'a> {
    fn new(settings: &'a GithubConfig) -> Self {
        let mut known = HashSet::new();
        let paths: Vec<_> = settings.files.iter().filter(|path| known.insert(path.as_str())).collect();
        let mut query = "query RepositoryFiles($ids: [ID!]!) {\n  nodes(ids: $ids) {\n    ... on Repository {\n".to_owned();
        for (place, path) in paths.iter().enumerate() {
            let expression = serde_json::Value::from(format!("HEAD:{}", path.as_str().trim_end_matches('/')));
            let wanted = match path {
                path if path.is_folder() => "... on Tree { entries { name type size oid } }",
                path if path.kind().keeps_content() => "... on Blob { oid byteSize isBinary isTruncated text }",
                _ => "... on Blob { oid byteSize }",
            };
            query.push_str(&format!("      {ALIAS}{place}: object(expression: {expression}) {{ {wanted} }}\n"));
        }
        if paths.iter().any(|path| path.kind() == FileKind::Codeowners) {
            query.push_str("      codeowners { errors { line kind path } }\n");
        }
        query.push_str("    }\n  }\n}");
        Self { paths, query, max_bytes: settings.max_file_bytes.into() }
    }

    /// What the errors within a repository's answer leave of it.
    fn status_of(&self, client: &Client, found: &Found, errors: &[GraphqlError]) -> (Status, Option<String>) {
        if errors.is_empty() {
            return (Status::Ok, None);
        }
        let error = client.missing("graphql RepositoryFiles", errors);
        if found.objects.values().all(Option::is_none) {
            return (error.status(), Some(error.message));
        }
        (Status::Truncated, Some(format!("{} things could not be read: {}", errors.len(), error.message)))
    }

    /// A row for each file that is there; one that was found by its path counts before the same one in a folder.
    fn rows(&self, pseudonyms: &Pseudonyms, repository: &Repository, mut found: Found) -> Vec<RepositoryFile> {
        let errors = found.codeowners.map(|codeowners| codeowners.errors).unwrap_or_default();
        let row = |path: String, git_oid: String, byte_size: i64| RepositoryFile {
            repository_id: repository.database_id,
            full_name: repository.name_with_owner.clone(),
            kind: FileKind::of(&path).as_str().to_owned(),
            git_oid,
            byte_size: Some(byte_size),
            is_binary: None,
            content_state: "not_asked".to_owned(),
            content: None,
            codeowners_errors: errors
                .iter()
                .filter(|error| error.path == path)
                .map(|error| format!("{}:{}", error.line, error.kind))
                .collect(),
            path,
        };
        let (mut rows, mut in_folders) = (Vec::new(), Vec::new());
        for (place, path) in self.paths.iter().enumerate() {
            let Some(object) = found.objects.remove(&format!("{ALIAS}{place}")).flatten() else { continue };
            if let (Some(oid), Some(byte_size)) = (&object.oid, object.byte_size) {
                let (content_state, content) = self.content(pseudonyms, path, &object, byte_size);
                let is_binary = object.is_binary;
                rows.push(RepositoryFile { is_binary, content_state, content, ..row(path.as_str().to_owned(), oid.clone(), byte_size) });
            }
            let files = object.entries.into_iter().flatten().filter(|entry| entry.r#type == "blob");
            in_folders.extend(files.map(|entry| row(format!("{}{}", path.as_str(), entry.name), entry.oid, entry.size)));
        }
        let by_path: HashSet<String> = rows.iter().map(|row| row.path.clone()).collect();
        rows.extend(in_folders.into_iter().filter(|row| !by_path.contains(&row.path)));
        rows
    }

    fn content(&self, pseudonyms: &Pseudonyms, path: &FilePath, blob: &Object, byte_size: i64) -> (String, Option<String>) {
        let (state, content) = match &blob.text {
            _ if !path.kind().keeps_content() => ("not_asked", None),
            _ if blob.is_binary == Some(true) => ("binary", None),
            // GitHub gives the beginning of a long text, which could be taken for all of it.
            _ if blob.is_truncated == Some(true) || byte_size > self.max_bytes => ("too_large", None),
            Some(text) => ("kept", Some(mask(path.kind(), text, pseudonyms))),
            None => ("binary", None),
        };
        (state.to_owned(), content)
    }
}
