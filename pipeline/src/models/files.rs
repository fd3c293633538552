//! The SQL files and the tables of constants: those built into the binary, and those that stand beside the user's `almanac.toml`.

use std::{
    borrow::Cow,
    collections::BTreeSet,
    fs::{self, File},
    io,
    path::{Path, PathBuf},
    sync::OnceLock,
};

use super::stamp;

/// Every file under `sql/` when this binary was compiled: path within `sql/`, text. Sorted by path.
static BUILT_IN: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/embedded.rs"));

/// The folder of constants: the one that holds CSV and Parquet.
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

impl FileError {
    /// A file, and why it could not be read.
    pub fn new(path: PathBuf, source: io::Error) -> Self {
        Self { path, source }
    }
}

impl SqlFile {
    /// `fct_x` of `sql/marts/fct_x.sql`.
    pub fn name(&self) -> &str {
        stem(&self.path)
    }

    /// The statement without its closing semicolon, so that it can stand within another.
    pub fn statement(&self) -> &str {
        self.text.trim_end().trim_end_matches(';')
    }
}

/// A table of constants, or of what a user knows and no source tells, such as the bill.
#[derive(Clone, Debug)]
pub enum Reference {
    /// What is built in, and a user's constants: small, and at hand.
    Constants(SqlFile),
    /// A user's file that may be large: it is read where it is.
    Data(DataFile),
}

/// A CSV or Parquet file of a user's that is read where it is.
#[derive(Clone, Debug)]
pub struct DataFile {
    /// The path as a person knows it: `reference/billed_costs.csv`.
    pub path: String,
    /// Where it is.
    pub file: PathBuf,
    /// The columns of the built-in table that it stands in for, which are all that is read of it; when empty, it has its own.
    pub columns: Vec<Heading>,
    /// Whether they are all text, whatever they are in the file, for the models to cast: no row of the built-in table tells their types.
    pub is_text: bool,
    digest: OnceLock<String>,
}

/// The name of a column at the top of a CSV file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heading {
    /// The name.
    pub name: String,
    /// Whether a user's file may do without it, which is then null: in a built-in table without rows its name ends in `?`.
    pub is_optional: bool,
}

impl Reference {
    /// The path as a person knows it.
    pub fn path(&self) -> &str {
        match self {
            Self::Constants(file) => &file.path,
            Self::Data(data) => &data.path,
        }
    }

    /// The file that has to be within reach to read it; none for constants.
    pub fn file(&self) -> Option<&PathBuf> {
        match self {
            Self::Constants(_) => None,
            Self::Data(data) => Some(&data.file),
        }
    }

    /// Stands for its content. A file that cannot be read has none, and whoever reads its rows says why.
    pub fn digest(&self) -> String {
        match self {
            Self::Constants(file) => stamp::digest([&*file.text]),
            Self::Data(data) => {
                let read = || File::open(&data.file).and_then(stamp::digest_of).unwrap_or_default();
                data.digest.get_or_init(read).clone()
            }
        }
    }
}

impl DataFile {
    /// Whether it is Parquet, and not CSV.
    pub fn is_parquet(&self) -> bool {
        is_parquet(&self.file)
    }

    /// The columns that it must have, with commas between them.
    pub fn needs(&self) -> String {
        let needed = self.columns.iter().filter(|column| !column.is_optional);
        needed.map(|column| column.name.as_str()).collect::<Vec<_>>().join(", ")
    }
}

/// The built-in files of some folders of `sql/`, and the user's SQL of one folder beside `almanac.toml`, each sorted by path.
///
/// # Errors
/// When a file of the user's cannot be read.
pub fn collect(folders: &[&str], root: &Path, users: &str) -> Result<Vec<SqlFile>, FileError> {
    let mut files = built_in(folders);
    for path in own(root, users, &["sql"])? {
        files.push(read(root, &path)?);
    }
    Ok(files)
}

/// The built-in tables of constants, each with the user's file of that name in its place where there is one, and the user's others.
///
/// # Errors
/// When a file of the user's cannot be read, or lacks a column of the one it stands in for.
pub fn references(root: &Path) -> Result<Vec<Reference>, FileError> {
    with_own(built_in(&[REFERENCE]), root)
}

/// Likewise, with other built-in ones at hand.
pub(crate) fn with_own(built_in: Vec<SqlFile>, root: &Path) -> Result<Vec<Reference>, FileError> {
    let (mut references, mut replaced) = (Vec::new(), BTreeSet::new());
    for path in own(root, REFERENCE, &["csv", "parquet"])? {
        let shown = shown(root, &path);
        let instead_of = built_in.iter().find(|file| file.name() == stem(&shown));
        replaced.extend(instead_of.map(|file| file.path.clone()));
        references.push(own_reference(root, &path, instead_of)?);
    }
    let kept = built_in.into_iter().filter(|file| !replaced.contains(&file.path));
    references.extend(kept.map(Reference::Constants));
    Ok(references)
}

