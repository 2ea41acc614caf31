//! Properties of all bytes, all damage and all encoder settings.

use super::without_metadata;
use super::{JpegKind, inspect};
use jpeg_encoder::{ColorType, Encoder, SamplingFactor};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};

use super::decoder::decode_strictly;
use super::fixture::{self, with_inserted};

/// One piece of damage; the index says where.
#[derive(Debug, Clone)]
enum Damage {
    Flip(Index, u8),
    Insert(Index, Vec<u8>),
    Delete(Index, usize),
}

impl Damage {
    fn any() -> impl Strategy<Value = Self> {
        prop_oneof![
            (any::<Index>(), 1_u8..).prop_map(|(at, bits)| Self::Flip(at, bits)),
            (any::<Index>(), vec(any::<u8>(), 1..20)).prop_map(|(at, new)| Self::Insert(at, new)),
            (any::<Index>(), 1_usize..200).prop_map(|(at, count)| Self::Delete(at, count)),
        ]
    }

    fn apply(&self, bytes: &mut Vec<u8>) {
        if bytes.is_empty() {
            return;
        }
        match self {
            Self::Flip(at, bits) => {
                let at = at.index(bytes.len());
                bytes[at] ^= bits;
            }
            Self::Insert(at, new) => *bytes = with_inserted(bytes, at.index(bytes.len()), new),
            Self::Delete(at, count) => {
                let from = at.index(bytes.len());
                bytes.drain(from..bytes.len().min(from + count));
            }
        }
    }
}

/// Must not panic. If the walk accepts, so must the removal of metadata, and its result must
/// be accepted and no longer than the orientation makes it.
fn check_any(bytes: &[u8]) -> Result<(), TestCaseError> {
    let inspected = inspect(bytes);
    let clean = without_metadata(bytes);
    prop_assert_eq!(inspected.is_ok(), clean.is_ok());
    let (Ok(before), Ok(clean)) = (inspected, clean) else {
        return Ok(());
    };
    let after = inspect(&clean);
    prop_assert!(after.is_ok(), "{:?}", after);
    let after = after.map_err(|error| TestCaseError::fail(error.to_string()))?;
    prop_assert_eq!(
        (after.width, after.height, after.kind),
        (before.width, before.height, before.kind)
    );
    prop_assert_eq!(after.orientation(), before.orientation());
    prop_assert!(clean.len() <= bytes.len() + 36);
    let twice = without_metadata(&clean);
    prop_assert!(twice.as_deref() == Ok(&*clean), "a second removal changes something");
    Ok(())
}

/// A segment that no decoder needs, or fill bytes.
fn harmless() -> impl Strategy<Value = Vec<u8>> {
    let segment = (select(&[0xE1, 0xE2, 0xE5, 0xED, 0xEF, 0xFE][..]), vec(any::<u8>(), 0..300))
        .prop_map(|(marker, body)| {
            let length = u16::try_from(body.len() + 2).expect("short").to_be_bytes();
            [&[0xFF, marker], &length[..], &body].concat()
        });
    let fill = (1_usize..10).prop_map(|count| vec![0xFF; count]);
    prop_oneof![segment, fill]
}

/// Offsets at which a segment starts, up to the first scan.
fn segment_starts(jpeg: &[u8]) -> Vec<usize> {
    let mut starts = vec![2];
    while let [.., at] = starts[..]
        && jpeg[at + 1] != 0xDA
    {
        let length = u16::from_be_bytes([jpeg[at + 2], jpeg[at + 3]]);
        starts.push(at + 2 + usize::from(length));
    }
    starts
}

#[derive(Debug, Clone)]
struct Settings {
    width: u16,
    height: u16,
    quality: u8,
    colour: ColorType,
    sampling: SamplingFactor,
    progressive: bool,
    optimized: bool,
    restart: u16,
}

fn colour() -> impl Strategy<Value = ColorType> {
    select(vec![
        ColorType::Luma,
        ColorType::Rgb,
        ColorType::Ycbcr,
        ColorType::Cmyk,
        ColorType::CmykAsYcck,
        ColorType::Ycck,
    ])
}

fn sampling() -> impl Strategy<Value = SamplingFactor> {
    select(vec![
        SamplingFactor::F_1_1,
        SamplingFactor::F_2_1,
        SamplingFactor::F_1_2,
        SamplingFactor::F_2_2,
    ])
}

