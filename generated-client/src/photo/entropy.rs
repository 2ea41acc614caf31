//! Walks over the Huffman codes of the scans, to find out whether the data fits the headers
//! (ITU-T T.81, F.2.2 and G.1.2).
//!
//! It computes no pixels. It checks that the table has each code, that no coefficient follows
//! the 64th, that samples can have the energy of each block, and that the data ends with the
//! last block. After a lost or changed byte, reading is out of step, and one of the four fails
//! sooner or later, unless it is in step again within the block. The time is linear in the
//! bytes, whatever size the frame header claims, and only tables take memory.
//!
//! It does not read scans that refine AC coefficients (G.1.2.3), where the length of the data
//! depends on earlier coefficients, and scans without their tables.

use super::{
    huffman::Code,
    marker,
    scan::{Scan, ScanComponent},
    segments::Segments,
    structure::StructureCheck,
};

/// Data that ends an eighth of the units early was cut off rather than damaged: after a lost
/// byte, reading is in step again within some blocks.
const CUT_OFF: u64 = 8;

/// The most energy of a block, in quarters: 64 samples of 8 bits, each 128 off the middle, have
/// 1024 squared, which the transform preserves (T.81, A.3.3). Another sixteenth allows for
/// encoders that round.
const MOST_ENERGY: u64 = 4 * 1088 * 1088;

/// What became of the entropy-coded data of a scan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ScanData {
    Whole,
    /// The walk does not read scans of this kind.
    NotRead,
    CutOff,
    /// Changed, or cut off shortly before its end.
    Damaged,
}

/// What became of the data of each scan, as far as the structure of a JPEG is sound.
pub(super) fn scan_data(bytes: &[u8]) -> impl Iterator<Item = ScanData> {
    scans(bytes).map(|scan| read(&scan))
}

fn scans(bytes: &[u8]) -> impl Iterator<Item = Scan<'_>> {
    let mut check = StructureCheck::default();
    let segments = Segments::new(bytes).into_iter().flatten().flatten();
    segments.filter_map(move |segment| check.segment(&segment).ok().flatten())
}

fn read(scan: &Scan<'_>) -> ScanData {
    let takes = scan.header.takes_tables();
    let is_read = |component: &ScanComponent<'_>| {
        [component.dc.is_some(), component.ac.is_some()] == takes
            && !(scan.header.refines && component.ac.is_some())
    };
    if !scan.components.iter().flatten().all(is_read) {
        return ScanData::NotRead;
    }
    let unit = scan.components.map(|component| component.map(|one| Block::new(scan, &one)));
    let units = unit_count(scan);
    let mut left = units;
    let mut bits = Bits { data: scan.data, ..Bits::default() };
    // Restart intervals (T.81, E.2.4).
    for restart in (marker::RST0..=marker::RST7).cycle() {
        let mut interval = match u64::from(scan.restart_interval) {
            0 => left,
            interval => left.min(interval),
        };
        left -= interval;
        let is_read = bits.read_units(&unit, &mut interval).is_some();
        bits.refill();
        let next = bits.after_restart(restart);
        if !is_read && bits.count < 16 && next.is_none() && left + interval > units / CUT_OFF {
            break;
        }
        if !is_read || !bits.are_padding() {
            return ScanData::Damaged;
        }
        if left == 0 {
            return ScanData::Whole;
        }
        let Some(next) = next else { break };
        bits = next;
    }
    ScanData::CutOff
}

/// The number of units of blocks in a scan (T.81, A.2). A single component is coded block by
/// block, without blocks that only fill a unit.
fn unit_count(scan: &Scan<'_>) -> u64 {
    let [across, down] = scan.frame.largest_sampling();
    let [h, v] = match scan.components {
        [Some(alone), None, ..] => alone.sampling,
        _ => [1, 1],
    };
    let blocks = |side: u16, factor: u8, largest: u8| {
        let samples = (u64::from(side) * u64::from(factor)).div_ceil(largest.into());
        samples.div_ceil(8)
    };
    blocks(scan.frame.width, h, across) * blocks(scan.frame.height, v, down)
}

/// The coding of a component's blocks: the DC coefficient, its upper bits (T.81, F.2.2.1 and
/// G.1.2.1) or one more bit; and AC coefficients from `start` to `end`, or their upper bits
/// (F.2.2.2 and G.1.2.2).
struct Block<'a> {
    per_unit: u8,
    refines_dc: bool,
    dc: Option<Code<'a>>,
    ac: Option<Code<'a>>,
    start: u8,
    end: u8,
    steps: [u64; 64],
}

