//! Content other than a JPEG, and what to do about it.

use std::fmt;

/// What content appears to be.
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
    /// A JPEG that was destroyed by reading or sending it as text.
    TextDecodedJpeg,
    /// A JPEG that was destroyed by writing it as UTF-16 text, as `>` in Windows PowerShell
    /// does.
    Utf16Jpeg,
    /// The base64 text of a JPEG, saved as UTF-16.
    Utf16Base64Jpeg,
    /// The base64 text or `data:` URL of another image, saved as UTF-16.
    Utf16Base64Image,
    /// A [`Shortcut`](Self::Shortcut) saved as UTF-16.
    Utf16Shortcut,
    /// Other text in UTF-16.
    Utf16Text,
    /// A file that points to another one or to a page: `.url` and `.lnk` on Windows, `.webloc`
    /// on macOS.
    Shortcut,
    /// A multipart form, which may contain a JPEG.
    Multipart,
    /// An HTML page.
    Html,
    /// JSON text.
    Json,
    /// XML text other than SVG.
    Xml,
    /// Other text.
    Text,
    /// An unknown format.
    Unknown,
}

const CONVERT: &str = "convert it to JPEG first";
const DECODE: &str = "decode the base64 text and pass the bytes";
const DECODE_AND_CONVERT: &str = "decode the base64 text and convert the image to JPEG";
const FIND_ORIGIN: &str =
    "check where the bytes came from: this may be an error page or an API's answer";
const FOLLOW: &str = "pass the file that it points to";
const SAVE_PICTURE: &str = "save a picture from it as JPEG";
const UNPACK: &str = "unpack it first";

impl ContentKind {
    /// What it is, and what to do about it, which follows "..., not a JPEG; ".
    pub(super) fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Png => ("a PNG image", CONVERT),
            Self::Gif => ("a GIF image", CONVERT),
            Self::WebP => ("a WebP image", CONVERT),
            Self::Heic => ("a HEIC image", CONVERT),
            Self::Avif => ("an AVIF image", CONVERT),
            Self::Bmp => ("a BMP image", CONVERT),
            Self::Tiff => ("a TIFF image", CONVERT),
            Self::CameraRaw => ("a camera's raw file", CONVERT),
            Self::Icon => ("a Windows icon", CONVERT),
            Self::Jpeg2000 => ("a JPEG 2000 image", CONVERT),
            Self::JpegXl => ("a JPEG XL image", CONVERT),
            Self::Photoshop => ("a Photoshop document", CONVERT),
            Self::Svg => ("an SVG drawing", CONVERT),
            Self::Pdf => ("a PDF document", SAVE_PICTURE),
            Self::Film => ("a film (MP4 or QuickTime)", SAVE_PICTURE),
            Self::Zip => ("a ZIP archive", UNPACK),
            Self::Gzip => ("gzip-compressed data", UNPACK),
            Self::Base64Jpeg => ("the base64 text of a JPEG", DECODE),
            Self::Base64Png => ("the base64 text of a PNG image", DECODE_AND_CONVERT),
            Self::Base64Gif => ("the base64 text of a GIF image", DECODE_AND_CONVERT),
            Self::Base64WebP => ("the base64 text of a WebP image", DECODE_AND_CONVERT),
            Self::DataUrl => ("a data: URL", DECODE),
            Self::TextDecodedJpeg => (
                "a JPEG that was read as text and so destroyed",
                "read the file as bytes, not as text",
            ),
            Self::Utf16Jpeg => (
                "a JPEG that was written as UTF-16 text and so destroyed",
                "write the file as bytes: `>` in Windows PowerShell writes text (use an option of \
                 the program, such as `--output`)",
            ),
            Self::Utf16Base64Jpeg => ("the base64 text of a JPEG in UTF-16", DECODE),
            Self::Utf16Base64Image => ("the base64 text of an image in UTF-16", DECODE_AND_CONVERT),
            Self::Utf16Shortcut => ("a shortcut to another file or page in UTF-16", FOLLOW),
            Self::Utf16Text => (
                "UTF-16 text",
                "check where the bytes came from: this may be an error page or an API's answer, or \
                 what a shell redirected as text",
            ),
            Self::Shortcut => ("a shortcut to another file or page", FOLLOW),
            Self::Multipart => ("a multipart form", "pass the bytes of the photo alone"),
            Self::Html => ("an HTML page", FIND_ORIGIN),
            Self::Json => ("JSON text", FIND_ORIGIN),
            Self::Xml => ("XML text", FIND_ORIGIN),
            Self::Text => ("text", FIND_ORIGIN),
            Self::Unknown => ("of no known format", "check that this is the right file"),
        }
    }
}

impl fmt::Display for ContentKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.words().0)
    }
}
