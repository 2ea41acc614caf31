//! A private copy of a journal, to read what SQLite would have to recover first.

use std::{
    env,
    fs::{self, DirBuilder, File},
    io,
    path::{Path, PathBuf},
    process,
    sync::atomic::{AtomicU32, Ordering},
};

/// The copy's name in its folder.
const NAME: &str = "journal.sqlite";

/// What SQLite adds to the name of a database for the file with what is not yet in it.
const LOG: &str = "-wal";

/// A folder with a copy that only this user can read; removed when dropped.
pub(super) struct Snapshot {
    folder: PathBuf,
}

impl Snapshot {
    /// Copies a database, and its write-ahead log if there is one.
    pub(super) fn of(database: &Path) -> io::Result<Self> {
        let snapshot = Self { folder: create_folder()? };
        copy(database, &snapshot.path())?;
        let mut log = database.as_os_str().to_owned();
        log.push(LOG);
        match copy(log.as_ref(), &snapshot.folder.join(format!("{NAME}{LOG}"))) {
            Err(cause) if cause.kind() != io::ErrorKind::NotFound => Err(cause),
            _ => Ok(snapshot),
        }
    }

    pub(super) fn path(&self) -> PathBuf {
        self.folder.join(NAME)
    }
}

impl Drop for Snapshot {
    fn drop(&mut self) {
        // What cannot be removed, the system removes with its other temporary files.
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// Copies the bytes alone: `fs::copy` would also make the copy of a read-only file
/// read-only.
fn copy(from: &Path, to: &Path) -> io::Result<()> {
    io::copy(&mut File::open(from)?, &mut File::create(to)?).map(|_| ())
}

/// Creates a folder of a new name, which nobody can have made before.
fn create_folder() -> io::Result<PathBuf> {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    loop {
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("graph-photo-report-{}-{count}", process::id());
        let folder = env::temp_dir().join(name);
        match builder().create(&folder) {
            Err(cause) if cause.kind() == io::ErrorKind::AlreadyExists => {}
            created => return created.map(|()| folder),
        }
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
