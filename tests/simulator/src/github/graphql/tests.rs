//! What a client may rely on when it sends a query.

use serde_json::{Value, json};

use crate::company::edits::Edit;
use crate::company::flaws::{Guard, Owners};
use crate::company::pulls::State;
use crate::company::repositories::Repository;
use crate::edits::Edits;
use crate::faults::Effect;
use crate::github::access::Permission;
use crate::github::graphql::faults;
use crate::http::Reply;
use crate::options::Options;
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
    let now = world.clock.moment().first().now;
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
    let answer = faults::node_missing(Reply::bytes(200, body.to_vec()), 0).value();
    let nodes = &answer["data"]["organization"]["repositories"]["nodes"];
    assert_eq!(*nodes, json!([null, { "name": "two" }]));
    assert_eq!(answer["errors"][0]["path"], json!(["organization", "repositories", "nodes", 0]));
    for nth in [1, 9] {
        let answer = faults::node_missing(Reply::bytes(200, body.to_vec()), nth).value();
        assert_eq!(answer["data"]["organization"]["repositories"]["nodes"], json!([{ "name": "one" }, null]));
    }
    let rest = faults::node_missing(Reply::bytes(200, b"[]".to_vec()), 0);
    assert_eq!(rest.body, b"[]");
}

#[test]
fn teams_come_in_pages_with_roles_and_permissions_on_the_edges() {
    let world = World::small();
    let query = "query($after: String) { organization(login: \"clockwork-lighthouse\") { teams(first: 5, after: $after) {
        totalCount pageInfo { hasNextPage endCursor }
        nodes { slug privacy parentTeam { slug } members(first: 100) { totalCount edges { __typename role node { login } } }
            repositories(first: 100) { edges { permission node { name } } } } } } }";
    let (mut teams, mut after) = (Vec::new(), Value::Null);
    loop {
        let page = world.query(query, json!({ "after": after }))["data"]["organization"]["teams"].take();
        teams.extend(page["nodes"].as_array().unwrap().iter().cloned());
        if page["pageInfo"]["hasNextPage"] == false {
            break;
        }
        after = page["pageInfo"]["endCursor"].clone();
    }
    assert_eq!(teams.len(), 17);
    assert!(teams.is_sorted_by_key(|team| team["slug"].as_str().unwrap().to_owned()));
    let edge = &teams.iter().find(|team| team["slug"] == "lamp-platform").unwrap()["members"]["edges"][0];
    assert_eq!((edge["__typename"].as_str(), edge["role"].as_str()), (Some("TeamMemberEdge"), Some("MAINTAINER")));
    let permissions = teams.iter().flat_map(|team| team["repositories"]["edges"].as_array().unwrap());
    assert!(permissions.clone().any(|edge| edge["permission"] == "ADMIN") && permissions.clone().any(|edge| edge["permission"] == "READ"));
    let refused = world.query_as(world.github.access.token_without(Permission::Members), query, json!({}));
    assert_eq!((&refused["data"]["organization"], &refused["errors"][0]["type"]), (&Value::Null, &json!("FORBIDDEN")));
}

