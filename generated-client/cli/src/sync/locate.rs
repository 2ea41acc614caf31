//! Finds files by name, even if a table spells the name differently from the file system.

use std::{
    collections::HashMap,
    fs, io,
    path::{Path, PathBuf},
    sync::Mutex,
};

use super::item::folded;

/// The names in the folders searched so far, by their form for comparison.
#[derive(Debug, Default)]
pub(super) struct Finder {
    folders: Mutex<HashMap<PathBuf, HashMap<String, Vec<PathBuf>>>>,
}

/// A file that was found.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Located {
    pub(super) path: PathBuf,
    /// Whether its name is spelled exactly as requested.
    pub(super) is_exact: bool,
}

impl Finder {
    /// Finds the file with a name, or else the only one whose name differs from it only in
    /// case, Unicode form or Windows separators.
    pub(super) fn find(&self, photos: &Path, file: &Path) -> io::Result<Located> {
        let path = photos.join(file);
        match fs::metadata(&path) {
            Ok(data) if data.is_file() => return Ok(Located { path, is_exact: true }),
            Ok(_) => return Err(io::Error::other("it is not a file")),
            Err(cause) if cause.kind() != io::ErrorKind::NotFound => return Err(cause),
            Err(_) => {}
        }
        let path = photos.join(file.to_string_lossy().replace('\\', "/"));
        let (Some(folder), Some(name)) = (path.parent(), path.file_name()) else {
            return Err(missing());
        };
        match self.like(folder, &folded(&name.to_string_lossy()))?.as_slice() {
            [] => Err(missing()),
            [found] => Ok(Located { path: found.clone(), is_exact: false }),
            [a, b, ..] => Err(io::Error::other(format!(
                "it could be `{}` or `{}`; write the name as the file has it",
                a.display(),
                b.display()
            ))),
        }
    }

    /// The files in a folder whose names compare as equal.
    fn like(&self, folder: &Path, name: &str) -> io::Result<Vec<PathBuf>> {
        let mut folders = self.folders.lock().expect("nothing panics while it holds the lock");
        if !folders.contains_key(folder) {
            folders.insert(folder.to_owned(), names(folder)?);
        }
        Ok(folders.get(folder).and_then(|names| names.get(name)).cloned().unwrap_or_default())
    }
}

fn names(folder: &Path) -> io::Result<HashMap<String, Vec<PathBuf>>> {
    let mut names: HashMap<String, Vec<PathBuf>> = HashMap::new();
    let entries = match fs::read_dir(folder) {
        Err(cause) if cause.kind() == io::ErrorKind::NotFound => return Err(missing()),
        entries => entries?,
    };
    for entry in entries {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if path.is_file() {
            names.entry(folded(&name)).or_default().push(path.clone());
        }
    }
    Ok(names)
}

fn missing() -> io::Error {
    io::Error::new(io::ErrorKind::NotFound, "there is no such file")
}
