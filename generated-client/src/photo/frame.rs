//! The frame header: size, coding and colour components of the image (ITU-T T.81, B.2.2).

use std::fmt;

use super::{error::require, marker};

/// The longest side, in pixels, that libjpeg reads: `JPEG_MAX_DIMENSION` in its `jmorecfg.h`.
const LONGEST_SIDE: u16 = 65_500;

/// The coding of a JPEG (ITU-T T.81, 4.11 and table B.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum JpegKind {
    /// Baseline sequential, SOF0, as from most cameras.
    Baseline,
    /// Extended sequential with Huffman coding, SOF1.
    ExtendedSequential,
    /// Progressive with Huffman coding, SOF2, as from many web tools.
    Progressive,
}

impl fmt::Display for JpegKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Baseline => "baseline",
            Self::ExtendedSequential => "extended sequential",
            Self::Progressive => "progressive",
        })
    }
}

/// A frame header that decoders accept.
#[derive(Debug, Clone, Copy)]
pub(super) struct Frame<'a> {
    pub(super) kind: JpegKind,
    pub(super) width: u16,
    pub(super) height: u16,
    /// Each component's number, sampling factors and number of its quantisation table.
    pub(super) components: &'a [[u8; 3]],
}

impl<'a> Frame<'a> {
    /// Reads the header after a marker from SOF0 to SOF2.
    pub(super) fn read(marker: u8, body: &'a [u8]) -> Result<Self, &'static str> {
        let kind = match marker {
            marker::SOF0 => JpegKind::Baseline,
            marker::SOF1 => JpegKind::ExtendedSequential,
            _ => JpegKind::Progressive,
        };
        let &[_, h1, h0, w1, w0, count, ref components @ ..] = body else {
            return Err("the frame header is too short");
        };
        let (height, width) = (u16::from_be_bytes([h1, h0]), u16::from_be_bytes([w1, w0]));
        let (components, rest) = components.as_chunks();
        let is_whole = components.len() == usize::from(count) && rest.is_empty();
        require(count > 0, "the image has no colour components")?;
        require(width > 0, "the image width is 0")?;
        // A DNL segment after the first scan may supply it (B.2.5), but libjpeg refuses that.
        require(height > 0, "the image height is 0")?;
        let longest = "a side is longer than 65,500 pixels, the most that libjpeg reads";
        require(width.max(height) <= LONGEST_SIDE, longest)?;
        require(is_whole, "the frame header has the wrong length")?;
        let frame = Self { kind, width, height, components };
        let factors = || components.iter().map(|&[_, factors, _]| sampling(factors));
        let are_legal = factors().flatten().all(|factor| (1..=4).contains(&factor));
        require(are_legal, "a sampling factor is not 1 to 4")?;
        // libjpeg interpolates no other fractions.
        let [across, down] = frame.largest_sampling();
        let divide = factors().all(|[h, v]| across % h == 0 && down % v == 0);
        require(divide, "a sampling factor does not divide the largest one").map(|()| frame)
    }

    /// The component that a scan names by `id` at a position of its header.
    ///
    /// A scan names components in the order of the frame (B.2.3). libjpeg enforces only that
    /// none is earlier in the frame than in the scan. Some encoders give all components one
    /// number, which then means the next.
    pub(super) fn component_of_scan(
        &self,
        id: u8,
        position: usize,
        used: &mut [bool; 4],
    ) -> Result<[u8; 3], &'static str> {
        let candidates =
            || self.components.iter().zip(0..).filter(|([number, ..], _)| *number == id);
        let (component, index) = candidates()
            .find(|(_, index)| *index >= position)
            .or_else(|| candidates().next())
            .ok_or("a scan names a component that the frame does not have")?;
        let is_used = used.get_mut(index).is_none_or(|used| std::mem::replace(used, true));
        require(!is_used, "a scan names a component twice")?;
        let order = "a scan names its components in another order than the frame";
        require(index >= position, order).map(|()| *component)
    }

    pub(super) fn largest_sampling(&self) -> [u8; 2] {
        self.components.iter().fold([1, 1], |[across, down], &[_, factors, _]| {
            let [h, v] = sampling(factors);
            [across.max(h), down.max(v)]
        })
    }
}

/// The horizontal and the vertical sampling factor of a component.
pub(super) fn sampling(factors: u8) -> [u8; 2] {
    [factors >> 4, factors & 0x0F]
}
