//! Why an upload failed.

use std::{error::Error as StdError, fmt, io, iter::successors, time::Duration};

use http::{HeaderMap, StatusCode};

use crate::{
    Diagnosis, InvalidIdentifier, InvalidPhoto, InvalidTarget, Operation, PhotoFault, PhotoTarget,
    UploadMethod,
    display::error_chain,
    display::{Printable, count, shortened},
    transport::call::Refusal,
    transport::error_response::Answer,
    transport::known_errors::{hint, may_pass},
    transport::retry::is_retryable,
};

/// Why an upload failed, or a client could not be made.
///
/// The predicates say what kind of failure it is; the other methods give its
/// data, as far as there is any. The message names the target and, where Graph
/// answered, what it said and the ids that its support asks for; with `{:#}` it
/// names the causes as well, such as that of a connection that failed. It never
/// holds a token.
#[derive(Debug)]
pub struct Error(Box<Failure>);

#[derive(Debug)]
struct Failure {
    upload: Option<Upload>,
    cause: Cause,
}

/// The upload that failed.
#[derive(Debug)]
pub(crate) struct Upload {
    pub(crate) target: PhotoTarget,
    pub(crate) method: UploadMethod,
    pub(crate) client_request_id: Option<String>,
    pub(crate) attempts: u32,
    pub(crate) total_wait: Duration,
}

#[derive(Debug)]
pub(crate) enum Cause {
    Photo(InvalidPhoto),
    Target(InvalidTarget),
    Identifier(InvalidIdentifier),
    Configuration(String),
    NoSuchOperation,
    NotSent(Refusal),
    Transport(reqwest::Error),
    Answer(Box<Answer>),
}

impl Error {
    pub(crate) fn configuration(problem: impl Into<String>) -> Self {
        Self::without_upload(Cause::Configuration(problem.into()))
    }

    pub(crate) fn of_upload(upload: Upload, cause: Cause) -> Self {
        Self(Box::new(Failure { upload: Some(upload), cause }))
    }

    fn without_upload(cause: Cause) -> Self {
        Self(Box::new(Failure { upload: None, cause }))
    }

    fn answer(&self) -> Option<&Answer> {
        match &self.0.cause {
            Cause::Answer(answer) => Some(answer),
            _ => None,
        }
    }

    /// The photo was refused before anything was sent: it is no JPEG, a broken
    /// one, or too large for any request.
    #[must_use]
    pub fn is_invalid_photo(&self) -> bool {
        matches!(self.0.cause, Cause::Photo(_))
    }

    /// The target was refused before anything was sent.
    #[must_use]
    pub fn is_invalid_target(&self) -> bool {
        matches!(self.0.cause, Cause::Target(_) | Cause::Identifier(_))
    }

    /// The whole request was, or would have been, too large; or the photo alone.
    #[must_use]
    pub fn is_too_large(&self) -> bool {
        match &self.0.cause {
            Cause::NotSent(Refusal::TooLarge { .. }) => true,
            Cause::Photo(cause) => matches!(cause.fault(), PhotoFault::TooLarge { .. }),
            _ => self.status() == Some(StatusCode::PAYLOAD_TOO_LARGE),
        }
    }

    /// Nothing was sent: the failure is on this side.
    #[must_use]
    pub fn is_local(&self) -> bool {
        !matches!(self.0.cause, Cause::Transport(_) | Cause::Answer(_)) && self.attempts() == 0
    }

    /// The client's settings are wrong, such as its base URL.
    #[must_use]
    pub fn is_invalid_configuration(&self) -> bool {
        matches!(self.0.cause, Cause::Configuration(_))
    }

    /// There was no token to send; or Graph did not accept it (401), by its word or
    /// by the check before sending: it has expired, or is for somebody else.
    #[must_use]
    pub fn is_unauthorized(&self) -> bool {
        match &self.0.cause {
            Cause::NotSent(Refusal::Token(_)) => true,
            Cause::NotSent(Refusal::NotPermitted(diagnosis)) => diagnosis.is_of_token(),
            _ => self.status() == Some(StatusCode::UNAUTHORIZED),
        }
    }

    /// The token does not allow the operation (403), by Graph's word or by the
    /// check before sending.
    #[must_use]
    pub fn is_permission_denied(&self) -> bool {
        match &self.0.cause {
            Cause::NotSent(Refusal::NotPermitted(diagnosis)) => !diagnosis.is_of_token(),
            _ => self.status() == Some(StatusCode::FORBIDDEN),
        }
    }

