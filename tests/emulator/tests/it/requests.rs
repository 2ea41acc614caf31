//! Connections: many at once, many requests on one, and what is recorded.

use std::{io::ErrorKind, thread};

use graph_photo_emulator::{AccessToken, Emulator};

use crate::raw::{Connection, JPEG, bearer, emulator, exchange, get, request, token, upload};

const ME: &str = "/v1.0/me/photo/$value";

#[test]
fn one_connection_serves_many_requests() {
    let emulator = emulator();
    let mut connection = Connection::open(emulator.local_addr());
    for method in ["PUT", "PATCH", "DELETE", "HEAD", "GET"] {
        let sent = upload(method, ME, &token(), if method.starts_with('P') { JPEG } else { b"" });
        connection.send(&sent);
        let response = connection.receive_to(method);
        assert_eq!(response.status, if method == "DELETE" { 405 } else { 200 });
        let recorded = emulator.requests().pop().unwrap();
        assert_eq!(recorded.method, method);
        assert_eq!(recorded.wire_bytes, sent.len() as u64);
    }
}

#[test]
fn many_connections_at_once() {
    let emulator = emulator();
    let address = emulator.local_addr();
    thread::scope(|scope| {
        for user in 0..16 {
            scope.spawn(move || {
                let token = AccessToken::application(["User.ReadWrite.All"]);
                let mut connection = Connection::open(address);
                for photo in 0..10 {
                    let target = format!("/v1.0/users/{user}-{photo}/photo/$value");
                    let bytes = [JPEG, target.as_bytes()].concat();
                    connection.send(&upload("PUT", &target, &token, &bytes));
                    assert_eq!(connection.receive().status, 200);
                }
            });
        }
    });
    let requests = emulator.requests();
    assert_eq!(requests.len(), 160);
    for request in requests {
        let path = request.target.strip_prefix("/v1.0").unwrap();
        assert_eq!(emulator.photo(path).unwrap(), request.body);
        assert!(request.body.ends_with(request.target.as_bytes()));
    }
}

#[test]
fn headers_are_recorded_as_they_were_sent() {
    let emulator = emulator();
    let headers = [("X-One", "1"), ("x-TWO", " 2"), ("X-One", "3")];
    exchange(emulator.local_addr(), &request("GET", ME, &headers, b""));
    let recorded = emulator.requests().pop().unwrap();
    let names: Vec<&str> = recorded.headers.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["Host", "X-One", "x-TWO", "X-One"]);
    assert_eq!(recorded.header("x-one"), ["1", "3"]);
    assert_eq!(recorded.header("x-two"), ["2"]);
}

#[test]
fn a_client_that_waits_to_continue_is_answered_before_it_sends_the_body() {
    let emulator = emulator();
    let authorization = bearer(&token());
    let length = JPEG.len().to_string();
    let headers = [
        ("Content-Type", "image/jpeg"),
        ("Content-Length", &length),
        ("Expect", "100-continue"),
        ("Authorization", &authorization),
    ];
    let mut connection = Connection::open(emulator.local_addr());
    connection.send(&request("PUT", ME, &headers, b""));
    assert_eq!(connection.receive().status, 100);
    connection.send(JPEG);
    assert_eq!(connection.receive().status, 200);

    let mut connection = Connection::open(emulator.local_addr());
    connection.send(&request("PUT", ME, &headers[..3], b""));
    let response = connection.receive();
    assert_eq!(response.status, 401);
    assert_eq!(response.header("connection"), Some("close"));
    assert_eq!(connection.receive_until_closed().unwrap(), b"");
}

#[test]
fn pipelined_requests_are_told_apart() {
    let emulator = emulator();
    let mut connection = Connection::open(emulator.local_addr());
    let (upload, get) = (upload("PUT", ME, &token(), JPEG), get(ME, &token()));
    connection.send(&[upload.clone(), get.clone(), upload.clone()].concat());
    for body in [b"".as_slice(), JPEG, b""] {
        let response = connection.receive();
        assert_eq!((response.status, response.body.as_slice()), (200, body));
    }
    let sizes: Vec<u64> = emulator.requests().iter().map(|request| request.wire_bytes).collect();
    assert_eq!(sizes, [&upload, &get, &upload].map(|request| request.len() as u64));
}

#[test]
fn dropping_stops_the_server() {
    let emulator = emulator();
    let address = emulator.local_addr();
    let mut connection = Connection::open(address);
    connection.send(&request("GET", "/", &[], b""));
    assert_eq!(connection.receive().status, 200);
    drop(emulator);
    assert_eq!(connection.receive_until_closed().unwrap(), b"");
    assert!(std::net::TcpStream::connect(address).is_err());
}

#[test]
fn a_port_in_use_is_an_error() {
    let emulator = emulator();
    let port = emulator.local_addr().port();
    let error = Emulator::builder().port(port).start().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::AddrInUse);
}

#[tokio::test]
async fn running_serves_until_it_is_cancelled() {
    let emulator = emulator();
    let address = emulator.local_addr();
    let running = tokio::spawn(emulator.run());
    let status = |request: Vec<u8>| exchange(address, &request).status;
    assert_eq!(status(upload("PUT", ME, &token(), JPEG)), 200);
    assert_eq!(status(get(ME, &token())), 200);

    running.abort();
    assert!(running.await.unwrap_err().is_cancelled());
    assert!(std::net::TcpStream::connect(address).is_err());
}

/// Whatever arrives, the emulator lives on.
#[test]
fn malformed_requests_are_refused_one_by_one() {
    let emulator = emulator();
    let valid = upload("PUT", ME, &token(), JPEG);
    for position in (0..valid.len() - JPEG.len()).step_by(7) {
        for byte in [0, b'\n', b'\r', b' ', b':', 0xff] {
            let mut sent = valid.clone();
            sent[position] = byte;
            let mut connection = Connection::open(emulator.local_addr());
            connection.send(&sent);
            connection.finish();
            let answer = connection.receive_until_closed().unwrap_or_default();
            assert!(answer.is_empty() || answer.starts_with(b"HTTP/1.1 "), "{position} {byte}");
        }
    }
    for head in ["\r\n\r\n", "PUT\n\n", "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"] {
        let response = exchange(emulator.local_addr(), head.as_bytes());
        assert_eq!((response.status, response.header("connection")), (400, Some("close")));
    }
    assert_eq!(exchange(emulator.local_addr(), &valid).status, 200);
}

#[test]
fn the_oldest_requests_are_forgotten() {
    let emulator = Emulator::builder().record_limit(2).start().unwrap();
    let mut connection = Connection::open(emulator.local_addr());
    for _ in 0..3 {
        connection.send(&get(ME, &token()));
        assert_eq!(connection.receive().status, 404);
    }
    let numbers: Vec<u64> = emulator.requests().iter().map(|request| request.number).collect();
    assert_eq!(numbers, [2, 3]);
    assert!(emulator.wait_for(3, std::time::Duration::ZERO));
    assert!(!emulator.wait_for(4, std::time::Duration::ZERO));
}
