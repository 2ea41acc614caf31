//! The stream of a connection: TCP, or TLS over TCP.

use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpStream,
};
use tokio_rustls::server::TlsStream;

/// A stream of bytes with access to its TCP socket, to reset it.
pub(crate) trait Stream: AsyncRead + AsyncWrite + Unpin + Send {
    /// The socket beneath.
    fn socket(&self) -> &TcpStream;
}

impl Stream for TcpStream {
    fn socket(&self) -> &TcpStream {
        self
    }
}

impl Stream for TlsStream<TcpStream> {
    fn socket(&self) -> &TcpStream {
        self.get_ref().0
    }
}
