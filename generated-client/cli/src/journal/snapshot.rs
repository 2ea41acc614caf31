//! Reads a journal without changing it: reads a copy, since SQLite writes beside a database
//! whose writer was killed.

use std::{
    env,
    fs::{self, DirBuilder, File},
    io,
    path::{Path, PathBuf},
    process,
    sync::atomic::{AtomicU32, Ordering},
};

use rusqlite::{Connection, ErrorCode};

use super::{
    error::Broken,
    file_system::resolved,
    lock,
    schema::{is_new, verify},
};
use crate::{
    failure::{Failure, FailureKind},
    output::printable,
};

/// The name of the copy in its folder.
const NAME: &str = "journal.sqlite";

/// The suffixes of SQLite's write-ahead log, which holds changes not yet in the database, and
/// of its rollback journal, which holds what a change that was cut off has overwritten.
const BESIDE: [&str; 2] = ["-wal", "-journal"];

/// Reads from a journal that no run has locked. Changes neither it nor anything beside it.
///
/// # Errors
///
/// [`Failure`] if there is no such journal, if it is damaged or of another version, or if a
/// run has locked it.
pub(crate) fn look_into<T>(
    journal: &Path,
    read: impl FnOnce(&Connection) -> rusqlite::Result<T>,
) -> Result<T, Failure> {
    lock::refuse_if_taken(journal)?;
    let found = copy_and_read(journal, read).map_err(|cause| failure(journal, cause))?;
    // The copy may include part of a write by a run that began meanwhile.
    lock::refuse_if_taken(journal)?;
    Ok(found)
}

fn copy_and_read<T>(
    journal: &Path,
    read: impl FnOnce(&Connection) -> rusqlite::Result<T>,
) -> Result<T, Broken> {
    let folder = Folder::create()?;
    let database = folder.0.join(NAME);
    copy(journal, &database)?;
    for suffix in BESIDE {
        let mut beside = resolved(journal).into_os_string();
        beside.push(suffix);
        match copy(beside.as_ref(), &folder.0.join(format!("{NAME}{suffix}"))) {
            Err(cause) if cause.kind() != io::ErrorKind::NotFound => return Err(cause.into()),
            _ => {}
        }
    }
    let connection = Connection::open(database)?;
    if is_new(&connection)? {
        return Err(Broken::New);
    }
    verify(&connection)?;
    Ok(read(&connection)?)
}

/// Copies only the bytes: `fs::copy` would also make the copy of a read-only file
/// read-only.
fn copy(from: &Path, to: &Path) -> io::Result<()> {
    io::copy(&mut File::open(from)?, &mut File::create(to)?).map(|_| ())
}

/// Describes the failure and its remedy.
fn failure(journal: &Path, cause: Broken) -> Failure {
    let task = format!("failed to read the journal `{}`", printable(journal));
    let refused =
        |why: &str| Failure::Refused(FailureKind::InvalidArguments, format!("{task}: {why}"));
    match cause {
        Broken::Io(cause) if cause.kind() == io::ErrorKind::NotFound => refused(
            "there is no such file; a sync keeps its journal beside its source, as \
             `SOURCE.journal.sqlite`, or where --journal says",
        ),
        Broken::Io(cause) if cause.kind() == io::ErrorKind::IsADirectory => {
            refused("it is a folder; name the journal in it")
        }
        Broken::New => {
            refused("it is empty, as a sync that was killed at once leaves it; run the sync again")
        }
        Broken::Foreign => refused("it is not a journal, but a database of another program"),
        Broken::Version(version) => refused(&format!(
            "it has version {version}, which this program does not know; use the program that \
             made it"
        )),
        Broken::Sqlite(cause) if cause.sqlite_error_code() == Some(ErrorCode::NotADatabase) => {
            refused("it is not an SQLite database; name the journal, not the source")
        }
        Broken::Io(cause) => Failure::System(task, cause),
        other => Failure::System(
            format!("{task}, which is damaged; restore it, or move it away and run the sync again"),
            io::Error::other(other.words()),
        ),
    }
}

/// A folder that only this user can read; removed when dropped.
struct Folder(PathBuf);

impl Folder {
    /// Creates a folder with a new name, which nobody can have created in advance.
    fn create() -> io::Result<Self> {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        loop {
            let count = COUNT.fetch_add(1, Ordering::Relaxed);
            let name = format!("graph-photo-{}-{count}", process::id());
            let folder = env::temp_dir().join(name);
            match builder().create(&folder) {
                Err(cause) if cause.kind() == io::ErrorKind::AlreadyExists => {}
                created => return created.map(|()| Self(folder)),
            }
        }
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // If this fails, the system removes the folder with its other temporary files.
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[cfg(unix)]
fn builder() -> DirBuilder {
    use std::os::unix::fs::DirBuilderExt as _;

    let mut builder = DirBuilder::new();
    builder.mode(0o700);
    builder
}

#[cfg(not(unix))]
fn builder() -> DirBuilder {
    DirBuilder::new()
}
