//! Checks, waivers and campaigns of the company's own, lived through as a user does: by files beside `almanac.toml`.

use almanac_simulator::Options;
use chrono::{Duration, NaiveDate};
use serde_json::Value;

use crate::common::{Setting, stderr};

/// A check of the user's own: those that the catalog calls tier 1 have a channel of a certain name.
fn check(version: u32, passes_when: &str) -> String {
    format!(
        "-- title: Its channel has a name that says so\n-- question: Does the channel begin with the word?\n-- area: standardize\n-- subject: service\n\
         -- weight: critical\n-- level: bronze\n-- applies_to: services\n-- remedy: rename the channel\n-- owner: platform\n-- version: {version}\n\n\
         select\n    service as subject_id,\n    case when {passes_when} then 'pass' else 'fail' end as status,\n    'as named' as reason,\n\
         cast(json_object('channel', slack_channel) as varchar) as evidence\nfrom dim_services\nwhere is_running and is_present is distinct from false\n"
    )
}

const WAIVERS: &str = "[[waiver]]\ncheck = \"channel-named\"\nsubject = \"*\"\nreason = \"the channels move in spring\"\napprover = \"harbour-office\"\nticket = \"LAMP-7\"\nexpires = 2099-12-31\n\n\
                       [[waiver]]\ncheck = \"channel-named\"\nsubject = \"no-such-service\"\nreason = \"it is gone\"\napprover = \"harbour-office\"\nticket = \"LAMP-8\"\nexpires = 2099-12-31\n";

impl Setting {
    fn write(&self, name: &str, text: &str) {
        let path = self.path().join(name);
        std::fs::create_dir_all(path.parent().expect("it is in a folder")).expect("the folder is there");
        std::fs::write(path, text).expect("it is written");
    }

    /// The answer to a question as JSON, conditions and all.
    async fn ask(&self, args: &[&str]) -> Value {
        let answer = self.run(&[&["ask", "--format", "json"], args].concat()).await;
        assert!(answer.status.success(), "{args:?}\n{}", stderr(&answer));
        serde_json::from_slice(&answer.stdout).expect("an answer as JSON")
    }

    async fn rebuild(&self, args: &[&str]) -> String {
        let run = self.run(&[&["build"], args].concat()).await;
        assert_eq!(run.status.code(), Some(0), "{}", stderr(&run));
        stderr(&run)
    }

    /// How often a check had each status on the newest date.
    async fn answers(&self, check: &str) -> Vec<(String, i64)> {
        let rows = self
            .query(&format!(
                "select status, count(*) as n from fct_check_results where check_id = '{check}' and date = (select max(date) from fct_check_results) group by status order by status"
            ))
            .await;
        rows.iter().map(|row| (row["status"].as_str().unwrap_or_default().to_owned(), row["n"].as_i64().unwrap_or_default())).collect()
    }
}

