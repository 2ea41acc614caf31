//! Graph's error body, out of whatever shape it arrives in.

use bytes::{Bytes, BytesMut};
use reqwest::Response;
use serde_json::{Map, Value};

use crate::{generated::client::ErrorModel, transport::redaction::SentTokens};

/// The most of an error body that is read, in bytes.
const MAX_BODY_BYTES: usize = 64 * 1024;

/// The most that is kept of a body that is not JSON, in bytes.
const MAX_EXCERPT_BYTES: usize = 1024;

/// What some services begin JSON with.
const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

/// The members that hold an error, by Graph and by the API before it; in any case, as
/// all names here.
const ERROR: [&str; 2] = ["error", "odata.error"];

/// The member that holds a further error.
const INNER_ERROR: &str = "innerError";

/// The members that hold a code.
const CODE: [&str; 2] = ["code", "errorCode"];

/// The members that hold a message.
const MESSAGE: [&str; 3] = ["message", "errorMessage", "error_description"];

/// The most inner errors that are kept. Each may hold one more as a member and
/// one as text, and readers of nested JSON have a limit.
const MAX_INNER_ERRORS: usize = 16;

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
    /// Understands the body of an error response. Tokens that it echoes are left out.
    pub(crate) fn parse(body: &[u8], sent: &SentTokens) -> Self {
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

/// The body of an error response, up to a bound and as far as it came.
pub(crate) async fn read(response: &mut Response) -> Bytes {
    let mut body = BytesMut::new();
    while let Ok(Some(chunk)) = response.chunk().await {
        let rest = MAX_BODY_BYTES - body.len();
        body.extend_from_slice(&chunk[..chunk.len().min(rest)]);
        if body.len() == MAX_BODY_BYTES {
            break;
        }
    }
    body.freeze()
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
        [&mut self.error].into_iter().chain(&mut self.inner).for_each(|error| {
            sent.redact_members(error);
        });
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
fn excerpt(body: &[u8]) -> Members {
    let bytes = &body[..body.len().min(MAX_EXCERPT_BYTES)];
    let mut message = String::from_utf8_lossy(bytes).into_owned();
    if bytes.len() < body.len() && message.ends_with(char::REPLACEMENT_CHARACTER) {
        message.pop(); // a character that the bound cut in two
    }
    bare("", &message)
}

/// An error without those inside it, and the object that may hold those: in an
/// envelope, `{"error": {...}}`; as identity platforms write it, `{"error": "code",
/// "error_description": "..."}`; or without any, `{"errorCode": "...", ...}`, as
/// services behind Graph do.
fn outermost(json: &Value, keep: bool) -> Option<(Members, Option<&Members>)> {
    let json = json.as_object()?;
    match members(json, &ERROR).next() {
        Some(Value::Object(object)) => Some((error_of(object, keep), Some(object))),
        Some(Value::String(code)) => Some((bare(code, &text(json, &MESSAGE)), None)),
        _ if !text(json, &CODE).is_empty() => Some((error_of(json, keep), Some(json))),
        _ => None,
    }
}

/// An error by the names that the spec has for its texts.
fn error_of(object: &Members, keep: bool) -> Members {
    let mut error = others(object, &["code", "message"], keep);
    error.extend(bare(&text(object, &CODE), &text(object, &MESSAGE)));
    error
}

/// The members of an error but the inner one and those that are `known`.
fn others(found: &Members, known: &[&str], keep: bool) -> Members {
    let other = |key: &str| !key.eq_ignore_ascii_case(INNER_ERROR) && !known.contains(&key);
    let kept = found.iter().filter(|(key, _)| keep && other(key));
    kept.map(|(key, value)| (key.clone(), value.clone())).collect()
}

/// Adds the errors inside an error: the inner one in either spelling, and the one
/// that Graph put into the message, most often as JSON text.
fn collect_inner(object: &Members, keep: bool, inner: &mut Vec<Members>) {
    if let Some(Value::Object(next)) = members(object, &[INNER_ERROR]).next()
        && inner.len() < MAX_INNER_ERRORS
    {
        inner.push(inner_error_of(next, keep));
        collect_inner(next, keep, inner);
    }
    if let Some(json) = members(object, &MESSAGE).find_map(embedded)
        && let Some((error, next)) = outermost(&json, keep)
        && inner.len() < MAX_INNER_ERRORS
    {
        inner.push(error);
        if let Some(next) = next {
            collect_inner(next, keep, inner);
        }
    }
}

/// An inner error, of whose texts each may be missing, by the spec's names.
fn inner_error_of(object: &Members, keep: bool) -> Members {
    let names: [(&str, &[&str]); 5] = [
        ("client-request-id", &["client-request-id"]),
        ("code", &CODE),
        ("date", &["date"]),
        ("message", &MESSAGE),
        ("request-id", &["request-id"]),
    ];
    let mut error = others(object, &names.map(|(name, _)| name), keep);
    let texts = names.into_iter().map(|(name, found_as)| (name, optional_text(object, found_as)));
    error.extend(texts.filter_map(|(name, text)| Some((name.to_owned(), text?.into()))));
    error
}

/// An error that a message is, as an object or as JSON text.
fn embedded(message: &Value) -> Option<Value> {
    match message {
        Value::String(text) => embedded(&serde_json::from_str(text.trim()).ok()?),
        object => outermost(object, false).is_some().then(|| object.clone()),
    }
}

/// The members of an object that have one of these names, in any case.
fn members<'m>(object: &'m Members, names: &'m [&str]) -> impl Iterator<Item = &'m Value> {
    names.iter().flat_map(|name| {
        let found = object.iter().filter(|(key, _)| key.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value)
    })
}

fn text(object: &Members, names: &[&str]) -> String {
    optional_text(object, names).unwrap_or_default()
}

/// The first of some members that has text, or one that is empty; older services
/// write `{"lang": ..., "value": ...}`.
fn optional_text(object: &Members, names: &[&str]) -> Option<String> {
    let texts: Vec<String> = members(object, names)
        .filter_map(|value| match value {
            Value::String(text) => Some(text.clone()),
            Value::Object(localized) => optional_text(localized, &["value"]),
            _ => None,
        })
        .collect();
    texts.iter().find(|text| !text.is_empty()).or(texts.first()).cloned()
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
    /// The messages of the inner errors.
    inner_messages: Vec<String>,
    /// Graph's id of the request, where the body tells it.
    pub(crate) request_id: Option<String>,
    /// Whether the body was Graph's JSON; if not, the message is its beginning.
    pub(crate) is_json: bool,
}

impl Texts {
    fn of(errors: &Errors, is_json: bool) -> Self {
        let inner = |name| {
            let texts = errors.inner.iter().filter_map(move |inner| optional_text(inner, &[name]));
            texts.filter(|text| !text.is_empty())
        };
        let message = text(&errors.error, &["message"]);
        let is_embedded = errors.error.get("message").is_some_and(|text| embedded(text).is_some());
        let is_useless = message.is_empty() || is_embedded;
        let inner_messages: Vec<String> = inner("message").collect();
        let sense = inner_messages.last().filter(|_| is_useless).cloned();
        Self {
            code: text(&errors.error, &["code"]),
            innermost_code: inner("code").next_back(),
            request_id: inner("request-id").next(),
            message: sense.unwrap_or(message),
            inner_messages,
            is_json,
        }
    }

    /// The codes, the most specific one first.
    pub(crate) fn codes(&self) -> impl Iterator<Item = &str> {
        let codes = [self.innermost_code.as_deref(), Some(self.code.as_str())];
        codes.into_iter().flatten().filter(|code| !code.is_empty())
    }

    /// Whether a message of Graph's has some words, which are in lower case.
    pub(crate) fn say(&self, words: &str) -> bool {
        self.is_json && self.messages().any(|text| text.to_ascii_lowercase().contains(words))
    }

    /// The messages, or what there is in place of them.
    pub(crate) fn messages(&self) -> impl Iterator<Item = &str> {
        [self.message.as_str()].into_iter().chain(self.inner_messages.iter().map(String::as_str))
    }
}
