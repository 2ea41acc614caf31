//! Watches what a connection receives, since an HTTP library keeps neither the
//! size nor the exact head of a request.

use std::{
    io,
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard},
    task::{Context, Poll},
};

use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::TcpStream,
};

/// What ends the head of a request.
const HEAD_END: &[u8] = b"\r\n\r\n";
/// The most that is kept of a head; hyper refuses larger ones.
const MAX_HEAD: usize = 1024 * 1024;

/// The bytes of the request that a connection is receiving.
///
/// Attributes all that arrives to that request, which holds as long as the
/// client waits for a response before it sends the next one; the head of a
/// pipelined request is never seen.
#[derive(Debug, Clone, Default)]
pub(super) struct Wire(Arc<Mutex<Progress>>);

#[derive(Debug, Default)]
struct Progress {
    head: Vec<u8>,
    head_is_complete: bool,
    received: u64,
}

impl Wire {
    /// The head, with the empty line that ends it, once all of it is here.
    pub(super) fn head(&self) -> Option<Vec<u8>> {
        let progress = self.progress();
        progress.head_is_complete.then(|| progress.head.clone())
    }

    /// The bytes received so far: request line, headers and body, with all
    /// framing.
    pub(super) fn received(&self) -> u64 {
        self.progress().received
    }

    /// Attributes what arrives from now on to the next request.
    pub(super) fn next_request(&self) {
        *self.progress() = Progress::default();
    }

    fn progress(&self) -> MutexGuard<'_, Progress> {
        self.0.lock().expect("no thread panics while it holds this lock")
    }
}

impl Progress {
    fn receive(&mut self, bytes: &[u8]) {
        self.received += bytes.len() as u64;
        if self.head_is_complete || self.head.len() > MAX_HEAD {
            return;
        }
        // The end may have begun in what came before.
        let from = self.head.len().saturating_sub(HEAD_END.len() - 1);
        self.head.extend_from_slice(bytes);
        let end = self.head[from..].windows(HEAD_END.len()).position(|window| window == HEAD_END);
        if let Some(end) = end {
            self.head.truncate(from + end + HEAD_END.len());
            self.head_is_complete = true;
        }
    }
}

/// A connection that reports what it receives to a [`Wire`].
#[derive(Debug)]
pub(super) struct Watched {
    stream: TcpStream,
    wire: Wire,
}

impl Watched {
    pub(super) fn new(stream: TcpStream, wire: Wire) -> Self {
        Self { stream, wire }
    }
}

impl AsyncRead for Watched {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let poll = Pin::new(&mut self.stream).poll_read(context, buffer);
        if poll.is_ready() {
            self.wire.progress().receive(&buffer.filled()[before..]);
        }
        poll
    }
}

impl AsyncWrite for Watched {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    use super::Progress;

    #[test]
    fn a_head_may_arrive_in_any_pieces() {
        let request = b"PUT / HTTP/1.1\r\nHost: a\r\n\r\nbody\r\n\r\n";
        let head_len = request.len() - b"body\r\n\r\n".len();
        for size in 1..=request.len() {
            let mut progress = Progress::default();
            for piece in request.chunks(size) {
                progress.receive(piece);
            }
            assert!(progress.head_is_complete);
            assert_eq!(progress.head, request[..head_len]);
            assert_eq!(progress.received, request.len() as u64);
        }
    }
}
