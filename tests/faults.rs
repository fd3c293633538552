//! Every way of reading against every way of failing: a run ends with the rows of an undisturbed run, or names exactly those parents whose
//! rows are missing, and the next run brings them. Waits are as long as they were told to be, and pages shrink and recover.

use std::{
    collections::BTreeSet,
    net::TcpListener,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use almanac::collecting::Report;
use almanac_collectors::collect::Status;
use almanac_simulator::{Effect, Fault, Options, RequestLog};
use futures::{StreamExt, stream};
use serde_json::{Value, json};

use crate::{common::Setting, contracts::recorded};

/// Runs that go on at once: most of their time they wait.
const AT_ONCE: usize = 6;

/// A company, and how its tables are read: each table with what tells the requests of its walk, an operation or a part of the path.
#[derive(Clone, Copy)]
struct Company {
    repositories: usize,
    history_days: u32,
    ways: &'static [(&'static str, &'static str)],
}

/// Batches of repositories, pages, lists that begin with the newest, and a list for each repository.
const WALKS: Company = Company {
    repositories: 24,
    history_days: 20,
    ways: &[
        ("branch_protection_rules", "Protection"),
        ("deployments", "Deployments"),
        ("pull_requests", "PullRequests"),
        ("releases", "Releases"),
        ("repository_files", "RepositoryFiles"),
        ("teams", "Teams"),
        ("workflow_runs", "/actions/runs"),
    ],
};

/// What every walk begins with: without it there is nothing else to read.
const LISTING: Company = Company { ways: &[("repositories", "Repositories")], ..WALKS };

/// What is read only of what another list has.
const DETAILS: Company = Company { ways: &[("deployments", "DeploymentStatuses")], ..WALKS };

/// Lists of the organisation, longer than a page but for one.
const LISTS: Company = Company {
    repositories: 104,
    history_days: 2,
    ways: &[
        ("code_scanning_alerts", "/code-scanning/alerts"),
        ("dependabot_alerts", "/dependabot/alerts"),
        ("repository_properties", "/properties/values"),
        ("secret_scanning_alerts", "/secret-scanning/alerts"),
    ],
};

/// Which request of a walk is struck.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    /// The first.
    First,
    /// One that goes on with a list: where a list fits into one request, its pages were made short before.
    Within,
}

impl Place {
    /// How many requests of a walk come before. Over GraphQL three that are not answered make pages short, and the second of those is meant.
    fn before(self, way: &str) -> usize {
        match self {
            Self::First => 0,
            // So few secrets are found that one page has them all; it is walked like the other alerts.
            Self::Within if way == "/secret-scanning/alerts" => 0,
            Self::Within if way.starts_with('/') => 1,
            Self::Within => 4,
        }
    }
}

const PLACES: [Place; 2] = [Place::First, Place::Within];

/// What a run left: every row as (table, parent, cells), and every gap as (table, parent, whether what is there counts).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Left {
    rows: BTreeSet<(String, String, String)>,
    gaps: BTreeSet<(String, String, bool)>,
}

impl Company {
    fn options(self) -> Options {
        Options { repositories: self.repositories, history_days: self.history_days, future_days: 1, ..Options::default() }
    }

    async fn setting(self) -> Setting {
        let setting = Setting::with(self.options()).await;
        setting.configure("concurrency = 2\ntimeout_s = 1\nmax_wait_s = 5");
        setting
    }

    fn tables(self) -> Vec<String> {
        let tables: BTreeSet<&str> = self.ways.iter().map(|(table, _)| *table).collect();
        tables.into_iter().map(|table| format!("github.{table}")).collect()
    }

    async fn undisturbed(self) -> Left {
        let setting = self.setting().await;
        let left = setting.left(self, 0).await;
        assert_eq!(tables_of(&left.rows), self.tables().iter().map(|table| table.trim_start_matches("github.").to_owned()).collect());
        left
    }
}

fn tables_of(rows: &BTreeSet<(String, String, String)>) -> BTreeSet<String> {
    rows.iter().map(|(table, ..)| table.clone()).collect()
}

