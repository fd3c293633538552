//! What a user meets: help, failures, and the shape of what programs read. Volatile parts are filtered; the rest is exact.

use std::{
    collections::BTreeSet,
    fmt::Write as _,
    io::{Read as _, Write as _},
    path::Path,
    process::{Command, Output, Stdio},
};

use almanac_test_support::shared;
use insta::assert_snapshot;
use serde_json::Value;
use tempfile::TempDir;

use crate::common::{Setting, output, stderr, stdout};

/// Every verb; the help of `almanac` itself lists them, which one of the tests holds.
const VERBS: [&str; 13] =
    ["init", "demo", "doctor", "plan", "collect", "build", "run", "ask", "check", "sql", "export", "tables", "status"];

/// A user's folder without a company: for everything that goes wrong before one is asked.
struct Desk(TempDir);

impl Desk {
    fn new() -> Self {
        Self(TempDir::new().expect("a temporary folder"))
    }

    fn with(config: &str) -> Self {
        let desk = Self::new();
        std::fs::write(desk.0.path().join("almanac.toml"), config).expect("the configuration is written");
        desk
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_almanac"));
        command.args(args).current_dir(self.path()).stdin(Stdio::null());
        for variable in ["GITHUB_TOKEN", "ALMANAC_PRIVACY_KEY", "ALMANAC_LOG", "COLUMNS"] {
            command.env_remove(variable);
        }
        command
    }

    fn run(&self, args: &[&str]) -> Output {
        self.command(args).output().expect("the command starts")
    }

    /// How a command ends: code, stdout and stderr, without the folder's name.
    fn transcript(&self, args: &[&str]) -> String {
        transcript(args, &self.run(args), &[(&self.path().display().to_string(), "[FOLDER]")])
    }
}

fn transcript(args: &[&str], run: &Output, volatile: &[(&str, &str)]) -> String {
    let mut text = format!("$ almanac {}\nexit code {}\n", args.join(" "), run.status.code().expect("it ended by itself"));
    for (name, written) in [("stdout", stdout(run)), ("stderr", stderr(run))] {
        if !written.is_empty() {
            write!(text, "--- {name}\n{written}").expect("text grows");
        }
    }
    for (varying, name) in volatile {
        text = text.replace(varying, name);
    }
    // The command itself may run into the next day.
    let today = chrono::Utc::now().date_naive();
    [Some(today), today.pred_opt()].into_iter().flatten().fold(text, |text, date| text.replace(&date.to_string(), "[TODAY]"))
}

#[test]
fn help() {
    let desk = Desk::new();
    let mut all = desk.transcript(&["--help"]);
    for verb in VERBS {
        all.push_str(&desk.transcript(&[verb, "--help"]));
    }
    assert_snapshot!("help", all);
}

#[test]
fn every_verb_is_in_the_golden_help() {
    let help = stdout(&Desk::new().run(&["--help"]));
    let listed = help.lines().skip_while(|line| !line.starts_with("Commands:")).skip(1).take_while(|line| line.starts_with("  "));
    let listed: Vec<&str> = listed.filter_map(|line| line.split_whitespace().next()).filter(|verb| *verb != "help").collect();
    assert_eq!(listed, VERBS, "add the verb to VERBS, and review its help");
}

#[test]
fn failures_of_the_configuration() {
    let ours = "[github]\norganizations = [\"clockwork-lighthouse\"]\napi_url = \"http://127.0.0.1:9\"\n";
    let cases = [
        (None, &["status"][..]),
        (None, &["collect"]),
        (None, &["status", "--config", "elsewhere.toml"]),
        (Some("[lake]\nurl = \"./lake\"\nulr = \"./sea\"\n"), &["status"]),
        (Some("[lake]\nurl = \"./lake\"\n\n[lakes]\nurl = \"./sea\"\n"), &["status"]),
        (Some("[lake]\nurl = 3\n"), &["status"]),
        (Some("[github]\norganizations = \"one\"\n"), &["collect"]),
        (Some("[github]\norganizations = []\n"), &["collect"]),
        (Some("[github]\nurl = \"x\"\n"), &["collect"]),
        (Some("[lake\nurl = 3\n"), &["status"]),
        (Some("[tables.\"github.pulls\"]\nenabled = false\n"), &["status"]),
        (Some("[lake]\nurl = \"gopher://deep\"\n"), &["status"]),
        (Some(""), &["collect"]),
        (Some(ours), &["collect"]),
        (Some(ours), &["collect", "--tables", "github.pull_requests", "--date", "2099-01-01"]),
    ];
    let mut all = String::new();
    for (config, args) in cases {
        let desk = config.map_or_else(Desk::new, Desk::with);
        all.push_str(&format!("almanac.toml: {config:?}\n{}\n", desk.transcript(args)));
    }
    assert_snapshot!("failures_of_the_configuration", all);
}

