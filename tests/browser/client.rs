//! A client that is nothing but a socket: a test may send whatever it wants.

use std::{
    io::{Read as _, Write as _},
    net::TcpStream,
};

use graph_photo_emulator::{AccessToken, Emulator};

/// Sends a request on a connection of its own; returns status and head of the response.
pub(crate) fn send(
    emulator: &Emulator,
    method: &str,
    target: &str,
    headers: &[(&str, &str)],
    body: &[u8],
) -> (u16, String) {
    let headers: String =
        headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
    let head = format!(
        "{method} {target} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\nContent-Length: {}\r\n\
         {headers}\r\n",
        emulator.local_addr(),
        body.len(),
    );
    let mut stream = TcpStream::connect(emulator.local_addr()).unwrap();
    stream.write_all(&[head.as_bytes(), body].concat()).unwrap();
    let mut response = Vec::new();
    stream.read_to_end(&mut response).unwrap();
    let response = String::from_utf8_lossy(&response).into_owned();
    let status = response.split(' ').nth(1).unwrap().parse().unwrap();
    (status, response)
}

/// Uploads a photo to a resource, such as `/me`; returns the status.
pub(crate) fn upload(
    emulator: &Emulator,
    token: &AccessToken,
    resource: &str,
    photo: &[u8],
) -> u16 {
    let target = format!("/v1.0{resource}/photo/$value");
    let authorization = format!("Bearer {}", token.encode());
    let headers = [("Authorization", authorization.as_str()), ("Content-Type", "image/jpeg")];
    send(emulator, "PUT", &target, &headers, photo).0
}

/// Sends many requests on one connection; each is refused.
pub(crate) fn send_many(emulator: &Emulator, count: usize) {
    let mut stream = TcpStream::connect(emulator.local_addr()).unwrap();
    stream.set_nodelay(true).unwrap();
    let refused = |stream: &mut TcpStream| {
        let (mut head, mut byte) = (Vec::new(), [0]);
        while !head.ends_with(b"\r\n\r\n") {
            stream.read_exact(&mut byte).unwrap();
            head.push(byte[0]);
        }
        let head = String::from_utf8(head).unwrap().to_lowercase();
        let length = head.split("content-length: ").nth(1).unwrap().split("\r\n").next().unwrap();
        let mut body = vec![0; length.parse().unwrap()];
        stream.read_exact(&mut body).unwrap();
    };
    for number in 0..count {
        let get = format!("GET /v1.0/users/{number}/photo HTTP/1.1\r\nHost: a\r\n\r\n");
        stream.write_all(get.as_bytes()).unwrap();
        refused(&mut stream);
    }
}
