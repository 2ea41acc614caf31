//! The pattern of identifiers, read into the characters that they must not have.
//!
//! ECMA-262 (with the flag `u`, as JSON Schema asks for, for characters beyond U+FFFF), Python's
//! `re` and Rust's `regress` read these patterns alike. A character is itself, `\xHH`, `\uHHHH`
//! or an escaped punctuation mark. One beyond U+FFFF is only itself: Python reads surrogates as
//! two characters, and `\u{...}` needs the flag `u`.

use std::{iter::Peekable, str::Chars};

/// The least pattern that keeps an identifier in its path segment.
pub(crate) const LEAST_PATTERN: &str = r"^(?!\.{1,2}$)[^\x00-\x1F\\\x7F]+$";

/// The beginnings of patterns, up to the forbidden characters, and whether a value may begin or
/// end with a space. URL parsers take `.` and `..` for steps in a path.
const BEGINNINGS: [(&str, bool); 2] =
    [(r"^(?!\.{1,2}$)[^", true), (r"^(?!\.{1,2}$| |.* $)[^", false)];

/// The end of a pattern: at least one other character.
const END: &str = "]+$";

/// The constraints of identifiers beside their length.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdentifierPattern {
    /// Forbidden characters: ascending ranges of code points, ends included, with gaps between.
    pub forbidden: Vec<(u32, u32)>,
    /// Whether a value may begin or end with a space.
    pub space_at_ends: bool,
}

impl IdentifierPattern {
    /// Reads a pattern, or says as the end of a sentence why a value may leave its path segment.
    pub(crate) fn read(pattern: &str) -> Result<Self, String> {
        let set = BEGINNINGS.iter().find_map(|(beginning, space_at_ends)| {
            Some((pattern.strip_prefix(beginning)?.strip_suffix(END)?, *space_at_ends))
        });
        let (set, space_at_ends) = set.ok_or_else(|| {
            let [forms, with_spaces] = BEGINNINGS.map(|(form, _)| format!("`{form}...{END}`"));
            format!("it has neither the form {forms} nor {with_spaces}")
        })?;
        let pattern = Self { forbidden: merged(read_set(set)?), space_at_ends };
        match ('\0'..='\x1F').chain(['\\', '\x7F']).find(|must| !pattern.forbids(*must)) {
            Some('\\') => Err("it allows `\\`, which URL parsers read as `/`".to_owned()),
            Some(control) => {
                Err(format!("it allows the control character U+{:04X}", u32::from(control)))
            }
            None => Ok(pattern),
        }
    }

    /// Whether a character is forbidden.
    pub fn forbids(&self, character: char) -> bool {
        let code_point = u32::from(character);
        self.forbidden.iter().any(|&(first, last)| (first..=last).contains(&code_point))
    }

    /// Whether a value that is not percent-encoded matches the pattern.
    pub fn matches(&self, value: &str) -> bool {
        !matches!(value, "" | "." | "..")
            && (self.space_at_ends || !(value.starts_with(' ') || value.ends_with(' ')))
            && !value.chars().any(|character| self.forbids(character))
    }
}

/// Reads the inside of `[^...]`.
fn read_set(text: &str) -> Result<Vec<(u32, u32)>, String> {
    let mut ranges = Vec::new();
    let mut rest = text.chars().peekable();
    while rest.peek().is_some() {
        let first = read_character(&mut rest)?;
        let is_range = rest.next_if_eq(&'-').is_some();
        let last = if is_range { read_character(&mut rest)? } else { first };
        if last < first {
            return Err(format!("its range U+{first:04X} to U+{last:04X} is empty"));
        }
        ranges.push((first, last));
    }
    Ok(ranges)
}

