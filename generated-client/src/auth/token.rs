//! Access tokens.

use std::{error::Error, fmt};

use bytes::Bytes;
use http::HeaderValue;
use zeroize::Zeroizing;

/// A bearer token. It is a secret: never shown, and wiped from memory with its last clone.
/// Clones are cheap.
///
/// The HTTP library's own send buffer is not wiped.
#[derive(Clone, PartialEq, Eq)]
pub struct AccessToken {
    header: HeaderValue,
}

/// The scheme that precedes a token in its header (RFC 6750, section 2.1).
const SCHEME: &str = "Bearer ";

impl AccessToken {
    /// Checks that a token can be sent.
    ///
    /// # Errors
    ///
    /// [`InvalidToken`] if it is empty, or has a character that bearer tokens must not have
    /// (RFC 6750, section 2.1), such as a line break or the space after `Bearer`.
    pub fn new(token: impl Into<String>) -> Result<Self, InvalidToken> {
        let token = Zeroizing::new(token.into());
        check(&token)?;
        let mut header = Zeroizing::new(Vec::with_capacity(SCHEME.len() + token.len()));
        header.extend_from_slice(SCHEME.as_bytes());
        header.extend_from_slice(token.as_bytes());
        // The header keeps these bytes, so that dropping it wipes them.
        let mut header = HeaderValue::from_maybe_shared(Bytes::from_owner(header))
            .map_err(|_| InvalidToken::Character { at: 0 })?;
        header.set_sensitive(true);
        Ok(Self { header })
    }

    pub(crate) fn of_header(header: &HeaderValue) -> Self {
        Self { header: header.clone() }
    }

    pub(crate) fn into_header(self) -> HeaderValue {
        self.header
    }

    pub(crate) fn secret_bytes(&self) -> &[u8] {
        self.header.as_bytes().strip_prefix(SCHEME.as_bytes()).unwrap_or_default()
    }
}

impl fmt::Debug for AccessToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AccessToken(..)")
    }
}

/// Checks that a text is a `b64token` (RFC 6750, section 2.1).
fn check(token: &str) -> Result<(), InvalidToken> {
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~+/=".contains(&byte);
    let wrong = token.bytes().enumerate().find(|(_, byte)| !is_allowed(*byte));
    let begins_with_scheme =
        token.get(..SCHEME.len()).is_some_and(|start| start.eq_ignore_ascii_case(SCHEME));
    match wrong {
        None if token.is_empty() => Err(InvalidToken::Empty),
        None => Ok(()),
        Some((at, b'\r' | b'\n')) => Err(InvalidToken::LineBreak { at }),
        Some(_) if begins_with_scheme => Err(InvalidToken::Scheme),
        Some((at, _)) => Err(InvalidToken::Character { at }),
    }
}

/// Why a text is not a bearer token. The text itself is not repeated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum InvalidToken {
    /// It is empty.
    Empty,
    /// It has a line break, like the content of many files.
    LineBreak {
        /// Where, in bytes from its start.
        at: usize,
    },
    /// It begins with `Bearer`, which the client adds.
    Scheme,
    /// It has another character that bearer tokens must not have.
    Character {
        /// Where, in bytes from its start.
        at: usize,
    },
}

impl fmt::Display for InvalidToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the access token ")?;
        match self {
            Self::Empty => f.write_str("is empty"),
            Self::LineBreak { at } => {
                write!(
                    f,
                    "has a line break at byte {at}; trim it, or check that it is a single token"
                )
            }
            Self::Scheme => f.write_str("begins with `Bearer`; leave that out"),
            Self::Character { at } => {
                write!(f, "has a character at byte {at} that no token has")
            }
        }
    }
}

impl Error for InvalidToken {}
