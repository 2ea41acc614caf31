//! The spec beside the data that Microsoft publishes about Graph's permissions: a
//! spec and the text of that file in, a list of differences out.

mod compare;
mod data;
mod difference;
mod lines;
mod records;

use std::fmt;

use serde::{Deserialize, Serialize};

pub use self::{
    compare::compare,
    data::{Upstream, UpstreamError},
    difference::Difference,
};
use crate::api::Method;

/// The key of the extension at the top level that records deliberate differences.
pub const DIFFERENCES_KEY: &str = "x-graph-upstream-differences";

/// What a difference is about. "Upstream" is Microsoft's file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// Upstream has a photo with a method that the spec uses, and the spec has no such path.
    PathNotInSpec,
    /// The spec has a path that upstream doesn't name.
    PathNotUpstream,
    /// Upstream has a method of a path that the spec has elsewhere only.
    MethodNotInSpec,
    /// The spec has a method of a path that upstream doesn't name.
    MethodNotUpstream,
    /// Upstream has permissions of a type that the spec has none of.
    SchemeNotInSpec,
    /// The spec has permissions of a type that upstream has none of.
    SchemeNotUpstream,
    /// Upstream lets personal accounts in, and the spec doesn't.
    PersonalAccountsNotInSpec,
    /// The spec lets personal accounts in, and upstream doesn't.
    PersonalAccountsNotUpstream,
    /// Upstream has a permission that the spec doesn't list.
    PermissionNotInSpec,
    /// The spec lists a permission that upstream doesn't have.
    PermissionNotUpstream,
    /// The two name different permissions as the least privileged.
    LeastPrivilegedDiffers,
    /// The two agree on the least privileged permission, and a document that the
    /// spec names as a source says otherwise. Only ever recorded.
    SourceDisagrees,
    /// The spec records a difference that isn't there. Never recorded.
    #[serde(skip_deserializing)]
    RecordedInVain,
}

impl Kind {
    /// Its name in kebab case, such as `permission-not-upstream`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::PathNotInSpec => "path-not-in-spec",
            Self::PathNotUpstream => "path-not-upstream",
            Self::MethodNotInSpec => "method-not-in-spec",
            Self::MethodNotUpstream => "method-not-upstream",
            Self::SchemeNotInSpec => "scheme-not-in-spec",
            Self::SchemeNotUpstream => "scheme-not-upstream",
            Self::PersonalAccountsNotInSpec => "personal-accounts-not-in-spec",
            Self::PersonalAccountsNotUpstream => "personal-accounts-not-upstream",
            Self::PermissionNotInSpec => "permission-not-in-spec",
            Self::PermissionNotUpstream => "permission-not-upstream",
            Self::LeastPrivilegedDiffers => "least-privileged-differs",
            Self::SourceDisagrees => "source-disagrees",
            Self::RecordedInVain => "recorded-in-vain",
        }
    }

    /// Whether it concerns one security scheme.
    pub(crate) const fn has_scheme(self) -> bool {
        matches!(self, Self::SchemeNotInSpec | Self::SchemeNotUpstream) || self.has_permission()
    }

    /// Whether it concerns one permission.
    pub(crate) const fn has_permission(self) -> bool {
        matches!(
            self,
            Self::PermissionNotInSpec
                | Self::PermissionNotUpstream
                | Self::LeastPrivilegedDiffers
                | Self::SourceDisagrees
        )
    }

    /// Whether it concerns one method, and not only may.
    pub(crate) const fn has_method(self) -> bool {
        matches!(self, Self::MethodNotInSpec | Self::MethodNotUpstream)
    }

    /// Whether it concerns a whole path.
    pub(crate) const fn is_of_path(self) -> bool {
        matches!(self, Self::PathNotInSpec | Self::PathNotUpstream)
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A deliberate difference, as the spec records it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorded {
    /// What it is about.
    pub kind: Kind,
    /// The path, as the spec writes paths.
    pub path: String,
    /// The one method that it is about; `None` if it is about each.
    pub method: Option<Method>,
    /// The security scheme, if the kind is about one.
    pub scheme: Option<String>,
    /// The permission, if the kind is about one; of two that differ, upstream's.
    pub permission: Option<String>,
    /// The key of the [`Source`](crate::api::Source) that the decision rests on.
    pub source: String,
    /// Why it is deliberate: whole sentences.
    pub reason: String,
}
