//! The error of a workaround for progenitor that no longer matches.

use thiserror::Error;

/// A workaround for progenitor matched another number of places than the spec has operations
/// or parameters: progenitor has changed, and the workaround has to change with it.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error(
    "failed to apply the workaround `{name}`: it matched {found} places instead of {expected}; \
     compare what progenitor renders now with what the function looks for"
)]
pub struct WorkaroundError {
    /// The function that carries the workaround out.
    pub name: &'static str,
    /// How many places it had to match.
    pub expected: usize,
    /// How many it matched.
    pub found: usize,
}

impl WorkaroundError {
    pub(crate) fn check(name: &'static str, expected: usize, found: usize) -> Result<(), Self> {
        if expected == found { Ok(()) } else { Err(Self { name, expected, found }) }
    }
}
