//! The client reports redirects instead of following them.

use reqwest::header::{HeaderMap, HeaderName, HeaderValue};

use super::support::{answer, builder, client, ok, own_client, replace_me, server};

#[tokio::test]
async fn are_not_followed() {
    for status in [301, 302, 303, 307, 308] {
        let other = server([ok()]);
        for location in [format!("{}/v1.0/x", other.url()), "/v1.0/x".to_owned()] {
            let server = server([answer(status, &[("Location", &location)], ""), ok()]);
            let error = replace_me(&client(&server)).await.unwrap_err();
            assert_eq!(error.status().unwrap().as_u16(), status);
            assert_eq!(error.headers().unwrap()["location"], location);
            let redirect = format!("a redirect to `{location}`, which is not followed");
            assert!(error.to_string().contains(&redirect), "{error}");
            assert!(!error.is_retryable() && !error.is_local() && !error.is_connection());
            assert_eq!((error.attempts(), server.requests().len()), (1, 1));
        }
        assert_eq!(other.requests().len(), 0);
    }
}

#[tokio::test]
async fn that_a_caller_s_own_client_followed_are_no_success() {
    for status in [301, 302, 303, 307, 308] {
        let other = server([ok()]);
        let location = format!("{}/v1.0/elsewhere", other.url());
        let server = server([answer(status, &[("Location", &location)], "")]);
        let client =
            builder(&server.url()).http_client(own_client().build().unwrap()).build().unwrap();
        let error = replace_me(&client).await.unwrap_err();
        assert_eq!(other.requests().len(), 1, "the redirect was followed");
        assert!(error.status().unwrap().is_redirection(), "{error}");
        assert_eq!(error.headers().unwrap()["location"], location);
        let text = error.to_string();
        assert!(text.contains("followed; whether the photo was stored is not known"), "{text}");
    }
}

#[tokio::test]
async fn without_end_are_the_client_s_own_failure() {
    let redirect = answer(307, &[("Location", "/v1.0/x")], "");
    let server = server(vec![redirect; 20]);
    let client = builder(&server.url())
        .http_client(own_client().build().unwrap())
        .retry_policy(graph_photo_client::RetryPolicy::default())
        .build()
        .unwrap();
    let error = replace_me(&client).await.unwrap_err();
    assert!(!error.is_connection() && !error.is_retryable() && !error.is_local(), "{error}");
    assert_eq!(error.attempts(), 1);
}

#[tokio::test]
async fn a_caller_s_own_client_is_used() {
    let header = HeaderValue::from_static("yes");
    let headers = HeaderMap::from_iter([(HeaderName::from_static("x-own"), header)]);
    let own = own_client().default_headers(headers).build().unwrap();
    let server = server([ok()]);
    let client = builder(&server.url()).http_client(own).build().unwrap();
    replace_me(&client).await.unwrap();
    assert_eq!(server.requests()[0].header("x-own"), ["yes"]);
}
