//! Reads from and writes to a connection, within limits of size and time.

use std::{io, time::Duration};

use bytes::{Bytes, BytesMut};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    time::{sleep, timeout},
};

use super::{
    body::{Body, End},
    head::{Framing, Head},
    stream::Stream,
};

/// How long a peer may keep the emulator waiting for a byte: far longer than any test
/// takes, so that only a connection that hangs reaches it.
const IDLE_TIMEOUT: Duration = Duration::from_secs(60);
const MAX_HEAD: usize = 1024 * 1024;
/// The longest line between chunks.
const MAX_LINE: usize = 8 * 1024;

/// A connection, and what was read from it ahead of use.
pub(crate) struct Connection {
    stream: Box<dyn Stream>,
    ahead: BytesMut,
    taken: u64,
}

impl Connection {
    pub(crate) fn new(stream: Box<dyn Stream>) -> Self {
        Self { stream, ahead: BytesMut::new(), taken: 0 }
    }

    /// Waits for the first byte of a request; an error if none comes.
    pub(crate) async fn next_request(&mut self) -> io::Result<()> {
        self.taken = 0;
        if self.ahead.is_empty() { self.read_ahead().await } else { Ok(()) }
    }

    /// The bytes of the request that were taken: head and body, with all framing.
    pub(crate) fn taken(&self) -> u64 {
        self.taken
    }

    /// The head of a request.
    ///
    /// # Errors
    ///
    /// The part that arrived, and what is wrong with it.
    pub(crate) async fn read_head(&mut self) -> Result<Head, (Head, &'static str)> {
        loop {
            if let Some(end) = head_end(&self.ahead) {
                // A copy, so that the record doesn't keep the whole buffer.
                let raw = Bytes::copy_from_slice(&self.take(end));
                return Head::parse(raw.clone()).map_err(|why| (Head::unreadable(raw), why));
            }
            if self.ahead.len() > MAX_HEAD || self.read_ahead().await.is_err() {
                let raw = Bytes::copy_from_slice(&self.take(self.ahead.len()));
                return Err((Head::unreadable(raw), "The head broke off, or is too large."));
            }
        }
    }

    /// Reads a body until all of it is here, or `until` bytes of one that tells its length.
    pub(crate) async fn read_body(&mut self, body: &mut Body, until: u64) -> End {
        let (read, end) = match body.framing {
            Framing::Chunked => (self.read_chunks(body).await, End::Complete),
            Framing::Length(length) => {
                let wanted = length.min(until).saturating_sub(body.received);
                let end = if length > until { End::Partial } else { End::Complete };
                (self.read_data(body, wanted).await, end)
            }
        };
        match read {
            Ok(()) => end,
            Err(_) if body.is_endless() => End::Endless,
            Err(_) => End::Broken,
        }
    }

    /// Sends bytes.
    pub(crate) async fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        timeout(IDLE_TIMEOUT, async {
            self.stream.write_all(bytes).await?;
            self.stream.flush().await
        })
        .await?
    }

    /// Sends bytes piece by piece, with a pause in between.
    pub(crate) async fn write_slowly(
        &mut self,
        bytes: &[u8],
        piece: usize,
        pause: Duration,
    ) -> io::Result<()> {
        for (index, piece) in bytes.chunks(piece.max(1)).enumerate() {
            if index > 0 {
                sleep(pause).await;
            }
            self.write(piece).await?;
        }
        Ok(())
    }

    /// Closes the connection in order.
    pub(crate) async fn close(mut self) {
        // The client may be gone already.
        let _ = timeout(IDLE_TIMEOUT, self.stream.shutdown()).await;
    }

    /// Resets the connection, as a crash or a firewall does.
    pub(crate) fn reset(self) {
        // If that fails, the connection is closed, which is the next best.
        let _ = self.stream.socket().set_zero_linger();
    }

    /// Sends nothing more until the client closes the connection, and discards what the
    /// client sends.
    pub(crate) async fn fall_silent(mut self) {
        while self.read_ahead().await.is_ok() {
            self.ahead.clear();
        }
    }

    /// Waits until the client closes the connection, or sends something.
    pub(crate) async fn stirs(&mut self) {
        let _ = self.stream.read_buf(&mut self.ahead).await;
    }

    async fn read_data(&mut self, body: &mut Body, mut wanted: u64) -> io::Result<()> {
        while wanted > 0 {
            if self.ahead.is_empty() {
                self.read_ahead().await?;
            }
            let here = self.ahead.len();
            let data = self.take(usize::try_from(wanted).map_or(here, |wanted| wanted.min(here)));
            wanted -= data.len() as u64;
            body.receive(&data);
            if body.is_endless() {
                return Err(io::ErrorKind::FileTooLarge.into());
            }
        }
        Ok(())
    }

    async fn read_chunks(&mut self, body: &mut Body) -> io::Result<()> {
        loop {
            let size = chunk_size(&self.read_line().await?)?;
            if size == 0 {
                // The trailer, of which nothing is needed.
                while !self.read_line().await?.is_empty() {}
                return Ok(());
            }
            self.read_data(body, size).await?;
            if !self.read_line().await?.is_empty() {
                return Err(io::ErrorKind::InvalidData.into());
            }
        }
    }

    /// A line of the framing, without its line break.
    async fn read_line(&mut self) -> io::Result<BytesMut> {
        loop {
            if let Some(end) = self.ahead.windows(2).position(|window| window == b"\r\n") {
                let mut line = self.take(end + 2);
                line.truncate(end);
                return Ok(line);
            }
            if self.ahead.len() > MAX_LINE {
                return Err(io::ErrorKind::InvalidData.into());
            }
            self.read_ahead().await?;
        }
    }

    fn take(&mut self, length: usize) -> BytesMut {
        self.taken += length as u64;
        self.ahead.split_to(length)
    }

    async fn read_ahead(&mut self) -> io::Result<()> {
        self.ahead.reserve(16 * 1024);
        match timeout(IDLE_TIMEOUT, self.stream.read_buf(&mut self.ahead)).await?? {
            0 => Err(io::ErrorKind::UnexpectedEof.into()),
            _ => Ok(()),
        }
    }
}

/// Where the first empty line ends. Bare line feeds count, so that they are refused at once.
fn head_end(bytes: &[u8]) -> Option<usize> {
    bytes.iter().enumerate().filter(|(_, byte)| **byte == b'\n').find_map(|(at, _)| {
        let line = &bytes[..at];
        let is_empty = line.ends_with(b"\n") || line.ends_with(b"\n\r");
        is_empty.then_some(at + 1)
    })
}

/// The size at the beginning of a chunk; what follows a semicolon is an extension.
fn chunk_size(line: &[u8]) -> io::Result<u64> {
    let digits = line.split(|byte| *byte == b';').next().unwrap_or_default().trim_ascii();
    let size = str::from_utf8(digits).ok().and_then(|text| u64::from_str_radix(text, 16).ok());
    let size = size.filter(|_| digits.iter().all(u8::is_ascii_hexdigit));
    size.ok_or_else(|| io::ErrorKind::InvalidData.into())
}
