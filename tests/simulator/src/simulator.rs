//! A running simulator.

mod clusters;

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use tokio::net::TcpListener;
use tokio::sync::oneshot;

use crate::clock::Clock;
use crate::company::clusters::workloads::{APPLIED_SECRET, APPLIED_WORDS};
use crate::company::edits::Edit;
use crate::company::identity::{FIRST, SECOND};
use crate::company::repositories::Visibility;
use crate::company::{self, Company, catalog, people, text, wishes, words};
use crate::datadog::{self, Datadog};
use crate::edits::Edits;
use crate::error::SimulatorError;
use crate::faults::{Fault, Faults};
use crate::github::Github;
use crate::github::access::Permission;
use crate::github::app;
use crate::http::{Desk, Service, router};
use crate::jira::Jira;
use crate::log::{Log, RequestLog};
use crate::opencost::OpenCost;
use crate::options::Options;
use crate::pagerduty::PagerDuty;
use crate::traffic::Traffic;
use crate::wire::{Scissors, Wire};

pub use crate::simulator::clusters::SimCluster;

/// An App that every organisation has installed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct App {
    /// The App's number, for the `iss` of what it signs.
    pub id: u64,
    /// The other name that it may sign with.
    pub client_id: &'static str,
    /// Its name in URLs.
    pub slug: &'static str,
    /// The number of its installation in the first organisation; `GET /orgs/{org}/installation` says it for each.
    pub installation_id: u64,
}

/// A company that answers on the loopback address until it is dropped.
pub struct Simulator {
    service: Arc<Service>,
    companies: Vec<Arc<Company>>,
    address: SocketAddr,
    /// Dropped with the simulator, which tells the server to stop.
    _stop: oneshot::Sender<()>,
}

