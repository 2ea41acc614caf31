//! Positions and places in metadata cause warnings, and are removed.

use super::{PhotoWarning, inspect, without_metadata};

use super::fixture::{self, with_inserted};

/// The warnings of a photo with one more segment, whose metadata can be removed.
fn warnings(marker: u8, body: &[u8]) -> Vec<PhotoWarning> {
    let plain = fixture::read("baseline.jpg");
    let length = u16::try_from(body.len() + 2).expect("short").to_be_bytes();
    let photo = with_inserted(&plain, 2, &[&[0xFF, marker][..], &length, body].concat());
    assert_eq!(without_metadata(&photo).expect("a good photo"), plain);
    inspect(&photo).expect("a good photo").warnings
}

fn xmp(text: &str) -> Vec<PhotoWarning> {
    let main = warnings(0xE1, format!("http://ns.adobe.com/xap/1.0/\0{text}").as_bytes());
    let extension = format!("http://ns.adobe.com/xmp/extension/\0{} {text}", "0".repeat(40));
    assert_eq!(warnings(0xE1, extension.as_bytes()), main, "{text}");
    for (encoding, encode) in WIDE_ENCODINGS {
        let body = [&b"http://ns.adobe.com/xap/1.0/\0"[..], &encode(text)].concat();
        assert_eq!(warnings(0xE1, &body), main, "{encoding}: {text}");
    }
    main
}

type Encode = fn(&str) -> Vec<u8>;

/// Encodings of XMP other than UTF-8 (ISO 16684-1, 7.1), with their byte-order marks.
const WIDE_ENCODINGS: [(&str, Encode); 4] = [
    ("UTF-16, big-endian", |text| utf16(text).flat_map(u16::to_be_bytes).collect()),
    ("UTF-16, little-endian", |text| utf16(text).flat_map(u16::to_le_bytes).collect()),
    ("UTF-32, big-endian", |text| utf32(text).flat_map(u32::to_be_bytes).collect()),
    ("UTF-32, little-endian", |text| utf32(text).flat_map(u32::to_le_bytes).collect()),
];

fn utf16(text: &str) -> impl Iterator<Item = u16> {
    [0xFEFF].into_iter().chain(text.encode_utf16())
}

fn utf32(text: &str) -> impl Iterator<Item = u32> {
    [0xFEFF].into_iter().chain(text.chars().map(u32::from))
}

#[test]
fn positions_in_xmp_are_found_in_any_case_and_form() {
    for text in [
        "exif:GPSLatitude=\"47,39N\"",
        "<exif:GPSLongitude>11,3E</exif:GPSLongitude>",
        "drone-dji:GpsLatitude=\"+47.6\"",
        "drone-dji:GpsLongtitude=\"+11.3\"",
        "<drone-dji:gpslatitude>47</drone-dji:gpslatitude>",
        "exif:GPSDestLatitude='1'",
    ] {
        assert_eq!(xmp(text), [PhotoWarning::GpsPosition], "{text}");
    }
}

#[test]
fn places_in_xmp_are_found() {
    for text in [
        "photoshop:City=\"Springfield\"",
        "<photoshop:Country>Nowhere</photoshop:Country>",
        "Iptc4xmpCore:Location = 'Evergreen Terrace'",
        "<Iptc4xmpExt:LocationShown><rdf:Bag/></Iptc4xmpExt:LocationShown>",
        "<Iptc4xmpExt:Sublocation>x</Iptc4xmpExt:Sublocation>",
        "<IPTC4XMPCORE:CiAdrExtadr>742 Evergreen Terrace</IPTC4XMPCORE:CiAdrExtadr>",
    ] {
        assert_eq!(xmp(text), [PhotoWarning::PlaceName], "{text}");
    }
    for text in [
        "photoshop:City=\"\"",
        "<photoshop:City/>",
        "<photoshop:City></photoshop:City>",
        "dc:description=\"photoshop: City of God\"",
        "photoshop:CityX=\"x\"",
        "xmp:Rating=\"5\"",
    ] {
        assert_eq!(xmp(text), [], "{text}");
    }
}

