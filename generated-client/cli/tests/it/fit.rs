//! `graph-photo check --fix`: the pictures that come out, and what is told of them.

mod command;
mod limits;
mod pixels;
mod refusals;

use std::{
    fs,
    path::{Path, PathBuf},
};

use image::{
    DynamicImage, ExtendedColorType, ImageEncoder, Rgb, RgbImage, codecs::png::PngEncoder,
};
use jpeg_encoder::{ColorType, Encoder, SamplingFactor};
use serde_json::Value;

use super::{Run, program};

/// How far a sample may be from what it should be: JPEG is lossy.
const TOLERANCE: u8 = 5;

/// A folder of one test, empty at first.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("fit").join(name);
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    /// The folder with a file in it.
    fn with(self, name: &str, content: impl AsRef<[u8]>) -> Self {
        fs::write(self.0.join(name), content).unwrap();
        self
    }

    /// Runs `check` in the folder.
    fn check(&self, args: &[&str]) -> Run {
        let mut program = program(&[&["check"], args].concat());
        program.current_dir(&self.0).output().unwrap().into()
    }

    /// Makes a file of the folder fit, and tells what `--json` says.
    fn fix(&self, file: &str, options: &[&str]) -> Fixed {
        let run = self.check(&[&["--json", "--fix", "out", file], options].concat());
        let json = run.json();
        assert_eq!(run.code, Some(if json["error"].is_null() { 0 } else { 2 }), "{json:#}");
        let bytes = json["output"].as_str().map(|output| fs::read(self.0.join(output)).unwrap());
        Fixed { json, bytes: bytes.unwrap_or_default() }
    }
}

/// What became of a file.
struct Fixed {
    json: Value,
    bytes: Vec<u8>,
}

impl Fixed {
    fn image(&self) -> DynamicImage {
        assert!(self.bytes.starts_with(b"\xFF\xD8\xFF"), "{:#}", self.json);
        image::load_from_memory(&self.bytes).unwrap()
    }

    fn rgb(&self) -> RgbImage {
        self.image().to_rgb8()
    }

    fn size(&self) -> (u32, u32) {
        let image = self.image();
        (image.width(), image.height())
    }

    /// The lines that are only for people.
    fn notes(&self) -> String {
        self.json["notes"].to_string()
    }

    fn changes(&self) -> String {
        self.json["changes"].to_string()
    }

    /// Why the file was refused.
    fn reason(&self) -> String {
        assert!(self.bytes.is_empty(), "{:#}", self.json);
        self.json["error"]["message"].as_str().unwrap().to_owned()
    }
}

/// A picture becomes a JPEG of one colour after the other.
fn jpeg(image: &RgbImage, set: impl FnOnce(&mut Encoder<&mut Vec<u8>>)) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = Encoder::new(&mut bytes, 95);
    encoder.set_sampling_factor(SamplingFactor::R_4_4_4);
    set(&mut encoder);
    let [width, height] = [image.width(), image.height()].map(|side| side.try_into().unwrap());
    encoder.encode(image.as_raw(), width, height, ColorType::Rgb).unwrap();
    bytes
}

/// Encodes as PNG, with whatever is set first.
fn png<'a>(
    image: &DynamicImage,
    set: impl FnOnce(&mut PngEncoder<&'a mut Vec<u8>>),
    bytes: &'a mut Vec<u8>,
) {
    let mut encoder = PngEncoder::new(bytes);
    set(&mut encoder);
    let color: ExtendedColorType = image.color().into();
    encoder.write_image(image.as_bytes(), image.width(), image.height(), color).unwrap();
}

/// Encodes as any format, without anything beside the pixels.
fn encoded(image: &DynamicImage, format: image::ImageFormat) -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    image.write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

/// EXIF with an orientation and nothing else, as TIFF.
fn orientation(orientation: u8) -> Vec<u8> {
    [b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0", &[orientation][..], &[0; 6]].concat()
}

/// A picture of one colour.
fn plain(width: u32, height: u32, colour: [u8; 3]) -> RgbImage {
    RgbImage::from_pixel(width, height, Rgb(colour))
}

/// A picture that no encoder makes small.
fn noise(width: u32, height: u32) -> RgbImage {
    let mut state = 1_u32;
    RgbImage::from_fn(width, height, |_, _| {
        Rgb([(); 3].map(|()| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 24) as u8
        }))
    })
}

#[track_caller]
fn assert_near(found: [u8; 3], expected: [u8; 3], what: &str) {
    let is_near = found.iter().zip(expected).all(|(one, other)| one.abs_diff(other) <= TOLERANCE);
    assert!(is_near, "{what}: {found:?} instead of {expected:?}");
}
