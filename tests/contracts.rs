//! What is said on the wire keeps to the vendors' own descriptions: every query and request that the collectors send, and every answer
//! that the simulator gives, on a first run, on later ones, and with lists within lists that need paging.

use std::collections::{BTreeMap, BTreeSet};

use almanac_simulator::{Options, Permission};
use almanac_test_support::{
    contracts::{GraphqlContract, RestContract},
    recorder::{Exchange, Recorder},
    shared,
};
use chrono::Duration;
use serde_json::{Value, json};

use crate::{
    common::{Setting, output, stderr},
    credentials::key_pair,
};

/// What the description that is shared with us leaves out, though GitHub documents it, and why we ask.
const UNDESCRIBED: [(&str, &str, &str); 4] = [
    ("GET", "/user", "whose token it is"),
    ("GET", "/orgs/{org}/installation", "where an App is installed"),
    ("GET", "/app/installations/{id}", "what an App may do there"),
    ("POST", "/app/installations/{id}/access_tokens", "an App's token"),
];

/// Whether a path is of this form.
fn fits(path: &str, template: &str) -> bool {
    let (parts, names) = (path.split('/'), template.split('/'));
    parts.clone().count() == names.clone().count() && parts.zip(names).all(|(part, name)| name.starts_with('{') || part == name)
}

/// GitHub's descriptions.
struct Contracts {
    graphql: GraphqlContract,
    rest: RestContract,
}

impl Contracts {
    /// Reads them; without them, the test says that it is skipped.
    fn for_test(test: &str) -> Option<Self> {
        let graphql = shared::file_for(test, "contracts/github.graphql")?;
        let rest = shared::file_for(test, "contracts/github-rest.openapi.json")?;
        Some(Self { graphql: GraphqlContract::load(&graphql), rest: RestContract::load(&rest) })
    }

    /// What is wrong, each kind of problem once, with how often it was seen.
    fn problems(&self, exchanges: &[Exchange]) -> BTreeMap<String, usize> {
        let mut problems = BTreeMap::new();
        for exchange in exchanges {
            let path = exchange.path.strip_prefix("/github").expect("requests go to GitHub");
            let found = if path == "/graphql" {
                assert_eq!((exchange.method.as_str(), exchange.status), ("POST", 200), "{path}");
                let request: Value = serde_json::from_slice(&exchange.request).expect("requests are JSON");
                let answer: Value = serde_json::from_slice(&exchange.answer).expect("answers are JSON");
                self.graphql.problems_of_answer(&request, &answer)
            } else if UNDESCRIBED.iter().any(|(method, template, _)| exchange.method == *method && fits(path, template)) {
                Vec::new()
            } else {
                assert!(exchange.status != 304 || exchange.is_conditional, "{path}: nobody asked whether it has changed");
                self.rest.problems(&exchange.method, path, exchange.status, &exchange.answer)
            };
            for problem in found {
                *problems.entry(without_numbers(&problem)).or_default() += 1;
            }
        }
        problems
    }
}

/// Places in lists differ from answer to answer, the problem does not.
fn without_numbers(problem: &str) -> String {
    let mut text = String::new();
    let mut rest = problem;
    while let Some((before, after)) = rest.split_once('[') {
        let number = after.split(']').next().unwrap_or_default();
        text.push_str(before);
        text.push('[');
        rest = if !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()) { &after[number.len()..] } else { after };
    }
    text.push_str(rest);
    text
}

/// The texts of the queries, by operation.
fn queries(exchanges: &[Exchange]) -> BTreeMap<String, BTreeSet<String>> {
    let mut queries: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for exchange in exchanges.iter().filter(|exchange| exchange.path.ends_with("/graphql")) {
        let request: Value = serde_json::from_slice(&exchange.request).expect("requests are JSON");
        let text = |key: &str| request[key].as_str().unwrap_or_default().to_owned();
        queries.entry(text("operationName")).or_default().insert(text("query"));
    }
    queries
}

