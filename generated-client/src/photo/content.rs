//! Guesses what bytes are that are not a JPEG, from their beginning.

use std::fmt;

use memchr::memmem;

use super::utf16;

/// What some bytes appear to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ContentKind {
    /// A PNG image.
    Png,
    /// A GIF image.
    Gif,
    /// A WebP image.
    WebP,
    /// A HEIC or HEIF image, the format of phone cameras.
    Heic,
    /// An AVIF image.
    Avif,
    /// A Windows bitmap.
    Bmp,
    /// A TIFF image or a camera's raw file built on TIFF, such as Nikon's NEF.
    Tiff,
    /// A camera's raw file in its maker's format, such as Canon's CR2 and CR3.
    CameraRaw,
    /// A Windows icon or cursor.
    Icon,
    /// A JPEG 2000 image.
    Jpeg2000,
    /// A JPEG XL image.
    JpegXl,
    /// A Photoshop document.
    Photoshop,
    /// An SVG drawing.
    Svg,
    /// A PDF document.
    Pdf,
    /// An MP4 or `QuickTime` film.
    Film,
    /// A ZIP archive or a document built on one.
    Zip,
    /// Data compressed with gzip.
    Gzip,
    /// The base64 text of a JPEG.
    Base64Jpeg,
    /// The base64 text of a PNG image.
    Base64Png,
    /// The base64 text of a GIF image.
    Base64Gif,
    /// The base64 text of a WebP image.
    Base64WebP,
    /// A `data:` URL.
    DataUrl,
    /// A JPEG that was read or sent as text, which destroyed its bytes.
    TextDecodedJpeg,
    /// A JPEG that was written as UTF-16 text, as by `>` in Windows PowerShell, which
    /// destroyed its bytes.
    Utf16Jpeg,
    /// The base64 text of a JPEG, saved as UTF-16.
    Utf16Base64Jpeg,
    /// The base64 text, or the `data:` URL, of another image, saved as UTF-16.
    Utf16Base64Image,
    /// A shortcut, as [`Shortcut`](Self::Shortcut), saved as UTF-16.
    Utf16Shortcut,
    /// Some other text in UTF-16.
    Utf16Text,
    /// A file that only points to another one or to a page, such as Windows' `.url` and `.lnk`
    /// and macOS' `.webloc`.
    Shortcut,
    /// The body of a form upload (multipart), which may contain a JPEG.
    Multipart,
    /// An HTML page.
    Html,
    /// JSON text.
    Json,
    /// XML text other than SVG.
    Xml,
    /// Some other text.
    Text,
    /// Nothing known.
    Unknown,
}

/// What files of each binary format begin with.
const SIGNATURES: &[(&[u8], ContentKind)] = &[
    (b"\x89PNG\r\n\x1A\n", ContentKind::Png),
    (b"GIF87a", ContentKind::Gif),
    (b"GIF89a", ContentKind::Gif),
    (b"II*\0\x10\0\0\0CR", ContentKind::CameraRaw), // Canon CR2
    (b"FUJIFILMCCD-RAW", ContentKind::CameraRaw),
    (b"IIRO", ContentKind::CameraRaw), // Olympus
    (b"IIRS", ContentKind::CameraRaw),
    (b"MMOR", ContentKind::CameraRaw),
    (b"IIU\0", ContentKind::CameraRaw), // Panasonic
    (b"II*\0", ContentKind::Tiff),
    (b"MM\0*", ContentKind::Tiff),
    (b"II+\0", ContentKind::Tiff),
    (b"MM\0+", ContentKind::Tiff),
    (b"\0\0\0\x0CjP  \r\n\x87\n", ContentKind::Jpeg2000),
    (b"\xFF\x4F\xFF\x51", ContentKind::Jpeg2000),
    (b"\0\0\0\x0CJXL \r\n\x87\n", ContentKind::JpegXl),
    (b"\xFF\x0A", ContentKind::JpegXl),
    (b"8BPS", ContentKind::Photoshop),
    (b"\0\0\x01\0", ContentKind::Icon),
    (b"\0\0\x02\0", ContentKind::Icon),
    (b"L\0\0\0\x01\x14\x02\0", ContentKind::Shortcut),
    (b"%PDF-", ContentKind::Pdf),
    (b"PK\x03\x04", ContentKind::Zip),
    (b"\x1F\x8B", ContentKind::Gzip),
    // FF D8 FF after a lossy reading as UTF-8, and after one as Latin-1.
    (b"\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD", ContentKind::TextDecodedJpeg),
    (b"\xC3\xBF\xC3\x98\xC3\xBF", ContentKind::TextDecodedJpeg),
];

