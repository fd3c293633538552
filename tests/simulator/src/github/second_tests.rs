//! What a client may rely on when there are two organisations on the host.

use std::collections::HashSet;

use http::Method;
use serde_json::{Value, json};

use crate::company::edits::Edit;
use crate::company::identity::{FIRST, SECOND};
use crate::edits::Edits;
use crate::github::access::Permission;
use crate::github::app::{self, tests::Key};
use crate::options::Options;
use crate::testing::World;

const QUERY: &str = "query($login: String!) {
    viewer { id login }
    organization(login: $login) {
        id databaseId login name url
        teams(first: 50) { totalCount nodes { id databaseId combinedSlug url organization { login }
            members(first: 50) { totalCount nodes { id login } } repositories(first: 50) { nodes { nameWithOwner } } } }
        rulesets(first: 50) { nodes { id databaseId } }
        repositories(first: 50) {
            totalCount
            nodes {
                id databaseId name nameWithOwner url
                owner { id login }
                rulesets(first: 50) { nodes { id databaseId } }
                branchProtectionRules(first: 50) { nodes { id } }
                deployments(first: 50) { nodes { id databaseId } }
                releases(first: 50) { nodes { id databaseId url } }
                pullRequests(first: 50) { totalCount nodes { id fullDatabaseId url reviews(first: 50) { nodes { id fullDatabaseId url } } } }
            }
        }
    }
}";

fn options() -> Options {
    Options { repositories: 20, second_organization: true, ..Options::default() }
}

fn organization(world: &World, login: &str) -> Value {
    let answer = world.query(QUERY, json!({ "login": login }));
    assert_eq!(answer["errors"], Value::Null);
    answer["data"]["organization"].clone()
}

/// Every value of these fields, anywhere below; each with the name of its field and the type that its list is of.
fn values(of: &str, value: &Value, fields: &[&str], found: &mut Vec<String>) {
    match value {
        Value::Object(all) => {
            for (name, inner) in all {
                if fields.contains(&name.as_str()) && !inner.is_null() {
                    found.push(format!("{of}.{name} {inner}"));
                }
                values(if name == "nodes" { of } else { name }, inner, fields, found);
            }
        }
        Value::Array(all) => all.iter().for_each(|inner| values(of, inner, fields, found)),
        _ => {}
    }
}

/// Paths below `/orgs/{org}` and below `/repos/{owner}/{repo}` that every organisation answers.
const OF_ORGANIZATION: [&str; 9] = [
    "",
    "/repos",
    "/properties/values",
    "/dependabot/alerts",
    "/code-scanning/alerts",
    "/secret-scanning/alerts",
    "/rulesets",
    "/teams",
    "/teams/lamp-platform/members",
];
const OF_REPOSITORY: [&str; 5] = ["", "/properties/values", "/rulesets", "/rules/branches/main", "/actions/runs"];

#[test]
fn the_first_answers_the_same_whether_or_not_there_is_a_second() {
    let (alone, both) = (World::new(&Options { second_organization: false, ..options() }), World::new(&options()));
    assert_eq!(organization(&alone, FIRST.login), organization(&both, FIRST.login));
    let paths = OF_ORGANIZATION.iter().map(|path| format!("/orgs/{}{path}", FIRST.login));
    let paths = paths.chain(OF_REPOSITORY.iter().map(|path| format!("/repos/{}/lamp-api{path}", FIRST.login)));
    for path in paths.chain(["/user".to_owned()]) {
        let (one, other) = (alone.get(&path), both.get(&path));
        assert_eq!((one.status, one.value()), (200, other.value()), "{path}");
    }
    assert_eq!(alone.get(&format!("/orgs/{}", SECOND.login)).status, 404);
    let missing = alone.query(QUERY, json!({ "login": SECOND.login }));
    assert_eq!((&missing["data"]["organization"], &missing["errors"][0]["type"]), (&Value::Null, &json!("NOT_FOUND")));
}

