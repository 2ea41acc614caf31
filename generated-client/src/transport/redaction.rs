//! Removes the tokens that responses echo, whole or in any piece that is long enough to be of
//! use, before anything is kept, shown or logged.

use std::{borrow::Cow, collections::HashSet};

use http::{HeaderMap, HeaderName, HeaderValue};
use memchr::{memchr3, memmem};
use reqwest::Request;

use crate::{auth::token::AccessToken, transport::authorization::token_of};

/// Replaces a token or a piece of one.
const REDACTED: &str = "[redacted]";

/// The shortest piece of a token that is recognised, in bytes. A shorter token is a
/// placeholder, such as `token`, a word in many messages.
const RECOGNISED: usize = 16;

/// How often an escape may be escaped again.
const ESCAPED: usize = 3;

/// The tokens that an upload has sent: that of its last attempt, and one that Graph refused.
#[derive(Default)]
pub(crate) struct SentTokens([Option<AccessToken>; 2]);

impl SentTokens {
    pub(super) fn new(request: &Request, refused: Option<&AccessToken>) -> Self {
        Self([token_of(request), refused.cloned()])
    }

    #[cfg(fuzzing)]
    pub(crate) fn of(token: AccessToken) -> Self {
        Self([Some(token), None])
    }

    fn secrets(&self) -> impl Iterator<Item = &[u8]> {
        let secrets = self.0.iter().flatten().map(AccessToken::secret_bytes);
        secrets.filter(|secret| secret.len() >= RECOGNISED)
    }

    /// Redacts the values of headers, and removes headers whose names echo a token.
    pub(super) fn redact_headers(&self, headers: &mut HeaderMap) {
        headers.values_mut().for_each(|value| self.redact_header(value));
        // Names of headers are in lower case.
        let secrets: Vec<_> = self.secrets().map(<[u8]>::to_ascii_lowercase).collect();
        let is_echo = |name: &&HeaderName| {
            let mut pieces = name.as_str().as_bytes().windows(RECOGNISED);
            pieces.any(|piece| secrets.iter().any(|secret| memmem::find(secret, piece).is_some()))
        };
        let echoes: Vec<_> = headers.keys().filter(is_echo).cloned().collect();
        for name in echoes {
            headers.remove(name);
        }
    }

    pub(super) fn redact_header(&self, value: &mut HeaderValue) {
        if let Some(redacted) = self.redacted(value.as_bytes()) {
            *value = HeaderValue::from_bytes(&redacted)
                .unwrap_or_else(|_| HeaderValue::from_static(REDACTED));
        }
    }

    pub(super) fn redact_text(&self, text: &mut String) {
        if let Some(redacted) = self.redacted(text.as_bytes()) {
            *text = String::from_utf8_lossy(&redacted).into_owned();
        }
    }

    /// A text without pieces of tokens; `None` if it has none.
    fn redacted(&self, text: &[u8]) -> Option<Vec<u8>> {
        let mut is_secret = Vec::new();
        let mut layer = Some(Layer::of(text));
        for _ in 0..=ESCAPED {
            let Some(read) = layer else { break };
            for place in self.places_in(&read.bytes) {
                is_secret.resize(text.len(), false);
                let (start, end) = (read.start_of(place), read.start_of(place + RECOGNISED));
                is_secret[start..end].fill(true);
            }
            layer = read.unescaped();
        }
        is_secret.contains(&true).then(|| replaced(text, &is_secret))
    }

    fn places_in(&self, text: &[u8]) -> Vec<usize> {
        let sharing = self.secrets().filter(|secret| may_share(text, secret));
        // A hash table, so that no response can make this slow.
        let pieces: HashSet<&[u8]> =
            sharing.flat_map(|secret| secret.windows(RECOGNISED)).collect();
        if pieces.is_empty() {
            return Vec::new(); // as nearly always
        }
        let windows = text.windows(RECOGNISED).enumerate();
        windows.filter(|(_, window)| pieces.contains(window)).map(|(at, _)| at).collect()
    }
}

fn replaced(text: &[u8], is_secret: &[bool]) -> Vec<u8> {
    let (mut redacted, mut was_secret) = (Vec::with_capacity(text.len()), false);
    for (byte, is_secret) in text.iter().zip(is_secret) {
        match is_secret {
            true if !was_secret => redacted.extend_from_slice(REDACTED.as_bytes()),
            true => {}
            false => redacted.push(*byte),
        }
        was_secret = *is_secret;
    }
    redacted
}

