//! What comes back for a request: success, or an error body in one shape.

use std::time::{Duration, SystemTime};

use http::{
    HeaderMap, HeaderValue, StatusCode,
    header::{LOCATION, WWW_AUTHENTICATE},
};
use progenitor_client::OperationInfo;
use reqwest::{Request, Response};
use tokio::time::timeout;

use crate::{
    Diagnosis, Operation,
    claims::Claims,
    diagnosis::Reason,
    transport::call::Call,
    transport::error_response::Answer,
    transport::graph_error::{self, ErrorBody, Texts},
    transport::hooks::{Settings, Tries, token_of},
    transport::known_errors as hint,
    transport::redaction::SentTokens,
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
        tries: Tries,
        info: &OperationInfo,
    ) -> Response {
        let followed_redirect = followed_redirect(&mut response, request);
        let status = if followed_redirect { StatusCode::FOUND } else { response.status() };
        let sent = SentTokens::new(request, tries.refused.as_ref());
        let body = match tries.body {
            Some(body) => body,
            None => graph_error::read(&mut response).await,
        };
        let body = ErrorBody::parse(&body, &sent);
        // As they came, those that describe the old body included: the caller is
        // to see them, and nothing reads the new body by them.
        let mut headers = std::mem::take(response.headers_mut());
        sent.redact_headers(&mut headers);
        let mut rebuilt = http::Response::new(body.json.to_string());
        *rebuilt.status_mut() = status;
        *rebuilt.version_mut() = response.version();
        *rebuilt.headers_mut() = headers.clone();
        Call::note(|call| {
            let answer = Answer::new(status, headers, body.texts);
            let diagnosis = self.explain(&answer, request, info);
            call.answer = Some(Box::new(Answer { followed_redirect, diagnosis, ..answer }));
        });
        rebuilt.into()
    }

    /// What the claims of the token that was sent explain of a refusal.
    fn explain(
        &self,
        answer: &Answer,
        request: &Request,
        info: &OperationInfo,
    ) -> Option<Diagnosis> {
        let claims = Claims::of(&token_of(request)?)?;
        let operation = Operation::of_function(info.operation_id)?;
        let reason = Reason {
            status: answer.status,
            words: &words(&answer.headers, &answer.texts),
            has_known_code: answer.texts.codes().any(hint::is_known_code),
        };
        Diagnosis::of_refusal(&reason, &claims, operation, &self.audience, SystemTime::now())
    }
}

/// What a refusal says in words, in its body and as RFC 6750 (section 3) has it in a
/// header.
fn words(headers: &HeaderMap, texts: &Texts) -> String {
    let challenges =
        headers.get_all(WWW_AUTHENTICATE).iter().filter_map(|value| value.to_str().ok());
    let described = challenges.filter_map(|challenge| {
        let (_, description) = challenge.split_once("error_description=")?;
        // As far as its quotes reach.
        description.split('"').find(|text| !text.is_empty())
    });
    texts.codes().chain(texts.messages()).chain(described).collect::<Vec<_>>().join("\n")
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
    // What comes later than that is not waited for.
    let _ = timeout(DRAINED_TIME, read).await;
}
