//! Where an upload goes: clouds, targets, the identifiers in them, and operations.

pub(crate) mod cloud;
pub(crate) mod error;
pub(crate) mod identifier;
pub(crate) mod operation;
pub(crate) mod path;
