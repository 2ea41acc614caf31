//! Validated photos.

mod content;
mod detect;
mod entropy;
mod error;
mod exif;
mod frame;
mod geolocation;
mod huffman;
mod icc;
mod inspect;
mod line_endings;
mod marker;
mod metadata;
mod metadata_removal;
mod scan;
mod segments;
mod structure;
mod warning;

use std::{borrow::Cow, fmt, io, path::Path, sync::Arc};

use bytes::Bytes;
use tokio::{fs::File, io::AsyncReadExt as _};

pub use self::{
    content::ContentKind,
    error::{InvalidJpeg, InvalidPhoto, PhotoFault, UnsupportedJpeg},
    frame::JpegKind,
    warning::PhotoWarning,
};
use self::{
    entropy::{ScanData, scan_data},
    inspect::{JpegInfo, inspect},
    metadata_removal::without_metadata,
};
use crate::{generated::limits::MAX_REQUEST_BYTES, runtime::require_runtime};

/// The most bytes that are read of a file: a photo above the size limit may fit without its
/// metadata.
pub const MAX_READ_BYTES: u64 = 4 * MAX_REQUEST_BYTES;

/// A JPEG photo, validated once and held once. Clones, uploads and attempts share its bytes.
#[derive(Clone, PartialEq, Eq)]
pub struct JpegPhoto(Arc<Validated>);

#[derive(PartialEq, Eq)]
struct Validated {
    bytes: Bytes,
    info: JpegInfo,
}

impl JpegPhoto {
    /// Validates bytes as a JPEG photo.
    ///
    /// # Errors
    ///
    /// [`InvalidPhoto`] if the bytes are not a JPEG (it says what they are), are a broken
    /// one, or are too many for any request.
    pub fn from_bytes(bytes: impl Into<Bytes>) -> Result<Self, InvalidPhoto> {
        let bytes = bytes.into();
        // Before the size: making other content smaller would not help.
        let info = inspect(&bytes).map_err(InvalidPhoto::content)?;
        if bytes.len() as u64 > MAX_REQUEST_BYTES {
            return Err(too_large(bytes.len() as u64, &bytes));
        }
        Ok(Self(Arc::new(Validated { bytes, info })))
    }

    /// Removes the metadata of a JPEG photo, as [`without_metadata`](Self::without_metadata)
    /// does, and validates it. A photo that is too large, such as one that a film follows, may
    /// fit then.
    ///
    /// # Errors
    ///
    /// [`InvalidPhoto`], as for [`from_bytes`](Self::from_bytes).
    pub fn from_bytes_without_metadata(bytes: impl Into<Bytes>) -> Result<Self, InvalidPhoto> {
        let bytes = bytes.into();
        match without_metadata(&bytes).map_err(InvalidPhoto::content)? {
            Cow::Borrowed(_) => Self::from_bytes(bytes),
            Cow::Owned(clean) => Self::from_bytes(clean),
        }
    }

    /// Reads and validates a file. Reads at most 16 MiB of one that is too large, to find out
    /// whether it fits without its metadata.
    ///
    /// # Errors
    ///
    /// [`InvalidPhoto`], as for [`from_bytes`](Self::from_bytes), or if the file cannot be
    /// read.
    pub async fn read(path: impl AsRef<Path>) -> Result<Self, InvalidPhoto> {
        let validate = |size, bytes: Vec<u8>| {
            if size > MAX_REQUEST_BYTES {
                return Err(too_large(size, &bytes));
            }
            Self::from_bytes(bytes)
        };
        read(path.as_ref(), validate).await
    }

    /// Reads a file, removes its metadata and validates it, as
    /// [`from_bytes_without_metadata`](Self::from_bytes_without_metadata) does. Reads at most
    /// 16 MiB: the image must end within them, the file need not.
    ///
    /// # Errors
    ///
    /// [`InvalidPhoto`], as for [`from_bytes`](Self::from_bytes), or if the file cannot be
    /// read.
    pub async fn read_without_metadata(path: impl AsRef<Path>) -> Result<Self, InvalidPhoto> {
        let validate = |size, bytes: Vec<u8>| {
            let is_whole = size == bytes.len() as u64;
            Self::from_bytes_without_metadata(bytes).map_err(|error| match error.fault() {
                // Reading stopped, the file did not.
                PhotoFault::Content(InvalidJpeg::Truncated { .. }) if !is_whole => {
                    too_large(size, &[])
                }
                _ => error,
            })
        };
        read(path.as_ref(), validate).await
    }

