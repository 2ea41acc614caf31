//! Files that are never partly written.

use std::{
    ffi::OsString,
    fs::{self, File, OpenOptions},
    io::{self, Write as _},
    path::{Path, PathBuf},
    process,
};

/// Who may read a new file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Readers {
    /// Only its owner, since it has personal data.
    Owner,
    /// Those who may read any new file of this user.
    Usual,
}

/// Writes a file with personal data, whole or not at all. Writes directly to a pipe or a device,
/// and replaces the target of a link, not the link itself.
///
/// # Errors
///
/// If the folder does not exist, is not writable or is full.
pub(crate) fn write_private(path: &Path, content: &[u8]) -> io::Result<()> {
    match fs::metadata(path) {
        Ok(known) if !known.is_file() => {
            OpenOptions::new().write(true).open(path)?.write_all(content)
        }
        Ok(_) => replace(&fs::canonicalize(path)?, content, Readers::Owner),
        Err(_) => replace(path, content, Readers::Owner),
    }
}

/// Writes a file beside its destination, then moves it there: readers find either the old
/// content or the new. Replaces a link, not its target.
///
/// # Errors
///
/// If the folder does not exist, is not writable or is full.
pub(crate) fn replace(path: &Path, content: &[u8], readers: Readers) -> io::Result<()> {
    let draft = draft(path)?;
    // Left by a killed process with the same id: in a container, many have id 1.
    let _ = fs::remove_file(&draft);
    let written = create(&draft, readers)
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

fn create(path: &Path, readers: Readers) -> io::Result<File> {
    let mut options = OpenOptions::new();
    #[cfg(unix)]
    if readers == Readers::Owner {
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    }
    // Windows has no such mode: a file has the readers of its folder.
    #[cfg(not(unix))]
    let _ = readers;
    options.write(true).create_new(true).open(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_draft_of_a_killed_process_with_the_same_id_is_no_obstacle() {
        let folder = std::env::temp_dir().join(format!("graph-photo-draft-{}", process::id()));
        fs::create_dir_all(&folder).unwrap();
        for readers in [Readers::Owner, Readers::Usual] {
            let file = folder.join("file");
            fs::write(draft(&file).unwrap(), "half").unwrap();
            replace(&file, b"whole", readers).unwrap();
            assert_eq!(fs::read(&file).unwrap(), b"whole");
            assert!(!draft(&file).unwrap().exists());
        }
        fs::remove_dir_all(folder).unwrap();
    }
}
