//! Keeps tokens out of answers that echo them.

use std::borrow::Cow;

use http::{HeaderMap, HeaderValue};
use percent_encoding::percent_decode;
use serde_json::Value;

use crate::AccessToken;

/// What stands for a token.
const REDACTED: &str = "[redacted]";

/// As much of a token as is recognised, in bytes. A shorter one is no token but a
/// placeholder, such as `token`, which is a word of many messages.
const RECOGNISED: usize = 16;

/// The tokens that an upload has sent.
pub(crate) struct SentTokens(Vec<AccessToken>);

impl SentTokens {
    pub(crate) fn new(tokens: impl IntoIterator<Item = AccessToken>) -> Self {
        let tokens = tokens.into_iter().filter(|token| token.secret().len() >= RECOGNISED);
        Self(tokens.collect())
    }

    /// Replaces tokens in headers that echo them, percent-encoded or not.
    pub(crate) fn redact_headers(&self, headers: &mut HeaderMap) {
        for value in headers.values_mut() {
            let text: Cow<'_, [u8]> = percent_decode(value.as_bytes()).into();
            let text = String::from_utf8_lossy(&text);
            if self.0.iter().any(|token| text.contains(token.secret())) {
                *value = HeaderValue::from_static(REDACTED);
            }
        }
    }

    /// Replaces tokens in every text of a JSON value: only there, behind escapes
    /// such as `\/`, are they what was sent.
    pub(crate) fn redact(&self, value: &mut Value) {
        match value {
            Value::String(text) => self.0.iter().for_each(|token| redact(text, token.secret())),
            Value::Array(items) => items.iter_mut().for_each(|item| self.redact(item)),
            Value::Object(members) => members.values_mut().for_each(|member| self.redact(member)),
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }
}

/// Replaces a token in a text, and the beginning of one where the text was cut off.
fn redact(text: &mut String, token: &str) {
    if text.contains(token) {
        *text = text.replace(token, REDACTED);
    }
    // Tokens are ASCII, so that any of their bytes may be split off.
    if let Some(at) = token.get(..RECOGNISED).and_then(|start| text.rfind(start))
        && token.starts_with(&text[at..])
    {
        text.replace_range(at.., REDACTED);
    }
}
