//! Reads the body of a response, within limits of size and time.

use std::time::Duration;

use bytes::{Bytes, BytesMut};
use reqwest::Response;
use tokio::time::timeout;

const MAX_BYTES: usize = 64 * 1024;

/// The part of the body that arrives in time. After the whole body, the connection can serve
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
    // The rest is dropped.
    let _ = timeout(time, whole).await;
    body.freeze()
}
