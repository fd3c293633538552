//! One vendor's host, asked with one credential: requests at once, limits, retries and redirects in one place.

use std::{
    fmt,
    sync::{Mutex, OnceLock, PoisonError},
    time::{Duration, Instant},
};

use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use secrecy::{ExposeSecret, SecretString};
use serde::de::DeserializeOwned;
use tokio::sync::{Mutex as AsyncMutex, Semaphore, SemaphorePermit};
use url::Url;

use crate::collect::Tally;

use super::{ApiError, ApiErrorKind, Patience, Unread, Vendor, chain, pauses, shape, vendor::reason};

/// Redirects followed on the same host.
const REDIRECTS: usize = 3;
/// Waited where a limit does not say how long.
const PAUSE: Duration = Duration::from_secs(30);
/// How long a credential that was found to be good counts as good.
const GOOD_FOR: Duration = Duration::from_secs(60);

/// Where a vendor is, and how it may be asked.
#[derive(Debug)]
pub(crate) struct Connection<'a> {
    /// The configured address.
    pub(crate) api_url: &'a str,
    /// The key that names it, for errors.
    pub(crate) key: &'static str,
    /// Headers with the credential.
    pub(crate) credential: Vec<(HeaderName, SecretString)>,
    /// What the vendor wants to be told that is wanted of it.
    pub(crate) accept: &'static str,
    /// Requests in flight at once.
    pub(crate) concurrency: usize,
    /// How long one request may take [s].
    pub(crate) timeout_s: u64,
    /// The longest wait for a limit [s].
    pub(crate) max_wait_s: u64,
}

/// Speaks to one host.
pub(crate) struct Client {
    http: reqwest::Client,
    vendor: &'static Vendor,
    base: Url,
    /// Name and port, for errors.
    host: String,
    slots: Semaphore,
    paused_until: Mutex<Option<Instant>>,
    /// What the host said when it refused the credential: nothing more is sent then.
    refusal: OnceLock<String>,
    /// When the credential was last found to be good.
    good_at: AsyncMutex<Option<Instant>>,
    timeout: Duration,
    max_wait: Duration,
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client").field("host", &self.host).finish_non_exhaustive()
    }
}

/// What came instead of an answer that can be used, and so what to do next.
enum Trouble {
    Redirect(String),
    /// A passing fault.
    Retry(String),
    /// Nothing came in time.
    Slow(String),
    /// A limit.
    Pause(Duration, String),
    GiveUp(ApiErrorKind, String),
}

