//! What one YAML parser accepts and another one refuses, or reads as something else:
//! characters, tabs, anchors, and plain scalars that YAML 1.1 and 1.2 give another
//! meaning. The spec is read by other tools, too.

use std::{collections::BTreeMap, ops::Range};

use saphyr_parser::ScalarStyle;

use super::reader::MERGE_KEY;

/// A fault: its place, what it is, and the remedy.
type Fault = (Range<usize>, String, &'static str);

/// Whether Unicode promises that `c` will never be a character:
/// <https://www.unicode.org/faq/private_use.html#noncharacters>.
pub(super) fn is_noncharacter(c: char) -> bool {
    matches!(c, '\u{FDD0}'..='\u{FDEF}') || u32::from(c) & 0xFFFE == 0xFFFE
}

/// The characters that don't belong in a YAML file, each kind once, wherever they
/// are: other parsers refuse them even in comments.
pub(super) fn characters(text: &str) -> Vec<Fault> {
    let mut found: BTreeMap<char, (usize, usize)> = BTreeMap::new();
    for (at, character) in text.char_indices() {
        if problem(character, at).is_some() {
            found.entry(character).or_insert((at, 0)).1 += 1;
        }
    }
    let faults = found.into_iter().map(|(character, (at, count))| {
        let problem = problem(character, at).unwrap_or_default();
        let times = if count > 1 { format!(" ({count} times)") } else { String::new() };
        let message = format!("the file has U+{:04X}{times}, {problem}", u32::from(character));
        (at..at + character.len_utf8(), message, "remove it, or write a space instead")
    });
    faults.collect()
}

/// What is wrong with a character at the byte `at`, by the productions `c-printable`
/// and `c-byte-order-mark` of YAML 1.2 and the line breaks of YAML 1.1.
fn problem(character: char, at: usize) -> Option<&'static str> {
    match character {
        '\t' | '\n' | '\r' => None,
        '\u{85}' | '\u{2028}' | '\u{2029}' => Some("a line break in YAML 1.1, but not in 1.2"),
        '\u{FEFF}' if at > 0 => Some("a byte order mark, which belongs at the beginning"),
        char::REPLACEMENT_CHARACTER => {
            Some("which stands where a character was lost when the file was converted to UTF-8")
        }
        c if is_noncharacter(c) => Some("which is no character"),
        c if c.is_control() => Some("a control character, which YAML doesn't allow"),
        _ => None,
    }
}

/// The name of the anchor in front of the value at `span`, and the byte of its `&`.
pub(super) fn anchor<'t>(text: &'t str, span: &Range<usize>) -> Option<(&'t str, usize)> {
    let ends = |c: char| c.is_whitespace() || ",[]{}".contains(c);
    let mut at = span.start;
    loop {
        let rest = text.get(at..)?;
        let word = rest.split(ends).next().unwrap_or_default();
        match word.strip_prefix('&') {
            Some(name) => return Some((name, at)),
            None if word.starts_with('!') => {
                let after = rest.get(word.len()..)?;
                at = text.len() - after.trim_start().len();
            }
            None => return None,
        }
    }
}

/// The tabs that other parsers refuse: all but those in comments, in quotes, and in
/// the content of block scalars. `scalars` are those that aren't plain.
pub(super) fn tabs(text: &str, scalars: &[(Range<usize>, ScalarStyle)]) -> Vec<Range<usize>> {
    let mut found: Vec<usize> = Vec::new();
    let mut at = 0;
    for (span, style) in scalars {
        let content = match style {
            ScalarStyle::Literal | ScalarStyle::Folded => span.clone(),
            _ => quoted(text, span),
        };
        found.extend(tabs_between(text, at..content.start));
        if matches!(style, ScalarStyle::Literal | ScalarStyle::Folded) {
            found.extend(tabs_of_indentation(text, &content));
        }
        at = at.max(content.end);
    }
    found.extend(tabs_between(text, at..text.len()));
    found.into_iter().map(|tab| tab..tab + 1).collect()
}

/// The quoted scalar in `span`, which may begin with an anchor and end after a
/// comment.
fn quoted(text: &str, span: &Range<usize>) -> Range<usize> {
    let spanned = text.get(span.clone()).unwrap_or_default();
    let Some(start) = spanned.find(['"', '\'']) else { return span.clone() };
    let mut rest = spanned.get(start..).unwrap_or_default().char_indices();
    let quote = rest.next().map(|(_, quote)| quote);
    while let Some((at, character)) = rest.next() {
        if character == '\\' && quote == Some('"') {
            rest.next();
        } else if Some(character) == quote {
            let mut next = rest.clone();
            if quote == Some('\'') && next.next().is_some_and(|(_, next)| next == '\'') {
                rest = next;
            } else {
                return span.start + start..span.start + start + at + 1;
            }
        }
    }
    span.clone()
}

