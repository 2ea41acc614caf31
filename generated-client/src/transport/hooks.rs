//! What happens to every request of the generated client: authorization, the
//! size check, and retries.

use std::{
    fmt,
    future::poll_fn,
    ops::ControlFlow,
    pin::Pin,
    sync::Arc,
    task::Poll,
    time::{Duration, SystemTime},
};

use bytes::Bytes;
use http::{
    HeaderName, HeaderValue, StatusCode,
    header::{AUTHORIZATION, USER_AGENT},
};
use progenitor_client::{ClientHooks, ClientInfo as _, Error, OperationInfo};
use reqwest::{Request, Response, Url};
use tokio::time::{Instant, sleep, timeout};
use tracing::{Instrument as _, debug, info_span, warn};
use uuid::Uuid;

use crate::{
    AccessToken, Diagnosis, Operation, RetryPolicy, TokenProvider, TokenRequest,
    claims::Claims,
    diagnosis::Audience,
    display::error_chain,
    error::is_of_certificate,
    generated::client::Client,
    transport::call::{Call, Refusal},
    transport::error_response::{REQUEST_ID, request_id},
    transport::graph_error::{self, ErrorBody},
    transport::known_errors as hint,
    transport::redaction::SentTokens,
    transport::request_size as wire,
    transport::response::{drain, is_success},
    transport::retry,
};

/// The caller's id of a request, which Graph repeats and its support asks for.
const CLIENT_REQUEST_ID: HeaderName = HeaderName::from_static("client-request-id");

const PRODUCT: HeaderValue =
    HeaderValue::from_static(concat!(env!("CARGO_PKG_NAME"), "/", env!("CARGO_PKG_VERSION")));

/// How far this machine's clock may be from Graph's.
const CLOCK_SKEW: Duration = Duration::from_secs(300);

/// What the hooks need to know; shared by all clones of a client.
#[derive(Clone)]
pub(crate) struct State(Arc<Settings>);

/// The settings of a client.
pub(crate) struct Settings {
    pub(crate) base_url: Url,
    pub(crate) tokens: Box<dyn TokenProvider>,
    /// The scope to request tokens with.
    pub(crate) scope: String,
    pub(crate) audience: Audience,
    pub(crate) retry: RetryPolicy,
    pub(crate) attempt_timeout: Duration,
    /// Whether each request carries `attempt_timeout`: a caller's own HTTP client may
    /// have another or none. Set on the client, it saves allocations.
    pub(crate) timeout_per_request: bool,
    pub(crate) max_request_bytes: u64,
    pub(crate) check_permissions: bool,
}

impl State {
    pub(crate) fn new(settings: Settings) -> Self {
        Self(Arc::new(settings))
    }

    /// The URL with these segments, none of them encoded, after the base URL.
    pub(crate) fn url<'s>(&self, segments: impl IntoIterator<Item = &'s str>) -> Url {
        let mut url = self.0.base_url.clone();
        url.path_segments_mut()
            .expect("the base URL is one of http or https, which have a path")
            .pop_if_empty()
            .extend(segments);
        url
    }
}

/// Without the token provider, which may hold a secret.
impl fmt::Debug for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("State")
            .field("scope", &self.0.scope)
            .field("retry", &self.0.retry)
            .field("attempt_timeout", &self.0.attempt_timeout)
            .field("max_request_bytes", &self.0.max_request_bytes)
            .field("check_permissions", &self.0.check_permissions)
            .finish_non_exhaustive()
    }
}

impl ClientHooks<State> for Client {
    async fn pre<E>(&self, request: &mut Request, info: &OperationInfo) -> Result<(), Error<E>> {
        let settings = &*self.inner().0;
        if settings.timeout_per_request {
            *request.timeout_mut() = Some(settings.attempt_timeout);
        }
        request.headers_mut().append(USER_AGENT, PRODUCT);
        identify(request);
        settings.authorize(request, info, false).await.map_err(|refusal| {
            // All of it: this error has no source.
            let text = refusal.with_causes();
            Call::note(|call| call.refusal = Some(Box::new(refusal)));
            Error::Custom(text)
        })
    }

