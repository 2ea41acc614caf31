//! A certificate for one emulator, and the authority that signed it.

use std::{io, net::IpAddr, sync::Arc};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, KeyUsagePurpose};
use tokio_rustls::{
    TlsAcceptor,
    rustls::{
        ServerConfig,
        crypto::ring,
        pki_types::{CertificateDer, PrivatePkcs8KeyDer},
    },
};

/// The server's side of TLS, and the authority that clients have to trust.
#[derive(Clone)]
pub(crate) struct Tls {
    pub(crate) acceptor: TlsAcceptor,
    /// The certificate of the authority, in PEM.
    pub(crate) authority: String,
}

impl Tls {
    /// A fresh authority, and a certificate for `host`, `localhost` and the loopback
    /// addresses.
    ///
    /// # Errors
    ///
    /// If the system provides no randomness.
    pub(crate) fn new(host: IpAddr) -> io::Result<Self> {
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::DigitalSignature];
        params.distinguished_name.push(DnType::CommonName, "Graph photo emulator");
        let authority_key = KeyPair::generate().map_err(failed)?;
        let authority = params.self_signed(&authority_key).map_err(failed)?;
        let issuer = Issuer::new(params, authority_key);

        let names = ["localhost".to_owned(), "127.0.0.1".to_owned(), "::1".to_owned()];
        let names: Vec<String> = names.into_iter().chain([host.to_string()]).collect();
        let mut params = CertificateParams::new(names).map_err(failed)?;
        params.distinguished_name.push(DnType::CommonName, "localhost");
        let key = KeyPair::generate().map_err(failed)?;
        let certificate = params.signed_by(&key, &issuer).map_err(failed)?;
        let chain = vec![certificate.der().clone(), authority.der().clone()];
        let key = PrivatePkcs8KeyDer::from(key.serialize_der());
        let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(failed)?
            .with_no_client_auth()
            .with_single_cert(chain, key.into())
            .map_err(failed)?;
        let acceptor = TlsAcceptor::from(Arc::new(config));
        Ok(Self { acceptor, authority: pem(authority.der()) })
    }
}

fn failed(error: impl std::error::Error + Send + Sync + 'static) -> io::Error {
    io::Error::other(format!("failed to make a certificate: {error}"))
}

/// A certificate in PEM (RFC 7468).
fn pem(certificate: &CertificateDer<'_>) -> String {
    let encoded = STANDARD.encode(certificate);
    let lines: Vec<&str> = encoded
        .as_bytes()
        .chunks(64)
        .map(|line| str::from_utf8(line).expect("base64 is ASCII"))
        .collect();
    format!("-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n", lines.join("\n"))
}
