//! Reads a table of targets and files.

use std::path::Path;

use csv::{Reader, ReaderBuilder, StringRecord};

use super::{
    columns::{self, Columns, Header},
    decoding::decode,
    delimiter, quoting,
    row::{Origin, Row, Written},
};
use crate::args::sync::ReadingArgs;

/// What a table has.
#[derive(Debug)]
pub(super) struct Table {
    pub(super) rows: Vec<Row>,
    /// What of it deserves a look.
    pub(super) warning: Option<&'static str>,
    /// How it was read, where that is not certain.
    pub(super) note: Option<String>,
}

/// Reads a table; returns its rows and a warning, if any.
///
/// # Errors
///
/// The reason why it is not a table.
pub(super) fn read(
    bytes: &[u8],
    extension: Option<&str>,
    args: &ReadingArgs,
    photos: &Path,
) -> Result<Table, String> {
    let (text, warning) = decode(bytes)?;
    let (delimiter, body) = delimiter::find(&text, extension);
    let mut table = Table { rows: Vec::new(), warning, note: None };
    let mut lines = Lines { text: &text, byte: 0, line: 1 };
    let mut reader = reader(body, delimiter);
    let (mut start, mut columns, mut record) = (0, None, StringRecord::new());
    while reader.read_record(&mut record).map_err(|cause| cause.to_string())? {
        let line = lines.line_at(text.len() - body.len() + start);
        let end = usize::try_from(reader.position().byte())
            .expect("it is a place in a text that is in memory");
        let fault = quoting::fault(&body[start..end], delimiter);
        start = end;
        if fault.is_none() && record.iter().all(is_blank) {
            continue;
        }
        if let Some(columns) = columns {
            table.rows.push(row(&record, columns, line, fault));
        } else {
            let first = First { record: &record, line, fault };
            columns = Some(table.begin(&first, args, photos)?);
        }
    }
    Ok(table)
}

/// The first record of a table that is not blank.
struct First<'r> {
    record: &'r StringRecord,
    line: u64,
    fault: Option<&'static str>,
}

impl Table {
    /// Finds the columns; takes the first record for a row, unless it is the header.
    fn begin(
        &mut self,
        first: &First<'_>,
        args: &ReadingArgs,
        photos: &Path,
    ) -> Result<Columns, String> {
        let &First { record, line, fault } = first;
        let faulty = |why: &str| format!("line {line}: {why}");
        let is_file = |name: &str| photos.join(name).is_file();
        let columns = columns::find(record, args, is_file)
            .map_err(|why| fault.map_or_else(|| why, faulty))?;
        match (columns.header, fault) {
            (Header::Absent, _) => self.rows.push(row(record, columns, line, fault)),
            (_, Some(why)) => return Err(faulty(why)),
            (Header::Named, None) => {}
            (Header::Guessed, None) => {
                self.note = Some(format!(
                    "line {line} of the table ({}) is taken for its header, not for a photo; if \
                     it is one, write its target as an address, an id or a path",
                    columns::all(record)
                ));
            }
        }
        Ok(columns)
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

fn row(record: &StringRecord, columns: Columns, line: u64, fault: Option<&'static str>) -> Row {
    const BREAKS: [char; 2] = ['\n', '\r'];
    const BROKEN: &str = "its target or its file has a line break; a quotation mark may be missing";
    let field = |index| record.get(index).unwrap_or_default().trim();
    let fields = [columns.target, columns.file].map(field);
    let is_broken = fields.iter().any(|field| field.contains(BREAKS));
    // What follows is of other rows.
    let [target, file] = fields.map(|field| field.split(BREAKS).next().unwrap_or_default());
    let text = target.to_owned();
    let target = match fault.or(is_broken.then_some(BROKEN)) {
        Some(why) => Written::Unusable { text, why },
        None if target.is_empty() => Written::Unusable { text, why: "it names no target" },
        None => Written::Text(text),
    };
    let file = (!file.is_empty()).then(|| file.into());
    Row { origin: Origin::Line(line), target, file }
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use super::*;

    /// Lines, targets and files.
    fn rows(text: &str) -> Vec<(u64, String, Option<String>)> {
        let args = ReadingArgs::default();
        let table = read(text.as_bytes(), Some("csv"), &args, Path::new("")).unwrap();
        let rows = table.rows.into_iter().map(|row| {
            let target = match row.target {
                Written::User(text) | Written::Text(text) => text,
                Written::Unusable { text, why } => format!("{text}({why})"),
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
    fn a_line_break_matters_only_in_what_is_used() {
        let found = rows("user,photo,street\na@x,a.jpg,\"Street 1\r\nCity\"\nb@x,b.jpg,\n");
        let row = |line, user: &str, file: &str| (line, user.to_owned(), Some(file.to_owned()));
        assert_eq!(found, [row(2, "a@x", "a.jpg"), row(4, "b@x", "b.jpg")]);
        for line_break in ["\n", "\r\n", "\r"] {
            let found = rows(&format!("user,photo\na@x,\"a.jpg{line_break}b@x\"\n"));
            let start = "a@x(its target or its file has a line break";
            assert!(found[0].1.starts_with(start), "{found:?}");
            assert_eq!(found[0].2.as_deref(), Some("a.jpg"));
        }
        for street in ["\"Street 1", "\"Street 1\nb@x,b.jpg,\"Street 2\""] {
            let found = rows(&format!("user,photo,street\na@x,a.jpg,{street}\n"));
            assert_eq!(found.len(), 1);
            assert!(found[0].1.contains("quotation mark"), "{found:?}");
        }
    }

    #[test]
    fn a_header_that_is_guessed_is_told() {
        let read = |text: &str| {
            let column = |number: &str| Some(number.to_owned());
            let (target_column, file_column) = (column("1"), column("2"));
            let args = ReadingArgs { target_column, file_column, ..ReadingArgs::default() };
            let table = read(text.as_bytes(), Some("csv"), &args, Path::new("")).unwrap();
            (table.rows.len(), table.note.unwrap_or_default())
        };
        let (rows, note) = read("Konto;Bild;X\na@x;a.jpg;1\n");
        assert_eq!(rows, 1);
        assert!(note.starts_with("line 1 of the table (`Konto`, `Bild`, `X`)"), "{note}");
        assert_eq!(read("a@x;a.jpg;1\n"), (1, String::new()));
    }

    #[test]
    fn a_table_of_one_column_is_none() {
        let error = read(b"a@x\nb@x\n", None, &ReadingArgs::default(), Path::new("")).unwrap_err();
        assert!(error.contains("1 column"), "{error}");
    }
}