/// Photoshop's segment with one resource after another.
fn resources(iptc: &[u8]) -> Vec<u8> {
    let size = u32::try_from(iptc.len()).expect("short").to_be_bytes();
    let other = b"8BIM\x03\xED\x03abc\0\0\0\x03xyz\0";
    [&b"Photoshop 3.0\0"[..], other, b"8BIM\x04\x04\0\0", &size, iptc].concat()
}

#[test]
fn places_in_iptc_are_found() {
    for dataset in [26, 27, 90, 92, 95, 100, 101] {
        let title = b"\x1C\x02\x05\0\x02me";
        let place = [&title[..], &[0x1C, 2, dataset, 0, 3], b"xyz"].concat();
        assert_eq!(warnings(0xED, &resources(&place)), [PhotoWarning::PlaceName], "{dataset}");
        let empty = [&title[..], &[0x1C, 2, dataset, 0, 0]].concat();
        assert_eq!(warnings(0xED, &resources(&empty)), [], "{dataset}");
    }
    let title = resources(b"\x1C\x02\x05\0\x02me");
    assert_eq!(warnings(0xED, &title), []);
    for length in 0..title.len() {
        warnings(0xED, &title[..length]);
    }
}

/// FLIR's block with one record, in either byte order.
fn flir(record: u16, valid: u8, little_endian: bool) -> Vec<u8> {
    let mut numbers = [[0_u8; 4]; 4];
    for (number, value) in numbers.iter_mut().zip([64_u32, 1, 96, 8]) {
        *number = if little_endian { value.to_le_bytes() } else { value.to_be_bytes() };
    }
    let [table, count, offset, length] = numbers;
    let record = if little_endian { record.to_le_bytes() } else { record.to_be_bytes() };
    let mut block = b"FFF\0".to_vec();
    block.resize(24, 0);
    block.extend([table, count].concat());
    block.resize(64, 0);
    block.extend(record);
    block.resize(64 + 12, 0);
    block.extend([offset, length].concat());
    block.resize(96, 0);
    block.extend([valid, 0, 0, 0, 2, 3, 0, 0]);
    [&b"FLIR\0\x01\0\0"[..], &block].concat()
}

#[test]
fn positions_in_the_block_of_flir_are_found() {
    for little_endian in [false, true] {
        assert_eq!(warnings(0xE1, &flir(0x2B, 1, little_endian)), [PhotoWarning::GpsPosition]);
        assert_eq!(warnings(0xE1, &flir(0x2B, 0, little_endian)), []);
        assert_eq!(warnings(0xE1, &flir(0x20, 1, little_endian)), []);
    }
    let block = flir(0x2B, 1, false);
    for length in 0..block.len() {
        warnings(0xE1, &block[..length]);
    }
}

#[test]
fn positions_in_exif_are_found_of_the_camera_and_of_the_destination() {
    for (tag, expected) in [
        (0x02, &[PhotoWarning::GpsPosition][..]),
        (0x04, &[PhotoWarning::GpsPosition]),
        (0x14, &[PhotoWarning::GpsPosition]),
        (0x16, &[PhotoWarning::GpsPosition]),
        (0x1D, &[]),
    ] {
        // Before it, none or as many versions as there can be tags before the destination's.
        for others in [0_u8, 20] {
            let version = [0, 0, 0, 1, 0, 0, 0, 4, 2, 3, 0, 0].repeat(others.into());
            let value = (0x1A + 2 + 12 * (u32::from(others) + 1) + 4).to_be_bytes();
            let exif = [
                &b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x88\x25\0\x04\0\0\0\x01\0\0\0\x1A\0\0\0\0"[..],
                &[0, others + 1],
                &version,
                &[0, tag, 0, 5, 0, 0, 0, 3],
                &value,
                &[0, 0, 0, 0, 0, 0, 0, 47, 0, 0, 0, 1],
            ]
            .concat();
            assert_eq!(warnings(0xE1, &exif), expected, "{tag:02X} after {others} others");
        }
    }
}
