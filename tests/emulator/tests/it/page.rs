//! The page for people with a browser.

use graph_photo_emulator::{Emulator, Tenant};

use crate::raw::{JPEG, Response, emulator, exchange, request, token, upload};

fn page(emulator: &Emulator) -> Response {
    exchange(emulator.local_addr(), &request("GET", "/", &[], b""))
}

#[test]
fn is_empty_at_first() {
    let response = page(&emulator());
    assert_eq!(response.status, 200);
    assert_eq!(response.header("content-type"), Some("text/html; charset=utf-8"));
    assert!(response.text().contains("No photo has been stored yet."));
}

#[test]
fn shows_every_photo_and_request() {
    let tenant = r#"{"users": [{"id": "1f", "displayName": "Adele <&> \"Vance\""}]}"#;
    let tenant = Tenant::from_json(tenant).unwrap();
    let emulator = Emulator::builder().tenant(tenant).start().unwrap();
    assert!(page(&emulator).text().contains("no photo"));
    let put = upload("PUT", "/v1.0/users/1f/photo/$value", &token(), JPEG);
    assert_eq!(exchange(emulator.local_addr(), &put).status, 200);
    let response = page(&emulator);
    let text = response.text();
    for part in [
        "Adele &lt;&amp;&gt; &quot;Vance&quot;",
        r#"src="/_emulator/photos/users/1f""#,
        "478 bytes, allowed by User.ReadWrite.All (delegated)",
        "<td>PUT</td>",
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
    assert!(!text.contains("<script"), "{text}");
    assert!(text.contains("&lt;script&gt;alert(1)&lt;/script&gt;"), "{text}");
    assert!(!text.contains(['\u{1b}', '\u{202e}']), "{text:?}");
    assert!(response.header("content-security-policy").unwrap().starts_with("default-src 'none'"));
    let log = emulator.requests().iter().map(ToString::to_string).collect::<String>();
    assert!(!log.contains(['\u{1b}', '\u{202e}']), "{log:?}");
}
