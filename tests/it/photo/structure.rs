//! Structures that libjpeg refuses, each with its own message. The example `structures` compares
//! thousands with libjpeg itself.

use super::{InvalidJpeg, inspect};

use super::fixture::{self, find, with_inserted};

/// The refusal of a fixture after a change.
fn said(name: &str, change: impl Fn(&mut Vec<u8>)) -> &'static str {
    let mut bytes = fixture::read(name);
    change(&mut bytes);
    match inspect(&bytes) {
        Ok(_) => "accepted",
        Err(InvalidJpeg::Malformed { what, .. }) => what,
        Err(other) => panic!("{name}: {other:?}"),
    }
}

/// Inserts a segment before the first one with a marker.
fn insert(jpeg: &mut Vec<u8>, before: u8, segment: &[u8]) {
    let at = find(jpeg, before);
    *jpeg = with_inserted(jpeg, at, segment);
}

#[test]
fn a_scan_names_its_components_in_the_order_of_the_frame() {
    for (order, expected) in [
        ([1, 2, 3], "accepted"),
        ([2, 1, 3], "a scan names its components in another order than the frame"),
        ([3, 2, 1], "a scan names its components in another order than the frame"),
        ([1, 3, 2], "a scan names its components in another order than the frame"),
        ([1, 1, 3], "a scan names a component twice"),
        ([1, 2, 9], "a scan names a component that the frame does not have"),
    ] {
        let what = said("baseline.jpg", |jpeg| {
            let scan = find(jpeg, 0xDA);
            let tables = |id| if id == 1 { 0x00 } else { 0x11 };
            for (position, id) in order.into_iter().enumerate() {
                jpeg[scan + 5 + 2 * position] = id;
                jpeg[scan + 6 + 2 * position] = tables(id);
            }
        });
        assert_eq!(what, expected, "{order:?}");
    }
}

/// A fixture's first scan again, after the last one.
fn repeat_scan(jpeg: &mut Vec<u8>) {
    let scan = jpeg[find(jpeg, 0xDA)..jpeg.len() - 2].to_vec();
    let end = jpeg.len() - 2;
    *jpeg = with_inserted(jpeg, end, &scan);
}

#[test]
fn no_scan_follows_a_complete_one() {
    let second = "a second scan follows one that has coded the whole image";
    for (name, expected) in [
        ("baseline.jpg", second),
        ("grey.jpg", second),
        ("cmyk.jpg", second),
        ("extended.jpg", second),
        ("restart.jpg", second),
        // Decoders that expect several scans take any number of them.
        ("scan-per-component.jpg", "accepted"),
        ("progressive.jpg", "accepted"),
    ] {
        assert_eq!(said(name, repeat_scan), expected, "{name}");
    }
}

#[test]
fn a_bad_conditioning_of_arithmetic_coding_is_refused() {
    let length = "an arithmetic conditioning segment has the wrong length";
    let class = "an arithmetic conditioning table has a class above 1";
    let bounds = "the bounds of an arithmetic conditioning table are swapped";
    let cases: &[(&[u8], &str)] = &[
        (&[0, 2], "accepted"),
        (&[0, 4, 0x00, 0x10], "accepted"),
        (&[0, 4, 0x10, 5], "accepted"),
        (&[0, 6, 0x03, 0x52, 0x13, 63], "accepted"),
        (&[0, 0], "a segment's length is below 2"),
        (&[0, 1], "a segment's length is below 2"),
        (&[0, 3, 0x00], length),
        (&[0, 5, 0x00, 0x10, 0x10], length),
        (&[0, 4, 0x20, 0x10], class),
        (&[0, 4, 0xF0, 0x10], class),
        (&[0, 4, 0x00, 0x03], bounds),
        (&[0, 6, 0x00, 0x10, 0x01, 0x12], bounds),
    ];
    for (segment, expected) in cases {
        let what =
            said("baseline.jpg", |jpeg| insert(jpeg, 0xDA, &[&[0xFF, 0xCC], *segment].concat()));
        assert_eq!(what, *expected, "{segment:?}");
    }
}

#[test]
fn a_side_is_not_longer_than_libjpeg_reads() {
    let too_long = "a side is longer than 65,500 pixels, the most that libjpeg reads";
    for (offset, side, expected) in [
        (5, 65_500_u16, "accepted"),
        (7, 65_500, "accepted"),
        (5, 65_501, too_long),
        (7, 65_501, too_long),
        (7, 65_535, too_long),
    ] {
        let what = said("baseline.jpg", |jpeg| {
            let frame = find(jpeg, 0xC0);
            jpeg[frame + offset..frame + offset + 2].copy_from_slice(&side.to_be_bytes());
        });
        assert_eq!(what, expected, "{side} at {offset}");
    }
}

#[test]
fn sampling_factors_divide_the_largest_one() {
    let fraction = "a sampling factor does not divide the largest one";
    for (factors, expected) in [
        ([0x22, 0x11, 0x11], "accepted"),
        ([0x41, 0x11, 0x21], "accepted"),
        ([0x31, 0x11, 0x11], "accepted"),
        ([0x31, 0x21, 0x11], fraction),
        ([0x13, 0x11, 0x12], fraction),
        ([0x41, 0x31, 0x11], fraction),
    ] {
        let what = said("baseline.jpg", |jpeg| {
            let frame = find(jpeg, 0xC0);
            for (index, factor) in factors.into_iter().enumerate() {
                jpeg[frame + 11 + 3 * index] = factor;
            }
        });
        assert_eq!(what, expected, "{factors:02X?}");
    }
}

#[test]
fn tables_keep_to_their_form() {
    let many = [&[0xFF, 0xC4, 2, 0x11, 0x10][..], &[17; 16], &[0; 512]].concat();
    for (segment, expected) in [
        (&many[..], "a Huffman table has more than 256 codes"),
        (&[0xFF, 0xC4, 0, 1], "a segment's length is below 2"),
        (&[0xFF, 0xDB, 0, 0], "a segment's length is below 2"),
        (&[0xFF, 0xC4, 0, 2], "accepted"),
        (&[0xFF, 0xDB, 0, 2], "accepted"),
        (&[0xFF, 0xDB, 0, 4, 0, 1], "a quantisation table is too short"),
        (&[0xFF, 0xDD, 0, 3, 0], "a restart interval has the wrong length"),
    ] {
        let what = said("baseline.jpg", |jpeg| insert(jpeg, 0xDA, segment));
        assert_eq!(what, expected, "{:02X?}", &segment[..4]);
    }
}

/// They are numbers of bits, and AC symbols have a run of zeros beside it.
#[test]
fn symbols_of_dc_tables_are_below_16() {
    let broken = "a Huffman table is missing or broken";
    for (place, symbol, expected) in
        [(0x00, 15, "accepted"), (0x00, 16, broken), (0x00, 0xFF, broken), (0x10, 0xFF, "accepted")]
    {
        // One code, of one bit, in place of a table that the scan takes.
        let head = [0xFF, 0xC4, 0, 2 + 17 + 1, place, 1];
        let segment = [&head[..], &[0; 15], &[symbol]].concat();
        let what = said("baseline.jpg", |jpeg| insert(jpeg, 0xDA, &segment));
        assert_eq!(what, expected, "{symbol} in table {place:02X}");
    }
}
