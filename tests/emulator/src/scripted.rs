//! A server that misbehaves by script, on bare TCP, and keeps every byte that
//! it read.

mod connection;
mod request;
mod step;

use std::{
    collections::VecDeque,
    io,
    net::SocketAddr,
    sync::{
        Arc, Mutex, MutexGuard,
        atomic::{AtomicUsize, Ordering},
    },
};

use bytes::Bytes;
use tokio::{
    net::TcpStream,
    sync::watch,
    time::{sleep, timeout},
};

use self::{
    connection::Connection,
    step::{Read, Then},
};
pub use self::{request::RawRequest, step::Step};
use crate::loopback::{IDLE_TIMEOUT, LoopbackServer};

/// A server on `127.0.0.1` that does to each request what the next [`Step`] of
/// its script says.
///
/// A request takes its step when its first byte arrives, so connections that
/// are opened and never used take none. A request beyond the end of the script
/// is answered with `500 script exhausted`, and recorded like any other, so that
/// a client which sends more than it should is found out.
///
/// Reads HTTP/1.1 only as far as it must: a head ends with an empty line, a body
/// is as long as `Content-Length` says. Chunked requests are not understood.
///
/// Stops when dropped.
#[derive(Debug)]
pub struct ScriptedServer {
    server: LoopbackServer,
    script: Arc<Script>,
}

impl ScriptedServer {
    /// Starts on a free port.
    ///
    /// # Errors
    ///
    /// If the server cannot be started.
    pub fn start(steps: Vec<Step>) -> io::Result<Self> {
        let script = Arc::new(Script {
            steps: Mutex::new(steps.into()),
            requests: watch::Sender::new(Vec::new()),
            connections: AtomicUsize::new(0),
        });
        let shared = Arc::clone(&script);
        let server = LoopbackServer::start(0, move |stream| serve(stream, Arc::clone(&shared)))?;
        Ok(Self { server, script })
    }

    /// The address it listens on.
    #[must_use]
    pub fn local_addr(&self) -> SocketAddr {
        self.server.address()
    }

    /// Its URL, without a path and without a trailing slash.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.local_addr())
    }

    /// The requests so far, each with as much of it as its step had read, or as
    /// had arrived when the client gave up.
    ///
    /// In the order in which reading them ended. A request is here before it is
    /// answered.
    #[must_use]
    pub fn requests(&self) -> Vec<RawRequest> {
        self.script.requests.borrow().clone()
    }

    /// How many connections have been used for a request.
    #[must_use]
    pub fn connections(&self) -> usize {
        self.script.connections.load(Ordering::Relaxed)
    }

    /// Waits until there are at least `count` [requests](Self::requests), and
    /// returns them.
    pub async fn wait_for_requests(&self, count: usize) -> Vec<RawRequest> {
        let mut requests = self.script.requests.subscribe();
        let enough = requests.wait_for(|requests| requests.len() >= count);
        // It fails only without a sender, and `self` has one.
        enough.await.map_or_else(|_| self.requests(), |requests| requests.clone())
    }
}

/// What remains to be played, and what has been read.
#[derive(Debug)]
struct Script {
    steps: Mutex<VecDeque<Step>>,
    requests: watch::Sender<Vec<RawRequest>>,
    /// Those with at least one request.
    connections: AtomicUsize,
}

impl Script {
    fn next(&self) -> Step {
        self.steps().pop_front().unwrap_or_else(Step::exhausted)
    }

    fn steps(&self) -> MutexGuard<'_, VecDeque<Step>> {
        self.steps.lock().expect("no thread panics while it holds this lock")
    }

    /// Adds a request; returns its position.
    fn record(&self, request: RawRequest) -> usize {
        let mut position = 0;
        self.requests.send_modify(|requests| {
            position = requests.len();
            requests.push(request);
        });
        position
    }

    /// Sets the body of a request that was added before all of it was read.
    fn set_body(&self, position: usize, body: Bytes) {
        self.requests.send_modify(|requests| requests[position].body = body);
    }
}

/// Plays steps on one connection, until one ends it or the client does.
async fn serve(stream: TcpStream, script: Arc<Script>) {
    let mut connection = Connection::new(stream);
    let mut is_first = true;
    while let Ok(true) = connection.has_next_request().await {
        script.connections.fetch_add(usize::from(is_first), Ordering::Relaxed);
        is_first = false;
        // An error is a client that is gone: so is the connection.
        let Ok(true) = play(&mut connection, &script, script.next()).await else {
            return;
        };
    }
}

/// Plays a step; returns whether the connection remains open for another.
async fn play(connection: &mut Connection, script: &Script, step: Step) -> io::Result<bool> {
    let mut request = RawRequest::default();
    let outcome = read(connection, step.read, &mut request).await;
    let rest = request.content_length().saturating_sub(request.body.len());
    let mut body = request.body.to_vec();
    let position = script.record(request);
    outcome?;

    for (index, piece) in step.pieces().enumerate() {
        if index > 0 {
            sleep(step.pause).await;
        }
        connection.write(piece).await?;
    }
    match step.then {
        Then::NextRequest => {
            if rest > 0 {
                let outcome = connection.read_body(rest, &mut body).await;
                script.set_body(position, body.into());
                outcome?;
            }
            Ok(true)
        }
        Then::Close => Ok(false),
        Then::Silence => {
            // Until the client has had enough; the server has, after a while.
            let _ = timeout(IDLE_TIMEOUT, connection.closed()).await;
            Ok(false)
        }
    }
}

/// Reads as much of a request as a step wants; keeps what it got even if the
/// client breaks off.
async fn read(connection: &mut Connection, read: Read, request: &mut RawRequest) -> io::Result<()> {
    if read == Read::Nothing {
        return Ok(());
    }
    let mut head = Vec::new();
    let outcome = connection.read_head(&mut head).await;
    request.head = head.into();
    outcome?;
    let length = match read {
        Read::Nothing | Read::Head => 0,
        Read::PartOfBody(length) => length.min(request.content_length()),
        Read::All => request.content_length(),
    };
    let mut body = Vec::new();
    let outcome = connection.read_body(length, &mut body).await;
    request.body = body.into();
    outcome
}
