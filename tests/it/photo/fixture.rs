//! The files in `tests/fixtures/`, made by `make-fixtures.py` there.

use std::path::Path;

/// Their folder.
pub(crate) const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures");

/// Every fixture that is a usable photo.
pub(crate) const GOOD: [&str; 20] = [
    "baseline.jpg",
    "broken-exif.jpg",
    "cmyk.jpg",
    "exif.jpg",
    "extended.jpg",
    "fill-bytes.jpg",
    "full-chroma.jpg",
    "grey.jpg",
    "junk-between-segments.jpg",
    "metadata.jpg",
    "motion-jpeg.jpg",
    "mpo.jpg",
    "optimized.jpg",
    "progressive-restart.jpg",
    "progressive.jpg",
    "restart.jpg",
    "scan-per-component.jpg",
    "tiny.jpg",
    "trailing.jpg",
    "xmp-gps.jpg",
];

/// The good fixture that libjpeg-turbo decodes, but not zune-jpeg.
pub(crate) const WITHOUT_HUFFMAN_TABLES: &str = "motion-jpeg.jpg";

/// The good fixtures that zune-jpeg decodes.
pub(crate) fn decodable() -> impl Iterator<Item = &'static str> {
    GOOD.into_iter().filter(|name| *name != WITHOUT_HUFFMAN_TABLES)
}

pub(crate) fn read(name: &str) -> Vec<u8> {
    let path = Path::new(FOLDER).join(name);
    std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Offset of the first segment with this marker, whose bytes must be unique.
pub(crate) fn find(jpeg: &[u8], marker: u8) -> usize {
    jpeg.windows(2).position(|pair| pair == [0xFF, marker]).expect("the marker is in the fixture")
}

/// A copy with bytes inserted at an offset.
pub(crate) fn with_inserted(jpeg: &[u8], at: usize, bytes: &[u8]) -> Vec<u8> {
    [&jpeg[..at], bytes, &jpeg[at..]].concat()
}
