//! The transfer function of sRGB (IEC 61966-2-1), as look-up tables: averaging stored samples
//! instead of light would darken edges and fine patterns.

use std::sync::LazyLock;

/// The light of each stored sample of 8 bits: 65535 is white.
pub(super) static LIGHT_OF_8_BITS: LazyLock<Vec<u16>> = LazyLock::new(|| table(256, light));

/// The light of each stored sample of 16 bits.
pub(super) static LIGHT_OF_16_BITS: LazyLock<Vec<u16>> = LazyLock::new(|| table(65_536, light));

/// The stored sample of 16 bits for each light.
pub(super) static STORED: LazyLock<Vec<u16>> = LazyLock::new(|| table(65_536, stored));

fn table(size: u32, function: fn(f64) -> f64) -> Vec<u16> {
    let largest = f64::from(size - 1);
    (0..size).map(|index| sample(function(f64::from(index) / largest))).collect()
}

/// The sample of 16 bits for a value between 0 and 1.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 65535")]
fn sample(value: f64) -> u16 {
    (value * f64::from(u16::MAX)).round() as u16
}

fn light(stored: f64) -> f64 {
    if stored <= 0.040_45 { stored / 12.92 } else { ((stored + 0.055) / 1.055).powf(2.4) }
}

fn stored(light: f64) -> f64 {
    if light <= 0.003_130_8 { light * 12.92 } else { 1.055 * light.powf(1.0 / 2.4) - 0.055 }
}

#[cfg(test)]
mod tests {
    use super::{LIGHT_OF_8_BITS, STORED};

    #[test]
    fn samples_of_8_bits_come_back_as_they_were() {
        for sample in 0..=u8::MAX {
            let light = LIGHT_OF_8_BITS[usize::from(sample)];
            let stored = u32::from(STORED[usize::from(light)]);
            assert_eq!((stored + 128) / 257, u32::from(sample));
        }
    }
}
