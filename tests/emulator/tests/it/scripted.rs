//! The misbehaving server misbehaves as told.

use std::{
    io::{self, ErrorKind},
    time::Duration,
};

use graph_photo_emulator::{ScriptedServer, Step};

use crate::raw::{Connection, exchange, request};

const BODY: &[u8] = b"0123456789";

fn put() -> Vec<u8> {
    let headers = [("Authorization", "Bearer secret"), ("X-A", " 1 "), ("x-a", "2")];
    request("PUT", "/a%2Fb/$value?q", &headers, BODY)
}

fn head_len() -> usize {
    put().len() - BODY.len()
}

fn start(steps: impl Into<Vec<Step>>) -> ScriptedServer {
    ScriptedServer::start(steps.into()).unwrap()
}

fn ok() -> Step {
    Step::respond(Step::response(200, &[], "fine"))
}

/// Sends an upload and reads until the server closes the connection.
fn all_of_it(server: &ScriptedServer) -> io::Result<Vec<u8>> {
    let mut connection = Connection::open(server.local_addr());
    connection.send(&put());
    connection.receive_until_closed()
}

#[test]
fn records_the_bytes_of_a_request() {
    let server = start([ok()]);
    let response = exchange(server.local_addr(), &put());
    assert_eq!((response.status, response.text()), (200, "fine"));

    let [request] = &server.requests()[..] else {
        panic!("one request");
    };
    assert_eq!([&request.head[..], &request.body].concat(), put());
    assert_eq!(request.request_line(), "PUT /a%2Fb/$value?q HTTP/1.1");
    assert_eq!(request.header("x-a"), ["1", "2"]);
    assert_eq!(request.header("x-b"), [""; 0]);
    assert_eq!(request.total_len(), put().len());
    assert_eq!(request.body, BODY);
}

#[test]
fn debug_keeps_the_token_secret() {
    let server = start([ok()]);
    exchange(server.local_addr(), &put());
    let printed = format!("{server:?} {:?}", server.requests());
    assert!(!printed.contains("secret"), "{printed}");
    assert!(printed.contains("[redacted]"), "{printed}");
}

#[test]
fn plays_step_after_step_on_one_connection_or_more() {
    let throttled = Step::response(429, &[("Retry-After", "7")], "");
    let server = start([Step::respond(throttled), ok(), ok()]);
    let unused = Connection::open(server.local_addr());
    let mut connection = Connection::open(server.local_addr());
    connection.send(&put());
    let response = connection.receive();
    assert_eq!((response.status, response.header("retry-after")), (429, Some("7")));
    connection.send(&put().repeat(2));
    assert_eq!(connection.receive().status, 200);
    assert_eq!(connection.receive().status, 200);

    let response = exchange(server.local_addr(), &put());
    assert_eq!((response.status, response.text()), (500, "script exhausted"));
    assert_eq!((server.requests().len(), server.connections()), (4, 2));
    drop(unused);
}

#[test]
fn closes_before_reading() {
    let server = start([Step::close_before_reading()]);
    // What the client sent is unread, so its connection is reset.
    assert_eq!(all_of_it(&server).unwrap_err().kind(), ErrorKind::ConnectionReset);
    assert_eq!(server.requests()[0].total_len(), 0);
}

#[test]
fn closes_after_the_head() {
    let server = start([Step::close_after_head()]);
    let mut connection = Connection::open(server.local_addr());
    connection.send(&put()[..head_len()]);
    assert_eq!(connection.receive_until_closed().unwrap(), b"");
    assert_eq!(server.requests()[0].total_len(), head_len());
}

#[test]
fn closes_in_the_body() {
    let server = start([Step::close_in_body(4)]);
    let mut connection = Connection::open(server.local_addr());
    connection.send(&put()[..head_len() + 4]);
    assert_eq!(connection.receive_until_closed().unwrap(), b"");
    assert_eq!(server.requests()[0].body, BODY[..4]);
}

#[test]
fn closes_after_the_request() {
    let server = start([Step::close_after_request()]);
    assert_eq!(all_of_it(&server).unwrap(), b"");
    assert_eq!(server.requests()[0].body, BODY);
}

#[test]
fn sends_half_a_response() {
    for half in [
        Step::response(200, &[], "0123456789").slice(..45),
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nff\r\n01234".as_slice().into(),
    ] {
        let server = start([Step::respond_then_close(half.clone())]);
        assert_eq!(all_of_it(&server).unwrap(), half);
    }
}

#[test]
fn responds_before_the_body() {
    let server = start([
        Step::respond_before_body(Step::response(413, &[], "")),
        ok(),
        Step::respond_before_body_then_close(Step::response(401, &[], "")),
    ]);
    let (request, head) = (put(), head_len());
    let mut connection = Connection::open(server.local_addr());
    connection.send(&request[..head]);
    assert_eq!(connection.receive().status, 413);
    assert_eq!(server.requests()[0].body, b"".as_slice());
    connection.send(&request[head..]);
    connection.send(&request);
    assert_eq!(connection.receive().status, 200);
    assert_eq!(server.requests()[0].body, BODY);

    connection.send(&request[..head]);
    assert_eq!(connection.receive().status, 401);
    assert_eq!(connection.receive_until_closed().unwrap(), b"");
}

#[tokio::test]
async fn is_silent_until_the_client_gives_up() {
    let server = start([Step::silence(), ok()]);
    let mut connection = Connection::open(server.local_addr());
    connection.send(&put());
    let requests = server.wait_for_requests(1).await;
    assert_eq!(requests[0].body, BODY);
    drop(connection);
    assert_eq!(exchange(server.local_addr(), &put()).status, 200);
}

#[tokio::test]
async fn records_what_arrived_before_the_client_gave_up() {
    let server = start([ok(), ok()]);
    for part in [head_len() - 5, head_len() + 5] {
        let mut connection = Connection::open(server.local_addr());
        connection.send(&put()[..part]);
        drop(connection);
        let requests = server.wait_for_requests(if part < head_len() { 1 } else { 2 }).await;
        assert_eq!(requests.last().unwrap().total_len(), part);
    }
}

#[test]
fn responds_drop_by_drop_and_in_bulk() {
    let bulk = vec![b'x'; 10_000_000];
    let server = start([
        Step::respond_slowly(Step::response(200, &[], "slow"), 7, Duration::from_millis(1)),
        Step::respond(Step::response(500, &[], &bulk)),
    ]);
    assert_eq!(exchange(server.local_addr(), &put()).text(), "slow");
    let response = exchange(server.local_addr(), &put());
    assert_eq!((response.status, response.body), (500, bulk));
}

#[tokio::test(start_paused = true)]
async fn a_paused_clock_does_not_reach_the_server() {
    let server = start([Step::silence()]);
    let mut connection = Connection::open(server.local_addr());
    connection.send(&put());
    tokio::time::sleep(Duration::from_secs(3600)).await;
    assert_eq!(server.wait_for_requests(1).await.len(), 1);
}
