//! The App, its installations, and the tokens it gets for those.

use http::Method;
use serde_json::{Map, Value, json};

use crate::company::DOMAIN;
use crate::company::identity::Identity;
use crate::company::present::Present;
use crate::github::access::{ALL, Kind};
use crate::github::rest::{Context, repositories, shapes};
use crate::github::{WEB, app, errors, ids, time};
use crate::http::{Call, Reply};

/// Answers what only an App may ask: below `/app`, and whether it is installed.
pub(super) fn answer(context: &Context<'_>, call: &Call, path: &[&str]) -> Reply {
    if context.bearer.kind != Kind::App {
        return errors::error(401, "A JSON web token could not be decoded");
    }
    let all = || context.bearer.organizations(context.moment);
    let named = |id: &str| all().find(|present| id.parse() == Ok(app::installation(present.company.identity)));
    match (&call.method, path) {
        (&Method::GET, ["app"]) => Reply::json(200, &the_app(context)),
        (&Method::GET, ["app", "installations"]) => context.numbered(&all().collect::<Vec<_>>(), |present| installation(context, present)),
        (&Method::GET, ["app", "installations", id]) => one(context, named(id)),
        (&Method::GET, ["orgs", org, "installation"]) => one(context, context.bearer.organization(context.moment, org)),
        (&Method::POST, ["app", "installations", id, "access_tokens"]) => match named(id) {
            Some(present) => access_token(context, call, present.company.identity),
            None => errors::not_found(),
        },
        _ => errors::not_found(),
    }
}

fn one(context: &Context<'_>, present: Option<&Present>) -> Reply {
    present.map_or_else(errors::not_found, |present| Reply::json(200, &installation(context, present)))
}

/// `GET /installation/repositories`
pub(super) fn repositories(context: &Context<'_>) -> Reply {
    if context.bearer.kind != Kind::Installation {
        return errors::error(
            403,
            "You must authenticate with an installation access token in order to list repositories for an installation.",
        );
    }
    let all: Vec<_> = context.present.company.living().collect();
    context.counted(&all, all.len(), "repositories", |repository| {
        let mut shape = shapes::repository(context, repository);
        shapes::extend(&mut shape, repositories::details(context, repository));
        shape
    })
}

fn access_token(context: &Context<'_>, call: &Call, identity: &'static Identity) -> Reply {
    // A token may be asked for with less; nobody here does, and more than was asked for must not be given.
    let asked: Value = serde_json::from_slice(&call.body).unwrap_or_default();
    if asked.as_object().is_some_and(|asked| !asked.is_empty()) {
        return errors::error(422, "Tokens for some repositories or permissions only are not simulated");
    }
    let token = context.github.app.make_token(identity);
    let answer = json!({
        "token": token.text,
        "expires_at": time::text(i64::try_from(token.expires_at).unwrap_or_default()),
        "permissions": permissions(),
        "repository_selection": "all",
    });
    Reply::json(201, &answer)
}

fn permissions() -> Value {
    let names = ALL.iter().map(|permission| permission.name()).chain(["metadata", "organization_custom_properties"]);
    Value::Object(names.map(|name| (name.to_owned(), json!("read"))).collect::<Map<_, _>>())
}

fn the_app(context: &Context<'_>) -> Value {
    let founded_at = time::text(context.present.company.founded_at);
    json!({
        "id": app::ID,
        "slug": app::SLUG,
        "client_id": app::CLIENT_ID,
        "node_id": ids::encode("A", &[app::ID as u32]),
        "owner": shapes::owner(context),
        "name": "Lamplighter Census",
        "description": "Counts what turns",
        "external_url": format!("https://{}", DOMAIN),
        "html_url": format!("{WEB}/apps/{}", app::SLUG),
        "created_at": founded_at,
        "updated_at": founded_at,
        "permissions": permissions(),
        "events": [],
        "installations_count": context.bearer.organizations(context.moment).count(),
    })
}

