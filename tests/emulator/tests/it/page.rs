//! The page for people with a browser.

use crate::raw::{JPEG, emulator, exchange, request, token, upload};

#[test]
fn is_empty_at_first() {
    let emulator = emulator();
    let response = exchange(emulator.local_addr(), &request("GET", "/", &[], b""));
    assert_eq!(response.status, 200);
    assert_eq!(response.header("content-type"), Some("text/html; charset=utf-8"));
    assert!(response.text().contains("No photo has been stored yet."));
}

#[test]
fn shows_every_photo() {
    let emulator = emulator();
    for target in ["/v1.0/me/photo/$value", "/v1.0/users/\"'&lt;/photo/$value"] {
        let request = upload("PUT", target, &token(), JPEG);
        assert_eq!(exchange(emulator.local_addr(), &request).status, 200);
    }
    let response = exchange(emulator.local_addr(), &request("GET", "/", &[], b""));
    insta::assert_snapshot!(response.text());
}