/// What text of each kind begins with, after white space; case does not count.
const TEXT_STARTS: &[(&[u8], ContentKind)] = &[
    (b"[InternetShortcut]", ContentKind::Shortcut),
    (b"[{000214A0-", ContentKind::Shortcut), // of Windows, with more properties
    (b"[Desktop Entry]", ContentKind::Shortcut),
    (b"data:", ContentKind::DataUrl),
    (b"<!doctype html", ContentKind::Html),
    (b"<html", ContentKind::Html),
    (b"<head", ContentKind::Html),
    (b"<body", ContentKind::Html),
    (b"<svg", ContentKind::Svg),
    (b"<!doctype svg", ContentKind::Svg),
    (b"{", ContentKind::Json),
    (b"[", ContentKind::Json),
];

/// What base64 text of each image begins with; case counts.
const BASE64_STARTS: &[(&[u8], ContentKind)] = &[
    (b"/9j/", ContentKind::Base64Jpeg),
    (b"_9j_", ContentKind::Base64Jpeg),
    (b"iVBORw0KGg", ContentKind::Base64Png),
    (b"R0lGODdh", ContentKind::Base64Gif),
    (b"R0lGODlh", ContentKind::Base64Gif),
    (b"UklGR", ContentKind::Base64WebP),
];

/// How far after other bytes a JPEG is looked for.
const PREFIX_PROBE: usize = 64 * 1024;

/// How many bytes of a text are looked at.
const TEXT_PROBE: usize = 1024;

impl ContentKind {
    /// Guesses from the first KiB of `bytes`.
    pub(crate) fn detect(bytes: &[u8]) -> Self {
        let begins = |(signature, _): &&(&[u8], Self)| bytes.starts_with(signature);
        if let Some((_, kind)) = SIGNATURES.iter().find(begins) {
            return *kind;
        }
        if let Some(kind) = utf16::detect(bytes) {
            return kind;
        }
        match bytes {
            [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Self::WebP,
            [_, _, _, _, b'f', b't', b'y', b'p', brands @ ..] => Self::from_brands(brands),
            // Its size, and four bytes that are reserved; text may begin with `BM` too.
            [b'B', b'M', _, _, _, _, 0, 0, 0, 0, ..] => Self::Bmp,
            _ => Self::from_text(bytes.get(..TEXT_PROBE).unwrap_or(bytes)),
        }
    }

    /// From the brands in an ISO base media file's type box (ISO/IEC 14496-12, 4.3).
    ///
    /// A generic main brand such as `mif1` is told apart by the compatible
    /// brands that follow it.
    fn from_brands(brands: &[u8]) -> Self {
        brands
            .chunks_exact(4)
            .take(8)
            .find_map(|brand| match brand {
                b"crx " => Some(Self::CameraRaw),
                b"jxl " => Some(Self::JpegXl),
                b"jp2 " | b"jpx " | b"jpm " => Some(Self::Jpeg2000),
                b"avif" | b"avis" => Some(Self::Avif),
                b"heic" | b"heix" | b"hevc" | b"hevx" | b"heim" | b"heis" => Some(Self::Heic),
                _ => None,
            })
            .unwrap_or(match brands {
                [b'm', b'i' | b's', b'f', b'1', ..] => Self::Heic,
                _ => Self::Film,
            })
    }

    fn from_text(bytes: &[u8]) -> Self {
        let text = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes).trim_ascii_start();
        let begins = |(start, _): &&(&[u8], Self)| {
            text.get(..start.len()).is_some_and(|head| head.eq_ignore_ascii_case(start))
        };
        let has = |needle: &[u8]| memmem::find(text, needle).is_some();
        if let Some((_, kind)) = TEXT_STARTS.iter().find(begins) {
            *kind
        } else if let Some(kind) = base64_image(text) {
            kind
        } else if text.starts_with(b"<") && has(b"<svg") {
            Self::Svg
        } else if text.starts_with(b"<") && has(b"<html") {
            Self::Html
        } else if text.starts_with(b"<?xml") && has(b"<key>URL</key>") {
            Self::Shortcut
        } else if text.starts_with(b"<?xml") {
            Self::Xml
        } else if text.starts_with(b"--") && (has(b"Content-") || has(b"content-")) {
            Self::Multipart
        } else if is_text_decoded_jpeg(text.utf8_chunks().next().map_or("", |chunk| chunk.valid()))
        {
            Self::TextDecodedJpeg
        } else if is_plain_text(bytes) {
            Self::Text
        } else {
            Self::Unknown
        }
    }

    /// What to do about it; goes after "..., not a JPEG; ".
    pub(crate) fn advice(self) -> &'static str {
        match self {
            Self::Base64Jpeg | Self::DataUrl | Self::Utf16Base64Jpeg => {
                "decode the base64 text and pass the bytes"
            }
            Self::Base64Png | Self::Base64Gif | Self::Base64WebP | Self::Utf16Base64Image => {
                "decode the base64 text and convert the image to JPEG"
            }
            Self::TextDecodedJpeg => "read the file as bytes, not as text",
            Self::Utf16Jpeg => {
                "write the file as bytes: `>` in Windows PowerShell writes text (use an option of \
                 the program, such as `--output`)"
            }
            Self::Utf16Text => {
                "check where the bytes came from: this may be an error page or an API's answer, or \
                 what a shell redirected as text"
            }
            Self::Shortcut | Self::Utf16Shortcut => "pass the file that it points to",
            Self::Multipart => "pass the bytes of the photo alone",
            Self::Gzip | Self::Zip => "unpack it first",
            Self::Html | Self::Json | Self::Xml | Self::Text => {
                "check where the bytes came from: this may be an error page or an API's answer"
            }
            Self::Film | Self::Pdf => "save a picture from it as JPEG",
            Self::Unknown => "check that this is the right file",
            _ => "convert it to JPEG first",
        }
    }
}

