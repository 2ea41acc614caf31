//! The properties of each fixture, and refusals of files with one fault.

use super::{InvalidJpeg, JpegKind, PhotoWarning, UnsupportedJpeg, inspect};

use super::decoder::{decode, decode_strictly};
use super::fixture::{self, find, with_inserted};

fn warnings(name: &str) -> Vec<PhotoWarning> {
    inspect(&fixture::read(name)).expect(name).warnings
}

#[test]
fn size_kind_and_components_are_told() {
    use JpegKind::{Baseline, ExtendedSequential, Progressive};
    for (name, width, height, kind, components) in [
        ("baseline.jpg", 144, 160, Baseline, 3),
        ("cmyk.jpg", 144, 160, Baseline, 4),
        ("extended.jpg", 144, 160, ExtendedSequential, 3),
        ("full-chroma.jpg", 144, 160, Baseline, 3),
        ("grey.jpg", 144, 160, Baseline, 1),
        ("motion-jpeg.jpg", 144, 160, Baseline, 1),
        ("mpo.jpg", 96, 96, Baseline, 3),
        ("progressive.jpg", 144, 160, Progressive, 3),
        ("restart.jpg", 144, 160, Baseline, 3),
        ("scan-per-component.jpg", 144, 160, Baseline, 3),
        ("tiny.jpg", 16, 16, Baseline, 3),
    ] {
        let info = inspect(&fixture::read(name)).expect(name);
        assert_eq!((info.width, info.height), (width, height), "{name}");
        assert_eq!((info.kind, info.components), (kind, components), "{name}");
    }
}

#[test]
fn every_good_fixture_passes_and_decodes() {
    for name in fixture::GOOD {
        inspect(&fixture::read(name)).expect(name);
    }
    for name in fixture::decodable() {
        decode(&fixture::read(name)).expect(name);
    }
}

#[test]
fn whatever_decodes_strictly_passes() {
    let folder = std::path::Path::new(fixture::FOLDER);
    let mut decoded = 0;
    for entry in std::fs::read_dir(folder).expect("the folder of fixtures") {
        let path = entry.expect("a file in it").path();
        let bytes = std::fs::read(&path).expect("a readable file");
        if decode_strictly(&bytes).is_ok() {
            decoded += 1;
            inspect(&bytes).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        }
    }
    assert!(decoded >= 15, "only {decoded} fixtures were decoded");
}

#[test]
fn warnings_name_what_the_owner_may_not_want() {
    use PhotoWarning::{Cmyk, GpsPosition, Orientation, PlaceName, Tiny, TrailingBytes};
    assert_eq!(warnings("baseline.jpg"), []);
    assert_eq!(warnings("broken-exif.jpg"), []);
    assert_eq!(warnings("cmyk.jpg"), [Cmyk]);
    assert_eq!(warnings("exif.jpg"), [Orientation(6), GpsPosition]);
    assert_eq!(warnings("metadata.jpg"), [Orientation(3), GpsPosition, PlaceName]);
    assert_eq!(warnings("tiny.jpg"), [Tiny { width: 16, height: 16 }]);
    assert_eq!(warnings("trailing.jpg"), [TrailingBytes(25)]);
    assert_eq!(warnings("xmp-gps.jpg"), [GpsPosition]);
    assert!(matches!(warnings("mpo.jpg")[..], [TrailingBytes(1000..)]));
}

/// The EXIF segment of a fixture, with an orientation and a position.
fn exif_segment() -> Vec<u8> {
    let photo = fixture::read("exif.jpg");
    let at = find(&photo, 0xE1);
    let length = usize::from(u16::from_be_bytes([photo[at + 2], photo[at + 3]]));
    photo[at..at + 2 + length].to_vec()
}

#[test]
fn a_position_is_one_in_any_exif_segment() {
    // Turned upside down; big-endian TIFF with one entry.
    const OTHER: &[u8] = b"\xFF\xE1\0\x22Exif\0\0MM\0\x2A\0\0\0\x08\0\x01\
        \x01\x12\0\x03\0\0\0\x01\0\x03\0\0\0\0\0\0";
    let plain = fixture::read("baseline.jpg");
    let with_both = with_inserted(&plain, 2, &[OTHER, &exif_segment()].concat());
    let info = inspect(&with_both).expect("two EXIF segments");
    assert_eq!(info.warnings, [PhotoWarning::Orientation(3), PhotoWarning::GpsPosition]);

    // Some writers do not pad with 0.
    let mut padded = exif_segment();
    padded[9] = 0xFF;
    let info = inspect(&with_inserted(&plain, 2, &padded)).expect("an EXIF segment");
    assert_eq!(info.warnings, [PhotoWarning::Orientation(6), PhotoWarning::GpsPosition]);
}

