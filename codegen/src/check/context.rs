//! What the rules about operations look up, and what all operations have in common.

use super::expect::Agreed;
use crate::{
    api::{Identifier, Scheme},
    diagnostics::report::Report,
};

/// What is known when an operation is read.
pub(super) struct Context<'r> {
    /// The security schemes without faults.
    pub(super) schemes: Vec<Scheme>,
    /// The largest request.
    pub(super) max_request_bytes: Agreed<u64>,
    /// The name of the schema of every error answer.
    pub(super) error_model: Agreed<String>,
    /// The path parameters so far, in the order of their first use, each with its line.
    pub(super) identifiers: Vec<(Identifier, usize)>,
    /// The names of the targets so far, each with its path.
    pub(super) targets: Vec<(String, String)>,
    pub(super) report: &'r mut Report,
}

impl<'r> Context<'r> {
    pub(super) fn new(schemes: Vec<Scheme>, report: &'r mut Report) -> Self {
        Self {
            schemes,
            max_request_bytes: Agreed(None),
            error_model: Agreed(None),
            identifiers: Vec::new(),
            targets: Vec::new(),
            report,
        }
    }
}
