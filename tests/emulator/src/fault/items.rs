//! The textual form of faults and rules: items with semicolons between them.

use std::{
    fmt::{self, Write as _},
    str::FromStr,
    time::Duration,
};

/// The longest value that a summary has.
const MAX_SUMMARY: usize = 100;

/// Why a text is not a fault, or not a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FaultError(pub(super) String);

impl fmt::Display for FaultError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "failed to read the fault: {}", self.0)
    }
}

impl std::error::Error for FaultError {}

/// Items, in the order in which they were written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Items(pub(super) Vec<Item>);

/// `key=value`, or a key alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Item {
    pub(super) key: String,
    /// Without escapes.
    pub(super) value: Option<Vec<u8>>,
}

impl Items {
    /// Adds an item.
    pub(super) fn with(mut self, key: &str, value: Option<Vec<u8>>) -> Self {
        self.0.push(Item { key: key.to_owned(), value });
        self
    }

    /// The items for people: a long value is shown by its length.
    pub(super) fn summary(&self) -> String {
        let mut items = self.clone();
        for value in items.0.iter_mut().filter_map(|item| item.value.as_mut()) {
            if value.len() > MAX_SUMMARY {
                *value = format!("({} bytes)", value.len()).into();
            }
        }
        items.to_string()
    }
}

impl Item {
    /// The value as text.
    pub(super) fn text(&self) -> Result<String, FaultError> {
        let value = self.value.clone().ok_or_else(|| self.wrong("needs a value"))?;
        String::from_utf8(value).map_err(|_| self.wrong("isn't UTF-8"))
    }

    /// The value as a number, or anything else that can be read from text.
    pub(super) fn parse<T: FromStr>(&self) -> Result<T, FaultError> {
        self.text()?.parse().map_err(|_| self.wrong("has a value that can't be read"))
    }

    /// The value as a status; without a value, `default`.
    pub(super) fn status(&self, default: u16) -> Result<u16, FaultError> {
        let status = if self.value.is_none() { default } else { self.parse()? };
        let is_final = (200..=599).contains(&status);
        is_final.then_some(status).ok_or_else(|| self.wrong("must be a status from 200 to 599"))
    }

    /// The value as a number of requests.
    pub(super) fn count(&self) -> Result<u64, FaultError> {
        let count: u64 = self.parse()?;
        (count > 0).then_some(count).ok_or_else(|| self.wrong("must be 1 or more"))
    }

    /// The value as a chance.
    pub(super) fn chance(&self) -> Result<f64, FaultError> {
        let chance: f64 = self.parse()?;
        let is_chance = chance > 0.0 && chance <= 1.0;
        is_chance.then_some(chance).ok_or_else(|| self.wrong("must be above 0, and at most 1"))
    }

    /// The value as a glob for paths.
    pub(super) fn target(&self) -> Result<String, FaultError> {
        let glob = self.text()?;
        let is_path = glob.starts_with(['/', '*']);
        is_path.then_some(glob).ok_or_else(|| self.wrong("must begin with `/` or `*`"))
    }

    /// The value as a time.
    pub(super) fn duration(&self) -> Result<Duration, FaultError> {
        let text = self.text()?;
        humantime::parse_duration(&text).map_err(|_| self.wrong("must be a time such as `250ms`"))
    }

    /// The value as two texts.
    pub(super) fn pair(&self, separator: char, form: &str) -> Result<[Self; 2], FaultError> {
        let text = self.text()?;
        let (first, second) = text.split_once(separator).ok_or_else(|| self.wrong(form))?;
        Ok([first, second]
            .map(|part| Self { key: self.key.clone(), value: Some(part.trim().into()) }))
    }

    pub(super) fn wrong(&self, what: &str) -> FaultError {
        FaultError(format!("`{}` {what}", self.key))
    }
}

/// In a value, `\;`, `\\`, `\r`, `\n` and `\xHH` are escapes.
impl FromStr for Items {
    type Err = FaultError;

    fn from_str(text: &str) -> Result<Self, FaultError> {
        let mut items = Self::default();
        for item in split(text).into_iter().map(str::trim).filter(|item| !item.is_empty()) {
            items = match item.split_once('=') {
                Some((key, value)) => items.with(key.trim(), Some(unescape(value.trim())?)),
                None => items.with(item, None),
            };
        }
        Ok(items)
    }
}

/// As `FromStr` reads it.
impl fmt::Display for Items {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, Item { key, value }) in self.0.iter().enumerate() {
            f.write_str(if position > 0 { ";" } else { "" })?;
            f.write_str(key)?;
            if let Some(value) = value {
                write!(f, "={}", escape(value))?;
            }
        }
        Ok(())
    }
}

/// The parts between semicolons that no backslash precedes.
fn split(text: &str) -> Vec<&str> {
    let mut is_escaped = false;
    let is_end = |c: char| {
        let is_end = c == ';' && !is_escaped;
        is_escaped = c == '\\' && !is_escaped;
        is_end
    };
    text.split(is_end).collect()
}

fn unescape(text: &str) -> Result<Vec<u8>, FaultError> {
    let wrong = || FaultError("`\\` begins no escape that is known".to_owned());
    let mut bytes = Vec::new();
    let mut rest = text;
    while let Some((plain, escape)) = rest.split_once('\\') {
        bytes.extend_from_slice(plain.as_bytes());
        let name = escape.chars().next().ok_or_else(wrong)?;
        let mut length = 1;
        bytes.push(match name {
            ';' => b';',
            '\\' => b'\\',
            'r' => b'\r',
            'n' => b'\n',
            'x' => {
                length = 3;
                let digits = escape.get(1..3).ok_or_else(wrong)?;
                u8::from_str_radix(digits, 16).map_err(|_| wrong())?
            }
            _ => return Err(wrong()),
        });
        rest = &escape[length..];
    }
    bytes.extend_from_slice(rest.as_bytes());
    Ok(bytes)
}

fn escape(bytes: &[u8]) -> String {
    let mut text = String::new();
    let last = bytes.len().saturating_sub(1);
    for (at, byte) in bytes.iter().enumerate() {
        match byte {
            b';' => text.push_str("\\;"),
            b'\\' => text.push_str("\\\\"),
            b'\r' => text.push_str("\\r"),
            b'\n' => text.push_str("\\n"),
            // At the ends, a space would be trimmed.
            b' ' if at > 0 && at < last => text.push(' '),
            byte if byte.is_ascii_graphic() => text.push(char::from(*byte)),
            byte => write!(text, "\\x{byte:02x}").expect("a String takes all that is written"),
        }
    }
    text
}
