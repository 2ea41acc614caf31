//! The pixels: upright, in the right colours, on white, sharp.

use image::{
    DynamicImage, GrayAlphaImage, GrayImage, ImageBuffer, ImageEncoder as _, ImageFormat, Luma,
    LumaA, Rgb, RgbImage, Rgba, RgbaImage,
    codecs::{tiff::TiffEncoder, webp::WebPEncoder},
};
use jpeg_encoder::{ColorType, Encoder};
use moxcms::ColorProfile;

use super::{Folder, assert_near, encoded, jpeg, orientation, plain, png};

const RED: [u8; 3] = [254, 0, 0];
const BLUE: [u8; 3] = [0, 0, 254];
const GREY: [u8; 3] = [128; 3];

/// The corners of a picture.
const TOP_LEFT: [bool; 2] = [false, false];
const TOP_RIGHT: [bool; 2] = [true, false];
const BOTTOM_LEFT: [bool; 2] = [false, true];
const BOTTOM_RIGHT: [bool; 2] = [true, true];

/// Where the first corner of the stored rows, and the last one of its first row, are shown
/// (CIPA DC-008, table 6 on tag 0x0112).
const SHOWN: [(u8, [bool; 2], [bool; 2]); 8] = [
    (1, TOP_LEFT, TOP_RIGHT),
    (2, TOP_RIGHT, TOP_LEFT),
    (3, BOTTOM_RIGHT, BOTTOM_LEFT),
    (4, BOTTOM_LEFT, BOTTOM_RIGHT),
    (5, TOP_LEFT, BOTTOM_LEFT),
    (6, TOP_RIGHT, BOTTOM_RIGHT),
    (7, BOTTOM_RIGHT, TOP_RIGHT),
    (8, BOTTOM_LEFT, TOP_LEFT),
];

/// Wider than high; red in the first corner, blue in the second.
fn marked() -> RgbImage {
    RgbImage::from_fn(96, 64, |x, y| {
        Rgb(match (x, y) {
            (..32, ..24) => RED,
            (64.., ..24) => BLUE,
            _ => GREY,
        })
    })
}

/// The middle of a corner.
fn corner(image: &RgbImage, [right, bottom]: [bool; 2]) -> [u8; 3] {
    let at = |side: u32, is_far: bool| if is_far { side - 10 } else { 9 };
    image.get_pixel(at(image.width(), right), at(image.height(), bottom)).0
}

#[test]
fn the_orientation_is_applied_and_then_gone() {
    let image = DynamicImage::from(marked());
    for (number, first, second) in SHOWN {
        let exif = orientation(number);
        let from_jpeg = jpeg(&marked(), |encoder| encoder.add_exif_metadata(&exif).unwrap());
        let (mut from_png, mut from_webp) = (Vec::new(), Vec::new());
        png(&image, |encoder| encoder.set_exif_metadata(exif.clone()).unwrap(), &mut from_png);
        let mut encoder = WebPEncoder::new_lossless(&mut from_webp);
        encoder.set_exif_metadata(exif.clone()).unwrap();
        encoder.write_image(image.as_bytes(), 96, 64, image.color().into()).unwrap();
        let sources = [("a.jpg", from_jpeg), ("a.png", from_png), ("a.webp", from_webp)];
        for (name, bytes) in sources {
            let fixed = Folder::new("orientation").with(name, bytes).fix(name, &[]);
            let what = format!("{name}, {number}");
            let size = if number < 5 { (96, 64) } else { (64, 96) };
            assert_eq!(fixed.size(), size, "{what}");
            assert_near(corner(&fixed.rgb(), first), RED, &what);
            assert_near(corner(&fixed.rgb(), second), BLUE, &what);
            assert_eq!(fixed.changes().contains("turned upright"), number != 1, "{what}");
            assert!(!fixed.json["photo"].to_string().contains("orientation"), "{what}");
        }
    }
}

