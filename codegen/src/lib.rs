//! Renders the generated modules of `graph-photo-client` from its OpenAPI description: text in,
//! text out, without input or output.
//!
//! [`render()`] reads and checks the spec, lowers it for progenitor, lets progenitor render the
//! client, restores what was lowered, and adds targets, operations, permissions and clouds.
//! [`decode`] turns the bytes of a file into text. Without the feature `generator`, which is on
//! by default, the crate only reads and checks the spec: [`Api::read`].

pub mod api;
mod check;
#[cfg(feature = "generator")]
pub mod compat;
mod diagnostics;
#[cfg(feature = "generator")]
mod docs;
#[cfg(feature = "generator")]
mod error;
mod names;
#[cfg(feature = "generator")]
mod pipeline;
#[cfg(feature = "generator")]
mod progenitor;
#[cfg(feature = "generator")]
mod render;
#[cfg(feature = "generator")]
mod spec;
#[cfg(feature = "generator")]
pub mod upstream;
mod yaml;

pub use self::{
    api::{Api, permissions},
    diagnostics::{
        finding::{Finding, Findings, SPEC_PATH},
        rule::Rule,
    },
    yaml::decode::decode,
};
#[cfg(feature = "generator")]
pub use self::{
    docs::Document,
    error::RenderError,
    pipeline::{Module, PROGENITOR_VERSION, Rendered, render},
    progenitor::workaround::WorkaroundError,
    spec::Spec,
};

/// The README's example as a documentation test.
#[cfg(all(doctest, feature = "generator"))]
#[doc = include_str!("../README.md")]
struct Readme;
