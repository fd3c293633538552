//! The SQL files: those built into the binary, and those that stand beside the user's `almanac.toml`.

use std::{
    borrow::Cow,
    fs, io,
    path::{Path, PathBuf},
};

/// Every file under `sql/` when this binary was compiled: path within `sql/`, text. Sorted by path.
static BUILT_IN: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/embedded.rs"));

/// The folder of constants: the one that holds CSV.
const REFERENCE: &str = "reference";

/// A file of SQL or CSV, wherever it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SqlFile {
    /// The path as a person knows it: `sql/marts/fct_x.sql`, or `models/fct_x.sql` for a user's own.
    pub path: String,
    /// What stands in it.
    pub text: Cow<'static, str>,
}

/// A file that could not be read.
#[derive(Debug, thiserror::Error)]
#[error("could not read `{}`", path.display())]
pub struct FileError {
    path: PathBuf,
    source: io::Error,
}

impl SqlFile {
    /// `fct_x` of `sql/marts/fct_x.sql`.
    pub fn name(&self) -> &str {
        let file = self.path.rsplit('/').next().unwrap_or(&self.path);
        file.split('.').next().unwrap_or(file)
    }

    /// The statement without its closing semicolon, so that it can stand within another.
    pub fn statement(&self) -> &str {
        self.text.trim_end().trim_end_matches(';')
    }
}

/// The built-in files of some folders of `sql/`, and the user's of one folder beside `almanac.toml`, each sorted by path.
///
/// # Errors
/// When a file of the user's cannot be read.
pub fn collect(built_in: &[&str], root: &Path, users: &str) -> Result<Vec<SqlFile>, FileError> {
    let mut files: Vec<SqlFile> = BUILT_IN
        .iter()
        .filter(|(path, _)| path.split_once('/').is_some_and(|(folder, _)| built_in.contains(&folder)))
        .map(|(path, text)| SqlFile { path: format!("sql/{path}"), text: Cow::Borrowed(text) })
        .collect();
    let mut own = Vec::new();
    walk(&root.join(users), if users == REFERENCE { "csv" } else { "sql" }, &mut own)?;
    own.sort();
    for path in own {
        let text = fs::read_to_string(&path).map_err(|source| FileError { path: path.clone(), source })?;
        let shown = path.strip_prefix(root).unwrap_or(&path).to_string_lossy().replace('\\', "/");
        files.push(SqlFile { path: shown, text: Cow::Owned(text) });
    }
    Ok(files)
}

/// The built-in tables of constants, each with the user's file of that name in its place where there is one, and the user's others.
///
/// # Errors
/// When a file of the user's cannot be read, or lacks a column of the one it stands in for.
pub fn references(root: &Path) -> Result<Vec<SqlFile>, FileError> {
    let (built_in, own): (Vec<_>, Vec<_>) =
        collect(&[REFERENCE], root, REFERENCE)?.into_iter().partition(|file| file.path.starts_with("sql/"));
    let mut files = own;
    for file in built_in {
        let Some(instead) = files.iter().find(|own| own.name() == file.name()) else {
            files.push(file);
            continue;
        };
        let columns =
            |file: &SqlFile| file.text.lines().next().unwrap_or_default().split(',').map(str::trim).map(str::to_owned).collect::<Vec<_>>();
        let given = columns(instead);
        if let Some(missing) = columns(&file).iter().find(|column| !given.contains(column)) {
            let source = io::Error::new(io::ErrorKind::InvalidData, format!("it has no column `{missing}`, as the built-in one has"));
            return Err(FileError { path: root.join(&instead.path), source });
        }
    }
    Ok(files)
}

/// Every file below a folder that ends so; a folder that is not there holds none.
fn walk(folder: &Path, extension: &str, found: &mut Vec<PathBuf>) -> Result<(), FileError> {
    let failed = |source| FileError { path: folder.to_owned(), source };
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        entries => entries.map_err(failed)?,
    };
    for entry in entries {
        let path = entry.map_err(failed)?.path();
        if path.is_dir() {
            walk(&path, extension, found)?;
        } else if path.extension().is_some_and(|end| end == extension) {
            found.push(path);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn built_in_files_come_first_and_the_users_are_found_in_any_depth() {
        let root = tempfile::tempdir().unwrap();
        fs::create_dir_all(root.path().join("models/ours")).unwrap();
        fs::write(root.path().join("models/ours/fct_ours.sql"), "select 1;\n").unwrap();
        fs::write(root.path().join("models/readme.md"), "no").unwrap();
        let files = collect(&["staging", "intermediate", "marts"], root.path(), "models").unwrap();
        assert!(files.iter().any(|file| file.path == "sql/marts/fct_pull_requests.sql"));
        let last = files.last().unwrap();
        assert_eq!((last.path.as_str(), last.name(), last.statement()), ("models/ours/fct_ours.sql", "fct_ours", "select 1"));
        assert_eq!(collect(&[], root.path(), "nothing").unwrap(), []);
    }

    #[test]
    fn a_users_constants_stand_in_for_ours() {
        let root = tempfile::tempdir().unwrap();
        fs::create_dir_all(root.path().join("reference")).unwrap();
        let sla = root.path().join("reference/alert_sla.csv");
        fs::write(&sla, "kind,severity\n").unwrap();
        let error = references(root.path()).unwrap_err();
        assert!(std::error::Error::source(&error).unwrap().to_string().contains("it has no column `days`"), "{error:?}");
        fs::write(&sla, "severity,kind,days,source,year\n").unwrap();
        fs::write(root.path().join("reference/ours.csv"), "a\n1\n").unwrap();
        let files = references(root.path()).unwrap();
        let path = |name: &str| files.iter().filter(|file| file.name() == name).map(|file| file.path.as_str()).collect::<Vec<_>>();
        assert_eq!((path("alert_sla"), path("ours")), (vec!["reference/alert_sla.csv"], vec!["reference/ours.csv"]));
        assert_eq!(path("pr_size_buckets"), ["sql/reference/pr_size_buckets.csv"]);
    }
}