impl<'a> Block<'a> {
    fn new(scan: &Scan<'a>, component: &ScanComponent<'a>) -> Self {
        let is_alone = scan.header.components.len() == 1;
        let mut steps = [0; 64];
        let bytes = component.quantisation;
        for (step, bytes) in steps.iter_mut().zip(bytes.chunks_exact(bytes.len() / 64)) {
            let value = bytes.iter().fold(0, |high, &low| high << 8 | u64::from(low));
            *step = value << scan.header.omitted_bits;
        }
        Self {
            per_unit: if is_alone { 1 } else { component.sampling.iter().product() },
            refines_dc: scan.header.refines,
            dc: component.dc.as_ref().map(Code::new),
            ac: component.ac.as_ref().map(Code::new),
            start: scan.header.start.max(1),
            end: scan.header.end,
            steps,
        }
    }
}

/// The bits of a restart interval, without stuffed zeros (T.81, F.1.2.3). Reading returns `None`
/// after the last bit, and for bits that no encoder writes.
#[derive(Clone, Copy, Default)]
struct Bits<'a> {
    data: &'a [u8],
    /// The next bits, from the uppermost on, followed by zeros.
    buffer: u64,
    count: u8,
}

impl Bits<'_> {
    /// Reads the units that are `left`, and counts them down.
    fn read_units(&mut self, unit: &[Option<Block<'_>>; 4], left: &mut u64) -> Option<()> {
        while *left > 0 {
            let mut run = 1;
            for block in unit.iter().flatten() {
                for _ in 0..block.per_unit {
                    run = self.read_block(block)?;
                }
            }
            *left = left.checked_sub(run)?;
        }
        Some(())
    }

    /// Reads one block, and returns the number of blocks that its codes stand for.
    fn read_block(&mut self, block: &Block<'_>) -> Option<u64> {
        if block.refines_dc {
            self.take(1)?;
        }
        if let Some(code) = &block.dc {
            let length = self.symbol(code)?;
            self.skip(length)?;
        }
        block.ac.as_ref().map_or(Some(1), |code| self.coefficients(code, block))
    }

    /// AC coefficients, up to the last one, or to a code that ends this block and some after it.
    fn coefficients(&mut self, code: &Code<'_>, block: &Block<'_>) -> Option<u64> {
        let mut next = block.start;
        let mut energy = 0_u64;
        while next <= block.end {
            let symbol = self.symbol(code)?;
            let (run, length) = (symbol >> 4, symbol & 0x0F);
            if length == 0 && run < 15 {
                return Some((1 << run) + self.take(run)?);
            }
            next += run + 1;
            // The least that a number of this length was before rounding.
            let twice = ((1 << length) - 1) * block.steps.get(usize::from(next - 1))?;
            energy = energy.saturating_add(twice.saturating_pow(2));
            if next > block.end + 1 || energy > MOST_ENERGY {
                return None;
            }
            self.skip(length)?;
        }
        Some(1)
    }

    fn symbol(&mut self, code: &Code<'_>) -> Option<u8> {
        self.refill();
        let (length, symbol) = code.find(self.buffer)?;
        self.skip(length).map(|()| symbol)
    }

    /// The next bits, at most 16, as a number.
    fn take(&mut self, count: u8) -> Option<u64> {
        self.refill();
        let bits = self.buffer >> 32 >> (32 - count);
        self.skip(count).map(|()| bits)
    }

    fn skip(&mut self, count: u8) -> Option<()> {
        self.count = self.count.checked_sub(count)?;
        self.buffer <<= count;
        Some(())
    }

    /// Buffers at least 32 bits, unless the data ends.
    fn refill(&mut self) {
        if self.count < 32
            && let Some((&four, rest)) = self.data.split_first_chunk::<4>()
            && !four.contains(&0xFF)
        {
            self.buffer |= u64::from(u32::from_be_bytes(four)) << (32 - self.count);
            self.count += 32;
            self.data = rest;
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

    /// Whether only the rest of a byte is left (T.81, F.1.2.3) and, from some encoders, bytes that
    /// are all 00 or all FF.
    fn are_padding(mut self) -> bool {
        self.take(self.count % 8);
        let first = self.take(8);
        [None, Some(0x00), Some(0xFF)].contains(&first)
            && std::iter::from_fn(|| self.take(8)).all(|byte| Some(byte) == first)
    }

    /// The bits of the next interval, if that begins with this restart marker.
    fn after_restart(mut self, restart: u8) -> Option<Self> {
        while self.next_byte().is_some() {}
        while self.data.starts_with(&[0xFF, 0xFF]) {
            self.data = &self.data[1..];
        }
        let data = self.data.strip_prefix(&[0xFF, restart])?;
        Some(Self { data, ..Self::default() })
    }
}

#[cfg(test)]
mod tests {
    use jpeg_encoder::{ColorType, Encoder, SamplingFactor};

    use super::{ScanData, scan_data};

    fn walk(jpeg: &[u8]) -> Vec<ScanData> {
        scan_data(jpeg).collect()
    }

    /// Grain of varying strength.
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
                // jpeg-encoder 0.7 makes incomplete tables if it does both.
                encoder.set_optimized_huffman_tables(restart == 0 && index % 2 == 0);
            });
            let found = walk(&jpeg);
            assert!(!found.is_empty());
            assert!(found.iter().all(|one| *one == ScanData::Whole), "{index}: {found:?}");
        }
    }

    #[test]
    fn a_lost_byte_is_found_in_many_places() {
        let jpeg = encode((140, 100), 3, |_| {});
        let start = jpeg.len() / 4;
        let found = (start..jpeg.len() - 300).step_by(211).filter(|&at| {
            let damaged = [&jpeg[..at], &jpeg[at + 1..]].concat();
            jpeg[at] != 0xFF && jpeg[at - 1] != 0xFF && walk(&damaged) == [ScanData::Damaged]
        });
        let tries = (start..jpeg.len() - 300).step_by(211).count();
        let n = found.count();
        assert!(n * 4 > tries, "{n} of {tries}");
    }

    /// Two equal blocks in grey, whose 63 AC coefficients have numbers of `length` bits, all ones,
    /// and this step.
    fn blocks(length: u8, step: u16) -> Vec<u8> {
        let mut jpeg = vec![0xFF, 0xD8, 0xFF, 0xDB, 0, 131, 0x10];
        jpeg.extend([step.to_be_bytes(); 64].as_flattened());
        jpeg.extend([0xFF, 0xC0, 0, 11, 8, 0, 8, 0, 16, 1, 1, 0x11, 0]);
        // One code in each table, a zero bit: DC 0, and AC of this length without a run.
        for (place, symbol) in [(0x00, 0), (0x10, length)] {
            jpeg.extend([0xFF, 0xC4, 0, 20, place, 1]);
            jpeg.extend([0; 15]);
            jpeg.push(symbol);
        }
        jpeg.extend([0xFF, 0xDA, 0, 8, 1, 1, 0, 0, 63, 0]);
        let coefficient = format!("0{}", "1".repeat(length.into()));
        let mut bits = format!("0{}", coefficient.repeat(63)).repeat(2);
        while bits.len() % 8 > 0 {
            bits.push('1');
        }
        let bytes = (0..bits.len()).step_by(8).map(|at| &bits[at..at + 8]);
        jpeg.extend(bytes.map(|byte| u8::from_str_radix(byte, 2).unwrap()));
        jpeg.extend([0xFF, 0xD9]);
        jpeg
    }

    /// Samples reach 1088 squared: 63 coefficients of at least 0.5, 1.5 or 7.5 steps.
    #[test]
    fn a_block_has_no_more_energy_than_samples() {
        for (length, most) in [(1, 274), (2, 91), (4, 18)] {
            assert_eq!(walk(&blocks(length, most)), [ScanData::Whole], "{length} bits, {most}");
            assert_eq!(
                walk(&blocks(length, most + 1)),
                [ScanData::Damaged],
                "{length} bits, {most} + 1"
            );
        }
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
            let frame = jpeg.windows(2).position(|pair| matches!(pair, [0xFF, 0xC0 | 0xC2]));
            if index % 5 == 0 {
                let size = frame.unwrap() + 5;
                jpeg[size..size + 4].copy_from_slice(&[0xFF, 0xDC, 0xFF, 0xDC]);
            }
            let scan = jpeg.windows(2).position(|pair| pair == [0xFF, 0xDA]).unwrap() + 14;
            let start = [scan, jpeg.len() / 3][usize::from(index / 4 % 2)];
            let mut state = u32::from(index);
            for byte in &mut jpeg[start..] {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                if state >> 24 < 4 {
                    *byte = state.to_le_bytes()[2];
                }
            }
            assert!(walk(&jpeg).len() <= jpeg.len());
        }
    }
}
