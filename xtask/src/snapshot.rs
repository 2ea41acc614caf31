//! Snapshot files in the form of insta.

use std::path::Path;

/// The folder of the snapshots.
pub(crate) const FOLDER: &str = "tests/snapshots";

/// The test that compares them, which insta writes into each.
const SOURCE: &str = "tests/it/snapshots.rs";

/// The path of the snapshot of a generated module.
pub(crate) fn path(module: &str) -> String {
    format!("{FOLDER}/{module}.snap")
}

/// Whether a file is a snapshot, or one that insta proposes.
pub(crate) fn is_one(path: &str) -> bool {
    let path = path.strip_suffix(".new").unwrap_or(path);
    Path::new(path).extension().is_some_and(|ending| ending == "snap")
}

/// The text of a snapshot file.
pub(crate) fn text(content: &str) -> String {
    format!("---\nsource: {SOURCE}\n---\n{}\n", content.trim_end())
}
