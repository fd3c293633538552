//! A proxy that writes down what passes through it: requests and answers with their bodies.

use std::{
    net::{Ipv4Addr, SocketAddr},
    sync::{Arc, Mutex, PoisonError},
};

use axum::{
    Router,
    body::{Body, to_bytes},
    extract::{Request, State},
    http::{HeaderName, Response, StatusCode, header},
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};

/// More than any request of ours has.
const BODY_LIMIT: usize = 16 << 20;

/// One request and its answer.
#[derive(Clone, Debug)]
pub struct Exchange {
    /// `GET`, `POST`, …
    pub method: String,
    /// Path and query as the upstream got them.
    pub path: String,
    /// Whether it asked for an answer only if that differs from one it knows.
    pub is_conditional: bool,
    /// Body of the request.
    pub request: Vec<u8>,
    /// Status of the answer.
    pub status: u16,
    /// Body of the answer.
    pub answer: Vec<u8>,
}

/// A running proxy.
#[derive(Debug)]
pub struct Recorder {
    state: Arc<Wires>,
    task: JoinHandle<()>,
}

#[derive(Debug)]
struct Wires {
    upstream: String,
    address: SocketAddr,
    exchanges: Mutex<Vec<Exchange>>,
}

impl Recorder {
    /// Stands before the server at this address (`http://127.0.0.1:1234`, whatever path follows).
    ///
    /// # Panics
    /// When the address is not of this form or no port is free.
    pub async fn start(upstream: &str) -> Self {
        let upstream = upstream.strip_prefix("http://").expect("the upstream speaks plain HTTP");
        let upstream = upstream.split('/').next().unwrap_or_default().to_owned();
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.expect("a port is free");
        let address = listener.local_addr().expect("the listener has an address");
        let state = Arc::new(Wires { upstream, address, exchanges: Mutex::default() });
        let router = Router::new().fallback(pass_on).with_state(Arc::clone(&state));
        let task = tokio::spawn(async move {
            // It ends when the task is aborted.
            let _ = axum::serve(listener, router).await;
        });
        Self { state, task }
    }

    /// The same address as the upstream's, by way of the proxy.
    pub fn instead_of(&self, upstream_url: &str) -> String {
        upstream_url.replace(&self.state.upstream, &self.state.address.to_string())
    }

    /// What passed since the last time.
    pub fn take(&self) -> Vec<Exchange> {
        std::mem::take(&mut *self.state.exchanges.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Drop for Recorder {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn pass_on(State(wires): State<Arc<Wires>>, request: Request) -> Response<Body> {
    match forward(&wires, request).await {
        Ok(response) => response,
        Err(error) => {
            let mut response = Response::new(Body::from(format!("the recorder could not pass this on: {error}")));
            *response.status_mut() = StatusCode::BAD_GATEWAY;
            response
        }
    }
}

/// Speaks HTTP/1.0 to the upstream: an answer's body then ends where the connection does, and no client library is needed.
async fn forward(wires: &Wires, request: Request) -> std::io::Result<Response<Body>> {
    let (head, body) = request.into_parts();
    let body = to_bytes(body, BODY_LIMIT).await.map_err(std::io::Error::other)?;
    let path = head.uri.path_and_query().map_or("/", |path| path.as_str()).to_owned();
    let mut message =
        format!("{} {path} HTTP/1.0\r\nhost: {}\r\ncontent-length: {}\r\n", head.method, wires.upstream, body.len()).into_bytes();
    for (name, value) in &head.headers {
        if ![header::HOST, header::CONTENT_LENGTH, header::CONNECTION, header::TRANSFER_ENCODING].contains(name) {
            for part in [name.as_str().as_bytes(), b": ", value.as_bytes(), b"\r\n"] {
                message.extend_from_slice(part);
            }
        }
    }
    message.extend_from_slice(b"\r\n");
    message.extend_from_slice(&body);

    let mut stream = TcpStream::connect(&wires.upstream).await?;
    stream.write_all(&message).await?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await?;
    let end = answer.windows(4).position(|window| window == b"\r\n\r\n").ok_or_else(|| std::io::Error::other("no end of the headers"))?;
    let (head_bytes, content) = (&answer[..end], &answer[end + 4..]);
    let text = String::from_utf8_lossy(head_bytes);
    let mut lines = text.split("\r\n");
    let status = lines.next().and_then(|line| line.split(' ').nth(1)).and_then(|status| status.parse().ok());
    let status: u16 = status.ok_or_else(|| std::io::Error::other("no status"))?;

    let mut response = Response::builder().status(status);
    for line in lines {
        let Some((name, value)) = line.split_once(": ") else { continue };
        let name: HeaderName = name.parse().map_err(std::io::Error::other)?;
        if ![header::CONTENT_LENGTH, header::CONNECTION, header::TRANSFER_ENCODING].contains(&name) {
            // Links to further pages lead through the proxy as well.
            response = response.header(name, value.replace(&wires.upstream, &wires.address.to_string()));
        }
    }
    let is_conditional = head.headers.contains_key(header::IF_NONE_MATCH);
    let (method, request, answer) = (head.method.to_string(), body.to_vec(), content.to_vec());
    let exchange = Exchange { method, path, is_conditional, request, status, answer };
    wires.exchanges.lock().unwrap_or_else(PoisonError::into_inner).push(exchange);
    response.body(Body::from(content.to_vec())).map_err(std::io::Error::other)
}
