//! Files and folders of a repository, by expressions like `HEAD:docs/CODEOWNERS`.

use crate::company::files::{Content, File, object_id};
use crate::company::repositories::Repository;
use crate::github::access::Permission;
use crate::github::graphql::plan::{Field, Selection};
use crate::github::graphql::run::{Run, Written};
use crate::github::{WEB, codeowners, ids};

/// What a file that may be read and written looks like to git.
const FILE_MODE: u32 = 0o100_644;
/// The same for a folder.
const FOLDER_MODE: u32 = 0o040_000;

/// Something in a folder.
struct Entry<'a> {
    name: &'a str,
    path: &'a str,
    content: Option<&'a Content>,
}

impl<'a> Run<'a> {
    /// Writes what an expression stands for, or null: of branches, only the default one has files here.
    pub(super) fn object_by_expression(&mut self, field: &'a Field, repository: &'a Repository) -> Written {
        self.may(field, Permission::Contents)?;
        let expression = field.text("expression").unwrap_or_default();
        let Some((revision, path)) = expression.split_once(':') else {
            return self.null();
        };
        let branch = revision.strip_prefix("refs/heads/").unwrap_or(revision);
        if repository.traits.empty || (revision != "HEAD" && branch != repository.default_branch) {
            return self.null();
        }
        self.object_at(&field.selection, repository, path.trim_end_matches('/'))
    }

    fn object_at(&mut self, selection: &'a Selection, repository: &'a Repository, path: &str) -> Written {
        let now = self.now;
        let content = repository.files.iter().find(|file| file.path == path).and_then(|file| file.at(now));
        match content {
            Some(content) => self.blob(selection, repository, content),
            None if path.is_empty() || !entries(&repository.files, path, now).is_empty() => self.tree(selection, repository, path),
            None => self.null(),
        }
    }

    fn blob(&mut self, selection: &'a Selection, repository: &'a Repository, content: &'a Content) -> Written {
        let oid = content.object_id();
        self.object("Blob", selection, |run, field| match field.name {
            "byteSize" => run.number(content.size()),
            "isTruncated" => run.flag(matches!(content, Content::Huge(_))),
            "isBinary" => run.flag(matches!(content, Content::Binary(_))),
            "text" => match content {
                Content::Text(text) => run.text(text),
                Content::Binary(_) | Content::Huge(_) => run.null(),
            },
            _ => run.git_object("B", field, repository, &oid),
        })
    }

    fn tree(&mut self, selection: &'a Selection, repository: &'a Repository, path: &str) -> Written {
        let entries = entries(&repository.files, path, self.now);
        let oid = tree_id(repository, path, self.now);
        self.object("Tree", selection, |run, field| match field.name {
            "entries" => run.items(0..entries.len(), |run, place| run.entry(&field.selection, repository, &entries[place])),
            _ => run.git_object("TR", field, repository, &oid),
        })
    }

    fn entry(&mut self, selection: &'a Selection, repository: &'a Repository, entry: &Entry<'a>) -> Written {
        let now = self.now;
        let oid = || entry.content.map_or_else(|| tree_id(repository, entry.path, now), Content::object_id);
        self.object("TreeEntry", selection, |run, field| match field.name {
            "name" => run.text(entry.name),
            "path" => run.text(entry.path),
            "type" => run.text(if entry.content.is_some() { "blob" } else { "tree" }),
            "mode" => run.number(if entry.content.is_some() { FILE_MODE } else { FOLDER_MODE }),
            "size" => run.number(entry.content.map_or(0, Content::size)),
            "oid" => run.oid(&oid()),
            _ => run.object_at(&field.selection, repository, entry.path),
        })
    }

    fn git_object(&mut self, kind: &str, field: &'a Field, repository: &'a Repository, oid: &[u8; 20]) -> Written {
        let hex = || oid.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
        match field.name {
            "id" => self.text(&ids::encode(kind, &[repository.id as u32, u32::from_be_bytes([oid[0], oid[1], oid[2], oid[3]])])),
            "oid" => self.oid(oid),
            _ => self.text(&hex()[..7]),
        }
    }

    /// Writes what is wrong with the file that names the owners of code; null if there is none that can be read.
    pub(super) fn codeowners(&mut self, field: &'a Field, repository: &'a Repository) -> Written {
        self.may(field, Permission::Contents)?;
        let Some((path, problems)) = codeowners::problems(self.present, repository) else {
            return self.null();
        };
        self.object("RepositoryCodeowners", &field.selection, |run, field| {
            run.items(0..problems.len(), |run, place| {
                let problem = &problems[place];
                run.object("RepositoryCodeownersError", &field.selection, |run, field| match field.name {
                    "path" => run.text(path),
                    "line" => run.number(problem.line),
                    "column" => run.number(problem.column),
                    "kind" => run.text(problem.kind),
                    "source" => run.text(&problem.source),
                    "suggestion" => run.text_or_null(problem.suggestion),
                    _ => run.text(&format!("{} on line {}: {}", problem.kind, problem.line, problem.source)),
                })
            })
        })
    }

    /// Writes where the security policy can be read, if there is one.
    pub(super) fn security_policy_url(&mut self, repository: &Repository) -> Written {
        let there = repository.files.iter().any(|file| file.path == "SECURITY.md" && file.at(self.now).is_some());
        let address = there.then(|| format!("{WEB}/{}/{}/security/policy", repository.owner.login, repository.name));
        self.text_or_null(address.as_deref())
    }
}

/// What is in a folder, by name; nothing if it is no folder.
fn entries<'a>(files: &'a [File], folder: &str, now: i64) -> Vec<Entry<'a>> {
    let mut entries: Vec<Entry<'a>> = Vec::new();
    for file in files {
        let (Some(content), Some(rest)) = (file.at(now), below(&file.path, folder)) else {
            continue;
        };
        let start = file.path.len() - rest.len();
        let (name, content) = match rest.split_once('/') {
            Some((name, _)) => (name, None),
            None => (rest, Some(content)),
        };
        if entries.iter().all(|entry| entry.name != name) {
            entries.push(Entry { name, path: &file.path[..start + name.len()], content });
        }
    }
    entries.sort_by_key(|entry| entry.name);
    entries
}

/// The rest of a path below a folder.
fn below<'a>(path: &'a str, folder: &str) -> Option<&'a str> {
    if folder.is_empty() { Some(path) } else { path.strip_prefix(folder)?.strip_prefix('/') }
}

/// What git might call a folder: it changes with everything below it.
fn tree_id(repository: &Repository, folder: &str, now: i64) -> [u8; 20] {
    let mut all = Vec::new();
    for file in &repository.files {
        if let (Some(content), Some(rest)) = (file.at(now), below(&file.path, folder)) {
            all.extend(rest.as_bytes());
            all.extend(content.object_id());
        }
    }
    object_id(&all, 4)
}
