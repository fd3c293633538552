//! No name, no address, no title and no token gets into the lake, a log or an error, whatever happens.

use std::{
    fs::File,
    path::{Path, PathBuf},
    process::{Output, Stdio},
    time::{Duration, Instant},
};

use almanac_simulator::{Effect, Fault, Options, Permission};
use arrow::{
    datatypes::{DataType, Field},
    json::LineDelimitedWriter,
};
use chrono::Utc;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

use crate::common::{Setting, output};

/// The key that pseudonyms are made with in these tests.
const KEY: &str = "a privacy key that nobody may read anywhere";

/// Everything that must not be found, and where it was looked for.
struct Search {
    secrets: Vec<String>,
    texts: usize,
}

impl Search {
    fn of(setting: &Setting, more: &[&str]) -> Self {
        let mut secrets = setting.simulator.secrets();
        secrets.extend(more.iter().map(|&secret| secret.to_owned()));
        secrets.push(KEY.to_owned());
        Self { secrets, texts: 0 }
    }

    fn text(&mut self, text: &str, place: &str) {
        self.texts += 1;
        for secret in &self.secrets {
            if let Some(at) = find(text, secret) {
                let around: String = text[..at].chars().rev().take(80).collect::<Vec<_>>().into_iter().rev().collect();
                let after: String = text[at..].chars().take(120).collect();
                panic!("`{secret}` stands in {place}: …{around}{after}…");
            }
        }
    }

    fn output(&mut self, output: &Output, what: &str) {
        self.text(&String::from_utf8_lossy(&output.stdout), &format!("stdout of {what}"));
        self.text(&String::from_utf8_lossy(&output.stderr), &format!("stderr of {what}"));
    }

    /// Every file below a folder, as bytes; Parquet, which is compressed, also row by row.
    fn folder(&mut self, folder: &Path) -> usize {
        let files = files(folder);
        for file in &files {
            let place = file.display().to_string();
            self.text(&place, "a file's name");
            let bytes = std::fs::read(file).expect("the file is read");
            self.text(&String::from_utf8_lossy(&bytes), &place);
            // A file that a killed process was still writing has no footer yet.
            if bytes.ends_with(b"PAR1") {
                self.text(&rows(file), &format!("the rows of {place}"));
            }
        }
        files.len()
    }
}

/// Where a secret stands in a text: a whole word, since a short login is part of many a word.
fn find(text: &str, secret: &str) -> Option<usize> {
    let word = |c: char| c.is_alphanumeric();
    text.match_indices(secret).map(|(at, _)| at).find(|&at| {
        let before = text[..at].chars().next_back().is_some_and(word) && secret.starts_with(word);
        let after = text[at + secret.len()..].chars().next().is_some_and(word) && secret.ends_with(word);
        !before && !after
    })
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let (mut files, mut folders) = (Vec::new(), vec![folder.to_owned()]);
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            match entry.path().is_dir() {
                true => folders.push(entry.path()),
                false => files.push(entry.path()),
            }
        }
    }
    files
}

/// All rows of a Parquet file as JSON, and all that its footer says.
fn rows(file: &Path) -> String {
    let reader = ParquetRecordBatchReaderBuilder::try_new(File::open(file).expect("the file opens")).expect("it is Parquet");
    let mut text = format!("{:?}\n", reader.metadata().file_metadata().key_value_metadata());
    let mut json = LineDelimitedWriter::new(Vec::new());
    for batch in reader.build().expect("it is read") {
        let batch = batch.expect("rows");
        // A moment names nobody, and a zone by name is nothing that JSON's writer knows.
        let moment = |field: &Field| matches!(field.data_type(), DataType::Timestamp(..));
        let told: Vec<usize> =
            batch.schema().fields().iter().enumerate().filter(|(_, field)| !moment(field)).map(|(place, _)| place).collect();
        json.write(&batch.project(&told).expect("columns")).expect("rows become JSON");
    }
    json.finish().expect("rows become JSON");
    // JSON writes some letters in another way; what is searched for are the letters themselves.
    text.push_str(&String::from_utf8(json.into_inner()).expect("JSON is text").replace("\\\"", "\"").replace("\\\\", "\\"));
    text
}

impl Setting {
    async fn traced(&self, args: &[&str]) -> Output {
        output(self.command(args).env("ALMANAC_LOG", "trace").env("ALMANAC_PRIVACY_KEY", KEY).env("RUST_BACKTRACE", "full")).await
    }
}

async fn company() -> Setting {
    Setting::with(Options { now: Utc::now(), repositories: 40, history_days: 45, ..Options::default() }).await
}

