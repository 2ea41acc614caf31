//! Damage by a transfer in text mode causes a warning or a refusal; undamaged photos cause none.

use graph_photo_client::has_damaged_image_data;
use jpeg_encoder::{ColorType, Encoder, SamplingFactor};

use super::{PhotoWarning, inspect};

use super::fixture;

type Change = (&'static str, fn(&[u8]) -> Vec<u8>);

/// What transfers do to line endings, except the one that not every file has a place for.
const CHANGES: [Change; 5] = [
    ("LF to CRLF", |bytes| replace(bytes, b"\n", b"\r\n")),
    ("CR to LF", |bytes| replace(bytes, b"\r", b"\n")),
    ("LF to CR", |bytes| replace(bytes, b"\n", b"\r")),
    ("no CR", |bytes| replace(bytes, b"\r", b"")),
    ("CRLF and CR to LF", |bytes| replace(&replace(bytes, b"\r\n", b"\n"), b"\r", b"\n")),
];

/// A pair occurs about once in 64 KiB, so most files have one or two changes. In some, the
/// data still makes an image of the size in the header.
const PAIR_TO_LF: Change = ("CRLF to LF", |bytes| replace(bytes, b"\r\n", b"\n"));

fn replace(bytes: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    let mut replaced = Vec::new();
    let mut rest = bytes;
    while let Some(first) = rest.first() {
        if let Some(after) = rest.strip_prefix(from) {
            replaced.extend(to);
            rest = after;
        } else {
            replaced.push(*first);
            rest = &rest[1..];
        }
    }
    replaced
}

/// Photos of many sizes and settings: soft shapes under grain.
fn photos(count: u16) -> Vec<Vec<u8>> {
    let mut state = 7_u32;
    let mut photos = Vec::new();
    for index in 0..count {
        let (width, height) = (160 + 9 * (index % 40), 150 + 7 * (index % 11));
        let grain = 2 + u32::from(index % 5) * 8;
        let pixels: Vec<u8> = (0..u32::from(width) * u32::from(height))
            .flat_map(|at| {
                let (x, y) = (at % u32::from(width), at / u32::from(width));
                [x / 3 + y / 2, x * y / 400, 200 + x / 7 - y / 5].map(|shape| {
                    state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                    let grain = (state >> 24) * grain / 256;
                    u8::try_from((shape % 224 + grain).min(255)).unwrap_or(u8::MAX)
                })
            })
            .collect();
        let mut jpeg = Vec::new();
        let mut encoder = Encoder::new(&mut jpeg, 60 + u8::try_from(index % 8).unwrap_or(0) * 5);
        encoder.set_progressive(index % 3 == 0);
        encoder.set_optimized_huffman_tables(index % 2 == 0);
        let sampling = [SamplingFactor::F_2_2, SamplingFactor::F_1_1][usize::from(index / 2 % 2)];
        encoder.set_sampling_factor(sampling);
        encoder.encode(&pixels, width, height, ColorType::Rgb).expect("the settings are legal");
        photos.push(jpeg);
    }
    photos
}

/// How many files of more than 6 KiB a change damages, and how many of these are noticed.
fn noticed_of(photos: &[Vec<u8>], (_, change): Change) -> (usize, usize) {
    let damaged: Vec<_> = photos
        .iter()
        .map(|photo| (photo, change(photo)))
        .filter(|(photo, damaged)| damaged.len() > 6 * 1024 && *photo != damaged)
        .collect();
    (damaged.iter().filter(|(_, damaged)| is_noticed(damaged)).count(), damaged.len())
}

/// Whether a file causes a warning or a refusal.
fn is_noticed(bytes: &[u8]) -> bool {
    inspect(bytes).map_or(true, |info| info.warnings.contains(&PhotoWarning::LineEndings))
}

#[test]
fn undamaged_photos_are_not_warned_of() {
    let fixtures = fixture::GOOD.map(fixture::read);
    for (index, photo) in photos(120).iter().chain(&fixtures).enumerate() {
        assert!(!is_noticed(photo), "photo {index} of {} bytes", photo.len());
    }
}

#[test]
fn changed_line_endings_are_noticed_in_95_of_100_photos() {
    let photos = photos(40);
    for change in CHANGES {
        let (noticed, damaged) = noticed_of(&photos, change);
        assert!(damaged >= 20, "{}: only {damaged} files", change.0);
        assert!(noticed * 100 >= damaged * 95, "{}: {noticed} of {damaged}", change.0);
    }
}

#[test]
fn the_three_usual_changes_together_are_noticed_in_95_of_100_photos() {
    let photos = photos(240);
    let kinds = [CHANGES[0], CHANGES[1], PAIR_TO_LF].map(|change| noticed_of(&photos, change));
    let (noticed, damaged) =
        kinds.iter().fold((0, 0), |sum, kind| (sum.0 + kind.0, sum.1 + kind.1));
    assert!(noticed * 100 >= damaged * 95, "{kinds:?}");
    let (noticed, damaged) = kinds[2];
    assert!(damaged > 0 && noticed > 0, "{kinds:?}");
}

/// Not where every kind of line ending is left.
#[test]
fn other_damage_is_not_said_to_be_of_line_endings() {
    let mut found = 0;
    for photo in photos(240) {
        let (start, rest) = photo.split_at(photo.len() / 2);
        let pairs = start.windows(2).filter(|pair| pair == b"\r\n").count();
        let line_feeds = start.split(|byte| *byte == b'\n').count() - 1;
        if pairs == 0 || line_feeds == pairs || rest[0] == 0xFF || start.ends_with(b"\xFF") {
            continue;
        }
        let damaged = [start, &rest[1..]].concat();
        if has_damaged_image_data(&damaged) {
            assert!(!is_noticed(&damaged), "a photo of {} bytes", photo.len());
            found += 1;
        }
    }
    assert!(found > 0);
}

#[test]
fn some_damage_is_warned_of_by_its_name() {
    let (_, change) = CHANGES[1];
    let mut long = photos(40).into_iter().filter(|photo| photo.len() > 9_000);
    let damaged = long.find_map(|photo| inspect(&change(&photo)).ok());
    let warnings = damaged.expect("a file whose structure survives").warnings;
    assert!(warnings.contains(&PhotoWarning::LineEndings), "{warnings:?}");
}
