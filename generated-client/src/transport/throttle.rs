//! What Graph tells of its limits before it throttles.

use http::HeaderMap;

/// The part of a limit that is used, from 0.8 to 1.8
/// ([throttling limits](https://learn.microsoft.com/graph/throttling-limits)).
const LIMIT_PERCENTAGE: &str = "x-ms-throttle-limit-percentage";

/// How much of a limit is used, in percent.
pub(crate) fn percent(headers: &HeaderMap) -> Option<u32> {
    let part: f64 = headers.get(LIMIT_PERCENTAGE)?.to_str().ok()?.trim().parse().ok()?;
    let percent = (part * 100.0).round();
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "in range")]
    (0.0..=1000.0).contains(&percent).then_some(percent as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_of_a_limit_is_read_in_percent() {
        for (value, expected) in [
            ("0.8", Some(80)),
            (" 1.2 ", Some(120)),
            ("1", Some(100)),
            ("0.855", Some(86)),
            ("", None),
            ("near", None),
            ("-0.8", None),
            ("inf", None),
            ("NaN", None),
            ("1e9", None),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(LIMIT_PERCENTAGE, value.parse().unwrap());
            assert_eq!(percent(&headers), expected, "`{value}`");
        }
        assert_eq!(percent(&HeaderMap::new()), None);
    }
}
