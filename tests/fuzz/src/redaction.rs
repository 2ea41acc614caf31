//! Tokens that responses echo.

use std::collections::HashSet;

use graph_photo_client::{Error, http};
use http::{
    HeaderValue,
    header::{LOCATION, WWW_AUTHENTICATE},
};
use serde_json::json;

use crate::answers;

/// A piece of fewer bytes is of no use to a thief.
const RECOGNISED: usize = 16;

/// How often an escape may be escaped again.
const LAYERS: usize = 3;

/// Longer than what is kept of a body that is not JSON.
const MAX_ECHO: usize = 1_500;

/// No token survives in an error, in whatever pieces and escapes a response echoes it.
///
/// The first byte is the length of the token, and its bytes follow; then come the parts of the
/// echo: pieces of the token, or other bytes.
///
/// # Panics
///
/// If this does not hold.
pub fn check(data: &[u8]) {
    let mut input = Input(data);
    let token = input.token();
    let mut echo = Vec::new();
    while !input.0.is_empty() && echo.len() < MAX_ECHO {
        input.part(&token, &mut echo);
    }
    let text = String::from_utf8_lossy(&echo);
    let inner = json!({ "code": text, "message": text, "request-id": text });
    let members = json!({ "code": text, "message": text, "innerError": inner }).to_string();
    let nested = json!({ "error": { "code": "c", "message": members } }).to_string();
    let bodies = [
        echo.clone(),
        json!({ "error": inner }).to_string().into_bytes(),
        // The echo is escaped already.
        format!(r#"{{"error":{{"code":"c","message":"{text}"}}}}"#).into_bytes(),
        nested.into_bytes(),
    ];
    for body in bodies {
        let mut response = http::Response::builder().status(401).body(body).expect("a response");
        if let Ok(value) = HeaderValue::from_bytes(&echo) {
            let names = ["request-id", "x-echo"].map(http::HeaderName::from_static);
            for name in names.into_iter().chain([LOCATION, WWW_AUTHENTICATE]) {
                response.headers_mut().insert(name, value.clone());
            }
        }
        check_error(&answers::refused(&token, response), &token);
    }
}

fn check_error(error: &Error, token: &str) {
    let headers = error.headers().into_iter().flatten().map(|(_, value)| value.as_bytes());
    let headers: Vec<Vec<u8>> = headers.map(<[u8]>::to_vec).collect();
    let texts = [
        Some(error.to_string()),
        Some(format!("{error:#}")),
        Some(format!("{error:?}")),
        error.code().map(str::to_owned),
        error.inner_code().map(str::to_owned),
        error.message().map(str::to_owned),
        error.body_excerpt().map(str::to_owned),
        error.request_id().map(str::to_owned),
    ];
    let texts = texts.into_iter().flatten().map(String::into_bytes).chain(headers);
    let pieces: HashSet<&[u8]> = token.as_bytes().windows(RECOGNISED).collect();
    for text in texts {
        let mut layer = text.clone();
        for _ in 0..=LAYERS {
            let leak = layer.windows(RECOGNISED).find(|window| pieces.contains(window));
            assert!(leak.is_none(), "{} in {}", token, text.escape_ascii());
            let next = unescaped(&layer);
            if next.len() == layer.len() {
                break;
            }
            layer = next;
        }
    }
}

/// Decodes one layer of escapes: of URLs, JSON and HTML.
fn unescaped(text: &[u8]) -> Vec<u8> {
    let (mut bytes, mut rest) = (Vec::new(), text);
    while let Some((first, after)) = rest.split_first() {
        let digits = |from: usize, count: usize, radix| {
            let digits = std::str::from_utf8(rest.get(from..from + count)?).ok()?;
            Some((u8::from_str_radix(digits, radix).ok()?, from + count))
        };
        let entity = |from: usize, radix| {
            let count = rest.iter().skip(from).take(8).position(|byte| *byte == b';')?;
            digits(from, count, radix).map(|(byte, end)| (byte, end + 1))
        };
        let decoded = match rest {
            [b'%', ..] => digits(1, 2, 16),
            [b'\\', b'u', ..] => digits(2, 4, 16),
            [b'\\', b'/', ..] => Some((b'/', 2)),
            [b'&', b'#', b'x', ..] => entity(3, 16),
            [b'&', b'#', ..] => entity(2, 10),
            _ => None,
        };
        let (byte, left) = decoded.map_or((*first, after), |(byte, end)| (byte, &rest[end..]));
        bytes.push(byte);
        rest = left;
    }
    bytes
}

/// What is left of the input.
struct Input<'d>(&'d [u8]);

impl<'d> Input<'d> {
    fn byte(&mut self) -> u8 {
        self.bytes(1).first().copied().unwrap_or_default()
    }

    fn bytes(&mut self, count: usize) -> &'d [u8] {
        let (taken, rest) = self.0.split_at(count.min(self.0.len()));
        self.0 = rest;
        taken
    }

    /// Characters that tokens have, but for those of our own words and of the escapes `\0` and
    /// `\xF1`, as which `Debug` shows other bytes: each would lengthen a piece that is too short
    /// to matter.
    fn token(&mut self) -> String {
        const ALPHABET: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ-._~+/=";
        let length = RECOGNISED + usize::from(self.byte() % 100);
        let bytes = self.bytes(length);
        let character = |at: usize| {
            let byte = bytes.get(at).copied().unwrap_or_default();
            char::from(ALPHABET[usize::from(byte) % ALPHABET.len()])
        };
        (0..length).map(character).collect()
    }

    /// Adds a piece of the token in some escape, or other bytes.
    fn part(&mut self, token: &str, echo: &mut Vec<u8>) {
        let kind = self.byte();
        if kind & 0x80 != 0 {
            return echo.extend(self.bytes(usize::from(kind & 0x1F)));
        }
        let start = usize::from(self.byte()) % token.len();
        let end = (start + 1 + usize::from(self.byte())).min(token.len());
        let mut piece = token[start..end].to_owned();
        for layer in 0..usize::from(kind & 3) {
            // Each layer escapes all characters, or every second one.
            let escape = kind >> 2 & 7;
            let all = kind & 0x20 == 0;
            let escaped = piece.char_indices().map(|(at, character)| {
                let is_kept = !character.is_ascii() || (layer == 0 && !all && at % 2 == 1);
                if is_kept || (layer > 0 && !"%\\&".contains(character)) {
                    return character.to_string();
                }
                let code = u32::from(character);
                match escape {
                    0 => format!("%{code:02x}"),
                    1 => format!("%{code:02X}"),
                    2 => format!("\\u{code:04x}"),
                    3 => format!("&#{code};"),
                    4 => format!("&#x{code:X};"),
                    5 if character == '/' => "\\/".to_owned(),
                    _ => character.to_string(),
                }
            });
            piece = escaped.collect();
        }
        echo.extend(piece.as_bytes());
    }
}
