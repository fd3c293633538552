//! Tables that are read day by day: what is read without being asked, what is read again, and days long gone.

use std::collections::BTreeMap;

use almanac_simulator::{Effect, Fault, Options};
use chrono::Duration;

use crate::common::{Setting, stderr};

const TABLE: &str = "datadog.slo_history";

impl Setting {
    async fn watched_for_long() -> Self {
        Self::whole(Options { repositories: 60, history_days: 40, future_days: 2, ..Options::default() }).await
    }

    /// Rows by day.
    async fn days(&self) -> BTreeMap<String, u64> {
        let rows = self.query(&format!("select cast(date as varchar) as day, count(*) as n from {TABLE} group by all")).await;
        rows.iter().map(|row| (row["day"].as_str().expect("a day").to_owned(), row["n"].as_u64().expect("a number"))).collect()
    }

    async fn read_history(&self) -> Vec<(String, Option<usize>)> {
        let report = self.collect_at(self.simulator.now(), self.simulator.token(), &[TABLE]).await;
        assert!(report.tables.iter().all(|table| table.error.is_none() && table.gaps.is_empty()), "{report:?}");
        report.tables.into_iter().map(|table| (table.name, table.rows)).collect()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn yesterday_is_read_and_read_again_without_adding_to_it() {
    let setting = Setting::watched_for_long().await;
    setting.read_history().await;
    let yesterday = (setting.simulator.now() - Duration::days(1)).date_naive().to_string();
    let first = setting.days().await;
    assert_eq!(first.keys().collect::<Vec<_>>(), [&yesterday]);
    let rows = setting.query(&format!("select * from {TABLE} order by slo_id")).await;
    assert!(rows.iter().any(|row| row["state"] == "no_data" && row["sli_value"].is_null()), "a day without data is a state");
    assert!(rows.iter().all(|row| (row["state"] == "no_data") == row["sli_value"].is_null()), "and no number");
    setting.read_history().await;
    assert_eq!(setting.query(&format!("select * from {TABLE} order by slo_id")).await, rows);
    assert_eq!(setting.files("raw/datadog/slo_history").len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn days_that_are_gone_can_be_read_and_days_to_come_cannot() {
    let setting = Setting::watched_for_long().await;
    let now = chrono::Utc::now();
    setting.simulator.set_now(now);
    let day = (now - Duration::days(20)).date_naive().to_string();
    let run = setting.run(&["collect", "--tables", TABLE, "--date", &day]).await;
    assert_eq!(run.status.code(), Some(0), "{}", stderr(&run));
    assert!(setting.days().await.into_keys().eq([day.as_str()]), "{day}");
    let tomorrow = (now + Duration::days(1)).date_naive().to_string();
    let run = setting.run(&["collect", "--tables", TABLE, "--date", &tomorrow]).await;
    assert_eq!(run.status.code(), Some(2), "{}", stderr(&run));
    let outcomes = setting.query("select logical_date, count(*) as n from almanac.outcomes group by all").await;
    assert!(outcomes.iter().all(|row| row["logical_date"] == day.as_str()), "{outcomes:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn as_many_days_are_read_as_the_setting_says() {
    let setting = Setting::watched_for_long().await;
    setting.configure(&format!("[tables.\"{TABLE}\"]\ndays = 3"));
    let reported = setting.read_history().await;
    assert_eq!(reported.len(), 3, "one line a day: {reported:?}");
    let expected: Vec<String> =
        (1..=3).rev().map(|back| (setting.simulator.now() - Duration::days(back)).date_naive().to_string()).collect();
    assert_eq!(setting.days().await.into_keys().collect::<Vec<_>>(), expected);
    // A day's partition is the same, whether it was read alone or with others.
    let alone = Setting::watched_for_long().await;
    alone.read_history().await;
    let last = format!("select * from {TABLE} where date = date '{}' order by slo_id", expected[2]);
    assert_eq!(setting.query(&last).await, alone.query(&last).await);
    let steps = setting.query("select step from almanac.runs order by step").await;
    assert_eq!(steps.len(), 3, "{steps:?}");
    assert_eq!(steps[0]["step"], format!("collect {TABLE} {}", expected[0]));
}

#[tokio::test(flavor = "multi_thread")]
async fn days_on_which_nobody_came_are_made_up_for() {
    let setting = Setting::watched_for_long().await;
    setting.read_history().await;
    setting.simulator.set_now(setting.simulator.now() + Duration::days(2));
    let reported = setting.read_history().await;
    assert_eq!(reported.len(), 2, "yesterday, and the day before, on which nobody came: {reported:?}");
    let days: Vec<String> = (1..=3).rev().map(|back| (setting.simulator.now() - Duration::days(back)).date_naive().to_string()).collect();
    assert_eq!(setting.days().await.into_keys().collect::<Vec<_>>(), days);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_day_that_was_read_whole_is_not_given_up_for_a_part_of_it() {
    let setting = Setting::watched_for_long().await;
    let whole = setting.read_history().await;
    setting
        .simulator
        .inject(Fault::new(Effect::Status { status: 404, headers: Vec::new(), body: "{}".to_owned() }).on_path("/history").times(3));
    let report = setting.collect_at(setting.simulator.now(), setting.simulator.token(), &[TABLE]).await;
    assert!(!report.tables[0].gaps.is_empty() && report.tables[0].rows.is_none(), "{report:?}");
    assert_eq!(setting.days().await.into_values().collect::<Vec<_>>(), [whole[0].1.expect("rows") as u64]);
    // What was a part only is replaced by whatever comes.
    let other = Setting::watched_for_long().await;
    for missing in [5, 3] {
        other.simulator.inject(
            Fault::new(Effect::Status { status: 404, headers: Vec::new(), body: "{}".to_owned() }).on_path("/history").times(missing),
        );
        other.collect_at(other.simulator.now(), other.simulator.token(), &[TABLE]).await;
        assert_eq!(other.days().await.into_values().collect::<Vec<_>>(), [whole[0].1.expect("rows") as u64 - missing as u64]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_day_that_was_read_before_its_end_is_given_up_for_more_of_it() {
    let setting = Setting::watched_for_long().await;
    // An hour into the day, so that there is something of it.
    let now = chrono::Utc::now().date_naive().and_time(chrono::NaiveTime::MIN).and_utc() + Duration::hours(1);
    setting.simulator.set_now(now);
    let today = now.date_naive();
    let run = setting.run(&["collect", "--tables", TABLE, "--date", &today.to_string()]).await;
    assert_eq!(run.status.code(), Some(0), "{}", stderr(&run));
    let early = setting.days().await[&today.to_string()];
    setting.simulator.set_now(now + Duration::days(1));
    let missing = Effect::Status { status: 404, headers: Vec::new(), body: "{}".to_owned() };
    setting.simulator.inject(Fault::new(missing).on_path("/history").times(3));
    let report = setting.collect_at(setting.simulator.now(), setting.simulator.token(), &[TABLE]).await;
    assert!(report.tables[0].rows.is_some(), "{report:?}");
    assert_eq!(setting.days().await[&today.to_string()], early - 3);
}
