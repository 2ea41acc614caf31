//! Encodes a picture within a number of bytes.

use image::DynamicImage;
use jpeg_encoder::{ChromaSubsamplingMethod, ColorType, Encoder, EncodingError, SamplingFactor};

/// The qualities to try, best first. Below the last one, a smaller picture looks better than
/// a coarser one.
const QUALITIES: [u8; 9] = [92, 88, 84, 80, 75, 70, 65, 60, 50];

/// The quality from which colours have as many samples as brightness.
const FULL_COLOUR: u8 = 90;

/// A JPEG, and how it was encoded.
pub(super) struct Encoded {
    pub(super) bytes: Vec<u8>,
    pub(super) quality: u8,
    /// Whether the bytes are within the limit.
    pub(super) fits: bool,
}

impl Encoded {
    /// Whether it has the best quality.
    pub(super) fn is_best(&self) -> bool {
        self.quality == QUALITIES[0]
    }
}

/// The best JPEG of a picture within `max_bytes`, or else the smallest.
pub(super) fn encode(image: &DynamicImage, max_bytes: u64) -> Result<Encoded, EncodingError> {
    let mut last = None;
    for quality in QUALITIES {
        let bytes = encode_as(image, quality)?;
        let fits = bytes.len() as u64 <= max_bytes;
        last = Some(Encoded { bytes, quality, fits });
        if fits {
            break;
        }
    }
    Ok(last.expect("at least one quality is tried"))
}

fn encode_as(image: &DynamicImage, quality: u8) -> Result<Vec<u8>, EncodingError> {
    let mut bytes = Vec::new();
    let mut encoder = Encoder::new(&mut bytes, quality);
    let sampling =
        if quality < FULL_COLOUR { SamplingFactor::R_4_2_0 } else { SamplingFactor::R_4_4_4 };
    encoder.set_sampling_factor(sampling);
    encoder.set_chroma_subsampling_method(ChromaSubsamplingMethod::Average);
    let [width, height] =
        [image.width(), image.height()].map(|side| u16::try_from(side).unwrap_or(u16::MAX));
    let colours = if image.color().has_color() { ColorType::Rgb } else { ColorType::Luma };
    encoder.encode(image.as_bytes(), width, height, colours)?;
    Ok(bytes)
}
