//! Renders the generated modules of `graph-photo-client` from its OpenAPI
//! description: text in, text out, with no input or output of its own.
//!
//! [`render`] is the one entry: read and check the spec, lower what progenitor
//! cannot take, let progenitor render, restore what the spec said, and render
//! what progenitor does not know - targets, operations, permissions, clouds.
//! [`decode`] makes the text out of the bytes of a file, or says why it can't.

pub mod api;
mod check;
mod client;
pub mod compat;
mod decode;
mod document;
mod documents;
mod error;
mod finding;
mod lower;
mod markdown;
mod names;
pub mod permissions;
mod render;
mod restore;
mod rule;
mod workaround;
mod yaml;

pub use api::Api;
pub use check::Spec;
pub use decode::decode;
pub use documents::{Document, permission_matrix};
pub use error::RenderError;
pub use finding::{Finding, Findings, SPEC_PATH};
pub use render::{Module, PROGENITOR_VERSION, Rendered, render};
pub use rule::Rule;
pub use workaround::WorkaroundError;

/// The example of the README, which is compiled as a documentation test.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

/// The pattern that every path parameter has in the spec. What matches it
/// can't leave the path segment that it is put into: it is not `.` or `..`, and
/// has no backslash, which URL parsers read as `/`.
pub const SAFE_SEGMENT_PATTERN: &str =
    r"^(?!\.{1,2}$)[^\\\x00-\x1F\x7F-\x9F\u061C\u200E\u200F\u2028-\u202E\u2066-\u2069\uFEFF]+$";
