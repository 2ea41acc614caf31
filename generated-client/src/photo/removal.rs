//! Removes what a photo tells about its owner, without touching its pixels.

use std::borrow::Cow;

use super::error::InvalidJpeg;
use super::icc::IccProfile;
use super::inspect::inspect;
use super::marker;
use super::segments::{Segment, Segments};

/// Copies a JPEG without its private metadata; the image stays bit for bit.
///
/// Removed: EXIF with its thumbnail, XMP, IPTC, comments, other application
/// segments, segments that no decoding needs (DNL, DAC, TEM, restart markers outside of
/// scans, tables after the last scan), junk between segments, and all that follows the end
/// of the image (further images of an MPO, motion photos, left-overs).
///
/// Kept: all that the pixels and their colours depend on - frame, tables,
/// scans, the 14 bytes of the JFIF header (without thumbnail), the 12 bytes of Adobe's colour
/// transform, the ICC profile up to the size that its header tells, with the texts in it, such
/// as its name - and, if it is not upright, the EXIF orientation, alone in a
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
    let needed = Needed::find(bytes)?;
    let mut exif = (orientation != 1).then(|| orientation_segment(orientation));
    let mut segments = Segments::new(bytes)?;
    let mut clean = Vec::with_capacity(bytes.len() + ORIENTATION_SEGMENT_LENGTH);
    clean.extend([0xFF, marker::SOI]);
    loop {
        let segment = segments.next_segment()?;
        let Some(kept) = needed.part(&segment) else {
            continue;
        };
        // The JFIF header goes first (ITU-T T.871, 10.1), EXIF right after it.
        if segment.marker != marker::APP0
            && let Some(exif) = exif.take()
        {
            clean.extend(exif);
        }
        clean.extend_from_slice(&kept);
        if segment.marker == marker::EOI {
            break;
        }
    }
    Ok(if clean == bytes { Cow::Borrowed(bytes) } else { Cow::Owned(clean) })
}

/// Which segments decoders take what they need from; each by its offset.
#[derive(Default)]
struct Needed<'a> {
    /// The first JFIF header.
    jfif: Option<usize>,
    /// The last of Adobe's segments: of several, that is the one that counts.
    adobe: Option<usize>,
    profile: IccProfile<'a>,
    last_scan: usize,
}

impl<'a> Needed<'a> {
    /// Looks for them. Colours are settled where the image begins: what follows later
    /// does not count.
    fn find(bytes: &'a [u8]) -> Result<Self, InvalidJpeg> {
        let mut needed = Self::default();
        let mut segments = Segments::new(bytes)?;
        loop {
            let segment = segments.next_segment()?;
            let before_image = needed.last_scan == 0;
            match segment.marker {
                marker::SOS => needed.last_scan = segment.at,
                marker::EOI => break,
                marker::APP0 if before_image && jfif(&segment).is_some() => {
                    needed.jfif.get_or_insert(segment.at);
                }
                marker::APP2 if before_image => needed.profile.add(&segment),
                marker::APP14 if before_image && adobe(&segment).is_some() => {
                    needed.adobe = Some(segment.at);
                }
                _ => {}
            }
        }
        needed.profile.check();
        Ok(needed)
    }

    /// What the pixels or their colours depend on in a segment.
    fn part<'b>(&self, segment: &Segment<'b>) -> Option<Cow<'b, [u8]>> {
        let at = Some(segment.at);
        match segment.marker {
            marker::EOI => Some(Cow::Borrowed(segment.raw)),
            _ if segment.at > self.last_scan => None,
            marker::APP0 if at == self.jfif => jfif(segment),
            marker::APP2 => self.profile.part(segment),
            marker::APP14 if at == self.adobe => adobe(segment),
            marker::APP0..=marker::APP15
            | marker::COM
            | marker::TEM
            | marker::RST0..=marker::RST7
            | marker::DNL
            | marker::DAC => None,
            _ => Some(Cow::Borrowed(segment.raw)),
        }
    }
}

/// The JFIF header without its thumbnail, which may show what was cropped since.
///
/// The header is 14 bytes; the last two are the thumbnail's size in pixels
/// (ITU-T T.871, 10.1). Decoders ignore a shorter one.
fn jfif<'a>(segment: &Segment<'a>) -> Option<Cow<'a, [u8]>> {
    let header = segment.body.first_chunk::<14>().filter(|body| body.starts_with(b"JFIF\0"))?;
    if segment.body.len() == 14 && header.ends_with(&[0, 0]) {
        return Some(Cow::Borrowed(segment.raw));
    }
    let [header @ .., _, _] = header;
    Some(Cow::Owned([&[0xFF, marker::APP0, 0, 16], header.as_slice(), &[0, 0]].concat()))
}

/// Adobe's colour transform: 12 bytes, of which the last one is the transform (Adobe
/// Technical Note 5116, section 18). Decoders ignore a shorter one.
fn adobe<'a>(segment: &Segment<'a>) -> Option<Cow<'a, [u8]>> {
    let body = segment.body.first_chunk::<12>().filter(|body| body.starts_with(b"Adobe"))?;
    Some(if segment.body.len() == 12 {
        Cow::Borrowed(segment.raw)
    } else {
        Cow::Owned([&[0xFF, marker::APP14, 0, 14], body.as_slice()].concat())
    })
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
