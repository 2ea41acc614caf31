//! What a scripted server does to a request.

use std::{slice::Chunks, time::Duration};

use bytes::Bytes;

/// What a scripted server does to one request: how much of it it reads, what
/// it answers, and what becomes of the connection.
///
/// Closing a connection while bytes of the client are unread resets it, as an
/// operating system does; how much of an answer the client sees then depends on
/// timing.
#[derive(Debug, Clone)]
pub struct Step {
    pub(super) read: Read,
    answer: Bytes,
    /// The most bytes of the answer that are sent at once.
    piece: usize,
    /// Between pieces.
    pub(super) pause: Duration,
    pub(super) then: Then,
}

/// How much of a request is read before it is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Read {
    Nothing,
    Head,
    /// The head, and this many bytes of the body.
    PartOfBody(usize),
    All,
}

/// What becomes of the connection after the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Then {
    /// What is left of the request is read, and the next one awaited.
    NextRequest,
    Close,
    /// Nothing more is sent, and the connection stays open.
    Silence,
}

impl Step {
    /// Reads the request, answers, and keeps the connection open. `answer` is
    /// sent as it is; [`response`](Self::response) makes one.
    pub fn respond(answer: impl Into<Bytes>) -> Self {
        Self::new(Read::All, answer, Then::NextRequest)
    }

    /// Reads the request, answers, and closes the connection: for half a
    /// response.
    pub fn respond_then_close(answer: impl Into<Bytes>) -> Self {
        Self::new(Read::All, answer, Then::Close)
    }

    /// Answers as soon as the head is here, then reads the body and keeps the
    /// connection open.
    pub fn respond_before_body(answer: impl Into<Bytes>) -> Self {
        Self::new(Read::Head, answer, Then::NextRequest)
    }

    /// Answers as soon as the head is here, then closes the connection.
    pub fn respond_before_body_then_close(answer: impl Into<Bytes>) -> Self {
        Self::new(Read::Head, answer, Then::Close)
    }

    /// Reads the request and answers drop by drop: `piece` bytes (at least 1),
    /// a pause, and so on; then keeps the connection open.
    pub fn respond_slowly(answer: impl Into<Bytes>, piece: usize, pause: Duration) -> Self {
        Self { piece: piece.max(1), pause, ..Self::respond(answer) }
    }

    /// Closes the connection as soon as a request begins, without reading it.
    #[must_use]
    pub fn close_before_reading() -> Self {
        Self::new(Read::Nothing, Bytes::new(), Then::Close)
    }

    /// Closes the connection as soon as the head is here.
    #[must_use]
    pub fn close_after_head() -> Self {
        Self::new(Read::Head, Bytes::new(), Then::Close)
    }

    /// Closes the connection after `length` bytes of the body.
    #[must_use]
    pub fn close_in_body(length: usize) -> Self {
        Self::new(Read::PartOfBody(length), Bytes::new(), Then::Close)
    }

    /// Reads the request and closes the connection without an answer.
    #[must_use]
    pub fn close_after_request() -> Self {
        Self::new(Read::All, Bytes::new(), Then::Close)
    }

    /// Reads the request, and never answers.
    #[must_use]
    pub fn silence() -> Self {
        Self::new(Read::All, Bytes::new(), Then::Silence)
    }

    /// A complete response with a `Content-Length`.
    ///
    /// ```
    /// use graph_photo_emulator::Step;
    ///
    /// let throttled = Step::response(429, &[("Retry-After", "2")], "");
    /// assert_eq!(
    ///     throttled,
    ///     "HTTP/1.1 429 Scripted\r\nRetry-After: 2\r\nContent-Length: 0\r\n\r\n"
    /// );
    /// ```
    #[must_use]
    pub fn response(status: u16, headers: &[(&str, &str)], body: impl AsRef<[u8]>) -> Bytes {
        let body = body.as_ref();
        let mut response = format!("HTTP/1.1 {status} Scripted\r\n").into_bytes();
        for (name, value) in headers {
            response.extend_from_slice(format!("{name}: {value}\r\n").as_bytes());
        }
        response.extend_from_slice(format!("Content-Length: {}\r\n\r\n", body.len()).as_bytes());
        response.extend_from_slice(body);
        response.into()
    }

    /// What is done when the script has come to its end.
    pub(super) fn exhausted() -> Self {
        Self::respond(Self::response(500, &[], "script exhausted"))
    }

    /// The answer, in the pieces in which it is sent.
    pub(super) fn pieces(&self) -> Chunks<'_, u8> {
        self.answer.chunks(self.piece)
    }

    fn new(read: Read, answer: impl Into<Bytes>, then: Then) -> Self {
        Self { read, answer: answer.into(), piece: usize::MAX, pause: Duration::ZERO, then }
    }
}