/// Whether a text may have a piece of a secret: whether the secret has any of the probes,
/// which are so dense that each piece contains one. Cheap if it has none.
fn may_share(text: &[u8], secret: &[u8]) -> bool {
    /// Long enough to be rarely in a secret by chance.
    const PROBE: usize = 6;
    let first = RECOGNISED - PROBE;
    let probes = text.get(first..).unwrap_or_default().windows(PROBE).step_by(first + 1);
    probes.into_iter().any(|probe| memmem::find(secret, probe).is_some())
}

/// A text with some layers of its escapes decoded. A token may be partly in one layer and
/// partly in the next, so matches are marked in the original text.
struct Layer<'t> {
    bytes: Cow<'t, [u8]>,
    /// Where each byte begins in the original text, and where that ends; empty if no escape
    /// was decoded.
    starts: Vec<usize>,
}

impl<'t> Layer<'t> {
    fn of(text: &'t [u8]) -> Self {
        Self { bytes: Cow::Borrowed(text), starts: Vec::new() }
    }

    fn start_of(&self, at: usize) -> usize {
        self.starts.get(at).copied().unwrap_or(at)
    }

    /// Decodes one more layer of escapes; `None` if there is none.
    fn unescaped(&self) -> Option<Self> {
        memchr3(b'%', b'\\', b'&', &self.bytes)?;
        let (mut bytes, mut starts, mut at) = (Vec::new(), Vec::new(), 0);
        while let Some(first) = self.bytes.get(at) {
            let (byte, length) = escaped(&self.bytes[at..]).unwrap_or((*first, 1));
            bytes.push(byte);
            starts.push(self.start_of(at));
            at += length;
        }
        starts.push(self.start_of(at));
        let has_escapes = bytes.len() < self.bytes.len();
        has_escapes.then_some(Self { bytes: Cow::Owned(bytes), starts })
    }
}

/// The byte of the escape (of URLs, JSON or HTML) that a text begins with, and the length of
/// the escape.
fn escaped(text: &[u8]) -> Option<(u8, usize)> {
    match text {
        [b'%', digits @ ..] => Some((number(digits.get(..2)?, 16)?, 3)),
        [b'\\', b'u', digits @ ..] => Some((number(digits.get(..4)?, 16)?, 6)),
        [b'\\', b'x', digits @ ..] => Some((number(digits.get(..2)?, 16)?, 4)),
        [b'\\', escaped, ..] if !escaped.is_ascii_alphanumeric() => Some((*escaped, 2)),
        [b'&', b'#', rest @ ..] => {
            /// The most digits that an encoder writes, leading zeros included.
            const MOST: usize = 8;
            let end = rest.iter().take(MOST).position(|byte| *byte == b';')?;
            let byte = match &rest[..end] {
                [b'x' | b'X', digits @ ..] => number(digits, 16)?,
                digits => number(digits, 10)?,
            };
            Some((byte, 2 + end + 1))
        }
        _ => None,
    }
}

