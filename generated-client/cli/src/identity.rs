//! `--auth`: tokens from Microsoft Entra ID, through the Azure SDK.

use std::{collections::HashSet, env, error::Error, fs, sync::Arc, time::Duration};

use azure_core::{
    cloud::CloudConfiguration,
    credentials::{Secret, TokenCredential},
    error::ErrorKind,
    http::{ClientOptions, ExponentialRetryOptions, RetryOptions, Transport},
};
use azure_identity::{
    AzureCliCredential, ClientAssertionCredentialOptions, ClientSecretCredential,
    ClientSecretCredentialOptions, ManagedIdentityCredential, ManagedIdentityCredentialOptions,
    UserAssignedId, WorkloadIdentityCredential, WorkloadIdentityCredentialOptions,
};
use graph_photo_client::{
    AzureToken, Cloud, TokenFuture, TokenProvider, TokenRequest, error_chain,
};

use crate::{args::Auth, failure::Failure};

/// The sign-in URL; read by the Azure SDK.
const AUTHORITY: &str = "AZURE_AUTHORITY_HOST";

/// How long connecting to the identity service may take.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// How long a request to the identity service may take.
const TIMEOUT: Duration = Duration::from_secs(60);

/// The tokens of a credential, which retries this often itself.
pub(crate) fn token_provider(
    auth: Auth,
    cloud: Cloud,
    max_retries: u32,
) -> Result<impl TokenProvider, Failure> {
    if matches!(auth, Auth::ClientSecret | Auth::WorkloadIdentity) {
        require_authority(cloud)?;
    }
    Ok(Discreet(AzureToken::new(match auth {
        Auth::AzureCli => AzureCliCredential::new(None).map_err(failed)?,
        Auth::ManagedIdentity => managed_identity(max_retries)?,
        Auth::WorkloadIdentity => workload_identity(max_retries)?,
        Auth::ClientSecret => client_secret(max_retries)?,
    })))
}

/// A credential whose errors do not repeat its secret: the sign-in service's text, which is
/// part of them, may.
struct Discreet(AzureToken);

impl TokenProvider for Discreet {
    fn token<'a>(&'a self, request: TokenRequest<'a>) -> TokenFuture<'a> {
        Box::pin(async move {
            self.0.token(request).await.map_err(|error| {
                if !has_secret(&error_chain(&*error)) {
                    return error;
                }
                let message = "the sign-in service refused, in words that repeat the secret";
                azure_core::Error::with_message(ErrorKind::Credential, message).into()
            })
        })
    }
}

/// Whether a text has a piece of the secret of the environment, long enough to be of use.
fn has_secret(text: &str) -> bool {
    const PIECE: usize = 16;
    let assertion = variable("AZURE_FEDERATED_TOKEN_FILE");
    let assertion = assertion.and_then(|file| fs::read_to_string(file).ok());
    let secrets = [variable("AZURE_CLIENT_SECRET"), assertion];
    let secrets = secrets.iter().flatten().map(|secret| secret.trim().as_bytes());
    let pieces: HashSet<&[u8]> = secrets.flat_map(|secret| secret.windows(PIECE)).collect();
    text.as_bytes().windows(PIECE).any(|piece| pieces.contains(piece))
}

/// Keeps the secret of an app in another cloud away from the default cloud's sign-in
/// service, and a password out of errors.
fn require_authority(cloud: Cloud) -> Result<(), Failure> {
    // Errors of the Azure SDK repeat it.
    let url = env::var_os(AUTHORITY).unwrap_or_default();
    if url.to_string_lossy().contains(['@', '?', '#']) {
        return Err(Failure::token(format!(
            "failed to use {AUTHORITY}: a sign-in URL has no password and no query"
        )));
    }
    if cloud == Cloud::default() || has_authority() {
        return Ok(());
    }
    Err(Failure::token(format!(
        "apps of the cloud `{cloud}` sign in at another URL; set {AUTHORITY} to it"
    )))
}

/// Whether a sign-in URL is set and not empty.
fn has_authority() -> bool {
    env::var_os(AUTHORITY).is_some_and(|url| !url.is_empty())
}

fn managed_identity(max_retries: u32) -> Result<Arc<dyn TokenCredential>, Failure> {
    let options = ManagedIdentityCredentialOptions {
        user_assigned_id: variable("AZURE_CLIENT_ID").map(UserAssignedId::ClientId),
        // The service is local and unencrypted: no proxy may see the token.
        client_options: client_options(reqwest::Client::builder().no_proxy(), max_retries)?,
    };
    Ok(ManagedIdentityCredential::new(Some(options)).map_err(failed)?)
}

fn workload_identity(max_retries: u32) -> Result<Arc<dyn TokenCredential>, Failure> {
    let client_options = client_options(reqwest::Client::builder().https_only(true), max_retries)?;
    let options = WorkloadIdentityCredentialOptions {
        credential_options: ClientAssertionCredentialOptions { client_options },
        ..WorkloadIdentityCredentialOptions::default()
    };
    Ok(WorkloadIdentityCredential::new(Some(options)).map_err(failed)?)
}

fn client_secret(max_retries: u32) -> Result<Arc<dyn TokenCredential>, Failure> {
    let client_options = client_options(reqwest::Client::builder().https_only(true), max_retries)?;
    let secret = Secret::new(required("AZURE_CLIENT_SECRET")?);
    let (tenant, app) = (required("AZURE_TENANT_ID")?, required("AZURE_CLIENT_ID")?);
    let options = ClientSecretCredentialOptions { client_options };
    Ok(ClientSecretCredential::new(&tenant, app, secret, Some(options)).map_err(failed)?)
}

fn required(name: &str) -> Result<String, Failure> {
    variable(name)
        .ok_or_else(|| Failure::token(format!("--auth client-secret requires {name} to be set")))
}

/// The value of a variable, unless it is empty or not Unicode.
fn variable(name: &str) -> Option<String> {
    env::var(name).ok().filter(|value| !value.is_empty())
}

/// An HTTP client with the library's TLS; the Azure SDK's own would add a second TLS.
fn client_options(
    builder: reqwest::ClientBuilder,
    max_retries: u32,
) -> Result<ClientOptions, Failure> {
    // Fails only if one is installed already, which serves as well.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let client = builder
        .connect_timeout(CONNECT_TIMEOUT)
        .timeout(TIMEOUT)
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .map_err(failed)?;
    let retry = ExponentialRetryOptions { max_retries, ..ExponentialRetryOptions::default() };
    Ok(ClientOptions {
        transport: Some(Transport::new(Arc::new(client))),
        retry: RetryOptions::exponential(retry),
        // Set, so that the Azure SDK ignores an empty variable.
        cloud: (!has_authority()).then(|| Arc::new(CloudConfiguration::AzurePublic)),
        ..ClientOptions::default()
    })
}

fn failed(cause: impl Error + 'static) -> Failure {
    Failure::token(format!("failed to sign in: {}", error_chain(&cause)))
}