#[test]
fn files_are_found_by_expression_and_missing_ones_are_null() {
    let world = World::new(&Options::default());
    let ask = |token: &str, name: &str| {
        let query = "query($name: String!) { repository(owner: \"clockwork-lighthouse\", name: $name) { name
            owners: object(expression: \"HEAD:.github/CODEOWNERS\") { __typename ... on Blob { byteSize isTruncated text } }
            folder: object(expression: \"HEAD:.github\") { ... on Tree { entries { name type object { ... on Blob { byteSize } } } } }
            missing: object(expression: \"HEAD:nothing\") { id }
            codeowners { errors { kind line } } } }";
        world.query_as(token, query, json!({ "name": name }))
    };
    let all = world.github.access.token();
    let of = |owners| {
        world.company.repositories.iter().find(|repository| repository.traits.owners == owners && !repository.traits.empty).unwrap()
    };
    let large = ask(all, &of(Owners::TooLarge).name)["data"]["repository"].take();
    assert!(large["owners"]["byteSize"].as_u64() > Some(3 * 1024 * 1024) && large["owners"]["text"].is_null());
    assert_eq!((&large["owners"]["isTruncated"], &large["codeowners"], &large["missing"]), (&json!(true), &Value::Null, &Value::Null));
    assert_eq!(large["folder"]["entries"][0]["name"], "CODEOWNERS");
    for (owners, kind) in [
        (Owners::UnknownTeam, "Unknown owner"),
        (Owners::BlindTeam, "Unknown owner"),
        (Owners::ReadOnlyTeam, "Unknown owner"),
        (Owners::LeftPerson, "Unknown owner"),
        (Owners::SyntaxErrors, "Invalid pattern"),
    ] {
        let answer = ask(all, &of(owners).name);
        assert_eq!(answer["data"]["repository"]["codeowners"]["errors"][0]["kind"], kind, "{owners:?}");
    }
    for repository in world.company.repositories.iter().filter(|repository| repository.traits.owners == Owners::Usual) {
        let errors = &ask(all, &repository.name)["data"]["repository"]["codeowners"]["errors"];
        assert!(errors.as_array().is_none_or(Vec::is_empty), "{}: {errors}", repository.name);
    }
    let refused = ask(world.github.access.token_without(Permission::Contents), "lamp-api");
    assert_eq!((&refused["data"]["repository"]["owners"], &refused["errors"][0]["type"]), (&Value::Null, &json!("FORBIDDEN")));
    assert_eq!(refused["data"]["repository"]["name"], "lamp-api");
}

#[test]
fn rules_are_empty_to_readers_and_forbidden_to_tokens() {
    let world = World::new(&Options::default());
    let ask = |token: &str, name: &str| {
        let query = "query($name: String!) { repository(owner: \"clockwork-lighthouse\", name: $name) { viewerCanAdminister
            branchProtectionRules(first: 5) { totalCount nodes { requiresStatusChecks requiresStrictStatusChecks
                matchingRefs(first: 5) { nodes { name } } } }
            rulesets(first: 20) { nodes { name bypassActors(first: 5) { totalCount } } } } }";
        world.query_as(token, query, json!({ "name": name }))
    };
    let all = world.github.access.token();
    let find = |wanted: &dyn Fn(&Repository) -> bool| world.company.repositories.iter().find(|repository| wanted(repository)).unwrap();
    let reader = find(&|repository| repository.is_read_only_to_us() && !repository.rules.is_empty());
    let read = ask(all, &reader.name)["data"]["repository"].take();
    assert_eq!(read["viewerCanAdminister"], false);
    assert_eq!(read["branchProtectionRules"], json!({ "totalCount": 0, "nodes": [] }));
    assert_eq!(read["rulesets"]["nodes"][0]["bypassActors"], Value::Null);

    let off = find(&|repository| repository.traits.guard == Guard::ChecksOff && !repository.is_read_only_to_us());
    let seen = ask(all, &off.name)["data"]["repository"].take();
    let rule = &seen["branchProtectionRules"]["nodes"][0];
    assert_eq!((&rule["requiresStatusChecks"], &rule["requiresStrictStatusChecks"]), (&json!(false), &json!(true)));
    assert_eq!(rule["matchingRefs"]["nodes"][0]["name"], off.default_branch);

    let refused = ask(world.github.access.token_without(Permission::Administration), &off.name);
    assert_eq!(refused["data"]["repository"]["branchProtectionRules"], json!({ "totalCount": 1, "nodes": [null] }));
    assert_eq!(refused["errors"][0]["path"], json!(["repository", "branchProtectionRules", "nodes", 0]));
    assert_eq!(refused["data"]["repository"]["rulesets"]["nodes"][0]["bypassActors"], Value::Null);
}

