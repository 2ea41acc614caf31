//! A TCP server on a thread of its own.

use std::{
    io,
    net::SocketAddr,
    thread::{self, JoinHandle},
};

use tokio::{
    net::{TcpListener, TcpStream},
    runtime,
    sync::oneshot,
};

/// A running server; stops, with all its connections, when dropped.
///
/// It has a runtime of its own so that a test may pause or block its runtime
/// without stopping the server, or have none at all.
#[derive(Debug)]
pub(crate) struct Server {
    address: SocketAddr,
    // Never sent: the thread ends when this half is dropped.
    stop: Option<oneshot::Sender<()>>,
    outcome: oneshot::Receiver<io::Result<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Server {
    /// Listens on `address` (port 0: any free port) and calls `serve` with each connection.
    ///
    /// # Errors
    ///
    /// If the address cannot be bound, or the thread cannot be started.
    pub(crate) fn start<S, F>(address: SocketAddr, serve: S) -> io::Result<Self>
    where
        S: Fn(TcpStream) -> F + Send + 'static,
        F: Future<Output = ()> + Send + 'static,
    {
        let listener = std::net::TcpListener::bind(address)?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let runtime = runtime::Builder::new_current_thread().enable_io().enable_time().build()?;
        let (stop, stopped) = oneshot::channel::<()>();
        let (report, outcome) = oneshot::channel();
        let thread = thread::Builder::new().name("graph-photo-emulator".to_owned());
        let thread = thread.spawn(move || {
            let result = runtime.block_on(async {
                tokio::select! {
                    _ = stopped => Ok(()),
                    result = accept(listener, serve) => result,
                }
            });
            // There is no receiver once the server has been dropped.
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

impl Drop for Server {
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
                // If that fails, it is merely slower.
                let _ = stream.set_nodelay(true);
                tokio::spawn(serve(stream));
            }
            // The client gave up before it was accepted.
            Err(error) if error.kind() == io::ErrorKind::ConnectionAborted => {}
            Err(error) => return Err(error),
        }
    }
}
