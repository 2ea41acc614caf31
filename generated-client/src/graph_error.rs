//! Graph's error body, out of whatever shape it arrives in.

use bytes::{Bytes, BytesMut};
use reqwest::Response;
use serde_json::{Map, Value};

use crate::generated::client::types::{ErrorResponse, GraphError, InnerError};

/// The most of an error body that is read, in bytes.
const MAX_BODY_BYTES: usize = 64 * 1024;

/// The most that is kept of a body that is not JSON, in bytes.
const MAX_EXCERPT_BYTES: usize = 1024;

/// The deepest nesting of inner errors that is followed.
const MAX_DEPTH: usize = 16;

/// An error body in the one shape that the spec describes.
pub(crate) struct Normalised {
    /// The error. Of a body that is not JSON, the message is its beginning.
    pub(crate) error: ErrorResponse,
    /// Whether the body was Graph's JSON.
    pub(crate) is_json: bool,
}

impl Normalised {
    /// Reads the body of an error response, up to a bound and as far as it came.
    pub(crate) async fn read(response: &mut Response) -> Self {
        let mut body = BytesMut::new();
        while let Ok(Some(chunk)) = response.chunk().await {
            let rest = MAX_BODY_BYTES - body.len();
            body.extend_from_slice(&chunk[..chunk.len().min(rest)]);
            if body.len() == MAX_BODY_BYTES {
                break;
            }
        }
        Self::parse(&body.freeze())
    }

    fn parse(body: &Bytes) -> Self {
        match serde_json::from_slice(body).ok().as_ref().and_then(|json| envelope(json, 0)) {
            Some(error) => Self { error: ErrorResponse { error }, is_json: true },
            None => Self { error: ErrorResponse { error: excerpt(body) }, is_json: false },
        }
    }
}

/// The beginning of a body that is not Graph's JSON, as a message.
fn excerpt(body: &Bytes) -> GraphError {
    let bytes = &body[..body.len().min(MAX_EXCERPT_BYTES)];
    let mut message = String::from_utf8_lossy(bytes).into_owned();
    if bytes.len() < body.len() && message.ends_with(char::REPLACEMENT_CHARACTER) {
        message.pop(); // a character that the bound cut in two
    }
    GraphError { code: String::new(), inner_error: None, message }
}

/// The error of an envelope: `{"error": {...}}`, or as identity platforms write
/// it, `{"error": "code", "error_description": "..."}`.
fn envelope(json: &Value, depth: usize) -> Option<GraphError> {
    match json.get("error")? {
        Value::Object(error) => {
            let (code, message) = (text(error, "code"), text(error, "message"));
            let inner_error = inner_error(error, &message, depth);
            Some(GraphError { code, inner_error, message })
        }
        Value::String(code) => Some(GraphError {
            code: code.clone(),
            inner_error: None,
            message: json
                .as_object()
                .map(|json| text(json, "error_description"))
                .unwrap_or_default(),
        }),
        _ => None,
    }
}

/// The inner error of an error, in either spelling; or the error that Graph put
/// into the message as JSON text.
fn inner_error(error: &Map<String, Value>, message: &str, depth: usize) -> Option<InnerError> {
    if depth == MAX_DEPTH {
        return None;
    }
    let found = error.iter().find(|(key, _)| key.eq_ignore_ascii_case("innerError"));
    let mut inner = found.and_then(|(_, value)| value.as_object()).map(|inner| InnerError {
        client_request_id: optional_text(inner, "client-request-id"),
        code: optional_text(inner, "code"),
        date: optional_text(inner, "date"),
        inner_error: Box::new(inner_error(inner, &text(inner, "message"), depth + 1)),
        message: optional_text(inner, "message"),
        request_id: optional_text(inner, "request-id"),
    });
    if let Some(embedded) = embedded(message, depth) {
        append(inner.get_or_insert_default(), embedded);
    }
    inner
}

/// An error that a message carries as JSON text.
fn embedded(message: &str, depth: usize) -> Option<InnerError> {
    let json: Value = serde_json::from_str(message.trim()).ok()?;
    let GraphError { code, inner_error, message } = envelope(&json, depth + 1)?;
    Some(InnerError {
        code: Some(code),
        inner_error: Box::new(inner_error),
        message: Some(message),
        ..InnerError::default()
    })
}

/// Puts an error at the end of a chain of inner errors.
fn append(inner: &mut InnerError, last: InnerError) {
    match inner.inner_error.as_mut() {
        Some(next) => append(next, last),
        None => *inner.inner_error = Some(last),
    }
}

fn text(object: &Map<String, Value>, key: &str) -> String {
    optional_text(object, key).unwrap_or_default()
}

/// A member as text; older services write `{"lang": ..., "value": ...}`.
fn optional_text(object: &Map<String, Value>, key: &str) -> Option<String> {
    match object.get(key)? {
        Value::String(text) => Some(text.clone()),
        Value::Object(localized) => optional_text(localized, "value"),
        _ => None,
    }
}

/// The most specific code: that of the innermost error that has one.
pub(crate) fn innermost_code(error: &GraphError) -> Option<&str> {
    let mut found = None;
    let mut next = error.inner_error.as_ref();
    while let Some(inner) = next {
        found = inner.code.as_deref().filter(|code| !code.is_empty()).or(found);
        next = inner.inner_error.as_ref().as_ref();
    }
    found
}
