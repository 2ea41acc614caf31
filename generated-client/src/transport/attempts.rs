//! The attempts of one upload: the first one, and retries with another token or after a wait.

use std::time::Duration;

use http::{StatusCode, header::AUTHORIZATION};
use reqwest::{Request, Response};
use tokio::time::{Instant, sleep};
use tracing::{Instrument as _, debug, info_span, warn};

use crate::{
    auth::token::AccessToken,
    display::error_chain,
    generated::operation::Operation,
    transport::{
        authorization::{NotSent, token_of},
        cold_path::cold,
        connection,
        error_response::{ErrorResponse, REQUEST_ID, request_id},
        outcome::{Failure, Record},
        redaction::SentTokens,
        response_body, retry,
        settings::Settings,
    },
};

/// How long to wait for a body that nobody reads: that of a success, or of an error that is
/// retried.
const UNNEEDED_BODY_TIME: Duration = Duration::from_secs(1);

/// How long to wait for the body of an error that is reported.
const ERROR_BODY_TIME: Duration = Duration::from_secs(10);

pub(super) struct Attempts<'s> {
    settings: &'s Settings,
    operation: Operation,
    started: Instant,
    retries: u32,
    /// The token that Graph refused; an upload gets only one other.
    refused: Option<AccessToken>,
    pub(super) record: Record,
}

impl<'s> Attempts<'s> {
    pub(super) fn new(settings: &'s Settings, operation: Operation) -> Self {
        let (started, record) = (Instant::now(), Record::default());
        Self { settings, operation, started, retries: 0, refused: None, record }
    }

    /// Sends a request through `execute` until it succeeds or is not retried.
    pub(super) async fn run<R>(
        &mut self,
        mut request: Request,
        execute: impl Fn(Request) -> R,
    ) -> Result<Response, Failure>
    where
        R: Future<Output = reqwest::Result<Response>>,
    {
        let authorized = self.settings.authorize(&mut request, self.operation, false).await;
        authorized.map_err(Failure::NotSent)?;
        // The policy's total time does not include getting the first token.
        self.started = Instant::now();
        loop {
            let copy = request.try_clone().expect("a body in memory can be cloned");
            self.record.attempts += 1;
            let span = info_span!("attempt", number = self.record.attempts);
            let result = execute(copy).instrument(span.clone()).await;
            // The URL names a person, who need not be in a log.
            let mut result = result.map_err(reqwest::Error::without_url);
            if let Ok(response) = &mut result {
                self.redact_id(response, &request);
            }
            span.in_scope(|| log(&result));
            match result {
                Ok(mut response) if is_success(&response, &request) => {
                    if response.content_length() != Some(0) {
                        cold(|| response_body::read(&mut response, UNNEEDED_BODY_TIME)).await;
                    }
                    return Ok(response);
                }
                result => cold(|| self.prepare_retry(&mut request, result)).await?,
            }
        }
    }

    /// Prepares another attempt, at once with another token or after a wait; or returns the
    /// failure of the last one.
    async fn prepare_retry(
        &mut self,
        request: &mut Request,
        result: reqwest::Result<Response>,
    ) -> Result<(), Failure> {
        let failure = match result {
            Err(error) => Failure::Connection(error),
            Ok(response) => {
                let sent = SentTokens::new(request, self.refused.as_ref());
                let time = self.body_time(response.status());
                let mut response = ErrorResponse::read(response, request.url(), &sent, time).await;
                if let Some(token) = token_of(request) {
                    response.explain(&token, self.operation, &self.settings.audience);
                }
                if response.status == StatusCode::UNAUTHORIZED && self.refused.is_none() {
                    debug!("Graph refused the token; requesting another one");
                    match self.renew_token(request).await {
                        Ok(()) => return Ok(()),
                        Err(not_sent) => response.renewal = Some(not_sent),
                    }
                }
                Failure::Response(Box::new(response))
            }
        };
        let Some(delay) = self.delay(&failure) else { return Err(failure) };
        sleep(delay).await;
        self.retries += 1;
        self.record.total_wait += delay;
        Ok(())
    }

    /// How long to wait for the body of an error: a retry must not wait long for one that hangs.
    fn body_time(&self, status: StatusCode) -> Duration {
        let is_sent_again = match status {
            StatusCode::UNAUTHORIZED => self.refused.is_none(),
            _ => retry::is_transient(status) && self.retries < self.settings.retry.max_retries,
        };
        if is_sent_again { UNNEEDED_BODY_TIME } else { ERROR_BODY_TIME }
    }

    /// Replaces the token of a request after Graph refused it.
    async fn renew_token(&mut self, request: &mut Request) -> Result<(), NotSent> {
        self.refused = token_of(request);
        request.headers_mut().remove(AUTHORIZATION);
        let authorized = self.settings.authorize(request, self.operation, true).await;
        authorized.inspect_err(|reason| {
            warn!(reason = error_chain(reason), "not trying again with another token");
        })
    }

