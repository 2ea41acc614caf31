//! Why a spec could not be rendered.

use std::{error::Error, fmt};

use crate::{finding::Findings, progenitor::workaround::WorkaroundError};

/// Why a spec could not be rendered.
///
/// `Debug` reads like `Display`, so that a build script may return it.
#[non_exhaustive]
pub enum RenderError {
    /// The spec breaks rules.
    Spec(Findings),
    /// A workaround for progenitor does not match what progenitor renders.
    Workaround(WorkaroundError),
    /// progenitor refused a spec that keeps every rule.
    Progenitor(String),
    /// Rendered tokens are not Rust.
    Syntax(syn::Error),
}

impl fmt::Display for RenderError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Spec(findings) => findings.fmt(f),
            Self::Workaround(error) => error.fmt(f),
            Self::Progenitor(cause) => write!(
                f,
                "failed to render the client: progenitor refused a spec that keeps every rule \
                 ({cause}); a rule for this is missing in graph-photo-codegen"
            ),
            Self::Syntax(cause) => write!(f, "failed to parse the rendered client: {cause}"),
        }
    }
}

impl fmt::Debug for RenderError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Error for RenderError {}

impl From<Findings> for RenderError {
    fn from(findings: Findings) -> Self {
        Self::Spec(findings)
    }
}

impl From<WorkaroundError> for RenderError {
    fn from(error: WorkaroundError) -> Self {
        Self::Workaround(error)
    }
}