/// What a row hangs on: its repository, or its organisation.
fn parent_column(table: &str) -> &'static str {
    if table == "github.teams" { "organization" } else { "full_name" }
}

fn strikes(request: &RequestLog, way: &str) -> bool {
    if way.starts_with('/') { request.path.contains(way) } else { request.operation.as_deref() == Some(way) }
}

fn on(fault: Fault, way: &str) -> Fault {
    if way.starts_with('/') { fault.on_path(way) } else { fault.on_operation(way) }
}

impl Setting {
    /// Lets a fault strike once in a walk.
    fn strike(&self, effect: &Effect, way: &str, place: Place, times: usize) {
        let before = place.before(way);
        if before > 1 {
            self.simulator.inject(on(Fault::new(Effect::BadGateway), way).times(before - 1));
        }
        self.simulator.inject(on(Fault::new(effect.clone()), way).after(before).times(times));
    }

    /// Collects so many minutes after the start, and looks at what is there then.
    async fn left(&self, company: Company, minutes: i64) -> Left {
        let report = self.collected(company, minutes).await;
        self.found(company, &report).await
    }

    async fn collected(&self, company: Company, minutes: i64) -> Report {
        let tables = company.tables();
        let tables: Vec<&str> = tables.iter().map(String::as_str).collect();
        let now = self.simulator.now() + chrono::Duration::minutes(minutes);
        self.collect_at(now, self.simulator.token(), &tables).await
    }

    async fn found(&self, company: Company, report: &Report) -> Left {
        let mut left = Left::default();
        for table in &report.tables {
            assert_eq!(table.error, None, "{}", table.name);
            let name = table.name.trim_start_matches("github.");
            left.gaps.extend(table.gaps.iter().map(|(parent, status, _)| (name.to_owned(), parent.name.clone(), status.keeps_rows())));
        }
        left.rows = self.stored(&company.tables(), parent_column).await;
        left.rows =
            left.rows.into_iter().map(|(table, parent, cells)| (table.trim_start_matches("github.").to_owned(), parent, cells)).collect();
        left
    }
}

/// What is wrong with a run that was disturbed: rows that nobody else has and that are not said to lack something, rows that are missing
/// without a word, rows that are there though their parent is said not to have been read.
fn problem(found: &Left, undisturbed: &Left) -> Option<String> {
    let owner = |parent: &str| parent.split('/').next().unwrap_or_default().to_owned();
    let gap = |table: &str, parent: &str, left: &Left| {
        let told = |name: String| left.gaps.iter().find(|(of, gap, _)| of == table && *gap == name).map(|(.., keeps)| *keeps);
        told(parent.to_owned()).or_else(|| told(owner(parent)))
    };
    if let Some(row) = found.rows.difference(&undisturbed.rows).find(|(table, parent, _)| gap(table, parent, found) != Some(true)) {
        return Some(format!("a row that is not there: {}", shown(row)));
    }
    if let Some(row) = undisturbed.rows.difference(&found.rows).find(|(table, parent, _)| gap(table, parent, found).is_none()) {
        return Some(format!("a row is missing, and nothing says so: {}", shown(row)));
    }
    let unread = |(table, parent, _): &&(String, String, String)| gap(table, parent, found) == Some(false);
    found.rows.iter().find(unread).map(|row| format!("a row of what was not read: {}", shown(row)))
}

/// As much of a row as tells it from others.
fn shown((table, parent, cells): &(String, String, String)) -> String {
    format!("{table} {parent} {}", cells.chars().take(120).collect::<String>())
}

/// How a run ends after a fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    /// With everything.
    Whole,
    /// With everything or with outcomes that say what is missing.
    Told,
}

/// One fault, how often in a row it strikes, and what comes of it.
#[derive(Clone)]
struct Case {
    told: String,
    effect: Effect,
    times: usize,
    end: End,
}

impl Case {
    /// Whether such a thing can happen there.
    fn can_strike(&self, way: &str) -> bool {
        match self.effect {
            // A repository that the list names and does not show is a row that says less: see `outcomes.rs`.
            Effect::NullNode { .. } | Effect::GraphqlErrors => !way.starts_with('/') && way != "Repositories",
            // What only GraphQL says is nothing that REST can say.
            Effect::SomethingWentWrong | Effect::SecondaryLimit { status: 200, .. } => !way.starts_with('/'),
            _ => true,
        }
    }
}

