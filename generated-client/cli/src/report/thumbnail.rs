//! Small copies of photos to embed in a page.

use std::path::Path;

use base64::{Engine as _, prelude::BASE64_STANDARD};

use crate::{
    fit::{self, FitOptions},
    journal::Digest,
};

/// Twice as many pixels a side as the page shows, for high-density screens.
const OPTIONS: FitOptions = FitOptions { max_side: 96, square: true, max_bytes: 6_000 };

/// A file as a `data:` URL, if it is a picture and its bytes still have this SHA-256, in
/// hexadecimal digits.
pub(super) fn data_url(file: &Path, sha256: Option<&str>) -> Option<String> {
    let bytes = fit::read(file).ok()?;
    if sha256.is_some_and(|known| known != Digest::of(&bytes).to_string()) {
        return None;
    }
    let thumbnail = fit::fit(bytes, &OPTIONS).ok()?.photo;
    Some(format!("data:image/jpeg;base64,{}", BASE64_STANDARD.encode(thumbnail.bytes())))
}
