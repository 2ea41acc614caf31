//! The emulator fails as told, and keeps every byte that it read.

use std::{
    io::{self, ErrorKind},
    time::Duration,
};

use graph_photo_emulator::{Emulator, Fault, Outcome, Rule};

use crate::raw::{
    Connection, JPEG, Response, bearer, control, emulator, exchange, request, token, upload,
};

const ME: &str = "/v1.0/me/photo/$value";
const BODY: &[u8] = b"0123456789";

/// A request that only a fault answers with success.
fn put() -> Vec<u8> {
    let headers = [("Authorization", "Bearer secret"), ("X-A", " 1 "), ("x-a", "2")];
    request("PUT", "/a%2Fb/$value?q", &headers, BODY)
}

fn head_len() -> usize {
    put().len() - BODY.len()
}

fn playing(faults: impl IntoIterator<Item = Fault>) -> Emulator {
    let emulator = emulator();
    emulator.play(faults);
    emulator
}

fn ok() -> Fault {
    Fault::status(200).body("fine")
}

fn send(emulator: &Emulator) -> Response {
    exchange(emulator.local_addr(), &put())
}

/// Sends an upload and reads until the emulator closes the connection.
fn all_of_it(emulator: &Emulator) -> io::Result<Vec<u8>> {
    let mut connection = Connection::open(emulator.local_addr());
    connection.send(&put());
    connection.receive_until_closed()
}

#[test]
fn record_the_bytes_of_a_request() {
    let emulator = playing([ok()]);
    let response = send(&emulator);
    assert_eq!((response.status, response.text()), (200, "fine"));

    let [request] = &emulator.requests()[..] else {
        panic!("one request");
    };
    assert_eq!([&request.head[..], &request.body].concat(), put());
    assert_eq!(request.request_line(), "PUT /a%2Fb/$value?q HTTP/1.1");
    assert_eq!(request.header("x-a"), ["1", "2"]);
    assert_eq!(request.header("x-b"), [""; 0]);
    assert_eq!(request.wire_bytes, put().len() as u64);
    assert_eq!(request.body, BODY);
    assert_eq!((request.outcome, request.status), (Outcome::Fault, Some(200)));
    assert_eq!(request.why, "status=200;body=fine");
}

#[test]
fn keep_the_token_secret() {
    let emulator = playing([ok()]);
    send(&emulator);
    let printed = format!("{emulator:?} {:?} {}", emulator.requests(), emulator.requests()[0]);
    assert!(!printed.contains("secret"), "{printed}");
    assert!(printed.contains("[redacted]"), "{printed}");
}

#[test]
fn are_played_one_after_the_other_on_one_connection_or_more() {
    let throttled = Fault::status(429).retry_after(Duration::from_secs(7));
    let emulator = playing([throttled, ok(), ok()]);
    let unused = Connection::open(emulator.local_addr());
    let mut connection = Connection::open(emulator.local_addr());
    connection.send(&put());
    let response = connection.receive();
    assert_eq!((response.status, response.header("retry-after")), (429, Some("7")));
    assert_eq!(response.error()["code"], "TooManyRequests");
    connection.send(&put().repeat(2));
    assert_eq!(connection.receive().status, 200);
    assert_eq!(connection.receive().status, 200);

    let response = send(&emulator);
    assert_eq!((response.status, response.text()), (500, "script exhausted"));
    assert_eq!((emulator.requests().len(), emulator.connections()), (4, 2));
    drop(unused);
}

#[test]
fn reset_before_the_body() {
    let emulator = playing([Fault::reset_before_body()]);
    assert_eq!(all_of_it(&emulator).unwrap_err().kind(), ErrorKind::ConnectionReset);
    let request = &emulator.requests()[0];
    assert_eq!((request.wire_bytes, request.status), (head_len() as u64, None));
}

