//! Refusals in the words of Graph.

use std::time::{Duration, SystemTime};

use graph_photo_codegen::permissions::GRAPH_APP_ID;
use serde_json::json;

use crate::{http::response::Response, wait::Wait};

/// An answer that is an error.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub(crate) status: u16,
    pub(crate) code: String,
    pub(crate) message: String,
    /// Headers that go with the status.
    pub(crate) headers: Vec<(String, String)>,
    /// For what the client has to wait, once it has the answer.
    pub(crate) waits: Vec<Wait>,
}

/// The ids of a request: Graph's, and the client's own.
#[derive(Debug, Clone)]
pub(crate) struct Ids {
    pub(crate) request: String,
    pub(crate) client: String,
}

impl Refusal {
    pub(crate) fn new(status: u16, code: &str, message: impl Into<String>) -> Self {
        Self {
            status,
            code: code.to_owned(),
            message: message.into(),
            headers: Vec::new(),
            waits: Vec::new(),
        }
    }

    /// Adds a header.
    pub(crate) fn header(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.push((name.to_owned(), value.into()));
        self
    }

    /// 400: the request makes no sense.
    pub(crate) fn bad_request(message: impl Into<String>) -> Self {
        Self::new(400, "BadRequest", message)
    }

    /// 400: no path continues with this segment.
    pub(crate) fn unknown_segment(segment: &str) -> Self {
        Self::bad_request(format!("Resource not found for the segment '{segment}'."))
    }

    /// 400: the schema of a path parameter does not accept its value. The message leaves the
    /// value out: it may be long, or have control characters.
    pub(crate) fn malformed_id(parameter: &str) -> Self {
        Self::new(400, "ErrorInvalidIdMalformed", format!("Id is malformed: {parameter}."))
    }

    /// 401: the access token is not accepted.
    pub(crate) fn unauthorized(message: &str) -> Self {
        let challenge = format!(
            "Bearer realm=\"\", \
             authorization_uri=\"https://login.microsoftonline.com/common/oauth2/authorize\", \
             client_id=\"{GRAPH_APP_ID}\""
        );
        Self::new(401, "InvalidAuthenticationToken", message).header("WWW-Authenticate", challenge)
    }

    /// 401: the access token has expired.
    pub(crate) fn expired() -> Self {
        Self::unauthorized("Lifetime validation failed, the token is expired.")
    }

    /// 403: the access token lacks every permission that would allow this.
    pub(crate) fn access_denied() -> Self {
        let message = "Access is denied. Check credentials and try again.";
        Self::new(403, "ErrorAccessDenied", message)
    }

    /// 404: the directory has no such user, group, ...
    pub(crate) fn unknown_resource(id: &str) -> Self {
        let message = format!(
            "Resource '{id}' does not exist or one of its queried reference-property objects \
             are not present."
        );
        Self::new(404, "Request_ResourceNotFound", message)
    }

    /// 404: the mailbox has no such contact, folder, ...
    pub(crate) fn unknown_item() -> Self {
        Self::new(404, "ErrorItemNotFound", "The specified object was not found in the store.")
    }

    /// 404: there is no photo here.
    pub(crate) fn no_photo() -> Self {
        Self::new(404, "ImageNotFound", "The photo wasn't found.")
    }

    /// 405: the path exists, but not with this method.
    pub(crate) fn method_not_allowed(allowed: &[&str]) -> Self {
        let message = "Specified HTTP method is not allowed for the request target.";
        Self::new(405, "Request_BadRequest", message).header("Allow", allowed.join(", "))
    }

    /// 413: the request is larger than the API accepts.
    pub(crate) fn too_large() -> Self {
        Self::new(413, "BadRequest", "Maximum request length exceeded.")
    }

    /// 429: a limit is reached.
    pub(crate) fn throttled(code: &str, message: &str, retry_after: Duration) -> Self {
        Self::new(429, code, message).header("Retry-After", whole_seconds(retry_after).to_string())
    }

    /// 500, as Graph has it, though the mistake is the caller's: the body is
    /// not an image, or was not declared to be one.
    pub(crate) fn not_an_image() -> Self {
        let message = "The content of the request isn't an image.";
        Self::new(500, "ErrorInternalServerError", message)
    }

    /// The response, in Graph's envelope.
    pub(crate) fn respond(&self, ids: &Ids, now: SystemTime) -> Response {
        // Graph writes UTC without saying so.
        let date = humantime::format_rfc3339_seconds(now).to_string();
        let body = json!({
            "error": {
                "code": self.code,
                "message": self.message,
                "innerError": {
                    "date": date.trim_end_matches('Z'),
                    "request-id": ids.request,
                    "client-request-id": ids.client,
                },
            },
        });
        let mut response = Response::json(self.status, &body);
        response.headers.extend(self.headers.iter().cloned());
        response
    }
}

/// A wait in whole seconds, none of it lost.
pub(crate) fn whole_seconds(wait: Duration) -> u64 {
    wait.as_secs() + u64::from(wait.subsec_nanos() > 0)
}
