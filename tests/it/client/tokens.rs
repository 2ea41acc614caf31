//! Tokens: got, renewed once, and never shown.

use std::{error::Error as _, sync::Arc};

use graph_photo_client::{
    AccessToken, GraphPhotoClient, InvalidToken, StaticToken, TokenError, TokenRequest,
};

use super::support::{
    TOKEN, Tokens, Unvisited, answer, assert_no_repetition, builder, chain, client, ok, photo,
    replace_me, server,
};

const SCOPE: &str = "https://graph.microsoft.com/.default";

#[tokio::test]
async fn a_401_is_answered_with_one_other_token() {
    let server = server([answer(401, &[], ""), ok()]);
    let tokens = Tokens::new(&[Ok("first"), Ok("second")]);
    let client = builder(&server.url()).token_provider(tokens.clone()).build().unwrap();
    let response = replace_me(&client).await.unwrap();

    assert_eq!(tokens.requests(), [(SCOPE.to_owned(), false), (SCOPE.to_owned(), true)]);
    assert_eq!((response.attempts, response.total_wait.as_nanos()), (2, 0));
    let requests = server.requests();
    assert_eq!(requests[0].header("authorization"), ["Bearer first"]);
    assert_eq!(requests[1].header("authorization"), ["Bearer second"]);
    assert_eq!(requests[0].header("client-request-id"), requests[1].header("client-request-id"));
    assert_eq!(requests[0].body, requests[1].body);
}

#[tokio::test]
async fn a_second_401_is_the_answer() {
    let server = server([answer(401, &[], ""), answer(401, &[], ""), ok()]);
    let tokens = Tokens::new(&[Ok("first"), Ok("second")]);
    let client = builder(&server.url()).token_provider(tokens.clone()).build().unwrap();
    let error = replace_me(&client).await.unwrap_err();
    assert!(error.is_unauthorized() && !error.is_local() && !error.is_retryable(), "{error}");
    assert!(!error.is_permission_denied());
    assert_eq!((error.attempts(), server.requests().len()), (2, 2));
    assert_eq!(tokens.refreshes(), [false, true]);
}

#[tokio::test]
async fn the_next_upload_asks_for_a_token_again() {
    let server = server([ok(), answer(401, &[], ""), ok()]);
    let tokens = Tokens::new(&[Ok("a"), Ok("b"), Ok("c")]);
    let client = builder(&server.url()).token_provider(tokens.clone()).build().unwrap();
    replace_me(&client).await.unwrap();
    replace_me(&client).await.unwrap();
    assert_eq!(tokens.refreshes(), [false, false, true]);
}

#[tokio::test]
async fn no_token_is_a_local_failure_with_its_cause() {
    let place = Unvisited::new();
    let tokens = Tokens::new(&[Err("sign in first")]);
    let client = builder(&place.url()).token_provider(tokens).build().unwrap();
    let error = replace_me(&client).await.unwrap_err();
    place.assert_unvisited();
    assert!(error.is_unauthorized() && error.is_local() && !error.is_retryable());
    assert_eq!((error.attempts(), error.status()), (0, None));
    assert_eq!(
        chain(&error),
        "failed to replace the photo of `/me`: there is no usable access token\n  \
         caused by: sign in first"
    );
}

#[tokio::test]
async fn no_other_token_leaves_the_401_with_the_cause() {
    let server = server([answer(401, &[], "")]);
    let tokens = Tokens::new(&[Ok("first"), Err("the session is over")]);
    let client = builder(&server.url()).token_provider(tokens.clone()).build().unwrap();
    let error = replace_me(&client).await.unwrap_err();
    assert_eq!(error.status().unwrap().as_u16(), 401);
    assert_eq!((error.attempts(), server.requests().len()), (1, 1));
    assert!(error.is_unauthorized() && !error.is_local());
    assert_eq!(error.source().unwrap().to_string(), "the session is over");
    assert_no_repetition(&error);
    let text = error.to_string();
    let expected = "; not repeated with another token: there is no usable access token";
    assert!(text.contains(expected), "{text}");
}

