//! Damage by a transfer as text, which rewrites line endings within the image.
//!
//! Each byte value is about as frequent in entropy-coded data as any other: a line feed, or a
//! carriage return, occurs once in 256 bytes. If one of the two, a pair of them or a single line
//! feed is missing, that is either chance or the data was rewritten.

use memchr::memchr2_iter;

use super::{
    entropy::{ScanData, scan_data},
    segments::Segments,
};

const CR: u8 = b'\r';
const LF: u8 = b'\n';

/// How often values that differ from an absent one in a single bit must occur on average: its
/// absence by chance then has a probability of e^-12, 6 in a million.
const LEAST_MEAN: u32 = 12;

/// The most absent values: an image without more of them is too plain to judge.
const MOST_ABSENT: usize = 2;

/// The fewest bytes whose codes are worth a walk: fewer always lack something.
const LEAST_WALKED: usize = 1024;

/// The line endings in the entropy-coded data so far.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct LineEndings {
    bytes: usize,
    cr: usize,
    lf: usize,
    pairs: usize,
}

impl LineEndings {
    /// Counts those of a scan, usually in the first ten KiB of an undamaged one.
    pub(super) fn read(&mut self, data: &[u8]) {
        let mut after_cr = None;
        for at in memchr2_iter(CR, LF, data) {
            if self.are_plausible() {
                return;
            }
            if data.get(at) == Some(&CR) {
                self.cr += 1;
                after_cr = Some(at + 1);
            } else {
                self.lf += 1;
                self.pairs += usize::from(after_cr == Some(at));
            }
        }
        self.bytes += data.len();
    }

    /// Whether nothing is missing from undamaged data.
    fn are_plausible(self) -> bool {
        self.cr > 0 && self.pairs > 0 && self.lf > self.pairs
    }

    /// Whether the line endings of a JPEG with a sound structure were certainly rewritten.
    pub(super) fn were_changed(self, bytes: &[u8]) -> bool {
        let is_walked = self.bytes >= LEAST_WALKED && self.cr + self.lf > 0;
        !self.are_plausible()
            && ((self.cr == 0 && lacks(bytes, CR))
                || (self.lf == 0 && lacks(bytes, LF))
                || (is_walked && scan_data(bytes).any(|data| data == ScanData::Damaged)))
    }
}

/// Whether a value is missing from entropy-coded data that has nearly all others.
fn lacks(bytes: &[u8], value: u8) -> bool {
    let mut counts = [0_u32; 256];
    for segment in Segments::new(bytes).into_iter().flatten().flatten() {
        for &byte in segment.entropy {
            counts[usize::from(byte)] += 1;
        }
    }
    let absent = counts.iter().filter(|count| **count == 0).count();
    let similar: u32 = (0..8).map(|bit| counts[usize::from(value ^ (1 << bit))]).sum();
    counts[usize::from(value)] == 0 && absent <= MOST_ABSENT && similar >= 8 * LEAST_MEAN
}
