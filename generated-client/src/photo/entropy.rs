//! Walks over the Huffman codes of the scans, to tell whether the data is what the headers
//! promise (ITU-T T.81, F.2.2 and G.1.2).
//!
//! No coefficient is kept and no pixel computed: all that is looked at is whether each code
//! is one of the table, each coefficient one of the 64, and whether the data ends where the
//! last block does. A byte that was lost or changed puts the reading out of step, and sooner
//! or later one of the three fails, or a block has more energy than samples can have; unless
//! the reading is in step again within the block, which makes a valid image. Takes time linear in the bytes, whatever size the frame
//! header claims, half to 0.7 of that of decoding, and no memory but for the tables.
//!
//! Not read are scans that refine AC coefficients (G.1.2.3), as the length of their data
//! depends on the coefficients before, and scans that leave out their tables.

use std::ops::RangeInclusive;

use super::frame::{Frame, HuffmanTable, ScanHeader};
use super::inspect::JpegKind;
use super::marker;
use super::segments::{Segment, Segments};

/// What the walk over a scan, or over all of them, says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    /// The data is what the headers promise.
    Whole,
    /// A byte of the data was lost or changed.
    Damaged,
    /// The scan was not read, or its markers are amiss.
    Unknown,
}

/// Why the reading ends before the last block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fault {
    /// The bits make no code, a coefficient beyond the last one, or a block with more energy
    /// than samples have.
    Impossible,
    /// There are no more bits.
    DataEnds,
}

/// Data that ends this part of the units early, an eighth, was cut off rather than damaged:
/// after a lost byte, the reading is in step again within some blocks.
const CUT_OFF: u32 = 8;

/// Whether the entropy-coded data of this JPEG, which was read to its end, is certainly not
/// what its encoder wrote.
pub(crate) fn is_damaged(bytes: &[u8], frame: &Frame) -> bool {
    outcomes(bytes, frame).any(|outcome| outcome == Outcome::Damaged)
}

/// What the walk says of each scan.
fn outcomes(bytes: &[u8], frame: &Frame) -> impl Iterator<Item = Outcome> {
    let mut walk = Walk {
        frame,
        restart_interval: 0,
        dc: [const { None }; 4],
        ac: [const { None }; 4],
        steps: [None; 4],
    };
    let mut segments = Segments::new(bytes).ok();
    std::iter::from_fn(move || {
        loop {
            let segment = segments.as_mut()?.next_segment().ok()?;
            match segment.marker {
                marker::EOI => return None,
                marker::DHT => walk.define(segment.body),
                marker::DQT => walk.define_steps(segment.body),
                marker::DRI => walk.restart_interval = interval(segment.body),
                marker::SOS => return Some(walk.scan(&segment).unwrap_or(Outcome::Unknown)),
                _ => {}
            }
        }
    })
}

/// The restart interval in units of blocks, 0 for none (T.81, B.2.4.4).
fn interval(body: &[u8]) -> u32 {
    body.iter().fold(0, |high, &low| high << 8 | u32::from(low))
}

/// What the segments so far have defined.
struct Walk<'f> {
    frame: &'f Frame,
    restart_interval: u32,
    dc: [Option<Code>; 4],
    ac: [Option<Code>; 4],
    steps: [Option<Steps>; 4],
}

/// What the values of the coefficients are to be multiplied with, in zigzag order (T.81,
/// B.2.4.1).
type Steps = [u16; 64];

