//! What a client may rely on when it sends a query.

use serde_json::{Value, json};

use crate::company::pulls::State;
use crate::github::access::Permission;
use crate::github::graphql::faults;
use crate::http::Reply;
use crate::testing::World;

const PAGE: &str = "query($name: String!, $first: Int, $last: Int, $after: String, $before: String, $direction: OrderDirection!) {
    repository(owner: \"clockwork-lighthouse\", name: $name) {
        pullRequests(first: $first, last: $last, after: $after, before: $before,
                     orderBy: { field: UPDATED_AT, direction: $direction }) {
            totalCount
            pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
            nodes { number updatedAt }
            edges { cursor node { number } }
        }
    }
}";

/// Walks all pages from one end to the other.
fn walk(world: &World, direction: &str, backwards: bool) -> Vec<(String, u64)> {
    let mut found = Vec::new();
    let mut cursor = Value::Null;
    loop {
        let variables = if backwards {
            json!({ "name": "lamp-api", "last": 7, "before": cursor, "direction": direction })
        } else {
            json!({ "name": "lamp-api", "first": 7, "after": cursor, "direction": direction })
        };
        let answer = world.query(PAGE, variables);
        let list = &answer["data"]["repository"]["pullRequests"];
        let mut page: Vec<(String, u64)> = list["nodes"]
            .as_array()
            .expect("nodes are a list")
            .iter()
            .map(|node| (node["updatedAt"].as_str().unwrap().to_owned(), node["number"].as_u64().unwrap()))
            .collect();
        assert_eq!(list["edges"][0]["cursor"], list["pageInfo"]["startCursor"]);
        let (more, next) = if backwards {
            page.reverse();
            (&list["pageInfo"]["hasPreviousPage"], &list["pageInfo"]["startCursor"])
        } else {
            (&list["pageInfo"]["hasNextPage"], &list["pageInfo"]["endCursor"])
        };
        found.extend(page);
        if more == false {
            assert_eq!(found.len() as u64, list["totalCount"].as_u64().unwrap());
            return found;
        }
        cursor = next.clone();
    }
}

#[test]
fn every_way_through_the_pages_meets_the_same_pull_requests() {
    let world = World::small();
    let newest_first = walk(&world, "DESC", false);
    assert!(newest_first.len() > 100);
    assert!(newest_first.is_sorted_by(|one, other| one.0 >= other.0));
    let mut oldest_first = walk(&world, "ASC", false);
    assert_eq!(walk(&world, "DESC", true), oldest_first);
    oldest_first.reverse();
    assert_eq!(oldest_first, newest_first);
}

#[test]
fn a_cursor_holds_when_the_clock_moves_between_pages() {
    let world = World::small();
    let variables = json!({ "name": "lamp-api", "first": 5, "direction": "ASC" });
    let first = world.query(PAGE, variables);
    let cursor = first["data"]["repository"]["pullRequests"]["pageInfo"]["endCursor"].clone();
    let next = || {
        let variables = json!({ "name": "lamp-api", "first": 5, "after": cursor, "direction": "ASC" });
        world.query(PAGE, variables)["data"]["repository"]["pullRequests"]["nodes"].clone()
    };
    let before = next();
    world.clock.set(world.clock.now() + chrono::Duration::hours(1));
    // Old pull requests that nobody touches stay where they were.
    assert_eq!(before[0], next()[0]);
}

#[test]
fn the_selection_is_what_is_answered() {
    let world = World::small();
    let answer = world.query(
        "query Q($skipped: Boolean = true) {
            again: viewer { __typename me: login ...More }
            viewer @skip(if: $skipped) { login }
            organization(login: \"clockwork-lighthouse\") {
                ... on RepositoryOwner { login }
                ... on User { name }
                repositories(first: 1) { nodes { name } }
                repositories(first: 1) { nodes { isFork } totalCount }
            }
        }
        fragment More on Actor { url @include(if: false) login }",
        json!({}),
    );
    let login = &world.company.people[0].login;
    assert_eq!(answer["data"]["again"], json!({ "__typename": "User", "me": login, "login": login }));
    assert!(answer["data"].get("viewer").is_none());
    let organization = &answer["data"]["organization"];
    assert_eq!(organization["login"], "clockwork-lighthouse");
    assert!(organization.get("name").is_none());
    // Fields of the same name are one field.
    let node = organization["repositories"]["nodes"][0].as_object().unwrap();
    assert!(node.contains_key("name") && node.contains_key("isFork"));
    assert_eq!(organization["repositories"]["totalCount"], 60);
}

#[test]
fn what_the_schema_does_not_know_is_refused_as_a_whole() {
    let world = World::small();
    let answer = world.query("{ viewer { login zeal } repository(owner: \"o\", name: \"n\", colour: 1) { id } }", json!({}));
    assert!(answer.get("data").is_none());
    assert_eq!(answer["errors"][0]["message"], "Field 'zeal' doesn't exist on type 'User'");
    assert_eq!(answer["errors"][0]["extensions"]["code"], "undefinedField");
    assert_eq!(answer["errors"][1]["extensions"]["code"], "argumentNotAccepted");
    let endless = world.query("{ viewer { ...A } } fragment A on User { login ...A }", json!({}));
    assert!(endless.get("data").is_none());
}

