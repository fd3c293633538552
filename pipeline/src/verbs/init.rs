//! `almanac init`: write a commented `almanac.toml` and make the folders.

use std::path::{Path, PathBuf};

use crate::{
    config::{DEFAULT, FILE},
    exit::{Exit, Failure},
    output,
    progress::Talk,
};

/// The folders that a user's own files stand in; they join in by being there.
const FOLDERS: [&str; 5] = ["assertions", "lake", "models", "questions", "reference"];

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
    std::fs::write(&file, DEFAULT).map_err(|source| write_error(&file, source))?;
    talk.line(format!("wrote {}", file.display()));
    talk.line("next: name your organisation there, export GITHUB_TOKEN and ALMANAC_PRIVACY_KEY, then `almanac doctor` and `almanac run`");
    Ok(Exit::Done)
}

fn write_error(path: &Path, source: std::io::Error) -> Failure {
    Failure::new(Exit::Failed, InitError::Write { path: path.to_owned(), source }).hint("choose a folder that you may write to")
}
