//! Graph's error body, out of whatever shape it arrives in.

use bytes::{Bytes, BytesMut};
use reqwest::Response;
use serde_json::{Map, Value};

use crate::{generated::client::ErrorModel, redaction::SentTokens};

/// The most of an error body that is read, in bytes.
const MAX_BODY_BYTES: usize = 64 * 1024;

/// The most that is kept of a body that is not JSON, in bytes.
const MAX_EXCERPT_BYTES: usize = 1024;

/// What some services begin JSON with.
const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

/// The member that holds a further error.
const INNER_ERROR: &str = "innerError";

/// The most inner errors that are kept. Each may hold one more as a member and
/// one as text, and readers of nested JSON have a limit.
const MAX_INNER_ERRORS: usize = 16;

/// The texts that an inner error may have.
const INNER_TEXTS: [&str; 5] = ["client-request-id", "code", "date", "message", "request-id"];

/// The members of a JSON object.
type Members = Map<String, Value>;

/// The body of an error answer.
pub(crate) struct ErrorBody {
    /// The error, as JSON that the generated type can be read from, whatever
    /// the spec calls it. Of a body that is not JSON, the message is its
    /// beginning.
    pub(crate) json: Value,
    pub(crate) texts: Texts,
}

impl ErrorBody {
    /// Reads the body of an error response, up to a bound and as far as it came.
    /// Tokens that it echoes are left out.
    pub(crate) async fn read(response: &mut Response, sent: &SentTokens) -> Self {
        let mut body = BytesMut::new();
        while let Ok(Some(chunk)) = response.chunk().await {
            let rest = MAX_BODY_BYTES - body.len();
            body.extend_from_slice(&chunk[..chunk.len().min(rest)]);
            if body.len() == MAX_BODY_BYTES {
                break;
            }
        }
        Self::parse(&body.freeze(), sent)
    }

    fn parse(body: &Bytes, sent: &SentTokens) -> Self {
        let text = body.strip_prefix(BYTE_ORDER_MARK).unwrap_or(body);
        let json: Option<Value> = serde_json::from_slice(text).ok();
        let find = |keep| json.as_ref().and_then(|json| Errors::of(json, keep));
        // What the spec adds to the model is kept if it has the type of the spec.
        let found = find(true).filter(Errors::fit).or_else(|| find(false));
        let is_json = found.is_some();
        let mut errors =
            found.unwrap_or_else(|| Errors { error: excerpt(body), inner: Vec::new() });
        errors.redact(sent);
        let texts = Texts::of(&errors, is_json);
        Self { json: errors.into_json(), texts }
    }
}

/// An error, and the errors inside it, the outermost first.
#[derive(Clone)]
struct Errors {
    error: Members,
    inner: Vec<Members>,
}

impl Errors {
    /// The errors of an envelope. `keep` says whether to keep what this module
    /// does not know.
    fn of(json: &Value, keep: bool) -> Option<Self> {
        let (error, object) = outermost(json, keep)?;
        let mut inner = Vec::new();
        if let Some(object) = object {
            collect_inner(object, keep, &mut inner);
        }
        Some(Self { error, inner })
    }

    /// Whether the generated code can read its type from them: from bytes, of
    /// which readers take no more than so much nesting.
    fn fit(&self) -> bool {
        let json = self.clone().into_json().to_string();
        serde_json::from_str::<ErrorModel>(&json).is_ok()
    }

    fn redact(&mut self, sent: &SentTokens) {
        let all = [&mut self.error].into_iter().chain(&mut self.inner);
        all.flat_map(Map::values_mut).for_each(|value| sent.redact(value));
    }

    /// The errors as the spec has them: one inside the other, in an envelope.
    fn into_json(self) -> Value {
        let inner = self.inner.into_iter().rev().reduce(|inner, outer| holding(outer, inner));
        let error = match inner {
            Some(inner) => holding(self.error, inner),
            None => self.error,
        };
        Value::Object(Map::from_iter([("error".to_owned(), error.into())]))
    }
}

/// An error with another one inside it.
fn holding(mut error: Members, inner: Members) -> Members {
    error.insert(INNER_ERROR.to_owned(), inner.into());
    error
}

/// An error with nothing but the two texts that each has.
fn bare(code: &str, message: &str) -> Members {
    Map::from_iter([("code".to_owned(), code.into()), ("message".to_owned(), message.into())])
}

