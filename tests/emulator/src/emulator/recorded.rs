//! What the emulator remembers of a request.

use std::fmt;

use bytes::Bytes;
use graph_photo_codegen::api::Permission;

use super::head;
use crate::redaction::printable;

/// A request that the emulator has answered.
///
/// `Debug` prints neither the access token nor the body.
#[derive(Clone)]
pub struct RecordedRequest {
    /// The HTTP method.
    pub method: String,
    /// The request target as it was sent: path, query and all.
    pub target: String,
    /// The headers, in the order and spelling in which they were sent;
    /// duplicates are kept.
    pub headers: Vec<(String, String)>,
    /// The body; of one that is too large, as much as the API accepts.
    pub body: Bytes,
    /// The size of the whole request on the wire, in bytes: request line,
    /// headers and body, with all framing.
    pub wire_bytes: u64,
    /// The HTTP status of the answer.
    pub status: u16,
    /// The permission that allowed the request; its content may have been
    /// refused all the same.
    pub permission: Option<Permission>,
    /// The `request-id` of the answer.
    pub request_id: String,
}

impl RecordedRequest {
    /// The values of a header, in the order in which they were sent.
    #[must_use]
    pub fn header(&self, name: &str) -> Vec<&str> {
        head::values(&self.headers, name)
    }
}

impl fmt::Debug for RecordedRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let headers: Vec<(&str, &str)> = self
            .headers
            .iter()
            .map(|(name, value)| (name.as_str(), printable(name, value)))
            .collect();
        f.debug_struct("RecordedRequest")
            .field("method", &self.method)
            .field("target", &self.target)
            .field("headers", &headers)
            .field("body", &format_args!("{} bytes", self.body.len()))
            .field("wire_bytes", &self.wire_bytes)
            .field("status", &self.status)
            .field("permission", &self.permission)
            .field("request_id", &self.request_id)
            .finish()
    }
}
