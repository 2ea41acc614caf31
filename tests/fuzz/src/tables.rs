//! The reader of tables of `graph-photo sync`.

use crate::sync::{ReadingArgs, read};

/// Any bytes are an error or rows, each with its line, from which its cells come.
///
/// The first byte chooses the options.
///
/// # Panics
///
/// If this does not hold.
pub fn check(data: &[u8]) {
    let Some((options, bytes)) = data.split_first() else { return };
    let number = |bits: u8| (bits & 7 > 4).then(|| (bits & 3).to_string());
    let args = ReadingArgs { target_column: number(*options), file_column: number(options >> 3) };
    let extension = (options >> 6 > 0).then_some(if options >> 6 == 1 { "csv" } else { "tsv" });
    let rows = match read(bytes, extension, &args) {
        Ok(rows) => rows,
        Err(why) => return assert!(!why.is_empty() && !why.contains(char::is_control), "{why:?}"),
    };
    let Some(text) = decoded(bytes) else { return };
    let lines = lines(&text);
    let mut before = 0;
    for row in rows {
        assert!(row.line > before, "{row:?} is not after line {before}");
        before = row.line;
        let at = usize::try_from(row.line - 1).expect("a line of a short text");
        let from = lines.get(at).unwrap_or_else(|| panic!("there is no line of {row:?}"));
        let file = row.file.as_ref().map(|file| file.to_str().expect("it was text"));
        for cell in [Some(row.target.as_str()), file].into_iter().flatten() {
            assert!(unquoted(&text[*from..]).contains(&unquoted(cell)), "{cell:?} is not there");
            assert!(!cell.contains(['\n', '\r']), "{cell:?}");
        }
        assert!(row.why.is_some() || !row.target.is_empty(), "{row:?}");
    }
}

/// The text of a table, for the encodings that are certain.
fn decoded(bytes: &[u8]) -> Option<String> {
    let (encoding, mark) = encoding_rs::Encoding::for_bom(bytes).unwrap_or((encoding_rs::UTF_8, 0));
    let bytes = &bytes[mark..];
    let bytes = if encoding == encoding_rs::UTF_8 { bytes } else { &bytes[..bytes.len() & !1] };
    let text = encoding.decode_without_bom_handling_and_without_replacement(bytes)?;
    // Zeros are a sign of UTF-16 without a mark.
    (!text.contains('\0')).then(|| text.into_owned())
}

/// Where lines begin.
fn lines(text: &str) -> Vec<usize> {
    let bytes = text.as_bytes();
    let ends = |at: &usize| {
        bytes[*at] == b'\n' || (bytes[*at] == b'\r' && bytes.get(at + 1) != Some(&b'\n'))
    };
    [0].into_iter().chain((0..bytes.len()).filter(ends).map(|at| at + 1)).collect()
}

fn unquoted(text: &str) -> String {
    text.replace('"', "")
}
