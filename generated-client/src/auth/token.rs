//! Access tokens, and where they come from.

use std::{error::Error, fmt, future::Future, pin::Pin};

use bytes::Bytes;
use http::HeaderValue;
use zeroize::Zeroizing;

/// Gets access tokens for the client.
///
/// Implemented by [`StaticToken`], by closures that return a future, and, with
/// the feature `azure`, by `AzureToken`.
pub trait TokenProvider: Send + Sync + 'static {
    /// Gets a token, from a cache if it holds one that is still valid.
    fn token<'a>(&'a self, request: TokenRequest<'a>) -> TokenFuture<'a>;
}

/// What a [`TokenProvider`] answers.
pub type TokenFuture<'a> =
    Pin<Box<dyn Future<Output = Result<AccessToken, TokenError>> + Send + 'a>>;

/// Why a [`TokenProvider`] has no token to give.
pub type TokenError = Box<dyn Error + Send + Sync>;

/// What a [`TokenProvider`] is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct TokenRequest<'a> {
    /// The scope to request, such as `https://graph.microsoft.com/.default`.
    pub scope: &'a str,
    /// Graph answered 401 to the token given before: a cached one must not be
    /// given again.
    pub force_refresh: bool,
}

impl<F, R> TokenProvider for F
where
    F: Fn(TokenRequest<'_>) -> R + Send + Sync + 'static,
    R: Future<Output = Result<AccessToken, TokenError>> + Send + 'static,
{
    fn token<'a>(&'a self, request: TokenRequest<'a>) -> TokenFuture<'a> {
        Box::pin(self(request))
    }
}

/// A token that somebody else got and renews.
#[derive(Debug, Clone)]
pub struct StaticToken(Result<AccessToken, InvalidToken>);

impl StaticToken {
    /// Takes the token as it is, without `Bearer`. One that cannot be sent is
    /// reported by the first upload.
    #[must_use]
    pub fn new(token: impl Into<String>) -> Self {
        Self(AccessToken::new(token))
    }
}

impl TokenProvider for StaticToken {
    fn token<'a>(&'a self, _: TokenRequest<'a>) -> TokenFuture<'a> {
        Box::pin(std::future::ready(self.0.clone().map_err(TokenError::from)))
    }
}

/// A bearer token, which is a secret: never shown, and wiped from memory when
/// its last clone is dropped. Cloning is cheap.
///
/// What the HTTP library writes into its own send buffer is beyond this type.
#[derive(Clone)]
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
    /// [`InvalidToken`] if it is empty, or has a character that no bearer token
    /// has (RFC 6750, section 2.1), such as a line break or the word `Bearer`
    /// and a space.
    pub fn new(token: impl Into<String>) -> Result<Self, InvalidToken> {
        let token = Zeroizing::new(token.into());
        if token.is_empty() {
            return Err(InvalidToken::Empty);
        }
        if let Some(at) = token.bytes().position(|byte| !is_token_byte(byte)) {
            return Err(InvalidToken::of_character(&token, at));
        }
        let mut header = Zeroizing::new(Vec::with_capacity(SCHEME.len() + token.len()));
        header.extend_from_slice(SCHEME.as_bytes());
        header.extend_from_slice(token.as_bytes());
        // The header keeps these very bytes, so that dropping it wipes them.
        let mut header = HeaderValue::from_maybe_shared(Bytes::from_owner(header))
            .map_err(|_| InvalidToken::Character { at: 0 })?;
        header.set_sensitive(true);
        Ok(Self { header })
    }

    /// The token of a header that was made from one.
    pub(crate) fn of_header(header: &HeaderValue) -> Self {
        Self { header: header.clone() }
    }

    /// The value of the header `Authorization`.
    pub(crate) fn into_header(self) -> HeaderValue {
        self.header
    }

    /// The token itself.
    pub(crate) fn secret(&self) -> &str {
        self.header.to_str().unwrap_or_default().strip_prefix(SCHEME).unwrap_or_default()
    }

    /// The same as bytes.
    pub(crate) fn secret_bytes(&self) -> &[u8] {
        self.header.as_bytes().strip_prefix(SCHEME.as_bytes()).unwrap_or_default()
    }
}

/// The characters of a `b64token` in RFC 6750, section 2.1.
fn is_token_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-._~+/=".contains(&byte)
}

impl fmt::Debug for AccessToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AccessToken(..)")
    }
}

/// Why a text cannot be a bearer token. The text itself is not repeated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum InvalidToken {
    /// It is empty.
    Empty,
    /// It has a line break, as the content of a file often does.
    LineBreak {
        /// Where, in bytes from its start.
        at: usize,
    },
    /// It begins with `Bearer`, which is the client's to add.
    Scheme,
    /// It has another character that no bearer token has.
    Character {
        /// Where, in bytes from its start.
        at: usize,
    },
}

impl InvalidToken {
    fn of_character(token: &str, at: usize) -> Self {
        let byte = token.as_bytes().get(at).copied();
        let begins_with_scheme =
            token.get(..SCHEME.len()).is_some_and(|start| start.eq_ignore_ascii_case(SCHEME));
        match byte {
            Some(b'\r' | b'\n') => Self::LineBreak { at },
            _ if begins_with_scheme => Self::Scheme,
            _ => Self::Character { at },
        }
    }
}

impl fmt::Display for InvalidToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("the access token is empty"),
            Self::LineBreak { at } => write!(
                f,
                "the access token has a line break at byte {at}; trim it, or check that it is a \
                 single token"
            ),
            Self::Scheme => f.write_str("the access token begins with `Bearer`; leave that out"),
            Self::Character { at } => {
                write!(f, "the access token has a character at byte {at} that no token has")
            }
        }
    }
}

impl Error for InvalidToken {}
