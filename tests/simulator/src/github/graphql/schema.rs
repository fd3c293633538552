//! The part of the vendor's schema that this GitHub knows.
//!
//! A field or an argument that is not named here is refused, as the vendor refuses what it does not know: a client cannot rely by
//! mistake on an argument that is quietly ignored. A test elsewhere holds every answer to the vendor's full schema.

use std::collections::HashMap;
use std::sync::LazyLock;

/// A type with fields.
pub(crate) struct Type {
    /// The name.
    pub(crate) name: &'static str,
    /// The types that an object of this one may really be; itself alone unless it is an interface or a union.
    pub(crate) possible: Vec<&'static str>,
    fields: HashMap<&'static str, Field>,
}

/// A field.
pub(crate) struct Field {
    /// The name.
    pub(crate) name: &'static str,
    /// The type of the object it gives, or nothing for a plain value.
    pub(crate) gives: Option<String>,
    /// The names of its arguments.
    pub(crate) arguments: Vec<&'static str>,
}

impl Type {
    /// A field, also the one that every type has.
    pub(crate) fn field(&self, name: &str) -> Option<&Field> {
        static TYPENAME: Field = Field { name: "__typename", gives: None, arguments: Vec::new() };
        if name == TYPENAME.name { Some(&TYPENAME) } else { self.fields.get(name) }
    }
}

impl Field {
    /// Whether it gives a list in pages.
    pub(crate) fn is_connection(&self) -> bool {
        self.gives.as_ref().is_some_and(|gives| gives.ends_with("Connection"))
    }
}

/// A type by its name.
pub(crate) fn find(name: &str) -> Option<&'static Type> {
    static TYPES: LazyLock<HashMap<String, Type>> = LazyLock::new(read);
    TYPES.get(name)
}

