//! What the company says of a repository when it is asked directly, by other endpoints than the collectors read where there are others.

use std::collections::BTreeMap;

use almanac_simulator::Simulator;
use futures::{StreamExt, stream};
use serde_json::{Value, json};

/// What only GraphQL tells: what is in force for the default branch beyond REST, what GitHub finds wrong in CODEOWNERS, and files.
const QUERY: &str = "query($owner: String!, $name: String!) {
    repository(owner: $owner, name: $name) {
        defaultBranchRef { name branchProtectionRule {
            requiresDeployments bypassForcePushAllowances(first: 10) { nodes { actor { __typename } } }
        } }
        codeowners { errors { line kind } }
        places: object(expression: \"HEAD:.github/CODEOWNERS\") { ... on Blob { byteSize text } }
        root: object(expression: \"HEAD:CODEOWNERS\") { ... on Blob { byteSize text } }
        docs: object(expression: \"HEAD:docs/CODEOWNERS\") { ... on Blob { byteSize text } }
        goMod: object(expression: \"HEAD:go.mod\") { ... on Blob { text } }
        releases(first: 100) { nodes { tagName isDraft isPrerelease publishedAt } }
    }
}";

/// Kinds of alert, with where a repository lists them.
pub(super) const ALERTS: [(&str, &str); 3] = [
    ("dependabot", "dependabot/alerts?per_page=100"),
    ("code_scanning", "code-scanning/alerts?per_page=100"),
    ("secret_scanning", "secret-scanning/alerts?per_page=100&hide_secret=true"),
];

/// Somebody with a token who asks.
pub(super) struct Asker {
    http: reqwest::Client,
    url: String,
    token: String,
    organization: String,
}

/// What a list answered: its rows, or why it gave none.
pub(super) type List = Result<Vec<Value>, (u16, String)>;

/// All that was learned of one repository.
pub(super) struct Repository {
    pub(super) id: i64,
    pub(super) full_name: String,
    pub(super) is_public: bool,
    pub(super) is_archived: bool,
    /// What the list of repositories says of it.
    pub(super) listed: Value,
    /// Nothing while it is empty.
    pub(super) default_branch: Option<String>,
    /// What GraphQL tells of it.
    pub(super) node: Value,
    /// The rule in the older way, for the default branch.
    pub(super) classic: Result<Value, (u16, String)>,
    /// The rules that rulesets come to for the default branch.
    pub(super) rules: Vec<Value>,
    /// Every ruleset that is for it, in full, by number.
    pub(super) rulesets: BTreeMap<i64, Value>,
    /// Alerts by kind.
    pub(super) alerts: BTreeMap<&'static str, List>,
    /// Custom properties.
    pub(super) properties: BTreeMap<String, Value>,
}

/// A team, and what it may do where.
pub(super) struct Team {
    pub(super) is_secret: bool,
    /// Role by `organization/name`.
    pub(super) roles: BTreeMap<String, String>,
}

/// What the organisation tells of all its repositories at once.
struct Shared {
    /// Custom properties by repository.
    properties: BTreeMap<i64, BTreeMap<String, Value>>,
    /// Its own rulesets.
    rulesets: BTreeMap<i64, Value>,
}

/// All that was learned at one moment.
pub(super) struct Told {
    pub(super) repositories: Vec<Repository>,
    pub(super) teams: BTreeMap<String, Team>,
}

impl Asker {
    pub(super) fn new(simulator: &Simulator, token: &str) -> Self {
        // Whoever comes first chooses for the process.
        let _ = rustls::crypto::ring::default_provider().install_default();
        Self {
            http: reqwest::Client::builder().no_proxy().build().expect("a client"),
            url: simulator.github_api_url(),
            token: token.to_owned(),
            organization: simulator.organization().to_owned(),
        }
    }

    /// Everything, now.
    pub(super) async fn ask(&self) -> Told {
        let organization = format!("orgs/{}", self.organization);
        let listed = self.list(&format!("{organization}/repos?per_page=100")).await.expect("repositories are listed");
        let valued = self.list(&format!("{organization}/properties/values?per_page=100")).await.expect("properties are listed");
        let shared = Shared {
            properties: valued.iter().map(|row| (number(&row["repository_id"]), values(row))).collect(),
            rulesets: self.rulesets(&organization, &BTreeMap::new()).await,
        };
        let questions: Vec<_> = listed.iter().map(|listed| self.repository(listed, &shared)).collect();
        let repositories = stream::iter(questions).buffer_unordered(8).collect().await;
        Told { repositories, teams: self.teams(&organization).await }
    }

    async fn repository(&self, listed: &Value, shared: &Shared) -> Repository {
        let (full_name, id) = (text(&listed["full_name"]), number(&listed["id"]));
        let at = format!("repos/{full_name}");
        let node = self.node(&full_name).await;
        let default_branch = node["defaultBranchRef"]["name"].as_str().map(str::to_owned);
        let branch = default_branch.clone().unwrap_or_default();
        let rules = self.list(&format!("{at}/rules/branches/{branch}?per_page=100")).await.unwrap_or_default();
        let mut alerts = BTreeMap::new();
        for (kind, path) in ALERTS {
            alerts.insert(kind, self.list(&format!("{at}/{path}")).await);
        }
        Repository {
            is_public: text(&listed["visibility"]) == "public",
            is_archived: listed["archived"] == true,
            classic: self.one(&format!("{at}/branches/{branch}/protection")).await,
            rulesets: self.rulesets(&at, &shared.rulesets).await,
            properties: shared.properties.get(&id).cloned().unwrap_or_default(),
            listed: listed.clone(),
            id,
            full_name,
            default_branch,
            node,
            rules,
            alerts,
        }
    }

    /// Those of an organisation or a repository in full. Who may pass one of the organisation's is told by the organisation alone.
    async fn rulesets(&self, of: &str, known: &BTreeMap<i64, Value>) -> BTreeMap<i64, Value> {
        let mut rulesets = BTreeMap::new();
        for set in self.list(&format!("{of}/rulesets?per_page=100")).await.expect("rulesets are listed") {
            let id = number(&set["id"]);
            let whole = match known.get(&id) {
                Some(whole) => whole.clone(),
                None => self.one(&format!("{of}/rulesets/{id}")).await.expect("a ruleset is shown"),
            };
            rulesets.insert(id, whole);
        }
        rulesets
    }

    async fn teams(&self, organization: &str) -> BTreeMap<String, Team> {
        let mut teams = BTreeMap::new();
        for team in self.list(&format!("{organization}/teams?per_page=100")).await.expect("teams are listed") {
            let slug = text(&team["slug"]);
            let rows = self.list(&format!("{organization}/teams/{slug}/repos?per_page=100")).await.expect("its repositories are listed");
            let roles = rows.iter().map(|row| (text(&row["full_name"]), text(&row["role_name"]))).collect();
            teams.insert(slug, Team { is_secret: text(&team["privacy"]) == "secret", roles });
        }
        teams
    }

    async fn node(&self, full_name: &str) -> Value {
        let (owner, name) = full_name.split_once('/').expect("an owner and a name");
        let body = json!({ "query": QUERY, "variables": { "owner": owner, "name": name } }).to_string();
        let request = self.http.post(format!("{}/graphql", self.url)).body(body);
        let (_, _, answer) = self.send(request).await;
        answer["data"]["repository"].clone()
    }

    /// All pages of a list.
    async fn list(&self, path: &str) -> List {
        let (mut rows, mut next) = (Vec::new(), Some(format!("{}/{path}", self.url)));
        while let Some(url) = next {
            let (status, link, answer) = self.send(self.http.get(url)).await;
            let Value::Array(page) = answer else { return Err((status, text(&answer["message"]))) };
            rows.extend(page);
            next = link;
        }
        Ok(rows)
    }

    async fn one(&self, path: &str) -> Result<Value, (u16, String)> {
        match self.send(self.http.get(format!("{}/{path}", self.url))).await {
            (200, _, answer) => Ok(answer),
            (status, _, answer) => Err((status, text(&answer["message"]))),
        }
    }

    /// The status, the address of the next page, and the answer.
    async fn send(&self, request: reqwest::RequestBuilder) -> (u16, Option<String>, Value) {
        let answer = request.header("authorization", format!("Bearer {}", self.token)).send().await.expect("it answers");
        let (status, link) = (answer.status().as_u16(), answer.headers().get("link").and_then(|link| link.to_str().ok()).and_then(next));
        let body = answer.bytes().await.expect("the answer is whole");
        (status, link, serde_json::from_slice(&body).expect("answers are JSON"))
    }
}

/// The address with `rel="next"` of a `Link` header.
fn next(link: &str) -> Option<String> {
    let part = link.split(',').find(|part| part.contains("rel=\"next\""))?;
    Some(part.split(['<', '>']).nth(1)?.to_owned())
}

fn values(row: &Value) -> BTreeMap<String, Value> {
    let properties = row["properties"].as_array().into_iter().flatten();
    properties.map(|property| (text(&property["property_name"]), property["value"].clone())).collect()
}

pub(super) fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

pub(super) fn number(value: &Value) -> i64 {
    value.as_i64().unwrap_or_default()
}
