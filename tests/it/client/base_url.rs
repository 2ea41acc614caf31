//! Which base URLs a token may be sent to.

use std::fmt::Write as _;

use graph_photo_client::{Cloud, Error, GraphPhotoClient, PhotoTarget, StaticToken};

use super::support::{TOKEN, assert_snapshot, ok, photo, server};

fn build(url: &str) -> Result<GraphPhotoClient, Error> {
    GraphPhotoClient::builder().token_provider(StaticToken::new(TOKEN)).base_url(url).build()
}

#[test]
fn https_and_this_machine_are_accepted() {
    for url in [
        "https://graph.microsoft.com/v1.0",
        "https://graph.microsoft.com/v1.0/",
        "HTTPS://example.com:8443/a/b",
        "https://10.0.0.1",
        "http://localhost:8080/v1.0",
        "http://LOCALHOST",
        "http://127.0.0.1:8080/v1.0",
        "http://127.0.0.2/v1.0",
        "http://[::1]:8080/v1.0",
        "https://localhost",
    ] {
        build(url).unwrap_or_else(|error| panic!("{url}: {error}"));
    }
}

#[test]
fn all_others_are_refused() {
    let mut all = String::new();
    for url in [
        "http://graph.microsoft.com/v1.0",
        "http://localhost.example.com",
        "http://127.0.0.1.example.com",
        "http://0.0.0.0",
        "http://192.168.0.1",
        "http://[::2]",
        "https://user@graph.microsoft.com/v1.0",
        "https://user:pass-word@graph.microsoft.com/v1.0",
        "http://user:pass-word@localhost",
        "https://user:pass-word@graph.microsoft.com:port",
        "https://graph.microsoft.com/v1.0?a=b",
        "https://graph.microsoft.com/v1.0#a",
        "https://graph.microsoft.com/v1.0?",
        "ftp://graph.microsoft.com/v1.0",
        "file:///etc/passwd",
        "graph.microsoft.com/v1.0",
        "localhost:8080/v1.0",
        "/v1.0",
        "",
        "https://",
        "https://it's\u{1b}[2J",
    ] {
        let error = build(url).unwrap_err();
        assert!(error.is_invalid_configuration() && error.is_local(), "{error}");
        assert!(!format!("{error} {error:?}").contains("pass-word"), "{error:?}");
        writeln!(all, "{error}").unwrap();
    }
    let error = GraphPhotoClient::builder().build().unwrap_err();
    writeln!(all, "{error}").unwrap();
    assert_snapshot!(all);
}

#[test]
fn debug_of_a_builder_shows_no_password() {
    let builder = GraphPhotoClient::builder().base_url("https://user:pass-word@example.com/v1.0");
    let printed = format!("{builder:?}");
    assert!(printed.contains("example.com/v1.0") && !printed.contains("pass-word"), "{printed}");
}

#[tokio::test]
async fn its_path_precedes_that_of_the_operation() {
    let server = server([ok(), ok(), ok(), ok()]);
    for (path, expected) in [
        ("", "/me/photo/$value"),
        ("/", "/me/photo/$value"),
        ("/beta/", "/beta/me/photo/$value"),
        ("/a%20b/v1.0//", "/a%20b/v1.0/me/photo/$value"),
    ] {
        let client = build(&format!("{}{path}", server.url())).unwrap();
        client.replace(&PhotoTarget::me(), &photo()).await.unwrap();
        let line = server.requests().pop().unwrap().request_line();
        assert_eq!(line, format!("PUT {expected} HTTP/1.1"));
    }
}

#[tokio::test]
async fn it_decides_which_cloud_s_tokens_are_asked_for() {
    use super::support::{Tokens, Unvisited};

    for &cloud in Cloud::ALL {
        // That of the base URL, if it is one's; else the one that was set.
        let place = Unvisited::new();
        for (url, set) in [(cloud.base_url().to_owned(), Cloud::default()), (place.url(), cloud)] {
            let tokens = Tokens::new(&[Err("no token today")]);
            let client = GraphPhotoClient::builder()
                .token_provider(tokens.clone())
                .cloud(set)
                .base_url(url)
                .build()
                .unwrap();
            client.replace(&PhotoTarget::me(), &photo()).await.unwrap_err();
            assert_eq!(tokens.requests(), [(format!("{}/.default", cloud.origin()), false)]);
        }
    }
}
