//! Control by HTTP.

use std::{
    io::{BufRead as _, BufReader, Write as _},
    net::TcpStream,
    time::Duration,
};

use graph_photo_emulator::{AccessToken, Emulator, Tenant};
use serde_json::{Value, json};

use crate::raw::{Connection, JPEG, control, emulator, exchange, request, token, upload};

const ME: &str = "/v1.0/me/photo/$value";

fn put(emulator: &Emulator, token: &AccessToken, target: &str, photo: &[u8]) -> u16 {
    exchange(emulator.local_addr(), &upload("PUT", target, token, photo)).status
}

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
    assert_eq!(put(r#"{"audience": "https://graph.microsoft.us"}"#, ME), 401);
    for wrong in [r#"{"usr": "x"}"#, "[]", r#"{"application": true, "user": "x"}"#] {
        assert_eq!(control(&emulator, "POST", "token", wrong).status, 400, "{wrong}");
    }
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
    let json = r#"{"rule": "status=429;times=1"}"#;
    assert_eq!(control(&emulator, "POST", "faults", json).status, 200);
    assert_eq!([0, 1].map(status), [429, 200]);
    for wrong in ["", " \n", "{}", r#"["status=429"]"#, r#"{"status": 429}"#, r#"{"rule": ""}"#] {
        let refused = control(&emulator, "POST", "faults", wrong);
        assert_eq!(refused.status, 400, "{wrong}");
        assert!(refused.text().contains("the body is text, such as `status=429;times=1`"));
    }
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
    for (wrong, reason) in [
        ("tomorrow", "a number of seconds, or such as `10m`"),
        ("-1", "a number of seconds, or such as `10m`"),
        ("101years", "100 years"),
        ("18446744073709551615", "100 years"),
    ] {
        let refused = control(&emulator, "POST", "clock", wrong);
        assert_eq!(refused.status, 400, "{wrong}");
        assert!(refused.text().contains(reason), "{}", refused.text());
    }
    assert_eq!(json_of(&control(&emulator, "GET", "clock", ""))["aheadSeconds"], 3600);
    assert_eq!(control(&emulator, "POST", "reset", "").status, 204);
    assert_eq!(emulator.requests().len(), 0);
    assert_eq!(put(), 200);
}

/// A person may paste a real token anywhere.
#[test]
fn what_may_be_a_token_is_shown_nowhere() {
    const SECRET: &str = "eyJ0eXAiOiJKV1QifQ.c2VjcmV0.c2VjcmV0";
    let emulator = emulator();
    for name in ["Authorization", "Proxy-Authorization", "Cookie", "cOOKIE"] {
        for value in [SECRET.to_owned(), format!("Bearer {SECRET}"), format!("token={SECRET}")] {
            exchange(emulator.local_addr(), &request("PUT", ME, &[(name, &value)], JPEG));
        }
    }
    for query in [
        format!("access_token={SECRET}"),
        SECRET.to_owned(),
        format!("a=1&{SECRET}"),
        format!("=={SECRET}&a=b?{SECRET}"),
    ] {
        exchange(emulator.local_addr(), &request("PUT", &format!("{ME}?{query}"), &[], JPEG));
    }
    let recorded = emulator.requests();
    assert_eq!(recorded.len(), 16);
    assert!(recorded[12].target.contains(SECRET), "a test can see what was sent");
    let line = recorded[12].to_string();
    assert!(line.contains("/me/photo/$value?access_token=[redacted] "), "{line}");
    let mut shown = vec![format!("{recorded:?}")];
    shown.extend(recorded.iter().map(ToString::to_string));
    for path in ["", "requests", "requests/1", "requests/13", "requests/13/permissions"] {
        shown.push(control(&emulator, "GET", path, "").text().to_owned());
    }
    for text in shown {
        assert!(!text.contains("c2VjcmV0"), "{text}");
    }
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
        ("GET", "requests/1"),
        ("GET", "photos/me"),
    ] {
        let status = control(&emulator, method, path, "").status;
        let expected = if matches!(path, "requests" | "clock") { 200 } else { 404 };
        assert_eq!(status, expected, "{method} {path}");
    }
    for (method, path, methods) in [
        ("PUT", "faults", "GET, HEAD, POST, DELETE"),
        ("GET", "token", "POST"),
        ("POST", "requests", "GET, HEAD"),
        ("DELETE", "requests/1", "GET, HEAD"),
        ("POST", "", "GET, HEAD"),
    ] {
        let response = control(&emulator, method, path, "");
        assert_eq!((response.status, response.header("allow")), (405, Some(methods)), "{path}");
    }
    assert_eq!(control(&emulator, "POST", "nothing", "").status, 404);
    let paths = json_of(&control(&emulator, "GET", "", ""));
    assert_eq!(paths["/_emulator/clock"], "GET, HEAD, POST");
    assert_eq!(emulator.requests().len(), 0);
}

