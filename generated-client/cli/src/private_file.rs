//! Files with personal data: readable only by their owner, and never partly written.

use std::{
    ffi::OsString,
    fs::{self, File, OpenOptions},
    io::{self, Write as _},
    path::{Path, PathBuf},
    process,
};

/// Writes a file beside its destination, then moves it there: readers find either the old
/// content or the new. Writes directly to a pipe or a device.
///
/// # Errors
///
/// If the folder does not exist, is not writable or is full.
pub(crate) fn write(path: &Path, content: &[u8]) -> io::Result<()> {
    match fs::metadata(path) {
        Ok(known) if !known.is_file() => {
            OpenOptions::new().write(true).open(path)?.write_all(content)
        }
        // Replace the target of a link, not the link itself.
        Ok(_) => replace(&fs::canonicalize(path)?, content),
        Err(_) => replace(path, content),
    }
}

fn replace(path: &Path, content: &[u8]) -> io::Result<()> {
    let draft = draft(path)?;
    // Left by a killed process with the same id: in a container, many have id 1.
    let _ = fs::remove_file(&draft);
    let written = create(&draft)
        .and_then(|mut file| file.write_all(content).and_then(|()| file.sync_all()))
        .and_then(|()| fs::rename(&draft, path));
    if written.is_err() {
        // Report the first failure.
        let _ = fs::remove_file(&draft);
    }
    written
}

/// A name in the same folder, since a move to another file system is not atomic.
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