#[test]
fn the_second_answers_everything_as_its_own() {
    let world = World::new(&options());
    let whole = organization(&world, SECOND.login);
    assert_eq!((&whole["login"], &whole["databaseId"], &whole["name"]), (&json!(SECOND.login), &json!(SECOND.id), &json!(SECOND.name)));
    assert_eq!(whole["repositories"]["totalCount"], 12);
    let mut addresses = Vec::new();
    values("", &whole, &["url", "nameWithOwner", "combinedSlug"], &mut addresses);
    assert!(addresses.len() > 500 && addresses.iter().all(|address| address.contains(SECOND.login)), "{addresses:?}");
    let paths = OF_ORGANIZATION.iter().map(|path| format!("/orgs/{}{path}", SECOND.login));
    let of_repository = |path: &&str| format!("/repos/{}/lamp-api{path}", SECOND.login);
    for path in paths.chain(OF_REPOSITORY.iter().map(of_repository)) {
        let reply = world.get(&path);
        assert_eq!(reply.status, 200, "{path}");
        let text = reply.value().to_string();
        assert!(!text.contains("clockwork-lighthouse/"), "{path}: {text}");
        // No set of rules need be for this branch; of everything else there is something.
        assert!(text.len() > 100 || path.contains("/rules/"), "{path}: {text}");
        let denied = world.send(Method::GET, &path, "", world.github.access.token_without(Permission::Members), None);
        assert_eq!(denied.status == 403, path.contains("/teams"), "{path}");
    }
    for topic in ["deployments", "releases", "branchProtectionRules"] {
        let repositories = whole["repositories"]["nodes"].as_array().expect("a list");
        assert!(repositories.iter().any(|repository| repository[topic]["nodes"].get(0).is_some()), "no {topic}");
    }
}

#[test]
fn things_are_found_by_ids_that_never_meet() {
    let world = World::new(&options());
    let ids = |login: &str| {
        let mut found = Vec::new();
        values("", &organization(&world, login), &["id", "databaseId", "fullDatabaseId"], &mut found);
        let runs = world.get(&format!("/repos/{login}/lamp-api/actions/runs?per_page=100")).value();
        for run in runs["workflow_runs"].as_array().expect("a list") {
            found.push(format!("run {} {} {}", run["id"], run["node_id"], run["workflow_id"]));
        }
        // Whoever works for both is the same person in both.
        found.retain(|id| !id.contains("\"U_"));
        found.into_iter().collect::<HashSet<String>>()
    };
    let (first, second) = (ids(FIRST.login), ids(SECOND.login));
    assert!(first.len() > 1_000 && second.len() > 500, "{} {}", first.len(), second.len());
    assert_eq!(first.intersection(&second).collect::<Vec<_>>(), Vec::<&String>::new());

    for login in [SECOND.login, FIRST.login] {
        let mut found = Vec::new();
        values("", &organization(&world, login), &["id"], &mut found);
        let mut nodes: Vec<String> = found.iter().map(|id| id.split('"').nth(1).expect("an id").to_owned()).collect();
        nodes.sort_unstable();
        nodes.dedup();
        for chunk in nodes.chunks(100) {
            let answer = world.query("query($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }", json!({ "ids": chunk }));
            assert_eq!(answer["errors"], Value::Null);
            let same = answer["data"]["nodes"].as_array().expect("a list").iter().zip(chunk).all(|(node, id)| node["id"] == **id);
            assert!(same, "{answer}");
        }
        let named = world.get(&format!("/repos/{login}/lamp-api")).value();
        assert_eq!(world.get(&format!("/repositories/{}", named["id"])).value(), named);
        // Several of both in one query do not disturb each other.
        let query = "query($a: ID!, $b: String!) {
            one: node(id: $a) { ... on Repository { nameWithOwner } }
            two: repository(owner: $b, name: \"lamp-api\") { nameWithOwner }
            three: nodes(ids: [$a]) { ... on Repository { nameWithOwner } }
        }";
        let other = if login == FIRST.login { SECOND.login } else { FIRST.login };
        let answer = world.query(query, json!({ "a": named["node_id"], "b": other }))["data"].clone();
        assert_eq!(answer["one"]["nameWithOwner"], format!("{login}/lamp-api"));
        assert_eq!(answer["two"]["nameWithOwner"], format!("{other}/lamp-api"));
        assert_eq!(answer["three"][0]["nameWithOwner"], format!("{login}/lamp-api"));
    }
}

