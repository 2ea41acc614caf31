//! A photo: from a file or standard input, and in the words of a result.

use std::{
    io::{self, Read as _},
    path::Path,
};

use graph_photo_client::{InvalidPhoto, JpegPhoto, MAX_REQUEST_BYTES, PhotoWarning, error_chain};
use serde_json::{Value, json};

use crate::failure::{Failure, Kind};

/// The name of a file that stands for standard input.
const STANDARD_INPUT: &str = "-";

/// Why a file is refused: without its name, and as the failure that it is.
pub(crate) struct Refusal {
    pub(crate) reason: String,
    pub(crate) failure: Failure,
}

impl From<InvalidPhoto> for Refusal {
    fn from(error: InvalidPhoto) -> Self {
        Self { reason: error.fault().to_string(), failure: error.into() }
    }
}

/// Reads a file or, as `-`, standard input.
pub(crate) async fn read(file: &Path) -> Result<JpegPhoto, Refusal> {
    if file != Path::new(STANDARD_INPUT) {
        return Ok(JpegPhoto::read(file).await?);
    }
    // Not on this thread, which has to hear Ctrl-C: a pipe may never end.
    let read = tokio::task::spawn_blocking(read_standard_input).await;
    let bytes = read.unwrap_or_else(|cause| Err(io::Error::other(cause))).map_err(|cause| {
        let reason = error_chain(&cause);
        let problem = format!("failed to read the photo from standard input: {reason}");
        Refusal { reason, failure: Failure::Refused(Kind::InvalidPhoto, problem) }
    })?;
    Ok(JpegPhoto::from_bytes(bytes)?)
}

/// Reads no more than is needed to tell that a photo is too large.
fn read_standard_input() -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    io::stdin().lock().take(MAX_REQUEST_BYTES + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

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
        PhotoWarning::Tiny { .. } => "tiny",
        _ => "other",
    }
}
