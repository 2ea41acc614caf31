//! What is wrong with a spec: rules, findings, how they are shown, what was meant.

pub(crate) mod finding;
pub(crate) mod named_enum;
pub(crate) mod report;
pub(crate) mod rule;
pub(crate) mod suggestion;
