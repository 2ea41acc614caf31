//! Where an upload goes: clouds, targets, and the identifiers in them.

pub(crate) mod cloud;
pub(crate) mod error;
pub(crate) mod identifier;
pub(crate) mod path;
