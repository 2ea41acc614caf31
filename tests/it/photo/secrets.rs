//! Hidden bytes outside frame, tables and scans are removed, and the pixels stay.

use std::borrow::Cow;

use super::{inspect, without_metadata};

use super::decoder::decode;
use super::fixture::{self, find, with_inserted};

const SECRET: &[u8] = b"SECRET-5551234";

fn segment(marker: u8, parts: &[&[u8]]) -> Vec<u8> {
    let body = parts.concat();
    let length = u16::try_from(body.len() + 2).expect("short").to_be_bytes();
    [&[0xFF, marker][..], &length, &body].concat()
}

/// A segment with the smallest possible profile, followed by `extra`.
fn profile(number: u8, count: u8, extra: &[u8]) -> Vec<u8> {
    let mut profile = vec![0; 132];
    profile[3] = 132;
    profile[36..40].copy_from_slice(b"acsp");
    segment(0xE2, &[b"ICC_PROFILE\0", &[number, count], &profile, extra])
}

/// Segments with hidden bytes.
fn carriers() -> Vec<Vec<u8>> {
    let adobe = b"Adobe\0\x64\0\0\0\0\x01";
    let jfif = b"JFIF\0\x01\x02\0\0\x01\0\x01";
    let mut carriers: Vec<Vec<u8>> =
        (0xE0..=0xEF).map(|marker| segment(marker, &[SECRET])).collect();
    carriers.extend([
        segment(0xFE, &[SECRET]),
        segment(0xDC, &[SECRET]),
        segment(0xDC, &[&[0, 160], SECRET]),
        segment(0xEE, &[adobe, SECRET]),
        segment(0xEE, &[b"Adobe", &SECRET[..6]]),
        segment(0xEE, &[adobe, SECRET, adobe]),
        segment(0xE0, &[jfif, &[0, 0], SECRET]),
        segment(0xE0, &[jfif, &[1, 1], SECRET]),
        segment(0xE0, &[b"JFIF\0", &SECRET[..8]]),
        segment(0xE0, &[b"JFXX\0\x10", SECRET]),
        segment(0xE1, &[b"Exif\0\0MM\0*", SECRET]),
        segment(0xE2, &[b"MPF\0", SECRET]),
        segment(0xE2, &[b"ICC_PROFILE\0", SECRET]),
        segment(0xE2, &[b"ICC_PROFILE\0\x01\x01", SECRET]),
        segment(0xE2, &[b"ICC_PROFILE\0\x00\x00", SECRET]),
        profile(1, 1, SECRET),
        profile(1, 2, SECRET),
        [profile(1, 1, &[]), segment(0xE2, &[b"ICC_PROFILE\0\x01\x01", SECRET])].concat(),
        [profile(1, 1, &[]), segment(0xE2, &[b"ICC_PROFILE\0\x02\x01", SECRET])].concat(),
        [profile(1, 2, &[]), segment(0xE2, &[b"ICC_PROFILE\0\x02\x02", SECRET])].concat(),
        [segment(0xE2, &[b"ICC_PROFILE\0\x02\x02", SECRET]), profile(1, 2, &[])].concat(),
        // Junk and fill bytes before a marker; markers that stand alone.
        SECRET.to_vec(),
        [SECRET, &[0xFF; 9]].concat(),
        [&[0xFF, 0x01], SECRET, &[0xFF, 0xD3], SECRET].concat(),
    ]);
    // Conditioning of arithmetic coding: any byte is allowed for AC.
    let pairs = SECRET.iter().flat_map(|byte| [0x10, *byte]).collect::<Vec<_>>();
    carriers.push(segment(0xCC, &[&pairs]));
    carriers
}

/// Where segments begin: at the start, before the first scan, and before the end.
fn places(jpeg: &[u8]) -> [usize; 3] {
    [2, find(jpeg, 0xDA), jpeg.len() - 2]
}

fn holds_secret(bytes: &[u8]) -> bool {
    // Some segments hide only a part, or every second byte.
    let spread = bytes.windows(9).any(|window| {
        window.iter().step_by(2).eq(&SECRET[..5])
            && window.iter().skip(1).step_by(2).all(|b| *b == 0x10)
    });
    spread || bytes.windows(6).any(|window| window == &SECRET[..6])
}

#[test]
fn what_is_hidden_goes_and_pixels_stay() {
    for name in
        ["baseline.jpg", "grey.jpg", "progressive.jpg", "restart.jpg", "scan-per-component.jpg"]
    {
        let plain = fixture::read(name);
        for carrier in carriers() {
            for at in places(&plain) {
                let is_of_scan = !matches!(carrier[..], [0xFF, 0xC0..=0xFF, ..]);
                if is_of_scan && at == plain.len() - 2 {
                    continue; // bytes right after the image data belong to it
                }
                let before = with_inserted(&plain, at, &carrier);
                assert!(holds_secret(&before), "{}", carrier.escape_ascii());
                let what = format!("{name} at {at}: {}", carrier.escape_ascii());
                inspect(&before).expect(&what);
                let after = without_metadata(&before).expect(&what);
                assert!(!holds_secret(&after), "{what}");
                // Of what decoders ignore, zune-jpeg reads DNL, and some segments hinder it.
                let same = *after == plain || decode(&after).ok() == decode(&before).ok();
                assert!(same, "{what}");
                assert!(matches!(without_metadata(&after), Ok(Cow::Borrowed(_))), "{what}");
            }
        }
    }
}

#[test]
fn what_follows_the_image_goes() {
    let plain = fixture::read("baseline.jpg");
    for after in [SECRET.to_vec(), [&plain[..], SECRET].concat()] {
        let before = [&plain[..], &after].concat();
        assert_eq!(without_metadata(&before).expect("a good photo"), plain);
    }
}

#[test]
fn the_colour_transform_and_the_profile_stay() {
    let plain = fixture::read("baseline.jpg");
    let transform = segment(0xEE, &[b"Adobe\0\x64\0\0\0\0\x01"]);
    for needed in [transform, profile(1, 1, &[]), profile(1, 1, &[0; 40])] {
        let before = with_inserted(&plain, 20, &needed);
        let after = without_metadata(&before).expect("a good photo");
        let kept = if needed.len() == 190 { profile(1, 1, &[]) } else { needed };
        assert_eq!(after, with_inserted(&plain, 20, &kept));
    }
    // In two chunks, the second of which is cut where the profile ends.
    let whole = profile(1, 1, &[])[18..].to_vec();
    let chunk = |number, data: &[u8]| segment(0xE2, &[b"ICC_PROFILE\0", &[number, 2], data]);
    let chunks = [chunk(1, &whole[..100]), chunk(2, &whole[100..])].concat();
    let padded = [chunk(1, &whole[..100]), chunk(2, &[&whole[100..], SECRET].concat())].concat();
    let expected = with_inserted(&plain, 20, &chunks);
    assert_eq!(without_metadata(&expected).expect("a good photo"), expected);
    let before = with_inserted(&plain, 20, &padded);
    assert_eq!(without_metadata(&before).expect("a good photo"), expected);
}

#[test]
fn an_incomplete_profile_goes() {
    let plain = fixture::read("baseline.jpg");
    let mut unnamed = profile(1, 1, &[]);
    let name = unnamed.windows(4).position(|bytes| bytes == b"acsp").unwrap();
    unnamed[name] = b'A';
    for segment in [profile(1, 2, &[]), profile(2, 2, &[]), unnamed] {
        let before = with_inserted(&plain, 20, &segment);
        assert_eq!(without_metadata(&before).unwrap(), plain);
    }
}
