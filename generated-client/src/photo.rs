//! Photos that passed validation.

mod content;
mod entropy;
mod error;
mod exif;
mod frame;
mod icc;
mod inspect;
mod line_endings;
mod location;
mod marker;
mod removal;
mod segments;
mod utf16;
mod warning;

use std::{
    borrow::Cow,
    error::Error,
    fmt, io,
    path::{Path, PathBuf},
    sync::Arc,
};

use bytes::Bytes;
use tokio::{fs::File, io::AsyncReadExt as _};

pub use content::ContentKind;
pub use error::{InvalidJpeg, UnsupportedJpeg};
pub use inspect::JpegKind;
pub use warning::PhotoWarning;

use inspect::JpegInfo;

use crate::{
    causes::error_chain,
    generated::limits::MAX_REQUEST_BYTES,
    printable::{Printable, count},
};

/// As much of a file as is read: what is larger than a request may fit into one without its
/// metadata.
const MOST_READ: u64 = 4 * MAX_REQUEST_BYTES;

/// A JPEG photo, validated once and held once: cloning it copies no bytes, and
/// however many uploads and attempts share it, neither do they.
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
    /// [`InvalidPhoto`] if the bytes are no JPEG - and what they are instead -,
    /// are a broken one, or are too many for any request.
    pub fn from_bytes(bytes: impl Into<Bytes>) -> Result<Self, InvalidPhoto> {
        let bytes = bytes.into();
        // What is no JPEG is not to be made smaller.
        let info = inspect::inspect(&bytes)
            .map_err(|cause| InvalidPhoto::new(PhotoFault::Content(cause)))?;
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
        match removal::without_metadata(&bytes) {
            Ok(Cow::Borrowed(_)) => Self::from_bytes(bytes),
            Ok(Cow::Owned(clean)) => Self::from_bytes(clean),
            Err(fault) => Err(InvalidPhoto::new(PhotoFault::Content(fault))),
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
        let path = path.as_ref();
        let in_file = |error: InvalidPhoto| InvalidPhoto { path: Some(path.to_owned()), ..error };
        let (size, bytes) = read_bounded(path).await.map_err(in_file)?;
        if size > MAX_REQUEST_BYTES {
            return Err(in_file(too_large(size, &bytes)));
        }
        Self::from_bytes(bytes).map_err(in_file)
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
        let path = path.as_ref();
        let in_file = |error: InvalidPhoto| InvalidPhoto { path: Some(path.to_owned()), ..error };
        let (size, bytes) = read_bounded(path).await.map_err(in_file)?;
        let read = bytes.len() as u64;
        Self::from_bytes_without_metadata(bytes).map_err(|error| {
            in_file(match error.fault {
                // Not the file is cut off, but what was read of it.
                PhotoFault::Content(InvalidJpeg::Truncated { .. }) if size > read => {
                    too_large(size, &[])
                }
                _ => error,
            })
        })
    }

    /// The photo without what it tells about its owner, its pixels unchanged bit
    /// for bit and still shown the right way up.
    ///
    /// Removed are EXIF with its GPS position and thumbnail, XMP, IPTC, comments,
    /// whatever follows the image, and anything else that decoding does not need. The colour
    /// profile stays, with the texts in it. Not looked into are the tables and the image data
    /// themselves. A photo that has nothing to remove is shared, not copied.
    ///
    /// # Errors
    ///
    /// None is known for a photo that passed validation; an error is returned
    /// rather than assumed away.
    pub fn without_metadata(&self) -> Result<Self, InvalidPhoto> {
        match removal::without_metadata(&self.0.bytes) {
            Ok(Cow::Borrowed(_)) => Ok(self.clone()),
            Ok(Cow::Owned(bytes)) => Self::from_bytes(bytes),
            Err(fault) => Err(InvalidPhoto::new(PhotoFault::Content(fault))),
        }
    }

    /// The photo's bytes. Cloning them copies nothing.
    #[must_use]
    pub fn bytes(&self) -> &Bytes {
        &self.0.bytes
    }

    /// The width in pixels, before any rotation that the metadata asks for.
    #[must_use]
    pub fn width(&self) -> u16 {
        self.0.info.width
    }

    /// The height in pixels, before any rotation that the metadata asks for.
    #[must_use]
    pub fn height(&self) -> u16 {
        self.0.info.height
    }

    /// How the pixels are coded.
    #[must_use]
    pub fn kind(&self) -> JpegKind {
        self.0.info.kind
    }

    /// The number of colour components: 1 (grey), 3 (colour) or 4 (CMYK).
    #[must_use]
    pub fn components(&self) -> u8 {
        self.0.info.components
    }

    /// The orientation that the EXIF data asks for, from 1, upright, to 8 (CIPA
    /// DC-008, tag 0x0112).
    #[must_use]
    pub fn orientation(&self) -> u8 {
        self.0.info.orientation()
    }

    /// What a user should know of the photo before others see it.
    #[must_use]
    pub fn warnings(&self) -> &[PhotoWarning] {
        &self.0.info.warnings
    }
}