#[test]
fn whoever_works_for_both_is_one_person() {
    let world = World::new(&options());
    let second = world.second.as_ref().expect("it was asked for");
    assert_eq!(second.people.len(), SECOND.people);
    for (here, there) in second.people.iter().zip(&world.company.people) {
        assert_eq!((here.id, &here.login, &here.name, &here.email), (there.id, &there.login, &there.name, &there.email));
    }
    let mine = |login: &str| world.query(QUERY, json!({ "login": login }))["data"]["viewer"].clone();
    assert_eq!(mine(FIRST.login), mine(SECOND.login));
}

#[test]
fn each_organisation_has_an_installation_of_its_own() {
    let Some(key) = Key::generate() else { return };
    let world = World::new(&options());
    world.github.app.trust(&key.public);
    let signed = key.good();
    let send = |method: Method, target: &str, token: &str| world.send(method, target, "", token, None);
    let all = send(Method::GET, "/app/installations", &signed).value();
    assert_eq!(send(Method::GET, "/app", &signed).value()["installations_count"], 2);
    let tokens: Vec<String> = [&FIRST, &SECOND]
        .iter()
        .enumerate()
        .map(|(place, identity)| {
            let installed = send(Method::GET, &format!("/orgs/{}/installation", identity.login), &signed).value();
            assert_eq!(installed["id"], app::installation(identity));
            assert_eq!((&installed["account"]["login"], &installed["target_id"]), (&json!(identity.login), &json!(identity.id)));
            assert_eq!(all[place], installed);
            let target = format!("/app/installations/{}/access_tokens", installed["id"]);
            send(Method::POST, &target, &signed).value()["token"].as_str().expect("a token").to_owned()
        })
        .collect();
    assert_ne!(tokens[0], tokens[1]);
    let used = |token: &str| send(Method::GET, "/rate_limit", token).value()["resources"]["core"]["used"].as_u64();
    for (token, own, other, count) in [(&tokens[0], &FIRST, &SECOND, 20), (&tokens[1], &SECOND, &FIRST, 12)] {
        assert_eq!(used(token), Some(0));
        assert_eq!(send(Method::GET, "/installation/repositories", token).value()["total_count"], count);
        assert_eq!(send(Method::GET, &format!("/repos/{}/lamp-api", own.login), token).status, 200);
        assert_eq!(send(Method::GET, &format!("/repos/{}/lamp-api", other.login), token).status, 404);
        let query = "query($login: String!) { organization(login: $login) { login } }";
        let name = |login: &str| world.query_as(token, query, json!({ "login": login }))["data"]["organization"]["login"].clone();
        assert_eq!((name(own.login), name(other.login)), (json!(own.login), Value::Null));
        assert_eq!(used(token), Some(3));
    }
}

#[test]
fn edits_of_one_leave_the_other_alone() {
    let world = World::new(&options());
    let edits = Edits::new(options());
    let make = |edit| edits.make(edit, &world.clock);
    let status = |login: &str, name: &str| world.get(&format!("/repos/{login}/{name}")).status;
    make(Edit::Delete(format!("{}/tide-worker", SECOND.login))).expect("it exists");
    assert_eq!((status(FIRST.login, "tide-worker"), status(SECOND.login, "tide-worker")), (200, 404));
    make(Edit::Rename(format!("{}/lamp-api", SECOND.login), "candle-api".to_owned())).expect("it exists");
    assert_eq!((status(FIRST.login, "lamp-api"), status(SECOND.login, "lamp-api")), (200, 301));
    assert_eq!((status(FIRST.login, "candle-api"), status(SECOND.login, "candle-api")), (404, 200));
    make(Edit::Delete("lamp-api".to_owned())).expect("it exists");
    assert_eq!((status(FIRST.login, "lamp-api"), status(SECOND.login, "candle-api")), (404, 200));
    assert!(make(Edit::Delete("nobody/lamp-lib".to_owned())).is_err_and(|error| error.to_string().contains("nobody/lamp-lib")));
}
