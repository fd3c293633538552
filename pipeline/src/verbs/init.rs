//! `almanac init`: write a commented `almanac.toml` and a small catalog, and make the folders.

use std::path::{Path, PathBuf};

use almanac_collectors::catalog;

use crate::{
    config::{DEFAULT, FILE},
    exit::{Exit, Failure},
    output,
    progress::Talk,
};

/// The folders that a user's own files stand in; they join in by being there.
const FOLDERS: [&str; 6] = ["assertions", "exports", "lake", "models", "questions", "reference"];
/// The folder that descriptors are looked for in by default, and the file to begin with there.
const CATALOG: (&str, &str) = ("catalog", "example.yaml");

/// Options of the verb.
#[derive(clap::Args, Debug)]
pub(super) struct Args {
    /// Where to
    #[arg(default_value = ".", value_name = "FOLDER")]
    folder: PathBuf,
    /// Print the commented configuration instead of writing it
    #[arg(long)]
    print: bool,
}

#[derive(Debug, thiserror::Error)]
enum InitError {
    #[error("`{}` is there already", path.display())]
    Exists { path: PathBuf },
    #[error("could not write `{}`", path.display())]
    Write {
        path: PathBuf,
        #[source]
        source: std::io::Error,
    },
}

pub(super) fn run(args: &Args, talk: &Talk) -> Result<Exit, Failure> {
    if args.print {
        output::text(DEFAULT)?;
        return Ok(Exit::Done);
    }
    let file = args.folder.join(FILE);
    if file.exists() {
        let hint = "edit it, or remove it first; `almanac init --print` shows the default";
        return Err(Failure::new(Exit::Usage, InitError::Exists { path: file }).hint(hint));
    }
    for folder in FOLDERS {
        let path = args.folder.join(folder);
        std::fs::create_dir_all(&path).map_err(|source| write_error(&path, source))?;
    }
    write_catalog(&args.folder, talk)?;
    std::fs::write(&file, DEFAULT).map_err(|source| write_error(&file, source))?;
    talk.line(format!("wrote {}", file.display()));
    talk.line("next: name your organisation and your other sources there, export GITHUB_TOKEN and ALMANAC_PRIVACY_KEY, then `almanac doctor` and `almanac run`");
    Ok(Exit::Done)
}

/// Writes a catalog to begin with, unless there is one: an example must not stand among what is really there.
fn write_catalog(folder: &Path, talk: &Talk) -> Result<(), Failure> {
    let folder = folder.join(CATALOG.0);
    if folder.exists() {
        return Ok(());
    }
    std::fs::create_dir_all(&folder).map_err(|source| write_error(&folder, source))?;
    let file = folder.join(CATALOG.1);
    std::fs::write(&file, catalog::EXAMPLE).map_err(|source| write_error(&file, source))?;
    talk.line(format!("wrote {}", file.display()));
    Ok(())
}

fn write_error(path: &Path, source: std::io::Error) -> Failure {
    Failure::new(Exit::Failed, InitError::Write { path: path.to_owned(), source }).hint("choose a folder that you may write to")
}
