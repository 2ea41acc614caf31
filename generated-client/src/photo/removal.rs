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
/// A photo that has nothing to remove comes back borrowed, so that a shared buffer can stay
/// shared.
pub(super) fn without_metadata(bytes: &[u8]) -> Result<Cow<'_, [u8]>, InvalidJpeg> {
    let orientation = inspect(bytes)?.orientation;
    let needed = Needed::find(bytes)?;
    let mut exif = (orientation != 1).then(|| orientation_body(orientation));
    let mut clean = Vec::with_capacity(bytes.len());
    clean.extend([0xFF, marker::SOI]);
    for segment in Segments::new(bytes)? {
        let segment = segment?;
        let Some(body) = needed.body(&segment) else {
            continue;
        };
        // The JFIF header goes first (ITU-T T.871, 10.1), EXIF right after it.
        if segment.marker != marker::APP0
            && let Some(exif) = exif.take()
        {
            append(&mut clean, marker::APP1, &exif);
        }
        if body == segment.body {
            clean.extend_from_slice(segment.raw);
        } else {
            append(&mut clean, segment.marker, &body);
        }
    }
    Ok(if clean == bytes { Cow::Borrowed(bytes) } else { Cow::Owned(clean) })
}

/// Appends a segment; its body is no longer than one of the photo was.
fn append(jpeg: &mut Vec<u8>, marker: u8, body: &[u8]) {
    let length = u16::try_from(body.len() + 2).unwrap_or(u16::MAX);
    jpeg.extend([0xFF, marker]);
    jpeg.extend(length.to_be_bytes());
    jpeg.extend(body);
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
        for segment in Segments::new(bytes)? {
            let segment = segment?;
            match segment.marker {
                marker::SOS => needed.last_scan = segment.at,
                _ if needed.last_scan > 0 => {}
                marker::APP0 if jfif(segment.body).is_some() => {
                    needed.jfif.get_or_insert(segment.at);
                }
                marker::APP2 => needed.profile.add(&segment),
                marker::APP14 if adobe(segment.body).is_some() => needed.adobe = Some(segment.at),
                _ => {}
            }
        }
        needed.profile.check();
        Ok(needed)
    }

    /// What the pixels or their colours depend on in the body of a segment.
    fn body<'b>(&self, segment: &Segment<'b>) -> Option<Cow<'b, [u8]>> {
        let at = Some(segment.at);
        match segment.marker {
            marker::EOI => Some(Cow::Borrowed(segment.body)),
            _ if segment.at > self.last_scan => None,
            marker::APP0 if at == self.jfif => jfif(segment.body),
            marker::APP2 => self.profile.part(segment.at).map(Cow::Owned),
            marker::APP14 if at == self.adobe => adobe(segment.body),
            marker::APP0..=marker::APP15
            | marker::COM
            | marker::TEM
            | marker::RST0..=marker::RST7
            | marker::DNL
            | marker::DAC => None,
            _ => Some(Cow::Borrowed(segment.body)),
        }
    }
}

/// The JFIF header without its thumbnail, which may show what was cropped since.
///
/// The header is 14 bytes; the last two are the thumbnail's size in pixels
/// (ITU-T T.871, 10.1). Decoders ignore a shorter one.
fn jfif(body: &[u8]) -> Option<Cow<'_, [u8]>> {
    let header = body.first_chunk::<14>().filter(|header| header.starts_with(b"JFIF\0"))?;
    let [kept @ .., _, _] = header;
    Some(Cow::Owned([kept.as_slice(), &[0, 0]].concat()))
}

/// Adobe's colour transform: 12 bytes, of which the last one is the transform (Adobe
/// Technical Note 5116, section 18). Decoders ignore a shorter one.
fn adobe(body: &[u8]) -> Option<Cow<'_, [u8]>> {
    body.get(..12).filter(|body| body.starts_with(b"Adobe")).map(Cow::Borrowed)
}

/// The body of an EXIF segment with nothing but the orientation (CIPA DC-008, 4.5 and 4.6.4).
#[rustfmt::skip]
fn orientation_body(orientation: u8) -> [u8; 32] {
    [
        b'E', b'x', b'i', b'f', 0, 0,
        // Big-endian TIFF; the first directory, at offset 8, has one entry.
        b'M', b'M', 0, 42, 0, 0, 0, 8, 0, 1,
        // Tag 0x0112 of type SHORT, one value, then two bytes of padding.
        0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0,
        // No second directory.
        0, 0, 0, 0,
    ]
}
