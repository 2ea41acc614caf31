//! Hides access tokens that were given where something else belongs.

use std::borrow::Cow;

/// How every JSON Web Token and every part of one begins, but for its signature: with a JSON
/// object in base64url (RFC 7519, section 3).
const START: &str = "eyJ";

/// The fewest characters of a token: other text that begins alike is shorter.
const LEAST: usize = 24;

/// The text, with `[redacted]` for each JSON Web Token; borrowed if it has none.
pub(crate) fn without_tokens(text: &str) -> Cow<'_, str> {
    let is_of_token = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    let (mut shown, mut rest, mut has_token) = (String::new(), text, false);
    while let Some((before, from)) = rest.find(START).map(|at| rest.split_at(at)) {
        let end = from.find(|c| !is_of_token(c)).unwrap_or(from.len());
        let (token, after) = from.split_at(end);
        let is_token = token.len() >= LEAST;
        shown.push_str(before);
        shown.push_str(if is_token { "[redacted]" } else { token });
        (rest, has_token) = (after, has_token || is_token);
    }
    if has_token { Cow::Owned(shown + rest) } else { Cow::Borrowed(text) }
}

#[cfg(test)]
mod tests {
    use super::without_tokens;

    const TOKEN: &str = "eyJ0eXAiOiJKV1QifQ.eyJhdWQiOiJodHRwczovL2dyYXBo-In0.Ab_c-9";

    #[test]
    fn tokens_are_hidden_wherever_they_stand() {
        for (before, after) in
            [("", ""), ("`", "`: no such file"), ("é/", "/é"), ("x", "\u{1b}[0m")]
        {
            let shown = without_tokens(&[before, TOKEN, after, TOKEN, after].concat()).into_owned();
            // What follows may be characters of the token as well.
            let expected = match after {
                "" => format!("{before}[redacted]"),
                _ => format!("{before}[redacted]{after}[redacted]{after}"),
            };
            assert_eq!(shown, expected);
        }
        assert_eq!(without_tokens(TOKEN), "[redacted]");
    }

    #[test]
    fn other_text_stays() {
        for text in ["", "heyJude.jpg", "eyJ", "me.jpg: 4 bytes", "eyJafjallajokull.jpg eyJ"] {
            assert_eq!(without_tokens(text), text);
        }
    }
}
