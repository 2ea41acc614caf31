//! Tokens from the credentials of the Azure SDK.

use std::{fmt, sync::Arc};

use azure_core::credentials::TokenCredential;

use crate::auth::{
    provider::{TokenFuture, TokenProvider, TokenRequest},
    token::AccessToken,
};

/// Gets tokens from a credential of the Azure SDK, such as those of
/// `azure_identity`, with the scope of the client's cloud.
///
/// The SDK has no way to ask a credential for another token than the one it
/// caches. After a 401 the upload is therefore repeated with what the credential
/// then gives: another token if it found the old one due for renewal, as those
/// of `azure_identity` do five minutes before it expires, else the same.
///
/// The SDK keeps its own copy of a token, which it does not wipe.
#[derive(Clone)]
pub struct AzureToken(Arc<dyn TokenCredential>);

impl AzureToken {
    /// Takes a credential, which may have other users.
    pub fn new(credential: Arc<dyn TokenCredential>) -> Self {
        Self(credential)
    }
}

impl TokenProvider for AzureToken {
    fn token<'a>(&'a self, request: TokenRequest<'a>) -> TokenFuture<'a> {
        Box::pin(async move {
            let token = self.0.get_token(&[request.scope], None).await?;
            Ok(AccessToken::new(token.token.secret())?)
        })
    }
}

/// Without the credential, which may hold a secret.
impl fmt::Debug for AzureToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("AzureToken").finish_non_exhaustive()
    }
}