    /// How long to wait before the next attempt; `None` to give up.
    fn delay(&self, failure: &Failure) -> Option<Duration> {
        let (retry_after, reason) = match failure {
            Failure::Response(response) if response.is_retried() => {
                (response.retry_after, response.status_text())
            }
            Failure::Connection(error) if connection::is_retried(error) => {
                (None, error_chain(error))
            }
            _ => return None,
        };
        let (policy, retries) = (&self.settings.retry, self.retries);
        let delay = policy.next_delay(retries, self.started.elapsed(), retry_after);
        if let Some(delay) = delay {
            // graph-photo reads these fields.
            warn!(retries = retries + 1, delay_ms = delay.as_millis(), %reason, "trying again");
        } else if policy.max_retries > 0 {
            warn!(retries, ?retry_after, %reason, "giving up");
        }
        delay
    }

    /// Keeps tokens out of the request id, the only header of a success that is kept.
    fn redact_id(&self, response: &mut Response, request: &Request) {
        if let Some(id) = response.headers_mut().get_mut(REQUEST_ID) {
            SentTokens::new(request, self.refused.as_ref()).redact_header(id);
        }
    }
}

fn is_success(response: &Response, request: &Request) -> bool {
    response.status().is_success() && response.url() == request.url()
}

fn log(result: &reqwest::Result<Response>) {
    match result {
        Ok(response) => {
            let (status, id) = (response.status().as_u16(), request_id(response.headers()));
            debug!(status, request_id = id, "answered");
        }
        Err(error) => debug!(reason = error_chain(error), "not answered"),
    }
}

#[cfg(test)]
mod tests {
    use std::{cell::RefCell, collections::VecDeque, convert::Infallible};

    use bytes::Bytes;
    use reqwest::{Body, Method};

    use super::*;
    use crate::{
        auth::{
            diagnosis::Audience,
            provider::{StaticToken, TokenRequest},
        },
        generated::cloud::Cloud,
        transport::retry::RetryPolicy,
    };

    /// A scripted server, and the times of its requests, by a clock that runs ahead as soon
    /// as everything waits.
    struct Script {
        responses: RefCell<VecDeque<http::Response<String>>>,
        asked: RefCell<Vec<Instant>>,
    }

    impl Script {
        fn new(responses: Vec<http::Response<String>>) -> Self {
            Self { responses: RefCell::new(responses.into()), asked: RefCell::default() }
        }

        fn respond(&self, request: &Request) -> Response {
            use reqwest::ResponseBuilderExt as _;
            assert!(request.headers().contains_key(AUTHORIZATION));
            self.asked.borrow_mut().push(Instant::now());
            let response = self.responses.borrow_mut().pop_front().expect("it goes on so long");
            let (parts, body) = response.into_parts();
            let builder = http::Response::builder().url(request.url().clone());
            let body = if body == HANGS { hanging_body() } else { body.into() };
            let mut response = builder.status(parts.status).body(body).unwrap();
            *response.headers_mut() = parts.headers;
            response.into()
        }

        /// The times between its requests.
        fn waits(&self) -> Vec<Duration> {
            self.asked.borrow().windows(2).map(|pair| pair[1] - pair[0]).collect()
        }
    }

    /// Stands for a body that never arrives.
    const HANGS: &str = "hangs";

    fn hanging_body() -> Body {
        let chunks =
            futures_util::stream::pending::<Result<hyper::body::Frame<Bytes>, Infallible>>();
        Body::wrap(http_body_util::StreamBody::new(chunks))
    }

    fn respond(status: u16, headers: &[(&str, &str)], body: &str) -> http::Response<String> {
        let headers = headers.iter();
        let builder = http::Response::builder().status(status);
        let builder = headers.fold(builder, |builder, (name, value)| builder.header(*name, *value));
        builder.body(body.to_owned()).unwrap()
    }

    fn settings(retry: RetryPolicy) -> Settings {
        Settings {
            base_url: "http://localhost/v1.0".parse().unwrap(),
            tokens: Box::new(StaticToken::new("a-token")),
            scope: String::new(),
            audience: Audience { cloud: Cloud::default(), direct: true },
            retry,
            attempt_timeout: Duration::from_secs(60),
            timeout_per_request: false,
            max_request_bytes: 1000,
            check_permissions: false,
            low_priority: false,
        }
    }

    async fn upload(script: &Script, retry: RetryPolicy) -> (Result<Response, Failure>, Record) {
        upload_with(script, settings(retry)).await
    }

    async fn upload_with(
        script: &Script,
        settings: Settings,
    ) -> (Result<Response, Failure>, Record) {
        let mut request = Request::new(Method::PUT, settings.base_url.clone());
        *request.body_mut() = Some(Body::from("a photo"));
        let mut attempts = Attempts::new(&settings, Operation::ALL[0]);
        let outcome =
            attempts.run(request, |request| std::future::ready(Ok(script.respond(&request)))).await;
        (outcome, attempts.record)
    }