#[tokio::test]
async fn another_token_may_be_too_long() {
    let server = server([answer(401, &[], format!("not valid: {TOKEN}"))]);
    let long = "t".repeat(10_000);
    let tokens = Tokens::new(&[Ok(TOKEN), Ok(&long)]);
    let client = builder(&server.url())
        .token_provider(tokens)
        .max_request_bytes(photo().bytes().len() as u64 + 1000)
        .build()
        .unwrap();
    let error = replace_me(&client).await.unwrap_err();
    assert_eq!((error.status().unwrap().as_u16(), server.requests().len()), (401, 1));
    let text = error.to_string();
    assert!(text.contains("; not repeated with another token: the request would"), "{text}");
    assert_eq!(error.body_excerpt(), Some("not valid: [redacted]"), "of the token that was sent");
}

#[tokio::test]
async fn what_is_no_token_is_never_sent() {
    let place = Unvisited::new();
    for (token, cause) in [
        ("", "the access token is empty"),
        (
            "abc\n",
            "the access token has a line break at byte 3; trim it, or check that it is a single token",
        ),
        (
            "abc\r\nX-Evil: 1",
            "the access token has a line break at byte 3; trim it, or check that it is a single token",
        ),
        ("Bearer abc", "the access token begins with `Bearer`; leave that out"),
        ("ab c", "the access token has a character at byte 2 that no token has"),
        ("abcé", "the access token has a character at byte 3 that no token has"),
    ] {
        let client = builder(&place.url()).token_provider(StaticToken::new(token)).build().unwrap();
        let error = replace_me(&client).await.unwrap_err();
        assert!(error.is_local() && error.is_unauthorized(), "{error}");
        assert_eq!(error.source().unwrap().to_string(), cause);
        assert!(error.source().unwrap().is::<InvalidToken>());
        let error = client.generated().replace_me_photo(&photo()).await.unwrap_err();
        let expected = format!("there is no usable access token: {cause}");
        assert!(format!("{error:#}").contains(&expected), "{error:#}");
    }
    place.assert_unvisited();
}

#[tokio::test]
async fn a_closure_is_a_provider() {
    let server = server([answer(401, &[], ""), ok()]);
    let secret = Arc::new("cached".to_owned());
    let provider = move |request: TokenRequest<'_>| {
        let token = if request.force_refresh { "fresh".to_owned() } else { (*secret).clone() };
        async move { AccessToken::new(token).map_err(TokenError::from) }
    };
    let client = builder(&server.url()).token_provider(provider).build().unwrap();
    replace_me(&client).await.unwrap();
    let requests = server.requests();
    let sent: Vec<_> =
        requests.iter().flat_map(|request| request.header("authorization")).collect();
    assert_eq!(sent, ["Bearer cached", "Bearer fresh"]);
}

