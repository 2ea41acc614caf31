//! The journal of a run: each photo sent, its target and its result.
//!
//! An SQLite database, so that people can inspect it even while a run writes to it. It
//! contains names of people and files, so only its owner may read it; it never contains a
//! token.

mod binding;
mod error;
mod file_system;
mod lock;
mod record;
mod schema;
mod snapshot;
mod writer;

use std::{
    fs,
    path::{Path, PathBuf},
};

pub(crate) use self::{
    binding::Binding,
    file_system::is_on_network,
    lock::Lock,
    record::{Content, Digest, Known, Outcome, Planned, State, timestamp},
    schema::read,
    snapshot::look_into,
    writer::Journal,
};
use crate::shard::Shard;

/// The suffix of a journal's name.
const SUFFIX: &str = ".journal.sqlite";

/// The default path of a source's journal: beside the source, one for each shard; `None` if
/// the source has no name.
pub(crate) fn beside(source: &Path, shard: Shard) -> Option<PathBuf> {
    // For example `.`.
    let resolved = if source.file_name().is_none() { fs::canonicalize(source).ok() } else { None };
    let source = resolved.as_deref().unwrap_or(source);
    let mut name = source.file_name()?.to_owned();
    if shard.is_part() {
        name.push(format!(".{}-of-{}", shard.index(), shard.count()));
    }
    name.push(SUFFIX);
    Some(source.with_file_name(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_journal_lies_beside_its_source() {
        let part = Shard::new(2, 4).unwrap();
        for (source, shard, expected) in [
            ("photos", Shard::WHOLE, "photos.journal.sqlite"),
            ("in/photos/", Shard::WHOLE, "in/photos.journal.sqlite"),
            ("../people.csv", Shard::WHOLE, "../people.csv.journal.sqlite"),
            ("people.csv", part, "people.csv.2-of-4.journal.sqlite"),
        ] {
            assert_eq!(beside(Path::new(source), shard), Some(expected.into()));
        }
        let here = beside(Path::new("."), Shard::WHOLE).unwrap();
        assert!(here.is_absolute() && here.to_string_lossy().ends_with(SUFFIX));
        assert_eq!(beside(Path::new("/"), Shard::WHOLE), None);
    }
}
