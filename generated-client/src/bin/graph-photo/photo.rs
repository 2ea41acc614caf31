//! A photo in the words of a result.

use graph_photo_client::{JpegPhoto, PhotoWarning};
use serde_json::{Value, json};

/// A photo for programs.
pub(crate) fn json(photo: &JpegPhoto) -> Value {
    let warnings: Vec<Value> = photo
        .warnings()
        .iter()
        .map(|warning| json!({ "kind": warning_kind(warning), "message": warning.to_string() }))
        .collect();
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

/// A photo in half a line, without its warnings.
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
