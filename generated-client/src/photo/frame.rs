//! Checks that the segments make an image that can be decoded: a frame, its
//! tables and its scans (ITU-T T.81, B.2).
//!
//! What is refused here, libjpeg refuses as well: those are the rules that no
//! decoder can do without. What libjpeg merely warns of is accepted.

use super::error::{InvalidJpeg, UnsupportedJpeg};
use super::inspect::JpegKind;
use super::marker;
use super::segments::Segment;

/// The longest side, in pixels, that libjpeg reads: `JPEG_MAX_DIMENSION` in its
/// `jmorecfg.h`.
const LONGEST_SIDE: u16 = 65_500;

/// Why one segment is refused; its offset is added by the caller.
enum Refusal {
    Malformed(&'static str),
    Unsupported(UnsupportedJpeg),
}

impl From<&'static str> for Refusal {
    fn from(what: &'static str) -> Self {
        Self::Malformed(what)
    }
}

impl From<UnsupportedJpeg> for Refusal {
    fn from(kind: UnsupportedJpeg) -> Self {
        Self::Unsupported(kind)
    }
}

/// The frame header (T.81, B.2.2).
#[derive(Debug, Clone, Copy)]
pub(crate) struct Frame {
    pub(crate) kind: JpegKind,
    pub(crate) width: u16,
    pub(crate) height: u16,
    pub(crate) component_count: u8,
    components: [Option<Component>; 4],
}

/// One colour component of the frame.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Component {
    id: u8,
    /// Horizontal and vertical sampling factor.
    pub(crate) sampling: [u8; 2],
    pub(crate) quantisation_table: u8,
}

impl Frame {
    /// The largest horizontal and vertical sampling factor.
    pub(crate) fn largest_sampling(&self) -> [u8; 2] {
        self.components.iter().flatten().fold([1, 1], |[across, down], component| {
            let [horizontal, vertical] = component.sampling;
            [across.max(horizontal), down.max(vertical)]
        })
    }

    /// The components that a scan codes, each with the numbers of its Huffman tables.
    pub(crate) fn scan_components(
        &self,
        header: &ScanHeader<'_>,
    ) -> Result<[Option<(Component, u8)>; 4], &'static str> {
        let mut unused = self.components;
        let mut named = [None; 4];
        for ((position, &[id, tables]), slot) in
            header.components.iter().enumerate().zip(&mut named)
        {
            let index = self.component_index(&unused, position, id)?;
            let component = unused.get_mut(index).and_then(Option::take);
            *slot = component.map(|component| (component, tables));
        }
        Ok(named)
    }

    /// Which component a scan means that names `id` as the one at `position`, `unused`
    /// holding those that it has not named yet.
    ///
    /// A scan names components in the order of the frame (T.81, B.2.3). libjpeg holds to
    /// that as far as this: none comes earlier in the frame than in the scan. Some writers
    /// number all components alike; each then stands for the next.
    fn component_index(
        &self,
        unused: &[Option<Component>; 4],
        position: usize,
        id: u8,
    ) -> Result<usize, &'static str> {
        let is = |slot: &Option<Component>| slot.is_some_and(|component| component.id == id);
        let index = (position..4).find(|&index| self.components.get(index).is_some_and(is));
        match index.or_else(|| self.components.iter().position(is)) {
            None => Err("a scan names a component that the frame does not have"),
            Some(index) if !unused.get(index).is_some_and(is) => {
                Err("a scan names a component twice")
            }
            Some(index) if index < position => {
                Err("a scan names its components in another order than the frame")
            }
            Some(index) => Ok(index),
        }
    }
}

/// Which scans there were.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Scans {
    #[default]
    None,
    /// One that coded all components of a sequential frame: decoders expect no further.
    Complete,
    /// The first of several, or a later one.
    Several,
}

/// What the segments so far have declared.
#[derive(Debug, Default)]
pub(crate) struct ImageCheck {
    frame: Option<Frame>,
    scans: Scans,
    /// One bit for each of the four tables that are defined.
    quantisation: u8,
    dc_huffman: HuffmanTables,
    ac_huffman: HuffmanTables,
}

/// Four Huffman tables, one bit for each.
#[derive(Debug, Clone, Copy, Default)]
struct HuffmanTables {
    defined: u8,
    usable: u8,
}

impl HuffmanTables {
    fn define(&mut self, index: u8, usable: bool) {
        self.defined |= 1 << index;
        self.usable &= !(1 << index);
        self.usable |= u8::from(usable) << index;
    }

