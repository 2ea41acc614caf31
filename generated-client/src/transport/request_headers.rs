//! The headers that identify the client and the request, and let others come first.

use http::{HeaderName, HeaderValue, header::USER_AGENT};
use reqwest::Request;

/// The caller's id of a request, which Graph repeats.
const CLIENT_REQUEST_ID: HeaderName = HeaderName::from_static("client-request-id");

const PRODUCT: HeaderValue =
    HeaderValue::from_static(concat!(env!("CARGO_PKG_NAME"), "/", env!("CARGO_PKG_VERSION")));

pub(super) fn random_id() -> String {
    let random = fastrand::u128(..).to_ne_bytes();
    uuid::Builder::from_random_bytes(random).into_uuid().to_string()
}

/// Adds the name of this client, and a random id for all attempts.
pub(super) fn identify(request: &mut Request) -> String {
    let id = random_id();
    let value = HeaderValue::try_from(&id).expect("an id is made of digits and hyphens");
    request.headers_mut().append(USER_AGENT, PRODUCT);
    request.headers_mut().append(CLIENT_REQUEST_ID, value);
    id
}

/// Asks Graph to throttle a request before those of people.
pub(super) fn give_way(request: &mut Request) {
    const PRIORITY: HeaderName = HeaderName::from_static("x-ms-throttle-priority");
    request.headers_mut().append(PRIORITY, HeaderValue::from_static("low"));
}