fn case(effect: Effect, times: usize, end: End) -> Case {
    Case { told: format!("{effect:?} ×{times}"), effect, times, end }
}

fn answer(status: u16, body: &str) -> Effect {
    Effect::Status { status, headers: Vec::new(), body: body.to_owned() }
}

/// What goes by, and what the next run has to make up for.
fn faults() -> Vec<Case> {
    let server_error = || answer(500, "{\"message\": \"Server Error\"}");
    vec![
        case(Effect::BadGateway, 1, End::Whole),
        case(Effect::SomethingWentWrong, 1, End::Whole),
        case(server_error(), 1, End::Whole),
        case(Effect::DropConnection, 1, End::Whole),
        case(Effect::Delay(Duration::from_millis(1_300)), 1, End::Whole),
        case(Effect::Duplicate, 1, End::Whole),
        case(Effect::NullNode { nth: 2 }, 1, End::Told),
        case(Effect::NullNode { nth: 0 }, 3, End::Told),
        case(Effect::GraphqlErrors, 2, End::Told),
        case(Effect::SomethingWentWrong, 12, End::Told),
        case(Effect::BadGateway, 12, End::Told),
        case(answer(200, "{\"data\": {\"nodes\": [{\"id\""), 1, End::Told),
        case(answer(200, "7"), 1, End::Told),
        case(answer(404, "{\"message\": \"Not Found\"}"), 1, End::Told),
    ]
}

/// Limits that say how long they last, or that last less than we wait.
fn short_limits() -> Vec<Case> {
    let mut cases = vec![case(Effect::PrimaryLimitExhausted { reset_in_seconds: 1 }, 1, End::Whole)];
    let statuses = [403, 429, 200];
    cases.extend(statuses.map(|status| case(Effect::SecondaryLimit { retry_after: Some(1), status }, 1, End::Whole)));
    cases
}

/// Limits that last longer than we wait: the run ends in order.
fn long_limits() -> Vec<Case> {
    let mut cases = vec![case(Effect::PrimaryLimitExhausted { reset_in_seconds: 1_000 }, usize::MAX, End::Told)];
    let limits = [(Some(1_000), 403), (Some(1_000), 429), (Some(1_000), 200), (None, 403), (None, 429), (None, 200)];
    cases.extend(limits.map(|(retry_after, status)| case(Effect::SecondaryLimit { retry_after, status }, usize::MAX, End::Told)));
    cases
}

/// A run with this fault in each of these ways, and the next run without: what is wrong with them.
async fn disturbed(company: Company, ways: &[(&str, &str)], case: &Case, place: Place, undisturbed: &Left) -> Vec<String> {
    let setting = company.setting().await;
    let ways: Vec<&str> = ways.iter().map(|(_, way)| *way).filter(|way| case.can_strike(way)).collect();
    for way in &ways {
        setting.strike(&case.effect, way, place, case.times);
    }
    let found = setting.left(company, 0).await;
    let mut problems: Vec<String> = problem(&found, undisturbed).into_iter().collect();
    let requests = setting.simulator.requests();
    let met = |way: &&&str| requests.iter().filter(|request| strikes(request, way)).count() > place.before(way);
    problems.extend(ways.iter().filter(|way| !met(way)).map(|way| format!("nothing was struck in {way}")));
    if case.end == End::Whole && found != *undisturbed {
        let gap = found.gaps.difference(&undisturbed.gaps).next();
        problems.push(format!("{} of {} rows, and a gap: {gap:?}", found.rows.len(), undisturbed.rows.len()));
    }
    setting.simulator.clear_faults();
    let next = setting.left(company, 1).await;
    if next != *undisturbed {
        let (missing, gap) = (undisturbed.rows.difference(&next.rows).next(), next.gaps.difference(&undisturbed.gaps).next());
        let surplus = next.rows.difference(&undisturbed.rows).next();
        let (missing, surplus) = (missing.map(shown), surplus.map(shown));
        problems.push(format!("the next run lacks {missing:?}, has {surplus:?}, and leaves {gap:?}"));
    }
    problems.into_iter().map(|problem| format!("{} {place:?} {ways:?}: {problem}", case.told)).collect()
}

