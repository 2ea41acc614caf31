//! Keys: which one a mapping lacks, and what is wrong with one that it can't have.

use super::members::{Form, Object};
use crate::{
    diagnostics::{
        report::Report,
        rule::Rule,
        suggestion::{EXTENSION, alternatives, similar},
    },
    names::is_word,
    yaml::document::Node,
};

/// Owners of extensions that mean something: to this crate, or to progenitor and typify,
/// which would act on them.
const OWNERS: [&str; 3] = ["graph", "dropshot", "rust"];

/// What is wrong with a key.
pub(super) struct Fault {
    rule: Rule,
    message: String,
    remedy: String,
}

impl Fault {
    /// Reports the key of `value`.
    pub(super) fn report(self, value: &Node<'_>, report: &mut Report) {
        report.add(self.rule, value.key_place(), self.message, self.remedy);
    }
}

impl Object {
    /// The keys of the members that it may have.
    pub(super) fn keys(self) -> Vec<&'static str> {
        let is_allowed = |form: Form| !matches!(form, Form::Elsewhere | Form::Unsupported);
        self.each().filter(|(_, form, _)| is_allowed(*form)).map(|(key, ..)| key).collect()
    }

    /// Whether the mapping `node` lacks the member `key`, which no finding says
    /// yet. A key that was meant to be `key` has a finding of its own.
    pub(crate) fn lacks(self, node: &Node<'_>, key: &str) -> bool {
        let stands_for_it = |other: &str| {
            let meant = [other, other.trim_start_matches(EXTENSION)];
            let is_meant = meant.iter().any(|it| *it == key || similar(it, [key]).is_some());
            is_meant && self.is_fault(other) && !self.each().any(|(known, ..)| known == other)
        };
        node.is_mapping()
            && !node.has(key)
            && !node.entries().iter().any(|(other, _)| stands_for_it(other))
    }

    /// Whether `key` is one that has a finding, whatever its value.
    pub(crate) fn is_fault(self, key: &str) -> bool {
        self.fault(key).is_some()
    }

    /// What is wrong with `key`; nothing if it is a member or an extension of the
    /// author's choice.
    pub(super) fn fault(self, key: &str) -> Option<Fault> {
        let member = self.each().find(|(known, ..)| *known == key);
        if let Some((_, form, _)) = member {
            let message = format!("`{key}` is not supported in {self}");
            let (rule, remedy) = (Rule::UnsupportedFeature, format!("remove `{key}`"));
            return matches!(form, Form::Unsupported).then_some(Fault { rule, message, remedy });
        }
        let keys = self.keys();
        let is_free = key.starts_with(EXTENSION) && !self.is_extension();
        let unknown = || Fault {
            rule: self.form(),
            message: format!("{self} has no member `{key}`"),
            remedy: match similar(key, keys.iter().copied()) {
                Some(meant) => format!("did you mean `{meant}`?"),
                None => format!("remove it; {self} may have {}", alternatives(keys.clone())),
            },
        };
        extension_fault(key).or_else(|| (!is_free).then(unknown))
    }

    /// This one, in words.
    pub(super) fn this(self) -> String {
        let noun = self.name();
        let bare = noun.strip_prefix("a ").or_else(|| noun.strip_prefix("an "));
        bare.map_or_else(|| noun.to_owned(), |noun| format!("this {noun}"))
    }

    /// The rule that it breaks if a member is unknown or of a wrong type.
    pub(super) fn form(self) -> Rule {
        if self.is_extension() { self.missing() } else { Rule::OpenapiStructure }
    }

    /// Reports the members that `node` has to have and hasn't.
    pub(super) fn check_complete(self, node: &Node<'_>, report: &mut Report) {
        for (key, _, example) in self.each() {
            let Some(example) = example.filter(|_| self.lacks(node, key)) else { continue };
            let is_text = matches!(key, "summary" | "description");
            let rule = if is_text { Rule::Documentation } else { self.missing() };
            let message = format!("{} has no `{key}`", self.this());
            report.add(rule, node.place(), message, format!("add `{key}: {example}`"));
        }
    }
}

/// What is wrong with the extension `key`, which isn't one of the mapping's members. One
/// of the author's choice names its owner, as in `x-internal-team`: no key of OpenAPI that
/// is disabled by `x-` looks like that, nor does a path or a status code.
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
        let remedy = format!(
            "write `{rest}`, delete the entry, or call an extension of your own `x-OWNER-NAME`"
        );
        (format!("`{key}` is an extension, and so is ignored"), remedy)
    };
    Some(Fault { rule: Rule::ExtensionName, message, remedy })
}
