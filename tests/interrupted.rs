//! `kill -9` at any moment loses nothing and publishes nothing twice: the lake ends as if nobody had pulled the plug.

use std::{
    collections::BTreeMap,
    process::{Child, Stdio},
    time::{Duration, Instant},
};

use almanac::lake::Lake;
use almanac_simulator::Options;
use chrono::Utc;
use serde_json::Value;

use crate::common::{Setting, assert_same};

/// How many times the plug is pulled in all.
const KILLS: usize = 50;
/// How long a run may take before the test gives up on it.
const PATIENCE: Duration = Duration::from_secs(120);

/// When to pull the plug.
#[derive(Clone, Copy, Debug)]
enum Moment {
    /// So long after the start.
    After(Duration),
    /// As soon as so many more objects are published than were at the start.
    Published(usize),
    /// As soon as so many pieces are staged.
    Staged(usize),
}

/// A seeded sequence of numbers (SplitMix64).
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut word = self.0;
        word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (word ^ (word >> 31)) % bound
    }

    /// A moment within a run that takes about so long. Publishing is short, so half of the moments are tied to what it leaves behind.
    fn moment(&mut self, whole: Duration) -> Moment {
        match self.below(4) {
            0 => Moment::Published(1 + self.below(5) as usize),
            1 => Moment::Staged(1 + self.below(40) as usize),
            _ => Moment::After(whole.mul_f64(self.below(1000) as f64 / 1000.0)),
        }
    }
}

impl Setting {
    /// The same company, and a lake of its own that is still empty.
    fn with_empty_lake(&self) {
        let _ = std::fs::remove_dir_all(self.lake());
    }

    fn objects(&self, below: &str) -> usize {
        self.files(below).iter().filter(|file| file.ends_with(".parquet")).count()
    }

    /// Starts to collect and pulls the plug; true when the run was still at it.
    async fn interrupt(&self, moment: Moment) -> bool {
        let mut child = collecting(self, &["collect"]);
        let (begun, before) = (Instant::now(), self.objects("raw"));
        loop {
            let due = match moment {
                Moment::After(delay) => begun.elapsed() >= delay,
                Moment::Published(more) => self.objects("raw") >= before + more,
                Moment::Staged(pieces) => self.objects("staging") >= pieces,
            };
            let over = child.try_wait().expect("the child can be asked").is_some();
            if due || over {
                child.kill().expect("SIGKILL is delivered");
                child.wait().expect("the child is gone");
                return !over;
            }
            assert!(begun.elapsed() < PATIENCE, "{moment:?} never came");
            tokio::time::sleep(Duration::from_micros(200)).await;
        }
    }

    /// Lets a run come to its end. Some of the company's repositories are closed to us, which is what 3 says.
    async fn finish(&self) {
        let run = self.run(&["collect"]).await;
        assert_eq!(run.status.code(), Some(3), "{}", crate::common::stderr(&run));
    }

    /// Holds whatever is published against what an undisturbed run publishes: whole files, all rows, one object where one is due.
    async fn check_published(&self, whole: &BTreeMap<String, Vec<String>>, told: &str) {
        let listing = self.opened().await.listing().await.expect("the lake lists itself");
        let lake = self.opened().await;
        for (table, objects) in &listing.raw {
            let footers = lake.footers(objects).await.unwrap_or_else(|error| panic!("{told}: {error:?}"));
            if table.starts_with("almanac.") {
                continue;
            }
            let rows: Vec<String> = footers.iter().map(|footer| footer.get("almanac.rows").expect("rows are counted").to_owned()).collect();
            // Objects are listed by date and run: what is there is a beginning of what will be there.
            let expected = &whole[table];
            assert!(expected.starts_with(&rows), "{told}: `{table}` is published with {rows:?} rows instead of {expected:?}");
        }
    }

    /// As [`Setting::everything`], for a table of many rows.
    async fn summary(&self) -> Vec<Value> {
        self.query(
            "select full_name, count(*) as pulls, count(distinct number) as numbers, sum(additions) as lines, sum(number * additions) as mixed \
             from github.pull_requests group by full_name order by full_name",
        )
        .await
    }

    async fn opened(&self) -> Lake {
        Lake::open(&self.lake().display().to_string(), &self.path().join("cache")).expect("the lake opens")
    }

    /// For each table, the rows of its objects.
    async fn row_counts(&self) -> BTreeMap<String, Vec<String>> {
        let lake = self.opened().await;
        let mut counts = BTreeMap::new();
        for (table, objects) in lake.listing().await.expect("the lake lists itself").raw {
            let footers = lake.footers(&objects).await.expect("whole files");
            counts.insert(table, footers.iter().map(|footer| footer.get("almanac.rows").expect("rows are counted").to_owned()).collect());
        }
        counts
    }
}

/// A run under way. What it spools it leaves in the test's own folder when it is killed.
fn collecting(setting: &Setting, args: &[&str]) -> Child {
    let mut command = setting.command(args);
    command.env("TMPDIR", setting.path()).stdout(Stdio::null()).stderr(Stdio::null());
    command.spawn().expect("the command starts")
}

async fn company() -> Setting {
    Setting::with(Options { now: Utc::now(), repositories: 30, history_days: 45, ..Options::default() }).await
}

