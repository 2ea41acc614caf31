//! What rules have in common: a member is there, has one value, or means nothing; a name
//! is known and occurs once; two lists, or all elements, agree.

use std::{collections::HashSet, mem::discriminant};

use serde_json::Value;

use super::{
    members::{Form, Object},
    references::resolve,
};
use crate::{
    diagnostics::{report::Report, rule::Rule, suggestion::instead_or},
    yaml::document::Node,
};

impl<'a> Node<'a> {
    /// The items of the list `key`; none if there is no such list.
    pub(super) fn list(&self, key: &str) -> Vec<Self> {
        self.get(key).and_then(|list| list.items()).unwrap_or_default()
    }

    /// The items of the list `key` that are text.
    pub(super) fn texts(&self, key: &str) -> Vec<(&'a str, Self)> {
        self.list(key).into_iter().filter_map(Self::with_text).collect()
    }

    /// The text that it is, and itself.
    pub(super) fn with_text(self) -> Option<(&'a str, Self)> {
        Some((self.as_text()?, self))
    }

    /// Whether it is a list or a mapping without any entry.
    pub(super) fn is_empty(&self) -> bool {
        matches!(self.value(), Value::Array(items) if items.is_empty())
            || matches!(self.value(), Value::Object(entries) if entries.is_empty())
    }

    /// The entries of the mapping `key`; none if there is no such mapping.
    pub(super) fn entries_of(&self, key: &str) -> Vec<(&'a str, Self)> {
        self.get(key).map(|node| node.entries()).unwrap_or_default()
    }

    /// The entries of a section of `components`, from any node of the file.
    pub(super) fn components(&self, section: &str) -> Vec<(&'a str, Self)> {
        let components = self.document().root().get("components");
        components.map(|components| components.entries_of(section)).unwrap_or_default()
    }

    /// Those of them that are written out, and not references.
    pub(super) fn definitions(&self, section: &str) -> Vec<(&'a str, Self)> {
        let mut definitions = self.components(section);
        definitions.retain(|(_, node)| !node.has("$ref"));
        definitions
    }

    /// The number of the line, from 1, that its key is on.
    pub(super) fn line(&self) -> usize {
        self.document().line(&self.key_place())
    }
}

/// The keys of `entries`.
pub(super) fn keys<'a>(entries: &[(&'a str, Node<'_>)]) -> Vec<&'a str> {
    entries.iter().map(|(key, _)| *key).collect()
}

