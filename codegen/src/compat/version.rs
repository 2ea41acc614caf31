//! The digit of a version that a change demands to be raised.

/// A version of the crates. The label of a build doesn't count.
pub use semver::Version;
use semver::{BuildMetadata, Prerelease};

use super::change::Effect;
use crate::diagnostics::named_enum::named;

named! {
    /// The digit of a version that must be raised.
    pub Bump {
        /// The third.
        Patch = "patch";
        /// The second.
        Minor = "minor";
        /// The first.
        Major = "major";
    }
}

impl Bump {
    /// The digit to raise after a version for a change of this gravity, as Cargo understands
    /// versions: the first digit that isn't 0 is the one that breaks.
    pub const fn demanded(before: &Version, effect: Effect) -> Self {
        match (before.major, before.minor, effect) {
            (1.., _, Effect::Breaking) => Self::Major,
            (1.., _, Effect::Compatible) | (0, 1.., Effect::Breaking) => Self::Minor,
            _ => Self::Patch,
        }
    }

    /// The lowest version after this one that has the digit raised.
    ///
    /// A pre-release promises nothing to the next one: if its release has 0 in every digit after
    /// this one, as `2.0.0` after `2.0.0-rc.1`, the next pre-release already carries the bump.
    pub fn after(self, before: &Version) -> Version {
        let (major, minor, patch) = (before.major, before.minor, before.patch);
        let raised = match self {
            Self::Major => (minor, patch) == (0, 0),
            Self::Minor => patch == 0,
            Self::Patch => true,
        };
        if !before.pre.is_empty() && raised {
            return next_pre_release(before);
        }
        match self {
            Self::Major => Version::new(major.saturating_add(1), 0, 0),
            Self::Minor => Version::new(major, minor.saturating_add(1), 0),
            Self::Patch => Version::new(major, minor, patch.saturating_add(1)),
        }
    }
}

/// Whether a version is `demanded` or higher, or a pre-release of such a version.
pub fn carries(version: &Version, demanded: &Version) -> bool {
    let release = Version { pre: Prerelease::EMPTY, ..version.clone() };
    version.cmp_precedence(demanded).is_ge()
        || (demanded.pre.is_empty() && release.cmp_precedence(demanded).is_ge())
}

/// The next pre-release: `rc.2` after `rc.1`, and `beta.1` after `beta`.
fn next_pre_release(before: &Version) -> Version {
    let label = before.pre.as_str();
    let (start, last) = match label.rsplit_once('.') {
        Some((start, last)) => (format!("{start}."), last),
        None => (String::new(), label),
    };
    let next = last.parse::<u64>().ok().and_then(|last| last.checked_add(1));
    let next = next.map_or_else(|| format!("{label}.1"), |next| format!("{start}{next}"));
    let pre = Prerelease::new(&next).expect("a label with a number at its end is one");
    Version { pre, build: BuildMetadata::EMPTY, ..before.clone() }
}
