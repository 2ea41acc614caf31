//! Text for people: foreign text made safe to show, and errors with their causes.

use std::{
    borrow::Cow,
    error::Error,
    fmt::{self, Write as _},
    iter::successors,
};

use crate::generated::limits::FORBIDDEN_CHARACTERS;

/// Shows a text in one line, and escapes characters that are invisible or control a
/// terminal or the direction of text. Keeps quotes and accents, unlike `str::escape_debug`.
#[derive(Debug, Clone, Copy)]
pub struct Printable<'t>(pub &'t str);

impl fmt::Display for Printable<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.chars().try_for_each(|character| match character {
            '\t' | '\n' | '\r' | '\0' => write!(f, "{}", character.escape_debug()),
            // `escape_debug` leaves fillers and blanks as they are.
            _ if is_invisible(character) => write!(f, "{}", character.escape_unicode()),
            _ => f.write_char(character),
        })
    }
}

/// The first `most` characters of a text.
pub(crate) fn shortened(text: &str, most: usize) -> Cow<'_, str> {
    match text.char_indices().nth(most) {
        Some((end, _)) => Cow::Owned(format!("{}…", &text[..end])),
        None => Cow::Borrowed(text),
    }
}

/// The first `most` characters of a text, safe to show.
pub(crate) fn shown(text: &str, most: usize) -> String {
    Printable(&shortened(text, most)).to_string()
}

/// A target, or a URL in place of one, without what may be a secret: the user name and
/// password of a URL, and any query.
#[must_use]
pub fn without_secrets(text: &str) -> Cow<'_, str> {
    let Some((scheme, rest)) = text.split_once("://") else { return without_query(text) };
    let authority = rest.split('/').next().unwrap_or_default();
    match authority.rsplit_once('@') {
        // It may belong to either.
        Some((before, _)) if before.contains(['?', '#']) => Cow::Owned(format!("{scheme}://…")),
        Some((before, _)) => {
            Cow::Owned(format!("{scheme}://{}", without_query(&rest[before.len() + 1..])))
        }
        None => without_query(text),
    }
}

/// A URL or path without its query, and without a fragment that has values, as sign-ins return
/// it: either may hold a token. The `#EXT#` of a guest's name has none.
pub(crate) fn without_query(text: &str) -> Cow<'_, str> {
    let is_secret = |(at, sign): &(usize, &str)| *sign == "?" || text[*at..].contains('=');
    match text.match_indices(['?', '#']).find(is_secret) {
        Some((at, sign)) if at + sign.len() < text.len() => {
            Cow::Owned(format!("{}{sign}…", &text[..at]))
        }
        _ => Cow::Borrowed(text),
    }
}

pub(crate) fn count(bytes: u64) -> String {
    match bytes {
        1 => "1 byte".to_owned(),
        bytes => format!("{bytes} bytes"),
    }
}

/// Whether a character is invisible or controls a terminal or the direction of text.
fn is_invisible(character: char) -> bool {
    character.is_control() || (!character.is_ascii() && is_forbidden(character))
}

/// Whether the spec's `pattern` forbids a character in identifiers.
pub(crate) fn is_forbidden(character: char) -> bool {
    let code_point = u32::from(character);
    FORBIDDEN_CHARACTERS.iter().any(|&(first, last)| (first..=last).contains(&code_point))
}

/// The message of any error and those of its causes that it does not repeat, as `{:#}`
/// writes an [`Error`](crate::Error).
pub fn error_chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    for cause in successors(error.source(), |&cause| cause.source()) {
        let message = cause.to_string();
        if !text.contains(&message) {
            text = format!("{text}: {message}");
        }
    }
    text
}
