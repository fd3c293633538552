//! What a client may rely on when it asks what was deployed and released.

use std::collections::HashSet;

use serde_json::{Value, json};

use crate::github::access::Permission;
use crate::options::Options;
use crate::testing::World;

#[test]
fn deployments_come_with_what_became_of_them() {
    let world = World::new(&Options::default());
    let query = "query($name: String!, $after: String, $direction: OrderDirection!) {
        repository(owner: \"clockwork-lighthouse\", name: $name) {
            deployments(first: 40, after: $after, orderBy: { field: CREATED_AT, direction: $direction }) {
                totalCount pageInfo { hasNextPage endCursor }
                nodes { id databaseId createdAt updatedAt environment originalEnvironment latestEnvironment task state commitOid
                    ref { name } creator { __typename login } payload description
                    statuses(first: 20) { totalCount pageInfo { hasNextPage endCursor } nodes { state createdAt logUrl environmentUrl } } } } } }";
    let walk = |direction: &str| {
        let (mut found, mut after): (Vec<Value>, Value) = (Vec::new(), Value::Null);
        loop {
            let answer = world.query(query, json!({ "name": "lamp-api", "after": after, "direction": direction }));
            let list = &answer["data"]["repository"]["deployments"];
            found.extend(list["nodes"].as_array().expect("a list").iter().cloned());
            if list["pageInfo"]["hasNextPage"] == false {
                assert_eq!(list["totalCount"].as_u64(), Some(found.len() as u64));
                return found;
            }
            after = list["pageInfo"]["endCursor"].clone();
        }
    };
    let newest_first = walk("DESC");
    let mut oldest_first = walk("ASC");
    oldest_first.reverse();
    assert!(newest_first.len() > 300 && newest_first == oldest_first, "{}", newest_first.len());
    let states: HashSet<&str> = newest_first.iter().filter_map(|node| node["state"].as_str()).collect();
    assert!(states.is_superset(&HashSet::from(["ACTIVE", "INACTIVE", "FAILURE", "ABANDONED"])), "{states:?}");
    for node in &newest_first {
        let statuses = node["statuses"]["nodes"].as_array().expect("a list");
        assert!(statuses.is_sorted_by(|one, other| one["createdAt"].as_str() >= other["createdAt"].as_str()));
        assert_eq!(node["updatedAt"], statuses.first().map_or(&node["createdAt"], |last| &last["createdAt"]).clone());
    }
    // What does not fit in a page is read from the deployment itself.
    let long = newest_first.iter().find(|node| node["statuses"]["pageInfo"]["hasNextPage"] == true).expect("one has many");
    let rest = world.query(
        "query($id: ID!, $after: String) { node(id: $id) { ... on Deployment { statuses(first: 100, after: $after) { nodes { state } } } } }",
        json!({ "id": long["id"], "after": long["statuses"]["pageInfo"]["endCursor"] }),
    );
    let rest = rest["data"]["node"]["statuses"]["nodes"].as_array().expect("a list").len() as u64;
    assert_eq!(Some(20 + rest), long["statuses"]["totalCount"].as_u64());
    let refused = world.query_as(
        world.github.access.token_without(Permission::Deployments),
        query,
        json!({ "name": "lamp-api", "direction": "ASC" }),
    );
    assert_eq!((&refused["data"]["repository"], &refused["errors"][0]["type"]), (&Value::Null, &json!("FORBIDDEN")));
}

#[test]
fn one_release_is_the_latest_and_drafts_have_no_tag() {
    let world = World::new(&Options::default());
    let query = "query($name: String!) { repository(owner: \"clockwork-lighthouse\", name: $name) { latestRelease { tagName }
        releases(first: 100, orderBy: { field: CREATED_AT, direction: DESC }) { totalCount nodes { databaseId tagName name isDraft
            isPrerelease isLatest createdAt publishedAt updatedAt author { login } tagCommit { oid } description } } } }";
    let (mut drafts, mut moved) = (0, 0);
    for repository in world.company.repositories.iter().filter(|repository| repository.is_released()) {
        let answer = world.query(query, json!({ "name": repository.name }));
        let found = &answer["data"]["repository"];
        let nodes = found["releases"]["nodes"].as_array().expect("a list");
        assert!(nodes.is_sorted_by(|one, other| one["createdAt"].as_str() >= other["createdAt"].as_str()));
        let latest: Vec<&Value> = nodes.iter().filter(|node| node["isLatest"] == true).collect();
        assert!(latest.len() <= 1 && latest.iter().all(|node| node["tagName"] == found["latestRelease"]["tagName"]));
        for node in nodes {
            assert_eq!(node["isDraft"] == true, node["publishedAt"].is_null());
            assert_eq!(node["isDraft"] == true, node["tagCommit"].is_null());
        }
        drafts += nodes.iter().filter(|node| node["isDraft"] == true).count();
        moved += nodes.iter().filter(|node| !node["publishedAt"].is_null() && node["updatedAt"] != node["publishedAt"]).count();
    }
    assert!(drafts > 0 && moved > 0, "{drafts} {moved}");
    let refused = world.query_as(world.github.access.token_without(Permission::Contents), query, json!({ "name": "lamp-lib" }));
    assert_eq!(refused["errors"][0]["type"], "FORBIDDEN");
}
