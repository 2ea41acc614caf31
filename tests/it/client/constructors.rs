//! The values that users make for their own tests equal those of the client.

use std::{fmt::Debug, sync::Arc, time::Duration};

use graph_photo_client::{
    AccessToken, Error, Operation, PhotoTarget, StaticToken, TokenError, TokenProvider,
    TokenRequest, UploadMethod, UploadResponse, http,
};

use super::support::{Tokens, answer, builder, error_of, ok, replace_me, server};

/// All data of an error, without the random id of the request.
fn data_of(error: &Error) -> String {
    let id = error.client_request_id().unwrap();
    let flags = [
        error.is_connection(),
        error.is_invalid_configuration(),
        error.is_invalid_photo(),
        error.is_invalid_target(),
        error.is_local(),
        error.is_not_found(),
        error.is_permission_denied(),
        error.is_retryable(),
        error.is_throttled(),
        error.is_timeout(),
        error.is_too_large(),
        error.is_unauthorized(),
    ];
    let data: [&dyn Debug; 14] = [
        &error.attempts(),
        &error.body_excerpt(),
        &error.code(),
        &error.diagnosis(),
        &error.headers(),
        &error.hint(),
        &error.inner_code(),
        &error.message(),
        &error.operation(),
        &error.request_id(),
        &error.retry_after(),
        &error.status(),
        &error.target(),
        &error.total_wait(),
    ];
    format!("{error:#} {flags:?} {data:#?} {error:?}").replace(id, "[id]")
}

/// Status, headers and body of a response.
type Refusal = (u16, &'static [(&'static str, &'static str)], &'static str);

/// Refusals by Graph and by gateways.
const REFUSALS: &[Refusal] = &[
    (
        404,
        &[("request-id", "r-1")],
        r#"{"error":{"code":"ErrorItemNotFound","message":"No such item.","innerError":{"code":"Deep"}}}"#,
    ),
    (400, &[], r#"{"error":{"code":"BadRequest","innererror":{"request-id":"r-2"}}}"#),
    (403, &[("x-a", "1"), ("x-a", "2")], r#"{"error":{"code":"ErrorAccessDenied"}}"#),
    (404, &[], r#"{"error":{"code":"ErrorItemNotFound","message":"Too many photo items"}}"#),
    (413, &[("Content-Type", "text/html")], "<html>too large</html>"),
    (429, &[("Retry-After", "30")], r#"{"error":{"code":"TooManyRequests","message":"m"}}"#),
    (500, &[], r#"{"error":{"code":"ErrorInternalServerError","message":"isn't an image"}}"#),
    (500, &[], r#"{"error":{"code":"ErrorStoreInternalServerError","message":"m"}}"#),
    (302, &[("Location", "https://elsewhere.example/")], ""),
    (501, &[], ""),
];

#[tokio::test]
async fn an_error_is_that_of_a_response() {
    for &(status, headers, body) in REFUSALS {
        let real = error_of(answer(status, headers, body)).await;
        // The server adds headers.
        let mut response = http::Response::new(body);
        *response.status_mut() = real.status().unwrap();
        *response.headers_mut() = real.headers().unwrap().clone();
        assert_eq!(response.status().as_u16(), status);
        let made = Error::from_response(UploadMethod::Put, &PhotoTarget::me(), response);
        assert_eq!(data_of(&made), data_of(&real), "{body}");
    }
}

#[test]
fn an_error_names_any_operation_and_target() {
    for &operation in Operation::ALL {
        let target = super::support::target(operation);
        let mut response = http::Response::new("");
        *response.status_mut() = http::StatusCode::FORBIDDEN;
        let error = Error::from_response(operation.method(), &target, response);
        assert_eq!((error.operation(), error.target()), (Some(operation), Some(&target)));
        assert!(error.is_permission_denied() && !error.is_local(), "{error}");
        assert!(error.to_string().contains(&format!("`{target}`")), "{error}");
    }
}

#[test]
fn an_upload_response_is_made_from_its_status() {
    let mut response = UploadResponse::new(http::StatusCode::NO_CONTENT);
    assert_eq!((response.status.as_u16(), response.attempts), (204, 1));
    assert_eq!((response.request_id.as_ref(), response.total_wait), (None, Duration::ZERO));
    response.request_id = Some("r-1".to_owned());
    assert_eq!(response.request_id.as_deref(), Some("r-1"));
}

#[tokio::test]
async fn a_test_asks_a_provider_by_itself() {
    let provider = |request: TokenRequest<'_>| {
        let token = format!("{}.{}", request.scope, request.force_refresh);
        async move { AccessToken::new(token).map_err(TokenError::from) }
    };
    let first = TokenRequest::new("scope");
    assert_eq!((first.scope, first.force_refresh), ("scope", false));
    let again = first.with_force_refresh(true);
    for (request, sent) in [(first, "Bearer scope.false"), (again, "Bearer scope.true")] {
        let server = server([ok()]);
        let token = provider.token(request).await.unwrap();
        let client = builder(&server.url())
            .token_provider(move |_: TokenRequest<'_>| std::future::ready(Ok(token.clone())))
            .build()
            .unwrap();
        replace_me(&client).await.unwrap();
        assert_eq!(server.requests()[0].header("authorization"), [sent]);
    }
}

#[tokio::test]
async fn a_provider_may_be_chosen_at_run_time() {
    let tokens = Tokens::new(&[Ok("a"), Ok("b"), Ok("c")]);
    let shared: Arc<dyn TokenProvider> = Arc::new(tokens.clone());
    let boxed: Box<dyn TokenProvider> = Box::new(tokens.clone());
    let of_type: Arc<StaticToken> = Arc::new(StaticToken::new("d"));
    let server = server(vec![answer(401, &[], ""), ok(), ok(), ok()]);
    let builder = || builder(&server.url());
    for client in [
        builder().token_provider(Arc::clone(&shared)),
        builder().token_provider(boxed),
        builder().token_provider(of_type),
    ] {
        replace_me(&client.build().unwrap()).await.unwrap();
    }
    let requests = server.requests();
    let sent: Vec<_> =
        requests.iter().flat_map(|request| request.header("authorization")).collect();
    assert_eq!(sent, ["Bearer a", "Bearer b", "Bearer c", "Bearer d"]);
    assert_eq!(tokens.refreshes(), [false, true, false], "requests are handed on as they are");
}