/// Reads one character of `[^...]`.
fn read_character(rest: &mut Peekable<Chars<'_>>) -> Result<u32, String> {
    let escaped = rest.next_if_eq(&'\\').is_some();
    let digits = match rest.next() {
        Some('x') if escaped => 2,
        Some('u') if escaped => 4,
        Some(mark) if escaped && mark.is_ascii_punctuation() => return Ok(mark.into()),
        Some(other) if escaped => {
            return Err(format!("`\\{other}` in it does not name one character"));
        }
        Some(sign @ ('[' | ']' | '-' | '^')) => {
            return Err(format!("`{sign}` in it needs a backslash"));
        }
        Some(character) => return Ok(character.into()),
        None => return Err("its last range or escape has no end".to_owned()),
    };
    let text: String = rest.by_ref().take(digits).collect();
    let is_hex = text.len() == digits && text.bytes().all(|digit| digit.is_ascii_hexdigit());
    let code_point = u32::from_str_radix(&text, 16).ok().filter(|_| is_hex);
    let character = code_point.and_then(char::from_u32).map(u32::from);
    character.ok_or_else(|| format!("`{text}` in it is not the code point of a character"))
}

/// The same characters in as few ranges as possible, in ascending order.
fn merged(mut ranges: Vec<(u32, u32)>) -> Vec<(u32, u32)> {
    ranges.sort_unstable();
    let mut merged: Vec<(u32, u32)> = Vec::new();
    for (first, last) in ranges {
        match merged.last_mut() {
            Some((_, end)) if first <= end.saturating_add(1) => *end = last.max(*end),
            _ => merged.push((first, last)),
        }
    }
    merged
}

#[cfg(test)]
mod tests {
    use super::{IdentifierPattern, LEAST_PATTERN};

    #[test]
    fn a_pattern_is_read_into_its_characters() {
        let read = |set: &str| {
            let pattern = format!(r"^(?!\.{{1,2}}$)[^\x00-\x1F\\\x7F{set}]+$");
            IdentifierPattern::read(&pattern).map(|pattern| pattern.forbidden)
        };
        let least = [(0, 0x1F), (0x5C, 0x5C), (0x7F, 0x7F)];
        assert_eq!(read("").unwrap(), least);
        assert_eq!(read(r"\x7F-\x9F\xA0").unwrap()[2], (0x7F, 0xA0));
        assert_eq!(
            read(r"\u3164\u115F-\u1160").unwrap()[3..],
            [(0x115F, 0x1160), (0x3164, 0x3164)]
        );
        assert_eq!(read("\u{E0000}-\u{E007F}").unwrap()[3..], [(0xE0000, 0xE007F)]);
        assert_eq!(read(r"\-\]").unwrap()[1..3], [(0x2D, 0x2D), (0x5C, 0x5D)]);
        for wrong in
            [r"\s", r"\d", r"\uD800", r"\u{E0000}", r"\xZZ", r"\u+123", "a-", "b-a", "[", "^"]
        {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_pattern_that_lets_a_value_out_of_its_segment_is_none() {
        assert!(IdentifierPattern::read(LEAST_PATTERN).is_ok());
        let spaces = LEAST_PATTERN.replace("$)", "$| |.* $)");
        assert!(!IdentifierPattern::read(&spaces).unwrap().space_at_ends);
        for (old, new) in [
            ("^(?!", "(?!"),
            (r"(?!\.{1,2}$)", ""),
            (r"(?!\.{1,2}$)", "(?! |.* $)"),
            (r"(?!\.{1,2}$)", r"(?!\.{1,2})"),
            (r"(?!\.{1,2}$)", r"(?!\.{1,2}$|.* $)"),
            (r"(?!\.{1,2}$)", r"(?!\.{1,2}$|a)"),
            (r"\\", ""),
            (r"\x7F", ""),
            (r"\x00", r"\x01"),
            (r"\x1F", r"\x1E"),
            ("[^", "["),
            ("+$", "*$"),
            ("+$", "+"),
        ] {
            let weaker = LEAST_PATTERN.replace(old, new);
            assert_ne!(weaker, LEAST_PATTERN);
            assert!(IdentifierPattern::read(&weaker).is_err(), "{weaker}");
        }
    }
}
