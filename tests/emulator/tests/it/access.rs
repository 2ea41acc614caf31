//! Which permission allows what, and what is kept secret.

use graph_photo_codegen::api::{Api, PermissionType};
use graph_photo_emulator::{
    AccessToken, Emulator, built_in_api,
    token::{DEFAULT_USER_ID, DEFAULT_USER_PRINCIPAL_NAME},
};

use crate::{
    api,
    raw::{JPEG, bearer, emulator, exchange, request, token, upload},
};

/// The status of an upload, and the permission that allowed it.
fn outcome(emulator: &Emulator, target: &str, token: &AccessToken) -> (u16, Option<String>) {
    let response = exchange(emulator.local_addr(), &upload("PUT", target, token, JPEG));
    let request = emulator.requests().pop().unwrap();
    assert_eq!(request.status, Some(response.status));
    let permission = request.permission.map(|permission| permission.scope);
    (response.status, permission)
}

fn allowed_by(scope: &str) -> (u16, Option<String>) {
    (200, Some(scope.to_owned()))
}

const REFUSED: (u16, Option<String>) = (403, None);

fn user(id: &str) -> String {
    format!("/v1.0/users/{id}/photo/$value")
}

#[test]
fn own_photo_only() {
    let emulator = emulator();
    let token = AccessToken::delegated(["User.ReadWrite"]);
    let outcome = |target: &str| outcome(&emulator, target, &token);

    assert_eq!(outcome("/v1.0/me/photo/$value"), allowed_by("User.ReadWrite"));
    assert_eq!(outcome(&user(DEFAULT_USER_ID)), allowed_by("User.ReadWrite"));
    assert_eq!(outcome(&user(DEFAULT_USER_PRINCIPAL_NAME)), allowed_by("User.ReadWrite"));
    assert_eq!(outcome(&user("someone@contoso.com")), REFUSED);
}

#[test]
fn an_administrator_may_change_the_photos_of_others() {
    let emulator = emulator();
    let user_token = AccessToken::delegated(["User.ReadWrite.All"]);
    let with_role = |role: &str| user_token.clone().directory_roles([role]);
    let scope = "User.ReadWrite.All";

    assert_eq!(outcome(&emulator, &user("someone"), &user_token), REFUSED);
    assert_eq!(outcome(&emulator, &user(DEFAULT_USER_ID), &user_token), allowed_by(scope));
    for administrator in [
        "62e90394-69f5-4237-9190-012177145e10",
        "fe930be7-5e62-47db-91af-98c3a49a38b1",
        "024906de-61e5-49c8-8572-40335f1e0e10",
    ] {
        let token = with_role(administrator);
        assert_eq!(outcome(&emulator, &user("someone"), &token), allowed_by(scope));
    }
    // Tokens of ordinary users may carry a role as well: this one is that of a reader.
    let token = with_role("88d8e3e3-8f55-4a1e-953a-9b9898b8876b");
    assert_eq!(outcome(&emulator, &user("someone"), &token), REFUSED);
}

#[test]
fn an_app_needs_permissions_of_its_own_type() {
    let emulator = emulator();
    let app = AccessToken::application(["User.ReadWrite.All", "Contacts.ReadWrite"]);
    assert_eq!(outcome(&emulator, &user("someone"), &app), allowed_by("User.ReadWrite.All"));
    assert_eq!(
        emulator.requests()[0].permission.as_ref().unwrap().permission_type,
        PermissionType::Application
    );
    let contact = "/v1.0/users/someone/contacts/c/photo/$value";
    assert_eq!(outcome(&emulator, contact, &app), allowed_by("Contacts.ReadWrite"));
    assert_eq!(outcome(&emulator, "/v1.0/groups/g/photo/$value", &app), REFUSED);
    assert_eq!(outcome(&emulator, "/v1.0/me/contacts/c/photo/$value", &app), (400, None));

    let delegated_only = AccessToken::application(["User.ReadWrite"]);
    assert_eq!(outcome(&emulator, &user("someone"), &delegated_only), REFUSED);
}

#[test]
fn a_permission_of_the_other_type_does_not_suffice() {
    let scope = "Group.ReadWrite.All";
    let delegated = AccessToken::delegated([scope]);
    let app_only = AccessToken::application([scope]);
    for (permission_type, sufficient, insufficient) in [
        (PermissionType::Delegated, &delegated, &app_only),
        (PermissionType::Application, &app_only, &delegated),
    ] {
        let api = Api {
            targets: vec![api::target(
                "Group",
                "groups/{groupId}",
                &[(permission_type, scope, None)],
            )],
            ..built_in_api()
        };
        let emulator = Emulator::builder().api(api).start().unwrap();
        let target = "/v1.0/groups/g/photo/$value";
        assert_eq!(outcome(&emulator, target, sufficient), allowed_by(scope));
        assert_eq!(outcome(&emulator, target, insufficient), REFUSED);
    }
}

#[test]
fn the_least_privileged_permission_is_named() {
    let emulator = emulator();
    let token = AccessToken::delegated(["User.ReadWrite.All", "User.ReadWrite"]);
    assert_eq!(outcome(&emulator, "/v1.0/me/photo/$value", &token), allowed_by("User.ReadWrite"));
}

#[test]
fn two_authorization_headers_are_none() {
    let emulator = emulator();
    let value = bearer(&token());
    let headers = [("Authorization", value.as_str()); 2];
    let request = request("PUT", "/v1.0/me/photo/$value", &headers, JPEG);
    assert_eq!(exchange(emulator.local_addr(), &request).status, 401);
    assert_eq!(emulator.requests()[0].header("authorization").len(), 2);
}

#[test]
fn a_token_is_never_printed() {
    let emulator = emulator();
    let token = token();
    exchange(emulator.local_addr(), &upload("PUT", "/v1.0/me/photo/$value", &token, JPEG));
    let printed = format!("{token:?} {:?}", emulator.requests());
    for part in token.encode().split('.') {
        assert!(!printed.contains(part), "{printed}");
    }
    assert!(printed.contains("[redacted]"));
}