/// The search finds what is there: were it blind, the other tests would say nothing.
#[tokio::test(flavor = "multi_thread")]
async fn the_search_finds_what_is_there() {
    let setting = company().await;
    let search = Search::of(&setting, &[]);
    for secret in &search.secrets {
        assert!(find(&format!("author=\"{secret}\" merged"), secret).is_some(), "{secret}");
    }
    assert!(search.secrets.iter().any(|secret| secret == setting.simulator.token()));
    assert!(search.secrets.len() > 100);
    // Its own token, in a file of its own.
    let folder = tempfile::tempdir().expect("a temporary folder");
    std::fs::write(folder.path().join("log"), format!("bearer {}", setting.simulator.token())).expect("the file is written");
    let path = folder.path().to_owned();
    let found = std::panic::catch_unwind(move || Search { secrets: search.secrets, texts: 0 }.folder(&path));
    assert!(found.is_err());
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_named_in_the_lake_or_in_the_talk() {
    let setting = company().await;
    let mut search = Search::of(&setting, &[]);
    for args in [
        &["run"][..],
        &["collect"],
        &["build", "--full"],
        &["status"],
        &["ask", "pci-dependabot", "--format", "json"],
        &["ask", "collection-gaps"],
        &["sql", "--format", "json", "select * from github.pull_requests"],
        &["sql", "--format", "csv", "select * from github.pull_request_reviews"],
        &["tables"],
    ] {
        let run = setting.traced(args).await;
        assert!(matches!(run.status.code(), Some(0 | 3)), "{args:?}: {}", crate::common::stderr(&run));
        search.output(&run, &format!("almanac {args:?}"));
    }
    assert!(search.folder(&setting.lake()) >= 10, "there are objects to look into");
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_named_in_what_a_killed_run_leaves() {
    let setting = company().await;
    let mut search = Search::of(&setting, &[]);
    let spool = setting.path().join("spool");
    std::fs::create_dir(&spool).expect("the folder is made");
    for pieces in [1, 8, 25] {
        let mut command = setting.command(&["collect"]);
        command.env("ALMANAC_PRIVACY_KEY", KEY).env("TMPDIR", &spool).stdout(Stdio::null()).stderr(Stdio::null());
        let mut child = command.spawn().expect("the command starts");
        let begun = Instant::now();
        while setting.files("staging").len() < pieces && child.try_wait().expect("the child can be asked").is_none() {
            assert!(begun.elapsed() < Duration::from_secs(120), "nothing is staged");
            tokio::time::sleep(Duration::from_micros(200)).await;
        }
        child.kill().expect("SIGKILL is delivered");
        child.wait().expect("the child is gone");
        search.folder(&setting.lake());
        search.folder(&spool);
    }
    assert!(search.texts > 10, "a killed run leaves something to look into");
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_named_when_it_fails() {
    let setting = company().await;
    setting.configure("concurrency = 2\nmax_wait_s = 1");
    const REVOKED: &str = "ghp_thisTokenWasRevokedLongAgo0000000000";
    let forbidden = setting.simulator.token_without(Permission::PullRequests);
    let mut search = Search::of(&setting, &[REVOKED]);

    for token in [REVOKED, &forbidden] {
        let mut command = setting.command(&["collect"]);
        command.env("GITHUB_TOKEN", token).env("ALMANAC_LOG", "trace").env("ALMANAC_PRIVACY_KEY", KEY);
        search.output(&output(&mut command).await, "a run with a token that may not");
    }
    // An answer that is not understood is full of what must not be repeated.
    let person = setting.simulator.secrets()[0].clone();
    let body = format!("{{\"data\": {{\"organization\": {{\"repositories\": \"{person} {}\"}}}}}}", setting.simulator.token());
    let shapeless = |status| Effect::Status { status, headers: Vec::new(), body: body.clone() };
    let message =
        Effect::Status {
            status: 422, headers: Vec::new(), body: format!("<html>{person}, your token {} is …", setting.simulator.token())
        };
    for faults in [
        vec![Fault::new(shapeless(200)).on_operation("Repositories")],
        vec![Fault::new(shapeless(200)).on_path("/dependabot/alerts"), Fault::new(message).on_path("/properties/values")],
        vec![Fault::new(shapeless(200)).on_operation("PullRequests").always()],
        vec![Fault::new(Effect::SomethingWentWrong).on_operation("PullRequests").times(20)],
        vec![Fault::new(Effect::RedirectTo("http://127.0.0.1:9".to_owned())).on_path("/properties/values")],
        vec![Fault::new(Effect::PrimaryLimitExhausted { reset_in_seconds: 900 }).on_operation("PullRequests").after(1).always()],
    ] {
        let told = format!("a run with {faults:?}");
        faults.into_iter().for_each(|fault| setting.simulator.inject(fault));
        let run = setting.traced(&["collect"]).await;
        assert_ne!(run.status.code(), Some(0), "{told}");
        search.output(&run, &told);
        setting.simulator.clear_faults();
    }
    for args in [&["sql", "select * from nowhere"][..], &["status"], &["ask", "collection-gaps"]] {
        search.output(&setting.traced(args).await, &format!("almanac {args:?}"));
    }
    search.folder(&setting.lake());
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_who_is_called_or_asks_gets_into_the_lake_or_a_log() {
    let options = Options { now: Utc::now(), repositories: 60, history_days: 30, ..Options::default() };
    let setting = Setting::whole(options).await;
    let mut search = Search::of(&setting, &[]);
    // One item of each list is broken, so that something is said about it.
    for list in ["/datadog/api/v1/monitor", "/pagerduty/log_entries", "/pagerduty/oncalls", "/jira/rest/api/3/search"] {
        setting.simulator.inject(Fault::new(Effect::WrongType { nth: 1 }).on_path(list));
    }
    let run = setting.run(&["run"]).await;
    assert_eq!(run.status.code(), Some(3), "{}", crate::common::stderr(&run));
    search.output(&run, "run");
    for args in [&["status"][..], &["ask", "collection-gaps"], &["ask", "on-call-gaps"], &["ask", "muted-monitors"]] {
        search.output(&setting.run(args).await, args[args.len() - 1]);
    }
    assert!(search.folder(&setting.lake()) > 40, "the lake is searched");
}
