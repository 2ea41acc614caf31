//! Properties for any bytes: nothing panics, and every result fits.

use std::io::Cursor;

use image::{DynamicImage, ImageFormat, ImageReader, Rgb, RgbImage, Rgba, RgbaImage};
use jpeg_encoder::{ColorType, Encoder, SamplingFactor};
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

/// A photo in some coding, with more data than a few blocks have.
fn photo(progressive: bool, restart_interval: u16, channels: u8) -> Vec<u8> {
    let colour = match channels {
        1 => ColorType::Luma,
        3 => ColorType::Rgb,
        _ => ColorType::Cmyk,
    };
    let (width, height) = (150, 100);
    let pixel = |x: u16, y: u16| [x + y / 3, x / 2 + y, 255 - x, x ^ y];
    let samples = (0..height).flat_map(|y| (0..width).map(move |x| pixel(x, y)));
    let samples: Vec<u8> = samples
        .flat_map(|samples| samples.into_iter().take(channels.into()))
        .map(|sample| u8::try_from(sample % 256).unwrap())
        .collect();
    let mut jpeg = Vec::new();
    let mut encoder = Encoder::new(&mut jpeg, 80);
    encoder.set_sampling_factor(SamplingFactor::F_2_2);
    encoder.set_progressive(progressive);
    encoder.set_restart_interval(restart_interval);
    encoder.encode(&samples, width, height, colour).unwrap();
    jpeg
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

/// Of what is missing, the decoder makes grey, without an error.
#[test]
fn image_data_that_ends_early_is_refused_whether_it_is_decoded_or_kept() {
    for (progressive, restart_interval, channels) in [
        (false, 0, 1),
        (false, 0, 3),
        (false, 0, 4),
        (false, 5, 1),
        (false, 5, 3),
        (false, 5, 4),
        (true, 0, 1),
        (true, 0, 3),
        (true, 5, 3),
    ] {
        let photo = photo(progressive, restart_interval, channels);
        let name = format!("progressive {progressive}, {restart_interval}, {channels} channels");
        for max_side in [48, 4_000] {
            let options = FitOptions { max_side, square: false, max_bytes: 3_000_000 };
            let fit = |jpeg: Vec<u8>| fit_or_panic(jpeg.into(), &options);
            assert!(fit(photo.clone()).is_ok(), "{name}");
            let start = photo.windows(2).position(|pair| pair == [0xFF, 0xDA]).unwrap() + 100;
            // Between two scans, nothing tells that others are missing.
            let is_within_scan = |length: &usize| !photo[length - 1..=*length].contains(&0xFF);
            for length in (start..photo.len() - 40).step_by(57).filter(is_within_scan) {
                // The marker that ends an image would otherwise follow the start of another one.
                let cut = photo[..length].strip_suffix(b"\xFF").unwrap_or(&photo[..length]);
                let refusal = fit([cut, b"\xFF\xD9"].concat());
                assert!(refusal.is_err(), "{name}, {length} of {} bytes, {max_side}", photo.len());
            }
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
