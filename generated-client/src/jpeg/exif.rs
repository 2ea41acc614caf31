//! A reader of the few EXIF and XMP facts that matter to a photo's owner.
//!
//! Layout: EXIF 2.32 (CIPA DC-008), section 4.5, on top of TIFF 6.0,
//! section 2. Broken metadata tells nothing; it is never an error, because
//! decoders do not look at it.

use memchr::memmem;

/// What a photo's application segments 1 told.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct PhotoMetadata {
    /// How to turn the image for display, 1 to 8, if told.
    pub(crate) orientation: Option<u8>,
    /// Whether the place where the photo was taken is in it.
    pub(crate) gps: bool,
    has_exif: bool,
}

/// A byte of padding follows, which not every writer sets to 0.
const EXIF_HEADER: &[u8] = b"Exif\0";
const XMP_HEADER: &[u8] = b"http://ns.adobe.com/x";

const ORIENTATION: u16 = 0x0112;
const GPS_IFD: u16 = 0x8825;
const GPS_LATITUDE: u16 = 2;
const GPS_LONGITUDE: u16 = 4;

impl PhotoMetadata {
    /// Reads one APP1 segment's body.
    ///
    /// Readers take the orientation from the first EXIF segment, and from none
    /// behind the beginning of the image. A position is one wherever it is.
    pub(crate) fn read(&mut self, body: &[u8], before_image: bool) {
        if let Some([_, tiff @ ..]) = body.strip_prefix(EXIF_HEADER) {
            let orientation = self.read_exif(tiff);
            if before_image && !self.has_exif {
                self.has_exif = true;
                self.orientation = orientation;
            }
        } else if body.starts_with(XMP_HEADER) {
            self.gps |= memmem::find(body, b"GPSLatitude").is_some()
                || memmem::find(body, b"GPSLongitude").is_some();
        }
    }

    /// Notes a position, and returns the orientation.
    fn read_exif(&mut self, data: &[u8]) -> Option<u8> {
        let tiff = Tiff::new(data)?;
        let mut orientation = None;
        for entry in tiff.entries(tiff.u32(4)?) {
            if entry.tag == ORIENTATION && orientation.is_none() {
                orientation = tiff.small_number(entry).filter(|n| (1..=8).contains(n));
            } else if entry.tag == GPS_IFD {
                let gps = tiff.u32(entry.at + 8);
                self.gps |= gps.is_some_and(|ifd| tiff.entries(ifd).any(|e| tiff.is_position(e)));
            }
        }
        orientation
    }
}

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

    /// The entries of the directory at `ifd`, as far as the data goes.
    fn entries(self, ifd: usize) -> impl Iterator<Item = Entry> + use<'a> {
        // Past the end there is nothing to read, and no sum can overflow.
        let count = if ifd < self.data.len() { self.u16(ifd).unwrap_or(0) } else { 0 };
        (0..usize::from(count)).map_while(move |index| {
            let at = ifd + 2 + index * 12;
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
        matches!(entry.tag, GPS_LATITUDE | GPS_LONGITUDE)
            && denominator().is_some_and(|denominator| denominator != 0)
    }
}
