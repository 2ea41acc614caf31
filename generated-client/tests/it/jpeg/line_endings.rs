//! Damage by a transfer in text mode is warned of or refused; undamaged photos are neither.

use jpeg_encoder::{ColorType, Encoder, SamplingFactor};

use super::{PhotoWarning, inspect};

use super::fixture;

type Change = (&'static str, fn(&[u8]) -> Vec<u8>);

/// What transfers do to line endings.
const CHANGES: [Change; 5] = [
    ("LF to CRLF", |bytes| replace(bytes, b"\n", b"\r\n")),
    ("CR to LF", |bytes| replace(bytes, b"\r", b"\n")),
    ("LF to CR", |bytes| replace(bytes, b"\n", b"\r")),
    ("no CR", |bytes| replace(bytes, b"\r", b"")),
    ("CRLF and CR to LF", |bytes| replace(&replace(bytes, b"\r\n", b"\n"), b"\r", b"\n")),
];

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
fn photos() -> Vec<Vec<u8>> {
    let mut state = 7_u32;
    let mut photos = Vec::new();
    for index in 0..40_u16 {
        let (width, height) = (160 + 9 * index, 150 + 7 * (index % 11));
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

/// Whether a file is refused or warned of.
fn is_noticed(bytes: &[u8]) -> bool {
    inspect(bytes).map_or(true, |info| info.warnings.contains(&PhotoWarning::LineEndings))
}

#[test]
fn undamaged_photos_are_not_warned_of() {
    let fixtures = fixture::GOOD.map(fixture::read);
    for (index, photo) in photos().iter().chain(&fixtures).enumerate() {
        assert!(!is_noticed(photo), "photo {index} of {} bytes", photo.len());
    }
}

#[test]
fn changed_line_endings_are_noticed_in_95_of_100_photos() {
    for (name, change) in CHANGES {
        let damaged: Vec<_> = photos()
            .iter()
            .map(|photo| (photo.clone(), change(photo)))
            .filter(|(photo, damaged)| damaged.len() > 6 * 1024 && photo != damaged)
            .collect();
        assert!(damaged.len() >= 20, "{name}: only {} files", damaged.len());
        let noticed = damaged.iter().filter(|(_, damaged)| is_noticed(damaged)).count();
        assert!(noticed * 100 >= damaged.len() * 95, "{name}: {noticed} of {}", damaged.len());
    }
}

#[test]
fn some_damage_is_warned_of_by_its_name() {
    let (_, change) = CHANGES[1];
    let mut long = photos().into_iter().filter(|photo| photo.len() > 9_000);
    let damaged = long.find_map(|photo| inspect(&change(&photo)).ok());
    let warnings = damaged.expect("a file whose structure survives").warnings;
    assert!(warnings.contains(&PhotoWarning::LineEndings), "{warnings:?}");
}
