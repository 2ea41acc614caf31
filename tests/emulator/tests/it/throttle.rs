//! Graph's limits, on a clock that a test moves.

use std::time::Duration;

use graph_photo_emulator::{AccessToken, Emulator, Fault, Outcome, RecordedRequest, Throttle};

use crate::raw::{Connection, JPEG, Response, emulator, exchange, get, token, upload};

const ME: &str = "/v1.0/me/photo/$value";

fn throttled() -> Emulator {
    Emulator::builder().throttle(Throttle::Graph).start().unwrap()
}

fn app() -> AccessToken {
    AccessToken::application(["User.ReadWrite.All"])
}

fn put(connection: &mut Connection, user: usize) -> Response {
    let target = format!("/v1.0/users/{user}/photo/$value");
    connection.send(&upload("PUT", &target, &app(), JPEG));
    connection.receive()
}

#[test]
fn writes_of_an_app_and_tenant() {
    let emulator = throttled();
    let mut connection = Connection::open(emulator.local_addr());
    for user in 0..2399 {
        let response = put(&mut connection, user);
        assert_eq!(response.status, 200);
        assert_eq!(response.header("x-ms-throttle-limit-percentage"), None);
        assert_eq!(response.header("x-ms-resource-unit"), Some("1"));
    }
    let response = put(&mut connection, 2399);
    assert_eq!(response.header("x-ms-throttle-limit-percentage"), Some("0.80"));
    for user in 2400..3000 {
        assert_eq!(put(&mut connection, user).status, 200);
    }
    let response = put(&mut connection, 3000);
    assert_eq!(response.status, 429);
    assert_eq!(response.error()["code"], "TooManyRequests");
    assert_eq!(response.header("x-ms-throttle-information"), Some("WriteLimitExceeded"));
    let scope = response.header("x-ms-throttle-scope").unwrap();
    assert!(scope.starts_with("Tenant_Application/Write/"), "{scope}");
    let wait: u64 = response.header("retry-after").unwrap().parse().unwrap();
    assert!((1..=150).contains(&wait), "{wait}");

    // Another user of the same app comes back too early, and is refused again; reading is no
    // write.
    connection.send(&get("/v1.0/users/0/photo/$value", &app()));
    assert_eq!(connection.receive().status, 200);
    assert_eq!(put(&mut connection, 3001).status, 429);
    emulator.advance(Duration::from_secs(wait));
    assert_eq!(put(&mut connection, 3001).status, 200);
    let requests = emulator.requests();
    let [.., refused, read, early, late] = requests.as_slice() else { panic!("four requests") };
    assert_eq!((read.outcome, read.is_early()), (Outcome::Read, false));
    assert_eq!(refused.outcome, Outcome::Throttled);
    assert_eq!([refused, early, late].map(RecordedRequest::is_early), [false, true, false]);
    assert!(early.to_string().contains("before Retry-After was over"), "{early}");
}

#[test]
fn bytes_of_a_mailbox() {
    let emulator = throttled();
    let photo = [JPEG, &vec![0; 4_000_000]].concat();
    let mut connection = Connection::open(emulator.local_addr());
    let mut put = || {
        connection.send(&upload("PUT", ME, &token(), &photo));
        connection.receive()
    };
    let statuses: Vec<u16> = (0..38).map(|_| put().status).collect();
    assert_eq!(statuses[..37], [200; 37]);
    assert_eq!(statuses[37], 429);
    // It was told to wait with uploads, not with reading.
    assert_eq!(exchange(emulator.local_addr(), &get(ME, &token())).status, 200);
    emulator.advance(Duration::from_secs(300));
    assert_eq!(put().status, 200);
    assert!(emulator.requests().iter().all(|request| !request.is_early()));
}

#[test]
fn four_at_once_of_a_mailbox() {
    let emulator = throttled();
    let request = upload("PUT", ME, &token(), JPEG);
    let (begun, rest) = request.split_at(request.len() - 1);
    let mut connections: Vec<Connection> =
        (0..4).map(|_| Connection::open(emulator.local_addr())).collect();
    for connection in &mut connections {
        // The emulator counts a request once it asks for the rest of it.
        let head = request.len() - JPEG.len();
        connection.send(&[&request[..head - 2], b"Expect: 100-continue\r\n\r\n"].concat());
        assert_eq!(connection.receive().status, 100);
        connection.send(&begun[head..]);
    }
    let fifth = exchange(emulator.local_addr(), &request);
    assert_eq!((fifth.status, fifth.header("retry-after")), (429, Some("1")));
    assert_eq!(fifth.error()["code"], "ApplicationThrottled");
    // Another mailbox has a count of its own.
    let other = upload("PUT", "/v1.0/users/other/photo/$value", &token(), JPEG);
    assert_eq!(exchange(emulator.local_addr(), &other).status, 200);

    for connection in &mut connections {
        connection.send(rest);
        assert_eq!(connection.receive().status, 200);
    }
    emulator.advance(Duration::from_secs(1));
    assert_eq!(exchange(emulator.local_addr(), &request).status, 200);
}

#[test]
fn without_limits_nothing_is_counted() {
    let emulator = emulator();
    let mut connection = Connection::open(emulator.local_addr());
    let response = put(&mut connection, 0);
    assert_eq!((response.status, response.header("x-ms-resource-unit")), (200, None));
}

#[test]
fn a_client_that_returns_too_early_is_noted() {
    let emulator = emulator();
    let put = |target: &str| {
        let token = emulator.administrator_token("megan@contoso.com");
        let request = upload("PUT", target, &token, JPEG);
        exchange(emulator.local_addr(), &request).status
    };
    // Whatever the status of the error is.
    emulator.fail_next(1, Fault::status(504).retry_after(Duration::from_secs(3600)));
    assert_eq!(put(ME), 504);
    assert_eq!(put("/v1.0/groups/g/photo/$value"), 200);
    emulator.advance(Duration::from_secs(3000));
    assert_eq!(put(ME), 200);
    emulator.advance(Duration::from_secs(600));
    assert_eq!(put(ME), 200);
    let early: Vec<bool> = emulator.requests().iter().map(RecordedRequest::is_early).collect();
    assert_eq!(early, [false, false, true, false]);
    assert!(emulator.requests()[2].early.unwrap() <= Duration::from_secs(600));
}

#[test]
fn tokens_expire_as_the_clock_moves() {
    let emulator = emulator();
    let request = upload("PUT", ME, &emulator.token_for("megan@contoso.com"), JPEG);
    assert_eq!(exchange(emulator.local_addr(), &request).status, 200);
    emulator.advance(Duration::from_secs(3600));
    assert_eq!(exchange(emulator.local_addr(), &request).status, 401);
    let request = upload("PUT", ME, &emulator.token_for("megan@contoso.com"), JPEG);
    assert_eq!(exchange(emulator.local_addr(), &request).status, 200);
    emulator.advance(Duration::MAX);
    assert_eq!(exchange(emulator.local_addr(), &request).status, 401);
}