/// The beginning of a body that is not Graph's JSON, as a message.
fn excerpt(body: &Bytes) -> Members {
    let bytes = &body[..body.len().min(MAX_EXCERPT_BYTES)];
    let mut message = String::from_utf8_lossy(bytes).into_owned();
    if bytes.len() < body.len() && message.ends_with(char::REPLACEMENT_CHARACTER) {
        message.pop(); // a character that the bound cut in two
    }
    bare("", &message)
}

/// The error of an envelope without those inside it, and the object that may hold
/// those: `{"error": {...}}`, or as identity platforms write it, `{"error": "code",
/// "error_description": "..."}`.
fn outermost(json: &Value, keep: bool) -> Option<(Members, Option<&Members>)> {
    match json.get("error")? {
        Value::Object(object) => {
            let mut error = others(object, &["code", "message"], keep);
            error.extend(bare(&text(object, "code"), &text(object, "message")));
            Some((error, Some(object)))
        }
        Value::String(code) => {
            let description = json.as_object().map(|json| text(json, "error_description"));
            Some((bare(code, &description.unwrap_or_default()), None))
        }
        _ => None,
    }
}

/// The members of an error but the inner one and those that are `known`.
fn others(found: &Members, known: &[&str], keep: bool) -> Members {
    let other = |key: &str| !key.eq_ignore_ascii_case(INNER_ERROR) && !known.contains(&key);
    let kept = found.iter().filter(|(key, _)| keep && other(key));
    kept.map(|(key, value)| (key.clone(), value.clone())).collect()
}

/// Adds the errors inside an error: the inner one in either spelling, and the one
/// that Graph put into the message as JSON text.
fn collect_inner(object: &Members, keep: bool, inner: &mut Vec<Members>) {
    let member = object.iter().find(|(key, _)| key.eq_ignore_ascii_case(INNER_ERROR));
    if let Some(next) = member.and_then(|(_, value)| value.as_object())
        && inner.len() < MAX_INNER_ERRORS
    {
        let mut error = others(next, &INNER_TEXTS, keep);
        let texts = INNER_TEXTS.iter();
        error.extend(
            texts.filter_map(|key| Some(((*key).to_owned(), optional_text(next, key)?.into()))),
        );
        inner.push(error);
        collect_inner(next, keep, inner);
    }
    if let Some(json) = embedded(&text(object, "message"))
        && let Some((error, next)) = outermost(&json, keep)
        && inner.len() < MAX_INNER_ERRORS
    {
        inner.push(error);
        if let Some(next) = next {
            collect_inner(next, keep, inner);
        }
    }
}

/// An error that a message carries as JSON text.
fn embedded(message: &str) -> Option<Value> {
    serde_json::from_str(message.trim()).ok().filter(|json| outermost(json, false).is_some())
}

fn text(object: &Members, key: &str) -> String {
    optional_text(object, key).unwrap_or_default()
}

/// A member as text; older services write `{"lang": ..., "value": ...}`.
fn optional_text(object: &Members, key: &str) -> Option<String> {
    match object.get(key)? {
        Value::String(text) => Some(text.clone()),
        Value::Object(localized) => optional_text(localized, "value"),
        _ => None,
    }
}

/// What is read out of an error answer.
#[derive(Debug)]
pub(crate) struct Texts {
    pub(crate) code: String,
    /// The message for people: the error's own, unless there is none or it is an
    /// error in JSON, whose message is among those of the inner errors.
    pub(crate) message: String,
    /// The most specific code: that of the innermost error that has one.
    pub(crate) innermost_code: Option<String>,
    /// Graph's id of the request, where the body tells it.
    pub(crate) request_id: Option<String>,
    /// Whether the body was Graph's JSON; if not, the message is its beginning.
    pub(crate) is_json: bool,
}

impl Texts {
    fn of(errors: &Errors, is_json: bool) -> Self {
        let last = |key| {
            let mut texts = errors.inner.iter().filter_map(|inner| optional_text(inner, key));
            texts.rfind(|text| !text.is_empty())
        };
        let message = text(&errors.error, "message");
        let useless = message.is_empty() || embedded(&message).is_some();
        Self {
            code: text(&errors.error, "code"),
            innermost_code: last("code"),
            request_id: errors.inner.iter().find_map(|inner| optional_text(inner, "request-id")),
            message: if useless { last("message").unwrap_or(message) } else { message },
            is_json,
        }
    }
}
