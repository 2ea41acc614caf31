//! All that the library shows, returns and logs, of each kind of outcome.

use std::{
    error::Error,
    fmt::{Debug, Display},
    future::ready,
    iter::successors,
    sync::Arc,
    time::Duration,
};

use graph_photo_client::{
    AccessToken, ClientBuilder, GraphPhotoClient, JpegPhoto, PhotoTarget, RetryPolicy, StaticToken,
    TokenProvider, TokenRequest, UploadMethod, error_chain, reqwest,
};
use graph_photo_emulator::{Emulator, Fault};

use super::{PASSWORD, Site, echoes, log::Log, marked};

impl Site {
    /// Searches what a value shows.
    #[track_caller]
    fn search_value(&self, value: &(impl Debug + ?Sized)) {
        self.search_text("Debug", format!("{value:?} {value:#?}").as_bytes());
    }

    /// Searches what an error shows, and each of its causes.
    #[track_caller]
    fn search_error<E: Error + Display + 'static>(&self, error: &E) {
        self.search_value(error);
        self.search_text("Display", format!("{error} {error:#} {}", error_chain(error)).as_bytes());
        for cause in successors(error.source(), |&cause| cause.source()) {
            self.search_text(
                "source",
                format!("{cause} {cause:#} {cause:?} {cause:#?}").as_bytes(),
            );
        }
    }

    fn builder(&self, url: &str) -> ClientBuilder {
        GraphPhotoClient::builder()
            .token_provider(StaticToken::new(&self.token))
            .base_url(format!("{url}/v1.0"))
            .retry_policy(RetryPolicy::never())
    }

    /// Uploads in each way, and searches what comes of it.
    async fn upload(&self, client: &GraphPhotoClient) {
        self.search_value(client);
        let photo = JpegPhoto::from_bytes(marked("baseline.jpg")).unwrap();
        self.search_value(&photo);
        let outcomes = [
            client.replace(&PhotoTarget::me(), &photo).await,
            client.update(&PhotoTarget::user("a@contoso.com").unwrap(), &photo).await,
            client.generated().replace_me_photo(&photo).await,
        ];
        for outcome in outcomes {
            self.search_value(&outcome);
            let Err(error) = outcome else { continue };
            self.search_error(&error);
            self.search_value(&(error.headers(), error.diagnosis(), error.target()));
            let said = [error.code(), error.inner_code(), error.message(), error.body_excerpt()];
            self.search_value(&(said, error.request_id(), error.hint()));
        }
        if let Err(error) = client.check_token(UploadMethod::Put, &PhotoTarget::me()).await {
            self.search_error(&error);
        }
    }
}

/// With connections of its own, which trust the authority of an emulator.
fn http_client(authority: &str) -> reqwest::Client {
    let _ = graph_photo_client::rustls::crypto::ring::default_provider().install_default();
    let certificate = reqwest::Certificate::from_pem(authority.as_bytes()).unwrap();
    let builder = reqwest::Client::builder().no_proxy().tls_certs_only([certificate]);
    builder.redirect(reqwest::redirect::Policy::none()).build().unwrap()
}

#[test]
fn the_library_leaks_nothing() {
    let (site, log) = (Site::new("library"), Log::start());
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        uploads(&site).await;
        tokens(&site).await;
        mistakes(&site).await;
    });
    drop(runtime);
    let log = log.bytes();
    for name in ["graph_photo_client", "hyper_util", "reqwest", "attempt{number=2}", "rustls"] {
        let is_logged = log.windows(name.len()).any(|part| part == name.as_bytes());
        assert!(is_logged, "nothing of `{name}` is logged: {}", String::from_utf8_lossy(&log));
    }
    for line in log.split(|byte| *byte == b'\n') {
        site.search_text("the log", line);
    }
}

