//! Faults: what goes wrong, on demand.

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

/// What goes wrong with one request: the answer in place of Graph's, how much of the request
/// is read before it, and what happens to the connection.
///
/// The README describes its textual form, which `FromStr` reads and `Display` writes. A
/// fault that makes no sense, such as a status of 9, is answered with 400.
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

    /// A status with an HTML page, like a gateway's.
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

    /// An error of which only half arrives: the connection closes before the length in the
    /// head is reached.
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

    /// These bytes, HTTP or not.
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

    /// No answer; the connection stays open until the client closes it.
    pub fn silence() -> Self {
        Self::new().flag("silence")
    }

    /// No answer; the connection is closed in order.
    pub fn close() -> Self {
        Self::new().then_close()
    }

    /// Resets the connection once the head has arrived.
    pub fn reset_before_body() -> Self {
        Self::reset_after_body().before_body()
    }

    /// Resets the connection once the first byte of the body has arrived.
    pub fn reset_during_body() -> Self {
        Self::reset_after_body().in_body(1)
    }

    /// Resets the connection once the request has arrived, without carrying it out.
    pub fn reset_after_body() -> Self {
        Self::new().flag("reset")
    }

    /// Carries out the request, then resets the connection instead of answering: the client
    /// can't know that its photo was stored.
    pub fn answer_lost() -> Self {
        Self::new().flag("answer-lost")
    }

    /// Graph's answer, but later.
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

    /// Acts once the head has arrived; without effect on Graph's own answer.
    pub fn before_body(self) -> Self {
        self.flag("before-body")
    }

    /// Acts once so many bytes of the body have arrived, or all of a chunked one; without
    /// effect on Graph's own answer.
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
