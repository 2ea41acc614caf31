//! The text of a spec as values that know their place.

mod characters;
pub(crate) mod decode;
pub(crate) mod document;
mod reader;
mod scalar;
