//! Identifiers that cannot leave the path segment they are put into.

use std::{
    error::Error,
    fmt,
    hash::{Hash, Hasher},
    marker::PhantomData,
    str::FromStr,
};

use crate::{display::is_forbidden, generated::limits::SPACE_AT_ENDS};

/// A path parameter of the spec.
pub trait PathParameter {
    /// Its name in paths, such as `userId`.
    const NAME: &'static str;
    /// The most Unicode characters that a value may have.
    const MAX_LENGTH: usize;
}

/// A value for a path parameter, which no URL parser takes for anything but one
/// whole path segment.
///
/// The rules are those of the spec's `pattern`. Percent-encoding could not
/// replace them: URL parsers treat `%2e%2e` like `..`
/// ([URL standard](https://url.spec.whatwg.org/#double-dot-path-segment)).
pub struct Identifier<P> {
    value: Box<str>,
    parameter: PhantomData<fn() -> P>,
}

impl<P: PathParameter> Identifier<P> {
    /// Checks a value, as Graph returned it: not percent-encoded.
    ///
    /// # Errors
    ///
    /// [`InvalidIdentifier`] with the rule that the value breaks.
    pub fn new(value: impl Into<String>) -> Result<Self, InvalidIdentifier> {
        let value = value.into();
        match broken_rule(&value, P::MAX_LENGTH) {
            None => Ok(Self { value: value.into_boxed_str(), parameter: PhantomData }),
            Some(rule) => Err(InvalidIdentifier { parameter: P::NAME, rule }),
        }
    }
}

impl<P> Identifier<P> {
    /// The value, not percent-encoded.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.value
    }
}

/// The first rule that a value breaks.
fn broken_rule(value: &str, max_length: usize) -> Option<IdentifierRule> {
    if value.is_empty() {
        return Some(IdentifierRule::Empty);
    }
    if matches!(value, "." | "..") {
        return Some(IdentifierRule::DotSegment);
    }
    let length = value.chars().count();
    if length > max_length {
        return Some(IdentifierRule::TooLong { length, max_length });
    }
    if !SPACE_AT_ENDS && (value.starts_with(' ') || value.ends_with(' ')) {
        return Some(IdentifierRule::SpaceAtEnd);
    }
    value.chars().find(|&character| is_forbidden(character)).map(IdentifierRule::Character)
}

impl<P> Clone for Identifier<P> {
    fn clone(&self) -> Self {
        Self { value: self.value.clone(), parameter: PhantomData }
    }
}

impl<P> PartialEq for Identifier<P> {
    fn eq(&self, other: &Self) -> bool {
        self.value == other.value
    }
}

impl<P> Eq for Identifier<P> {}

impl<P> Hash for Identifier<P> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.value.hash(state);
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

/// A value that cannot be an identifier, with the rule that it breaks. The value
/// itself is not repeated: it may hold what a terminal should not be shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidIdentifier {
    parameter: &'static str,
    rule: IdentifierRule,
}

impl InvalidIdentifier {
    /// The name of the path parameter, such as `userId`.
    #[must_use]
    pub fn parameter(&self) -> &'static str {
        self.parameter
    }

    /// The rule that the value breaks.
    #[must_use]
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

/// What an identifier must not be or have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum IdentifierRule {
    /// It must not be empty: the path would lose a segment.
    Empty,
    /// It must not be `.` or `..`: the path would lead elsewhere.
    DotSegment,
    /// It must not have more characters than the spec allows.
    TooLong {
        /// The Unicode characters it has.
        length: usize,
        /// The most it may have.
        max_length: usize,
    },
    /// It must not begin or end with a space.
    SpaceAtEnd,
    /// It must not have this character, as the spec's `pattern` says: a backslash, a
    /// control character, or one that cannot be seen or looks like a space.
    Character(char),
}

impl fmt::Display for IdentifierRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("it is empty"),
            Self::DotSegment => f.write_str("`.` and `..` are not identifiers but steps in a path"),
            Self::TooLong { length, max_length } => {
                write!(f, "it has {length} characters, and at most {max_length} are allowed")
            }
            Self::SpaceAtEnd => f.write_str("it begins or ends with a space; remove that"),
            Self::Character('\\') => f.write_str("it has a backslash, which URLs read as a slash"),
            Self::Character(character) => {
                let kind = if character.is_ascii_graphic() {
                    "character"
                } else if character.is_whitespace() && !character.is_control() {
                    "blank"
                } else {
                    "invisible character"
                };
                let code_point = u32::from(*character);
                write!(f, "it has the {kind} U+{code_point:04X}, which no identifier has")
            }
        }
    }
}
