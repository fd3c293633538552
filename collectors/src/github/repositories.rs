//! One row per repository that the credential can see, and its settings as of today.
//!
//! - grain: `repository_id`, which survives a rename
//! - endpoint: GraphQL `organization.repositories`, 100 a request; `GET /orgs/{org}/repos` for the security settings, 100 a page
//! - permission: Metadata: read; Administration: read for the security settings
//! - date: the day of the run; today's state only

use futures::{FutureExt, future::BoxFuture};
use serde::Serialize;

use crate::{
    collect::{CollectError, Context, Outcome, Parent, Status, Tally},
    table::{Kind, Probe, Read, Row, Table, Timestamp, Watch},
};

use super::{
    github,
    listing::{self, Organization},
    organization_parent,
    security::Security,
};

/// `github.repositories`
pub const TABLE: Table = Table {
    source: "github",
    name: "repositories",
    meaning: "One row per repository that the credential can see, and its settings as of the date.",
    kind: Kind::Snapshot,
    grain: &["repository_id"],
    version: None,
    endpoint: "POST /graphql organization.repositories, GET /orgs/{org}/repos",
    permission: "Metadata: read; Administration: read for the security settings",
    probe: Probe::Organization("repositories(first: 1) { totalCount }"),
    requests: |size| Some(2 * size.repositories.div_ceil(100)),
    columns: Repository::COLUMNS,
    watch: Watch::of(&[
        "full_name",
        "visibility",
        "is_archived",
        "is_disabled",
        "default_branch",
        "is_dependabot_alerts_enabled",
        "is_forking_allowed",
        "viewer_can_administer",
        "is_advanced_security_enabled",
        "is_code_security_enabled",
        "is_secret_scanning_enabled",
        "is_secret_scanning_push_protection_enabled",
        "is_dependabot_security_updates_enabled",
    ]),
    read: Read::By(collect),
};

/// One row.
#[derive(Debug, Row, Serialize)]
pub struct Repository {
    /// Number of the repository; survives a rename
    repository_id: i64,
    /// Id of the repository in GraphQL
    node_id: String,
    /// Login of the organisation
    organization: String,
    /// Name within the organisation
    name: String,
    /// `organisation/name`
    full_name: String,
    /// public, private or internal
    visibility: String,
    /// Read-only for everyone
    is_archived: bool,
    /// Switched off by GitHub
    is_disabled: bool,
    /// A fork of another repository
    is_fork: bool,
    /// Meant to be copied
    is_template: bool,
    /// Has no commit
    is_empty: bool,
    /// Name of the default branch; null where there is no commit
    default_branch: Option<String>,
    /// Language with the most code
    primary_language: Option<String>,
    /// SPDX id of the licence
    license: Option<String>,
    /// Topics, the first 30
    topics: Vec<String>,
    /// Size on disk [kB]
    disk_usage_kb: Option<i64>,
    /// Stars
    stars: i64,
    /// Forks
    forks: i64,
    /// Created
    created_at: Timestamp,
    /// Last change of the repository or its settings
    updated_at: Timestamp,
    /// Last push to any branch; null where there was none
    pushed_at: Option<Timestamp>,
    /// Archived
    archived_at: Option<Timestamp>,
    /// Dependabot alerts are on; reads false as well where the credential may not know (see `viewer_permission`)
    is_dependabot_alerts_enabled: bool,
    /// There is a security policy
    is_security_policy_enabled: Option<bool>,
    /// Pull requests may be merged with a merge commit
    is_merge_commit_allowed: bool,
    /// Pull requests may be squashed
    is_squash_merge_allowed: bool,
    /// Pull requests may be rebased
    is_rebase_merge_allowed: bool,
    /// Pull requests may be set to merge by themselves
    is_auto_merge_allowed: bool,
    /// Head branches are deleted after the merge
    is_delete_branch_on_merge: bool,
    /// A pull request can be brought up to date from its page
    is_update_branch_allowed: bool,
    /// Commits on the web must be signed off
    is_signoff_required: bool,
    /// Private forks are allowed
    is_forking_allowed: bool,
    /// What our credential may do there: ADMIN, MAINTAIN, WRITE, TRIAGE or READ
    viewer_permission: Option<String>,
    /// Pull requests of all states; null where the credential may not see them
    pull_requests: Option<i64>,
    /// Our credential administers it, and so sees its branch protection, who may bypass rulesets, and the settings below; null in rows of versions that did not ask
    viewer_can_administer: Option<bool>,
    /// Issues are on; null likewise
    is_issues_enabled: Option<bool>,
    /// The wiki is on; null likewise
    is_wiki_enabled: Option<bool>,
    /// Discussions are on; null likewise
    is_discussions_enabled: Option<bool>,
    /// GitHub Advanced Security is on; null where the credential may not know, and for public repositories, which need none
    is_advanced_security_enabled: Option<bool>,
    /// Code Security is on; null where the credential may not know, or it is not sold by itself
    is_code_security_enabled: Option<bool>,
    /// Secrets are looked for; null where the credential may not know
    is_secret_scanning_enabled: Option<bool>,
    /// Pushes with secrets are stopped; null likewise
    is_secret_scanning_push_protection_enabled: Option<bool>,
    /// Secrets without a known form, such as passwords, are looked for too; null likewise
    is_secret_scanning_non_provider_patterns_enabled: Option<bool>,
    /// Dependabot opens pull requests that fix alerts; null likewise
    is_dependabot_security_updates_enabled: Option<bool>,
    /// Its page on the web; null in rows of versions that did not ask
    url: Option<String>,
}

