//! What Graph would say to a request.

pub(crate) mod access;
pub(crate) mod admission;
pub(crate) mod completion;
pub(crate) mod content;
pub(crate) mod refusal;
pub(crate) mod route;
