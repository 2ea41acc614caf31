//! Snapshot files in the form in which insta keeps them.

/// The folder of the snapshots.
pub(crate) const FOLDER: &str = "tests/snapshots";

/// The test that compares them, which insta notes in each.
const SOURCE: &str = "tests/tests/it/snapshots.rs";

/// The path of the snapshot of a generated module.
pub(crate) fn path(module: &str) -> String {
    format!("{FOLDER}/{module}.snap")
}

/// The text of a snapshot file.
pub(crate) fn text(content: &str) -> String {
    format!("---\nsource: {SOURCE}\n---\n{}\n", content.trim_end())
}
