//! What the owner of a photo should know before uploading it.

use std::fmt;

/// The smallest side, in pixels, of the photos that Graph serves ("Get profilePhoto").
pub(super) const SMALLEST_SIDE: u16 = 48;

/// The fewest pixels that cause a warning. Microsoft documents no limit; services that scale
/// images have limits from 40 (`PixelBin`) to 100 million (Cloudflare Images).
pub(super) const MANY_PIXELS: u32 = 50_000_000;

/// A property of a valid photo that its owner may not want.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum PhotoWarning {
    /// The colours are CMYK, for print, which many programs show wrongly.
    Cmyk,
    /// The image is stored turned or mirrored: the EXIF orientation for display, 2 to 8 (CIPA
    /// DC-008, tag 0x0112).
    Orientation(u8),
    /// The metadata has a geographic position, of the camera or of its destination.
    ///
    /// Finds positions in EXIF (latitudes and longitudes of the GPS directory), in XMP
    /// (properties whose names begin with `GPSLatitude`, `GPSLongitude`, `GPSDestLatitude` or
    /// `GPSDestLongitude`, in upper or lower case), and in the block of FLIR's thermal cameras.
    /// Does not read makers' notes, other application segments and anything after the image.
    /// Removing the metadata removes all of these.
    GpsPosition,
    /// The metadata names a place, such as a city or a street.
    ///
    /// Finds IPTC's content location, city, sublocation, province and country; in XMP the same of
    /// Photoshop and IPTC, IPTC's locations created and shown, and the creator's address. Does
    /// not find a place in a title, a description or a keyword.
    PlaceName,
    /// This many bytes follow the image: further images (MPO, gain maps), the film of a motion
    /// photo, or leftovers.
    TrailingBytes(usize),
    /// A side is shorter than 48 pixels, the smallest size that Graph serves.
    Tiny {
        /// Width in pixels.
        width: u16,
        /// Height in pixels.
        height: u16,
    },
    /// The photo has 50 million pixels or more. Decoding takes much memory, and many services
    /// refuse such images.
    Huge {
        /// Width in pixels.
        width: u16,
        /// Height in pixels.
        height: u16,
    },
    /// The image data was damaged, most likely by a transfer as text, which changes line
    /// endings and thereby the picture.
    ///
    /// The data lacks pairs of CR and LF, or one of the two. Where that may be chance, its
    /// Huffman codes do not fit the headers either. Half of the photos that have lost a single
    /// byte still fit, and go unnoticed.
    LineEndings,
}

impl fmt::Display for PhotoWarning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Cmyk => f.write_str(
                "the colours are CMYK, which many programs show wrongly; convert the photo to sRGB",
            ),
            Self::Orientation(orientation) => write!(
                f,
                "the photo is stored turned or mirrored (EXIF orientation {orientation}) and may \
                 be shown so; turn its pixels upright"
            ),
            Self::GpsPosition => f.write_str(
                "the photo tells the place where it was taken (GPS position); remove its metadata",
            ),
            Self::PlaceName => f.write_str(
                "the photo names a place in its metadata (such as a city or a street); remove its \
                 metadata",
            ),
            Self::TrailingBytes(count) => write!(
                f,
                "{count} byte{} the end of the image, such as further images or a film; remove the \
                 metadata to drop them",
                if *count == 1 { " follows" } else { "s follow" }
            ),
            Self::Tiny { width, height } => write!(
                f,
                "the photo has only {width}x{height} pixels; choose one of at least \
                 {SMALLEST_SIDE}x{SMALLEST_SIDE}"
            ),
            Self::Huge { width, height } => write!(
                f,
                "the photo has {} pixels ({width}x{height}), and many services refuse more than \
                 {MANY_PIXELS}; make it smaller",
                u32::from(*width) * u32::from(*height)
            ),
            Self::LineEndings => f.write_str(
                "the image data is damaged, probably by a transfer in text mode, which changes line \
                 endings; transfer the original again as binary data",
            ),
        }
    }
}
