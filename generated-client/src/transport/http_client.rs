//! The default HTTP client: its TLS, time limits and redirects.

use std::{net::IpAddr, time::Duration};

use reqwest::{Client, Url, redirect, retry};
use rustls::{ClientConfig, RootCertStore, crypto::ring};
use rustls_platform_verifier::BuilderVerifierExt as _;

use crate::{display::error_chain, error::Error};

/// Whether the host of a URL is this machine.
pub(crate) fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let address = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
    host == "localhost" || address.is_ok_and(|address| address.is_loopback())
}

/// One client for all uploads, which keeps its connections.
pub(crate) fn http_client(
    url: &Url,
    connect_timeout: Duration,
    attempt_timeout: Duration,
) -> Result<Client, Error> {
    let mut builder = Client::builder()
        .connect_timeout(connect_timeout)
        .timeout(attempt_timeout)
        // `RetryPolicy` decides on retries. Without this, reqwest would copy each request
        // for retries that HTTP/1.1 does not have.
        .retry(retry::never().max_retries_per_request(0))
        // The caller has to see a redirect: followed from `PUT` to `GET`, it would look
        // like success, and to another host, it would leak the photo.
        .redirect(redirect::Policy::none())
        .tls_backend_preconfigured(tls_config(url)?);
    if is_loopback(url) {
        builder = builder.no_proxy();
    } else {
        builder = builder.https_only(true);
    }
    builder
        .build()
        .map_err(|cause| Error::configuration(format!("the HTTP client: {}", error_chain(&cause))))
}

/// TLS by rustls on ring, with the system's certificates; with none for an `http` URL, since
/// a machine may have no certificates.
fn tls_config(url: &Url) -> Result<ClientConfig, Error> {
    let failed = |cause: rustls::Error| Error::configuration(format!("TLS: {cause}"));
    let provider = ring::default_provider();
    let builder = ClientConfig::builder_with_provider(provider.into())
        .with_safe_default_protocol_versions()
        .map_err(failed)?;
    let builder = if url.scheme() == "https" {
        builder.with_platform_verifier().map_err(failed)?
    } else {
        builder.with_root_certificates(RootCertStore::empty())
    };
    Ok(builder.with_no_client_auth())
}