/// All these faults at all these places, several runs at once.
async fn all_disturbed(company: Company, cases: &[Case], places: &[Place]) -> Vec<String> {
    let undisturbed = company.undisturbed().await;
    let runs = cases.iter().flat_map(|case| places.iter().map(move |place| (case, *place)));
    let runs: Vec<_> = runs.map(|(case, place)| disturbed(company, company.ways, case, place, &undisturbed)).collect();
    stream::iter(runs).buffer_unordered(AT_ONCE).collect::<Vec<_>>().await.concat()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn walks_survive_what_goes_wrong() {
    for (company, places) in [(WALKS, &PLACES[..]), (LISTING, &PLACES[..]), (DETAILS, &PLACES[1..])] {
        assert_eq!(all_disturbed(company, &faults(), places).await, [""; 0]);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn lists_survive_what_goes_wrong() {
    let cases: Vec<Case> = faults().into_iter().filter(|case| case.can_strike("/")).collect();
    assert_eq!(all_disturbed(LISTS, &cases, &PLACES).await, [""; 0]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn short_limits_are_waited_for() {
    for company in [WALKS, LISTING] {
        assert_eq!(all_disturbed(company, &short_limits(), &PLACES).await, [""; 0]);
    }
    assert_eq!(all_disturbed(LISTS, &short_limits()[..3], &[Place::Within]).await, [""; 0]);
}

/// A limit that lasts holds for all that follows, so each run meets one: each kind at the beginning and near the end of the run, and one
/// of them at every place there is.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn long_limits_end_the_run_in_order() {
    let limits = long_limits();
    let (walks, listing, lists) = (WALKS.undisturbed().await, LISTING.undisturbed().await, LISTS.undisturbed().await);
    let mut runs = Vec::new();
    for (case, place) in limits.iter().take(1).flat_map(|case| PLACES.map(|place| (case, place))) {
        runs.extend(WALKS.ways.chunks(1).map(|way| disturbed(WALKS, way, case, place, &walks)));
        runs.push(disturbed(LISTING, LISTING.ways, case, place, &listing));
    }
    for case in &limits[1..] {
        runs.extend([&WALKS.ways[..1], &WALKS.ways[2..3]].map(|way| disturbed(WALKS, way, case, Place::Within, &walks)));
    }
    runs.extend(LISTS.ways.chunks(1).zip(&limits).map(|(way, case)| disturbed(LISTS, way, case, Place::Within, &lists)));
    assert_eq!(stream::iter(runs).buffer_unordered(AT_ONCE).collect::<Vec<_>>().await.concat(), [""; 0]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_follows_a_redirect_to_another_host() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let elsewhere = format!("http://{}", listener.local_addr().expect("it has an address"));
    let visits = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&visits);
    // Lives as long as the process of the tests does.
    std::thread::spawn(move || {
        listener.incoming().for_each(|_| {
            counted.fetch_add(1, Ordering::SeqCst);
        })
    });
    for company in [WALKS, LISTING, DETAILS, LISTS] {
        let cases = [case(Effect::RedirectTo(elsewhere.clone()), 3, End::Told)];
        assert_eq!(all_disturbed(company, &cases, &PLACES).await, [""; 0]);
    }
    assert_eq!(visits.load(Ordering::SeqCst), 0, "somebody followed the redirect, with the token or without");
}

/// A repository goes away while its organisation is read: what is said of the others is what would be said anyhow.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_deleted_meanwhile_takes_nothing_along() {
    for company in [WALKS, LISTING, DETAILS, LISTS] {
        let undisturbed = company.undisturbed().await;
        let mut problems = Vec::new();
        // Who is in a team, and how many repositories it has, is nothing of one repository.
        for (table, way) in company.ways.iter().filter(|(table, _)| *table != "teams") {
            for place in PLACES {
                let setting = company.setting().await;
                let of_table = |row: &&(String, String, String)| row.0 == *table;
                let parents: BTreeSet<&str> = undisturbed.rows.iter().filter(of_table).map(|(_, parent, _)| parent.as_str()).collect();
                let gone = *parents.last().expect("some repository has rows");
                let name = gone.rsplit('/').next().unwrap_or_default().to_owned();
                setting.strike(&Effect::DeleteRepository(name), way, place, 1);
                let found = setting.left(company, 0).await;
                let others = |left: &Left| -> Left {
                    let rows = left.rows.iter().filter(|(table, parent, _)| parent != gone && table != "teams").cloned().collect();
                    Left { rows, gaps: left.gaps.iter().filter(|(_, parent, _)| parent != gone).cloned().collect() }
                };
                if others(&found) != others(&undisturbed) {
                    let gap = others(&found).gaps.difference(&others(&undisturbed).gaps).next().cloned();
                    let missing = others(&undisturbed).rows.difference(&others(&found).rows).next().map(shown);
                    problems.push(format!("{way} {place:?}: others than {gone} are hit: {gap:?} {missing:?}"));
                }
                let unread = found.rows.iter().find(|(table, parent, _)| found.gaps.contains(&(table.clone(), parent.clone(), false)));
                problems.extend(unread.map(|row| format!("{way} {place:?}: a row of what was not read: {}", shown(row))));
            }
        }
        assert_eq!(problems, [""; 0]);
    }
}

/// Under its old name a repository is still found: REST answers 301, on the same host.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_renamed_meanwhile_is_read_all_the_same() {
    let undisturbed = WALKS.undisturbed().await;
    let (_, parent, _) = undisturbed.rows.iter().find(|(table, ..)| table == "workflow_runs").expect("something ran");
    let name = parent.rsplit('/').next().unwrap_or_default();
    let setting = WALKS.setting().await;
    let effect = Effect::RenameRepository(name.to_owned(), format!("{name}-reloaded"));
    setting.simulator.inject(Fault::new(effect).on_path(format!("/{name}/actions/runs")));
    let found = setting.left(WALKS, 0).await;
    assert_eq!(found.gaps, undisturbed.gaps);
    assert_eq!(found.rows.difference(&undisturbed.rows).next(), None);
    assert_eq!(found.rows.len(), undisturbed.rows.len());
    assert!(setting.simulator.requests().iter().any(|request| request.status == 301), "nothing had moved");
}

/// Seconds since 1970, as the clock on the wall had it when this request came in.
fn wall(request: &RequestLog) -> f64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).expect("1970 is over");
    (since - request.at.elapsed()).as_secs_f64()
}

