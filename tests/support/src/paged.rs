//! A server of lists of any length, page by page, in any vendor's manner.

use std::{
    net::{Ipv4Addr, SocketAddr},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use axum::{
    Router,
    body::Body,
    extract::{Request, State},
    http::{Response, StatusCode, header},
};
use serde_json::{Value, json};
use tokio::{net::TcpListener, task::JoinHandle};

use crate::replay::parameters;

/// A list, and how it is paged.
#[derive(Clone, Copy, Debug)]
pub struct PagedList {
    /// Its path.
    pub path: &'static str,
    /// The parameter that says how many items a page is to have.
    pub size: &'static str,
    /// The parameter that says where a page begins.
    pub place: &'static str,
    /// Whether that counts pages; items otherwise.
    pub counts_pages: bool,
    /// One item, by its place in the list.
    pub item: fn(usize) -> Value,
    /// The answer: of these items, from this place on, out of so many.
    pub answer: fn(Vec<Value>, usize, usize) -> Value,
}

/// A running server.
#[derive(Debug)]
pub struct Paged {
    address: SocketAddr,
    shelf: Arc<Shelf>,
    task: JoinHandle<()>,
}

#[derive(Debug)]
struct Shelf {
    list: PagedList,
    items: usize,
    requests: AtomicUsize,
}

impl Paged {
    /// Serves a list of so many items; an empty object everywhere else.
    ///
    /// # Panics
    /// When no port is free.
    pub async fn start(list: PagedList, items: usize) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.expect("a port is free");
        let address = listener.local_addr().expect("the listener has an address");
        let shelf = Arc::new(Shelf { list, items, requests: AtomicUsize::new(0) });
        let router = Router::new().fallback(answer).with_state(Arc::clone(&shelf));
        let task = tokio::spawn(async move {
            // It ends when the task is aborted.
            let _ = axum::serve(listener, router).await;
        });
        Self { address, shelf, task }
    }

    /// Where it is.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// How many pages were asked for.
    pub fn requests(&self) -> usize {
        self.shelf.requests.load(Ordering::Relaxed)
    }
}

impl Drop for Paged {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn answer(State(shelf): State<Arc<Shelf>>, request: Request) -> Response<Body> {
    let Shelf { list, items, .. } = *shelf;
    let body = if request.uri().path() == list.path {
        shelf.requests.fetch_add(1, Ordering::Relaxed);
        let query = parameters(request.uri().query().unwrap_or_default());
        let number = |name: &str| query.get(name).and_then(|text| text.parse::<usize>().ok());
        let size = number(list.size).unwrap_or(10);
        let place = number(list.place).unwrap_or(0);
        let from = if list.counts_pages { place * size } else { place }.min(items);
        let page: Vec<Value> = (from..items.min(from + size)).map(list.item).collect();
        (list.answer)(page, from, items)
    } else {
        json!({})
    };
    let mut response = Response::new(Body::from(body.to_string()));
    *response.status_mut() = StatusCode::OK;
    response.headers_mut().insert(header::CONTENT_TYPE, header::HeaderValue::from_static("application/json"));
    response
}
