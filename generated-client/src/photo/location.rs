//! Places that metadata other than EXIF tells: XMP, IPTC, and FLIR's block of thermal
//! cameras.
//!
//! Like broken EXIF, what cannot be read tells nothing. Each reader goes over its bytes once.

use memchr::{memchr_iter, memchr2_iter};

/// Ends of the names of XMP properties that hold a position: of EXIF's (`exif:GPSLatitude`),
/// and of drones' (`drone-dji:GpsLatitude`; DJI has misspelt the other one).
const XMP_POSITIONS: [&[u8]; 5] =
    [b"GPSLatitude", b"GPSLongitude", b"GPSLongtitude", b"GPSDestLatitude", b"GPSDestLongitude"];

/// XMP properties that name a place: Photoshop's, and IPTC's (Photo Metadata Standard, "IPTC
/// Core" and "IPTC Extension"), among them the creator's address.
const XMP_PLACES: [&[u8]; 17] = [
    b"photoshop:City",
    b"photoshop:State",
    b"photoshop:Country",
    b"Iptc4xmpCore:Location",
    b"Iptc4xmpCore:CountryCode",
    b"Iptc4xmpCore:CiAdrExtadr",
    b"Iptc4xmpCore:CiAdrCity",
    b"Iptc4xmpCore:CiAdrRegion",
    b"Iptc4xmpCore:CiAdrPcode",
    b"Iptc4xmpCore:CiAdrCtry",
    b"Iptc4xmpExt:LocationCreated",
    b"Iptc4xmpExt:LocationShown",
    b"Iptc4xmpExt:City",
    b"Iptc4xmpExt:Sublocation",
    b"Iptc4xmpExt:ProvinceState",
    b"Iptc4xmpExt:CountryName",
    b"Iptc4xmpExt:CountryCode",
];

/// Whether XMP has a property of a position, as an attribute or as an element; writers
/// differ in upper and lower case.
pub(super) fn xmp_has_position(xmp: &[u8]) -> bool {
    let begins = |text: &[u8], name: &[u8]| {
        text.get(..name.len()).is_some_and(|head| head.eq_ignore_ascii_case(name))
    };
    memchr2_iter(b'G', b'g', xmp).any(|at| {
        let text = xmp.get(at..).unwrap_or_default();
        XMP_POSITIONS.iter().any(|name| begins(text, name))
    })
}

/// Whether XMP has a property, not empty, that names a place.
pub(super) fn xmp_has_place(xmp: &[u8]) -> bool {
    memchr_iter(b':', xmp).any(|colon| {
        let (before, after) = xmp.split_at(colon);
        let is_of_name = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
        let prefix = before.iter().rev().take_while(|byte| is_of_name(byte)).count();
        let local = after.iter().skip(1).take_while(|byte| is_of_name(byte)).count();
        let start = colon - prefix;
        let (name, value) = xmp.split_at(colon + 1 + local);
        let name = name.get(start..).unwrap_or_default();
        let is_end_tag = before.get(..start).is_some_and(|text| text.ends_with(b"</"));
        !is_end_tag
            && XMP_PLACES.iter().any(|place| place.eq_ignore_ascii_case(name))
            && !is_empty(value)
    })
}

/// Whether nothing is given for a property whose name was read.
fn is_empty(value: &[u8]) -> bool {
    let value = value.trim_ascii_start();
    [&b"=\"\""[..], b"=''", b"/>", b"></"].iter().any(|nothing| value.starts_with(nothing))
}

/// Header of Photoshop's image resources, in which IPTC is stored.
pub(super) const IRB_HEADER: &[u8] = b"Photoshop 3.0\0";

/// The image resource that holds IPTC data.
const IPTC_RESOURCE: u16 = 0x0404;

/// Datasets of record 2 that name a place (IPTC IIM 4.2): the location of the content as
/// code and as name, city, sublocation, province, and country as code and as name.
const IPTC_PLACES: [u8; 7] = [26, 27, 90, 92, 95, 100, 101];

/// Whether Photoshop's image resources have IPTC data that names a place.
///
/// Each resource is `8BIM`, a number, a name with its length, both padded to an even
/// number of bytes, the length of its data, and that, padded likewise (Adobe Photoshop File
/// Formats Specification, "Image Resource Blocks").
pub(super) fn irb_has_place(mut resources: &[u8]) -> bool {
    while let Some(&[b'8', b'B', b'I', b'M', high, low, name]) = resources.first_chunk::<7>() {
        let name = usize::from(name) + 1;
        let after_name = resources.get(6 + name + name % 2..).unwrap_or_default();
        let Some((&length, data)) = after_name.split_first_chunk() else {
            return false;
        };
        let length = usize::try_from(u32::from_be_bytes(length)).unwrap_or(usize::MAX);
        let (data, rest) = data.split_at(length.min(data.len()));
        if u16::from_be_bytes([high, low]) == IPTC_RESOURCE && iptc_has_place(data) {
            return true;
        }
        resources = rest.get(length % 2..).unwrap_or_default();
    }
    false
}

/// Whether one of the datasets, each of them `1C`, record, number, length and data, names a
/// place.
fn iptc_has_place(mut datasets: &[u8]) -> bool {
    while let &[0x1C, record, number, high, low, ref data @ ..] = datasets {
        let length = usize::from(u16::from_be_bytes([high, low]));
        if record == 2 && IPTC_PLACES.contains(&number) && length > 0 {
            return true;
        }
        datasets = data.get(length..).unwrap_or_default();
    }
    false
}

/// Header of each segment of FLIR's block; its number and the number of the last one follow.
pub(super) const FLIR_HEADER: &[u8] = b"FLIR\0";

/// The number of the record that holds the position.
const FLIR_GPS: [u8; 2] = [0, 0x2B];

/// Whether a segment with the beginning of FLIR's block has a record of the position.
///
/// Not documented by FLIR; known from files: `FFF`, at 24 the offset of a table, each of whose
/// entries of 32 bytes tells the record's number and, at 12, its offset. The record begins
/// with 1 if there is a position.
pub(super) fn flir_has_position(segment: &[u8]) -> bool {
    let block = segment.get(FLIR_HEADER.len() + 3..).unwrap_or_default();
    if !block.starts_with(b"FFF\0") {
        return false;
    }
    let number = |at: usize, reversed: bool| {
        let mut bytes: [u8; 4] = *block.get(at..)?.first_chunk()?;
        if reversed {
            bytes.reverse();
        }
        usize::try_from(u32::from_be_bytes(bytes)).ok()
    };
    // Either byte order occurs.
    [false, true].into_iter().any(|reversed| {
        let mut record = FLIR_GPS;
        if reversed {
            record.reverse();
        }
        let table = number(24, reversed).and_then(|at| block.get(at..)).unwrap_or_default();
        let at = table.chunks_exact(32).position(|entry| entry.starts_with(&record));
        at.is_some_and(|index| {
            let offset = number(24, reversed).unwrap_or(0) + 32 * index + 12;
            let record = number(offset, reversed).and_then(|at| block.get(at..));
            // What lies in a later segment is not looked at, and may be a position.
            record.and_then(<[u8]>::first_chunk).is_none_or(|valid: &[u8; 4]| *valid != [0; 4])
        })
    })
}
