//! Every refusal, as it goes over the wire.

use std::{
    fmt::Write as _,
    time::{Duration, SystemTime},
};

use graph_photo_emulator::AccessToken;

use crate::raw::{JPEG, bearer, emulator, exchange, get, request, token, upload};

const ME: &str = "/v1.0/me/photo/$value";

fn unauthenticated(authorization: &str) -> Vec<u8> {
    request("PUT", ME, &[("Authorization", authorization)], JPEG)
}

fn with_content(content_type: &str, body: &[u8]) -> Vec<u8> {
    let authorization = bearer(&token());
    let headers = [("Authorization", authorization.as_str()), ("Content-Type", content_type)];
    request("PUT", ME, &headers, body)
}

fn cases() -> Vec<(&'static str, Vec<u8>)> {
    let valid = token().encode();
    let unsigned = valid.rsplit_once('.').unwrap().0;
    let of_1970 = token().expires_at(SystemTime::UNIX_EPOCH);
    let of_tomorrow = token().not_before(SystemTime::now() + Duration::from_secs(24 * 60 * 60));
    let of_us = token().audience("https://graph.microsoft.us");
    let app_only = AccessToken::application(["User.ReadWrite.All"]);
    let powerless = AccessToken::delegated(["Mail.Read"]);
    let without_type = [("Authorization", bearer(&token()))];
    let without_type = without_type.each_ref().map(|(n, v)| (*n, v.as_str()));
    let elsewhere = "/v1.0/me/calendar/photo/$value";
    vec![
        ("no token", request("PUT", ME, &[], JPEG)),
        ("an empty token", unauthenticated("Bearer ")),
        ("another scheme", unauthenticated("Basic dXNlcjpwYXNz")),
        ("not a token", unauthenticated("Bearer secret")),
        ("another signature", unauthenticated(&format!("Bearer {unsigned}.c2lnbmVk"))),
        ("an expired token", upload("PUT", ME, &of_1970, JPEG)),
        ("a token for later", upload("PUT", ME, &of_tomorrow, JPEG)),
        ("a token for another cloud", upload("PUT", ME, &of_us, JPEG)),
        ("an app-only token for /me", upload("PUT", ME, &app_only, JPEG)),
        ("no permission", upload("PUT", ME, &powerless, JPEG)),
        ("an unknown path", upload("PUT", elsewhere, &token(), JPEG)),
        ("an unknown method", upload("DELETE", ME, &token(), b"")),
        ("no photo", get(ME, &token())),
        ("a photo without a token", request("GET", ME, &[], b"")),
        ("too large", upload("PUT", ME, &token(), &vec![0; 4 << 20])),
        ("no content type", request("PUT", ME, &without_type, JPEG)),
        ("another content type", with_content("application/octet-stream", JPEG)),
        ("no body", with_content("image/jpeg", b"")),
        ("not an image", with_content("image/jpeg", b"\x89PNG\r\n\x1a\n")),
    ]
}

#[test]
fn are_those_of_graph() {
    let emulator = emulator();
    let mut all = String::new();
    for (name, request) in cases() {
        let response = exchange(emulator.local_addr(), &request);
        writeln!(all, "{name}: {}", response.status).unwrap();
        for header in ["WWW-Authenticate", "Allow", "Content-Type"] {
            if let Some(value) = response.header(header) {
                writeln!(all, "{header}: {value}").unwrap();
            }
        }
        writeln!(all, "{}\n", response.text()).unwrap();
    }
    let mut settings = insta::Settings::clone_current();
    settings.add_filter(r#""date":"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d""#, r#""date":"[date]""#);
    settings.add_filter("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\"}", "[id]\"}");
    settings.add_filter("\"request-id\":\"[0-9a-f-]+\"", "\"request-id\":\"[id]\"");
    settings.bind(|| insta::assert_snapshot!(all));
}

#[test]
fn store_nothing() {
    let emulator = emulator();
    for (name, request) in cases() {
        exchange(emulator.local_addr(), &request);
        assert_eq!(emulator.photo("/me/photo/$value"), None, "{name}");
    }
}

#[test]
fn name_the_permission_if_only_the_content_was_refused() {
    let emulator = emulator();
    for (name, request) in cases() {
        let status = exchange(emulator.local_addr(), &request).status;
        let recorded = emulator.requests().pop().unwrap();
        assert_eq!(recorded.permission.is_some(), status == 500, "{name}");
    }
}

#[test]
fn carry_the_ids_and_a_date() {
    let emulator = emulator();
    let headers = [("client-request-id", "6f8a1f7e-0000-4000-8000-000000000001")];
    let response = exchange(emulator.local_addr(), &request("PUT", ME, &headers, JPEG));

    let inner = &response.error()["innerError"];
    assert_eq!(inner["client-request-id"], headers[0].1);
    assert_eq!(response.header("client-request-id"), Some(headers[0].1));
    assert_eq!(response.header("request-id"), inner["request-id"].as_str());
    assert_eq!(emulator.requests()[0].request_id, inner["request-id"]);
    assert!(response.header("date").is_some());
}

#[test]
fn name_the_request_id_twice_if_the_client_sent_none() {
    let emulator = emulator();
    let response = exchange(emulator.local_addr(), &request("PUT", ME, &[], JPEG));

    let inner = &response.error()["innerError"];
    assert_eq!(inner["client-request-id"], inner["request-id"]);
    assert_eq!(response.header("client-request-id"), response.header("request-id"));
}
