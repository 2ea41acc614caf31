//! Properties for any bytes: nothing panics, and every result fits.

use std::io::Cursor;

use image::{DynamicImage, ImageFormat, ImageReader, Rgb, RgbImage, Rgba, RgbaImage};
use proptest::{collection::vec, prelude::*, sample::Index, sample::select};

use super::{FitOptions, fit_or_panic};

const OPTIONS: FitOptions = FitOptions { max_side: 48, square: true, max_bytes: 3_000 };

/// The maximum number of pixels that a test picture may claim: more would only take longer.
const MOST_PIXELS: u64 = 1_000_000;

/// Small pictures of every format, with metadata and without.
fn samples() -> Vec<Vec<u8>> {
    let sample = |number: u32| u8::try_from(number * 12 % 256).unwrap();
    let rgb = RgbImage::from_fn(21, 13, |x, y| Rgb([x, y, x * y].map(sample)));
    let rgba = RgbaImage::from_fn(9, 17, |x, y| Rgba([x, y, 9, x * y].map(sample)));
    let (rgb, rgba) = (DynamicImage::from(rgb), DynamicImage::from(rgba));
    let encoded = |image: &DynamicImage, format| {
        let mut bytes = Cursor::new(Vec::new());
        image.write_to(&mut bytes, format).unwrap();
        bytes.into_inner()
    };
    let mut samples = vec![
        include_bytes!("../../../../tests/fixtures/metadata.jpg").to_vec(),
        include_bytes!("../../../../tests/fixtures/progressive-restart.jpg").to_vec(),
        include_bytes!("../../../../tests/fixtures/cmyk.jpg").to_vec(),
        include_bytes!("../../../../tests/fixtures/look-alike.webp").to_vec(),
        encoded(&DynamicImage::from(rgb.to_luma16()), ImageFormat::Png),
        encoded(&rgb, ImageFormat::Jpeg),
    ];
    let with_alpha = [
        ImageFormat::Png,
        ImageFormat::Gif,
        ImageFormat::Bmp,
        ImageFormat::Tiff,
        ImageFormat::WebP,
    ];
    samples.extend(with_alpha.map(|format| encoded(&rgba, format)));
    samples
}

/// One piece of damage: the position, the number of bytes removed and the bytes inserted.
type Damage = (Index, usize, Vec<u8>);

fn damaged(mut bytes: Vec<u8>, damages: &[Damage]) -> Vec<u8> {
    for (at, removed, inserted) in damages {
        let at = at.index(bytes.len() + 1);
        let end = (at + removed).min(bytes.len());
        bytes.splice(at..end, inserted.iter().copied());
    }
    bytes
}

fn pixels(bytes: &[u8]) -> u64 {
    let reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format().unwrap();
    let (width, height) = reader.into_dimensions().unwrap_or_default();
    u64::from(width) * u64::from(height)
}

#[track_caller]
fn assert_fits_or_is_refused(bytes: Vec<u8>) -> bool {
    let Ok(fit) = fit_or_panic(bytes.into(), &OPTIONS) else {
        return false;
    };
    assert_eq!(fit.photo.width(), fit.photo.height());
    assert!(fit.photo.width() <= OPTIONS.max_side && fit.photo.orientation() == 1);
    assert!(fit.photo.bytes().len() as u64 <= OPTIONS.max_bytes && fit.photo.components() < 4);
    true
}

#[test]
fn every_sample_can_be_made_to_fit() {
    assert!(samples().into_iter().all(assert_fits_or_is_refused));
}

#[test]
fn what_is_cut_off_anywhere_is_refused_or_fits() {
    for sample in samples().into_iter().filter(|sample| sample.len() < 1_000) {
        for length in 0..sample.len() {
            assert_fits_or_is_refused(sample[..length].to_vec());
        }
    }
}

#[test]
fn options_read_the_same_for_ever() {
    let options = FitOptions { max_side: 648, square: true, max_bytes: 500_000 };
    assert_eq!(options.to_string(), "max-side=648 crop=square max-bytes=500000");
    let options = FitOptions { square: false, ..options };
    assert_eq!(options.to_string(), "max-side=648 crop=none max-bytes=500000");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn damage_never_panics(
        sample in select(samples()),
        damages in vec((any::<Index>(), 0_usize..4, vec(any::<u8>(), 0..4)), 1..4),
    ) {
        let bytes = damaged(sample, &damages);
        prop_assume!(pixels(&bytes) <= MOST_PIXELS);
        assert_fits_or_is_refused(bytes);
    }

    #[test]
    fn any_bytes_after_a_signature_never_panic(
        signature in select(samples()).prop_map(|sample| sample[..16].to_vec()),
        rest in vec(any::<u8>(), 0..200),
    ) {
        let bytes = [signature, rest].concat();
        prop_assume!(pixels(&bytes) <= MOST_PIXELS);
        assert_fits_or_is_refused(bytes);
    }
}
