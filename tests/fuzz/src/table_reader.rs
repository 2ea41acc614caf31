//! The files of the reader of tables.

#[path = "../../../generated-client/cli/src/sync/source/columns.rs"]
mod columns;
#[path = "../../../generated-client/cli/src/sync/source/decoding.rs"]
mod decoding;
#[path = "../../../generated-client/cli/src/sync/source/delimiter.rs"]
mod delimiter;
#[path = "../../../generated-client/cli/src/sync/source/quoting.rs"]
mod quoting;
#[path = "../../../generated-client/cli/src/sync/source/row.rs"]
pub(super) mod row;
#[path = "../../../generated-client/cli/src/sync/source/table.rs"]
mod table;

use std::path::Path;

use crate::args::sync::ReadingArgs;

/// Reads a table; no file exists that it could name.
pub(super) fn read(
    bytes: &[u8],
    extension: Option<&str>,
    args: &ReadingArgs,
) -> Result<Vec<row::Row>, String> {
    Ok(table::read(bytes, extension, args, Path::new("/nowhere"))?.rows)
}
