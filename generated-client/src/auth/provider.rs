//! Where access tokens come from.

use std::{error::Error, future::Future, pin::Pin};

use crate::auth::token::{AccessToken, InvalidToken};

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
    pub fn new(token: impl Into<String>) -> Self {
        Self(AccessToken::new(token))
    }
}

impl TokenProvider for StaticToken {
    fn token<'a>(&'a self, _: TokenRequest<'a>) -> TokenFuture<'a> {
        Box::pin(std::future::ready(self.0.clone().map_err(TokenError::from)))
    }
}
