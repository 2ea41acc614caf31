//! The facts in metadata that matter to a photo's owner.

use super::{exif::Tiff, geolocation, marker, segments::Segment};

/// A byte of padding follows, which some writers do not set to 0.
const EXIF_HEADER: &[u8] = b"Exif\0";
const XMP_HEADER: &[u8] = b"http://ns.adobe.com/x";

#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Metadata {
    /// The orientation, 1, upright, to 8, once there was an EXIF segment.
    pub(super) orientation: Option<u8>,
    pub(super) has_position: bool,
    pub(super) has_place: bool,
}

impl Metadata {
    /// Reads one segment. The orientation is that of the first EXIF segment before the image; a
    /// position counts anywhere.
    pub(super) fn read(&mut self, segment: &Segment<'_>, before_image: bool) {
        let body = segment.body;
        match segment.marker {
            marker::APP1 if body.starts_with(EXIF_HEADER) => {
                let tiff = body.get(EXIF_HEADER.len() + 1..).and_then(Tiff::new);
                self.has_position |= tiff.is_some_and(Tiff::has_position);
                if before_image {
                    let orientation = tiff.and_then(Tiff::orientation);
                    self.orientation.get_or_insert(orientation.unwrap_or(1));
                }
            }
            marker::APP1 if body.starts_with(XMP_HEADER) => {
                for property in geolocation::xmp_properties(&geolocation::xmp_text(body)) {
                    self.has_position |= geolocation::is_xmp_position(property);
                    self.has_place |= geolocation::is_xmp_place(property);
                }
            }
            marker::APP1 => self.has_position |= geolocation::flir_has_position(body),
            marker::APP13 => self.has_place |= geolocation::iptc_has_place(body),
            _ => {}
        }
    }
}