/// What the formulas of the colour spaces make of these colours in sRGB.
#[test]
fn colours_are_converted_to_srgb() {
    let profiles = [
        (ColorProfile::new_display_p3(), [200, 100, 50], [215, 93, 31]),
        (ColorProfile::new_display_p3(), [60, 120, 180], [30, 122, 185]),
        (ColorProfile::new_adobe_rgb(), [200, 100, 50], [227, 100, 42]),
        (ColorProfile::new_adobe_rgb(), [90, 160, 70], [0, 162, 60]),
        (ColorProfile::new_srgb(), [200, 100, 50], [200, 100, 50]),
    ];
    for (profile, stored, shown) in profiles {
        let icc = profile.encode().unwrap();
        // Too large to stay as it is.
        let image = plain(700, 100, stored);
        let from_jpeg = jpeg(&image, |encoder| encoder.add_icc_profile(&icc).unwrap());
        let image = DynamicImage::from(image);
        let mut from_png = Vec::new();
        png(&image, |encoder| encoder.set_icc_profile(icc.clone()).unwrap(), &mut from_png);
        let mut from_webp = Vec::new();
        let mut encoder = WebPEncoder::new_lossless(&mut from_webp);
        encoder.set_icc_profile(icc.clone()).unwrap();
        encoder.write_image(image.as_bytes(), 700, 100, image.color().into()).unwrap();
        let mut from_tiff = std::io::Cursor::new(Vec::new());
        let mut encoder = TiffEncoder::new(&mut from_tiff);
        encoder.set_icc_profile(icc.clone()).unwrap();
        encoder.write_image(image.as_bytes(), 700, 100, image.color().into()).unwrap();
        let sources = [
            ("a.jpg", from_jpeg),
            ("a.png", from_png),
            ("a.webp", from_webp),
            ("a.tif", from_tiff.into_inner()),
        ];
        for (name, bytes) in sources {
            let fixed = Folder::new("profiles").with(name, bytes).fix(name, &[]);
            assert_near(fixed.rgb().get_pixel(300, 40).0, shown, name);
            assert!(!fixed.bytes.windows(11).any(|bytes| bytes == b"ICC_PROFILE"), "{name}");
            assert!(fixed.changes().contains("sRGB"), "{name}");
        }
    }
}

#[test]
fn a_profile_of_grey_is_converted_and_one_that_does_not_fit_is_ignored() {
    let grey = DynamicImage::from(GrayImage::from_pixel(60, 60, Luma([100])));
    let fix = |profile: &[u8]| {
        let mut bytes = Vec::new();
        png(&grey, |encoder| encoder.set_icc_profile(profile.to_vec()).unwrap(), &mut bytes);
        Folder::new("grey-profile").with("a.png", bytes).fix("a.png", &[])
    };
    // A gamma of 1: what is stored is light.
    let linear = fix(&ColorProfile::new_gray_with_gamma(1.0).encode().unwrap());
    assert!(matches!(linear.image(), DynamicImage::ImageLuma8(_)));
    assert_near(linear.rgb().get_pixel(30, 30).0, [168; 3], "linear");
    for profile in [ColorProfile::new_srgb().encode().unwrap(), b"no profile".to_vec()] {
        let ignored = fix(&profile);
        assert_near(ignored.rgb().get_pixel(30, 30).0, [100; 3], "ignored");
        assert!(ignored.notes().contains("ignored"), "{}", ignored.notes());
    }
}

#[test]
fn transparency_goes_onto_white() {
    let alpha = |x: u32| [0, 64, 128, 255][x as usize / 40];
    let rgba = RgbaImage::from_fn(160, 60, |x, _| Rgba([200, 0, 100, alpha(x)]));
    let deep = ImageBuffer::from_fn(160, 60, |x, y| {
        Rgba(rgba.get_pixel(x, y).0.map(|sample| u16::from(sample) * 257))
    });
    let grey = GrayAlphaImage::from_fn(160, 60, |x, _| LumaA([0, alpha(x)]));
    let colours = [[255; 3], [241, 191, 216], [227, 127, 177], [200, 0, 100]];
    let greys = [[255; 3], [191; 3], [127; 3], [0; 3]];
    let rgba = DynamicImage::from(rgba);
    let sources = [
        ("a.png", encoded(&rgba, ImageFormat::Png), colours),
        ("a.webp", encoded(&rgba, ImageFormat::WebP), colours),
        ("a.tif", encoded(&rgba, ImageFormat::Tiff), colours),
        ("deep.png", encoded(&DynamicImage::ImageRgba16(deep), ImageFormat::Png), colours),
        ("grey.png", encoded(&grey.into(), ImageFormat::Png), greys),
    ];
    for (name, bytes, expected) in sources {
        let fixed = Folder::new("transparency").with(name, bytes).fix(name, &[]);
        for (at, expected) in expected.into_iter().enumerate() {
            let x = u32::try_from(at).unwrap() * 40 + 20;
            assert_near(fixed.rgb().get_pixel(x, 30).0, expected, name);
        }
        assert!(fixed.changes().contains("white"), "{name}");
    }
}

