//! Tells whether some bytes are a JPEG photo that decoders can read.
//!
//! [`inspect`] walks over the markers of the file (ITU-T T.81, annex B)
//! without decoding the image and without allocating memory for it. Only what
//! is certainly broken is refused; what decoders put up with passes, if need
//! be with a [`PhotoWarning`]. The one thing the walk cannot see is damage
//! within the entropy-coded data, but for most of what changed line endings do.

use std::fmt;

use super::error::InvalidJpeg;
use super::exif::PhotoMetadata;
use super::frame::{Frame, ImageCheck};
use super::line_endings::LineEndings;
use super::segments::Segments;
use super::warning::PhotoWarning;
use super::{marker, warning};

/// What a JPEG's headers tell about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct JpegInfo {
    /// Width of the stored image in pixels, before any EXIF orientation is applied.
    pub(crate) width: u16,
    /// Height of the stored image in pixels, before any EXIF orientation is applied.
    pub(crate) height: u16,
    /// How the image is coded.
    pub(crate) kind: JpegKind,
    /// The number of colour components: 1 (grey), 3 (colour) or 4 (CMYK).
    pub(crate) components: u8,
    /// What the photo's owner would want to know; at most one of each kind.
    pub(crate) warnings: Vec<PhotoWarning>,
}

impl JpegInfo {
    /// The EXIF orientation, 1 to 8 (CIPA DC-008, tag 0x0112); 1, upright, if
    /// the photo does not tell.
    #[must_use]
    pub(crate) fn orientation(&self) -> u8 {
        let turned = self.warnings.iter().find_map(|warning| match warning {
            PhotoWarning::Orientation(orientation) => Some(*orientation),
            _ => None,
        });
        turned.unwrap_or(1)
    }
}

/// How a JPEG's image is coded (ITU-T T.81, 4.11 and table B.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum JpegKind {
    /// Baseline sequential, SOF0: what most cameras write.
    Baseline,
    /// Extended sequential with Huffman coding, SOF1.
    ExtendedSequential,
    /// Progressive with Huffman coding, SOF2: what many web tools write.
    Progressive,
}

impl fmt::Display for JpegKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Baseline => "baseline",
            Self::ExtendedSequential => "extended sequential",
            Self::Progressive => "progressive",
        })
    }
}

/// Checks that `bytes` are a JPEG that decoders can read, and describes it.
///
/// # Errors
///
/// [`InvalidJpeg`] says what the bytes are instead, or what is wrong with them.
pub(crate) fn inspect(bytes: &[u8]) -> Result<JpegInfo, InvalidJpeg> {
    let mut segments = Segments::new(bytes)?;
    let mut check = ImageCheck::default();
    let mut metadata = PhotoMetadata::default();
    let mut line_endings = LineEndings::default();
    let mut before_image = true;
    let frame = loop {
        let segment = segments.next_segment()?;
        before_image &= segment.marker != marker::SOS;
        match segment.marker {
            marker::EOI => break check.finish(segment.at)?,
            marker::APP1 | marker::APP13 => metadata.read(&segment, before_image),
            _ => check.segment(&segment)?,
        }
        line_endings.read(segment.entropy);
    };
    Ok(JpegInfo {
        width: frame.width,
        height: frame.height,
        kind: frame.kind,
        components: frame.component_count,
        warnings: warnings(
            &frame,
            metadata,
            line_endings.were_changed(bytes, &frame),
            segments.remaining(),
        ),
    })
}

fn warnings(
    frame: &Frame,
    metadata: PhotoMetadata,
    line_endings_changed: bool,
    trailing: usize,
) -> Vec<PhotoWarning> {
    let &Frame { width, height, component_count, .. } = frame;
    let pixels = u32::from(width) * u32::from(height);
    let orientation = metadata.orientation.filter(|&orientation| orientation != 1);
    let candidates = [
        (component_count == 4).then_some(PhotoWarning::Cmyk),
        orientation.map(PhotoWarning::Orientation),
        metadata.gps.then_some(PhotoWarning::GpsPosition),
        metadata.place.then_some(PhotoWarning::PlaceName),
        (trailing > 0).then_some(PhotoWarning::TrailingBytes(trailing)),
        (width.min(height) < warning::SMALLEST_SIDE)
            .then_some(PhotoWarning::Tiny { width, height }),
        (pixels >= warning::MANY_PIXELS).then_some(PhotoWarning::Huge { width, height }),
        line_endings_changed.then_some(PhotoWarning::LineEndings),
    ];
    candidates.into_iter().flatten().collect()
}