#[test]
fn failures_of_the_environment() {
    let ours = "[github]\norganizations = [\"clockwork-lighthouse\"]\napi_url = \"http://127.0.0.1:9\"\n";
    let mut all = String::new();
    let mut told = |desk: &Desk, env: &[(&str, &str)], args: &[&str]| {
        let run = desk.command(args).envs(env.iter().copied()).output().expect("the command starts");
        let names: Vec<&str> = env.iter().map(|(name, _)| *name).collect();
        let folder = desk.path().display().to_string();
        all.push_str(&format!("set: {names:?}\n{}\n", transcript(args, &run, &[(&folder, "[FOLDER]")])));
    };
    let desk = Desk::with(ours);
    told(&desk, &[("ALMANAC_PRIVACY_KEY", "k")], &["collect"]);
    told(&desk, &[("GITHUB_TOKEN", "t")], &["collect"]);
    told(&desk, &[("GITHUB_TOKEN", " "), ("ALMANAC_PRIVACY_KEY", "k")], &["run"]);
    // Below a file there is no folder, for root neither.
    std::fs::write(desk.path().join("file"), "").expect("the file is written");
    told(&desk, &[("GITHUB_TOKEN", "t"), ("ALMANAC_PRIVACY_KEY", "k")], &["collect", "--lake", "file/lake"]);
    told(&desk, &[], &["status", "--lake", "misspelt"]);
    assert!(!desk.path().join("misspelt").exists(), "whoever only reads makes no folder");
    told(&desk, &[], &["init"]);
    told(&desk, &[], &["demo", "--dir", "."]);
    told(&desk, &[], &["init", "file/desk"]);
    assert_snapshot!("failures_of_the_environment", all);
}

#[test]
fn failures_of_the_command_line() {
    let desk = Desk::with("[github]\norganizations = [\"clockwork-lighthouse\"]\n");
    let mut all = String::new();
    for args in [
        &["frobnicate"][..],
        &["collect", "--tables", "github.pulls"],
        &["collect", "--date", "yesterday"],
        &["tables", "fct_pull_request"],
        &["tables", "github.pull_request"],
        &["ask", "pci-dependabots"],
        &["ask", "weather"],
        &["build", "--select", "fct_pr_size"],
        &["build", "--select", "+"],
        &["sql", "selct 1"],
        &["sql", "select nothing from github.pull_requests"],
        &["sql", "select * from fct_pull_requests"],
        &["sql", "select 1; select 2"],
        &["sql", "select * from read_csv('/etc/passwd')"],
        &["sql", "drop table github.pull_requests"],
        &["sql", "-f", "no-such-file.sql"],
        &["sql"],
        &["sql", "--format", "xml", "select 1"],
        &["status", "--format", "yaml"],
    ] {
        all.push_str(&format!("{}\n", desk.transcript(args)));
    }
    assert_snapshot!("failures_of_the_command_line", all);
}

#[test]
fn another_configuration_is_named_by_its_own_name() {
    let desk = Desk::new();
    std::fs::write(desk.path().join("ours.toml"), "[github]\norganizations = [\"one\"]\n").expect("the configuration is written");
    let run = desk.run(&["collect", "--config", "ours.toml"]);
    assert_eq!(run.status.code(), Some(2));
    assert!(stderr(&run).contains("in `ours.toml`, is not set"), "{}", stderr(&run));
}

/// The tables that are there are known: a slip of the pen is no reason to speak of schemas.
#[test]
fn an_unknown_table_in_a_query_is_named_with_its_neighbours() {
    let desk = Desk::with("");
    for (query, near) in
        [("select * from github.pull_request", "github.pull_requests"), ("select * from fct_pull_request", "fct_pull_requests")]
    {
        let run = desk.run(&["sql", query]);
        assert_eq!(run.status.code(), Some(2), "{}", stderr(&run));
        assert!(!stderr(&run).contains("schema"), "{}", stderr(&run));
        assert!(stderr(&run).contains(&format!("did you mean `{near}`")), "{}", stderr(&run));
    }
}

/// No failure panics, whichever it is, and none of them is silent.
#[test]
fn no_failure_is_silent_and_none_is_a_panic() {
    for (name, text) in snapshots() {
        assert!(!text.contains("panicked") && !text.contains("RUST_BACKTRACE"), "{name}");
        for part in text.split("\n$ almanac ").skip(1).filter(|part| !part.contains("exit code 0")) {
            assert!(part.contains("error: "), "{name}: {part}");
        }
    }
}

