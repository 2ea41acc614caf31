//! Crops and scales, first by averaging boxes of pixels, then by Lanczos, in linear light.

use fast_image_resize::{
    FilterType, PixelType, ResizeAlg, ResizeOptions, Resizer,
    images::{Image, ImageRef},
    pixels::U16,
};

use super::{
    raster::{Channels, Raster, Samples},
    transfer::{LIGHT_OF_8_BITS, LIGHT_OF_16_BITS, STORED},
};

/// The largest side of a box, which keeps sums within 32 bits.
const LARGEST_BOX: u32 = 128;

/// The minimum factor left to Lanczos: with less, the boxes would blur the result.
const LEAST_FOR_LANCZOS: u32 = 2;

/// A part of a picture, in pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Area {
    left: u32,
    top: u32,
    width: u32,
    height: u32,
}

/// Pixels by channel, one for grey or three for RGB, as stored samples of 16 bits in the
/// picture's own colour space, without transparency.
pub(super) struct Planes {
    pub(super) width: u32,
    pub(super) height: u32,
    pub(super) channels: Vec<Vec<u16>>,
}

impl Area {
    /// The whole picture, or the square at its centre.
    pub(super) fn of(width: u32, height: u32, square: bool) -> Self {
        if !square {
            return Self { left: 0, top: 0, width, height };
        }
        let side = width.min(height);
        Self { left: (width - side) / 2, top: (height - side) / 2, width: side, height: side }
    }

    /// The size scaled down to sides of at most `max_side` pixels; never enlarged.
    pub(super) fn size_within(self, max_side: u32) -> (u32, u32) {
        let longest = self.width.max(self.height);
        if longest <= max_side {
            return (self.width, self.height);
        }
        let scaled = |side: u32| {
            let doubled = 2 * u64::from(side) * u64::from(max_side) / u64::from(longest);
            u32::try_from(doubled.div_ceil(2)).unwrap_or(max_side).max(1)
        };
        (scaled(self.width), scaled(self.height))
    }
}

/// Scales an area of a picture to this size, with transparency flattened onto white.
pub(super) fn resize(raster: &Raster, area: Area, (width, height): (u32, u32)) -> Planes {
    let ratio = (area.width / width).min(area.height / height);
    let factor = (ratio / LEAST_FOR_LANCZOS).clamp(1, LARGEST_BOX);
    let channels = light(raster, area, factor).into_iter().map(|plane| {
        let light = lanczos(&plane, area, factor, (width, height));
        light.into_iter().map(|light| STORED[usize::from(light)]).collect()
    });
    Planes { width, height, channels: channels.collect() }
}

/// The light of an area by channel; each sample is the mean of a box of pixels.
fn light(raster: &Raster, area: Area, factor: u32) -> Vec<Vec<U16>> {
    match &raster.samples {
        Samples::Eight(samples) => light_of(samples, raster, &LIGHT_OF_8_BITS, area, factor),
        Samples::Sixteen(samples) => light_of(samples, raster, &LIGHT_OF_16_BITS, area, factor),
    }
}

fn light_of<T: Copy + Into<usize>>(
    samples: &[T],
    raster: &Raster,
    light: &[u16],
    area: Area,
    factor: u32,
) -> Vec<Vec<U16>> {
    let opaque = |sample: T| light[sample.into()];
    // Blend stored samples, not light, as browsers do.
    let on_white = |sample: T, alpha: T| {
        let white = light.len() - 1;
        let alpha: usize = alpha.into();
        light[(sample.into() * alpha + white * (white - alpha) + white / 2) / white]
    };
    let boxes = Boxes { width: raster.width, area, factor };
    match raster.channels {
        Channels::Grey => boxes.means(samples, |[grey]| [opaque(grey)]),
        Channels::GreyAlpha => boxes.means(samples, |[grey, alpha]| [on_white(grey, alpha)]),
        Channels::Rgb => boxes.means(samples, |rgb: [T; 3]| rgb.map(opaque)),
        Channels::RgbAlpha => {
            boxes.means(samples, |[r, g, b, alpha]| [r, g, b].map(|c| on_white(c, alpha)))
        }
    }
}

/// The boxes that divide an area of a picture.
#[derive(Clone, Copy)]
struct Boxes {
    /// The width of the whole picture, in pixels.
    width: u32,
    area: Area,
    /// The side of a box in pixels; boxes at the right and bottom may be cut off.
    factor: u32,
}

impl Boxes {
    /// The mean of each box by channel, after `light` has converted each pixel.
    fn means<T: Copy, const N: usize, const C: usize>(
        self,
        samples: &[T],
        light: impl Fn([T; N]) -> [u16; C],
    ) -> Vec<Vec<U16>> {
        let [width, left, top, across, down, factor] = [
            self.width,
            self.area.left,
            self.area.top,
            self.area.width,
            self.area.height,
            self.factor,
        ]
        .map(|number| number as usize);
        let rows = samples.as_chunks().0.chunks_exact(width).skip(top).take(down);
        let rows: Vec<&[[T; N]]> = rows.map(|row| &row[left..left + across]).collect();
        let columns = across.div_ceil(factor);
        let mut planes = vec![Vec::with_capacity(columns * down.div_ceil(factor)); C];
        let mut sums = vec![[0_u32; C]; columns];
        for rows in rows.chunks(factor) {
            sums.fill([0; C]);
            for row in rows {
                add(&mut sums, row.chunks(factor), &light);
            }
            for (column, sum) in sums.iter().enumerate() {
                let pixels = rows.len() * factor.min(across - column * factor);
                let pixels = u32::try_from(pixels).unwrap_or(u32::MAX);
                for (plane, sum) in planes.iter_mut().zip(sum) {
                    let mean = (sum + pixels / 2) / pixels;
                    plane.push(U16::new(u16::try_from(mean).unwrap_or(u16::MAX)));
                }
            }
        }
        planes
    }
}

/// Adds a row of pixels to the sums of the boxes it crosses.
fn add<'a, T: Copy + 'a, const N: usize, const C: usize>(
    sums: &mut [[u32; C]],
    row: impl Iterator<Item = &'a [[T; N]]>,
    light: impl Fn([T; N]) -> [u16; C],
) {
    for (sum, pixels) in sums.iter_mut().zip(row) {
        for pixel in pixels {
            for (sum, light) in sum.iter_mut().zip(light(*pixel)) {
                *sum += u32::from(light);
            }
        }
    }
}

/// Scales a plane of boxes to this size.
fn lanczos(plane: &[U16], area: Area, factor: u32, (width, height): (u32, u32)) -> Vec<u16> {
    const INVARIANT: &str = "a plane has a sample for each box of the area";
    let [columns, rows] = [area.width, area.height].map(|side| side.div_ceil(factor));
    let source = ImageRef::from_pixels(columns, rows, plane).expect(INVARIANT);
    let mut scaled = Image::new(width, height, PixelType::U16);
    // The last boxes may be cut off, so the area may end within them.
    let [across, down] = [area.width, area.height].map(|side| f64::from(side) / f64::from(factor));
    let options = ResizeOptions::new()
        .resize_alg(ResizeAlg::Convolution(FilterType::Lanczos3))
        .crop(0.0, 0.0, across, down);
    Resizer::new().resize(&source, &mut scaled, &options).expect(INVARIANT);
    scaled.buffer().as_chunks().0.iter().copied().map(u16::from_ne_bytes).collect()
}
