//! Human-readable numbers.

use std::time::Duration;

/// Formats bytes in the largest unit that leaves a nonzero digit before the point.
pub(super) fn size(bytes: u64) -> String {
    const UNITS: [(&str, u64); 3] = [("GB", 1_000_000_000), ("MB", 1_000_000), ("KB", 1_000)];
    let unit = UNITS.into_iter().find(|(_, size)| bytes >= *size);
    unit.map_or_else(
        || format!("{bytes} bytes"),
        |(name, size)| format!("{}.{} {name}", bytes / size, bytes % size * 10 / size),
    )
}

/// Formats a time in hours, minutes and seconds.
pub(super) fn time(time: Duration) -> String {
    match time.as_secs() {
        0..10 => format!("{:.1} s", time.as_secs_f64()),
        seconds @ 10..60 => format!("{seconds} s"),
        seconds @ 60..3600 => format!("{} min {} s", seconds / 60, seconds % 60),
        seconds => format!("{} h {} min", seconds / 3600, seconds % 3600 / 60),
    }
}

/// Formats a count with its noun, such as `2 photos`.
pub(super) fn count(number: usize, name: &str) -> String {
    if number == 1 { format!("1 {name}") } else { format!("{number} {name}s") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_one_digit_after_the_point() {
        for (bytes, text) in [
            (999, "999 bytes"),
            (1_000, "1.0 KB"),
            (999_999, "999.9 KB"),
            (64_950_000, "64.9 MB"),
            (2_500_000_000, "2.5 GB"),
        ] {
            assert_eq!(size(bytes), text);
        }
        for (seconds, text) in
            [(1.25, "1.2 s"), (59.9, "59 s"), (61.0, "1 min 1 s"), (7325.0, "2 h 2 min")]
        {
            assert_eq!(time(Duration::from_secs_f64(seconds)), text);
        }
    }
}