#[test]
fn a_shell_gets_the_token_alone() {
    let emulator = emulator();
    let headers = [("Accept", "text/plain")];
    let post = request("POST", "/_emulator/token", &headers, b"");
    let response = exchange(emulator.local_addr(), &post);
    assert_eq!(response.header("content-type"), Some("text/plain"));
    let authorization = format!("Bearer {}", response.text());
    let headers = [("Authorization", authorization.as_str()), ("Content-Type", "image/jpeg")];
    assert_eq!(exchange(emulator.local_addr(), &request("PUT", ME, &headers, JPEG)).status, 200);
}

#[test]
fn requests_are_counted_and_listed_by_outcome() {
    let emulator = emulator();
    for target in [ME, "/v1.0/nowhere", ME, "/v1.0/nowhere/else", ME] {
        put(&emulator, &token(), target, JPEG);
    }
    let counts = json_of(&control(&emulator, "GET", "requests/count", ""));
    assert_eq!(
        (&counts["stored"], &counts["refused"], &counts["fault"]),
        (&json!(3), &json!(2), &json!(0))
    );
    let numbers = |query: &str| {
        let requests = json_of(&control(&emulator, "GET", &format!("requests{query}"), ""));
        let requests = requests.as_array().unwrap().iter();
        requests.map(|request| request["number"].as_u64().unwrap()).collect::<Vec<_>>()
    };
    assert_eq!(numbers(""), [1, 2, 3, 4, 5]);
    assert_eq!(numbers("?limit=2"), [4, 5]);
    assert_eq!(numbers("?outcome=refused"), [2, 4]);
    assert_eq!(numbers("?outcome=stored&limit=1"), [5]);
    assert_eq!(numbers("?limit=0"), [0; 0]);
    for (query, reason) in [
        ("outcome=bogus", "`stored`, `read`, `refused`, `throttled`, `fault`, `broken`"),
        ("limit=abc", "a number, 0 or more"),
        ("limit=-1", "a number, 0 or more"),
    ] {
        let refused = control(&emulator, "GET", &format!("requests?{query}"), "");
        assert_eq!(refused.status, 400, "{query}");
        assert!(refused.text().contains(reason), "{}", refused.text());
    }
}