impl Client {
    /// Makes the client; no request is sent yet.
    ///
    /// # Errors
    /// When the address is none, or the credential cannot stand in a header.
    pub(crate) fn new(vendor: &'static Vendor, connection: Connection<'_>) -> Result<Self, ApiError> {
        let key = connection.key;
        let wrong =
            |host: &str, message: String| ApiError { kind: ApiErrorKind::Unexpected, host: host.to_owned(), what: key.to_owned(), message };
        let base = Url::parse(connection.api_url.trim_end_matches('/')).map_err(|error| wrong(key, error.to_string()))?;
        let host = host_of(&base);
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT, HeaderValue::from_static(connection.accept));
        for (name, secret) in &connection.credential {
            let mut value = HeaderValue::from_str(secret.expose_secret())
                .map_err(|_| wrong(&host, format!("a credential for `{name}` that is not of one line of plain letters")))?;
            value.set_sensitive(true);
            headers.insert(name, value);
        }
        // Without it there is no TLS; whoever was first to choose has chosen the same.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let http = reqwest::Client::builder()
            .user_agent(concat!("almanac/", env!("CARGO_PKG_VERSION")))
            .default_headers(headers)
            // A redirect must not carry the credential to another host.
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .map_err(|error| wrong(&host, chain(&error)))?;
        Ok(Self {
            http,
            vendor,
            base,
            host,
            slots: Semaphore::new(connection.concurrency),
            paused_until: Mutex::new(None),
            refusal: OnceLock::new(),
            good_at: AsyncMutex::new(None),
            timeout: Duration::from_secs(connection.timeout_s),
            max_wait: Duration::from_secs(connection.max_wait_s),
        })
    }

    /// Name and port of the host.
    pub(crate) fn host(&self) -> &str {
        &self.host
    }

    /// One answer. `path` and its query are below the configured address.
    ///
    /// # Errors
    /// When it does not come, or is of another shape.
    pub(crate) async fn get<T: DeserializeOwned>(&self, path: &str, tally: &Tally) -> Result<T, ApiError> {
        self.get_with(path, tally, |text| serde_json::from_str(text)).await
    }

    /// One answer, read by `parse`: a shape that is not expected ends it, and what is no JSON at all is asked for again.
    ///
    /// # Errors
    /// When it does not come, or is of another shape.
    pub(crate) async fn get_with<T>(
        &self,
        path: &str,
        tally: &Tally,
        parse: impl Fn(&str) -> serde_json::Result<T> + Send + Sync,
    ) -> Result<T, ApiError> {
        self.get_owned(path, Patience::FULL, tally, |text| Ok(parse(&text)?)).await
    }

    /// One answer, asked for with so much patience and given away to `read`: what takes it apart later on need not copy it.
    ///
    /// # Errors
    /// When it does not come, or is of another shape.
    pub(crate) async fn get_owned<T>(
        &self,
        path: &str,
        patience: Patience,
        tally: &Tally,
        read: impl Fn(String) -> Result<T, Unread> + Send + Sync,
    ) -> Result<T, ApiError> {
        let what = request(path);
        match self.send(path, &what, patience, tally, &read).await {
            Err(error) if error.kind == ApiErrorKind::Forbidden && !self.is_valid(tally).await => {
                let _ = self.refusal.set(error.message.clone());
                Err(ApiError { kind: ApiErrorKind::Unauthorized, ..error })
            }
            answer => answer,
        }
    }

    /// Whether the credential itself is good, where the vendor refuses a bad one in the same words as one without a permission.
    async fn is_valid(&self, tally: &Tally) -> bool {
        let Some(path) = self.vendor.validate else { return true };
        // Whoever is refused meanwhile waits for the same answer: a thousand items that we may not see are not a thousand questions.
        let mut good_at = self.good_at.lock().await;
        if good_at.is_some_and(|at| at.elapsed() < GOOD_FOR) {
            return true;
        }
        let read = |text: String| Ok(serde_json::from_str::<serde::de::IgnoredAny>(&text)?);
        let answer = self.send(path, &request(path), Patience::FULL, tally, &read).await;
        let is_bad = matches!(answer, Err(error) if matches!(error.kind, ApiErrorKind::Forbidden | ApiErrorKind::Unauthorized));
        *good_at = (!is_bad).then(Instant::now);
        !is_bad
    }

    async fn send<T>(
        &self,
        path: &str,
        what: &str,
        patience: Patience,
        tally: &Tally,
        read: &(impl Fn(String) -> Result<T, Unread> + Send + Sync),
    ) -> Result<T, ApiError> {
        let mut url = self.url(path, what)?;
        let (mut redirects, mut tries, mut faults, mut timeouts) = (0, 0, 0, 0);
        let mut backoff = pauses();
        loop {
            if let Some(message) = self.refusal.get() {
                return Err(self.error(ApiErrorKind::Unauthorized, what, message.clone()));
            }
            let (fault, wait) = match self.send_once(&url, tally, read).await {
                Ok(answer) => return Ok(answer),
                Err(Trouble::GiveUp(kind, message)) => {
                    if kind == ApiErrorKind::Unauthorized {
                        let _ = self.refusal.set(message.clone());
                    }
                    return Err(self.error(kind, what, message));
                }
                Err(Trouble::Redirect(location)) => {
                    redirects += 1;
                    let target = url.join(&location).ok().filter(|target| target.origin() == self.base.origin());
                    let wrong = |message: &str| self.error(ApiErrorKind::Unexpected, what, message.to_owned());
                    url = target.ok_or_else(|| wrong("a redirect to another host, where the credential must not go"))?;
                    if redirects > REDIRECTS {
                        return Err(wrong("one redirect after another"));
                    }
                    continue;
                }
                Err(Trouble::Retry(fault)) => {
                    faults += 1;
                    (fault, None)
                }
                Err(Trouble::Slow(fault)) => {
                    (faults, timeouts) = (faults + 1, timeouts + 1);
                    (fault, None)
                }
                // A limit is nobody's fault: it is waited for with whatever patience.
                Err(Trouble::Pause(wait, fault)) => (fault, Some(wait)),
            };
            tries += 1;
            let is_over = faults >= patience.tries || timeouts >= patience.timeouts;
            let Some(pause) = backoff.next().filter(|_| wait.is_some() || !is_over) else {
                let kind = if wait.is_some() { ApiErrorKind::RateLimited } else { ApiErrorKind::Unavailable };
                let told = if tries == 1 { fault } else { format!("{fault}, {tries} times") };
                return Err(self.error(kind, what, told));
            };
            match wait {
                Some(wait) if wait > self.max_wait => {
                    let message = format!("{fault}; its limit resets in {} s, more than `max_wait_s`", wait.as_secs());
                    return Err(self.error(ApiErrorKind::RateLimited, what, message));
                }
                Some(wait) => {
                    tracing::info!(what, wait_s = wait.as_secs(), "waiting for the rate limit of `{}`", self.host);
                    // One that says it is over before a second is given that moment all the same, or all tries are gone within it.
                    self.pause(if wait.is_zero() { pause } else { wait });
                }
                None => {
                    tracing::debug!(what, fault, backoff_ms = pause.as_millis(), "trying again");
                    tokio::time::sleep(pause).await;
                }
            }
        }
    }

    /// Sends once.
    async fn send_once<T>(
        &self,
        url: &Url,
        tally: &Tally,
        read: &(impl Fn(String) -> Result<T, Unread> + Send + Sync),
    ) -> Result<T, Trouble> {
        let _slot = self.admit().await?;
        tally.request();
        let exchange = async {
            let response = self.http.request(Method::GET, url.clone()).send().await.map_err(|error| chain(&error.without_url()))?;
            let (status, headers) = (response.status(), response.headers().clone());
            let body = response.bytes().await.map_err(|error| chain(&error.without_url()))?;
            Ok::<_, String>((status, headers, body))
        };
        let (status, headers, body) = match tokio::time::timeout(self.timeout, exchange).await {
            Err(_) => return Err(Trouble::Slow(format!("nothing for {} s", self.timeout.as_secs()))),
            Ok(Err(error)) => return Err(Trouble::Retry(format!("a broken connection ({error})"))),
            Ok(Ok(answer)) => answer,
        };
        tally.received(body.len());
        tally.points(1);
        // A limit that is spent for longer than we wait may be that of this list alone: whoever asks next is told whether it is theirs.
        if let Some(wait) = self.vendor.spent(&headers).filter(|wait| status.is_success() && *wait <= self.max_wait) {
            self.pause(wait);
        }
        if !status.is_success() {
            return Err(self.judge(status, &headers, &body));
        }
        let text =
            String::from_utf8(body.into()).map_err(|error| Trouble::Retry(format!("an answer that is no text: {}", error.utf8_error())))?;
        read(text).map_err(|unread| match unread {
            Unread::Refused(status, body) => self.judge(status, &headers, body.as_bytes()),
            Unread::Json(error) => match error.classify() {
                // The page of a proxy or a login, or a body that ends early: the next answer may be the vendor's own.
                serde_json::error::Category::Syntax | serde_json::error::Category::Eof | serde_json::error::Category::Io => {
                    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or("nothing said of its type");
                    Trouble::Retry(format!("an answer that is no whole JSON ({kind})"))
                }
                serde_json::error::Category::Data => {
                    Trouble::GiveUp(ApiErrorKind::Unexpected, format!("an unexpected shape: {}", shape(&error)))
                }
            },
        })
    }

    /// What an answer means that is no success.
    fn judge(&self, status: StatusCode, headers: &HeaderMap, body: &[u8]) -> Trouble {
        let message = reason(body).map_or_else(|| status.to_string(), |reason| format!("{}: {reason}", status.as_u16()));
        match status {
            StatusCode::UNAUTHORIZED => Trouble::GiveUp(ApiErrorKind::Unauthorized, message),
            StatusCode::FORBIDDEN => Trouble::GiveUp(ApiErrorKind::Forbidden, message),
            // The account has not bought it.
            StatusCode::PAYMENT_REQUIRED => Trouble::GiveUp(ApiErrorKind::Disabled, message),
            StatusCode::NOT_FOUND | StatusCode::GONE => Trouble::GiveUp(ApiErrorKind::NotFound, message),
            StatusCode::TOO_MANY_REQUESTS => Trouble::Pause(self.vendor.wait(headers).unwrap_or(PAUSE), message),
            status if status.is_redirection() => match headers.get(header::LOCATION).and_then(|location| location.to_str().ok()) {
                Some(location) => Trouble::Redirect(location.to_owned()),
                None => Trouble::GiveUp(ApiErrorKind::Unexpected, message),
            },
            StatusCode::REQUEST_TIMEOUT => Trouble::Retry(message),
            status if status.is_server_error() => Trouble::Retry(message),
            _ => Trouble::GiveUp(ApiErrorKind::Unexpected, message),
        }
    }

    /// Waits until a request may be sent.
    async fn admit(&self) -> Result<SemaphorePermit<'_>, Trouble> {
        // The semaphore is never closed.
        let closed = |_| Trouble::GiveUp(ApiErrorKind::Unavailable, "no request: the client is closed".to_owned());
        let slot = self.slots.acquire().await.map_err(closed)?;
        // Others may meet a limit while this one waits.
        while let Some(wait) = self.paused_for() {
            tokio::time::sleep(wait).await;
        }
        Ok(slot)
    }

    /// How long nothing is to be sent from now on.
    fn paused_for(&self) -> Option<Duration> {
        let until = *self.paused_until.lock().unwrap_or_else(PoisonError::into_inner);
        until?.checked_duration_since(Instant::now()).filter(|wait| !wait.is_zero())
    }

    /// Sends nothing for so long, whichever task asks.
    fn pause(&self, wait: Duration) {
        let until = Some(Instant::now() + wait);
        let mut paused = self.paused_until.lock().unwrap_or_else(PoisonError::into_inner);
        *paused = until.max(*paused);
    }

    fn url(&self, path: &str, what: &str) -> Result<Url, ApiError> {
        let text = format!("{}{path}", self.base.as_str().trim_end_matches('/'));
        Url::parse(&text).map_err(|error| self.error(ApiErrorKind::Unexpected, what, error.to_string()))
    }

    pub(super) fn error(&self, kind: ApiErrorKind, what: &str, message: String) -> ApiError {
        ApiError { kind, host: self.host.clone(), what: what.to_owned(), message }
    }
}

