//! The tables of a journal, and the records of earlier runs in them.

use std::{collections::HashMap, path::Path};

use rusqlite::{Connection, OpenFlags, Row, config::DbConfig};

use super::{
    error::{self, Broken},
    file_system::resolved,
    record::{Content, Digest, Known, State},
};
use crate::failure::Failure;

/// `PRAGMA application_id`: the first four bytes of "gphoto".
pub(super) const APPLICATION_ID: i32 = i32::from_be_bytes(*b"gpho");

/// The version of the tables, also stored as `PRAGMA user_version`.
pub(super) const VERSION: i32 = 1;

/// The comments are for users: `.schema photos` shows them.
pub(super) const SCHEMA: &str = "
CREATE TABLE meta (
    key   TEXT PRIMARY KEY NOT NULL,
    value TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE photo (
    key               TEXT PRIMARY KEY NOT NULL, -- the target, as targets are compared
    target            TEXT NOT NULL,
    file              TEXT NOT NULL,
    state             TEXT NOT NULL,
    reason            TEXT,
    status            INTEGER,
    code              TEXT,
    request_id        TEXT,
    client_request_id TEXT,
    attempts          INTEGER NOT NULL DEFAULT 0,
    bytes             INTEGER,
    sha256            TEXT,
    source_sha256     TEXT,
    stored_sha256     TEXT,                      -- of the bytes that Graph stored last
    fit               TEXT,
    started           TEXT,
    finished          TEXT
);

CREATE VIEW photos AS SELECT
    target,            -- whose photo it is, as a resource path
    file,              -- its file, relative to the folder `photos` in the table `meta`
    state,             -- planned: to be sent; sending: being sent, or the run was killed while
                       -- it was; stored: Graph has it; failed: Graph refused it or could not be
                       -- reached; refused: refused here and never sent.
                       -- All but `stored` and `refused` are sent when the command runs again.
    reason,            -- why it failed or is refused
    status,            -- the HTTP status that Graph answered with
    code,              -- Graph's error code
    request_id,        -- Graph's id of the last request, which its support asks for
    client_request_id, -- our id of it
    attempts,          -- requests that were sent for these bytes, in all runs
    bytes,             -- how many bytes are sent
    sha256,            -- of the bytes that are sent
    source_sha256,     -- of the file
    fit,               -- the options of --fix; NULL without it
    started,           -- when the last request began; all times are RFC 3339 in UTC
    finished           -- when its outcome was known
FROM photo;
";

/// The records of earlier runs by target key, and the journal's binding by the keys of
/// `meta`.
#[derive(Debug, Default)]
pub(crate) struct Contents {
    pub(crate) known: HashMap<String, Known>,
    pub(crate) meta: HashMap<String, String>,
}

/// Reads a journal without changing it; a missing journal counts as empty.
///
/// # Errors
///
/// [`Failure`] if it is damaged or no journal at all.
pub(crate) fn read(path: &Path) -> Result<Contents, Failure> {
    if !path.try_exists().unwrap_or(true) {
        return Ok(Contents::default());
    }
    let access = if is_left_by_a_kill(path) {
        OpenFlags::SQLITE_OPEN_READ_WRITE
    } else {
        OpenFlags::SQLITE_OPEN_READ_ONLY
    };
    let flags = access | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let contents = Connection::open_with_flags(path, flags).map_err(Broken::from);
    let contents = contents.and_then(|connection| {
        if is_new(&connection)? {
            return Ok(Contents::default());
        }
        verify(&connection)?;
        contents_of(&connection)
    });
    contents.map_err(|cause| error::failed("read", path, &cause))
}

/// Whether SQLite has to write to a database before it can be read: what a killed run left
/// beside it has to be taken back or put in first.
fn is_left_by_a_kill(path: &Path) -> bool {
    ["-journal", "-wal"].into_iter().any(|ending| {
        let mut beside = resolved(path).into_os_string();
        beside.push(ending);
        Path::new(&beside).exists()
    })
}

fn contents_of(connection: &Connection) -> Result<Contents, Broken> {
    let mut statement = connection.prepare("SELECT key, value FROM meta")?;
    let meta = statement.query_map((), |row| Ok((row.get(0)?, row.get(1)?)))?;
    let meta = meta.collect::<Result<_, _>>()?;
    let mut statement = connection.prepare(
        "SELECT key, state, source_sha256, sha256, bytes, fit, stored_sha256 FROM photo",
    )?;
    let known = statement.query_map((), known)?.collect::<Result<_, _>>()?;
    Ok(Contents { known, meta })
}

fn known(row: &Row<'_>) -> rusqlite::Result<(String, Known)> {
    let digest = |column| -> rusqlite::Result<Option<Digest>> {
        Ok(row.get_ref(column)?.as_str_or_null().ok().flatten().and_then(Digest::parse))
    };
    let content = match (digest("source_sha256")?, digest("sha256")?) {
        (Some(source_sha256), Some(sha256)) => {
            Some(Content { source_sha256, sha256, bytes: row.get("bytes").unwrap_or_default() })
        }
        _ => None,
    };
    let word: String = row.get("state")?;
    let known = Known {
        // Send a photo in an unknown state again: that does no harm.
        state: State::parse(&word).unwrap_or(State::Planned),
        content,
        fit: row.get("fit")?,
        stored_sha256: digest("stored_sha256")?,
    };
    Ok((row.get("key")?, known))
}

/// Refuses a database that is no journal, is damaged or has another version.
pub(super) fn verify(connection: &Connection) -> Result<(), Broken> {
    // A damaged schema must not execute anything.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    let pragma = |name: &str| connection.pragma_query_value(None, name, |row| row.get::<_, i32>(0));
    if pragma("application_id")? != APPLICATION_ID {
        return Err(Broken::Foreign);
    }
    match pragma("user_version")? {
        VERSION => {}
        other => return Err(Broken::Version(other)),
    }
    let found: String = connection.query_row("PRAGMA quick_check(1)", (), |row| row.get(0))?;
    if found == "ok" { Ok(()) } else { Err(Broken::Damaged(found)) }
}

/// Whether no program has written to a database yet. It need not be empty: a run that is killed
/// while it creates its journal, or whose disk is full, may leave a page without tables.
pub(super) fn is_new(connection: &Connection) -> rusqlite::Result<bool> {
    let tables = "SELECT count(*) FROM sqlite_schema";
    let tables: i64 = connection.query_row(tables, (), |row| row.get(0))?;
    let application: i32 =
        connection.pragma_query_value(None, "application_id", |row| row.get(0))?;
    Ok(tables == 0 && application == 0)
}
