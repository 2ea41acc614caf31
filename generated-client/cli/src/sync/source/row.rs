//! One photo of a source, as written there.

use std::{fmt, path::PathBuf};

/// One photo of a source.
#[derive(Debug)]
pub(in crate::sync) struct Row {
    pub(in crate::sync) origin: Origin,
    pub(in crate::sync) target: Written,
    /// The path relative to the source's photos; none if the row names no file.
    pub(in crate::sync) file: Option<PathBuf>,
}

/// The place of a row in its source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::sync) enum Origin {
    /// A file of a folder.
    File,
    /// A line of a table, counted from 1.
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

/// A target as written in a source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::sync) enum Written {
    /// A user's name or id, taken literally.
    User(String),
    /// Any target that `set` accepts.
    Text(String),
    /// Not a target, for this reason.
    Unusable { text: String, why: &'static str },
}

/// A file left out of a run, with the reason.
#[derive(Debug)]
pub(in crate::sync) struct LeftOut {
    pub(in crate::sync) file: String,
    pub(in crate::sync) reason: &'static str,
}
