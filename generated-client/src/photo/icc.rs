//! The ICC profile in a JPEG: only its own bytes pass.
//!
//! It is cut into chunks, each in a segment of its own that begins with a name, the chunk's
//! number, from 1 on, and the number of chunks (ICC.1, annex B.4).

use std::borrow::Cow;

use super::marker;
use super::segments::Segment;

const NAME: &[u8] = b"ICC_PROFILE\0";

/// The shortest profile: the header, and the number of its tags (ICC.1, 7.1).
const SHORTEST: usize = 132;

/// A profile's chunks, in the order of their numbers.
#[derive(Default)]
pub(super) struct IccProfile<'a> {
    /// How many chunks there should be.
    count: u8,
    chunks: Vec<Chunk<'a>>,
}

struct Chunk<'a> {
    number: u8,
    /// The segment's offset in the file.
    at: usize,
    data: &'a [u8],
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
        let is_chunk = (1..=count).contains(&number) && count == self.count && !data.is_empty();
        if let Err(index) = self.chunks.binary_search_by_key(&number, |chunk| chunk.number)
            && is_chunk
        {
            self.chunks.insert(index, Chunk { number, at: segment.at, data });
        }
    }

    /// Cuts off what follows the profile's end; drops what is no whole profile.
    pub(super) fn check(&mut self) {
        let mut left = self.size().unwrap_or(0);
        for chunk in &mut self.chunks {
            chunk.data = chunk.data.get(..left).unwrap_or(chunk.data);
            left -= chunk.data.len();
        }
        self.chunks.retain(|chunk| !chunk.data.is_empty());
    }

    /// The size that the profile's header tells, if all of it is there.
    fn size(&self) -> Option<usize> {
        let header = self.chunks.first()?.data;
        let size = usize::try_from(u32::from_be_bytes(*header.first_chunk()?)).ok()?;
        let all: usize = self.chunks.iter().map(|chunk| chunk.data.len()).sum();
        let whole = self.chunks.len() == usize::from(self.count);
        let is_profile = header.get(36..40) == Some(b"acsp");
        (whole && is_profile && (SHORTEST..=all).contains(&size)).then_some(size)
    }

    /// What of a segment is a part of the profile.
    pub(super) fn part<'b>(&self, segment: &Segment<'b>) -> Option<Cow<'b, [u8]>> {
        let index = self.chunks.iter().position(|chunk| chunk.at == segment.at)?;
        let chunk = self.chunks.get(index)?;
        let number = u8::try_from(index + 1).ok()?;
        let count = u8::try_from(self.chunks.len()).ok()?;
        let body = [NAME, &[number, count], chunk.data].concat();
        if body == segment.body {
            return Some(Cow::Borrowed(segment.raw));
        }
        let length = u16::try_from(body.len() + 2).ok()?.to_be_bytes();
        Some(Cow::Owned([&[0xFF, marker::APP2], length.as_slice(), &body].concat()))
    }
}
