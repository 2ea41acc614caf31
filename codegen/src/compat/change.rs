//! A change: what it is about, and what it means for whom.

use std::fmt;

use self::Effect::{Breaking, Compatible, Documentation, Unaffected};

/// One difference between two specs that somebody can notice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// What it is about, and with it what it means for whom.
    pub kind: Kind,
    /// What has changed, in one line, with the names concerned in backticks.
    pub text: String,
    /// What those have to do who depend on how it was.
    pub remedy: Option<String>,
}

impl Change {
    pub(super) fn new(kind: Kind, text: impl Into<String>) -> Self {
        Self { kind, text: text.into(), remedy: None }
    }

    pub(super) fn with_remedy(self, remedy: impl Into<String>) -> Self {
        Self { remedy: Some(remedy.into()), ..self }
    }
}

/// What a change means for the two that depend on the spec.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Impact {
    /// For code that calls the crate.
    pub callers: Effect,
    /// For an app that was granted permissions and works today.
    pub grants: Effect,
}

impl Impact {
    /// The graver of the two.
    #[must_use]
    pub fn effect(self) -> Effect {
        self.callers.max(self.grants)
    }
}

/// How grave a change is, from the least to the most.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Effect {
    /// Nothing is different.
    Unaffected,
    /// Something reads differently.
    Documentation,
    /// There is more than before; what worked goes on working.
    Compatible,
    /// Something that worked no longer does.
    Breaking,
}

impl fmt::Display for Effect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Unaffected => "unaffected",
            Self::Documentation => "documentation",
            Self::Compatible => "compatible",
            Self::Breaking => "breaking",
        })
    }
}

/// Declares each kind once: its variant, its name, what it means for callers
/// and for grants, and why.
macro_rules! kinds {
    ($($variant:ident, $name:literal, $callers:expr, $grants:expr, $reason:literal;)+) => {
        /// What a change is about.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum Kind {
            $(#[doc = concat!("`", $name, "`: ", $reason, ".")] $variant,)+
        }

        impl Kind {
            /// Every kind.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// Its name in kebab case, such as `target-added`.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)+
                }
            }

            /// What it means for callers of the crate and for permission grants.
            #[must_use]
            pub const fn impact(self) -> Impact {
                let (callers, grants): (Effect, Effect) = match self {
                    $(Self::$variant => ($callers, $grants),)+
                };
                Impact { callers, grants }
            }

            /// Why it means that: one sentence without a full stop.
            #[must_use]
            pub const fn reason(self) -> &'static str {
                match self {
                    $(Self::$variant => $reason,)+
                }
            }
        }
    };
}

kinds! {
    TargetAdded, "target-added", Compatible, Compatible,
        "`PhotoTarget` and `Operation` are non-exhaustive, and what works today needs no other grant";
    TargetRemoved, "target-removed", Breaking, Unaffected,
        "calls that name it no longer compile, or mean another one, and its text is refused";
    PathCaseChanged, "path-case-changed", Compatible, Unaffected,
        "a target that was kept as text is still accepted, since the case of its words doesn't count";
    OperationAdded, "operation-added", Compatible, Unaffected,
        "`Operation` is non-exhaustive, and the permissions of the target cover the operation";
    OperationRemoved, "operation-removed", Breaking, Unaffected,
        "code that names the operation no longer compiles, and the target can't be written this way";
    ResponseAdded, "response-added", Compatible, Unaffected,
        "an answer that was an error is a success";
    ResponseRemoved, "response-removed", Breaking, Unaffected,
        "an answer that was a success is an error";
    MaxLengthLowered, "max-length-lowered", Breaking, Unaffected,
        "identifiers that were accepted are refused";
    MaxLengthRaised, "max-length-raised", Compatible, Unaffected,
        "identifiers that were refused are accepted";
    PatternTightened, "pattern-tightened", Breaking, Unaffected,
        "identifiers that were accepted are refused";
    PatternRelaxed, "pattern-relaxed", Compatible, Unaffected,
        "identifiers that were refused are accepted";
    SizeLimitLowered, "size-limit-lowered", Breaking, Unaffected,
        "photos that were accepted are refused before they are sent";
    SizeLimitRaised, "size-limit-raised", Compatible, Unaffected,
        "photos that were refused are sent";
    PermissionAdded, "permission-added", Unaffected, Compatible,
        "an app that holds another permission of the target goes on working";
    PermissionRemoved, "permission-removed", Unaffected, Breaking,
        "an app that holds no other permission of the target is refused until it is granted one";
    PermissionsReordered, "permissions-reordered", Unaffected, Compatible,
        "every grant goes on working, but the least privileged permission may be another one";
    ConditionTightened, "condition-tightened", Unaffected, Breaking,
        "the permission sufficed in cases in which it no longer does";
    ConditionRelaxed, "condition-relaxed", Unaffected, Compatible,
        "the permission suffices in more cases";
    AccountKindAdded, "account-kind-added", Unaffected, Compatible,
        "more accounts can use what is there";
    AccountKindRemoved, "account-kind-removed", Unaffected, Breaking,
        "an app that is used with such accounts is refused";
    PermissionIdChanged, "permission-id-changed", Unaffected, Breaking,
        "an app registration with the old id asks for another permission";
    ScopeAdded, "scope-added", Unaffected, Documentation,
        "a scope counts where an operation takes it";
    ScopeRemoved, "scope-removed", Unaffected, Documentation,
        "a scope counts where an operation takes it";
    CloudAdded, "cloud-added", Compatible, Unaffected,
        "`Cloud` is non-exhaustive";
    CloudRemoved, "cloud-removed", Breaking, Unaffected,
        "code that names the cloud no longer compiles, and its name is refused; `base_url` still takes its address";
    CloudUrlChanged, "cloud-url-changed", Breaking, Unaffected,
        "requests go elsewhere, and so do the requests for their tokens";
    DefaultCloudChanged, "default-cloud-changed", Breaking, Unaffected,
        "photos of callers who name no cloud go to another one";
    SchemaAdded, "schema-added", Compatible, Unaffected,
        "there is one more type";
    SchemaChanged, "schema-changed", Breaking, Unaffected,
        "generated types are plain structs with public fields: code that names one of them, or builds it, may no longer compile";
    TextChanged, "text-changed", Documentation, Unaffected,
        "it is a text for people";
    DetailChanged, "detail-changed", Documentation, Unaffected,
        "no name of the client depends on it, and of its values at most the order of a list";
}

/// Puts together what is the same for several targets, each change coming with
/// the form of its target.
pub(super) fn for_targets(changes: impl IntoIterator<Item = (Change, String)>) -> Vec<Change> {
    let mut merged: Vec<(Change, Vec<String>)> = Vec::new();
    for (change, template) in changes {
        match merged.iter_mut().find(|(known, _)| *known == change) {
            Some((_, templates)) => templates.push(template),
            None => merged.push((change, vec![template])),
        }
    }
    let in_words = |(change, templates): (Change, Vec<String>)| {
        let templates = quoted(templates.iter().map(String::as_str));
        Change { text: format!("{} for {templates}", change.text), ..change }
    };
    merged.into_iter().map(in_words).collect()
}

/// The names in backticks, separated by commas.
pub(super) fn quoted<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    let names: Vec<_> = names.into_iter().map(|name| format!("`{name}`")).collect();
    names.join(", ")
}
