//! The text of a spec as values that know their place.

pub(crate) mod decode;
pub(crate) mod document;
mod reader;
mod scalar;
