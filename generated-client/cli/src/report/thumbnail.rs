//! Small copies of photos, to be kept inside a page.

use std::{fs, io::Cursor, path::Path};

use base64::{Engine as _, prelude::BASE64_STANDARD};
use image::{DynamicImage, ImageDecoder as _, ImageReader, Limits, codecs::jpeg::JpegEncoder};
use sha2::{Digest as _, Sha256};

/// The most pixels a side: twice as many as the page shows, for screens that have them.
const SIDE: u32 = 96;

/// Of a JPEG, from 1 to 100: a thumbnail has some three thousand bytes.
const QUALITY: u8 = 75;

/// The most bytes that a picture may take while it is decoded.
const MOST_MEMORY: u64 = 512 * 1024 * 1024;

/// The most bytes that are read of a file.
const MOST_BYTES: u64 = 64 * 1024 * 1024;

/// A photo as a `data:` URL, if there is one that can be decoded, and if its bytes are
/// still those with this SHA-256, in hexadecimal digits.
pub(super) fn data_url(file: &Path, sha256: Option<&str>) -> Option<String> {
    if fs::metadata(file).ok()?.len() > MOST_BYTES {
        return None;
    }
    let bytes = fs::read(file).ok()?;
    if sha256.is_some_and(|known| known != digits(&Sha256::digest(&bytes))) {
        return None;
    }
    let mut jpeg = Vec::new();
    let picture = decode(&bytes)?.thumbnail(SIDE, SIDE).into_rgb8();
    picture.write_with_encoder(JpegEncoder::new_with_quality(&mut jpeg, QUALITY)).ok()?;
    Some(format!("data:image/jpeg;base64,{}", BASE64_STANDARD.encode(jpeg)))
}

fn digits(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Decodes a picture, and turns it upright.
fn decode(bytes: &[u8]) -> Option<DynamicImage> {
    let mut reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format().ok()?;
    let mut limits = Limits::default();
    limits.max_alloc = Some(MOST_MEMORY);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().ok()?;
    let orientation = decoder.orientation().ok()?;
    let mut picture = DynamicImage::from_decoder(decoder).ok()?;
    picture.apply_orientation(orientation);
    Some(picture)
}
