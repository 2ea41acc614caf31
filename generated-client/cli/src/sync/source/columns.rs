//! Finds the columns of a table that contain the targets and the files.

use std::path::Path;

use csv::StringRecord;
use graph_photo_client::Printable;

use crate::{
    args::sync::ReadingArgs,
    fit::{READABLE_EXTENSIONS, UNREADABLE_EXTENSIONS},
    target::user_path,
};

/// The names for the column of targets, by priority.
const TARGETS: &[&str] = &["target", "user", "userprincipalname", "upn", "mail", "email", "id"];

/// The names for the column of files, by priority.
const FILES: &[&str] = &["file", "photo", "picture", "path"];

/// The columns of targets and files, counted from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Columns {
    pub(super) target: usize,
    pub(super) file: usize,
    pub(super) header: Header,
}

/// Whether the first record has the names of columns, and so no photo.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Header {
    /// It is a row like the others.
    Absent,
    /// It has a name by which a column was found.
    Named,
    /// Columns were given by number, and it cannot be a photo.
    Guessed,
}

/// Finds the columns from the first record of a table.
///
/// # Errors
///
/// The missing column and the existing ones.
pub(super) fn find(
    first: &StringRecord,
    args: &ReadingArgs,
    is_file: impl Fn(&str) -> bool,
) -> Result<Columns, String> {
    let names: Vec<String> = first.iter().map(folded).collect();
    let target = Column::new(&names, args.target_column.as_deref(), TARGETS);
    let file = Column::new(&names, args.file_column.as_deref(), FILES);
    let header = header(first, &target, &file, is_file);
    let has_header = header != Header::Absent;
    let columns = Columns {
        target: target.index("--target-column", 0, has_header, first)?,
        file: file.index("--file-column", 1, has_header, first)?,
        header,
    };
    let width = first.len();
    if columns.target == columns.file {
        Err("targets and files are in the same column".to_owned())
    } else if columns.target.max(columns.file) >= width {
        let columns = if width == 1 { "1 column" } else { "no column" };
        Err(format!(
            "it has {columns}, but takes two, of targets and of files, with a comma, a semicolon \
             or a tab between them"
        ))
    } else {
        Ok(columns)
    }
}

/// Whether the first record is a header. By numbers alone it is one only if it has no target: a
/// photo must not be taken for it.
fn header(
    first: &StringRecord,
    target: &Column<'_>,
    file: &Column<'_>,
    is_file: impl Fn(&str) -> bool,
) -> Header {
    if target.is_named() || file.is_named() {
        return Header::Named;
    }
    let cell = |column: &Column<'_>, default| {
        first.get(column.number().unwrap_or(default)).unwrap_or_default().trim()
    };
    let (user, photo) = (cell(target, 0), cell(file, 1));
    let is_filled = !user.is_empty() && !photo.is_empty();
    let is_target = user.contains(['/', '@']) || user_path(user).is_some();
    let is_no_photo =
        TARGETS.contains(&&*folded(user)) || FILES.contains(&&*folded(photo)) || !is_file(photo);
    let is_numbered = target.number().is_some() || file.number().is_some();
    if is_numbered && is_filled && !is_target && !is_picture(photo) && is_no_photo {
        Header::Guessed
    } else {
        Header::Absent
    }
}

/// Whether it is a picture by its name.
fn is_picture(file: &str) -> bool {
    let extension = Path::new(file).extension().unwrap_or_default();
    let mut known = READABLE_EXTENSIONS.iter().chain(UNREADABLE_EXTENSIONS);
    known.any(|known| extension.eq_ignore_ascii_case(known))
}

/// The information about a column.
#[derive(Debug)]
enum Column<'a> {
    /// The column's name is at this index in the first record.
    Named(usize),
    /// The user gave its number.
    Numbered(usize),
    /// The user gave a name that is not in the first record.
    Missing(&'a str),
    /// There is no information.
    Unknown,
}

impl<'a> Column<'a> {
    fn new(names: &[String], option: Option<&'a str>, known: &[&str]) -> Self {
        let place = |name: &str| names.iter().position(|other| other == name);
        let Some(option) = option else {
            return known.iter().find_map(|name| place(name)).map_or(Self::Unknown, Self::Named);
        };
        match (place(&folded(option)), option.parse::<usize>()) {
            // Before a name: a photo's row may have the number in a field, and is no header.
            (_, Ok(number)) if (1..=names.len()).contains(&number) => Self::Numbered(number - 1),
            (Some(index), _) => Self::Named(index),
            (None, Ok(number)) if number > 0 => Self::Numbered(number - 1),
            (None, _) => Self::Missing(option),
        }
    }

    fn is_named(&self) -> bool {
        matches!(self, Self::Named(_))
    }

    /// Its place, if it was given by number.
    fn number(&self) -> Option<usize> {
        if let Self::Numbered(index) = self { Some(*index) } else { None }
    }

