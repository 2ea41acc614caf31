//! Makes a picture fit: a JPEG that Graph accepts and that looks right everywhere.

mod budget;
mod colour;
mod encode;
mod extensions;
mod jpeg;
mod options;
mod picture;
mod raster;
mod refusal;
mod resize;
#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "to panic is how a test fails")]
mod tests;
mod transfer;
pub(crate) mod words;

use std::{
    fs::File,
    io::{self, Read as _},
    panic::{AssertUnwindSafe, catch_unwind},
    path::Path,
};

use bytes::Bytes;
use graph_photo_client::{InvalidJpeg, JpegPhoto, PhotoFault, PhotoWarning, error_chain};
use image::{DynamicImage, metadata::Orientation};

use self::{
    encode::{Encoded, encode},
    picture::Picture,
    refusal::refusal,
    resize::{Area, resize},
    words::grouped,
};
pub(crate) use self::{
    extensions::{READABLE_EXTENSIONS, UNREADABLE_EXTENSIONS},
    options::FitOptions,
    refusal::CANNOT_BE_READ,
};
use crate::photo::Refusal;

/// The maximum file size in bytes: enough for an uncompressed picture with the maximum number
/// of pixels, four samples of 8 bits each.
const MAX_FILE_BYTES: u64 = 512 * 1024 * 1024;

/// The side of the smallest photos that Graph serves ("Get profilePhoto"), in pixels.
const SMALLEST_SIDE: u32 = 48;

/// A picture that fits.
#[derive(Debug)]
pub(crate) struct Fit {
    pub(crate) photo: JpegPhoto,
    /// Whether the photo is the file, byte for byte.
    pub(crate) is_untouched: bool,
    /// Notes for the picture's owner.
    pub(crate) notes: Vec<String>,
    /// The changes made, such as "turned upright".
    pub(crate) changes: Vec<String>,
    /// The original file.
    pub(crate) source: Source,
}

/// The picture in a file before it was made to fit.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Source {
    /// The name of the format.
    pub(crate) format: &'static str,
    /// The size in pixels, before rotation.
    pub(crate) width: u32,
    /// The size in pixels, before rotation.
    pub(crate) height: u32,
    /// The size of the file.
    pub(crate) bytes: usize,
}

/// Reads a picture file, unless it is too large. Blocks.
pub(crate) fn read(file: &Path) -> Result<Vec<u8>, Refusal> {
    let (size, bytes) = read_start(file).map_err(|cause| refusal(error_chain(&cause)))?;
    if size > MAX_FILE_BYTES {
        let most = grouped(MAX_FILE_BYTES);
        return Err(refusal(format_args!(
            "it has {} bytes, and files of more than {most} bytes are not read; make it smaller \
             first",
            grouped(size)
        )));
    }
    Ok(bytes)
}

/// Reads a file, but no more than shows that it is too large; also returns its size, as far
/// as it is known.
fn read_start(file: &Path) -> io::Result<(u64, Vec<u8>)> {
    let file = File::open(file)?;
    let size = file.metadata()?.len();
    let mut bytes = Vec::new();
    if size <= MAX_FILE_BYTES {
        file.take(MAX_FILE_BYTES + 1).read_to_end(&mut bytes)?;
    }
    Ok((size.max(bytes.len() as u64), bytes))
}

/// Makes a picture fit. Blocks for up to several seconds if the picture is large, and needs
/// memory for all its pixels.
pub(crate) fn fit(bytes: Vec<u8>, options: &FitOptions) -> Result<Fit, Refusal> {
    // A decoder that panics despite all tests must not end a run of thousands of photos.
    catch_unwind(AssertUnwindSafe(|| fit_or_panic(bytes.into(), options)))
        .unwrap_or_else(|_| Err(refusal("the decoder failed; convert it to JPEG first")))
}

fn fit_or_panic(bytes: Bytes, options: &FitOptions) -> Result<Fit, Refusal> {
    let picture = match JpegPhoto::from_bytes(bytes.clone()) {
        Ok(photo) => match kept(&photo, options) {
            Some(fit) => {
                jpeg::require_undamaged(&bytes)?;
                return Ok(fit);
            }
            None => decode_jpeg(&bytes)?,
        },
        Err(error) => match error.fault() {
            PhotoFault::TooLarge { .. } => decode_jpeg(&bytes)?,
            PhotoFault::Content(InvalidJpeg::NotJpeg(content)) => {
                Picture::decode(&bytes, *content).unwrap_or_else(|| Err(refusal(error.fault())))?
            }
            fault => return Err(refusal(fault)),
        },
    };
    let size = bytes.len();
    drop(bytes);
    made_to_fit(picture, size, options)
}

