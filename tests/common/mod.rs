//! What the tests share: the `almanac` binary against the simulator, in a folder of its own.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use almanac::{
    collecting::{self, Report, Selection},
    config::{Config, EngineSettings},
    engine::{Clock, Engine, Script},
    ledger::Ledger,
    progress::Talk,
};
use almanac_collectors::table::Table;
use almanac_simulator::{Options, SimCluster, Simulator};
use arrow::array::{Array, StringArray};
use chrono::{DateTime, NaiveDate, Utc};
use serde_json::Value;
use tempfile::TempDir;

thread_local! {
    /// Reads what was published; to open one takes longer than all that it does here.
    static ENGINE: Engine = {
        let settings = EngineSettings { threads: Some(1), ..EngineSettings::default() };
        Engine::open(&settings, Clock { today: NaiveDate::default(), now: DateTime::default() }).expect("the engine opens")
    };
}

/// Every row of every table that is collected, without the day on which it was learned.
fn everything() -> String {
    let table = |table: &&Table| {
        let (name, full_name) = (table.name, table.full_name());
        format!("select '{name}' as name, cast(row_ as varchar) as cells from (select * exclude (date) from {full_name}) as row_")
    };
    let tables: Vec<String> = almanac_collectors::tables().iter().map(table).collect();
    format!("{} order by all", tables.join(" union all "))
}

/// A user's folder with an `almanac.toml`, and the company that it reads.
pub(crate) struct Setting {
    /// The company.
    pub(crate) simulator: Simulator,
    folder: TempDir,
}

impl Setting {
    /// The company as of now, small enough for a test.
    pub(crate) async fn new() -> Self {
        Self::with(Options { now: chrono::Utc::now(), repositories: 40, ..Options::default() }).await
    }

    /// A company of one's own making.
    pub(crate) async fn with(options: Options) -> Self {
        let simulator = Simulator::start(options).await.expect("the simulator starts");
        let folder = TempDir::new().expect("a temporary folder");
        let setting = Self { simulator, folder };
        let text = format!(
            "[lake]\nurl = \"./lake\"\n[github]\nrest_per_minute = 100000\ngraphql_per_minute = 100000\n\
             organizations = [\"{}\"]\napi_url = \"{}\"\n",
            setting.simulator.organization(),
            setting.simulator.github_api_url(),
        );
        std::fs::write(setting.path().join("almanac.toml"), text).expect("the configuration is written");
        setting
    }

    /// A company of one's own making, all of whose sources are read.
    pub(crate) async fn whole(options: Options) -> Self {
        let setting = Self::with(options).await;
        let simulator = &setting.simulator;
        let (datadog, pagerduty, jira) = (simulator.datadog_api_url(), simulator.pagerduty_api_url(), simulator.jira_url());
        setting.configure(&format!(
            "[catalog]\n[datadog]\napi_url = \"{datadog}\"\n[pagerduty]\napi_url = \"{pagerduty}\"\n\
             [jira]\nurl = \"{jira}\"\nprojects = [\"LAMP\"]\n[opencost]\n{}\nhistory_days = 1\nlate_days = 1",
            setting.clusters(""),
        ));
        let catalog = setting.path().join("catalog");
        std::fs::create_dir_all(&catalog).expect("a folder");
        for (name, text) in simulator.catalog_files() {
            std::fs::write(catalog.join(name), text).expect("the catalog is written");
        }
        setting
    }

    /// The company's clusters as a setting, each with these keys besides.
    pub(crate) fn clusters(&self, besides: &str) -> String {
        let one = |cluster: SimCluster| {
            let token = cluster.token.map(|_| ", token_env = \"OPENCOST_TOKEN\"").unwrap_or_default();
            format!("{{ name = \"{}\", url = \"{}\"{token}{besides} }}", cluster.name, cluster.url)
        };
        let clusters: Vec<String> = self.simulator.clusters().into_iter().map(one).collect();
        format!("clusters = [{}]", clusters.join(", "))
    }

