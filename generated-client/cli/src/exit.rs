//! How the program ends.

use std::process::ExitCode;

use crate::signal::Signal;

/// How the program ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Exit {
    /// All is done.
    Done,
    /// Graph refused, or the network failed.
    Failed,
    /// Refused before sending anything.
    Refused,
    /// A signal ended the program.
    Interrupted(Signal),
}

impl Exit {
    /// Ends the program. After an interrupt it dies of that signal, since a shell that
    /// sees a plain exit code goes on with its loop.
    pub(crate) fn end(self) -> ExitCode {
        ExitCode::from(match self {
            Self::Done => 0,
            Self::Failed => 1,
            Self::Refused => 2,
            Self::Interrupted(signal) => signal.die(),
        })
    }
}
