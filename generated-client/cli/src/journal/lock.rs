//! Locks a journal for one run, and identifies that run to others.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Write as _},
    path::{Path, PathBuf},
    process,
    time::SystemTime,
};

use graph_photo_client::Printable;

use super::file_system::resolved;
use crate::{failure::Failure, output::printable};

/// The suffix that a lock adds to its journal's name, as SQLite's own files beside it do.
const SUFFIX: &str = "-lock";

/// The maximum bytes to read from a lock file.
const MAX_WORDS: usize = 200;

/// Exclusive use of a journal. The system releases it with the process, however that ends.
#[derive(Debug)]
pub(crate) struct Lock {
    path: PathBuf,
    _file: File,
}

impl Lock {
    /// Locks a journal without waiting.
    ///
    /// # Errors
    ///
    /// [`Failure`] if another run has locked it, with that run's process and machine, or if
    /// locking fails.
    pub(crate) fn take(journal: &Path) -> Result<Self, Failure> {
        let path = beside(journal);
        match take(&path) {
            Ok(Some(file)) => Ok(Self { path, _file: file }),
            Ok(None) => Err(taken(journal, &path)),
            Err(cause) => {
                let problem = format!(
                    "failed to lock the journal `{}`, which --journal can put elsewhere",
                    printable(journal)
                );
                Err(Failure::System(problem, cause))
            }
        }
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        // A file left behind names the last run and locks nobody out.
        let _ = fs::remove_file(&self.path);
    }
}

/// Refuses a journal that a run has locked. Creates and changes nothing.
///
/// # Errors
///
/// [`Failure`] with the run's process and machine.
pub(super) fn refuse_if_taken(journal: &Path) -> Result<(), Failure> {
    let path = beside(journal);
    if is_taken(&path) { Err(taken(journal, &path)) } else { Ok(()) }
}

/// The path of a journal's lock.
fn beside(journal: &Path) -> PathBuf {
    let mut path = resolved(journal).into_os_string();
    path.push(SUFFIX);
    path.into()
}

/// Locks and returns the file; `None` if another process has locked it.
fn take(path: &Path) -> io::Result<Option<File>> {
    loop {
        let Some(mut file) = open(path)? else { return Ok(None) };
        // The previous holder may have removed the file meanwhile, and its lock would then be
        // useless.
        if is_still_there(&file, path)? {
            file.set_len(0)?;
            file.write_all(holder().as_bytes())?;
            return Ok(Some(file));
        }
    }
}

#[cfg(unix)]
fn open(path: &Path) -> io::Result<Option<File>> {
    use std::os::unix::fs::OpenOptionsExt as _;

    use rustix::{
        fs::{FlockOperation, flock},
        io::Errno,
    };

    let mut options = OpenOptions::new();
    let file = options.write(true).create(true).truncate(false).mode(0o600).open(path)?;
    match flock(&file, FlockOperation::NonBlockingLockExclusive) {
        Ok(()) => Ok(Some(file)),
        Err(Errno::WOULDBLOCK) => Ok(None),
        Err(cause) => Err(cause.into()),
    }
}

/// Whether a run has locked it; false if unknown.
#[cfg(unix)]
fn is_taken(path: &Path) -> bool {
    use rustix::{
        fs::{FlockOperation, flock},
        io::Errno,
    };

    let locked = File::open(path).map(|file| flock(&file, FlockOperation::NonBlockingLockShared));
    matches!(locked, Ok(Err(Errno::WOULDBLOCK)))
}

#[cfg(unix)]
fn is_still_there(file: &File, path: &Path) -> io::Result<bool> {
    use std::os::unix::fs::MetadataExt as _;

    let here = file.metadata()?;
    Ok(fs::metadata(path).is_ok_and(|there| (there.dev(), there.ino()) == (here.dev(), here.ino())))
}

/// `ERROR_SHARING_VIOLATION`.
#[cfg(windows)]
const TAKEN: i32 = 32;

/// Whether a run has locked it; false if unknown.
#[cfg(windows)]
fn is_taken(path: &Path) -> bool {
    let opened = OpenOptions::new().write(true).open(path);
    opened.is_err_and(|cause| cause.raw_os_error() == Some(TAKEN))
}

/// Opens a file that other processes may read but not open for writing.
#[cfg(windows)]
fn open(path: &Path) -> io::Result<Option<File>> {
    use std::os::windows::fs::OpenOptionsExt as _;

    /// `FILE_SHARE_READ`.
    const SHARE_READ: u32 = 1;
    let mut options = OpenOptions::new();
    match options.write(true).create(true).truncate(false).share_mode(SHARE_READ).open(path) {
        Ok(file) => Ok(Some(file)),
        Err(cause) if cause.raw_os_error() == Some(TAKEN) => Ok(None),
        Err(cause) => Err(cause),
    }
}

/// Windows lets nobody remove a file that is open like this.
#[cfg(windows)]
fn is_still_there(_: &File, _: &Path) -> io::Result<bool> {
    Ok(true)
}

/// The description of this process in its lock file.
fn holder() -> String {
    let since = humantime::format_rfc3339_seconds(SystemTime::now());
    format!("process {} on {}, since {since}\n", process::id(), machine())
}

#[cfg(unix)]
fn machine() -> String {
    rustix::system::uname().nodename().to_string_lossy().into_owned()
}

#[cfg(windows)]
fn machine() -> String {
    std::env::var("COMPUTERNAME").unwrap_or_else(|_| "this machine".to_owned())
}

/// The failure of a run that finds the journal locked.
fn taken(journal: &Path, lock: &Path) -> Failure {
    let words = fs::read(lock).unwrap_or_default();
    let words = String::from_utf8_lossy(&words[..words.len().min(MAX_WORDS)]).into_owned();
    let words = words.trim();
    let holder = if words.is_empty() { "another process" } else { words };
    let cause = format!("{} has it; wait until that has ended, or end it", Printable(holder));
    let problem = format!("failed to use the journal `{}`", printable(journal));
    Failure::System(problem, io::Error::other(cause))
}
