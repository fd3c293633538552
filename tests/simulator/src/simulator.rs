//! A running simulator.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use chrono::{DateTime, Utc};
use tokio::net::TcpListener;
use tokio::sync::oneshot;

use crate::clock::Clock;
use crate::company::{self, Company, people, text};
use crate::error::SimulatorError;
use crate::faults::{Fault, Faults};
use crate::github::Github;
use crate::github::access::Permission;
use crate::http::{Service, router};
use crate::log::{Log, RequestLog};
use crate::options::Options;
use crate::wire::{Scissors, Wire};

/// A company that answers on the loopback address until it is dropped.
pub struct Simulator {
    service: Arc<Service>,
    company: Arc<Company>,
    address: SocketAddr,
    /// Dropped with the simulator, which tells the server to stop.
    _stop: oneshot::Sender<()>,
}

impl Simulator {
    /// Makes the company up and begins to answer.
    pub async fn start(options: Options) -> Result<Simulator, SimulatorError> {
        let company = Arc::new(Company::found(&options)?);
        let listen = |source| SimulatorError::Listen { port: options.port, source };
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, options.port)).await.map_err(listen)?;
        let address = listener.local_addr().map_err(listen)?;
        let service = Arc::new(Service {
            clock: Clock::new(Arc::clone(&company), options.now),
            faults: Faults::default(),
            log: Log::default(),
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
        Ok(Simulator { service, company, address, _stop: stop })
    }

    /// Where it answers as GitHub: REST under this address, GraphQL at `/graphql` below it.
    pub fn github_api_url(&self) -> String {
        format!("http://{}/github", self.address)
    }

    /// The company's name in URLs.
    pub fn organization(&self) -> &str {
        company::LOGIN
    }

    /// A token that may do everything.
    pub fn token(&self) -> &str {
        self.service.github.access.token()
    }

    /// A token that may do everything but one thing.
    pub fn token_without(&self, permission: Permission) -> String {
        self.service.github.access.token_without(permission).to_owned()
    }

    /// Moves the company's clock, forwards or back.
    pub fn set_now(&self, now: DateTime<Utc>) {
        self.service.clock.set(now);
    }

    /// Where the company's clock stands. It does not move by itself.
    pub fn now(&self) -> DateTime<Utc> {
        self.service.clock.now()
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

    /// Forgets the requests answered so far.
    pub fn reset_requests(&self) {
        self.service.log.reset();
    }

    /// What must never be found in a lake: each person's login, name and address, each token, each secret that was found in code,
    /// and the phrases that titles, bodies and remarks are made of. Bots are no persons: their logins are not in it, their addresses end like all others.
    pub fn secrets(&self) -> Vec<String> {
        let everyone =
            self.company.people.iter().flat_map(|person| [Some(person.login.clone()), person.name.clone(), Some(person.email.clone())]);
        everyone
            .flatten()
            .chain([people::FORMER.to_owned()])
            .chain(self.service.github.access.tokens().map(str::to_owned))
            .chain(text::phrases().map(str::to_owned))
            .chain(self.company.repositories.iter().flat_map(|repository| &repository.leaks).map(|leak| leak.secret.clone()))
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
    async fn what_was_leaked_is_among_the_secrets() {
        let simulator = Simulator::start(Options::default()).await.expect("the port is free");
        let secrets = simulator.secrets();
        let answer = get(&simulator, "/orgs/clockwork-lighthouse/secret-scanning/alerts?per_page=100").await;
        let leaked: Vec<&str> = answer.split("\"secret\":\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
        assert_eq!(leaked.len(), 100);
        assert!(leaked.iter().all(|leaked| secrets.iter().any(|secret| secret == leaked)));
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
