//! Helpers of the tests of the client.

use std::{
    error::Error as _,
    fmt::Write as _,
    io::ErrorKind,
    net::TcpListener,
    sync::{Arc, Mutex, Once},
    time::Duration,
};

use graph_photo_client::{
    AccessToken, ClientBuilder, Error, GraphPhotoClient, JpegPhoto, Operation, PhotoTarget,
    RetryPolicy, StaticToken, TokenError, TokenFuture, TokenProvider, TokenRequest, UploadResponse,
};
use graph_photo_emulator::{Emulator, Fault};
use tracing::{Subscriber, subscriber::DefaultGuard};

pub(super) const JPEG: &[u8] = include_bytes!("../../fixtures/baseline.jpg");

/// An opaque token that is recognisable everywhere.
pub(super) const TOKEN: &str = "opaque-token_that.must~never+be/shown==";

pub(super) fn photo() -> JpegPhoto {
    JpegPhoto::from_bytes(JPEG).unwrap()
}

/// A valid photo of exactly `len` bytes: one with comments after its first
/// marker.
pub(super) fn photo_of(len: usize) -> JpegPhoto {
    const HEAD: usize = 4;
    const LARGEST: usize = 0xFFFF + 2;
    let (start, rest) = JPEG.split_at(2);
    let mut bytes = start.to_vec();
    let mut missing = len - JPEG.len();
    while missing > 0 {
        // The rest after this one is nothing, or enough for a head.
        let size = if missing > LARGEST { (LARGEST).min(missing - HEAD) } else { missing };
        let length = u16::try_from(size - 2).unwrap();
        bytes.extend_from_slice(&[0xFF, 0xFE]);
        bytes.extend_from_slice(&length.to_be_bytes());
        bytes.resize(bytes.len() + size - HEAD, b' ');
        missing -= size;
    }
    bytes.extend_from_slice(rest);
    assert_eq!(bytes.len(), len);
    JpegPhoto::from_bytes(bytes).unwrap()
}

pub(super) fn server(steps: impl Into<Vec<Fault>>) -> Emulator {
    let emulator = Emulator::start().unwrap();
    emulator.play(steps.into());
    emulator
}

pub(super) fn ok() -> Fault {
    answer(200, &[], "")
}

pub(super) fn answer(status: u16, headers: &[(&str, &str)], body: impl AsRef<[u8]>) -> Fault {
    Fault::raw(Fault::response(status, headers, body))
}

/// A client of a server that sends [`TOKEN`] and retries nothing.
pub(super) fn builder(url: &str) -> ClientBuilder {
    GraphPhotoClient::builder()
        .token_provider(StaticToken::new(TOKEN))
        .base_url(format!("{url}/v1.0"))
        .retry_policy(RetryPolicy::never())
        // It only ends a test that hangs.
        .attempt_timeout(Duration::from_secs(30))
}

pub(super) fn client(server: &Emulator) -> GraphPhotoClient {
    builder(&server.url()).build().unwrap()
}

/// An HTTP client as a caller may make one.
pub(super) fn own_client() -> reqwest::ClientBuilder {
    // reqwest needs one even if no URL begins with `https`. Another test may have set it
    // already.
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder().no_proxy()
}

/// A client of the emulator.
pub(super) fn client_of(emulator: &Emulator, token: impl Into<String>) -> GraphPhotoClient {
    GraphPhotoClient::builder()
        .token_provider(StaticToken::new(token))
        .base_url(emulator.base_url())
        .build()
        .unwrap()
}

pub(super) async fn replace_me(client: &GraphPhotoClient) -> Result<UploadResponse, Error> {
    client.replace(&PhotoTarget::me(), &photo()).await
}

/// The outcome of an upload to a server with this one step.
pub(super) async fn outcome_of(step: Fault) -> Result<UploadResponse, Error> {
    let server = server([step]);
    let outcome = replace_me(&client(&server)).await;
    assert_eq!(server.requests().len(), 1);
    outcome
}

pub(super) async fn error_of(step: Fault) -> Error {
    outcome_of(step).await.unwrap_err()
}

/// The errors of uploads to a server with these steps.
pub(super) async fn errors_of(steps: impl IntoIterator<Item = Fault>) -> Vec<Error> {
    let steps: Vec<Fault> = steps.into_iter().collect();
    let (count, server) = (steps.len(), server(steps));
    let client = client(&server);
    let mut errors = Vec::new();
    for _ in 0..count {
        errors.push(replace_me(&client).await.unwrap_err());
    }
    assert_eq!(server.requests().len(), count);
    errors
}

