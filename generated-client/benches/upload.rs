//! Compares the CPU time of an upload over loopback with the same one written by hand with
//! reqwest and with hyper.
//!
//! `cargo bench --package graph-photo-client --bench upload`
//!
//! All three send the same request, with headers, token, id and a time limit (except hyper).
//! The one with reqwest is the usual code: reqwest's default retries, which copy each request,
//! and `bearer_auth`, which formats the token each time. They take turns of some milliseconds
//! in changing order, so that other load affects all three, and the median of the ratios
//! counts.

use std::{
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::{SocketAddr, TcpListener, TcpStream},
    thread,
    time::Duration,
};

use bytes::Bytes;
use cpu_time::ThreadTime;
use futures_util::future::join_all;
use graph_photo_client::{GraphPhotoClient, JpegPhoto, PhotoTarget, StaticToken};
use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HOST, USER_AGENT};
use http_body_util::{BodyExt as _, Full};
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper_util::rt::TokioIo;
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};

/// The usual length of Entra's tokens for work accounts.
const TOKEN_BYTES: usize = 2_000;
/// How often each is measured.
const TURNS: usize = 300;
/// How much each sends in a turn, but at least one upload.
const TURN_BYTES: usize = 8 * 1024 * 1024;
/// What all three send besides the photo and its type.
const PRODUCT: &str = "graph-photo-client/0.1.0";
const CLIENT_REQUEST_ID: &str = "client-request-id";
const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(180);
const USER: &str = "user@contoso.com";
/// What must be encoded for an id to stay in its path segment.
const NOT_IN_SEGMENTS: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'%')
    .add(b'/')
    .add(b'<')
    .add(b'>')
    .add(b'?')
    .add(b'\\')
    .add(b'`')
    .add(b'{')
    .add(b'}');

fn main() {
    let server = start_server();
    // One thread, whose CPU time is only the client's.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.expect("a runtime can be made");
    println!(
        "{:>10} {:>11} {:>16} {:>14}",
        "bytes", "concurrent", "wrapper/reqwest", "hyper/reqwest"
    );
    for bytes in [64 * 1024, 3_670_016] {
        for concurrent in [1, 16] {
            let uploads = (TURN_BYTES / bytes / concurrent).max(1);
            let setting = Setting { server, concurrent, uploads, photo: photo(bytes) };
            let (wrapper, hyper) = runtime.block_on(measure(&setting));
            println!("{bytes:>10} {concurrent:>11} {wrapper:>16.3} {hyper:>14.3}");
        }
    }
}

/// One row of the table.
struct Setting {
    server: SocketAddr,
    /// How many uploads are under way at once.
    concurrent: usize,
    /// How many follow each other in a turn.
    uploads: usize,
    photo: JpegPhoto,
}

/// The CPU times of the wrapper and of hyper, divided by reqwest's.
async fn measure(setting: &Setting) -> (f64, f64) {
    let token = "t".repeat(TOKEN_BYTES);
    let wrapper = GraphPhotoClient::builder()
        .token_provider(StaticToken::new(&token))
        .base_url(format!("http://{}/v1.0", setting.server))
        .build()
        .expect("the base URL is on this machine");
    // reqwest needs a provider, although nothing here is encrypted.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let reqwest = reqwest::Client::builder()
        .timeout(ATTEMPT_TIMEOUT)
        .user_agent(PRODUCT)
        .no_proxy()
        .build()
        .expect("a client can be made");
    let mut connections = join_all((0..setting.concurrent).map(|_| connect(setting.server))).await;

    let mut ratios = [Vec::new(), Vec::new()];
    for turn in 0..=TURNS {
        let mut times = [Duration::ZERO; 3];
        for contender in (0..3).map(|place| (turn + place) % 3) {
            times[contender] = match contender {
                0 => cpu_time(all(setting, || with_reqwest(&reqwest, setting, &token))).await,
                1 => cpu_time(all(setting, || with_wrapper(&wrapper, setting))).await,
                _ => {
                    let uploads = connections.iter_mut();
                    let uploads = uploads.map(|connection| with_hyper(connection, setting, &token));
                    cpu_time(join_all(uploads)).await
                }
            };
        }
        let [reqwest, others @ ..] = times.map(|time| time.as_secs_f64());
        // The first turn connects and warms up.
        if turn > 0 {
            ratios.iter_mut().zip(others).for_each(|(ratios, time)| ratios.push(time / reqwest));
        }
    }
    let [wrapper, hyper] = ratios.map(median);
    (wrapper, hyper)
}

fn median(mut numbers: Vec<f64>) -> f64 {
    numbers.sort_by(f64::total_cmp);
    numbers[numbers.len() / 2]
}