    /// Whether a decoder has a usable table of this number.
    ///
    /// Motion-JPEG frames leave out the tables of T.81, annex K.3, which are
    /// numbered 0 and 1; decoders of sequential images put them in.
    fn has(self, index: u8, kind: JpegKind) -> bool {
        let standard = match kind {
            JpegKind::Progressive => 0,
            JpegKind::Baseline | JpegKind::ExtendedSequential => 0b11 & !self.defined,
        };
        index < 4 && (self.usable | standard) >> index & 1 == 1
    }
}

impl ImageCheck {
    /// Takes note of one segment; refuses it if no decoder could use it.
    pub(crate) fn segment(&mut self, segment: &Segment<'_>) -> Result<(), InvalidJpeg> {
        self.check(segment).map_err(|refusal| match refusal {
            Refusal::Malformed(what) => InvalidJpeg::Malformed { at: segment.at, what },
            Refusal::Unsupported(kind) => InvalidJpeg::Unsupported(kind),
        })
    }

    /// The frame, once the end-of-image marker at offset `at` was reached.
    pub(crate) fn finish(&self, at: usize) -> Result<Frame, InvalidJpeg> {
        match self.frame {
            Some(frame) if self.scans != Scans::None => Ok(frame),
            _ => Err(InvalidJpeg::Malformed { at, what: "the file ends without any image data" }),
        }
    }

    fn check(&mut self, segment: &Segment<'_>) -> Result<(), Refusal> {
        let body = segment.body;
        match segment.marker {
            marker::DHT | marker::DQT | marker::DAC if segment.length_is_impossible() => {
                Err("a segment's length is below 2".into())
            }
            marker::SOF0 => self.start_frame(JpegKind::Baseline, body),
            marker::SOF1 => self.start_frame(JpegKind::ExtendedSequential, body),
            marker::SOF2 => self.start_frame(JpegKind::Progressive, body),
            marker::SOF3 => Err(UnsupportedJpeg::Lossless.into()),
            marker::SOF9..=marker::SOF11 => Err(UnsupportedJpeg::Arithmetic.into()),
            marker::SOF5..=marker::SOF7
            | marker::SOF13..=marker::SOF15
            | marker::DHP
            | marker::EXP => Err(UnsupportedJpeg::Hierarchical.into()),
            marker::SOF55 => Err(UnsupportedJpeg::JpegLs.into()),
            marker::DHT => self.huffman_tables(body),
            marker::DQT => self.quantisation_tables(body),
            marker::DAC => arithmetic_conditioning(body),
            marker::DRI if body.len() != 2 => Err("a restart interval has the wrong length".into()),
            marker::SOS => self.scan(body, segment.entropy),
            marker::SOI => Err("a second image starts inside the first".into()),
            marker::TEM
            | marker::RST0..=marker::RST7
            | marker::DNL
            | marker::DRI
            | marker::APP0..=marker::APP15
            | marker::COM => Ok(()),
            // Reserved codes (T.81, table B.1), `JPG` among them.
            _ => Err("a reserved marker, which no decoder knows".into()),
        }
    }

    /// Frame header (T.81, B.2.2).
    fn start_frame(&mut self, kind: JpegKind, body: &[u8]) -> Result<(), Refusal> {
        if self.frame.is_some() {
            return Err("a second frame starts inside the first".into());
        }
        let &[precision, h1, h0, w1, w0, component_count, ref specs @ ..] = body else {
            return Err("the frame header is too short".into());
        };
        let (height, width) = (u16::from_be_bytes([h1, h0]), u16::from_be_bytes([w1, w0]));
        check_samples(precision, component_count)?;
        if width == 0 {
            return Err("the image width is 0".into());
        }
        if height == 0 {
            // Legal if a DNL segment tells it after the first scan (B.2.5),
            // but libjpeg and what is built on it refuse that.
            return Err("the image height is 0".into());
        }
        if width.max(height) > LONGEST_SIDE {
            return Err("a side is longer than 65,500 pixels, the most that libjpeg reads".into());
        }
        if specs.len() != usize::from(component_count) * 3 {
            return Err("the frame header has the wrong length".into());
        }
        let mut components = [None; 4];
        for (component, spec) in components.iter_mut().zip(specs.chunks_exact(3)) {
            *component = Some(Component::read(spec)?);
        }
        check_sampling(&components)?;
        self.frame = Some(Frame { kind, width, height, component_count, components });
        Ok(())
    }

    /// Quantisation tables (T.81, B.2.4.1).
    fn quantisation_tables(&mut self, mut body: &[u8]) -> Result<(), Refusal> {
        while let Some((&header, rest)) = body.split_first() {
            let bytes = if header >> 4 == 0 { 64 } else { 128 };
            let index = header & 0x0F;
            if index > 3 {
                return Err("a quantisation table has a number above 3".into());
            }
            body = rest.get(bytes..).ok_or("a quantisation table is too short")?;
            self.quantisation |= 1 << index;
        }
        Ok(())
    }

