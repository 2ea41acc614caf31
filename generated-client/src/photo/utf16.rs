//! Text in UTF-16, as Windows writes it: a shell that redirects a program's output, or an
//! editor that saves base64.

use super::content::{ContentKind, is_text_decoded_jpeg};

/// How many bytes are looked at.
const PROBE: usize = 1024;

/// What the bytes are, if they are UTF-16 text, with or without a byte-order mark.
pub(super) fn detect(bytes: &[u8]) -> Option<ContentKind> {
    let probe = bytes.get(..PROBE).unwrap_or(bytes);
    let (marked, little_endian, text) = match probe {
        [0xFF, 0xFE, text @ ..] => (true, true, text),
        [0xFE, 0xFF, text @ ..] => (true, false, text),
        text => (false, zeros(text, 1) > zeros(text, 0), text),
    };
    let (units, _) = text.as_chunks();
    let decode = if little_endian { u16::from_le_bytes } else { u16::from_be_bytes };
    let text: String = char::decode_utf16(units.iter().copied().map(decode))
        .map(|character| character.unwrap_or(char::REPLACEMENT_CHARACTER))
        .collect();
    if is_text_decoded_jpeg(&text) {
        return Some(ContentKind::Utf16Jpeg);
    }
    let is_text = |text: &str| !text.is_empty() && !text.contains(is_no_text);
    let is_utf16 = marked || (is_text(&text) && is_mostly_ascii(&text));
    if !is_utf16 {
        return None;
    }
    Some(match ContentKind::detect(text.as_bytes()) {
        ContentKind::Base64Jpeg => ContentKind::Utf16Base64Jpeg,
        ContentKind::DataUrl if text.contains(",/9j/") => ContentKind::Utf16Base64Jpeg,
        ContentKind::DataUrl
        | ContentKind::Base64Png
        | ContentKind::Base64Gif
        | ContentKind::Base64WebP => ContentKind::Utf16Base64Image,
        ContentKind::Shortcut => ContentKind::Utf16Shortcut,
        _ => ContentKind::Utf16Text,
    })
}

/// How many of the bytes at even, or at odd, offsets are 0.
fn zeros(bytes: &[u8], from: usize) -> usize {
    bytes.iter().skip(from).step_by(2).filter(|byte| **byte == 0).count()
}

/// Whether a character does not occur in text: binary data in pairs has some of them.
fn is_no_text(character: char) -> bool {
    character == char::REPLACEMENT_CHARACTER
        || (character.is_control() && !character.is_whitespace())
}

/// Whether nine characters in ten are ASCII; other text is not recognised without a mark.
fn is_mostly_ascii(text: &str) -> bool {
    let ascii = text.chars().filter(char::is_ascii).count();
    text.len() >= 4 && ascii * 10 >= text.chars().count() * 9
}