impl Report {
    /// The member `key` of `owner`. Reports a missing one, unless another finding explains
    /// it, and an empty list or mapping.
    pub(super) fn require<'a>(
        &mut self,
        rule: Rule,
        (owner, object): (&Node<'a>, Object),
        key: &str,
        example: &str,
    ) -> Option<Node<'a>> {
        let member = owner.get(key).filter(|member| !member.is_empty());
        if member.is_none() && (owner.has(key) || object.lacks(owner, key)) {
            let message = format!("{} has no `{key}`", object.this());
            let place = owner.get(key).as_ref().unwrap_or(owner).key_place();
            self.add(rule, place, message, format!("add `{key}: {example}`"));
        }
        member
    }

    /// Whether the member `key` of `owner` is `value`. Reports another value; one that is
    /// blank or of another type has a finding already.
    pub(super) fn constant(
        &mut self,
        rule: Rule,
        owner: (&Node<'_>, Object),
        key: &str,
        value: impl Into<Value>,
    ) -> bool {
        let value = value.into();
        let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        let Some(node) = self.require(rule, owner, key, &text) else { return false };
        let is_other = discriminant(node.value()) == discriminant(&value) && *node.value() != "";
        if is_other && *node.value() != value {
            let message = format!("`{key}` has to be `{text}` here");
            self.add(rule, node.place(), message, format!("write `{key}: {text}`"));
        }
        *node.value() == value
    }

    /// Reports what `node` has that OpenAPI allows in an `object`, and no rule.
    pub(super) fn refuse_elsewhere(&mut self, rule: Rule, node: &Node<'_>, object: Object) {
        let refused = object.each().filter(|(_, form, _)| matches!(form, Form::Elsewhere));
        self.refuse(rule, node, &refused.map(|(key, ..)| key).collect::<Vec<_>>());
    }

    /// Reports those of `keys` that `node` has.
    pub(super) fn refuse(&mut self, rule: Rule, node: &Node<'_>, keys: &[&str]) {
        for member in keys.iter().filter_map(|key| node.get(key)) {
            let message = format!("{} has no meaning here", member.name());
            self.add(rule, member.key_place(), message, format!("remove {}", member.name()));
        }
    }

    /// Reports what a schema has beyond its type, its description and the `allowed` members.
    pub(super) fn refuse_constraints(&mut self, rule: Rule, schema: &Node<'_>, allowed: &[&str]) {
        let mut refused = Object::Schema.keys();
        refused.retain(|key| !matches!(*key, "type" | "description") && !allowed.contains(key));
        self.refuse(rule, schema, &refused);
    }

    /// The value of `media_type`, which has to be the only one of the `content` of `owner`.
    pub(super) fn only_media_type<'a>(
        &mut self,
        rule: Rule,
        owner: (&Node<'a>, Object),
        media_type: &str,
    ) -> Option<Node<'a>> {
        let content = self.require(rule, owner, "content", &format!("{{ {media_type}: ... }}"))?;
        for (other, node) in content.entries().iter().filter(|(key, _)| *key != media_type) {
            let message = format!("the media type has to be `{media_type}`, not `{other}`");
            self.add(rule, node.key_place(), message, format!("write `{media_type}` alone"));
        }
        content.get(media_type)
    }

    /// Whether `name`, the value of `node` or else its key, is one of the `known`. Reports
    /// an unknown one: `message` comes before the name, and `otherwise` is the remedy if
    /// none of the known was meant.
    pub(super) fn known(
        &mut self,
        rule: Rule,
        (name, node): (&str, &Node<'_>),
        known: &[&str],
        message: &str,
        otherwise: &str,
    ) -> bool {
        let is_known = known.contains(&name);
        if !is_known {
            let place = if *node.value() == name { node.place() } else { node.key_place() };
            let remedy = instead_or(name, known.iter().copied(), otherwise);
            self.add_grouped(rule, (place, node.document()), format!("{message} `{name}`"), remedy);
        }
        is_known
    }

    /// Whether no two of `items` are equal; reports each that equals an earlier one.
    pub(super) fn distinct<'a>(
        &mut self,
        rule: Rule,
        items: impl IntoIterator<Item = (String, Node<'a>)>,
    ) -> bool {
        let mut known = HashSet::new();
        let mut distinct = true;
        for (item, node) in items {
            if known.contains(&item) {
                distinct = false;
                let message = format!("{item} is listed twice");
                self.add(rule, node.place(), message, "remove or correct one of the two");
            }
            known.insert(item);
        }
        distinct
    }
}

/// A member of an operation and what it says, in words.
pub(super) type Statement = (&'static str, String);

/// The first difference between two lists of statements: the member, and what to say of it.
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

/// What all elements have to agree on: what the first says, and its line.
pub(super) struct Agreed<T>(pub(super) Option<(T, usize)>);

impl<T: PartialEq> Agreed<T> {
    /// What the first says, and its line, if `node` says something else by `value`.
    pub(super) fn contradicted(&mut self, value: T, node: &Node<'_>) -> Option<&(T, usize)> {
        let is_other = self.0.as_ref().is_some_and(|(known, _)| *known != value);
        let first = self.0.get_or_insert_with(|| (value, node.line()));
        is_other.then_some(first)
    }
}

/// The objects that `parts` and, from there on, what `next` finds in each lead to: each
/// object once, with the part that leads to it.
pub(super) fn reachable<'a>(
    mut parts: Vec<Node<'a>>,
    next: impl Fn(&Node<'a>) -> Vec<Node<'a>>,
) -> Vec<(Node<'a>, Node<'a>)> {
    let mut found: Vec<(Node<'a>, Node<'a>)> = Vec::new();
    while let Some(part) = parts.pop() {
        let Some(object) = resolve(&part) else { continue };
        if !found.iter().any(|(_, known)| known.key_place() == object.key_place()) {
            parts.extend(next(&object));
            found.push((part, object));
        }
    }
    found
}
