//! Reads a journal by its documented view, as the run left it.

use std::{
    error::Error,
    fs,
    path::{Path, PathBuf},
    time::SystemTime,
};

use rusqlite::Connection;

use crate::ledger::Row;

/// SQLite's own files beside a database, which belong to it after a crash.
const BESIDE: [&str; 2] = ["-journal", "-wal"];

/// The rows of a journal; none if nothing was ever written to it.
///
/// Reads a copy: SQLite would repair the journal itself, which is the program's task.
///
/// # Errors
///
/// If it is damaged.
pub(crate) fn rows(journal: &Path) -> Result<Vec<Row>, Box<dyn Error>> {
    if !journal.exists() {
        return Ok(Vec::new());
    }
    let folder = tempfile::tempdir()?;
    let copy = folder.path().join("copy.sqlite");
    fs::copy(journal, &copy)?;
    for suffix in BESIDE.into_iter().filter(|suffix| beside(journal, suffix).exists()) {
        fs::copy(beside(journal, suffix), beside(&copy, suffix))?;
    }
    let connection = Connection::open(copy)?;
    let found: String = connection.query_row("PRAGMA integrity_check(1)", (), |row| row.get(0))?;
    if found != "ok" {
        return Err(found.into());
    }
    let tables = "SELECT count(*) FROM sqlite_schema";
    if connection.query_row(tables, (), |row| row.get::<_, i64>(0))? == 0 {
        return Ok(Vec::new());
    }
    let mut statement = connection.prepare("SELECT target, state, sha256 FROM photos")?;
    let rows = statement.query_map((), |row| {
        Ok(Row { target: row.get(0)?, state: row.get(1)?, sha256: row.get(2)? })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The sizes of a journal's files and when they changed; `None` for those that are not there.
pub(crate) fn files(journal: &Path) -> Vec<Option<(u64, SystemTime)>> {
    let metadata = |suffix| fs::metadata(beside(journal, suffix)).ok();
    let files = ["", "-journal", "-wal", "-shm"].map(metadata).into_iter();
    files.map(|file| file.and_then(|file| Some((file.len(), file.modified().ok()?)))).collect()
}

fn beside(database: &Path, suffix: &str) -> PathBuf {
    let mut path = database.as_os_str().to_owned();
    path.push(suffix);
    path.into()
}
