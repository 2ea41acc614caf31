//! Reads and writes a connection, within bounds of size and time.

use std::io;

use bytes::{Buf as _, BytesMut};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    time::timeout,
};

use crate::loopback::IDLE_TIMEOUT;

/// The empty line that ends a head.
const HEAD_END: &[u8] = b"\r\n\r\n";
const MAX_HEAD: usize = 1024 * 1024;
const MAX_BODY: usize = 64 * 1024 * 1024;

/// A connection, and what has been read from it ahead of use.
#[derive(Debug)]
pub(super) struct Connection {
    stream: TcpStream,
    ahead: BytesMut,
}

impl Connection {
    pub(super) fn new(stream: TcpStream) -> Self {
        Self { stream, ahead: BytesMut::new() }
    }

    /// Waits for the first byte of a request, without reading it; `false` if
    /// the client closes the connection instead.
    pub(super) async fn has_next_request(&mut self) -> io::Result<bool> {
        if !self.ahead.is_empty() {
            return Ok(true);
        }
        let peeked = timeout(IDLE_TIMEOUT, self.stream.peek(&mut [0])).await??;
        Ok(peeked > 0)
    }

    /// Moves a head, with the empty line that ends it, to `head`; what there is
    /// of it, if it breaks off.
    pub(super) async fn read_head(&mut self, head: &mut Vec<u8>) -> io::Result<()> {
        loop {
            let end = self.ahead.windows(HEAD_END.len()).position(|window| window == HEAD_END);
            if let Some(end) = end {
                head.extend_from_slice(&self.ahead.split_to(end + HEAD_END.len()));
                return Ok(());
            }
            let outcome = self.read_ahead().await;
            if outcome.is_err() || self.ahead.len() > MAX_HEAD {
                head.extend_from_slice(&self.ahead);
                self.ahead.clear();
                return outcome.and(Err(too_large()));
            }
        }
    }

    /// Moves `length` bytes to `body`; what there is of them, if they break off.
    pub(super) async fn read_body(&mut self, length: usize, body: &mut Vec<u8>) -> io::Result<()> {
        if length > MAX_BODY {
            return Err(too_large());
        }
        let mut missing = length;
        loop {
            let part = missing.min(self.ahead.len());
            body.extend_from_slice(&self.ahead.split_to(part));
            missing -= part;
            if missing == 0 {
                return Ok(());
            }
            self.read_ahead().await?;
        }
    }

    /// Sends bytes.
    pub(super) async fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        timeout(IDLE_TIMEOUT, self.stream.write_all(bytes)).await?
    }

    /// Waits until the client closes the connection; what it sends meanwhile is
    /// thrown away.
    pub(super) async fn closed(&mut self) {
        while self.read_ahead().await.is_ok() {
            self.ahead.advance(self.ahead.len());
        }
    }

    async fn read_ahead(&mut self) -> io::Result<()> {
        match timeout(IDLE_TIMEOUT, self.stream.read_buf(&mut self.ahead)).await?? {
            0 => Err(io::ErrorKind::UnexpectedEof.into()),
            _ => Ok(()),
        }
    }
}

fn too_large() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, "the request is too large")
}
