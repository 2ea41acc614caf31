//! What counts as an image.

use crate::raw::{JPEG, bearer, emulator, exchange, request, token};

fn status(content_types: &[&str], body: &[u8]) -> u16 {
    let emulator = emulator();
    let authorization = bearer(&token());
    let mut headers = vec![("Authorization", authorization.as_str())];
    headers.extend(content_types.iter().map(|value| ("Content-Type", *value)));
    let request = request("PUT", "/v1.0/me/photo/$value", &headers, body);
    exchange(emulator.local_addr(), &request).status
}

#[test]
fn the_media_type_is_compared_without_case_and_parameters() {
    assert_eq!(status(&["image/jpeg"], JPEG), 200);
    assert_eq!(status(&["Image/JPEG"], JPEG), 200);
    assert_eq!(status(&["image/jpeg; q=1"], JPEG), 200);
    assert_eq!(status(&["image/jpg"], JPEG), 500);
    assert_eq!(status(&["image/jpeg2000"], JPEG), 500);
    assert_eq!(status(&["image/jpeg", "image/jpeg"], JPEG), 500);
    assert_eq!(status(&[], JPEG), 500);
}

#[test]
fn the_bytes_are_judged_as_well() {
    for body in [
        b"".as_slice(),
        b"\xff\xd8",
        b"\xff\xd8\xff\xd9",
        b"/9j/4AAQSkZJRgABAQAAAQABAAD",
        b"<!doctype html>",
        &JPEG[..100],
    ] {
        assert_eq!(status(&["image/jpeg"], body), 500, "{body:?}");
    }
}
