//! Graph's error body, out of whatever shape it arrives in.

use bytes::{Bytes, BytesMut};
use memchr::memmem;
use reqwest::Response;
use serde_json::{Map, Value};

use crate::generated::client::types::{ErrorResponse, GraphError, InnerError};

/// The most of an error body that is read, in bytes.
const MAX_BODY_BYTES: usize = 64 * 1024;

/// The most that is kept of a body that is not JSON, in bytes.
const MAX_EXCERPT_BYTES: usize = 1024;

/// What stands for a token that an answer echoes.
pub(crate) const REDACTED: &str = "[redacted]";

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
    /// A token that it echoes is left out.
    pub(crate) async fn read(response: &mut Response, token: &str) -> Self {
        let mut body = BytesMut::new();
        while let Ok(Some(chunk)) = response.chunk().await {
            let rest = MAX_BODY_BYTES - body.len();
            body.extend_from_slice(&chunk[..chunk.len().min(rest)]);
            if body.len() == MAX_BODY_BYTES {
                break;
            }
        }
        Self::parse(&redacted(body.freeze(), token))
    }

    fn parse(body: &Bytes) -> Self {
        match serde_json::from_slice(body).ok().as_ref().and_then(|json| envelope(json, 0)) {
            Some(error) => Self { error: ErrorResponse { error }, is_json: true },
            None => Self { error: ErrorResponse { error: excerpt(body) }, is_json: false },
        }
    }
}

/// Whether bytes hold a token. A short text is no token but a placeholder, such
/// as `token`, which is a word of many messages.
pub(crate) fn holds_token(bytes: &[u8], token: &str) -> bool {
    const SHORTEST_TOKEN: usize = 16;
    token.len() >= SHORTEST_TOKEN && memmem::find(bytes, token.as_bytes()).is_some()
}

fn redacted(body: Bytes, token: &str) -> Bytes {
    if holds_token(&body, token) {
        return String::from_utf8_lossy(&body).replace(token, REDACTED).into();
    }
    body
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
        match &mut inner {
            Some(inner) => append(inner, embedded),
            None => inner = Some(embedded),
        }
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

/// The inner errors of an error, from the outermost on.
fn inner_errors(error: &GraphError) -> impl Iterator<Item = &InnerError> {
    std::iter::successors(error.inner_error.as_ref(), |inner| inner.inner_error.as_ref().as_ref())
}

/// The most specific code: that of the innermost error that has one.
pub(crate) fn innermost_code(error: &GraphError) -> Option<&str> {
    let codes = inner_errors(error).filter_map(|inner| inner.code.as_deref());
    codes.filter(|code| !code.is_empty()).last()
}

/// Graph's id of the request, where the body tells it.
pub(crate) fn request_id(error: &GraphError) -> Option<&str> {
    inner_errors(error).find_map(|inner| inner.request_id.as_deref())
}

/// The message for people: the error's own, unless there is none or it is an
/// error in JSON, whose message is among those of the inner errors.
pub(crate) fn message(error: &GraphError) -> &str {
    if !error.message.is_empty() && embedded(&error.message, 0).is_none() {
        return &error.message;
    }
    inner_errors(error)
        .filter_map(|inner| inner.message.as_deref())
        .filter(|message| !message.is_empty())
        .last()
        .unwrap_or(&error.message)
}
