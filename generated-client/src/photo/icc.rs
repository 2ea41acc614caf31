//! The ICC profile in a JPEG: only its own bytes pass.
//!
//! It is cut into chunks, each in a segment of its own that begins with a name, the chunk's
//! number, from 1 on, and the number of chunks (ICC.1, annex B.4).

use std::collections::BTreeMap;

use super::segments::Segment;

const NAME: &[u8] = b"ICC_PROFILE\0";

/// The shortest profile: the header, and the number of its tags (ICC.1, 7.1).
const SHORTEST: usize = 132;

/// A profile's chunks by their numbers, each with its segment's offset in the file.
#[derive(Default)]
pub(super) struct IccProfile<'a> {
    /// How many chunks there should be.
    count: u8,
    chunks: BTreeMap<u8, (usize, &'a [u8])>,
}

impl<'a> IccProfile<'a> {
    /// Takes note of a segment, if it is a chunk that goes with those before it.
    pub(super) fn add(&mut self, segment: &Segment<'a>) {
        let Some(&[number, count, ref data @ ..]) = segment.body.strip_prefix(NAME) else {
            return;
        };
        if self.count == 0 {
            self.count = count;
        }
        // No data is no part of the profile.
        if (1..=count).contains(&number) && count == self.count && !data.is_empty() {
            self.chunks.entry(number).or_insert((segment.at, data));
        }
    }

    /// Cuts off what follows the profile's end; drops what is no whole profile.
    pub(super) fn check(&mut self) {
        let mut left = self.size().unwrap_or(0);
        for (_, data) in self.chunks.values_mut() {
            *data = data.get(..left).unwrap_or(data);
            left -= data.len();
        }
        self.chunks.retain(|_, (_, data)| !data.is_empty());
    }

    /// The size that the profile's header tells, if all of it is there.
    fn size(&self) -> Option<usize> {
        let (_, header) = self.chunks.get(&1)?;
        let size = usize::try_from(u32::from_be_bytes(*header.first_chunk()?)).ok()?;
        let all: usize = self.chunks.values().map(|(_, data)| data.len()).sum();
        let is_whole = self.chunks.len() == usize::from(self.count);
        let is_profile = header.get(36..40) == Some(b"acsp");
        (is_whole && is_profile && (SHORTEST..=all).contains(&size)).then_some(size)
    }

    /// The body that the segment at an offset has as a part of the profile.
    pub(super) fn part(&self, at: usize) -> Option<Vec<u8>> {
        let (number, (_, data)) = self.chunks.iter().find(|(_, (chunk, _))| *chunk == at)?;
        let count = u8::try_from(self.chunks.len()).ok()?;
        Some([NAME, &[*number, count], data].concat())
    }
}
