//! Settings of a client, checked before it exists.

use std::{borrow::Cow, fmt, time::Duration};

use reqwest::Url;

use crate::{
    auth::{diagnosis::Audience, provider::TokenProvider},
    client::GraphPhotoClient,
    display::{Printable, without_query},
    error::Error,
    generated::{client::Client, cloud::Cloud, limits::MAX_REQUEST_BYTES},
    transport::{
        Transport,
        http_client::{http_client, is_loopback},
        retry::RetryPolicy,
        settings::Settings,
    },
};

const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// The default time limit of an attempt: at 256 kbit/s, the largest photo takes 131 seconds.
const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(180);

/// Makes a [`GraphPhotoClient`].
#[derive(Default)]
#[must_use]
pub struct ClientBuilder {
    tokens: Option<Box<dyn TokenProvider>>,
    cloud: Cloud,
    base_url: Option<String>,
    http_client: Option<reqwest::Client>,
    retry: RetryPolicy,
    connect_timeout: Option<Duration>,
    attempt_timeout: Option<Duration>,
    max_request_bytes: Option<u64>,
    check_permissions: bool,
    low_priority: bool,
}

impl GraphPhotoClient {
    /// A builder, which needs only a token provider.
    pub fn builder() -> ClientBuilder {
        ClientBuilder::default()
    }
}

impl ClientBuilder {
    /// Sets where tokens come from. Required.
    pub fn token_provider(mut self, tokens: impl TokenProvider) -> Self {
        self.tokens = Some(Box::new(tokens));
        self
    }

    /// Sets the cloud to call and to request tokens for; the default is the global one.
    pub fn cloud(mut self, cloud: Cloud) -> Self {
        self.cloud = cloud;
        self
    }

    /// Sets the URL that paths are appended to; the default is that of the cloud. It must be
    /// `https`, unless its host is this machine.
    pub fn base_url(mut self, url: impl Into<String>) -> Self {
        self.base_url = Some(url.into());
        self
    }

    /// Sets your own HTTP client, for a proxy or further root certificates.
    /// [`attempt_timeout`](Self::attempt_timeout) replaces its time limit, and this crate's
    /// `User-Agent` its own. It must not follow redirects
    /// ([`Policy::none`](reqwest::redirect::Policy::none)): after one from `PUT` to a `GET`
    /// of the same URL, a photo that was not stored looks like success. The size of the
    /// request does not include headers that it adds: lower
    /// [`max_request_bytes`](Self::max_request_bytes) by their size.
    ///
    /// One with `connection_verbose` logs all that it sends, tokens and photos included.
    ///
    /// Making one may take [one more line](crate#beside-another-reqwest-client).
    pub fn http_client(mut self, client: reqwest::Client) -> Self {
        self.http_client = Some(client);
        self
    }

    /// Sets when to retry a failed upload.
    pub fn retry_policy(mut self, policy: RetryPolicy) -> Self {
        self.retry = policy;
        self
    }

    /// Sets the time limit of connecting; the default is 10 seconds. It has no effect on
    /// [your own HTTP client](Self::http_client).
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect_timeout = Some(timeout);
        self
    }

    /// Sets the time limit of an attempt, from connecting to the end of the response; the
    /// default is 180 seconds. Getting a token for it has the same limit.
    pub fn attempt_timeout(mut self, timeout: Duration) -> Self {
        self.attempt_timeout = Some(timeout);
        self
    }

    /// Sets a limit for the whole request, in bytes, below that of the spec. A higher one
    /// has no effect.
    pub fn max_request_bytes(mut self, bytes: u64) -> Self {
        self.max_request_bytes = Some(bytes);
        self
    }

    /// Whether to compare the token's claims with the operation's permissions
    /// before sending, and not to send what Graph is certain to refuse. Off by
    /// default: Graph has the last word.
    pub fn check_permissions(mut self, check: bool) -> Self {
        self.check_permissions = check;
        self
    }

    /// Whether Graph throttles these requests before those of people, as suits a job that
    /// can wait: sends `x-ms-throttle-priority: low`
    /// ([throttling limits](https://learn.microsoft.com/graph/throttling-limits)). Off by
    /// default.
    pub fn low_priority(mut self, low: bool) -> Self {
        self.low_priority = low;
        self
    }

    /// Makes the client.
    ///
    /// # Errors
    ///
    /// [`Error`], for which [`is_invalid_configuration`] is true, if there is no token
    /// provider, the base URL is invalid or unsafe, or TLS cannot be set up.
    ///
    /// [`is_invalid_configuration`]: Error::is_invalid_configuration
    pub fn build(self) -> Result<GraphPhotoClient, Error> {
        let tokens = self.tokens.ok_or_else(|| {
            Error::configuration("there is no token provider; set one with `token_provider`")
        })?;
        let base_url = self.base_url.as_deref().unwrap_or(self.cloud.base_url());
        let url = check_base_url(base_url)?;
        let called = Cloud::of_url(url.as_str());
        let cloud = called.unwrap_or(self.cloud);
        let attempt_timeout = self.attempt_timeout.unwrap_or(ATTEMPT_TIMEOUT);
        let timeout_per_request = self.http_client.is_some();
        let client = match self.http_client {
            Some(client) => client,
            None => {
                http_client(&url, self.connect_timeout.unwrap_or(CONNECT_TIMEOUT), attempt_timeout)?
            }
        };
        let inner = Transport::new(Settings {
            tokens,
            scope: cloud.token_scope(),
            audience: Audience { cloud, direct: called.is_some() || is_loopback(&url) },
            base_url: url,
            retry: self.retry,
            attempt_timeout,
            timeout_per_request,
            max_request_bytes: self.max_request_bytes.unwrap_or(u64::MAX).min(MAX_REQUEST_BYTES),
            check_permissions: self.check_permissions,
            low_priority: self.low_priority,
        });
        Ok(GraphPhotoClient { client: Client { client, inner } })
    }
}

/// Leaves out the token provider, which may hold a secret.
impl fmt::Debug for ClientBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientBuilder")
            .field("cloud", &self.cloud)
            .field("base_url", &self.base_url.as_deref().map(without_user_and_query))
            .field("retry", &self.retry)
            .finish_non_exhaustive()
    }
}

/// Parses a base URL, and refuses one that would send tokens unencrypted.
fn check_base_url(text: &str) -> Result<Url, Error> {
    let shown = without_user_and_query(text);
    let shown = Printable(&shown);
    let wrong = |why: &str| Error::configuration(format!("the base URL `{shown}` {why}"));
    let url = Url::parse(text.trim_end_matches('/'))
        .map_err(|cause| wrong(&format!("is not a URL: {cause}")))?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err(wrong("must not hold a user name or password"));
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err(wrong("must end with its path, without `?` or `#`"));
    }
    match url.scheme() {
        "https" => Ok(url),
        "http" if is_loopback(&url) => Ok(url),
        "http" => Err(wrong("must begin with `https`: a token would be sent unencrypted")),
        _ => Err(wrong("must begin with `https://`")),
    }
}

/// The part of a URL that may be shown: a password precedes an `@`, even in an invalid URL,
/// and a query may hold a key. If it is not clear which of them has the `@`, nothing is shown.
fn without_user_and_query(text: &str) -> Cow<'_, str> {
    match text.rsplit_once('@') {
        Some((before, _)) if before.contains(['?', '#']) => Cow::Borrowed("…"),
        Some((_, rest)) => without_query(rest),
        None => without_query(text),
    }
}