/// The tabs in a part of the file without scalars in quotes and blocks.
fn tabs_between(text: &str, part: Range<usize>) -> Vec<usize> {
    let mut found = Vec::new();
    let mut comment = false;
    let before = text.get(..part.start).unwrap_or_default();
    let mut blank = before.chars().next_back().is_none_or(char::is_whitespace);
    for (at, character) in text.get(part.clone()).unwrap_or_default().char_indices() {
        match character {
            '\n' | '\r' => comment = false,
            '#' if blank => comment = true,
            '\t' if !comment => found.push(part.start + at),
            _ => {}
        }
        blank = character.is_whitespace();
    }
    found
}

/// The tabs in front of the content of a block scalar, in lines after its first.
fn tabs_of_indentation(text: &str, content: &Range<usize>) -> Vec<usize> {
    let line =
        text.get(..content.start).map_or(0, |before| before.rfind('\n').map_or(0, |at| at + 1));
    let indent = content.start - line;
    let mut found = Vec::new();
    let mut start = content.start;
    let lines = text.get(content.clone()).unwrap_or_default().split_inclusive('\n');
    for (index, line) in lines.enumerate() {
        let blanks = line.bytes().take_while(|byte| matches!(byte, b' ' | b'\t')).take(indent);
        let tab = blanks.clone().position(|byte| byte == b'\t').filter(|_| index > 0);
        found.extend(tab.map(|tab| start + tab));
        start += line.len();
    }
    found
}

