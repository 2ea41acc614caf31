//! Compares the walk over a 3.5 MiB photo with `memchr` over the same bytes and with a full
//! decode by zune-jpeg; and the walk over a small photo without a pair of CR and LF, which
//! includes its Huffman codes. Prints ratios, since times depend on the machine. The shortest
//! run counts, which nothing else on the machine disturbed.
//!
//! `cargo bench --bench jpeg`

use std::hint::black_box;
use std::time::{Duration, Instant};

use bytes::Bytes;
use graph_photo_client::JpegPhoto;
use jpeg_encoder::{ColorType, Encoder};
use zune_jpeg::JpegDecoder;
use zune_jpeg::zune_core::bytestream::ZCursor;

fn main() {
    let photo = Bytes::from(photo(3_670_016));
    let mut no_ff = photo.to_vec();
    for byte in &mut no_ff {
        *byte = (*byte).min(0xFE);
    }

    let mut least = [Duration::MAX; 3];
    for _ in 0..200 {
        // In turns, so that other load affects all of them.
        let times = [
            time(|| JpegPhoto::from_bytes(black_box(&photo).clone()).is_ok()),
            time(|| memchr::memchr(0xFF, black_box(&no_ff))),
            time(|| memchr::memchr_iter(0xFF, black_box(&photo)).sum::<usize>()),
        ];
        least.iter_mut().zip(times).for_each(|(least, time)| *least = time.min(*least));
    }
    let [walk, through, stops] = least;
    let decode = || JpegDecoder::new(ZCursor::new(black_box(&photo))).decode().is_ok();
    let decode = (0..3).map(|_| time(decode)).min().unwrap_or_default();

    println!("photo: {} bytes", photo.len());
    println!("walk: {walk:?}");
    println!("walk / one memchr over bytes of that length without FF: {:.2}", ratio(walk, through));
    println!("walk / memchr to each FF of the photo: {:.2}", ratio(walk, stops));
    println!("walk / full decode by zune-jpeg: {:.5}", ratio(walk, decode));
    small_photo();
}

/// The most expensive walk: over a photo that by chance has no pair of CR and LF.
fn small_photo() {
    let photo = (320..420)
        .map(|width| encode(&pixels(width, 240), width, 240, 75))
        .find(|photo| memchr::memmem::find(photo, b"\r\n").is_none());
    let photo = Bytes::from(photo.unwrap_or_default());
    let mut least = [Duration::MAX; 2];
    for _ in 0..200 {
        let times = [
            time(|| JpegPhoto::from_bytes(black_box(&photo).clone()).is_ok()),
            time(|| JpegDecoder::new(ZCursor::new(black_box(&photo))).decode().is_ok()),
        ];
        least.iter_mut().zip(times).for_each(|(least, time)| *least = time.min(*least));
    }
    let [walk, decode] = least;
    println!("small photo: {} bytes without CR LF", photo.len());
    println!("walk: {walk:?}");
    println!("walk / full decode by zune-jpeg: {:.5}", ratio(walk, decode));
}

fn ratio(this: Duration, that: Duration) -> f64 {
    this.as_secs_f64() / that.as_secs_f64()
}

fn time<T>(run: impl FnOnce() -> T) -> Duration {
    let start = Instant::now();
    black_box(run());
    start.elapsed()
}

/// A JPEG of about `size` bytes.
fn photo(size: usize) -> Vec<u8> {
    let (width, height) = (3000, 2000);
    let pixels = pixels(width, height);
    (50..=100)
        .map(|quality| encode(&pixels, width, height, quality))
        .find(|jpeg| jpeg.len() >= size)
        .unwrap_or_default()
}

/// Grain over a gradient, like a camera's.
fn pixels(width: u16, height: u16) -> Vec<u8> {
    let mut state = 1_u32;
    (0..u32::from(width) * u32::from(height) * 3)
        .map(|index| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let gradient = index / 90_000 + index % 3 * 40;
            u8::try_from((gradient + (state >> 27)).min(255)).unwrap_or(u8::MAX)
        })
        .collect()
}

fn encode(pixels: &[u8], width: u16, height: u16, quality: u8) -> Vec<u8> {
    let mut jpeg = Vec::new();
    let encoder = Encoder::new(&mut jpeg, quality);
    let outcome = encoder.encode(pixels, width, height, ColorType::Rgb);
    outcome.map(|()| jpeg).unwrap_or_default()
}
