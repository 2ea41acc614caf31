//! Renders the generated modules of `graph-photo-client` from its OpenAPI
//! description: text in, text out, with no input or output of its own.
//!
//! [`render`] is the one entry: read and check the spec, lower what progenitor
//! cannot take, let progenitor render, restore what the spec said, and render
//! what progenitor does not know - targets, operations, permissions, clouds.
//! [`decode`] makes the text out of the bytes of a file, or says why it can't.
//!
//! Without the feature `generator`, which is on by default, there is only what reads
//! and checks the spec: [`Api::read`].

pub mod api;
mod check;
#[cfg(feature = "generator")]
pub mod compat;
mod decode;
#[cfg(feature = "generator")]
mod docs;
mod document;
#[cfg(feature = "generator")]
mod error;
mod finding;
mod names;
mod pattern;
pub mod permissions;
#[cfg(feature = "generator")]
mod pipeline;
#[cfg(feature = "generator")]
mod progenitor;
#[cfg(feature = "generator")]
mod render;
mod rule;
#[cfg(feature = "generator")]
mod spec;
pub mod upstream;
mod yaml;

pub use api::Api;
pub use decode::decode;
#[cfg(feature = "generator")]
pub use docs::Document;
#[cfg(feature = "generator")]
pub use error::RenderError;
pub use finding::{Finding, Findings, SPEC_PATH};
#[cfg(feature = "generator")]
pub use pipeline::{Module, PROGENITOR_VERSION, Rendered, render};
#[cfg(feature = "generator")]
pub use progenitor::workaround::WorkaroundError;
pub use rule::Rule;
#[cfg(feature = "generator")]
pub use spec::Spec;

/// The example of the README, which is compiled as a documentation test.
#[cfg(all(doctest, feature = "generator"))]
#[doc = include_str!("../README.md")]
struct Readme;
