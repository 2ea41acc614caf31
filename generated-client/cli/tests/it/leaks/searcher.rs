//! Finds a secret, or any piece of it that is long enough to be of use, in whatever form
//! programs write it.

use std::collections::{HashMap, HashSet};

use base64::{Engine as _, prelude::BASE64_STANDARD};

use crate::PIECE;

/// How often an escape may be escaped again.
const LAYERS: usize = 3;

/// Every form of every piece of some secrets.
#[derive(Default)]
pub(super) struct Searcher {
    /// By their length, each with the name of its secret and form.
    forms: HashMap<usize, HashMap<Vec<u8>, (&'static str, &'static str)>>,
    /// The first bytes of all forms: most places in a text begin none.
    starts: HashSet<[u8; 4]>,
}

impl Searcher {
    pub(super) fn add(&mut self, name: &'static str, secret: &[u8]) {
        assert!(secret.len() >= PIECE, "`{name}` is too short to be told from other text");
        for piece in secret.windows(PIECE) {
            for (form, bytes) in forms(piece) {
                self.starts.insert(start(&bytes).unwrap());
                let same_length = self.forms.entry(bytes.len()).or_default();
                same_length.insert(bytes, (name, form));
            }
        }
    }

    /// The name of a secret that a text has, and its form.
    pub(super) fn find(&self, text: &[u8]) -> Option<(&'static str, &'static str)> {
        let mut layer = text.to_vec();
        for _ in 0..=LAYERS {
            // Names of headers are in lower case, and hexadecimal digits in either.
            let found = self.find_in(&layer).or_else(|| self.find_in(&layer.to_ascii_lowercase()));
            let inner = unescaped(&layer);
            if found.is_some() || inner == layer {
                return found;
            }
            layer = inner;
        }
        None
    }

    fn find_in(&self, text: &[u8]) -> Option<(&'static str, &'static str)> {
        let begins = |at: &usize| start(&text[*at..]).is_some_and(|s| self.starts.contains(&s));
        (0..text.len()).filter(begins).find_map(|at| {
            let mut lengths = self.forms.iter();
            lengths.find_map(|(length, forms)| forms.get(text.get(at..at + length)?).copied())
        })
    }
}

fn start(bytes: &[u8]) -> Option<[u8; 4]> {
    bytes.first_chunk().copied()
}

fn forms(piece: &[u8]) -> Vec<(&'static str, Vec<u8>)> {
    let hex = piece.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    let mut forms = vec![
        ("plain", piece.to_vec()),
        ("lower case", piece.to_ascii_lowercase()),
        ("reversed", piece.iter().rev().copied().collect()),
        ("hexadecimal", hex.into_bytes()),
    ];
    for alignment in 0..3 {
        let encoded = BASE64_STANDARD.encode([&vec![0; alignment], piece].concat());
        // Without the characters that depend on the bytes before and after.
        let (first, end) = ((alignment * 8).div_ceil(6), (alignment + piece.len()) * 8 / 6);
        let standard = &encoded[first..end];
        forms.push(("base64url", standard.replace('+', "-").replace('/', "_").into_bytes()));
        forms.push(("base64", standard.as_bytes().to_vec()));
    }
    forms
}

/// A text with one layer of the escapes of URLs, JSON, Rust and HTML decoded.
fn unescaped(text: &[u8]) -> Vec<u8> {
    let (mut bytes, mut rest) = (Vec::with_capacity(text.len()), text);
    while let Some((first, after)) = rest.split_first() {
        let (byte, length) = match rest {
            [b'%', digits @ ..] => number(digits, 2).map(|byte| (byte, 3)),
            [b'\\', b'u', b'{', digits @ ..] => number(digits, 2).map(|byte| (byte, 6)),
            [b'\\', b'u', digits @ ..] => number(digits, 4).map(|byte| (byte, 6)),
            [b'\\', b'x', digits @ ..] => number(digits, 2).map(|byte| (byte, 4)),
            [b'\\', escaped, ..] if !escaped.is_ascii_alphanumeric() => Some((*escaped, 2)),
            [b'&', b'#', b'x', digits @ ..] => number(digits, 2).map(|byte| (byte, 6)),
            _ => None,
        }
        .unwrap_or((*first, 1));
        bytes.push(byte);
        rest = rest.get(length..).unwrap_or(after);
    }
    bytes
}

/// The byte that so many hexadecimal digits stand for.
fn number(digits: &[u8], count: usize) -> Option<u8> {
    u8::from_str_radix(std::str::from_utf8(digits.get(..count)?).ok()?, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &[u8] = b"0.AVoA-abc_def~ghi/jkl+mno.pqr-stu/vwx+yz0123456789";

    fn searcher() -> Searcher {
        let mut searcher = Searcher::default();
        searcher.add("secret", SECRET);
        searcher
    }

    /// How programs write bytes; each has a name that the searcher gives.
    type Form = (&'static str, fn(&[u8]) -> String);

    fn each(bytes: &[u8], write: impl Fn(&u8) -> String) -> String {
        bytes.iter().map(write).collect()
    }

    fn text(bytes: &[u8]) -> String {
        String::from_utf8(bytes.to_vec()).unwrap()
    }

    const FORMS: [Form; 12] = [
        ("plain", text),
        ("lower case", |bytes| text(&bytes.to_ascii_lowercase())),
        ("reversed", |bytes| text(bytes).chars().rev().collect()),
        ("hexadecimal", |bytes| each(bytes, |byte| format!("{byte:02x}"))),
        ("hexadecimal", |bytes| each(bytes, |byte| format!("{byte:02X}"))),
        ("plain", |bytes| each(bytes, |byte| format!("%{byte:02x}"))),
        ("plain", |bytes| each(bytes, |byte| format!("%25{byte:02X}"))),
        ("plain", |bytes| each(bytes, |byte| format!("\\u{byte:04x}"))),
        ("plain", |bytes| each(bytes, |byte| format!("\\\\u{byte:04x}"))),
        ("plain", |bytes| each(bytes, |byte| format!("\\x{byte:02x}"))),
        ("plain", |bytes| each(bytes, |byte| format!("&#x{byte:X};"))),
        ("plain", |bytes| text(bytes).replace('/', "\\/").replace('+', "%2B")),
    ];

    #[test]
    fn every_piece_is_found_in_every_form() {
        let searcher = searcher();
        for piece in SECRET.windows(PIECE) {
            for (form, write) in FORMS {
                let found = searcher.find(format!("<p>:{}!", write(piece)).as_bytes());
                assert_eq!(found.map(|(secret, _)| secret), Some("secret"), "{form}: {piece:?}");
            }
        }
    }

    #[test]
    fn every_alignment_of_base64_is_found() {
        use base64::prelude::BASE64_URL_SAFE_NO_PAD;

        let searcher = searcher();
        for piece in SECRET.windows(PIECE) {
            for before in ["", "a", "ab", "abc"] {
                let bytes = [before.as_bytes(), piece, b"z"].concat();
                let encoded =
                    [BASE64_STANDARD.encode(&bytes), BASE64_URL_SAFE_NO_PAD.encode(&bytes)];
                for encoded in encoded {
                    assert!(searcher.find(encoded.as_bytes()).is_some(), "{encoded}");
                }
            }
        }
    }

    #[test]
    fn shorter_pieces_and_other_texts_are_not_found() {
        let searcher = searcher();
        for piece in SECRET.windows(PIECE - 1) {
            for (form, write) in FORMS {
                let found = searcher.find(format!("<p>:{}!", write(piece)).as_bytes());
                assert_eq!(found, None, "{form}: {piece:?}");
            }
        }
    }
}
