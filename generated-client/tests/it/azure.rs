//! Tokens from credentials of the Azure SDK.

use std::sync::{Arc, Mutex};

use azure_core::{
    credentials::{AccessToken, TokenCredential, TokenRequestOptions},
    error::{Error, ErrorKind},
    time::OffsetDateTime,
};
use graph_photo_client::{
    AzureToken, Cloud, GraphPhotoClient, JpegPhoto, PhotoTarget, RetryPolicy,
};

/// Records the requested scopes, and returns a token or an error.
#[derive(Debug, Default)]
struct Credential {
    token: Option<&'static str>,
    scopes: Mutex<Vec<String>>,
}

#[async_trait::async_trait]
impl TokenCredential for Credential {
    async fn get_token(
        &self,
        scopes: &[&str],
        _: Option<TokenRequestOptions<'_>>,
    ) -> azure_core::Result<AccessToken> {
        self.scopes.lock().unwrap().extend(scopes.iter().map(ToString::to_string));
        let token = self
            .token
            .ok_or_else(|| Error::with_message(ErrorKind::Credential, "nobody is signed in"))?;
        Ok(AccessToken::new(token, OffsetDateTime::now_utc()))
    }
}

/// The error of an upload to a cloud at a closed port.
async fn upload(credential: &Arc<Credential>, cloud: Cloud) -> graph_photo_client::Error {
    let client = GraphPhotoClient::builder()
        .token_provider(AzureToken::new(Arc::<Credential>::clone(credential)))
        .cloud(cloud)
        .base_url("http://127.0.0.1:0/v1.0")
        .retry_policy(RetryPolicy::never())
        .build()
        .unwrap();
    let photo =
        JpegPhoto::from_bytes(&include_bytes!("../../../tests/fixtures/baseline.jpg")[..]).unwrap();
    client.replace(&PhotoTarget::me(), &photo).await.unwrap_err()
}

#[tokio::test]
async fn asks_for_the_scope_of_the_cloud() {
    for cloud in Cloud::ALL.iter().copied() {
        let credential = Arc::new(Credential { token: Some("abc"), ..Credential::default() });
        let error = upload(&credential, cloud).await;
        assert!(error.is_connection(), "{error}");
        assert_eq!(*credential.scopes.lock().unwrap(), [cloud.token_scope()]);
    }
    assert_eq!(Cloud::UsL5.token_scope(), "https://dod-graph.microsoft.us/.default");
}

#[tokio::test]
async fn tells_why_there_is_no_token() {
    let error = upload(&Arc::default(), Cloud::Global).await;
    assert!(error.is_unauthorized() && error.is_local());
    let cause = std::error::Error::source(&error).map(ToString::to_string);
    assert_eq!(cause.as_deref(), Some("nobody is signed in"));
}

#[tokio::test]
async fn refuses_a_token_that_cannot_be_sent() {
    let credential = Arc::new(Credential { token: Some("a\nb"), ..Credential::default() });
    let error = upload(&credential, Cloud::Global).await;
    assert!(error.is_unauthorized() && error.is_local());
}

#[test]
fn shows_nothing_of_the_credential() {
    let credential = Arc::new(Credential { token: Some("abc"), ..Credential::default() });
    assert_eq!(format!("{:?}", AzureToken::new(credential)), "AzureToken(..)");
}