/// The unchanged photo, or the photo without its metadata, if either fits.
fn kept(photo: &JpegPhoto, options: &FitOptions) -> Option<Fit> {
    let (width, height) = (photo.width(), photo.height());
    let is_print = photo.components() == 4;
    let is_square = width == height || !options.square;
    if is_print || photo.orientation() != 1 || !is_square || width.max(height) > options.max_side {
        return None;
    }
    let clean = photo.without_metadata().ok()?;
    // What follows the image may be another one, with a position of its own.
    let may_tell_place = |warning: &PhotoWarning| {
        use PhotoWarning::{GpsPosition, PlaceName, TrailingBytes};
        matches!(warning, GpsPosition | PlaceName | TrailingBytes(_))
    };
    let fits = |photo: &JpegPhoto| photo.bytes().len() as u64 <= options.max_bytes;
    let is_untouched = fits(photo) && !photo.warnings().iter().any(may_tell_place);
    let kept = if is_untouched { photo.clone() } else { clean };
    let source = Source {
        format: jpeg::NAME,
        width: width.into(),
        height: height.into(),
        bytes: photo.bytes().len(),
    };
    let changes = if is_untouched { vec![] } else { vec!["metadata removed".to_owned()] };
    let notes = notes(&kept, vec![]);
    fits(&kept).then_some(Fit { photo: kept, is_untouched, notes, changes, source })
}

/// Removes the metadata first, and with it the junk that decoders stumble over. Photos still
/// larger than a request are decoded unchanged.
fn decode_jpeg(bytes: &Bytes) -> Result<Picture, Refusal> {
    match JpegPhoto::from_bytes_without_metadata(bytes.clone()) {
        Ok(clean) => jpeg::decode(clean.bytes(), Some(clean.orientation())),
        Err(_) => jpeg::decode(bytes, None),
    }
}

/// Turns, crops, scales and encodes a picture, with ever smaller sides until it fits.
fn made_to_fit(picture: Picture, bytes: usize, options: &FitOptions) -> Result<Fit, Refusal> {
    let mut side = u32::from(options.max_side);
    let encoded = loop {
        let image = rendered(&picture, side, options.square)?;
        let encoded =
            encode(&image, options.max_bytes).map_err(|error| refusal(error_chain(&error)))?;
        if encoded.fits {
            break encoded;
        }
        side = smaller_side(&image, &encoded, options.max_bytes)?;
    };
    let changes = changes(&picture, &encoded, options);
    let photo = JpegPhoto::from_bytes(encoded.bytes).map_err(|error| refusal(error.fault()))?;
    let Picture { format, raster, notes: found, permit, .. } = picture;
    let source = Source { format, width: raster.width, height: raster.height, bytes };
    drop((raster, permit));
    let notes = notes(&photo, found);
    Ok(Fit { photo, is_untouched: false, notes, changes, source })
}

/// The picture upright, in sRGB, with sides of at most `max_side` pixels.
fn rendered(picture: &Picture, max_side: u32, square: bool) -> Result<DynamicImage, Refusal> {
    let Picture { raster, profile, orientation, .. } = picture;
    let area = Area::of(raster.width, raster.height, square);
    let planes = resize(raster, area, area.size_within(max_side));
    let mut image = colour::srgb(&planes, profile.as_ref())
        .map_err(|cause| refusal(format_args!("its colour profile cannot be used: {cause}")))?;
    image.apply_orientation(*orientation);
    Ok(image)
}

/// The next longest side to try for a picture whose smallest JPEG is too large.
fn smaller_side(image: &DynamicImage, smallest: &Encoded, max_bytes: u64) -> Result<u32, Refusal> {
    let longest = image.width().max(image.height());
    let bytes = smallest.bytes.len() as u64;
    if longest <= SMALLEST_SIDE {
        return Err(refusal(format_args!(
            "even with {}x{} pixels it has {} bytes, more than the {} of --max-bytes",
            image.width(),
            image.height(),
            grouped(bytes),
            grouped(max_bytes)
        )));
    }
    // Bytes grow a little more slowly than pixels, so this errs on the large side.
    let wanted = u64::from(longest * longest) * max_bytes / bytes;
    let wanted = u32::try_from(wanted.isqrt()).unwrap_or(longest);
    Ok(wanted.min(longest * 19 / 20).max(SMALLEST_SIDE))
}

/// The changes to a picture, except those of its size and metadata.
fn changes(picture: &Picture, encoded: &Encoded, options: &FitOptions) -> Vec<String> {
    let Picture { raster, profile, orientation, .. } = picture;
    let is_square = raster.width == raster.height;
    let changes = [
        (*orientation != Orientation::NoTransforms).then(|| "turned upright".to_owned()),
        (options.square && !is_square).then(|| "cropped to a square".to_owned()),
        raster.is_transparent().then(|| "transparency flattened onto white".to_owned()),
        profile.is_some().then(|| "colours converted to sRGB".to_owned()),
        (!encoded.is_best()).then(|| format!("quality {}", encoded.quality)),
    ];
    changes.into_iter().flatten().collect()
}

/// Notes from decoding, followed by notes on the result.
fn notes(photo: &JpegPhoto, found: Vec<String>) -> Vec<String> {
    let is_square = photo.width() == photo.height();
    let not_square = "the photo is not square, so Teams will crop it; --crop square does so here";
    let warnings = photo.warnings().iter().map(ToString::to_string);
    found.into_iter().chain((!is_square).then(|| not_square.to_owned())).chain(warnings).collect()
}