    /// Huffman tables (T.81, B.2.4.2).
    ///
    /// An unusable table is only noted: it does no harm unless a scan names it.
    fn huffman_tables(&mut self, mut body: &[u8]) -> Result<(), Refusal> {
        while !body.is_empty() {
            let (HuffmanTable { number, counts, symbols }, rest) = HuffmanTable::split_off(body)?;
            let usable = is_prefix_code(counts);
            match number {
                // DC symbols are numbers of bits (F.1.2.1).
                0x00..=0x03 => self
                    .dc_huffman
                    .define(number, usable && symbols.iter().all(|&symbol| symbol < 16)),
                0x10..=0x13 => self.ac_huffman.define(number & 0x03, usable),
                _ => return Err("a Huffman table has a number above 3".into()),
            }
            body = rest;
        }
        Ok(())
    }

    /// Scan header (T.81, B.2.3), and that data follows it.
    fn scan(&mut self, body: &[u8], entropy: &[u8]) -> Result<(), Refusal> {
        let frame = self.frame.ok_or("image data starts before the frame header")?;
        if self.scans == Scans::Complete {
            return Err("a second scan follows one that has coded the whole image".into());
        }
        let header = ScanHeader::read(body)?;
        let needs = header.tables_used(frame.kind)?;
        let mut blocks = 0;
        for (component, tables) in frame.scan_components(&header)?.into_iter().flatten() {
            self.scan_tables(frame.kind, needs, component, tables)?;
            blocks += component.sampling.iter().product::<u8>();
        }
        if header.components.len() > 1 && blocks > 10 {
            return Err("a scan has more than 10 blocks per unit".into());
        }
        if entropy.is_empty() {
            return Err("a scan has no entropy-coded data".into());
        }
        let whole = frame.kind != JpegKind::Progressive
            && header.components.len() == usize::from(frame.component_count);
        // After a first scan of some components, others may come in any number.
        self.scans = match self.scans {
            Scans::None if whole => Scans::Complete,
            _ => Scans::Several,
        };
        Ok(())
    }

    /// Whether the tables are there that a scan needs for one component.
    fn scan_tables(
        &self,
        kind: JpegKind,
        needs: TablesUsed,
        component: Component,
        tables: u8,
    ) -> Result<(), Refusal> {
        let quantisation = component.quantisation_table;
        if quantisation > 3 || self.quantisation >> quantisation & 1 == 0 {
            return Err("a quantisation table is missing".into());
        }
        let dc = !needs.dc || self.dc_huffman.has(tables >> 4, kind);
        let ac = !needs.ac || self.ac_huffman.has(tables & 0x0F, kind);
        if dc && ac { Ok(()) } else { Err("a Huffman table is missing or broken".into()) }
    }
}

/// One Huffman table as a file defines it (T.81, B.2.4.2).
#[derive(Debug, Clone, Copy)]
pub(crate) struct HuffmanTable<'a> {
    /// The class, 0 (DC) or 1 (AC), in the upper four bits; the destination in the lower.
    pub(crate) number: u8,
    /// How many codes there are of each length, 1 to 16 bits.
    pub(crate) counts: &'a [u8; 16],
    /// What the codes stand for, the shortest codes first.
    pub(crate) symbols: &'a [u8],
}

impl<'a> HuffmanTable<'a> {
    /// The first table of a segment, and what follows it.
    pub(crate) fn split_off(body: &'a [u8]) -> Result<(Self, &'a [u8]), &'static str> {
        let too_short = "a Huffman table is too short";
        let (&[number, ref counts @ ..], rest) = body.split_first_chunk::<17>().ok_or(too_short)?;
        let total = counts.iter().map(|&count| usize::from(count)).sum();
        let (symbols, rest) = rest.split_at_checked(total).ok_or(too_short)?;
        if total > 256 {
            return Err("a Huffman table has more than 256 codes");
        }
        Ok((Self { number, counts, symbols }, rest))
    }
}

/// Whether decoders in common use take such samples.
fn check_samples(precision: u8, component_count: u8) -> Result<(), Refusal> {
    match (precision, component_count) {
        (8, 1 | 3 | 4) => Ok(()),
        (8, 0) => Err("the image has no colour components".into()),
        (8, count) => Err(UnsupportedJpeg::Components(count).into()),
        (bits, _) => Err(UnsupportedJpeg::Precision(bits).into()),
    }
}