/// A user's table. A built-in one without rows is a place for a user's data, which is read where it is, as is all Parquet.
fn own_reference(root: &Path, path: &Path, instead_of: Option<&SqlFile>) -> Result<Reference, FileError> {
    let columns = instead_of.map(|file| headings(&file.text)).unwrap_or_default();
    let is_text = instead_of.is_some_and(|file| !has_rows(&file.text));
    if is_text || is_parquet(path) {
        let file = std::path::absolute(path).map_err(|source| FileError { path: path.to_owned(), source })?;
        return Ok(Reference::Data(DataFile { path: shown(root, path), file, columns, is_text, digest: OnceLock::new() }));
    }
    let file = read(root, path)?;
    let given = headings(&file.text);
    if let Some(missing) = columns.iter().find(|column| !given.contains(column)) {
        let message = format!("it has no column `{}`, as the built-in one has", missing.name);
        return Err(FileError { path: path.to_owned(), source: io::Error::new(io::ErrorKind::InvalidData, message) });
    }
    Ok(Reference::Constants(file))
}

/// The columns that the first line of a CSV file names.
pub fn headings(text: &str) -> Vec<Heading> {
    let heading = |name: &str| {
        let name = name.trim();
        Heading { name: name.trim_end_matches('?').to_owned(), is_optional: name.ends_with('?') }
    };
    text.lines().next().unwrap_or_default().split(',').map(heading).collect()
}

/// Whether there is more in a CSV file than its first line.
pub fn has_rows(text: &str) -> bool {
    text.lines().skip(1).any(|line| !line.trim().is_empty())
}

/// `fct_x` of `sql/marts/fct_x.sql`.
pub fn stem(path: &str) -> &str {
    let file = path.rsplit('/').next().unwrap_or(path);
    file.split('.').next().unwrap_or(file)
}

fn is_parquet(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "parquet")
}

fn built_in(folders: &[&str]) -> Vec<SqlFile> {
    let within = |path: &str| path.split_once('/').is_some_and(|(folder, _)| folders.contains(&folder));
    let files = BUILT_IN.iter().filter(|(path, _)| within(path));
    files.map(|(path, text)| SqlFile { path: format!("sql/{path}"), text: Cow::Borrowed(text) }).collect()
}

/// The user's files of a folder that end so, sorted.
fn own(root: &Path, folder: &str, extensions: &[&str]) -> Result<Vec<PathBuf>, FileError> {
    let mut own = Vec::new();
    walk(&root.join(folder), extensions, &mut own)?;
    own.sort();
    Ok(own)
}

fn read(root: &Path, path: &Path) -> Result<SqlFile, FileError> {
    let text = fs::read_to_string(path).map_err(|source| FileError { path: path.to_owned(), source })?;
    Ok(SqlFile { path: shown(root, path), text: Cow::Owned(text) })
}

/// A user's path as a person knows it: from `almanac.toml` on, with slashes.
fn shown(root: &Path, path: &Path) -> String {
    path.strip_prefix(root).unwrap_or(path).to_string_lossy().replace('\\', "/")
}

/// Every file below a folder that ends in one of these; a folder that is not there holds none.
fn walk(folder: &Path, extensions: &[&str], found: &mut Vec<PathBuf>) -> Result<(), FileError> {
    let failed = |source| FileError { path: folder.to_owned(), source };
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        entries => entries.map_err(failed)?,
    };
    for entry in entries {
        let path = entry.map_err(failed)?.path();
        if path.is_dir() {
            walk(&path, extensions, found)?;
        } else if path.extension().is_some_and(|end| extensions.iter().any(|extension| end == *extension)) {
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
        let path = |name: &str| files.iter().map(Reference::path).filter(|path| stem(path) == name).collect::<Vec<_>>();
        assert_eq!((path("alert_sla"), path("ours")), (vec!["reference/alert_sla.csv"], vec!["reference/ours.csv"]));
        assert_eq!(path("pr_size_buckets"), ["sql/reference/pr_size_buckets.csv"]);
    }

    #[test]
    fn a_users_data_is_read_where_it_is_and_its_digest_is_that_of_its_content() {
        let root = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| {
            fs::create_dir_all(root.path().join("reference")).unwrap();
            fs::write(root.path().join("reference").join(name), text).unwrap();
        };
        let built_in = |text: &'static str| vec![SqlFile { path: "sql/reference/bills.csv".into(), text: Cow::Borrowed(text) }];
        let own = |text: &'static str| with_own(built_in(text), root.path()).unwrap().pop().unwrap();
        write("bills.csv", "cost,day,more\n1,2026-11-20,x\n");
        // In the place of a table with rows it is constants like any other, without rows it is data.
        assert!(matches!(own("day,cost\n2026-11-01,1\n"), Reference::Constants(_)));
        let Reference::Data(data) = own("day,cost,is_final?\n") else { panic!("it is data") };
        assert!(data.is_text && data.file.is_absolute() && !data.is_parquet());
        let columns: Vec<(&str, bool)> = data.columns.iter().map(|column| (column.name.as_str(), column.is_optional)).collect();
        assert_eq!(columns, [("day", false), ("cost", false), ("is_final", true)]);

        let before = own("day,cost\n").digest();
        assert_eq!(own("day,cost\n").digest(), before);
        write("bills.csv", "cost,day,more\n2,2026-11-20,x\n");
        assert_ne!(own("day,cost\n").digest(), before);

        fs::remove_file(root.path().join("reference/bills.csv")).unwrap();
        write("bills.parquet", "not looked into");
        assert!(matches!(own("day,cost\n2026-11-01,1\n"), Reference::Data(data) if data.is_parquet() && !data.is_text));
    }
}
