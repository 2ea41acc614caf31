//! Identifiers that stay within their path segment.

use std::{error::Error, fmt, marker::PhantomData, str::FromStr};

use crate::{display::is_forbidden, generated::limits::SPACE_AT_ENDS};

/// A path parameter of the spec.
pub trait PathParameter {
    /// Its name in paths, such as `userId`.
    const NAME: &'static str;
    /// The most Unicode characters of a value.
    const MAX_LENGTH: usize;
}

/// The value of a path parameter, which to every URL parser is exactly one path segment.
///
/// The rules are those of the spec's `pattern`. Percent-encoding cannot replace them: URL
/// parsers treat `%2e%2e` like `..`
/// ([URL standard](https://url.spec.whatwg.org/#double-dot-path-segment)).
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Identifier<P> {
    value: Box<str>,
    parameter: PhantomData<fn() -> P>,
}

impl<P: PathParameter> Identifier<P> {
    /// Checks a value as Graph returned it, without percent-encoding.
    ///
    /// # Errors
    ///
    /// [`InvalidIdentifier`] with the broken rule.
    pub fn new(value: impl Into<String>) -> Result<Self, InvalidIdentifier> {
        let value = value.into();
        match check(&value, P::MAX_LENGTH) {
            Ok(()) => Ok(Self { value: value.into_boxed_str(), parameter: PhantomData }),
            Err(rule) => Err(InvalidIdentifier { parameter: P::NAME, rule }),
        }
    }
}

impl<P> Identifier<P> {
    /// The value, without percent-encoding.
    pub fn as_str(&self) -> &str {
        &self.value
    }
}

fn check(value: &str, max_length: usize) -> Result<(), IdentifierRule> {
    let length = value.chars().count();
    let has_space_at_end = value.starts_with(' ') || value.ends_with(' ');
    match value {
        "" => Err(IdentifierRule::Empty),
        "." | ".." => Err(IdentifierRule::DotSegment),
        _ if length > max_length => Err(IdentifierRule::TooLong { length, max_length }),
        _ if has_space_at_end && !SPACE_AT_ENDS => Err(IdentifierRule::SpaceAtEnd),
        _ => match value.chars().find(|&character| is_forbidden(character)) {
            Some(character) => Err(IdentifierRule::Character(character)),
            None => Ok(()),
        },
    }
}

impl<P> fmt::Debug for Identifier<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.value, f)
    }
}

impl<P> fmt::Display for Identifier<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.value)
    }
}

impl<P: PathParameter> FromStr for Identifier<P> {
    type Err = InvalidIdentifier;

    fn from_str(value: &str) -> Result<Self, InvalidIdentifier> {
        Self::new(value)
    }
}

/// Why a value is not an identifier. The value itself is not repeated, since it may not be safe
/// to show in a terminal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidIdentifier {
    parameter: &'static str,
    rule: IdentifierRule,
}

impl InvalidIdentifier {
    /// The name of the path parameter, such as `userId`.
    pub fn parameter(&self) -> &'static str {
        self.parameter
    }

    /// The broken rule.
    pub fn rule(&self) -> IdentifierRule {
        self.rule
    }
}

impl fmt::Display for InvalidIdentifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "invalid `{}`: {}", self.parameter, self.rule)
    }
}

impl Error for InvalidIdentifier {}

/// The rules of identifiers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum IdentifierRule {
    /// It must not be empty: the path would lose a segment.
    Empty,
    /// It must not be `.` or `..`: the path would lead elsewhere.
    DotSegment,
    /// It must not be longer than the spec allows.
    TooLong {
        /// Its length in Unicode characters.
        length: usize,
        /// The most Unicode characters.
        max_length: usize,
    },
    /// It must not begin or end with a space.
    SpaceAtEnd,
    /// It must not have this character, by the spec's `pattern`: a backslash, a control
    /// character, or one that is invisible or looks like a space.
    Character(char),
}

impl fmt::Display for IdentifierRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Empty => f.write_str("it is empty"),
            Self::DotSegment => f.write_str("`.` and `..` are not identifiers but steps in a path"),
            Self::TooLong { length, max_length } => {
                write!(f, "it has {length} characters, and at most {max_length} are allowed")
            }
            Self::SpaceAtEnd => f.write_str("it begins or ends with a space; remove that"),
            Self::Character('\\') => f.write_str("it has a backslash, which URLs read as a slash"),
            Self::Character(character) => {
                let noun = match character {
                    _ if character.is_ascii_graphic() => "character",
                    _ if character.is_whitespace() && !character.is_control() => "blank",
                    _ => "invisible character",
                };
                let code_point = u32::from(character);
                write!(f, "it has the {noun} U+{code_point:04X}, which no identifier has")
            }
        }
    }
}