/// Whether each component has a whole fraction of the samples of the largest one:
/// libjpeg does not interpolate others.
fn check_sampling(components: &[Option<Component>; 4]) -> Result<(), Refusal> {
    let factors = |direction: usize| {
        components.iter().flatten().filter_map(move |one| one.sampling.get(direction).copied())
    };
    let whole = |direction| {
        let most = factors(direction).max().unwrap_or(1);
        factors(direction).all(|factor| most % factor == 0)
    };
    if whole(0) && whole(1) {
        return Ok(());
    }
    Err("a sampling factor does not divide the largest one".into())
}

/// Conditioning of arithmetic coding (T.81, B.2.4.3), which a Huffman-coded image does not
/// use; but libjpeg reads it, and refuses what it cannot read.
fn arithmetic_conditioning(body: &[u8]) -> Result<(), Refusal> {
    let (tables, rest) = body.as_chunks();
    if !rest.is_empty() {
        return Err("an arithmetic conditioning segment has the wrong length".into());
    }
    for &[table, value] in tables {
        let (upper, lower) = (value >> 4, value & 0x0F);
        match table >> 4 {
            0 if lower > upper => {
                return Err("the bounds of an arithmetic conditioning table are swapped".into());
            }
            0 | 1 => {}
            _ => return Err("an arithmetic conditioning table has a class above 1".into()),
        }
    }
    Ok(())
}

impl Component {
    fn read(spec: &[u8]) -> Result<Self, Refusal> {
        let &[id, sampling, quantisation_table] = spec else {
            return Err("the frame header has the wrong length".into());
        };
        let (horizontal, vertical) = (sampling >> 4, sampling & 0x0F);
        if !(1..=4).contains(&horizontal) || !(1..=4).contains(&vertical) {
            return Err("a sampling factor is not 1 to 4".into());
        }
        Ok(Self { id, sampling: [horizontal, vertical], quantisation_table })
    }
}

/// The scan header (T.81, B.2.3).
#[derive(Debug, Clone, Copy)]
pub(crate) struct ScanHeader<'a> {
    /// Each component's number and its tables' numbers.
    components: &'a [[u8; 2]],
    /// First coefficient.
    pub(crate) start: u8,
    /// Last coefficient.
    pub(crate) end: u8,
    /// Bit positions of successive approximation, high and low.
    approximation: u8,
}

impl<'a> ScanHeader<'a> {
    pub(crate) fn read(body: &'a [u8]) -> Result<Self, &'static str> {
        let wrong_length = "the scan header has the wrong length";
        let Some((&count, [specs @ .., start, end, approximation])) = body.split_first() else {
            return Err(wrong_length);
        };
        if !(1..=4).contains(&count) {
            return Err("a scan must have 1 to 4 components");
        }
        match specs.as_chunks() {
            (components, []) if components.len() == usize::from(count) => {
                Ok(Self { components, start: *start, end: *end, approximation: *approximation })
            }
            _ => Err(wrong_length),
        }
    }

    /// How many of the lower bits of the coefficients the scan leaves out (T.81, G.1.1.1.2).
    pub(crate) fn omitted_bits(&self) -> u8 {
        self.approximation & 0x0F
    }

    /// Whether the scan adds a bit to coefficients that earlier scans have coded (T.81,
    /// G.1.1.1.2).
    pub(crate) fn refines(&self) -> bool {
        self.approximation >> 4 > 0
    }

    /// Which Huffman tables the decoding takes (T.81, G.1.1.1).
    fn tables_used(&self, kind: JpegKind) -> Result<TablesUsed, Refusal> {
        if kind != JpegKind::Progressive {
            return Ok(TablesUsed { dc: true, ac: true });
        }
        let (high, low) = (self.approximation >> 4, self.approximation & 0x0F);
        let band = match self.start {
            0 => self.end == 0,
            start => start <= self.end && self.end < 64 && self.components.len() == 1,
        };
        let bits = low <= 13 && (high == 0 || high - 1 == low);
        if !band || !bits {
            return Err("a progressive scan has impossible parameters".into());
        }
        // Refining DC coefficients takes raw bits only.
        Ok(TablesUsed { dc: self.start == 0 && high == 0, ac: self.start > 0 })
    }
}

/// Which Huffman tables the decoding of a scan takes.
#[derive(Debug, Clone, Copy)]
struct TablesUsed {
    dc: bool,
    ac: bool,
}

/// Whether 1 to 16 bit long codes, this many of each, fit beside each other
/// with the code of all ones left free (T.81, C.2 and K.2).
fn is_prefix_code(counts: &[u8; 16]) -> bool {
    let mut next_code = 0_u32;
    (1..).zip(counts).all(|(length, &count)| {
        next_code = next_code * 2 + u32::from(count);
        count == 0 || next_code < 1 << length
    })
}