#[test]
fn permissions_of_a_request_are_held_against_its_token() {
    let emulator = emulator();
    let contact = "/v1.0/me/contacts/AAMk=/photo/$value";
    assert_eq!(put(&emulator, &AccessToken::delegated(["Contacts.ReadWrite"]), contact, JPEG), 200);
    assert_eq!(
        put(&emulator, &AccessToken::application(["Contacts.ReadWrite"]), contact, JPEG),
        400
    );
    exchange(emulator.local_addr(), &request("GET", contact, &[], b""));
    let of =
        |number| json_of(&control(&emulator, "GET", &format!("requests/{number}/permissions"), ""));
    let stored = of(1);
    assert_eq!(stored["token"], json!({ "type": "delegated", "user": "megan@contoso.com" }));
    assert!(stored["operation"]["summary"].as_str().is_some_and(|text| !text.is_empty()));
    let allowed = |metadata: &Value, field: &str| {
        let permissions = metadata["permissions"].as_array().unwrap().iter();
        permissions.filter(|one| one[field] == true).count()
    };
    assert_eq!((allowed(&stored, "granted"), allowed(&stored, "allowed")), (1, 1));
    let least = &stored["permissions"][0];
    assert_eq!(
        (&least["scope"], &least["type"]),
        (&json!("Contacts.ReadWrite"), &json!("delegated"))
    );
    assert!(least["sourceUrl"].as_str().unwrap().starts_with("https://"), "{least}");

    let refused = of(2);
    assert_eq!(refused["token"]["user"], Value::Null);
    assert_eq!(
        refused["permissions"].as_array().unwrap().len(),
        stored["permissions"].as_array().unwrap().len()
    );
    assert_eq!(allowed(&refused, "allowed"), 0);
    assert_eq!(of(3), json!({ "operation": null, "token": null, "permissions": [] }));
    assert_eq!(control(&emulator, "GET", "requests/4/permissions", "").status, 404);
}

