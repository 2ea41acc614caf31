//! The error of the library: predicates and data about a failure.

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
    },
};

/// Why an upload failed, or a client could not be made.
///
/// The predicates say what kind of failure it is; the other methods give its
/// data, as far as there is any. The message names the target and, where Graph
/// answered, what it said and the ids that its support asks for; with `{:#}` it
/// names the causes as well, such as that of a connection that failed. It never
/// holds a token.
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

    /// The same error of an upload to a target.
    pub(crate) fn with_target(mut self, target: &PhotoTarget) -> Self {
        if let Cause::Upload(upload) = &mut *self.0 {
            upload.target = Some(target.clone());
        }
        self
    }

    /// The error of an upload that Graph refuses with this response, for tests of your own:
    /// the same as from a server, at the first attempt and with an opaque token.
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
            Some(operation) => FailedUpload::refused(operation, target, response).into(),
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

    /// The photo was refused before anything was sent: it is no JPEG, a broken
    /// one, or too large for any request.
    pub fn is_invalid_photo(&self) -> bool {
        matches!(*self.0, Cause::Photo(_))
    }

    /// The target was refused before anything was sent.
    pub fn is_invalid_target(&self) -> bool {
        matches!(*self.0, Cause::Target(_) | Cause::Identifier(_))
    }

    /// The whole request was, or would have been, too large; or the photo alone.
    pub fn is_too_large(&self) -> bool {
        match &*self.0 {
            Cause::Photo(cause) => matches!(cause.fault(), PhotoFault::TooLarge { .. }),
            Cause::Upload(FailedUpload { failure: Failure::NotSent(not_sent), .. }) => {
                matches!(not_sent, NotSent::TooLarge { .. })
            }
            _ => self.has_status(StatusCode::PAYLOAD_TOO_LARGE),
        }
    }

    /// Nothing was sent: the failure is on this side.
    pub fn is_local(&self) -> bool {
        matches!(self.failure(), None | Some(Failure::NotSent(_)))
    }

    /// The client's settings are wrong, such as its base URL.
    pub fn is_invalid_configuration(&self) -> bool {
        matches!(*self.0, Cause::Configuration(_))
    }

    /// There was no token to send; or Graph did not accept it (401), by its word or
    /// by the check before sending: it has expired, or is for somebody else.
    pub fn is_unauthorized(&self) -> bool {
        match self.failure() {
            Some(Failure::NotSent(NotSent::Token(_))) => true,
            Some(Failure::NotSent(NotSent::NotPermitted(diagnosis))) => diagnosis.is_of_token(),
            _ => self.has_status(StatusCode::UNAUTHORIZED),
        }
    }

    /// The token does not allow the operation (403), by Graph's word or by the
    /// check before sending.
    pub fn is_permission_denied(&self) -> bool {
        match self.failure() {
            Some(Failure::NotSent(NotSent::NotPermitted(diagnosis))) => !diagnosis.is_of_token(),
            _ => self.has_status(StatusCode::FORBIDDEN),
        }
    }

    /// Graph knows no such user, group, contact or mailbox (404). Not so a 404 that
    /// passes (see [`RetryPolicy`](crate::RetryPolicy)).
    pub fn is_not_found(&self) -> bool {
        self.has_status(StatusCode::NOT_FOUND) && !self.is_retryable()
    }

    /// Graph asked for fewer requests (429).
    pub fn is_throttled(&self) -> bool {
        self.has_status(StatusCode::TOO_MANY_REQUESTS)
    }

    /// An attempt took longer than it may.
    pub fn is_timeout(&self) -> bool {
        matches!(self.failure(), Some(Failure::Connection(error)) if error.is_timeout())
    }

    /// There was no answer: no connection, a broken one, or none in time.
    pub fn is_connection(&self) -> bool {
        matches!(self.failure(), Some(Failure::Connection(error)) if !is_of_client(error))
    }

    /// The same upload may succeed later, unchanged: what the client itself tries again
    /// (see [`RetryPolicy`](crate::RetryPolicy)), an attempt that took too long, and a
    /// 500 with the code `ErrorStoreInternalServerError`.
    pub fn is_retryable(&self) -> bool {
        self.failure().is_some_and(Failure::is_retryable)
    }

    /// The operation that failed.
    pub fn operation(&self) -> Option<Operation> {
        Some(self.upload()?.operation)
    }

    /// The target of the upload that failed; unknown to a direct call of a generated
    /// method.
    pub fn target(&self) -> Option<&PhotoTarget> {
        match &*self.0 {
            Cause::NoSuchOperation(target, _) => Some(target),
            _ => self.upload()?.target.as_ref(),
        }
    }

    /// The status that Graph answered with.
    pub fn status(&self) -> Option<StatusCode> {
        Some(self.response()?.status)
    }

    /// The headers that Graph answered with.
    pub fn headers(&self) -> Option<&HeaderMap> {
        Some(&self.response()?.headers)
    }

    /// Graph's error code, such as `ErrorItemNotFound`: one of an open set. Where it is
    /// `UnknownError`, the [`inner_code`](Self::inner_code) is the one that tells.
    pub fn code(&self) -> Option<&str> {
        self.response()?.error.code()
    }

    /// The most specific of the codes of Graph's inner errors.
    pub fn inner_code(&self) -> Option<&str> {
        self.response()?.error.inner_code()
    }

    /// Graph's message, for people: its wording changes.
    pub fn message(&self) -> Option<&str> {
        self.response()?.error.message()
    }

    /// The first KiB of an answer that was not Graph's JSON, such as the HTML
    /// page of a gateway.
    pub fn body_excerpt(&self) -> Option<&str> {
        self.response()?.error.excerpt()
    }

    /// Graph's id of the request, which its support asks for.
    pub fn request_id(&self) -> Option<&str> {
        self.response()?.request_id.as_deref()
    }

    /// The id that the client gave to every attempt of the upload.
    pub fn client_request_id(&self) -> Option<&str> {
        Some(&self.upload()?.record.client_request_id)
    }

    /// How long Graph asked to wait before the next request.
    pub fn retry_after(&self) -> Option<Duration> {
        self.response()?.retry_after
    }

    /// How many attempts were made to send the request; 0 if it was refused before.
    pub fn attempts(&self) -> u32 {
        self.upload().map_or(0, |upload| upload.record.attempts)
    }

    /// How long was waited between attempts.
    pub fn total_wait(&self) -> Duration {
        self.upload().map_or(Duration::ZERO, |upload| upload.record.total_wait)
    }

    /// What the token's own claims explain of a refusal.
    pub fn diagnosis(&self) -> Option<&Diagnosis> {
        match self.failure()? {
            Failure::NotSent(NotSent::NotPermitted(diagnosis)) => Some(diagnosis),
            _ => self.response()?.diagnosis.as_ref(),
        }
    }

    /// What usually helps against a well-known refusal. A guess from status, code and
    /// message, not Graph's word.
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