    /// Graph knows no such user, group, contact or mailbox (404). Not so a 404 that
    /// passes (see [`RetryPolicy`](crate::RetryPolicy)).
    #[must_use]
    pub fn is_not_found(&self) -> bool {
        let answer = self.answer().filter(|answer| answer.status == StatusCode::NOT_FOUND);
        answer.is_some_and(|answer| !may_pass(answer.status, &answer.texts))
    }

    /// Graph asked for fewer requests (429).
    #[must_use]
    pub fn is_throttled(&self) -> bool {
        self.status() == Some(StatusCode::TOO_MANY_REQUESTS)
    }

    /// An attempt took longer than it may.
    #[must_use]
    pub fn is_timeout(&self) -> bool {
        matches!(&self.0.cause, Cause::Transport(error) if error.is_timeout())
    }

    /// There was no answer: no connection, a broken one, or none in time.
    #[must_use]
    pub fn is_connection(&self) -> bool {
        matches!(&self.0.cause, Cause::Transport(error) if !is_of_client(error))
    }

    /// The same upload may succeed later, unchanged: what the client itself tries again
    /// (see [`RetryPolicy`](crate::RetryPolicy)), an attempt that took too long, and a
    /// 500 with the code `ErrorStoreInternalServerError`.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        match &self.0.cause {
            Cause::Transport(error) => !is_of_client(error) && !is_of_certificate(error),
            Cause::Answer(answer) => {
                is_retryable(answer.status) || may_pass(answer.status, &answer.texts)
            }
            _ => false,
        }
    }

    /// The operation that failed.
    #[must_use]
    pub fn operation(&self) -> Option<Operation> {
        let upload = self.0.upload.as_ref()?;
        upload.target.operation(upload.method)
    }

    /// The target of the upload that failed.
    #[must_use]
    pub fn target(&self) -> Option<&PhotoTarget> {
        Some(&self.0.upload.as_ref()?.target)
    }

    /// The status that Graph answered with.
    #[must_use]
    pub fn status(&self) -> Option<StatusCode> {
        Some(self.answer()?.status)
    }

    /// The headers that Graph answered with.
    #[must_use]
    pub fn headers(&self) -> Option<&HeaderMap> {
        Some(&self.answer()?.headers)
    }

    /// Graph's error code, such as `ErrorItemNotFound`: one of an open set. Where it is
    /// `UnknownError`, the [`inner_code`](Self::inner_code) is the one that tells.
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        Some(self.answer()?.texts.code.as_str()).filter(|code| !code.is_empty())
    }

    /// The most specific of the codes of Graph's inner errors.
    #[must_use]
    pub fn inner_code(&self) -> Option<&str> {
        self.answer()?.texts.innermost_code.as_deref()
    }

    /// Graph's message, for people: its wording changes.
    #[must_use]
    pub fn message(&self) -> Option<&str> {
        let answer = self.answer().filter(|answer| answer.texts.is_json)?;
        Some(answer.texts.message.as_str()).filter(|message| !message.is_empty())
    }

    /// The first KiB of an answer that was not Graph's JSON, such as the HTML
    /// page of a gateway.
    #[must_use]
    pub fn body_excerpt(&self) -> Option<&str> {
        let answer = self.answer().filter(|answer| !answer.texts.is_json)?;
        Some(answer.texts.message.as_str()).filter(|message| !message.is_empty())
    }

    /// Graph's id of the request, which its support asks for.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        self.answer()?.request_id.as_deref()
    }

    /// The id that the client gave to every attempt of the upload.
    #[must_use]
    pub fn client_request_id(&self) -> Option<&str> {
        self.0.upload.as_ref()?.client_request_id.as_deref()
    }

    /// How long Graph asked to wait before the next request.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        self.answer()?.retry_after
    }

    /// How many attempts were made to send the request; 0 if it was refused before.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.0.upload.as_ref().map_or(0, |upload| upload.attempts)
    }

    /// How long was waited between attempts.
    #[must_use]
    pub fn total_wait(&self) -> Duration {
        self.0.upload.as_ref().map_or(Duration::ZERO, |upload| upload.total_wait)
    }

    /// What the token's own claims explain of a refusal.
    #[must_use]
    pub fn diagnosis(&self) -> Option<&Diagnosis> {
        match &self.0.cause {
            Cause::NotSent(Refusal::NotPermitted(diagnosis)) => Some(diagnosis),
            _ => self.answer()?.diagnosis.as_ref(),
        }
    }

    /// What usually helps against a well-known refusal. A guess from status, code and
    /// message, not Graph's word.
    #[must_use]
    pub fn hint(&self) -> Option<&'static str> {
        let answer = self.answer()?;
        if answer.diagnosis.as_ref().is_some_and(Diagnosis::is_certain) {
            return None; // it says more than a guess
        }
        hint(answer.status, &answer.texts, self.operation())
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if f.alternate() {
            return f.write_str(&error_chain(self));
        }
        let Some(upload) = &self.0.upload else {
            return match &self.0.cause {
                Cause::Configuration(problem) => {
                    write!(f, "failed to make the client: {problem}")
                }
                Cause::Identifier(cause) => write!(f, "failed to make the target: {cause}"),
                cause => cause.fmt(f),
            };
        };
        write!(f, "failed to {} the photo of `{}`: ", upload.method.verb(), upload.target)?;
        self.0.cause.fmt(f)?;
        if upload.attempts > 1 {
            write!(f, "; {} attempts", upload.attempts)?;
            if !upload.total_wait.is_zero() {
                write!(f, ", {:.1} s waited between them", upload.total_wait.as_secs_f64())?;
            }
        }
        self.fmt_ids(f)?;
        if let Some(hint) = self.hint() {
            write!(f, "; hint: {hint}")?;
        }
        Ok(())
    }
}

