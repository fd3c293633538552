//! Repositories, their files, what guards them, and teams: the rows are those of the company, at few requests, and a gap is told as one.

use std::collections::BTreeMap;

use almanac::config::Config;
use almanac_simulator::{Effect, Fault, Options, Permission};
use serde_json::{Value, json};

use crate::common::{Setting, assert_same};

const HYGIENE: [&str; 9] = [
    "github.branch_protection_rules",
    "github.repositories",
    "github.repository_files",
    "github.repository_properties",
    "github.repository_rulesets",
    "github.rulesets",
    "github.team_members",
    "github.team_repositories",
    "github.teams",
];

impl Setting {
    /// A company of so many repositories, and its hygiene as of now.
    async fn of(repositories: usize) -> Self {
        let setting = Self::with(Options { repositories, history_days: 5, future_days: 0, ..Options::default() }).await;
        setting.hygiene(&HYGIENE).await;
        setting
    }

    /// Collects these tables with a token that may do everything; what it cost, by table.
    async fn hygiene(&self, tables: &[&str]) -> BTreeMap<String, u64> {
        let token = self.simulator.token().to_owned();
        self.hygiene_with(&token, tables).await
    }

    async fn hygiene_with(&self, token: &str, tables: &[&str]) -> BTreeMap<String, u64> {
        self.simulator.reset_requests();
        // A run is told from the one before it by its moment.
        self.simulator.set_now(self.simulator.now() + chrono::Duration::minutes(1));
        let report = self.collect_at(self.simulator.now(), token, tables).await;
        let failed: Vec<_> = report.tables.iter().filter_map(|table| table.error.as_ref()).collect();
        assert!(failed.is_empty(), "{failed:?}");
        let by_table: BTreeMap<_, _> = report.tables.iter().map(|table| (table.name.clone(), table.requests)).collect();
        let counted: u64 = by_table.values().sum();
        let listed = if by_table.contains_key("github.repositories") { 0 } else { self.listing_requests() };
        assert_eq!(counted + listed, self.simulator.requests().len() as u64, "each request stands in the ledger once: {by_table:?}");
        by_table
    }

    /// The list of repositories, which every walk begins with and `github.repositories` pays for.
    fn listing_requests(&self) -> u64 {
        self.simulator.requests().iter().filter(|request| request.operation.as_deref() == Some("Repositories")).count() as u64
    }

    /// The only number that a query gives.
    async fn count(&self, from: &str) -> i64 {
        let rows = self.query(&format!("select count(*) as n from {from}")).await;
        rows[0]["n"].as_i64().expect("a number")
    }

