//! Receives the body of a request, within bounds.

use bytes::{Bytes, BytesMut};
use http_body_util::BodyExt as _;
use hyper::body::Incoming;
use tokio::time::timeout;

use crate::loopback::IDLE_TIMEOUT;

/// How much is read, and thrown away, of a body that is too large: a client
/// that is still sending does not listen, so answering at once would often
/// reach it as a broken connection.
const MAX_DISCARDED: u64 = 64 * 1024 * 1024;

/// What was received of a body.
#[derive(Debug)]
pub(super) struct Received {
    /// Its bytes, up to the limit.
    pub(super) bytes: Bytes,
    pub(super) end: End,
}

/// Why receiving ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    /// All of the body is here, or was thrown away.
    Complete,
    /// The rest was left unread.
    Unread,
    /// It broke off, stalled, or wasn't well-formed.
    Broken,
}

/// A body that was not looked at.
pub(super) fn leave_unread() -> Received {
    Received { bytes: Bytes::new(), end: End::Unread }
}

/// Receives a body and keeps at most `limit` bytes of it.
pub(super) async fn receive(mut body: Incoming, limit: u64) -> Received {
    let mut kept = BytesMut::new();
    let mut received = 0;
    let end = loop {
        match timeout(IDLE_TIMEOUT, body.frame()).await {
            Ok(None) => break End::Complete,
            Ok(Some(Ok(frame))) => {
                let data = frame.into_data().unwrap_or_default();
                let room = limit.saturating_sub(received);
                let keep = usize::try_from(room).map_or(data.len(), |room| room.min(data.len()));
                kept.extend_from_slice(&data[..keep]);
                received += data.len() as u64;
            }
            Ok(Some(Err(_))) | Err(_) => break End::Broken,
        }
        if received > limit.saturating_add(MAX_DISCARDED) {
            break End::Unread;
        }
    };
    Received { bytes: kept.freeze(), end }
}