/// What a request is called in errors: without its parameters, which are long and may hold a query.
pub(super) fn request(path: &str) -> String {
    format!("GET {}", path.split_once('?').map_or(path, |(path, _)| path))
}

/// Name and port of an address, without the name and the password that somebody may have put before them.
fn host_of(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}

#[cfg(test)]
mod tests {
    use serde_json::Value;
    use tokio::{
        io::{AsyncReadExt, AsyncWriteExt},
        net::TcpListener,
    };

    use super::*;

    const VENDOR: Vendor = Vendor { reset: "reset", remaining: "remaining", validate: Some("/validate") };

    fn client(api_url: &str) -> Client {
        let accept = "application/json";
        let connection =
            Connection { api_url, key: "clockwork.api_url", credential: Vec::new(), accept, concurrency: 4, timeout_s: 5, max_wait_s: 1 };
        Client::new(&VENDOR, connection).unwrap()
    }

    /// A client of a host that answers so, each request on a connection of its own.
    async fn of_host(answer: fn(&str) -> &'static str) -> Client {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let client = client(&format!("http://{}", listener.local_addr().unwrap()));
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let mut request = vec![0; 4096];
                let length = stream.read(&mut request).await.unwrap();
                let path = String::from_utf8_lossy(&request[..length]).split(' ').nth(1).unwrap_or_default().to_owned();
                let head = "content-type: application/json\r\nconnection: close\r\n";
                stream.write_all(format!("HTTP/1.1 {}\r\n{head}content-length: 2\r\n\r\n{{}}", answer(&path)).as_bytes()).await.unwrap();
            }
        });
        client
    }

    #[tokio::test]
    async fn many_refusals_ask_about_the_credential_once() {
        let client = of_host(|path| if path == "/validate" { "200 OK" } else { "403 Forbidden" }).await;
        let tally = Tally::default();
        let refused = futures::future::join_all((0..20).map(|_| client.get::<Value>("/lamps?no=1", &tally))).await;
        assert!(refused.iter().all(|answer| answer.as_ref().is_err_and(|error| error.kind == ApiErrorKind::Forbidden)));
        assert_eq!(tally.complete().requests, 21);
        assert_eq!(refused[0].as_ref().unwrap_err().what, "GET /lamps");
    }

    #[tokio::test]
    async fn a_bad_credential_is_not_sent_again() {
        let client = of_host(|_| "403 Forbidden").await;
        let tally = Tally::default();
        for _ in 0..3 {
            assert_eq!(client.get::<Value>("/lamps", &tally).await.unwrap_err().kind, ApiErrorKind::Unauthorized);
        }
        assert_eq!(tally.complete().requests, 2);
    }

    #[tokio::test]
    async fn a_list_whose_own_limit_lasts_too_long_keeps_no_other_waiting() {
        let client = of_host(|path| match path {
            "/slow" => "200 OK\r\nremaining: 0\r\nreset: 3600",
            _ => "200 OK",
        })
        .await;
        let tally = Tally::default();
        for path in ["/slow", "/lamps"] {
            assert!(client.get::<Value>(path, &tally).await.is_ok(), "{path}");
        }
    }

    #[tokio::test]
    async fn what_can_be_asked_for_in_parts_is_not_asked_for_whole_again_and_again() {
        let client = of_host(|path| if path == "/lamps" { "500 Internal Server Error" } else { "429 Too Many Requests\r\nreset: 0" }).await;
        let ask = async |path, tries, tally: &Tally| {
            let patience = Patience { tries, timeouts: 1 };
            client.get_owned(path, patience, tally, |text| Ok(serde_json::from_str::<Value>(&text)?)).await.unwrap_err()
        };
        for (tries, told) in [(1, "500 Internal Server Error"), (2, "500 Internal Server Error, 2 times")] {
            let tally = Tally::default();
            let error = ask("/lamps", tries, &tally).await;
            assert_eq!((error.kind, error.message.as_str()), (ApiErrorKind::Unavailable, told));
            assert_eq!(tally.complete().requests, tries as u64);
        }
        let tally = Tally::default();
        let waited = tokio::time::timeout(Duration::from_millis(400), ask("/limited", 1, &tally)).await;
        assert!(waited.is_err(), "a limit is waited for all the same");
    }

    #[tokio::test]
    async fn what_takes_too_long_is_not_asked_for_again_by_whoever_can_ask_for_less() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let client = Client { timeout: Duration::from_millis(50), ..client(&format!("http://{}", listener.local_addr().unwrap())) };
        let (tally, patience) = (Tally::default(), Patience { tries: 6, timeouts: 1 });
        let read = |text: String| Ok(serde_json::from_str::<Value>(&text)?);
        let error = client.get_owned("/lamps", patience, &tally, read).await.unwrap_err();
        assert_eq!((error.kind, error.message.as_str()), (ApiErrorKind::Unavailable, "nothing for 0 s"));
        assert_eq!(tally.complete().requests, 1);
    }

    #[tokio::test]
    async fn an_answer_that_calls_itself_a_refusal_is_one() {
        let client = of_host(|_| "200 OK").await;
        let told = async |status: u16| {
            let read = |_| Err::<(), _>(Unread::Refused(StatusCode::from_u16(status).unwrap(), r#"{"message": "dark"}"#.to_owned()));
            let error = client.get_owned("/lamps", Patience { tries: 1, timeouts: 1 }, &Tally::default(), read).await.unwrap_err();
            (error.kind, error.message)
        };
        assert_eq!(told(404).await, (ApiErrorKind::NotFound, "404: dark".to_owned()));
        assert_eq!(told(400).await, (ApiErrorKind::Unexpected, "400: dark".to_owned()));
        assert_eq!(told(500).await, (ApiErrorKind::Unavailable, "500: dark".to_owned()));
    }

    #[tokio::test]
    async fn a_limit_that_is_over_at_once_is_waited_for_all_the_same() {
        let client = of_host(|_| "429 Too Many Requests\r\nreset: 0").await;
        let (tally, begun) = (Tally::default(), Instant::now());
        let told = tokio::time::timeout(Duration::from_millis(600), client.get::<Value>("/lamps", &tally)).await;
        assert!(told.is_err() && tally.complete().requests <= 3, "{told:?} after {:?}", begun.elapsed());
    }

    #[test]
    fn a_password_in_the_address_is_in_no_error() {
        assert_eq!(client("https://ada:secret@clockwork.example:8443/api").host(), "clockwork.example:8443");
        assert_eq!(client("https://ada:secret@clockwork.example/").host(), "clockwork.example");
    }
}
