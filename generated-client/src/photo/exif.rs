//! A reader of the few facts of the metadata that matter to a photo's owner.
//!
//! Layout: EXIF 2.32 (CIPA DC-008), section 4.5, on top of TIFF 6.0,
//! section 2. Broken metadata tells nothing; it is never an error, because
//! decoders do not look at it.

use std::ops::Range;

use super::location;
use super::marker;
use super::segments::Segment;

/// What a photo's metadata told.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct PhotoMetadata {
    /// How to turn the image for display, 1 to 8, if told.
    pub(crate) orientation: Option<u8>,
    /// Whether the place where the photo was taken is in it.
    pub(crate) gps: bool,
    /// Whether a place is named in it.
    pub(crate) place: bool,
    has_exif: bool,
    /// How many directory entries were looked at.
    steps: usize,
}

/// A byte of padding follows, which not every writer sets to 0.
const EXIF_HEADER: &[u8] = b"Exif\0";
const XMP_HEADER: &[u8] = b"http://ns.adobe.com/x";

const ORIENTATION: u16 = 0x0112;
const GPS_IFD: u16 = 0x8825;
/// Latitude and longitude: of the camera, and of where it was pointed or headed.
const GPS_POSITIONS: [u16; 4] = [0x02, 0x04, 0x14, 0x16];

impl PhotoMetadata {
    /// Reads one segment, if it is one of metadata.
    ///
    /// Readers take the orientation from the first EXIF segment, and from none
    /// after the beginning of the image. A position is one wherever it is.
    pub(crate) fn read(&mut self, segment: &Segment<'_>, before_image: bool) {
        let body = segment.body;
        match segment.marker {
            marker::APP1 => self.read_app1(body, before_image),
            marker::APP13 => {
                let resources = body.strip_prefix(location::IRB_HEADER);
                self.place |= resources.is_some_and(location::irb_has_place);
            }
            _ => {}
        }
    }

    fn read_app1(&mut self, body: &[u8], before_image: bool) {
        if let Some([_, tiff @ ..]) = body.strip_prefix(EXIF_HEADER) {
            let orientation = self.read_exif(tiff);
            if before_image && !self.has_exif {
                self.has_exif = true;
                self.orientation = orientation;
            }
        } else if body.starts_with(XMP_HEADER) {
            self.gps = self.gps || location::xmp_has_position(body);
            self.place = self.place || location::xmp_has_place(body);
        } else if body.starts_with(location::FLIR_HEADER) {
            self.gps = self.gps || location::flir_has_position(body);
        }
    }

    /// Notes a position, and returns the orientation.
    fn read_exif(&mut self, data: &[u8]) -> Option<u8> {
        let tiff = Tiff::new(data)?;
        let mut orientation = None;
        let mut gps_directories = Vec::new();
        for entry in tiff.entries(tiff.directory(tiff.u32(4)?)) {
            self.steps += 1;
            if entry.tag == ORIENTATION && orientation.is_none() {
                orientation = tiff.small_number(entry).filter(|n| (1..=8).contains(n));
            } else if entry.tag == GPS_IFD {
                gps_directories.extend(tiff.u32(entry.at + 8).map(|ifd| tiff.directory(ifd)));
            }
        }
        self.gps = self.gps || self.have_position(tiff, gps_directories);
        orientation
    }

    /// Whether one of some directories has a position.
    ///
    /// Photos have one; a file made to keep a reader busy has thousands that overlap. Each
    /// entry is looked at once: of directories whose entries coincide, sorted, only the part
    /// that goes on further.
    fn have_position(&mut self, tiff: Tiff<'_>, mut directories: Vec<Range<usize>>) -> bool {
        let phase = |directory: &Range<usize>| directory.start % ENTRY_BYTES;
        directories.sort_unstable_by_key(|directory| (phase(directory), directory.start));
        let mut seen = 0..0;
        directories.into_iter().any(|mut directory| {
            if phase(&directory) == phase(&seen) {
                directory.start = directory.start.max(seen.end);
                seen.end = seen.end.max(directory.end);
            } else {
                seen = directory.clone();
            }
            tiff.entries(directory).any(|entry| {
                self.steps += 1;
                tiff.is_position(entry)
            })
        })
    }
}

/// The size of an entry of a directory.
const ENTRY_BYTES: usize = 12;

