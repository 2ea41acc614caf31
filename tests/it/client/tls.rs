//! Certificates and proxies, with the default HTTP client and with the caller's own.

use std::{error::Error as _, sync::Arc};

use graph_photo_client::{GraphPhotoClient, RetryPolicy, StaticToken};
use graph_photo_emulator::Emulator;
use rcgen::{CertifiedKey, generate_simple_self_signed};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::{
    TlsAcceptor,
    rustls::{
        ServerConfig,
        pki_types::{CertificateDer, PrivatePkcs8KeyDer},
    },
};

use super::support::{TOKEN, builder, chain, ok, own_client, replace_me, server};

/// A TLS proxy of a server, with a certificate of an unknown authority.
struct TlsFront {
    url: String,
    certificate: CertificateDer<'static>,
}

impl TlsFront {
    async fn start(server: &Emulator) -> Self {
        let CertifiedKey { cert, signing_key } =
            generate_simple_self_signed(["localhost".to_owned()]).unwrap();
        let certificate = cert.der().clone();
        let key = PrivatePkcs8KeyDer::from(signing_key.serialize_der());
        let provider = rustls::crypto::ring::default_provider();
        let config = ServerConfig::builder_with_provider(provider.into())
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![certificate.clone()], key.into())
            .unwrap();
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("https://localhost:{}", listener.local_addr().unwrap().port());
        let server = server.url().strip_prefix("http://").unwrap().to_owned();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let mut upstream = TcpStream::connect(&server).await.unwrap();
                // A client that refuses the certificate breaks off.
                if let Ok(mut stream) = acceptor.accept(stream).await {
                    let _ = tokio::io::copy_bidirectional(&mut stream, &mut upstream).await;
                }
            }
        });
        Self { url, certificate }
    }
}

#[tokio::test]
async fn an_unknown_certificate_is_refused_once() {
    let server = server([ok()]);
    let front = TlsFront::start(&server).await;
    let client = builder(&front.url).retry_policy(RetryPolicy::default()).build().unwrap();
    let error = replace_me(&client).await.unwrap_err();
    assert!(error.is_connection() && !error.is_retryable() && !error.is_local(), "{error}");
    assert_eq!((error.attempts(), server.requests().len()), (1, 0));
    let text = chain(&error);
    assert!(text.contains("the certificate of the server was not accepted"), "{text}");
    assert!(error.source().is_some() && text.contains("UnknownIssuer"), "{text}");
}

#[tokio::test]
async fn a_caller_s_own_client_may_trust_another_authority() {
    let server = server([ok()]);
    let front = TlsFront::start(&server).await;
    let root = reqwest::Certificate::from_der(&front.certificate).unwrap();
    let http = own_client().tls_certs_only([root]).build().unwrap();
    let client = builder(&front.url).http_client(http).build().unwrap();
    replace_me(&client).await.unwrap();
    assert_eq!(server.requests()[0].request_line(), "PUT /v1.0/me/photo/$value HTTP/1.1");
}

#[tokio::test]
async fn a_caller_s_own_client_may_use_a_proxy() {
    let proxy = server([ok()]);
    let all = reqwest::Proxy::all(proxy.url()).unwrap();
    let http = reqwest::Client::builder().proxy(all);
    let _ = rustls::crypto::ring::default_provider().install_default();
    let client = GraphPhotoClient::builder()
        .token_provider(StaticToken::new(TOKEN))
        .base_url("http://localhost:1/v1.0")
        .http_client(http.build().unwrap())
        .build()
        .unwrap();
    replace_me(&client).await.unwrap();
    let line = proxy.requests()[0].request_line();
    assert_eq!(line, "PUT http://localhost:1/v1.0/me/photo/$value HTTP/1.1");
}
