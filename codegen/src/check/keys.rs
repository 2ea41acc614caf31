//! Keys: which one a mapping lacks, and what is wrong with one that it can't have.

use super::openapi::{Form, Object};
use crate::{
    diagnostics::{
        report::Report,
        rule::Rule,
        suggestion::{EXTENSION, alternatives, similar},
    },
    yaml::document::Node,
};

/// Extensions that progenitor and typify would act on.
const REFUSED_EXTENSIONS: [&str; 3] =
    ["x-dropshot-websocket", "x-dropshot-pagination", "x-rust-type"];

/// What OpenAPI 3 defines in parts of a file that the spec can't have.
const OTHER_KEYS: &str = "attribute contentType externalValue headers mapping namespace \
     operationRef pathItems prefix propertyName server value webhooks wrapped";

/// How long a member has to be for something like it to be taken for it: short
/// words are like too many others.
const SHORTEST_MISSPELT: usize = 5;

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
    fn keys(self) -> Vec<&'static str> {
        let is_allowed = |form: Form| !matches!(form, Form::Elsewhere | Form::Unsupported);
        self.each().filter(|(_, form, _)| is_allowed(*form)).map(|(key, ..)| key).collect()
    }

    /// Whether the mapping `node` lacks the member `key`, which no finding says
    /// yet. A key that was meant to be `key` has a finding of its own.
    pub(crate) fn lacks(self, node: &Node<'_>, key: &str) -> bool {
        let stands_for_it = |other: &str| {
            let is_meant = similar(other, [key]).is_some() || disabled(other, &[key]) == Some(key);
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
        extension_fault(key, &keys).or_else(|| (!is_free).then(unknown))
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

/// What is wrong with the extension `key` of a mapping that may have `keys`. One that
/// means nothing to anyone here is left alone.
pub(super) fn extension_fault(key: &str, keys: &[&'static str]) -> Option<Fault> {
    if !key.starts_with(EXTENSION) {
        return None;
    }
    let known: Vec<(&str, Object)> = extensions().collect();
    let names = || known.iter().map(|(name, _)| *name);
    let (message, remedy) = if REFUSED_EXTENSIONS.contains(&key) {
        let message = format!("`{key}` would change the generated code");
        let remedy = format!("remove `{key}`");
        return Some(Fault { rule: Rule::UnsupportedFeature, message, remedy });
    } else if let Some((_, owner)) = known.iter().find(|(name, _)| *name == key) {
        (format!("`{key}` has no meaning here"), format!("move it to {owner}, or remove it"))
    } else if let Some(meant) = disabled(key, keys) {
        let message = format!("`{key}` is an extension, and so is ignored");
        (message, format!("write `{meant}`, or delete the entry"))
    } else if let Some(meant) = similar(key, names()) {
        (format!("there is no extension `{key}`"), format!("did you mean `{meant}`?"))
    } else if key.to_lowercase().starts_with("x-graph") {
        let remedy = format!("write {}, or remove it", alternatives(names()));
        (format!("there is no extension `{key}`"), remedy)
    } else {
        return None;
    };
    Some(Fault { rule: Rule::ExtensionName, message, remedy })
}

/// Every extension that means something here, and what it belongs to.
fn extensions() -> impl Iterator<Item = (&'static str, Object)> {
    let all = Object::ALL.into_iter();
    all.flat_map(|object| object.each().map(move |(key, ..)| (key, object)))
        .filter(|(key, _)| key.starts_with(EXTENSION))
}

/// The entry that `x-` in front of a key disables, which is how YAML is often
/// commented out: one of `keys`, or what OpenAPI knows elsewhere, or a path, or
/// a status code.
fn disabled<'k>(key: &'k str, keys: &[&'k str]) -> Option<&'k str> {
    let mut rest = key.strip_prefix(EXTENSION)?;
    loop {
        let everywhere = Object::ALL.into_iter().flat_map(Object::each).map(|(key, ..)| key);
        let mut all = keys.iter().copied().chain(everywhere).chain(OTHER_KEYS.split(' '));
        let long = keys.iter().copied().filter(|key| key.len() >= SHORTEST_MISSPELT);
        let meant = all.find(|known| known.eq_ignore_ascii_case(rest));
        if let Some(known) = meant.or_else(|| similar(rest, long)) {
            return Some(known);
        }
        if rest.contains('/') || is_status(rest) {
            return Some(rest);
        }
        rest = rest.strip_prefix(EXTENSION).or_else(|| rest.strip_prefix(['-', '_', '.', ' ']))?;
    }
}

/// Whether `text` is the key of a response, such as `200` or `4XX`.
fn is_status(text: &str) -> bool {
    text.len() == 3
        && text.starts_with(|c: char| ('1'..='5').contains(&c))
        && text.chars().all(|c| c.is_ascii_digit() || c.eq_ignore_ascii_case(&'x'))
}
