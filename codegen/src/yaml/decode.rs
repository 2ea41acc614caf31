//! The spec's bytes as text: UTF-8, or a finding that says what they are instead.

use std::{ops::Range, str::Utf8Error};

use crate::diagnostics::{
    finding::{Finding, Findings},
    rule::Rule,
};

/// How to save a file as what is read. PowerShell 5 puts a byte order mark in front,
/// which is read over.
const REMEDY: &str = "save the file as UTF-8: in an editor with \"Save with encoding\", in PowerShell \
                      with `Set-Content -Encoding utf8`";

/// How many bytes are looked at to recognize UTF-16.
const SAMPLE: usize = 4096;

/// The text of an OpenAPI file, which has to be UTF-8, with or without a byte order
/// mark.
///
/// # Errors
///
/// One finding, with the line and the byte, if the bytes are anything else.
pub fn decode(bytes: &[u8]) -> Result<&str, Findings> {
    match other_encoding(bytes) {
        Some(name) => Err(finding("", 0..0, format!("the file is {name}, not UTF-8"))),
        None => std::str::from_utf8(bytes).map_err(|error| invalid(bytes, error)),
    }
}

/// The encoding, if the bytes have its byte order mark, or else as many zero bytes
/// as mostly ASCII has in UTF-16.
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
    // What is shown has a replacement character there, and nothing else before it.
    let text = String::from_utf8_lossy(bytes);
    finding(&text, at..at + char::REPLACEMENT_CHARACTER.len_utf8(), message)
}

fn finding(text: &str, span: Range<usize>, message: String) -> Findings {
    let (pointer, remedy) = (String::new(), REMEDY.to_owned());
    Findings::new(text, vec![Finding { rule: Rule::YamlSyntax, message, pointer, span, remedy }])
}