fn collect<'a>(context: &'a Context<'a>) -> BoxFuture<'a, Result<(), CollectError>> {
    async move {
        let organizations = github(context)?.listing().await?;
        context.sink.expect(&TABLE, organizations.len());
        for organization in organizations {
            let parent = organization_parent(&organization.login);
            if context.sink.is_done(&TABLE, &parent) {
                continue;
            }
            let outcome = match &organization.repositories {
                Ok(repositories) => write(context, organization, &parent, repositories).await?,
                Err(_) => organization.outcome.clone(),
            };
            context.sink.done(&TABLE, &parent, outcome, Vec::new()).await?;
        }
        Ok(())
    }
    .boxed()
}

/// Hands the rows over. Without the security settings they are worth having all the same, with a word about what is missing.
async fn write(
    context: &Context<'_>,
    organization: &Organization,
    parent: &Parent,
    repositories: &[listing::Repository],
) -> Result<Outcome, CollectError> {
    let tally = Tally::default();
    let security = organization.security(&tally).await;
    let of = |wire: &listing::Repository| security.ok().and_then(|by_id| by_id.get(&wire.database_id)).copied().unwrap_or_default();
    let rows: Vec<_> = repositories.iter().map(|wire| row(&organization.login, wire, of(wire))).collect();
    context.sink.write(&TABLE, parent, &rows).await?;

    let (listed, settings) = (organization.outcome.clone(), tally.ended(Status::Ok, None));
    let mut outcome = Outcome {
        requests: listed.requests + settings.requests,
        bytes: listed.bytes + settings.bytes,
        duration_ms: listed.duration_ms + settings.duration_ms,
        ..listed
    };
    if let Err(error) = security
        && outcome.status.is_whole()
    {
        outcome.status = Status::Truncated;
        outcome.detail = Some(format!("the security settings could not be read: {}", error.message));
    }
    Ok(outcome)
}

fn row(organization: &str, wire: &listing::Repository, security: Security) -> Repository {
    Repository {
        repository_id: wire.database_id,
        node_id: wire.id.clone(),
        organization: organization.to_owned(),
        name: wire.name.clone(),
        full_name: wire.name_with_owner.clone(),
        visibility: wire.visibility.to_lowercase(),
        is_archived: wire.is_archived,
        is_disabled: wire.is_disabled,
        is_fork: wire.is_fork,
        is_template: wire.is_template,
        is_empty: wire.is_empty,
        default_branch: wire.default_branch_ref.as_ref().map(|branch| branch.name.clone()),
        primary_language: wire.primary_language.as_ref().map(|language| language.name.clone()),
        license: wire.license_info.as_ref().and_then(|license| license.spdx_id.clone()),
        topics: wire.repository_topics.nodes.iter().flatten().map(|node| node.topic.name.clone()).collect(),
        disk_usage_kb: wire.disk_usage,
        stars: wire.stargazer_count,
        forks: wire.fork_count,
        created_at: wire.created_at,
        updated_at: wire.updated_at,
        pushed_at: wire.pushed_at,
        archived_at: wire.archived_at,
        is_dependabot_alerts_enabled: wire.has_vulnerability_alerts_enabled,
        is_security_policy_enabled: wire.is_security_policy_enabled,
        is_merge_commit_allowed: wire.merge_commit_allowed,
        is_squash_merge_allowed: wire.squash_merge_allowed,
        is_rebase_merge_allowed: wire.rebase_merge_allowed,
        is_auto_merge_allowed: wire.auto_merge_allowed,
        is_delete_branch_on_merge: wire.delete_branch_on_merge,
        is_update_branch_allowed: wire.allow_update_branch,
        is_signoff_required: wire.web_commit_signoff_required,
        is_forking_allowed: wire.forking_allowed,
        viewer_permission: wire.viewer_permission.clone(),
        pull_requests: wire.pull_requests.as_ref().and_then(|all| i64::try_from(all.total_count).ok()),
        viewer_can_administer: Some(wire.viewer_can_administer),
        is_issues_enabled: Some(wire.has_issues_enabled),
        is_wiki_enabled: Some(wire.has_wiki_enabled),
        is_discussions_enabled: Some(wire.has_discussions_enabled),
        is_advanced_security_enabled: security.advanced_security,
        is_code_security_enabled: security.code_security,
        is_secret_scanning_enabled: security.secret_scanning,
        is_secret_scanning_push_protection_enabled: security.secret_scanning_push_protection,
        is_secret_scanning_non_provider_patterns_enabled: security.non_provider_patterns,
        is_dependabot_security_updates_enabled: security.dependabot_security_updates,
        url: Some(wire.url.clone()),
    }
}
