//! Shapes that many answers share: people, and repositories where they are only mentioned.

use serde_json::{Value, json};

use crate::company::identity::Identity;
use crate::company::people::{Actor, BOTS};
use crate::company::repositories::{Repository, Visibility};
use crate::github::rest::Context;
use crate::github::{WEB, ids};

/// A repository's addresses: the name of each, and what follows the repository's own.
const ADDRESSES: [(&str, &str); 37] = [
    ("archive_url", "/{archive_format}{/ref}"),
    ("assignees_url", "/assignees{/user}"),
    ("blobs_url", "/git/blobs{/sha}"),
    ("branches_url", "/branches{/branch}"),
    ("collaborators_url", "/collaborators{/collaborator}"),
    ("comments_url", "/comments{/number}"),
    ("commits_url", "/commits{/sha}"),
    ("compare_url", "/compare/{base}...{head}"),
    ("contents_url", "/contents/{+path}"),
    ("contributors_url", "/contributors"),
    ("deployments_url", "/deployments"),
    ("downloads_url", "/downloads"),
    ("events_url", "/events"),
    ("forks_url", "/forks"),
    ("git_commits_url", "/git/commits{/sha}"),
    ("git_refs_url", "/git/refs{/sha}"),
    ("git_tags_url", "/git/tags{/sha}"),
    ("hooks_url", "/hooks"),
    ("issue_comment_url", "/issues/comments{/number}"),
    ("issue_events_url", "/issues/events{/number}"),
    ("issues_url", "/issues{/number}"),
    ("keys_url", "/keys{/key_id}"),
    ("labels_url", "/labels{/name}"),
    ("languages_url", "/languages"),
    ("merges_url", "/merges"),
    ("milestones_url", "/milestones{/number}"),
    ("notifications_url", "/notifications{?since,all,participating}"),
    ("pulls_url", "/pulls{/number}"),
    ("releases_url", "/releases{/id}"),
    ("stargazers_url", "/stargazers"),
    ("statuses_url", "/statuses/{sha}"),
    ("subscribers_url", "/subscribers"),
    ("subscription_url", "/subscription"),
    ("tags_url", "/tags"),
    ("teams_url", "/teams"),
    ("trees_url", "/git/trees{/sha}"),
    ("url", ""),
];

/// A repository where it is mentioned.
pub(super) fn repository(context: &Context<'_>, repository: &Repository) -> Value {
    let api = format!("{}/repos/{}", context.github.api_url, full_name(repository));
    let mut shape = json!({
        "id": repository.id,
        "node_id": ids::repository(repository),
        "name": repository.name,
        "full_name": full_name(repository),
        "owner": owner(context),
        "private": repository.visibility != Visibility::Public,
        "html_url": web(repository),
        "description": repository.description,
        "fork": repository.traits.fork,
    });
    for (name, rest) in ADDRESSES {
        shape[name] = json!(format!("{api}{rest}"));
    }
    shape
}

/// The organisation as the owner of something.
pub(super) fn owner(context: &Context<'_>) -> Value {
    organization(context, context.present.company.identity)
}

/// An organisation where it is mentioned.
pub(super) fn organization(context: &Context<'_>, identity: &Identity) -> Value {
    account(context, identity.login, identity.id, &ids::organization(identity), "Organization")
}

/// A person or a bot; null for a ghost.
pub(super) fn user(context: &Context<'_>, actor: Actor) -> Value {
    match actor {
        Actor::Ghost => Value::Null,
        Actor::Bot(place) => {
            let bot = &BOTS[usize::from(place)];
            // REST says in the login what GraphQL says in the type.
            let login = format!("{}[bot]", bot.login);
            account(context, &login, bot.id, &ids::encode("BOT", &[bot.id as u32]), "Bot")
        }
        Actor::Person(index) => {
            let person = &context.present.company.people[usize::from(index)];
            account(context, &person.login, person.id, &ids::encode("U", &[person.id as u32]), "User")
        }
    }
}

fn account(context: &Context<'_>, login: &str, id: u64, node_id: &str, kind: &str) -> Value {
    // A bot's login has brackets, which no address may have.
    let in_address = login.replace('[', "%5B").replace(']', "%5D");
    let api = format!("{}/users/{in_address}", context.github.api_url);
    json!({
        "login": login,
        "id": id,
        "node_id": node_id,
        "avatar_url": format!("{WEB}/avatars/{id}"),
        "gravatar_id": "",
        "url": api,
        "html_url": format!("{WEB}/{in_address}"),
        "followers_url": format!("{api}/followers"),
        "following_url": format!("{api}/following{{/other_user}}"),
        "gists_url": format!("{api}/gists{{/gist_id}}"),
        "starred_url": format!("{api}/starred{{/owner}}{{/repo}}"),
        "subscriptions_url": format!("{api}/subscriptions"),
        "organizations_url": format!("{api}/orgs"),
        "repos_url": format!("{api}/repos"),
        "events_url": format!("{api}/events{{/privacy}}"),
        "received_events_url": format!("{api}/received_events"),
        "type": kind,
        "site_admin": false,
    })
}

/// `owner/name`.
pub(super) fn full_name(repository: &Repository) -> String {
    format!("{}/{}", repository.owner.login, repository.name)
}

/// The repository's page.
pub(super) fn web(repository: &Repository) -> String {
    format!("{WEB}/{}", full_name(repository))
}

/// Adds the fields of one object to another.
pub(super) fn extend(shape: &mut Value, more: Value) {
    if let (Some(fields), Value::Object(more)) = (shape.as_object_mut(), more) {
        fields.extend(more);
    }
}