#[test]
fn resources_and_their_history_are_found() {
    let tenant = r#"{
        "users": [
            { "id": "1f", "displayName": "Adele Vance", "contactFolders": [
                { "id": "F", "contacts": [{ "id": "C", "displayName": "Fabrikam" }] }
            ] },
            { "id": "2a", "userPrincipalName": "b@contoso.com" }
        ],
        "groups": [{ "id": "3b", "displayName": "Sales" }]
    }"#;
    let emulator = Emulator::builder().tenant(Tenant::from_json(tenant).unwrap()).start().unwrap();
    for photo in [JPEG, &[JPEG, b"2"].concat()] {
        assert_eq!(put(&emulator, &token(), "/v1.0/users/2a/photo/$value", photo), 200);
    }
    let listed =
        |search: &str| json_of(&control(&emulator, "GET", &format!("resources{search}"), ""));
    let titles = |listed: &Value| {
        let resources = listed["resources"].as_array().unwrap().iter();
        resources.map(|one| one["title"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let all = listed("");
    assert_eq!(
        (titles(&all), &all["total"]),
        (
            ["b@contoso.com", "Sales", "Adele Vance", "Fabrikam"].map(str::to_owned).into(),
            &json!(4)
        )
    );
    assert_eq!(
        (&all["resources"][0]["versions"], &all["resources"][0]["photo"]["request"]),
        (&json!(2), &json!(2))
    );
    assert_eq!(
        (&all["resources"][1]["photo"], &all["resources"][1]["collection"]),
        (&Value::Null, &json!("groups"))
    );
    assert_eq!(titles(&listed("?search=vanc")), ["Adele Vance"]);
    assert_eq!(titles(&listed("?search=groups/")), ["Sales"]);

    let history = json_of(&control(&emulator, "GET", "history/users/2a", ""));
    let sizes: Vec<&Value> =
        history["versions"].as_array().unwrap().iter().map(|one| &one["bytes"]).collect();
    assert_eq!(sizes, [&json!(478), &json!(479)]);
    let photo = |query: &str| control(&emulator, "GET", &format!("photos/users/2a{query}"), "");
    assert_eq!(photo("?request=1").body, JPEG);
    for query in ["?request=3", "?request=x"] {
        assert_eq!(photo(query).status, 404, "{query}");
    }
    assert_eq!(control(&emulator, "GET", "history/users/1f", "").status, 404);
}

#[test]
fn one_rule_is_removed_and_the_others_stay() {
    let emulator = emulator();
    control(&emulator, "POST", "faults", "target=/me;status=429\nhtml=503\nhtml=503");
    let removed = control(&emulator, "DELETE", "faults?rule=html%3D503", "");
    assert_eq!(removed.status, 204);
    let listed = json_of(&control(&emulator, "GET", "faults", ""));
    assert_eq!(listed["rules"], json!([{ "rule": "target=/me;status=429", "struck": 0 }]));
}

#[test]
fn throttling_is_turned_on_and_off() {
    let emulator = emulator();
    let megan = emulator.token_for("megan@contoso.com");
    let limits = || json_of(&control(&emulator, "GET", "throttle", ""))["limits"].clone();
    let has_units = || {
        let response = exchange(emulator.local_addr(), &upload("PUT", ME, &megan, JPEG));
        response.header("x-ms-resource-unit").is_some()
    };
    assert_eq!((limits(), has_units()), (json!("none"), false));
    assert_eq!(control(&emulator, "POST", "throttle", "graph").status, 200);
    assert_eq!((limits(), has_units()), (json!("graph"), true));
    let refused = control(&emulator, "POST", "throttle", "some");
    assert_eq!(refused.status, 400);
    assert!(refused.text().contains("`none` or `graph`"), "{}", refused.text());
    // The limits are again those of the start.
    control(&emulator, "POST", "reset", "");
    assert_eq!((limits(), has_units()), (json!("none"), false));
}

#[test]
fn other_sites_change_nothing() {
    let emulator = emulator();
    let send = |method: &str, path: &str, headers: &[(&str, &str)]| {
        let request = request(method, &format!("/_emulator/{path}"), headers, b"status=500");
        exchange(emulator.local_addr(), &request).status
    };
    let foreign = [("Sec-Fetch-Site", "cross-site"), ("Origin", "https://example.com")];
    for header in foreign {
        for (method, path) in [
            ("POST", "faults"),
            ("DELETE", "faults"),
            ("POST", "clock"),
            ("POST", "throttle"),
            ("POST", "reset"),
            ("POST", "token"),
        ] {
            assert_eq!(send(method, path, &[header]), 403, "{method} {path} {header:?}");
        }
    }
    let own = [("Sec-Fetch-Site", "same-origin"), ("Origin", "http://127.0.0.1")];
    assert_eq!(send("POST", "faults", &own), 200);
    let response = control(&emulator, "GET", "faults", "");
    assert_eq!(json_of(&response)["rules"].as_array().unwrap().len(), 1);
    assert_eq!(response.header("cross-origin-resource-policy"), Some("same-origin"));
}

/// A reader that doesn't read holds up no upload, and is told what it missed.
#[test]
fn a_slow_reader_of_events_is_told_to_reload() {
    let emulator = emulator();
    let mut reader = TcpStream::connect(emulator.local_addr()).unwrap();
    reader.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    reader.write_all(&request("GET", "/_emulator/events", &[], b"")).unwrap();
    let mut lines = BufReader::new(reader).lines().map(Result::unwrap);
    assert_eq!(lines.next().unwrap(), "HTTP/1.1 200 OK");
    // More than the sockets' buffers hold, and then more events than the channel does.
    let filler = "x".repeat(100_000);
    let mut client = Connection::open(emulator.local_addr());
    for (count, filler) in [(200, filler.as_str()), (1_500, "")] {
        let get = request("GET", "/v1.0/nothing", &[("X-Filler", filler)], b"");
        for _ in 0..count {
            client.send(&get);
            assert_eq!(client.receive().status, 401);
        }
    }
    assert!(lines.any(|line| line == "event: reload"));
    let data = lines.next().unwrap();
    let missed: Value = serde_json::from_str(data.strip_prefix("data: ").unwrap()).unwrap();
    assert!(missed["missed"].as_u64().is_some_and(|missed| missed > 0), "{missed}");
    // It follows what happens from there on.
    put(&emulator, &token(), ME, JPEG);
    assert!(lines.any(|line| line.contains(r#""outcome":"stored""#)));
}
