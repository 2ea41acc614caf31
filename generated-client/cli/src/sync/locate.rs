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
        let found = self.find_written(photos, file);
        match (found, without_apostrophe(file)) {
            (Err(cause), Some(file)) if cause.kind() == io::ErrorKind::NotFound => self
                .find_written(photos, file)
                .map(|found| Located { is_exact: false, ..found })
                .map_err(|_| cause),
            (found, _) => found,
        }
    }

    fn find_written(&self, photos: &Path, file: &Path) -> io::Result<Located> {
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

/// A name without the apostrophe that `report --csv` puts before the signs of formulas.
fn without_apostrophe(file: &Path) -> Option<&Path> {
    const SIGNS: [char; 8] = ['=', '+', '-', '@', '＝', '＋', '－', '＠'];
    let name = file.to_str()?.strip_prefix('\'')?;
    name.starts_with(SIGNS).then(|| Path::new(name))
}

fn missing() -> io::Error {
    io::Error::new(io::ErrorKind::NotFound, "there is no such file")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_apostrophe_of_a_report_is_no_part_of_a_name() {
        let name = format!("graph-photo-locate-{}", std::process::id());
        let folder = std::env::temp_dir().join(name);
        fs::create_dir_all(&folder).unwrap();
        for file in ["=a.jpg", "-b.jpg", "'-b.jpg", "c.jpg"] {
            fs::write(folder.join(file), "").unwrap();
        }
        let found = ["'=a.jpg", "'-b.jpg", "'c.jpg"]
            .map(|file| Finder::default().find(&folder, Path::new(file)).ok());
        let located = |file: &str, is_exact| Some(Located { path: folder.join(file), is_exact });
        assert_eq!(found, [located("=a.jpg", false), located("'-b.jpg", true), None]);
        fs::remove_dir_all(&folder).unwrap();
    }
}
