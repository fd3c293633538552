//! What a client may rely on when it walks lists over REST.

use std::collections::HashSet;

use http::Method;
use serde_json::Value;

use crate::github::access::Permission;
use crate::http::Reply;
use crate::options::Options;
use crate::testing::World;

/// The address that the answer calls its next page, as a target.
fn next(reply: &Reply) -> Option<String> {
    let links = reply.header("link")?;
    let next = links.split(", ").find(|link| link.ends_with("rel=\"next\""))?;
    let address = next.strip_prefix("<http://127.0.0.1:1/github")?;
    Some(address.split('>').next()?.to_owned())
}

fn walk(world: &World, target: &str) -> Vec<Value> {
    let mut rows = Vec::new();
    let mut target = Some(target.to_owned());
    while let Some(here) = target {
        let reply = world.get(&here);
        assert_eq!(reply.status, 200, "{here}");
        rows.extend(reply.value().as_array().expect("a list").iter().cloned());
        target = next(&reply);
    }
    rows
}

#[test]
fn links_lead_through_every_page() {
    let world = World::small();
    let rows = walk(&world, "/orgs/clockwork-lighthouse/properties/values?per_page=7");
    let names: HashSet<&str> = rows.iter().filter_map(|row| row["repository_name"].as_str()).collect();
    assert_eq!((rows.len(), names.len()), (60, 60));
    assert!(walk(&world, "/orgs/clockwork-lighthouse/repos?type=forks").iter().all(|row| row["fork"] == true));
}

#[test]
fn the_organisations_alerts_are_those_of_the_repositories_that_show_them() {
    let world = World::small();
    let organisation = walk(&world, "/orgs/clockwork-lighthouse/dependabot/alerts?per_page=13&state=open");
    let mut single = 0;
    for repository in &world.company.repositories {
        let path = format!("/repos/clockwork-lighthouse/{}/dependabot/alerts?state=open&per_page=100", repository.name);
        let reply = world.get(&path);
        assert_eq!(reply.status == 200, repository.shows_alerts(world.clock.present().now), "{path}");
        single += if reply.status == 200 { walk(&world, &path).len() } else { 0 };
    }
    assert!(single > 20);
    assert_eq!(organisation.len(), single);
    assert!(organisation.is_sorted_by(|one, other| one["created_at"].as_str() >= other["created_at"].as_str()));
    let by_number = world.get("/orgs/clockwork-lighthouse/dependabot/alerts?page=2");
    assert_eq!(by_number.status, 400);
}

#[test]
fn an_answer_that_did_not_change_is_free() {
    let world = World::small();
    let target = "/orgs/clockwork-lighthouse/properties/values";
    let first = world.get(target);
    let tag = first.header("etag").expect("an ETag").to_owned();
    let token = world.github.access.token();
    let again = world.send(Method::GET, target, "", token, Some(("if-none-match", &tag)));
    assert_eq!((again.status, again.body.len(), again.cost), (304, 0, 0));
    assert_eq!(again.header("x-ratelimit-used"), first.header("x-ratelimit-used"));
}

#[test]
fn a_limit_is_enforced_and_leaves_the_way_to_ask_about_it_open() {
    let world = World::new(&Options { repositories: 3, rate_limit: Some(2), ..Options::default() });
    let statuses: Vec<u16> = (0..3).map(|_| world.get("/user").status).collect();
    assert_eq!(statuses, [200, 200, 403]);
    let limit = world.get("/rate_limit").value();
    assert_eq!(limit["rate"]["remaining"], 0);
    assert_eq!(limit["resources"]["graphql"]["remaining"], 2);
}

#[test]
fn who_may_not_is_told_so() {
    let world = World::small();
    let bad = world.send(Method::GET, "/user", "", "ghp_wrong", None);
    assert_eq!((bad.status, &bad.value()["message"]), (401, &Value::from("Bad credentials")));
    for (permission, target) in [
        (Permission::DependabotAlerts, "/orgs/clockwork-lighthouse/dependabot/alerts"),
        (Permission::DependabotAlerts, "/repos/clockwork-lighthouse/lamp-api/dependabot/alerts"),
        (Permission::CustomProperties, "/orgs/clockwork-lighthouse/properties/values"),
    ] {
        let token = world.github.access.token_without(permission);
        assert_eq!(world.send(Method::GET, target, "", token, None).status, 403, "{target}");
        assert_ne!(world.get(target).status, 404, "{target}");
    }
    assert_eq!(world.get("/repos/clockwork-lighthouse/nothing").status, 404);
    assert_eq!(world.get("/orgs/elsewhere").status, 404);
}
