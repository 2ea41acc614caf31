//! The marker walk: cuts a JPEG into its segments (ITU-T T.81, annex B).

use memchr::memchr;

use super::{detect, error::InvalidJpeg, marker};

/// A marker and its data.
#[derive(Debug, Clone, Copy)]
pub(super) struct Segment<'a> {
    /// The marker's second byte.
    pub(super) marker: u8,
    /// The offset of the marker's `FF` in the file, in bytes.
    pub(super) at: usize,
    /// The parameters without marker and length.
    pub(super) body: &'a [u8],
    /// The entropy-coded data after a start of scan; empty for others.
    pub(super) entropy: &'a [u8],
    /// Everything from the marker's `FF` to the end of the data.
    pub(super) raw: &'a [u8],
}

/// The segments of one JPEG, up to its end-of-image marker or to the first error.
#[derive(Debug)]
pub(super) struct Segments<'a> {
    bytes: &'a [u8],
    position: usize,
    /// Whether restart markers are expected within entropy-coded data.
    restarts: bool,
    ended: bool,
}

impl<'a> Segments<'a> {
    /// Starts after the start-of-image marker; refuses content without one.
    pub(super) fn new(bytes: &'a [u8]) -> Result<Self, InvalidJpeg> {
        match bytes {
            [] => Err(InvalidJpeg::Empty),
            [0xFF, marker::SOI, ..] => {
                Ok(Self { bytes, position: 2, restarts: false, ended: false })
            }
            [0xFF] => Err(InvalidJpeg::Truncated { at: 1, what: "inside its first marker" }),
            _ => Err(match detect::jpeg_within(bytes) {
                Some(at) => InvalidJpeg::NotAtStart { at },
                None => InvalidJpeg::NotJpeg(detect::content(bytes)),
            }),
        }
    }

    /// The offset after the segments read so far.
    pub(super) fn position(&self) -> usize {
        self.position
    }

    /// Reads the next segment; fails with the place where the file is cut off.
    ///
    /// Skips fill bytes before the marker, which T.81, B.1.1.2 allows, and junk, as libjpeg does.
    fn read(&self) -> Result<Segment<'a>, &'static str> {
        let at = find_marker(self.bytes, self.position, |_| false);
        let at = at.ok_or("before its end-of-image marker")?;
        let marker = self.bytes[at + 1];
        let start = if marker::stands_alone(marker) { at + 2 } else { at + 4 };
        let middle = self.end_of_body(at, marker).ok_or("inside a marker segment")?;
        let end = match marker {
            marker::SOS => find_marker(self.bytes, middle, |code| self.is_data(code))
                .ok_or("inside its entropy-coded image data")?,
            _ => middle,
        };
        let slice = |from, to| self.bytes.get(from..to).unwrap_or_default();
        let (body, entropy, raw) = (slice(start, middle), slice(middle, end), slice(at, end));
        Ok(Segment { marker, at, body, entropy, raw })
    }

    /// Whether a marker belongs to entropy-coded data (T.81, E.1.4). Decoders that expect restarts
    /// skip reserved codes as well.
    fn is_data(&self, marker: u8) -> bool {
        match marker {
            marker::RST0..=marker::RST7 => true,
            marker::TEM..=marker::LAST_RESERVED => self.restarts,
            _ => false,
        }
    }

    /// Where the parameters end. Their length counts its own two bytes; libjpeg tolerates a
    /// shorter one in segments that it does not interpret.
    fn end_of_body(&self, at: usize, marker: u8) -> Option<usize> {
        if marker::stands_alone(marker) {
            return Some(at + 2);
        }
        let length = u16::from_be_bytes(*self.bytes.get(at + 2..)?.first_chunk()?);
        let end = at + 2 + usize::from(length.max(2));
        (end <= self.bytes.len()).then_some(end)
    }
}

impl<'a> Iterator for Segments<'a> {
    type Item = Result<Segment<'a>, InvalidJpeg>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ended {
            return None;
        }
        let cut_off = |what| InvalidJpeg::Truncated { at: self.bytes.len(), what };
        let segment = self.read().map_err(cut_off);
        self.ended = segment.as_ref().map_or(true, |segment| segment.marker == marker::EOI);
        if let Ok(Segment { marker, at, body, raw, .. }) = segment {
            self.position = at + raw.len();
            if marker == marker::DRI {
                self.restarts = body.iter().any(|&byte| byte != 0);
            }
        }
        Some(segment)
    }
}

/// The number of bytes to look at together, enough for vector instructions to pay off.
const STRIDE: usize = 1024;

/// Finds the next `FF xx` that is neither stuffing (T.81, F.1.2.3), a fill byte nor data.
fn find_marker(bytes: &[u8], start: usize, is_data: impl Fn(u8) -> bool) -> Option<usize> {
    let mut at = start;
    loop {
        at += without_markers(bytes.get(at..)?);
        let next_stride = at + STRIDE;
        while at < next_stride {
            at += memchr(0xFF, bytes.get(at..)?)?;
            match *bytes.get(at + 1)? {
                0xFF => at += 1,
                code if code == 0 || is_data(code) => at += 2,
                _ => return Some(at),
            }
        }
    }
}

/// The length of the leading strides in which `00` follows each `FF`.
///
/// About every 250th byte of a photo is such an `FF`, and stopping at each would take many times
/// as long. This lowers each byte before a 0 by one; if the highest is still `FF`, there is a
/// marker. The compiler vectorises this form.
fn without_markers(bytes: &[u8]) -> usize {
    let following = bytes.get(1..).unwrap_or_default();
    let strides = bytes.chunks_exact(STRIDE).zip(following.chunks_exact(STRIDE));
    let clean = strides.take_while(|(these, next)| {
        let pairs = these.iter().zip(*next);
        pairs.fold(0, |most, (&x, &y)| most.max(x.saturating_sub(1_u8.saturating_sub(y)))) != 0xFF
    });
    clean.count() * STRIDE
}

#[cfg(test)]
mod tests {
    use super::find_marker;

    /// The rule of `find_marker` in entropy-coded data, written without any concern for speed.
    fn plain(bytes: &[u8]) -> Option<usize> {
        let ends = |pair: &[u8]| pair[0] == 0xFF && !matches!(pair[1], 0 | 0xD0..=0xD7 | 0xFF);
        bytes.windows(2).position(ends)
    }

    #[test]
    fn long_strides_find_what_single_steps_find() {
        for filler in [[0x12, 0x34], [0xFF, 0x00], [0xFF, 0xD3], [0xC0, 0xFE]] {
            for before in (0..3 * super::STRIDE).step_by(7) {
                let mut bytes: Vec<u8> = filler.iter().copied().cycle().take(before).collect();
                bytes.extend([0xFF, 0xFF, 0xD9, 0x00]);
                for bytes in [&bytes[..], &bytes[..before]] {
                    let found = find_marker(bytes, 0, |code| matches!(code, 0xD0..=0xD7));
                    assert_eq!(found, plain(bytes), "{filler:?} x {before}");
                }
            }
        }
    }
}