/// A type and its fields: `name`, `name(argument,argument)`, `name:Type`. A connection `XConnection` brings its edges along.
const OBJECTS: &[(&str, &str)] = &[
    (
        "Query",
        "id viewer:User rateLimit(dryRun):RateLimit organization(login):Organization repository(owner,name,followRenames):Repository
         node(id):Node nodes(ids):Node",
    ),
    ("RateLimit", "limit cost remaining used resetAt nodeCount"),
    ("PageInfo", "hasNextPage endCursor hasPreviousPage startCursor"),
    (
        "Organization",
        "id databaseId login name description url avatarUrl email createdAt updatedAt isVerified repository(name,followRenames):Repository
         repositories(first,last,after,before,orderBy,isArchived,isFork,isLocked,privacy,visibility):RepositoryConnection
         rulesets(first,last,after,before,includeParents,targets):RepositoryRulesetConnection
         team(slug):Team teams(first,last,after,before,privacy,rootTeamsOnly):TeamConnection",
    ),
    (
        "Repository",
        "id databaseId name nameWithOwner owner:RepositoryOwner url sshUrl homepageUrl mirrorUrl description visibility isPrivate
         isArchived archivedAt isDisabled isFork isTemplate isEmpty isMirror isLocked lockReason isInOrganization
         isSecurityPolicyEnabled isBlankIssuesEnabled isUserConfigurationRepository hasVulnerabilityAlertsEnabled hasIssuesEnabled
         hasWikiEnabled hasProjectsEnabled hasDiscussionsEnabled hasSponsorshipsEnabled forkingAllowed webCommitSignoffRequired
         mergeCommitAllowed squashMergeAllowed rebaseMergeAllowed autoMergeAllowed deleteBranchOnMerge allowUpdateBranch
         mergeCommitTitle mergeCommitMessage squashMergeCommitTitle squashMergeCommitMessage diskUsage stargazerCount forkCount
         createdAt updatedAt pushedAt viewerPermission viewerCanAdminister viewerDefaultMergeMethod defaultBranchRef:Ref
         primaryLanguage:Language licenseInfo:License parent:Repository templateRepository:Repository
         repositoryTopics(first,last,after,before):RepositoryTopicConnection object(expression):GitObject
         codeowners:RepositoryCodeowners securityPolicyUrl
         branchProtectionRules(first,last,after,before):BranchProtectionRuleConnection
         rulesets(first,last,after,before,includeParents,targets):RepositoryRulesetConnection pullRequest(number):PullRequest
         pullRequests(first,last,after,before,states,orderBy,baseRefName):PullRequestConnection
         deployments(first,last,after,before,environments,orderBy):DeploymentConnection
         releases(first,last,after,before,orderBy):ReleaseConnection latestRelease:Release",
    ),
    (
        "Deployment",
        "id databaseId createdAt updatedAt environment originalEnvironment latestEnvironment task state commitOid commit:Commit ref:Ref
         creator:Actor description payload repository:Repository latestStatus:DeploymentStatus
         statuses(first,last,after,before):DeploymentStatusConnection",
    ),
    ("DeploymentStatus", "id state createdAt updatedAt environment environmentUrl logUrl description creator:Actor deployment:Deployment"),
    (
        "Release",
        "id databaseId tagName name isDraft isPrerelease isLatest createdAt publishedAt updatedAt author:User tagCommit:Commit description
         url repository:Repository",
    ),
    (
        "Team",
        "id databaseId slug name combinedSlug description privacy url createdAt updatedAt organization:Organization parentTeam:Team
         reviewRequestDelegationEnabled
         members(first,last,after,before,membership,role):TeamMemberConnection
         repositories(first,last,after,before):TeamRepositoryConnection",
    ),
    ("Blob", "id oid abbreviatedOid byteSize isTruncated isBinary text"),
    ("Tree", "id oid abbreviatedOid entries:TreeEntry"),
    ("TreeEntry", "name path type mode size oid object:GitObject"),
    ("RepositoryCodeowners", "errors:RepositoryCodeownersError"),
    ("RepositoryCodeownersError", "path line column kind source suggestion message"),
    (
        "BranchProtectionRule",
        "id databaseId pattern requiresApprovingReviews requiredApprovingReviewCount dismissesStaleReviews requiresCodeOwnerReviews
         requireLastPushApproval requiresStatusChecks requiresStrictStatusChecks requiredStatusCheckContexts
         requiredStatusChecks:RequiredStatusCheckDescription requiresCommitSignatures requiresLinearHistory requiresConversationResolution
         isAdminEnforced allowsForcePushes allowsDeletions blocksCreations lockBranch lockAllowsFetchAndMerge restrictsPushes
         restrictsReviewDismissals requiresDeployments requiredDeploymentEnvironments repository:Repository
         bypassPullRequestAllowances(first,last,after,before):BypassPullRequestAllowanceConnection
         bypassForcePushAllowances(first,last,after,before):BypassForcePushAllowanceConnection
         pushAllowances(first,last,after,before):PushAllowanceConnection
         reviewDismissalAllowances(first,last,after,before):ReviewDismissalAllowanceConnection
         matchingRefs(first,last,after,before):RefConnection",
    ),
    ("RequiredStatusCheckDescription", "context app:App"),
    ("BypassPullRequestAllowance", "id actor:BranchActorAllowanceActor"),
    ("BypassForcePushAllowance", "id actor:BranchActorAllowanceActor"),
    ("PushAllowance", "id actor:PushAllowanceActor"),
    ("ReviewDismissalAllowance", "id actor:ReviewDismissalAllowanceActor"),
    ("App", "id databaseId name slug url createdAt updatedAt"),
    (
        "RepositoryRuleset",
        "id databaseId name target enforcement source:RuleSource createdAt updatedAt conditions:RepositoryRuleConditions
         bypassActors(first,last,after,before):RepositoryRulesetBypassActorConnection
         rules(first,last,after,before,type):RepositoryRuleConnection",
    ),
    (
        "RepositoryRuleConditions",
        "refName:RefNameConditionTarget repositoryName:RepositoryNameConditionTarget
         repositoryProperty:RepositoryPropertyConditionTarget repositoryId:RepositoryIdConditionTarget",
    ),
    ("RefNameConditionTarget", "include exclude"),
    ("RepositoryNameConditionTarget", "include exclude protected"),
    ("RepositoryIdConditionTarget", "repositoryIds"),
    ("RepositoryPropertyConditionTarget", "include:PropertyTargetDefinition exclude:PropertyTargetDefinition"),
    ("PropertyTargetDefinition", "name propertyValues source"),
    (
        "RepositoryRulesetBypassActor",
        "id bypassMode organizationAdmin enterpriseOwner deployKey repositoryRoleDatabaseId repositoryRoleName actor:BypassActor",
    ),
    ("RepositoryRule", "id type parameters:RuleParameters"),
    (
        "PullRequestParameters",
        "requiredApprovingReviewCount dismissStaleReviewsOnPush requireCodeOwnerReview requireLastPushApproval
         requiredReviewThreadResolution allowedMergeMethods",
    ),
    (
        "RequiredStatusChecksParameters",
        "strictRequiredStatusChecksPolicy doNotEnforceOnCreate requiredStatusChecks:StatusCheckConfiguration",
    ),
    ("StatusCheckConfiguration", "context integrationId"),
    ("UpdateParameters", "updateAllowsFetchAndMerge"),
    ("RequiredDeploymentsParameters", "requiredDeploymentEnvironments"),
    ("Enterprise", "id databaseId name slug url"),
    ("Ref", "id name prefix branchProtectionRule:BranchProtectionRule"),
    ("Language", "id name color"),
    ("License", "id key name spdxId"),
    ("RepositoryTopic", "id topic:Topic"),
    ("Topic", "id name"),
    ("Label", "id name color"),
    (
        "PullRequest",
        "id fullDatabaseId databaseId number title body bodyText url permalink state isDraft merged closed locked createdAt updatedAt
         closedAt mergedAt publishedAt lastEditedAt additions deletions changedFiles author:Actor mergedBy:Actor authorAssociation
         baseRefName headRefName baseRefOid headRefOid isCrossRepository headRepository:Repository baseRepository:Repository
         repository:Repository headRepositoryOwner:RepositoryOwner mergeCommit:Commit reviewDecision totalCommentsCount
         labels(first,last,after,before):LabelConnection comments(first,last,after,before):IssueCommentConnection
         commits(first,last,after,before):PullRequestCommitConnection reviews(first,last,after,before,states):PullRequestReviewConnection
         timelineItems(first,last,after,before,itemTypes):PullRequestTimelineItemsConnection",
    ),
    ("PullRequestCommit", "id url commit:Commit"),
    (
        "Commit",
        "id oid abbreviatedOid url authoredDate committedDate message messageHeadline messageBody author:GitActor committer:GitActor
         parents(first,last,after,before):CommitConnection",
    ),
    ("GitActor", "name email date user:User"),
    (
        "PullRequestReview",
        "id fullDatabaseId databaseId state submittedAt createdAt updatedAt publishedAt author:Actor authorAssociation body bodyText
         commit:Commit url pullRequest:PullRequest repository:Repository",
    ),
    ("ReadyForReviewEvent", "id createdAt actor:Actor url pullRequest:PullRequest"),
    ("ConvertToDraftEvent", "id createdAt actor:Actor url pullRequest:PullRequest"),
    ("MergedEvent", "id createdAt actor:Actor url commit:Commit pullRequest:PullRequest"),
    ("ClosedEvent", "id createdAt actor:Actor url pullRequest:PullRequest"),
    ("User", "id databaseId login name email url avatarUrl createdAt updatedAt"),
    ("Bot", "id databaseId login url avatarUrl createdAt updatedAt"),
    ("Mannequin", "id databaseId login email url avatarUrl createdAt updatedAt"),
    ("EnterpriseUserAccount", "id login name url avatarUrl createdAt updatedAt"),
];

