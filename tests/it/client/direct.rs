//! A direct call of a generated method goes through the same checks.

use std::time::Duration;

use graph_photo_client::RetryPolicy;

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
        head.replace(requests[index].header("client-request-id")[0], "")
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

/// All that an upload tells, but for the target: that is known by its form.
#[tokio::test]
async fn fails_with_all_that_there_is_to_tell() {
    for (status, body, code, message, excerpt) in [
        (413, "<html>Too large</html>", None, None, Some("<html>Too large</html>")),
        (429, "", None, None, None),
        (404, r#"{"error":{"code":"A","message":"m"}}"#, Some("A"), Some("m"), None),
        (500, r#"{"error":"text"}"#, Some("text"), None, None),
    ] {
        let server = server([answer(status, &[("Retry-After", "7")], body)]);
        let user = graph_photo_client::UserId::new("adele").unwrap();
        let client = client(&server);
        let error = client.generated().replace_user_photo(&user, &photo()).await.unwrap_err();
        assert_eq!(error.status().unwrap().as_u16(), status);
        assert_eq!(error.headers().unwrap()["retry-after"], "7");
        assert_eq!(error.retry_after(), Some(Duration::from_secs(7)));
        assert_eq!((error.code(), error.message(), error.body_excerpt()), (code, message, excerpt));
        assert_eq!((error.attempts(), error.total_wait()), (1, Duration::ZERO));
        assert_eq!(error.client_request_id().unwrap().len(), 36);
        assert_eq!(error.operation().unwrap().id(), "replaceUserPhoto");
        assert_eq!(error.target(), None);
        let said = "failed to replace the photo of `/users/{userId}`: Graph answered ";
        assert!(error.to_string().starts_with(said), "{error}");
    }
}
