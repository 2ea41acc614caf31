//! Why a command failed, and the exit code that says so.

use std::{fmt, io, process::ExitCode};

use graph_photo_client::{Error, InvalidPhoto, InvalidTarget, Operation, error_chain};
use serde_json::{Value, json};

use crate::{
    sign_in::{SignIn, sign_in},
    signal::Signal,
};

/// How the program ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Exit {
    /// All is done.
    Done,
    /// Graph refused, or the network failed.
    Failed,
    /// Refused here: nothing was sent.
    Refused,
    /// By a signal.
    Interrupted(Signal),
}

impl Exit {
    /// Ends the program. By the signal that interrupted it, where there are signals: a
    /// shell that sees the code of an exit instead goes on with its loop.
    pub(crate) fn end(self) -> ExitCode {
        ExitCode::from(match self {
            Self::Done => 0,
            Self::Failed => 1,
            Self::Refused => 2,
            Self::Interrupted(signal) => signal.die(),
        })
    }
}

/// Why a command failed.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The library's word, which may be Graph's.
    Client(Error),
    /// Something else that is refused here.
    Refused(Kind, String),
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
    /// Ctrl-C, or another signal that ends the program.
    Interrupted(Signal),
}

/// What a command that failed is about, as far as that is known.
#[derive(Debug, Default)]
pub(crate) struct Subject {
    pub(crate) target: Option<String>,
    pub(crate) file: Option<String>,
}

/// Declares each kind of failure once: its variant, its word and what it means.
macro_rules! kinds {
    ($($variant:ident, $word:literal, $meaning:literal;)+) => {
        /// A kind of failure, for programs: `error.kind` with `--json`. A change of these
        /// words is one of the program's public interface.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(crate) enum Kind {
            $(#[doc = $meaning] $variant,)+
        }

        impl Kind {
            /// Every kind's word, and what it means.
            pub(crate) const ALL: &[(&str, &str)] = &[$(($word, $meaning),)+];

            fn word(self) -> &'static str {
                match self {
                    $(Self::$variant => $word,)+
                }
            }
        }
    };
}

kinds! {
    InvalidArguments, "invalidArguments", "the arguments are unknown or contradict each other";
    InvalidConfiguration, "invalidConfiguration", "the base URL is not safe, or TLS cannot be set up";
    InvalidTarget, "invalidTarget", "the target is no resource with a photo, or cannot be meant";
    InvalidPhoto, "invalidPhoto", "the file cannot be read, or is no valid JPEG";
    TooLarge, "tooLarge", "the photo, or the request with it, is too large";
    Unauthorized, "unauthorized", "there is no usable token, or Graph refused it";
    PermissionDenied, "permissionDenied", "the token does not allow it";
    NotFound, "notFound", "Graph knows no such resource";
    Throttled, "throttled", "Graph asks to send less";
    Timeout, "timeout", "no answer came in time";
    Connection, "connection", "the network failed";
    Unavailable, "unavailable", "Graph failed in a way that may pass";
    Refused, "refused", "Graph refused for another reason";
    System, "system", "this machine failed, as in writing the result";
    Interrupted, "interrupted", "a signal, such as that of Ctrl-C, ended the program";
}

/// A kind of failure and how the library tells it.
type Told = (Kind, fn(&Error) -> bool);

/// How the library tells kinds of failure; of those that apply, the first one counts.
const TOLD: &[Told] = &[
    (Kind::InvalidPhoto, Error::is_invalid_photo),
    (Kind::InvalidTarget, Error::is_invalid_target),
    (Kind::InvalidConfiguration, Error::is_invalid_configuration),
    (Kind::TooLarge, Error::is_too_large),
    (Kind::Unauthorized, Error::is_unauthorized),
    (Kind::PermissionDenied, Error::is_permission_denied),
    (Kind::NotFound, Error::is_not_found),
    (Kind::Throttled, Error::is_throttled),
    (Kind::Timeout, Error::is_timeout),
    (Kind::Connection, Error::is_connection),
    (Kind::Unavailable, Error::is_retryable),
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

    /// What is refused here, as what keeps from a task, which is an infinitive.
    pub(crate) fn of_task(self, task: &str) -> Self {
        match self.exit() {
            Exit::Refused => Self::Refused(self.kind(), format!("failed to {task}: {self}")),
            _ => self,
        }
    }

    pub(crate) fn exit(&self) -> Exit {
        match self {
            Self::Client(error) if error.is_local() && sign_in(error).is_none() => Exit::Refused,
            Self::Refused(..) | Self::Arguments(_) | Self::Token(_) | Self::TooLarge(_) => {
                Exit::Refused
            }
            Self::Client(_) | Self::System { .. } => Exit::Failed,
            Self::Interrupted(signal) => Exit::Interrupted(*signal),
        }
    }

    fn kind(&self) -> Kind {
        match self {
            Self::Client(error) if sign_in(error) == Some(SignIn::NoAnswer) => Kind::Connection,
            Self::Client(error) => {
                let told = TOLD.iter().find(|(_, applies)| applies(error));
                told.map_or(Kind::Refused, |(kind, _)| *kind)
            }
            Self::Refused(kind, _) => *kind,
            Self::Arguments(_) => Kind::InvalidArguments,
            Self::Token(_) => Kind::Unauthorized,
            Self::TooLarge(_) => Kind::TooLarge,
            Self::System { .. } => Kind::System,
            Self::Interrupted(_) => Kind::Interrupted,
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
            "kind": self.kind().word(),
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
            Self::Refused(_, problem)
            | Self::Arguments(problem)
            | Self::Token(problem)
            | Self::TooLarge(problem) => f.write_str(problem),
            Self::System { problem, cause } => write!(f, "{problem}: {}", error_chain(cause)),
            Self::Interrupted(signal) => f.write_str(signal.word()),
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
