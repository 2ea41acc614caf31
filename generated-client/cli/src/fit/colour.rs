//! Converts colours to sRGB.

use std::sync::Arc;

use image::{DynamicImage, GrayImage, RgbImage};
use moxcms::{
    CmsError, ColorProfile, DataColorSpace, Layout, Transform16BitExecutor, TransformOptions,
};

use super::resize::Planes;

/// The number of CMYK pixels converted at once.
const CHUNK: usize = 64 * 1024;

/// The profile in these bytes; if it cannot be used for pixels of that colour space, a note
/// that says so.
pub(super) fn profile(
    icc: Option<&[u8]>,
    space: DataColorSpace,
) -> (Option<ColorProfile>, Option<String>) {
    let Some(icc) = icc else {
        return (None, None);
    };
    match ColorProfile::new_from_slice(icc) {
        Ok(profile) if is_usable(&profile, space) => (Some(profile), None),
        Ok(_) => (
            None,
            Some("the colour profile cannot be used for these pixels; it was ignored".to_owned()),
        ),
        Err(_) => (None, Some("the colour profile is broken; it was ignored".to_owned())),
    }
}

fn is_usable(profile: &ColorProfile, space: DataColorSpace) -> bool {
    let layout = match space {
        DataColorSpace::Gray => Layout::Gray,
        DataColorSpace::Cmyk => Layout::Rgba,
        _ => Layout::Rgb,
    };
    profile.color_space == space && transform(profile, layout).is_ok()
}

/// The picture in sRGB, with 8 bits a sample; without a profile it already is in sRGB.
pub(super) fn srgb(
    planes: &Planes,
    profile: Option<&ColorProfile>,
) -> Result<DynamicImage, CmsError> {
    let is_grey = planes.channels.len() == 1;
    let stored = interleaved(&planes.channels);
    let converted = match profile {
        None => stored,
        Some(profile) if is_grey => {
            let rgb = convert(&stored, profile, Layout::Gray)?;
            // Grey stays grey: its three samples are equal, except for rounding.
            rgb.into_iter().skip(1).step_by(3).collect()
        }
        Some(profile) => convert(&stored, profile, Layout::Rgb)?,
    };
    let samples = converted.into_iter().map(eight_bits).collect();
    let image = if is_grey {
        GrayImage::from_raw(planes.width, planes.height, samples).map(Into::into)
    } else {
        RgbImage::from_raw(planes.width, planes.height, samples).map(Into::into)
    };
    Ok(image.expect("each plane has a sample for each pixel"))
}

fn interleaved(channels: &[Vec<u16>]) -> Vec<u16> {
    let pixels = channels.first().map_or(0, Vec::len);
    (0..pixels).flat_map(|pixel| channels.iter().map(move |channel| channel[pixel])).collect()
}

/// The nearest sample of 8 bits.
fn eight_bits(sample: u16) -> u8 {
    u8::try_from((u32::from(sample) + 128) / 257).unwrap_or(u8::MAX)
}

fn transform(
    profile: &ColorProfile,
    layout: Layout,
) -> Result<Arc<Transform16BitExecutor>, CmsError> {
    let srgb = ColorProfile::new_srgb();
    profile.create_transform_16bit(layout, &srgb, Layout::Rgb, TransformOptions::default())
}

/// Converts samples of this layout to RGB.
fn convert(samples: &[u16], profile: &ColorProfile, layout: Layout) -> Result<Vec<u16>, CmsError> {
    let channels = if layout == Layout::Gray { 1 } else { 3 };
    let mut rgb = vec![0; samples.len() / channels * 3];
    transform(profile, layout)?.transform(samples, &mut rgb)?;
    Ok(rgb)
}

/// The RGB of CMYK samples, which JPEGs store inverted: 255 is no ink. Without a profile, the
/// white light that passes ideal inks.
pub(super) fn rgb_of_cmyk(
    mut stored: Vec<u8>,
    profile: Option<&ColorProfile>,
) -> Result<Vec<u8>, CmsError> {
    let Some(profile) = profile else {
        let left = |[c, m, y, k]: &[u8; 4]| [c, m, y].map(|ink| product(*ink, *k));
        return Ok(stored.as_chunks().0.iter().flat_map(left).collect());
    };
    for sample in &mut stored {
        *sample = !*sample;
    }
    let srgb = ColorProfile::new_srgb();
    let options = TransformOptions::default();
    let transform = profile.create_transform_8bit(Layout::Rgba, &srgb, Layout::Rgb, options)?;
    let mut rgb = vec![0; stored.len() / 4 * 3];
    for (inks, rgb) in stored.chunks(4 * CHUNK).zip(rgb.chunks_mut(3 * CHUNK)) {
        transform.transform(inks, rgb)?;
    }
    Ok(rgb)
}

/// The product of two samples, where 255 stands for 1.
fn product(one: u8, other: u8) -> u8 {
    u8::try_from((u32::from(one) * u32::from(other) + 127) / 255).unwrap_or(u8::MAX)
}
