//! What a client may rely on when it walks lists over REST.

use std::collections::HashSet;

use http::Method;
use serde_json::Value;

use crate::company::flaws::Guard;
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
        assert_eq!(reply.status == 200, repository.shows_alerts(world.clock.moment().first().now), "{path}");
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
        (Permission::CodeScanningAlerts, "/orgs/clockwork-lighthouse/code-scanning/alerts"),
        (Permission::SecretScanningAlerts, "/orgs/clockwork-lighthouse/secret-scanning/alerts"),
        (Permission::Members, "/orgs/clockwork-lighthouse/teams"),
        (Permission::Members, "/orgs/clockwork-lighthouse/teams/lamp-platform/members"),
    ] {
        let token = world.github.access.token_without(permission);
        assert_eq!(world.send(Method::GET, target, "", token, None).status, 403, "{target}");
        assert_ne!(world.get(target).status, 404, "{target}");
    }
    assert_eq!(world.get("/repos/clockwork-lighthouse/nothing").status, 404);
    assert_eq!(world.get("/orgs/elsewhere").status, 404);
}

#[test]
fn scanning_says_why_there_is_nothing() {
    let world = World::new(&Options::default());
    let now = world.clock.moment().first().now;
    let (mut findings, mut leaks, mut answers) = (0, 0, HashSet::new());
    for repository in &world.company.repositories {
        let path = |kind: &str| format!("/repos/clockwork-lighthouse/{}/{kind}-scanning/alerts?per_page=100", repository.name);
        let (code, secret) = (world.get(&path("code")), world.get(&path("secret")));
        assert_eq!(code.status == 200, repository.shows_findings(now), "{}", repository.name);
        assert_eq!(secret.status == 200, repository.shows_leaks(), "{}", repository.name);
        findings += if code.status == 200 { walk(&world, &path("code")).len() } else { 0 };
        leaks += if secret.status == 200 { walk(&world, &path("secret")).len() } else { 0 };
        for (kind, reply) in [("code", code), ("secret", secret)] {
            answers.insert((kind, reply.status));
        }
        let full = world.get(&format!("/repos/clockwork-lighthouse/{}", repository.name)).value();
        let security = &full["security_and_analysis"];
        assert_eq!(security.is_object(), !repository.is_read_only_to_us());
        assert!(security.is_null() || (security["secret_scanning"]["status"] == "enabled") != repository.traits.leaks_unseen);
    }
    assert_eq!(answers, HashSet::from([("code", 200), ("code", 403), ("code", 404), ("secret", 200), ("secret", 404)]));
    assert_eq!(walk(&world, "/orgs/clockwork-lighthouse/code-scanning/alerts?per_page=23").len(), findings);
    let secrets = walk(&world, "/orgs/clockwork-lighthouse/secret-scanning/alerts?per_page=23");
    assert_eq!(secrets.len(), leaks);
    assert!(secrets.iter().all(|row| row["secret"].as_str().is_some_and(|secret| secret.starts_with("clw"))));
    let hidden = walk(&world, "/orgs/clockwork-lighthouse/secret-scanning/alerts?hide_secret=true");
    assert!(hidden.len() == leaks && hidden.iter().all(|row| row.get("secret").is_none()));
}

#[test]
fn a_branch_is_protected_in_two_ways_and_neither_shows_the_other() {
    let world = World::new(&Options::default());
    let of = |guard| {
        let wanted = |repository: &&crate::company::repositories::Repository| {
            repository.traits.guard == guard
                && !repository.is_read_only_to_us()
                && repository.traits.pci != crate::company::flaws::Pci::InScope
        };
        world.company.repositories.iter().find(wanted).expect("some repository has it")
    };
    let ask = |guard, token: &str| {
        let repository = of(guard);
        let path = format!("/repos/clockwork-lighthouse/{}", repository.name);
        let rule = world.send(Method::GET, &format!("{path}/branches/{}/protection", repository.default_branch), "", token, None);
        let rules = world.send(Method::GET, &format!("{path}/rules/branches/{}", repository.default_branch), "", token, None);
        (rule, rules.value())
    };
    let all = world.github.access.token();
    let (rule, rules) = ask(Guard::Ruleset, all);
    assert_eq!((rule.status, rule.value()["message"].as_str()), (404, Some("Branch not protected")));
    assert!(rules.as_array().is_some_and(|rules| rules.iter().any(|rule| rule["type"] == "pull_request")));
    let (rule, rules) = ask(Guard::Both, all);
    assert_eq!(rule.value()["required_pull_request_reviews"]["required_approving_review_count"], 1);
    let reviews = rules.as_array().and_then(|rules| rules.iter().find(|rule| rule["type"] == "pull_request"));
    assert_eq!(reviews.map(|rule| &rule["parameters"]["required_approving_review_count"]), Some(&Value::from(2)));
    let without = world.github.access.token_without(Permission::Administration);
    assert_eq!(ask(Guard::Both, without).0.status, 403);
    let one = "/orgs/clockwork-lighthouse/rulesets/7100031";
    assert!(world.get(one).value()["bypass_actors"].is_array());
    assert!(world.send(Method::GET, one, "", without, None).value().get("bypass_actors").is_none());
}

