//! Reading a journal without changing it.

use std::{
    collections::BTreeMap,
    io,
    path::{Path, PathBuf},
};

use rusqlite::{Connection, ErrorCode};
use serde::{Serialize, Serializer};

use super::{row::Row, snapshot::Snapshot};
use crate::{
    failure::{Failure, FailureKind},
    output::printable,
};

/// The version of journals that this program reads.
const VERSION: &str = "1";

/// Where a journal's outcomes are from.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Meta {
    /// The journal itself.
    #[serde(serialize_with = "lossy")]
    pub(super) path: PathBuf,
    /// The folder or table that was sent.
    pub(super) source: Option<String>,
    /// The folder that files are relative to.
    pub(super) photos: Option<String>,
    /// The URL that paths were appended to.
    pub(super) base_url: Option<String>,
    /// The tenant of the token, if it had one.
    pub(super) tenant: Option<String>,
    /// Which part of the source it is, as `I/N`.
    pub(super) shard: Option<String>,
    /// When it was made, in UTC by RFC 3339.
    pub(super) created: Option<String>,
}

fn lossy<S: Serializer>(path: &Path, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&path.to_string_lossy())
}

impl Meta {
    /// The tenant in words, with the Graph that it is in.
    pub(super) fn tenant(&self) -> String {
        let base_url = self.base_url.as_deref().filter(|url| !url.is_empty());
        let base_url = base_url.unwrap_or("an unknown Graph");
        match self.tenant.as_deref().filter(|tenant| !tenant.is_empty()) {
            Some(tenant) => format!("tenant {tenant} at {base_url}"),
            None => base_url.to_owned(),
        }
    }
}

/// All that a report needs of a journal.
pub(super) struct Journal {
    pub(super) meta: Meta,
    pub(super) rows: Vec<Row>,
}

/// Why a journal cannot be read.
enum Problem {
    Io(io::Error),
    Sqlite(rusqlite::Error),
    Version(String),
}

impl From<io::Error> for Problem {
    fn from(cause: io::Error) -> Self {
        Self::Io(cause)
    }
}

impl From<rusqlite::Error> for Problem {
    fn from(cause: rusqlite::Error) -> Self {
        Self::Sqlite(cause)
    }
}

impl Journal {
    /// Reads a journal. Neither it nor anything beside it changes.
    pub(super) fn read(path: &Path) -> Result<Self, Failure> {
        read(path).map_err(|problem| failure(path, problem))
    }
}

fn read(path: &Path) -> Result<Journal, Problem> {
    // A copy: to open a journal whose sync was killed, SQLite writes beside it.
    let snapshot = Snapshot::of(path)?;
    let connection = Connection::open(snapshot.path())?;
    let mut meta = meta(&connection)?;
    match meta.remove("version") {
        Some(version) if version == VERSION => {}
        other => return Err(Problem::Version(other.unwrap_or_default())),
    }
    let rows = rows(&connection)?;
    let mut take = |key: &str| meta.remove(key);
    let meta = Meta {
        path: path.to_owned(),
        source: take("source"),
        photos: take("photos"),
        base_url: take("base_url"),
        tenant: take("tenant"),
        shard: take("shard"),
        created: take("created"),
    };
    Ok(Journal { meta, rows })
}

fn meta(connection: &Connection) -> rusqlite::Result<BTreeMap<String, String>> {
    let mut statement =
        connection.prepare("SELECT key, value FROM meta WHERE value IS NOT NULL")?;
    let pairs = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    pairs.collect()
}

fn rows(connection: &Connection) -> rusqlite::Result<Vec<Row>> {
    let columns = Row::COLUMNS.join(", ");
    let mut statement = connection.prepare(&format!("SELECT {columns} FROM photos"))?;
    let rows = statement.query_map([], row)?;
    rows.collect()
}

/// In the order of the columns.
fn row(row: &rusqlite::Row<'_>) -> rusqlite::Result<Row> {
    Ok(Row {
        target: row.get(0)?,
        file: row.get(1)?,
        state: row.get(2)?,
        reason: row.get(3)?,
        status: row.get(4)?,
        code: row.get(5)?,
        request_id: row.get(6)?,
        client_request_id: row.get(7)?,
        attempts: row.get::<_, Option<i64>>(8)?.unwrap_or_default(),
        bytes: row.get(9)?,
        sha256: row.get(10)?,
        source_sha256: row.get(11)?,
        fit: row.get(12)?,
        started: row.get(13)?,
        finished: row.get(14)?,
        journal: 0,
    })
}

/// What happened, and what to do.
fn failure(path: &Path, problem: Problem) -> Failure {
    let task = format!("failed to read the journal `{}`", printable(path));
    let refused =
        |why: String| Failure::Refused(FailureKind::InvalidArguments, format!("{task}: {why}"));
    match problem {
        Problem::Io(cause) if cause.kind() == io::ErrorKind::NotFound => refused(
            "there is no such file; a sync writes its journal beside its source, as \
             `SOURCE.journal.sqlite`, or where --journal says"
                .to_owned(),
        ),
        Problem::Io(cause) => Failure::System(task, cause),
        Problem::Version(version) => refused(format!(
            "it is of version `{}`, and this graph-photo reads version {VERSION}; use the \
             graph-photo that wrote it",
            printable(Path::new(&version))
        )),
        Problem::Sqlite(cause) => match cause.sqlite_error_code() {
            Some(ErrorCode::NotADatabase) => {
                refused("it is not a SQLite database; name the journal, not the source".to_owned())
            }
            // A table, a view or a column is missing.
            Some(ErrorCode::Unknown) => {
                refused(format!("it is a SQLite database, but no journal of graph-photo: {cause}"))
            }
            _ => Failure::System(
                format!(
                    "{task}, which is damaged; restore it, or remove it and run the sync again"
                ),
                io::Error::other(cause),
            ),
        },
    }
}