/// What a plain scalar means.
#[derive(Debug, PartialEq)]
enum Meaning {
    Null,
    Bool(bool),
    /// `None` if it is too large for any tool to read it as it stands.
    Int(Option<i128>),
    Float(f64),
    Text,
    /// Something that JSON has no word for.
    Other(&'static str),
}

impl Meaning {
    fn in_words(&self) -> String {
        match self {
            Self::Null => "nothing".to_owned(),
            Self::Bool(value) => format!("`{value}`"),
            Self::Int(Some(number)) => format!("the number {number}"),
            Self::Float(number) if number.is_finite() => format!("the number {number}"),
            Self::Int(None) | Self::Float(_) => "a number that JSON doesn't have".to_owned(),
            Self::Text => "text".to_owned(),
            Self::Other(what) => (*what).to_owned(),
        }
    }
}

/// What is wrong with a plain scalar, and the remedy.
pub(super) fn plain(text: &str, is_key: bool) -> Option<(String, String)> {
    if is_key && text == MERGE_KEY {
        return None; // It has a finding of its own.
    }
    let (old, new) = (yaml_1_1(text), yaml_1_2(text));
    let quote = |what: &str| format!("put {what} into quotes: `'{text}'`");
    let message = if old != new {
        format!("`{text}` is {} in YAML 1.2, but {} in YAML 1.1", new.in_words(), old.in_words())
    } else if matches!(new, Meaning::Int(None))
        || matches!(new, Meaning::Float(f) if !f.is_finite())
    {
        format!("`{text}` is {}", new.in_words())
    } else if is_key && new != Meaning::Text && !is_decimal(text) {
        let message = format!("the key `{text}` is {} to YAML, not text", new.in_words());
        return Some((message, quote("the key")));
    } else {
        return None;
    };
    let number = [old, new].into_iter().any(|m| matches!(m, Meaning::Int(_) | Meaning::Float(_)));
    let remedy = if number { "; write a number in plain decimal digits" } else { "" };
    Some((message, quote("text") + remedy))
}

/// Whether `text` is a number as everybody writes it.
fn is_decimal(text: &str) -> bool {
    is_some_digits(text, 10) && (text == "0" || !text.starts_with('0'))
}

/// By the core schema: <https://yaml.org/spec/1.2.2/#103-core-schema>.
fn yaml_1_2(text: &str) -> Meaning {
    if let Some(word) = word(text) {
        return word;
    }
    let (_, digits) = sign(text);
    if is_some_digits(digits, 10) {
        return Meaning::Int(integer(text, digits, 10));
    }
    if let Some(octal) = text.strip_prefix("0o").filter(|octal| is_some_digits(octal, 8)) {
        return Meaning::Int(integer(text, octal, 8));
    }
    if let Some(hexadecimal) = text.strip_prefix("0x").filter(|digits| is_some_digits(digits, 16)) {
        return Meaning::Int(integer(text, hexadecimal, 16));
    }
    let (mantissa, exponent) = digits.split_once(['e', 'E']).unwrap_or((digits, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits_or_none = |text: &str| text.chars().all(|c| c.is_ascii_digit());
    let is_float = digits_or_none(whole)
        && digits_or_none(fraction)
        && !(whole.is_empty() && fraction.is_empty())
        && is_some_digits(sign(exponent).1, 10);
    if is_float { Meaning::Float(text.parse().unwrap_or(f64::INFINITY)) } else { Meaning::Text }
}

/// By the types of YAML 1.1, <https://yaml.org/type/>, as libyaml and `PyYAML` read
/// them.
fn yaml_1_1(text: &str) -> Meaning {
    match text {
        "y" | "Y" | "yes" | "Yes" | "YES" | "on" | "On" | "ON" => return Meaning::Bool(true),
        "n" | "N" | "no" | "No" | "NO" | "off" | "Off" | "OFF" => return Meaning::Bool(false),
        "=" => return Meaning::Other("a default value"),
        MERGE_KEY => return Meaning::Other("a merge key"),
        _ => {}
    }
    if let Some(word) = word(text) {
        return word;
    }
    let (_, unsigned) = sign(text);
    let digits = unsigned.replace('_', "");
    let based = |prefix: &str, base: u32| {
        let digits = digits.strip_prefix(prefix)?;
        is_some_digits(digits, base).then(|| Meaning::Int(integer(text, digits, base)))
    };
    // An underscore is a part of a number, but never its beginning.
    let number = unsigned.starts_with(|c: char| c.is_ascii_digit() || c == '.');
    if let Some(number) = based("0b", 2).or_else(|| based("0x", 16)).filter(|_| number) {
        return number;
    }
    if number && is_some_digits(&digits, 10) {
        let octal = digits.len() > 1 && digits.starts_with('0');
        return match octal {
            true if is_some_digits(&digits, 8) => Meaning::Int(integer(text, &digits, 8)),
            true => Meaning::Text,
            false => Meaning::Int(integer(text, &digits, 10)),
        };
    }
    if number && is_sexagesimal(&digits) {
        return Meaning::Other("a number to the base of 60");
    }
    if is_timestamp(text) {
        return Meaning::Other("a date");
    }
    float_1_1(text, &digits).filter(|_| number).unwrap_or(Meaning::Text)
}

/// A number with a decimal point, whose exponent has a sign.
fn float_1_1(text: &str, digits: &str) -> Option<Meaning> {
    let (mantissa, exponent) = digits.split_once(['e', 'E']).unwrap_or((digits, "+0"));
    let (whole, fraction) = mantissa.split_once('.')?;
    let all_digits = |text: &str| text.chars().all(|c| c.is_ascii_digit());
    let signed = exponent.strip_prefix(['+', '-'])?;
    let is_float = all_digits(whole)
        && all_digits(fraction)
        // `.5` has no sign.
        && (!whole.is_empty() || (!fraction.is_empty() && text.starts_with('.')))
        && is_some_digits(signed, 10);
    let plain = text.replace('_', "");
    is_float.then(|| Meaning::Float(plain.parse().unwrap_or(f64::INFINITY)))
}

/// The words that both versions know.
fn word(text: &str) -> Option<Meaning> {
    Some(match text {
        "" | "~" | "null" | "Null" | "NULL" => Meaning::Null,
        "true" | "True" | "TRUE" => Meaning::Bool(true),
        "false" | "False" | "FALSE" => Meaning::Bool(false),
        ".inf" | ".Inf" | ".INF" | "+.inf" | "+.Inf" | "+.INF" | ".nan" | ".NaN" | ".NAN" => {
            Meaning::Float(f64::INFINITY)
        }
        "-.inf" | "-.Inf" | "-.INF" => Meaning::Float(f64::NEG_INFINITY),
        _ => return None,
    })
}

/// The sign of a number, if it has one, and the rest.
fn sign(text: &str) -> (bool, &str) {
    (text.starts_with('-'), text.strip_prefix(['+', '-']).unwrap_or(text))
}

fn is_some_digits(text: &str, base: u32) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_digit(base))
}

/// The number with these digits, if it fits into 64 bits. `text` has the sign.
fn integer(text: &str, digits: &str, base: u32) -> Option<i128> {
    let number = i128::from_str_radix(digits, base).ok()?;
    let number = if sign(text).0 { -number } else { number };
    (i128::from(i64::MIN)..=i128::from(u64::MAX)).contains(&number).then_some(number)
}

/// `190:20:30` and `190:20:30.15`.
fn is_sexagesimal(digits: &str) -> bool {
    let whole = digits.split_once('.').filter(|(_, f)| f.chars().all(|c| c.is_ascii_digit()));
    let mut parts = whole.map_or(digits, |(whole, _)| whole).split(':');
    let first = parts.next().unwrap_or_default();
    let minutes: Vec<&str> = parts.collect();
    let is_minute =
        |part: &&str| part.len() <= 2 && part.parse::<u8>().is_ok_and(|number| number < 60);
    is_some_digits(first, 10)
        && (whole.is_some() || !first.starts_with('0'))
        && !minutes.is_empty()
        && minutes.iter().all(is_minute)
}

/// `2020-01-01`, `2020-1-1T12:30:00Z` and `2020-01-01 12:30:00 +1`.
fn is_timestamp(text: &str) -> bool {
    let (date, time) = match text.split_once(['T', 't', ' ', '\t']) {
        Some((date, time)) => (date, Some(time.trim_start())),
        None => (text, None),
    };
    let parts: Vec<&str> = date.split('-').collect();
    let [year, month, day] = parts.as_slice() else { return false };
    let short = |part: &str| is_some_digits(part, 10) && part.len() <= 2;
    let full = |part: &str| is_some_digits(part, 10) && part.len() == 2;
    let is_year = is_some_digits(year, 10) && year.len() == 4;
    match time {
        None => is_year && full(month) && full(day),
        Some(time) => is_year && short(month) && short(day) && is_time(time),
    }
}

/// `12:30:00`, with a fraction and a zone or without.
fn is_time(text: &str) -> bool {
    let zone = text.find(['Z', '+', '-', ' ', '\t']);
    let (time, zone) = text.split_at(zone.unwrap_or(text.len()));
    let (time, fraction) = time.split_once('.').unwrap_or((time, ""));
    let parts: Vec<&str> = time.split(':').collect();
    let [hour, minute, second] = parts.as_slice() else { return false };
    let digits =
        |part: &str, least: usize| is_some_digits(part, 10) && (least..=2).contains(&part.len());
    let zone = zone.trim_start();
    let offset = zone.strip_prefix(['+', '-']).map(|offset| offset.split(':'));
    digits(hour, 1)
        && digits(minute, 2)
        && digits(second, 2)
        && fraction.chars().all(|c| c.is_ascii_digit())
        && (matches!(zone, "" | "Z")
            || offset.is_some_and(|mut parts| parts.all(|part| digits(part, 1))))
}

#[cfg(test)]
mod tests {
    use super::plain;

