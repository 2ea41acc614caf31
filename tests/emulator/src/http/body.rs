//! The body of a request while it is being read.

use super::head::Framing;

/// How much of a body is read beyond what is kept, and discarded: a client that is still
/// sending does not read, and would often see an early refusal as a broken connection.
const MAX_DISCARDED: u64 = 64 * 1024 * 1024;

/// A body, as far as it was read.
#[derive(Debug)]
pub(crate) struct Body {
    pub(super) framing: Framing,
    /// Its bytes, without framing, up to the limit.
    pub(crate) kept: Vec<u8>,
    limit: u64,
    pub(super) received: u64,
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
    /// It broke off, stalled, or was malformed.
    Broken,
}

impl Body {
    /// A body of which nothing was read yet, and of which `limit` bytes are kept.
    pub(crate) fn new(framing: Framing, limit: u64) -> Self {
        // Grown piece by piece, it would leave gaps in the heap.
        let capacity = match framing {
            Framing::Length(length) => usize::try_from(length.min(limit)).unwrap_or_default(),
            Framing::Chunked => 0,
        };
        Self { framing, kept: Vec::with_capacity(capacity), limit, received: 0 }
    }

    /// Takes bytes of the body.
    pub(super) fn receive(&mut self, bytes: &[u8]) {
        let room = self.limit.saturating_sub(self.received);
        let keep = usize::try_from(room).map_or(bytes.len(), |room| room.min(bytes.len()));
        self.kept.extend_from_slice(&bytes[..keep]);
        self.received += bytes.len() as u64;
    }

    /// Whether it is too large to be read to its end.
    pub(super) fn is_endless(&self) -> bool {
        self.received > self.limit.saturating_add(MAX_DISCARDED)
    }
}
