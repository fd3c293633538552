//! Descriptors in files and folders beside `almanac.toml`.
//!
//! Whatever is named in the settings is told about: a name that matches nothing is a gap, for somebody counts on it. Only of the default
//! folder nobody said that it is there.

use std::{
    collections::HashSet,
    fs, io,
    path::{Path, PathBuf},
};

use crate::collect::{Parent, Status};

use super::{
    config::CatalogConfig,
    source::{Source, Unread},
};

/// The largest file that is read [bytes]. Descriptors are written by hand.
const MAX_BYTES: u64 = 1024 * 1024;
const ENDINGS: [&str; 2] = ["yaml", "yml"];

/// Reads the files below this folder that the settings name, each once.
pub(super) fn read(root: &Path, settings: &CatalogConfig) -> Vec<Source> {
    let root = if root.as_os_str().is_empty() { Path::new(".") } else { root };
    let is_default = settings.files == CatalogConfig::default().files;
    let mut walk = Walk { root, real_root: fs::canonicalize(root).ok(), seen: HashSet::new(), met: 0, sources: Vec::new() };
    for name in &settings.files {
        let name = name.trim_end_matches('/');
        if !(is_default && is_missing(&root.join(name))) {
            walk.named(name);
        }
    }
    walk.sources
}

fn is_missing(path: &Path) -> bool {
    fs::symlink_metadata(path).is_err_and(|error| is_none(&error))
}

/// Whether nothing is there, rather than something that cannot be seen.
fn is_none(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
}

struct Walk<'a> {
    root: &'a Path,
    /// The root without symbolic links.
    real_root: Option<PathBuf>,
    /// What was read, without symbolic links: two names can lead to one file, and a folder into itself.
    seen: HashSet<PathBuf>,
    /// How often anything was met that counts as a descriptor, also again.
    met: usize,
    sources: Vec<Source>,
}

impl Walk<'_> {
    /// One name of the settings.
    fn named(&mut self, name: &str) {
        let parts: Vec<&str> = name.split('/').filter(|part| !matches!(*part, "" | ".")).collect();
        if name.starts_with('/') || Path::new(name).is_absolute() || parts.contains(&"..") {
            return self.unread(name, Status::Error, "names in `catalog.files` stand below the folder of almanac.toml");
        }
        if name.contains("**") {
            return self.unread(
                name,
                Status::Error,
                "`**` is not known: `*` stands for part of a name, and a folder for every file below it",
            );
        }
        let mut paths = vec![String::new()];
        for part in parts {
            paths = paths.into_iter().flat_map(|folder| self.matching(&folder, part)).collect();
        }
        paths.retain(|path| !is_missing(&self.root.join(path)));
        if paths.is_empty() {
            self.unread(name, Status::NotFound, "nothing in the folder of almanac.toml has this name of `catalog.files`");
        }
        for path in paths {
            let before = self.met;
            self.path(&path, true);
            if self.met == before {
                self.unread(&path, Status::Empty, "no file below it ends in .yaml or .yml");
            }
        }
    }

    /// The paths in a folder that this part of a name can mean.
    fn matching(&mut self, folder: &str, part: &str) -> Vec<String> {
        if !part.contains('*') {
            return vec![join(folder, part)];
        }
        let names = match names(&self.root.join(folder)) {
            Ok(names) => names,
            Err(error) if is_none(&error) => Vec::new(),
            Err(error) => {
                self.failed(folder, &error);
                Vec::new()
            }
        };
        names.iter().filter(|name| is_match(part, name)).map(|name| join(folder, name)).collect()
    }

    /// A file, or a folder with everything below it. A file that is named counts whatever its name ends in.
    fn path(&mut self, path: &str, is_named: bool) {
        let real = match fs::canonicalize(self.root.join(path)) {
            Ok(real) => real,
            Err(error) => return self.failed(path, &error),
        };
        if self.real_root.as_ref().is_none_or(|root| !real.starts_with(root)) {
            return self.unread(path, Status::Error, "it leads out of the folder of almanac.toml");
        }
        let is_descriptor = is_named || Path::new(path).extension().is_some_and(|ending| ENDINGS.iter().any(|known| ending == *known));
        if real.is_dir() {
            match self.seen.insert(real.clone()) {
                true => self.folder(path, &real),
                false => self.met += 1,
            }
        } else if is_descriptor {
            self.met += 1;
            if self.seen.insert(real.clone()) {
                match text(&real) {
                    Ok(text) => self.sources.push(Source { text: Ok(text), ..source(path) }),
                    Err(detail) => self.unread(path, Status::Error, &detail),
                }
            }
        }
    }

    fn folder(&mut self, path: &str, real: &Path) {
        match names(real) {
            Ok(names) => names.iter().for_each(|name| self.path(&join(path, name), false)),
            Err(error) => self.failed(path, &error),
        }
    }

    fn failed(&mut self, path: &str, error: &io::Error) {
        self.unread(path, Status::Error, &format!("could not be read: {}", error.kind()));
    }

    fn unread(&mut self, name: &str, status: Status, detail: &str) {
        let detail = Some(detail.to_owned());
        self.met += 1;
        self.sources.push(Source { text: Err(Unread { status, detail }), ..source(name) });
    }
}

fn source(path: &str) -> Source {
    let parent = Parent { id: path.to_owned(), name: path.to_owned() };
    Source { parent, file: path.to_owned(), repository: None, text: Ok(String::new()) }
}

fn join(folder: &str, name: &str) -> String {
    if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") }
}

/// The names in a folder in their order, without those that are hidden.
fn names(folder: &Path) -> io::Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder)? {
        names.extend(entry?.file_name().into_string().ok().filter(|name| !name.starts_with('.')));
    }
    names.sort();
    Ok(names)
}

