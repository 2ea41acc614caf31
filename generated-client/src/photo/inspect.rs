//! Checks that bytes are a JPEG photo that decoders can read.
//!
//! Walks over the markers of the file (ITU-T T.81, annex B) without decoding the image and
//! without allocating memory for it. Refuses only what is certainly broken; what decoders accept
//! passes, with a warning if necessary. Most damage within the entropy-coded data goes unnoticed,
//! except that by changed line endings.

use super::{
    error::InvalidJpeg,
    frame::{Frame, JpegKind},
    line_endings::LineEndings,
    marker,
    metadata::Metadata,
    segments::Segments,
    structure::StructureCheck,
    warning::{MANY_PIXELS, PhotoWarning, SMALLEST_SIDE},
};

#[derive(Debug, PartialEq, Eq)]
pub(super) struct JpegInfo {
    pub(super) width: u16,
    pub(super) height: u16,
    pub(super) kind: JpegKind,
    pub(super) components: u8,
    /// The EXIF orientation, 1 to 8 (CIPA DC-008, tag 0x0112); 1, upright, by default.
    pub(super) orientation: u8,
    /// At most one of each variant.
    pub(super) warnings: Vec<PhotoWarning>,
}

/// Checks that decoders can read a JPEG, and describes it.
pub(super) fn inspect(bytes: &[u8]) -> Result<JpegInfo, InvalidJpeg> {
    let mut segments = Segments::new(bytes)?;
    let mut check = StructureCheck::default();
    let mut metadata = Metadata::default();
    let mut line_endings = LineEndings::default();
    let mut before_image = true;
    for segment in segments.by_ref() {
        let segment = segment?;
        before_image &= segment.marker != marker::SOS;
        check.segment(&segment)?;
        metadata.read(&segment, before_image);
        line_endings.read(segment.entropy);
    }
    let frame = check.frame().expect("the end of an image without scans is refused");
    let Frame { kind, width, height, components } = frame;
    let components = u8::try_from(components.len()).unwrap_or(u8::MAX);
    let orientation = metadata.orientation.unwrap_or(1);
    let trailing = bytes.len().saturating_sub(segments.position());
    let warnings = [
        (components == 4).then_some(PhotoWarning::Cmyk),
        (orientation != 1).then_some(PhotoWarning::Orientation(orientation)),
        metadata.has_position.then_some(PhotoWarning::GpsPosition),
        metadata.has_place.then_some(PhotoWarning::PlaceName),
        (trailing > 0).then_some(PhotoWarning::TrailingBytes(trailing)),
        (width.min(height) < SMALLEST_SIDE).then_some(PhotoWarning::Tiny { width, height }),
        (u32::from(width) * u32::from(height) >= MANY_PIXELS)
            .then_some(PhotoWarning::Huge { width, height }),
        line_endings.were_changed(bytes).then_some(PhotoWarning::LineEndings),
    ];
    let warnings = warnings.into_iter().flatten().collect();
    Ok(JpegInfo { width, height, kind, components, orientation, warnings })
}
