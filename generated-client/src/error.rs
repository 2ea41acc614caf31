//! The error of the library.

use std::{error::Error as StdError, fmt, time::Duration};

use http::{HeaderMap, StatusCode};

use crate::{
    auth::diagnosis::Diagnosis,
    display::error_chain,
    generated::{
        operation::{Operation, UploadMethod},
        target::PhotoTarget,
    },
    photo::{InvalidPhoto, PhotoFault},
    target::{error::InvalidTarget, identifier::InvalidIdentifier},
    transport::{
        authorization::NotSent,
        connection::is_of_client,
        error_response::ErrorResponse,
        outcome::{FailedUpload, Failure},
        redaction::SentTokens,
        throttle,
    },
};

/// Why an upload failed, or a client could not be made.
///
/// Predicates classify the failure; the other methods return its data. The message names
/// the target and, if Graph answered, its reason and the ids that its support asks for.
/// `{:#}` adds the causes, such as why a connection failed. No token is ever part of it.
#[derive(Debug)]
pub struct Error(Box<Cause>);

#[derive(Debug)]
enum Cause {
    Photo(InvalidPhoto),
    Target(InvalidTarget),
    Identifier(InvalidIdentifier),
    Configuration(String),
    NoSuchOperation(PhotoTarget, UploadMethod),
    Upload(FailedUpload),
}

impl Error {
    pub(crate) fn configuration(problem: impl Into<String>) -> Self {
        Self(Box::new(Cause::Configuration(problem.into())))
    }

    pub(crate) fn no_such_operation(target: &PhotoTarget, method: UploadMethod) -> Self {
        Self(Box::new(Cause::NoSuchOperation(target.clone(), method)))
    }

    /// The same error, with the target of the upload.
    pub(crate) fn with_target(mut self, target: &PhotoTarget) -> Self {
        if let Cause::Upload(upload) = &mut *self.0 {
            upload.target = Some(target.clone());
        }
        self
    }

    /// The error of an upload that Graph refuses with this response, for your own tests: the
    /// same as from a server, at the first attempt and with an opaque token.
    ///
    /// ```
    /// use graph_photo_client::{Error, PhotoTarget, UploadMethod, http};
    ///
    /// let response = http::Response::builder()
    ///     .status(429)
    ///     .header("Retry-After", "30")
    ///     .body(r#"{"error": {"code": "TooManyRequests", "message": "Slow down."}}"#)?;
    /// let error = Error::from_response(UploadMethod::Put, &PhotoTarget::me(), response);
    /// assert!(error.is_throttled());
    /// assert_eq!(error.code(), Some("TooManyRequests"));
    /// # Ok::<(), http::Error>(())
    /// ```
    pub fn from_response(
        method: UploadMethod,
        target: &PhotoTarget,
        response: http::Response<impl AsRef<[u8]>>,
    ) -> Self {
        match target.operation(method) {
            // No response echoes a token that was not sent.
            Some(operation) => {
                FailedUpload::refused(operation, target, response, &SentTokens::default()).into()
            }
            None => Self::no_such_operation(target, method),
        }
    }

    fn upload(&self) -> Option<&FailedUpload> {
        match &*self.0 {
            Cause::Upload(upload) => Some(upload),
            _ => None,
        }
    }

    fn failure(&self) -> Option<&Failure> {
        Some(&self.upload()?.failure)
    }

    fn response(&self) -> Option<&ErrorResponse> {
        self.upload()?.response()
    }

    fn has_status(&self, status: StatusCode) -> bool {
        self.status() == Some(status)
    }

    /// The photo is not a JPEG, a broken one, or too large for any request. Nothing was sent.
    pub fn is_invalid_photo(&self) -> bool {
        matches!(*self.0, Cause::Photo(_))
    }

    /// The target is invalid. Nothing was sent.
    pub fn is_invalid_target(&self) -> bool {
        matches!(*self.0, Cause::Target(_) | Cause::Identifier(_))
    }

    /// The photo, or the whole request, is too large, according to this client or Graph (413).
    pub fn is_too_large(&self) -> bool {
        match &*self.0 {
            Cause::Photo(cause) => matches!(cause.fault(), PhotoFault::TooLarge { .. }),
            Cause::Upload(FailedUpload { failure: Failure::NotSent(not_sent), .. }) => {
                matches!(not_sent, NotSent::TooLarge { .. })
            }
            _ => self.has_status(StatusCode::PAYLOAD_TOO_LARGE),
        }
    }

    /// Nothing was sent.
    pub fn is_local(&self) -> bool {
        matches!(self.failure(), None | Some(Failure::NotSent(_)))
    }

    /// The client's settings are wrong, such as its base URL.
    pub fn is_invalid_configuration(&self) -> bool {
        matches!(*self.0, Cause::Configuration(_))
    }

    /// There was no usable token, or Graph refused it (401), or the check before sending
    /// found that Graph would refuse it: it has expired, or is for another audience.
    pub fn is_unauthorized(&self) -> bool {
        match self.failure() {
            Some(Failure::NotSent(NotSent::Token(_))) => true,
            Some(Failure::NotSent(NotSent::NotPermitted(diagnosis))) => diagnosis.is_of_token(),
            _ => self.has_status(StatusCode::UNAUTHORIZED),
        }
    }

    /// The token does not allow the operation, as Graph (403) or the check before sending
    /// found.
    pub fn is_permission_denied(&self) -> bool {
        match self.failure() {
            Some(Failure::NotSent(NotSent::NotPermitted(diagnosis))) => !diagnosis.is_of_token(),
            _ => self.has_status(StatusCode::FORBIDDEN),
        }
    }