impl Walk<'_> {
    fn define(&mut self, mut body: &[u8]) {
        while let Ok((table, rest)) = HuffmanTable::split_off(body) {
            let codes = if table.number >> 4 == 0 { &mut self.dc } else { &mut self.ac };
            if let Some(slot) = codes.get_mut(usize::from(table.number & 0x0F)) {
                *slot = Some(Code::new(&table));
            }
            body = rest;
        }
    }

    fn define_steps(&mut self, mut body: &[u8]) {
        while let Some((&header, rest)) = body.split_first() {
            let size = if header >> 4 == 0 { 1 } else { 2 };
            let Some((table, rest)) = rest.split_at_checked(64 * size) else {
                return;
            };
            let mut steps = [0; 64];
            for (step, bytes) in steps.iter_mut().zip(table.chunks_exact(size)) {
                *step = bytes.iter().fold(0, |high, &low| high << 8 | u16::from(low));
            }
            if let Some(slot) = self.steps.get_mut(usize::from(header & 0x0F)) {
                *slot = Some(steps);
            }
            body = rest;
        }
    }

    /// `None` if the scan is of a kind that is not read.
    fn scan(&self, segment: &Segment<'_>) -> Option<Outcome> {
        let header = ScanHeader::read(segment.body).ok()?;
        let components = self.frame.scan_components(&header).ok()?;
        let alone = match components {
            [Some((component, _)), None, ..] => Some(component.sampling),
            _ => None,
        };
        let mut unit = [None; 4];
        for (part, &(component, tables)) in unit.iter_mut().zip(components.iter().flatten()) {
            let blocks = if alone.is_some() { 1 } else { component.sampling.iter().product() };
            let steps = self.steps.get(usize::from(component.quantisation_table))?.as_ref()?;
            let scale = Scale { steps, omitted_bits: header.omitted_bits() };
            *part = Some((blocks, self.block(&header, tables)?, scale));
        }
        Some(self.intervals(segment.entropy, unit_count(self.frame, alone), &unit))
    }

    /// How the blocks of a component are coded whose tables have these numbers.
    fn block(&self, header: &ScanHeader<'_>, tables: u8) -> Option<Block<'_>> {
        let dc = || self.dc.get(usize::from(tables >> 4))?.as_ref();
        let ac = || self.ac.get(usize::from(tables & 0x0F))?.as_ref();
        Some(match (self.frame.kind, header.start, header.refines()) {
            (JpegKind::Baseline | JpegKind::ExtendedSequential, ..) => {
                Block::Sequential(dc()?, ac()?)
            }
            (JpegKind::Progressive, 0, false) => Block::FirstDc(dc()?),
            (JpegKind::Progressive, 0, true) => Block::RefinedDc,
            (JpegKind::Progressive, start, false) => Block::FirstAc(ac()?, start, header.end),
            (JpegKind::Progressive, _, true) => return None,
        })
    }

    /// Reads one restart interval after the other (T.81, E.2.4).
    fn intervals(&self, data: &[u8], units: u32, unit: &Unit<'_>) -> Outcome {
        let mut bits = Bits::new(data);
        let mut left = units;
        for restart in (marker::RST0..=marker::RST7).cycle() {
            let wanted = match self.restart_interval {
                0 => left,
                interval => left.min(interval),
            };
            match read_units(&mut bits, wanted, unit) {
                Err((Fault::DataEnds, missing))
                    if bits.after_restart(restart).is_none()
                        && left - wanted + missing > units / CUT_OFF =>
                {
                    return Outcome::Unknown;
                }
                Err(_) => return Outcome::Damaged,
                Ok(()) if !bits.are_padding() => return Outcome::Damaged,
                Ok(()) => left -= wanted,
            }
            if left == 0 {
                break;
            }
            let Some(next) = bits.after_restart(restart) else {
                return Outcome::Unknown;
            };
            bits = next;
        }
        Outcome::Whole
    }
}

/// How many units of blocks a scan has (T.81, A.2). A component that is `alone` in it, with
/// these sampling factors, is coded block by block, without those that only fill a unit.
fn unit_count(frame: &Frame, alone: Option<[u8; 2]>) -> u32 {
    let largest = frame.largest_sampling().map(u32::from);
    let sides = [frame.width, frame.height].map(u32::from);
    let across = |direction: usize| match alone {
        Some(sampling) => {
            let samples = sides[direction] * u32::from(sampling[direction]);
            samples.div_ceil(largest[direction]).div_ceil(8)
        }
        None => sides[direction].div_ceil(8 * largest[direction]),
    };
    across(0) * across(1)
}

