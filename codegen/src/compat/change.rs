//! Changes: their kinds, and what each means for whom.

use self::Effect::{Breaking, Compatible, Documentation, Unaffected};
use crate::diagnostics::{named_enum::named, suggestion::quoted};

/// One difference between two specs that users can notice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Its kind, which decides what it means for whom.
    pub kind: ChangeKind,
    /// The change in one line, with names in backticks.
    pub text: String,
    /// What users of the old behaviour must change.
    pub remedy: Option<String>,
}

impl Change {
    pub(super) fn new(kind: ChangeKind, text: impl Into<String>) -> Self {
        Self { kind, text: text.into(), remedy: None }
    }

    pub(super) fn with_remedy(self, remedy: impl Into<String>) -> Self {
        Self { remedy: Some(remedy.into()), ..self }
    }
}

/// The effects of a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Impact {
    /// The effect on code that calls the crate.
    pub callers: Effect,
    /// The effect on an app that was granted permissions and works today.
    pub grants: Effect,
}

const fn impact(callers: Effect, grants: Effect) -> Impact {
    Impact { callers, grants }
}

impl Impact {
    /// The graver effect of the two.
    pub fn effect(self) -> Effect {
        self.callers.max(self.grants)
    }
}

named! {
    /// How grave a change is, from the least to the most.
    pub Effect {
        /// Nothing is different.
        Unaffected = "unaffected";
        /// Something reads differently.
        Documentation = "documentation";
        /// There is more than before; what worked goes on working.
        Compatible = "compatible";
        /// Something that worked no longer does.
        Breaking = "breaking";
    }
}

named! {
    /// The kind of a change: its impact, and the reason for it.
    pub ChangeKind with reason, impact: Impact {
        TargetAdded = "target-added",
            "`PhotoTarget` and `Operation` are non-exhaustive, and what works today needs no other grant" => impact(Compatible, Compatible);
        TargetRemoved = "target-removed",
            "calls that name the target no longer compile, or mean another one, and its text is refused" => impact(Breaking, Unaffected);
        PathCaseChanged = "path-case-changed",
            "a target that was stored as text is still accepted, since the case of its words is ignored" => impact(Compatible, Unaffected);
        OperationAdded = "operation-added",
            "`Operation` is non-exhaustive, and the permissions of the target cover the operation" => impact(Compatible, Unaffected);
        OperationRemoved = "operation-removed",
            "code that names the operation no longer compiles, and the target can't be written this way" => impact(Breaking, Unaffected);
        ResponseAdded = "response-added",
            "a response that was an error is a success" => impact(Compatible, Unaffected);
        ResponseRemoved = "response-removed",
            "a response that was a success is an error" => impact(Breaking, Unaffected);
        MaxLengthLowered = "max-length-lowered",
            "identifiers that were accepted are refused" => impact(Breaking, Unaffected);
        MaxLengthRaised = "max-length-raised",
            "identifiers that were refused are accepted" => impact(Compatible, Unaffected);
        PatternTightened = "pattern-tightened",
            "identifiers that were accepted are refused" => impact(Breaking, Unaffected);
        PatternRelaxed = "pattern-relaxed",
            "identifiers that were refused are accepted" => impact(Compatible, Unaffected);
        SizeLimitLowered = "size-limit-lowered",
            "photos that were accepted are refused before they are sent" => impact(Breaking, Unaffected);
        SizeLimitRaised = "size-limit-raised",
            "photos that were refused are sent" => impact(Compatible, Unaffected);
        PermissionAdded = "permission-added",
            "an app that holds another permission of the target goes on working" => impact(Unaffected, Compatible);
        PermissionRemoved = "permission-removed",
            "an app that holds no other permission of the target is refused until it is granted one" => impact(Unaffected, Breaking);
        PermissionsReordered = "permissions-reordered",
            "every grant goes on working, but another permission may be the least privileged" => impact(Unaffected, Compatible);
        ConditionTightened = "condition-tightened",
            "the permission suffices in fewer cases" => impact(Unaffected, Breaking);
        ConditionRelaxed = "condition-relaxed",
            "the permission suffices in more cases" => impact(Unaffected, Compatible);
        AccountKindAdded = "account-kind-added",
            "the operation works with more accounts" => impact(Unaffected, Compatible);
        AccountKindRemoved = "account-kind-removed",
            "an app that is used with such accounts is refused" => impact(Unaffected, Breaking);
        PermissionIdChanged = "permission-id-changed",
            "an app registration with the old id asks for another permission" => impact(Unaffected, Breaking);
        ScopeAdded = "scope-added",
            "a scope matters only where an operation takes it" => impact(Unaffected, Documentation);
        ScopeRemoved = "scope-removed",
            "a scope matters only where an operation takes it" => impact(Unaffected, Documentation);
        CloudAdded = "cloud-added", "`Cloud` is non-exhaustive" => impact(Compatible, Unaffected);
        CloudRemoved = "cloud-removed",
            "code that names the cloud no longer compiles, and its name is refused; `base_url` still takes its address" => impact(Breaking, Unaffected);
        CloudUrlChanged = "cloud-url-changed",
            "requests go elsewhere, and so do the requests for their tokens" => impact(Breaking, Unaffected);
        DefaultCloudChanged = "default-cloud-changed",
            "photos of callers who name no cloud go to another one" => impact(Breaking, Unaffected);
        TextChanged = "text-changed", "the text is for people" => impact(Documentation, Unaffected);
        DetailChanged = "detail-changed",
            "no name in the client depends on it, and of its values at most the order of a list" => impact(Documentation, Unaffected);
    }
}

/// Merges changes that are the same for several targets; each comes with its target.
pub(super) fn for_targets(changes: impl IntoIterator<Item = (Change, String)>) -> Vec<Change> {
    let mut merged: Vec<(Change, Vec<String>)> = Vec::new();
    for (change, template) in changes {
        match merged.iter_mut().find(|(known, _)| *known == change) {
            Some((_, templates)) => templates.push(template),
            None => merged.push((change, vec![template])),
        }
    }
    let in_words = |(change, templates): (Change, Vec<String>)| Change {
        text: format!("for {}: {}", quoted(&templates), change.text),
        ..change
    };
    merged.into_iter().map(in_words).collect()
}
