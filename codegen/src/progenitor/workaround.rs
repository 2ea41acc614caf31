//! The error of a workaround for progenitor that no longer matches.

use std::{error::Error, fmt};

/// A workaround for progenitor matched another number of places than the spec
/// has operations or parameters for: progenitor has changed, and the workaround
/// has to change with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkaroundError {
    /// The function that carries the workaround out.
    pub name: &'static str,
    /// How many places it had to match.
    pub expected: usize,
    /// How many it matched.
    pub found: usize,
}

impl WorkaroundError {
    /// `Ok` if a workaround matched as many places as it had to.
    pub(crate) fn check(
        name: &'static str,
        expected: usize,
        found: usize,
    ) -> Result<(), WorkaroundError> {
        if expected == found { Ok(()) } else { Err(WorkaroundError { name, expected, found }) }
    }
}

impl fmt::Display for WorkaroundError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "failed to apply the workaround `{}`: it matched {} places instead of {}; \
             compare what progenitor renders now with what the function looks for",
            self.name, self.found, self.expected
        )
    }
}

impl Error for WorkaroundError {}
