//! The options for making pictures fit.

use std::fmt;

use crate::args::fit::{Crop, FitArgs};

/// The options for making pictures fit. Their text is one line that stays the same in every
/// version: a journal stores it to recognise photos made with other options.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct FitOptions {
    /// The longest side, in pixels.
    pub(crate) max_side: u16,
    /// Whether to crop the picture to a square.
    pub(crate) square: bool,
    /// The maximum size of the photo, in bytes.
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
