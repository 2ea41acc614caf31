//! Finds the columns of a table that contain the targets and the files.

use csv::StringRecord;
use graph_photo_client::Printable;

use crate::args::sync::ReadingArgs;

/// The names for the column of targets, by priority.
const TARGETS: &[&str] = &["target", "user", "userprincipalname", "upn", "mail", "email", "id"];

/// The names for the column of files, by priority.
const FILES: &[&str] = &["file", "photo", "picture", "path"];

/// The columns of targets and files, counted from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Columns {
    pub(super) target: usize,
    pub(super) file: usize,
    /// Whether the first record is a header instead of a photo.
    pub(super) has_header: bool,
}

/// Finds the columns from the first record of a table.
///
/// # Errors
///
/// The missing column and the existing ones.
pub(super) fn find(first: &StringRecord, args: &ReadingArgs) -> Result<Columns, String> {
    let names: Vec<String> = first.iter().map(folded).collect();
    let target = Column::new(&names, args.target_column.as_deref(), TARGETS);
    let file = Column::new(&names, args.file_column.as_deref(), FILES);
    let has_header = target.is_named() || file.is_named();
    let columns = Columns {
        target: target.index("--target-column", 0, has_header, first)?,
        file: file.index("--file-column", 1, has_header, first)?,
        has_header,
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
            (Some(index), _) => Self::Named(index),
            (None, Ok(number)) if number > 0 => Self::Numbered(number - 1),
            (None, _) => Self::Missing(option),
        }
    }

    fn is_named(&self) -> bool {
        matches!(self, Self::Named(_))
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

fn all(first: &StringRecord) -> String {
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
        find(&StringRecord::from(first.to_vec()), &args)
    }

    #[test]
    fn columns_are_found_by_name_or_number() {
        let found = |target, file, has_header| Ok(Columns { target, file, has_header });
        assert_eq!(columns(&["File", "User Principal_Name"], None, None), found(1, 0, true));
        assert_eq!(columns(&["id", "PHOTO", "upn"], None, None), found(2, 1, true));
        assert_eq!(columns(&["a@x", "a.jpg"], None, None), found(0, 1, false));
        let named = columns(&["Bild", "Benutzer"], Some("benutzer"), Some("BILD"));
        assert_eq!(named, found(1, 0, true));
        assert_eq!(columns(&["x", "a.jpg", "a@x"], Some("3"), Some("2")), found(2, 1, false));
        assert_eq!(columns(&["user", "a", "b"], None, Some("3")), found(0, 2, true));
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
