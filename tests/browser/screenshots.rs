//! The screenshots of the README, written where `GRAPH_PHOTO_SCREENSHOTS` says:
//! `GRAPH_PHOTO_SCREENSHOTS="$PWD/.github/images" cargo test --package graph-photo-tests
//! --features browser --test browser screenshots`.

use std::{fs, time::Duration};

use graph_photo_emulator::{Emulator, Fault, Tenant};

use crate::{
    avatar::{avatar, group},
    chromium::{on_page, screenshots},
    client::{send, upload},
};

/// Those of a README that is looked at over a slow connection.
const MAX_BYTES: usize = 300_000;

const TENANT: &str = r#"{
    "users": [
        { "id": "megan@contoso.com", "displayName": "Megan Bowen", "contacts": [
            { "id": "AAMkAGI1", "displayName": "Fabrikam's reception" }
        ] },
        { "id": "adele@contoso.com", "displayName": "Adele Vance" },
        { "id": "alex@contoso.com", "displayName": "Alex Wilber" },
        { "id": "diego@contoso.com", "displayName": "Diego Siciliani" },
        { "id": "grady@contoso.com", "displayName": "Grady Archie" },
        { "id": "isaiah@contoso.com", "displayName": "Isaiah Langer" },
        { "id": "joni@contoso.com", "displayName": "Joni Sherman" },
        { "id": "lee@fabrikam.com", "displayName": "Lee Gu", "account": "guest" },
        { "id": "rooms@contoso.com", "displayName": "Meeting Rooms", "account": "bookings" }
    ],
    "groups": [{ "id": "3b6e", "displayName": "Sales" }, { "id": "77aa", "displayName": "Design" }]
}"#;

/// What a day of testing leaves behind.
fn fill(emulator: &Emulator) {
    let token = emulator.administrator_token("megan@contoso.com");
    let put = |resource: &str, number| {
        emulator.advance(Duration::from_secs(7 + 11 * number as u64 % 40));
        let photo = if resource.starts_with("/groups") { group(number) } else { avatar(number) };
        upload(emulator, &token, resource, &photo)
    };
    for (number, resource) in [
        "/users/joni@contoso.com",
        "/groups/3b6e",
        "/users/isaiah@contoso.com",
        "/users/grady@contoso.com",
        "/users/diego@contoso.com",
        "/users/alex@contoso.com",
        "/me/contacts/AAMkAGI1",
        "/users/adele@contoso.com",
    ]
    .iter()
    .enumerate()
    {
        assert_eq!(put(resource, number), 200, "{resource}");
    }
    emulator.fail_next(1, Fault::status(429).retry_after(Duration::from_secs(15)));
    put("/me", 11);
    put("/users/lee@fabrikam.com", 12);
    put("/users/rooms@contoso.com", 13);
    assert_eq!((put("/me", 13), put("/me", 8)), (200, 200));
    upload(
        emulator,
        &token,
        "/users/adele@contoso.com",
        b"iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAA",
    );
    send(emulator, "PUT", "/v1.0/users/nobody@contoso.com/photo/$value", &[], b"");
    let authorization = format!("Bearer {}", token.encode());
    let headers = [("Authorization", authorization.as_str())];
    send(emulator, "GET", "/v1.0/me/photo/$value", &headers, b"");
    emulator.fail_with("every=3;status=503;retry-after=1".parse().unwrap());
}

#[test]
fn are_small_and_whole() {
    let tenant = Tenant::from_json(TENANT).unwrap();
    // The port that the README has, if it is free.
    let emulator = Emulator::builder().port(8080).tenant(tenant.clone()).start();
    let emulator = emulator.unwrap_or_else(|_| Emulator::builder().tenant(tenant).start().unwrap());
    fill(&emulator);
    on_page(&emulator.url(), async |page| {
        page.resize(1440, 1000).await;
        page.until("[...document.querySelectorAll('#grid img')].every((one) => one.complete)")
            .await;
        page.until("document.querySelectorAll('#rules li').length === 1").await;
        for (scheme, name) in [("light", "emulator.png"), ("dark", "emulator-dark.png")] {
            page.prefer(scheme).await;
            let png = page.screenshot().await;
            assert!(png.starts_with(b"\x89PNG") && png.len() < MAX_BYTES, "{} bytes", png.len());
            if let Some(folder) = screenshots() {
                fs::create_dir_all(&folder).unwrap();
                fs::write(folder.join(name), png).unwrap();
            }
        }
    });
}
