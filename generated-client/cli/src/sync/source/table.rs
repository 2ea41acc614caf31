//! Reads a table of targets and files.

use csv::{Reader, ReaderBuilder, StringRecord};

use super::{
    columns::{self, Columns},
    decoding::decode,
    delimiter,
    row::{Origin, Row, Written},
};
use crate::args::sync::ReadingArgs;

/// Reads a table; returns its rows and a warning, if any.
///
/// # Errors
///
/// The reason why it is not a table.
pub(super) fn read(
    bytes: &[u8],
    extension: Option<&str>,
    args: &ReadingArgs,
) -> Result<(Vec<Row>, Option<&'static str>), String> {
    let (text, warning) = decode(bytes)?;
    let (delimiter, body) = delimiter::find(&text, extension);
    let offset = text.len() - body.len();
    let mut lines = Lines { text: &text, byte: 0, line: 1 };
    let mut reader = reader(body, delimiter);
    let (mut rows, mut columns, mut record) = (Vec::new(), None, StringRecord::new());
    loop {
        let start = usize::try_from(reader.position().byte())
            .expect("it is a place in a text that is in memory");
        if !reader.read_record(&mut record).map_err(|cause| cause.to_string())? {
            return Ok((rows, warning));
        }
        let line = lines.line_at(offset + start);
        if record.iter().all(is_blank) {
            continue;
        }
        let is_first = columns.is_none();
        let columns = match columns {
            Some(columns) => columns,
            None => *columns.insert(columns::find(&record, args)?),
        };
        if !(is_first && columns.has_header) {
            rows.push(row(&record, columns, line));
        }
    }
}

fn reader(text: &str, delimiter: u8) -> Reader<&[u8]> {
    let mut builder = ReaderBuilder::new();
    builder.has_headers(false).flexible(true).delimiter(delimiter).from_reader(text.as_bytes())
}

/// Counts the lines of a text as an editor does.
struct Lines<'t> {
    text: &'t str,
    byte: usize,
    line: u64,
}

impl Lines<'_> {
    /// The line of the first character after `place` that is no line break. Places must not
    /// decrease from call to call.
    fn line_at(&mut self, place: usize) -> u64 {
        let text = self.text.as_bytes();
        let breaks = text[place..].iter().take_while(|byte| b"\r\n".contains(byte)).count();
        let end = place + breaks;
        // A carriage return without a line feed also breaks a line.
        let is_break = |&index: &usize| match text[index] {
            b'\n' => true,
            b'\r' => text.get(index + 1) != Some(&b'\n'),
            _ => false,
        };
        self.line += (self.byte..end).filter(is_break).count() as u64;
        self.byte = self.byte.max(end);
        self.line
    }
}

fn is_blank(field: &str) -> bool {
    field.trim().is_empty()
}

fn row(record: &StringRecord, columns: Columns, line: u64) -> Row {
    let field = |index| record.get(index).unwrap_or_default().trim();
    let (target, file) = (field(columns.target), field(columns.file));
    let is_broken = record.iter().any(|field| field.contains(['\n', '\r']));
    let target = if is_broken {
        Written::Unusable("a field has a line break; a quotation mark may be missing")
    } else if target.is_empty() {
        Written::Unusable("it names no target")
    } else {
        Written::Text(target.to_owned())
    };
    let file = (!file.is_empty() && !is_broken).then(|| file.into());
    Row { origin: Origin::Line(line), target, file }
}

#[cfg(test)]
mod tests {
    use std::{borrow::Cow, path::Path};

    use super::*;

    /// Lines, targets and files.
    fn rows(text: &str) -> Vec<(u64, String, Option<String>)> {
        let (rows, _) = read(text.as_bytes(), Some("csv"), &ReadingArgs::default()).unwrap();
        let rows = rows.into_iter().map(|row| {
            let target = match row.target {
                Written::User(text) | Written::Text(text) => text,
                Written::Unusable(why) => format!("({why})"),
            };
            let file = row.file.as_deref().map(Path::to_string_lossy);
            (row.origin.line().unwrap(), target, file.map(Cow::into_owned))
        });
        rows.collect()
    }

    #[test]
    fn rows_know_their_lines_in_every_dialect() {
        let expected = [(2, "a@x", "a.jpg"), (5, "b@x", "b, c.jpg"), (7, "c@x", "c.jpg")];
        let expected =
            expected.map(|(line, user, file)| (line, user.to_owned(), Some(file.to_owned())));
        for delimiter in [",", ";", "\t"] {
            for line_break in ["\n", "\r\n", "\r"] {
                let text = "user|photo\na@x|a.jpg\n\n\n b@x |\"b, c.jpg\"\n|\nc@x|c.jpg";
                let text = text.replace('|', delimiter).replace('\n', line_break);
                assert_eq!(rows(&text), expected, "{text:?}");
            }
        }
        assert_eq!(rows("sep=;\r\na@x;a.jpg\r\n")[0].0, 2);
        assert_eq!(rows("\n\na@x;a.jpg\r\n")[0].0, 3);
    }

    #[test]
    fn what_a_row_lacks_is_no_reason_to_lose_it() {
        let found = rows("user,photo\na@x\n,b.jpg\nc@x,\n\"d@x,d.jpg\ne@x,e.jpg\n");
        let words: Vec<&str> = found.iter().map(|(_, target, _)| target.as_str()).collect();
        assert_eq!(words[..3], ["a@x", "(it names no target)", "c@x"]);
        assert!(words[3].contains("quotation mark"), "{words:?}");
        assert_eq!(found.iter().filter(|(_, _, file)| file.is_some()).count(), 1);
    }

    #[test]
    fn a_table_of_one_column_is_none() {
        let error = read(b"a@x\nb@x\n", None, &ReadingArgs::default()).unwrap_err();
        assert!(error.contains("1 column"), "{error}");
    }
}
