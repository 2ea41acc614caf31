//! Checks that rules share: members exist or are refused, names are known, lists agree.

use std::{collections::HashSet, mem::discriminant};

use serde_json::Value;

use super::members::{Form, Object};
use crate::diagnostics::rule::Rule;
use crate::diagnostics::suggestion::instead;
use crate::yaml::document::Node;

impl<'a> Node<'a> {
    /// The items of the list `key`; none if there is no such list.
    pub(super) fn list(&self, key: &str) -> Vec<Self> {
        self.get(key).and_then(|list| list.items()).unwrap_or_default()
    }

    pub(super) fn texts(&self, key: &str) -> Vec<(&'a str, Self)> {
        self.list(key).into_iter().filter_map(Self::with_text).collect()
    }

    pub(super) fn with_text(self) -> Option<(&'a str, Self)> {
        Some((self.as_text()?, self))
    }

    pub(super) fn is_empty(&self) -> bool {
        matches!(self.value(), Value::Array(items) if items.is_empty())
            || matches!(self.value(), Value::Object(entries) if entries.is_empty())
    }

    /// The entries of the mapping `key`; none if there is no such mapping.
    pub(super) fn entries_of(&self, key: &str) -> Vec<(&'a str, Self)> {
        self.get(key).map(|node| node.entries()).unwrap_or_default()
    }

    pub(super) fn components(&self, section: &str) -> Vec<(&'a str, Self)> {
        let components = self.root().get("components");
        components.map(|components| components.entries_of(section)).unwrap_or_default()
    }

    /// The entries of a section of `components` that aren't references.
    pub(super) fn definitions(&self, section: &str) -> Vec<(&'a str, Self)> {
        let mut definitions = self.components(section);
        definitions.retain(|(_, node)| !node.has("$ref"));
        definitions
    }

    /// The member `key`. Reports an empty one, and a missing one that no other finding explains.
    pub(super) fn require(
        &self,
        rule: Rule,
        object: Object,
        key: &str,
        example: &str,
    ) -> Option<Self> {
        let member = self.get(key).filter(|member| !member.is_empty());
        if member.is_none() && (self.has(key) || object.lacks(self, key)) {
            let message = format!("{} has no `{key}`", object.this());
            let at = self.get(key).unwrap_or_else(|| self.clone());
            at.key_fault(rule, message, format!("add `{key}: {example}`"));
        }
        member
    }

    /// Whether the member `key` is `value`. Reports another value, unless it has a finding.
    pub(super) fn constant(
        &self,
        rule: Rule,
        object: Object,
        key: &str,
        value: impl Into<Value>,
    ) -> bool {
        let value = value.into();
        let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        let Some(node) = self.require(rule, object, key, &text) else { return false };
        let is_same = *node.value() == value;
        let is_of_type = discriminant(node.value()) == discriminant(&value);
        if !is_same && is_of_type && *node.value() != "" {
            node.fault(
                rule,
                format!("`{key}` must be `{text}` here"),
                format!("write `{key}: {text}`"),
            );
        }
        is_same
    }

    /// Reports the members that OpenAPI allows in an `object` and no rule does.
    pub(super) fn refuse_elsewhere(&self, rule: Rule, object: Object) {
        let refused = object.each().filter(|(_, form, _)| matches!(form, Form::Elsewhere));
        self.refuse(rule, refused.map(|(key, ..)| key));
    }

    pub(super) fn refuse<'k>(&self, rule: Rule, keys: impl IntoIterator<Item = &'k str>) {
        for member in keys.into_iter().filter_map(|key| self.get(key)) {
            let name = member.name();
            member.key_fault(rule, format!("{name} has no meaning here"), format!("remove {name}"));
        }
    }

    /// Reports the members of a schema beyond its type, its description and the `allowed`.
    pub(super) fn refuse_constraints(&self, rule: Rule, allowed: &[&str]) {
        let is_refused =
            |key: &&str| !matches!(*key, "type" | "description") && !allowed.contains(key);
        self.refuse(rule, Object::Schema.keys().into_iter().filter(is_refused));
    }

    /// The value of `media_type`, which must be the only one in the `content` of this `object`.
    pub(super) fn only_media_type(
        &self,
        rule: Rule,
        object: Object,
        media_type: &str,
    ) -> Option<Self> {
        let example = format!("{{ {media_type}: ... }}");
        let content = self.require(rule, object, "content", &example)?;
        for (other, node) in content.entries().iter().filter(|(key, _)| *key != media_type) {
            let message = format!("the media type must be `{media_type}`, not `{other}`");
            node.key_fault(rule, message, format!("write `{media_type}` alone"));
        }
        content.get(media_type)
    }

    /// Whether `name`, its value or else its key, is one of the `known`. Reports an unknown
    /// name: `message` precedes it, and `otherwise` is the remedy if no known one was meant.
    pub(super) fn is_known(
        &self,
        rule: Rule,
        name: &str,
        known: &[&str],
        message: &str,
        otherwise: &str,
    ) -> bool {
        let is_known = known.contains(&name);
        if !is_known {
            let place = if *self.value() == name { self.place() } else { self.key_place() };
            let remedy = instead(name, known.iter().copied(), otherwise);
            self.grouped_fault(rule, place, format!("{message} `{name}`"), remedy);
        }
        is_known
    }
}

pub(super) fn keys<'a>(entries: &[(&'a str, Node<'_>)]) -> Vec<&'a str> {
    entries.iter().map(|(key, _)| *key).collect()
}

/// Whether no two of `items` are equal; reports each that equals an earlier one.
pub(super) fn distinct<'a>(
    rule: Rule,
    items: impl IntoIterator<Item = (String, Node<'a>)>,
) -> bool {
    let mut known = HashSet::new();
    let mut distinct = true;
    for (item, node) in items {
        if !known.insert(item.clone()) {
            distinct = false;
            let message = format!("{item} is listed twice");
            node.fault(rule, message, "remove or correct one of the two");
        }
    }
    distinct
}

/// A member of an operation and what it says, in words.
pub(super) type Statement = (&'static str, String);

/// The first difference between two lists of statements: the member, and a message.
pub(super) fn difference(
    (one, first): (&str, &[Statement]),
    (other, second): (&str, &[Statement]),
) -> Option<Statement> {
    let lacking = |there: &[Statement], here: &[Statement], has: &str, lacks: &str| {
        let (key, item) = there.iter().find(|statement| !here.contains(statement))?;
        Some((*key, format!("{has} has {item}, {lacks} doesn't")))
    };
    let difference = lacking(first, second, one, other);
    difference.or_else(|| lacking(second, first, other, one)).or_else(|| {
        let differing = first.iter().zip(second).find(|(a, b)| a != b);
        let key = differing.map_or("", |((key, _), _)| key);
        let message = format!("{one} and {other} list the same in another order or number");
        (first != second).then_some((key, message))
    })
}

/// A value that all elements must agree on: that of the first, and its line.
#[derive(Default)]
pub(super) struct Agreed<T>(pub(super) Option<(T, usize)>);

impl<T: PartialEq> Agreed<T> {
    /// The first value and its line, if `node` has another `value`.
    pub(super) fn contradicted(&mut self, value: T, node: &Node<'_>) -> Option<&(T, usize)> {
        let is_other = self.0.as_ref().is_some_and(|(known, _)| *known != value);
        let first = self.0.get_or_insert_with(|| (value, node.line()));
        is_other.then_some(first)
    }
}