fn installation(context: &Context<'_>, present: &Present) -> Value {
    let founded_at = time::text(present.company.founded_at);
    let identity = present.company.identity;
    let id = app::installation(identity);
    let url = format!("{}/app/installations/{id}", context.github.api_url);
    json!({
        "id": id,
        "account": shapes::organization(context, identity),
        "repository_selection": "all",
        "access_tokens_url": format!("{url}/access_tokens"),
        "repositories_url": format!("{}/installation/repositories", context.github.api_url),
        "html_url": format!("{WEB}/organizations/{}/settings/installations/{id}", identity.login),
        "app_id": app::ID,
        "app_slug": app::SLUG,
        "target_id": identity.id,
        "target_type": "Organization",
        "permissions": permissions(),
        "events": [],
        "created_at": founded_at,
        "updated_at": founded_at,
        "single_file_name": null,
        "has_multiple_single_files": false,
        "single_file_paths": [],
        "suspended_by": null,
        "suspended_at": null,
    })
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::company::identity::FIRST;
    use crate::github::app::tests::Key;
    use crate::testing::World;

    #[test]
    fn an_app_gets_tokens_that_read_everything_but_who_they_are() {
        let Some(key) = Key::generate() else { return };
        let world = World::small();
        world.github.app.trust(&key.public);
        let send = |method: Method, target: &str, token: &str| world.send(method, target, "", token, None);
        let signed = key.good();
        assert_eq!(send(Method::GET, "/app", &signed).value()["id"], app::ID);
        let installed = send(Method::GET, "/orgs/clockwork-lighthouse/installation", &signed).value();
        assert_eq!((&installed["id"], &installed["permissions"]["deployments"]), (&json!(app::installation(&FIRST)), &json!("read")));
        let path = format!("/app/installations/{}", app::installation(&FIRST));
        assert_eq!(send(Method::GET, &path, &signed).value(), installed);
        assert_eq!(send(Method::GET, "/app/installations", &signed).value(), json!([installed]));
        assert_eq!(send(Method::GET, "/app/installations/7", &signed).status, 404);
        assert_eq!(send(Method::GET, "/orgs/clockwork-lighthouse", &signed).status, 401);
        assert_eq!(send(Method::GET, "/app", world.github.access.token()).status, 401);

        let tokens = format!("{path}/access_tokens");
        let made = send(Method::POST, &tokens, &signed);
        let token = made.value()["token"].as_str().expect("a token").to_owned();
        assert!(made.status == 201 && token.starts_with("ghs_") && token.len() == 40, "{made:?}");
        let some = world.send(Method::POST, &tokens, r#"{"permissions":{"contents":"read"}}"#, &signed, None);
        assert_eq!(some.status, 422);
        let listed = send(Method::GET, "/installation/repositories?per_page=7", &token);
        assert_eq!((&listed.value()["total_count"], listed.header("x-oauth-scopes")), (&json!(60), None));
        assert!(listed.header("link").is_some_and(|links| links.contains("page=9")));
        assert_eq!(send(Method::GET, "/installation/repositories", world.github.access.token()).status, 403);
        let user = send(Method::GET, "/user", &token);
        assert_eq!((user.status, user.value()["message"].as_str()), (403, Some("Resource not accessible by integration")));
        assert_eq!(world.query_as(&token, "{ viewer { login } }", json!({}))["data"]["viewer"]["login"], "lamplighter-census[bot]");
        assert_eq!(send(Method::GET, "/orgs/clockwork-lighthouse/teams", &token).status, 200);

        // One allowance for all tokens of the installation, and none of it a person's.
        let again = send(Method::POST, &tokens, &signed).value()["token"].as_str().expect("a token").to_owned();
        let used = |token: &str| send(Method::GET, "/rate_limit", token).value()["resources"]["core"]["used"].as_u64();
        assert_eq!((used(&token), used(&again)), (Some(3), Some(3)));
        world.github.app.revoke();
        assert_eq!(send(Method::GET, "/orgs/clockwork-lighthouse", &token).status, 401);
        world.github.app.set_lifetime(Duration::ZERO);
        let short = send(Method::POST, &tokens, &signed).value()["token"].as_str().expect("a token").to_owned();
        assert_eq!(send(Method::GET, "/orgs/clockwork-lighthouse", &short).status, 401);
        assert_eq!(world.github.app.tokens().len(), 3);
    }
}
