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