/// Readers ignore an orientation after the beginning of the image. Moving one to the front
/// would turn the picture.
#[test]
fn an_orientation_after_the_image_does_not_count() {
    let plain = fixture::read("baseline.jpg");
    let before = with_inserted(&plain, plain.len() - 2, &exif_segment());
    let info = inspect(&before).expect("EXIF after the scan");
    assert_eq!((info.orientation, &info.warnings[..]), (1, &[PhotoWarning::GpsPosition][..]));
    let after = super::without_metadata(&before).expect("still good");
    assert_eq!(after, plain);
}

#[test]
fn from_50_million_pixels_on_a_photo_is_warned_of() {
    for (width, height, many) in [
        (10_000_u16, 5_000_u16, true),
        (10_000, 4_999, false),
        (65_500, 65_500, true),
        (65_500, 763, false),
        (763, 65_500, false),
        (764, 65_500, true),
    ] {
        let mut photo = fixture::read("baseline.jpg");
        let frame = find(&photo, 0xC0);
        photo[frame + 5..frame + 7].copy_from_slice(&height.to_be_bytes());
        photo[frame + 7..frame + 9].copy_from_slice(&width.to_be_bytes());
        let warnings = inspect(&photo).expect("the size is legal").warnings;
        let expected = [PhotoWarning::Huge { width, height }];
        assert_eq!(warnings, if many { &expected[..] } else { &[] }, "{width}x{height}");
    }
}

#[test]
fn warnings_say_what_to_do() {
    for (warning, says) in [
        (PhotoWarning::Cmyk, "convert the photo to sRGB"),
        (PhotoWarning::Orientation(6), "EXIF orientation 6"),
        (PhotoWarning::GpsPosition, "remove its metadata"),
        (PhotoWarning::TrailingBytes(1), "1 byte follows the end of the image"),
        (PhotoWarning::TrailingBytes(25), "25 bytes follow the end of the image"),
        (PhotoWarning::PlaceName, "remove its metadata"),
        (PhotoWarning::Tiny { width: 16, height: 9 }, "only 16x9 pixels"),
        (PhotoWarning::Huge { width: 10_000, height: 5_000 }, "50000000 pixels (10000x5000)"),
        (PhotoWarning::LineEndings, "line endings"),
    ] {
        assert!(warning.to_string().contains(says), "{warning}");
    }
}

#[test]
fn kinds_that_common_decoders_do_not_read_are_named() {
    for (name, kind) in [
        ("arithmetic.jpg", UnsupportedJpeg::Arithmetic),
        ("lossless.jpg", UnsupportedJpeg::Lossless),
        ("twelve-bit.jpg", UnsupportedJpeg::Precision(12)),
    ] {
        assert_eq!(inspect(&fixture::read(name)), Err(InvalidJpeg::Unsupported(kind)), "{name}");
    }
    let message = inspect(&fixture::read("arithmetic.jpg")).unwrap_err().to_string();
    assert_eq!(
        message,
        "the JPEG is arithmetic-coded, which browsers and phones do not read, though \
         libjpeg-turbo and Pillow do; save it again as a baseline JPEG"
    );
    let mut jpeg_ls = fixture::read("grey.jpg");
    let frame = find(&jpeg_ls, 0xC0);
    jpeg_ls[frame + 1] = 0xF7;
    let expected = InvalidJpeg::Unsupported(UnsupportedJpeg::JpegLs);
    assert_eq!(inspect(&jpeg_ls), Err(expected));
}

/// The refusal of a fixture after one change.
fn complaint(name: &str, change: impl Fn(&mut Vec<u8>)) -> &'static str {
    let mut bytes = fixture::read(name);
    change(&mut bytes);
    match inspect(&bytes) {
        Err(InvalidJpeg::Malformed { what, .. }) => what,
        other => panic!("{name}: {other:?}"),
    }
}

/// Removes the first segment with this marker.
fn remove(jpeg: &mut Vec<u8>, marker: u8) {
    let at = find(jpeg, marker);
    let length = usize::from(u16::from_be_bytes([jpeg[at + 2], jpeg[at + 3]]));
    jpeg.drain(at..at + 2 + length);
}