impl Error {
    fn fmt_ids(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        /// Longer than any id of Graph's.
        const SHOWN: usize = 80;
        if self.attempts() == 0 {
            return Ok(());
        }
        let ids =
            [("request-id", self.request_id()), ("client-request-id", self.client_request_id())];
        let ids: Vec<String> = ids
            .into_iter()
            .filter_map(|(name, id)| Some(format!("{name} {}", Printable(&shortened(id?, SHOWN)))))
            .collect();
        if ids.is_empty() { Ok(()) } else { write!(f, " ({})", ids.join(", ")) }
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Photo(cause) => cause.fmt(f),
            Self::Target(cause) => cause.fmt(f),
            Self::Identifier(cause) => cause.fmt(f),
            Self::Configuration(problem) => f.write_str(problem),
            Self::NoSuchOperation => f.write_str("the API has no such operation for this target"),
            Self::NotSent(refusal) => refusal.fmt(f),
            Self::Transport(error) if error.is_timeout() && error.is_connect() => {
                f.write_str("no connection was made in time")
            }
            Self::Transport(error) if error.is_timeout() => f.write_str("no answer came in time"),
            Self::Transport(error) if is_of_certificate(error) => {
                f.write_str("the certificate of the server was not accepted")
            }
            Self::Transport(error) if error.is_connect() => f.write_str("no connection was made"),
            Self::Transport(error) if is_of_client(error) => {
                f.write_str("the HTTP client did not send the request")
            }
            Self::Transport(_) => f.write_str("the connection broke before there was an answer"),
            Self::Answer(answer) => answer.fmt(f),
        }
    }
}

/// Whether an error is the HTTP client's own, rather than of a connection.
fn is_of_client(error: &reqwest::Error) -> bool {
    error.is_builder() || error.is_redirect()
}

/// Whether a connection failed for the server's certificate, which trying again does
/// not fix.
pub(crate) fn is_of_certificate(error: &reqwest::Error) -> bool {
    let mut causes = successors(error.source(), |&cause| held_by(cause));
    causes.any(|cause| matches!(cause.downcast_ref(), Some(rustls::Error::InvalidCertificate(_))))
}

/// The error inside another one; an I/O error gives that of the one it holds as its
/// source, and not that one itself.
fn held_by<'e>(error: &'e (dyn StdError + 'static)) -> Option<&'e (dyn StdError + 'static)> {
    match error.downcast_ref::<io::Error>() {
        Some(error) => error.get_ref().map(|held| held as _),
        None => error.source(),
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLarge { bytes, limit } => write!(
                f,
                "the request would have {bytes} bytes, and at most {limit} are allowed; make the \
                 photo smaller by at least {}",
                count(bytes.saturating_sub(*limit))
            ),
            Self::Token(_) => f.write_str("there is no usable access token"),
            Self::NotPermitted(diagnosis) => write!(f, "not sent, because {diagnosis}"),
        }
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match &self.0.cause {
            Cause::Photo(cause) => cause.source(),
            Cause::NotSent(Refusal::Token(cause)) => Some(&**cause),
            Cause::Transport(error) => Some(error),
            Cause::Answer(answer) => match &answer.renewal {
                Some(Refusal::Token(cause)) => Some(&**cause),
                _ => None,
            },
            _ => None,
        }
    }
}

impl From<InvalidPhoto> for Error {
    fn from(cause: InvalidPhoto) -> Self {
        Self::without_upload(Cause::Photo(cause))
    }
}

impl From<InvalidTarget> for Error {
    fn from(cause: InvalidTarget) -> Self {
        Self::without_upload(Cause::Target(cause))
    }
}

impl From<InvalidIdentifier> for Error {
    fn from(cause: InvalidIdentifier) -> Self {
        Self::without_upload(Cause::Identifier(cause))
    }
}