/// Two days of a small company, built on each.
async fn two_days() -> (Setting, NaiveDate) {
    let setting = Setting::whole(Options { repositories: 40, ..Options::default() }).await;
    setting.write("checks/channel-named.sql", &check(1, "false"));
    let first = setting.simulator.now();
    for day in 0..2 {
        let now = first + Duration::days(day);
        setting.simulator.set_now(now);
        setting.collect_at(now, setting.simulator.token(), &[]).await;
        setting.rebuild(&[]).await;
    }
    (setting, first.date_naive())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rule_that_changes_is_told_from_a_service_that_changes() {
    let (setting, first) = two_days().await;
    let statuses = setting.answers("channel-named").await;
    assert!(matches!(&statuses[..], [(status, n)] if status == "fail" && *n > 10), "{statuses:?}");
    let scores =
        "select sum(score) as said, sum(restated_score) as later from fct_quality_scores where subject_type = 'service' and area = 'all'";
    let then = |rows: Vec<Value>| rows[0]["said"].as_f64();
    let said = then(setting.query(&format!("{scores} and date = date '{first}'")).await);
    assert!(said.is_some());

    // The same check in a new version, which everybody passes: past dates are said anew beside what was said.
    setting.write("checks/channel-named.sql", &check(2, "true"));
    setting.rebuild(&["--select", "fct_quality_scores", "--from", &first.to_string()]).await;
    let rows = setting.query(&format!("{scores} and date = date '{first}'")).await;
    assert_eq!(rows[0]["said"].as_f64(), said, "what was said then stands");
    assert!(rows[0]["later"].as_f64() > said, "{rows:?}");
    let causes = setting
        .query(&format!(
            "select check_id, changed_by, count(*) as n from fct_check_results where date = date '{first}' and is_changed group by all order by all"
        ))
        .await;
    assert!(causes.iter().any(|row| row["check_id"] == "channel-named" && row["changed_by"] == "rule"), "{causes:?}");
    assert!(causes.iter().all(|row| row["check_id"] == "channel-named" || row["changed_by"] != "rule"), "{causes:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn waivers_and_campaigns_join_in_by_being_there() {
    let (setting, first) = two_days().await;
    let failing = setting.answers("channel-named").await;
    setting.write("waivers.toml", WAIVERS);
    setting.write(
        "campaigns.toml",
        &format!(
            "[[campaign]]\nid = \"owned\"\ntitle = \"Everything has an owner\"\nchecks = [\"service-owner-known\"]\nowner = \"platform\"\nstarts = {first}\ndeadline = 2099-12-31\n"
        ),
    );
    let run = setting.run(&["build"]).await;
    let told = stderr(&run);
    assert_eq!(run.status.code(), Some(3), "it is published, and an error: {told}");
    assert!(
        told.contains("fct_waivers__fits_something") && told.contains("channel-named:no-such-service"),
        "a waiver for nothing is named: {told}"
    );
    let exempt = setting.answers("channel-named").await;
    assert_eq!(exempt.iter().map(|(status, _)| status.as_str()).collect::<Vec<_>>(), ["exempt"]);
    assert_eq!(exempt[0].1, failing[0].1, "waived is no pass, and nobody is lost");

    let waivers = setting.ask(&["waivers"]).await;
    let states: Vec<&Value> = waivers["rows"].as_array().expect("rows").iter().map(|row| &row["status"]).collect();
    assert_eq!((states.len(), states.contains(&&Value::from("unused"))), (2, true), "{waivers}");
    let progress = setting.ask(&["campaign-progress", "--param", "campaign=owned"]).await;
    assert!(progress["rows"].as_array().is_some_and(|rows| !rows.is_empty()), "{progress}");
    assert_eq!(progress["params"]["campaign"], "owned");
    for key in ["as_of", "freshness", "completeness"] {
        assert!(!progress[key].is_null(), "an answer carries {key}");
    }

    // What is wrong in a file of the user's is named with its line, and nothing is built.
    setting.write("waivers.toml", &WAIVERS.replacen("channel-named", "chanel-named", 1));
    let refused = setting.run(&["build"]).await;
    let told = stderr(&refused);
    assert_eq!(refused.status.code(), Some(2));
    assert!(
        told.contains("`waivers.toml`, line 1: there is no check `chanel-named`") && told.contains("did you mean `channel-named`?"),
        "{told}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_check_is_tried_before_anybody_is_judged_by_it() {
    let (setting, _) = two_days().await;
    let before = setting.files("marts");
    setting.write("draft.sql", &check(1, "slack_channel is not null"));
    let tried = setting.run(&["check", "draft.sql", "--format", "json"]).await;
    assert_eq!(tried.status.code(), Some(0), "{}", stderr(&tried));
    let rows: Vec<Value> = serde_json::from_slice(&tried.stdout).expect("rows as JSON");
    assert!(rows.len() > 10 && rows.iter().any(|row| row["status"] == "pass"));
    assert!(stderr(&tried).contains("Its channel has a name that says so: "), "{}", stderr(&tried));
    setting.write("draft.sql", &check(1, "slack_chanel is not null"));
    let wrong = setting.run(&["check", "draft.sql"]).await;
    assert_eq!(wrong.status.code(), Some(1));
    assert!(stderr(&wrong).contains("draft.sql`, line 14") && stderr(&wrong).contains("slack_chanel"), "{}", stderr(&wrong));
    assert_eq!(setting.files("marts"), before, "nothing is published");
}
