//! A wait that a client is told of, and the requests that it is for.

use std::time::SystemTime;

/// What a limit counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Count {
    Requests,
    UploadedBytes,
    Writes,
}

/// Requests that a wait is for: those that a limit counts, or without one, those of a target.
pub(crate) type Scope = (Option<Count>, String);

/// A wait that a client is told of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Wait {
    pub(crate) scope: Scope,
    pub(crate) end: SystemTime,
}
