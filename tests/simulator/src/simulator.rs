//! A running simulator.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use tokio::net::TcpListener;
use tokio::sync::oneshot;

use crate::clock::Clock;
use crate::company::edits::Edit;
use crate::company::identity::{FIRST, SECOND};
use crate::company::{self, Company, people, text};
use crate::edits::Edits;
use crate::error::SimulatorError;
use crate::faults::{Fault, Faults};
use crate::github::Github;
use crate::github::access::Permission;
use crate::github::app;
use crate::http::{Service, router};
use crate::log::{Log, RequestLog};
use crate::options::Options;
use crate::traffic::Traffic;
use crate::wire::{Scissors, Wire};

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
            traffic: Traffic::new(options.secondary_limits),
            github: Github::new(&options, format!("http://{address}/github")),
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

    /// The company's name in URLs.
    pub fn organization(&self) -> &str {
        FIRST.login
    }

    /// The second organisation's name in URLs, if [`Options::second_organization`] asked for one. The same tokens see both, but for
    /// those of an installation of the App: each organisation has one of its own, with an allowance of its own.
    pub fn second_organization(&self) -> Option<&str> {
        self.companies.iter().map(|company| company.identity).find(|identity| **identity == SECOND).map(|identity| identity.login)
    }

    /// A token that may do everything.
    pub fn token(&self) -> &str {
        self.service.github.access.token()
    }

    /// A token that may do everything but one thing.
    pub fn token_without(&self, permission: Permission) -> String {
        self.service.github.access.token_without(permission).to_owned()
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
        self.service.traffic.reset();
    }

    /// The most requests that were in flight at once, since the start or the last reset.
    pub fn most_in_flight(&self) -> u32 {
        self.service.traffic.most()
    }

    /// The App that the organisations have installed. Nobody can speak for it until a key is trusted.
    pub fn app(&self) -> App {
        App { id: app::ID, client_id: app::CLIENT_ID, slug: app::SLUG, installation_id: app::installation(&FIRST) }
    }

    /// Trusts what is signed for the App with the private half of this RSA key of 2,048 bits or more, in DER: as
    /// `openssl rsa -pubout -outform DER` gives it, or as PKCS #1 has it.
    pub fn trust_app_key(&self, public_key_der: &[u8]) {
        self.service.github.app.trust(public_key_der);
    }

    /// How long tokens of an installation last that are made from now on, instead of an hour: in whole seconds, and they say so.
    pub fn set_installation_token_lifetime(&self, lifetime: Duration) {
        self.service.github.app.set_lifetime(lifetime);
    }

    /// Ends every token of every installation now, earlier than it says: whoever sends one is told 401.
    pub fn revoke_installation_tokens(&self) {
        self.service.github.app.revoke();
    }

    /// How many tokens were made, for whichever installation.
    pub fn installation_tokens_made(&self) -> usize {
        self.service.github.app.tokens().len()
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
            .chain(self.service.github.access.tokens().map(str::to_owned))
            .chain(self.service.github.app.tokens())
            .chain(text::phrases().map(str::to_owned))
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
        let mut stream = TcpStream::connect(simulator.address).await.expect("somebody listens");
        let request = format!(
            "GET /github{path} HTTP/1.1\r\nhost: loopback\r\nauthorization: Bearer {}\r\nconnection: close\r\n\r\n",
            simulator.token()
        );
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