    /// Judged by `PyYAML` (1.1) and the core schema (1.2).
    #[test]
    fn what_the_versions_of_yaml_read_differently_is_refused() {
        let words = "y Y n N yes Yes YES no No NO on On ON off Off OFF = <<";
        let octal = "010 -017 0o7 0o17 08 09 0b1 -0b10";
        let numbers =
            "1_000 0x1_F -0x1F 1_0.5 1e3 1E3 1.5e3 1e+3 1e-3 +.5 -.5 1e999 .inf -.Inf .nan";
        let sexagesimal = "12:30 1:2 190:20:30 190:20:30.15 00:30.0";
        let dates = "2020-01-01 2001-12-14t21:59:43.10-05:00 2001-1-2T1:59:43Z 2020-01-01T00:00:00";
        let large = "99999999999999999999 0xFFFFFFFFFFFFFFFFF";
        for list in [words, octal, numbers, sexagesimal, dates, large] {
            for text in list.split(' ') {
                let (message, remedy) = plain(text, false).unwrap_or_else(|| panic!("{text}"));
                assert!(message.contains(&format!("`{text}`")), "{message}");
                assert!(remedy.contains(&format!("`'{text}'`")), "{remedy}");
            }
        }
        assert!(plain("2001-12-14 21:59:43 +1", false).is_some());
    }

    #[test]
    fn what_they_read_alike_is_not() {
        let words = "null ~ true False TRUE yEs oN none maybe yes! x = y= .na inf nan NaN -";
        let numbers =
            "0 7 -3 +4 200 3.0.3 1.0.0 1.5 1. .5 1.5e+3 1.5e-3 007 00 0x1F 18446744073709551615";
        let times =
            "24:60 1:60 12: :30 2020-1-1 2020-01 2020-01-01T 1.2:3 v1.0 4XX 5XX 0o8 0b2 0xG _1";
        for list in [words, numbers, times] {
            for text in list.split(' ').filter(|text| *text != "=") {
                assert_eq!(plain(text, false), None, "{text}");
            }
        }
    }

    #[test]
    fn a_key_is_text_or_a_plain_number() {
        for text in ["", "~", "null", "true", "1.5", "007", "0x1F", "+1", "off", "010"] {
            assert!(plain(text, true).is_some(), "{text}");
        }
        for text in ["200", "4XX", "0", "<<", "put", "$ref", "User.ReadWrite"] {
            assert_eq!(plain(text, true), None, "{text}");
        }
    }
}
