//! The journal of a run: what was sent to whom, and what became of it.
//!
//! An SQLite database, so that people can look into it, even while a run writes to it. It
//! holds names of people and files, and so only its owner may read it; never a token.

mod binding;
mod error;
mod file_system;
mod lock;
mod record;
mod schema;
mod snapshot;
mod writer;

use std::path::{Path, PathBuf};

pub(crate) use self::{
    binding::Binding,
    lock::Lock,
    record::{Content, Digest, Known, Outcome, Planned, State},
    writer::Journal,
};
pub(crate) use self::{file_system::is_on_network, schema::read, snapshot::look_into};
use crate::shard::Shard;

/// The end of a journal's name.
const SUFFIX: &str = ".journal.sqlite";

/// Where the journal of a source is, unless the user says otherwise: beside it, one for each
/// shard.
pub(crate) fn beside(source: &Path, shard: Shard) -> PathBuf {
    let mut path = source.as_os_str().to_owned();
    if shard.is_part() {
        path.push(format!(".{}-of-{}", shard.index(), shard.count()));
    }
    path.push(SUFFIX);
    path.into()
}