async fn uploads(site: &Site) {
    let tls = Emulator::builder().tls(true).start().unwrap();
    let trusting = http_client(tls.certificate_authority().unwrap());
    let retry = RetryPolicy::default().with_max_retries(1);
    let retry = retry.with_delays(Duration::ZERO, Duration::ZERO);
    let plain = site.builder(&site.emulator.url()).retry_policy(retry).build().unwrap();
    let verbose = site.builder(&tls.url()).http_client(trusting).retry_policy(retry);
    let verbose = verbose.build().unwrap();
    for (emulator, client) in [(&site.emulator, &plain), (&tls, &verbose)] {
        site.upload(client).await;
        let sent = emulator.requests();
        assert!(site.searcher.find(&sent[0].body).is_some());
        assert!(site.searcher.find(&sent[0].head).is_some());
        let strange = [Fault::close(), Fault::reset_after_body(), Fault::raw("no HTTP")];
        for answer in echoes(&site.token).into_iter().chain(strange).chain([Fault::expired_token()])
        {
            emulator.reset();
            // For three uploads and a second attempt each.
            emulator.play(vec![answer; 6]);
            site.upload(client).await;
            assert!(!emulator.requests().is_empty());
        }
    }
    // An unknown authority; no TLS where it is expected; nobody.
    let spoken = site.emulator.url().replace("http:", "https:");
    for url in [&tls.url(), &spoken, "http://127.0.0.1:0", "https://127.0.0.1:0"] {
        // The emulator waits for the rest of what it takes for a request.
        let client = site.builder(url).connect_timeout(Duration::from_millis(200));
        site.upload(&client.build().unwrap()).await;
    }
}

/// Providers, good and bad.
async fn tokens(site: &Site) {
    let token = AccessToken::new(&site.token).unwrap();
    site.search_value(&(&token, StaticToken::new(&site.token), token.tenant_id()));
    let url = site.emulator.url();
    for text in [
        format!("Bearer {}", site.token),
        format!("{}\n", site.token),
        format!("{} x", site.token),
        format!("{}\u{e9}", site.token),
    ] {
        site.search_error(&AccessToken::new(&text).unwrap_err());
        site.search_value(&StaticToken::new(&text));
        let client = site.builder(&url).token_provider(StaticToken::new(&text)).build().unwrap();
        site.upload(&client).await;
    }
    let provider: Arc<dyn TokenProvider> = Arc::new({
        let token = token.clone();
        move |request: TokenRequest<'_>| {
            assert!(!request.force_refresh, "this provider knows one token");
            ready(Ok(token.clone()))
        }
    });
    // It panics once Graph has refused the token.
    site.emulator.reset();
    site.emulator.play(vec![Fault::expired_token(); 2]);
    let client = site.builder(&url).token_provider(provider).build().unwrap();
    let shared = client.clone();
    let photo = JpegPhoto::from_bytes(marked("tiny.jpg")).unwrap();
    let upload = tokio::spawn(async move { shared.replace(&PhotoTarget::me(), &photo).await });
    let panic = upload.await.unwrap_err();
    assert!(panic.is_panic());
    site.search_error(&panic);
    site.search_value(&client);
    // A token that lacks the permission is not sent.
    let poor = graph_photo_emulator::AccessToken::delegated(["Mail.Read"]).encode();
    let client = site.builder(&url).token_provider(StaticToken::new(&poor));
    let client = client.check_permissions(true).build().unwrap();
    let photo = JpegPhoto::from_bytes(marked("tiny.jpg")).unwrap();
    let error = client.replace(&PhotoTarget::me(), &photo).await.unwrap_err();
    assert!(error.is_permission_denied() && error.is_local());
    site.search_error(&error);
    let payload = poor.split('.').nth(1).unwrap();
    assert!(!format!("{error:#} {error:?}").contains(&payload[..40]));
}

/// Secrets in the wrong place.
async fn mistakes(site: &Site) {
    let token = &site.token;
    for url in [
        format!("https://user:{PASSWORD}@127.0.0.1:0/v1.0"),
        format!("https://user:a?{PASSWORD}@127.0.0.1:0/v1.0"),
        format!("https://127.0.0.1:0/v1.0?access_token={token}"),
        format!("https://127.0.0.1:0/v1.0#code={PASSWORD}"),
        format!("user:{PASSWORD}@127.0.0.1:0/v1.0"),
    ] {
        let builder = site.builder("").base_url(&url);
        site.search_value(&builder);
        site.search_error(&builder.build().unwrap_err());
    }
    for target in [
        format!("https://graph.microsoft.com/v1.0/me?access_token={token}"),
        format!("https://graph.microsoft.com/v1.0/users/a@b#access_token={token}&x=/"),
        format!("https://user:{PASSWORD}@graph.microsoft.com/v1.0/me"),
        format!("/me?access_token={token}"),
    ] {
        site.search_error(&target.parse::<PhotoTarget>().unwrap_err());
    }
    for file in ["given/half.jpg", "given/token.txt", "given/photos"] {
        site.search_error(&JpegPhoto::read(site.dir.join(file)).await.unwrap_err());
    }
    let mut large = marked("baseline.jpg");
    large.resize(5_000_000, 0);
    site.search_error(&JpegPhoto::from_bytes(large).unwrap_err());
}
