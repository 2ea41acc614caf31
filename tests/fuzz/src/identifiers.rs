//! Identifiers and targets.

use graph_photo_client::{PhotoTarget, UserId};
use percent_encoding::percent_decode_str;

use crate::answers;

/// A text is a target that its own text gives back, or is refused by a message in one line; as
/// an identifier, it is one segment of the URL, and changes no other.
///
/// # Panics
///
/// If this does not hold.
pub fn check(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    match text.parse::<PhotoTarget>() {
        Ok(target) => check_round_trip(&target),
        Err(error) => {
            let said = error.to_string();
            assert!(!said.contains(char::is_control), "{said:?}");
            assert!(said.len() < 4_000, "{said}");
        }
    }
    for template in PhotoTarget::TEMPLATES {
        for position in 0..template.matches('{').count() {
            check_segment(template, position, text);
        }
    }
}

fn check_round_trip(target: &PhotoTarget) {
    let text = target.to_string();
    assert_eq!(text.parse().as_ref(), Ok(target), "{text}");
    assert!(!text.contains(char::is_control), "{text:?}");
}

/// A value as one identifier of a target.
fn check_segment(template: &str, position: usize, value: &str) {
    const OTHER: &str = "other";
    let mut parameters = 0..;
    let values: Vec<&str> = template
        .split('/')
        .skip(1)
        .map(|segment| match segment.starts_with('{') {
            true if parameters.next() == Some(position) => value,
            true => OTHER,
            false => segment,
        })
        .collect();
    let encoded = |value: &&str| value.bytes().map(|byte| format!("%{byte:02x}")).collect();
    let path: Vec<String> = values.iter().map(encoded).collect();
    let parsed = format!("/{}", path.join("/")).parse::<PhotoTarget>();
    assert_eq!(parsed.is_ok(), is_identifier(value), "{value:?}: {parsed:?}");
    let Ok(target) = parsed else { return };
    check_round_trip(&target);
    let sent = answers::path(&target, &[&values[..], &["photo", "$value"]].concat());
    assert!(sent.is_ascii() && !sent.contains(['?', '#', '\\', ' ']), "{sent}");
    let segments = sent.split('/').skip(1).map(|segment| percent_decode_str(segment).decode_utf8());
    let segments: Vec<_> = segments.map(|segment| segment.expect("it was text")).collect();
    assert_eq!(segments, [&values[..], &["photo", "$value"]].concat(), "{sent}");
}

/// Whether a value is an identifier; all parameters have the same rules.
fn is_identifier(value: &str) -> bool {
    let is = UserId::new(value).is_ok_and(|id| id.as_str() == value);
    assert_eq!(is, value.parse::<UserId>().is_ok());
    is
}
