//! What happens to every request of the generated client: authorization, the
//! size check, retries, and error bodies in one shape.

use std::{
    fmt,
    sync::Arc,
    time::{Duration, SystemTime},
};

use http::{
    HeaderMap, HeaderName, HeaderValue, StatusCode,
    header::{AUTHORIZATION, LOCATION, USER_AGENT},
};
use progenitor_client::{ClientHooks, ClientInfo as _, Error, OperationInfo};
use reqwest::{Request, Response};
use tokio::time::Instant;
use tracing::{Instrument as _, debug, info_span, warn};

use crate::{
    AccessToken, Diagnosis, Operation, RetryPolicy, TokenProvider, TokenRequest,
    call::{Call, Refusal},
    claims::Claims,
    error::error_chain,
    generated::client::Client,
    graph_error::{self, Normalised, REDACTED},
    retry, wire,
};

/// The caller's id of a request, which Graph repeats and its support asks for.
const CLIENT_REQUEST_ID: HeaderName = HeaderName::from_static("client-request-id");

const PRODUCT: HeaderValue =
    HeaderValue::from_static(concat!(env!("CARGO_PKG_NAME"), "/", env!("CARGO_PKG_VERSION")));

/// What the hooks need to know; shared by all clones of a client.
#[derive(Clone)]
pub(crate) struct State(Arc<Settings>);

/// The settings of a client.
pub(crate) struct Settings {
    pub(crate) tokens: Box<dyn TokenProvider>,
    /// The scope to request tokens with.
    pub(crate) scope: String,
    /// The `aud` of tokens for this client's cloud.
    pub(crate) audience: String,
    pub(crate) retry: RetryPolicy,
    pub(crate) attempt_timeout: Duration,
    pub(crate) max_request_bytes: u64,
    pub(crate) check_permissions: bool,
}

impl State {
    pub(crate) fn new(settings: Settings) -> Self {
        Self(Arc::new(settings))
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
        *request.timeout_mut() = Some(settings.attempt_timeout);
        request.headers_mut().insert(USER_AGENT, PRODUCT);
        identify(request);
        settings.authorize(request, operation(info), false).await.map_err(|refusal| {
            // All of it: this error has no source.
            let text = refusal.with_causes();
            Call::note(|call| call.refusal = Some(refusal));
            Error::Custom(text)
        })
    }

    async fn exec(&self, mut request: Request, info: &OperationInfo) -> reqwest::Result<Response> {
        let settings = &*self.inner().0;
        let started = Instant::now();
        let (mut retries, mut attempt, mut refreshed) = (0, 0_u32, false);
        loop {
            attempt += 1;
            Call::note(|call| call.attempts = attempt);
            let Some(copy) = request.try_clone() else {
                // `pre` refuses what is not bytes, and bytes can be cloned.
                return self.client().execute(request).await;
            };
            let span = info_span!("attempt", number = attempt);
            let result = self.client().execute(copy).instrument(span).await;
            // The URL names a person, which a log of failures need not.
            let result = result.map_err(reqwest::Error::without_url);
            if !refreshed && has_status(&result, StatusCode::UNAUTHORIZED) {
                refreshed = true;
                if settings.renew_token(&mut request, operation(info)).await {
                    continue;
                }
            } else if let Some(delay) = settings.retry_delay(&result, retries, started.elapsed()) {
                retries += 1;
                warn!(retries, delay_ms = delay.as_millis(), reason = %reason(&result), "trying again");
                // Its connection may be of use before the wait is over.
                drop(result);
                tokio::time::sleep(delay).await;
                Call::note(|call| call.total_wait += delay);
                continue;
            }
            return match result {
                Ok(response) => Ok(settings.normalise(response, &request, operation(info)).await),
                Err(error) => Err(error),
            };
        }
    }
}

impl Settings {
    /// Puts a token into a request that may then be sent.
    async fn authorize(
        &self,
        request: &mut Request,
        operation: Option<Operation>,
        force_refresh: bool,
    ) -> Result<(), Refusal> {
        let token = self
            .tokens
            .token(TokenRequest { scope: &self.scope, force_refresh })
            .await
            .map_err(Refusal::Token)?;
        if self.check_permissions
            && let Some(diagnosis) = self.diagnose(&token, operation)
            && diagnosis.is_certain()
        {
            return Err(Refusal::NotPermitted(diagnosis));
        }
        request.headers_mut().insert(AUTHORIZATION, token.header().clone());
        let limit = self.max_request_bytes;
        match wire::request_bytes(request) {
            Some(bytes) if bytes <= limit => Ok(()),
            bytes => Err(Refusal::TooLarge { bytes: bytes.unwrap_or(u64::MAX), limit }),
        }
    }