#[test]
fn security_settings_are_in_the_list_for_those_who_administer() {
    let world = World::new(&Options::default());
    let rows = walk(&world, "/orgs/clockwork-lighthouse/repos?per_page=100&type=all");
    assert_eq!(rows.len(), world.company.repositories.len());
    for row in &rows {
        let repository = world.company.repository(row["name"].as_str().expect("a name")).expect("it exists");
        let security = &row["security_and_analysis"];
        assert_eq!(security.is_object(), !repository.is_read_only_to_us(), "{}", repository.name);
        let one = world.get(&format!("/repos/clockwork-lighthouse/{}", repository.name)).value();
        assert_eq!(one["security_and_analysis"], *security);
        for name in
            ["secret_scanning", "secret_scanning_push_protection", "secret_scanning_non_provider_patterns", "dependabot_security_updates"]
        {
            assert!(security.is_null() || security[name]["status"].is_string(), "{name}");
        }
    }
    let disabled = |name: &str| rows.iter().filter(|row| row["security_and_analysis"][name]["status"] == "disabled").count();
    assert!(disabled("advanced_security") > 0 && disabled("secret_scanning") > 0);
}

#[test]
fn workflow_runs_come_newest_first_and_can_be_searched() {
    let world = World::new(&Options::default());
    let path = "/repos/clockwork-lighthouse/lamp-api/actions/runs";
    let all = |query: &str| -> Vec<Value> {
        let (mut rows, mut target) = (Vec::new(), Some(format!("{path}?per_page=100{query}")));
        while let Some(here) = target {
            let reply = world.get(&here);
            assert_eq!((reply.status, reply.header("x-accepted-github-permissions")), (200, Some("actions=read")), "{here}");
            let answer = reply.value();
            rows.extend(answer["workflow_runs"].as_array().expect("a list").iter().cloned());
            assert!(answer["total_count"].as_u64() >= Some(rows.len() as u64));
            target = next(&reply);
        }
        rows
    };
    let runs = all("");
    assert!(runs.len() > 300, "{}", runs.len());
    assert!(runs.is_sorted_by(|one, other| one["created_at"].as_str() >= other["created_at"].as_str()));
    assert!(runs.iter().all(|run| run["id"].as_u64() > Some(10_000_000_000) && run["head_commit"]["author"]["email"].is_string()));
    let some = |what: &str, wanted: &dyn Fn(&Value) -> bool| assert!(runs.iter().any(wanted), "no {what}");
    some("success", &|run| run["conclusion"] == "success");
    some("failure", &|run| run["conclusion"] == "failure");
    some("cancelled", &|run| run["conclusion"] == "cancelled");
    some("skipped", &|run| run["conclusion"] == "skipped");
    some("second attempt", &|run| run["run_attempt"].as_u64() > Some(1) && run["previous_attempt_url"].is_string());
    some("ghost", &|run| run.get("actor").is_none());
    some("branch that is gone", &|run| run["head_branch"].is_null());
    let branch = world.company.repository("lamp-api").expect("it exists").default_branch;
    let pushed = all(&format!("&event=push&branch={branch}&status=failure"));
    assert!(!pushed.is_empty() && pushed.iter().all(|run| run["event"] == "push" && run["conclusion"] == "failure"));
    let day = all("&created=2026-11-18");
    let expected = runs.iter().filter(|run| run["created_at"].as_str().is_some_and(|at| at.starts_with("2026-11-18"))).count();
    assert!(!day.is_empty() && day.len() == expected);
    assert_eq!(world.get(&format!("{path}?status=lost")).status, 422);
    assert_eq!(world.get(&format!("{path}?created=lately")).status, 422);

    let first = world.get(path);
    let tag = first.header("etag").expect("a tag").to_owned();
    let token = world.github.access.token();
    let again = world.send(Method::GET, path, "", token, Some(("if-none-match", &tag)));
    assert_eq!((again.status, again.cost), (304, 0));
    let refused = world.send(Method::GET, path, "", world.github.access.token_without(Permission::Actions), None);
    assert_eq!((refused.status, refused.header("x-accepted-github-permissions")), (403, Some("actions=read")));
}

#[test]
fn a_search_for_workflow_runs_ends_after_a_thousand() {
    let world = World::new(&Options { repositories: 4, history_days: 400, ..Options::default() });
    let path = "/repos/clockwork-lighthouse/lamp-api/actions/runs?per_page=100";
    let last = |query: &str| {
        let reply = world.get(&format!("{path}{query}&page=11"));
        let answer = reply.value();
        (answer["total_count"].as_u64().unwrap_or_default(), answer["workflow_runs"].as_array().map_or(0, Vec::len))
    };
    let (total, rows) = last("&created=>=2020-01-01");
    assert!(total > 1_100 && rows == 0, "{total} {rows}");
    assert_eq!(last(""), (total, 100));
}

#[test]
fn answers_say_what_a_token_has_and_what_an_endpoint_needs() {
    let world = World::small();
    let full = "repo, read:org, security_events, read:user";
    assert_eq!(world.get("/user").header("x-oauth-scopes"), Some(full));
    let ask = |permission, target: &str| world.send(Method::GET, target, "", world.github.access.token_without(permission), None);
    for (permission, target, needed, scopes) in [
        (Permission::DependabotAlerts, "dependabot/alerts", "vulnerability_alerts=read", "repo, read:org, read:user"),
        (Permission::CustomProperties, "properties/values", "organization_custom_properties=read", "read:org, security_events, read:user"),
        (Permission::Members, "teams", "members=read", "repo, security_events, read:user"),
    ] {
        let target = format!("/orgs/clockwork-lighthouse/{target}");
        let (refused, granted) = (ask(permission, &target), world.get(&target));
        assert_eq!((refused.status, granted.status), (403, 200), "{target}");
        for reply in [&refused, &granted] {
            assert_eq!(reply.header("x-accepted-github-permissions"), Some(needed));
        }
        assert_eq!(refused.header("x-oauth-scopes"), Some(scopes));
    }
    assert_eq!(world.get("/user").header("x-accepted-github-permissions"), None);
    let nobody = world.send(Method::GET, "/user", "", "ghp_unknown", None);
    assert_eq!((nobody.status, nobody.header("x-oauth-scopes")), (401, None));
}