#[test]
fn lists_need_bounds_and_null_stays_as_near_as_it_may() {
    let world = World::small();
    let query = |inner: &str| {
        world.query(&format!("{{ repository(owner: \"clockwork-lighthouse\", name: \"lamp-api\") {{ {inner} }} }}"), json!({}))
    };
    let unbounded = query("pullRequests { nodes { id } }");
    assert_eq!(unbounded["data"], json!({ "repository": null }));
    assert_eq!(unbounded["errors"][0]["type"], "MISSING_PAGINATION_BOUNDARIES");
    assert_eq!(unbounded["errors"][0]["path"], json!(["repository", "pullRequests"]));
    let excessive = query("pullRequests(first: 2) { nodes { number labels(first: 101) { totalCount } } }");
    let node = &excessive["data"]["repository"]["pullRequests"]["nodes"][1];
    assert!(node["number"].is_u64() && node["labels"].is_null());
    assert_eq!(excessive["errors"][1]["path"], json!(["repository", "pullRequests", "nodes", 1, "labels"]));
    let counted = query("pullRequests { totalCount }");
    assert!(counted["data"]["repository"]["pullRequests"]["totalCount"].as_u64() > Some(100));
}

#[test]
fn an_unknown_node_is_null_in_its_place() {
    let world = World::small();
    let known = world.query(
        "{ repository(owner: \"clockwork-lighthouse\", name: \"lamp-api\") { pullRequests(first: 1) { nodes { id } } } }",
        json!({}),
    );
    let id = &known["data"]["repository"]["pullRequests"]["nodes"][0]["id"];
    let answer =
        world.query("query($ids: [ID!]!) { nodes(ids: $ids) { __typename ... on PullRequest { id } } }", json!({ "ids": ["PR_gone", id] }));
    assert_eq!(answer["data"]["nodes"], json!([null, { "__typename": "PullRequest", "id": id }]));
    assert_eq!(answer["errors"][0]["type"], "NOT_FOUND");
    assert_eq!(answer["errors"][0]["path"], json!(["nodes", 0]));
}

#[test]
fn a_token_without_the_permission_sees_no_pull_requests() {
    let world = World::small();
    let token = world.github.access.token_without(Permission::PullRequests);
    let query = "{ repository(owner: \"clockwork-lighthouse\", name: \"lamp-api\") { pullRequests(first: 1) { totalCount } } }";
    let answer = world.query_as(token, query, json!({}));
    assert_eq!(answer["errors"][0]["type"], "FORBIDDEN");
    assert_eq!(answer["data"]["repository"], Value::Null);
}

#[test]
fn a_query_costs_a_hundredth_of_the_requests_it_would_need() {
    let world = World::small();
    let answer = world.query(
        "{ rateLimit { cost nodeCount used }
           organization(login: \"clockwork-lighthouse\") { repositories(first: 20) { nodes {
               pullRequests(first: 10) { nodes { reviews(first: 5) { totalCount } labels(first: 1) { totalCount } } } } } } }",
        json!({}),
    );
    // 1 + 20 + 200 + 200 requests; 20 + 200 + 1,000 + 200 nodes.
    assert_eq!(answer["data"]["rateLimit"], json!({ "cost": 4, "nodeCount": 1_420, "used": 4 }));
}

#[test]
fn states_are_counted_as_they_are_at_the_moment() {
    let world = World::small();
    let now = world.clock.present().now;
    let repository = world.company.repository("lamp-api").unwrap();
    let count = |state| repository.pulls.iter().filter(|pull| pull.exists(now) && pull.state(now) == state).count();
    let answer = world.query(
        "{ repository(owner: \"clockwork-lighthouse\", name: \"lamp-api\") {
            open: pullRequests(states: OPEN) { totalCount }
            ended: pullRequests(states: [CLOSED, MERGED]) { totalCount } } }",
        json!({}),
    );
    assert_eq!(answer["data"]["repository"]["open"]["totalCount"], count(State::Open));
    assert_eq!(answer["data"]["repository"]["ended"]["totalCount"], count(State::Closed) + count(State::Merged));
}

#[test]
fn a_fault_takes_one_node_and_leaves_the_rest() {
    let body = br#"{"data":{"organization":{"repositories":{"nodes":[{"name":"one"},{"name":"two"}]}}}}"#;
    let answer = faults::one_node_missing(Reply::bytes(200, body.to_vec())).value();
    let nodes = &answer["data"]["organization"]["repositories"]["nodes"];
    assert_eq!(*nodes, json!([null, { "name": "two" }]));
    assert_eq!(answer["errors"][0]["path"], json!(["organization", "repositories", "nodes", 0]));
    let rest = faults::one_node_missing(Reply::bytes(200, b"[]".to_vec()));
    assert_eq!(rest.body, b"[]");
}