/// Whether a name matches, where `*` stands for any part of it.
fn is_match(pattern: &str, name: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == name,
        Some((before, pattern)) => name.strip_prefix(before).is_some_and(|rest| {
            let ends = rest.char_indices().map(|(place, _)| place).chain([rest.len()]);
            ends.into_iter().any(|place| is_match(pattern, &rest[place..]))
        }),
    }
}

fn text(path: &Path) -> Result<String, String> {
    let failed = |error: io::Error| format!("could not be read: {}", error.kind());
    let metadata = fs::metadata(path).map_err(failed)?;
    if !metadata.is_file() {
        return Err("it is no file".to_owned());
    }
    if metadata.len() > MAX_BYTES {
        return Err("it is larger than 1 MiB".to_owned());
    }
    let bytes = fs::read(path).map_err(failed)?;
    let text = std::str::from_utf8(&bytes).map_err(|_| "it is no text in UTF-8".to_owned())?;
    Ok(text.strip_prefix('\u{feff}').unwrap_or(text).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A folder with these files in it.
    fn folder(files: &[(&str, &[u8])]) -> tempfile::TempDir {
        let root = tempfile::tempdir().unwrap();
        for (path, text) in files {
            let path = root.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        root
    }

    fn read_names(root: &Path, names: &[&str]) -> Vec<Source> {
        let files = names.iter().map(|name| (*name).to_owned()).collect();
        read(root, &CatalogConfig { files, ..CatalogConfig::default() })
    }

    /// The paths that were read, and of others the status and what is said.
    fn told(root: &Path, names: &[&str]) -> Vec<String> {
        let tell = |source: Source| match source.text {
            Ok(_) => source.file,
            Err(unread) => format!("{} {}: {}", source.file, unread.status.as_str(), unread.detail.unwrap_or_default()),
        };
        read_names(root, names).into_iter().map(tell).collect()
    }

    #[test]
    fn a_name_is_a_file_a_folder_or_a_pattern() {
        let root = folder(&[
            ("catalog/b.yml", b""),
            ("catalog/a.yaml", b""),
            ("catalog/deep/er/c.yaml", b""),
            ("catalog/.hidden.yaml", b""),
            ("catalog/.git/d.yaml", b""),
            ("catalog/readme.md", b""),
            ("services/pay/catalog-info.yaml", b""),
            ("services/ship/catalog-info.yaml", b""),
            ("services/notes.txt", b""),
            ("one.descriptor", b""),
        ]);
        let told = |names: &[&str]| told(root.path(), names);
        assert_eq!(told(&["catalog/"]), ["catalog/a.yaml", "catalog/b.yml", "catalog/deep/er/c.yaml"]);
        assert_eq!(told(&["./catalog//b.yml", "catalog"]), ["catalog/b.yml", "catalog/a.yaml", "catalog/deep/er/c.yaml"]);
        assert_eq!(told(&["services/*/catalog-info.yaml"]), ["services/pay/catalog-info.yaml", "services/ship/catalog-info.yaml"]);
        assert_eq!(told(&["catalog/*.y*ml", "catalog/a*"]), ["catalog/a.yaml", "catalog/b.yml"]);
        assert_eq!(told(&["one.descriptor"]), ["one.descriptor"]);
        assert_eq!(told(&["catalog", "cat*"]).len(), 3, "the same folder again is no empty one");
    }

    #[test]
    fn what_cannot_be_read_is_told() {
        let root =
            folder(&[("odd.yaml", b"\xff"), ("large.yaml", &vec![b'#'; 1024 * 1024 + 1]), ("empty/deep/x.md", b""), ("a.yaml", b"")]);
        let told = |names: &[&str]| told(root.path(), names);
        assert_eq!(told(&["odd.yaml"]), ["odd.yaml error: it is no text in UTF-8"]);
        assert_eq!(told(&["large.yaml"]), ["large.yaml error: it is larger than 1 MiB"]);
        assert_eq!(told(&["empty"]), ["empty empty: no file below it ends in .yaml or .yml"]);
        for name in ["gone", "gone/*.yaml", "g*", "a.yaml/*", "a.yaml/b"] {
            assert!(told(&[name])[0].starts_with(&format!("{name} not_found")), "{:?}", told(&[name]));
        }
        for name in ["../x", "/etc", "**/x.yaml"] {
            assert!(told(&[name])[0].contains(" error: "), "{name}");
        }
        assert!(told(&["catalog/"]).is_empty(), "the default that is not there was never promised");
        assert_eq!(told(&["catalog/", "gone"]).len(), 2);
    }

    #[test]
    fn a_mark_of_the_byte_order_is_no_text() {
        let root = folder(&[("a.yaml", b"\xef\xbb\xbfkind: A")]);
        assert_eq!(read_names(root.path(), &["a.yaml"])[0].text, Ok("kind: A".to_owned()));
    }

    #[cfg(unix)]
    #[test]
    fn symbolic_links_lead_nowhere_else_and_never_round() {
        let outside = folder(&[("secret.yaml", b"")]);
        let root = folder(&[("catalog/a.yaml", b"")]);
        let link = |to: &Path, name: &str| std::os::unix::fs::symlink(to, root.path().join("catalog").join(name)).unwrap();
        link(outside.path(), "out");
        link(&root.path().join("catalog"), "round");
        link(&root.path().join("catalog/a.yaml"), "same.yaml");
        link(Path::new("gone"), "lost.yaml");
        let told = told(root.path(), &["catalog/"]);
        let expected = ["catalog/a.yaml", "catalog/lost.yaml error: could not be read: entity not found"];
        assert_eq!(told, [expected[0], expected[1], "catalog/out error: it leads out of the folder of almanac.toml"]);
    }
}