    /// How the parents of a table ended in the newest run: numbers by status.
    async fn ends(&self, table: &str) -> Value {
        let table = table.trim_start_matches("github.");
        let rows = self
            .query(&format!(
                "select status, count(*) as n from almanac.outcomes
                 where table_name = '{table}' and run_id = (select max(run_id) from almanac.outcomes where table_name = '{table}')
                 group by all order by all"
            ))
            .await;
        rows.iter().map(|row| (row["status"].as_str().unwrap_or_default().to_owned(), row["n"].clone())).collect()
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn files_are_found_where_they_are() {
    let setting = Setting::of(200).await;
    let files = "github.repository_files where kind = 'codeowners'";
    assert_eq!(setting.count(&format!("{files} and path = 'CODEOWNERS'")).await, 36, "30 at the root, 6 there as well");
    assert_eq!(setting.count(&format!("{files} and path = 'docs/CODEOWNERS'")).await, 8);
    assert_eq!(setting.count(&format!("(select distinct repository_id from {files})")).await, 198 - 50);
    assert_eq!(setting.count(&format!("{files} and content_state = 'too_large' and content is null")).await, 2);
    assert_eq!(setting.count(&format!("{files} and content_state not in ('kept', 'too_large')")).await, 0);
    let wrong = "unnest(codeowners_errors) as errors(error)";
    let unknown = format!("(select distinct repository_id from github.repository_files, {wrong} where error like '%:Unknown owner')");
    assert!(setting.count(&unknown).await >= 5 + 4 + 4 + 6, "owners that do not exist, cannot see or may not write, or left");
    let broken = format!("(select distinct repository_id from github.repository_files, {wrong} where error like '%:Invalid pattern')");
    assert_eq!(setting.count(&broken).await, 4);
    assert_eq!(setting.count("github.repository_files where kind <> 'codeowners' and len(codeowners_errors) > 0").await, 0);

    let kinds = setting.query("select kind, min(content_state) as state, count(*) as n from github.repository_files group by kind").await;
    let kinds: BTreeMap<_, _> = kinds.iter().map(|row| (row["kind"].as_str(), row["state"].as_str())).collect();
    for (kind, state) in [("workflow", "not_asked"), ("go_mod", "kept"), ("catalog_info", "kept"), ("security_policy", "not_asked")] {
        assert_eq!(kinds.get(&Some(kind)), Some(&Some(state)), "{kinds:?}");
    }
    assert!(setting.count("github.repository_files where path like '.github/workflows/%' and byte_size > 0").await > 100);
    assert!(setting.ends("github.repository_files").await["empty"].as_i64() >= Some(2), "nothing is in the empty ones");
    // The owner's pseudonym is the member's.
    let owners = "(select distinct regexp_extract(content, '@([0-9a-f]{32})', 1) as key from github.repository_files)";
    assert!(setting.count(&format!("{owners} join github.team_members on member_key = key")).await > 10);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_is_named() {
    let setting = Setting::of(200).await;
    let secrets = setting.simulator.secrets();
    for table in HYGIENE {
        let rows = setting.query(&format!("select * from {table}")).await;
        let text = Value::from(rows).to_string();
        let named: Vec<_> = secrets.iter().filter(|secret| text.contains(secret.as_str())).collect();
        assert!(named.is_empty(), "{table}: {named:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_path_of_ones_own_is_looked_for() {
    let setting = Setting::with(Options { repositories: 20, history_days: 5, ..Options::default() }).await;
    setting.configure("files = [\"README.md\", \"docs/\", \"go.mod\", \"go.mod\", \".github\"]\nmax_file_bytes = 10");
    setting.hygiene(&["github.repository_files"]).await;
    let kinds = setting.query("select distinct kind, content_state from github.repository_files order by all").await;
    assert_eq!(
        kinds,
        [
            json!({"kind": "codeowners", "content_state": "not_asked"}),
            json!({"kind": "go_mod", "content_state": "too_large"}),
            json!({"kind": "other", "content_state": "not_asked"})
        ]
    );
    assert_eq!(setting.count("github.repository_files where path = 'README.md'").await, 20);
    assert_eq!(setting.count("github.repository_files where path = '.github'").await, 0, "a folder is no file");

    let path = setting.path().join("almanac.toml");
    let parse = |files: &str| Config::parse(&path, &format!("[github]\norganizations = ['a']\nfiles = {files}"), None).map(drop);
    let error = parse("[\"/go.mod\"]").expect_err("it starts with a slash").to_string();
    assert!(error.contains("`/go.mod` is no path from the root of a repository"), "{error}");
    parse("[]").expect("nothing is a choice");
}

#[test]
fn the_default_file_lists_what_is_looked_for() {
    let text = almanac::config::DEFAULT;
    let written = Config::parse("almanac.toml".as_ref(), text, None).expect("the default is understood").github.expect("it has GitHub");
    let usual = almanac_collectors::github::GithubConfig::new(written.organizations.clone());
    assert_eq!((written.files, written.max_file_bytes), (usual.files, usual.max_file_bytes));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_guards_branches_is_told_in_full() {
    let setting = Setting::of(200).await;
    let own = 24 + 12 + 6 + 4 + 4 + 8;
    assert_eq!(setting.count("github.rulesets where source_type = 'repository'").await, own);
    assert_eq!(setting.count("github.rulesets where source_type = 'organization' and repository_id is null").await, 6);
    assert_eq!(setting.count("github.rulesets where enforcement = 'evaluate' and repository_id is not null").await, 6);
    assert_eq!(setting.count("github.rulesets where list_contains(ref_exclude, '~DEFAULT_BRANCH')").await, 4);
    assert_eq!(setting.count("github.rulesets where name = 'card-data' and repository_conditions = ['pci_scope=in-scope'] and bypass_actors = ['organization_admin::pull_request'] and required_approving_review_count = 2").await, 1);
    assert_eq!(
        setting
            .count(
                "github.rulesets where target = 'tag' and required_approving_review_count is null and rule_types = ['creation', 'deletion']"
            )
            .await,
        1
    );
    assert_eq!(setting.count("github.repository_rulesets where source_type = 'repository'").await, own);
    assert_eq!(setting.count("github.repository_rulesets where name = 'release-tags' and target = 'tag'").await, 200);
    assert_eq!(setting.count("github.repository_rulesets anti join github.rulesets using (ruleset_id)").await, 0);

    // Where GitHub does not show it to us nobody may be taken to be kept out.
    let hidden = "github.repositories where not viewer_can_administer";
    assert_eq!(setting.count(hidden).await, 8);
    let unseen = format!("(select repository_id from {hidden})");
    assert_eq!(
        setting.count(&format!("github.rulesets semi join {unseen} using (repository_id) where bypass_actors is not null")).await,
        0
    );
    assert_eq!(setting.count(&format!("github.branch_protection_rules semi join {unseen} using (repository_id)")).await, 0);
    assert_eq!(setting.ends("github.branch_protection_rules").await["forbidden"], 8);
    assert_eq!(setting.ends("github.rulesets").await["forbidden"], Value::Null);
    assert!(setting.count("github.rulesets where bypass_actors is null").await <= 8);

    let rules = "github.branch_protection_rules";
    assert_eq!(setting.count(&format!("{rules} where pattern = 'trunk' and is_for_default_branch")).await, 0);
    let wildcard = format!(
        "{rules} as wild join {rules} as exact using (repository_id) where wild.pattern = '*' and not wild.is_for_default_branch and exact.is_for_default_branch"
    );
    assert!(setting.count(&wildcard).await > 4, "the exact one counts");
    assert_eq!(
        setting.count(&format!("(select repository_id from {rules} where is_for_default_branch group by all having count(*) > 1)")).await,
        0
    );
    assert!(
        setting
            .count(&format!("{rules} where len(bypass_pull_request_actors) = 3 and bypass_force_push_actors = ['app:lamplighter-ci']"))
            .await
            > 6
    );
    assert!(
        setting
            .count(&format!(
                "{rules}, unnest(bypass_pull_request_actors) as actors(actor) where regexp_matches(actor, '^user:[0-9a-f]{{32}}$')"
            ))
            .await
            > 6
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn settings_are_known_or_unknown() {
    let setting = Setting::of(200).await;
    let repositories = "github.repositories";
    assert_eq!(setting.count(&format!("{repositories} where is_secret_scanning_enabled is null")).await, 8, "where we may only read");
    assert_eq!(setting.count(&format!("{repositories} where is_secret_scanning_enabled is null and viewer_can_administer")).await, 0);
    assert!(setting.count(&format!("{repositories} where is_secret_scanning_enabled = false")).await >= 30);
    assert!(setting.count(&format!("{repositories} where is_advanced_security_enabled")).await > 50);

    // The settings' own requests fail: the repositories are there all the same, and the gap is told.
    setting.simulator.inject(
        Fault::new(Effect::Status { status: 403, headers: Vec::new(), body: "{\"message\":\"no\"}".to_owned() })
            .on_path("/repos?")
            .always(),
    );
    setting.hygiene(&["github.repositories"]).await;
    assert_eq!(setting.count(&format!("{repositories} where is_secret_scanning_enabled is null")).await, 200);
    assert_eq!(setting.ends("github.repositories").await, json!({"truncated": 1}));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn teams_are_read_to_the_last_member() {
    let setting = Setting::of(200).await;
    assert_eq!(setting.count("github.teams").await, 17);
    assert_eq!(setting.count("github.teams where privacy = 'secret'").await, 1);
    assert_eq!(setting.count("github.teams where parent_slug = 'lighthouse-engineering' and parent_team_id is not null").await, 11);
    for (column, table) in [("members", "team_members"), ("repositories", "team_repositories")] {
        let counted = format!(
            "(select team_id from github.teams left join github.{table} as rows using (team_id) group by team_id, {column} having count(rows.team_id) <> {column})"
        );
        assert_eq!(setting.count(&counted).await, 0, "{table}");
    }
    assert_eq!(setting.count("github.team_members where team_slug = 'gas-lamp-migration'").await, 0);
    let permissions = setting.query("select distinct permission from github.team_repositories order by 1").await;
    assert_eq!(permissions.len(), 5, "{permissions:?}");

    // A list beyond its first hundred.
    let large = Setting::of(1000).await;
    assert!(large.count("(select team_id from github.team_repositories group by 1 having count(*) > 200)").await > 0);
    let counted = "(select team_id from github.teams join github.team_repositories using (team_id) group by team_id, repositories having count(*) <> repositories)";
    assert_eq!(large.count(counted).await, 0);
}

/// The figure that the whole is held to: 120 requests, and one for every 100 rows of teams.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_costs_little() {
    for (repositories, most) in [(200, 40), (1000, 120)] {
        let setting = Setting::with(Options { repositories, history_days: 5, future_days: 0, ..Options::default() }).await;
        let by_table = setting.hygiene(&HYGIENE).await;
        let mut rows = 0;
        for table in ["teams", "team_members", "team_repositories"] {
            rows += setting.count(&format!("github.{table}")).await as u64;
        }
        let answered = setting.simulator.requests();
        let requests = answered.len() as u64;
        let points: u64 = answered.iter().map(|request| u64::from(request.cost)).sum();
        assert!(requests <= most + rows / 100, "{requests} requests for {repositories} repositories: {by_table:?}");
        assert!(points <= 5 * most, "{points} points of the 5,000 that an hour has");
        assert!(by_table["github.teams"] <= 1 + rows / 100, "{by_table:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_we_may_not_read_is_no_all_clear() {
    let setting = Setting::with(Options { repositories: 60, history_days: 5, ..Options::default() }).await;
    let without = |permission| setting.simulator.token_without(permission);
    setting.hygiene_with(&without(Permission::Contents), &["github.repository_files"]).await;
    let empty = setting.count("github.repositories").await;
    assert_eq!(empty, 0, "only the files were asked for");
    let ends = setting.ends("github.repository_files").await;
    assert_eq!((ends["ok"].clone(), ends["forbidden"].as_i64() > Some(55)), (Value::Null, true), "{ends}");

    setting.hygiene_with(&without(Permission::Members), &["github.teams", "github.team_members", "github.team_repositories"]).await;
    for table in ["github.teams", "github.team_members", "github.team_repositories"] {
        assert_eq!(setting.ends(table).await, json!({"forbidden": 1}), "{table}");
    }

    setting.hygiene_with(&without(Permission::Administration), &["github.branch_protection_rules", "github.rulesets"]).await;
    assert_eq!(setting.ends("github.branch_protection_rules").await, json!({"forbidden": 60}), "also where the list is empty");
    assert_eq!(setting.count("github.rulesets where bypass_actors is not null").await, 0);
    assert!(setting.count("github.rulesets").await > 6);
}

/// Every row of the tables that are read in batches, and how their parents ended.
const WHOLE: &str = "
    select 'branch_protection_rules' as name, cast(row_ as varchar) as cells from github.branch_protection_rules as row_
    union all select 'repository_files', cast(row_ as varchar) from github.repository_files as row_
    union all select 'repository_rulesets', cast(row_ as varchar) from github.repository_rulesets as row_
    union all select 'rulesets', cast(row_ as varchar) from github.rulesets as row_
    union all select 'team_members', cast(row_ as varchar) from github.team_members as row_
    union all select table_name, concat_ws(' ', parent, status, detail) from almanac.outcomes
        where run_id = (select max(run_id) from almanac.outcomes)
    order by all";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn faults_cost_requests_and_no_rows() {
    let setting = Setting::with(Options { repositories: 120, history_days: 5, ..Options::default() }).await;
    setting.configure("concurrency = 2");
    setting.hygiene(&HYGIENE).await;
    let whole = setting.query(WHOLE).await;
    let faults: [(Effect, &str, usize); 6] = [
        (Effect::BadGateway, "Protection", 2),
        (Effect::BadGateway, "RepositoryFiles", 1),
        (Effect::SomethingWentWrong, "RepositoryFiles", 2),
        (Effect::GraphqlErrors, "Protection", 1),
        (Effect::GraphqlErrors, "RepositoryFiles", 1),
        (Effect::BadGateway, "Teams", 1),
    ];
    for (effect, operation, times) in faults {
        let told = format!("{effect:?} {operation}");
        let skip = usize::from(operation != "Teams");
        setting.simulator.inject(Fault::new(effect).on_operation(operation).after(skip).times(times));
        let usual = 10 + 3 + 6;
        let by_table = setting.hygiene(&HYGIENE).await;
        assert!(by_table.values().sum::<u64>() < 2 * usual, "{told}: {by_table:?}");
        setting.simulator.clear_faults();
        assert_same(&setting.query(WHOLE).await, &whole, &told);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_goes_away_meanwhile_spoils_nothing() {
    let setting = Setting::with(Options { repositories: 60, history_days: 5, ..Options::default() }).await;
    // The oldest repositories are in the first request, which the fault is to strike.
    setting.configure("concurrency = 1");
    setting.hygiene(&["github.repositories"]).await;
    let names = setting.query("select name from github.repositories where not is_empty order by created_at limit 2").await;
    for (place, operation, table) in [(0, "Protection", "github.rulesets"), (1, "RepositoryFiles", "github.repository_files")] {
        let name = names[place]["name"].as_str().expect("a name");
        setting.simulator.inject(Fault::new(Effect::DeleteRepository(name.to_owned())).on_operation(operation));
        setting.hygiene(&[table]).await;
        let ends = setting.ends(table).await;
        assert_eq!((&ends["not_found"], &ends["error"]), (&json!(1), &Value::Null), "{ends}");
        assert_eq!(setting.count(&format!("{table} where full_name like '%/{name}'")).await, 0);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_walk_feeds_what_is_asked_for() {
    let setting = Setting::with(Options { repositories: 60, history_days: 5, ..Options::default() }).await;
    let operations = |setting: &Setting, name: &str| {
        setting.simulator.requests().iter().filter(|request| request.operation.as_deref() == Some(name)).count()
    };
    setting.hygiene(&["github.branch_protection_rules", "github.rulesets", "github.repository_rulesets"]).await;
    assert_eq!((operations(&setting, "Protection"), operations(&setting, "OrganizationRulesets")), (2, 1));
    let rules = setting.count("github.branch_protection_rules").await;
    setting.hygiene(&["github.branch_protection_rules"]).await;
    assert_eq!((operations(&setting, "Protection"), operations(&setting, "OrganizationRulesets")), (2, 0));
    assert_eq!(setting.count("github.branch_protection_rules").await, rules);
    setting.hygiene(&["github.team_repositories"]).await;
    assert_eq!(setting.count("github.teams").await, 0);
    assert!(setting.count("github.team_repositories").await > 0);
}
