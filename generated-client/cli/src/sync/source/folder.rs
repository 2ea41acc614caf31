//! Reads a folder whose files are named after the users they show.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use super::row::{LeftOut, Origin, Row, Written};
use crate::{
    fit::{CANNOT_BE_READ, READABLE_EXTENSIONS, UNREADABLE_EXTENSIONS},
    output::printable,
};

/// The files found in a folder, ordered by name.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) rows: Vec<Row>,
    pub(super) left_out: Vec<LeftOut>,
}

/// Reads a folder and, with `recursive`, its subfolders.
pub(super) fn read(folder: &Path, recursive: bool, extensions: &[&str]) -> io::Result<Found> {
    let mut found = Found::default();
    let mut folders = vec![PathBuf::new()];
    while let Some(inner) = folders.pop() {
        let mut entries = fs::read_dir(folder.join(&inner))?.collect::<io::Result<Vec<_>>>()?;
        entries.sort_by_key(fs::DirEntry::file_name);
        for entry in entries {
            let (file, path) = (inner.join(entry.file_name()), entry.path());
            match reason(&entry, &path, recursive, extensions)? {
                None if path.is_dir() => folders.push(file),
                None => found.rows.push(row(file)),
                Some(reason) => found.left_out.push(LeftOut { file: printable(&file), reason }),
            }
        }
    }
    found.rows.sort_by(|a, b| a.file.cmp(&b.file));
    found.left_out.sort_by(|a, b| a.file.cmp(&b.file));
    Ok(found)
}

/// The reason to leave out an entry of a folder, if any.
fn reason(
    entry: &fs::DirEntry,
    path: &Path,
    recursive: bool,
    extensions: &[&str],
) -> io::Result<Option<&'static str>> {
    let is_link = entry.file_type()?.is_symlink();
    let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
    let is_one_of =
        |extensions: &[&str]| extensions.iter().any(|known| known.eq_ignore_ascii_case(extension));
    Ok(match fs::metadata(path) {
        // For example `._user@contoso.com.jpg`, which macOS writes beside a file.
        _ if entry.file_name().as_encoded_bytes().starts_with(b".") => Some("hidden"),
        Err(_) if is_link => Some("a link that leads nowhere"),
        Err(cause) => return Err(cause),
        Ok(data) if data.is_dir() && is_link => Some("a link to a folder, which is not followed"),
        Ok(data) if data.is_dir() => (!recursive).then_some("a folder; --recursive reads it"),
        Ok(data) if !data.is_file() => Some("not a file"),
        Ok(_) if is_one_of(extensions) => None,
        Ok(_) if is_one_of(&READABLE_EXTENSIONS) => {
            Some("not a JPEG by its name; --fix converts it")
        }
        Ok(_) if is_one_of(UNREADABLE_EXTENSIONS) => Some(CANNOT_BE_READ),
        Ok(_) => Some("not a photo by its name"),
    })
}

fn row(file: PathBuf) -> Row {
    let target = match file.file_stem().and_then(|stem| stem.to_str()) {
        Some(stem) => Written::User(stem.to_owned()),
        None => Written::Unusable { text: String::new(), why: "its name is not Unicode" },
    };
    Row { origin: Origin::File, target, file: Some(file) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_in_the_order_of_their_paths() {
        let folder = std::env::temp_dir().join(format!("graph-photo-order-{}", std::process::id()));
        let files = ["a/2@x.jpg", "a/b/1@x.jpg", "b/0@x.jpg", "c@x.jpg"];
        for file in files.into_iter().chain(["a/n.txt", "d.HEIC"]) {
            fs::create_dir_all(folder.join(file).parent().unwrap()).unwrap();
            fs::write(folder.join(file), "").unwrap();
        }
        let found = read(&folder, true, &["jpg"]).unwrap();
        fs::remove_dir_all(&folder).unwrap();
        let paths: Vec<_> = found.rows.iter().filter_map(|row| row.file.as_deref()).collect();
        assert_eq!(paths, files.map(Path::new));
        let left_out: Vec<_> = found.left_out.iter().map(|left| left.file.as_str()).collect();
        assert_eq!(left_out, ["a/n.txt", "d.HEIC"]);
        let reason = found.left_out[1].reason;
        assert!(reason.contains("magick") && reason.contains("heif-convert"), "{reason}");
    }

    #[test]
    fn a_file_is_the_photo_of_the_user_whose_name_it_has() {
        for (file, name) in [
            ("a@contoso.com.jpg", "a@contoso.com"),
            ("in/B.JPEG", "B"),
            ("50%@contoso.com.jpg", "50%@contoso.com"),
        ] {
            assert_eq!(row(file.into()).target, Written::User(name.to_owned()));
        }
    }
}
