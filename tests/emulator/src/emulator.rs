//! The Graph emulator: a real HTTP server that knows of the API what its
//! description says.

mod access;
mod answer;
mod body;
mod head;
mod image;
mod page;
mod recorded;
mod refusal;
mod route;
mod state;
mod wire;

use std::{fmt, io, net::SocketAddr, sync::Arc};

use bytes::Bytes;
use graph_photo_codegen::Api;
use hyper::{server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::TcpStream;

pub use self::recorded::RecordedRequest;
use self::{
    state::State,
    wire::{Watched, Wire},
};
use crate::loopback::{IDLE_TIMEOUT, LoopbackServer};

/// A server on `127.0.0.1` that answers as Microsoft Graph does.
///
/// Paths, methods, media type, size limit and permissions are those of the
/// [`Api`] that it is started with. Tokens are made by
/// [`AccessToken`](crate::token::AccessToken). `GET` on the path of a photo gives it
/// back, and `GET /` shows all of them, to anyone.
///
/// Photos are kept by the path that they were sent to: unlike Graph, the
/// emulator doesn't know that `/me` and `/users/{the same user}` are one.
///
/// Stops when dropped.
pub struct Emulator {
    server: LoopbackServer,
    state: Arc<State>,
}

/// The API of Microsoft Graph photos, as this crate was built with it.
///
/// # Panics
///
/// If that breaks rules, which only an unfinished edit of the spec does.
#[must_use]
pub fn built_in_api() -> Api {
    let read = Api::read(graph_photo_spec::OPENAPI_YAML);
    read.expect("the spec that this crate is built with breaks no rule")
}

impl Emulator {
    /// Starts on a free port.
    ///
    /// # Errors
    ///
    /// If the API's first server isn't an absolute URL, its media type isn't text
    /// for a header, or the server cannot be started.
    pub fn start(api: Api) -> io::Result<Self> {
        Self::start_on(api, 0)
    }

    /// Starts on a given port; 0 is any free one.
    ///
    /// # Errors
    ///
    /// As for [`start`](Self::start), and if the port is in use.
    pub fn start_on(api: Api, port: u16) -> io::Result<Self> {
        let state = Arc::new(State::new(api)?);
        let shared = Arc::clone(&state);
        let server = LoopbackServer::start(port, move |stream| serve(stream, Arc::clone(&shared)))?;
        Ok(Self { server, state })
    }

    /// The URL to append paths of the API to, such as
    /// `http://127.0.0.1:8080/v1.0`: the path of the API's first server, without
    /// a trailing slash.
    #[must_use]
    pub fn base_url(&self) -> String {
        format!("http://{}{}", self.local_addr(), self.state.prefix)
    }

    /// The address it listens on.
    #[must_use]
    pub fn local_addr(&self) -> SocketAddr {
        self.server.address()
    }

    /// The requests answered so far, in the order of their answers. A request
    /// is here before its answer is sent.
    #[must_use]
    pub fn requests(&self) -> Vec<RecordedRequest> {
        self.state.requests()
    }

    /// The photo stored under a path beneath the base URL, percent-encoded as
    /// in a request, such as `/users/megan%40contoso.com/photo/$value`.
    #[must_use]
    pub fn photo(&self, path: &str) -> Option<Bytes> {
        self.state.load(&format!("{}{path}", self.state.prefix)).ok()
    }

    /// Serves for ever, without keeping a record of the requests.
    ///
    /// # Errors
    ///
    /// When no more connections can be accepted.
    pub async fn run(self) -> io::Result<()> {
        self.state.stop_recording();
        self.server.run().await
    }
}

impl fmt::Debug for Emulator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Emulator").field("base_url", &self.base_url()).finish_non_exhaustive()
    }
}

/// Answers the requests of one connection, one after the other.
async fn serve(stream: TcpStream, state: Arc<State>) {
    let wire = Wire::default();
    let watched = TokioIo::new(Watched::new(stream, wire.clone()));
    let service = service_fn(|request| answer::answer(&state, &wire, request));
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(IDLE_TIMEOUT)
        .serve_connection(watched, service);
    // A client that breaks a connection is no failure of the server.
    let _ = connection.await;
}