    /// Puts another token into a request whose token Graph refused; `false` if
    /// there is none that can be sent.
    async fn renew_token(&self, request: &mut Request, operation: Option<Operation>) -> bool {
        debug!("Graph refused the token; requesting another one");
        let refused = request.headers().get(AUTHORIZATION).cloned();
        let Err(refusal) = self.authorize(request, operation, true).await else {
            return true;
        };
        warn!(reason = %refusal.with_causes(), "not trying again with another token");
        Call::note(|call| call.refusal = Some(refusal));
        // The answer at hand is to the token that was refused.
        if let Some(refused) = refused {
            request.headers_mut().insert(AUTHORIZATION, refused);
        }
        false
    }

    /// What a token's claims say of an operation.
    fn diagnose(&self, token: &AccessToken, operation: Option<Operation>) -> Option<Diagnosis> {
        Diagnosis::of(&Claims::of(token)?, operation?, &self.audience, SystemTime::now())
    }

    /// How long to wait before the next attempt; `None` if there is none.
    fn retry_delay(
        &self,
        result: &reqwest::Result<Response>,
        retries: u32,
        elapsed: Duration,
    ) -> Option<Duration> {
        let retry_after = match result {
            Ok(response) if retry::is_retryable(response.status()) => {
                retry::retry_after(response.headers(), SystemTime::now())
            }
            // But for connecting, an attempt that timed out was long enough.
            Err(error) if error.is_connect() || (error.is_request() && !error.is_timeout()) => None,
            _ => return None,
        };
        let delay = self.retry.next_delay(retries, elapsed, retry_after);
        if delay.is_none() && self.retry.max_retries > 0 {
            warn!(retries, ?retry_after, reason = %reason(result), "giving up");
        }
        delay
    }

    /// Brings the body of an error into the shape that the generated code reads:
    /// of any other shape it would keep neither status nor headers.
    async fn normalise(
        &self,
        mut response: Response,
        request: &Request,
        operation: Option<Operation>,
    ) -> Response {
        let status = status_of_upload(&mut response, request);
        if status.is_success() {
            return response;
        }
        let token = request.headers().get(AUTHORIZATION).map(AccessToken::of_header);
        let diagnosis = token.as_ref().and_then(|token| self.diagnose(token, operation));
        Call::note(|call| call.diagnosis = diagnosis.filter(|found| found.may_explain(status)));
        let secret = token.as_ref().map_or("", AccessToken::secret);
        let body = Normalised::read(&mut response, secret).await;
        Call::note(|call| call.foreign_body = !body.is_json);
        let json = serde_json::to_vec(&body.error).unwrap_or_default();
        let mut rebuilt = http::Response::new(json);
        *rebuilt.status_mut() = status;
        *rebuilt.version_mut() = response.version();
        // As they came, those that describe the old body included: the caller is
        // to see them, and nothing reads the new body by them.
        *rebuilt.headers_mut() = std::mem::take(response.headers_mut());
        redact(rebuilt.headers_mut(), secret);
        rebuilt.into()
    }
}

/// The status that the upload itself was answered with.
///
/// An HTTP client of the caller's own may have followed a redirect: its last
/// status then says nothing of the photo, which a `GET` does not carry. Which
/// redirect it was is not known; it is reported as a 302 to where it led.
fn status_of_upload(response: &mut Response, request: &Request) -> StatusCode {
    if response.url() == request.url() {
        return response.status();
    }
    if let Ok(location) = HeaderValue::try_from(response.url().as_str()) {
        response.headers_mut().insert(LOCATION, location);
    }
    Call::note(|call| call.followed_redirect = true);
    StatusCode::FOUND
}

/// Removes a token from headers that echo it.
fn redact(headers: &mut HeaderMap, token: &str) {
    for value in headers.values_mut() {
        if graph_error::holds_token(value.as_bytes(), token) {
            *value = HeaderValue::from_static(REDACTED);
        }
    }
}

/// Gives a request an id of its own, for all its attempts.
fn identify(request: &mut Request) {
    let mut random = [0; 16];
    fastrand::fill(&mut random);
    let id = uuid::Builder::from_random_bytes(random).into_uuid().to_string();
    if let Ok(value) = HeaderValue::try_from(id.as_str()) {
        request.headers_mut().insert(CLIENT_REQUEST_ID, value);
    }
    Call::note(|call| call.client_request_id = Some(id));
}

fn operation(info: &OperationInfo) -> Option<Operation> {
    Operation::of_function(info.operation_id)
}

fn has_status(result: &reqwest::Result<Response>, status: StatusCode) -> bool {
    result.as_ref().is_ok_and(|response| response.status() == status)
}

/// Why an attempt failed, for the log.
fn reason(result: &reqwest::Result<Response>) -> String {
    match result {
        Ok(response) => response.status().to_string(),
        Err(error) => error_chain(error),
    }
}
