//! What a photo's owner would want to know before the photo is uploaded.

use std::fmt;

/// The smallest side, in pixels, of the photo sizes that Microsoft Graph
/// serves (the "Get profilePhoto" page: 48x48 up to 648x648).
pub(crate) const SMALLEST_SIDE: u16 = 48;

/// Something about a valid photo that its owner may not want.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum PhotoWarning {
    /// The colours are CMYK, for print; many programs show them wrongly.
    Cmyk,
    /// The image is stored turned or mirrored, to be set right on display:
    /// the EXIF orientation, 2 to 8 (CIPA DC-008, tag 0x0112).
    Orientation(u8),
    /// EXIF or XMP tells the place where the photo was taken.
    GpsPosition,
    /// This many bytes follow the end of the image: further images (MPO, gain
    /// maps), the film of a motion photo, or left-overs.
    TrailingBytes(usize),
    /// A side is shorter than 48 pixels, the smallest size that Graph serves.
    Tiny {
        /// Width in pixels.
        width: u16,
        /// Height in pixels.
        height: u16,
    },
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
            Self::TrailingBytes(count) => write!(
                f,
                "{count} bytes follow the end of the image, such as further images or a film; \
                 remove the metadata to drop them"
            ),
            Self::Tiny { width, height } => write!(
                f,
                "the photo has only {width}x{height} pixels; choose one of at least \
                 {SMALLEST_SIDE}x{SMALLEST_SIDE}"
            ),
        }
    }
}
