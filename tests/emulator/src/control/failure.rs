//! Refusals of control by HTTP.

use serde_json::json;

use crate::http::response::Response;

/// A refusal, in the envelope that Graph's errors have.
pub(super) fn failure(status: u16, message: &str) -> Response {
    Response::json(status, &json!({ "error": { "code": "Emulator", "message": message } }))
}
