//! Damaged image data, which validation accepts.

use graph_photo_client::{JpegKind, JpegPhoto, has_damaged_image_data};

use super::fixture;

/// Each coding, without other images that a search for scans would find.
const CODINGS: [&str; 11] = [
    "baseline.jpg",
    "cmyk.jpg",
    "extended.jpg",
    "full-chroma.jpg",
    "grey.jpg",
    "optimized.jpg",
    "progressive-restart.jpg",
    "progressive.jpg",
    "restart.jpg",
    "scan-per-component.jpg",
    "tiny.jpg",
];

/// The offset of the entropy-coded data of the first scan, and the one after its end.
fn first_scan(jpeg: &[u8]) -> [usize; 2] {
    let header = jpeg.windows(2).position(|pair| pair == [0xFF, 0xDA]).unwrap() + 2;
    let start = header + usize::from(u16::from_be_bytes([jpeg[header], jpeg[header + 1]]));
    let is_end = |pair: &[u8]| pair[0] == 0xFF && !matches!(pair[1], 0 | 0xD0..=0xD7);
    [start, start + jpeg[start..].windows(2).position(is_end).unwrap()]
}

#[test]
fn no_good_photo_is_damaged() {
    for name in fixture::GOOD {
        let bytes = fixture::read(name);
        assert!(!has_damaged_image_data(&bytes), "{name}");
        let clean = JpegPhoto::from_bytes_without_metadata(bytes).unwrap();
        assert!(!has_damaged_image_data(clean.bytes()), "{name}");
    }
}

#[test]
fn data_that_ends_early_is_damaged_although_the_photo_is_accepted() {
    for name in CODINGS {
        let bytes = fixture::read(name);
        let [start, end] = first_scan(&bytes);
        // The rest of a last byte may be all that is missing.
        for length in (start + 1..end - 1).step_by(1 + (end - start) / 40) {
            let data = bytes[..length].strip_suffix(b"\xFF").unwrap_or(&bytes[..length]);
            for rest in [&b"\xFF\xD9"[..], &bytes[end..]] {
                let cut = [data, rest].concat();
                let photo = JpegPhoto::from_bytes(cut).unwrap();
                assert!(has_damaged_image_data(photo.bytes()), "{name}, {length} of {end}");
            }
        }
    }
}

/// Its last scans refine AC coefficients, and are not read.
#[test]
fn the_last_details_may_be_missing() {
    let bytes = fixture::read("progressive.jpg");
    let photo = JpegPhoto::from_bytes([&bytes[..bytes.len() - 30], b"\xFF\xD9"].concat()).unwrap();
    assert_eq!(photo.kind(), JpegKind::Progressive);
    assert!(!has_damaged_image_data(photo.bytes()));
}

#[test]
fn what_is_no_jpeg_has_no_image_data() {
    for bytes in [&b""[..], b"\xFF\xD8", b"\xFF\xD8\xFF\xD9", b"GIF89a"] {
        assert!(!has_damaged_image_data(bytes), "{bytes:?}");
    }
}
