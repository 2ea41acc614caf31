//! Why bytes were refused.

use std::fmt;

use super::content::ContentKind;
use crate::printable::count;

/// Why some bytes are not a JPEG that can be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum InvalidJpeg {
    /// There are no bytes at all.
    Empty,
    /// The bytes do not begin with a start-of-image marker
    /// (ITU-T T.81, B.2.1); they look like something else.
    NotJpeg(ContentKind),
    /// A JPEG is there, but other bytes are before it, such as a byte-order mark, an empty
    /// line, or the headers of an HTTP response.
    NotAtStart {
        /// Offset of its start-of-image marker: how many bytes are before it.
        at: usize,
    },
    /// The file ends before its end-of-image marker.
    Truncated {
        /// The number of bytes there are: the offset at which more should follow.
        at: usize,
        /// What the file ends in, such as "inside a marker segment".
        what: &'static str,
    },
    /// A JPEG of a kind that browsers, and most other programs, do not read.
    Unsupported(UnsupportedJpeg),
    /// The structure breaks a rule without which no decoder can go on.
    Malformed {
        /// Offset of the marker of the offending segment, in bytes.
        at: usize,
        /// What is wrong there, such as "the image width is 0".
        what: &'static str,
    },
}

impl fmt::Display for InvalidJpeg {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("there are no bytes; check that the file was read"),
            Self::NotJpeg(kind) => {
                write!(f, "the bytes are {kind}, not a JPEG; {}", kind.advice())
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
            Self::Unsupported(kind) => write!(
                f,
                "the JPEG is {kind}, which {}; save it again as a baseline JPEG",
                kind.who_reads()
            ),
            Self::Malformed { at, what } => write!(
                f,
                "the JPEG is broken at byte {at}: {what}; save it again with an image editor"
            ),
        }
    }
}

impl std::error::Error for InvalidJpeg {}

/// A kind of JPEG that browsers, and most other programs, do not read (ITU-T T.81,
/// table B.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum UnsupportedJpeg {
    /// Lossless coding (SOF3), used in medicine and raw files.
    Lossless,
    /// Arithmetic instead of Huffman coding (SOF9 to SOF11). libjpeg-turbo and what is built on
    /// it, such as Pillow, can read it; browsers and phones do not, so it is refused.
    Arithmetic,
    /// A hierarchical, that is differential, frame (DHP, EXP, SOF5 to SOF7, SOF13 to SOF15).
    Hierarchical,
    /// JPEG-LS, a different standard (ITU-T T.87) with the same first bytes.
    JpegLs,
    /// This many bits per sample instead of 8.
    Precision(u8),
    /// This many colour components instead of 1, 3 or 4.
    Components(u8),
}

impl UnsupportedJpeg {
    /// Who reads it, or not; goes after "which ".
    fn who_reads(self) -> &'static str {
        match self {
            Self::Arithmetic => {
                "browsers and phones do not read, though libjpeg-turbo and Pillow do"
            }
            _ => "browsers and most other programs do not read",
        }
    }
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