#[test]
fn reset_during_and_after_the_body() {
    for (fault, body) in
        [(Fault::reset_during_body(), &BODY[..1]), (Fault::reset_after_body(), BODY)]
    {
        let emulator = playing([fault]);
        assert_eq!(all_of_it(&emulator).unwrap_err().kind(), ErrorKind::ConnectionReset);
        assert_eq!(emulator.requests()[0].body, body);
    }
}

#[test]
fn close_in_order() {
    for (sent, fault, body) in [
        (head_len(), Fault::close().before_body(), b"".as_slice()),
        (head_len() + 4, Fault::close().in_body(4), &BODY[..4]),
        (put().len(), Fault::close(), BODY),
    ] {
        let emulator = playing([fault]);
        let mut connection = Connection::open(emulator.local_addr());
        connection.send(&put()[..sent]);
        assert_eq!(connection.receive_until_closed().unwrap(), b"");
        assert_eq!(emulator.requests()[0].body, body);
    }
}

#[test]
fn store_the_photo_and_lose_the_answer() {
    let emulator = emulator();
    emulator.fail_next(1, Fault::answer_lost());
    let mut connection = Connection::open(emulator.local_addr());
    connection.send(&upload("PUT", ME, &token(), JPEG));
    let error = connection.receive_until_closed().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::ConnectionReset);
    assert_eq!(emulator.photo("/me").unwrap(), JPEG);
    let request = &emulator.requests()[0];
    assert_eq!((request.outcome, request.status), (Outcome::Stored, None));
}

#[test]
fn send_half_an_answer_or_any_bytes() {
    let half = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nff\r\n01234".as_slice();
    let emulator = playing([Fault::raw(half).then_close(), Fault::raw("\0nonsense").then_close()]);
    assert_eq!(all_of_it(&emulator).unwrap(), half);
    assert_eq!(all_of_it(&emulator).unwrap(), b"\0nonsense");

    let emulator = playing([Fault::truncated(503)]);
    let answer = String::from_utf8(all_of_it(&emulator).unwrap()).unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    let length = head.split("Content-Length: ").nth(1).unwrap();
    let length: usize = length.lines().next().unwrap().parse().unwrap();
    assert_eq!(body.len(), length / 2);
}

#[test]
fn send_no_body_where_there_is_none() {
    let large = Fault::truncated(503).body(vec![b'0'; 100_000]);
    let emulator = playing([large, Fault::status(204).body("x"), ok()]);
    let mut connection = Connection::open(emulator.local_addr());
    connection.send(&request("HEAD", ME, &[], b""));
    assert_eq!(connection.receive_to("HEAD").status, 503);
    assert_eq!(connection.receive_until_closed().unwrap(), b"");

    let mut connection = Connection::open(emulator.local_addr());
    connection.send(&put());
    let response = connection.receive();
    assert_eq!((response.status, response.header("content-length")), (204, None));
    connection.send(&put());
    assert_eq!(connection.receive().text(), "fine");
}

#[test]
fn send_without_end() {
    let emulator = playing([Fault::endless(500)]);
    let mut connection = Connection::open(emulator.local_addr());
    connection.send(&put());
    let mut bytes = vec![0; 1_000_000];
    connection.read_exact(&mut bytes).unwrap();
    assert!(String::from_utf8_lossy(&bytes).starts_with("HTTP/1.1 500 "));
    drop(connection);
    assert_eq!(send(&emulator).text(), "script exhausted");
}

#[test]
fn answer_before_the_body() {
    let emulator = playing([
        Fault::status(413).before_body(),
        ok(),
        Fault::status(401).before_body().then_close(),
    ]);
    let (request, head) = (put(), head_len());
    let mut connection = Connection::open(emulator.local_addr());
    connection.send(&request[..head]);
    assert_eq!(connection.receive().status, 413);
    assert_eq!(emulator.requests()[0].body, b"".as_slice());
    connection.send(&request[head..]);
    connection.send(&request);
    assert_eq!(connection.receive().status, 200);
    assert_eq!(emulator.requests()[0].body, BODY);
    assert_eq!(emulator.requests()[0].wire_bytes, request.len() as u64);

    connection.send(&request[..head]);
    assert_eq!(connection.receive().status, 401);
    assert_eq!(connection.receive_until_closed().unwrap(), b"");
}