prop_compose! {
    fn settings()(
        width in 1_u16..70,
        height in 1_u16..70,
        quality in 1_u8..=100,
        colour in colour(),
        sampling in sampling(),
        progressive in any::<bool>(),
        optimized in any::<bool>(),
        restart in 0_u16..6,
    ) -> Settings {
        Settings { width, height, quality, colour, sampling, progressive, optimized, restart }
    }
}

fn encode(settings: &Settings) -> Vec<u8> {
    let channels = match settings.colour {
        ColorType::Luma => 1,
        ColorType::Rgb | ColorType::Ycbcr => 3,
        _ => 4,
    };
    let count = usize::from(settings.width) * usize::from(settings.height) * channels;
    let pixels: Vec<u8> = (0..count).map(|i| (i * 7 + i / 50 * 31).to_le_bytes()[0]).collect();
    let mut jpeg = Vec::new();
    let mut encoder = Encoder::new(&mut jpeg, settings.quality);
    // zune-jpeg 0.5 panics on four components with subsampled chroma.
    let subsampled = if channels < 4 { settings.sampling } else { SamplingFactor::F_1_1 };
    encoder.set_sampling_factor(subsampled);
    encoder.set_progressive(settings.progressive);
    encoder.set_optimized_huffman_tables(settings.optimized);
    // jpeg-encoder 0.7 makes incomplete tables if it does both.
    encoder.set_restart_interval(if settings.optimized { 0 } else { settings.restart });
    encoder
        .encode(&pixels, settings.width, settings.height, settings.colour)
        .expect("the settings are legal");
    jpeg
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 300,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn any_bytes_are_survived(bytes in vec(any::<u8>(), 0..600)) {
        check_any(&bytes)?;
    }

    #[test]
    fn any_bytes_after_a_start_of_image_are_survived(bytes in vec(any::<u8>(), 0..600)) {
        check_any(&[&[0xFF, 0xD8, 0xFF], &bytes[..]].concat())?;
    }

    #[test]
    fn any_markers_are_survived(markers in vec((any::<u8>(), vec(any::<u8>(), 0..30)), 0..30)) {
        let segments = markers.iter().flat_map(|(marker, body)| {
            let length = u16::try_from(body.len() + 2).expect("short").to_be_bytes();
            [&[0xFF, *marker], &length[..], body].concat()
        });
        check_any(&[0xFF, 0xD8].into_iter().chain(segments).collect::<Vec<_>>())?;
    }

    #[test]
    fn damaged_photos_are_survived(
        name in select(&fixture::GOOD[..]),
        damages in vec(Damage::any(), 1..6),
    ) {
        let mut bytes = fixture::read(name);
        for damage in &damages {
            damage.apply(&mut bytes);
        }
        check_any(&bytes)?;
    }

    #[test]
    fn harmless_segments_change_nothing(
        name in select(&["baseline.jpg", "progressive.jpg", "grey.jpg", "restart.jpg"][..]),
        insertions in vec((any::<Index>(), harmless()), 1..5),
    ) {
        let original = fixture::read(name);
        let before = inspect(&original).expect("a good fixture");
        let starts = segment_starts(&original);
        let mut insertions: Vec<_> =
            insertions.into_iter().map(|(at, new)| (starts[at.index(starts.len())], new)).collect();
        // From the last to the first, so that no start moves before its use.
        insertions.sort_by_key(|(at, _)| std::cmp::Reverse(*at));
        let mut bytes = original.clone();
        for (at, new) in insertions {
            bytes = with_inserted(&bytes, at, &new);
        }
        let after = inspect(&bytes).expect("only harmless segments were added");
        prop_assert_eq!((after.width, after.height), (before.width, before.height));
        let clean = without_metadata(&bytes);
        prop_assert!(clean.as_deref() == Ok(&original[..]), "more or less than the additions went");
    }

    #[test]
    fn what_an_encoder_writes_passes_and_decodes(settings in settings()) {
        let jpeg = encode(&settings);
        let info = inspect(&jpeg).expect("an encoder wrote it");
        prop_assert_eq!((info.width, info.height), (settings.width, settings.height));
        prop_assert_eq!(info.kind == JpegKind::Progressive, settings.progressive);
        let pixels = decode_strictly(&jpeg);
        prop_assert!(pixels.is_ok(), "{:?}", pixels.err());
        prop_assert!(inspect(&jpeg[..jpeg.len() - 1]).is_err());
    }
}
