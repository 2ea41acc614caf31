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
    /// Some photos of several failed, or were skipped.
    Incomplete,
    /// A signal ended the program.
    Interrupted(Signal),
}

impl Exit {
    /// The exit code, as a shell shows it.
    pub(crate) fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Failed => 1,
            Self::Refused => 2,
            Self::Incomplete => 3,
            Self::Interrupted(signal) => signal.code(),
        }
    }

    /// Ends the program. By the signal that interrupted it, where there are signals: a
    /// shell that sees the code of an exit instead goes on with its loop.
    pub(crate) fn end(self) -> ExitCode {
        if let Self::Interrupted(signal) = self {
            signal.die();
        }
        ExitCode::from(self.code())
    }
}
