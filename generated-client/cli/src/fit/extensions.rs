//! The file name extensions of pictures, in lower case.

/// Those of readable formats.
pub(crate) const READABLE_EXTENSIONS: [&str; 8] =
    ["jpg", "jpeg", "png", "webp", "gif", "bmp", "tif", "tiff"];

/// Those of the formats of phones, which cannot be read.
pub(crate) const UNREADABLE_EXTENSIONS: &[&str] = &["heic", "heif", "avif"];
