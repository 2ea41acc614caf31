//! The JPEG walk and the removal of metadata.

use std::panic::{AssertUnwindSafe, catch_unwind};

use graph_photo_client::{
    InvalidPhoto, JpegPhoto, PhotoFault, PhotoWarning, has_damaged_image_data,
};
use zune_jpeg::{
    JpegDecoder,
    zune_core::{bytestream::ZCursor, options::DecoderOptions},
};

use crate::{libjpeg, policy};

/// Decoding more than this takes longer than it teaches.
const MAX_PIXELS: usize = 1 << 20;

/// What is accepted loses its metadata and nothing else; what is refused cannot be decoded, or
/// is refused by policy.
///
/// # Panics
///
/// If this does not hold.
pub fn check(data: &[u8]) {
    match JpegPhoto::from_bytes(data.to_vec()) {
        Ok(photo) => {
            assert_eq!(photo.bytes(), data);
            check_accepted(&photo);
        }
        Err(error) => check_refused(data, &error),
    }
}

fn check_accepted(photo: &JpegPhoto) {
    let clean = photo.without_metadata().expect("an accepted photo loses its metadata");
    let form =
        |it: &JpegPhoto| (it.width(), it.height(), it.kind(), it.components(), it.orientation());
    assert_eq!(form(&clean), form(photo));
    let again = JpegPhoto::from_bytes(clean.bytes().clone()).expect("it is accepted again");
    assert_eq!(form(&again), form(photo));
    let twice = again.without_metadata().expect("it strips again");
    assert_eq!(twice.bytes(), clean.bytes());
    let is_private = |warning: &PhotoWarning| {
        matches!(warning, PhotoWarning::GpsPosition | PhotoWarning::TrailingBytes(_))
    };
    assert!(!clean.warnings().iter().any(is_private), "{:?}", clean.warnings());
    let alike = JpegPhoto::from_bytes_without_metadata(photo.bytes().clone());
    assert_eq!(alike.expect("an accepted photo").bytes(), clean.bytes());
    let are_damaged = [photo, &clean].map(|photo| has_damaged_image_data(photo.bytes()));
    assert_eq!(are_damaged[0], are_damaged[1], "its image data stays the same");
}

fn check_refused(data: &[u8], error: &InvalidPhoto) {
    let PhotoFault::Content(fault) = error.fault() else { return };
    assert!(!error.to_string().contains(char::is_control));
    let is_explained = policy::reason(fault).is_some();
    let is_readable = !is_explained && decodes(data) && libjpeg::decodes(data);
    assert!(!is_readable, "zune-jpeg and libjpeg-turbo decode what we refuse: {error}");
}

/// Whether zune-jpeg decodes a picture without complaint.
fn decodes(jpeg: &[u8]) -> bool {
    let options = DecoderOptions::default().set_strict_mode(true);
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(jpeg), options);
    // A panic of the decoder is no matter of ours.
    tolerating_panics(|| {
        decoder.decode_headers().ok()?;
        let (width, height) = decoder.dimensions()?;
        (width * height <= MAX_PIXELS).then_some(())?;
        decoder.decode().ok()
    })
    .is_some()
}

/// `None` if it panics. The hook of libFuzzer would abort.
fn tolerating_panics<T>(run: impl FnOnce() -> Option<T>) -> Option<T> {
    let hook = cfg!(fuzzing).then(std::panic::take_hook);
    if hook.is_some() {
        std::panic::set_hook(Box::new(|_| {}));
    }
    let outcome = catch_unwind(AssertUnwindSafe(run)).ok().flatten();
    if let Some(hook) = hook {
        std::panic::set_hook(hook);
    }
    outcome
}
