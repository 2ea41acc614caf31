//! Control by HTTP.

use serde_json::{Value, json};

use crate::raw::{Connection, JPEG, control, emulator, exchange, request, upload};

const ME: &str = "/v1.0/me/photo/$value";

fn json_of(response: &crate::raw::Response) -> Value {
    serde_json::from_slice(&response.body).unwrap()
}

#[test]
fn a_token_by_http_uploads() {
    let emulator = emulator();
    let put = |wanted: &str, target: &str| {
        let token = json_of(&control(&emulator, "POST", "token", wanted));
        let authorization = format!("Bearer {}", token["access_token"].as_str().unwrap());
        let headers = [("Authorization", authorization.as_str()), ("Content-Type", "image/jpeg")];
        exchange(emulator.local_addr(), &request("PUT", target, &headers, JPEG)).status
    };
    let other = "/v1.0/users/other/photo/$value";
    assert_eq!(put("", ME), 200);
    assert_eq!(put(r#"{"user": "adele@contoso.com"}"#, ME), 200);
    assert_eq!(put("", other), 403);
    assert_eq!(put(r#"{"administrator": true}"#, other), 200);
    assert_eq!(put(r#"{"application": true}"#, other), 200);
    assert_eq!(put(r#"{"scopes": ["Mail.Read"]}"#, ME), 403);
    assert_eq!(put(r#"{"application": true, "scopes": ["Mail.Read"]}"#, other), 403);
    assert_eq!(put(r#"{"expired": true}"#, ME), 401);
    assert_eq!(control(&emulator, "POST", "token", r#"{"usr": "x"}"#).status, 400);
}

#[test]
fn requests_and_photos_are_listed_without_the_token() {
    let emulator = emulator();
    let token = emulator.token_for("megan@contoso.com");
    for photo in [JPEG, &[JPEG, b"2"].concat()] {
        exchange(emulator.local_addr(), &upload("PUT", ME, &token, photo));
    }
    let listed = control(&emulator, "GET", "requests", "");
    for part in token.encode().split('.') {
        assert!(!listed.text().contains(part));
    }
    let requests = json_of(&listed);
    assert_eq!(requests[0]["outcome"], "stored");
    assert_eq!(requests[1]["permission"], "User.ReadWrite (delegated)");
    assert_eq!(requests[1]["headers"][1], json!(["Authorization", "[redacted]"]));
    let number = requests[1]["number"].as_u64().unwrap();
    let one = control(&emulator, "GET", &format!("requests/{number}"), "");
    assert_eq!(json_of(&one), requests[1]);
    let body = control(&emulator, "GET", &format!("requests/{number}/body"), "");
    assert_eq!(
        (body.header("content-type"), body.body.clone()),
        (Some("image/jpeg"), [JPEG, b"2"].concat())
    );

    let photos = json_of(&control(&emulator, "GET", "photos", ""));
    assert_eq!(photos[0]["target"], "/users/megan@contoso.com");
    assert_eq!(photos[0]["versions"].as_array().unwrap().len(), 2);
    let photo = |query: &str| control(&emulator, "GET", &format!("photos/me{query}"), "");
    assert_eq!(photo("").body, [JPEG, b"2"].concat());
    assert_eq!(photo("?version=0").body, JPEG);
    assert_eq!(photo("?version=2").status, 404);
}

#[test]
fn faults_are_added_listed_and_removed() {
    let emulator = emulator();
    let rules = "target=/me;times=1;status=429;retry-after=1\n\nhtml=503\n";
    assert_eq!(control(&emulator, "POST", "faults", rules).status, 200);
    let status = |_| {
        let token = emulator.token_for("megan@contoso.com");
        exchange(emulator.local_addr(), &upload("PUT", ME, &token, JPEG)).status
    };
    assert_eq!([0, 1].map(status), [429, 503]);
    let listed = json_of(&control(&emulator, "GET", "faults", ""));
    assert_eq!(listed["rules"][0]["rule"], "target=/me;times=1;status=429;retry-after=1");
    assert_eq!(listed["rules"][1], json!({ "rule": "html=503", "struck": 1 }));

    // All of them, or none.
    let refused = control(&emulator, "POST", "faults", "status=500\nstaus=500");
    assert_eq!(refused.status, 400);
    assert!(refused.text().contains("`staus`"), "{}", refused.text());
    let listed = json_of(&control(&emulator, "GET", "faults", ""));
    assert_eq!(listed["rules"].as_array().unwrap().len(), 2);

    assert_eq!(control(&emulator, "DELETE", "faults", "").status, 204);
    assert_eq!(status(0), 200);
}

#[test]
fn the_clock_is_moved_and_all_is_reset() {
    let emulator = emulator();
    let token = emulator.token_for("megan@contoso.com");
    let put = || exchange(emulator.local_addr(), &upload("PUT", ME, &token, JPEG)).status;
    assert_eq!(put(), 200);
    assert_eq!(control(&emulator, "POST", "clock", "59m").status, 200);
    assert_eq!(control(&emulator, "POST", "clock", "60").status, 200);
    assert_eq!(put(), 401);
    assert_eq!(control(&emulator, "POST", "clock", "tomorrow").status, 400);
    assert_eq!(control(&emulator, "POST", "reset", "").status, 204);
    assert_eq!(emulator.requests().len(), 0);
    assert_eq!(put(), 200);
}

#[test]
fn events_tell_of_each_request() {
    let emulator = emulator();
    let mut connection = Connection::open(emulator.local_addr());
    connection.send(&request("GET", "/_emulator/events", &[], b""));
    assert_eq!(connection.receive().header("content-type"), Some("text/event-stream"));
    exchange(emulator.local_addr(), &request("PUT", ME, &[], b""));
    control(&emulator, "POST", "clock", "1s");
    let mut events = String::new();
    while !events.contains("event: change\ndata: {}\n\n") {
        let mut byte = [0];
        connection.read_exact(&mut byte).unwrap();
        events.push(char::from(byte[0]));
    }
    let request = events.strip_prefix("event: request\ndata: ").unwrap();
    let request: Value = serde_json::from_str(request.lines().next().unwrap()).unwrap();
    assert_eq!((&request["status"], &request["outcome"]), (&json!(401), &json!("refused")));
}

#[test]
fn it_is_not_recorded_and_knows_its_paths() {
    let emulator = emulator();
    for (method, path) in [
        ("GET", "requests"),
        ("GET", "clock"),
        ("GET", "nothing"),
        ("PUT", "faults"),
        ("GET", "requests/1"),
        ("GET", "photos/me"),
    ] {
        let status = control(&emulator, method, path, "").status;
        let expected = if matches!(path, "requests" | "clock") { 200 } else { 404 };
        assert_eq!(status, expected, "{method} {path}");
    }
    assert_eq!(emulator.requests().len(), 0);
}
