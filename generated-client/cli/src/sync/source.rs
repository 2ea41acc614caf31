//! The source of a run's photos: a folder or a table.

mod columns;
mod decoding;
mod delimiter;
mod folder;
mod quoting;
mod row;
mod table;

use std::{
    fs, io,
    path::{Path, PathBuf},
};

pub(super) use self::row::{LeftOut, Origin, Row, Written};
use self::table::Table;
use crate::{
    args::sync::ReadingArgs,
    failure::{Failure, FailureKind},
    output::printable,
};

/// The source name for standard input.
pub(super) const STANDARD_INPUT: &str = "-";

/// The content of a source.
#[derive(Debug)]
pub(super) struct Source {
    pub(super) rows: Vec<Row>,
    pub(super) left_out: Vec<LeftOut>,
    /// The base folder of its relative file paths.
    pub(super) photos: PathBuf,
    /// A warning about the source.
    pub(super) warning: Option<&'static str>,
    /// How it was read, where that is not certain.
    pub(super) note: Option<String>,
}

/// Reads a source; from a folder, only files with one of these extensions.
///
/// # Errors
///
/// [`Failure`] if it cannot be read or has no photos.
pub(super) fn read(
    path: &Path,
    args: &ReadingArgs,
    extensions: &[&str],
) -> Result<Source, Failure> {
    let is_standard_input = path == Path::new(STANDARD_INPUT);
    let source = if !is_standard_input && is_folder(path)? {
        refuse_columns(args)?;
        let found = folder::read(path, args.recursive, extensions);
        let found = found.map_err(|cause| unreadable(path, &cause))?;
        let (rows, left_out) = (found.rows, found.left_out);
        Source { rows, left_out, photos: path.to_owned(), warning: None, note: None }
    } else {
        let bytes = if is_standard_input { standard_input() } else { fs::read(path) };
        let bytes = bytes.map_err(|cause| unreadable(path, &cause))?;
        let extension = path.extension().and_then(|extension| extension.to_str());
        // The parent of `-`, like that of a plain name, is the working directory.
        let photos = args.photos.as_deref().or(path.parent()).unwrap_or(path).to_owned();
        let table = table::read(&bytes, extension, args, &photos);
        let Table { rows, warning, note } = table.map_err(|why| refused(path, &why))?;
        Source { rows, left_out: Vec::new(), photos, warning, note }
    };
    if source.rows.is_empty() {
        return Err(refused(path, &empty(&source)));
    }
    Ok(source)
}

fn is_folder(path: &Path) -> Result<bool, Failure> {
    Ok(fs::metadata(path).map_err(|cause| unreadable(path, &cause))?.is_dir())
}

/// Refuses table options if the source is a folder.
fn refuse_columns(args: &ReadingArgs) -> Result<(), Failure> {
    let options = [
        ("--target-column", args.target_column.is_some()),
        ("--file-column", args.file_column.is_some()),
        ("--photos", args.photos.is_some()),
    ];
    match options.into_iter().find(|(_, is_given)| *is_given) {
        Some((option, _)) => {
            Err(Failure::arguments(format!("{option} is for tables, and the source is a folder")))
        }
        None => Ok(()),
    }
}

fn standard_input() -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    io::Read::read_to_end(&mut io::stdin().lock(), &mut bytes)?;
    Ok(bytes)
}

fn empty(source: &Source) -> String {
    match source.left_out.as_slice() {
        [] => "it has no photo".to_owned(),
        [one] => format!("it has no photo; `{}` is left out: {}", one.file, one.reason),
        [first, rest @ ..] => format!(
            "it has no photo; {} files are left out, such as `{}`: {}",
            rest.len() + 1,
            first.file,
            first.reason
        ),
    }
}

fn unreadable(path: &Path, cause: &io::Error) -> Failure {
    refused(path, &cause.to_string())
}

fn refused(path: &Path, why: &str) -> Failure {
    let problem = format!("failed to read the source `{}`: {why}", printable(path));
    Failure::Refused(FailureKind::InvalidArguments, problem)
}
