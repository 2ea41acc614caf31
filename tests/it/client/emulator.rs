//! The client against the Graph emulator.

use graph_photo_client::{Error, JpegPhoto, Operation, PermissionType, PhotoTarget};
use graph_photo_codegen::{Api, api::Method};
use graph_photo_emulator::{AccessToken, Emulator, built_in_api, token::DEFAULT_USER_ID};

use super::support::{JPEG, TOKEN, client_of, photo, replace_me, resource};

/// What becomes of an upload to `/me` on an emulator of another API.
async fn replace_me_on(api: Api) -> Error {
    let emulator = Emulator::builder().api(api).start().unwrap();
    let token = AccessToken::delegated(["User.ReadWrite"]);
    let error = replace_me(&client_of(&emulator, token.encode())).await.unwrap_err();
    let requests = emulator.requests();
    let [request] = &requests[..] else { panic!("one request") };
    assert_eq!(Some(error.status().unwrap().as_u16()), request.status);
    assert_eq!(error.request_id(), Some(request.request_id.as_str()));
    assert_eq!(error.client_request_id(), Some(request.header("client-request-id")[0]));
    assert!(!error.is_local() && error.attempts() == 1);
    error
}

#[tokio::test]
async fn the_least_privileged_permission_allows_each_operation() {
    let emulator = Emulator::start().unwrap();
    for &operation in Operation::ALL {
        let least = operation.permissions().first().unwrap();
        let token = match least.permission_type {
            PermissionType::Delegated => AccessToken::delegated([least.scope]),
            PermissionType::Application => AccessToken::application([least.scope]),
        };
        let path = resource(operation.path_template(), |_| DEFAULT_USER_ID.to_owned());
        let target = path.parse().unwrap();
        let response = client_of(&emulator, token.encode())
            .upload(operation.method(), &target, &photo())
            .await
            .unwrap_or_else(|error| panic!("{operation}: {error}"));

        let request = emulator.requests().pop().unwrap();
        assert_eq!(request.permission.unwrap().scope, least.scope);
        assert_eq!(request.method, operation.method().as_str());
        assert_eq!(emulator.photo(&path).unwrap(), photo().bytes());
        assert_eq!(response.request_id, Some(request.request_id));
    }
}

#[tokio::test]
async fn real_user_names_reach_their_photo() {
    let emulator = Emulator::start().unwrap();
    let client = client_of(&emulator, AccessToken::application(["User.ReadWrite.All"]).encode());
    for (user, path) in [
        ("o'hara+x@contoso.com", "/users/o'hara+x@contoso.com/photo/$value"),
        ("j\u{f6}rg_b.c#EXT#@d", "/users/j%C3%B6rg_b.c%23EXT%23@d/photo/$value"),
    ] {
        client.replace(&PhotoTarget::user(user).unwrap(), &photo()).await.unwrap();
        assert!(emulator.photo(path).is_some(), "{path}");
    }
    assert_eq!(emulator.photo("/me/photo/$value"), None);
}

#[tokio::test]
async fn an_unknown_path_is_a_bad_request() {
    let error = replace_me_on(Api { targets: Vec::new(), ..built_in_api() }).await;
    assert_eq!((error.status().unwrap().as_u16(), error.code()), (400, Some("BadRequest")));
    assert_eq!(error.message(), Some("Resource not found for the segment 'v1.0'."));
}

#[tokio::test]
async fn a_wrong_method_is_not_allowed() {
    let mut api = built_in_api();
    for target in &mut api.targets {
        target.operations.retain(|operation| operation.method == Method::Patch);
    }
    let error = replace_me_on(api).await;
    assert_eq!((error.status().unwrap().as_u16(), error.code()), (405, Some("Request_BadRequest")));
    assert_eq!(error.headers().unwrap()["allow"], "GET, HEAD, PATCH");
}

#[tokio::test]
async fn a_missing_permission_is_forbidden() {
    let mut api = built_in_api();
    for operation in api.targets.iter_mut().flat_map(|target| &mut target.operations) {
        operation.permissions.retain(|permission| permission.scope != "User.ReadWrite");
    }
    let error = replace_me_on(api).await;
    assert!(error.is_permission_denied(), "{error}");
    assert_eq!(error.code(), Some("ErrorAccessDenied"));
}

#[tokio::test]
async fn a_token_that_graph_does_not_know_is_unauthorized() {
    let emulator = Emulator::start().unwrap();
    let client = client_of(&emulator, TOKEN);
    let error = replace_me(&client).await.unwrap_err();
    assert!(error.is_unauthorized() && !error.is_local());
    assert_eq!((error.code(), error.attempts()), (Some("InvalidAuthenticationToken"), 2));
    assert_eq!(emulator.requests().len(), 2);
    assert!(error.headers().unwrap().contains_key("www-authenticate"));
}

#[tokio::test]
async fn a_missing_token_is_never_seen_by_graph() {
    let emulator = Emulator::start().unwrap();
    let client = client_of(&emulator, "");
    let error = replace_me(&client).await.unwrap_err();
    assert!(error.is_unauthorized() && error.is_local());
    assert_eq!(emulator.requests().len(), 0);
}

#[tokio::test]
async fn not_an_image_is_an_internal_error_that_is_not_tried_again() {
    // To this API nothing that the client sends is of the right type.
    let error = replace_me_on(Api { media_type: "image/png".to_owned(), ..built_in_api() }).await;
    assert_eq!(error.status().unwrap().as_u16(), 500);
    assert_eq!(error.code(), Some("ErrorInternalServerError"));
    assert!(!error.is_retryable() && error.hint().is_some());
}

#[tokio::test]
async fn over_the_limit_is_too_large() {
    let error = replace_me_on(Api { max_request_bytes: 2000, ..built_in_api() }).await;
    assert!(error.is_too_large() && !error.is_local());
    assert_eq!(error.status().unwrap().as_u16(), 413);
}

#[tokio::test]
async fn one_photo_serves_many_uploads() {
    let emulator = Emulator::start().unwrap();
    let client = client_of(&emulator, AccessToken::application(["User.ReadWrite.All"]).encode());
    let photo = JpegPhoto::from_bytes(JPEG).unwrap();
    let start = photo.bytes().as_ptr();
    for n in 0..5 {
        let target = PhotoTarget::user(format!("user-{n}")).unwrap();
        client.replace(&target, &photo.clone()).await.unwrap();
    }
    assert_eq!(photo.clone().bytes().as_ptr(), start, "the bytes are shared");
    assert!(emulator.requests().iter().all(|request| request.body == photo.bytes()));
}
