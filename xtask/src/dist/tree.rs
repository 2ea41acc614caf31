//! Folders as values: read, compared and written as a whole.

use std::{collections::BTreeMap, fs, io, path::Path};

use crate::{Failure, repository::Repository};

/// Files by their paths, which are relative and have `/` as separator.
pub(super) type Tree = BTreeMap<String, Vec<u8>>;

/// What writing a tree changed.
#[derive(Default)]
pub(super) struct Change {
    pub(super) written: usize,
    pub(super) removed: usize,
}

/// Folders at the top that are no part of a tree: what cargo builds, and git's own.
const SKIPPED: [&str; 2] = ["target", ".git"];

/// Reads files of a folder of the repository.
pub(super) fn read(
    repository: &Repository,
    folder: &str,
    paths: impl IntoIterator<Item = String>,
) -> Result<Tree, Failure> {
    let folder = repository.path(folder);
    let read = |path: String| match fs::read(folder.join(&path)) {
        Ok(bytes) => Ok((path, bytes)),
        Err(cause) => Err(Failure::to("read", folder.join(path).display(), cause)),
    };
    paths.into_iter().map(read).collect()
}

/// Makes a folder hold these files, and writes only those that differ, so that
/// cargo rebuilds no more than it must. `Cargo.lock` is left to cargo.
pub(super) fn write(repository: &Repository, folder: &str, tree: &Tree) -> Result<Change, Failure> {
    let mut change = Change::default();
    for path in list(repository, folder)? {
        if !tree.contains_key(&path) && path != "Cargo.lock" {
            repository.remove(&format!("{folder}/{path}"))?;
            change.removed += 1;
            for parent in Path::new(&path).ancestors().skip(1) {
                // Only empty ones go.
                let _ = fs::remove_dir(repository.path(folder).join(parent));
            }
        }
    }
    for (path, bytes) in tree {
        let path = format!("{folder}/{path}");
        // A file that can't be read counts as one that differs.
        if fs::read(repository.path(&path)).ok().as_ref() != Some(bytes) {
            repository.write(&path, bytes)?;
            change.written += 1;
        }
    }
    Ok(change)
}

/// The paths of all files in a folder of the repository, however deep.
pub(super) fn list(repository: &Repository, folder: &str) -> Result<Vec<String>, Failure> {
    let mut paths = Vec::new();
    match collect(&repository.path(folder), "", &mut paths) {
        Err(cause) if cause.kind() != io::ErrorKind::NotFound => {
            Err(Failure::to("list", folder, cause))
        }
        _ => Ok(paths),
    }
}

fn collect(folder: &Path, prefix: &str, paths: &mut Vec<String>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = format!("{prefix}{name}");
        if !entry.file_type()?.is_dir() {
            paths.push(path);
        } else if !SKIPPED.contains(&path.as_str()) {
            collect(&entry.path(), &format!("{path}/"), paths)?;
        }
    }
    Ok(())
}
