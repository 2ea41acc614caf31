//! Folders as values: read, compared and written as a whole.

use std::{collections::BTreeMap, fs, io, path::Path};

use crate::{failure::Failure, repository::Repository};

/// Files by their relative paths, separated by `/`.
pub(super) type Tree = BTreeMap<String, Vec<u8>>;

/// The effect of writing a tree.
pub(super) struct Change {
    pub(super) written: usize,
    pub(super) removed: usize,
}

/// Folders that are no part of a tree.
const SKIPPED: [&str; 3] = ["target", ".git", "tests/fuzz/target"];

/// Reads all files below a folder; none if there is no such folder.
pub(super) fn read(folder: &Path) -> Result<Tree, Failure> {
    let mut tree = Tree::new();
    match collect(folder, "", &mut tree) {
        Err(cause) if cause.kind() != io::ErrorKind::NotFound => {
            Err(Failure::to("read", folder.display(), cause))
        }
        _ => Ok(tree),
    }
}

fn collect(folder: &Path, prefix: &str, tree: &mut Tree) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let path = format!("{prefix}{}", entry.file_name().to_string_lossy());
        if !entry.file_type()?.is_dir() {
            tree.insert(path, fs::read(entry.path())?);
        } else if !SKIPPED.contains(&path.as_str()) {
            collect(&entry.path(), &format!("{path}/"), tree)?;
        }
    }
    Ok(())
}

/// Makes a folder hold these files. Writes only files that differ, so that cargo rebuilds little;
/// leaves `Cargo.lock` to cargo.
pub(super) fn write(repository: &Repository, folder: &str, tree: &Tree) -> Result<Change, Failure> {
    let found = read(&repository.path(folder))?;
    let stale = found.keys().filter(|path| !tree.contains_key(*path) && *path != "Cargo.lock");
    let mut change = Change { written: 0, removed: 0 };
    for path in stale {
        repository.remove(&format!("{folder}/{path}"))?;
        change.removed += 1;
        for parent in Path::new(path).ancestors().skip(1) {
            // This removes only empty folders.
            let _ = fs::remove_dir(repository.path(folder).join(parent));
        }
    }
    for (path, bytes) in tree.iter().filter(|(path, bytes)| found.get(*path) != Some(*bytes)) {
        repository.write(&format!("{folder}/{path}"), bytes)?;
        change.written += 1;
    }
    Ok(change)
}
