//! The marker walk: cuts a JPEG into its segments (ITU-T T.81, annex B).

use memchr::memchr;

use super::content::{ContentKind, jpeg_within};
use super::error::InvalidJpeg;
use super::marker;

/// One marker with all that belongs to it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Segment<'a> {
    /// The marker's second byte.
    pub(crate) marker: u8,
    /// Offset of the marker's `FF`, in bytes from the start of the file.
    pub(crate) at: usize,
    /// The parameters, without the marker and the length.
    pub(crate) body: &'a [u8],
    /// The entropy-coded data that follows; empty but for a start of scan.
    pub(crate) entropy: &'a [u8],
    /// Everything from the marker's `FF` to the last byte of the above.
    pub(crate) raw: &'a [u8],
}

impl Segment<'_> {
    /// Whether the length, which counts its own two bytes, says that there are fewer.
    pub(crate) fn length_is_impossible(&self) -> bool {
        !marker::stands_alone(self.marker) && matches!(self.raw, [_, _, 0, 0 | 1, ..])
    }
}

/// Steps through the segments of one JPEG.
#[derive(Debug)]
pub(crate) struct Segments<'a> {
    bytes: &'a [u8],
    position: usize,
    /// Whether restart markers are expected within entropy-coded data.
    restarts: bool,
}

impl<'a> Segments<'a> {
    /// Starts after the start-of-image marker; refuses what has none.
    pub(crate) fn new(bytes: &'a [u8]) -> Result<Self, InvalidJpeg> {
        match bytes {
            [] => Err(InvalidJpeg::Empty),
            [0xFF, marker::SOI, ..] => Ok(Self { bytes, position: 2, restarts: false }),
            [0xFF] => Err(InvalidJpeg::Truncated { at: 1, what: "inside its first marker" }),
            _ => Err(match jpeg_within(bytes) {
                Some(at) => InvalidJpeg::NotAtStart { at },
                None => InvalidJpeg::NotJpeg(ContentKind::detect(bytes)),
            }),
        }
    }

    /// How many bytes follow the segments read so far.
    pub(crate) fn remaining(&self) -> usize {
        self.bytes.len().saturating_sub(self.position)
    }

    /// Reads the next segment.
    ///
    /// Junk and fill bytes before a marker are skipped as decoders do
    /// (T.81, B.1.1.2 allows the fill bytes; libjpeg tolerates the junk).
    pub(crate) fn next_segment(&mut self) -> Result<Segment<'a>, InvalidJpeg> {
        let (at, marker) =
            self.next_marker().ok_or_else(|| self.cut_off("before its end-of-image marker"))?;
        let body = if marker::stands_alone(marker) { at + 2..at + 2 } else { self.body(at)? };
        let mut end = body.end;
        if marker == marker::SOS {
            end = end_of_entropy(self.bytes, end, self.restarts)
                .ok_or_else(|| self.cut_off("inside its entropy-coded image data"))?;
        }
        let slice = |from, to| self.bytes.get(from..to).unwrap_or_default();
        let segment = Segment {
            marker,
            at,
            body: slice(body.start, body.end),
            entropy: slice(body.end, end),
            raw: slice(at, end),
        };
        if marker == marker::DRI {
            self.restarts = segment.body.iter().any(|&byte| byte != 0);
        }
        self.position = end;
        Ok(segment)
    }

    /// Finds the next `FF xx` that is neither stuffing nor a fill byte.
    fn next_marker(&self) -> Option<(usize, u8)> {
        let mut at = self.position;
        loop {
            at += memchr(0xFF, self.bytes.get(at..)?)?;
            match self.bytes.get(at + 1)? {
                0x00 => at += 2,
                0xFF => at += 1,
                &marker => return Some((at, marker)),
            }
        }
    }

    /// The range of a segment's parameters, from the length after its marker.
    ///
    /// The length counts its own two bytes. Shorter ones are wrong, but
    /// libjpeg reads on after them in segments it does not interpret.
    fn body(&self, at: usize) -> Result<std::ops::Range<usize>, InvalidJpeg> {
        let cut_off = || self.cut_off("inside a marker segment");
        let Some(&[high, low]) = self.bytes.get(at + 2..at + 4) else {
            return Err(cut_off());
        };
        let length = usize::from(u16::from_be_bytes([high, low])).max(2);
        let end = at + 2 + length;
        if end > self.bytes.len() {
            return Err(cut_off());
        }
        Ok(at + 4..end)
    }

    fn cut_off(&self, what: &'static str) -> InvalidJpeg {
        InvalidJpeg::Truncated { at: self.bytes.len(), what }
    }
}

/// Bytes looked at together; enough to make good use of vector code.
const STRIDE: usize = 1024;

/// Finds the marker that ends the entropy-coded data starting at `start`.
///
/// Stuffed `FF 00` and restart markers belong to the data (T.81, F.1.2.3 and
/// E.1.4). Where restarts are expected, decoders get over reserved codes too.
fn end_of_entropy(bytes: &[u8], start: usize, restarts: bool) -> Option<usize> {
    let mut at = start;
    loop {
        at += without_markers(bytes.get(at..)?);
        let next_stride = at + STRIDE;
        while at < next_stride {
            at += memchr(0xFF, bytes.get(at..)?)?;
            match bytes.get(at + 1)? {
                0x00 | marker::RST0..=marker::RST7 => at += 2,
                marker::TEM..=marker::LAST_RESERVED if restarts => at += 2,
                0xFF => at += 1,
                _ => return Some(at),
            }
        }
    }
}

/// Length of the leading strides in which each `FF` is followed by `00`.
///
/// Every 250th byte or so of a photo is such a stuffed `FF`: stopping at each
/// with `memchr` alone would cost many times as much. So each byte that is
/// followed by 0 is lowered by one; if the highest is `FF` still, there is a
/// marker. In this form the compiler makes vector code of it.
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
    use super::end_of_entropy;

    /// The rule of `end_of_entropy`, written without any concern for speed.
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
                assert_eq!(
                    end_of_entropy(&bytes, 0, false),
                    plain(&bytes),
                    "{filler:?} x {before}"
                );
                assert_eq!(end_of_entropy(&bytes[..before], 0, false), plain(&bytes[..before]));
            }
        }
    }
}
