//! The options of `--fix`, which `check` and `sync` share.

use clap::{Args, ValueEnum};
use graph_photo_client::MAX_REQUEST_BYTES;

/// The bytes reserved for everything but the photo in a request: more than the largest
/// tokens need.
const REST_BYTES: u64 = 64 * 1024;

/// The options for making a picture fit.
#[derive(Debug, Clone, Args)]
pub(crate) struct FitArgs {
    /// The longest side in pixels; smaller pictures are never enlarged
    #[arg(long, value_name = "N", default_value_t = 648, requires = "fix", help_heading = "Fit")]
    #[arg(value_parser = clap::value_parser!(u16).range(48..))]
    pub(crate) max_side: u16,
    /// Crop each picture, around its centre
    #[arg(long, value_enum, value_name = "FORM", requires = "fix", help_heading = "Fit")]
    pub(crate) crop: Option<Crop>,
    /// The maximum size of a photo, such as 20000, 100KB (1 KB is 1000 bytes) or 100KiB
    #[arg(long, value_name = "SIZE", default_value = "500000", requires = "fix")]
    #[arg(value_parser = parse_size, help_heading = "Fit")]
    pub(crate) max_bytes: u64,
}

/// The form to crop a picture to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Crop {
    /// Exactly square
    Square,
}

/// Parses a number of bytes, with or without a unit.
fn parse_size(text: &str) -> Result<u64, String> {
    let digits = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (number, unit) = text.split_at(digits);
    let factor = match unit.trim().to_ascii_lowercase().as_str() {
        "" | "b" => 1,
        "k" | "kb" => 1_000,
        "kib" => 1_024,
        "m" | "mb" => 1_000_000,
        "mib" => 1_048_576,
        _ => return Err(format!("the unit `{unit}` is none of B, KB, KiB, MB and MiB")),
    };
    let number: u64 = number.parse().map_err(|_| "it is no whole number of bytes".to_owned())?;
    let largest = MAX_REQUEST_BYTES - REST_BYTES;
    match number.checked_mul(factor) {
        Some(size @ 1_000..) if size <= largest => Ok(size),
        _ => Err(format!("it is not between 1000 and {largest} bytes")),
    }
}

#[cfg(test)]
mod tests {
    use super::parse_size;

    #[test]
    fn sizes_have_units_or_none() {
        let sizes =
            ["20000", "20000B", "100KB", "100 kb", "100k", "100KiB", "4MB", "1MiB"].map(parse_size);
        let bytes = [20_000, 20_000, 100_000, 100_000, 100_000, 102_400, 4_000_000, 1_048_576];
        assert_eq!(sizes, bytes.map(Ok));
        for text in ["", "KB", "-1", "1.5MB", "100 parsecs", "999", "5MB", "18446744073709551615MB"]
        {
            assert!(parse_size(text).is_err(), "{text}");
        }
    }
}
