//! The body of a request while it is being read.

use super::head::Framing;

/// How much of a body beyond what is kept is read, and thrown away: a client that is
/// still sending does not listen, so a refusal at once would often reach it as a broken
/// connection.
const MAX_DISCARDED: u64 = 64 * 1024 * 1024;

/// A body, as far as it was read.
#[derive(Debug)]
pub(crate) struct Body {
    pub(super) next: Next,
    /// Its bytes, without framing, up to the limit.
    pub(crate) kept: Vec<u8>,
    limit: u64,
    received: u64,
}

/// What comes next on the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Next {
    /// This many bytes of a body that tells its length.
    Data(u64),
    /// The line with the size of a chunk.
    ChunkSize,
    /// This many bytes of a chunk.
    Chunk(u64),
    /// The line break after a chunk.
    ChunkEnd,
    /// A line of the trailer, or the empty one that ends the body.
    Trailer,
    /// Nothing: the body is here.
    Nothing,
}

/// Why reading ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    /// All of the body was read.
    Complete,
    /// As much as was asked for was read.
    Partial,
    /// It is too large to be read to its end.
    Endless,
    /// It broke off, stalled, or wasn't well-formed.
    Broken,
}

impl Body {
    /// A body of which nothing was read yet, and of which `limit` bytes are kept.
    pub(crate) fn new(framing: Framing, limit: u64) -> Self {
        let next = match framing {
            Framing::Length(0) => Next::Nothing,
            Framing::Length(length) => Next::Data(length),
            Framing::Chunked => Next::ChunkSize,
        };
        Self { next, kept: Vec::new(), limit, received: 0 }
    }

    /// The bytes that were read, without framing.
    pub(crate) fn received(&self) -> u64 {
        self.received
    }

    /// Takes bytes of the body.
    pub(super) fn receive(&mut self, bytes: &[u8]) {
        let room = self.limit.saturating_sub(self.received);
        let keep = usize::try_from(room).map_or(bytes.len(), |room| room.min(bytes.len()));
        self.kept.extend_from_slice(&bytes[..keep]);
        self.received += bytes.len() as u64;
        let read = bytes.len() as u64;
        self.next = match self.next {
            Next::Data(left) if left > read => Next::Data(left - read),
            Next::Chunk(left) if left > read => Next::Chunk(left - read),
            Next::Chunk(_) => Next::ChunkEnd,
            _ => Next::Nothing,
        };
    }

    /// Takes a line of the framing, without its line break; `None` if it is none.
    pub(super) fn receive_line(&mut self, line: &[u8]) -> Option<()> {
        self.next = match self.next {
            Next::ChunkSize => match chunk_size(line)? {
                0 => Next::Trailer,
                size => Next::Chunk(size),
            },
            Next::ChunkEnd if line.is_empty() => Next::ChunkSize,
            Next::Trailer if line.is_empty() => Next::Nothing,
            Next::Trailer => Next::Trailer,
            _ => return None,
        };
        Some(())
    }

    /// Whether it is so large that its rest stays unread.
    pub(super) fn is_endless(&self) -> bool {
        self.received > self.limit.saturating_add(MAX_DISCARDED)
    }
}

/// The size at the beginning of a chunk; what follows a semicolon is an extension.
fn chunk_size(line: &[u8]) -> Option<u64> {
    let digits = str::from_utf8(line.split(|byte| *byte == b';').next()?).ok()?.trim();
    let is_hexadecimal = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    u64::from_str_radix(digits, 16).ok().filter(|_| is_hexadecimal)
}