    const CONFLICT: &str = r#"{"error":{"code":"Directory_ConcurrencyViolation"}}"#;

    #[tokio::test(start_paused = true)]
    async fn retry_after_is_obeyed() {
        let date = "Wed, 21 Oct 2015 07:28:00 GMT";
        let later = "Wed, 21 Oct 2015 07:28:30 GMT";
        for (status, headers, seconds) in [
            (429, vec![("Retry-After", "7")], 7),
            (509, vec![("Retry-After", " 120 ")], 120),
            (409, vec![("Retry-After", "7")], 7),
            (429, vec![("Retry-After", "1.5")], 2),
            (503, vec![("Retry-After", "2, 3")], 3),
            (503, vec![("Retry-After", "5"), ("Retry-After", "4")], 5),
            // By the server's own clock.
            (429, vec![("Date", date), ("Retry-After", later)], 30),
        ] {
            let script =
                Script::new(vec![respond(status, &headers, CONFLICT), respond(200, &[], "")]);
            let (outcome, record) = upload(&script, RetryPolicy::default()).await;
            assert_eq!(outcome.unwrap().status(), 200);
            let asked = Duration::from_secs(seconds);
            assert_eq!((record.attempts, record.total_wait), (2, asked), "{headers:?}");
            assert!(script.waits()[0] >= asked, "too early: {headers:?}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn no_wait_is_shorter_than_half_of_its_step() {
        let policy = RetryPolicy::default()
            .with_max_retries(5)
            .with_delays(Duration::from_secs(1), Duration::from_secs(5));
        for headers in [vec![], vec![("Retry-After", "0")], vec![("Retry-After", "soon")]] {
            let script = Script::new(vec![respond(503, &headers, ""); 6]);
            let (outcome, record) = upload(&script, policy).await;
            let waits = script.waits();
            assert!(outcome.unwrap_err().is_retryable());
            assert_eq!((record.attempts, waits.len()), (6, 5));
            for (wait, step) in waits.iter().zip([1000, 2000, 4000, 5000, 5000]) {
                let step = Duration::from_millis(step);
                // The clock runs ahead by whole milliseconds.
                let longest = step + Duration::from_millis(1);
                assert!((step / 2..=longest).contains(wait), "{wait:?} of {step:?}");
            }
            assert!(waits.iter().sum::<Duration>() >= record.total_wait);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn all_attempts_and_waits_fit_into_the_total_time() {
        // A third wait would end too late.
        let policy = RetryPolicy::default().with_max_total_time(Duration::from_secs(25));
        let script = Script::new(vec![respond(503, &[("Retry-After", "10")], ""); 10]);
        let (outcome, record) = upload(&script, policy).await;
        assert!(matches!(outcome, Err(Failure::Response(_))));
        assert_eq!(script.waits(), [Duration::from_secs(10); 2]);
        assert_eq!((record.attempts, record.total_wait), (3, Duration::from_secs(20)));
    }

    #[tokio::test(start_paused = true)]
    async fn a_retry_waits_a_second_for_a_body_that_hangs() {
        let seconds = Duration::from_secs;
        let policy = RetryPolicy::default().with_max_total_time(seconds(5));
        for (status, waits) in [(401, 0), (503, 2)] {
            let asks = [("Retry-After", "2")];
            let script = Script::new(vec![respond(status, &asks, HANGS), respond(200, &[], "")]);
            let (outcome, record) = upload(&script, policy).await;
            assert_eq!((outcome.unwrap().status().as_u16(), record.attempts), (200, 2));
            assert_eq!(script.waits()[0].as_secs(), 1 + waits, "{status}");
        }
    }

    /// Signing in may take long.
    #[tokio::test(start_paused = true)]
    async fn getting_a_token_takes_nothing_of_the_total_time() {
        let tokens = |_: TokenRequest<'_>| async {
            sleep(Duration::from_secs(20)).await;
            Ok(AccessToken::new("a-token")?)
        };
        let policy = RetryPolicy::default().with_max_total_time(Duration::from_secs(25));
        let settings = Settings { tokens: Box::new(tokens), ..settings(policy) };
        let script =
            Script::new(vec![respond(503, &[("Retry-After", "10")], ""), respond(200, &[], "")]);
        let (outcome, record) = upload_with(&script, settings).await;
        assert_eq!((outcome.unwrap().status().as_u16(), record.attempts), (200, 2));
    }

    #[tokio::test(start_paused = true)]
    async fn dropping_an_upload_stops_it_while_it_waits() {
        let script = Script::new(vec![respond(429, &[("Retry-After", "200")], "")]);
        let waiting = upload(&script, RetryPolicy::default());
        assert!(tokio::time::timeout(Duration::from_secs(100), waiting).await.is_err());
        // Any remnant of it would now retry.
        tokio::time::advance(Duration::from_secs(3600)).await;
        tokio::task::yield_now().await;
        assert_eq!(script.asked.borrow().len(), 1);
    }
}
