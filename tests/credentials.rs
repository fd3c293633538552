//! Credentials and their limits: a run ends before a limit and the next goes on, several tokens share the work, an App's tokens are
//! renewed, and `doctor` and `plan` say beforehand what will be possible.

use std::{
    collections::BTreeSet,
    process::{Command, Output},
    time::Duration,
};

use almanac_simulator::{Options, Permission, SecondaryLimits};
use almanac_test_support::shared;
use serde_json::{Value, json};

use crate::common::{Setting, assert_same, stderr, stdout};

/// Among them one that takes a request a repository, so that a small limit ends it midway.
const TABLES: &str =
    "github.repositories,github.pull_requests,github.pull_request_reviews,github.repository_properties,github.workflow_runs";

fn options() -> Options {
    Options { repositories: 60, now: chrono::Utc::now(), ..Options::default() }
}

impl Setting {
    async fn collect_as(&self, variables: &[(&str, &str)], tables: &str) -> Output {
        let mut command = self.command(&["collect", "--tables", tables]);
        command.envs(variables.iter().copied());
        crate::common::output(&mut command).await
    }

    async fn doctor(&self, variables: &[(&str, &str)], tables: &str) -> (Output, Vec<Value>) {
        let mut command = self.command(&["doctor", "--format", "json", "--tables", tables]);
        command.envs(variables.iter().copied());
        let output = crate::common::output(&mut command).await;
        let rows = serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}", stderr(&output)));
        (output, rows)
    }

    fn refused_requests(&self) -> usize {
        self.simulator.requests().iter().filter(|request| matches!(request.status, 401 | 403 | 429)).count()
    }
}

