//! A response, and its bytes.

use bytes::Bytes;
use http::StatusCode;
use serde_json::Value;

/// A response.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Response {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Bytes,
}

impl Response {
    /// A response without a body.
    pub(crate) fn new(status: u16) -> Self {
        Self { status, headers: Vec::new(), body: Bytes::new() }
    }

    /// A response in JSON.
    pub(crate) fn json(status: u16, value: &Value) -> Self {
        Self::new(status).with_body("application/json", value.to_string())
    }

    /// Adds a header.
    pub(crate) fn header(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.push((name.to_owned(), value.into()));
        self
    }

    /// Sets the body and its media type.
    pub(crate) fn with_body(mut self, media_type: &str, body: impl Into<Bytes>) -> Self {
        self.body = body.into();
        // Keeps a browser from guessing what an upload might be.
        self.header("Content-Type", media_type).header("X-Content-Type-Options", "nosniff")
    }

    /// Its bytes, without the body for `HEAD` and for a status that has none.
    pub(crate) fn encode(&self, method: &str) -> Bytes {
        let has_no_body = matches!(self.status, 100..200 | 204 | 304);
        let mut bytes = self.encode_head();
        if !has_no_body {
            bytes.extend_from_slice(format!("Content-Length: {}\r\n", self.body.len()).as_bytes());
        }
        bytes.extend_from_slice(b"\r\n");
        if method != "HEAD" && !has_no_body {
            bytes.extend_from_slice(&self.body);
        }
        bytes.into()
    }

    /// Its head without a length and without the empty line at the end.
    pub(crate) fn encode_head(&self) -> Vec<u8> {
        let reason = StatusCode::from_u16(self.status).ok().and_then(|s| s.canonical_reason());
        let mut head = format!("HTTP/1.1 {} {}\r\n", self.status, reason.unwrap_or_default());
        for (name, value) in &self.headers {
            head += &format!("{}: {}\r\n", one_line(name), one_line(value));
        }
        head.into_bytes()
    }
}

/// Text without the characters that would end a header.
fn one_line(text: &str) -> String {
    text.replace(['\r', '\n', '\0'], " ")
}
