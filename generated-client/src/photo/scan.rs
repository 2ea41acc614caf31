//! The scan header: the components of a scan, and the part of them that it codes (ITU-T T.81,
//! B.2.3).

use super::{
    error::require,
    frame::{Frame, JpegKind},
    huffman::HuffmanTable,
};

/// A scan whose header fits the frame, with everything that decoding takes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Scan<'a> {
    pub(super) frame: Frame<'a>,
    pub(super) header: ScanHeader<'a>,
    pub(super) components: [Option<ScanComponent<'a>>; 4],
    /// In units of blocks; 0 for none.
    pub(super) restart_interval: u16,
    /// The entropy-coded data.
    pub(super) data: &'a [u8],
}

/// A component of a scan, with its Huffman tables if the file has them.
#[derive(Debug, Clone, Copy)]
pub(super) struct ScanComponent<'a> {
    pub(super) sampling: [u8; 2],
    /// The steps of the coefficients, each of one or two bytes.
    pub(super) quantisation: &'a [u8],
    pub(super) dc: Option<HuffmanTable<'a>>,
    pub(super) ac: Option<HuffmanTable<'a>>,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct ScanHeader<'a> {
    /// Each component's number, and the numbers of its DC and AC table.
    pub(super) components: &'a [[u8; 2]],
    /// The first and the last coefficient.
    pub(super) start: u8,
    pub(super) end: u8,
    /// Whether the scan adds a bit to coefficients of earlier scans (T.81, G.1.1.1.2).
    pub(super) refines: bool,
    /// The number of lower bits of the coefficients that the scan omits.
    pub(super) omitted_bits: u8,
}

impl<'a> ScanHeader<'a> {
    pub(super) fn read(kind: JpegKind, body: &'a [u8]) -> Result<Self, &'static str> {
        let wrong_length = "the scan header has the wrong length";
        let &[count, ref components @ .., start, end, approximation] = body else {
            return Err(wrong_length);
        };
        require((1..=4).contains(&count), "a scan must have 1 to 4 components")?;
        let (components, rest) = components.as_chunks();
        require(components.len() == usize::from(count) && rest.is_empty(), wrong_length)?;
        if kind != JpegKind::Progressive {
            // Decoders read all coefficients, whatever the header says.
            return Ok(Self { components, start: 0, end: 63, refines: false, omitted_bits: 0 });
        }
        let (high, low) = (approximation >> 4, approximation & 0x0F);
        let is_band = if start == 0 { end == 0 } else { (start..64).contains(&end) && count == 1 };
        let are_bits = low <= 13 && (high == 0 || high - 1 == low);
        require(is_band && are_bits, "a progressive scan has impossible parameters")?;
        Ok(Self { components, start, end, refines: high > 0, omitted_bits: low })
    }

    /// Whether decoding takes a DC and an AC table (T.81, G.1.1.1). Refining DC coefficients takes
    /// only raw bits.
    pub(super) fn takes_tables(&self) -> [bool; 2] {
        [self.start == 0 && !self.refines, self.end > 0]
    }
}