#[tokio::test]
async fn debug_and_errors_never_show_one() {
    let builder_text =
        format!("{:?}", GraphPhotoClient::builder().token_provider(StaticToken::new(TOKEN)));
    let mut texts = vec![
        builder_text,
        format!("{:?}", StaticToken::new(TOKEN)),
        format!("{:?}", AccessToken::new(TOKEN).unwrap()),
        format!("{:?}", StaticToken::new(format!("{TOKEN}\n"))),
    ];
    // A proxy may echo what it was sent, in any part of its answer.
    let echo = format!("<p>Bearer {TOKEN}</p>");
    let json = format!(r#"{{"error":{{"code":"c","message":"bad token {TOKEN}"}}}}"#);
    for (status, body) in [(200, ""), (401, ""), (403, &json), (400, &json), (502, &echo)] {
        let headers = [("X-Echo", echo.as_str()), ("Location", TOKEN)];
        let server = server(vec![answer(status, &headers, body); 3]);
        let client = client(&server);
        match replace_me(&client).await {
            Ok(response) => texts.push(format!("{response:?} {client:?}")),
            Err(error) => {
                texts.push(format!("{} {error:?} {error:#?}", chain(&error)));
                texts.push(format!("{:?} {:?}", error.headers(), error.body_excerpt()));
            }
        }
        if let Err(error) = client.generated().replace_me_photo(&photo()).await {
            texts.push(format!("{error} {error:?}"));
        }
    }
    let nowhere = builder("http://127.0.0.1:1").build().unwrap();
    let error = replace_me(&nowhere).await.unwrap_err();
    assert!(error.is_connection());
    texts.push(format!("{} {error:?}", chain(&error)));
    for text in texts {
        assert!(!text.is_empty() && !text.contains(TOKEN), "{text}");
    }
}

#[tokio::test]
async fn an_echoed_one_is_replaced_and_the_rest_kept() {
    let body = format!("<p>Bearer {TOKEN}</p>");
    let server = server([answer(502, &[("X-Echo", TOKEN), ("X-Other", "kept")], body)]);
    let error = replace_me(&client(&server)).await.unwrap_err();
    assert_eq!(error.body_excerpt(), Some("<p>Bearer [redacted]</p>"));
    assert_eq!(error.headers().unwrap()["x-echo"], "[redacted]");
    assert_eq!(error.headers().unwrap()["x-other"], "kept");
}

#[tokio::test]
async fn an_echoed_one_is_recognised_in_any_guise() {
    let escaped = TOKEN.replace('+', r"\u002B").replace('/', r"\/").replace('=', r"\u003d");
    let json = format!(r#"{{"error":{{"code":"{escaped}","message":"no: {escaped}"}}}}"#);
    let inner = format!(r#"{{"error":{{"code":"c","innerError":{{"message":"{escaped}"}}}}}}"#);
    let cut_off = format!("<p>{}", &TOKEN[..TOKEN.len() - 1]);
    let encoded = TOKEN.replace('+', "%2B").replace('/', "%2f").replace('=', "%3D");
    let location = format!("https://elsewhere.example/?token={encoded}");
    for (status, body) in [(400, &json), (400, &inner), (502, &cut_off), (302, &String::new())] {
        let server = server([answer(status, &[("Location", &location)], body)]);
        let error = replace_me(&client(&server)).await.unwrap_err();
        let text = format!("{} {error:?} {:?} {:?}", chain(&error), error.code(), error.message());
        for shown in [TOKEN, &encoded, &escaped, &TOKEN[..TOKEN.len() - 1]] {
            assert!(!text.contains(shown), "{text}");
        }
        assert!(text.contains("[redacted]"), "{text}");
    }
}

#[tokio::test]
async fn an_echo_of_the_refused_one_is_recognised_too() {
    const OTHER: &str = "another-token-of-some-length";
    let echo = format!("not {TOKEN}, nor {OTHER}");
    let server = server([answer(401, &[], ""), answer(401, &[("X-Echo", TOKEN)], &echo)]);
    let tokens = Tokens::new(&[Ok(TOKEN), Ok(OTHER)]);
    let client = builder(&server.url()).token_provider(tokens).build().unwrap();
    let error = replace_me(&client).await.unwrap_err();
    assert_eq!(error.body_excerpt(), Some("not [redacted], nor [redacted]"));
    assert_eq!(error.headers().unwrap()["x-echo"], "[redacted]");
}

#[tokio::test]
async fn a_provider_may_take_as_long_as_an_attempt() {
    let place = Unvisited::new();
    let never = |_: TokenRequest<'_>| std::future::pending::<Result<AccessToken, TokenError>>();
    let client = builder(&place.url())
        .token_provider(never)
        .attempt_timeout(std::time::Duration::from_millis(10))
        .build()
        .unwrap();
    let error = replace_me(&client).await.unwrap_err();
    place.assert_unvisited();
    assert!(error.is_unauthorized() && error.is_local(), "{error}");
    assert_eq!(error.source().unwrap().to_string(), "the token provider gave none in time");
}

#[tokio::test]
async fn a_placeholder_for_one_is_a_word_like_any_other() {
    let body = r#"{"error":{"code":"InvalidAuthenticationToken","message":"Bad token."}}"#;
    let server = server([answer(400, &[], body)]);
    let client = builder(&server.url()).token_provider(StaticToken::new("token")).build().unwrap();
    assert_eq!(replace_me(&client).await.unwrap_err().message(), Some("Bad token."));
}
