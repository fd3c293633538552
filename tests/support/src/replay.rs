//! A server that gives recorded answers, and writes down what it was asked.

use std::{
    collections::BTreeMap,
    net::{Ipv4Addr, SocketAddr},
    path::Path,
    sync::{Arc, Mutex, PoisonError},
};

use axum::{
    Router,
    body::Body,
    extract::{Request, State},
    http::{Response, StatusCode, header},
};
use serde_json::Value;
use tokio::{net::TcpListener, task::JoinHandle};

/// One recorded answer, and the request that it is for.
#[derive(Clone, Debug)]
pub struct Recording {
    /// The path.
    pub path: String,
    /// The parameters, decoded.
    pub query: BTreeMap<String, String>,
    /// Status of the answer.
    pub status: u16,
    /// Headers of the answer.
    pub headers: Vec<(String, String)>,
    /// Its body.
    pub body: String,
    /// How often it is given; of several that fit alike, the first that is left.
    pub times: usize,
}

impl Recording {
    /// An answer to whatever is asked of a path.
    pub fn of(path: &str, body: &Value) -> Self {
        Self { path: path.to_owned(), query: BTreeMap::new(), status: 200, headers: Vec::new(), body: body.to_string(), times: usize::MAX }
    }

    /// The exchanges of a cassette in VCR's JSON form; those with GET.
    ///
    /// # Panics
    /// When the file cannot be read, or is no such cassette.
    pub fn cassette(path: &Path) -> Vec<Self> {
        let text = std::fs::read_to_string(path).expect("the cassette can be read");
        let cassette: Value = serde_json::from_str(&text).expect("the cassette is JSON");
        let exchanges = cassette["http_interactions"].as_array().expect("the cassette has exchanges");
        let gets = exchanges.iter().filter(|exchange| exchange["request"]["method"] == "get");
        gets.map(|exchange| {
            let (request, response) = (&exchange["request"], &exchange["response"]);
            let uri = request["uri"].as_str().expect("a request has an address");
            let address = uri.split_once("://").map_or(uri, |(_, rest)| rest);
            let (path, query) = address.split_once('?').unwrap_or((address, ""));
            Self {
                path: path[path.find('/').unwrap_or(path.len())..].to_owned(),
                query: parameters(query),
                status: response["status"]["code"].as_u64().and_then(|code| code.try_into().ok()).expect("an answer has a status"),
                headers: Vec::new(),
                body: response["body"]["string"].as_str().unwrap_or_default().to_owned(),
                times: usize::MAX,
            }
        })
        .collect()
    }

    /// The statuses of a cassette in VCR's YAML form, each with the headers that tell of limits; each is given once.
    ///
    /// # Panics
    /// When the file cannot be read, or has an exchange without a status.
    pub fn refusals(cassette: &Path, path: &str) -> Vec<Self> {
        let text = std::fs::read_to_string(cassette).expect("the cassette can be read");
        let exchanges = text.split("- request:").skip(1);
        let refusal = |exchange: &str| {
            let lines: Vec<&str> = exchange.lines().map(str::trim).collect();
            let status = lines.iter().find_map(|line| line.strip_prefix("code: ")?.parse().ok()).expect("an answer has a status");
            let values = lines.windows(2).filter_map(|pair| Some((pair[0].strip_suffix(':')?, pair[1].strip_prefix("- ")?)));
            let limits = values.filter(|(name, _)| name.starts_with("x-ratelimit-"));
            let headers = limits.map(|(name, value)| (name.to_owned(), value.trim_matches('\'').to_owned())).collect();
            Self { path: path.to_owned(), query: BTreeMap::new(), status, headers, body: String::new(), times: 1 }
        };
        exchanges.map(refusal).filter(|one| one.status != 200).collect()
    }

    /// How well this answers a request: by how many parameters; not at all where one is different. Times that were current then, and what
    /// is asked for besides, are no difference.
    fn fits(&self, path: &str, query: &BTreeMap<String, String>) -> Option<usize> {
        let differs = |(name, value): (&String, &String)| !name.ends_with("_ts") && query.get(name) != Some(value);
        (self.path == path && !self.query.iter().any(differs)).then_some(self.query.len())
    }
}

/// The parameters of a query, decoded.
pub fn parameters(query: &str) -> BTreeMap<String, String> {
    let pairs = query.split('&').filter(|pair| !pair.is_empty());
    pairs.map(|pair| pair.split_once('=').unwrap_or((pair, ""))).map(|(name, value)| (decoded(name), decoded(value))).collect()
}

/// A part of a query without its percent signs.
pub fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        let digits = after.get(..2).and_then(|digits| std::str::from_utf8(digits).ok());
        let encoded = digits.filter(|_| first == b'%').and_then(|digits| u8::from_str_radix(digits, 16).ok());
        bytes.push(encoded.unwrap_or(if first == b'+' { b' ' } else { first }));
        rest = if encoded.is_some() { &after[2..] } else { after };
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// A running server.
#[derive(Debug)]
pub struct Replay {
    address: SocketAddr,
    tape: Arc<Tape>,
    task: JoinHandle<()>,
}

#[derive(Debug)]
struct Tape {
    recordings: Mutex<Vec<Recording>>,
    asked: Mutex<Vec<String>>,
}

impl Tape {
    /// The answer to a request: the one that fits best, and of those that fit alike the first.
    fn play(&self, path: &str, query: &BTreeMap<String, String>) -> Option<Recording> {
        let mut recordings = self.recordings.lock().unwrap_or_else(PoisonError::into_inner);
        let left = recordings.iter_mut().rev().filter(|recording| recording.times > 0);
        let (_, best) = left.filter_map(|recording| Some((recording.fits(path, query)?, recording))).max_by_key(|(fits, _)| *fits)?;
        best.times -= 1;
        Some(best.clone())
    }
}

impl Replay {
    /// Answers with these; 404 to everything else.
    ///
    /// # Panics
    /// When no port is free.
    pub async fn start(recordings: Vec<Recording>) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.expect("a port is free");
        let address = listener.local_addr().expect("the listener has an address");
        let tape = Arc::new(Tape { recordings: Mutex::new(recordings), asked: Mutex::default() });
        let router = Router::new().fallback(answer).with_state(Arc::clone(&tape));
        let task = tokio::spawn(async move {
            // It ends when the task is aborted.
            let _ = axum::serve(listener, router).await;
        });
        Self { address, tape, task }
    }

    /// Where it is.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Path and query of each request so far.
    pub fn asked(&self) -> Vec<String> {
        self.tape.asked.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Drop for Replay {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn answer(State(tape): State<Arc<Tape>>, request: Request) -> Response<Body> {
    let (path, query) = (request.uri().path(), parameters(request.uri().query().unwrap_or_default()));
    tape.asked.lock().unwrap_or_else(PoisonError::into_inner).push(request.uri().to_string());
    let mut response = Response::new(Body::empty());
    match tape.play(path, &query) {
        Some(recording) => {
            *response.status_mut() = StatusCode::from_u16(recording.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
            for (name, value) in &recording.headers {
                if let (Ok(name), Ok(value)) = (header::HeaderName::try_from(name), header::HeaderValue::try_from(value)) {
                    response.headers_mut().insert(name, value);
                }
            }
            response.headers_mut().insert(header::CONTENT_TYPE, header::HeaderValue::from_static("application/json"));
            *response.body_mut() = Body::from(recording.body);
        }
        None => {
            *response.status_mut() = StatusCode::NOT_FOUND;
            *response.body_mut() = Body::from(r#"{"errors":["not recorded"]}"#);
        }
    }
    response
}