fn snapshots() -> Vec<(String, String)> {
    let folder = shared::root().join("tests/snapshots");
    let files = std::fs::read_dir(folder).expect("the folder is there").flatten();
    let ours = files.filter(|file| file.file_name().to_string_lossy().starts_with("almanac__voice__"));
    ours.map(|file| (file.file_name().to_string_lossy().into_owned(), std::fs::read_to_string(file.path()).expect("text"))).collect()
}

fn json(run: &Output) -> Value {
    serde_json::from_slice(&run.stdout).unwrap_or_else(|error| panic!("{error}: {}\n{}", stdout(run), stderr(run)))
}

fn keys(object: &Value) -> Vec<&str> {
    object.as_object().unwrap_or_else(|| panic!("no object: {object:#}")).keys().map(String::as_str).collect()
}

fn sorted<'k>(keys: &[&'k str]) -> Vec<&'k str> {
    keys.iter().copied().collect::<BTreeSet<_>>().into_iter().collect()
}

/// What programs read: the names of the keys are a contract.
#[tokio::test(flavor = "multi_thread")]
async fn json_contracts() {
    let setting = Setting::new().await;
    assert_eq!(setting.run(&["run"]).await.status.code(), Some(3));

    let rows = json(
        &setting.run(&["sql", "--format", "json", "select number, merged_at, labels from github.pull_requests order by all limit 3"]).await,
    );
    let rows = rows.as_array().expect("an array");
    assert_eq!(rows.len(), 3);
    assert!(rows.iter().all(|row| sorted(&keys(row)) == sorted(&["number", "merged_at", "labels"])), "{rows:#?}");
    assert!(rows[0]["number"].is_number() && rows[0]["labels"].is_array(), "{rows:#?}");
    assert_eq!(
        json(&setting.run(&["sql", "--format", "json", "select * from github.pull_requests where false"]).await),
        serde_json::json!([])
    );

    // There are gaps, and said on stderr; what is on stdout is JSON all the same.
    let answer = json(&setting.run(&["ask", "pci-dependabot", "--format", "json"]).await);
    assert_eq!(sorted(&keys(&answer)), sorted(&["question", "title", "as_of", "freshness", "completeness", "rows"]));
    assert_eq!(answer["question"], "pci-dependabot");
    assert_eq!(sorted(&keys(&answer["freshness"][0])), sorted(&["table", "newest_partition", "last_read_at", "hours_since_read"]));
    assert_eq!(sorted(&keys(&answer["completeness"])), sorted(&["share", "reads", "complete", "gap_count", "gaps", "truncated"]));
    assert_eq!(sorted(&keys(&answer["completeness"]["gaps"][0])), sorted(&["table", "parent", "status", "detail"]));
    let as_of: chrono::NaiveDate = answer["as_of"].as_str().and_then(|date| date.parse().ok()).expect("a date");
    assert!((chrono::Utc::now().date_naive() - as_of).num_days() <= 1);

    let questions = json(&setting.run(&["ask", "--format", "json"]).await);
    let questions = questions.as_array().expect("an array");
    assert!(questions.iter().all(|question| sorted(&keys(question)) == sorted(&["question", "title", "asks", "params"])));
    for question in questions {
        let name = question["question"].as_str().expect("a name");
        let answer = setting.run(&["ask", name, "--format", "json"]).await;
        assert!(answer.status.success() && json(&answer)["rows"].is_array(), "{name}: {}", stderr(&answer));
    }

    for name in ["github.pull_requests", "fct_pull_requests", "stg_github__repositories"] {
        let table = json(&setting.run(&["tables", name, "--format", "json"]).await);
        assert!(["name", "grain", "kind", "columns"].iter().all(|key| !table[key].is_null()), "{name}: {table:#}");
        for column in table["columns"].as_array().expect("columns") {
            assert!(["column", "type", "unit", "meaning"].iter().all(|key| column.get(key).is_some()), "{name}: {column:#}");
            assert!(column["meaning"].as_str().is_some_and(|meaning| !meaning.is_empty()), "{name}: {column:#}");
        }
    }
    let lines = json(&setting.run(&["tables", "github.pull_requests", "--format", "json"]).await);
    let additions =
        lines["columns"].as_array().and_then(|columns| columns.iter().find(|column| column["column"] == "additions")).expect("it has one");
    assert_eq!((&additions["unit"], &additions["type"]), (&Value::from("lines"), &Value::from("bigint")));

    let status = json(&setting.run(&["status", "--format", "json"]).await);
    let names: Vec<&str> = status.as_array().expect("an array").iter().filter_map(|standing| standing["name"].as_str()).collect();
    let unique: BTreeSet<&str> = names.iter().copied().collect();
    assert_eq!(unique.len(), names.len(), "one object a table and mart: {names:?}");
    assert!(
        ["github.repositories", "github.pull_request_reviews", "fct_pull_requests"].iter().all(|name| unique.contains(name)),
        "{names:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn data_is_on_stdout_and_talk_on_stderr() {
    let setting = Setting::new().await;
    let run = setting.run(&["run"]).await;
    assert_eq!(stdout(&run), "", "what a run says is talk");
    assert!(stderr(&run).contains("collecting for "), "{}", stderr(&run));

    // `status` warns of gaps, `build` tells what it did: neither gets into the data.
    for args in [
        &["status", "--format", "json"][..],
        &["build", "--full", "--format", "json"],
        &["build", "--explain", "--format", "json"],
        &["ask", "collection-gaps", "--format", "json"],
        &["ask", "--format", "json"],
        &["tables", "--format", "json"],
        &["sql", "--format", "json", "select 1 as one"],
    ] {
        let quiet = setting.run(args).await;
        assert!(quiet.status.success(), "{args:?}: {}", stderr(&quiet));
        let data = json(&quiet);
        // A log as loud as it can be changes nothing about that.
        let loud = output(setting.command(args).env("ALMANAC_LOG", "trace")).await;
        assert_eq!(json(&loud).is_array(), data.is_array(), "{args:?}");
    }
    let status = setting.run(&["status", "--format", "json"]).await;
    assert!(stderr(&status).contains("reads are missing"), "{}", stderr(&status));

    // A failure leaves stdout to whoever reads it: empty.
    let failed = setting.run(&["sql", "--format", "json", "select * from nowhere"]).await;
    assert_eq!((failed.status.code(), stdout(&failed)), (Some(1), String::new()));
}

/// `almanac sql … | head -1` ends in silence.
#[tokio::test(flavor = "multi_thread")]
async fn a_reader_who_has_had_enough_is_no_failure() {
    let setting = Setting::new().await;
    assert_eq!(setting.run(&["collect", "--tables", "github.repositories"]).await.status.code(), Some(0));
    let many = "select * from range(400000) as numbers(number)";
    for args in [
        &["sql", "--format", "csv", many][..],
        &["sql", "--format", "json", many],
        &["sql", "--format", "table", many],
        &["sql", "--format", "parquet", many],
        &["tables", "--format", "json"],
        &["tables"],
        &["status"],
        &["ask"],
        &["init", "--print"],
        &["sql", "--declare"],
    ] {
        for enough in [0, 1] {
            let mut child = setting.command(args).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the command starts");
            let mut pipe = child.stdout.take().expect("a pipe");
            let told = format!("almanac {args:?} after {enough} bytes");
            let run = tokio::task::spawn_blocking(move || {
                let mut read = vec![0; enough];
                pipe.read_exact(&mut read).expect("it begins");
                drop(pipe);
                child.wait_with_output().expect("it ends")
            });
            let run = run.await.expect("the task ends");
            assert_eq!(run.status.code(), Some(0), "{told}: {}", stderr(&run));
            assert!(!stderr(&run).contains("panicked") && !stderr(&run).contains("error"), "{told}: {}", stderr(&run));
        }
    }
}

/// The other ways to hand a query over, and a file for the rows that is there whole or not at all.
#[test]
fn a_query_may_come_from_a_file_or_from_stdin() {
    let desk = Desk::with("");
    std::fs::write(desk.path().join("one.sql"), "select 1 as one").expect("the file is written");
    assert_eq!(stdout(&desk.run(&["sql", "-f", "one.sql", "--format", "csv"])), "one\n1\n");
    let mut child =
        desk.command(&["sql", "--format", "csv"]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("the command starts");
    child.stdin.take().expect("a pipe").write_all(b"select 2 as two;").expect("it is read");
    assert_eq!(stdout(&child.wait_with_output().expect("it ends")), "two\n2\n");

    let written = desk.run(&["sql", "select 3 as three", "--format", "csv", "--output", "rows.csv"]);
    assert_eq!((written.status.code(), stdout(&written).as_str()), (Some(0), ""));
    assert_eq!(std::fs::read_to_string(desk.path().join("rows.csv")).expect("the file is there"), "three\n3\n");
    let failed = desk.run(&[
        "sql",
        "select cast(number as utinyint) from range(100000) as numbers(number)",
        "--format",
        "csv",
        "--output",
        "rows.csv",
    ]);
    assert_eq!(failed.status.code(), Some(1));
    assert_eq!(
        std::fs::read_to_string(desk.path().join("rows.csv")).expect("the file is there"),
        "three\n3\n",
        "half a file took its place"
    );
}