/// The text of an operation's target, with `identifier(n)` as its n-th parameter.
pub(super) fn resource(template: &str, identifier: impl Fn(usize) -> String) -> String {
    let mut path = String::new();
    let mut parameters = 0..;
    for segment in template.split('/').skip(1) {
        path.push('/');
        if segment.starts_with('{') {
            path += &identifier(parameters.next().unwrap());
        } else {
            path += segment;
        }
    }
    path
}

/// A target for an operation, with plain identifiers.
pub(super) fn target(operation: Operation) -> PhotoTarget {
    resource(operation.path_template(), |n| format!("id-{n}")).parse().unwrap()
}

/// A place that can be connected to, but that nobody should connect to.
pub(super) struct Unvisited(TcpListener);

impl Unvisited {
    pub(super) fn new() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        Self(listener)
    }

    pub(super) fn url(&self) -> String {
        format!("http://{}", self.0.local_addr().unwrap())
    }

    pub(super) fn assert_unvisited(&self) {
        assert_eq!(self.0.accept().unwrap_err().kind(), ErrorKind::WouldBlock);
    }
}

/// Returns one token after the other, and records the requests.
#[derive(Clone, Default)]
pub(super) struct Tokens(Arc<Mutex<TokenLog>>);

#[derive(Default)]
struct TokenLog {
    answers: Vec<Result<String, &'static str>>,
    requests: Vec<(String, bool)>,
}

impl Tokens {
    pub(super) fn new(answers: &[Result<&str, &'static str>]) -> Self {
        let answers = answers.iter().rev().map(|answer| answer.map(str::to_owned)).collect();
        Self(Arc::new(Mutex::new(TokenLog { answers, requests: Vec::new() })))
    }

    /// Scope and `force_refresh` of each request.
    pub(super) fn requests(&self) -> Vec<(String, bool)> {
        self.0.lock().unwrap().requests.clone()
    }

    /// `force_refresh` of each request.
    pub(super) fn refreshes(&self) -> Vec<bool> {
        self.requests().into_iter().map(|(_, force_refresh)| force_refresh).collect()
    }
}

impl TokenProvider for Tokens {
    fn token<'a>(&'a self, request: TokenRequest<'a>) -> TokenFuture<'a> {
        let mut log = self.0.lock().unwrap();
        log.requests.push((request.scope.to_owned(), request.force_refresh));
        let answer = match log.answers.pop().expect("no more tokens than the test expects") {
            Ok(token) => AccessToken::new(token).map_err(TokenError::from),
            Err(message) => Err(message.into()),
        };
        Box::pin(std::future::ready(answer))
    }
}

/// Makes a subscriber see all that this thread traces, until the guard is dropped.
pub(super) fn subscribe(subscriber: impl Subscriber + Send + Sync) -> DefaultGuard {
    // While a process has only one subscriber, `tracing` never asks it about events that a
    // thread without one traced first. A second one for all threads avoids that.
    static FOR_ALL_THREADS: Once = Once::new();
    FOR_ALL_THREADS.call_once(|| {
        tracing::subscriber::set_global_default(tracing_subscriber::registry())
            .expect("no other test sets one");
    });
    tracing::subscriber::set_default(subscriber)
}

/// An error with its causes: one line each.
pub(super) fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        write!(text, "\n  caused by: {cause}").unwrap();
        next = cause.source();
    }
    text
}

/// The causes of an error repeat nothing of what it says itself.
pub(super) fn assert_no_repetition(error: &Error) {
    let text = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        assert!(!text.contains(&cause.to_string()), "`{cause}` is said twice by `{text}`");
        next = cause.source();
    }
}

/// Compares with a snapshot in which ids, ports and times are replaced.
macro_rules! assert_snapshot {
    ($text:expr) => {{
        let mut settings = insta::Settings::clone_current();
        settings.add_filter("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "[id]");
        settings.add_filter(r"127\.0\.0\.1:\d+", "[address]");
        settings.add_filter(r"os error \d+", "os error [number]");
        settings.add_filter(r"[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} [0-9:]{8} GMT", "[time]");
        settings.bind(|| insta::assert_snapshot!($text));
    }};
}
pub(super) use assert_snapshot;
