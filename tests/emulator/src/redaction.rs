//! Keeps access tokens and control characters out of what is printed.

/// What is printed in place of an access token.
pub(crate) const REDACTED: &str = "[redacted]";

/// The value of a header as it may be shown.
pub(crate) fn redact<'v>(name: &str, value: &'v str) -> &'v str {
    if name.eq_ignore_ascii_case("authorization") { REDACTED } else { value }
}

/// Text with its invisible characters escaped.
pub(crate) fn visible(text: &str) -> String {
    let escape = |c: char| match c {
        '"' | '\'' | '\\' => c.to_string(),
        c => c.escape_debug().to_string(),
    };
    text.chars().map(escape).collect()
}
