//! Ways in which a server fails.

pub(crate) mod items;
pub(crate) mod plan;
pub(crate) mod queue;
pub(crate) mod response;
pub(crate) mod rule;

use std::{fmt, str::FromStr, time::Duration};

use bytes::Bytes;

use self::{
    items::{FaultError, Items},
    plan::Plan,
};
use crate::judge::refusal::whole_seconds;

/// What goes wrong with one request: what is answered instead of what Graph would say, how
/// much of the request is read before that, and what becomes of the connection.
///
/// It is what its textual form says, which the README describes; `FromStr` reads and
/// `Display` writes that. What can't be meant, such as a status of 9, is answered with 400.
///
/// ```
/// use std::time::Duration;
///
/// use graph_photo_emulator::Fault;
///
/// let throttled = Fault::status(429).retry_after(Duration::from_secs(2));
/// assert_eq!(throttled, "status=429;retry-after=2".parse()?);
/// # Ok::<(), graph_photo_emulator::FaultError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub struct Fault {
    items: Items,
}

impl Fault {
    /// An error in Graph's envelope, with a code that goes with the status; a status below
    /// 400 has no body.
    pub fn status(status: u16) -> Self {
        Self::new().with("status", status)
    }

    /// A status with an HTML page, as gateways answer.
    pub fn html(status: u16) -> Self {
        Self::new().with("html", status)
    }

    /// A status without a body.
    pub fn empty(status: u16) -> Self {
        Self::new().with("empty", status)
    }

    /// An `UnknownError` whose message is JSON of its own.
    pub fn json_in_json(status: u16) -> Self {
        Self::new().with("json-in-json", status)
    }

    /// An error of which only half arrives: the connection closes before the promised length.
    pub fn truncated(status: u16) -> Self {
        Self::new().with("truncated", status)
    }

    /// An answer whose body ends only when the client closes the connection.
    pub fn endless(status: u16) -> Self {
        Self::new().with("endless", status)
    }

    /// 307 to a URL, which may be on another host.
    pub fn redirect(url: impl Into<String>) -> Self {
        Self::new().with("redirect", url.into())
    }

    /// 401, as for a token that has expired.
    pub fn expired_token() -> Self {
        Self::new().flag("expired-token")
    }

    /// Bytes that are sent as they are, HTTP or not.
    pub fn raw(bytes: impl Into<Bytes>) -> Self {
        Self::new().with_bytes("raw", bytes)
    }

    /// The bytes of a complete response with a `Content-Length` and no other header than
    /// these, for [`raw`](Self::raw).
    ///
    /// ```
    /// use graph_photo_emulator::Fault;
    ///
    /// let throttled = Fault::response(429, &[("Retry-After", "2")], "");
    /// let bytes = "HTTP/1.1 429 Emulated\r\nRetry-After: 2\r\nContent-Length: 0\r\n\r\n";
    /// assert_eq!(throttled, bytes);
    /// let half = Fault::raw(throttled.slice(..12)).then_close();
    /// ```
    #[must_use]
    pub fn response(status: u16, headers: &[(&str, &str)], body: impl AsRef<[u8]>) -> Bytes {
        let headers = headers.iter().map(|(name, value)| format!("{name}: {value}\r\n"));
        let (headers, body) = (headers.collect::<String>(), body.as_ref());
        let length = body.len();
        let head =
            format!("HTTP/1.1 {status} Emulated\r\n{headers}Content-Length: {length}\r\n\r\n");
        [head.as_bytes(), body].concat().into()
    }

    /// No answer; the connection stays open until the client has had enough.
    pub fn silence() -> Self {
        Self::new().flag("silence")
    }

    /// No answer; the connection is closed in order.
    pub fn close() -> Self {
        Self::new().then_close()
    }

    /// The connection is reset when the head is here.
    pub fn reset_before_body() -> Self {
        Self::reset_after_body().before_body()
    }

    /// The connection is reset when the first byte of the body is here.
    pub fn reset_during_body() -> Self {
        Self::reset_after_body().in_body(1)
    }

    /// The connection is reset when the request is here; it isn't carried out.
    pub fn reset_after_body() -> Self {
        Self::new().flag("reset")
    }

    /// The request is carried out, and the connection reset instead of an answer: the client
    /// can't know that its photo was stored.
    pub fn answer_lost() -> Self {
        Self::new().flag("answer-lost")
    }

    /// The answer that Graph would give, but later.
    pub fn delay(delay: Duration) -> Self {
        Self::new().delayed(delay)
    }

    /// Adds `Retry-After`, in whole seconds.
    pub fn retry_after(self, wait: Duration) -> Self {
        self.with("retry-after", whole_seconds(wait))
    }

    /// Sets the error code.
    pub fn code(self, code: impl Into<String>) -> Self {
        self.with("code", code.into())
    }

    /// Sets the error message.
    pub fn message(self, message: impl Into<String>) -> Self {
        self.with("message", message.into())
    }

    /// Sets the body of the answer, instead of an error in Graph's envelope.
    pub fn body(self, body: impl Into<Bytes>) -> Self {
        self.with_bytes("body", body)
    }

    /// Adds a header to the answer.
    pub fn header(self, name: &str, value: &str) -> Self {
        self.with("header", format!("{name}: {value}"))
    }

    /// Waits before the answer.
    pub fn delayed(self, delay: Duration) -> Self {
        self.with("delay", humantime::format_duration(delay))
    }

    /// Sends the answer in pieces of so many bytes, with a pause in between.
    pub fn slowly(self, piece: usize, pause: Duration) -> Self {
        self.with("slowly", format!("{piece}/{}", humantime::format_duration(pause)))
    }

    /// Acts as soon as the head is here; without effect on what Graph would say.
    pub fn before_body(self) -> Self {
        self.flag("before-body")
    }

    /// Acts when so many bytes of the body are here, or all of a chunked one; without effect
    /// on what Graph would say.
    pub fn in_body(self, bytes: u64) -> Self {
        self.with("in-body", bytes)
    }

    /// Closes the connection after the answer.
    pub fn then_close(self) -> Self {
        self.flag("close")
    }

    /// What it does.
    pub(crate) fn plan(&self) -> Result<Plan, FaultError> {
        Plan::new(&self.items)
    }

    fn new() -> Self {
        Self { items: Items::default() }
    }

    fn flag(self, key: &str) -> Self {
        Self { items: self.items.with(key, None) }
    }

    fn with(self, key: &str, value: impl fmt::Display) -> Self {
        self.with_bytes(key, value.to_string())
    }

    fn with_bytes(self, key: &str, value: impl Into<Bytes>) -> Self {
        Self { items: self.items.with(key, Some(value.into().into())) }
    }
}

/// `status=429;retry-after=1`
impl FromStr for Fault {
    type Err = FaultError;

    fn from_str(text: &str) -> Result<Self, FaultError> {
        Self::try_from(text.parse::<Items>()?)
    }
}

impl TryFrom<Items> for Fault {
    type Error = FaultError;

    fn try_from(items: Items) -> Result<Self, FaultError> {
        Plan::new(&items)?;
        Ok(Self { items })
    }
}

/// As `FromStr` reads it.
impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.items.fmt(f)
    }
}
