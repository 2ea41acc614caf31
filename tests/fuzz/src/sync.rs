//! The reader of tables of `graph-photo sync`, by the sources of the program, which is no
//! library.
#![allow(dead_code, reason = "only tables are read, not folders")]
#![allow(clippy::needless_update, reason = "the program's arguments have more fields")]

use std::path::PathBuf;

// At the place that its files name each other by.
#[path = "table_reader.rs"]
mod source;

use source::row::Written;

pub(crate) use crate::args::sync::ReadingArgs;

/// A row of a table.
#[derive(Debug)]
pub(crate) struct Row {
    pub(crate) line: u64,
    pub(crate) target: String,
    pub(crate) file: Option<PathBuf>,
    /// Why it cannot be used, if so.
    pub(crate) why: Option<&'static str>,
}

/// Reads a table.
pub(crate) fn read(
    bytes: &[u8],
    extension: Option<&str>,
    args: &ReadingArgs,
) -> Result<Vec<Row>, String> {
    let row = |row: source::row::Row| {
        let line = row.origin.line().expect("a row of a table has a line");
        let (target, why) = match row.target {
            Written::User(text) | Written::Text(text) => (text, None),
            Written::Unusable { text, why } => (text, Some(why)),
        };
        Row { line, target, file: row.file, why }
    };
    Ok(source::read(bytes, extension, args)?.into_iter().map(row).collect())
}
