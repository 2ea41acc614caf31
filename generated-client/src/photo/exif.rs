//! EXIF: the orientation, and whether there is a position (CIPA DC-008, 4.5, and TIFF 6.0,
//! section 2).
//!
//! Broken EXIF is ignored, as by decoders.

const ORIENTATION: u16 = 0x0112;
const GPS_IFD: u16 = 0x8825;
/// Latitude and longitude of the camera and of its destination.
const GPS_POSITIONS: [u16; 4] = [0x02, 0x04, 0x14, 0x16];

/// The size of an entry of a directory: tag, type, count, and value or its offset.
const ENTRY_BYTES: usize = 12;

/// The TIFF data of an EXIF segment, in either byte order.
#[derive(Debug, Clone, Copy)]
pub(super) struct Tiff<'a> {
    data: &'a [u8],
    little_endian: bool,
}

/// An entry of an image file directory: its tag, and its offset.
type Entry = (u16, usize);

impl<'a> Tiff<'a> {
    pub(super) fn new(data: &'a [u8]) -> Option<Self> {
        match data.first_chunk()? {
            b"II*\0" => Some(Self { data, little_endian: true }),
            b"MM\0*" => Some(Self { data, little_endian: false }),
            _ => None,
        }
    }

    /// The orientation, 1 to 8, if there is one.
    pub(super) fn orientation(self) -> Option<u8> {
        let (_, at) = self.main_entries().find(|(tag, _)| *tag == ORIENTATION)?;
        // It should be a SHORT; some writers use BYTE, LONG or the signed types.
        let number = match self.u16(at + 2)? {
            1 => usize::from(*self.data.get(at + 8)?),
            3 | 8 => usize::from(self.u16(at + 8)?),
            4 | 9 => self.u32(at + 8)?,
            _ => return None,
        };
        u8::try_from(number).ok().filter(|number| (1..=8).contains(number))
    }

    /// Whether there is a latitude or a longitude. Cameras without a GPS fix write a denominator
    /// of 0.
    pub(super) fn has_position(self) -> bool {
        self.gps_entries().filter(|(tag, _)| GPS_POSITIONS.contains(tag)).any(|(_, at)| {
            let value = self.u32(at + 8).and_then(|value| self.data.get(value..));
            // A denominator may be larger than the offsets that `u32` reads.
            let denominator = value.and_then(|value| value.get(4..)?.first_chunk());
            denominator.is_some_and(|denominator| *denominator != [0; 4])
        })
    }

    fn main_entries(self) -> impl Iterator<Item = Entry> + use<'a> {
        self.u32(4).into_iter().flat_map(move |ifd| self.entries(ifd))
    }

    /// The entries of the GPS directory. A malicious file has thousands that overlap, so this
    /// reads no more than fit side by side.
    fn gps_entries(self) -> impl Iterator<Item = Entry> + use<'a> {
        let directories = self.main_entries().filter(|(tag, _)| *tag == GPS_IFD);
        let offsets = directories.filter_map(move |(_, at)| self.u32(at + 8));
        offsets.flat_map(move |ifd| self.entries(ifd)).take(self.data.len() / ENTRY_BYTES)
    }

    /// The entries of a directory, up to the end of the data.
    fn entries(self, ifd: usize) -> impl Iterator<Item = Entry> + use<'a> {
        let count = self.u16(ifd).unwrap_or(0);
        (0..usize::from(count)).map_while(move |index| {
            let at = ifd + 2 + index * ENTRY_BYTES;
            self.u16(at).map(|tag| (tag, at))
        })
    }

    fn u16(self, at: usize) -> Option<u16> {
        let bytes = *self.data.get(at..)?.first_chunk()?;
        Some(if self.little_endian { u16::from_le_bytes(bytes) } else { u16::from_be_bytes(bytes) })
    }

    /// A LONG below 2^31, so that adding to an offset cannot overflow.
    fn u32(self, at: usize) -> Option<usize> {
        let bytes = *self.data.get(at..)?.first_chunk()?;
        let number =
            if self.little_endian { i32::from_le_bytes(bytes) } else { i32::from_be_bytes(bytes) };
        usize::try_from(number).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::Tiff;

    /// A directory that fills a segment with pointers to GPS directories inside itself, at the
    /// given distance from each other.
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
    fn a_position_may_have_any_denominator_but_0() {
        for (denominator, is_position) in [(0, false), (1, true), (1 << 31, true), (u32::MAX, true)]
        {
            let mut tiff =
                b"MM\0*\0\0\0\x08\0\x01\x88\x25\0\x04\0\0\0\x01\0\0\0\x1A\0\0\0\0".to_vec();
            tiff.extend(b"\0\x01\0\x02\0\x05\0\0\0\x01\0\0\0\x2C\0\0\0\0\0\0\0\x2F");
            tiff.extend(denominator.to_be_bytes());
            assert_eq!(Tiff::new(&tiff).unwrap().has_position(), is_position, "{denominator}");
        }
    }

    #[test]
    fn steps_grow_with_the_bytes_and_not_with_their_square() {
        for distance in [0, 1, 2, 11, 12, 24, 7_919] {
            let data = pointers(distance);
            let tiff = Tiff::new(&data).unwrap();
            let steps = tiff.main_entries().count() + tiff.gps_entries().count();
            assert!((5_400..data.len()).contains(&steps), "{distance}: {steps} steps");
        }
    }
}
