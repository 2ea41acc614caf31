//! The spec's bytes as text: UTF-8, or a finding that says what they are instead.

use std::str::Utf8Error;

use crate::{
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
    if let Some(wide) = wide(bytes) {
        return Err(wide.findings(bytes));
    }
    std::str::from_utf8(bytes).map_err(|error| invalid(bytes, error))
}

/// An encoding with more than one byte for each letter of ASCII.
struct Wide {
    name: &'static str,
    /// How many bytes make a unit.
    unit: usize,
    big_endian: bool,
}

impl Wide {
    const fn new(name: &'static str, unit: usize, big_endian: bool) -> Self {
        Self { name, unit, big_endian }
    }

    fn findings(&self, bytes: &[u8]) -> Findings {
        let text = self.text(bytes);
        let first = text.lines().next().unwrap_or_default().trim_end().len();
        let message = format!("the file is {}, not UTF-8", self.name);
        finding(&text, 0..first, message)
    }

    /// The text, to be shown.
    fn text(&self, bytes: &[u8]) -> String {
        let units = bytes.chunks_exact(self.unit).map(|unit| {
            let shift = |value: u32, byte: &u8| value << 8 | u32::from(*byte);
            if self.big_endian {
                unit.iter().fold(0, shift)
            } else {
                unit.iter().rev().fold(0, shift)
            }
        });
        let text: String = if self.unit == 2 {
            let units = units.map(|unit| u16::try_from(unit).unwrap_or_default());
            let characters = char::decode_utf16(units);
            characters.map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
        } else {
            units.map(|unit| char::from_u32(unit).unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
        };
        text.trim_start_matches('\u{FEFF}').to_owned()
    }
}

/// The encoding, if the bytes have its byte order mark, or else as many zero bytes
/// as mostly ASCII has in UTF-16.
fn wide(bytes: &[u8]) -> Option<Wide> {
    let zeros = |offset: usize| {
        let sample = bytes.get(..SAMPLE.min(bytes.len())).unwrap_or_default();
        let every_other = sample.iter().skip(offset).step_by(2);
        every_other.clone().filter(|byte| **byte == 0).count() * 2 > every_other.count()
    };
    match bytes {
        [0xFF, 0xFE, 0, 0, ..] => Some(Wide::new("UTF-32 (little-endian)", 4, false)),
        [0, 0, 0xFE, 0xFF, ..] => Some(Wide::new("UTF-32 (big-endian)", 4, true)),
        [0xFF, 0xFE, ..] => Some(Wide::new("UTF-16 (little-endian)", 2, false)),
        [0xFE, 0xFF, ..] => Some(Wide::new("UTF-16 (big-endian)", 2, true)),
        [_, _, ..] if zeros(1) && !zeros(0) => {
            Some(Wide::new("UTF-16 (little-endian, without a byte order mark)", 2, false))
        }
        [_, _, ..] if zeros(0) && !zeros(1) => {
            Some(Wide::new("UTF-16 (big-endian, without a byte order mark)", 2, true))
        }
        _ => None,
    }
}

/// The finding for bytes that are not UTF-8.
fn invalid(bytes: &[u8], error: Utf8Error) -> Findings {
    let at = error.valid_up_to();
    let byte = bytes.get(at).copied().unwrap_or_default();
    let message = match error.error_len() {
        None => format!("the file is not UTF-8: the character that begins at byte {at} is cut off"),
        Some(_) => format!(
            "the file is not UTF-8: byte {at} (0x{byte:02X}) can't stand here; it may be \
             Windows-1252 or Latin-1"
        ),
    };
    // What is shown has a replacement character there, and nothing else before it.
    let text = String::from_utf8_lossy(bytes);
    finding(&text, at..at + char::REPLACEMENT_CHARACTER.len_utf8(), message)
}

fn finding(text: &str, span: std::ops::Range<usize>, message: String) -> Findings {
    let finding = Finding {
        rule: Rule::YamlSyntax,
        message,
        pointer: String::new(),
        span,
        remedy: REMEDY.to_owned(),
    };
    Findings::new(text, vec![finding])
}
