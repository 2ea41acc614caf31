//! Keys: those that a mapping lacks, and faults of those that it can't have.

use super::members::{Form, Object};
use crate::diagnostics::rule::Rule;
use crate::diagnostics::suggestion::{EXTENSION, alternatives, similar};
use crate::names::is_word;
use crate::yaml::document::Node;

/// Owners of extensions that this crate, or progenitor and typify, would act on.
const OWNERS: [&str; 3] = ["graph", "dropshot", "rust"];

/// The fault of a key: rule, message and remedy.
type Fault = (Rule, String, String);

impl Object {
    pub(super) fn keys(self) -> Vec<&'static str> {
        let is_allowed = |form: Form| !matches!(form, Form::Elsewhere | Form::Unsupported);
        self.each().filter(|(_, form, _)| is_allowed(*form)).map(|(key, ..)| key).collect()
    }

    /// Whether the mapping `node` lacks the member `key`, not even misspelt.
    pub(super) fn lacks(self, node: &Node<'_>, key: &str) -> bool {
        let stands_for_it = |other: &str| {
            let meant = [other, other.trim_start_matches(EXTENSION)];
            let is_meant = meant.iter().any(|it| *it == key || similar(it, [key]).is_some());
            is_meant && self.is_fault(other) && !self.each().any(|(known, ..)| known == other)
        };
        node.is_mapping()
            && !node.has(key)
            && !node.entries().iter().any(|(other, _)| stands_for_it(other))
    }

    pub(super) fn is_fault(self, key: &str) -> bool {
        self.fault(key).is_some()
    }

    /// The fault of `key`; none if it is a member or an extension of the author's.
    pub(super) fn fault(self, key: &str) -> Option<Fault> {
        if let Some((_, form, _)) = self.each().find(|(known, ..)| *known == key) {
            let message = format!("`{key}` is not supported in {self}");
            let fault = (Rule::UnsupportedFeature, message, format!("remove `{key}`"));
            return matches!(form, Form::Unsupported).then_some(fault);
        }
        let is_free = key.starts_with(EXTENSION) && !self.is_extension();
        extension_fault(key).or_else(|| {
            let keys = self.keys();
            let remedy = match similar(key, keys.iter().copied()) {
                Some(meant) => format!("did you mean `{meant}`?"),
                None => format!("remove it; {self} may have {}", alternatives(keys)),
            };
            (!is_free).then(|| (self.form(), format!("{self} has no member `{key}`"), remedy))
        })
    }

    /// Its name with "this" for the article.
    pub(super) fn this(self) -> String {
        let noun = self.name();
        let bare = noun.strip_prefix("a ").or_else(|| noun.strip_prefix("an "));
        bare.map_or_else(|| noun.to_owned(), |noun| format!("this {noun}"))
    }

    /// The rule that an unknown member, or one of a wrong type, breaks.
    pub(super) fn form(self) -> Rule {
        if self.is_extension() { self.missing() } else { Rule::OpenapiStructure }
    }

    pub(super) fn check_complete(self, node: &Node<'_>) {
        for (key, _, example) in self.each() {
            let Some(example) = example.filter(|_| self.lacks(node, key)) else { continue };
            let is_text = matches!(key, "summary" | "description");
            let rule = if is_text { Rule::Documentation } else { self.missing() };
            let message = format!("{} has no `{key}`", self.this());
            node.fault(rule, message, format!("add `{key}: {example}`"));
        }
    }
}

/// The fault of the extension `key`, which is no member of its mapping. An author's extension
/// names its owner, as in `x-internal-team`; no key that `x-` disables looks like that.
pub(super) fn extension_fault(key: &str) -> Option<Fault> {
    let rest = key.strip_prefix(EXTENSION)?;
    let owner = rest.split_once('-').map(|(owner, _)| owner.to_ascii_lowercase());
    let all = Object::ALL.into_iter().flat_map(|object| object.each().map(move |m| (m.0, object)));
    let known: Vec<_> = all.filter(|(name, _)| name.starts_with(EXTENSION)).collect();
    let names = || known.iter().map(|(name, _)| *name);
    let (message, remedy) = if let Some((_, object)) = known.iter().find(|(name, _)| *name == key) {
        (format!("`{key}` has no meaning here"), format!("move it to {object}, or remove it"))
    } else if let Some(meant) = similar(key, names()) {
        (format!("there is no extension `{key}`"), format!("did you mean `{meant}`?"))
    } else if owner.as_ref().is_some_and(|owner| OWNERS.contains(&owner.as_str())) {
        let remedy = format!("write {}, or remove it", alternatives(names()));
        (format!("there is no extension `{key}`"), remedy)
    } else if owner.is_some_and(|owner| owner != "x" && is_word(&owner)) {
        return None;
    } else {
        let remedy =
            format!("write `{rest}`, delete the entry, or name your extension `x-OWNER-NAME`");
        (format!("`{key}` is an extension, so OpenAPI ignores it"), remedy)
    };
    Some((Rule::ExtensionName, message, remedy))
}
