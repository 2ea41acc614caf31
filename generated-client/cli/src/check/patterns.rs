//! Expands patterns such as `photos\*.jpg`, which Windows shells pass on unexpanded.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use globset::{GlobBuilder, GlobMatcher};

const WILDCARDS: [char; 2] = ['*', '?'];
const SEPARATORS: [char; 2] = ['/', '\\'];

/// Replaces each pattern with the matching files, sorted by name. Keeps an existing file
/// whose name only looks like a pattern, and a pattern that matches nothing.
pub(super) fn expand(files: &[PathBuf]) -> Vec<PathBuf> {
    files.iter().flat_map(|file| matches(file).unwrap_or_else(|| vec![file.clone()])).collect()
}

fn matches(file: &Path) -> Option<Vec<PathBuf>> {
    let pattern = file.to_str()?;
    let first_wildcard = pattern.find(WILDCARDS)?;
    if file.exists() {
        return None;
    }
    let start = pattern[..first_wildcard].rfind(SEPARATORS).map_or(0, |separator| separator + 1);
    let (base, names) = pattern.split_at(start);
    let base = if cfg!(windows) { base.to_owned() } else { base.replace('\\', "/") };
    let names: Vec<&str> = names.split(SEPARATORS).filter(|name| !name.is_empty()).collect();
    let mut found = vec![PathBuf::from(base)];
    for (index, name) in names.iter().enumerate() {
        let is_last = index + 1 == names.len();
        found = found.iter().flat_map(|folder| matches_in(folder, name)).collect();
        found.retain(|path| path.is_dir() != is_last);
    }
    found.sort();
    (!found.is_empty()).then_some(found)
}

/// The matches for a name in a folder; none if the folder cannot be read.
fn matches_in(folder: &Path, name: &str) -> Vec<PathBuf> {
    if !name.contains(WILDCARDS) {
        return vec![folder.join(name)];
    }
    let Some(matcher) = matcher(name) else {
        return vec![];
    };
    let names = names_in(folder).unwrap_or_default().into_iter();
    names
        .filter(|found| matcher.is_match(found) && found.starts_with('.') == name.starts_with('.'))
        .map(|found| folder.join(found))
        .collect()
}

fn names_in(folder: &Path) -> io::Result<Vec<String>> {
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let entries = fs::read_dir(folder)?.flatten();
    Ok(entries.filter_map(|entry| entry.file_name().into_string().ok()).collect())
}

/// A matcher whose only wildcards are `*` and `?`, as on Windows.
fn matcher(name: &str) -> Option<GlobMatcher> {
    let glob = globset::escape(name).replace("[*]", "*").replace("[?]", "?");
    let glob = GlobBuilder::new(&glob).case_insensitive(cfg!(windows)).build();
    glob.ok().map(|glob| glob.compile_matcher())
}
