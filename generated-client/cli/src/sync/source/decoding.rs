//! Decodes a table's bytes in any encoding that spreadsheets write.

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

const GUESSED: &str = "the table is neither UTF-8 nor UTF-16; it is read as Windows-1252, so check \
                       that letters with accents are right in the plan, or save it as UTF-8";

const CUT_OFF: &str = "the table is UTF-16, but ends within a character, whose byte is left out; \
                       its end may be missing";

/// Returns the text, and a warning if its encoding is a guess.
///
/// # Errors
///
/// The fault in the bytes.
pub(super) fn decode(bytes: &[u8]) -> Result<(String, Option<&'static str>), String> {
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        return whole(encoding, &bytes[mark..]);
    }
    if let Some(encoding) = utf16_without_mark(bytes) {
        return whole(encoding, bytes);
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Ok((no_binary(text.to_owned())?, None));
    }
    let (text, _) = WINDOWS_1252.decode_without_bom_handling(bytes);
    Ok((no_binary(text.into_owned())?, Some(GUESSED)))
}

/// Leaves out half a unit of UTF-16 at the end.
fn whole(
    encoding: &'static Encoding,
    bytes: &[u8],
) -> Result<(String, Option<&'static str>), String> {
    let is_odd = encoding != UTF_8 && bytes.len() % 2 == 1;
    let bytes = &bytes[..bytes.len() - usize::from(is_odd)];
    Ok((exact(encoding, bytes)?, is_odd.then_some(CUT_OFF)))
}

fn exact(encoding: &'static Encoding, bytes: &[u8]) -> Result<String, String> {
    let text = encoding.decode_without_bom_handling_and_without_replacement(bytes);
    let text = text.ok_or_else(|| format!("it is no valid {}", encoding.name()))?;
    no_binary(text.into_owned())
}

/// Detects UTF-16 from its zero bytes: every table has some ASCII, and in UTF-16 every second
/// byte of ASCII is zero.
fn utf16_without_mark(bytes: &[u8]) -> Option<&'static Encoding> {
    let start = &bytes[..bytes.len().min(1024) & !1];
    let zeros = |at: usize| start.iter().skip(at).step_by(2).filter(|byte| **byte == 0).count();
    let is_most = |zeros: usize| zeros > start.len() / 4;
    match (zeros(0), zeros(1)) {
        (0, odd) if is_most(odd) => Some(UTF_16LE),
        (even, 0) if is_most(even) => Some(UTF_16BE),
        _ => None,
    }
}

/// Refuses archives, such as workbooks, and text with zeros: neither is a table.
fn no_binary(text: String) -> Result<String, String> {
    const ARCHIVE: &str = "PK\u{3}\u{4}";
    if text.starts_with(ARCHIVE) {
        return Err("it is a workbook or another archive; save it as CSV".to_owned());
    }
    if text.contains('\0') {
        return Err("it is no text; a table is a CSV or TSV file".to_owned());
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "user;photo\r\nzoë@contoso.com;Zoë.jpg\r\n";

    fn utf16(to_bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
        TEXT.encode_utf16().flat_map(to_bytes).collect()
    }

    #[test]
    fn what_spreadsheets_write_is_read() {
        let little = utf16(u16::to_le_bytes);
        let big = utf16(u16::to_be_bytes);
        for bytes in [
            TEXT.as_bytes().to_vec(),
            [b"\xEF\xBB\xBF", TEXT.as_bytes()].concat(),
            [b"\xFF\xFE", &little[..]].concat(),
            [b"\xFE\xFF", &big[..]].concat(),
            little,
            big,
        ] {
            assert_eq!(decode(&bytes).unwrap(), (TEXT.to_owned(), None));
        }
        let latin: Vec<u8> =
            TEXT.chars().map(|character| u8::try_from(u32::from(character)).unwrap()).collect();
        assert_eq!(decode(&latin).unwrap(), (TEXT.to_owned(), Some(GUESSED)));
    }

    #[test]
    fn half_a_unit_at_the_end_costs_no_more_than_itself() {
        for bytes in [utf16(u16::to_le_bytes), [b"\xFF\xFE", &*utf16(u16::to_le_bytes)].concat()] {
            let odd = [&bytes[..], b"a"].concat();
            assert_eq!(decode(&odd).unwrap(), (TEXT.to_owned(), Some(CUT_OFF)));
        }
    }

    #[test]
    fn what_is_no_text_is_refused() {
        for bytes in [&b"PK\x03\x04\x14\0\x06"[..], b"ab\0c", b"\xFF\xFEa\0\0\xD8"] {
            assert!(decode(bytes).is_err(), "{bytes:?}");
        }
    }
}
