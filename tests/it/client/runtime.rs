//! Outside a Tokio runtime, uploads, reads and checks of a token fail instead of panicking.

use futures_util::FutureExt as _;
use graph_photo_client::{JpegPhoto, PhotoFault, PhotoTarget, UploadMethod};

use super::support::{Unvisited, builder, photo};

#[test]
fn an_upload_and_a_check_outside_a_runtime_are_local_failures() {
    let place = Unvisited::new();
    let (target, photo) = (PhotoTarget::me(), photo());
    let mut errors = Vec::new();
    for checks_permissions in [true, false] {
        let client = builder(&place.url()).check_permissions(checks_permissions).build().unwrap();
        let upload = client.replace(&target, &photo).now_or_never().unwrap();
        let generated = client.generated().replace_me_photo(&photo).now_or_never().unwrap();
        let check = client.check_token(UploadMethod::Put, &target).now_or_never().unwrap();
        errors.extend([upload.unwrap_err(), generated.unwrap_err(), check.unwrap_err()]);
    }
    place.assert_unvisited();
    assert_eq!(errors.len(), 6);
    for error in errors {
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