    /// What the environment holds for the sources beside GitHub.
    fn credentials(&self) -> [(&'static str, String); 6] {
        let (api_key, app_key) = self.simulator.datadog_keys();
        let (email, token) = self.simulator.jira_credentials();
        [
            ("DD_API_KEY", api_key.to_owned()),
            ("DD_APP_KEY", app_key.to_owned()),
            ("JIRA_EMAIL", email),
            ("JIRA_TOKEN", token),
            ("OPENCOST_TOKEN", self.simulator.clusters().into_iter().find_map(|cluster| cluster.token).unwrap_or_default()),
            ("PAGERDUTY_TOKEN", self.simulator.pagerduty_token().to_owned()),
        ]
    }

    /// The user's folder.
    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    /// The lake's folder.
    pub(crate) fn lake(&self) -> PathBuf {
        self.path().join("lake")
    }

    /// The `almanac` command in the user's folder, with the credentials that it needs.
    pub(crate) fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_almanac"));
        command
            .args(args)
            .current_dir(self.path())
            .env("GITHUB_TOKEN", self.simulator.token())
            .env("ALMANAC_PRIVACY_KEY", "a key for tests")
            .envs(self.credentials());
        command
    }

    /// Runs it to its end.
    pub(crate) async fn run(&self, args: &[&str]) -> Output {
        let mut command = self.command(args);
        output(&mut command).await
    }

    /// Adds lines to the last section of the file: `[github]`, unless the whole company is read.
    pub(crate) fn configure(&self, lines: &str) {
        let path = self.path().join("almanac.toml");
        let text = std::fs::read_to_string(&path).expect("the configuration is there");
        std::fs::write(path, format!("{text}{lines}\n")).expect("the configuration is written");
    }

    /// What a query gives, by way of `almanac sql`: one object a row.
    pub(crate) async fn query(&self, sql: &str) -> Vec<Value> {
        let answer = self.run(&["sql", "--format", "json", sql]).await;
        assert!(answer.status.success(), "{sql}\n{}", stderr(&answer));
        serde_json::from_slice(&answer.stdout).expect("rows as JSON")
    }

    /// Every row that was collected: what must not depend on how a run went.
    pub(crate) async fn everything(&self) -> Vec<Value> {
        self.query(&everything()).await
    }

    /// The user's configuration, with the credentials that it needs.
    pub(crate) fn config(&self, token: &str) -> Config {
        let path = self.path().join("almanac.toml");
        let text = std::fs::read_to_string(&path).expect("the configuration is there");
        let mut config = Config::parse(&path, &text, None).expect("the configuration is understood");
        config.provide("GITHUB_TOKEN", token);
        config.provide("ALMANAC_PRIVACY_KEY", "a key for tests");
        self.credentials().iter().for_each(|(variable, value)| config.provide(variable, value));
        config
    }

    /// Collects within this process as of any moment, so that a test can live through days; all tables when none is named.
    pub(crate) async fn collect_at(&self, now: DateTime<Utc>, token: &str, tables: &[&str]) -> Report {
        collect(&self.config(token), now, tables).await
    }

    /// Every row that these tables hold, as (table, the value of a column, all cells), read from the published files.
    pub(crate) async fn stored(&self, tables: &[String], column: fn(&str) -> &'static str) -> BTreeSet<(String, String, String)> {
        let lake = self.config(self.simulator.token()).lake().expect("the lake opens");
        let listing = lake.listing().await.expect("the lake is listed");
        let mut selects = Vec::new();
        for name in tables {
            let files = lake.local(listing.raw.get(name).map_or(&[][..], Vec::as_slice)).await.expect("the files are there");
            let column = column(name);
            selects.extend(files.iter().map(|file| {
                let file = file.display();
                format!("select '{name}', {column}, cast(cells as varchar) from read_parquet('{file}', hive_partitioning = false) as cells")
            }));
        }
        if selects.is_empty() {
            return BTreeSet::new();
        }
        let text = selects.join(" union all ");
        let rows = ENGINE.with(|engine| engine.query(Script { name: "rows", text: &text })).expect("the rows are read");
        let mut stored = BTreeSet::new();
        for batch in &rows.batches {
            let cell = |column: usize, row: usize| {
                let cells = batch.column(column).as_any().downcast_ref::<StringArray>().expect("text");
                cells.value(row).to_owned()
            };
            stored.extend((0..batch.num_rows()).map(|row| (cell(0, row), cell(1, row), cell(2, row))));
        }
        stored
    }

