//! Photos of nobody: drawn heads and shoulders.

use jpeg_encoder::{ColorType, Encoder};

const SIZE: u16 = 240;

/// Backgrounds, skins, hair and clothes, in RGB.
const BACKGROUNDS: [[f32; 3]; 6] = [
    [205., 221., 242.],
    [244., 220., 204.],
    [212., 232., 214.],
    [232., 216., 240.],
    [247., 233., 190.],
    [206., 232., 235.],
];
const SKINS: [[f32; 3]; 5] = [
    [246., 211., 184.],
    [224., 172., 130.],
    [172., 118., 80.],
    [120., 78., 54.],
    [235., 192., 160.],
];
const HAIR: [[f32; 3]; 5] =
    [[58., 42., 36.], [150., 90., 48.], [30., 30., 36.], [204., 164., 92.], [128., 128., 134.]];
const CLOTHES: [[f32; 3]; 6] = [
    [47., 85., 200.],
    [20., 112., 96.],
    [168., 62., 72.],
    [96., 70., 150.],
    [60., 72., 92.],
    [200., 120., 40.],
];

/// A JPEG of somebody who doesn't exist; the same for the same number.
pub(crate) fn avatar(number: usize) -> Vec<u8> {
    draw(&|x, y| colour(number, x, y))
}

/// A JPEG of four of them.
pub(crate) fn group(number: usize) -> Vec<u8> {
    draw(&|x, y| {
        let quadrant = usize::from(x > 0.5) + 2 * usize::from(y > 0.5);
        colour(number + quadrant, x * 2. % 1., y * 2. % 1.)
    })
}

fn draw(colour: &dyn Fn(f32, f32) -> [f32; 3]) -> Vec<u8> {
    let mut pixels = Vec::with_capacity(usize::from(SIZE) * usize::from(SIZE) * 3);
    for y in 0..SIZE {
        for x in 0..SIZE {
            pixels.extend(smooth(colour, f32::from(x), f32::from(y)));
        }
    }
    let mut jpeg = Vec::new();
    Encoder::new(&mut jpeg, 95).encode(&pixels, SIZE, SIZE, ColorType::Rgb).unwrap();
    jpeg
}

/// The mean of nine points of a pixel, so that edges are smooth.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "colours are 0 to 255")]
fn smooth(colour: &dyn Fn(f32, f32) -> [f32; 3], x: f32, y: f32) -> [u8; 3] {
    let mut sum = [0.; 3];
    for step in 0..9_u8 {
        let (dx, dy) = (f32::from(step % 3) / 3., f32::from(step / 3) / 3.);
        let size = f32::from(SIZE);
        let point = colour((x + dx) / size, (y + dy) / size);
        sum = [sum[0] + point[0], sum[1] + point[1], sum[2] + point[2]];
    }
    sum.map(|channel| (channel / 9.) as u8)
}

/// The colour at a point of the unit square.
fn colour(number: usize, x: f32, y: f32) -> [f32; 3] {
    let pick = |palette: &[[f32; 3]], stride: usize| palette[number * stride % palette.len()];
    let (skin, hair) = (pick(&SKINS, 2), pick(&HAIR, 3));
    let is_long = number % 3 == 1;
    let is_in =
        |cx: f32, cy: f32, rx: f32, ry: f32| ((x - cx) / rx).powi(2) + ((y - cy) / ry).powi(2) < 1.;
    let is_eye = is_in(0.435, 0.42, 0.017, 0.02) || is_in(0.565, 0.42, 0.017, 0.02);
    let is_smile = is_in(0.5, 0.475, 0.075, 0.055) && !is_in(0.5, 0.455, 0.085, 0.055);
    if is_in(0.5, 0.42, 0.155, 0.19) && y > 0.31 - 0.25 * (x - 0.42).powi(2) {
        return if is_eye || is_smile { shade(skin, 0.45) } else { skin };
    }
    if is_in(0.5, 0.36, 0.19, 0.19) && y < 0.45 || is_long && is_in(0.5, 0.47, 0.215, 0.27) {
        return hair;
    }
    if (x - 0.5).abs() < 0.065 && (0.5..0.72).contains(&y) {
        return shade(skin, 0.88);
    }
    if is_in(0.5, 1.02, 0.36, 0.34) {
        return pick(&CLOTHES, 5);
    }
    pick(&BACKGROUNDS, 1)
}

fn shade(colour: [f32; 3], by: f32) -> [f32; 3] {
    colour.map(|channel| (channel * by).min(255.))
}