#[test]
fn come_in_every_form_that_gateways_have() {
    let emulator = playing([
        Fault::html(503).retry_after(Duration::from_millis(1500)),
        Fault::empty(502),
        Fault::json_in_json(500),
        Fault::redirect("http://127.0.0.1:9/elsewhere"),
        Fault::expired_token(),
        Fault::status(418).code("Odd").message("odder").header("X-Odd", "a\r\nb: c"),
    ]);
    let html = send(&emulator);
    assert_eq!((html.status, html.header("content-type")), (503, Some("text/html")));
    assert_eq!(html.header("retry-after"), Some("2"));
    let empty = send(&emulator);
    assert_eq!((empty.status, empty.text()), (502, ""));
    let nested = send(&emulator).error();
    let message: serde_json::Value =
        serde_json::from_str(nested["message"].as_str().unwrap()).unwrap();
    assert_eq!(
        (&nested["code"], &message["errorCode"]),
        (&"UnknownError".into(), &"Emulated".into())
    );
    let redirect = send(&emulator);
    let elsewhere = Some("http://127.0.0.1:9/elsewhere");
    assert_eq!((redirect.status, redirect.header("location")), (307, elsewhere));
    let expired = send(&emulator);
    assert!(expired.header("www-authenticate").is_some());
    assert_eq!(expired.error()["code"], "InvalidAuthenticationToken");
    let odd = send(&emulator);
    assert_eq!((odd.status, odd.header("x-odd"), odd.header("b")), (418, Some("a  b: c"), None));
    assert_eq!((&odd.error()["code"], &odd.error()["message"]), (&"Odd".into(), &"odder".into()));
}

#[test]
fn fall_silent_until_the_client_gives_up() {
    let emulator = playing([Fault::silence(), ok()]);
    let mut connection = Connection::open(emulator.local_addr());
    connection.send(&put());
    assert!(emulator.wait_for(1, Duration::from_secs(30)));
    assert_eq!(emulator.requests()[0].body, BODY);
    drop(connection);
    assert_eq!(send(&emulator).status, 200);
}

#[tokio::test]
async fn what_arrived_before_the_client_gave_up_is_recorded() {
    let emulator = playing([ok()]);
    for (count, part) in [(1, head_len() - 5), (2, head_len() + 5)] {
        let mut connection = Connection::open(emulator.local_addr());
        connection.send(&put()[..part]);
        drop(connection);
        let requests = emulator.wait_for_requests(count).await;
        let request = requests.last().unwrap();
        assert_eq!(request.head.len() + request.body.len(), part);
        assert_eq!(request.wire_bytes, part as u64);
    }
}

#[test]
fn come_drop_by_drop_late_and_in_bulk() {
    let bulk = vec![b'x'; 10_000_000];
    let pause = Duration::from_millis(1);
    let emulator = playing([
        ok().slowly(7, pause).delayed(pause),
        Fault::status(500).body(bulk.clone()),
        Fault::delay(pause),
    ]);
    assert_eq!(send(&emulator).text(), "fine");
    let response = send(&emulator);
    assert_eq!((response.status, response.body), (500, bulk));
    assert_eq!(emulator.requests()[1].why, "status=500;body=(10000000 bytes)");
    // It is judged, though later.
    assert_eq!(send(&emulator).status, 401);
    assert_eq!(emulator.requests()[2].outcome, Outcome::Refused);
    assert_eq!(
        emulator.requests()[2].why,
        "CompactToken parsing failed with error code: 80049217; with the fault delay=1ms"
    );
}

#[tokio::test(start_paused = true)]
async fn a_paused_clock_does_not_reach_the_emulator() {
    let emulator = playing([Fault::silence()]);
    let mut connection = Connection::open(emulator.local_addr());
    connection.send(&put());
    tokio::time::sleep(Duration::from_secs(3600)).await;
    assert_eq!(emulator.wait_for_requests(1).await.len(), 1);
}