    /// Graph knows no such user, group, contact or mailbox (404). False for a transient 404
    /// (see [`RetryPolicy`](crate::RetryPolicy)).
    pub fn is_not_found(&self) -> bool {
        self.has_status(StatusCode::NOT_FOUND) && !self.is_retryable()
    }

    /// Graph asked for fewer requests (429).
    pub fn is_throttled(&self) -> bool {
        self.has_status(StatusCode::TOO_MANY_REQUESTS)
    }

    /// An attempt exceeded its time limit.
    pub fn is_timeout(&self) -> bool {
        matches!(self.failure(), Some(Failure::Connection(error)) if error.is_timeout())
    }

    /// Graph did not answer: there was no connection, it broke, or the time ran out.
    pub fn is_connection(&self) -> bool {
        matches!(self.failure(), Some(Failure::Connection(error)) if !is_of_client(error))
    }

    /// The same upload may succeed later. True for everything that the client retries (see
    /// [`RetryPolicy`](crate::RetryPolicy)), for an attempt that took too long, and for a 500
    /// with the code `ErrorStoreInternalServerError`.
    pub fn is_retryable(&self) -> bool {
        self.failure().is_some_and(Failure::is_retryable)
    }

    /// The operation that failed.
    pub fn operation(&self) -> Option<Operation> {
        Some(self.upload()?.operation)
    }

    /// The target of the upload that failed; `None` after a direct call of a generated
    /// method.
    pub fn target(&self) -> Option<&PhotoTarget> {
        match &*self.0 {
            Cause::NoSuchOperation(target, _) => Some(target),
            _ => self.upload()?.target.as_ref(),
        }
    }

    /// The status of Graph's response.
    pub fn status(&self) -> Option<StatusCode> {
        Some(self.response()?.status)
    }

    /// The headers of Graph's response.
    pub fn headers(&self) -> Option<&HeaderMap> {
        Some(&self.response()?.headers)
    }

    /// Graph's error code, such as `ErrorItemNotFound`, of an open set. If it is
    /// `UnknownError`, the [`inner_code`](Self::inner_code) says more.
    pub fn code(&self) -> Option<&str> {
        self.response()?.error.code()
    }

    /// The most specific of the codes of Graph's inner errors.
    pub fn inner_code(&self) -> Option<&str> {
        self.response()?.error.inner_code()
    }

    /// Graph's message for people, whose wording changes.
    pub fn message(&self) -> Option<&str> {
        self.response()?.error.message()
    }

    /// The first KiB of a response body other than Graph's JSON, such as the HTML page of a
    /// gateway.
    pub fn body_excerpt(&self) -> Option<&str> {
        self.response()?.error.excerpt()
    }

    /// Graph's id of the request, for its support.
    pub fn request_id(&self) -> Option<&str> {
        self.response()?.request_id.as_deref()
    }

    /// The client's id of the request, the same for all attempts.
    pub fn client_request_id(&self) -> Option<&str> {
        Some(&self.upload()?.record.client_request_id)
    }

    /// How long Graph asks to wait before the next request.
    pub fn retry_after(&self) -> Option<Duration> {
        self.response()?.retry_after
    }

    /// The used share of a throttling limit, in percent. Graph reports it from 80 percent on.
    pub fn throttle_percent(&self) -> Option<u32> {
        throttle::percent(self.headers()?)
    }

    /// The number of attempts; 0 if nothing was sent.
    pub fn attempts(&self) -> u32 {
        self.upload().map_or(0, |upload| upload.record.attempts)
    }

    /// The sum of the waits between attempts.
    pub fn total_wait(&self) -> Duration {
        self.upload().map_or(Duration::ZERO, |upload| upload.record.total_wait)
    }

    /// The claims that explain the refusal.
    pub fn diagnosis(&self) -> Option<&Diagnosis> {
        match self.failure()? {
            Failure::NotSent(NotSent::NotPermitted(diagnosis)) => Some(diagnosis),
            _ => self.response()?.diagnosis.as_ref(),
        }
    }

    /// What usually helps: this library's guess from status, code and message.
    pub fn hint(&self) -> Option<&'static str> {
        self.response()?.hint()
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if f.alternate() {
            return f.write_str(&error_chain(self));
        }
        match &*self.0 {
            Cause::Photo(cause) => cause.fmt(f),
            Cause::Target(cause) => cause.fmt(f),
            Cause::Identifier(cause) => write!(f, "failed to make the target: {cause}"),
            Cause::Configuration(problem) => write!(f, "failed to make the client: {problem}"),
            Cause::NoSuchOperation(target, method) => write!(
                f,
                "failed to {} the photo of `{target}`: the API has no such operation for it",
                method.verb()
            ),
            Cause::Upload(upload) => upload.fmt(f),
        }
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match &*self.0 {
            Cause::Photo(cause) => cause.source(),
            Cause::Upload(upload) => upload.failure.source(),
            _ => None,
        }
    }
}

impl From<FailedUpload> for Error {
    fn from(upload: FailedUpload) -> Self {
        Self(Box::new(Cause::Upload(upload)))
    }
}

impl From<InvalidPhoto> for Error {
    fn from(cause: InvalidPhoto) -> Self {
        Self(Box::new(Cause::Photo(cause)))
    }
}

impl From<InvalidTarget> for Error {
    fn from(cause: InvalidTarget) -> Self {
        Self(Box::new(Cause::Target(cause)))
    }
}

impl From<InvalidIdentifier> for Error {
    fn from(cause: InvalidIdentifier) -> Self {
        Self(Box::new(Cause::Identifier(cause)))
    }
}
