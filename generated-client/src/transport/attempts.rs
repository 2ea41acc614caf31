//! The attempts of one upload: the first, and those with another token or after a wait.

use std::time::Duration;

use http::{StatusCode, header::AUTHORIZATION};
use reqwest::{Request, Response};
use tokio::time::{Instant, sleep};
use tracing::{Instrument as _, debug, info_span, warn};

use crate::{
    auth::AccessToken,
    display::error_chain,
    generated::operation::Operation,
    transport::{
        authorization::token_of,
        cold::cold,
        connection,
        error_response::{ErrorResponse, REQUEST_ID, request_id},
        outcome::{Failure, Record},
        redaction::SentTokens,
        response_body,
        settings::Settings,
    },
};

/// How long the body of a success is waited for, which nobody needs.
const BODY_TIME: Duration = Duration::from_secs(1);

/// The attempts of one upload.
pub(super) struct Attempts<'s> {
    settings: &'s Settings,
    operation: Operation,
    started: Instant,
    retries: u32,
    /// The token that Graph refused; one upload gets one other.
    refused: Option<AccessToken>,
    pub(super) record: Record,
}

impl<'s> Attempts<'s> {
    pub(super) fn new(settings: &'s Settings, operation: Operation) -> Self {
        let (started, record) = (Instant::now(), Record::default());
        Self { settings, operation, started, retries: 0, refused: None, record }
    }

    /// Sends a request, by `execute`, as often as it takes and may be.
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
        loop {
            let copy = request.try_clone().expect("a photo is in memory, and so can be cloned");
            self.record.attempts += 1;
            let span = info_span!("attempt", number = self.record.attempts);
            let result = execute(copy).instrument(span.clone()).await;
            // The URL names a person, which a log of failures need not.
            let mut result = result.map_err(reqwest::Error::without_url);
            if let Ok(response) = &mut result {
                self.redact_id(response, &request);
            }
            span.in_scope(|| log(&result));
            match result {
                Ok(mut response) if is_success(&response, &request) => {
                    if response.content_length() != Some(0) {
                        cold(|| response_body::read(&mut response, BODY_TIME)).await;
                    }
                    return Ok(response);
                }
                result => cold(|| self.try_again(&mut request, result)).await?,
            }
        }
    }

    /// Prepares another attempt: with another token at once, or after a wait. The failure
    /// of the last one if there is no other.
    async fn try_again(
        &mut self,
        request: &mut Request,
        result: reqwest::Result<Response>,
    ) -> Result<(), Failure> {
        let failure = match result {
            Err(error) => Failure::Connection(error),
            Ok(response) => {
                let sent = SentTokens::new(request, self.refused.as_ref());
                let response = ErrorResponse::read(response, request.url(), &sent).await;
                let mut response = Box::new(response);
                if let Some(token) = token_of(request) {
                    response.explain(&token, self.operation, &self.settings.audience);
                }
                if response.status == StatusCode::UNAUTHORIZED && self.refused.is_none() {
                    match self.renew_token(request, &mut response).await {
                        true => return Ok(()),
                        false => return Err(Failure::Response(response)),
                    }
                }
                Failure::Response(response)
            }
        };
        let Some(delay) = self.delay(&failure) else { return Err(failure) };
        sleep(delay).await;
        self.retries += 1;
        self.record.total_wait += delay;
        Ok(())
    }

    /// Puts another token into a request whose token Graph refused; `false` if there is
    /// none that can be sent.
    async fn renew_token(&mut self, request: &mut Request, response: &mut ErrorResponse) -> bool {
        debug!("Graph refused the token; requesting another one");
        self.refused = token_of(request);
        request.headers_mut().remove(AUTHORIZATION);
        let authorized = self.settings.authorize(request, self.operation, true).await;
        if let Err(reason) = &authorized {
            warn!(reason = error_chain(reason), "not trying again with another token");
        }
        response.renewal = authorized.err();
        response.renewal.is_none()
    }

    /// How long to wait before the next attempt; `None` if there is none.
    fn delay(&self, failure: &Failure) -> Option<Duration> {
        let (retry_after, reason) = match failure {
            Failure::Response(response) if response.is_tried_again() => {
                (response.retry_after, response.status_text())
            }
            Failure::Connection(error) if connection::is_tried_again(error) => {
                (None, error_chain(error))
            }
            _ => return None,
        };
        let retries = self.retries;
        let delay = self.settings.retry.next_delay(retries, self.started.elapsed(), retry_after);
        match delay {
            Some(delay) => {
                let (retries, delay_ms) = (retries + 1, delay.as_millis());
                warn!(retries, delay_ms, reason, "trying again");
            }
            None if self.settings.retry.max_retries > 0 => {
                warn!(retries, ?retry_after, reason, "giving up");
            }
            None => {}
        }
        delay
    }

    /// Keeps the tokens that were sent out of the id of the request: of a success, nothing
    /// else is kept.
    fn redact_id(&self, response: &mut Response, request: &Request) {
        if let Some(id) = response.headers_mut().get_mut(REQUEST_ID) {
            SentTokens::new(request, self.refused.as_ref()).redact_header(id);
        }
    }
}

fn is_success(response: &Response, request: &Request) -> bool {
    response.status().is_success() && response.url() == request.url()
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
