//! What the emulator remembers of a request, and what it made of it.

use std::{
    borrow::Cow,
    fmt,
    time::{Duration, SystemTime},
};

use bytes::Bytes;
use graph_photo_codegen::api::Permission;

use crate::{
    http::head::{self, Head},
    redaction::{redact, redact_query, visible},
};

/// A request, as far as it was read, and what became of it.
///
/// `Debug` prints neither credentials, nor values of the query, nor the body.
#[derive(Clone)]
#[non_exhaustive]
pub struct RecordedRequest {
    /// Its number, counted from 1.
    pub number: u64,
    /// The number of its connection, counted from 1.
    pub connection: u64,
    /// When its head had been read, by the emulator's clock.
    pub time: SystemTime,
    /// From then until the answer was ready: mostly the time that the body took.
    pub duration: Duration,
    /// The HTTP method; empty if the head couldn't be read.
    pub method: String,
    /// The request target as it was sent: path, query and all.
    pub target: String,
    /// The headers, in the order and spelling in which they were sent;
    /// duplicates are kept.
    pub headers: Vec<(String, String)>,
    /// The bytes of request line and headers, with the empty line that ends them.
    pub head: Bytes,
    /// The body, without framing; of one that is too large, as much as the API accepts.
    pub body: Bytes,
    /// The size on the wire of what was read, in bytes: request line, headers and body,
    /// with all framing.
    pub wire_bytes: u64,
    /// The HTTP status of the answer; `None` if none was sent.
    pub status: Option<u16>,
    /// The error code of the answer, such as `ErrorAccessDenied`.
    pub code: Option<String>,
    /// The permission that allowed the request; its content may have been
    /// refused all the same.
    pub permission: Option<Permission>,
    /// The `request-id` of the answer.
    pub request_id: String,
    /// What it was judged to be.
    pub outcome: Outcome,
    /// Why, in words.
    pub why: String,
    /// How much of an earlier `Retry-After` for the same target, mailbox or app was still
    /// to be waited for.
    pub early: Option<Duration>,
}

/// What a request was judged to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Outcome {
    /// A photo was stored.
    Stored,
    /// A photo, or what is known of it, was handed out.
    Read,
    /// Graph would refuse it.
    Refused,
    /// A limit was reached.
    Throttled,
    /// A fault was played.
    Fault,
    /// The client broke off before all of the body was sent.
    Broken,
}

impl Outcome {
    /// All of them, in the order in which the page offers them.
    pub(crate) const ALL: [Self; 6] =
        [Self::Stored, Self::Read, Self::Refused, Self::Throttled, Self::Fault, Self::Broken];

    /// The outcome that `Display` writes like this.
    pub(crate) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|outcome| outcome.to_string() == name)
    }
}

/// `stored`, `read`, `refused`, ...
impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Stored => "stored",
            Self::Read => "read",
            Self::Refused => "refused",
            Self::Throttled => "throttled",
            Self::Fault => "fault",
            Self::Broken => "broken",
        })
    }
}

/// Called with each request when it has been judged.
pub(crate) type OnRequest = Box<dyn Fn(&RecordedRequest) + Send + Sync>;

impl RecordedRequest {
    /// A request of which the head was read.
    pub(crate) fn new(number: u64, connection: u64, time: SystemTime, head: &Head) -> Self {
        Self {
            number,
            connection,
            time,
            duration: Duration::ZERO,
            method: head.method.clone(),
            target: head.target.clone(),
            headers: head.headers.clone(),
            head: head.raw.clone(),
            body: Bytes::new(),
            wire_bytes: head.raw.len() as u64,
            status: None,
            code: None,
            permission: None,
            // A GUID in form, counted up.
            request_id: format!("00000000-0000-4000-8000-{number:012x}"),
            outcome: Outcome::Broken,
            why: String::new(),
            early: None,
        }
    }

    /// The values of a header, in the order in which they were sent.
    #[must_use]
    pub fn header(&self, name: &str) -> Vec<&str> {
        head::values(&self.headers, name)
    }

    /// The request line, without its line break.
    #[must_use]
    pub fn request_line(&self) -> String {
        let line = self.head.split(|byte| *byte == b'\r').next().unwrap_or_default();
        String::from_utf8_lossy(line).into_owned()
    }

    /// Whether the client came back before an earlier `Retry-After` was over.
    #[must_use]
    pub fn is_early(&self) -> bool {
        self.early.is_some()
    }

    /// Its target as it may be shown.
    pub(crate) fn redacted_target(&self) -> Cow<'_, str> {
        redact_query(&self.target)
    }

    /// Its headers as they may be shown: without the access token.
    pub(crate) fn redacted_headers(&self) -> Vec<(&str, &str)> {
        let headers = self.headers.iter();
        headers.map(|(name, value)| (name.as_str(), redact(name, value))).collect()
    }
}

/// A line for a log: time, status, error code, method, target, outcome and why. Without
/// the access token and values of the query, and with invisible characters escaped.
impl fmt::Display for RecordedRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let time = humantime::format_rfc3339_millis(self.time).to_string();
        let status = self.status.map_or_else(|| "---".to_owned(), |status| status.to_string());
        let code = self.code.as_deref().map_or_else(|| "-".to_owned(), visible);
        let (target, why) = (visible(&self.redacted_target()), visible(&self.why));
        let Self { method, outcome, .. } = self;
        write!(f, "{time} {status} {code} {method} {target} {outcome}: {why}")?;
        match self.early {
            Some(early) => write!(f, "; {:.1} s before Retry-After was over", early.as_secs_f64()),
            None => Ok(()),
        }
    }
}

impl fmt::Debug for RecordedRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RecordedRequest")
            .field("number", &self.number)
            .field("summary", &format_args!("{self}"))
            .field("headers", &self.redacted_headers())
            .field("body", &format_args!("{} bytes", self.body.len()))
            .finish_non_exhaustive()
    }
}
