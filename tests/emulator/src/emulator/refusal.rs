//! Refusals in the words and the shape of Graph.

use std::time::SystemTime;

use graph_photo_codegen::permissions::GRAPH_APP_ID;
use hyper::{
    StatusCode,
    header::{self, HeaderName, HeaderValue},
};
use serde_json::json;

/// Where a user signs in for a token.
const AUTHORIZATION_URI: &str = "https://login.microsoftonline.com/common/oauth2/authorize";

/// A request that is answered with an error.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Refusal {
    pub(super) status: StatusCode,
    pub(super) code: &'static str,
    pub(super) message: String,
    /// A header that goes with the status.
    pub(super) header: Option<(HeaderName, HeaderValue)>,
}

impl Refusal {
    fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        Self { status, code, message: message.into(), header: None }
    }

    /// 400: the request makes no sense.
    pub(super) fn bad_request(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "BadRequest", message)
    }

    /// 400: no path continues with this segment.
    pub(super) fn unknown_segment(segment: &str) -> Self {
        Self::bad_request(format!("Resource not found for the segment '{segment}'."))
    }

    /// 400: the value of a path parameter is none that its schema accepts. Not repeated: it
    /// may be long, or such that a terminal obeys.
    pub(super) fn malformed_id(parameter: &str) -> Self {
        let message = format!("Id is malformed: {parameter}.");
        Self::new(StatusCode::BAD_REQUEST, "ErrorInvalidIdMalformed", message)
    }

    /// 401: the access token does not do.
    pub(super) fn unauthorized(message: &str) -> Self {
        let challenge = format!(
            "Bearer realm=\"\", authorization_uri=\"{AUTHORIZATION_URI}\", client_id=\"{GRAPH_APP_ID}\""
        );
        let challenge = HeaderValue::try_from(challenge).expect("an id is text for a header");
        Self {
            header: Some((header::WWW_AUTHENTICATE, challenge)),
            ..Self::new(StatusCode::UNAUTHORIZED, "InvalidAuthenticationToken", message)
        }
    }

    /// 403: the access token lacks every permission that would allow this.
    pub(super) fn access_denied() -> Self {
        Self::new(
            StatusCode::FORBIDDEN,
            "ErrorAccessDenied",
            "Access is denied. Check credentials and try again.",
        )
    }

    /// 404: nobody has stored a photo here.
    pub(super) fn no_photo() -> Self {
        Self::new(StatusCode::NOT_FOUND, "ImageNotFound", "The photo wasn't found.")
    }

    /// 405: the path is known, but not with this method.
    pub(super) fn method_not_allowed(allowed: HeaderValue) -> Self {
        Self {
            header: Some((header::ALLOW, allowed)),
            ..Self::new(
                StatusCode::METHOD_NOT_ALLOWED,
                "Request_BadRequest",
                "Specified HTTP method is not allowed for the request target.",
            )
        }
    }

    /// 413: the request is larger than the API accepts.
    pub(super) fn too_large() -> Self {
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, "BadRequest", "Maximum request length exceeded.")
    }

    /// 500, as Graph has it, though the mistake is the caller's: the body is
    /// not an image, or was not declared to be one.
    pub(super) fn not_an_image() -> Self {
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "ErrorInternalServerError",
            "The content of the request isn't an image.",
        )
    }

    /// The error body, in JSON.
    pub(super) fn body(&self, request_id: &str, client_request_id: &str) -> String {
        // Graph writes UTC without saying so.
        let date = humantime::format_rfc3339_seconds(SystemTime::now()).to_string();
        json!({
            "error": {
                "code": self.code,
                "message": self.message,
                "innerError": {
                    "date": date.trim_end_matches('Z'),
                    "request-id": request_id,
                    "client-request-id": client_request_id,
                },
            },
        })
        .to_string()
    }
}
