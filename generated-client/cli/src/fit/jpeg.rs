//! Decodes JPEGs.

use graph_photo_client::{error_chain, has_damaged_image_data};
use image::metadata::Orientation;
use moxcms::DataColorSpace;
use zune_jpeg::{
    JpegDecoder,
    errors::DecodeErrors,
    zune_core::{bytestream::ZCursor, colorspace::ColorSpace, options::DecoderOptions},
};

use super::{
    budget::Permit,
    colour,
    picture::Picture,
    raster::{Channels, Raster, Samples},
    refusal::{damaged, refusal},
};
use crate::photo::{DAMAGED_DATA, Refusal};

/// The name of the format.
pub(super) const NAME: &str = "JPEG";

const NO_PROFILE: &str = "the colours are CMYK, for print, and have no profile; they may look \
                          different";

/// Decodes a JPEG whose structure was validated; `orientation` is the one in its metadata, if
/// known.
pub(super) fn decode(jpeg: &[u8], orientation: Option<u8>) -> Result<Picture, Refusal> {
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(jpeg), options());
    decoder.decode_headers().map_err(|error| failed(&error))?;
    let (width, height) = decoder.dimensions().unwrap_or_default();
    let [width, height] = [width, height].map(|side| u32::try_from(side).unwrap_or(u32::MAX));
    let permit = Permit::wait(width, height)?;
    require_undamaged(jpeg)?;
    let stored = decoder.input_colorspace().unwrap_or(ColorSpace::YCbCr);
    let (wanted, space) = match stored {
        ColorSpace::Luma => (ColorSpace::Luma, DataColorSpace::Gray),
        ColorSpace::CMYK | ColorSpace::YCCK => (stored, DataColorSpace::Cmyk),
        _ => (ColorSpace::RGB, DataColorSpace::Rgb),
    };
    decoder.set_options(options().jpeg_set_out_colorspace(wanted));
    let samples = decoder.decode().map_err(|error| failed(&error))?;
    let orientation = orientation
        .and_then(Orientation::from_exif)
        .or_else(|| decoder.exif().and_then(|exif| Orientation::from_exif_chunk(exif)));
    let (mut profile, note) = colour::profile(decoder.icc_profile().as_deref(), space);
    let mut notes: Vec<String> = note.into_iter().collect();
    let (channels, samples) = match wanted {
        ColorSpace::Luma => (Channels::Grey, samples),
        ColorSpace::RGB => (Channels::Rgb, samples),
        _ => {
            let inks = if wanted == ColorSpace::YCCK { cmyk_of_ycck(samples) } else { samples };
            notes.extend(profile.is_none().then(|| NO_PROFILE.to_owned()));
            let rgb = colour::rgb_of_cmyk(inks, profile.take().as_ref());
            (Channels::Rgb, rgb.map_err(|cause| refusal(error_chain(&cause)))?)
        }
    };
    Ok(Picture {
        format: NAME,
        raster: Raster { width, height, channels, samples: Samples::Eight(samples) },
        profile,
        orientation: orientation.unwrap_or(Orientation::NoTransforms),
        notes,
        permit,
    })
}

/// Refuses image data that ends early, of which the decoder makes grey without an error.
pub(super) fn require_undamaged(jpeg: &[u8]) -> Result<(), Refusal> {
    if has_damaged_image_data(jpeg) {
        return Err(damaged(NAME, DAMAGED_DATA));
    }
    Ok(())
}

/// Strict, because no decoder can restore a whole picture from damaged data.
fn options() -> DecoderOptions {
    let most = usize::from(u16::MAX);
    DecoderOptions::default().set_strict_mode(true).set_max_width(most).set_max_height(most)
}

fn failed(error: &DecodeErrors) -> Refusal {
    damaged(NAME, format_args!("{error:?}"))
}

/// Converts luminance and chrominance, which are those of inverted inks (Adobe Technical Note
/// 5116, section 18; ITU-T T.871, 7).
fn cmyk_of_ycck(mut samples: Vec<u8>) -> Vec<u8> {
    for [y, cb, cr, _] in samples.as_chunks_mut().0 {
        let [luma, blue, red] = [*y, *cb, *cr].map(f32::from);
        let [blue, red] = [blue - 128.0, red - 128.0];
        let rgb =
            [luma + 1.402 * red, luma - 0.344_136 * blue - 0.714_136 * red, luma + 1.772 * blue];
        [*y, *cb, *cr] = rgb.map(inverted);
    }
    samples
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 255")]
fn inverted(value: f32) -> u8 {
    255 - value.round().clamp(0.0, 255.0) as u8
}
