//! Refusals of pictures that cannot be made to fit.

use std::fmt::Display;

use graph_photo_client::{ContentKind, error_chain};
use image::ImageError;

use crate::{
    failure::{Failure, FailureKind},
    photo::{READ_AGAIN, Refusal},
};

const CONVERT: &str = "convert it first, by `magick FILE photo.jpg`";

/// What is to be said of a format that nothing here can read.
pub(crate) const CANNOT_BE_READ: &str = "cannot be read here; convert it first, by `magick FILE photo.jpg` (ImageMagick) or \
     `heif-convert FILE photo.jpg` (libheif; on macOS `sips -s format jpeg FILE --out photo.jpg`)";

/// Refuses a picture for this reason.
pub(super) fn refusal(reason: impl Display) -> Refusal {
    let reason = reason.to_string();
    let message = format!("failed to fit the picture: {reason}");
    let failure = Failure::Refused(FailureKind::InvalidPhoto, message);
    Refusal { reason, failure, fits_without_metadata: false }
}

/// Refuses an unreadable format.
pub(super) fn unreadable(content: ContentKind) -> Refusal {
    refusal(format_args!("the bytes are {content}, which {CANNOT_BE_READ}"))
}

/// Refuses an image that a decoder reports as damaged.
pub(super) fn damaged(format: &str, cause: impl Display) -> Refusal {
    refusal(format_args!("the {format} image is cut off or damaged: {cause}; {READ_AGAIN}"))
}

/// Refuses an image of an unsupported variant.
pub(super) fn unsupported(format: &str, why: impl Display) -> Refusal {
    refusal(format_args!("the {format} image cannot be read here: {why}; {CONVERT}"))
}

/// Refuses an image because of its decoder's error.
pub(super) fn undecodable(format: &str, error: &ImageError) -> Refusal {
    let cause = error_chain(error);
    match error {
        ImageError::Unsupported(_) => unsupported(format, cause),
        ImageError::Limits(_) => unsupported(format, "decoding it takes too much memory"),
        _ => damaged(format, cause),
    }
}
