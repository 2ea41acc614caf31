//! A difference between the spec and Microsoft's file.

use serde::Serialize;

use crate::api::difference::Subject;

/// A difference between the spec and Microsoft's file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// What differs.
    #[serde(flatten)]
    pub subject: Subject,
    /// The line of the spec, from 1, to change.
    pub line: usize,
    /// What upstream says and what the spec says, in one line without a full stop.
    pub message: String,
    /// What a maintainer may do about it, in one line without a full stop.
    pub consider: String,
    /// Why it is deliberate, if the spec records it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub accepted: Option<String>,
}

impl Difference {
    pub(super) fn new(subject: Subject, line: usize, message: String) -> Self {
        Self { subject, line, message, consider: String::new(), accepted: None }
    }
}

impl Subject {
    /// The members beside kind and path that it has, by their keys.
    pub(super) fn members(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let method = self.method.map(|method| ("method", method.as_str()));
        let scheme = self.scheme.iter().map(|scheme| ("scheme", scheme.as_str()));
        let permission = self.permission.iter().map(|name| ("permission", name.as_str()));
        method.into_iter().chain(scheme).chain(permission)
    }
}