impl Simulator {
    /// Makes the companies up and begins to answer.
    pub async fn start(options: Options) -> Result<Simulator, SimulatorError> {
        let companies: Vec<Arc<Company>> = Company::found_all(&options)?.into_iter().map(Arc::new).collect();
        let listen = |source| SimulatorError::Listen { port: options.port, source };
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, options.port)).await.map_err(listen)?;
        let address = listener.local_addr().map_err(listen)?;
        let service = Arc::new(Service {
            clock: Clock::new(companies.iter().cloned(), options.now),
            edits: Edits::new(options.clone()),
            faults: Faults::default(),
            log: Log::default(),
            github: Desk {
                face: Github::new(&options, format!("http://{address}/github")),
                traffic: Traffic::new(options.secondary_limits),
            },
            datadog: Desk { face: Datadog::new(&options), traffic: Traffic::new(None) },
            pagerduty: Desk { face: PagerDuty::new(&options), traffic: Traffic::new(None) },
            jira: Desk { face: Jira::new(&options), traffic: Traffic::new(None) },
            opencost: Desk { face: OpenCost::new(&options), traffic: Traffic::new(None) },
        });
        let (stop, stopped) = oneshot::channel::<()>();
        let make_service = router(Arc::clone(&service)).into_make_service_with_connect_info::<Scissors>();
        let server = axum::serve(Wire(listener), make_service).with_graceful_shutdown(async {
            // The sender never sends: an error here means that the simulator is gone.
            let _ = stopped.await;
        });
        tokio::spawn(async move {
            if let Err(error) = server.await {
                tracing::warn!(%error, "the simulator stopped");
            }
        });
        Ok(Simulator { service, companies, address, _stop: stop })
    }

    /// Where it answers as GitHub: REST under this address, GraphQL at `/graphql` below it.
    pub fn github_api_url(&self) -> String {
        format!("http://{}/github", self.address)
    }

    /// Where it answers as Datadog: `/api/v1/…` and `/api/v2/…` under this address.
    pub fn datadog_api_url(&self) -> String {
        format!("http://{}/datadog", self.address)
    }

    /// Where it answers as PagerDuty.
    pub fn pagerduty_api_url(&self) -> String {
        format!("http://{}/pagerduty", self.address)
    }

    /// Where it answers as Jira: `/rest/api/…` under this address.
    pub fn jira_url(&self) -> String {
        format!("http://{}/jira", self.address)
    }

    /// A token that PagerDuty knows, and that may read everything.
    pub fn pagerduty_token(&self) -> &str {
        self.service.pagerduty.face.token()
    }

    /// A token that PagerDuty answers 403 to at one endpoint: `services`, `escalation_policies`, `oncalls`, `incidents` or `log_entries`.
    /// For any other word it is the token that may read everything.
    pub fn pagerduty_token_without(&self, endpoint: &str) -> &str {
        self.service.pagerduty.face.token_without(endpoint)
    }

    /// The address and the token that Jira wants as the Cloud, under `/rest/api/3`.
    pub fn jira_credentials(&self) -> (String, String) {
        self.service.jira.face.credentials()
    }

    /// The token that Jira wants as a Data Center, under `/rest/api/2`.
    pub fn jira_access_token(&self) -> &str {
        self.service.jira.face.access_token()
    }

    /// Name and text of the files in which the company describes its teams, systems and resources, as of now. What repositories say
    /// about themselves is in the repositories.
    pub fn catalog_files(&self) -> Vec<(String, String)> {
        let moment = self.service.clock.moment();
        catalog::files(&moment.first().company, moment.first().now)
    }

    /// The company's name in URLs.
    pub fn organization(&self) -> &str {
        FIRST.login
    }

    /// The second organisation's name in URLs, if [`Options::second_organization`] asked for one. The same tokens see both, but for
    /// those of an installation of the App: each organisation has one of its own, with an allowance of its own.
    pub fn second_organization(&self) -> Option<&str> {
        self.companies.iter().map(|company| company.identity).find(|identity| **identity == SECOND).map(|identity| identity.login)
    }

    /// Datadog's API key, and an application key that may do everything.
    pub fn datadog_keys(&self) -> (&str, &str) {
        self.service.datadog.face.keys.all_powerful()
    }

    /// An application key of Datadog that lacks one scope, such as `slos_read`.
    pub fn datadog_app_key_without(&self, scope: &str) -> String {
        self.service.datadog.face.keys.without(scope).to_owned()
    }

    /// A token that may do everything.
    pub fn token(&self) -> &str {
        self.service.github.face.access.token()
    }

    /// A token that may do everything but one thing.
    pub fn token_without(&self, permission: Permission) -> String {
        self.service.github.face.access.token_without(permission).to_owned()
    }

    /// Moves the clock of both organisations, forwards or back.
    pub fn set_now(&self, now: DateTime<Utc>) {
        self.service.clock.set(now);
    }

    /// Where that clock stands. It does not move by itself.
    pub fn now(&self) -> DateTime<Utc> {
        self.service.clock.now()
    }

    /// Deletes a repository, at once and for good. One of the second organisation is named `owner/name`, here and below.
    pub fn delete_repository(&self, name: &str) -> Result<(), SimulatorError> {
        self.service.edits.make(Edit::Delete(name.to_owned()), &self.service.clock)
    }

    /// Gives a repository another name, at once. Under its old name, REST answers 301 and GraphQL follows.
    pub fn rename_repository(&self, name: &str, new_name: &str) -> Result<(), SimulatorError> {
        self.service.edits.make(Edit::Rename(name.to_owned(), new_name.to_owned()), &self.service.clock)
    }

    /// Lets history be rewritten by whoever may push to the default branch: the rule that counts for it allows force pushes from now on.
    /// A ruleset that forbids them does so still.
    pub fn weaken_protection(&self, repository: &str) -> Result<(), SimulatorError> {
        self.service.edits.make(Edit::AllowForcePushes(repository.to_owned()), &self.service.clock)
    }

    /// Makes a repository `public`, `internal` or `private`, at once. Of a public one the vendor no longer says whether Advanced Security
    /// is on.
    pub fn set_visibility(&self, repository: &str, visibility: &str) -> Result<(), SimulatorError> {
        let visibility = match visibility {
            "public" => Visibility::Public,
            "internal" => Visibility::Internal,
            "private" => Visibility::Private,
            other => return Err(SimulatorError::NothingToChange { what: format!("there is no visibility `{other}`") }),
        };
        self.service.edits.make(Edit::Show(repository.to_owned(), visibility), &self.service.clock)
    }

    /// Takes the team out of a repository's property. CODEOWNERS, the descriptor and everything beside the code host name it still.
    pub fn remove_owner(&self, repository: &str) -> Result<(), SimulatorError> {
        self.service.edits.make(Edit::Disown(repository.to_owned()), &self.service.clock)
    }

    /// Takes a service out of the catalog: the repository of this name, as nearly every service has one, loses its `catalog-info.yaml`.
    pub fn remove_service(&self, repository: &str) -> Result<(), SimulatorError> {
        self.service.edits.make(Edit::Undescribe(repository.to_owned()), &self.service.clock)
    }

    /// Silences a monitor of Datadog as a whole and without an end. It is named by its number or its name.
    pub fn mute_monitor(&self, monitor: &str) -> Result<(), SimulatorError> {
        let place = datadog::monitor(&self.service.clock.moment().first().company, monitor);
        let place = place.ok_or_else(|| SimulatorError::NoMonitor { name: monitor.to_owned() })?;
        self.service.edits.make(Edit::Mute(place), &self.service.clock)
    }

    /// Lets a list be short from now on: every answer is complete and valid, and tells of the first `keep` rows only. The list is named
    /// by the table that is read from it: `datadog.monitors`, `.slos`, `.dashboards`, `.synthetic_tests`, `.service_definitions` or
    /// `pagerduty.services`. With `usize::MAX` it is whole again.
    pub fn shrink(&self, list: &str, keep: usize) -> Result<(), SimulatorError> {
        self.service.edits.make(Edit::Shorten(list.to_owned(), keep), &self.service.clock)
    }

    /// Lets something go wrong.
    pub fn inject(&self, fault: Fault) {
        self.service.faults.inject(fault);
    }

    /// Lets nothing go wrong any more.
    pub fn clear_faults(&self) {
        self.service.faults.clear();
    }

    /// Every request answered so far, in the order the answers were ready.
    pub fn requests(&self) -> Vec<RequestLog> {
        self.service.log.requests()
    }

    /// Forgets the requests answered so far, and how many were in flight at once.
    pub fn reset_requests(&self) {
        self.service.log.reset();
        for (_, traffic) in self.service.desks() {
            traffic.reset();
        }
    }

    /// The most requests that were in flight at once at one vendor, since the start or the last reset.
    pub fn most_in_flight(&self) -> u32 {
        self.service.desks().iter().map(|(_, traffic)| traffic.most()).max().unwrap_or_default()
    }

    /// The App that the organisations have installed. Nobody can speak for it until a key is trusted.
    pub fn app(&self) -> App {
        App { id: app::ID, client_id: app::CLIENT_ID, slug: app::SLUG, installation_id: app::installation(&FIRST) }
    }

    /// Trusts what is signed for the App with the private half of this RSA key of 2,048 bits or more, in DER: as
    /// `openssl rsa -pubout -outform DER` gives it, or as PKCS #1 has it.
    pub fn trust_app_key(&self, public_key_der: &[u8]) {
        self.service.github.face.app.trust(public_key_der);
    }

    /// How long tokens of an installation last that are made from now on, instead of an hour: in whole seconds, and they say so.
    pub fn set_installation_token_lifetime(&self, lifetime: Duration) {
        self.service.github.face.app.set_lifetime(lifetime);
    }

    /// Ends every token of every installation now, earlier than it says: whoever sends one is told 401.
    pub fn revoke_installation_tokens(&self) {
        self.service.github.face.app.revoke();
    }

    /// How many tokens were made, for whichever installation.
    pub fn installation_tokens_made(&self) -> usize {
        self.service.github.face.app.tokens().len()
    }

    /// What must never be found in a lake: each person's login, name and address, each token, each secret that was found in code,
    /// and the phrases that titles, bodies and remarks are made of. Bots are no persons: their logins are not in it, their addresses end like all others.
    pub fn secrets(&self) -> Vec<String> {
        let people = self.companies.iter().flat_map(|company| &company.people);
        let everyone = people.flat_map(|person| [Some(person.login.clone()), person.name.clone(), Some(person.email.clone())]);
        let repositories = self.companies.iter().flat_map(|company| &company.repositories);
        everyone
            .flatten()
            .chain([people::FORMER.to_owned()])
            .chain(self.service.github.face.access.tokens().map(str::to_owned))
            .chain(self.service.github.face.app.tokens())
            .chain(self.companies.iter().flat_map(|company| PagerDuty::handles(company).chain(Jira::handles(company))))
            .chain(self.service.pagerduty.face.tokens().map(str::to_owned))
            .chain([self.service.jira.face.credentials().1, self.service.jira.face.access_token().to_owned()])
            .chain(self.service.datadog.face.keys.every().map(str::to_owned))
            .chain(self.service.opencost.face.token(0).map(str::to_owned))
            .chain([APPLIED_SECRET, APPLIED_WORDS].map(str::to_owned))
            .chain(text::phrases().chain(words::phrases()).chain(wishes::phrases()).map(str::to_owned))
            .chain(repositories.flat_map(|repository| &repository.leaks).map(|leak| leak.secret.clone()))
            .chain([format!("@{}", company::DOMAIN)])
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio::net::TcpStream;

    use super::*;
    use crate::faults::Effect;
    use crate::traffic::SecondaryLimits;

    /// Sends a request by hand and reads until the connection ends.
    async fn get(simulator: &Simulator, path: &str) -> String {
        ask(simulator, &format!("/github{path}")).await
    }

    /// The same for any vendor.
    async fn ask(simulator: &Simulator, path: &str) -> String {
        ask_as(simulator, path, &format!("Bearer {}", simulator.token())).await
    }

    /// The same as somebody.
    async fn ask_as(simulator: &Simulator, path: &str, authorization: &str) -> String {
        let mut stream = TcpStream::connect(simulator.address).await.expect("somebody listens");
        let request = format!("GET {path} HTTP/1.1\r\nhost: loopback\r\nauthorization: {authorization}\r\nconnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).await.expect("the request is sent");
        let mut answer = Vec::new();
        // A connection that is cut ends with an error; what came before it is the answer.
        let _ = stream.read_to_end(&mut answer).await;
        String::from_utf8_lossy(&answer).into_owned()
    }

    #[tokio::test]
    async fn requests_are_answered_struck_and_written_down() {
        let options = Options { repositories: 10, ..Options::default() };
        let simulator = Simulator::start(options).await.expect("the port is free");
        let whole = get(&simulator, "/orgs/clockwork-lighthouse").await;
        assert!(whole.starts_with("HTTP/1.1 200 OK") && whole.ends_with('}'), "{whole}");

        simulator.inject(Fault::new(Effect::DropConnection).on_path("/orgs/"));
        let half = get(&simulator, "/orgs/clockwork-lighthouse").await;
        assert!(half.starts_with("HTTP/1.1 200 OK") && half.contains("\r\n\r\n{"), "{half}");
        assert!(half.len() < whole.len() - 200, "the answer was not cut");

        simulator.inject(Fault::new(Effect::SecondaryLimit { retry_after: Some(3), status: 429 }));
        let limited = get(&simulator, "/user").await;
        assert!(limited.starts_with("HTTP/1.1 429") && limited.contains("retry-after: 3"), "{limited}");

        let statuses: Vec<u16> = simulator.requests().iter().map(|request| request.status).collect();
        assert_eq!(statuses, [200, 200, 429]);
        simulator.reset_requests();
        assert!(simulator.requests().is_empty());
    }

    #[tokio::test]
    async fn other_vendors_fail_in_their_own_ways() {
        let simulator = Simulator::start(Options { repositories: 10, ..Options::default() }).await.expect("the port is free");
        for (vendor, header) in [
            ("datadog", "x-ratelimit-reset: 7"),
            ("pagerduty", "ratelimit-reset: 7"),
            ("jira", "retry-after: 7"),
            ("opencost", "retry-after: 7"),
        ] {
            simulator.inject(Fault::new(Effect::SecondaryLimit { retry_after: Some(7), status: 403 }).on_path(format!("/{vendor}/")));
            let limited = ask(&simulator, &format!("/{vendor}/anything")).await;
            assert!(limited.starts_with("HTTP/1.1 429") && limited.contains(header), "{limited}");
            simulator.inject(Fault::new(Effect::Html));
            let page = ask(&simulator, &format!("/{vendor}/anything")).await;
            assert!(page.starts_with("HTTP/1.1 200") && page.contains("content-type: text/html") && page.contains("<form"), "{page}");
            simulator.inject(Fault::new(Effect::RedirectTo("http://127.0.0.1:9".to_owned())));
            let moved = ask(&simulator, &format!("/{vendor}/any?thing=1")).await;
            assert!(moved.contains(&format!("location: http://127.0.0.1:9/{vendor}/any?thing=1")), "{moved}");
        }
        assert!(ask(&simulator, "/nobody/anything").await.starts_with("HTTP/1.1 404"));
        assert_eq!(simulator.requests().len(), 12, "what nobody answers for is not written down");
    }

    #[tokio::test]
    async fn whom_others_know_is_among_the_secrets() {
        let simulator = Simulator::start(Options { repositories: 20, ..Options::default() }).await.expect("the port is free");
        let secrets = simulator.secrets();
        for token in [simulator.pagerduty_token(), simulator.pagerduty_token_without("oncalls"), simulator.jira_access_token()] {
            assert!(secrets.iter().any(|secret| secret == token));
        }
        assert!(secrets.contains(&simulator.jira_credentials().1));
        let authorization = format!("Token token={}", simulator.pagerduty_token());
        let entries = ask_as(&simulator, "/pagerduty/log_entries?limit=100&include[]=incidents", &authorization).await;
        let authorization = format!("Bearer {}", simulator.jira_access_token());
        let issues = ask_as(&simulator, "/jira/rest/api/2/search?jql=project=LAMP&maxResults=200&expand=changelog", &authorization).await;
        let among = |text: &str| secrets.iter().any(|secret| text.contains(secret.as_str()));
        let texts = |answer: &str, field: &str| -> Vec<String> {
            let begin = format!("\"{field}\":\"");
            answer.split(&begin).skip(1).filter_map(|rest| rest.split('"').next()).map(str::to_owned).collect()
        };
        for (answer, fields) in [(&entries, ["title", "content"]), (&issues, ["summary", "description"])] {
            for field in fields {
                let texts: Vec<String> = texts(answer, field).into_iter().filter(|text| !text.is_empty()).collect();
                assert!(!texts.is_empty() && texts.iter().all(|text| among(text)), "{field}: {texts:?}");
            }
        }
        let names = ["displayName", "name", "key", "emailAddress"].map(|field| texts(&issues, field)).concat();
        assert!(names.iter().filter(|name| among(name)).count() > 400);
        let catalog = simulator.catalog_files();
        assert!(catalog.len() == 3 && catalog.iter().any(|(name, text)| name == "teams.yaml" && among(text)));
    }

    #[tokio::test]
    async fn too_much_at_once_is_refused_and_counted() {
        let limits = SecondaryLimits { concurrent: 2, rest_points_per_minute: 100, graphql_points_per_minute: 100 };
        let options = Options { repositories: 10, secondary_limits: Some(limits), ..Options::default() };
        let simulator = Simulator::start(options).await.expect("the port is free");
        simulator.inject(Fault::new(Effect::Delay(Duration::from_millis(300))).times(2));
        let answers = tokio::join!(get(&simulator, "/user"), get(&simulator, "/user"), async {
            tokio::time::sleep(Duration::from_millis(100)).await;
            get(&simulator, "/user").await
        });
        assert!(answers.0.starts_with("HTTP/1.1 200") && answers.1.starts_with("HTTP/1.1 200"), "{answers:?}");
        assert!(answers.2.starts_with("HTTP/1.1 403") && answers.2.contains("retry-after: 1"), "{}", answers.2);
        assert!(answers.2.contains("You have exceeded a secondary rate limit"), "{}", answers.2);
        assert_eq!(simulator.most_in_flight(), 3);
        let requests = simulator.requests();
        assert!(requests.iter().all(|request| request.bearer == Some(0) && request.points == 1));
        // The one that was refused came last and was answered first.
        assert!(requests[0].at > requests[1].at && requests[0].at > requests[2].at);
    }

    #[tokio::test]
    async fn repositories_vanish_and_change_their_names() {
        let simulator = Simulator::start(Options { repositories: 20, ..Options::default() }).await.expect("the port is free");
        let path = |name: &str| format!("/repos/clockwork-lighthouse/{name}");
        simulator.rename_repository("lamp-api", "candle-api").expect("it exists");
        let moved = get(&simulator, &format!("{}/properties/values", path("lamp-api"))).await;
        let address = format!("{}/repositories/512000000/properties/values", simulator.github_api_url());
        assert!(moved.starts_with("HTTP/1.1 301") && moved.contains(&format!("location: {address}")), "{moved}");
        assert!(get(&simulator, "/repositories/512000000").await.contains("\"full_name\":\"clockwork-lighthouse/candle-api\""));
        assert!(get(&simulator, &path("candle-api")).await.starts_with("HTTP/1.1 200"));

        simulator.delete_repository("candle-api").expect("it exists");
        for gone in [path("candle-api"), path("lamp-api"), "/repositories/512000000".to_owned()] {
            assert!(get(&simulator, &gone).await.starts_with("HTTP/1.1 404"), "{gone}");
        }
        let list = get(&simulator, "/orgs/clockwork-lighthouse/repos?per_page=100").await;
        assert!(!list.contains("candle-api") && list.matches("\"full_name\":").count() == 19);
        for (name, new) in [("candle-api", "anything"), ("harbour-gateway", "tide-worker")] {
            assert!(simulator.rename_repository(name, new).is_err(), "{name}");
        }
        simulator.inject(Fault::new(Effect::DeleteRepository("tide-worker".to_owned())).on_path("tide-worker"));
        assert!(get(&simulator, &path("tide-worker")).await.starts_with("HTTP/1.1 404"));
    }

    #[tokio::test]
    async fn single_settings_change_on_request() {
        let simulator = Simulator::start(Options { repositories: 20, ..Options::default() }).await.expect("the port is free");
        let named = |name: &str, of: &str| format!("there is no {of} `{name}`");
        simulator.set_visibility("lamp-api", "public").expect("it is private");
        assert!(get(&simulator, "/repos/clockwork-lighthouse/lamp-api").await.contains("\"visibility\":\"public\""));
        assert!(
            simulator.set_visibility("lamp-api", "secret").is_err_and(|error| error.to_string().ends_with(&named("secret", "visibility")))
        );
        let owned = simulator.companies[0].repositories.iter().find(|one| one.properties.team(i64::MAX).is_some()).expect("most have one");
        simulator.remove_owner(&owned.name).expect("it has one");
        let values = get(&simulator, &format!("/repos/clockwork-lighthouse/{}/properties/values", owned.name)).await;
        assert!(values.contains("{\"property_name\":\"team\",\"value\":null}"), "{values}");
        simulator.mute_monitor("34000000").or_else(|_| simulator.mute_monitor("34000017")).expect("one of the two is not silenced");
        assert!(matches!(simulator.mute_monitor("34000001"), Err(SimulatorError::NoMonitor { .. })));
        simulator.shrink("pagerduty.services", 1).expect("it is known");
        let token = format!("Token token={}", simulator.pagerduty_token());
        let services = ask_as(&simulator, "/pagerduty/services", &token).await;
        assert_eq!(services.matches("\"type\":\"service\"").count(), 1, "{services}");
    }

    #[tokio::test]
    async fn a_list_that_moved_on_shows_a_row_twice() {
        let simulator = Simulator::start(Options { repositories: 20, ..Options::default() }).await.expect("the port is free");
        let rows = |answer: &str| -> Vec<String> { answer.split("\"full_name\":\"").skip(1).map(|rest| rest[..40].to_owned()).collect() };
        let page = |page: usize| format!("/orgs/clockwork-lighthouse/repos?per_page=5&page={page}");
        let first = rows(&get(&simulator, &page(1)).await);
        simulator.inject(Fault::new(Effect::Duplicate).on_path("/repos").times(2));
        assert_eq!(rows(&get(&simulator, &page(1)).await), first);
        assert_eq!(rows(&get(&simulator, &page(2)).await)[0], first[4]);
        assert_ne!(rows(&get(&simulator, &page(2)).await)[0], first[4]);
    }

    #[tokio::test]
    async fn what_was_leaked_is_among_the_secrets() {
        let simulator = Simulator::start(Options::default()).await.expect("the port is free");
        let secrets = simulator.secrets();
        let answer = get(&simulator, "/orgs/clockwork-lighthouse/secret-scanning/alerts?per_page=100").await;
        let leaked: Vec<&str> = answer.split("\"secret\":\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
        assert_eq!(leaked.len(), 100);
        assert!(leaked.iter().all(|leaked| secrets.iter().any(|secret| secret == leaked)));
    }

    #[tokio::test]
    async fn a_second_organisation_shares_the_clock_and_the_tokens() {
        let alone = Simulator::start(Options { repositories: 10, ..Options::default() }).await.expect("the port is free");
        assert_eq!(alone.second_organization(), None);
        let options = Options { repositories: 10, second_organization: true, ..Options::default() };
        let simulator = Simulator::start(options).await.expect("the port is free");
        assert_eq!(simulator.second_organization(), Some("clockwork-lighthouse-labs"));
        assert_eq!((simulator.organization(), simulator.app()), (alone.organization(), alone.app()));
        let path = "/repos/clockwork-lighthouse-labs/lamp-api/actions/runs?per_page=1";
        let newest = get(&simulator, path).await;
        simulator.set_now(simulator.now() + chrono::Duration::days(7));
        assert!(newest.starts_with("HTTP/1.1 200") && get(&simulator, path).await != newest, "{newest}");

        let secrets = simulator.secrets();
        let answer = get(&simulator, "/orgs/clockwork-lighthouse-labs/secret-scanning/alerts?per_page=100").await;
        let leaked: Vec<&str> = answer.split("\"secret\":\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
        assert!(!leaked.is_empty() && leaked.iter().all(|leaked| secrets.iter().any(|secret| secret == leaked)));
        simulator.delete_repository("clockwork-lighthouse-labs/lamp-api").expect("it exists");
        assert!(get(&simulator, path).await.starts_with("HTTP/1.1 404"));
        assert!(get(&simulator, "/repos/clockwork-lighthouse/lamp-api").await.starts_with("HTTP/1.1 200"));
    }

    #[tokio::test]
    async fn dropping_it_stops_it() {
        let simulator = Simulator::start(Options { repositories: 1, ..Options::default() }).await.expect("the port is free");
        let address = simulator.address;
        drop(simulator);
        for _ in 0..100 {
            if TcpStream::connect(address).await.is_err() {
                return;
            }
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
        panic!("somebody still listens");
    }
}
