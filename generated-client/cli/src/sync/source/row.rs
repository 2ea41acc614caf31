//! One photo of a source, as it is written there.

use std::{fmt, path::PathBuf};

/// One photo of a source.
#[derive(Debug)]
pub(in crate::sync) struct Row {
    pub(in crate::sync) origin: Origin,
    pub(in crate::sync) target: Written,
    /// Relative to the photos of the source; none if the row names none.
    pub(in crate::sync) file: Option<PathBuf>,
}

/// Where a row is in its source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::sync) enum Origin {
    /// A file of a folder.
    File,
    /// A line of a table, from 1.
    Line(u64),
}

impl Origin {
    /// The line of a table.
    pub(in crate::sync) fn line(self) -> Option<u64> {
        match self {
            Self::File => None,
            Self::Line(line) => Some(line),
        }
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File => f.write_str("file"),
            Self::Line(line) => write!(f, "line {line}"),
        }
    }
}

/// A target as a source has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::sync) enum Written {
    /// A user's name or id, every character of which stands for itself.
    User(String),
    /// Anything that `set` takes.
    Text(String),
    /// Nothing that could be a target, for this reason.
    Unusable { text: String, why: &'static str },
}

/// A file that is no photo of a run, with the reason.
#[derive(Debug)]
pub(in crate::sync) struct LeftOut {
    pub(in crate::sync) file: String,
    pub(in crate::sync) reason: &'static str,
}
