//! A running emulator, as tests use it.

use std::{
    collections::HashSet,
    fmt, io,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use bytes::Bytes;
use tokio::net::TcpStream;

use crate::{
    builder::Builder,
    exchange,
    fault::{Fault, rule::Rule},
    http::stream::Stream,
    photos::PhotoVersion,
    recorded_request::RecordedRequest,
    request_log::Event,
    server::Server,
    state::State,
    tls::Tls,
    token::AccessToken,
};

/// A server that answers as Microsoft Graph does.
///
/// Paths, methods, media type, size limit and permissions are those of the API that it
/// is started with. Runs on a thread and clock of its own: a test may be synchronous, or
/// pause its clock. Stops when dropped.
pub struct Emulator {
    server: Server,
    state: Arc<State>,
    tls: Option<Tls>,
}

impl Emulator {
    /// Starts on a free port of `127.0.0.1`, with the built-in API, without a tenant and
    /// without limits.
    ///
    /// # Errors
    ///
    /// If the server cannot be started.
    pub fn start() -> io::Result<Self> {
        Self::builder().start()
    }

    /// Settings for an emulator, which [`Builder::start`] starts.
    pub fn builder() -> Builder {
        Builder::new()
    }

    /// The URL to append paths of the API to, such as
    /// `http://127.0.0.1:8080/v1.0`: the path of the API's first server, without
    /// a trailing slash.
    #[must_use]
    pub fn base_url(&self) -> String {
        format!("{}{}", self.url(), self.state.prefix)
    }

    /// Its URL, without a path and without a trailing slash: the one of its page. On this
    /// machine, if it listens on all addresses.
    #[must_use]
    pub fn url(&self) -> String {
        let scheme = if self.tls.is_some() { "https" } else { "http" };
        let mut address = self.local_addr();
        match address.ip() {
            IpAddr::V4(ip) if ip.is_unspecified() => address.set_ip(Ipv4Addr::LOCALHOST.into()),
            IpAddr::V6(ip) if ip.is_unspecified() => address.set_ip(Ipv6Addr::LOCALHOST.into()),
            _ => {}
        }
        format!("{scheme}://{address}")
    }

    /// The address it listens on.
    #[must_use]
    pub fn local_addr(&self) -> SocketAddr {
        self.server.address()
    }

    /// The certificate, in PEM, of the authority that clients have to trust; `None`
    /// without TLS.
    #[must_use]
    pub fn certificate_authority(&self) -> Option<&str> {
        self.tls.as_ref().map(|tls| tls.authority.as_str())
    }

    /// The name of a user who exists: the tenant's first one with a mailbox, or else
    /// [`DEFAULT_USER_PRINCIPAL_NAME`](crate::token::DEFAULT_USER_PRINCIPAL_NAME).
    #[must_use]
    pub fn default_user(&self) -> &str {
        self.state.directory.default_user()
    }

    /// A token on behalf of a user, by object id or user principal name, with all delegated
    /// scopes of the API; with an administrator's role only if the tenant says so. `/me` is
    /// that user.
    #[must_use]
    pub fn token_for(&self, user: &str) -> AccessToken {
        self.state.token_for(user)
    }

    /// A token as [`token_for`](Self::token_for) makes it, with the role of a user
    /// administrator, who may change the photos of others.
    #[must_use]
    pub fn administrator_token(&self, user: &str) -> AccessToken {
        self.state.administrator_token(user)
    }

    /// A token of the app itself, with all application scopes of the API.
    #[must_use]
    pub fn application_token(&self) -> AccessToken {
        self.state.application_token()
    }

    /// Applies a fault to each of the next `times` requests, before any rule.
    pub fn fail_next(&self, times: usize, fault: Fault) {
        self.state.faults.play(std::iter::repeat_n(fault, times));
        self.state.announce(Event::Change);
    }

    /// Adds a rule for faults; the first one that matches a request counts.
    pub fn fail_with(&self, rule: Rule) {
        self.state.faults.add([rule]);
        self.state.announce(Event::Change);
    }

    /// Applies these faults to the next requests, in this order, and answers all later ones
    /// with 500 `script exhausted`, which reveals a client that sends too many.
    pub fn play(&self, script: impl IntoIterator<Item = Fault>) {
        self.state.faults.play(script);
        self.fail_with(Rule::new(Fault::status(500).body("script exhausted")));
    }

    /// Moves the emulator's clock forwards: tokens expire, limits and `Retry-After` end. By
    /// a hundred years at most in all.
    pub fn advance(&self, by: Duration) {
        self.state.clock.advance(by);
        self.state.announce(Event::Change);
    }

    /// The requests so far, in the order of their answers; the oldest of very many are
    /// forgotten. A request is here before its answer is sent.
    #[must_use]
    pub fn requests(&self) -> Vec<RecordedRequest> {
        self.state.records.all()
    }

    /// How many connections the remembered requests came over.
    #[must_use]
    pub fn connections(&self) -> usize {
        let requests = self.requests();
        requests.iter().map(|request| request.connection).collect::<HashSet<_>>().len()
    }

    /// Blocks until there were `count` requests since the start or the last reset; `false`
    /// if that takes longer than `limit`. Needs no runtime; in one with a single thread, the
    /// client makes no progress meanwhile: there, use
    /// [`wait_for_requests`](Self::wait_for_requests).
    #[must_use]
    pub fn wait_for(&self, count: usize, limit: Duration) -> bool {
        self.state.records.wait_for(count, limit)
    }

    /// Waits until there were `count` requests since the start or the last reset, and
    /// returns all that are remembered.
    pub async fn wait_for_requests(&self, count: usize) -> Vec<RecordedRequest> {
        self.state.records.until(count).await;
        self.requests()
    }

    /// The photo of a resource, byte for byte as it was uploaded, by the resource's path
    /// beneath the base URL: `/me`, `/users/megan@contoso.com`, with or without
    /// `/photo/$value`. The path is percent-decoded: an id with `/` or `%` has to be
    /// encoded, anything else may be plain. `/me` is the user of the last token that was
    /// made by [`token_for`](Self::token_for), or else of the last one that was used.
    #[must_use]
    pub fn photo(&self, target: &str) -> Option<Bytes> {
        self.state.photo(target)
    }

    /// The photos that a resource had, oldest first, by a path as for
    /// [`photo`](Self::photo); the oldest of very many are forgotten.
    #[must_use]
    pub fn history(&self, target: &str) -> Vec<PhotoVersion> {
        let key = self.state.key_of(target);
        key.map(|key| self.state.photos.history(&key)).unwrap_or_default()
    }

    /// Forgets photos, requests, faults, counted limits and signed-in users; the clock is
    /// the system's again. Tokens stay valid.
    pub fn reset(&self) {
        self.state.reset();
        self.state.announce(Event::Change);
    }

    /// Serves for ever.
    ///
    /// # Errors
    ///
    /// When no more connections can be accepted.
    pub async fn run(self) -> io::Result<()> {
        self.server.run().await
    }
}

impl Builder {
    /// Starts the emulator.
    ///
    /// # Errors
    ///
    /// If the API's first server isn't an absolute URL, the tenant has a collection that the
    /// API lacks, or the server cannot be started: the port may be in use.
    pub fn start(self) -> io::Result<Emulator> {
        let address = SocketAddr::new(self.host, self.port);
        let tls = self.is_tls.then(|| Tls::new(self.host)).transpose()?;
        let state = Arc::new(State::new(self)?);
        let (shared, acceptor) = (Arc::clone(&state), tls.clone().map(|tls| tls.acceptor));
        let connections = AtomicU64::new(0);
        let server = Server::start(address, move |stream: TcpStream| {
            let (state, acceptor) = (Arc::clone(&shared), acceptor.clone());
            let number = connections.fetch_add(1, Ordering::Relaxed) + 1;
            async move {
                let stream: Box<dyn Stream> = match acceptor {
                    None => Box::new(stream),
                    Some(acceptor) => match acceptor.accept(stream).await {
                        Ok(stream) => Box::new(stream),
                        // The client does not trust the certificate.
                        Err(_) => return,
                    },
                };
                exchange::serve(stream, state, number).await;
            }
        })?;
        Ok(Emulator { server, state, tls })
    }
}

impl fmt::Debug for Emulator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Emulator").field("base_url", &self.base_url()).finish_non_exhaustive()
    }
}
