//! The frame header: size, coding and colour components of the image (ITU-T T.81, B.2.2).

use std::fmt;

use super::error::require;
use super::marker;

/// The longest side, in pixels, that libjpeg reads: `JPEG_MAX_DIMENSION` in its `jmorecfg.h`.
const LONGEST_SIDE: u16 = 65_500;

/// How a JPEG's image is coded (ITU-T T.81, 4.11 and table B.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum JpegKind {
    /// Baseline sequential, SOF0: what most cameras write.
    Baseline,
    /// Extended sequential with Huffman coding, SOF1.
    ExtendedSequential,
    /// Progressive with Huffman coding, SOF2: what many web tools write.
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
    specifications: &'a [[u8; 3]],
}

/// One colour component of the frame.
#[derive(Debug, Clone, Copy)]
pub(super) struct Component {
    id: u8,
    /// Horizontal and vertical sampling factor.
    pub(super) sampling: [u8; 2],
    pub(super) quantisation_table: u8,
}

impl<'a> Frame<'a> {
    /// Reads the header after this marker, SOF0, SOF1 or SOF2.
    pub(super) fn read(marker: u8, body: &'a [u8]) -> Result<Self, &'static str> {
        let kind = match marker {
            marker::SOF0 => JpegKind::Baseline,
            marker::SOF1 => JpegKind::ExtendedSequential,
            _ => JpegKind::Progressive,
        };
        let &[_, h1, h0, w1, w0, count, ref specifications @ ..] = body else {
            return Err("the frame header is too short");
        };
        let (height, width) = (u16::from_be_bytes([h1, h0]), u16::from_be_bytes([w1, w0]));
        let (specifications, rest) = specifications.as_chunks();
        let is_whole = specifications.len() == usize::from(count) && rest.is_empty();
        require(count > 0, "the image has no colour components")?;
        require(width > 0, "the image width is 0")?;
        // Legal if a DNL segment tells it after the first scan (B.2.5), but libjpeg and what is
        // built on it refuse that.
        require(height > 0, "the image height is 0")?;
        let longest = "a side is longer than 65,500 pixels, the most that libjpeg reads";
        require(width.max(height) <= LONGEST_SIDE, longest)?;
        require(is_whole, "the frame header has the wrong length")?;
        let frame = Self { kind, width, height, specifications };
        let [across, down] = frame.largest_sampling();
        for [h, v] in frame.components().map(|component| component.sampling) {
            let are_legal = (1..=4).contains(&h) && (1..=4).contains(&v);
            require(are_legal, "a sampling factor is not 1 to 4")?;
            // libjpeg does not interpolate other fractions.
            let divide = across % h == 0 && down % v == 0;
            require(divide, "a sampling factor does not divide the largest one")?;
        }
        Ok(frame)
    }

    fn components(&self) -> impl Iterator<Item = Component> + use<'a> {
        self.specifications.iter().map(|&[id, sampling, quantisation_table]| Component {
            id,
            sampling: [sampling >> 4, sampling & 0x0F],
            quantisation_table,
        })
    }

    /// The number of colour components.
    pub(super) fn component_count(&self) -> usize {
        self.specifications.len()
    }

    /// The component that a scan names by `id`, at a position of its header.
    ///
    /// A scan names components in the order of the frame (B.2.3). libjpeg holds to that as far
    /// as this: none comes earlier in the frame than in the scan. Some writers number all
    /// components alike; each then stands for the next.
    pub(super) fn component_of_scan(
        &self,
        id: u8,
        position: usize,
        used: &mut [bool; 4],
    ) -> Result<Component, &'static str> {
        let candidates = || self.components().zip(0..).filter(|(component, _)| component.id == id);
        let (component, index) = candidates()
            .find(|(_, index)| *index >= position)
            .or_else(|| candidates().next())
            .ok_or("a scan names a component that the frame does not have")?;
        let is_used = used.get_mut(index).is_none_or(|used| std::mem::replace(used, true));
        require(!is_used, "a scan names a component twice")?;
        let order = "a scan names its components in another order than the frame";
        require(index >= position, order).map(|()| component)
    }

    /// The largest horizontal and vertical sampling factor.
    pub(super) fn largest_sampling(&self) -> [u8; 2] {
        self.components().fold([1, 1], |[across, down], Component { sampling: [h, v], .. }| {
            [across.max(h), down.max(v)]
        })
    }
}