/// After a limit nothing is asked before the time that was told, and the next request comes within a second of it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn waits_are_as_long_as_they_were_told() {
    let secondary = |status| Effect::SecondaryLimit { retry_after: Some(2), status };
    let primary = Effect::PrimaryLimitExhausted { reset_in_seconds: 2 };
    let waits = [
        (secondary(403), "/properties/values"),
        (secondary(429), "/properties/values"),
        (secondary(200), "Teams"),
        (secondary(403), "Teams"),
        (primary.clone(), "/properties/values"),
        (primary, "Teams"),
    ];
    let measured = waits.map(|(effect, way)| async move {
        let setting = Setting::with(Options { repositories: 12, history_days: 2, ..Options::default() }).await;
        setting.configure("concurrency = 1\nmax_wait_s = 5");
        setting.simulator.inject(on(Fault::new(effect.clone()), way));
        let table = if way == "Teams" { "github.teams" } else { "github.repository_properties" };
        let report = setting.collect_at(setting.simulator.now(), setting.simulator.token(), &[table]).await;
        assert!(report.tables.iter().all(|table| table.gaps.is_empty()), "{effect:?}: {report:?}");
        let requests = setting.simulator.requests();
        let place = requests.iter().position(|request| strikes(request, way)).expect("it was asked for");
        let (struck, next) = (wall(&requests[place]), wall(&requests[place + 1]));
        let until = if matches!(effect, Effect::PrimaryLimitExhausted { .. }) { struck.floor() + 2.0 } else { struck + 2.0 };
        assert!((until..until + 1.0).contains(&next), "{effect:?} on {way}: {:.2} s after the time that was told", next - until);
    });
    futures::future::join_all(measured).await;
}

