//! What cannot be made to fit, and why.

use image::{DynamicImage, Frame, ImageFormat, RgbImage, codecs::gif::GifEncoder};

use super::{Folder, encoded, jpeg, noise, plain};

const FORMATS: [(&str, ImageFormat); 6] = [
    ("JPEG", ImageFormat::Jpeg),
    ("PNG", ImageFormat::Png),
    ("GIF", ImageFormat::Gif),
    ("WebP", ImageFormat::WebP),
    ("BMP", ImageFormat::Bmp),
    ("TIFF", ImageFormat::Tiff),
];

fn fix(bytes: &[u8]) -> super::Fixed {
    Folder::new("refusals").with("a.jpg", bytes).fix("a.jpg", &[])
}

/// Headers of 20,000 x 20,000 pixels or more, with hardly anything after them.
fn bombs() -> Vec<(&'static str, Vec<u8>)> {
    let side = 20_000_u32;
    let small = DynamicImage::from(plain(16, 16, [9; 3]));
    let mut png = encoded(&small, ImageFormat::Png);
    let ihdr = [b"IHDR", &side.to_be_bytes()[..], &side.to_be_bytes(), &png[24..29]].concat();
    png[12..29].copy_from_slice(&ihdr);
    png[29..33].copy_from_slice(&crc(&ihdr).to_be_bytes());
    let mut gif = encoded(&small, ImageFormat::Gif);
    gif[6..10].copy_from_slice(&[0x20, 0x4E, 0x20, 0x4E]);
    let mut bmp = encoded(&small, ImageFormat::Bmp);
    bmp[18..22].copy_from_slice(&side.to_le_bytes());
    bmp[22..26].copy_from_slice(&side.to_le_bytes());
    let mut jpeg = jpeg(&plain(16, 16, [9; 3]), |_| ());
    let frame = jpeg.windows(2).position(|bytes| bytes == [0xFF, 0xC0]).unwrap();
    jpeg[frame + 5..frame + 9].copy_from_slice(&[0x4E, 0x20, 0x4E, 0x20]);
    let webp = [
        b"RIFF\x16\0\0\0WEBPVP8X\x0A\0\0\0\0\0\0\0".as_slice(),
        &[0xFF, 0x3F, 0, 0xFF, 0x3F, 0], // 16,384 x 16,384
        b"VP8 \0\0\0\0",
    ]
    .concat();
    let mut tiff = encoded(&small, ImageFormat::Tiff);
    let ifd = usize::try_from(u32::from_le_bytes(tiff[4..8].try_into().unwrap())).unwrap();
    for entry in tiff[ifd + 2..].chunks_exact_mut(12) {
        if matches!(entry[..2], [0 | 1, 1]) {
            entry[2..].copy_from_slice(&[4, 0, 1, 0, 0, 0, 0x20, 0x4E, 0, 0]);
        }
    }
    vec![("PNG", png), ("GIF", gif), ("BMP", bmp), ("JPEG", jpeg), ("WebP", webp), ("TIFF", tiff)]
}

/// CRC-32, as chunks of PNG have it (ISO/IEC 15948, annex D).
fn crc(bytes: &[u8]) -> u32 {
    let step = |crc: u32| if crc & 1 == 1 { 0xEDB8_8320 ^ (crc >> 1) } else { crc >> 1 };
    let crc = bytes
        .iter()
        .fold(u32::MAX, |crc, byte| (0..8).fold(crc ^ u32::from(*byte), |crc, _| step(crc)));
    !crc
}

#[test]
fn bombs_are_refused_by_their_pixels() {
    for (format, bytes) in bombs() {
        assert!(bytes.len() < 10_000, "{format}");
        let reason = fix(&bytes).reason();
        assert!(reason.contains("pixels") && reason.contains("100,000,000"), "{format}: {reason}");
    }
}

#[test]
fn what_is_cut_off_is_refused_by_its_format() {
    for (name, format) in FORMATS {
        let whole = encoded(&noise(60, 40).into(), format);
        for part in [whole.len() / 2, whole.len() - whole.len() / 4] {
            let reason = fix(&whole[..part]).reason();
            assert!(reason.contains(name) && reason.contains("cut off"), "{name}: {reason}");
        }
    }
}

#[test]
fn the_content_counts_and_not_the_name() {
    for (name, format) in FORMATS {
        let fixed = fix(&encoded(&plain(60, 60, [200, 100, 50]).into(), format));
        assert_eq!(fixed.json["source"]["format"], name.to_ascii_lowercase());
        super::assert_near(fixed.rgb().get_pixel(30, 30).0, [200, 100, 50], name);
    }
}

#[test]
fn formats_that_cannot_be_read_are_named_with_what_can() {
    for (file, format) in [("look-alike.heic", "HEIC"), ("look-alike.avif", "AVIF")] {
        let path = format!("{}/../../tests/fixtures/{file}", env!("CARGO_MANIFEST_DIR"));
        let reason = fix(&std::fs::read(path).unwrap()).reason();
        for word in [format, "magick", "heif-convert"] {
            assert!(reason.contains(word), "{reason}");
        }
    }
}

#[test]
fn what_is_no_picture_is_refused_as_what_it_is() {
    let cases: [(&[u8], &str); 4] = [
        (b"", "no bytes"),
        (b"<!doctype html><html>", "HTML"),
        (b"%PDF-1.7", "PDF"),
        (&[0x55; 300], "text"),
    ];
    for (bytes, word) in cases {
        let reason = fix(bytes).reason();
        assert!(reason.contains(word), "{reason}");
    }
}

#[test]
fn of_an_animation_the_first_frame_is_taken_with_a_note() {
    let mut gif = Vec::new();
    let mut encoder = GifEncoder::new(&mut gif);
    for colour in [[200, 0, 0], [0, 0, 200]] {
        let frame = DynamicImage::from(plain(60, 60, colour)).to_rgba8();
        encoder.encode_frame(Frame::new(frame)).unwrap();
    }
    drop(encoder);
    let fixed = fix(&gif);
    super::assert_near(fixed.rgb().get_pixel(30, 30).0, [200, 0, 0], "the first frame");
    assert!(fixed.notes().contains("first frame"), "{}", fixed.notes());
    let still = fix(&encoded(&RgbImage::new(60, 60).into(), ImageFormat::Gif));
    assert!(!still.notes().contains("first frame"));
}
