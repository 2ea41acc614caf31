//! Keeps access tokens and control characters out of what is printed.

use std::borrow::Cow;

/// What is printed in place of an access token.
pub(crate) const REDACTED: &str = "[redacted]";

/// The headers whose values are credentials.
const CREDENTIALS: [&str; 3] = ["authorization", "cookie", "proxy-authorization"];

/// The value of a header as it may be shown.
pub(crate) fn redact<'v>(name: &str, value: &'v str) -> &'v str {
    let is_secret = CREDENTIALS.iter().any(|secret| name.eq_ignore_ascii_case(secret));
    if is_secret { REDACTED } else { value }
}

/// A request target as it may be shown: no value of its query, which may be a pasted token.
pub(crate) fn redact_query(target: &str) -> Cow<'_, str> {
    let Some((path, query)) = target.split_once('?') else { return Cow::Borrowed(target) };
    let parameters = query.split('&').map(|parameter| match parameter.split_once('=') {
        Some((name, _)) => format!("{name}={REDACTED}"),
        None => REDACTED.to_owned(),
    });
    Cow::Owned(format!("{path}?{}", parameters.collect::<Vec<_>>().join("&")))
}

/// Text with its invisible characters escaped.
pub(crate) fn visible(text: &str) -> String {
    let escape = |c: char| match c {
        '"' | '\'' | '\\' => c.to_string(),
        c => c.escape_debug().to_string(),
    };
    text.chars().map(escape).collect()
}
