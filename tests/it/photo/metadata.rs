//! Removing metadata keeps the picture and nothing else.

use std::borrow::Cow;

use super::without_metadata;
use super::{PhotoWarning, inspect};

use super::decoder::decode;
use super::fixture::{self, find, with_inserted};

fn has(bytes: &[u8], needle: &[u8]) -> bool {
    bytes.windows(needle.len()).any(|window| window == needle)
}

#[test]
fn pixels_stay_the_same() {
    for name in fixture::decodable() {
        let before = fixture::read(name);
        let after = without_metadata(&before).expect(name);
        assert_eq!(decode(&after).expect(name), decode(&before).expect(name), "{name}");
    }
}

#[test]
fn the_compressed_image_stays_bit_for_bit() {
    for name in fixture::GOOD {
        let before = fixture::read(name);
        let after = without_metadata(&before).expect(name);
        let image = &after[find(&after, 0xDA)..];
        assert!(has(&before, image), "{name}");
    }
}

#[test]
fn it_is_idempotent_and_leaves_clean_photos_borrowed() {
    for name in fixture::GOOD {
        let once = without_metadata(&fixture::read(name)).expect(name).into_owned();
        assert!(matches!(without_metadata(&once), Ok(Cow::Borrowed(_))), "{name}");
    }
    let clean = fixture::read("baseline.jpg");
    assert!(matches!(without_metadata(&clean), Ok(Cow::Borrowed(_))));
}

#[test]
fn only_what_the_picture_needs_is_left() {
    for name in fixture::GOOD {
        let before = fixture::read(name);
        let after = without_metadata(&before).expect(name);
        let (before, after) = (inspect(&before).expect(name), inspect(&after).expect(name));
        assert_eq!(after.orientation(), before.orientation(), "{name}");
        let private = |warning: &PhotoWarning| {
            matches!(warning, PhotoWarning::GpsPosition | PhotoWarning::TrailingBytes(_))
        };
        assert!(!after.warnings.iter().any(private), "{name}: {:?}", after.warnings);
        assert_eq!((after.width, after.height), (before.width, before.height), "{name}");
    }
}

#[test]
fn private_facts_go_and_the_colour_profile_stays() {
    let before = fixture::read("metadata.jpg");
    let after = without_metadata(&before).expect("a good fixture");
    for private in
        [&b"A. Person"[..], b"Springfield", b"private remark", b"ns.adobe.com", b"Photoshop"]
    {
        assert!(has(&before, private), "{}", private.escape_ascii());
        assert!(!has(&after, private), "{}", private.escape_ascii());
    }
    assert!(has(&after, b"ICC_PROFILE\0"));
    assert!(has(&after, b"JFIF\0"));
    let exif = after.windows(6).filter(|window| window == b"Exif\0\0").count();
    assert_eq!(exif, 1, "the orientation needs one EXIF segment, and no more");
}

#[test]
fn adobe_colour_transform_stays() {
    let after = without_metadata(&fixture::read("cmyk.jpg")).expect("a good fixture").into_owned();
    assert!(has(&after, b"Adobe"));
}

/// Whatever it is: between scans, nothing affects colours.
#[test]
fn what_stands_between_scans_goes() {
    let photo = fixture::read("progressive.jpg");
    let second = photo.windows(2).rposition(|pair| pair == [0xFF, 0xDA]).unwrap();
    for (marker, body) in [
        (0xE0, &b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0"[..]),
        (0xE1, b"Exif\0\0MM\0*\0\0\0\x08\0\0\0\0\0\0"),
        (0xE2, b"ICC_PROFILE\0\x01\x01a profile"),
        (0xEE, b"Adobe\0\x64\0\0\0\0\x02"),
        (0xFE, b"a comment"),
    ] {
        let length = u16::try_from(body.len() + 2).unwrap().to_be_bytes();
        let segment = [&[0xFF, marker], &length[..], body].concat();
        let between = fixture::with_inserted(&photo, second, &segment);
        let clean = without_metadata(&between).unwrap();
        assert_eq!(clean, without_metadata(&photo).unwrap(), "{marker:X}");
    }
}

#[test]
fn every_orientation_survives() {
    let exif = fixture::read("exif.jpg");
    let tag = exif.windows(4).position(|window| window == [0x01, 0x12, 0, 3]);
    let value = tag.expect("exiftool writes big-endian") + 9;
    for orientation in 1..=8 {
        let mut before = exif.clone();
        before[value] = orientation;
        let after = without_metadata(&before).expect("only the orientation changed");
        assert_eq!(inspect(&after).expect("still good").orientation(), orientation);
        assert_eq!(has(&after, b"Exif"), orientation != 1);
    }
}

#[test]
fn a_thumbnail_in_the_jfif_header_goes() {
    let plain = fixture::read("baseline.jpg");
    let mut before = with_inserted(&plain, 20, b"RGB");
    before[5] = 16 + 3;
    before[18..20].copy_from_slice(&[1, 1]);
    inspect(&before).expect("a thumbnail of one pixel");
    assert_eq!(without_metadata(&before).expect("still good"), plain);
}

#[test]
fn what_is_not_a_photo_is_refused() {
    assert!(without_metadata(b"").is_err());
    assert!(without_metadata(&fixture::read("arithmetic.jpg")).is_err());
    assert!(without_metadata(&fixture::read("look-alike.png")).is_err());
}
