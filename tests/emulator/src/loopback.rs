//! A TCP server on the loopback interface, on a thread of its own.

use std::{
    io,
    net::{Ipv4Addr, SocketAddr},
    thread::{self, JoinHandle},
    time::Duration,
};

use tokio::{
    net::{TcpListener, TcpStream},
    runtime,
    sync::oneshot,
};

/// How long a peer may keep a server waiting for a byte before the server gives
/// up on the connection: far longer than any test takes, so that it only ends
/// what would hang.
pub(crate) const IDLE_TIMEOUT: Duration = Duration::from_secs(60);

/// A running server; stops, with all its connections, when dropped.
///
/// It has a runtime of its own so that a test may pause or block its runtime
/// without stopping the server, or have none at all.
#[derive(Debug)]
pub(crate) struct LoopbackServer {
    address: SocketAddr,
    // Never sent: the thread ends when this half is dropped.
    stop: Option<oneshot::Sender<()>>,
    outcome: oneshot::Receiver<io::Result<()>>,
    thread: Option<JoinHandle<()>>,
}

impl LoopbackServer {
    /// Listens on `127.0.0.1:port` (0: any free port) and calls `serve` with
    /// each connection.
    ///
    /// # Errors
    ///
    /// If the port cannot be bound, or the thread cannot be started.
    pub(crate) fn start<S, F>(port: u16, serve: S) -> io::Result<Self>
    where
        S: Fn(TcpStream) -> F + Send + 'static,
        F: Future<Output = ()> + Send + 'static,
    {
        let listener = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, port))?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let runtime = runtime::Builder::new_current_thread().enable_io().enable_time().build()?;
        let (stop, stopped) = oneshot::channel::<()>();
        let (report, outcome) = oneshot::channel();
        let thread =
            thread::Builder::new().name("loopback server".to_owned()).spawn(move || {
                let result = runtime.block_on(async {
                    tokio::select! {
                        _ = stopped => Ok(()),
                        result = accept(listener, serve) => result,
                    }
                });
                // Nobody listens once the server has been dropped.
                let _ = report.send(result);
            })?;
        Ok(Self { address, stop: Some(stop), outcome, thread: Some(thread) })
    }

    /// Where it listens.
    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Waits until it fails, which it does only if it can accept no more
    /// connections.
    pub(crate) async fn run(mut self) -> io::Result<()> {
        (&mut self.outcome)
            .await
            .unwrap_or_else(|_| Err(io::Error::other("the server's thread has ended")))
    }
}

impl Drop for LoopbackServer {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            // A panic of the thread has been printed already.
            let _ = thread.join();
        }
    }
}

async fn accept<S, F>(listener: std::net::TcpListener, serve: S) -> io::Result<()>
where
    S: Fn(TcpStream) -> F,
    F: Future<Output = ()> + Send + 'static,
{
    let listener = TcpListener::from_std(listener)?;
    loop {
        match listener.accept().await {
            Ok((stream, _)) => {
                // Only a matter of speed.
                let _ = stream.set_nodelay(true);
                tokio::spawn(serve(stream));
            }
            // The client gave up before it was accepted: its own affair.
            Err(error) if error.kind() == io::ErrorKind::ConnectionAborted => {}
            Err(error) => return Err(error),
        }
    }
}
