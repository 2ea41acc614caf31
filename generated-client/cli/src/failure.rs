//! Why a command failed, for people and for programs.

use std::{fmt, io};

use clap::ValueEnum;
use graph_photo_client::{Error, Operation, error_chain};
use serde::Serialize;
use serde_json::{Value, json};

use crate::{
    exit::Exit,
    sign_in::{SignIn, sign_in},
    signal::Signal,
};

/// Why a command failed.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The library refused, or reports what Graph or the network did.
    Client(Error),
    /// This program refused.
    Refused(FailureKind, String),
    /// The system failed outside of the upload: what failed, and why.
    System(String, io::Error),
    /// A signal such as Ctrl-C ended the program.
    Interrupted(Signal),
}

/// What a failed command was about, as far as that is known.
#[derive(Debug, Default)]
pub(crate) struct Subject {
    pub(crate) target: Option<String>,
    pub(crate) file: Option<String>,
}

/// A kind of failure: `error.kind` with `--json`, and its line in the help. The names are
/// part of the program's public interface.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ValueEnum)]
#[serde(rename_all = "camelCase")]
#[value(rename_all = "camelCase")]
pub(crate) enum FailureKind {
    /// the arguments are unknown or contradict each other
    InvalidArguments,
    /// the base URL is unsafe, or TLS cannot be set up
    InvalidConfiguration,
    /// the target cannot have a photo, or is clearly a mistake
    InvalidTarget,
    /// the file cannot be read, or is not a valid JPEG
    InvalidPhoto,
    /// the photo or the whole request is too large
    TooLarge,
    /// there is no usable token, or Graph rejected it
    Unauthorized,
    /// the token does not permit the upload
    PermissionDenied,
    /// Graph has no such resource
    NotFound,
    /// Graph is throttling
    Throttled,
    /// no response came in time
    Timeout,
    /// the network failed
    Connection,
    /// Graph failed, but may recover
    Unavailable,
    /// Graph refused for another reason
    Refused,
    /// the local system failed, for example to write the result
    System,
    /// a signal such as Ctrl-C ended the program
    Interrupted,
}

/// A kind of failure, and the predicate of the library that detects it.
type Detector = (FailureKind, fn(&Error) -> bool);

/// In order of precedence.
const DETECTORS: &[Detector] = &[
    (FailureKind::InvalidPhoto, Error::is_invalid_photo),
    (FailureKind::InvalidTarget, Error::is_invalid_target),
    (FailureKind::InvalidConfiguration, Error::is_invalid_configuration),
    (FailureKind::TooLarge, Error::is_too_large),
    (FailureKind::Unauthorized, Error::is_unauthorized),
    (FailureKind::PermissionDenied, Error::is_permission_denied),
    (FailureKind::NotFound, Error::is_not_found),
    (FailureKind::Throttled, Error::is_throttled),
    (FailureKind::Timeout, Error::is_timeout),
    (FailureKind::Connection, Error::is_connection),
    (FailureKind::Unavailable, Error::is_retryable),
];

impl Failure {
    /// The arguments contradict each other or the environment.
    pub(crate) fn arguments(problem: impl Into<String>) -> Self {
        Self::Refused(FailureKind::InvalidArguments, problem.into())
    }

    /// There is no token to send.
    pub(crate) fn token(problem: impl Into<String>) -> Self {
        Self::Refused(FailureKind::Unauthorized, problem.into())
    }

    /// A signal ended the program, or it could not be heard.
    pub(crate) fn interrupted(heard: io::Result<Signal>) -> Self {
        heard.map_or_else(
            |cause| Self::System("failed to listen for interrupts".to_owned(), cause),
            Self::Interrupted,
        )
    }

    /// Adds what was already done when the system failed, which must not go unreported.
    pub(crate) fn after(self, done: &str) -> Self {
        match self {
            Self::System(problem, cause) => {
                Self::System(format!("{done}, but not reported: {problem}"), cause)
            }
            other => other,
        }
    }

    /// Prefixes what this program refused with the task, an infinitive.
    pub(crate) fn of_task(self, task: &str) -> Self {
        match self.exit() {
            Exit::Refused => Self::Refused(self.kind(), format!("failed to {task}: {self}")),
            _ => self,
        }
    }

    pub(crate) fn exit(&self) -> Exit {
        match self {
            Self::Client(error) if error.is_local() && sign_in(error).is_none() => Exit::Refused,
            Self::Refused(..) => Exit::Refused,
            Self::Client(_) | Self::System(..) => Exit::Failed,
            Self::Interrupted(signal) => Exit::Interrupted(*signal),
        }
    }

    fn kind(&self) -> FailureKind {
        match self {
            Self::Client(error) if sign_in(error) == Some(SignIn::NoResponse) => {
                FailureKind::Connection
            }
            Self::Client(error) => {
                let detector = DETECTORS.iter().find(|(_, applies)| applies(error));
                detector.map_or(FailureKind::Refused, |(kind, _)| *kind)
            }
            Self::Refused(kind, _) => *kind,
            Self::System(..) => FailureKind::System,
            Self::Interrupted(_) => FailureKind::Interrupted,
        }
    }

    /// The failure for programs. Every key is always present.
    pub(crate) fn json(&self, subject: &Subject) -> Value {
        let error = match self {
            Self::Client(error) => Some(error),
            _ => None,
        };
        let target = error.and_then(Error::target).map(ToString::to_string);
        let no_response = error.and_then(sign_in) == Some(SignIn::NoResponse);
        json!({
            "kind": self.kind(),
            "message": self.to_string(),
            "nothingSent": self.exit() == Exit::Refused,
            "retryable": no_response || error.is_some_and(Error::is_retryable),
            "target": target.as_ref().or(subject.target.as_ref()),
            "file": subject.file,
            "operation": error.and_then(Error::operation).map(Operation::id),
            "status": error.and_then(Error::status).map(|status| status.as_u16()),
            "code": error.and_then(Error::code),
            "innerCode": error.and_then(Error::inner_code),
            "graphMessage": error.and_then(Error::message),
            "bodyExcerpt": error.and_then(Error::body_excerpt),
            "requestId": error.and_then(Error::request_id),
            "clientRequestId": error.and_then(Error::client_request_id),
            "retryAfterSeconds": error.and_then(Error::retry_after).map(|wait| wait.as_secs()),
            "attempts": error.map_or(0, Error::attempts),
            "waitSeconds": error.map_or(0.0, |error| error.total_wait().as_secs_f64()),
            "diagnosis": error.and_then(Error::diagnosis).map(ToString::to_string),
            "hint": error.and_then(Error::hint),
        })
    }
}

/// The message with all its causes.
impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Client(error) => write!(f, "{error:#}"),
            Self::Refused(_, problem) => f.write_str(problem),
            Self::System(problem, cause) => write!(f, "{problem}: {}", error_chain(cause)),
            Self::Interrupted(signal) => f.write_str(signal.word),
        }
    }
}

impl<E: Into<Error>> From<E> for Failure {
    fn from(error: E) -> Self {
        Self::Client(error.into())
    }
}
