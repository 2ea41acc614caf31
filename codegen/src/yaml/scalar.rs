//! Plain scalars that every YAML parser reads alike, and their meaning.

use serde_json::{Number, Value};

/// Words with a special meaning in YAML 1.1 or 1.2, in lower case.
const WORDS: [&str; 15] = [
    "null", "true", "false", "y", "n", "yes", "no", "on", "off", "=", "<<", ".inf", "+.inf",
    "-.inf", ".nan",
];

/// The meaning of a plain scalar; `None` if parsers differ. [YAML 1.1](https://yaml.org/type/) and
/// [YAML 1.2](https://yaml.org/spec/1.2.2/#103-core-schema) share all that is accepted here:
/// lower-case words, plain decimal numbers and hexadecimal ones.
pub(super) fn value(text: &str) -> Option<Value> {
    match text {
        "" | "~" | "null" => Some(Value::Null),
        "true" => Some(true.into()),
        "false" => Some(false.into()),
        _ if WORDS.contains(&text.to_ascii_lowercase().as_str()) => None,
        _ if is_like_a_number(text) => number(text).map(Value::Number),
        _ => Some(text.into()),
    }
}

/// Whether a parser might take `text`, neither a version nor a GUID, for a number or a date.
fn is_like_a_number(text: &str) -> bool {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let consists_of =
        |text: &str, others: &str| text.chars().all(|c| c.is_ascii_digit() || others.contains(c));
    let based = ["0x", "0o", "0b"].iter().find_map(|prefix| unsigned.strip_prefix(prefix));
    if let Some(digits) = based {
        return consists_of(digits, "abcdefABCDEF_");
    }
    let is_version = text.matches('.').count() > 1 && consists_of(text, ".");
    unsigned.trim_start_matches('.').starts_with(|c: char| c.is_ascii_digit())
        && consists_of(text, "+-._:eETtZz \t")
        && text.matches('-').count() < 4
        && !is_version
}

/// A number in hexadecimal digits, or in plain decimal ones as in JSON.
fn number(text: &str) -> Option<Number> {
    if let Some(digits) = text.strip_prefix("0x") {
        return u64::from_str_radix(digits, 16).ok().map(Number::from);
    }
    let number: Number = text.parse().ok()?;
    let is_exact = text.contains('.') || number.is_u64() || number.is_i64();
    (is_exact && !text.contains(['e', 'E'])).then_some(number)
}

/// Whether a plain scalar can be a key: text or, like a status code, a whole number.
pub(super) fn is_key(text: &str) -> bool {
    match value(text) {
        Some(Value::String(_)) => true,
        Some(Value::Number(_)) => text.bytes().all(|byte| byte.is_ascii_digit()),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{is_key, value};

    /// Judged by `PyYAML` (1.1) and the core schema (1.2); the last two lists are read
    /// alike, but aren't how anyone writes a word or a number.
    #[test]
    fn what_the_versions_of_yaml_read_differently_is_refused() {
        let words = "y Y n N yes Yes YES no No NO on On ON off Off OFF = <<";
        let octal = "010 -017 0o7 0o17 08 09 0b1 -0b10";
        let numbers =
            "1_000 0x1_F -0x1F 1_0.5 1e3 1E3 1.5e3 1e+3 1e-3 +.5 -.5 1e999 .inf -.Inf .nan";
        let sexagesimal = "12:30 1:2 190:20:30 190:20:30.15 00:30.0";
        let dates = "2020-01-01 2001-12-14t21:59:43.10-05:00 2001-1-2T1:59:43Z 2020-01-01T00:00:00";
        let large = "99999999999999999999 0xFFFFFFFFFFFFFFFFF";
        let odd_words = "True FALSE Null NULL yEs oN";
        let odd_numbers = "+4 1. .5 1.5e+3 1.5e-3 007 00 24:60 1:60 2020-1-1 2020-01";
        for list in [words, octal, numbers, sexagesimal, dates, large, odd_words, odd_numbers] {
            for text in list.split(' ') {
                assert_eq!(value(text), None, "{text}");
                assert!(!is_key(text), "{text}");
            }
        }
        assert_eq!(value("2001-12-14 21:59:43 +1"), None);
    }

    #[test]
    fn what_they_read_alike_is_not() {
        let texts = "none maybe yes! x = y= .na inf nan NaN - 3.0.3 1.0.0 1.2.3 v1.0 4XX 5XX 0xG \
                     1.2.3-rc.1 00000000-0000-0000-0000-000000000001 b4e74841-8e56 204e0828-b5ca-4ad8 4e46008b-f24c :30 e3 12px";
        for text in texts.split_whitespace().filter(|text| *text != "=") {
            assert_eq!(value(text), Some(json!(text)), "{text}");
            assert!(is_key(text), "{text}");
        }
        let numbers = "0 7 -3 200 1.5 -0.25 18446744073709551615";
        for text in numbers.split(' ') {
            assert_eq!(value(text), Some(serde_json::from_str(text).unwrap()), "{text}");
        }
        assert_eq!(value("0x1F"), Some(json!(31)));
        let words = [("", json!(null)), ("~", json!(null)), ("null", json!(null))];
        for (text, meaning) in words.into_iter().chain([("true", json!(true))]) {
            assert_eq!(value(text), Some(meaning), "{text}");
        }
    }

    #[test]
    fn a_key_is_text_or_a_plain_number() {
        for text in ["", "~", "null", "true", "1.5", "007", "0x1F", "+1", "off", "010", "<<"] {
            assert!(!is_key(text), "{text}");
        }
        for text in ["200", "4XX", "0", "put", "$ref", "User.ReadWrite"] {
            assert!(is_key(text), "{text}");
        }
    }
}
