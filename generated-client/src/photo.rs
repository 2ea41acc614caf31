//! Photos that passed validation.

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
    inspect::{JpegInfo, inspect},
    metadata_removal::without_metadata,
};
use crate::{generated::limits::MAX_REQUEST_BYTES, runtime::require_runtime};

/// The most bytes of a file that are read: what is larger than a request may fit into one
/// without its metadata.
pub const MAX_READ_BYTES: u64 = 4 * MAX_REQUEST_BYTES;

/// A JPEG photo, validated once and held once: clones, uploads and attempts share its bytes.
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
    /// [`InvalidPhoto`] if the bytes are not a JPEG (it says what they are instead), are a
    /// broken one, or are too many for any request.
    pub fn from_bytes(bytes: impl Into<Bytes>) -> Result<Self, InvalidPhoto> {
        let bytes = bytes.into();
        // Before the size: to make other bytes smaller would not help.
        let info = inspect(&bytes).map_err(InvalidPhoto::content)?;
        if bytes.len() as u64 > MAX_REQUEST_BYTES {
            return Err(too_large(bytes.len() as u64, &bytes));
        }
        Ok(Self(Arc::new(Validated { bytes, info })))
    }

    /// Validates bytes as a JPEG photo after its metadata was removed, which may make one
    /// fit that is too large otherwise, such as a phone's photo with a film after it.
    ///
    /// What is removed and what stays is said at [`without_metadata`](Self::without_metadata).
    ///
    /// # Errors
    ///
    /// [`InvalidPhoto`], as of [`from_bytes`](Self::from_bytes).
    pub fn from_bytes_without_metadata(bytes: impl Into<Bytes>) -> Result<Self, InvalidPhoto> {
        let bytes = bytes.into();
        match without_metadata(&bytes).map_err(InvalidPhoto::content)? {
            Cow::Borrowed(_) => Self::from_bytes(bytes),
            Cow::Owned(clean) => Self::from_bytes(clean),
        }
    }

    /// Reads and validates a file. Of one that is too large for any request, at most
    /// 16 MiB are read, to tell whether it would fit without its metadata.
    ///
    /// # Errors
    ///
    /// [`InvalidPhoto`], as of [`from_bytes`](Self::from_bytes), or if the file
    /// cannot be read.
    pub async fn read(path: impl AsRef<Path>) -> Result<Self, InvalidPhoto> {
        let validate = |size, bytes: Vec<u8>| {
            if size > MAX_REQUEST_BYTES {
                return Err(too_large(size, &bytes));
            }
            Self::from_bytes(bytes)
        };
        read(path.as_ref(), validate).await
    }

    /// Reads a file, removes its metadata, and validates what is left, as
    /// [`from_bytes_without_metadata`](Self::from_bytes_without_metadata) does. At most 16 MiB
    /// are read: the image has to end there, the file need not.
    ///
    /// # Errors
    ///
    /// [`InvalidPhoto`], as of [`from_bytes`](Self::from_bytes), or if the file
    /// cannot be read.
    pub async fn read_without_metadata(path: impl AsRef<Path>) -> Result<Self, InvalidPhoto> {
        let validate = |size, bytes: Vec<u8>| {
            let is_whole = size == bytes.len() as u64;
            Self::from_bytes_without_metadata(bytes).map_err(|error| match error.fault() {
                // What was read is cut off, not the file.
                PhotoFault::Content(InvalidJpeg::Truncated { .. }) if !is_whole => {
                    too_large(size, &[])
                }
                _ => error,
            })
        };
        read(path.as_ref(), validate).await
    }

    /// The photo without what it tells about its owner, its pixels unchanged bit
    /// for bit and still shown the right way up.
    ///
    /// Removes EXIF with its GPS position and thumbnail, XMP, IPTC, comments, whatever follows
    /// the image, and anything else that decoding does not need. The colour profile stays, with
    /// the texts in it; the tables and the image data themselves are not examined. A photo that
    /// has nothing to remove is shared, not copied.
    ///
    /// # Errors
    ///
    /// None is known for a photo that passed validation; an error is returned
    /// rather than assumed away.
    pub fn without_metadata(&self) -> Result<Self, InvalidPhoto> {
        match without_metadata(self.bytes()).map_err(InvalidPhoto::content)? {
            Cow::Borrowed(_) => Ok(self.clone()),
            Cow::Owned(clean) => Self::from_bytes(clean),
        }
    }

    /// The photo's bytes. Cloning them copies nothing.
    pub fn bytes(&self) -> &Bytes {
        &self.0.bytes
    }

    /// The width in pixels, before any rotation that the metadata asks for.
    pub fn width(&self) -> u16 {
        self.0.info.width
    }

    /// The height in pixels, before any rotation that the metadata asks for.
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

    /// The orientation that the EXIF data asks for, from 1, upright, to 8 (CIPA
    /// DC-008, tag 0x0112).
    pub fn orientation(&self) -> u8 {
        self.0.info.orientation
    }

    /// What a user should know of the photo before others see it.
    pub fn warnings(&self) -> &[PhotoWarning] {
        &self.0.info.warnings
    }
}

/// Reads at most [`MAX_READ_BYTES`] of a file, and hands them on with the file's size.
/// Devices and files that grow have no size to rely on.
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

/// The refusal of a photo of this size, in bytes, of which `bytes` are the first.
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
