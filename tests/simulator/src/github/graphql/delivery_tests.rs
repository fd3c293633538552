//! What a client may rely on when it asks what was deployed and released.

use std::collections::{HashMap, HashSet};

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

#[test]
fn commits_tell_whether_they_merge_and_pull_requests_are_merged_in_every_way() {
    let world = World::new(&Options::default());
    let query = "query($id: ID!) { node(id: $id) { ... on Repository { mergeCommitAllowed rebaseMergeAllowed
        pullRequests(last: 100) { nodes { mergedAt
            commits(first: 100) { nodes { commit { oid parents { totalCount } authoredDate committedDate messageHeadline } } }
            mergeCommit { oid committedDate parents { totalCount } messageHeadline } } } } } }";
    let (mut ways, mut within, mut alone) = (HashSet::new(), 0, 0);
    for repository in world.company.repositories.iter().filter(|repository| repository.traits.service) {
        let answer = world.query(query, json!({ "id": crate::github::ids::repository(repository) }));
        let found = &answer["data"]["node"];
        for pull in found["pullRequests"]["nodes"].as_array().expect("a list") {
            for node in pull["commits"]["nodes"].as_array().expect("a list") {
                let commit = &node["commit"];
                let merges = commit["messageHeadline"].as_str().is_some_and(|message| message.starts_with("Merge branch 'm"));
                assert_eq!(commit["parents"]["totalCount"], if merges { 2 } else { 1 }, "{commit}");
                *(if merges { &mut within } else { &mut alone }) += 1;
            }
            let merge = &pull["mergeCommit"];
            if merge.is_null() {
                continue;
            }
            assert_eq!(merge["committedDate"], pull["mergedAt"]);
            let headline = merge["messageHeadline"].as_str().expect("it says something");
            let way = match merge["parents"]["totalCount"].as_u64() {
                Some(2) if headline.starts_with("Merge pull request #") => "mergeCommitAllowed",
                Some(1) if headline.ends_with(')') => "squash",
                _ => "rebaseMergeAllowed",
            };
            assert!(way == "squash" || found[way] == true, "{way} {merge}");
            ways.insert(way);
        }
    }
    assert_eq!(ways.len(), 3, "{ways:?}");
    assert!(within > 20 && within * 10 < alone, "{within} {alone}");
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

#[test]
fn what_is_deployed_has_the_date_of_the_merge_and_what_is_brought_back_an_earlier_one() {
    let world = World::new(&Options::default());
    let query = "query($name: String!) { repository(owner: \"clockwork-lighthouse\", name: $name) {
        pullRequests(first: 100) { nodes { mergedAt mergeCommit { oid } } }
        deployments(first: 100) { nodes { createdAt environment description commitOid commit { oid committedDate } } } } }";
    let answer = world.query(query, json!({ "name": "lamp-api" }));
    let found = &answer["data"]["repository"];
    let merged: HashMap<&str, &str> = found["pullRequests"]["nodes"]
        .as_array()
        .expect("a list")
        .iter()
        .filter_map(|pull| Some((pull["mergeCommit"]["oid"].as_str()?, pull["mergedAt"].as_str()?)))
        .collect();
    let (mut seen, mut back) = (0, 0);
    let mut newest: HashMap<&str, &str> = HashMap::new();
    for deployment in found["deployments"]["nodes"].as_array().expect("a list") {
        let (commit, environment) = (&deployment["commit"], text(&deployment["environment"]));
        assert_eq!(commit["oid"], deployment["commitOid"]);
        let date = text(&commit["committedDate"]);
        if let Some(at) = merged.get(text(&commit["oid"])) {
            assert_eq!((*at, at.is_empty()), (date, false));
            seen += 1;
        }
        let before = newest.get(environment).copied();
        if deployment["description"] == "Back to what worked" {
            assert!(before.is_some_and(|before| date < before), "{deployment}");
            back += 1;
        }
        newest.insert(environment, date.max(before.unwrap_or_default()));
    }
    assert!(seen > 30 && back > 0, "{seen} {back}");
}

#[test]
fn what_is_pushed_without_a_pull_request_is_deployed_as_a_commit_of_its_own() {
    let world = World::new(&Options::default());
    let pushed = world.company.repositories.iter().filter(|repository| !repository.pushes.is_empty()).collect::<Vec<_>>();
    assert_eq!(pushed.len(), 8, "one deployed service in six");
    let repository = pushed[0];
    let query = "query($id: ID!) { node(id: $id) { ... on Repository {
        pullRequests(first: 100) { nodes { mergeCommit { oid } commits(first: 100) { nodes { commit { oid } } } } }
        deployments(first: 100) { nodes { createdAt environment commitOid commit { oid committedDate parents { totalCount } } } } } } }";
    let answer = world.query(query, json!({ "id": crate::github::ids::repository(repository) }));
    let (pulls, found) = (answer["data"]["node"]["pullRequests"].to_string(), &answer["data"]["node"]["deployments"]["nodes"]);
    let found = found.as_array().expect("a list").iter().filter(|deployment| !pulls.contains(text(&deployment["commitOid"])));
    let found: Vec<&Value> = found.collect();
    let so_far = repository.pushes.iter().filter(|push| push.at < Options::default().now.timestamp() - 900).count();
    assert!(so_far > 2 && found.len() == so_far, "{} {so_far}", found.len());
    for deployment in found {
        assert!(text(&deployment["commit"]["committedDate"]) < text(&deployment["createdAt"]), "{deployment}");
        assert_eq!(
            (text(&deployment["environment"]), &deployment["commit"]["parents"]["totalCount"]),
            (repository.production(), &json!(1))
        );
    }
}
