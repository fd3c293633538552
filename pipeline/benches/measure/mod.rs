//! What the benchmarks share: a company in a process of its own, and commands whose cost is measured.
//!
//! Whole processes are measured, by what the system charged them, because that is what a user's machine pays. CPU time is told before wall
//! time: it depends much less on what else the machine does.

pub(crate) mod straight;

use std::{
    collections::BTreeMap,
    fs::{self, File},
    io::{BufRead, BufReader, Write},
    path::{Path, PathBuf},
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
};

use almanac::{collecting, config::Config, ledger::Ledger, progress::Talk};
use almanac_simulator::{Options, Simulator};
use almanac_test_support::process::{self, Cost};
use chrono::{DateTime, Days, Utc};

/// The first argument of a process that is the company.
const COMPANY: &str = "company";
/// The first argument of a process that lives through some days and leaves a lake.
const LAKE: &str = "lake";

/// How large a company is.
#[derive(Clone, Copy)]
pub(crate) struct Size {
    pub(crate) repositories: usize,
    pub(crate) pull_requests: usize,
    pub(crate) monitors: usize,
    pub(crate) slos: usize,
}

impl Size {
    /// Of a company that is of interest for its code alone.
    #[allow(dead_code, reason = "not every benchmark needs one")]
    pub(crate) const fn of(repositories: usize, pull_requests: usize) -> Self {
        Self { repositories, pull_requests, monitors: 0, slos: 0 }
    }

    /// As arguments of a process.
    fn args(self) -> [String; 4] {
        [self.repositories, self.pull_requests, self.monitors, self.slos].map(|number| number.to_string())
    }

    fn from_args(args: &[String]) -> Self {
        let number = |place: usize| args[place].parse().expect("a number");
        Self { repositories: number(0), pull_requests: number(1), monitors: number(2), slos: number(3) }
    }
}

/// What this process was started to do; the rest of it is done here.
///
/// `cargo bench` gives `--bench`. Whoever comes without, such as `cargo test --all-targets`, finds nothing to do.
pub(crate) fn role() -> Option<Vec<String>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let size = || Size::from_args(&args[1..5]);
    match args.first().map(String::as_str) {
        Some(COMPANY) => answer(size()),
        Some(LAKE) => live(size(), args[5].parse().expect("a number"), Path::new(&args[6])),
        _ => return Some(args),
    }
    None
}

/// A company all of whose pull requests are opened within `days` from `now` on.
fn options(size: Size, now: DateTime<Utc>, days: u32) -> Options {
    let Size { repositories, pull_requests, monitors, slos } = size;
    let (monitors, slos) = (Some(monitors), Some(slos));
    Options {
        now,
        repositories,
        pull_requests: Some(pull_requests),
        monitors,
        slos,
        history_days: 1000,
        future_days: days,
        ..Options::default()
    }
}

/// Answers as the company, and says how many requests of each operation there were whenever it is asked, until its stdin ends.
#[allow(clippy::print_stdout, reason = "the process that started this one reads it")]
fn answer(size: Size) {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let simulator = runtime.block_on(Simulator::start(options(size, Utc::now(), 0))).expect("the company is founded");
    println!("{}\n{}\n{}", simulator.github_api_url(), simulator.token(), simulator.organization());
    let (api_key, app_key) = simulator.datadog_keys();
    println!("{}\n{api_key}\n{app_key}", simulator.datadog_api_url());
    for _ in std::io::stdin().lines() {
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        for request in simulator.requests() {
            *counts.entry(request.operation.unwrap_or(request.path)).or_default() += 1;
        }
        simulator.reset_requests();
        println!("{}", serde_json::to_string(&counts).expect("counts are JSON"));
    }
}

/// Collects everything on each of some days, the last of which is today.
fn live(size: Size, days: u32, folder: &Path) {
    let collect = async {
        let last = Utc::now();
        let first = last - Days::new(u64::from(days) - 1);
        let simulator = Simulator::start(options(size, first, days)).await.expect("the company is founded");
        configure(folder, simulator.organization(), &simulator.github_api_url());
        let mut config = Config::load(Some(&folder.join("almanac.toml")), None).expect("it is understood");
        config.provide("GITHUB_TOKEN", simulator.token());
        let lake = config.lake().expect("a folder");
        for day in 0..u64::from(days) {
            let now = first + Days::new(day);
            simulator.set_now(now);
            let ledger = Ledger::new("collect", now);
            let selection = collecting::Selection::default();
            collecting::collect(&lake, &config, &selection, &ledger, &Talk::silent()).await.expect("it collects");
            ledger.publish(&lake).await.expect("it publishes");
        }
    };
    let _ = rustls::crypto::ring::default_provider().install_default();
    tokio::runtime::Runtime::new().expect("a runtime").block_on(collect);
}

/// The configuration of somebody who reads the company, in a folder.
pub(crate) fn configure(folder: &Path, organization: &str, url: &str) {
    let text = format!(
        "[lake]\nurl = \"./lake\"\n[github]\norganizations = [\"{organization}\"]\napi_url = \"{url}\"\n\
         # The company is made up: its limits are not measured here.\nrest_per_minute = 1000000\ngraphql_per_minute = 1000000\n"
    );
    fs::write(folder.join("almanac.toml"), text).expect("the configuration is written");
}