/// The blocks of each component that follow each other, again and again.
type Unit<'c> = [Option<(u8, Block<'c>, Scale<'c>)>; 4];

/// What the values of a scan are to be multiplied with.
#[derive(Debug, Clone, Copy)]
struct Scale<'c> {
    steps: &'c Steps,
    omitted_bits: u8,
}

impl Scale<'_> {
    /// The least energy of a coefficient at this place of the block, before it was rounded
    /// to this value; in units of a quarter, and too high rather than wrapped.
    fn energy(self, place: u8, value: u64) -> u64 {
        let step = self.steps.get(usize::from(place)).copied().unwrap_or(0);
        let rounding = if self.omitted_bits > 0 { 2 } else { 1 };
        let twice = (2 * value).saturating_sub(rounding) * u64::from(step);
        (twice << self.omitted_bits).saturating_pow(2)
    }
}

/// The most energy of a block, in units of a quarter: 64 samples of 8 bits, each 128 off the
/// middle, have 1024 squared, which the transform preserves (T.81, A.3.3). A sixteenth more
/// is for encoders that calculate roughly.
const MOST_ENERGY: u64 = 4 * 1088 * 1088;

/// How one block is coded.
#[derive(Debug, Clone, Copy)]
enum Block<'c> {
    /// All coefficients (T.81, F.2.2).
    Sequential(&'c Code, &'c Code),
    /// The upper bits of the DC coefficient (G.1.2.1).
    FirstDc(&'c Code),
    /// One more bit of it.
    RefinedDc,
    /// The upper bits of the AC coefficients from the one to the other (G.1.2.2).
    FirstAc(&'c Code, u8, u8),
}

/// Reads so many units; if there are fewer, says how many were left.
fn read_units(bits: &mut Bits<'_>, count: u32, unit: &Unit<'_>) -> Result<(), (Fault, u32)> {
    let mut dc = [0; 4];
    let mut left = count;
    while left > 0 {
        let mut run = 1;
        for ((blocks, block, scale), dc) in unit.iter().flatten().zip(&mut dc) {
            for _ in 0..*blocks {
                run = block.read(bits, *scale, dc).map_err(|fault| (fault, left))?;
            }
        }
        left = left.checked_sub(run).ok_or((Fault::Impossible, left))?;
    }
    Ok(())
}

impl Block<'_> {
    /// Reads one block; says how many blocks its codes stand for. `dc` is the DC coefficient
    /// of the block before, then of this one.
    fn read(self, bits: &mut Bits<'_>, scale: Scale<'_>, dc: &mut i64) -> Result<u32, Fault> {
        let mut energy = 0;
        let mut run = 1;
        if let Self::Sequential(code, _) | Self::FirstDc(code) = self {
            *dc += bits.number(code)?;
            energy = scale.energy(0, dc.unsigned_abs());
        }
        match self {
            Self::Sequential(_, code) => {
                bits.coefficients(code, 1..=63, scale, &mut energy)?;
            }
            Self::FirstDc(_) => {}
            Self::RefinedDc => {
                bits.take(1)?;
            }
            Self::FirstAc(code, start, end) => {
                if let Some(exponent) = bits.coefficients(code, start..=end, scale, &mut energy)? {
                    run = (1 << exponent) + bits.take(exponent)?;
                }
            }
        }
        if energy > MOST_ENERGY { Err(Fault::Impossible) } else { Ok(run) }
    }
}

/// The bits of one restart interval, without the stuffed zeros (T.81, F.1.2.3).
#[derive(Debug, Clone, Copy)]
struct Bits<'a> {
    data: &'a [u8],
    /// The next bits, the first of them uppermost; zeros after them.
    buffer: u64,
    count: u8,
}