/// Runs the uploads of a setting at once.
async fn all<F: Future<Output = ()>>(setting: &Setting, uploads: impl Fn() -> F) {
    join_all((0..setting.concurrent).map(|_| uploads())).await;
}

async fn cpu_time<T>(work: impl Future<Output = T>) -> Duration {
    let start = ThreadTime::now();
    work.await;
    start.elapsed()
}

async fn with_wrapper(client: &GraphPhotoClient, setting: &Setting) {
    let target = PhotoTarget::user(USER).expect("the id is one");
    for _ in 0..setting.uploads {
        client.replace(&target, &setting.photo).await.expect("the server takes all");
    }
}

async fn with_reqwest(client: &reqwest::Client, setting: &Setting, token: &str) {
    for _ in 0..setting.uploads {
        let response = client
            // It differs for each user.
            .put(format!("http://{}{}", setting.server, path(USER)))
            .bearer_auth(token)
            .header(ACCEPT, "application/json")
            .header(CONTENT_TYPE, "image/jpeg")
            .header(CLIENT_REQUEST_ID, request_id())
            .body(setting.photo.bytes().clone())
            .send()
            .await
            .expect("the server takes all");
        assert!(response.status().is_success());
    }
}

async fn connect(server: SocketAddr) -> SendRequest<Full<Bytes>> {
    let stream = tokio::net::TcpStream::connect(server).await.expect("the server is there");
    let (sender, connection) = handshake(TokioIo::new(stream)).await.expect("it speaks HTTP");
    tokio::spawn(connection);
    sender
}

async fn with_hyper(connection: &mut SendRequest<Full<Bytes>>, setting: &Setting, token: &str) {
    for _ in 0..setting.uploads {
        let request = http::Request::put(path(USER))
            .header(HOST, setting.server.to_string())
            .header(AUTHORIZATION, format!("Bearer {token}"))
            .header(ACCEPT, "application/json")
            .header(CONTENT_TYPE, "image/jpeg")
            .header(USER_AGENT, PRODUCT)
            .header(CLIENT_REQUEST_ID, request_id())
            .body(Full::new(setting.photo.bytes().clone()))
            .expect("the request is one");
        connection.ready().await.expect("the server keeps its connections");
        let response = connection.send_request(request).await.expect("the server takes all");
        assert!(response.status().is_success());
        response.into_body().collect().await.expect("the answer has no body");
    }
}

/// The path of a user's photo.
fn path(user: &str) -> String {
    format!("/v1.0/users/{}/photo/$value", utf8_percent_encode(user, NOT_IN_SEGMENTS))
}

/// A random GUID, as Graph asks for one with each request.
fn request_id() -> String {
    let mut random = [0; 16];
    fastrand::fill(&mut random);
    uuid::Builder::from_random_bytes(random).into_uuid().to_string()
}

/// A photo of about `bytes` bytes: a small one, filled up with comments.
fn photo(bytes: usize) -> JpegPhoto {
    const SMALL: &[u8] = include_bytes!("../../tests/fixtures/baseline.jpg");
    const COMMENT_BYTES: usize = 60_000;
    let (start, rest) = SMALL.split_at(2);
    let mut jpeg = start.to_vec();
    while jpeg.len() + rest.len() < bytes {
        let length = COMMENT_BYTES.min(bytes - jpeg.len() - rest.len()).max(2);
        jpeg.extend([0xFF, 0xFE]);
        jpeg.extend(u16::try_from(length).expect("it fits a segment").to_be_bytes());
        jpeg.resize(jpeg.len() + length - 2, b'.');
    }
    jpeg.extend(rest);
    JpegPhoto::from_bytes(jpeg).expect("comments may be anywhere")
}

/// A server that accepts everything; its threads are not measured.
fn start_server() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").expect("loopback is there");
    let address = listener.local_addr().expect("it is bound");
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            thread::spawn(move || serve(stream));
        }
    });
    address
}

/// Answers the requests of a connection until it is closed.
fn serve(mut stream: TcpStream) -> std::io::Result<()> {
    let mut reader = BufReader::with_capacity(256 * 1024, stream.try_clone()?);
    let mut line = String::new();
    let mut length = 0;
    while reader.read_line(&mut line)? > 0 {
        let (name, value) = line.split_once(':').unwrap_or_default();
        if name.eq_ignore_ascii_case("content-length") {
            length = value.trim().parse().unwrap_or_default();
        }
        if line == "\r\n" {
            std::io::copy(&mut reader.by_ref().take(length), &mut std::io::sink())?;
            stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n")?;
        }
        line.clear();
    }
    Ok(())
}
