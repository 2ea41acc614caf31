//! Why a spec could not be rendered.

use std::fmt;

use thiserror::Error;

use crate::{diagnostics::finding::Findings, progenitor::workaround::WorkaroundError};

/// Why a spec could not be rendered. `Debug` prints the same as `Display`, for build scripts.
#[derive(Error)]
#[non_exhaustive]
pub enum RenderError {
    /// The spec breaks rules.
    #[error(transparent)]
    Spec(#[from] Findings),
    /// A workaround for progenitor does not match what progenitor renders.
    #[error(transparent)]
    Workaround(#[from] WorkaroundError),
    /// progenitor refused a spec that breaks no rule.
    #[error(
        "failed to render the client: progenitor refused a spec that breaks no rule ({0}); add a \
         rule for this to graph-photo-codegen"
    )]
    Progenitor(String),
    /// Rendered tokens are not Rust.
    #[error("failed to parse the rendered client: {0}")]
    Syntax(syn::Error),
}

impl fmt::Debug for RenderError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
