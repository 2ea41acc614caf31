//! What a change of the spec means for those who depend on it: two specs in, a
//! list of classified changes out.

mod kind;
mod objects;
mod paired;
mod permissions;
mod photo;
mod schemas;
mod servers;
mod targets;
mod texts;
mod version;

use std::fmt;

use openapiv3::{Parameter, ReferenceOr};

pub use self::{
    kind::Kind,
    version::{Bump, ParseVersionError, Version},
};
use crate::{Spec, upstream::DIFFERENCES_KEY};

/// One difference between two specs that somebody can notice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    kind: Kind,
    text: String,
    remedy: Option<String>,
}

impl Change {
    fn new(kind: Kind, text: impl Into<String>) -> Self {
        Self { kind, text: text.into(), remedy: None }
    }

    fn with_remedy(self, remedy: impl Into<String>) -> Self {
        Self { remedy: Some(remedy.into()), ..self }
    }

    /// What has changed, as one of a closed set.
    #[must_use]
    pub const fn kind(&self) -> Kind {
        self.kind
    }

    /// What it means for whom.
    #[must_use]
    pub const fn impact(&self) -> Impact {
        self.kind.impact()
    }

    /// Why it means that: one sentence without a full stop.
    #[must_use]
    pub const fn reason(&self) -> &'static str {
        self.kind.reason()
    }

    /// What has changed, in one line, with the names concerned in backticks.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// What those have to do who depend on how it was.
    #[must_use]
    pub fn remedy(&self) -> Option<&str> {
        self.remedy.as_deref()
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

impl Effect {
    /// Its name in kebab case.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Unaffected => "unaffected",
            Self::Documentation => "documentation",
            Self::Compatible => "compatible",
            Self::Breaking => "breaking",
        }
    }
}

impl fmt::Display for Effect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// Every change from `old` to `new`, the gravest first.
///
/// Empty only if the two specs are equal, but for the order of parameters and of
/// tags, and for what is recorded about Microsoft's data: nothing depends on them.
#[must_use]
pub fn compare(old: &Spec, new: &Spec) -> Vec<Change> {
    let (old, new) = (&in_order(old), &in_order(new));
    let pairs = targets::pair(&old.api, &new.api);
    let renames = targets::parameter_renames(&pairs.both);
    let mut changes = targets::compare(&pairs, &renames);
    changes.extend(targets::compare_identifiers(&old.api, &new.api, &renames));
    changes.extend(photo::compare(&old.api, &new.api));
    changes.extend(photo::compare_responses(&pairs.both, old, new));
    changes.extend(permissions::compare(&pairs.both));
    changes.extend(permissions::compare_schemes(&old.api, &new.api));
    changes.extend(servers::compare(&old.api, &new.api));
    changes.extend(schemas::compare(old, new));
    changes.extend(texts::compare(&pairs.both, old, new));
    if changes.is_empty() && old != new {
        let text = "the file differs in its order, or in details that the client leaves out";
        changes.push(Change::new(Kind::DetailChanged, text));
    }
    changes.sort_by_key(|change| std::cmp::Reverse(change.impact().effect()));
    changes
}

/// A spec without recorded differences, and with its parameters, and all tags but
/// the first of an operation, in an order that doesn't depend on how they are listed.
fn in_order(spec: &Spec) -> Spec {
    let mut spec = spec.clone();
    spec.api.upstream_differences.clear();
    spec.openapi.extensions.retain(|key, _| key != DIFFERENCES_KEY);
    let by_text = |list: &mut Vec<ReferenceOr<Parameter>>| {
        list.sort_by_key(|parameter| format!("{parameter:?}"));
    };
    for item in spec.openapi.paths.paths.values_mut() {
        let ReferenceOr::Item(item) = item else { continue };
        by_text(&mut item.parameters);
        for operation in [&mut item.put, &mut item.patch].into_iter().flatten() {
            by_text(&mut operation.parameters);
            if let Some((_, others)) = operation.tags.split_first_mut() {
                others.sort();
            }
        }
    }
    spec
}

/// Puts together what is the same for several targets, each change coming with
/// the form of its target.
fn for_targets(changes: impl IntoIterator<Item = (Change, String)>) -> Vec<Change> {
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
fn quoted<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    let names: Vec<_> = names.into_iter().map(|name| format!("`{name}`")).collect();
    names.join(", ")
}