/// Interfaces and unions: their own fields, and the types that stand behind them.
const ABSTRACT: &[(&str, &str, &[&str])] = &[
    ("Actor", "login url avatarUrl", &["User", "Bot", "Mannequin", "Organization", "EnterpriseUserAccount"]),
    ("RepositoryOwner", "id login url avatarUrl", &["Organization", "User"]),
    // Every object that has an id is one.
    ("Node", "id", &[]),
    ("BranchActorAllowanceActor", "", &["App", "Team", "User"]),
    ("PushAllowanceActor", "", &["App", "Team", "User"]),
    ("ReviewDismissalAllowanceActor", "", &["App", "Team", "User"]),
    ("BypassActor", "", &["App", "Team"]),
    ("RuleSource", "", &["Enterprise", "Organization", "Repository"]),
    (
        "RuleParameters",
        "",
        &["PullRequestParameters", "RequiredStatusChecksParameters", "UpdateParameters", "RequiredDeploymentsParameters"],
    ),
    ("GitObject", "id oid abbreviatedOid", &["Blob", "Tree"]),
    (
        "PullRequestTimelineItems",
        "",
        &["PullRequestCommit", "PullRequestReview", "ReadyForReviewEvent", "ConvertToDraftEvent", "MergedEvent", "ClosedEvent"],
    ),
];

