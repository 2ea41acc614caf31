//! Work that may block forever, such as reading from a pipe or writing to one.

use std::io;

/// Does the work on another thread, since this one listens for Ctrl-C.
pub(crate) async fn off_thread<T: Send + 'static>(
    work: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> io::Result<T> {
    tokio::task::spawn_blocking(work).await.unwrap_or_else(|cause| Err(io::Error::other(cause)))
}
