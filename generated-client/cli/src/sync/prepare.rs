//! Prepares a file's photo for sending.

use std::{
    fs::{self, File},
    io::{self, Read as _},
    path::Path,
};

use graph_photo_client::{
    ContentKind, InvalidJpeg, JpegPhoto, MAX_READ_BYTES, MAX_REQUEST_BYTES, PhotoFault,
};

use crate::{
    fit::{self, FitOptions},
    journal::{Content, Digest},
};

/// The minimum bytes that a request has besides its photo.
const LEAST_REST: u64 = 200;

/// A photo ready to send.
#[derive(Debug)]
pub(super) struct Prepared {
    pub(super) photo: JpegPhoto,
    pub(super) content: Content,
    /// Notes for the user about the changes by `--fix`.
    pub(super) notes: Vec<String>,
}

/// Reads a whole file to make a photo from.
///
/// # Errors
///
/// The reason, if it cannot be read or is too large for any photo.
pub(super) fn read(path: &Path, fix: Option<&FitOptions>) -> Result<Vec<u8>, String> {
    if !fs::metadata(path).is_ok_and(|data| data.is_file()) {
        return Err("it is no file that can be read".to_owned());
    }
    if fix.is_some() {
        return fit::read(path).map_err(|refusal| refusal.reason);
    }
    read_jpeg(path).map_err(|cause| cause.to_string())
}

fn read_jpeg(path: &Path) -> io::Result<Vec<u8>> {
    let file = File::open(path)?;
    let size = file.metadata()?.len();
    if size > MAX_READ_BYTES {
        let words = format!("it has {size} bytes, and a request at most {MAX_REQUEST_BYTES}");
        return Err(io::Error::other(words));
    }
    let mut bytes = Vec::with_capacity(usize::try_from(size).unwrap_or_default());
    // A file that grows meanwhile counts as changed when it is read again.
    file.take(MAX_READ_BYTES).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Makes the photo from a file's bytes and their digest.
///
/// # Errors
///
/// The reason for its refusal.
pub(super) fn prepare(
    bytes: Vec<u8>,
    source_sha256: Digest,
    fix: Option<&FitOptions>,
) -> Result<Prepared, String> {
    let (photo, notes, is_untouched) = if let Some(options) = fix {
        let fit = fit::fit(bytes, options).map_err(|refusal| refusal.reason)?;
        (fit.photo, fit.notes, fit.is_untouched)
    } else {
        let photo = JpegPhoto::from_bytes(bytes).map_err(|cause| refusal(cause.fault()))?;
        (photo, Vec::new(), true)
    };
    let length = photo.bytes().len() as u64;
    if length + LEAST_REST > MAX_REQUEST_BYTES {
        return Err(format!(
            "it has {length} bytes, which leaves too few of the {MAX_REQUEST_BYTES} that a request \
             may have for headers and token; make it smaller, as --fix does"
        ));
    }
    let sha256 = if is_untouched { source_sha256 } else { Digest::of(photo.bytes()) };
    let bytes = u32::try_from(length).expect("it is smaller than a request");
    Ok(Prepared { photo, content: Content { source_sha256, sha256, bytes }, notes })
}

/// The reason why bytes are not a photo, and whether `--fix` can make one from them.
fn refusal(fault: &PhotoFault) -> String {
    use ContentKind::{Bmp, Gif, Png, Tiff, WebP};
    let is_fixed = matches!(
        fault,
        PhotoFault::Content(InvalidJpeg::NotJpeg(Bmp | Gif | Png | Tiff | WebP))
            | PhotoFault::TooLarge { .. }
    );
    if is_fixed { format!("{fault}, as --fix does") } else { fault.to_string() }
}
