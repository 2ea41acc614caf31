//! What operations share, and what the rules about them look up.

use super::expect::Agreed;
use crate::api::{Identifier, Scheme};

#[derive(Default)]
pub(super) struct Context {
    /// The security schemes without faults.
    pub(super) schemes: Vec<Scheme>,
    pub(super) max_request_bytes: Agreed<u64>,
    /// The name of the schema of errors.
    pub(super) error_model: Agreed<String>,
    /// The path parameters so far, in the order of first use, each with its line.
    pub(super) identifiers: Vec<(Identifier, usize)>,
    /// The names of the targets so far, each with its path.
    pub(super) targets: Vec<(String, String)>,
}