/// Runs of a first day, each interrupted once to four times, and then left alone.
#[tokio::test(flavor = "multi_thread")]
async fn a_killed_run_is_taken_up_and_ends_like_an_undisturbed_one() {
    let setting = company().await;
    setting.finish().await;
    let (expected, counts) = (setting.everything().await, setting.row_counts().await);
    setting.with_empty_lake();
    let begun = Instant::now();
    setting.finish().await;
    let whole = begun.elapsed();

    let (mut dice, mut kills, mut at_work, mut sequences) = (Dice(20_261_121), 0, 0, 0);
    while kills < KILLS - 15 {
        setting.with_empty_lake();
        let mut told = format!("sequence {sequences}");
        for _ in 0..1 + dice.below(4) {
            let moment = dice.moment(whole);
            told.push_str(&format!(", {moment:?}"));
            at_work += usize::from(setting.interrupt(moment).await);
            kills += 1;
            setting.check_published(&counts, &told).await;
        }
        setting.finish().await;
        assert_same(&setting.everything().await, &expected, &told);
        assert_eq!(setting.objects("staging"), 0, "{told}: the staging is swept");
        sequences += 1;
    }
    // Were all runs over before they were killed, nothing would have been tested.
    assert!(at_work * 2 > kills, "only {at_work} of {kills} runs were still at work");
}

/// Runs of a second day, which read only what changed.
#[tokio::test(flavor = "multi_thread")]
async fn a_killed_incremental_run_neither_loses_a_change_nor_repeats_one() {
    let setting = company().await;
    setting.finish().await;
    let first_day = tempfile::tempdir().expect("a temporary folder");
    copy(&setting.lake(), first_day.path());

    // Three days, so that one of them is no day of rest.
    setting.simulator.set_now(Utc::now() + chrono::Duration::days(3));
    let begun = Instant::now();
    setting.finish().await;
    let whole = begun.elapsed();
    let (expected, counts) = (setting.everything().await, setting.row_counts().await);
    assert_eq!(counts["github.pull_requests"].len(), 2, "the second run found changes");

    let (mut dice, mut kills, mut sequences) = (Dice(7), 0, 0);
    while kills < 15 {
        setting.with_empty_lake();
        copy(first_day.path(), &setting.lake());
        let mut told = format!("sequence {sequences}");
        for _ in 0..1 + dice.below(3) {
            let moment = dice.moment(whole);
            told.push_str(&format!(", {moment:?}"));
            setting.interrupt(moment).await;
            kills += 1;
            let listing = setting.opened().await.listing().await.expect("the lake lists itself");
            let lake = setting.opened().await;
            for objects in listing.raw.values() {
                lake.footers(objects).await.unwrap_or_else(|error| panic!("{told}: {error:?}"));
            }
        }
        setting.finish().await;
        assert_same(&setting.everything().await, &expected, &told);
        assert_eq!(setting.row_counts().await["github.pull_requests"], counts["github.pull_requests"], "{told}");
        sequences += 1;
    }
}

/// A repository whose rows are staged in several pieces: without the last of them it is not read to its end, and is read again.
#[tokio::test(flavor = "multi_thread")]
async fn a_repository_of_many_pieces_is_read_to_its_end() {
    // Alone: a second table that comes along would have the repository read again in any case.
    const ALONE: [&str; 3] = ["collect", "--tables", "github.pull_requests"];
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut csv = "pr,merge_sha,merged_at,first_authored_at,commits,additions,deletions,files\n".to_owned();
    for number in 1..=18_000_u64 {
        let authored_at = 1_700_000_000 + number * 600;
        csv.push_str(&format!("{number},{number:040x},{},{authored_at},1,{number},1,1\n", authored_at + 7_200));
    }
    let path = folder.path().join("colossus.csv");
    std::fs::write(&path, csv).expect("the file is written");
    let options = Options { now: Utc::now(), repositories: 4, history_days: 10, pulls_csv: Some(path), ..Options::default() };
    let setting = Setting::with(options).await;
    assert!(setting.run(&ALONE).await.status.success());
    let (expected, counts) = (setting.summary().await, setting.row_counts().await);

    let mut dice = Dice(3);
    let mut early = 0;
    for round in 0..4 {
        setting.with_empty_lake();
        for _ in 0..1 + dice.below(2) {
            // The few others are staged in no time; the pieces after them are the giant's, which holds three.
            let of_the_giant = |file: &&String| file.contains("/pull_requests/") && !file.ends_with(".0.parquet");
            let mut child = collecting(&setting, &ALONE);
            let begun = Instant::now();
            while !setting.files("staging").iter().any(|file| of_the_giant(&file))
                && child.try_wait().expect("the child can be asked").is_none()
            {
                assert!(begun.elapsed() < PATIENCE, "the second piece never came");
                tokio::time::sleep(Duration::from_micros(500)).await;
            }
            child.kill().expect("SIGKILL is delivered");
            child.wait().expect("the child is gone");
            early += usize::from(setting.objects("raw/github/pull_requests") == 0);
            setting.check_published(&counts, &format!("round {round}")).await;
        }
        assert!(setting.run(&ALONE).await.status.success());
        assert_same(&setting.summary().await, &expected, &format!("round {round}"));
    }
    assert!(early > 0, "every run was over before it was killed");
}

fn copy(from: &std::path::Path, to: &std::path::Path) {
    std::fs::create_dir_all(to).expect("the folder is made");
    for entry in std::fs::read_dir(from).expect("the folder is read").flatten() {
        let target = to.join(entry.file_name());
        match entry.file_type().expect("the type is known").is_dir() {
            true => copy(&entry.path(), &target),
            false => std::fs::copy(entry.path(), target).map(drop).expect("the file is copied"),
        }
    }
}