/// Which image this is the base64 text of, in quotes or not.
fn base64_image(text: &[u8]) -> Option<ContentKind> {
    let text = match text {
        [b'"' | b'\'', rest @ ..] => rest.trim_ascii_start(),
        _ => text,
    };
    let begins = |(start, _): &&(&[u8], ContentKind)| text.starts_with(start);
    BASE64_STARTS.iter().find(begins).map(|(_, kind)| *kind)
}

/// Whether text was a JPEG before it was decoded, in whatever encoding: its first and its
/// third byte are the same (`FF D8 FF`), and the name of its format follows.
pub(super) fn is_text_decoded_jpeg(text: &str) -> bool {
    let mut start = text.chars();
    match (start.next(), start.next(), start.next()) {
        (Some(first), Some(second), Some(third)) if first == third => {
            let names = ["JFIF", "Exif"];
            let head: String = start.take(12).collect();
            !first.is_ascii() && !second.is_ascii() && names.iter().any(|name| head.contains(name))
        }
        _ => false,
    }
}

/// Where a JPEG begins after other bytes, such as a byte-order mark, an empty line or the
/// headers of an HTTP response; in no text its first bytes occur. Not within another image, where it may be a preview.
pub(super) fn jpeg_within(bytes: &[u8]) -> Option<usize> {
    let kind = ContentKind::detect(bytes);
    let may_hide = matches!(
        kind,
        ContentKind::Unknown
            | ContentKind::Text
            | ContentKind::Utf16Text
            | ContentKind::Json
            | ContentKind::Xml
            | ContentKind::Html
    );
    let probe = bytes.get(..PREFIX_PROBE).unwrap_or(bytes);
    // A marker follows: of a table, a frame, an application segment or a comment.
    let begins = |at: &usize| {
        matches!(bytes.get(at + 3), Some(0xC0..=0xC4 | 0xDB | 0xDD | 0xE0..=0xEF | 0xFE))
    };
    if may_hide { memmem::find_iter(probe, b"\xFF\xD8\xFF").find(begins) } else { None }
}

/// Whether the bytes hold UTF-8 without control characters.
fn is_plain_text(bytes: &[u8]) -> bool {
    let controls = bytes.iter().any(|byte| matches!(byte, 0..=8 | 14..=26 | 28..=31 | 127));
    // The probe may end within a character: then there is no error length.
    let utf8 = match std::str::from_utf8(bytes) {
        Ok(_) => true,
        Err(error) => error.error_len().is_none(),
    };
    !controls && utf8
}

impl fmt::Display for ContentKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Png => "a PNG image",
            Self::Gif => "a GIF image",
            Self::WebP => "a WebP image",
            Self::Heic => "a HEIC image",
            Self::Avif => "an AVIF image",
            Self::Bmp => "a BMP image",
            Self::Tiff => "a TIFF image",
            Self::CameraRaw => "a camera's raw file",
            Self::Icon => "a Windows icon",
            Self::Jpeg2000 => "a JPEG 2000 image",
            Self::JpegXl => "a JPEG XL image",
            Self::Photoshop => "a Photoshop document",
            Self::Svg => "an SVG drawing",
            Self::Pdf => "a PDF document",
            Self::Film => "a film (MP4 or QuickTime)",
            Self::Zip => "a ZIP archive",
            Self::Gzip => "gzip-compressed data",
            Self::Base64Jpeg => "the base64 text of a JPEG",
            Self::Base64Png => "the base64 text of a PNG image",
            Self::Base64Gif => "the base64 text of a GIF image",
            Self::Base64WebP => "the base64 text of a WebP image",
            Self::Utf16Jpeg => "a JPEG that was written as UTF-16 text and so destroyed",
            Self::Utf16Base64Jpeg => "the base64 text of a JPEG in UTF-16",
            Self::Utf16Base64Image => "the base64 text of an image in UTF-16",
            Self::Utf16Shortcut => "a shortcut to another file or page in UTF-16",
            Self::Utf16Text => "UTF-16 text",
            Self::Shortcut => "a shortcut to another file or page",
            Self::DataUrl => "a data: URL",
            Self::TextDecodedJpeg => "a JPEG that was read as text and so destroyed",
            Self::Multipart => "a multipart form",
            Self::Html => "an HTML page",
            Self::Json => "JSON text",
            Self::Xml => "XML text",
            Self::Text => "text",
            Self::Unknown => "of no known format",
        })
    }
}