fn number(digits: &[u8], radix: u32) -> Option<u8> {
    u8::from_str_radix(std::str::from_utf8(digits).ok()?, radix).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One in the form of Entra's, and one with every character that a token may have.
    const TOKENS: [&str; 2] = [
        "eyJ0eXAiOiJKV1QiLCJhbGciOiJSUzI1NiJ9.eyJhdWQiOiJodHRwczovL2dyYXBoIiwiZXhwIjoxfQ.c2ln-bmF_dHVyZQ",
        "0.AVoA-abc_def~ghi/jkl+mno.pqr-stu/vwx+yz0123456789==",
    ];

    fn sent(token: &str) -> SentTokens {
        SentTokens([Some(AccessToken::new(token).unwrap()), None])
    }

    fn redacted(sent: &SentTokens, text: &str) -> String {
        let redacted = sent.redacted(text.as_bytes()).unwrap_or_else(|| text.into());
        String::from_utf8(redacted).unwrap()
    }

    #[test]
    fn pieces_of_every_offset_and_length_are_replaced() {
        for token in TOKENS {
            let sent = sent(token);
            for start in 0..token.len() {
                for end in start + 1..=token.len() {
                    let piece = &token[start..end];
                    let is_recognised = piece.len() >= RECOGNISED;
                    // In every position relative to the probes.
                    let before = &"<p>: é%\\ "[..if end % 2 == 0 { 5 } else { 10 }];
                    let text = format!("{before}{piece}!{}", &"..........."[..start % 11]);
                    let expected =
                        if is_recognised { text.replace(piece, REDACTED) } else { text.clone() };
                    assert_eq!(redacted(&sent, &text), expected);
                }
            }
        }
    }

    #[test]
    fn several_pieces_are_replaced_and_the_rest_kept() {
        let token = TOKENS[0];
        let (a, b) = (&token[3..20], &token[30..70]);
        let said = redacted(&sent(token), &format!("no {a}, {a} nor {b}: {}", &token[..15]));
        let rest = &token[..15];
        assert_eq!(said, format!("no {REDACTED}, {REDACTED} nor {REDACTED}: {rest}"));
    }

    /// A text with each character escaped.
    fn escaped_by(escape: impl Fn(char) -> String, text: &str) -> String {
        text.chars().map(escape).collect()
    }

    #[test]
    fn escapes_are_looked_through() {
        let percent = |c: char| format!("%{:02x}", u32::from(c));
        let unicode = |c: char| format!("\\u{:04X}", u32::from(c));
        let html = |c: char| format!("&#x{:X};", u32::from(c));
        let decimal = |c: char| format!("&#{};", u32::from(c));
        let some = |c: char| match c {
            '/' => r"\/".to_owned(),
            '+' => "%2B".to_owned(),
            '=' | '.' => html(c),
            c => c.to_string(),
        };
        for token in TOKENS {
            let (sent, piece) = (sent(token), &token[5..25]);
            assert_eq!(redacted(&sent, r"a%20b\u0041"), r"a%20b\u0041");
            for escaped in [
                escaped_by(percent, piece),
                escaped_by(unicode, piece),
                escaped_by(html, piece),
                escaped_by(decimal, piece),
                escaped_by(some, piece),
                escaped_by(percent, &escaped_by(percent, piece)),
                escaped_by(|c| format!("\\{}", unicode(c)), piece),
            ] {
                let said = redacted(&sent, &format!("é a%20b {escaped}, 100%"));
                assert_eq!(said, format!("é a%20b {REDACTED}, 100%"), "{escaped}");
            }
        }
    }

    /// In a partly escaped token, no remainder is too short to be found.
    #[test]
    fn a_token_may_be_escaped_in_part() {
        let percent = |text: &str| escaped_by(|c| format!("%{:02x}", u32::from(c)), text);
        for token in TOKENS {
            let sent = sent(token);
            for start in (0..token.len()).step_by(3) {
                for end in start + 1..token.len().min(start + 20) {
                    let (before, piece, after) =
                        (&token[..start], &token[start..end], &token[end..]);
                    let echo = format!("{before}{}{after}", percent(piece));
                    assert_eq!(redacted(&sent, &echo), REDACTED, "{echo}");
                    let echo = format!("{}{piece}{}", percent(before), percent(after));
                    assert_eq!(redacted(&sent, &echo), REDACTED, "{echo}");
                }
            }
        }
    }

    /// Not everything that begins like an escape is one.
    #[test]
    fn a_piece_may_follow_half_an_escape() {
        let token = "41424344454647484950515253545556";
        let sent = sent(token);
        for before in ["%", "\\", "\\u", "\\x", "&#", "&", "%4", "\\u0"] {
            let said = redacted(&sent, &format!("{before}{}", &token[..16]));
            assert_eq!(said, format!("{before}{REDACTED}"));
        }
    }

    #[test]
    fn a_token_of_one_character_takes_no_time() {
        let token = "t".repeat(10_000);
        let text = format!("{}%41", "t".repeat(64 * 1024));
        assert_eq!(redacted(&sent(&token), &text), format!("{REDACTED}%41"));
    }

    #[test]
    fn a_short_token_is_a_word_like_any_other() {
        let text = "fifteen_letters";
        assert_eq!(redacted(&sent(text), text), text);
    }

    #[test]
    fn headers_are_redacted_in_values_and_names() {
        let token = "lower-case_token.of-some.length";
        let mut headers = HeaderMap::new();
        for (name, value) in [("x-a", token), ("x-a", "kept"), (token, "1"), (token, "2")] {
            headers
                .append(HeaderName::from_bytes(name.as_bytes()).unwrap(), value.parse().unwrap());
        }
        sent(token).redact_headers(&mut headers);
        let values: Vec<_> = headers.get_all("x-a").iter().map(HeaderValue::as_bytes).collect();
        assert_eq!((headers.keys_len(), values), (1, vec![REDACTED.as_bytes(), b"kept"]));
    }
}
