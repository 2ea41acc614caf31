//! The bytes of a request, and ways to look at them.

use std::fmt;

use bytes::Bytes;

use crate::redaction::printable;

/// A request as it was read from the wire, or as much of it.
///
/// `Debug` prints neither the access token nor the body.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct RawRequest {
    /// The request line and the headers, with the empty line that ends them.
    pub head: Bytes,
    /// The body.
    pub body: Bytes,
}

impl RawRequest {
    /// The request line, without its line break.
    #[must_use]
    pub fn request_line(&self) -> String {
        self.lines().into_iter().next().unwrap_or_default()
    }

    /// The values of a header, without surrounding white space, in the order in
    /// which they were sent.
    #[must_use]
    pub fn header(&self, name: &str) -> Vec<String> {
        self.headers()
            .into_iter()
            .filter(|(key, _)| key.eq_ignore_ascii_case(name))
            .map(|(_, value)| value)
            .collect()
    }

    /// The size of what was read, in bytes: request line, headers and body.
    #[must_use]
    pub fn total_len(&self) -> usize {
        self.head.len() + self.body.len()
    }

    /// The length of the body as its header says, and 0 if none does.
    pub(super) fn content_length(&self) -> usize {
        self.header("content-length").first().and_then(|length| length.parse().ok()).unwrap_or(0)
    }

    fn headers(&self) -> Vec<(String, String)> {
        self.lines()
            .iter()
            .skip(1)
            .filter_map(|line| line.split_once(':'))
            .map(|(name, value)| (name.to_owned(), value.trim().to_owned()))
            .collect()
    }

    fn lines(&self) -> Vec<String> {
        String::from_utf8_lossy(&self.head).split("\r\n").map(str::to_owned).collect()
    }
}

impl fmt::Debug for RawRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let headers = self.headers();
        let headers: Vec<(&str, &str)> =
            headers.iter().map(|(name, value)| (name.as_str(), printable(name, value))).collect();
        f.debug_struct("RawRequest")
            .field("request_line", &self.request_line())
            .field("headers", &headers)
            .field("body", &format_args!("{} bytes", self.body.len()))
            .finish_non_exhaustive()
    }
}