/// A company behind a recorder.
pub(crate) async fn recorded(options: Options) -> (Setting, Recorder) {
    let setting = Setting::with(options).await;
    let url = setting.simulator.github_api_url();
    let recorder = Recorder::start(&url).await;
    let file = setting.path().join("almanac.toml");
    let text = std::fs::read_to_string(&file).expect("the configuration is there");
    std::fs::write(&file, text.replace(&url, &recorder.instead_of(&url))).expect("the configuration is written");
    (setting, recorder)
}

impl Contracts {
    /// Fails where an exchange or the text of a query is not as described.
    fn hold(&self, exchanges: &[Exchange]) {
        assert_eq!(self.problems(exchanges), BTreeMap::new());
        for text in queries(exchanges).values().flatten() {
            assert_eq!(self.graphql.problems_of_query(text), [""; 0], "{text}");
        }
    }
}

/// REST paths without what differs from organisation to organisation and from repository to repository.
fn endpoints(exchanges: &[Exchange]) -> BTreeSet<String> {
    let general = |path: &str| {
        let mut parts: Vec<&str> = path.split('?').next().unwrap_or_default().split('/').skip(2).collect();
        match parts.first() {
            Some(&"repos") => parts.drain(1..3).for_each(drop),
            Some(&"orgs") => parts.drain(1..2).for_each(drop),
            _ => {}
        }
        parts.join("/")
    };
    exchanges.iter().map(|exchange| general(&exchange.path)).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_request_and_answer_is_as_described() {
    let Some(contracts) = Contracts::for_test("contracts::every_request_and_answer_is_as_described") else { return };
    let (setting, recorder) = recorded(Options { repositories: 60, history_days: 60, ..Options::default() }).await;
    let token = setting.simulator.token().to_owned();
    let mut exchanges = Vec::new();
    for day in 0..3 {
        let now = setting.simulator.now() + Duration::days(i64::from(day > 0));
        setting.simulator.set_now(now);
        let report = setting.collect_at(now, &token, &[]).await;
        assert!(report.tables.iter().all(|table| table.error.is_none()), "{report:?}");
        let part = recorder.take();
        assert!(!part.is_empty(), "day {day}: nothing was recorded");
        exchanges.extend(part);
    }
    contracts.hold(&exchanges);

    let operations: Vec<String> = queries(&exchanges).into_keys().collect();
    let expected = [
        "DeploymentStatuses",
        "Deployments",
        "OrganizationRulesets",
        "Protection",
        "PullRequestLists",
        "PullRequests",
        "Releases",
        "Repositories",
        "RepositoryFiles",
        "Teams",
    ];
    assert_eq!(operations, expected);
    let expected = [
        "graphql",
        "orgs/code-scanning/alerts",
        "orgs/dependabot/alerts",
        "orgs/properties/values",
        "orgs/repos",
        "orgs/secret-scanning/alerts",
        "repos/actions/runs",
        "repos/code-scanning/alerts",
    ];
    assert_eq!(endpoints(&exchanges), expected.map(str::to_owned).into());
    assert!(exchanges.iter().any(|exchange| exchange.status == 304), "nothing was asked for only if it has changed");
}

/// What is asked before a run, and by an App in its own name.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_asked_beforehand_is_as_described() {
    let Some(contracts) = Contracts::for_test("contracts::what_is_asked_beforehand_is_as_described") else { return };
    let (setting, recorder) = recorded(Options { repositories: 20, history_days: 5, ..Options::default() }).await;
    for verb in ["doctor", "plan"] {
        let run = setting.run(&[verb]).await;
        assert!(matches!(run.status.code(), Some(0 | 1)), "{verb}: {}", stderr(&run));
        let exchanges = recorder.take();
        assert!(!exchanges.is_empty(), "{verb}: nothing was recorded");
        contracts.hold(&exchanges);
    }
    let Some((private, public)) = key_pair("contracts::what_is_asked_beforehand_is_as_described") else { return };
    setting.simulator.trust_app_key(&public);
    setting.configure(&format!("app_id = {}\nprivate_key_env = \"KEY\"", setting.simulator.app().id));
    for args in [&["doctor"][..], &["collect", "--tables", "github.teams,github.repository_properties"]] {
        let run = output(setting.command(args).env("KEY", &private)).await;
        assert!(matches!(run.status.code(), Some(0 | 1 | 3)), "{args:?}: {}", stderr(&run));
        let exchanges = recorder.take();
        assert!(exchanges.iter().any(|exchange| exchange.path.ends_with("/access_tokens")), "{args:?}: {:?}", endpoints(&exchanges));
        contracts.hold(&exchanges);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn lists_within_lists_are_as_described() {
    let Some(contracts) = Contracts::for_test("contracts::lists_within_lists_are_as_described") else { return };
    // More commits than come with a pull request.
    let folder = tempfile::TempDir::new().expect("a temporary folder");
    let file = folder.path().join("long.csv");
    let row = |number: i64| format!("{number},{number:040x},{},{},{},5,5,1\n", 1_795_000_000 + number, 1_794_000_000, 60 * number);
    let rows: String = (1..=4).map(row).collect();
    std::fs::write(&file, format!("pr,merge_sha,merged_at,first_authored_at,commits,additions,deletions,files\n{rows}")).expect("a file");
    let (setting, recorder) = recorded(Options { repositories: 20, history_days: 20, pulls_csv: Some(file), ..Options::default() }).await;
    let token = setting.simulator.token().to_owned();
    let report = setting.collect_at(setting.simulator.now(), &token, &[]).await;
    assert!(report.tables.iter().all(|table| table.error.is_none()), "{report:?}");
    let exchanges = recorder.take();
    contracts.hold(&exchanges);
    let queries = queries(&exchanges);
    assert!(queries.contains_key("PullRequestLists"), "no list was cut: {:?}", queries.keys());
}

/// Lists of the organisation in many short pages, and what GraphQL says to who asks for longer ones.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn short_pages_are_as_described() {
    let Some(contracts) = Contracts::for_test("contracts::short_pages_are_as_described") else { return };
    let (setting, recorder) = recorded(Options { repositories: 40, history_days: 20, page_limit: 3, ..Options::default() }).await;
    let token = setting.simulator.token().to_owned();
    setting.collect_at(setting.simulator.now(), &token, &["github.dependabot_alerts", "github.repository_properties"]).await;
    let exchanges = recorder.take();
    assert_eq!(contracts.problems(&exchanges), BTreeMap::new());
    for list in ["/dependabot/alerts", "/properties/values"] {
        let pages = exchanges.iter().filter(|exchange| exchange.path.contains(list)).count();
        assert!(pages > 2, "{list} fits into {pages} pages");
    }
}

/// Those without which REST says no.
const PERMISSIONS: [Permission; 5] = [
    Permission::Actions,
    Permission::CodeScanningAlerts,
    Permission::CustomProperties,
    Permission::DependabotAlerts,
    Permission::SecretScanningAlerts,
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn refusals_are_as_described() {
    let Some(contracts) = Contracts::for_test("contracts::refusals_are_as_described") else { return };
    let (setting, recorder) = recorded(Options { repositories: 10, history_days: 10, ..Options::default() }).await;
    for permission in PERMISSIONS {
        let token = setting.simulator.token_without(permission);
        setting.collect_at(setting.simulator.now(), &token, &[]).await;
        let exchanges = recorder.take();
        assert!(exchanges.iter().any(|exchange| exchange.status == 403 || exchange.status == 404), "{permission:?}: nothing was refused");
        assert_eq!(contracts.problems(&exchanges), BTreeMap::new(), "{permission:?}");
    }
}

/// Datadog, of which two versions are described, each for itself. The others have no description that could be shared.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn datadog_is_asked_and_answers_as_described() {
    let test = "contracts::datadog_is_asked_and_answers_as_described";
    let Some(first) = shared::file_for(test, "contracts/datadog-v1.openapi.json") else { return };
    let Some(second) = shared::file_for(test, "contracts/datadog-v2.openapi.json") else { return };
    let (first, second) = (RestContract::load(&first), RestContract::load(&second));
    let setting = Setting::whole(Options { repositories: 60, history_days: 30, ..Options::default() }).await;
    let url = setting.simulator.datadog_api_url();
    let recorder = Recorder::start(&url).await;
    let file = setting.path().join("almanac.toml");
    let text = std::fs::read_to_string(&file).expect("the configuration is there").replace(&url, &recorder.instead_of(&url));
    // Short pages, so that every list has several.
    std::fs::write(&file, text.replace("[datadog]", "[datadog]\npage_size = 15")).expect("the configuration is written");
    let tables: Vec<String> = almanac_collectors::datadog::TABLES.iter().map(|table| table.full_name()).collect();
    let tables: Vec<&str> = tables.iter().map(String::as_str).collect();
    let token = setting.simulator.token().to_owned();
    let report = setting.collect_at(setting.simulator.now(), &token, &tables).await;
    assert!(report.tables.iter().all(|table| table.error.is_none() && table.gaps.is_empty()), "{report:?}");
    let doctor = setting.run(&["doctor", "--tables", &tables.join(",")]).await;
    assert_eq!(doctor.status.code(), Some(0), "{}", stderr(&doctor));
    let key = setting.simulator.datadog_app_key_without("slos_read");
    let refused = output(setting.command(&["collect", "--tables", "datadog.slos"]).env("DD_APP_KEY", key)).await;
    assert_eq!(refused.status.code(), Some(3), "{}", stderr(&refused));

    let exchanges = recorder.take();
    let mut problems = BTreeMap::new();
    let mut asked: BTreeMap<String, usize> = BTreeMap::new();
    for exchange in &exchanges {
        let path = exchange.path.strip_prefix("/datadog").expect("requests go to Datadog");
        let contract = if path.starts_with("/api/v1/") { &first } else { &second };
        for problem in contract.problems(&exchange.method, path, exchange.status, &exchange.answer) {
            *problems.entry(without_numbers(&problem)).or_insert(0) += 1;
        }
        let general = path.split('?').next().unwrap_or_default();
        let general = if general.ends_with("/history") { "/api/v1/slo/{slo_id}/history" } else { general };
        *asked.entry(general.to_owned()).or_default() += 1;
    }
    assert_eq!(problems, BTreeMap::new());
    let expected = [
        "/api/v1/dashboard",
        "/api/v1/monitor",
        "/api/v1/slo",
        "/api/v1/slo/{slo_id}/history",
        "/api/v1/synthetics/tests",
        "/api/v1/validate",
        "/api/v2/downtime",
        "/api/v2/incidents",
        "/api/v2/services/definitions",
    ];
    assert_eq!(asked.keys().map(String::as_str).collect::<Vec<_>>(), expected);
    assert!(exchanges.iter().any(|exchange| exchange.status == 403), "nothing was refused");
}

/// A check that finds nothing wrong must be able to find something wrong.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_not_as_described_is_found() {
    let Some(contracts) = Contracts::for_test("contracts::what_is_not_as_described_is_found") else { return };
    let graphql = &contracts.graphql;
    for query in
        ["{ organization(login: \"a\") { naem } }", "{ organization { name } }", "query($a: Int!) { organization(login: $a) { name } }"]
    {
        assert!(!graphql.problems_of_query(query).is_empty(), "{query}");
    }
    let query = "query Q($id: ID!, $with: Boolean!) { node(id: $id) { ... on PullRequest {
        number state createdAt fullDatabaseId author { __typename login } mergedAt @include(if: $with) labels(first: 1) { nodes { name } } } } }";
    let request = json!({ "query": query, "operationName": "Q", "variables": { "id": "x", "with": false } });
    let right = json!({
        "number": 1, "state": "OPEN", "createdAt": "2026-11-21T10:00:00Z", "fullDatabaseId": "1",
        "author": { "__typename": "Bot", "login": "a" }, "labels": { "nodes": [{ "name": "a" }, null] },
    });
    let problems = |node: &Value| graphql.problems_of_answer(&request, &json!({ "data": { "node": node } }));
    assert_eq!(problems(&right), [""; 0]);
    assert_eq!(problems(&Value::Null), [""; 0]);
    let wrong = [
        ("/number", json!("1")),
        ("/number", json!(1_u64 << 40)),
        ("/number", Value::Null),
        ("/state", json!("open")),
        ("/createdAt", json!("2026-11-21 10:00:00")),
        ("/fullDatabaseId", json!(1)),
        ("/author/__typename", json!("Robot")),
        ("/author", json!({ "__typename": "Bot" })),
        ("/labels/nodes", json!({})),
        ("/labels/nodes/0", json!({ "name": "a", "color": "red" })),
    ];
    for (place, value) in wrong {
        let mut node = right.clone();
        *node.pointer_mut(place).expect("the place is there") = value.clone();
        assert_eq!(problems(&node).len(), 1, "{place} = {value}: {:?}", problems(&node));
    }
    // A fragment on an interface takes part in whatever implements it.
    let of_interface =
        "{ node(id: \"x\") { ... on BypassPullRequestAllowance { actor { __typename ...Known } } } } fragment Known on Node { id }";
    let of_actor = |actor: Value| {
        graphql.problems_of_answer(&json!({ "query": of_interface }), &json!({ "data": { "node": { "actor": actor } } })).len()
    };
    assert_eq!(of_actor(json!({ "__typename": "App", "id": "A" })), 0);
    assert_eq!(of_actor(json!({ "__typename": "App" })), 1);
    let mut more = right.clone();
    more["mergedAt"] = Value::Null;
    assert_eq!(problems(&more).len(), 1, "it was not asked for");
    let without = json!({ "query": query, "operationName": "Q", "variables": { "id": "x" } });
    assert_eq!(graphql.problems_of_answer(&without, &json!({ "data": { "node": null } })).len(), 1, "a variable is missing");
    let surplus = json!({ "query": query, "operationName": "Q", "variables": { "id": "x", "with": false, "without": 1 } });
    assert_eq!(graphql.problems_of_answer(&surplus, &json!({ "data": { "node": null } })).len(), 1, "a variable is none of the query's");
    for answer in [json!({}), json!({ "data": null }), json!({ "errors": [] }), json!({ "data": { "node": null }, "errors": [{}] })] {
        assert_eq!(graphql.problems_of_answer(&request, &answer).len(), 1, "{answer}");
    }

    let rest = |path: &str, status: u16, answer: &str| contracts.rest.problems("GET", path, status, answer.as_bytes());
    let list = "/orgs/a/properties/values";
    let right = r#"[{"repository_id": 1, "repository_name": "b", "repository_full_name": "a/b", "properties": [{"property_name": "p", "value": null}]}]"#;
    assert_eq!(rest(list, 200, right), [""; 0]);
    assert_eq!(rest(list, 403, r#"{"message": "no"}"#), [""; 0]);
    assert_eq!(rest(&format!("{list}?per_page=100"), 200, right), [""; 0]);
    for (path, status, answer) in [
        ("/orgs/a/no/such", 200, "[]"),
        (list, 200, "{}"),
        (list, 200, "[{}]"),
        (list, 200, "nonsense"),
        (list, 200, &right.replace("null", "1")),
        (list, 418, "{}"),
        (list, 304, "{}"),
        ("/orgs//properties/values", 200, right),
        ("/repos/a/b/actions/runs/seven/jobs", 404, "{}"),
        ("/orgs/a/properties/values?per_page=many", 200, right),
        ("/orgs/a/properties/values?perpage=1", 200, right),
    ] {
        assert!(!rest(path, status, answer).is_empty(), "{path} {status} {answer}");
    }
}
