//! Graph's error body, out of whatever shape it arrives in.

use std::iter::successors;

use bytes::{Bytes, BytesMut};
use memchr::memmem;
use reqwest::Response;
use serde_json::{Map, Value};

use crate::generated::client::ErrorModel;

/// The most of an error body that is read, in bytes.
const MAX_BODY_BYTES: usize = 64 * 1024;

/// The most that is kept of a body that is not JSON, in bytes.
const MAX_EXCERPT_BYTES: usize = 1024;

/// What stands for a token that an answer echoes.
pub(crate) const REDACTED: &str = "[redacted]";

/// The member that holds a further error.
const INNER_ERROR: &str = "innerError";

/// The deepest nesting of inner errors that is followed.
const MAX_DEPTH: usize = 16;

/// The texts that an inner error may have.
const INNER_TEXTS: [&str; 5] = ["client-request-id", "code", "date", "message", "request-id"];

/// An error body in the one shape that the spec describes.
pub(crate) struct Normalised {
    /// The error, as JSON that the generated type can be read from, whatever
    /// the spec calls it. Of a body that is not JSON, the message is its
    /// beginning.
    pub(crate) error: Value,
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
        let json: Option<Value> = serde_json::from_slice(body).ok();
        let read = |keep| json.as_ref().and_then(|json| envelope(json, keep, 0)).map(whole);
        // What the spec adds to the model is kept if it has the type of the spec.
        let error = read(true).filter(fits).or_else(|| read(false));
        let is_json = error.is_some();
        Self { error: error.unwrap_or_else(|| whole(excerpt(body))), is_json }
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

/// An error in its envelope.
fn whole(error: Map<String, Value>) -> Value {
    Value::Object(Map::from_iter([("error".to_owned(), error.into())]))
}

/// Whether the generated type can be read from an error body.
fn fits(error: &Value) -> bool {
    serde_json::from_value::<ErrorModel>(error.clone()).is_ok()
}

/// An error with nothing but the two texts that each has.
fn bare(code: &str, message: &str) -> Map<String, Value> {
    Map::from_iter([("code".to_owned(), code.into()), ("message".to_owned(), message.into())])
}

/// The beginning of a body that is not Graph's JSON, as a message.
fn excerpt(body: &Bytes) -> Map<String, Value> {
    let bytes = &body[..body.len().min(MAX_EXCERPT_BYTES)];
    let mut message = String::from_utf8_lossy(bytes).into_owned();
    if bytes.len() < body.len() && message.ends_with(char::REPLACEMENT_CHARACTER) {
        message.pop(); // a character that the bound cut in two
    }
    bare("", &message)
}

/// The error of an envelope: `{"error": {...}}`, or as identity platforms write
/// it, `{"error": "code", "error_description": "..."}`. `keep` says whether to
/// keep what this module does not know.
fn envelope(json: &Value, keep: bool, depth: usize) -> Option<Map<String, Value>> {
    match json.get("error")? {
        Value::Object(found) => {
            let (code, message) = (text(found, "code"), text(found, "message"));
            let inner = inner_error(found, &message, keep, depth);
            let mut error = others(found, &["code", "message"], keep);
            error.extend(bare(&code, &message));
            error.extend(inner.map(|inner| (INNER_ERROR.to_owned(), inner.into())));
            Some(error)
        }
        Value::String(code) => {
            let description = json.as_object().map(|json| text(json, "error_description"));
            Some(bare(code, &description.unwrap_or_default()))
        }
        _ => None,
    }
}

/// The members of an error but the inner one and those that are `known`.
fn others(found: &Map<String, Value>, known: &[&str], keep: bool) -> Map<String, Value> {
    let other = |key: &str| !key.eq_ignore_ascii_case(INNER_ERROR) && !known.contains(&key);
    let kept = found.iter().filter(|(key, _)| keep && other(key));
    kept.map(|(key, value)| (key.clone(), value.clone())).collect()
}

/// The inner error of an error, in either spelling; or the error that Graph put
/// into the message as JSON text.
fn inner_error(
    error: &Map<String, Value>,
    message: &str,
    keep: bool,
    depth: usize,
) -> Option<Map<String, Value>> {
    if depth == MAX_DEPTH {
        return None;
    }
    let found = error.iter().find(|(key, _)| key.eq_ignore_ascii_case(INNER_ERROR));
    let mut inner = found.and_then(|(_, value)| value.as_object()).map(|found| {
        let mut inner = others(found, &INNER_TEXTS, keep);
        inner.extend(
            INNER_TEXTS
                .iter()
                .filter_map(|key| Some(((*key).to_owned(), optional_text(found, key)?.into()))),
        );
        let next = inner_error(found, &text(found, "message"), keep, depth + 1);
        inner.extend(next.map(|next| (INNER_ERROR.to_owned(), next.into())));
        inner
    });
    if let Some(embedded) = embedded(message, keep, depth) {
        match &mut inner {
            Some(inner) => append(inner, embedded),
            None => inner = Some(embedded),
        }
    }
    inner
}

/// An error that a message carries as JSON text.
fn embedded(message: &str, keep: bool, depth: usize) -> Option<Map<String, Value>> {
    let json: Value = serde_json::from_str(message.trim()).ok()?;
    envelope(&json, keep, depth + 1)
}

/// Puts an error at the end of a chain of inner errors.
fn append(inner: &mut Map<String, Value>, last: Map<String, Value>) {
    match inner.get_mut(INNER_ERROR).and_then(Value::as_object_mut) {
        Some(next) => append(next, last),
        None => drop(inner.insert(INNER_ERROR.to_owned(), last.into())),
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

/// What is read out of an error answer.
#[derive(Default)]
pub(crate) struct Texts {
    pub(crate) code: String,
    /// The message for people: the error's own, unless there is none or it is an
    /// error in JSON, whose message is among those of the inner errors.
    pub(crate) message: String,
    /// The most specific code: that of the innermost error that has one.
    pub(crate) innermost_code: Option<String>,
    /// Graph's id of the request, where the body tells it.
    pub(crate) request_id: Option<String>,
}

impl Texts {
    /// Reads an error of the generated type by the names of the API.
    pub(crate) fn of(error: &ErrorModel) -> Self {
        let json = serde_json::to_value(error).unwrap_or_default();
        let Some(error) = json.get("error").and_then(Value::as_object) else {
            return Self::default();
        };
        let inner_errors: Vec<_> = successors(inner_of(error), |error| inner_of(error)).collect();
        let last = |key| {
            let mut texts = inner_errors.iter().filter_map(|inner| optional_text(inner, key));
            texts.rfind(|text| !text.is_empty())
        };
        let message = text(error, "message");
        let useless = message.is_empty() || embedded(&message, false, 0).is_some();
        Self {
            code: text(error, "code"),
            innermost_code: last("code"),
            request_id: inner_errors.iter().find_map(|inner| optional_text(inner, "request-id")),
            message: if useless { last("message").unwrap_or(message) } else { message },
        }
    }
}

fn inner_of(error: &Map<String, Value>) -> Option<&Map<String, Value>> {
    error.get(INNER_ERROR)?.as_object()
}
