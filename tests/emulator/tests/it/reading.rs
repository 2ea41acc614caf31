//! Reading photos back: bytes, metadata, sizes, entity tags.

use graph_photo_emulator::{AccessToken, Outcome};

use crate::raw::{Connection, JPEG, bearer, emulator, exchange, get, request, token, upload};

const ME: &str = "/v1.0/me/photo/$value";

#[test]
fn the_bytes_come_back_with_a_new_etag_each_time() {
    let emulator = emulator();
    let mut etags = Vec::new();
    for _ in 0..2 {
        let stored = exchange(emulator.local_addr(), &upload("PUT", ME, &token(), JPEG));
        let read = exchange(emulator.local_addr(), &get(ME, &token()));
        assert_eq!(read.body, JPEG);
        assert_eq!(read.header("etag"), stored.header("etag"));
        etags.push(read.header("etag").unwrap().to_owned());
    }
    assert_ne!(etags[0], etags[1]);
    let tags: Vec<String> = emulator.history("/me").into_iter().map(|one| one.etag).collect();
    assert_eq!(tags, etags);
    assert!(etags[0].starts_with("W/\"") && etags[0].len() == 68, "{etags:?}");
}

#[test]
fn a_head_has_all_but_the_body() {
    let emulator = emulator();
    exchange(emulator.local_addr(), &upload("PUT", ME, &token(), JPEG));
    let mut connection = Connection::open(emulator.local_addr());
    for method in ["HEAD", "GET"] {
        let authorization = bearer(&token());
        connection.send(&request(method, ME, &[("Authorization", &authorization)], b""));
        let response = connection.receive_to(method);
        assert_eq!(response.header("content-length"), Some(JPEG.len().to_string().as_str()));
        assert_eq!(response.header("content-type"), Some("image/jpeg"));
    }
}

#[test]
fn metadata_and_sizes_belong_to_every_path() {
    let emulator = emulator();
    let api = graph_photo_emulator::built_in_api();
    for target in &api.targets {
        let resource = format!("/v1.0{}", target.resource_template()).replace(['{', '}'], "");
        let status = |suffix: &str| {
            exchange(emulator.local_addr(), &get(&(resource.clone() + suffix), &token()))
        };
        assert_eq!(status("/photo").error()["code"], "ImageNotFound");
        let put = upload("PUT", &format!("{resource}/photo/$value"), &token(), JPEG);
        assert_eq!(exchange(emulator.local_addr(), &put).status, 200);

        let metadata: serde_json::Value = serde_json::from_slice(&status("/photo").body).unwrap();
        assert_eq!(metadata["@odata.mediaContentType"], "image/jpeg");
        assert_eq!(metadata["id"], format!("{}x{}", metadata["width"], metadata["height"]));
        assert_eq!(status("/photos/48x48/$value").body, JPEG);
        assert_eq!(status("/photos/48x48").status, 200);
        assert_eq!(status("/photos/48x/$value").status, 400);
    }
}

#[test]
fn only_the_photo_itself_is_written() {
    let emulator = emulator();
    for path in ["/v1.0/me/photo", "/v1.0/me/photos/48x48/$value"] {
        let response = exchange(emulator.local_addr(), &upload("PUT", path, &token(), JPEG));
        assert_eq!((response.status, response.header("allow")), (405, Some("GET, HEAD")));
    }
}

#[test]
fn it_takes_a_token_that_holds() {
    let emulator = emulator();
    let status = |request: &[u8]| exchange(emulator.local_addr(), request).status;
    assert_eq!(status(&request("GET", ME, &[], b"")), 401);
    assert_eq!(status(&get(ME, &AccessToken::application(["User.ReadWrite.All"]))), 400);
    assert_eq!(status(&get(ME, &token())), 404);
    let outcomes: Vec<Outcome> = emulator.requests().iter().map(|one| one.outcome).collect();
    assert_eq!(outcomes, [Outcome::Refused; 3]);
}

#[test]
fn the_signed_in_user_and_the_user_of_that_name_are_one() {
    let emulator = emulator();
    let adele = emulator.token_for("Adele@contoso.com");
    let put = |target: &str, token: &AccessToken, body: &[u8]| {
        let target = format!("/v1.0{target}/photo/$value");
        exchange(emulator.local_addr(), &upload("PUT", &target, token, body)).status
    };
    // By the object id first, before a token says whose it is.
    let admin = emulator.administrator_token("admin@contoso.com");
    let claims = String::from_utf8(decode(&adele.encode())).unwrap();
    let claims: serde_json::Value = serde_json::from_str(&claims).unwrap();
    let id = claims["oid"].as_str().unwrap();
    assert_eq!(put(&format!("/users/{id}"), &admin, &[JPEG, b"1"].concat()), 200);
    assert_eq!(put("/me", &adele, &[JPEG, b"2"].concat()), 200);
    assert_eq!(put("/users/ADELE@contoso.com", &adele, &[JPEG, b"3"].concat()), 200);
    assert_eq!(put("/users/megan@contoso.com", &adele, JPEG), 403);

    let names = [format!("/users/{id}"), "/users/adele@contoso.com/photo/$value".to_owned()];
    for name in names {
        let photos: Vec<u8> =
            emulator.history(&name).iter().map(|photo| *photo.bytes.last().unwrap()).collect();
        assert_eq!(photos, b"123", "{name}");
    }
    assert_eq!(emulator.photo("/me"), None, "the last token was made for the administrator");
    let _ = emulator.token_for("adele@contoso.com");
    assert_eq!(emulator.photo("/me").unwrap(), [JPEG, b"3"].concat());
    assert_eq!(emulator.photo("/users/adele%40contoso.com"), emulator.photo("/me"));
}

fn decode(token: &str) -> Vec<u8> {
    use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
    URL_SAFE_NO_PAD.decode(token.split('.').nth(1).unwrap()).unwrap()
}

#[test]
fn reset_forgets_photos_and_requests_but_no_token() {
    let emulator = emulator();
    let token = emulator.token_for("megan@contoso.com");
    let put = upload("PUT", ME, &token, JPEG);
    assert_eq!(exchange(emulator.local_addr(), &put).status, 200);
    emulator.reset();
    assert_eq!((emulator.photo("/me"), emulator.requests().len()), (None, 0));
    assert_eq!(exchange(emulator.local_addr(), &put).status, 200);
    assert_eq!(emulator.photo("/me").unwrap(), JPEG);
}
