//! The headers that tell who sends a request, which one it is, and that others come first.

use http::{HeaderName, HeaderValue, header::USER_AGENT};
use reqwest::Request;

/// The caller's id of a request, which Graph repeats and its support asks for.
const CLIENT_REQUEST_ID: HeaderName = HeaderName::from_static("client-request-id");

const PRODUCT: HeaderValue =
    HeaderValue::from_static(concat!(env!("CARGO_PKG_NAME"), "/", env!("CARGO_PKG_VERSION")));

/// Names this client in a request, and gives the request a random id for all its attempts.
pub(super) fn identify(request: &mut Request) -> String {
    let random = fastrand::u128(..).to_ne_bytes();
    let id = uuid::Builder::from_random_bytes(random).into_uuid().to_string();
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