#[test]
fn the_default_branch_names_the_rule_that_counts() {
    let world = World::new(&Options::default());
    let ask = |token: &str, name: &str| {
        let query = "query($name: String!) { repository(owner: \"clockwork-lighthouse\", name: $name) {
            defaultBranchRef { name branchProtectionRule { id pattern requiredApprovingReviewCount } } } }";
        world.query_as(token, query, json!({ "name": name }))
    };
    let all = world.github.access.token();
    for repository in world.company.repositories.iter().filter(|repository| !repository.traits.empty) {
        let branch = ask(all, &repository.name)["data"]["repository"]["defaultBranchRef"].take();
        let rule = repository.rule_of(repository.default_branch).filter(|_| !repository.is_read_only_to_us());
        assert_eq!(branch["branchProtectionRule"]["pattern"].as_str(), rule.map(|rule| rule.pattern), "{}", repository.name);
    }
    let wildcard = world.company.repositories.iter().find(|repository| repository.traits.guard == Guard::Wildcard).unwrap();
    let refused = ask(world.github.access.token_without(Permission::Administration), &wildcard.name);
    assert_eq!(refused["data"]["repository"]["defaultBranchRef"]["branchProtectionRule"], Value::Null);
    assert_eq!(refused["errors"][0]["type"], "FORBIDDEN");
}

#[test]
fn a_repository_shows_the_organisations_rulesets_that_are_for_it() {
    let world = World::new(&Options::default());
    let names = |name: &str, arguments: &str| -> Vec<String> {
        let query = format!(
            "{{ repository(owner: \"clockwork-lighthouse\", name: \"{name}\") {{
                rulesets(first: 50, {arguments}) {{ nodes {{ name source {{ __typename }} }} }} }} }}"
        );
        let answer = world.query(&query, json!({}));
        let nodes = answer["data"]["repository"]["rulesets"]["nodes"].as_array().unwrap().clone();
        nodes.iter().map(|node| node["name"].as_str().unwrap().to_owned()).collect()
    };
    let gateway = world.company.repositories.iter().find(|repository| repository.name.ends_with("-gateway")).unwrap();
    let all = names(&gateway.name, "includeParents: true");
    for known in ["gateways", "two-keepers-everywhere", "gas-lamp-era", "release-tags"] {
        assert!(all.iter().any(|name| name == known), "{known}: {all:?}");
    }
    assert!(!all.iter().any(|name| name == "terraform"));
    assert_eq!(names(&gateway.name, "includeParents: true, targets: [TAG]"), ["release-tags"]);
    assert!(!names(&gateway.name, "includeParents: true, targets: [BRANCH]").contains(&"release-tags".to_owned()));
    assert!(!names(&gateway.name, "includeParents: false").contains(&"gateways".to_owned()));
}

#[test]
fn rules_rulesets_and_teams_are_found_by_id() {
    let world = World::new(&Options::default());
    let guarded = world.company.repositories.iter().find(|repository| !repository.rules.is_empty() && !repository.is_read_only_to_us());
    let known = world.query(
        "query($name: String!) { organization(login: \"clockwork-lighthouse\") {
            team(slug: \"lamp-platform\") { id } rulesets(first: 1) { nodes { id } }
            repository(name: $name) { branchProtectionRules(first: 1) { nodes { id } } } } }",
        json!({ "name": guarded.unwrap().name }),
    );
    let known = &known["data"]["organization"];
    let ids = [&known["team"]["id"], &known["rulesets"]["nodes"][0]["id"], &known["repository"]["branchProtectionRules"]["nodes"][0]["id"]];
    let query = "query($ids: [ID!]!) { nodes(ids: $ids) { __typename id ... on Team { slug } ... on RepositoryRuleset { name } } }";
    let answer = world.query(query, json!({ "ids": ids }));
    let nodes = &answer["data"]["nodes"];
    for (place, (id, kind)) in ids.iter().zip(["Team", "RepositoryRuleset", "BranchProtectionRule"]).enumerate() {
        assert_eq!((&nodes[place]["id"], nodes[place]["__typename"].as_str()), (*id, Some(kind)));
    }
    let refused = world.query_as(world.github.access.token_without(Permission::Members), query, json!({ "ids": [ids[0]] }));
    assert_eq!((&refused["data"]["nodes"], &refused["errors"][0]["type"]), (&json!([null]), &json!("FORBIDDEN")));
}

