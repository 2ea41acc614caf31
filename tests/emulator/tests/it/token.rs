//! The claims of the tokens that the emulator accepts.

use std::time::{Duration, SystemTime};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use graph_photo_emulator::{
    AccessToken,
    token::{DEFAULT_USER_ID, DEFAULT_USER_PRINCIPAL_NAME},
};
use serde_json::{Value, json};

fn claims(token: &AccessToken) -> Value {
    let encoded = token.encode();
    let payload = encoded.split('.').nth(1).unwrap();
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(payload).unwrap()).unwrap()
}

#[test]
fn of_a_delegated_token() {
    let claims = claims(&AccessToken::delegated(["User.ReadWrite", "Mail.Read"]));
    assert_eq!(claims["aud"], "https://graph.microsoft.com");
    assert_eq!(claims["idtyp"], "user");
    assert_eq!(claims["scp"], "User.ReadWrite Mail.Read");
    assert_eq!(claims["oid"], DEFAULT_USER_ID);
    assert_eq!(claims["upn"], DEFAULT_USER_PRINCIPAL_NAME);
    assert_eq!(claims.get("roles"), None);
    assert_eq!(claims["exp"].as_u64().unwrap() - claims["iat"].as_u64().unwrap(), 3600);
}

#[test]
fn of_an_app_only_token() {
    let claims = claims(&AccessToken::application(["User.ReadWrite.All"]));
    assert_eq!(claims["idtyp"], "app");
    assert_eq!(claims["roles"], json!(["User.ReadWrite.All"]));
    assert_eq!(claims.get("scp"), None);
    assert_eq!(claims.get("upn"), None);
}

#[test]
fn as_they_are_set() {
    let token = AccessToken::delegated(["User.ReadWrite"])
        .user("1f4c", "adele@contoso.com")
        .directory_roles(["62e90394"])
        .audience("https://graph.microsoft.us")
        .expires_at(SystemTime::UNIX_EPOCH + Duration::from_secs(7));
    let claims = claims(&token);
    assert_eq!(claims["oid"], "1f4c");
    assert_eq!(claims["upn"], "adele@contoso.com");
    assert_eq!(claims["wids"], json!(["62e90394"]));
    assert_eq!(claims["aud"], "https://graph.microsoft.us");
    assert_eq!(claims["exp"], 7);
}