    /// The files of the lake below a folder of it, sorted, as they stand on the disk.
    pub(crate) fn files(&self, below: &str) -> Vec<String> {
        let (mut files, mut folders) = (Vec::new(), vec![self.lake().join(below)]);
        while let Some(folder) = folders.pop() {
            // A run may sweep a folder while it is looked at.
            for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
                match entry.file_type() {
                    Ok(kind) if kind.is_dir() => folders.push(entry.path()),
                    _ => files.extend(entry.path().strip_prefix(self.lake()).ok().map(|path| path.display().to_string())),
                }
            }
        }
        files.sort();
        files
    }
}

/// A user's folder with an `almanac.toml` of one's own, for sources without the company.
pub(crate) struct Folder(TempDir);

/// Variables that the sources take their credentials from; servers that replay do not look at them.
const CREDENTIALS: [(&str, &str); 6] = [
    ("ALMANAC_PRIVACY_KEY", "a key for tests"),
    ("DD_API_KEY", "an API key"),
    ("DD_APP_KEY", "an application key"),
    ("JIRA_EMAIL", "somebody"),
    ("JIRA_TOKEN", "a token"),
    ("PAGERDUTY_TOKEN", "a token"),
];

impl Folder {
    /// With these sections, and a lake beside them.
    pub(crate) fn new(sections: &str) -> Self {
        let folder = TempDir::new().expect("a temporary folder");
        std::fs::write(folder.path().join("almanac.toml"), sections).expect("the configuration is written");
        Self(folder)
    }

    /// The folder.
    pub(crate) fn path(&self) -> &Path {
        self.0.path()
    }

    /// Runs `almanac` there to its end.
    pub(crate) async fn run(&self, args: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_almanac"));
        output(command.args(args).current_dir(self.path()).envs(CREDENTIALS)).await
    }

    /// Collects within this process as of any moment; all tables when none is named.
    pub(crate) async fn collect_at(&self, now: &str, tables: &[&str]) -> Report {
        let path = self.path().join("almanac.toml");
        let text = std::fs::read_to_string(&path).expect("the configuration is there");
        let mut config = Config::parse(&path, &text, None).expect("the configuration is understood");
        CREDENTIALS.iter().for_each(|(name, value)| config.provide(name, value));
        collect(&config, now.parse().expect("a moment"), tables).await
    }

    /// What a query gives: one object a row.
    pub(crate) async fn query(&self, sql: &str) -> Vec<Value> {
        let answer = self.run(&["sql", "--format", "json", sql]).await;
        assert!(answer.status.success(), "{sql}\n{}", stderr(&answer));
        serde_json::from_slice(&answer.stdout).expect("rows as JSON")
    }

    /// Everything that a table holds, as text.
    pub(crate) async fn cells(&self, table: &str) -> String {
        self.query(&format!("select cast(row_ as varchar) as cells from {table} as row_")).await.iter().map(Value::to_string).collect()
    }
}

/// Collects these tables as of a moment, and writes the ledger.
pub(crate) async fn collect(config: &Config, now: DateTime<Utc>, tables: &[&str]) -> Report {
    let lake = config.lake().expect("the lake opens");
    let selection = Selection { tables: tables.iter().map(|&name| name.to_owned()).collect(), ..Selection::default() };
    let ledger = Ledger::new("collect", now);
    let report = collecting::collect(&lake, config, &selection, &ledger, &Talk::silent()).await.expect("the run begins");
    ledger.publish(&lake).await.expect("the ledger is written");
    report
}

/// Compares rows, and shows where they differ rather than all of them.
pub(crate) fn assert_same(found: &[Value], expected: &[Value], told: &str) {
    if found == expected {
        return;
    }
    let missing: Vec<&Value> = expected.iter().filter(|row| !found.contains(row)).take(3).collect();
    let surplus: Vec<&Value> = found.iter().filter(|row| !expected.contains(row)).take(3).collect();
    let (found, expected) = (found.len(), expected.len());
    panic!("{told}: {found} rows instead of {expected}\nmissing, at first: {missing:#?}\nsurplus, at first: {surplus:#?}");
}

/// Runs a command to its end. The simulator lives in this process, so the waiting must not block its threads.
pub(crate) async fn output(command: &mut Command) -> Output {
    let mut command = std::mem::replace(command, Command::new("true"));
    tokio::task::spawn_blocking(move || command.output()).await.expect("the task ends").expect("the command starts")
}

/// What a command wrote to stderr.
pub(crate) fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// What a command wrote to stdout.
pub(crate) fn stdout(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}