/// A user's folder with a lake that was collected on some days.
#[allow(dead_code, reason = "not every benchmark needs one")]
pub(crate) fn lake(name: &str, size: Size, days: u32) -> PathBuf {
    let folder = empty_folder(name);
    run(myself().arg(LAKE).args(size.args()).args([&days.to_string(), &*folder.to_string_lossy()]), &[0]);
    folder
}

/// An empty folder for a benchmark's files, below the build's own.
pub(crate) fn empty_folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("benches").join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).expect("a folder below the target folder");
    folder
}

/// This binary once more, in another role.
pub(crate) fn myself() -> Command {
    let mut command = Command::new(std::env::current_exe().expect("our own path"));
    command.env("ALMANAC_PRIVACY_KEY", "a key for benchmarks");
    command
}

/// The `almanac` command in a user's folder.
pub(crate) fn almanac(folder: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_almanac"));
    command.args(args).current_dir(folder).env("ALMANAC_PRIVACY_KEY", "a key for benchmarks");
    command
}

/// What a command writes to stdout.
pub(crate) fn output(command: &mut Command) -> String {
    let output = command.output().expect("the command starts");
    assert!(output.status.success(), "{command:?}:\n{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("UTF-8")
}

/// Runs a command to its end, which must be one of these codes.
#[allow(dead_code, reason = "not every benchmark needs one")]
pub(crate) fn run(command: &mut Command, codes: &[i32]) -> Cost {
    let said = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("bench-{}.stderr", std::process::id()));
    let cost = process::run(command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(File::create(&said).expect("a file")));
    let cost = cost.unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let text = fs::read_to_string(&said).unwrap_or_default();
    let _ = fs::remove_file(said);
    assert!(cost.code.is_some_and(|code| codes.contains(&code)), "{command:?} ended with {:?}:\n{text}", cost.code);
    cost
}

/// The middle one.
#[allow(dead_code, reason = "not every benchmark needs one")]
pub(crate) fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// Bytes in MiB.
#[allow(dead_code, reason = "not every benchmark needs one")]
pub(crate) fn mib(bytes: u64) -> f64 {
    bytes as f64 / f64::from(1 << 20)
}

/// The simulator in a process of its own: what it costs must not be charged to us.
#[allow(dead_code, reason = "not every benchmark needs one")]
pub(crate) struct Company {
    process: Child,
    ask: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
    url: String,
    token: String,
    organization: String,
    /// Where it answers as Datadog, with the API key and the application key.
    datadog: [String; 3],
}

#[allow(dead_code, reason = "not every benchmark needs one")]
impl Company {
    /// A company as of today.
    pub(crate) fn found(size: Size) -> Self {
        let mut process =
            myself().arg(COMPANY).args(size.args()).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("our own binary starts");
        let answers = BufReader::new(process.stdout.take().expect("it is piped"));
        let ask = process.stdin.take();
        let (url, token, organization) = (String::new(), String::new(), String::new());
        let mut company = Self { process, ask, answers, url, token, organization, datadog: [const { String::new() }; 3] };
        (company.url, company.token, company.organization) = (company.line(), company.line(), company.line());
        company.datadog = [company.line(), company.line(), company.line()];
        company
    }

    fn line(&mut self) -> String {
        let mut line = String::new();
        self.answers.read_line(&mut line).expect("the company answers");
        line.trim().to_owned()
    }

    /// How many requests of each operation it answered since it was last asked.
    pub(crate) fn requests(&mut self) -> BTreeMap<String, usize> {
        let ask = self.ask.as_mut().expect("it is open until we are dropped");
        ask.write_all(b"\n").and_then(|()| ask.flush()).expect("the company listens");
        serde_json::from_str(&self.line()).expect("counts as JSON")
    }

    /// A user's folder that knows the company, and no lake yet.
    pub(crate) fn customer(&self, name: &str) -> PathBuf {
        let folder = empty_folder(name);
        configure(&folder, &self.organization, &self.url);
        folder
    }

    /// A user's folder that knows its Datadog, and no lake yet.
    pub(crate) fn watcher(&self, name: &str) -> PathBuf {
        let folder = empty_folder(name);
        fs::write(folder.join("almanac.toml"), format!("[datadog]\napi_url = \"{}\"\n", self.datadog[0])).expect("it is written");
        folder
    }

    /// `almanac collect` of some tables.
    pub(crate) fn collect(&self, folder: &Path, tables: &str) -> Command {
        let mut command = almanac(folder, &["collect", "--tables", tables]);
        command.env("GITHUB_TOKEN", &self.token).env("DD_API_KEY", &self.datadog[1]).env("DD_APP_KEY", &self.datadog[2]);
        command
    }
}

impl Drop for Company {
    fn drop(&mut self) {
        // It ends when nobody can ask it any more.
        drop(self.ask.take());
        let _ = self.process.wait();
    }
}
