//! Why a photo is refused.

use std::{
    error::Error,
    fmt, io,
    path::{Path, PathBuf},
};

use super::content::ContentKind;
use crate::display::{Printable, count, error_chain};

/// Why bytes or a file are not a photo to upload. `{:#}` adds the cause if a file cannot be read.
#[derive(Debug)]
pub struct InvalidPhoto {
    path: Option<PathBuf>,
    fault: PhotoFault,
}

impl InvalidPhoto {
    pub(super) fn new(fault: PhotoFault) -> Self {
        Self { path: None, fault }
    }

    pub(super) fn content(cause: InvalidJpeg) -> Self {
        Self::new(PhotoFault::Content(cause))
    }

    pub(super) fn in_file(self, path: &Path) -> Self {
        Self { path: Some(path.to_owned()), ..self }
    }

    /// The path of the file, if it is one.
    pub fn path(&self) -> Option<&Path> {
        self.path.as_deref()
    }

    /// What is wrong.
    pub fn fault(&self) -> &PhotoFault {
        &self.fault
    }
}

impl fmt::Display for InvalidPhoto {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if f.alternate() {
            return f.write_str(&error_chain(self));
        }
        f.write_str("failed to read the photo")?;
        if let Some(path) = &self.path {
            write!(f, " `{}`", Printable(&path.to_string_lossy()))?;
        }
        match &self.fault {
            PhotoFault::Read(_) => Ok(()), // `source` has the cause
            fault => write!(f, ": {fault}"),
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

/// What is wrong with a photo.
#[derive(Debug)]
#[non_exhaustive]
pub enum PhotoFault {
    /// It is not a JPEG, or a broken one.
    Content(InvalidJpeg),
    /// The photo alone is larger than the largest request.
    TooLarge {
        /// The size of the photo in bytes, or what was read of a file without a known size.
        bytes: u64,
        /// The size of the largest request in bytes.
        limit: u64,
        /// The size without metadata in bytes, if that fits; see
        /// [`JpegPhoto::read_without_metadata`](crate::JpegPhoto::read_without_metadata).
        without_metadata: Option<u64>,
    },
    /// The file could not be read.
    Read(io::Error),
}

impl fmt::Display for PhotoFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Content(cause) => cause.fmt(f),
            Self::TooLarge { bytes, limit, without_metadata } => {
                write!(f, "it has {bytes} bytes, and a whole request may have {limit}; ")?;
                let remedy = "remove its metadata and what follows the image, which leaves";
                match without_metadata {
                    Some(left) => write!(f, "{remedy} {}", count(*left)),
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

/// Why bytes are not a usable JPEG.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum InvalidJpeg {
    /// There are no bytes at all.
    Empty,
    /// The bytes do not begin with a start-of-image marker (ITU-T T.81, B.2.1), but look like
    /// this.
    NotJpeg(ContentKind),
    /// Other bytes precede the JPEG, such as a byte-order mark, an empty line or the headers of
    /// an HTTP response.
    NotAtStart {
        /// The number of bytes before it.
        at: usize,
    },
    /// The file ends before its end-of-image marker.
    Truncated {
        /// The number of bytes.
        at: usize,
        /// Where the file ends, such as "inside a marker segment".
        what: &'static str,
    },
    /// A JPEG that browsers, and most other programs, do not read.
    Unsupported(UnsupportedJpeg),
    /// The structure breaks a rule that every decoder needs.
    Malformed {
        /// The offset of the segment's marker in bytes.
        at: usize,
        /// What is wrong, such as "the image width is 0".
        what: &'static str,
    },
}

impl Error for InvalidJpeg {}

impl fmt::Display for InvalidJpeg {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("there are no bytes; check that the file was read"),
            Self::NotJpeg(kind) => {
                let (what, advice) = kind.words();
                write!(f, "the bytes are {what}, not a JPEG; {advice}")
            }
            Self::NotAtStart { at } => write!(
                f,
                "there is a JPEG at byte {}, after {} of something else; remove what is before it, \
                 such as a byte-order mark, an empty line or HTTP headers",
                at + 1,
                count(*at as u64)
            ),
            Self::Truncated { at, what } => write!(
                f,
                "the JPEG is cut off after {}, {what}; read or download the whole file again",
                count(*at as u64)
            ),
            Self::Unsupported(kind) => {
                let readers = match kind {
                    UnsupportedJpeg::Arithmetic => {
                        "browsers and phones do not read, though libjpeg-turbo and Pillow do"
                    }
                    _ => "browsers and most other programs do not read",
                };
                write!(f, "the JPEG is {kind}, which {readers}; save it again as a baseline JPEG")
            }
            Self::Malformed { at, what } => write!(
                f,
                "the JPEG is broken at byte {at}: {what}; save it again with an image editor"
            ),
        }
    }
}

/// A JPEG that browsers, and most other programs, do not read (ITU-T T.81, table B.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum UnsupportedJpeg {
    /// Lossless coding (SOF3), as in medicine and raw files.
    Lossless,
    /// Arithmetic instead of Huffman coding (SOF9 to SOF11). libjpeg-turbo and programs based on
    /// it, such as Pillow, read it; browsers and phones do not.
    Arithmetic,
    /// A hierarchical (differential) frame (DHP, EXP, SOF5 to SOF7, SOF13 to SOF15).
    Hierarchical,
    /// JPEG-LS, a different standard (ITU-T T.87) with the same first bytes.
    JpegLs,
    /// This many bits per sample instead of 8.
    Precision(u8),
    /// This many colour components instead of 1, 3 or 4.
    Components(u8),
}

impl fmt::Display for UnsupportedJpeg {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Lossless => f.write_str("losslessly coded"),
            Self::Arithmetic => f.write_str("arithmetic-coded"),
            Self::Hierarchical => f.write_str("hierarchically coded"),
            Self::JpegLs => f.write_str("a JPEG-LS image"),
            Self::Precision(bits) => write!(f, "of {bits} bits per sample"),
            Self::Components(count) => write!(f, "of {count} colour components"),
        }
    }
}

/// Returns the broken rule of a segment unless the rule holds.
pub(super) fn require(holds: bool, otherwise: &'static str) -> Result<(), &'static str> {
    if holds { Ok(()) } else { Err(otherwise) }
}
