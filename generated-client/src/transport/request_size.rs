//! The size of a request.

use http::header::{CONTENT_LENGTH, HOST};
use reqwest::{Body, Request};

/// The size of an HTTP/1.1 request in bytes: request line, headers, including those that the
/// HTTP library adds, and a body in memory.
///
/// Does not include default headers of a caller's own `reqwest::Client`, nor those of a proxy.
pub(super) fn request_bytes(request: &Request) -> u64 {
    let body = request.body().and_then(Body::as_bytes).map_or(0, <[u8]>::len);
    let url = request.url();
    let host = url.authority().len();
    let path_and_query = url.as_str().len() - url.scheme().len() - "://".len() - host;
    let request_line =
        request.method().as_str().len() + " ".len() + path_and_query + " HTTP/1.1\r\n".len();
    let added =
        header_line(HOST.as_str(), host) + header_line(CONTENT_LENGTH.as_str(), digits(body));
    let headers: usize =
        request.headers().iter().map(|(name, value)| header_line(name.as_str(), value.len())).sum();
    (request_line + added + headers + "\r\n".len() + body) as u64
}

fn header_line(name: &str, value_length: usize) -> usize {
    name.len() + ": ".len() + value_length + "\r\n".len()
}

fn digits(number: usize) -> usize {
    number.checked_ilog10().map_or(1, |log| log as usize + 1)
}