/// Reads the beginning of a file, and tells its size. Not more is read than
/// [`MOST_READ`] bytes, whatever its metadata says: a device or a file that grows has
/// no size to rely on.
async fn read_bounded(path: &Path) -> Result<(u64, Vec<u8>), InvalidPhoto> {
    let failed = |cause| InvalidPhoto::new(PhotoFault::Read(cause));
    let file = File::open(path).await.map_err(failed)?;
    let size = file.metadata().await.map_err(failed)?.len();
    let mut bytes = Vec::with_capacity(usize::try_from(size.min(MOST_READ)).unwrap_or_default());
    file.take(MOST_READ).read_to_end(&mut bytes).await.map_err(failed)?;
    Ok((size.max(bytes.len() as u64), bytes))
}

/// The refusal of a photo of so many bytes, of which these are the first.
fn too_large(size: u64, bytes: &[u8]) -> InvalidPhoto {
    let clean = removal::without_metadata(bytes).map(|clean| clean.len() as u64);
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

/// Why bytes or a file are not a photo that can be uploaded. With `{:#}` the message
/// names the cause as well, of a file that cannot be read.
#[derive(Debug)]
pub struct InvalidPhoto {
    path: Option<PathBuf>,
    fault: PhotoFault,
}

impl InvalidPhoto {
    fn new(fault: PhotoFault) -> Self {
        Self { path: None, fault }
    }

    /// The file that was to be read, if it was one.
    #[must_use]
    pub fn path(&self) -> Option<&Path> {
        self.path.as_deref()
    }

    /// What is wrong.
    #[must_use]
    pub fn fault(&self) -> &PhotoFault {
        &self.fault
    }
}

/// What is wrong with a photo.
#[derive(Debug)]
#[non_exhaustive]
pub enum PhotoFault {
    /// The bytes are not a JPEG, or a broken one.
    Content(InvalidJpeg),
    /// The photo alone is larger than the largest request.
    TooLarge {
        /// The size of the photo, in bytes; of a file without a known size, as
        /// much as was read.
        bytes: u64,
        /// The size of the largest request, in bytes.
        limit: u64,
        /// The size without metadata, in bytes, if that would fit: see
        /// [`JpegPhoto::read_without_metadata`].
        without_metadata: Option<u64>,
    },
    /// The file could not be read.
    Read(io::Error),
}

impl fmt::Display for InvalidPhoto {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if f.alternate() {
            return f.write_str(&error_chain(self));
        }
        match &self.path {
            Some(path) => {
                let path = path.to_string_lossy();
                write!(f, "failed to read the photo `{}`", Printable(&path))?;
            }
            None => f.write_str("failed to read the photo")?,
        }
        match &self.fault {
            PhotoFault::Read(_) => Ok(()), // the cause is the source
            fault => write!(f, ": {fault}"),
        }
    }
}

impl fmt::Display for PhotoFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Content(cause) => cause.fmt(f),
            Self::TooLarge { bytes, limit, without_metadata } => {
                write!(f, "it has {bytes} bytes, and a whole request may have {limit}; ")?;
                match without_metadata {
                    Some(left) => write!(
                        f,
                        "remove its metadata and what follows the image, which leaves {}",
                        count(*left)
                    ),
                    None => write!(
                        f,
                        "make it smaller by at least {}",
                        count(bytes.saturating_sub(*limit))
                    ),
                }
            }
            Self::Read(cause) => cause.fmt(f),
        }
    }
}

impl Error for InvalidPhoto {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match &self.fault {
            PhotoFault::Read(cause) => Some(cause),
            PhotoFault::Content(_) | PhotoFault::TooLarge { .. } => None,
        }
    }
}