/// What a company that is never limited gives.
async fn everything(options: &Options) -> Vec<Value> {
    let unlimited = Setting::with(Options { rate_limit: None, ..options.clone() }).await;
    let run = unlimited.collect_as(&[], TABLES).await;
    assert!(matches!(run.status.code(), Some(0 | 3)), "{}", stderr(&run));
    unlimited.everything().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_ends_before_the_limit_and_the_next_goes_on() {
    let options = Options { rate_limit: Some(60), ..options() };
    let expected = everything(&options).await;
    let setting = Setting::with(options).await;
    setting.configure("max_wait_s = 1\nconcurrency = 2");
    // Each token has a limit of its own, as each hour would.
    let permissions = [Permission::DependabotAlerts, Permission::Members, Permission::Contents, Permission::CodeScanningAlerts];
    let tokens = permissions.map(|permission| setting.simulator.token_without(permission));
    let (mut runs, mut is_whole) = (0, false);
    for token in &tokens {
        let run = setting.collect_as(&[("GITHUB_TOKEN", token)], TABLES).await;
        runs += 1;
        assert_eq!(setting.refused_requests(), 0, "the limit was met: {}", stderr(&run));
        let limited = setting.query("select count(*) as n from almanac.outcomes where status = 'rate_limited'").await;
        match run.status.code() {
            Some(0) => {
                is_whole = true;
                break;
            }
            code => assert!(code == Some(3) && limited[0]["n"].as_i64() > Some(0), "{code:?} {limited:?}\n{}", stderr(&run)),
        }
    }
    assert!(is_whole && runs > 1, "{runs} runs");
    assert_same(&setting.everything().await, &expected, "after several hours' worth of runs");
}

#[tokio::test(flavor = "multi_thread")]
async fn several_tokens_share_the_work() {
    let options = Options { rate_limit: Some(60), ..options() };
    let expected = everything(&options).await;
    let setting = Setting::with(options).await;
    setting.configure("max_wait_s = 1\nconcurrency = 2\n[[github.credentials]]\ntoken_env = \"ONE\"\n[[github.credentials]]\ntoken_env = \"TWO\"\norganizations = [\"Clockwork-Lighthouse\"]");
    let two = setting.simulator.token_without(Permission::Members);
    let run = setting.collect_as(&[("ONE", setting.simulator.token()), ("TWO", &two)], TABLES).await;
    assert_eq!(run.status.code(), Some(0), "{}", stderr(&run));
    assert_same(&setting.everything().await, &expected, "with two tokens");
    let bearers: BTreeSet<_> = setting.simulator.requests().iter().map(|request| request.bearer).collect();
    assert_eq!(bearers.len(), 2, "{bearers:?}");
    assert_eq!(setting.refused_requests(), 0);

    // One that is refused is left out, and the work is done all the same.
    let run =
        setting.collect_as(&[("ONE", "ghp_notAToken"), ("TWO", &setting.simulator.token_without(Permission::Contents))], TABLES).await;
    assert_eq!(run.status.code(), Some(0), "{}", stderr(&run));
    assert!(stderr(&run).contains("`ONE` is refused"), "{}", stderr(&run));
}

#[tokio::test(flavor = "multi_thread")]
async fn secondary_limits_are_kept_and_never_met() {
    let limits = SecondaryLimits { concurrent: 4, rest_points_per_minute: 1_000, graphql_points_per_minute: 1_000 };
    let setting = Setting::with(Options { secondary_limits: Some(limits), ..options() }).await;
    setting.configure("concurrency = 4");
    let run = setting.run(&["collect"]).await;
    assert!(matches!(run.status.code(), Some(0 | 3)), "{}", stderr(&run));
    let most = setting.simulator.most_in_flight();
    assert!((2..=4).contains(&most), "{most} in flight at once");
    assert_eq!(setting.simulator.requests().iter().filter(|request| request.status == 429).count(), 0);

    // So many a minute: the rest would have to wait for longer than we want to.
    let setting = Setting::with(options()).await;
    let path = setting.path().join("almanac.toml");
    let text = std::fs::read_to_string(&path).expect("it is there").replace("graphql_per_minute = 100000", "graphql_per_minute = 6");
    std::fs::write(path, text).expect("it is written");
    setting.configure("max_wait_s = 5");
    let run = setting.run(&["collect", "--tables", "github.pull_requests"]).await;
    assert_eq!(run.status.code(), Some(3), "{}", stderr(&run));
    assert_eq!(setting.simulator.requests().len(), 6);
}

/// A key pair: the private half as PEM, the public one as DER. Without `openssl` the test says that it is skipped.
pub(crate) fn key_pair(test: &str) -> Option<(String, Vec<u8>)> {
    let run = |args: &[&str], input: &[u8]| {
        use std::io::Write;
        let mut process = Command::new("openssl")
            .args(args)
            .stdin(std::process::Stdio::piped())
            .stdout(std::process::Stdio::piped())
            .stderr(std::process::Stdio::null())
            .spawn()
            .ok()?;
        process.stdin.take()?.write_all(input).ok()?;
        process.wait_with_output().ok().filter(|output| output.status.success()).map(|output| output.stdout)
    };
    let pair = run(&["genrsa", "2048"], &[]).and_then(|private| Some((run(&["rsa", "-pubout", "-outform", "DER"], &private)?, private)));
    let Some((public, private)) = pair else {
        shared::skipped(test, "there is no openssl to make a key with");
        return None;
    };
    Some((String::from_utf8(private).expect("PEM"), public))
}

#[tokio::test(flavor = "multi_thread")]
async fn an_app_makes_tokens_and_renews_them_before_they_expire() {
    let Some((private, public)) = key_pair("an_app_makes_tokens_and_renews_them_before_they_expire") else { return };
    let options = options();
    let expected = everything(&options).await;
    let setting = Setting::with(options.clone()).await;
    setting.simulator.trust_app_key(&public);
    let app = setting.simulator.app();
    // Found by the organisation, with the key on one line as variables often have it.
    setting.configure(&format!("app_id = {}\nprivate_key_env = \"KEY\"", app.id));
    let one_line = private.replace('\n', "\\n");
    let run = setting.collect_as(&[("KEY", &one_line)], TABLES).await;
    assert_eq!(run.status.code(), Some(0), "{}", stderr(&run));
    assert_same(&setting.everything().await, &expected, "as an App");
    assert_eq!(setting.simulator.installation_tokens_made(), 1, "one token lasts for the run");

    // Tokens that last two seconds: none is ever refused, because each is renewed before.
    let renewing = Setting::with(options).await;
    renewing.simulator.trust_app_key(&public);
    renewing.simulator.set_installation_token_lifetime(Duration::from_secs(2));
    renewing.configure(&format!(
        "app_id = \"{}\"\nprivate_key_env = \"KEY\"\ninstallation_id = {}\nconcurrency = 1",
        app.client_id, app.installation_id
    ));
    let run = renewing.collect_as(&[("KEY", &private)], TABLES).await;
    assert_eq!(run.status.code(), Some(0), "{}", stderr(&run));
    let refused = renewing.simulator.requests().iter().filter(|request| request.status == 401).count();
    assert!(refused <= 1, "{refused} requests with a token that had ended");

    // An installation that is not there, and a key that nobody trusts.
    let stranger = Setting::with(Options { repositories: 5, ..Options::default() }).await;
    stranger.configure(&format!("app_id = {}\nprivate_key_env = \"KEY\"", app.id));
    let run = stranger.collect_as(&[("KEY", &private)], TABLES).await;
    assert_eq!(run.status.code(), Some(1));
    assert!(stderr(&run).contains("refused the credential"), "{}", stderr(&run));
    assert!(!stderr(&run).contains("PRIVATE KEY") && !stderr(&run).contains("ghs_"), "{}", stderr(&run));
    let run = stranger.collect_as(&[("KEY", "no key at all")], TABLES).await;
    assert_eq!(run.status.code(), Some(2));
    assert!(stderr(&run).contains("no private key: PEM is expected"), "{}", stderr(&run));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_is_revoked_midway_is_replaced() {
    let Some((private, public)) = key_pair("a_token_that_is_revoked_midway_is_replaced") else { return };
    let setting = Setting::with(options()).await;
    setting.simulator.trust_app_key(&public);
    setting.configure(&format!("app_id = {}\nprivate_key_env = \"KEY\"\nconcurrency = 1", setting.simulator.app().id));
    let revoke = async {
        while setting.simulator.requests().len() < 10 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        setting.simulator.revoke_installation_tokens();
    };
    let variables = [("KEY", private.as_str())];
    let (run, ()) = tokio::join!(setting.collect_as(&variables, TABLES), revoke);
    assert_eq!(run.status.code(), Some(0), "{}", stderr(&run));
    assert_eq!(setting.simulator.installation_tokens_made(), 2);
    assert_eq!(setting.simulator.requests().iter().filter(|request| request.status == 401).count(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_doctor_names_the_account_and_says_what_to_tick() {
    let setting = Setting::new().await;
    let tables = "github.repositories,github.dependabot_alerts,github.repository_properties,github.pull_requests,github.teams,\
                  github.code_scanning_alerts,github.secret_scanning_alerts,github.repository_files,github.workflow_runs,github.deployments";
    let (output, rows) = setting.doctor(&[], tables).await;
    assert_eq!(output.status.code(), Some(0), "{}\n{rows:#?}", stderr(&output));
    assert_eq!(rows.len(), 10);
    assert!(rows.iter().all(|row| row["state"] == "granted"), "{rows:#?}");
    let told = stderr(&output);
    assert!(
        told.contains("`GITHUB_TOKEN` for clockwork-lighthouse: reaches 127.0.0.1:") && told.contains("a classic token with the scopes")
    );
    assert!(told.contains("left of its limits: ") && told.contains("can be written"), "{told}");

    for (permission, table, remedy) in [
        (Permission::DependabotAlerts, "github.dependabot_alerts", "tick the scope `security_events` of the token"),
        (Permission::Members, "github.teams", "tick the scope `read:org` of the token"),
        (Permission::Contents, "github.repository_files", "tick the scope `repo` of the token"),
    ] {
        let token = setting.simulator.token_without(permission);
        let (output, rows) = setting.doctor(&[("GITHUB_TOKEN", &token)], tables).await;
        assert_eq!(output.status.code(), Some(1), "{permission:?}");
        let refused: Vec<&Value> = rows.iter().filter(|row| row["state"] != "granted").collect();
        assert!(refused.iter().any(|row| row["table"] == table && row["state"] == "refused"), "{permission:?} {refused:#?}");
        assert!(stderr(&output).contains(&format!("to do: {remedy}")), "{}", stderr(&output));
    }

    let (output, rows) = setting.doctor(&[("GITHUB_TOKEN", "ghp_notAToken")], tables).await;
    assert_eq!((output.status.code(), rows.len()), (Some(1), 0));
    assert!(stderr(&output).contains("401: Bad credentials") && !stderr(&output).contains("ghp_notAToken"), "{}", stderr(&output));

    let Some((private, public)) = key_pair("the_doctor_names_the_account_and_says_what_to_tick") else { return };
    setting.simulator.trust_app_key(&public);
    setting.configure(&format!("app_id = {}\nprivate_key_env = \"KEY\"", setting.simulator.app().id));
    let (output, _) = setting.doctor(&[("KEY", &private)], tables).await;
    assert!(stderr(&output).contains("as lamplighter-census, a GitHub App's installation"), "{}", stderr(&output));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_doctor_asks_every_source_and_the_plan_counts_it() {
    let setting = Setting::whole(options()).await;
    let tables = "datadog.monitors,datadog.slos,jira.issues,pagerduty.oncalls,pagerduty.services,catalog.services";
    let (output, rows) = setting.doctor(&[], tables).await;
    assert_eq!(output.status.code(), Some(0), "{}\n{rows:#?}", stderr(&output));
    assert_eq!(rows.len(), 5, "{rows:#?}");
    assert!(rows.iter().all(|row| row["state"] == "granted"), "{rows:#?}");

    let key = setting.simulator.datadog_app_key_without("slos_read");
    let token = setting.simulator.pagerduty_token_without("oncalls").to_owned();
    let (output, rows) = setting.doctor(&[("DD_APP_KEY", &key), ("PAGERDUTY_TOKEN", &token)], tables).await;
    assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
    let refused: Vec<&Value> = rows.iter().filter(|row| row["state"] == "refused").map(|row| &row["table"]).collect();
    assert_eq!(refused, ["datadog.slos", "pagerduty.oncalls"], "{rows:#?}");
    assert!(stderr(&output).contains("to do: give the application key the scope `slos_read`"), "{}", stderr(&output));
    let (output, _) = setting.doctor(&[("JIRA_TOKEN", "not-a-token")], tables).await;
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains("put another one into `JIRA_TOKEN`, or correct `[jira]`"), "{}", stderr(&output));

    let plan = async || {
        let plan = setting.run(&["plan", "--tables", tables, "--format", "json"]).await;
        assert_eq!(plan.status.code(), Some(0), "{}", stderr(&plan));
        serde_json::from_slice::<Vec<Value>>(&plan.stdout).expect("JSON")
    };
    let of = |rows: &[Value], table: &str| rows.iter().find(|row| row["table"] == table).cloned().expect("the table is planned");
    let first = plan().await;
    assert_eq!(of(&first, "pagerduty.services")["basis"], "nothing", "nobody can tell beforehand: {first:#?}");
    let run = setting.run(&["collect", "--tables", tables]).await;
    assert_eq!(run.status.code(), Some(3), "{}", stderr(&run));
    let second = of(&plan().await, "pagerduty.services");
    assert_eq!((&second["api"], &second["requests"]), (&json!("pagerduty"), &json!(1)), "{second:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_plan_is_made_from_the_size_first_and_from_the_ledger_then() {
    let setting = Setting::with(options()).await;
    let plan = setting.run(&["plan", "--format", "json"]).await;
    assert_eq!(plan.status.code(), Some(0), "{}", stderr(&plan));
    let first: Vec<Value> = serde_json::from_slice(&plan.stdout).expect("JSON");
    let of = |rows: &[Value], table: &str| rows.iter().find(|row| row["table"] == table).cloned().expect("the table is planned");
    let repositories = of(&first, "github.repositories");
    assert_eq!((&repositories["basis"], &repositories["points"]), (&json!("60 repositories"), &Value::Null), "{repositories:#}");
    assert!(stderr(&plan).contains("graphql points left until") && stderr(&plan).contains("usable: fits"), "{}", stderr(&plan));

    let run = setting.run(&["collect", "--tables", TABLES]).await;
    assert!(matches!(run.status.code(), Some(0 | 3)), "{}", stderr(&run));
    let took =
        setting.query("select step, requests, points, planned_requests from almanac.runs where requests is not null order by step").await;
    assert_eq!(took.len(), 5, "{took:#?}");
    assert!(took.iter().all(|step| step["planned_requests"].is_i64()), "{took:#?}");
    let sum: i64 = took.iter().filter_map(|step| step["requests"].as_i64()).sum();
    let sent = setting.simulator.requests().iter().filter(|request| !request.path.ends_with("/rate_limit")).count();
    assert!(sum > 10 && usize::try_from(sum).is_ok_and(|sum| sum <= sent), "{sum} of {sent}");

    // Now the ledger knows, and the plan and what was done stand side by side.
    let plan = setting.run(&["plan", "--tables", TABLES, "--format", "json"]).await;
    let second: Vec<Value> = serde_json::from_slice(&plan.stdout).expect("JSON");
    let pulls = of(&second, "github.pull_requests");
    let actual = took.iter().find(|step| step["step"] == "collect github.pull_requests").expect("it was collected");
    assert_eq!((&pulls["requests"], &pulls["points"]), (&actual["requests"], &actual["points"]));
    assert!(pulls["basis"].as_str().is_some_and(|basis| basis.starts_with("the run for ")), "{pulls:#}");
    let status = setting.run(&["status"]).await;
    assert!(stdout(&status).contains("planned_requests") && stdout(&status).contains("requests"), "{}", stdout(&status));
}
