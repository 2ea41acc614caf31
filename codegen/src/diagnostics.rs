//! Faults of a spec: rules, findings, how they are shown, and suggestions.

pub(crate) mod finding;
pub(crate) mod lines;
pub(crate) mod named_enum;
pub(crate) mod report;
pub(crate) mod rule;
pub(crate) mod suggestion;
