//! A truncated photo is refused, wherever it ends.

use super::{InvalidJpeg, PhotoWarning, inspect};

use super::fixture;

/// Length up to and including the end-of-image marker.
fn image_length(bytes: &[u8]) -> usize {
    let info = inspect(bytes).expect("a good fixture");
    let trailing = info.warnings.iter().find_map(|warning| match warning {
        PhotoWarning::TrailingBytes(count) => Some(*count),
        _ => None,
    });
    bytes.len() - trailing.unwrap_or(0)
}

#[test]
fn every_truncation_before_the_end_of_image_is_refused() {
    for name in fixture::GOOD {
        let bytes = fixture::read(name);
        let whole = image_length(&bytes);
        assert_eq!(bytes[whole - 2..whole], [0xFF, 0xD9], "{name}");
        assert_eq!(inspect(&[]), Err(InvalidJpeg::Empty));
        for length in 1..whole {
            match inspect(&bytes[..length]) {
                Err(InvalidJpeg::Truncated { at, .. }) => assert_eq!(at, length, "{name}"),
                other => panic!("the first {length} bytes of {name}: {other:?}"),
            }
        }
        for length in whole..=bytes.len() {
            assert!(inspect(&bytes[..length]).is_ok(), "the first {length} bytes of {name}");
        }
    }
}