/// One entry of an image file directory.
#[derive(Debug, Clone, Copy)]
struct Entry {
    tag: u16,
    /// Offset of its 12 bytes: tag, type, count, value or offset of it.
    at: usize,
}

/// Reads numbers from TIFF data in either byte order.
#[derive(Debug, Clone, Copy)]
struct Tiff<'a> {
    data: &'a [u8],
    little_endian: bool,
}

impl<'a> Tiff<'a> {
    fn new(data: &'a [u8]) -> Option<Self> {
        let little_endian = match data.first_chunk::<4>()? {
            b"II*\0" => true,
            b"MM\0*" => false,
            _ => return None,
        };
        Some(Self { data, little_endian })
    }

    fn bytes<const N: usize>(self, at: usize) -> Option<[u8; N]> {
        self.data.get(at..)?.first_chunk().copied()
    }

    fn u16(self, at: usize) -> Option<u16> {
        let bytes = self.bytes(at)?;
        Some(if self.little_endian { u16::from_le_bytes(bytes) } else { u16::from_be_bytes(bytes) })
    }

    fn u32(self, at: usize) -> Option<usize> {
        let bytes = self.bytes(at)?;
        let number =
            if self.little_endian { u32::from_le_bytes(bytes) } else { u32::from_be_bytes(bytes) };
        usize::try_from(number).ok()
    }

    /// Where the entries of the directory at `ifd` are.
    fn directory(self, ifd: usize) -> Range<usize> {
        // Past the end there is nothing to read, and no sum can overflow.
        let count = if ifd < self.data.len() { self.u16(ifd).unwrap_or(0) } else { 0 };
        let start = ifd.saturating_add(2);
        start..start.saturating_add(usize::from(count) * ENTRY_BYTES)
    }

    /// The entries of a directory, as far as the data goes.
    fn entries(self, directory: Range<usize>) -> impl Iterator<Item = Entry> + use<'a> {
        directory.step_by(ENTRY_BYTES).map_while(move |at| {
            let tag = self.u16(at)?;
            Some(Entry { tag, at })
        })
    }

    /// An entry's single number, if it fits in a byte.
    ///
    /// SHORT is right for the orientation; some writers use BYTE, LONG or the
    /// signed types.
    fn small_number(self, entry: Entry) -> Option<u8> {
        match self.u16(entry.at + 2)? {
            1 => self.data.get(entry.at + 8).copied(),
            3 | 8 => u8::try_from(self.u16(entry.at + 8)?).ok(),
            4 | 9 => u8::try_from(self.u32(entry.at + 8)?).ok(),
            _ => None,
        }
    }

    /// Whether an entry of the GPS directory holds degrees.
    ///
    /// Cameras without a fix write the entry with a denominator of 0.
    fn is_position(self, entry: Entry) -> bool {
        let denominator = || {
            let value = self.u32(entry.at + 8).filter(|&offset| offset < self.data.len())?;
            self.u32(value + 4)
        };
        GPS_POSITIONS.contains(&entry.tag)
            && denominator().is_some_and(|denominator| denominator != 0)
    }
}

#[cfg(test)]
mod tests {
    use super::PhotoMetadata;

    /// A directory that fills a segment with pointers to GPS directories, each at the given
    /// distance from the one before, and all of them within the directory itself.
    fn pointers(distance: usize) -> Vec<u8> {
        let count: u16 = 5_400;
        let mut tiff = b"MM\0*\0\0\0\x08".to_vec();
        tiff.extend(count.to_be_bytes());
        for index in 0..usize::from(count) {
            let offset = u32::try_from(8 + index * distance % 60_000).expect("in the segment");
            tiff.extend([0x88, 0x25, 0, 4, 0, 0, 0, 1]);
            tiff.extend(offset.to_be_bytes());
        }
        tiff
    }

    #[test]
    fn steps_grow_with_the_bytes_and_not_with_their_square() {
        for distance in [0, 1, 2, 11, 12, 24, 7_919] {
            let tiff = pointers(distance);
            let mut metadata = PhotoMetadata::default();
            for segments in 1..=4 {
                metadata.read_exif(&tiff);
                let most = segments * 2 * tiff.len();
                assert!(metadata.steps <= most, "{distance}: {} steps", metadata.steps);
                metadata.gps = false;
            }
        }
    }
}
