//! Versions, and the digit that a change demands to be raised.

use std::{error::Error, fmt, str::FromStr};

use super::change::Effect;

/// A version of the crates, without the label of its build, which doesn't count.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version {
    major: u64,
    minor: u64,
    patch: u64,
    /// Whether it is the release itself, which comes after its pre-releases.
    release: bool,
    /// Which pre-release it is, such as `rc.1`.
    label: String,
}

/// The digit of a version that has to be raised.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Bump {
    /// The third.
    Patch,
    /// The second.
    Minor,
    /// The first.
    Major,
}

impl Version {
    /// The digit to raise after this version for a change of this gravity, as
    /// Cargo understands versions: the first digit that isn't 0 is the one that
    /// breaks.
    #[must_use]
    pub const fn bump_for(&self, effect: Effect) -> Bump {
        match (self.major, self.minor, effect) {
            (1.., _, Effect::Breaking) => Bump::Major,
            (1.., _, Effect::Compatible) | (0, 1.., Effect::Breaking) => Bump::Minor,
            _ => Bump::Patch,
        }
    }

    /// The lowest version that has this digit raised.
    #[must_use]
    pub const fn bumped(&self, bump: Bump) -> Self {
        let (major, minor, patch) = match bump {
            Bump::Major => (self.major + 1, 0, 0),
            Bump::Minor => (self.major, self.minor + 1, 0),
            Bump::Patch => (self.major, self.minor, self.patch + 1),
        };
        Self { major, minor, patch, release: true, label: String::new() }
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.major, self.minor, self.patch)?;
        if self.release { Ok(()) } else { write!(f, "-{}", self.label) }
    }
}

impl fmt::Display for Bump {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Patch => "patch",
            Self::Minor => "minor",
            Self::Major => "major",
        })
    }
}

/// A text is not a version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParseVersionError(String);

impl FromStr for Version {
    type Err = ParseVersionError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let version = text.split('+').next().unwrap_or_default();
        let (numbers, label) = version.split_once('-').unwrap_or((version, ""));
        let mut numbers = numbers.split('.').map(|number| number.parse::<u32>().map(u64::from));
        match (numbers.next(), numbers.next(), numbers.next(), numbers.next()) {
            (Some(Ok(major)), Some(Ok(minor)), Some(Ok(patch)), None) => {
                Ok(Self { major, minor, patch, release: label.is_empty(), label: label.to_owned() })
            }
            _ => Err(ParseVersionError(text.to_owned())),
        }
    }
}

impl fmt::Display for ParseVersionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` is not a version of three numbers, such as `0.2.0`", self.0)
    }
}

impl Error for ParseVersionError {}
