//! `--auth`: tokens from Microsoft Entra ID, by the Azure SDK.

use std::{env, error::Error, sync::Arc, time::Duration};

use azure_core::{
    cloud::CloudConfiguration,
    credentials::{Secret, TokenCredential},
    http::{ClientOptions, ExponentialRetryOptions, RetryOptions, Transport},
};
use azure_identity::{
    AzureCliCredential, ClientAssertionCredentialOptions, ClientSecretCredential,
    ClientSecretCredentialOptions, ManagedIdentityCredential, ManagedIdentityCredentialOptions,
    UserAssignedId, WorkloadIdentityCredential, WorkloadIdentityCredentialOptions,
};
use graph_photo_client::{AzureToken, Cloud, error_chain};

use crate::{args::Auth, failure::Failure};

/// The URL to sign in at; read by the Azure SDK.
const AUTHORITY: &str = "AZURE_AUTHORITY_HOST";

/// How long connecting to the identity service may take.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// How long a request to the identity service may take.
const TIMEOUT: Duration = Duration::from_secs(60);

/// The tokens of a credential, which itself tries so often to get one.
pub(crate) fn token_provider(
    auth: Auth,
    cloud: Cloud,
    max_retries: u32,
) -> Result<AzureToken, Failure> {
    if matches!(auth, Auth::ClientSecret | Auth::WorkloadIdentity) {
        require_authority(cloud)?;
    }
    Ok(AzureToken::new(match auth {
        Auth::AzureCli => AzureCliCredential::new(None).map_err(failed)?,
        Auth::ManagedIdentity => managed_identity(max_retries)?,
        Auth::WorkloadIdentity => workload_identity(max_retries)?,
        Auth::ClientSecret => client_secret(max_retries)?,
    }))
}

/// An app of another cloud is unknown where those of the default one sign in;
/// its secret must not be sent there.
fn require_authority(cloud: Cloud) -> Result<(), Failure> {
    if cloud == Cloud::default() || has_authority() {
        return Ok(());
    }
    Err(Failure::token(format!(
        "apps of the cloud `{cloud}` sign in at a URL of their own; set {AUTHORITY} to it"
    )))
}

/// Whether there is a URL to sign in at; an empty one is none.
fn has_authority() -> bool {
    env::var_os(AUTHORITY).is_some_and(|url| !url.is_empty())
}

fn managed_identity(max_retries: u32) -> Result<Arc<dyn TokenCredential>, Failure> {
    let options = ManagedIdentityCredentialOptions {
        user_assigned_id: variable("AZURE_CLIENT_ID").map(UserAssignedId::ClientId),
        // It answers this machine only, unencrypted: no proxy may see the token.
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
        .ok_or_else(|| Failure::token(format!("--auth client-secret needs {name} to be set")))
}

/// What a variable is set to; nothing if that is empty or no Unicode.
fn variable(name: &str) -> Option<String> {
    env::var(name).ok().filter(|value| !value.is_empty())
}

/// An HTTP client with the library's kind of TLS: the Azure SDK's own one would
/// bring a second.
fn client_options(
    builder: reqwest::ClientBuilder,
    max_retries: u32,
) -> Result<ClientOptions, Failure> {
    // Fails only if there is one already, which is as good.
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
        // Named, so that the Azure SDK does not read a variable that is empty.
        cloud: (!has_authority()).then(|| Arc::new(CloudConfiguration::AzurePublic)),
        ..ClientOptions::default()
    })
}

fn failed(cause: impl Error + 'static) -> Failure {
    Failure::token(format!("failed to sign in: {}", error_chain(&cause)))
}
