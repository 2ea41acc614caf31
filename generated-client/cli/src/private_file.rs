//! Files with personal data: readable by their owner alone, and never there in part.

use std::{
    ffi::OsString,
    fs::{self, File, OpenOptions},
    io::{self, Write as _},
    path::{Path, PathBuf},
    process,
};

/// Writes a file beside its place, then moves it there: readers find the old content or
/// the new. A pipe or a device is written to.
///
/// # Errors
///
/// If the folder does not exist, is not writable or is full.
pub(crate) fn write(path: &Path, content: &[u8]) -> io::Result<()> {
    match fs::metadata(path) {
        Ok(known) if !known.is_file() => {
            OpenOptions::new().write(true).open(path)?.write_all(content)
        }
        // What a link leads to is replaced, and not the link.
        Ok(_) => replace(&fs::canonicalize(path)?, content),
        Err(_) => replace(path, content),
    }
}

fn replace(path: &Path, content: &[u8]) -> io::Result<()> {
    let draft = draft(path)?;
    // Left by a process of the same number that was killed: in a container, many are 1.
    let _ = fs::remove_file(&draft);
    let written = create(&draft)
        .and_then(|mut file| file.write_all(content).and_then(|()| file.sync_all()))
        .and_then(|()| fs::rename(&draft, path));
    if written.is_err() {
        // The first failure is the one to tell.
        let _ = fs::remove_file(&draft);
    }
    written
}

/// A name in the same folder, since nothing moves in one step to another file system.
fn draft(path: &Path) -> io::Result<PathBuf> {
    let name = path.file_name().ok_or(io::ErrorKind::IsADirectory)?;
    let mut draft = OsString::from(".");
    draft.push(name);
    draft.push(format!(".{}.tmp", process::id()));
    Ok(path.with_file_name(draft))
}

#[cfg(unix)]
fn create(path: &Path) -> io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt as _;

    OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)
}

#[cfg(not(unix))]
fn create(path: &Path) -> io::Result<File> {
    OpenOptions::new().write(true).create_new(true).open(path)
}