    fn index(
        &self,
        option: &str,
        default: usize,
        has_header: bool,
        first: &StringRecord,
    ) -> Result<usize, String> {
        match *self {
            Self::Named(index) => Ok(index),
            Self::Numbered(index) if index < first.len() => Ok(index),
            Self::Numbered(index) => {
                Err(format!("there is no column {} ({option}), only {}", index + 1, first.len()))
            }
            Self::Missing(name) => Err(format!(
                "no column is named `{}` ({option}); there are {}",
                Printable(name),
                all(first)
            )),
            Self::Unknown if has_header => {
                Err(format!("name the other column with {option}; there are {}", all(first)))
            }
            Self::Unknown => Ok(default),
        }
    }
}

/// A name's form for comparison, which ignores case, spaces, underscores and hyphens.
fn folded(name: &str) -> String {
    let is_kept = |character: &char| !character.is_whitespace() && !"_-".contains(*character);
    name.chars().filter(is_kept).flat_map(char::to_lowercase).collect()
}

/// All names of a record.
pub(super) fn all(first: &StringRecord) -> String {
    let names: Vec<String> = first.iter().map(|name| format!("`{}`", Printable(name))).collect();
    names.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn columns(
        first: &[&str],
        target: Option<&str>,
        file: Option<&str>,
    ) -> Result<Columns, String> {
        let args = ReadingArgs {
            target_column: target.map(str::to_owned),
            file_column: file.map(str::to_owned),
            ..ReadingArgs::default()
        };
        find(&StringRecord::from(first.to_vec()), &args, |file| file == "megan")
    }

    #[test]
    fn columns_are_found_by_name_or_number() {
        let header = |has_header| if has_header { Header::Named } else { Header::Absent };
        let found =
            |target, file, has_header| Ok(Columns { target, file, header: header(has_header) });
        assert_eq!(columns(&["File", "User Principal_Name"], None, None), found(1, 0, true));
        assert_eq!(columns(&["id", "PHOTO", "upn"], None, None), found(2, 1, true));
        assert_eq!(columns(&["a@x", "a.jpg"], None, None), found(0, 1, false));
        let named = columns(&["Bild", "Benutzer"], Some("benutzer"), Some("BILD"));
        assert_eq!(named, found(1, 0, true));
        assert_eq!(columns(&["x", "a.jpg", "a@x"], Some("3"), Some("2")), found(2, 1, false));
        assert_eq!(columns(&["1", "a.jpg", "a@x"], Some("3"), Some("1")), found(2, 0, false));
        assert_eq!(columns(&["2026", "Konto"], Some("2"), Some("2026")), found(1, 0, true));
        assert_eq!(columns(&["user", "a", "b"], None, Some("3")), found(0, 2, true));
    }

    #[test]
    fn by_numbers_a_header_is_what_can_be_no_photo() {
        let guid = "48d31887-5fad-4d73-a9f5-3c356e68a038";
        for (user, file, expected) in [
            ("user", "photo", Header::Guessed),
            ("Konto", "Bild", Header::Guessed),
            ("mail", "picture", Header::Guessed),
            ("Konto", "File Name", Header::Guessed),
            ("Konto", "picture", Header::Guessed),
            ("a@x", "0.jpg", Header::Absent),
            ("a@x", "photo", Header::Absent),
            ("a@x", "gone", Header::Absent),
            ("/me", "gone", Header::Absent),
            (guid, "gone", Header::Absent),
            ("megan", "megan.JPG", Header::Absent),
            ("mail", "mail.heic", Header::Absent),
            ("megan", "megan", Header::Absent),
            ("megan", "", Header::Absent),
            ("", "Bild", Header::Absent),
        ] {
            let found = columns(&[user, file, "X"], Some("1"), Some("2")).unwrap();
            assert_eq!(found, Columns { target: 0, file: 1, header: expected }, "{user} {file}");
        }
        let error = columns(&["Konto", "Bild"], Some("1"), None).unwrap_err();
        assert!(error.contains("--file-column"), "{error}");
    }

    #[test]
    fn what_is_missing_is_said_with_what_there_is() {
        for (first, target, file, words) in [
            (&["user", "Bild"][..], None, None, "--file-column; there are `user`, `Bild`"),
            (&["a@x", "a.jpg"], Some("login"), None, "no column is named `login`"),
            (&["a@x", "a.jpg"], Some("0"), None, "no column is named `0`"),
            (&["a@x", "a.jpg"], None, Some("7"), "no column 7"),
            (&["a@x"], None, None, "1 column"),
            (&["a@x", "a.jpg"], Some("2"), None, "same column"),
        ] {
            let error = columns(first, target, file).unwrap_err();
            assert!(error.contains(words), "{error}");
        }
    }
}
