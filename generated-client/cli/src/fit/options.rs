//! How pictures are made to fit.

use std::fmt;

use crate::args::fit::{Crop, FitArgs};

/// How pictures are made to fit. As text it is one line that stays the same from one
/// version to the next: a journal keeps it, to know what was made by other options.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct FitOptions {
    /// The longest side, in pixels.
    pub(crate) max_side: u16,
    /// Whether the picture is cut to a square.
    pub(crate) square: bool,
    /// The most bytes of the photo.
    pub(crate) max_bytes: u64,
}

impl From<&FitArgs> for FitOptions {
    fn from(args: &FitArgs) -> Self {
        let square = args.crop == Some(Crop::Square);
        Self { max_side: args.max_side, square, max_bytes: args.max_bytes }
    }
}

impl fmt::Display for FitOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let crop = if self.square { "square" } else { "none" };
        write!(f, "max-side={} crop={crop} max-bytes={}", self.max_side, self.max_bytes)
    }
}
