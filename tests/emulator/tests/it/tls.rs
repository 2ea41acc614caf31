//! TLS, with an authority made for one emulator.

use std::sync::Arc;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use graph_photo_emulator::{Emulator, Fault};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};
use tokio_rustls::{
    TlsConnector,
    client::TlsStream,
    rustls::{
        ClientConfig, RootCertStore,
        crypto::ring,
        pki_types::{CertificateDer, ServerName},
    },
};

use crate::raw::{JPEG, emulator, request, token, upload};

/// A connection of a client that trusts one certificate.
async fn connect(emulator: &Emulator, pem: &str) -> std::io::Result<TlsStream<TcpStream>> {
    let encoded: String = pem.lines().filter(|line| !line.starts_with('-')).collect();
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from(STANDARD.decode(encoded).unwrap())).unwrap();
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let stream = TcpStream::connect(emulator.local_addr()).await?;
    let name = ServerName::try_from("localhost").unwrap();
    TlsConnector::from(Arc::new(config)).connect(name, stream).await
}

#[tokio::test]
async fn whoever_trusts_its_authority_uploads() {
    let emulator = Emulator::builder().tls(true).start().unwrap();
    assert!(emulator.base_url().starts_with("https://127.0.0.1:"));
    let pem = emulator.certificate_authority().unwrap().to_owned();
    let mut stream = connect(&emulator, &pem).await.unwrap();
    let request = upload("PUT", "/v1.0/me/photo/$value", &token(), JPEG);
    stream.write_all(&request).await.unwrap();
    let mut answer = [0; 12];
    stream.read_exact(&mut answer).await.unwrap();
    assert_eq!(&answer, b"HTTP/1.1 200");
    assert_eq!(emulator.photo("/me").unwrap(), JPEG);
    assert_eq!(emulator.requests()[0].wire_bytes, request.len() as u64);

    emulator.fail_next(1, Fault::reset_after_body());
    stream.write_all(&request).await.unwrap();
    let mut rest = Vec::new();
    assert!(stream.read_to_end(&mut rest).await.is_err());
}

#[tokio::test]
async fn the_page_has_a_command_that_works_with_it() {
    let emulator = Emulator::builder().tls(true).start().unwrap();
    let pem = emulator.certificate_authority().unwrap().to_owned();
    let mut stream = connect(&emulator, &pem).await.unwrap();
    let get = request("GET", "/", &[("Connection", "close")], b"");
    stream.write_all(&get).await.unwrap();
    let mut page = Vec::new();
    // The emulator may end TCP without having ended TLS.
    let _ = stream.read_to_end(&mut page).await;
    let page = String::from_utf8(page).unwrap();
    for part in
        ["curl --insecure -X PUT", "curl --insecure -s -X POST", "https://127.0.0.1/v1.0/me"]
    {
        assert!(page.contains(part), "{part}: {page}");
    }
}

#[tokio::test]
async fn nobody_else_does() {
    let emulator = Emulator::builder().tls(true).start().unwrap();
    let other = Emulator::builder().tls(true).start().unwrap();
    let pem = other.certificate_authority().unwrap().to_owned();
    assert!(connect(&emulator, &pem).await.is_err());
    assert!(connect(&other, &pem).await.is_ok());
}

#[test]
fn there_is_none_without_being_asked_for() {
    assert_eq!(emulator().certificate_authority(), None);
}
