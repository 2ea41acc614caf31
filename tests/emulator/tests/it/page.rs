//! The page for people with a browser.

use graph_photo_emulator::{Emulator, Tenant};

use crate::raw::{JPEG, Response, control, emulator, exchange, request, token, upload};

fn page(emulator: &Emulator) -> Response {
    exchange(emulator.local_addr(), &request("GET", "/", &[], b""))
}

#[test]
fn begins_with_a_command_to_paste() {
    let response = page(&emulator());
    assert_eq!(response.status, 200);
    assert_eq!(response.header("content-type"), Some("text/html; charset=utf-8"));
    let text = response.text();
    for part in [
        "No photo has been stored yet.",
        "curl -X PUT -H &quot;Authorization: Bearer $(curl -s -X POST -H 'Accept: text/plain' \
         http://127.0.0.1/_emulator/token)&quot; -H 'Content-Type: image/jpeg' --data-binary \
         @photo.jpg 'http://127.0.0.1/v1.0/me/photo/$value'",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    assert!(!text.contains("eyJ"), "it shows a token: {text}");
}

#[test]
fn the_command_holds_no_host_that_a_shell_would_obey() {
    let emulator = emulator();
    for (host, expected) in [
        ("$(reboot)", "http://localhost/v1.0/me"),
        ("a'b", "http://localhost/v1.0/me"),
        ("[::1]:80", "http://[::1]:80/v1.0/me"),
    ] {
        let get = format!("GET / HTTP/1.1\r\nHost: {host}\r\n\r\n");
        let response = exchange(emulator.local_addr(), get.as_bytes());
        assert!(response.text().contains(expected), "{host}: {}", response.text());
    }
}

#[test]
fn shows_every_photo_and_request() {
    let tenant = r#"{"users": [{"id": "1f", "displayName": "Adele <&> \"Vance\""}]}"#;
    let tenant = Tenant::from_json(tenant).unwrap();
    let emulator = Emulator::builder().tenant(tenant).start().unwrap();
    assert!(page(&emulator).text().contains("no photo"));
    let put = upload("PUT", "/v1.0/users/1f/photo/$value", &token(), JPEG);
    for _ in 0..2 {
        assert_eq!(exchange(emulator.local_addr(), &put).status, 200);
    }
    let response = page(&emulator);
    let text = response.text();
    let time = text.split("<time datetime=\"").nth(1).unwrap();
    let (iso, rest) = time.split_once('"').unwrap();
    let shown = format!(" title=\"{iso}\">{}</time>", &iso[11..19]);
    assert!(rest.starts_with(&shown), "{time}");
    for part in [
        "Adele &lt;&amp;&gt; &quot;Vance&quot;",
        r#"src="/_emulator/photos/users/1f?request=2""#,
        "478 bytes, allowed by User.ReadWrite.All (delegated)",
        "2 photos",
        r#"<b data-field="method">PUT</b>"#,
        "/v1.0/users/1f/photo/$value",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
}

#[test]
fn what_a_client_sends_stays_text() {
    let emulator = emulator();
    let hostile = "%3Cscript%3Ealert(1)%3C%2Fscript%3E%1B%E2%80%AE";
    for target in ["/<script>alert(1)</script>", &format!("/v1.0/{hostile}")] {
        exchange(emulator.local_addr(), &upload("PUT", target, &token(), JPEG));
    }
    let contact = "/v1.0/me/contacts/%3Cscript%3E%22%27/photo/$value";
    assert_eq!(
        exchange(emulator.local_addr(), &upload("PUT", contact, &token(), JPEG)).status,
        200
    );
    let response = page(&emulator);
    let text = response.text();
    let own = r#"<script type="module" src="/_emulator/page/script.js"></script>"#;
    assert!(!text.replacen(own, "", 1).contains("<script"), "{text}");
    assert!(text.contains("&lt;script&gt;alert(1)&lt;/script&gt;"), "{text}");
    assert!(!text.contains(['\u{1b}', '\u{202e}']), "{text:?}");
    let log = emulator.requests().iter().map(ToString::to_string).collect::<String>();
    assert!(!log.contains(['\u{1b}', '\u{202e}']), "{log:?}");
}

#[test]
fn the_icon_that_browsers_ask_for_is_no_request_to_graph() {
    let emulator = emulator();
    let icon = exchange(emulator.local_addr(), &request("GET", "/favicon.ico", &[], b""));
    assert_eq!((icon.status, icon.header("content-type")), (200, Some("image/svg+xml")));
    assert_eq!(emulator.requests().len(), 0);
}

#[test]
fn loads_nothing_but_its_own_files() {
    let emulator = emulator();
    let response = page(&emulator);
    let policy = response.header("content-security-policy").unwrap();
    for part in [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
    ] {
        assert!(policy.contains(part), "{policy}");
    }
    assert!(!policy.contains("unsafe"), "{policy}");
    let text = response.text();
    assert!(!text.contains("<style") && !text.contains("style="), "{text}");
    for (name, media_type) in
        [("script.js", "text/javascript"), ("style.css", "text/css"), ("icon.svg", "image/svg+xml")]
    {
        assert!(text.contains(&format!("/_emulator/page/{name}")), "{text}");
        let file = control(&emulator, "GET", &format!("page/{name}"), "");
        assert!(file.header("content-type").unwrap().starts_with(media_type), "{file:?}");
        let outside = file.text().replace("http://www.w3.org/2000/svg", "");
        assert!(!outside.contains("://"), "{name} refers to something outside");
    }
    assert_eq!(control(&emulator, "GET", "page/page.rs", "").status, 404);
}

#[test]
fn has_the_latest_of_very_many_requests() {
    let emulator = emulator();
    let mut connection = crate::raw::Connection::open(emulator.local_addr());
    for number in 0..250 {
        connection.send(&request("GET", &format!("/v1.0/{number}"), &[], b""));
        assert_eq!(connection.receive().status, 401);
    }
    let response = page(&emulator);
    let text = response.text();
    assert!(text.contains("/v1.0/249<") && text.contains("/v1.0/50<"), "{text}");
    assert!(!text.contains("/v1.0/49<"), "{text}");
}
