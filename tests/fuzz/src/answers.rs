//! The client as properties see it: with a fuzzing build by its door, which sends nothing;
//! otherwise by requests to the emulator.

use graph_photo_client::{Error, PhotoTarget, http};

#[cfg(fuzzing)]
mod ways {
    use std::sync::LazyLock;

    use graph_photo_client::{
        AccessToken, Error, GraphPhotoClient, PhotoTarget, StaticToken, fuzzing, http,
    };

    pub(super) fn refused(token: &str, response: http::Response<Vec<u8>>) -> Error {
        let token = AccessToken::new(token).expect("a property makes valid tokens");
        fuzzing::refused(token, response).expect("there is a PUT of the own photo")
    }

    pub(super) fn path(_: &PhotoTarget, segments: &[&str]) -> String {
        static CLIENT: LazyLock<GraphPhotoClient> = LazyLock::new(|| {
            let builder = GraphPhotoClient::builder().token_provider(StaticToken::new("token"));
            builder.base_url("http://127.0.0.1/v1.0").build().expect("a client without a network")
        });
        let url = fuzzing::url(&CLIENT, segments);
        assert_eq!((url.query(), url.fragment()), (None, None));
        url.path().to_owned()
    }
}

#[cfg(not(fuzzing))]
mod ways {
    use graph_photo_client::{
        Error, GraphPhotoClient, JpegPhoto, PhotoTarget, RetryPolicy, StaticToken, http,
    };
    use graph_photo_emulator::{Emulator, Fault};

    const PHOTO: &[u8] = include_bytes!("../../fixtures/tiny.jpg");

    fn upload(token: &str, target: &PhotoTarget, response: Fault) -> (Result<(), Error>, String) {
        let emulator = Emulator::start().expect("a server on loopback");
        emulator.play([response]);
        let client = GraphPhotoClient::builder()
            .token_provider(StaticToken::new(token))
            .retry_policy(RetryPolicy::never())
            .base_url(format!("{}/v1.0", emulator.url()))
            .build()
            .expect("a client of the server");
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let photo = JpegPhoto::from_bytes(PHOTO).expect("a good photo");
        let outcome = runtime.expect("a runtime").block_on(client.replace(target, &photo));
        (outcome.map(drop), emulator.requests()[0].request_line())
    }

    pub(super) fn refused(token: &str, response: http::Response<Vec<u8>>) -> Error {
        let (parts, body) = response.into_parts();
        let mut bytes = format!("HTTP/1.1 {} No\r\n", parts.status.as_u16()).into_bytes();
        for (name, value) in &parts.headers {
            bytes.extend([name.as_str().as_bytes(), b": ", value.as_bytes(), b"\r\n"].concat());
        }
        bytes.extend(format!("Content-Length: {}\r\n\r\n", body.len()).as_bytes());
        bytes.extend(body);
        upload(token, &PhotoTarget::me(), Fault::raw(bytes)).0.expect_err("it was refused")
    }

    pub(super) fn path(target: &PhotoTarget, _: &[&str]) -> String {
        let (_, line) = upload("token", target, Fault::raw(Fault::response(200, &[], "")));
        line.split(' ').nth(1).expect("a request has a path").to_owned()
    }
}

/// The error of an upload with this token that Graph refuses with this response.
pub(crate) fn refused(token: &str, response: http::Response<Vec<u8>>) -> Error {
    ways::refused(token, response)
}

/// The path below the base URL of an upload to a target with these segments.
pub(crate) fn path(target: &PhotoTarget, segments: &[&str]) -> String {
    let path = ways::path(target, segments);
    path.strip_prefix("/v1.0").expect("it is below the base URL").to_owned()
}
