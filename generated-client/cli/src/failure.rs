//! Why a command failed, and the exit code that says so.

use std::{fmt, io, process::ExitCode};

use graph_photo_client::{Error, InvalidPhoto, InvalidTarget, Operation};
use serde_json::{Value, json};

use crate::sign_in::{SignIn, sign_in};

/// How the program ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Exit {
    /// All is done.
    Done,
    /// Graph refused, or the network failed.
    Failed,
    /// Refused here: nothing was sent.
    Refused,
    /// By Ctrl-C.
    Interrupted,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(match exit {
            Exit::Done => 0,
            Exit::Failed => 1,
            Exit::Refused => 2,
            // What shells report for a program that SIGINT ended.
            Exit::Interrupted => 130,
        })
    }
}

/// Why a command failed.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The library's word, which may be Graph's.
    Client(Error),
    /// The arguments contradict each other or the environment.
    Arguments(String),
    /// There is no token to send.
    Token(String),
    /// No request can carry the photo.
    TooLarge(String),
    /// The system refused something that is no part of the upload.
    System {
        /// What failed.
        problem: String,
        /// Why.
        cause: io::Error,
    },
    /// Ctrl-C.
    Interrupted,
}

/// What a command that failed is about, as far as that is known.
#[derive(Debug, Default)]
pub(crate) struct Subject {
    pub(crate) target: Option<String>,
    pub(crate) file: Option<String>,
}

/// A kind of failure and how the library tells it.
type Kind = (&'static str, fn(&Error) -> bool);

/// Kinds of failure, for programs; of those that apply, the first one counts.
const KINDS: &[Kind] = &[
    ("invalidPhoto", Error::is_invalid_photo),
    ("invalidTarget", Error::is_invalid_target),
    ("invalidConfiguration", Error::is_invalid_configuration),
    ("tooLarge", Error::is_too_large),
    ("unauthorized", Error::is_unauthorized),
    ("permissionDenied", Error::is_permission_denied),
    ("notFound", Error::is_not_found),
    ("throttled", Error::is_throttled),
    ("timeout", Error::is_timeout),
    ("connection", Error::is_connection),
    ("unavailable", Error::is_retryable),
];

impl Failure {
    /// The system refused something.
    pub(crate) fn system(problem: &str, cause: io::Error) -> Self {
        Self::System { problem: problem.to_owned(), cause }
    }

    /// The failure of what comes after something that must not go unsaid.
    pub(crate) fn after(self, done: &str) -> Self {
        match self {
            Self::System { problem, cause } => {
                Self::System { problem: format!("{done}, but not reported: {problem}"), cause }
            }
            other => other,
        }
    }

    pub(crate) fn exit(&self) -> Exit {
        match self {
            Self::Client(error) if error.is_local() && sign_in(error).is_none() => Exit::Refused,
            Self::Arguments(_) | Self::Token(_) | Self::TooLarge(_) => Exit::Refused,
            Self::Client(_) | Self::System { .. } => Exit::Failed,
            Self::Interrupted => Exit::Interrupted,
        }
    }

    fn kind(&self) -> &'static str {
        match self {
            Self::Client(error) if sign_in(error) == Some(SignIn::NoAnswer) => "connection",
            Self::Client(error) => {
                KINDS.iter().find(|(_, applies)| applies(error)).map_or("refused", |(kind, _)| kind)
            }
            Self::Arguments(_) => "invalidArguments",
            Self::Token(_) => "unauthorized",
            Self::TooLarge(_) => "tooLarge",
            Self::System { .. } => "system",
            Self::Interrupted => "interrupted",
        }
    }

    /// The failure for programs. Every key is always there.
    pub(crate) fn json(&self, subject: &Subject) -> Value {
        let error = match self {
            Self::Client(error) => Some(error),
            _ => None,
        };
        let target = error.and_then(Error::target).map(ToString::to_string);
        let no_answer = error.and_then(sign_in) == Some(SignIn::NoAnswer);
        json!({
            "kind": self.kind(),
            "message": self.to_string(),
            "nothingSent": self.exit() == Exit::Refused,
            "retryable": no_answer || error.is_some_and(Error::is_retryable),
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
            Self::Arguments(problem) | Self::Token(problem) | Self::TooLarge(problem) => {
                f.write_str(problem)
            }
            Self::System { problem, cause } => write!(f, "{problem}: {cause}"),
            Self::Interrupted => f.write_str("interrupted"),
        }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Client(error)
    }
}

impl From<InvalidPhoto> for Failure {
    fn from(error: InvalidPhoto) -> Self {
        Self::Client(error.into())
    }
}

impl From<InvalidTarget> for Failure {
    fn from(error: InvalidTarget) -> Self {
        Self::Client(error.into())
    }
}

impl From<serde_json::Error> for Failure {
    fn from(error: serde_json::Error) -> Self {
        Self::system("failed to write JSON", error.into())
    }
}
