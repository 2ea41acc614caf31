//! Differences from Microsoft's permission data that the spec records.

use super::method::Method;
use crate::diagnostics::named_enum::named;

/// The key of the extension at the top level that records deliberate differences.
pub const DIFFERENCES_KEY: &str = "x-graph-upstream-differences";

named! {
    /// What a difference is about. "Upstream" is Microsoft's file.
    pub DifferenceKind {
        /// Upstream has a photo with a method that the spec uses, and the spec has no such path.
        PathNotInSpec = "path-not-in-spec";
        /// The spec has a path that upstream doesn't name.
        PathNotUpstream = "path-not-upstream";
        /// Upstream has a method of a path that the spec has elsewhere only.
        MethodNotInSpec = "method-not-in-spec";
        /// The spec has a method of a path that upstream doesn't name.
        MethodNotUpstream = "method-not-upstream";
        /// Upstream has permissions of a type that the spec has none of.
        SchemeNotInSpec = "scheme-not-in-spec";
        /// The spec has permissions of a type that upstream has none of.
        SchemeNotUpstream = "scheme-not-upstream";
        /// Upstream lets personal accounts in, and the spec doesn't.
        PersonalAccountsNotInSpec = "personal-accounts-not-in-spec";
        /// The spec lets personal accounts in, and upstream doesn't.
        PersonalAccountsNotUpstream = "personal-accounts-not-upstream";
        /// Upstream has a permission that the spec doesn't list.
        PermissionNotInSpec = "permission-not-in-spec";
        /// The spec lists a permission that upstream doesn't have.
        PermissionNotUpstream = "permission-not-upstream";
        /// The two name different permissions as the least privileged.
        LeastPrivilegedDiffers = "least-privileged-differs";
        /// The two agree on the least privileged permission, and a document that the
        /// spec names as a source says otherwise. Only ever recorded.
        SourceDisagrees = "source-disagrees";
        /// The spec records a difference that isn't there. Never recorded.
        #[serde(skip_deserializing)]
        RecordedInVain = "recorded-in-vain";
    }
}

impl DifferenceKind {
    /// The names of those that may be recorded: all but the last.
    pub(crate) const RECORDED: &'static [&'static str] = match Self::NAMES.split_last() {
        Some((_, recorded)) => recorded,
        None => &[],
    };

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

/// A deliberate difference, as the spec records it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Deserialize)]
pub struct Recorded {
    /// What it is about.
    pub kind: DifferenceKind,
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
