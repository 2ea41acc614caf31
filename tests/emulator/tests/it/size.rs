//! The size limit, counted on the wire.

use graph_photo_codegen::api::Api;
use graph_photo_emulator::{Emulator, built_in_api};

use crate::raw::{Connection, JPEG, bearer, emulator, exchange, request, token, upload};

const ME: &str = "/v1.0/me/photo/$value";
const LIMIT: usize = 4 * 1024 * 1024 - 1;

fn padded(len: usize) -> Vec<u8> {
    let mut photo = JPEG.to_vec();
    photo.resize(len, 0);
    photo
}

/// An upload of exactly `len` bytes, all told.
fn upload_of(len: usize) -> Vec<u8> {
    let overhead = upload("PUT", ME, &token(), &padded(len)).len() - len;
    let upload = upload("PUT", ME, &token(), &padded(len - overhead));
    assert_eq!(upload.len(), len);
    upload
}

#[test]
fn the_whole_request_counts() {
    let emulator = emulator();
    for (len, status) in [(LIMIT - 1, 200), (LIMIT, 200), (LIMIT + 1, 413)] {
        let response = exchange(emulator.local_addr(), &upload_of(len));
        assert_eq!(response.status, status, "{len} bytes");
        assert_eq!(emulator.requests().pop().unwrap().wire_bytes, len as u64);
    }
}

#[test]
fn the_framing_of_chunks_counts() {
    let emulator =
        Emulator::builder().api(Api { max_request_bytes: 4096, ..built_in_api() }).start().unwrap();
    let authorization = bearer(&token());
    let headers = [
        ("Authorization", authorization.as_str()),
        ("Content-Type", "image/jpeg"),
        ("Transfer-Encoding", "chunked"),
    ];
    let framed = |len: usize| {
        let photo = padded(len);
        let (first, second) = photo.split_at(100);
        let frame = |chunk: &[u8]| {
            let size = format!("{:x}\r\n", chunk.len());
            [size.as_bytes(), chunk, b"\r\n"].concat()
        };
        let body = [frame(first), frame(second), frame(b"")].concat();
        request("PUT", ME, &headers, &body)
    };
    let overhead = framed(2500).len() - 2500;
    for (len, status) in [(4095, 200), (4096, 200), (4097, 413)] {
        let request = framed(len - overhead);
        assert_eq!(request.len(), len);
        assert_eq!(exchange(emulator.local_addr(), &request).status, status);
        assert_eq!(emulator.requests().pop().unwrap().wire_bytes, len as u64);
    }
}

#[test]
fn a_large_request_is_read_to_its_end_and_the_connection_kept() {
    let emulator = emulator();
    let mut connection = Connection::open(emulator.local_addr());
    for (len, status) in [(2 * LIMIT, 413), (20_000, 200)] {
        connection.send(&upload_of(len));
        assert_eq!(connection.receive().status, status);
    }
    let requests = emulator.requests();
    assert_eq!(requests[0].wire_bytes, 2 * LIMIT as u64);
    assert_eq!(requests[0].body.len(), LIMIT);
    assert_eq!(requests[1].wire_bytes, 20_000);
}

#[test]
fn a_request_without_end_is_cut_off() {
    let emulator = emulator();
    let authorization = bearer(&token());
    let headers = [
        ("Authorization", authorization.as_str()),
        ("Content-Type", "image/jpeg"),
        ("Content-Length", "1000000000000"),
    ];
    let mut connection = Connection::open(emulator.local_addr());
    connection.send(&request("PUT", ME, &headers, b""));
    let mebibyte = vec![0; 1024 * 1024];
    let is_cut_off = (0..1024).any(|_| connection.try_send(&mebibyte).is_err());
    assert!(is_cut_off);
    assert_eq!(emulator.requests()[0].status, Some(413));
}
