//! Keeps access tokens out of what `Debug` prints.

/// What is printed in place of an access token.
pub(crate) const REDACTED: &str = "[redacted]";

/// The value of a header as it may be printed.
pub(crate) fn printable<'v>(name: &str, value: &'v str) -> &'v str {
    if name.eq_ignore_ascii_case("authorization") { REDACTED } else { value }
}