impl<'a> Bits<'a> {
    fn new(data: &'a [u8]) -> Self {
        Self { data, buffer: 0, count: 0 }
    }

    /// Makes sure that there are 32 bits, which are enough for any code and the number after
    /// it, unless the data ends.
    fn refill(&mut self) {
        if self.count >= 32 {
            return;
        }
        if let Some((&four, rest)) = self.data.split_first_chunk::<4>()
            && four.iter().all(|&byte| byte != 0xFF)
        {
            self.buffer |= u64::from(u32::from_be_bytes(four)) << (32 - self.count);
            self.count += 32;
            self.data = rest;
            return;
        }
        while self.count < 32
            && let Some(byte) = self.next_byte()
        {
            self.buffer |= u64::from(byte) << (56 - self.count);
            self.count += 8;
        }
    }

    /// `None` at a marker.
    fn next_byte(&mut self) -> Option<u8> {
        let (byte, rest) = match self.data {
            [0xFF, 0x00, rest @ ..] => (0xFF, rest),
            [0xFF, ..] | [] => return None,
            [byte, rest @ ..] => (*byte, rest),
        };
        self.data = rest;
        Some(byte)
    }

    /// Drops bits that `refill` got, up to 32.
    fn skip(&mut self, count: u8) -> Result<(), Fault> {
        self.count = self.count.checked_sub(count).ok_or(Fault::DataEnds)?;
        self.buffer <<= count;
        Ok(())
    }

    /// The next bits as a number, up to 16.
    fn take(&mut self, count: u8) -> Result<u32, Fault> {
        self.refill();
        let bits = u32::from(self.next_16()) >> (16 - count);
        self.skip(count)?;
        Ok(bits)
    }

    fn next_16(&self) -> u16 {
        let [first, second, ..] = self.buffer.to_be_bytes();
        u16::from_be_bytes([first, second])
    }

    /// Reads a code; the bits of the number after it are there, if any.
    fn symbol(&mut self, code: &Code) -> Result<u8, Fault> {
        self.refill();
        match code.find(self.next_16()) {
            Some((length, symbol)) => self.skip(length).map(|()| symbol),
            None if self.count < 16 => Err(Fault::DataEnds),
            None => Err(Fault::Impossible),
        }
    }

    /// A number of bits and the number itself (T.81, F.2.2.1).
    fn number(&mut self, code: &Code) -> Result<i64, Fault> {
        let length = self.symbol(code)?;
        let number = i64::from(u32::from(self.next_16()) >> (16 - length.min(16)));
        self.skip(length)?;
        let is_negative = length > 0 && number >> (length - 1) == 0;
        Ok(if is_negative { number + 1 - (1 << length) } else { number })
    }

    /// AC coefficients (T.81, F.2.2.2 and G.1.2.2), up to the last or to the code for the end
    /// of the block, whose upper four bits are returned. Adds the least energy that they have.
    fn coefficients(
        &mut self,
        code: &Code,
        places: RangeInclusive<u8>,
        scale: Scale<'_>,
        energy: &mut u64,
    ) -> Result<Option<u8>, Fault> {
        let (mut next, end) = places.into_inner();
        while next <= end {
            let symbol = self.symbol(code)?;
            let (run, length) = (symbol >> 4, symbol & 0x0F);
            if length == 0 && run < 15 {
                return Ok(Some(run));
            }
            next += run + 1;
            if next > end + 1 {
                return Err(Fault::Impossible);
            }
            self.skip(length)?;
            *energy = energy.saturating_add(scale.energy(next - 1, 1 << length >> 1));
        }
        Ok(None)
    }

