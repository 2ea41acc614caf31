//! The spec's bytes as text: UTF-8, or a finding that names the encoding.

use std::{ops::Range, str::Utf8Error};

use crate::diagnostics::finding::{Finding, Findings};
use crate::diagnostics::rule::Rule;

/// PowerShell 5 puts a byte order mark in front, which is ignored.
const REMEDY: &str = "save the file as UTF-8: in an editor with \"Save with encoding\", in PowerShell \
                      with `Set-Content -Encoding utf8`";

/// The number of bytes that tell whether a file is UTF-16.
const SAMPLE: usize = 4096;

/// The text of an OpenAPI file: UTF-8, with or without a byte order mark.
///
/// # Errors
///
/// One finding, with the line and the byte, for any other encoding.
pub fn decode(bytes: &[u8]) -> Result<&str, Findings> {
    match other_encoding(bytes) {
        Some(name) => Err(finding("", 0..0, format!("the file is {name}, not UTF-8"))),
        None => std::str::from_utf8(bytes).map_err(|error| invalid(bytes, error)),
    }
}

/// The encoding by its byte order mark, or by the zero bytes of ASCII in UTF-16.
fn other_encoding(bytes: &[u8]) -> Option<&'static str> {
    let sample = &bytes[..SAMPLE.min(bytes.len())];
    let mostly_zero = |offset: usize| {
        let (zeros, others): (Vec<u8>, Vec<u8>) =
            sample.iter().skip(offset).step_by(2).partition(|byte| **byte == 0);
        zeros.len() > others.len()
    };
    match bytes {
        [0xFF, 0xFE, 0, 0, ..] => Some("UTF-32 (little-endian)"),
        [0, 0, 0xFE, 0xFF, ..] => Some("UTF-32 (big-endian)"),
        [0xFF, 0xFE, ..] => Some("UTF-16 (little-endian)"),
        [0xFE, 0xFF, ..] => Some("UTF-16 (big-endian)"),
        _ => match [mostly_zero(0), mostly_zero(1)] {
            [false, true] => Some("UTF-16 (little-endian, without a byte order mark)"),
            [true, false] if bytes.len() > 1 => {
                Some("UTF-16 (big-endian, without a byte order mark)")
            }
            _ => None,
        },
    }
}

fn invalid(bytes: &[u8], error: Utf8Error) -> Findings {
    let at = error.valid_up_to();
    let message = match error.error_len() {
        None => format!("the file is not UTF-8: the character that begins at byte {at} is cut off"),
        Some(_) => format!(
            "the file is not UTF-8: byte {at} (0x{:02X}) can't stand here; it may be \
             Windows-1252 or Latin-1",
            bytes[at]
        ),
    };
    // The text shown has its first replacement character there.
    let text = String::from_utf8_lossy(bytes);
    finding(&text, at..at + char::REPLACEMENT_CHARACTER.len_utf8(), message)
}

fn finding(text: &str, span: Range<usize>, message: String) -> Findings {
    let (pointer, remedy) = (String::new(), REMEDY.to_owned());
    Findings::new(text, vec![Finding { rule: Rule::YamlSyntax, message, pointer, span, remedy }])
}
