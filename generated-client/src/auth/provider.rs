//! Where access tokens come from.

use std::{error::Error, future::Future, pin::Pin, sync::Arc};

use crate::auth::token::{AccessToken, InvalidToken};

/// Gets access tokens for the client.
///
/// Implemented by [`StaticToken`], by closures that return a future, by a boxed or shared
/// provider that is chosen at run time, and, with the feature `azure`, by `AzureToken`.
pub trait TokenProvider: Send + Sync + 'static {
    /// Gets a token, from a cache if it holds one that is still valid.
    fn token<'a>(&'a self, request: TokenRequest<'a>) -> TokenFuture<'a>;
}

/// The future that a [`TokenProvider`] returns.
pub type TokenFuture<'a> =
    Pin<Box<dyn Future<Output = Result<AccessToken, TokenError>> + Send + 'a>>;

/// Why a [`TokenProvider`] failed.
pub type TokenError = Box<dyn Error + Send + Sync>;

/// What a [`TokenProvider`] has to get.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct TokenRequest<'a> {
    /// The scope to request, such as `https://graph.microsoft.com/.default`.
    pub scope: &'a str,
    /// Graph refused the last token with a 401: don't return the cached token.
    pub force_refresh: bool,
}

impl<'a> TokenRequest<'a> {
    /// A first request for a token, as for a test of your own provider.
    pub fn new(scope: &'a str) -> Self {
        Self { scope, force_refresh: false }
    }

    /// Sets [`force_refresh`](Self::force_refresh).
    #[must_use]
    pub fn with_force_refresh(self, force_refresh: bool) -> Self {
        Self { force_refresh, ..self }
    }
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

impl TokenProvider for Box<dyn TokenProvider> {
    fn token<'a>(&'a self, request: TokenRequest<'a>) -> TokenFuture<'a> {
        (**self).token(request)
    }
}

impl<P: TokenProvider + ?Sized> TokenProvider for Arc<P> {
    fn token<'a>(&'a self, request: TokenRequest<'a>) -> TokenFuture<'a> {
        (**self).token(request)
    }
}

/// A token that you already have; it is never renewed.
#[derive(Debug, Clone)]
pub struct StaticToken(Result<AccessToken, InvalidToken>);

impl StaticToken {
    /// Takes the token without `Bearer`. The first upload reports one that cannot be sent.
    pub fn new(token: impl Into<String>) -> Self {
        Self(AccessToken::new(token))
    }
}

impl TokenProvider for StaticToken {
    fn token<'a>(&'a self, _: TokenRequest<'a>) -> TokenFuture<'a> {
        Box::pin(std::future::ready(self.0.clone().map_err(TokenError::from)))
    }
}
