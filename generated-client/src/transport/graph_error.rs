//! Reads Graph's error from the body of a response, in any form.

use serde_json::{Map, Value};

use crate::transport::redaction::SentTokens;

/// The most that is kept of a body that is not JSON, in bytes.
const MAX_EXCERPT_BYTES: usize = 1024;

/// Some services begin JSON with this.
const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

/// The members that hold an error, in Graph and in the API before it. All names here match
/// in upper or lower case.
const ERROR: &[&str] = &["error", "odata.error"];

/// The members that hold a code or a message.
const CODE: &[&str] = &["code", "errorCode"];
const MESSAGE: &[&str] = &["message", "errorMessage", "error_description"];

/// The most errors that are read: each may hold one as a member and one as text.
const MAX_ERRORS: usize = 17;

type Members = Map<String, Value>;

/// The body of an error response.
#[derive(Debug)]
pub(crate) struct GraphError {
    /// The error and those inside it, the outermost first; none if the body was not Graph's
    /// JSON.
    errors: Vec<OneError>,
    /// The beginning of any other body.
    excerpt: Option<String>,
}

#[derive(Debug)]
struct OneError {
    code: Option<String>,
    /// `None` if it is an error as JSON text, which follows.
    message: Option<String>,
    request_id: Option<String>,
}

impl GraphError {
    /// Reads a body, without the tokens that it echoes.
    pub(super) fn parse(body: &[u8], sent: &SentTokens) -> Self {
        let mut errors = Vec::new();
        let text = body.strip_prefix(BYTE_ORDER_MARK).unwrap_or(body);
        if let Ok(json) = serde_json::from_slice(text) {
            read_error(&json, &mut errors);
        }
        let mut excerpt = errors.is_empty().then(|| excerpt(body)).filter(|text| !text.is_empty());
        errors
            .iter_mut()
            .flat_map(|error| [&mut error.code, &mut error.message, &mut error.request_id])
            .chain([&mut excerpt])
            .flatten()
            .for_each(|text| sent.redact_text(text));
        Self { errors, excerpt }
    }

    pub(super) fn is_json(&self) -> bool {
        !self.errors.is_empty()
    }

    pub(crate) fn code(&self) -> Option<&str> {
        self.errors.first()?.code.as_deref()
    }

    /// The most specific code: that of the innermost error that has one.
    pub(crate) fn inner_code(&self) -> Option<&str> {
        self.errors.iter().skip(1).rev().find_map(|error| error.code.as_deref())
    }

    /// The codes, the most specific one first.
    pub(super) fn codes(&self) -> impl Iterator<Item = &str> {
        self.inner_code().into_iter().chain(self.code())
    }

    /// The message for people: that of the outermost error, or else of the innermost.
    pub(crate) fn message(&self) -> Option<&str> {
        let own = self.errors.first()?.message.as_deref();
        own.or_else(|| self.messages().last())
    }

    pub(super) fn messages(&self) -> impl Iterator<Item = &str> {
        self.errors.iter().filter_map(|error| error.message.as_deref())
    }

    /// Whether a message contains these words, given in lower case.
    pub(super) fn says(&self, words: &str) -> bool {
        self.messages().any(|message| message.to_ascii_lowercase().contains(words))
    }

    pub(super) fn request_id(&self) -> Option<&str> {
        self.errors.iter().find_map(|error| error.request_id.as_deref())
    }

    /// The first KiB of a body that was not Graph's JSON.
    pub(crate) fn excerpt(&self) -> Option<&str> {
        self.excerpt.as_deref()
    }
}

fn excerpt(body: &[u8]) -> String {
    let bytes = &body[..body.len().min(MAX_EXCERPT_BYTES)];
    let mut text = String::from_utf8_lossy(bytes).into_owned();
    if bytes.len() < body.len() && text.ends_with(char::REPLACEMENT_CHARACTER) {
        text.pop(); // a character that the limit cut in two
    }
    text
}

/// Reads the errors of a JSON value, and returns whether it is one: in an envelope,
/// `{"error": {...}}`; in the form of identity platforms, `{"error": "code",
/// "error_description": "..."}`; or bare, `{"errorCode": "...", ...}`, as from services
/// behind Graph.
fn read_error(json: &Value, errors: &mut Vec<OneError>) -> bool {
    let Some(object) = json.as_object() else { return false };
    match members(object, ERROR).next() {
        Some(Value::Object(error)) => read_members(error, errors),
        Some(Value::String(code)) => {
            let code = Some(code.clone()).filter(|code| !code.is_empty());
            errors.push(OneError { code, ..one_error(object) });
        }
        _ if text(object, CODE).is_some() => read_members(object, errors),
        _ => return false,
    }
    true
}

/// Reads an error and those inside it: the inner error, and one in the message, most often
/// as JSON text.
fn read_members(object: &Members, errors: &mut Vec<OneError>) {
    if errors.len() >= MAX_ERRORS {
        return;
    }
    let at = errors.len();
    errors.push(one_error(object));
    if let Some(Value::Object(inner)) = members(object, &["innerError"]).next() {
        read_members(inner, errors);
    }
    if members(object, MESSAGE).any(|message| read_message(message, errors)) {
        errors[at].message = None;
    }
}

/// Reads a message that is an error itself, as an object or as JSON text.
fn read_message(message: &Value, errors: &mut Vec<OneError>) -> bool {
    match message {
        Value::String(text) => {
            serde_json::from_str(text.trim()).is_ok_and(|json| read_message(&json, errors))
        }
        json => read_error(json, errors),
    }
}

fn one_error(object: &Members) -> OneError {
    OneError {
        code: text(object, CODE),
        message: text(object, MESSAGE),
        request_id: text(object, &["request-id"]),
    }
}

/// The members of an object with these names, in upper or lower case.
fn members<'m>(object: &'m Members, names: &'m [&str]) -> impl Iterator<Item = &'m Value> {
    let found = |name: &'m &str| object.iter().filter(|(key, _)| key.eq_ignore_ascii_case(name));
    names.iter().flat_map(found).map(|(_, value)| value)
}

/// The first of these members with text; older services write `{"lang": ..., "value": ...}`.
fn text(object: &Members, names: &[&str]) -> Option<String> {
    members(object, names).find_map(|value| match value {
        Value::String(text) => Some(text.clone()).filter(|text| !text.is_empty()),
        Value::Object(localized) => text(localized, &["value"]),
        _ => None,
    })
}
