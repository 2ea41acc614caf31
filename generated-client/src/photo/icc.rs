//! The ICC profile in a JPEG, without any other bytes.
//!
//! Each segment of a profile has a name, a number from 1, the number of chunks, and a chunk
//! (ICC.1, annex B.4).

use std::collections::BTreeMap;

const NAME: &[u8] = b"ICC_PROFILE\0";

/// The shortest profile: a header and the number of tags (ICC.1, 7.1).
const SHORTEST: usize = 132;

/// A profile's chunks by number, each with the offset of its segment.
#[derive(Default)]
pub(super) struct IccProfile<'a> {
    /// The number of chunks that the first one claims.
    count: u8,
    chunks: BTreeMap<u8, (usize, &'a [u8])>,
}

impl<'a> IccProfile<'a> {
    /// Adds the body of a segment if it is another chunk.
    pub(super) fn add(&mut self, at: usize, body: &'a [u8]) {
        let Some(&[number, count, ref data @ ..]) = body.strip_prefix(NAME) else {
            return;
        };
        if self.count == 0 {
            self.count = count;
        }
        // An empty chunk is no part of the profile.
        if (1..=count).contains(&number) && count == self.count && !data.is_empty() {
            self.chunks.entry(number).or_insert((at, data));
        }
    }

    /// Offsets and bodies of segments for the profile, up to its end; none if it is incomplete.
    pub(super) fn parts(self) -> impl Iterator<Item = (usize, Vec<u8>)> {
        let mut left = self.size().unwrap_or(0);
        let mut chunks = self.chunks;
        for (_, data) in chunks.values_mut() {
            *data = data.get(..left).unwrap_or(data);
            left -= data.len();
        }
        chunks.retain(|_, (_, data)| !data.is_empty());
        let count = u8::try_from(chunks.len()).unwrap_or(u8::MAX);
        let parts = chunks.into_iter();
        parts.map(move |(number, (at, data))| (at, [NAME, &[number, count], data].concat()))
    }

    /// The size in the profile's header, if the profile is complete.
    fn size(&self) -> Option<usize> {
        let (_, header) = self.chunks.get(&1)?;
        let size = usize::try_from(u32::from_be_bytes(*header.first_chunk()?)).ok()?;
        let all: usize = self.chunks.values().map(|(_, data)| data.len()).sum();
        let is_whole = self.chunks.len() == usize::from(self.count);
        let is_profile = header.get(36..40) == Some(b"acsp");
        (is_whole && is_profile && (SHORTEST..=all).contains(&size)).then_some(size)
    }
}
