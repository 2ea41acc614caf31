//! A directory of what exists, and accounts that are unlike others.

use graph_photo_emulator::{Account, Emulator, Entry, Tenant};

use crate::raw::{JPEG, Response, exchange, get, upload};

const TENANT: &str = r#"{
    "users": [
        { "id": "1F4C", "userPrincipalName": "Adele@contoso.com", "displayName": "Adele",
          "contacts": [{ "id": "AAMk=" }],
          "contactFolders": [{ "id": "f", "contacts": [{ "id": "c" }] }] },
        { "id": "2a", "userPrincipalName": "admin@contoso.com", "administrator": true },
        { "id": "none", "account": "noMailbox", "contacts": [{ "id": "c" }] },
        { "id": "premises", "account": "onPremises" },
        { "id": "guest", "account": "guest" },
        { "id": "bookings", "account": "bookings" },
        { "id": "policy", "account": "photoPolicy" },
        { "id": "items", "account": "tooManyPhotoItems" }
    ],
    "groups": [{ "id": "g", "displayName": "Sales" }]
}"#;

fn emulator() -> Emulator {
    Emulator::builder().tenant(Tenant::from_json(TENANT).unwrap()).start().unwrap()
}

fn put(emulator: &Emulator, target: &str, body: &[u8]) -> Response {
    let token = emulator.token_for("admin@contoso.com");
    let target = format!("/v1.0{target}/photo/$value");
    exchange(emulator.local_addr(), &upload("PUT", &target, &token, body))
}

#[test]
fn what_is_in_it_exists_and_nothing_else() {
    let emulator = emulator();
    for target in [
        "/me",
        "/users/1f4c",
        "/users/adele@CONTOSO.com",
        "/groups/G",
        "/users/1f4c/contacts/AAMk=",
        "/users/1f4c/contactfolders/f/contacts/c",
    ] {
        assert_eq!(put(&emulator, target, JPEG).status, 200, "{target}");
    }
    for (target, code) in [
        ("/users/x", "Request_ResourceNotFound"),
        ("/groups/1f4c", "Request_ResourceNotFound"),
        ("/users/1f4c/contacts/aamk=", "ErrorItemNotFound"),
        ("/users/1f4c/contactfolders/f/contacts/x", "ErrorItemNotFound"),
        ("/me/contacts/AAMk=", "ErrorItemNotFound"),
    ] {
        let response = put(&emulator, target, JPEG);
        assert_eq!((response.status, &response.error()["code"]), (404, &code.into()), "{target}");
        assert_eq!(emulator.photo(target), None);
    }
    let stranger = emulator.token_for("nobody@contoso.com");
    let request = upload("PUT", "/v1.0/me/photo/$value", &stranger, JPEG);
    assert_eq!(exchange(emulator.local_addr(), &request).status, 404);
}

#[test]
fn a_user_has_one_photo_by_all_names() {
    let emulator = emulator();
    let adele = emulator.token_for("1f4c");
    let request = upload("PUT", "/v1.0/me/photo/$value", &adele, JPEG);
    assert_eq!(exchange(emulator.local_addr(), &request).status, 200);
    for target in ["/me", "/users/1f4c", "/users/Adele@contoso.com"] {
        assert_eq!(emulator.photo(target).unwrap(), JPEG, "{target}");
    }
    // Her token is not an administrator's.
    let request = upload("PUT", "/v1.0/users/2a/photo/$value", &adele, JPEG);
    assert_eq!(exchange(emulator.local_addr(), &request).status, 403);
}

#[test]
fn accounts_answer_as_those_of_real_tenants() {
    let emulator = emulator();
    let large = [JPEG, &vec![0; 100 * 1024]].concat();
    for (target, body, status, code) in [
        ("/users/none", JPEG, 200, ""),
        ("/users/none", large.as_slice(), 404, "ErrorNonExistentMailbox"),
        ("/users/none/contacts/c", JPEG, 404, "ErrorNonExistentMailbox"),
        ("/users/premises", JPEG, 404, "MailboxNotHostedInExchangeOnline"),
        ("/users/guest", JPEG, 400, "ErrorInvalidRequest"),
        ("/users/bookings", JPEG, 500, "ErrorStoreInternalServerError"),
        ("/users/bookings", JPEG, 500, "ErrorStoreInternalServerError"),
        ("/users/policy", JPEG, 403, "ErrorAccessDenied"),
        ("/users/items", JPEG, 404, "ErrorItemNotFound"),
        ("/users/items", JPEG, 200, ""),
        ("/users/items", JPEG, 404, "ErrorItemNotFound"),
    ] {
        let response = put(&emulator, target, body);
        assert_eq!(response.status, status, "{target}");
        if status != 200 {
            assert_eq!(response.error()["code"], code, "{target}");
        }
    }
    let token = emulator.token_for("admin@contoso.com");
    let read = get("/v1.0/users/premises/photo/$value", &token);
    assert_eq!(exchange(emulator.local_addr(), &read).status, 404);
}

#[test]
fn a_tenant_from_code_is_that_of_a_file() {
    let folder = Entry::new("f").with("contacts", Entry::new("c"));
    let adele = Entry::new("1F4C")
        .user_principal_name("Adele@contoso.com")
        .display_name("Adele")
        .with("contacts", Entry::new("AAMk="))
        .with("contactFolders", folder);
    let admin = Entry::new("2a").user_principal_name("admin@contoso.com").administrator();
    let tenant = Tenant::new()
        .with("users", adele)
        .with("users", admin)
        .with("users", Entry::new("guest").account(Account::Guest))
        .with("groups", Entry::new("g").display_name("Sales"));
    let built = Emulator::builder().tenant(tenant).start().unwrap();
    assert_eq!(built.default_user(), "Adele@contoso.com");
    let read = emulator();
    for (target, status) in [
        ("/me", 200),
        ("/users/adele@contoso.com", 200),
        ("/users/1f4c/contacts/AAMk=", 200),
        ("/users/1f4c/contactFolders/f/contacts/c", 200),
        ("/groups/g", 200),
        ("/groups/x", 404),
        ("/users/1f4c/contacts/x", 404),
        ("/users/guest", 400),
    ] {
        let statuses = [&built, &read].map(|emulator| put(emulator, target, JPEG).status);
        assert_eq!(statuses, [status; 2], "{target}");
    }
}

#[test]
fn a_byte_order_mark_is_no_part_of_a_file() {
    assert!(Tenant::from_json(&format!("\u{feff}{TENANT}")).is_ok());
}

#[test]
fn what_cannot_be_meant_is_refused_with_its_reason() {
    for (text, reason) in [
        ("{", "line 1 column 1"),
        (r#"{"users": [{}]}"#, "missing field `id`"),
        (r#"{"users": [{"id": "a", "account": "gest"}]}"#, "unknown variant `gest`"),
    ] {
        let error = Tenant::from_json(text).unwrap_err().to_string();
        assert!(error.contains(reason), "{error}");
    }
    for (text, reason) in [
        (r#"{"user": [{"id": "a"}]}"#, "no path of the API has ids after `user`"),
        (r#"{"users": [{"id": "a"}, {"id": "A"}]}"#, "two of `users` are called `A`"),
        (
            r#"{"users": [{"id": "a", "contact": [{"id": "a"}]}]}"#,
            "no path of the API has ids after `contact`",
        ),
    ] {
        let tenant = Tenant::from_json(text).unwrap();
        let error = Emulator::builder().tenant(tenant).start().unwrap_err().to_string();
        assert!(error.contains(reason), "{error}");
    }
}
