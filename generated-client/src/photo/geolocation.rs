//! Places in metadata other than EXIF: XMP, IPTC, and the block of FLIR's thermal cameras.
//!
//! Unreadable metadata is ignored. Each reader passes over its bytes once.

use std::borrow::Cow;

use memchr::{memchr, memchr_iter, memmem};

/// XMP properties with a position begin like this: EXIF's (`exif:GPSLatitude`), and those of
/// drones (`drone-dji:GpsLatitude`; DJI has misspelt the longitude).
const XMP_POSITIONS: [&str; 5] =
    ["GPSLatitude", "GPSLongitude", "GPSLongtitude", "GPSDestLatitude", "GPSDestLongitude"];

/// XMP properties that name a place: Photoshop's, and IPTC's (Photo Metadata Standard, "IPTC
/// Core" and "IPTC Extension"), among them the creator's address.
const XMP_PLACES: [&str; 17] = [
    "photoshop:City",
    "photoshop:State",
    "photoshop:Country",
    "Iptc4xmpCore:Location",
    "Iptc4xmpCore:CountryCode",
    "Iptc4xmpCore:CiAdrExtadr",
    "Iptc4xmpCore:CiAdrCity",
    "Iptc4xmpCore:CiAdrRegion",
    "Iptc4xmpCore:CiAdrPcode",
    "Iptc4xmpCore:CiAdrCtry",
    "Iptc4xmpExt:LocationCreated",
    "Iptc4xmpExt:LocationShown",
    "Iptc4xmpExt:City",
    "Iptc4xmpExt:Sublocation",
    "Iptc4xmpExt:ProvinceState",
    "Iptc4xmpExt:CountryName",
    "Iptc4xmpExt:CountryCode",
];

/// The XMP of a segment, after the name of its namespace, which a byte of 0 ends; in an encoding
/// that [`xmp_properties`] reads. UTF-16 and UTF-32 (ISO 16684-1, 7.1) write the ASCII of names
/// as in UTF-8, apart from bytes of 0.
pub(super) fn xmp_text(segment: &[u8]) -> Cow<'_, [u8]> {
    let xmp = memchr(0, segment).map_or(segment, |end| &segment[end + 1..]);
    match memchr(0, xmp) {
        None => Cow::Borrowed(xmp),
        Some(_) => Cow::Owned(xmp.iter().copied().filter(|byte| *byte != 0).collect()),
    }
}

/// The names of XMP properties with a value, attributes or elements, each with the prefix of
/// its namespace.
pub(super) fn xmp_properties(xmp: &[u8]) -> impl Iterator<Item = &[u8]> {
    let is_of_name = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    memchr_iter(b':', xmp).filter_map(move |colon| {
        let prefix = xmp[..colon].iter().rev().take_while(|byte| is_of_name(byte)).count();
        let local = xmp[colon + 1..].iter().take_while(|byte| is_of_name(byte)).count();
        let (text, value) = xmp.split_at(colon + 1 + local);
        let (before, name) = text.split_at(colon - prefix);
        let value = value.trim_ascii_start();
        let nothing = [&b"=\"\""[..], b"=''", b"/>", b"></"];
        let is_empty = nothing.iter().any(|nothing| value.starts_with(nothing));
        (!is_empty && !before.ends_with(b"</")).then_some(name)
    })
}

/// Whether an XMP property has a position; the case differs between writers.
pub(super) fn is_xmp_position(name: &[u8]) -> bool {
    let local = name.split(|byte| *byte == b':').next_back().unwrap_or_default();
    XMP_POSITIONS.iter().map(|position| position.as_bytes()).any(|position| {
        local.get(..position.len()).is_some_and(|start| start.eq_ignore_ascii_case(position))
    })
}

pub(super) fn is_xmp_place(name: &[u8]) -> bool {
    XMP_PLACES.iter().any(|place| place.as_bytes().eq_ignore_ascii_case(name))
}

/// The start of the image resource with IPTC data (Adobe Photoshop File Formats Specification,
/// "Image Resource Blocks"). The length of a name, the name, padding to an even number of
/// bytes, the length of the data and the data follow.
const IPTC_RESOURCE: &[u8] = b"8BIM\x04\x04";

/// Datasets of record 2 that name a place (IPTC IIM 4.2): content location (code and name),
/// city, sublocation, province, and country (code and name).
const IPTC_PLACES: [u8; 7] = [26, 27, 90, 92, 95, 100, 101];

/// Whether Photoshop's image resources have IPTC data that names a place.
pub(super) fn iptc_has_place(resources: &[u8]) -> bool {
    let start = memmem::find(resources, IPTC_RESOURCE).map(|at| at + IPTC_RESOURCE.len());
    let resource = start.and_then(|start| resources.get(start..)).unwrap_or_default();
    let name = resource.first().map_or(0, |&length| (usize::from(length) + 2) & !1);
    let mut datasets = resource.get(name + 4..).unwrap_or_default();
    // Each consists of `1C`, record, number, length and data.
    while let &[0x1C, record, number, high, low, ref data @ ..] = datasets {
        let length = usize::from(u16::from_be_bytes([high, low]));
        if record == 2 && IPTC_PLACES.contains(&number) && length > 0 {
            return true;
        }
        datasets = data.get(length..).unwrap_or_default();
    }
    false
}

/// Whether the first segment of FLIR's block has a record of the position.
///
/// FLIR documents no format; files have `FFF`, at 24 the offset of a table, and entries of 32
/// bytes with a record's number and, at 12, its offset. A record with a position begins with 1,
/// in either byte order.
pub(super) fn flir_has_position(segment: &[u8]) -> bool {
    let has_record = |record: [u8; 2], decode: fn([u8; 4]) -> u32| {
        let [b'F', b'L', b'I', b'R', 0, _, _, _, block @ ..] = segment else {
            return None;
        };
        let number = |bytes: &[u8]| usize::try_from(decode(*bytes.first_chunk()?)).ok();
        let table = block.strip_prefix(b"FFF\0")?.get(20..).and_then(number)?;
        let mut entries = block.get(table..)?.chunks_exact(32);
        let entry = entries.find(|entry| entry.starts_with(&record))?;
        // A record in a later segment, which is not read, may have a position.
        let record = block.get(entry.get(12..).and_then(number)?..);
        Some(record.and_then(<[u8]>::first_chunk).is_none_or(|valid| *valid != [0; 4]))
    };
    has_record([0, 0x2B], u32::from_be_bytes) == Some(true)
        || has_record([0x2B, 0], u32::from_le_bytes) == Some(true)
}
