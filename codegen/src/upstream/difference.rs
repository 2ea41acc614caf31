//! A difference between the spec and Microsoft's file.

use crate::api::{Method, difference::DifferenceKind};

/// A difference between the spec and Microsoft's file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// What it is about.
    pub kind: DifferenceKind,
    /// The path, as the spec writes it, or else as upstream does.
    pub path: String,
    /// The one method that it is about; `None` if it is about each of the path.
    pub method: Option<Method>,
    /// The security scheme that it is about: a name of the spec, or else of upstream.
    pub scheme: Option<String>,
    /// The permission that it is about; of two that differ, upstream's.
    pub permission: Option<String>,
    /// The line of the spec, from 1, at which there is something to change.
    pub line: usize,
    /// What upstream says and what the spec says, in one line without a full stop.
    pub message: String,
    /// What a maintainer may do about it, in one line without a full stop.
    pub consider: String,
    /// Why it is deliberate, if the spec records it.
    pub accepted: Option<String>,
}

impl Difference {
    /// One that is about a path as a whole, and not judged yet.
    pub(super) fn new(kind: DifferenceKind, path: &str, line: usize, message: String) -> Self {
        Self {
            kind,
            path: path.to_owned(),
            method: None,
            scheme: None,
            permission: None,
            line,
            message,
            consider: String::new(),
            accepted: None,
        }
    }
}
