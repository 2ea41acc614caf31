//! Damage by a transfer as text, which rewrites line endings within the image.
//!
//! Entropy-coded data has each byte value about as often as any other: a line feed, and a
//! carriage return, once in 256 bytes. Data of some KiB in which every line feed follows a
//! carriage return, or in which one of the two never occurs while the other values do, was
//! rewritten.

use memchr::memchr2_iter;

use super::entropy::is_damaged;
use super::frame::Frame;
use super::marker;
use super::segments::Segments;

const CR: u8 = b'\r';
const LF: u8 = b'\n';

/// How many bytes are counted: enough to leave no doubt, few enough to cost nothing.
const SAMPLE: usize = 64 * 1024;

/// How many different bytes must follow the pairs of CR and LF when there is no LF without
/// CR. By chance each LF has a CR before it once in 256 times, and images with a pattern,
/// whose data repeats, have few different followers.
const DISTINCT_FOLLOWERS: usize = 5;

/// How often the values must occur that differ from an absent one in a single bit, on
/// average: one as frequent is absent by chance in e^-12 of all cases, 6 in a million.
const LEAST_MEAN: u32 = 12;

/// How often, if the value that it was turned into is too frequent as well.
const LEAST_MEAN_WITH_EXCESS: u32 = 6;

/// How many values may be absent, the one in question among them. Where more are, the image
/// is too plain to tell anything.
const MOST_ABSENT: usize = 2;

/// How many pairs of CR and LF must be missing of those that chance would make, 1 in 64 KiB:
/// e^-21 is less than one in a thousand million.
const LEAST_PAIRS: usize = 21;

/// How many bytes of data are worth a walk over their codes if something is missing: in
/// fewer, it always is, and says nothing of how damage came about.
const LEAST_WALKED: usize = 1024;

/// What was seen of line endings in the entropy-coded data so far.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct LineEndings {
    bytes: usize,
    cr: usize,
    lf: usize,
    pairs: usize,
}

impl LineEndings {
    /// Takes note of the data of one scan; of an undamaged photo, some ten KiB are looked at.
    pub(crate) fn read(&mut self, data: &[u8]) {
        let mut cr = None;
        for at in memchr2_iter(CR, LF, data) {
            if self.are_plausible() {
                return;
            }
            if data.get(at) == Some(&CR) {
                self.cr += 1;
                cr = Some(at + 1);
            } else {
                self.lf += 1;
                self.pairs += usize::from(cr == Some(at));
            }
        }
        self.bytes += data.len();
    }

    /// Whether nothing is missing that undamaged data has.
    fn are_plausible(self) -> bool {
        self.cr > 0 && self.pairs > 0 && self.lf > self.pairs
    }

    /// Whether the line endings of this JPEG, which was read to its end, were rewritten
    /// beyond doubt.
    pub(crate) fn were_changed(self, bytes: &[u8], frame: &Frame) -> bool {
        if self.are_plausible() {
            return false;
        }
        self.are_improbable(bytes) || (self.leave_doubt() && is_damaged(bytes, frame))
    }

    /// Whether what is missing cannot be missing by chance.
    fn are_improbable(self, bytes: &[u8]) -> bool {
        let sample = Sample::take(bytes);
        let expected_pairs = self.cr.saturating_mul(self.lf) / self.bytes.max(1);
        (self.lf == self.pairs && sample.followers() >= DISTINCT_FOLLOWERS)
            || (self.cr == 0 && sample.lacks(CR, LF))
            || (self.lf == 0 && sample.lacks(LF, CR))
            || (self.pairs == 0 && expected_pairs >= LEAST_PAIRS && sample.is_rich())
    }

    /// Whether line endings were rewritten if the data turns out to be damaged.
    fn leave_doubt(self) -> bool {
        self.bytes >= LEAST_WALKED && self.cr + self.lf > 0
    }
}

/// Counts of the bytes of some entropy-coded data.
struct Sample {
    counts: [u32; 256],
    /// Which bytes follow a pair of CR and LF.
    follows: [bool; 256],
}

impl Sample {
    fn take(bytes: &[u8]) -> Self {
        let mut sample = Self { counts: [0; 256], follows: [false; 256] };
        let mut left = SAMPLE;
        let Ok(mut segments) = Segments::new(bytes) else {
            return sample;
        };
        while let Ok(segment) = segments.next_segment()
            && segment.marker != marker::EOI
            && left > 0
        {
            let data = segment.entropy.get(..left).unwrap_or(segment.entropy);
            left -= data.len();
            sample.count(data);
        }
        sample
    }

    fn count(&mut self, data: &[u8]) {
        for &byte in data {
            self.counts[usize::from(byte)] += 1;
        }
        for triple in data.windows(3) {
            if let &[CR, LF, follower] = triple {
                self.follows[usize::from(follower)] = true;
            }
        }
    }

    fn followers(&self) -> usize {
        self.follows.iter().filter(|follows| **follows).count()
    }

    /// Whether practically all values occur.
    fn is_rich(&self) -> bool {
        self.counts.iter().filter(|count| **count == 0).count() <= MOST_ABSENT
    }

    /// Whether a value does not occur in data that has practically all others; it may have
    /// been turned into `other`.
    fn lacks(&self, value: u8, other: u8) -> bool {
        // Eight times the average of values that differ in one bit.
        let similar =
            |value: u8| (0..8).map(|bit| self.counts[usize::from(value ^ (1 << bit))]).sum::<u32>();
        // As frequent as 1.6 of its like.
        let excess = 5 * self.counts[usize::from(other)] >= similar(other);
        let least = if excess { LEAST_MEAN_WITH_EXCESS } else { LEAST_MEAN };
        self.counts[usize::from(value)] == 0 && self.is_rich() && similar(value) >= 8 * least
    }
}