#[test]
fn deleted_repositories_are_null_and_renamed_ones_are_followed() {
    let world = World::small();
    let ids = world.query(
        "{ organization(login: \"clockwork-lighthouse\") { a: repository(name: \"lamp-api\") { id } b: repository(name: \"tide-worker\") { id } } }",
        json!({}),
    );
    let ids = [&ids["data"]["organization"]["a"]["id"], &ids["data"]["organization"]["b"]["id"]];
    let edits = Edits::new(Options { repositories: 60, ..Options::default() });
    edits.make(Edit::Delete("lamp-api".to_owned()), &world.clock).unwrap();
    edits.make(Edit::Rename("tide-worker".to_owned(), "ebb-worker".to_owned()), &world.clock).unwrap();
    let answer = world.query("query($ids: [ID!]!) { nodes(ids: $ids) { ... on Repository { name } } }", json!({ "ids": ids }));
    assert_eq!(answer["data"]["nodes"], json!([null, { "name": "ebb-worker" }]));
    assert_eq!((&answer["errors"][0]["type"], &answer["errors"][0]["path"]), (&json!("NOT_FOUND"), &json!(["nodes", 0])));
    let names = "{ repository(owner: \"clockwork-lighthouse\", name: \"tide-worker\") { name }
        strict: repository(owner: \"clockwork-lighthouse\", name: \"tide-worker\", followRenames: false) { name }
        gone: repository(owner: \"clockwork-lighthouse\", name: \"lamp-api\") { name }
        organization(login: \"clockwork-lighthouse\") { repositories { totalCount } } }";
    let answer = world.query(names, json!({}));
    let data = &answer["data"];
    assert_eq!((&data["repository"]["name"], &data["strict"], &data["gone"]), (&json!("ebb-worker"), &Value::Null, &Value::Null));
    assert_eq!(data["organization"]["repositories"]["totalCount"], 59);
}

#[test]
fn a_list_that_moved_on_begins_with_the_last_row_of_the_page_before() {
    let world = World::small();
    let list = |answer: &Value| answer["data"]["repository"]["pullRequests"].clone();
    let numbers = |list: &Value| list["nodes"].as_array().unwrap().iter().map(|node| node["number"].clone()).collect::<Vec<_>>();
    let variables = |after: &Value| json!({ "name": "lamp-api", "first": 5, "after": after, "direction": "ASC" });
    let first = list(&world.query(PAGE, variables(&Value::Null)));
    assert_eq!(list(&world.query_under(&Effect::Duplicate, PAGE, variables(&Value::Null)).value()), first);
    let cursor = &first["pageInfo"]["endCursor"];
    let right = numbers(&list(&world.query(PAGE, variables(cursor))));
    let slipped = numbers(&list(&world.query_under(&Effect::Duplicate, PAGE, variables(cursor)).value()));
    assert_eq!((&slipped[0], &slipped[1..]), (&numbers(&first)[4], &right[..4]));
}

#[test]
fn limits_are_told_with_200_as_well() {
    let world = World::small();
    for effect in [Effect::PrimaryLimitExhausted { reset_in_seconds: 9 }, Effect::SecondaryLimit { retry_after: Some(2), status: 200 }] {
        let reply = world.query_under(&effect, "{ viewer { login } }", json!({}));
        assert_eq!((reply.status, &reply.value()["errors"][0]["type"]), (200, &json!("RATE_LIMITED")), "{effect:?}");
    }
}

#[test]
fn a_fragment_on_an_interface_takes_part_in_whatever_implements_it() {
    let world = World::new(&Options { repositories: 60, ..Options::default() });
    let answer = world.query(
        "{ organization(login: \"clockwork-lighthouse\") { repositories(first: 60) { nodes { branchProtectionRules(first: 5) { nodes {
            bypassForcePushAllowances(first: 5) { nodes { actor { __typename ... on Team { slug } ...Known } } } } } } } } }
        fragment Known on Node { id }",
        json!({}),
    );
    let text = answer.to_string();
    let actors: Vec<&str> = text.split("\"actor\":").skip(1).filter_map(|rest| rest.split('}').next()).collect();
    assert!(actors.iter().any(|actor| actor.contains("\"App\"")), "{text}");
    assert!(actors.iter().all(|actor| actor.contains("\"id\":\"")), "{actors:?}");
}