/// The size of a page, or the number of repositories in a request, of one operation after the other.
fn sizes(exchanges: &[almanac_test_support::recorder::Exchange], operation: &str, variable: &str) -> Vec<u64> {
    let requests = exchanges.iter().filter_map(|exchange| serde_json::from_slice::<Value>(&exchange.request).ok());
    let size = |request: Value| match &request["variables"][variable] {
        Value::Array(list) => Some(list.len() as u64),
        size => size.as_u64(),
    };
    requests.filter(|request| request["operationName"] == operation).filter_map(size).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pages_shrink_and_recover() {
    let (setting, recorder) = recorded(Options { repositories: 180, history_days: 2, ..Options::default() }).await;
    setting.configure("concurrency = 1");
    for (effect, operation) in [
        (Effect::BadGateway, "Repositories"),
        (Effect::SomethingWentWrong, "RepositoryFiles"),
        (Effect::BadGateway, "Protection"),
        (Effect::BadGateway, "Teams"),
    ] {
        setting.simulator.inject(Fault::new(effect).on_operation(operation).times(2));
    }
    let tables = ["github.branch_protection_rules", "github.repositories", "github.repository_files", "github.teams"];
    let report = setting.collect_at(setting.simulator.now(), setting.simulator.token(), &tables).await;
    assert!(report.tables.iter().all(|table| table.gaps.iter().all(|(_, status, _)| *status == Status::Forbidden)), "{report:?}");
    let exchanges = recorder.take();
    assert_eq!(sizes(&exchanges, "Repositories", "first"), [100, 50, 25, 32, 40, 50, 63]);
    assert_eq!(sizes(&exchanges, "Teams", "first"), [50, 25, 12, 15]);
    for operation in ["RepositoryFiles", "Protection"] {
        let sizes = sizes(&exchanges, operation, "ids");
        assert_eq!(sizes[..3], [50, 25, 12], "{operation}: {sizes:?}");
        assert!(sizes[3..].iter().any(|size| *size > 25), "{operation} does not recover: {sizes:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_empty_archived_or_a_ghost_is_told_as_such() {
    let setting = Setting::with(Options { repositories: 200, history_days: 40, ..Options::default() }).await;
    let report = setting.collect_at(setting.simulator.now(), setting.simulator.token(), &[]).await;
    assert!(report.tables.iter().all(|table| table.error.is_none()), "{report:?}");
    let of = |what: &str| {
        format!(
            "select distinct o.status from almanac.outcomes as o join github.repositories as r on r.full_name = o.parent
             where r.{what} and o.table_name in ('deployments', 'pull_requests', 'releases', 'repository_files', 'workflow_runs')
             order by all"
        )
    };
    assert_eq!(setting.query(&of("is_empty")).await, [json!({"status": "empty"})]);
    let archived = setting.query(&of("is_archived")).await;
    assert!(archived.iter().all(|row| row["status"] == "ok" || row["status"] == "empty") && !archived.is_empty(), "{archived:?}");
    let numbers = setting
        .query(
            "select count(*) filter (is_empty) as empty, count(*) filter (is_empty and default_branch is not null) as branches,
                    count(*) filter (is_archived) as archived, count(*) filter (is_archived and archived_at is null) as undated
             from github.repositories",
        )
        .await;
    assert_eq!(numbers, [json!({"empty": 2, "branches": 0, "archived": 12, "undated": 0})]);
    // Whoever deleted the account has no key, and the rows are there all the same.
    let ghosts = setting
        .query(
            "select count(*) filter (author_key is null and author_type is null) > 0 as authors,
                    count(*) filter (author_key is null and author_type is not null) as half from github.pull_requests
             union all select count(*) filter (actor_key is null and actor_type is null) > 0,
                    count(*) filter (actor_key is null and actor_type is not null) from github.workflow_runs",
        )
        .await;
    assert_eq!(ghosts, [json!({"authors": true, "half": 0}), json!({"authors": true, "half": 0})]);
}
