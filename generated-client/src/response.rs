//! What comes back for a request: success, or an error body in one shape.

use std::time::{Duration, SystemTime};

use http::{HeaderValue, StatusCode, header::LOCATION};
use progenitor_client::OperationInfo;
use reqwest::{Request, Response};
use tokio::time::timeout;

use crate::{
    AccessToken,
    answer::Answer,
    call::Call,
    graph_error::ErrorBody,
    hooks::{Settings, token_of},
    redaction::SentTokens,
};

/// How much of an answer is read that nobody needs.
const DRAINED_BYTES: usize = 64 * 1024;
/// How long that may take.
const DRAINED_TIME: Duration = Duration::from_secs(1);

impl Settings {
    /// Brings the body of an error into the shape that the generated code reads:
    /// of any other shape it would keep neither status nor headers.
    pub(crate) async fn normalise(
        &self,
        mut response: Response,
        request: &Request,
        refused: Option<AccessToken>,
        info: &OperationInfo,
    ) -> Response {
        let followed_redirect = followed_redirect(&mut response, request);
        let status = if followed_redirect { StatusCode::FOUND } else { response.status() };
        let token = token_of(request);
        let diagnosis =
            token.as_ref().and_then(|token| self.diagnose(token, info, SystemTime::now()));
        let sent = SentTokens::new(token.into_iter().chain(refused));
        let body = ErrorBody::read(&mut response, &sent).await;
        // As they came, those that describe the old body included: the caller is
        // to see them, and nothing reads the new body by them.
        let mut headers = std::mem::take(response.headers_mut());
        sent.redact_headers(&mut headers);
        let mut rebuilt = http::Response::new(body.json.to_string());
        *rebuilt.status_mut() = status;
        *rebuilt.version_mut() = response.version();
        *rebuilt.headers_mut() = headers.clone();
        Call::note(|call| {
            call.answer = Some(Box::new(Answer {
                followed_redirect,
                diagnosis: diagnosis.filter(|found| found.may_explain(status)),
                ..Answer::new(status, headers, body.texts)
            }));
        });
        rebuilt.into()
    }
}

/// Whether an HTTP client of the caller's own followed a redirect.
///
/// Its last status then says nothing of the photo, which a `GET` does not carry.
/// Which redirect it was is not known; it is reported as a 302 to where it led. One
/// that led to the same URL cannot be told from an answer.
fn followed_redirect(response: &mut Response, request: &Request) -> bool {
    if response.url() == request.url() {
        return false;
    }
    if let Ok(location) = HeaderValue::try_from(response.url().as_str()) {
        response.headers_mut().insert(LOCATION, location);
    }
    true
}

pub(crate) fn is_success(response: &Response, request: &Request) -> bool {
    response.status().is_success() && response.url() == request.url()
}

/// Reads what is left of an answer, though not for ever: its connection can then
/// serve the next attempt or upload.
pub(crate) async fn drain(response: &mut Response) {
    let read = async {
        let mut rest = DRAINED_BYTES;
        while rest > 0
            && let Ok(Some(chunk)) = response.chunk().await
        {
            rest = rest.saturating_sub(chunk.len());
        }
    };
    // What comes later than that is as good as nothing.
    let _ = timeout(DRAINED_TIME, read).await;
}
