//! A client that is nothing but a socket, so that what is sent is what the test
//! says.

use std::{
    fmt::Write as _,
    io::{self, Read as _, Write as _},
    net::{Shutdown, SocketAddr, TcpStream},
    time::Duration,
};

use graph_photo_emulator::{AccessToken, Emulator};

/// A small baseline JPEG.
pub(crate) const JPEG: &[u8] = include_bytes!("../fixtures/emulator-test.jpg");

/// Long enough for any answer; it only ends what would hang.
const TIMEOUT: Duration = Duration::from_secs(30);

pub(crate) fn emulator() -> Emulator {
    Emulator::start().unwrap()
}

/// The id of a directory role that may change the photos of others.
pub(crate) const ADMINISTRATOR: &str = "62e90394-69f5-4237-9190-012177145e10";

/// A token that suffices for every path of an administrator's own tenant.
pub(crate) fn token() -> AccessToken {
    AccessToken::delegated(["User.ReadWrite.All", "Group.ReadWrite.All", "Contacts.ReadWrite"])
        .directory_roles([ADMINISTRATOR])
}

pub(crate) fn bearer(token: &AccessToken) -> String {
    format!("Bearer {}", token.encode())
}

/// A request with a `Host`, the given headers and, unless they frame the body
/// themselves, a `Content-Length`.
pub(crate) fn request(
    method: &str,
    target: &str,
    headers: &[(&str, &str)],
    body: &[u8],
) -> Vec<u8> {
    let mut head = format!("{method} {target} HTTP/1.1\r\nHost: 127.0.0.1\r\n");
    for (name, value) in headers {
        write!(head, "{name}: {value}\r\n").unwrap();
    }
    let is_framed = headers.iter().any(|(name, _)| {
        ["content-length", "transfer-encoding"].contains(&name.to_lowercase().as_str())
    });
    if !is_framed && !matches!(method, "GET" | "HEAD") {
        write!(head, "Content-Length: {}\r\n", body.len()).unwrap();
    }
    [head.as_bytes(), b"\r\n", body].concat()
}

/// An upload as it should be.
pub(crate) fn upload(method: &str, target: &str, token: &AccessToken, body: &[u8]) -> Vec<u8> {
    let headers = [("Authorization", bearer(token)), ("Content-Type", "image/jpeg".to_owned())];
    let headers = headers.each_ref().map(|(name, value)| (*name, value.as_str()));
    request(method, target, &headers, body)
}

/// A `GET` of a path of the API, with a token.
pub(crate) fn get(target: &str, token: &AccessToken) -> Vec<u8> {
    request("GET", target, &[("Authorization", &bearer(token))], b"")
}

/// A request to the emulator itself.
pub(crate) fn control(emulator: &Emulator, method: &str, path: &str, body: &str) -> Response {
    let request = request(method, &format!("/_emulator/{path}"), &[], body.as_bytes());
    exchange(emulator.local_addr(), &request)
}

/// Sends one request on a connection of its own.
pub(crate) fn exchange(address: SocketAddr, request: &[u8]) -> Response {
    let mut connection = Connection::open(address);
    connection.send(request);
    connection.receive()
}

/// A connection to a server under test.
pub(crate) struct Connection {
    stream: TcpStream,
}

impl Connection {
    pub(crate) fn open(address: SocketAddr) -> Self {
        let stream = TcpStream::connect(address).unwrap();
        stream.set_read_timeout(Some(TIMEOUT)).unwrap();
        stream.set_write_timeout(Some(TIMEOUT)).unwrap();
        stream.set_nodelay(true).unwrap();
        Self { stream }
    }

    pub(crate) fn send(&mut self, bytes: &[u8]) {
        self.stream.write_all(bytes).unwrap();
    }

    pub(crate) fn try_send(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.stream.write_all(bytes)
    }

    /// Sends no more.
    pub(crate) fn finish(&self) {
        self.stream.shutdown(Shutdown::Write).unwrap();
    }

    /// A response with a `Content-Length`, or without a body.
    pub(crate) fn receive(&mut self) -> Response {
        self.receive_to("")
    }

    /// The response to a request with the given method.
    pub(crate) fn receive_to(&mut self, method: &str) -> Response {
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            let mut byte = [0];
            self.stream.read_exact(&mut byte).unwrap();
            head.push(byte[0]);
        }
        let mut response = Response::parse(&String::from_utf8(head).unwrap());
        let length = response.header("content-length").map_or(0, |value| value.parse().unwrap());
        if method != "HEAD" {
            response.body = vec![0; length];
            self.stream.read_exact(&mut response.body).unwrap();
        }
        response
    }

    pub(crate) fn read_exact(&mut self, bytes: &mut [u8]) -> io::Result<()> {
        self.stream.read_exact(bytes)
    }

    /// All that comes until the server closes the connection.
    pub(crate) fn receive_until_closed(&mut self) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        self.stream.read_to_end(&mut bytes)?;
        Ok(bytes)
    }
}

/// A response.
#[derive(Debug)]
pub(crate) struct Response {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Response {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(key, _)| key.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }

    pub(crate) fn text(&self) -> &str {
        str::from_utf8(&self.body).unwrap()
    }

    pub(crate) fn error(&self) -> serde_json::Value {
        let body: serde_json::Value = serde_json::from_slice(&self.body).unwrap();
        body["error"].clone()
    }

    fn parse(head: &str) -> Self {
        let mut lines = head.trim_end().split("\r\n");
        let status = lines.next().unwrap().split(' ').nth(1).unwrap();
        Self {
            status: status.parse().unwrap(),
            headers: lines
                .map(|line| line.split_once(": ").unwrap())
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .collect(),
            body: Vec::new(),
        }
    }
}
