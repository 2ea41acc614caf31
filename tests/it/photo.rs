//! Tests of the JPEG walk and of the removal of metadata, through [`JpegPhoto`].

mod content;
mod damage;
mod decoder;
mod fixture;
mod inspect;
mod line_endings;
mod location;
mod metadata;
mod properties;
mod secrets;
mod size;
mod structure;
mod truncation;

use std::borrow::Cow;

use graph_photo_client::{
    ContentKind, InvalidJpeg, InvalidPhoto, JpegKind, JpegPhoto, PhotoFault, PhotoWarning,
    UnsupportedJpeg,
};

/// What the walk finds in a photo.
#[derive(Debug, PartialEq, Eq)]
struct Info {
    width: u16,
    height: u16,
    kind: JpegKind,
    components: u8,
    warnings: Vec<PhotoWarning>,
    orientation: u8,
}

impl Info {
    fn orientation(&self) -> u8 {
        self.orientation
    }
}

fn inspect(bytes: &[u8]) -> Result<Info, InvalidJpeg> {
    let photo = JpegPhoto::from_bytes(bytes.to_vec()).map_err(|error| content(&error))?;
    Ok(Info {
        width: photo.width(),
        height: photo.height(),
        kind: photo.kind(),
        components: photo.components(),
        warnings: photo.warnings().to_vec(),
        orientation: photo.orientation(),
    })
}

/// Borrowed if the photo had nothing to remove and still shares its bytes.
fn without_metadata(bytes: &[u8]) -> Result<Cow<'_, [u8]>, InvalidJpeg> {
    let photo = JpegPhoto::from_bytes(bytes.to_vec()).map_err(|error| content(&error))?;
    let clean = photo.without_metadata().map_err(|error| content(&error))?;
    Ok(if clean.bytes().as_ptr() == photo.bytes().as_ptr() {
        Cow::Borrowed(bytes)
    } else {
        Cow::Owned(clean.bytes().to_vec())
    })
}

fn content(error: &InvalidPhoto) -> InvalidJpeg {
    match error.fault() {
        PhotoFault::Content(fault) => *fault,
        other => panic!("not about the content: {other:?}"),
    }
}
