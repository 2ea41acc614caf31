//! Recognises content other than a JPEG by its beginning.

use memchr::memmem;

use super::content::ContentKind;

const SIGNATURES: &[(ContentKind, &[&[u8]])] = &[
    (ContentKind::Png, &[b"\x89PNG\r\n\x1A\n"]),
    (ContentKind::Gif, &[b"GIF87a", b"GIF89a"]),
    // Canon, Fujifilm, Olympus (three) and Panasonic; before TIFF.
    (
        ContentKind::CameraRaw,
        &[b"II*\0\x10\0\0\0CR", b"FUJIFILMCCD-RAW", b"IIRO", b"IIRS", b"MMOR", b"IIU\0"],
    ),
    (ContentKind::Tiff, &[b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"]),
    (ContentKind::Jpeg2000, &[b"\0\0\0\x0CjP  \r\n\x87\n", b"\xFF\x4F\xFF\x51"]),
    (ContentKind::JpegXl, &[b"\0\0\0\x0CJXL \r\n\x87\n", b"\xFF\x0A"]),
    (ContentKind::Photoshop, &[b"8BPS"]),
    (ContentKind::Icon, &[b"\0\0\x01\0", b"\0\0\x02\0"]),
    (ContentKind::Shortcut, &[b"L\0\0\0\x01\x14\x02\0"]),
    (ContentKind::Pdf, &[b"%PDF-"]),
    (ContentKind::Zip, &[b"PK\x03\x04"]),
    (ContentKind::Gzip, &[b"\x1F\x8B"]),
    // FF D8 FF decoded as UTF-8, with losses, and as Latin-1.
    (
        ContentKind::TextDecodedJpeg,
        &[b"\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD", b"\xC3\xBF\xC3\x98\xC3\xBF"],
    ),
];

/// The beginning of text formats, after white space and a quote, in upper or lower case; and a
/// part of them.
const TEXTS: &[(ContentKind, &[&str], &str)] = &[
    // Windows (two) and Linux; macOS.
    (ContentKind::Shortcut, &["[InternetShortcut]", "[{000214A0-", "[Desktop Entry]"], ""),
    (ContentKind::Shortcut, &["<?xml"], "<key>URL</key>"),
    (ContentKind::DataUrl, &["data:"], ""),
    (ContentKind::Base64Jpeg, &["/9j/", "_9j_"], ""),
    (ContentKind::Base64Png, &["iVBORw0KGg"], ""),
    (ContentKind::Base64Gif, &["R0lGODdh", "R0lGODlh"], ""),
    (ContentKind::Base64WebP, &["UklGR"], ""),
    (ContentKind::Html, &["<!doctype html", "<html", "<head", "<body"], ""),
    (ContentKind::Svg, &["<!doctype svg"], ""),
    (ContentKind::Svg, &["<"], "<svg"),
    (ContentKind::Html, &["<"], "<html"),
    (ContentKind::Xml, &["<?xml"], ""),
    (ContentKind::Json, &["{", "["], ""),
    (ContentKind::Multipart, &["--"], "ontent-"),
];

/// How far into other content to look for a JPEG.
const PREFIX_PROBE: usize = 64 * 1024;

const TEXT_PROBE: usize = 1024;

/// Recognises content by its first KiB.
pub(super) fn content(bytes: &[u8]) -> ContentKind {
    let begins = |(_, starts): &&(_, &[&[u8]])| starts.iter().any(|start| bytes.starts_with(start));
    if let Some((kind, _)) = SIGNATURES.iter().find(begins) {
        return *kind;
    }
    let probe = bytes.get(..TEXT_PROBE).unwrap_or(bytes);
    match bytes {
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => ContentKind::WebP,
        [_, _, _, _, b'f', b't', b'y', b'p', brands @ ..] => of_brands(brands),
        // A size and four reserved bytes follow: text may begin with `BM` as well.
        [b'B', b'M', _, _, _, _, 0, 0, 0, 0, ..] => ContentKind::Bmp,
        _ => of_utf16(probe).unwrap_or_else(|| of_text(probe)),
    }
}

/// Recognises the brands in the type box of an ISO base media file (ISO/IEC 14496-12, 4.3). The
/// compatible brands that follow a generic main brand, such as `mif1`, are decisive.
fn of_brands(brands: &[u8]) -> ContentKind {
    let known = brands.as_chunks().0.iter().take(8).find_map(|brand| match brand {
        b"crx " => Some(ContentKind::CameraRaw),
        b"jxl " => Some(ContentKind::JpegXl),
        b"jp2 " | b"jpx " | b"jpm " => Some(ContentKind::Jpeg2000),
        b"avif" | b"avis" => Some(ContentKind::Avif),
        b"heic" | b"heix" | b"hevc" | b"hevx" | b"heim" | b"heis" => Some(ContentKind::Heic),
        _ => None,
    });
    known.unwrap_or(match brands {
        [b'm', b'i' | b's', b'f', b'1', ..] => ContentKind::Heic,
        _ => ContentKind::Film,
    })
}

fn of_text(bytes: &[u8]) -> ContentKind {
    let text = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes).trim_ascii_start();
    let text = match text {
        [b'"' | b'\'', rest @ ..] => rest.trim_ascii_start(),
        _ => text,
    };
    let begins = |start: &&str| {
        text.get(..start.len()).is_some_and(|head| head.eq_ignore_ascii_case(start.as_bytes()))
    };
    let fits = |(_, starts, part): &&(_, &[&str], &str)| {
        starts.iter().any(begins) && memmem::find(text, part.as_bytes()).is_some()
    };
    match TEXTS.iter().find(fits) {
        Some((kind, ..)) => *kind,
        None if is_decoded_jpeg(text.utf8_chunks().next().map_or("", |chunk| chunk.valid())) => {
            ContentKind::TextDecodedJpeg
        }
        None if is_plain_text(bytes) => ContentKind::Text,
        None => ContentKind::Unknown,
    }
}

/// Recognises text in UTF-16, as written by a shell of Windows that redirects output, or by an
/// editor that saves base64. `None` if it does not appear to be UTF-16.
fn of_utf16(bytes: &[u8]) -> Option<ContentKind> {
    let zeros = |from| bytes.iter().skip(from).step_by(2).filter(|byte| **byte == 0).count();
    let (is_marked, decode, units): (_, fn([u8; 2]) -> u16, _) = match bytes {
        [0xFF, 0xFE, units @ ..] => (true, u16::from_le_bytes, units),
        [0xFE, 0xFF, units @ ..] => (true, u16::from_be_bytes, units),
        units if zeros(1) > zeros(0) => (false, u16::from_le_bytes, units),
        units => (false, u16::from_be_bytes, units),
    };
    let units = units.as_chunks().0.iter().copied().map(decode);
    let text: String = char::decode_utf16(units)
        .map(|character| character.unwrap_or(char::REPLACEMENT_CHARACTER))
        .collect();
    // Without a byte-order mark, nine in ten characters must be ASCII.
    let is_ascii = |c: &char| c.is_ascii_graphic() || c.is_ascii_whitespace();
    let ascii = text.chars().filter(is_ascii).count();
    let is_text = ascii >= 4 && ascii * 10 >= text.chars().count() * 9;
    match of_text(text.as_bytes()) {
        _ if is_decoded_jpeg(&text) => Some(ContentKind::Utf16Jpeg),
        _ if !is_marked && !is_text => None,
        ContentKind::Base64Jpeg => Some(ContentKind::Utf16Base64Jpeg),
        ContentKind::DataUrl if text.contains(",/9j/") => Some(ContentKind::Utf16Base64Jpeg),
        ContentKind::DataUrl
        | ContentKind::Base64Png
        | ContentKind::Base64Gif
        | ContentKind::Base64WebP => Some(ContentKind::Utf16Base64Image),
        ContentKind::Shortcut => Some(ContentKind::Utf16Shortcut),
        _ => Some(ContentKind::Utf16Text),
    }
}

/// Whether text is a decoded JPEG, in any encoding: its first and third byte are the same (`FF
/// D8 FF`), and the name of a format follows.
fn is_decoded_jpeg(text: &str) -> bool {
    let mut start = text.chars();
    let (first, second, third) = (start.next(), start.next(), start.next());
    let head: String = start.take(12).collect();
    first == third
        && [first, second].iter().all(|character| character.is_some_and(|c| !c.is_ascii()))
        && ["JFIF", "Exif"].iter().any(|name| head.contains(name))
}

/// Where a JPEG begins after other content, such as a byte-order mark, an empty line or the
/// headers of an HTTP response. Its first bytes occur in no text. Does not look into other images,
/// which may contain a preview.
pub(super) fn jpeg_within(bytes: &[u8]) -> Option<usize> {
    let may_hide = matches!(
        content(bytes),
        ContentKind::Unknown
            | ContentKind::Text
            | ContentKind::Utf16Text
            | ContentKind::Json
            | ContentKind::Xml
            | ContentKind::Html
    );
    let probe = bytes.get(..PREFIX_PROBE).unwrap_or(bytes);
    // The marker of a table, a frame, an application segment or a comment follows.
    let begins = |at: &usize| {
        matches!(bytes.get(at + 3), Some(0xC0..=0xC4 | 0xDB | 0xDD | 0xE0..=0xEF | 0xFE))
    };
    memmem::find_iter(probe, b"\xFF\xD8\xFF").find(begins).filter(|_| may_hide)
}

/// Whether these bytes are UTF-8 without control characters.
fn is_plain_text(bytes: &[u8]) -> bool {
    let is_control = |byte: &u8| matches!(byte, 0..=8 | 14..=26 | 28..=31 | 127);
    // There is no error length if the probe ends within a character.
    let is_utf8 = str::from_utf8(bytes).map_or_else(|error| error.error_len().is_none(), |_| true);
    is_utf8 && !bytes.iter().any(is_control)
}