    /// Whether nothing is left but the rest of a byte (T.81, F.1.2.3), and what some writers
    /// add: bytes that are all 00 or all FF.
    fn are_padding(mut self) -> bool {
        self.refill();
        let whole = self.count / 8 * 8;
        // Cannot fail: there are more bits than that.
        let _ = self.skip(self.count - whole);
        let mut buffered = self.buffer.to_be_bytes().into_iter().take(usize::from(whole / 8));
        let mut next = || buffered.next().or_else(|| self.next_byte());
        match next() {
            None => true,
            Some(first @ (0x00 | 0xFF)) => std::iter::from_fn(next).all(|byte| byte == first),
            Some(_) => false,
        }
    }

    /// The bits of the next interval, if this one is followed by that restart marker.
    fn after_restart(mut self, restart: u8) -> Option<Self> {
        while self.next_byte().is_some() {}
        while let [0xFF, rest @ ..] = self.data
            && rest.first() == Some(&0xFF)
        {
            self.data = rest;
        }
        match self.data {
            [0xFF, found, rest @ ..] if *found == restart => Some(Self::new(rest)),
            _ => None,
        }
    }
}

/// How many bits of a code are looked up at once; most codes are no longer.
const LOOK_UP: u8 = 9;

/// A Huffman table, made ready for reading (T.81, annex C and F.2.2.3).
#[derive(Debug)]
struct Code {
    /// Length and symbol of the code that these bits begin with; length 0 if it is longer.
    short: [(u8, u8); 1 << LOOK_UP],
    /// For each length from 1 on: the end of its codes and of all shorter ones, as 16 bits
    /// from the left; and what to add to one of its codes to get the position of its symbol.
    lengths: [(u32, u32); 16],
    symbols: [u8; 256],
}

impl Code {
    fn new(table: &HuffmanTable<'_>) -> Self {
        let mut code =
            Self { short: [(0, 0); 1 << LOOK_UP], lengths: [(0, 0); 16], symbols: [0; 256] };
        for (symbol, &defined) in code.symbols.iter_mut().zip(table.symbols) {
            *symbol = defined;
        }
        let (mut next, mut position) = (0_u32, 0_u32);
        for ((length, entry), &count) in (1_u32..).zip(&mut code.lengths).zip(table.counts) {
            next <<= 1;
            let offset = position.wrapping_sub(next);
            next += u32::from(count);
            position += u32::from(count);
            *entry = (next << (16 - length), offset);
        }
        for at in 0..1_u16 << LOOK_UP {
            if let Some((length, symbol)) = code.search(at << (16 - LOOK_UP))
                && length <= LOOK_UP
            {
                code.short[usize::from(at)] = (length, symbol);
            }
        }
        code
    }

    /// Length and symbol of the code that these bits begin with.
    fn find(&self, bits: u16) -> Option<(u8, u8)> {
        match self.short[usize::from(bits >> (16 - LOOK_UP))] {
            (0, _) => self.search(bits),
            found => Some(found),
        }
    }

    /// The same for codes of any length.
    fn search(&self, bits: u16) -> Option<(u8, u8)> {
        let bits = u32::from(bits);
        let (length, (_, offset)) = (1_u8..).zip(self.lengths).find(|(_, (end, _))| bits < *end)?;
        let position = offset.wrapping_add(bits >> (16 - length));
        let symbol = usize::try_from(position).ok().and_then(|at| self.symbols.get(at))?;
        Some((length, *symbol))
    }
}

#[cfg(test)]
mod tests {
    use jpeg_encoder::{ColorType, Encoder, SamplingFactor};

    use super::super::frame::{Frame, ImageCheck};
    use super::super::marker;
    use super::super::segments::Segments;
    use super::{Outcome, outcomes};

    fn frame(jpeg: &[u8]) -> Frame {
        let mut segments = Segments::new(jpeg).unwrap();
        let mut check = ImageCheck::default();
        loop {
            let segment = segments.next_segment().unwrap();
            match segment.marker {
                marker::EOI => return check.finish(segment.at).unwrap(),
                _ => check.segment(&segment).unwrap(),
            }
        }
    }

