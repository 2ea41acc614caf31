//! Reads the body of a response, up to a bound of bytes and time.

use std::time::Duration;

use bytes::{Bytes, BytesMut};
use reqwest::Response;
use tokio::time::timeout;

/// The most that is read of a body, in bytes.
const MAX_BYTES: usize = 64 * 1024;

/// The body, as far as it came in time. Once all of it is read, its connection can serve
/// the next request.
pub(super) async fn read(response: &mut Response, time: Duration) -> Bytes {
    let mut body = BytesMut::new();
    let whole = async {
        while body.len() < MAX_BYTES
            && let Ok(Some(chunk)) = response.chunk().await
        {
            body.extend_from_slice(&chunk[..chunk.len().min(MAX_BYTES - body.len())]);
        }
    };
    // What comes later is not waited for.
    let _ = timeout(time, whole).await;
    body.freeze()
}