#[test]
fn a_broken_frame_is_refused() {
    let frame = |jpeg: &[u8]| find(jpeg, 0xC0);
    let change = |offset: usize, value: u8| {
        complaint("baseline.jpg", |jpeg| {
            let at = frame(jpeg);
            jpeg[at + offset] = value;
        })
    };
    let zero_at = |offset| {
        complaint("baseline.jpg", |jpeg| {
            let at = frame(jpeg);
            jpeg[at + offset..at + offset + 2].fill(0);
        })
    };
    assert_eq!(zero_at(5), "the image height is 0");
    assert_eq!(zero_at(7), "the image width is 0");
    assert_eq!(change(9, 0), "the image has no colour components");
    assert_eq!(change(9, 1), "the frame header has the wrong length");
    assert_eq!(change(11, 0x51), "a sampling factor is not 1 to 4");
    assert_eq!(change(11, 0x00), "a sampling factor is not 1 to 4");
    assert_eq!(change(11, 0x44), "a scan has more than 10 blocks per unit");
    assert_eq!(change(12, 3), "a quantisation table is missing");
    let without = complaint("baseline.jpg", |jpeg| remove(jpeg, 0xC0));
    assert_eq!(without, "image data starts before the frame header");
    let doubled = complaint("baseline.jpg", |jpeg| {
        let at = frame(jpeg);
        let header = jpeg[at..at + 19].to_vec();
        *jpeg = with_inserted(jpeg, at, &header);
    });
    assert_eq!(doubled, "a second frame starts inside the first");
}

#[test]
fn broken_tables_are_refused_where_they_are_needed() {
    let gone = complaint("baseline.jpg", |jpeg| remove(jpeg, 0xDB));
    assert_eq!(gone, "a quantisation table is missing");
    let gone = complaint("progressive.jpg", |jpeg| remove(jpeg, 0xC4));
    assert_eq!(gone, "a Huffman table is missing or broken");
    let all_ones = complaint("baseline.jpg", |jpeg| {
        // One code fewer of 2 bits, two codes of 1 bit: no code of 1 bit is left.
        let counts = find(jpeg, 0xC4) + 5;
        jpeg[counts..counts + 3].copy_from_slice(&[2, 0, 4]);
    });
    assert_eq!(all_ones, "a Huffman table is missing or broken");
    let fifth = complaint("baseline.jpg", |jpeg| {
        let at = find(jpeg, 0xDB);
        jpeg[at + 4] = 4;
    });
    assert_eq!(fifth, "a quantisation table has a number above 3");
}

#[test]
fn a_broken_scan_is_refused() {
    let change = |offset: usize, value: u8| {
        complaint("baseline.jpg", |jpeg| {
            let at = find(jpeg, 0xDA);
            jpeg[at + offset] = value;
        })
    };
    assert_eq!(change(4, 2), "the scan header has the wrong length");
    assert_eq!(change(5, 99), "a scan names a component that the frame does not have");
    let impossible = complaint("progressive.jpg", |jpeg| {
        let at = find(jpeg, 0xDA);
        jpeg[at + 12] = 5;
    });
    assert_eq!(impossible, "a progressive scan has impossible parameters");
    let no_data = complaint("baseline.jpg", |jpeg| {
        let data = find(jpeg, 0xDA) + 14;
        let end = jpeg.len() - 2;
        jpeg.drain(data..end);
    });
    assert_eq!(no_data, "a scan has no entropy-coded data");
    let no_scan = complaint("baseline.jpg", |jpeg| {
        let scan = find(jpeg, 0xDA);
        let end = jpeg.len() - 2;
        jpeg.drain(scan..end);
    });
    assert_eq!(no_scan, "the file ends without any image data");
}

#[test]
fn stray_markers_are_refused_as_decoders_do() {
    for (marker, what) in [
        (0x02, "a reserved marker, which no decoder knows"),
        (0xF0, "a reserved marker, which no decoder knows"),
        (0xD8, "a second image starts inside the first"),
    ] {
        let bytes = fixture::read("baseline.jpg");
        let at = find(&bytes, 0xDB);
        let changed = with_inserted(&bytes, at, &[0xFF, marker, 0, 2]);
        assert_eq!(inspect(&changed), Err(InvalidJpeg::Malformed { at, what }));
    }
    let in_the_data = complaint("baseline.jpg", |jpeg| {
        let middle = jpeg.len() - 500;
        jpeg[middle..middle + 2].copy_from_slice(&[0xFF, 0x08]);
    });
    assert_eq!(in_the_data, "a reserved marker, which no decoder knows");
}

#[test]
fn messages_say_where_a_file_is_broken() {
    let mut bytes = fixture::read("baseline.jpg");
    let frame = find(&bytes, 0xC0);
    bytes[frame + 7..frame + 9].fill(0);
    assert_eq!(
        inspect(&bytes).unwrap_err().to_string(),
        format!(
            "the JPEG is broken at byte {frame}: the image width is 0; \
             save it again with an image editor"
        )
    );
}
