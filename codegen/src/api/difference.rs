//! Differences from Microsoft's permission data, and those that the spec records.

use serde::{Deserialize, Serialize};

use super::method::Method;
use crate::diagnostics::named_enum::named;

/// The key of the extension at the top level that records deliberate differences.
pub(crate) const DIFFERENCES_KEY: &str = "x-graph-upstream-differences";

named! {
    /// The kind of a difference, and what to do about it. "Upstream" is Microsoft's file.
    pub DifferenceKind with advice {
        PathNotInSpec = "path-not-in-spec", "add the path as CONTRIBUTING.md shows";
        PathNotUpstream = "path-not-upstream",
            "look up whether Graph still has the path; remove it if not";
        MethodNotInSpec = "method-not-in-spec", "add the method to the path";
        MethodNotUpstream = "method-not-upstream",
            "look up whether Graph still takes the method; remove it if not";
        SchemeNotInSpec = "scheme-not-in-spec",
            "look it up in a document that can be a `source`; add it to `security` and to `leastPrivilegedFirst` of the path's operations";
        SchemeNotUpstream = "scheme-not-upstream",
            "look up whether Graph still takes such tokens; remove the permissions if not";
        PersonalAccountsNotInSpec = "personal-accounts-not-in-spec",
            "look up whether personal accounts have such photos; add `personal` to `accountKinds` if so";
        PersonalAccountsNotUpstream = "personal-accounts-not-upstream",
            "remove `personal` from `accountKinds`";
        PermissionNotInSpec = "permission-not-in-spec",
            "look it up in a document that can be a `source`; add it to `security` and to `leastPrivilegedFirst` of the path's operations";
        PermissionNotUpstream = "permission-not-upstream",
            "look up whether the permission still suffices, perhaps under another name; correct or remove it";
        LeastPrivilegedDiffers = "least-privileged-differs",
            "list the least privileged permission first in `security` and in `leastPrivilegedFirst`";
        SourceDisagrees = "source-disagrees", "look up whether the two still disagree";
        RecordedInVain = "recorded-in-vain", "remove the entry from `x-graph-upstream-differences`";
    }
}

impl DifferenceKind {
    /// The names of the kinds that the spec may record: all but the last.
    pub(crate) const RECORDED: &'static [&'static str] = match Self::NAMES.split_last() {
        Some((_, recorded)) => recorded,
        None => &[],
    };

    pub(crate) const fn has_scheme(self) -> bool {
        matches!(self, Self::SchemeNotInSpec | Self::SchemeNotUpstream) || self.has_permission()
    }

    pub(crate) const fn has_permission(self) -> bool {
        use DifferenceKind::{LeastPrivilegedDiffers, PermissionNotInSpec, PermissionNotUpstream};
        matches!(self, PermissionNotInSpec | PermissionNotUpstream | LeastPrivilegedDiffers)
            || matches!(self, Self::SourceDisagrees)
    }

    /// Whether it always concerns one method; others may.
    pub(crate) const fn has_method(self) -> bool {
        matches!(self, Self::MethodNotInSpec | Self::MethodNotUpstream)
    }

    pub(crate) const fn is_of_path(self) -> bool {
        matches!(self, Self::PathNotInSpec | Self::PathNotUpstream)
    }
}

/// The part of the API that a difference concerns.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subject {
    /// The kind of the difference.
    pub kind: DifferenceKind,
    /// The path as the spec writes paths.
    pub path: String,
    /// The method; `None` if the difference concerns every method of the path.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub method: Option<Method>,
    /// The security scheme: a name of the spec, or else of upstream.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scheme: Option<String>,
    /// The permission; of two that differ, upstream's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub permission: Option<String>,
}

/// A deliberate difference, as the spec records it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Recorded {
    /// What differs.
    #[serde(flatten)]
    pub subject: Subject,
    /// The key of the [`Source`](crate::api::Source) that the decision rests on.
    pub source: String,
    /// Why it is deliberate: whole sentences.
    pub reason: String,
}
