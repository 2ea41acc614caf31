//! Photos: reading them from a file or standard input, and describing them.

use std::{
    io::{self, Read as _},
    path::Path,
};

use graph_photo_client::{
    InvalidPhoto, JpegPhoto, MAX_READ_BYTES, PhotoFault, PhotoWarning, error_chain,
    has_damaged_image_data,
};
use serde::Serialize;
use serde_json::{Value, json};

use crate::{
    blocking::off_thread,
    failure::{Failure, FailureKind},
};

/// The file name that means standard input.
pub(crate) const STANDARD_INPUT: &str = "-";

/// The remedy for a damaged file.
pub(crate) const READ_AGAIN: &str = "read or download the whole file again";

/// What is wrong with damaged image data.
pub(crate) const DAMAGED_DATA: &str = "its image data ends early, or has impossible codes";

/// Why a file is refused: as a reason without its name, and as a failure.
#[derive(Debug)]
pub(crate) struct Refusal {
    pub(crate) reason: String,
    pub(crate) failure: Failure,
    /// Whether the photo would fit without its metadata.
    pub(crate) fits_without_metadata: bool,
}

impl From<InvalidPhoto> for Refusal {
    fn from(error: InvalidPhoto) -> Self {
        let fits_without_metadata =
            matches!(error.fault(), PhotoFault::TooLarge { without_metadata: Some(_), .. });
        Self { reason: error.fault().to_string(), failure: error.into(), fits_without_metadata }
    }
}

/// Reads a file, or standard input for `-`; removes the metadata on request.
pub(crate) async fn read(file: &Path, strip_metadata: bool) -> Result<JpegPhoto, Refusal> {
    let is_standard_input = file == Path::new(STANDARD_INPUT);
    Ok(match (is_standard_input, strip_metadata) {
        (true, false) => JpegPhoto::from_bytes(standard_input().await?),
        (true, true) => JpegPhoto::from_bytes_without_metadata(standard_input().await?),
        (false, false) => JpegPhoto::read(file).await,
        (false, true) => JpegPhoto::read_without_metadata(file).await,
    }?)
}

async fn standard_input() -> Result<Vec<u8>, Refusal> {
    let read = off_thread(|| {
        let mut bytes = Vec::new();
        io::stdin().lock().take(MAX_READ_BYTES).read_to_end(&mut bytes)?;
        Ok(bytes)
    });
    read.await.map_err(|cause| {
        let reason = error_chain(&cause);
        let problem = format!("failed to read the photo from standard input: {reason}");
        let failure = Failure::Refused(FailureKind::InvalidPhoto, problem);
        Refusal { reason, failure, fits_without_metadata: false }
    })
}

/// What the owner of a photo should know before others see it.
#[derive(Debug, Serialize)]
pub(crate) struct Warning {
    /// A word for programs, such as `gpsPosition`.
    pub(crate) kind: &'static str,
    pub(crate) message: String,
}

/// The warnings of the library, and one about damaged image data, which takes reading all of it.
pub(crate) fn warnings(photo: &JpegPhoto) -> Vec<Warning> {
    let mut warnings = known_warnings(photo);
    let damage = damage(photo);
    warnings.extend(damage.map(|message| Warning { kind: "damagedImageData", message }));
    warnings
}

/// The warnings of the library.
pub(crate) fn known_warnings(photo: &JpegPhoto) -> Vec<Warning> {
    let warnings = photo.warnings().iter();
    warnings.map(|one| Warning { kind: warning_kind(one), message: one.to_string() }).collect()
}

/// A warning about damaged image data, unless the library has one that says why.
pub(crate) fn damage(photo: &JpegPhoto) -> Option<String> {
    let is_explained = photo.warnings().contains(&PhotoWarning::LineEndings);
    (!is_explained && has_damaged_image_data(photo.bytes())).then(|| {
        format!(
            "the photo is damaged: {DAMAGED_DATA}, and programs show the rest in grey or shifted; \
             {READ_AGAIN}"
        )
    })
}

/// A photo as JSON, with its warnings.
pub(crate) fn json(photo: &JpegPhoto, warnings: &[Warning]) -> Value {
    json!({
        "mediaType": graph_photo_client::MEDIA_TYPE,
        "bytes": photo.bytes().len(),
        "width": photo.width(),
        "height": photo.height(),
        "kind": photo.kind().to_string(),
        "components": photo.components(),
        "warnings": warnings,
    })
}

/// A photo in half a line of text, without its warnings.
pub(crate) fn text(photo: &JpegPhoto) -> String {
    let colours = match photo.components() {
        1 => "grey",
        4 => "CMYK",
        _ => "colour",
    };
    format!(
        "{} JPEG, {}x{} pixels, {colours}, {} bytes",
        photo.kind(),
        photo.width(),
        photo.height(),
        photo.bytes().len()
    )
}

fn warning_kind(warning: &PhotoWarning) -> &'static str {
    match warning {
        PhotoWarning::Cmyk => "cmyk",
        PhotoWarning::Orientation(_) => "orientation",
        PhotoWarning::GpsPosition => "gpsPosition",
        PhotoWarning::TrailingBytes(_) => "trailingBytes",
        PhotoWarning::PlaceName => "placeName",
        PhotoWarning::Tiny { .. } => "tiny",
        PhotoWarning::Huge { .. } => "huge",
        PhotoWarning::LineEndings => "lineEndings",
        _ => "other",
    }
}