#[test]
fn come_by_rule() {
    let emulator = Emulator::builder()
        .fail_with("target=/users/*;method=patch;every=2;times=2;html=503".parse().unwrap())
        .start()
        .unwrap();
    emulator.fail_with(Rule::new(Fault::empty(502)).target("/groups/g"));
    let status = |method: &str, target: &str| {
        let target = format!("/v1.0{target}/photo/$value");
        exchange(emulator.local_addr(), &upload(method, &target, &token(), JPEG)).status
    };
    let patches: Vec<u16> = (0..7).map(|_| status("PATCH", "/users/u")).collect();
    assert_eq!(patches, [200, 503, 200, 503, 200, 200, 200]);
    assert_eq!(status("PUT", "/Users/u"), 200);
    assert_eq!((status("PUT", "/groups/g"), status("PUT", "/groups/h")), (502, 200));

    emulator.fail_next(1, Fault::status(504));
    assert_eq!((status("PUT", "/groups/g"), status("PUT", "/groups/g")), (504, 502));
    emulator.reset();
    assert_eq!(status("PUT", "/groups/g"), 200);
}

#[test]
fn come_by_chance_as_the_seed_says() {
    let statuses = |seed: u64| -> Vec<u16> {
        let emulator = Emulator::builder()
            .seed(seed)
            .fail_with(Rule::new(Fault::status(503)).chance(0.5))
            .start()
            .unwrap();
        let mut connection = Connection::open(emulator.local_addr());
        let mut status = || {
            connection.send(&upload("PUT", ME, &token(), JPEG));
            connection.receive().status
        };
        (0..40).map(|_| status()).collect()
    };
    let first = statuses(1);
    assert_eq!(first, statuses(1));
    assert_ne!(first, statuses(2));
    assert!(first.contains(&200) && first.contains(&503), "{first:?}");
}

#[test]
fn that_cannot_be_meant_are_named_to_the_client() {
    let emulator = playing([Fault::status(9)]);
    let response = send(&emulator);
    assert_eq!(response.status, 400);
    assert!(response.text().contains("`status` must be a status from 200 to 599"));
}

#[test]
fn come_by_a_header_of_the_request() {
    let emulator = emulator();
    let authorization = bearer(&token());
    let fault = |fault: &str| {
        let headers = [
            ("Authorization", authorization.as_str()),
            ("Content-Type", "image/jpeg"),
            ("X-Emulator-Fault", fault),
        ];
        exchange(emulator.local_addr(), &request("PUT", ME, &headers, JPEG))
    };
    let throttled = fault("status=429;retry-after=1");
    assert_eq!((throttled.status, throttled.header("retry-after")), (429, Some("1")));
    assert_eq!(fault("delay=1ms").status, 200);
    let misspelt = fault("staus=429");
    assert_eq!(misspelt.status, 400);
    assert!(misspelt.text().contains("`staus` is not a fault item"), "{}", misspelt.text());
}

#[test]
fn a_rule_that_could_never_apply_is_refused() {
    let emulator = emulator();
    for (rule, reason) in [
        ("every=0;status=503", "`every` must be 1 or more"),
        ("times=0;status=503", "`times` must be 1 or more"),
        ("chance=0;status=503", "`chance` must be above 0, and at most 1"),
        ("chance=2;status=503", "`chance` must be above 0, and at most 1"),
        ("chance=nan;status=503", "`chance` must be above 0, and at most 1"),
        ("target=me;status=503", "`target` must begin with `/` or `*`"),
    ] {
        let refused = control(&emulator, "POST", "faults", rule);
        assert_eq!(refused.status, 400, "{rule}");
        assert!(refused.text().contains(reason), "{rule}: {}", refused.text());
    }
    assert_eq!(control(&emulator, "POST", "faults", "target=*;chance=1;status=503").status, 200);
}