    fn walk(jpeg: &[u8]) -> Vec<Outcome> {
        outcomes(jpeg, &frame(jpeg)).collect()
    }

    /// Grain of a strength that differs from place to place.
    fn pixels(width: u16, height: u16, channels: u32) -> Vec<u8> {
        let mut state = u32::from(width) * 31 + u32::from(height);
        (0..u32::from(width) * u32::from(height) * channels)
            .map(|at| {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                let grain = (state >> 24) * (at / 1_000 % 7) / 6;
                grain.to_le_bytes()[0]
            })
            .collect()
    }

    fn encode(
        size: (u16, u16),
        channels: u32,
        set: impl FnOnce(&mut Encoder<&mut Vec<u8>>),
    ) -> Vec<u8> {
        let mut jpeg = Vec::new();
        let mut encoder = Encoder::new(&mut jpeg, 35 + size.0.to_le_bytes()[0] % 64);
        set(&mut encoder);
        let colour = if channels == 1 { ColorType::Luma } else { ColorType::Rgb };
        encoder.encode(&pixels(size.0, size.1, channels), size.0, size.1, colour).unwrap();
        jpeg
    }

    const SAMPLINGS: [SamplingFactor; 6] = [
        SamplingFactor::F_1_1,
        SamplingFactor::F_2_1,
        SamplingFactor::F_1_2,
        SamplingFactor::F_2_2,
        SamplingFactor::F_4_1,
        SamplingFactor::F_4_2,
    ];

    #[test]
    fn every_scan_of_an_undamaged_photo_is_whole() {
        for index in 0_u16..120 {
            let size = (1 + index * 13 % 300, 1 + index * 29 % 200);
            let channels = if index % 7 == 0 { 1 } else { 3 };
            let sampling = SAMPLINGS[usize::from(index % 6)];
            let jpeg = encode(size, channels, |encoder| {
                encoder.set_sampling_factor(sampling);
                encoder.set_progressive(index % 4 == 0);
                let restart = [0, 1, 7][usize::from(index % 3)];
                encoder.set_restart_interval(restart);
                // jpeg-encoder 0.7 makes tables that lack codes if it is to do both.
                encoder.set_optimized_huffman_tables(restart == 0 && index % 2 == 0);
            });
            let found = walk(&jpeg);
            assert!(found.iter().all(|one| *one == Outcome::Whole), "{index}: {found:?}");
        }
    }

    #[test]
    fn a_lost_byte_is_found_in_many_places() {
        let jpeg = encode((140, 100), 3, |_| {});
        let start = jpeg.len() / 4;
        let found = (start..jpeg.len() - 300).step_by(211).filter(|&at| {
            let damaged = [&jpeg[..at], &jpeg[at + 1..]].concat();
            jpeg[at] != 0xFF && jpeg[at - 1] != 0xFF && walk(&damaged) == [Outcome::Damaged]
        });
        let tries = (start..jpeg.len() - 300).step_by(211).count();
        assert!(found.count() * 4 > tries);
    }

    #[test]
    fn any_damage_and_any_claim_of_size_is_survived() {
        let photos =
            [(false, 0), (false, 2), (true, 0), (true, 2)].map(|(progressive, restart)| {
                encode((32, 24), 3, |encoder| {
                    encoder.set_progressive(progressive);
                    encoder.set_restart_interval(restart);
                })
            });
        for (index, photo) in (0_u16..200).zip(photos.iter().cycle()) {
            let mut jpeg = photo.clone();
            let mut frame = frame(&jpeg);
            if index % 5 == 0 {
                (frame.width, frame.height) = (65_500, 65_500);
            }
            let start = jpeg.len() / 3;
            let mut state = u32::from(index);
            for byte in &mut jpeg[start..] {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                if state >> 24 < 4 {
                    *byte = state.to_le_bytes()[2];
                }
            }
            assert!(outcomes(&jpeg, &frame).count() <= jpeg.len());
        }
    }
}