    async fn exec(&self, mut request: Request, info: &OperationInfo) -> reqwest::Result<Response> {
        let settings = &*self.inner().0;
        let mut tries = Tries::begin();
        loop {
            tries.attempts += 1;
            Call::note(|call| call.attempts = tries.attempts);
            let Some(copy) = request.try_clone() else {
                // `pre` refuses what is not bytes, and bytes can be cloned.
                return self.client().execute(request).await;
            };
            let span = info_span!("attempt", number = tries.attempts);
            let result = self.client().execute(copy).instrument(span.clone()).await;
            // The URL names a person, which a log of failures need not.
            let mut result = result.map_err(reqwest::Error::without_url);
            if let Ok(response) = &mut result {
                redact(response, &request, &tries);
            }
            span.in_scope(|| log(&result));
            let result = match result {
                Ok(mut response) if is_success(&response, &request) => {
                    if response.content_length() != Some(0) {
                        rare(|| drain(&mut response)).await;
                    }
                    return Ok(response);
                }
                result => result,
            };
            match rare(|| settings.try_again(&mut tries, &mut request, result, info)).await {
                ControlFlow::Continue(()) => {}
                ControlFlow::Break(Ok(response)) => {
                    return Ok(rare(|| settings.normalise(response, &request, tries, info)).await);
                }
                ControlFlow::Break(failure) => return failure,
            }
        }
    }
}

/// Boxes the future of what is rare, or off by default: it should take no room in the
/// future of every upload, nor on the stack when that is polled.
#[cold]
#[inline(never)]
fn rare<'f, F: Future + Send + 'f>(
    future: impl FnOnce() -> F,
) -> Pin<Box<dyn Future<Output = F::Output> + Send + 'f>> {
    Box::pin(future())
}

/// What has been tried of an upload.
pub(crate) struct Tries {
    started: Instant,
    attempts: u32,
    retries: u32,
    /// The token that Graph refused; one upload gets one other.
    pub(crate) refused: Option<AccessToken>,
    /// The body of the last answer, if that was needed already.
    pub(crate) body: Option<Bytes>,
}

impl Tries {
    fn begin() -> Self {
        Self { started: Instant::now(), attempts: 0, retries: 0, refused: None, body: None }
    }

    /// Whether an answer is of those that pass, for which its body may be read.
    async fn is_passing(&mut self, result: &mut reqwest::Result<Response>) -> bool {
        let Ok(response) = result else { return false };
        let status = response.status();
        if !hint::depends_on_body(status) {
            return false;
        }
        let body = self.body.insert(graph_error::read(response).await);
        hint::passes(status, &ErrorBody::parse(body, &SentTokens::default()).texts)
    }
}

impl Settings {
    /// Puts a token into a request without one, which may then be sent.
    async fn authorize(
        &self,
        request: &mut Request,
        info: &OperationInfo,
        force_refresh: bool,
    ) -> Result<(), Refusal> {
        let token = if self.check_permissions {
            rare(|| self.permitted_token(info, force_refresh)).await?
        } else {
            self.token(force_refresh).await?
        };
        request.headers_mut().append(AUTHORIZATION, token.into_header());
        let limit = self.max_request_bytes;
        match wire::request_bytes(request) {
            Some(bytes) if bytes <= limit => Ok(()),
            bytes => Err(Refusal::TooLarge { bytes: bytes.unwrap_or(u64::MAX), limit }),
        }
    }

    async fn token(&self, force_refresh: bool) -> Result<AccessToken, Refusal> {
        let mut token = self.tokens.token(TokenRequest { scope: &self.scope, force_refresh });
        // Most often it is there already: a timer would cost more than it.
        let token = match poll_fn(|context| Poll::Ready(token.as_mut().poll(context))).await {
            Poll::Ready(token) => token,
            Poll::Pending => timeout(self.attempt_timeout, token)
                .await
                .unwrap_or_else(|_| Err("the token provider gave none in time".into())),
        };
        token.map_err(Refusal::Token)
    }

    /// A token that Graph is not certain to refuse.
    async fn permitted_token(
        &self,
        info: &OperationInfo,
        force_refresh: bool,
    ) -> Result<AccessToken, Refusal> {
        let mut token = self.token(force_refresh).await?;
        let mut diagnosis = self.diagnose(&token, info);
        if !force_refresh && matches!(diagnosis, Some(Diagnosis::Expired { .. })) {
            // A cached one, for which Graph's answer would have been 401.
            token = self.token(true).await?;
            diagnosis = self.diagnose(&token, info);
        }
        match diagnosis.filter(Diagnosis::is_certain) {
            Some(diagnosis) => Err(Refusal::NotPermitted(diagnosis)),
            None => Ok(token),
        }
    }

    /// Whether to try again, once that may be done: at once with another token, or
    /// after a wait.
    async fn try_again(
        &self,
        tries: &mut Tries,
        request: &mut Request,
        mut result: reqwest::Result<Response>,
        info: &OperationInfo,
    ) -> ControlFlow<reqwest::Result<Response>> {
        tries.body = None;
        let delay = if tries.refused.is_none() && has_status(&result, StatusCode::UNAUTHORIZED) {
            tries.refused = token_of(request);
            self.renew_token(request, info).await.then_some(Duration::ZERO)
        } else {
            let is_passing = tries.is_passing(&mut result).await;
            let delay =
                self.retry_delay(&result, is_passing, tries.retries, tries.started.elapsed());
            tries.retries += u32::from(delay.is_some());
            delay
        };
        let Some(delay) = delay else {
            return ControlFlow::Break(result);
        };
        if let Ok(mut response) = result {
            // Its connection may be of use before the wait is over.
            drain(&mut response).await;
        }
        sleep(delay).await;
        Call::note(|call| call.total_wait += delay);
        ControlFlow::Continue(())
    }

