//! One GitHub host: its addresses, and one exchange with it.

use std::time::Duration;

use bytes::Bytes;
use http::{HeaderValue, Method, StatusCode, header};
use http_body_util::BodyExt;
use octocrab::{OctoBody, Octocrab};
use url::Url;

use super::{
    super::config::GithubConfig,
    ApiError, ApiErrorKind,
    answer::{Answer, Trouble},
    chain,
};

/// Where GitHub is. It holds no credential: each request brings its own.
pub(super) struct Host {
    octocrab: Octocrab,
    /// Name and port.
    pub(super) name: String,
    rest_path: String,
    pub(super) graphql_path: String,
    timeout: Duration,
}

impl Host {
    /// The configured host; no request is sent yet.
    pub(super) fn new(config: &GithubConfig) -> Result<Self, ApiError> {
        let wrong = |what: &str, message: String| ApiError {
            kind: ApiErrorKind::Unexpected,
            host: config.api_url.clone(),
            what: what.to_owned(),
            message,
        };
        let rest = Url::parse(&config.api_url).map_err(|error| wrong("github.api_url", error.to_string()))?;
        let graphql = match &config.graphql_url {
            Some(text) => Url::parse(text).map_err(|error| wrong("github.graphql_url", error.to_string()))?,
            None => {
                let text = format!("{}/graphql", config.api_url.trim_end_matches('/'));
                Url::parse(&text).map_err(|error| wrong("github.api_url", error.to_string()))?
            }
        };
        if graphql.origin() != rest.origin() {
            return Err(wrong("github.graphql_url", "an address on another host, where the token must not go".to_owned()));
        }
        let octocrab = Octocrab::builder()
            .base_uri(rest.origin().ascii_serialization())
            .and_then(|builder| builder.build())
            .map_err(|error| wrong("github.api_url", error.to_string()))?;
        Ok(Self {
            octocrab,
            name: rest.authority().to_owned(),
            rest_path: rest.path().trim_end_matches('/').to_owned(),
            graphql_path: graphql.path().to_owned(),
            timeout: Duration::from_secs(config.timeout_s),
        })
    }

    /// The path on this host of one below `api_url`.
    pub(super) fn rest(&self, path: &str) -> String {
        if path.starts_with(&self.rest_path) { path.to_owned() } else { format!("{}{path}", self.rest_path) }
    }

    /// Path and query of an address on this host; none for another host.
    pub(super) fn path_of(&self, url: &str) -> Option<String> {
        if url.starts_with('/') && !url.starts_with("//") {
            return Some(url.to_owned());
        }
        let url = Url::parse(url).ok().filter(|url| url.authority() == self.name)?;
        Some(url[url::Position::BeforePath..url::Position::AfterQuery].to_owned())
    }

    /// Sends one request and takes its answer, or says what to do without one.
    pub(super) async fn exchange(
        &self,
        method: &Method,
        path: &str,
        body: Option<Bytes>,
        known: Option<&str>,
        authorization: HeaderValue,
    ) -> Result<(StatusCode, Answer), Trouble> {
        let mut request = http::Request::builder()
            .method(method)
            .uri(path)
            .header(header::AUTHORIZATION, authorization)
            .header(header::USER_AGENT, concat!("almanac/", env!("CARGO_PKG_VERSION")))
            .header(header::ACCEPT, "application/vnd.github+json")
            .header("x-github-api-version", "2022-11-28");
        if let Some(etag) = known {
            request = request.header(header::IF_NONE_MATCH, etag);
        }
        let body = match body {
            Some(bytes) => {
                request = request.header(header::CONTENT_TYPE, "application/json");
                OctoBody::from(bytes)
            }
            None => OctoBody::empty(),
        };
        let request = request.body(body).map_err(|error| Trouble::GiveUp(ApiErrorKind::Unexpected, error.to_string()))?;
        let exchange = async {
            let (parts, body) = self.octocrab.execute(request).await.map_err(|error| chain(&error))?.into_parts();
            let body = body.collect().await.map_err(|error| chain(&error))?.to_bytes();
            Ok::<_, String>((parts, body))
        };
        let waited = || format!("nothing for {} s", self.timeout.as_secs());
        match tokio::time::timeout(self.timeout, exchange).await {
            Err(_) if *method == Method::POST => Err(Trouble::GiveUp(ApiErrorKind::TooHeavy, waited())),
            Err(_) => Err(Trouble::Retry(waited())),
            Ok(Err(error)) => Err(Trouble::Retry(format!("a broken connection ({error})"))),
            Ok(Ok((parts, body))) => Ok((parts.status, Answer { headers: parts.headers, body, is_unchanged: false })),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_another_host_have_no_path_here() {
        let mut config = GithubConfig::new(vec!["clockwork-lighthouse".to_owned()]);
        config.api_url = "https://github.example/api/v3".to_owned();
        config.graphql_url = Some("https://github.example/api/graphql".to_owned());
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let _guard = runtime.enter();
        let host = Host::new(&config).unwrap();
        assert_eq!(host.path_of("https://github.example/api/v3/x?page=2").as_deref(), Some("/api/v3/x?page=2"));
        assert_eq!(host.path_of("/repositories/7").as_deref(), Some("/repositories/7"));
        assert_eq!(host.path_of("https://elsewhere.example/api/v3/x"), None);
        assert_eq!(host.path_of("//elsewhere.example/api/v3/x"), None);
        config.graphql_url = Some("https://elsewhere.example/graphql".to_owned());
        assert!(Host::new(&config).err().unwrap().to_string().contains("the token must not go"));
    }
}
