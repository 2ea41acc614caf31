//! A decoded picture, with the metadata needed to show it correctly.

use std::io::Cursor;

use bytes::Bytes;
use graph_photo_client::ContentKind;
use image::{
    DynamicImage, ExtendedColorType, ImageDecoder, ImageResult, Limits,
    codecs::{
        bmp::BmpDecoder, gif::GifDecoder, png::PngDecoder, tiff::TiffDecoder, webp::WebPDecoder,
    },
    metadata::Orientation,
};
use moxcms::{ColorProfile, DataColorSpace};

use super::{
    budget::{MAX_PIXELS, Permit},
    colour,
    raster::{Channels, Raster, Samples},
    refusal::{undecodable, unreadable, unsupported},
};
use crate::photo::Refusal;

/// The maximum bytes for decoding: enough for the maximum number of pixels, four samples of
/// 16 bits each.
const MAX_MEMORY: u64 = 8 * MAX_PIXELS;

const ONLY_FIRST: &str = "the picture is animated; only its first frame is taken";

/// A decoded picture.
pub(super) struct Picture {
    /// The name of its format.
    pub(super) format: &'static str,
    pub(super) raster: Raster,
    /// The profile of its colours, unless they are in sRGB.
    pub(super) profile: Option<ColorProfile>,
    /// How to turn it for display.
    pub(super) orientation: Orientation,
    /// Notes for the picture's owner.
    pub(super) notes: Vec<String>,
    pub(super) permit: Permit,
}

impl Picture {
    /// Decodes a picture that is not a JPEG; `None` if it is not a readable picture.
    pub(super) fn decode(bytes: &Bytes, content: ContentKind) -> Option<Result<Self, Refusal>> {
        let input = Cursor::new(bytes);
        Some(match content {
            ContentKind::Png => png(input),
            ContentKind::Gif => gif(input),
            ContentKind::WebP => webp(input),
            ContentKind::Bmp => open("BMP", BmpDecoder::new(input)).and_then(Opened::decode),
            ContentKind::Tiff => tiff(input),
            ContentKind::Heic | ContentKind::Avif => Err(unreadable(content)),
            _ => return None,
        })
    }
}

type Input<'a> = Cursor<&'a Bytes>;

fn png(input: Input<'_>) -> Result<Picture, Refusal> {
    let opened = open("PNG", PngDecoder::with_limits(input, limits()))?;
    let is_animated = opened.decoder.is_apng().unwrap_or(false);
    opened.decode().map(|picture| picture.noted(is_animated))
}

fn gif(input: Input<'_>) -> Result<Picture, Refusal> {
    let is_animated = has_frames(input.clone());
    let opened = open("GIF", GifDecoder::new(input))?;
    opened.decode().map(|picture| picture.noted(is_animated))
}

/// Whether a GIF has a second frame, as far as is known.
fn has_frames(input: Input<'_>) -> bool {
    let mut options = gif::DecodeOptions::new();
    options.skip_frame_decoding(true);
    let frames = options.read_info(input).map(|mut decoder| {
        (0..2).map_while(|_| decoder.next_frame_info().ok().flatten().map(drop)).count()
    });
    frames.is_ok_and(|frames| frames == 2)
}

fn webp(input: Input<'_>) -> Result<Picture, Refusal> {
    let opened = open("WebP", WebPDecoder::new(input))?;
    let is_animated = opened.decoder.has_animation();
    opened.decode().map(|picture| picture.noted(is_animated))
}

fn tiff(input: Input<'_>) -> Result<Picture, Refusal> {
    let opened = open("TIFF", TiffDecoder::new(input))?;
    let color_type = opened.decoder.original_color_type();
    if matches!(color_type, ExtendedColorType::Cmyk8 | ExtendedColorType::Cmyk16) {
        return Err(unsupported("TIFF", "its colours are CMYK, for print"));
    }
    opened.decode()
}

fn limits() -> Limits {
    let mut limits = Limits::no_limits();
    limits.max_alloc = Some(MAX_MEMORY);
    limits
}

/// An image whose header has been read.
struct Opened<D> {
    format: &'static str,
    decoder: D,
    permit: Permit,
}

/// Refuses an image with too many pixels.
fn open<D: ImageDecoder>(
    format: &'static str,
    decoder: ImageResult<D>,
) -> Result<Opened<D>, Refusal> {
    let mut decoder = decoder.map_err(|error| undecodable(format, &error))?;
    let (width, height) = decoder.dimensions();
    let permit = Permit::wait(width, height)?;
    decoder.set_limits(limits()).map_err(|error| undecodable(format, &error))?;
    Ok(Opened { format, decoder, permit })
}

impl<D: ImageDecoder> Opened<D> {
    fn decode(self) -> Result<Picture, Refusal> {
        let Self { format, mut decoder, permit } = self;
        // Ignore broken metadata; the image itself is usable.
        let icc = decoder.icc_profile().ok().flatten();
        let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
        let image = DynamicImage::from_decoder(decoder);
        let image = image.map_err(|error| undecodable(format, &error))?;
        let raster = raster(format, image)?;
        let space =
            if raster.channels.is_grey() { DataColorSpace::Gray } else { DataColorSpace::Rgb };
        let (profile, note) = colour::profile(icc.as_deref(), space);
        let notes = note.into_iter().collect();
        Ok(Picture { format, raster, profile, orientation, notes, permit })
    }
}

impl Picture {
    fn noted(mut self, is_animated: bool) -> Self {
        self.notes.extend(is_animated.then(|| ONLY_FIRST.to_owned()));
        self
    }
}

fn raster(format: &'static str, image: DynamicImage) -> Result<Raster, Refusal> {
    let (width, height) = (image.width(), image.height());
    let (channels, samples) = match image {
        DynamicImage::ImageLuma8(image) => (Channels::Grey, Samples::Eight(image.into_raw())),
        DynamicImage::ImageLumaA8(image) => (Channels::GreyAlpha, Samples::Eight(image.into_raw())),
        DynamicImage::ImageRgb8(image) => (Channels::Rgb, Samples::Eight(image.into_raw())),
        DynamicImage::ImageRgba8(image) => (Channels::RgbAlpha, Samples::Eight(image.into_raw())),
        DynamicImage::ImageLuma16(image) => (Channels::Grey, Samples::Sixteen(image.into_raw())),
        DynamicImage::ImageLumaA16(image) => {
            (Channels::GreyAlpha, Samples::Sixteen(image.into_raw()))
        }
        DynamicImage::ImageRgb16(image) => (Channels::Rgb, Samples::Sixteen(image.into_raw())),
        DynamicImage::ImageRgba16(image) => {
            (Channels::RgbAlpha, Samples::Sixteen(image.into_raw()))
        }
        _ => return Err(unsupported(format, "its samples are floating-point numbers")),
    };
    Ok(Raster { width, height, channels, samples })
}