/// Connections whose items are of a type of another name, or whose edges say more: name, type of the items, fields of the edges.
const PAGED: &[(&str, &str, &str)] = &[("TeamMember", "User", "role"), ("TeamRepository", "Repository", "permission")];

/// Connections that are counted and never shown, though the type of their items is known.
const COUNTED: &[&str] = &["Commit"];

fn read() -> HashMap<String, Type> {
    let mut types = HashMap::new();
    for (name, text) in OBJECTS {
        types.insert((*name).to_owned(), Type { name, possible: vec![name], fields: fields(text) });
    }
    let with_id = || OBJECTS.iter().filter(|(_, text)| fields(text).contains_key("id")).map(|(name, _)| *name);
    for (name, text, possible) in ABSTRACT {
        let possible = if possible.is_empty() { with_id().collect() } else { possible.to_vec() };
        types.insert((*name).to_owned(), Type { name, possible, fields: fields(text) });
    }
    let connections: Vec<String> = types
        .values()
        .flat_map(|known| known.fields.values())
        .filter(|field| field.is_connection())
        .filter_map(|field| field.gives.clone())
        .collect();
    for connection in connections {
        let name = connection.trim_end_matches("Connection").to_owned();
        let (node, of_edge) = match PAGED.iter().find(|(known, ..)| *known == name) {
            Some((_, node, of_edge)) => ((*node).to_owned(), *of_edge),
            None => (name.clone(), ""),
        };
        let mut paged = fields("totalCount pageInfo:PageInfo");
        // Comments are counted and never shown, too: nobody should have a reason to read them.
        if types.contains_key(&node) && !COUNTED.contains(&name.as_str()) {
            let give = |name, gives: &str| Field { name, gives: Some(gives.to_owned()), arguments: Vec::new() };
            let edge = format!("{name}Edge");
            paged.insert("nodes", give("nodes", &node));
            paged.insert("edges", give("edges", &edge));
            let mut of_edge = fields(of_edge);
            of_edge.extend(fields("cursor"));
            of_edge.insert("node", give("node", &node));
            add(&mut types, edge, of_edge);
        }
        add(&mut types, connection, paged);
    }
    types
}

/// Adds a type whose name was put together here. It lives as long as the program, like the names written above.
fn add(types: &mut HashMap<String, Type>, name: String, fields: HashMap<&'static str, Field>) {
    types.entry(name).or_insert_with_key(|name| {
        let name: &'static str = Box::leak(name.clone().into_boxed_str());
        Type { name, possible: vec![name], fields }
    });
}

fn fields(text: &'static str) -> HashMap<&'static str, Field> {
    text.split_whitespace()
        .map(|token| {
            let (head, gives) = match token.rsplit_once(':') {
                Some((head, gives)) => (head, Some(gives.to_owned())),
                None => (token, None),
            };
            let (name, arguments) = head.split_once('(').unwrap_or((head, ""));
            let arguments = arguments.trim_end_matches(')');
            let arguments = arguments.split(',').filter(|argument| !argument.is_empty()).collect();
            (name, Field { name, gives, arguments })
        })
        .collect()
}
