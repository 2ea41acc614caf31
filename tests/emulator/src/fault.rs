//! Ways in which a server fails.

pub(crate) mod effect;
pub(crate) mod grammar;
pub(crate) mod queue;
pub(crate) mod rule;

use std::time::Duration;

use bytes::Bytes;

/// What goes wrong with one request: what is answered instead of what Graph would say, how
/// much of the request is read before that, and what becomes of the connection.
///
/// Has a textual form as well, which the README describes; `FromStr` reads and `Display`
/// writes it.
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
    pub(crate) answer: Answer,
    pub(crate) code: Option<String>,
    pub(crate) message: Option<String>,
    pub(crate) body: Option<Bytes>,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) retry_after: Option<Duration>,
    pub(crate) delay: Duration,
    pub(crate) pace: Option<(usize, Duration)>,
    pub(crate) read: Read,
    pub(crate) then: Then,
}

/// What is answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Answer {
    /// What Graph would say.
    Honest,
    /// Nothing, though the request is carried out.
    Lost,
    /// Nothing.
    Nothing,
    /// An error in Graph's envelope; with a status below 400, no body.
    Status(u16),
    /// A gateway's page.
    Html(u16),
    /// No body.
    Empty(u16),
    /// An error whose message is JSON of its own.
    JsonInJson(u16),
    /// Half of the body that the length promises; then the connection is closed.
    Truncated(u16),
    /// A body that never ends.
    Endless(u16),
    /// 307 to another place.
    Redirect(String),
    /// 401, as for a token that has expired.
    ExpiredToken,
    /// These bytes, HTTP or not.
    Raw(Bytes),
}

/// How much of a request is read before it is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Read {
    All,
    /// The head and this many bytes of the body.
    Body(u64),
}

/// What becomes of the connection after the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Then {
    /// What is left of the request is read, and the next one awaited.
    Keep,
    Close,
    Reset,
    /// It stays open, and nothing more is sent.
    Silence,
}

impl Fault {
    /// An error in Graph's envelope, with a code that goes with the status; a status below
    /// 400 has no body.
    pub fn status(status: u16) -> Self {
        Self::new(Answer::Status(status), Then::Keep)
    }

    /// A status with an HTML page, as gateways answer.
    pub fn html(status: u16) -> Self {
        Self::new(Answer::Html(status), Then::Keep)
    }

    /// A status without a body.
    pub fn empty(status: u16) -> Self {
        Self::new(Answer::Empty(status), Then::Keep)
    }

    /// An `UnknownError` whose message is JSON of its own.
    pub fn json_in_json(status: u16) -> Self {
        Self::new(Answer::JsonInJson(status), Then::Keep)
    }

    /// An error of which only half arrives: the connection closes before the promised length.
    pub fn truncated(status: u16) -> Self {
        Self::new(Answer::Truncated(status), Then::Close)
    }

    /// An answer whose body ends only when the client closes the connection.
    pub fn endless(status: u16) -> Self {
        Self::new(Answer::Endless(status), Then::Close)
    }

    /// 307 to a URL, which may be on another host.
    pub fn redirect(url: impl Into<String>) -> Self {
        Self::new(Answer::Redirect(url.into()), Then::Keep)
    }

    /// 401, as for a token that has expired.
    pub fn expired_token() -> Self {
        Self::new(Answer::ExpiredToken, Then::Keep)
    }

    /// Bytes that are sent as they are, HTTP or not.
    pub fn raw(bytes: impl Into<Bytes>) -> Self {
        Self::new(Answer::Raw(bytes.into()), Then::Keep)
    }

    /// No answer; the connection stays open until the client has had enough.
    pub fn silence() -> Self {
        Self::new(Answer::Nothing, Then::Silence)
    }

    /// No answer; the connection is closed in order.
    pub fn close() -> Self {
        Self::new(Answer::Nothing, Then::Close)
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
        Self::new(Answer::Nothing, Then::Reset)
    }

    /// The request is carried out, and the connection reset instead of an answer: the client
    /// can't know that its photo was stored.
    pub fn answer_lost() -> Self {
        Self::new(Answer::Lost, Then::Reset)
    }

    /// The answer that Graph would give, but later.
    pub fn delay(delay: Duration) -> Self {
        Self::new(Answer::Honest, Then::Keep).delayed(delay)
    }

    /// Adds `Retry-After`, in whole seconds.
    pub fn retry_after(self, wait: Duration) -> Self {
        Self { retry_after: Some(wait), ..self }
    }

    /// Sets the error code.
    pub fn code(self, code: impl Into<String>) -> Self {
        Self { code: Some(code.into()), ..self }
    }

    /// Sets the error message.
    pub fn message(self, message: impl Into<String>) -> Self {
        Self { message: Some(message.into()), ..self }
    }

    /// Sets the body of the answer, instead of an error in Graph's envelope.
    pub fn body(self, body: impl Into<Bytes>) -> Self {
        Self { body: Some(body.into()), ..self }
    }

    /// Adds a header to the answer.
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// Waits before the answer.
    pub fn delayed(self, delay: Duration) -> Self {
        Self { delay, ..self }
    }

    /// Sends the answer in pieces of so many bytes, with a pause in between.
    pub fn slowly(self, piece: usize, pause: Duration) -> Self {
        Self { pace: Some((piece.max(1), pause)), ..self }
    }

    /// Acts as soon as the head is here; without effect on what Graph would say.
    pub fn before_body(self) -> Self {
        self.in_body(0)
    }

    /// Acts when so many bytes of the body are here, or all of a chunked one; without effect
    /// on what Graph would say.
    pub fn in_body(self, bytes: u64) -> Self {
        Self { read: Read::Body(bytes), ..self }
    }

    /// Closes the connection after the answer.
    pub fn then_close(self) -> Self {
        Self { then: Then::Close, ..self }
    }

    /// Whether what Graph would do is done.
    pub(crate) fn is_carried_out(&self) -> bool {
        matches!(self.answer, Answer::Honest | Answer::Lost)
    }

    pub(crate) fn new(answer: Answer, then: Then) -> Self {
        Self {
            answer,
            code: None,
            message: None,
            body: None,
            headers: Vec::new(),
            retry_after: None,
            delay: Duration::ZERO,
            pace: None,
            read: Read::All,
            then,
        }
    }
}
