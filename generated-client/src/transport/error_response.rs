//! What Graph answered, if not with success.

use std::{
    fmt,
    time::{Duration, SystemTime},
};

use http::{HeaderMap, HeaderName, StatusCode, header::LOCATION};

use crate::{
    Diagnosis,
    display::{Printable, shortened},
    transport::call::Refusal,
    transport::graph_error::Texts,
    transport::retry,
};

/// The header with Graph's id of a request.
pub(crate) const REQUEST_ID: HeaderName = HeaderName::from_static("request-id");

/// The code of an error that has another one inside it: that one is to be told.
const UNKNOWN: &str = "UnknownError";

/// How much of Graph's own words a message repeats, in characters. All of them
/// are in the error's data.
const SHOWN_OF_MESSAGE: usize = 300;

/// How much of a body that was not Graph's JSON: enough to recognise a gateway by.
const SHOWN_OF_BODY: usize = 80;

/// An answer other than success.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) texts: Texts,
    /// Whether an HTTP client of the caller's own followed a redirect.
    pub(crate) followed_redirect: bool,
    pub(crate) request_id: Option<String>,
    pub(crate) retry_after: Option<Duration>,
    /// What the token's claims say of it.
    pub(crate) diagnosis: Option<Diagnosis>,
    /// Why, after a 401, the upload was not repeated with another token.
    pub(crate) renewal: Option<Refusal>,
}

impl Answer {
    pub(crate) fn new(status: StatusCode, headers: HeaderMap, mut texts: Texts) -> Self {
        Self {
            status,
            request_id: request_id(&headers).or_else(|| texts.request_id.take()),
            retry_after: retry::retry_after(&headers, SystemTime::now()),
            headers,
            texts,
            followed_redirect: false,
            diagnosis: None,
            renewal: None,
        }
    }

    fn fmt_status(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Graph answered {}", self.status.as_u16())?;
        if let Some(reason) = self.status.canonical_reason() {
            write!(f, " {reason}")?;
        }
        let mut codes: Vec<&str> = self.texts.codes().collect();
        codes.dedup();
        if codes.len() > 1 {
            codes.retain(|code| *code != UNKNOWN);
        }
        codes.reverse();
        if codes.is_empty() {
            return Ok(());
        }
        write!(f, " ({})", Printable(&shortened(&codes.join(", "), SHOWN_OF_MESSAGE)))
    }

    fn fmt_redirect(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let location = self.headers.get(LOCATION).filter(|_| self.status.is_redirection());
        let Some(location) = location else {
            return Ok(());
        };
        let location = String::from_utf8_lossy(location.as_bytes());
        write!(
            f,
            ", a redirect to `{}`, which ",
            Printable(&shortened(&location, SHOWN_OF_MESSAGE))
        )?;
        f.write_str(if self.followed_redirect {
            "the HTTP client given to the builder followed; whether the photo was stored is not \
             known"
        } else {
            "is not followed"
        })
    }

    fn fmt_foreign_body(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words: Vec<&str> = self.texts.message.split_whitespace().collect();
        match words.join(" ").as_str() {
            // Of a redirect, nothing else was to be expected.
            "" if self.status.is_redirection() => Ok(()),
            "" => f.write_str(" with an empty body"),
            text => {
                let shown = shortened(text, SHOWN_OF_BODY);
                write!(f, " with a body that is not Graph's JSON: `{}`", Printable(&shown))
            }
        }
    }
}

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.fmt_status(f)?;
        self.fmt_redirect(f)?;
        if !self.texts.is_json {
            self.fmt_foreign_body(f)?;
        } else if !self.texts.message.is_empty() {
            let message = self.texts.message.trim().trim_end_matches('.');
            write!(f, ": {}", Printable(&shortened(message, SHOWN_OF_MESSAGE)))?;
        }
        if let Some(wait) = self.retry_after {
            write!(f, "; it asks to wait {} s", wait.as_secs_f64().ceil())?;
        }
        if let Some(diagnosis) = &self.diagnosis {
            write!(f, "; {diagnosis}")?;
        }
        if let Some(refusal) = &self.renewal {
            write!(f, "; not repeated with another token: {refusal}")?;
        }
        Ok(())
    }
}

/// Graph's id of a request.
pub(crate) fn request_id(headers: &HeaderMap) -> Option<String> {
    let id = headers.get(REQUEST_ID)?.to_str().ok()?;
    (!id.is_empty()).then(|| id.to_owned())
}