    /// The photo without private metadata. Its pixels stay the same, bit for bit, and the
    /// right way up.
    ///
    /// Removes EXIF with its GPS position and thumbnail, XMP, IPTC, comments, everything after
    /// the image, and anything else that decoding does not need. Keeps the colour profile with
    /// its texts, and does not examine tables and image data. Shares the bytes of a photo that
    /// has nothing to remove.
    ///
    /// # Errors
    ///
    /// None is known for a validated photo.
    pub fn without_metadata(&self) -> Result<Self, InvalidPhoto> {
        match without_metadata(self.bytes()).map_err(InvalidPhoto::content)? {
            Cow::Borrowed(_) => Ok(self.clone()),
            Cow::Owned(clean) => Self::from_bytes(clean),
        }
    }

    /// The photo's bytes; clones share them.
    pub fn bytes(&self) -> &Bytes {
        &self.0.bytes
    }

    /// The width in pixels, before the rotation by its orientation.
    pub fn width(&self) -> u16 {
        self.0.info.width
    }

    /// The height in pixels, before the rotation by its orientation.
    pub fn height(&self) -> u16 {
        self.0.info.height
    }

    /// How the pixels are coded.
    pub fn kind(&self) -> JpegKind {
        self.0.info.kind
    }

    /// The number of colour components: 1 (grey), 3 (colour) or 4 (CMYK).
    pub fn components(&self) -> u8 {
        self.0.info.components
    }

    /// The EXIF orientation, from 1, upright, to 8 (CIPA DC-008, tag 0x0112).
    pub fn orientation(&self) -> u8 {
        self.0.info.orientation
    }

    /// What the owner should know before others see the photo.
    pub fn warnings(&self) -> &[PhotoWarning] {
        &self.0.info.warnings
    }
}

/// Whether the image data of a JPEG of any size is certainly damaged: it ends before the last
/// block, or has codes that no encoder writes.
///
/// Decoders make grey of what is missing, often without an error. Validation does not look for
/// such damage: Graph accepts it, and finding it takes reading every code of the image. Decodes
/// no pixels, and allocates no memory for them.
///
/// Damage goes unnoticed where the codes still fit, as for half of the single lost bytes, and in
/// scans that refine AC coefficients (ITU-T T.81, G.1.2.3), which have the last details of
/// progressive images. So do scans that lack their tables, or are missing as a whole. If the
/// structure is broken, only what comes before the fault is read.
pub fn has_damaged_image_data(jpeg: &[u8]) -> bool {
    scan_data(jpeg).any(|data| matches!(data, ScanData::CutOff | ScanData::Damaged))
}

/// Validates the size and the first [`MAX_READ_BYTES`] of a file. Devices and growing files
/// have no reliable size.
async fn read(
    path: &Path,
    validate: impl FnOnce(u64, Vec<u8>) -> Result<JpegPhoto, InvalidPhoto>,
) -> Result<JpegPhoto, InvalidPhoto> {
    let read = async {
        require_runtime().map_err(io::Error::other)?;
        let file = File::open(path).await?;
        let size = file.metadata().await?.len();
        let capacity = usize::try_from(size.min(MAX_READ_BYTES)).unwrap_or_default();
        let mut bytes = Vec::with_capacity(capacity);
        file.take(MAX_READ_BYTES).read_to_end(&mut bytes).await?;
        Ok((size.max(bytes.len() as u64), bytes))
    };
    let read = read.await.map_err(|cause| InvalidPhoto::new(PhotoFault::Read(cause)));
    let photo = read.and_then(|(size, bytes)| validate(size, bytes));
    photo.map_err(|error| error.in_file(path))
}

/// The refusal of a photo of this size, in bytes, that begins with `bytes`.
fn too_large(size: u64, bytes: &[u8]) -> InvalidPhoto {
    let clean = without_metadata(bytes).map(|clean| clean.len() as u64);
    let without_metadata = clean.ok().filter(|clean| *clean <= MAX_REQUEST_BYTES);
    InvalidPhoto::new(PhotoFault::TooLarge {
        bytes: size,
        limit: MAX_REQUEST_BYTES,
        without_metadata,
    })
}

impl fmt::Debug for JpegPhoto {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("JpegPhoto")
            .field("bytes", &self.0.bytes.len())
            .field("info", &self.0.info)
            .finish()
    }
}

/// A body for the generated client's methods; shares the bytes.
impl From<&JpegPhoto> for reqwest::Body {
    fn from(photo: &JpegPhoto) -> Self {
        photo.bytes().clone().into()
    }
}
