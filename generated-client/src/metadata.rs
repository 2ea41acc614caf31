//! Removes what a photo tells about its owner, without touching its pixels.

use std::borrow::Cow;

use crate::jpeg::segments::{Segment, Segments};
use crate::jpeg::{InvalidJpeg, inspect, marker};

/// Copies a JPEG without its private metadata; the image stays bit for bit.
///
/// Removed: EXIF with its thumbnail, XMP, IPTC, comments, other application
/// segments, junk between segments, and all that follows the end of the image
/// (further images of an MPO, motion photos, left-overs).
///
/// Kept: all that the pixels and their colours depend on - frame, tables,
/// scans, the JFIF header (without thumbnail), Adobe's colour transform, the
/// ICC profile - and, if it is not upright, the EXIF orientation, alone in a
/// new EXIF segment.
///
/// A photo that has nothing to remove comes back borrowed, not copied, so
/// that a shared buffer can stay shared.
///
/// # Errors
///
/// Like [`inspect`].
pub(crate) fn without_metadata(bytes: &[u8]) -> Result<Cow<'_, [u8]>, InvalidJpeg> {
    let orientation = inspect(bytes)?.orientation();
    let mut exif = (orientation != 1).then(|| orientation_segment(orientation));
    let mut segments = Segments::new(bytes)?;
    let mut clean = Vec::with_capacity(bytes.len() + ORIENTATION_SEGMENT_LENGTH);
    clean.extend([0xFF, marker::SOI]);
    loop {
        let segment = segments.next_segment()?;
        if !is_needed(&segment) {
            continue;
        }
        // The JFIF header goes first (ITU-T T.871, 10.1), EXIF right behind it.
        if segment.marker == marker::APP0 {
            clean.extend_from_slice(&without_thumbnail(&segment));
            continue;
        }
        if let Some(exif) = exif.take() {
            clean.extend(exif);
        }
        clean.extend(segment.raw);
        if segment.marker == marker::EOI {
            break;
        }
    }
    Ok(if clean == bytes { Cow::Borrowed(bytes) } else { Cow::Owned(clean) })
}

/// Whether the pixels or their colours depend on a segment.
fn is_needed(segment: &Segment<'_>) -> bool {
    match segment.marker {
        marker::APP0 => segment.body.starts_with(b"JFIF\0"),
        marker::APP2 => segment.body.starts_with(b"ICC_PROFILE\0"),
        marker::APP14 => segment.body.starts_with(b"Adobe"),
        marker::APP0..=marker::APP15 | marker::COM | marker::TEM | marker::RST0..=marker::RST7 => {
            false
        }
        _ => true,
    }
}

/// A JFIF segment without its thumbnail, which may show what was cropped since.
///
/// The header is 14 bytes; the last two are the thumbnail's size in pixels
/// (ITU-T T.871, 10.1).
fn without_thumbnail<'a>(segment: &Segment<'a>) -> Cow<'a, [u8]> {
    match segment.body.split_first_chunk::<12>() {
        Some((header, [_, _, _, ..])) => {
            Cow::Owned([&[0xFF, marker::APP0, 0, 16], header.as_slice(), &[0, 0]].concat())
        }
        _ => Cow::Borrowed(segment.raw),
    }
}

const ORIENTATION_SEGMENT_LENGTH: usize = 36;

/// An EXIF segment with nothing but the orientation (CIPA DC-008, 4.5 and 4.6.4).
fn orientation_segment(orientation: u8) -> [u8; ORIENTATION_SEGMENT_LENGTH] {
    #[rustfmt::skip]
    let segment = [
        0xFF, marker::APP1, 0, 34, b'E', b'x', b'i', b'f', 0, 0,
        // Big-endian TIFF; the first directory, at offset 8, has one entry.
        b'M', b'M', 0, 42, 0, 0, 0, 8, 0, 1,
        // Tag 0x0112 of type SHORT, one value, then two bytes of padding.
        0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0,
        // No second directory.
        0, 0, 0, 0,
    ];
    segment
}
