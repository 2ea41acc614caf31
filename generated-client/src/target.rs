//! Clouds, photo targets and identifiers.

pub(crate) mod cloud;
pub(crate) mod error;
pub(crate) mod identifier;
pub(crate) mod path;
