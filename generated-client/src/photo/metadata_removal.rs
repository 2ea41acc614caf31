//! Removes private metadata without changing pixels.

use std::{borrow::Cow, collections::BTreeMap};

use super::{
    error::InvalidJpeg,
    icc::IccProfile,
    inspect::inspect,
    marker,
    segments::{Segment, Segments},
};

/// Copies a JPEG without its private metadata; borrows one that has nothing to remove, so that a
/// shared buffer can stay shared.
///
/// Keeps everything that affects pixels or colours: frame, tables, scans, the JFIF header,
/// Adobe's colour transform, the ICC profile up to the length in its header, and the EXIF
/// orientation in a new segment, unless it is upright. Removes everything else, even junk
/// between segments and tables after the last scan.
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
        // The JFIF header comes first (ITU-T T.871, 10.1), then EXIF.
        if segment.marker != marker::APP0
            && let Some(exif) = exif.take()
        {
            append(&mut clean, marker::APP1, &exif);
        }
        if body == segment.body {
            clean.extend_from_slice(segment.raw);
        } else {
            append(&mut clean, segment.marker, body);
        }
    }
    Ok(if clean == bytes { Cow::Borrowed(bytes) } else { Cow::Owned(clean) })
}

/// Appends a segment, with a body no longer than one of the photo.
fn append(jpeg: &mut Vec<u8>, marker: u8, body: &[u8]) {
    let length = u16::try_from(body.len() + 2).unwrap_or(u16::MAX);
    jpeg.extend([0xFF, marker]);
    jpeg.extend(length.to_be_bytes());
    jpeg.extend(body);
}

/// What decoding needs.
struct Needed {
    /// The bodies of application segments that colours depend on, by offset.
    application: BTreeMap<usize, Vec<u8>>,
    last_scan: usize,
}

impl Needed {
    fn find(bytes: &[u8]) -> Result<Self, InvalidJpeg> {
        let (mut jfif, mut adobe, mut last_scan) = (None, None, 0);
        let mut profile = IccProfile::default();
        for segment in Segments::new(bytes)? {
            let Segment { marker, at, body, .. } = segment?;
            match marker {
                marker::SOS => last_scan = at,
                // Nothing after the start of the image affects colours.
                _ if last_scan > 0 => {}
                // 14 bytes; the last two are the size of a thumbnail, which may show what was
                // cropped since (ITU-T T.871, 10.1). Decoders ignore a shorter header.
                marker::APP0 if body.len() >= 14 && body.starts_with(b"JFIF\0") => {
                    jfif.get_or_insert_with(|| (at, [&body[..12], &[0, 0]].concat()));
                }
                marker::APP2 => profile.add(at, body),
                // 12 bytes; the last is the colour transform (Adobe Technical Note 5116, section
                // 18). Decoders ignore a shorter segment, and use the last of several.
                marker::APP14 if body.len() >= 12 && body.starts_with(b"Adobe") => {
                    adobe = Some((at, body[..12].to_vec()));
                }
                _ => {}
            }
        }
        let application = jfif.into_iter().chain(adobe).chain(profile.parts()).collect();
        Ok(Self { application, last_scan })
    }

    /// The part of a segment's body that stays.
    fn body<'b>(&'b self, segment: &Segment<'b>) -> Option<&'b [u8]> {
        match segment.marker {
            marker::EOI => Some(segment.body),
            _ if segment.at > self.last_scan => None,
            marker::APP0..=marker::APP15 => self.application.get(&segment.at).map(Vec::as_slice),
            marker::COM | marker::TEM | marker::RST0..=marker::RST7 | marker::DNL | marker::DAC => {
                None
            }
            _ => Some(segment.body),
        }
    }
}

/// The body of an EXIF segment with only the orientation (CIPA DC-008, 4.5 and 4.6.4).
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