    /// Puts another token into a request whose token Graph refused; `false` if
    /// there is none that can be sent.
    async fn renew_token(&self, request: &mut Request, info: &OperationInfo) -> bool {
        debug!("Graph refused the token; requesting another one");
        let refused = request.headers_mut().remove(AUTHORIZATION);
        let Err(refusal) = self.authorize(request, info, true).await else {
            return true;
        };
        warn!(reason = %refusal.with_causes(), "not trying again with another token");
        Call::note(|call| call.refusal = Some(Box::new(refusal)));
        // The answer at hand is to the token that was refused.
        if let Some(refused) = refused {
            request.headers_mut().insert(AUTHORIZATION, refused);
        }
        false
    }

    /// What a token's claims say of an operation, before it is sent.
    fn diagnose(&self, token: &AccessToken, info: &OperationInfo) -> Option<Diagnosis> {
        let operation = Operation::of_function(info.operation_id)?;
        let clock = (SystemTime::now(), CLOCK_SKEW);
        Diagnosis::before_sending(&Claims::of(token)?, operation, &self.audience, clock)
    }

    /// How long to wait before the next attempt; `None` if there is none.
    fn retry_delay(
        &self,
        result: &reqwest::Result<Response>,
        is_passing: bool,
        retries: u32,
        elapsed: Duration,
    ) -> Option<Duration> {
        let retry_after = match result {
            Ok(response) if is_passing || retry::is_retryable(response.status()) => {
                retry::retry_after(response.headers(), SystemTime::now())
            }
            Err(error) if is_of_certificate(error) => return None,
            // But for connecting, an attempt that timed out was long enough.
            Err(error) if error.is_connect() || (error.is_request() && !error.is_timeout()) => None,
            _ => return None,
        };
        let delay = self.retry.next_delay(retries, elapsed, retry_after);
        let reason = || reason(result);
        match delay {
            Some(delay) => {
                let (retries, delay_ms) = (retries + 1, delay.as_millis());
                warn!(retries, delay_ms, reason = %reason(), "trying again");
            }
            None if self.retry.max_retries > 0 => {
                warn!(retries, ?retry_after, reason = %reason(), "giving up");
            }
            None => {}
        }
        delay
    }
}

pub(crate) fn token_of(request: &Request) -> Option<AccessToken> {
    request.headers().get(AUTHORIZATION).map(AccessToken::of_header)
}

/// Keeps the tokens of an upload out of what its answer leaves behind: of an upload with
/// a record, that is the id of the request. What remains of an error is for later.
fn redact(response: &mut Response, request: &Request, tries: &Tries) {
    let sent = || SentTokens::new(request, tries.refused.as_ref());
    if !Call::has_record() {
        sent().redact_headers(response.headers_mut());
    } else if let Some(id) = response.headers_mut().get_mut(REQUEST_ID) {
        sent().redact_header(id);
    }
}

/// Gives a request an id of its own, for all its attempts.
fn identify(request: &mut Request) {
    let mut random = [0; 16];
    fastrand::fill(&mut random);
    let mut text = Uuid::encode_buffer();
    let id = uuid::Builder::from_random_bytes(random).into_uuid().hyphenated();
    let id = &*id.encode_lower(&mut text);
    if let Ok(value) = HeaderValue::try_from(id) {
        request.headers_mut().append(CLIENT_REQUEST_ID, value);
    }
    Call::note(|call| call.client_request_id = Some(id.to_owned()));
}

fn has_status(result: &reqwest::Result<Response>, status: StatusCode) -> bool {
    result.as_ref().is_ok_and(|response| response.status() == status)
}

/// What became of an attempt, for the log.
fn log(result: &reqwest::Result<Response>) {
    match result {
        Ok(response) => debug!(
            status = response.status().as_u16(),
            request_id = request_id(response.headers()),
            "answered"
        ),
        Err(error) => debug!(reason = error_chain(error), "not answered"),
    }
}

/// Why an attempt failed, for the log.
fn reason(result: &reqwest::Result<Response>) -> String {
    match result {
        // Not its `Display`, which has words for a status that has none.
        Ok(response) => match response.status().canonical_reason() {
            Some(words) => format!("{} {words}", response.status().as_u16()),
            None => response.status().as_u16().to_string(),
        },
        Err(error) => error_chain(error),
    }
}
