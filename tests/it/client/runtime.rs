//! Outside a Tokio runtime, uploads and reads fail instead of panicking.

use futures_util::FutureExt as _;
use graph_photo_client::{JpegPhoto, PhotoFault, PhotoTarget};

use super::support::{Unvisited, builder, photo};

#[test]
fn an_upload_outside_a_runtime_is_a_local_failure() {
    let place = Unvisited::new();
    let client = builder(&place.url()).build().unwrap();
    let (target, photo) = (PhotoTarget::me(), photo());
    let upload = client.replace(&target, &photo).now_or_never().unwrap();
    let generated = client.generated().replace_me_photo(&photo).now_or_never().unwrap();
    place.assert_unvisited();
    for error in [upload.unwrap_err(), generated.unwrap_err()] {
        assert!(error.is_local() && !error.is_retryable() && !error.is_unauthorized(), "{error}");
        assert_eq!((error.attempts(), error.status()), (0, None));
        let text = error.to_string();
        assert!(text.starts_with("failed to replace the photo of `/me`: there is no"), "{text}");
        assert!(text.contains("Tokio runtime") && text.contains("enable_all"), "{text}");
    }
}

#[test]
fn a_read_outside_a_runtime_fails() {
    for read in [
        JpegPhoto::read("photo.jpg").now_or_never(),
        JpegPhoto::read_without_metadata("photo.jpg").now_or_never(),
    ] {
        let error = read.unwrap().unwrap_err();
        assert!(matches!(error.fault(), PhotoFault::Read(_)), "{error}");
        let text = format!("{error:#}");
        let expected = "failed to read the photo `photo.jpg`: there is no Tokio runtime";
        assert!(text.starts_with(expected), "{text}");
    }
}
