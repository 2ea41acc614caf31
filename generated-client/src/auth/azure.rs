//! Tokens from the credentials of the Azure SDK.

use std::{fmt, sync::Arc};

use azure_core::credentials::TokenCredential;

use crate::auth::{
    provider::{TokenFuture, TokenProvider, TokenRequest},
    token::AccessToken,
};

/// Gets tokens from a credential of the Azure SDK, such as one of `azure_identity`.
///
/// The SDK cannot ask a credential to bypass its cache. After a 401, the upload is repeated
/// with whatever the credential then returns: a new token if the old one was due for
/// renewal (with `azure_identity`, five minutes before it expires), else the same.
///
/// The SDK keeps its own copy of a token, which it does not wipe.
#[derive(Clone)]
pub struct AzureToken(Arc<dyn TokenCredential>);

impl AzureToken {
    /// Takes a credential, which others may share.
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

/// Leaves out the credential, which may hold a secret.
impl fmt::Debug for AzureToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("AzureToken").finish_non_exhaustive()
    }
}
