//! Versions, and the digit that a change demands to be raised.

use std::{error::Error, fmt, str::FromStr};

use semver::{BuildMetadata, Prerelease};

use super::change::Effect;

/// A version of the crates, without the label of its build, which doesn't count.
///
/// Ordered as semver.org defines it: a release comes after its pre-releases, and
/// `rc.10` after `rc.9`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version(semver::Version);

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
        match (self.0.major, self.0.minor, effect) {
            (1.., _, Effect::Breaking) => Bump::Major,
            (1.., _, Effect::Compatible) | (0, 1.., Effect::Breaking) => Bump::Minor,
            _ => Bump::Patch,
        }
    }

    /// The lowest version that has this digit raised.
    ///
    /// A pre-release promises nothing to what comes after it: if its own release
    /// has 0 in every digit after this one, as `2.0.0` after `2.0.0-rc.1`, the next
    /// pre-release carries the bump already.
    #[must_use]
    pub fn bumped(&self, bump: Bump) -> Self {
        let semver::Version { major, minor, patch, .. } = self.0;
        let raised = match bump {
            Bump::Major => (minor, patch) == (0, 0),
            Bump::Minor => patch == 0,
            Bump::Patch => true,
        };
        if !self.0.pre.is_empty() && raised {
            return self.next_pre_release();
        }
        let next = |digit: u64| digit.saturating_add(1);
        Self(match bump {
            Bump::Major => semver::Version::new(next(major), 0, 0),
            Bump::Minor => semver::Version::new(major, next(minor), 0),
            Bump::Patch => semver::Version::new(major, minor, next(patch)),
        })
    }

    /// Whether this version is one of those that were demanded: `demanded` or
    /// higher, or a pre-release of one.
    #[must_use]
    pub fn carries(&self, demanded: &Self) -> bool {
        self >= demanded || (demanded.0.pre.is_empty() && self.release() >= *demanded)
    }

    /// The release that this is, or that it comes before.
    fn release(&self) -> Self {
        Self(semver::Version { pre: Prerelease::EMPTY, ..self.0.clone() })
    }

    /// The next pre-release: `rc.2` after `rc.1`, and `beta.1` after `beta`.
    fn next_pre_release(&self) -> Self {
        let label = self.0.pre.as_str();
        let (before, last) = match label.rsplit_once('.') {
            Some((before, last)) => (format!("{before}."), last),
            None => (String::new(), label),
        };
        let next = last.parse::<u64>().ok().and_then(|last| last.checked_add(1));
        let next = next.map_or_else(|| format!("{label}.1"), |next| format!("{before}{next}"));
        let pre = Prerelease::new(&next).expect("a label with a number at its end is one");
        Self(semver::Version { pre, ..self.0.clone() })
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
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
        let version = semver::Version::parse(text);
        let version = version.map_err(|_| ParseVersionError(text.to_owned()))?;
        Ok(Self(semver::Version { build: BuildMetadata::EMPTY, ..version }))
    }
}

impl fmt::Display for ParseVersionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` is not a version of three numbers, such as `0.2.0`", self.0)
    }
}

impl Error for ParseVersionError {}
