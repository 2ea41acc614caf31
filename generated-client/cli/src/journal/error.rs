//! The reasons why a journal cannot be used, and their remedies.

use std::{io, path::Path};

use rusqlite::ErrorCode;

use crate::{failure::Failure, output::printable};

const MOVE_AWAY: &str = "move the file away, or name another one with --journal; then every photo \
                         is sent again, which does no harm";

/// The reason why a journal cannot be used.
#[derive(Debug)]
pub(crate) enum Broken {
    /// SQLite reported an error.
    Sqlite(rusqlite::Error),
    /// The file system reported an error.
    Io(io::Error),
    /// The check found this damage.
    Damaged(String),
    /// Nothing was ever written to it.
    New,
    /// The database was not made by `sync`.
    Foreign,
    /// The journal has another version.
    Version(i32),
    /// The writing thread has ended.
    Gone,
    /// The writing thread reported this failure.
    Told(String),
}

impl From<rusqlite::Error> for Broken {
    fn from(cause: rusqlite::Error) -> Self {
        Self::Sqlite(cause)
    }
}

impl From<io::Error> for Broken {
    fn from(cause: io::Error) -> Self {
        Self::Io(cause)
    }
}

impl Broken {
    /// The reason and its remedy.
    pub(super) fn words(&self) -> String {
        match self {
            Self::Sqlite(cause) => match remedy(cause) {
                Some(remedy) => format!("{cause}; {remedy}"),
                None => cause.to_string(),
            },
            Self::Io(cause) => {
                format!("{cause}; name a file that can be written with --journal")
            }
            Self::Damaged(found) => {
                let found = found.split_whitespace().collect::<Vec<_>>().join(" ");
                format!("it is damaged ({found}); {MOVE_AWAY}")
            }
            Self::New => "it is empty; run the sync again".to_owned(),
            Self::Foreign => {
                "it is a database of another program; name another file with --journal".to_owned()
            }
            Self::Version(version) => format!(
                "it has version {version}, which this program does not know; use the program that \
                 made it, or {MOVE_AWAY}"
            ),
            Self::Told(words) => words.clone(),
            Self::Gone => "what writes it has ended".to_owned(),
        }
    }
}

fn remedy(cause: &rusqlite::Error) -> Option<String> {
    Some(match cause.sqlite_error_code()? {
        ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt => {
            format!("it is damaged or no journal; {MOVE_AWAY}")
        }
        ErrorCode::DiskFull => {
            "the disk is full; make room and run the same command again".to_owned()
        }
        ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => {
            "another program is writing to it; end that and run the same command again".to_owned()
        }
        ErrorCode::CannotOpen | ErrorCode::ReadOnly | ErrorCode::PermissionDenied => {
            "name a file that can be written with --journal".to_owned()
        }
        ErrorCode::SystemIoFailure => {
            "the disk may be full or broken; run the same command again once that is solved"
                .to_owned()
        }
        _ => return None,
    })
}

/// The failure to do something with a journal.
pub(super) fn failed(verb: &str, path: &Path, cause: &Broken) -> Failure {
    let problem = format!("failed to {verb} the journal `{}`", printable(path));
    Failure::System(problem, io::Error::other(cause.words()))
}
