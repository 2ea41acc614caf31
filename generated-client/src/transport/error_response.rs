//! Responses other than success.

use std::{
    fmt,
    time::{Duration, SystemTime},
};

use http::{
    HeaderMap, HeaderName, HeaderValue, StatusCode,
    header::{LOCATION, WWW_AUTHENTICATE},
};
use reqwest::{Response, Url};

use crate::{
    auth::{
        claims::Claims,
        diagnosis::{Audience, Diagnosis, Reason},
        token::AccessToken,
    },
    display::shown,
    generated::operation::Operation,
    transport::{
        authorization::NotSent, graph_error::GraphError, known_errors, redaction::SentTokens,
        response_body, retry,
    },
};

pub(super) const REQUEST_ID: HeaderName = HeaderName::from_static("request-id");

/// The code of an error that says nothing beside those inside it.
const UNKNOWN: &str = "UnknownError";

/// How much of Graph's message is shown, in characters.
const SHOWN_OF_MESSAGE: usize = 300;

/// How much is shown of a body other than Graph's JSON: enough to recognise a gateway.
const SHOWN_OF_BODY: usize = 80;

/// A response other than success, without the tokens that it echoes.
#[derive(Debug)]
pub(crate) struct ErrorResponse {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) error: GraphError,
    /// Whether the caller's own HTTP client followed a redirect.
    followed_redirect: bool,
    pub(crate) request_id: Option<String>,
    pub(crate) retry_after: Option<Duration>,
    /// What in the token's claims explains it.
    pub(crate) diagnosis: Option<Diagnosis>,
    /// Why the upload was not repeated with another token after a 401.
    pub(crate) renewal: Option<NotSent>,
}

impl ErrorResponse {
    /// Reads the response to a request for `url`, and as much of its body as arrives in
    /// `time`.
    ///
    /// After an HTTP client has followed a redirect, the status says nothing about the photo,
    /// which a `GET` does not carry. Which redirect it was is unknown; this reports a 302 to
    /// the final URL.
    pub(super) async fn read(
        mut response: Response,
        url: &Url,
        sent: &SentTokens,
        time: Duration,
    ) -> Self {
        let (mut status, mut headers) = (response.status(), std::mem::take(response.headers_mut()));
        let followed_redirect = response.url() != url;
        if followed_redirect && let Ok(url) = HeaderValue::try_from(response.url().as_str()) {
            status = StatusCode::FOUND;
            headers.insert(LOCATION, url);
        }
        let body = response_body::read(&mut response, time).await;
        Self { followed_redirect, ..Self::new(status, headers, &body, sent) }
    }

    /// A response of these parts, without the tokens that it echoes.
    pub(super) fn new(
        status: StatusCode,
        mut headers: HeaderMap,
        body: &[u8],
        sent: &SentTokens,
    ) -> Self {
        sent.redact_headers(&mut headers);
        let error = GraphError::parse(body, sent);
        Self {
            status,
            request_id: request_id(&headers).or_else(|| error.request_id().map(str::to_owned)),
            retry_after: retry::retry_after(&headers, SystemTime::now()),
            headers,
            error,
            followed_redirect: false,
            diagnosis: None,
            renewal: None,
        }
    }

    pub(super) fn is_retried(&self) -> bool {
        retry::is_transient(self.status) || known_errors::is_transient(self.status, &self.error)
    }

    pub(crate) fn is_retryable(&self) -> bool {
        self.is_retried() || known_errors::may_be_transient(self.status, &self.error)
    }

    /// Looks for an explanation in the claims of the token that was sent.
    pub(super) fn explain(&mut self, token: &AccessToken, operation: Operation, to: &Audience) {
        let reason = Reason {
            status: self.status,
            words: &self.words(),
            has_known_code: self.error.codes().any(known_errors::is_known_code),
        };
        let now = SystemTime::now();
        self.diagnosis = Claims::of(token)
            .and_then(|claims| Diagnosis::of_refusal(&reason, &claims, operation, to, now));
    }

    /// What usually helps, unless the token explains it.
    pub(crate) fn hint(&self) -> Option<&'static str> {
        let is_explained = self.diagnosis.as_ref().is_some_and(Diagnosis::is_certain);
        if is_explained { None } else { known_errors::hint(self.status, &self.error) }
    }

    /// All that the response says: in its body, and in the header of RFC 6750, section 3.
    fn words(&self) -> String {
        let challenges = self.headers.get_all(WWW_AUTHENTICATE).iter();
        let described = challenges.filter_map(|challenge| {
            let (_, description) = challenge.to_str().ok()?.split_once("error_description=")?;
            // Up to its closing quote.
            description.split('"').find(|text| !text.is_empty())
        });
        let said = self.error.codes().chain(self.error.messages()).chain(self.error.excerpt());
        said.chain(described).collect::<Vec<_>>().join("\n")
    }

    /// The status and its standard phrase, such as `404 Not Found`.
    pub(super) fn status_text(&self) -> String {
        // `Display` makes up a phrase for an unknown status.
        let words = self.status.canonical_reason().map(|words| format!(" {words}"));
        format!("{}{}", self.status.as_u16(), words.unwrap_or_default())
    }

    /// The codes in parentheses, the outermost first.
    fn codes_text(&self) -> String {
        let mut codes: Vec<&str> = self.error.codes().collect();
        codes.dedup();
        if codes.len() > 1 {
            codes.retain(|code| *code != UNKNOWN);
        }
        codes.reverse();
        let codes = shown(&codes.join(", "), SHOWN_OF_MESSAGE);
        if codes.is_empty() { codes } else { format!(" ({codes})") }
    }

    fn redirect_text(&self) -> Option<String> {
        let location = self.headers.get(LOCATION).filter(|_| self.status.is_redirection())?;
        let location = shown(&String::from_utf8_lossy(location.as_bytes()), SHOWN_OF_MESSAGE);
        let consequence = if self.followed_redirect {
            "the HTTP client given to the builder followed; whether the photo was stored is not \
             known"
        } else {
            "is not followed"
        };
        Some(format!(", a redirect to `{location}`, which {consequence}"))
    }

    fn message_text(&self) -> String {
        if let Some(message) = self.error.message() {
            let message = message.trim().trim_end_matches('.');
            return format!(": {}", shown(message, SHOWN_OF_MESSAGE));
        }
        let words: Vec<&str> =
            self.error.excerpt().unwrap_or_default().split_whitespace().collect();
        match shown(&words.join(" "), SHOWN_OF_BODY).as_str() {
            // A redirect needs no body.
            "" if self.status.is_redirection() || self.error.is_json() => String::new(),
            "" => " with an empty body".to_owned(),
            text => format!(" with a body that is not Graph's JSON: `{text}`"),
        }
    }
}

impl fmt::Display for ErrorResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Graph answered {}{}", self.status_text(), self.codes_text())?;
        write!(f, "{}{}", self.redirect_text().unwrap_or_default(), self.message_text())?;
        if let Some(wait) = self.retry_after {
            write!(f, "; it asks to wait {} s", wait.as_secs_f64().ceil())?;
        }
        if let Some(diagnosis) = &self.diagnosis {
            write!(f, "; {diagnosis}")?;
        }
        match &self.renewal {
            Some(not_sent) => write!(f, "; not repeated with another token: {not_sent}"),
            None => Ok(()),
        }
    }
}

pub(super) fn request_id(headers: &HeaderMap) -> Option<String> {
    let id = headers.get(REQUEST_ID)?.to_str().ok()?;
    (!id.is_empty()).then(|| id.to_owned())
}
