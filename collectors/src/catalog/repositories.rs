//! Descriptors in repositories: every `catalog-info.yaml` that `github.repository_files` found on the same day.
//!
//! Their people are pseudonyms already, and their comments are gone; the lines are where they were.

use serde::Deserialize;

use crate::{
    collect::{CollectError, Context, Parent, Status},
    github::repository_files,
    table::from_batch,
};

use super::source::{Source, Unread};

/// The kind of file that descriptors stand in.
const KIND: &str = "catalog_info";

/// A row of `github.repository_files`, as far as it matters here.
#[derive(Debug, Deserialize)]
struct RepositoryFile {
    repository_id: i64,
    full_name: String,
    path: String,
    kind: String,
    content_state: String,
    content: Option<String>,
}

/// The descriptors of repositories, by their names. Without a single one it is told that they were looked for.
pub(super) async fn read(context: &Context<'_>) -> Result<Vec<Source>, CollectError> {
    let table = &repository_files::TABLE;
    let Some(batches) = context.sink.published(table).await? else {
        let detail = format!("not collected for this day: collect `{}` as well", table.full_name());
        return Ok(vec![whole(Status::NotFound, Some(detail))]);
    };
    let mut files = Vec::new();
    for batch in &batches {
        let rows: Vec<RepositoryFile> =
            from_batch(batch).map_err(|error| CollectError::Source { what: table.full_name(), source: error.into() })?;
        files.extend(rows.into_iter().filter(|row| row.kind == KIND));
    }
    files.sort_by(|one, other| (&one.full_name, &one.path).cmp(&(&other.full_name, &other.path)));
    if files.is_empty() {
        return Ok(vec![whole(Status::Empty, None)]);
    }
    Ok(files.into_iter().map(source).collect())
}

fn source(file: RepositoryFile) -> Source {
    let RepositoryFile { repository_id, full_name, path, content_state, content, .. } = file;
    let unread = match content_state.as_str() {
        "too_large" => "it is larger than `github.max_file_bytes`",
        "binary" => "it is no text",
        _ => "its text was not asked for: name the file itself in `github.files`",
    };
    let parent = Parent { id: format!("repository:{repository_id}/{path}"), name: format!("{full_name}/{path}") };
    let text = content.ok_or_else(|| Unread { status: Status::Error, detail: Some(unread.to_owned()) });
    Source { parent, file: path, repository: Some(full_name), text }
}

/// All repositories at once.
fn whole(status: Status, detail: Option<String>) -> Source {
    let name = repository_files::TABLE.full_name();
    let parent = Parent { id: name.clone(), name: name.clone() };
    Source { parent, file: name, repository: None, text: Err(Unread { status, detail }) }
}