/// What no pixel shows must not shine through at the edges.
#[test]
fn the_colour_of_transparent_pixels_does_not_bleed() {
    let image = RgbaImage::from_fn(1600, 100, |x, _| {
        Rgba(if x % 8 < 4 { [0, 255, 0, 0] } else { [255; 4] })
    });
    let bytes = encoded(&image.into(), ImageFormat::Png);
    let fixed = Folder::new("bleeding").with("a.png", bytes).fix("a.png", &[]);
    for pixel in fixed.rgb().pixels() {
        assert_near(pixel.0, [255; 3], "white on white");
    }
}

#[test]
fn samples_of_16_bits_and_grey_keep_their_brightness() {
    let deep = ImageBuffer::from_pixel(60, 60, Rgb([0x8000_u16, 0x4000, 0xFFFF]));
    let grey = ImageBuffer::from_pixel(60, 60, Luma([0x8000_u16]));
    let sources = [
        (DynamicImage::ImageRgb16(deep), [128, 64, 255]),
        (DynamicImage::ImageLuma16(grey), [128; 3]),
        (GrayImage::from_pixel(60, 60, Luma([77])).into(), [77; 3]),
    ];
    for (image, expected) in sources {
        for format in [ImageFormat::Png, ImageFormat::Tiff] {
            let is_grey = !image.color().has_color();
            let folder = Folder::new("depths").with("a.any", encoded(&image, format));
            let fixed = folder.fix("a.any", &[]);
            assert_near(fixed.rgb().get_pixel(30, 30).0, expected, "a sample");
            assert_eq!(fixed.json["photo"]["components"], if is_grey { 1 } else { 3 });
        }
    }
}

#[test]
fn palettes_are_read() {
    for format in [ImageFormat::Gif, ImageFormat::Bmp] {
        let bytes = encoded(&marked().into(), format);
        let fixed = Folder::new("palettes").with("a.any", bytes).fix("a.any", &[]);
        assert_near(corner(&fixed.rgb(), TOP_LEFT), RED, "red");
        assert_near(corner(&fixed.rgb(), TOP_RIGHT), BLUE, "blue");
    }
}

/// Adobe's way: the inks are inverted.
#[test]
fn colours_of_print_become_those_of_screens() {
    let inks: Vec<u8> = [255 - 200, 255 - 100, 255 - 50, 0].repeat(60 * 60);
    for colours in [ColorType::Cmyk, ColorType::CmykAsYcck] {
        let mut bytes = Vec::new();
        Encoder::new(&mut bytes, 95).encode(&inks, 60, 60, colours).unwrap();
        let fixed = Folder::new("cmyk").with("a.jpg", bytes).fix("a.jpg", &[]);
        assert_near(fixed.rgb().get_pixel(30, 30).0, [200, 100, 50], &format!("{colours:?}"));
        assert_eq!(fixed.json["photo"]["components"], 3);
        assert!(fixed.notes().contains("CMYK"), "{}", fixed.notes());
    }
}

/// Black and white in equal parts are half of the light, which is stored as 188, not 128.
#[test]
fn scaling_averages_light() {
    let image =
        RgbImage::from_fn(1296, 200, |x, y| Rgb([if (x + y) % 2 == 0 { 255 } else { 0 }; 3]));
    let bytes = encoded(&image.into(), ImageFormat::Png);
    let fixed = Folder::new("light").with("a.png", bytes).fix("a.png", &[]);
    assert_eq!(fixed.size(), (648, 100));
    assert_near(fixed.rgb().get_pixel(300, 50).0, [188; 3], "half of the light");
}

/// An edge stays where it is, within two pixels, and rings only close to it.
#[test]
fn scaling_is_sharp() {
    for width in [1300, 2592, 4001_u32] {
        let image =
            RgbImage::from_fn(width, 60, |x, _| Rgb([if 2 * x < width { 0 } else { 255 }; 3]));
        let bytes = encoded(&image.into(), ImageFormat::Png);
        let rgb = Folder::new("sharp").with("a.png", bytes).fix("a.png", &[]).rgb();
        assert_eq!(rgb.width(), 648);
        let sample = |x| rgb.get_pixel(x, 4).0[0];
        assert!(sample(321) < 32 && sample(326) > 240, "{width}: {:?}", [sample(321), sample(326)]);
        assert_near(rgb.get_pixel(316, 4).0, [0; 3], "left of the edge");
        assert_near(rgb.get_pixel(331, 4).0, [255; 3], "right of the edge");
    }
}
