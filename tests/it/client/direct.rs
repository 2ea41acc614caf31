//! A direct call of a generated method goes through the same checks.

use std::time::Duration;

use graph_photo_client::{RetryPolicy, generated::client::Error};

use super::support::{JPEG, TOKEN, Tokens, Unvisited, answer, builder, client, ok, photo, server};

#[tokio::test]
async fn sends_the_same_request() {
    let server = server([ok(), ok()]);
    let client = client(&server);
    client.replace(&"/users/a%2Fb".parse().unwrap(), &photo()).await.unwrap();
    let user = graph_photo_client::UserId::new("a/b").unwrap();
    client.generated().replace_user_photo(&user, &photo()).await.unwrap();

    let requests = server.requests();
    let without_id = |index: usize| {
        let head = String::from_utf8(requests[index].head.to_vec()).unwrap();
        head.replace(&requests[index].header("client-request-id")[0], "")
    };
    assert_eq!(without_id(0), without_id(1));
    assert_eq!(requests[1].header("authorization"), [format!("Bearer {TOKEN}")]);
    assert_eq!(requests[1].body, JPEG);
}

#[tokio::test]
async fn is_refused_before_connecting_if_too_large() {
    let place = Unvisited::new();
    let client = builder(&place.url()).max_request_bytes(100).build().unwrap();
    let error = client.generated().replace_me_photo(&photo()).await.unwrap_err();
    place.assert_unvisited();
    let text = error.to_string();
    assert!(text.contains("and at most 100 are allowed; make the photo smaller"), "{text}");
}

#[tokio::test]
async fn is_retried_and_gets_one_other_token() {
    let server = server([answer(503, &[], ""), answer(401, &[], ""), ok()]);
    let tokens = Tokens::new(&[Ok("first"), Ok("second")]);
    let client = builder(&server.url())
        .token_provider(tokens.clone())
        .retry_policy(RetryPolicy::default().with_delays(Duration::ZERO, Duration::ZERO))
        .build()
        .unwrap();
    client.generated().update_me_photo(&photo()).await.unwrap();
    assert_eq!(tokens.refreshes(), [false, true]);
    let requests = server.requests();
    assert_eq!(requests.len(), 3);
    let id = requests[0].header("client-request-id");
    assert!(requests.iter().all(|request| request.header("client-request-id") == id));
}

#[tokio::test]
async fn fails_with_status_headers_and_the_error_in_one_shape() {
    for (status, body, code, message) in [
        (413, "<html>Too large</html>", "", "<html>Too large</html>"),
        (429, "", "", ""),
        (404, r#"{"error":{"code":"A","message":"m"}}"#, "A", "m"),
        (500, r#"{"error":"text"}"#, "text", ""),
    ] {
        let server = server([answer(status, &[("Retry-After", "7")], body)]);
        let error = client(&server).generated().replace_me_photo(&photo()).await.unwrap_err();
        let Error::ErrorResponse(response) = error else { panic!("{error:?}") };
        assert_eq!(response.status().as_u16(), status);
        assert_eq!(response.headers()["retry-after"], "7");
        assert_eq!(response.error.code, code);
        assert_eq!(response.error.message, message);
    }
}
