//! Checks that the segments make a decodable image (ITU-T T.81, B.2).
//!
//! Refuses only what libjpeg refuses, by rules that every decoder needs, and accepts what libjpeg
//! warns of.

use super::{
    error::{InvalidJpeg, UnsupportedJpeg, require},
    frame::{Frame, JpegKind, sampling},
    huffman::HuffmanTable,
    marker,
    scan::{Scan, ScanComponent, ScanHeader},
    segments::Segment,
};

/// What the segments so far declare.
#[derive(Debug, Default)]
pub(super) struct StructureCheck<'a> {
    frame: Option<Frame<'a>>,
    scans: usize,
    /// Whether the first scan coded all components of a sequential frame, after which decoders
    /// expect no other.
    is_complete: bool,
    quantisation: [Option<&'a [u8]>; 4],
    /// By class, DC and AC, and by number.
    huffman: [[Option<HuffmanTable<'a>>; 4]; 2],
    restart_interval: u16,
}

impl<'a> StructureCheck<'a> {
    /// Reads one segment, and returns the scan that starts with it; refuses one that no decoder
    /// can use.
    pub(super) fn segment(
        &mut self,
        segment: &Segment<'a>,
    ) -> Result<Option<Scan<'a>>, InvalidJpeg> {
        if let Some(kind) = unsupported(segment) {
            return Err(InvalidJpeg::Unsupported(kind));
        }
        self.read(segment).map_err(|what| InvalidJpeg::Malformed { at: segment.at, what })
    }

    /// The frame, once there is a scan.
    pub(super) fn frame(&self) -> Option<Frame<'a>> {
        self.frame.filter(|_| self.scans > 0)
    }

    fn read(&mut self, segment: &Segment<'a>) -> Result<Option<Scan<'a>>, &'static str> {
        let body = segment.body;
        match segment.marker {
            marker::DHT | marker::DQT | marker::DAC
                if matches!(segment.raw, [_, _, 0, 0 | 1, ..]) =>
            {
                return Err("a segment's length is below 2");
            }
            marker::SOF0..=marker::SOF2 => {
                require(self.frame.is_none(), "a second frame starts inside the first")?;
                self.frame = Some(Frame::read(segment.marker, body)?);
            }
            marker::DHT => self.huffman_tables(body)?,
            marker::DQT => self.quantisation_tables(body)?,
            marker::DAC => check_arithmetic_conditioning(body)?,
            marker::DRI => {
                let length = "a restart interval has the wrong length";
                self.restart_interval = u16::from_be_bytes(body.try_into().map_err(|_| length)?);
            }
            marker::SOS => return self.scan(body, segment.entropy).map(Some),
            marker::SOI => return Err("a second image starts inside the first"),
            marker::EOI => {
                require(self.scans > 0, "the file ends without any image data")?;
            }
            marker::TEM
            | marker::RST0..=marker::RST7
            | marker::DNL
            | marker::APP0..=marker::APP15
            | marker::COM => {}
            // Reserved codes (T.81, table B.1), such as `JPG`.
            _ => return Err("a reserved marker, which no decoder knows"),
        }
        Ok(None)
    }

    /// Quantisation tables (T.81, B.2.4.1).
    fn quantisation_tables(&mut self, mut body: &'a [u8]) -> Result<(), &'static str> {
        while let Some((&header, rest)) = body.split_first() {
            let bytes = if header >> 4 == 0 { 64 } else { 128 };
            let slot = self.quantisation.get_mut(usize::from(header & 0x0F));
            let slot = slot.ok_or("a quantisation table has a number above 3")?;
            let (table, rest) =
                rest.split_at_checked(bytes).ok_or("a quantisation table is too short")?;
            *slot = Some(table);
            body = rest;
        }
        Ok(())
    }

    /// Huffman tables (T.81, B.2.4.2). An unusable one is harmless unless a scan takes it.
    fn huffman_tables(&mut self, mut body: &'a [u8]) -> Result<(), &'static str> {
        while !body.is_empty() {
            let ([class, number], table, rest) = HuffmanTable::split_off(body)?;
            let slot = self.huffman.get_mut(class).and_then(|tables| tables.get_mut(number));
            *slot.ok_or("a Huffman table has a number above 3")? = Some(table);
            body = rest;
        }
        Ok(())
    }

    fn scan(&mut self, body: &'a [u8], data: &'a [u8]) -> Result<Scan<'a>, &'static str> {
        let frame = self.frame.ok_or("image data starts before the frame header")?;
        let second = "a second scan follows one that has coded the whole image";
        require(!self.is_complete, second)?;
        let header = ScanHeader::read(frame.kind, body)?;
        let mut components = [None; 4];
        let (mut used, mut blocks) = ([false; 4], 0);
        for (position, &[id, tables]) in header.components.iter().enumerate() {
            let specification = frame.component_of_scan(id, position, &mut used)?;
            let component = self.scan_component(&frame, &header, specification, tables)?;
            blocks += component.sampling.iter().product::<u8>();
            components[position] = Some(component);
        }
        let count = header.components.len();
        require(count == 1 || blocks <= 10, "a scan has more than 10 blocks per unit")?;
        require(!data.is_empty(), "a scan has no entropy-coded data")?;
        let is_whole = frame.kind != JpegKind::Progressive && count == frame.components.len();
        // After a first scan of some components, any number of scans may follow.
        self.is_complete = is_whole && self.scans == 0;
        self.scans += 1;
        Ok(Scan { frame, header, components, restart_interval: self.restart_interval, data })
    }

    /// A component with the tables of these numbers, which must exist if it takes them.
    ///
    /// Motion-JPEG frames omit the tables of T.81, annex K.3, which are numbered 0 and 1;
    /// decoders of sequential images add them.
    fn scan_component(
        &self,
        frame: &Frame<'_>,
        header: &ScanHeader<'_>,
        [_, factors, quantisation]: [u8; 3],
        tables: u8,
    ) -> Result<ScanComponent<'a>, &'static str> {
        let quantisation = self.quantisation.get(usize::from(quantisation));
        let quantisation =
            quantisation.copied().flatten().ok_or("a quantisation table is missing")?;
        let numbers = [tables >> 4, tables & 0x0F].map(usize::from);
        let mut huffman = [None; 2];
        for (class, is_taken) in header.takes_tables().into_iter().enumerate() {
            let is_standard = numbers[class] < 2 && frame.kind != JpegKind::Progressive;
            let table = self.huffman[class].get(numbers[class]).copied().flatten();
            let is_usable = table.map_or(is_standard, |table| table.is_usable(class));
            require(!is_taken || is_usable, "a Huffman table is missing or broken")?;
            huffman[class] = table.filter(|_| is_taken);
        }
        let [dc, ac] = huffman;
        Ok(ScanComponent { sampling: sampling(factors), quantisation, dc, ac })
    }
}

/// What makes a segment part of a JPEG that browsers do not read.
fn unsupported(segment: &Segment<'_>) -> Option<UnsupportedJpeg> {
    match (segment.marker, segment.body) {
        (marker::SOF3, _) => Some(UnsupportedJpeg::Lossless),
        (marker::SOF9..=marker::SOF11, _) => Some(UnsupportedJpeg::Arithmetic),
        (
            marker::SOF5..=marker::SOF7 | marker::SOF13..=marker::SOF15 | marker::DHP | marker::EXP,
            _,
        ) => Some(UnsupportedJpeg::Hierarchical),
        (marker::SOF55, _) => Some(UnsupportedJpeg::JpegLs),
        (marker::SOF0..=marker::SOF2, &[precision, _, _, _, _, count, ..]) => {
            match (precision, count) {
                (8, 0 | 1 | 3 | 4) => None,
                (8, count) => Some(UnsupportedJpeg::Components(count)),
                (bits, _) => Some(UnsupportedJpeg::Precision(bits)),
            }
        }
        _ => None,
    }
}

/// Conditioning of arithmetic coding (T.81, B.2.4.3). A Huffman-coded image does not use it, but
/// libjpeg reads and checks it.
fn check_arithmetic_conditioning(body: &[u8]) -> Result<(), &'static str> {
    let (tables, rest) = body.as_chunks();
    require(rest.is_empty(), "an arithmetic conditioning segment has the wrong length")?;
    tables.iter().try_for_each(|&[table, value]| {
        let are_in_order = table >> 4 > 0 || value & 0x0F <= value >> 4;
        require(are_in_order, "the bounds of an arithmetic conditioning table are swapped")?;
        require(table >> 4 <= 1, "an arithmetic conditioning table has a class above 1")
    })
}
