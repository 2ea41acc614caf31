//! What rules have in common: a member is there, has one value, or means nothing; a name
//! is known and occurs once; two lists, or all elements, agree.

use serde_json::Value;

use super::{names::instead_or, references::resolve, report::Report, shape::Object};
use crate::{document::Node, rule::Rule};

/// The members that only some types of schemas may have.
const CONSTRAINTS: [&str; 7] =
    ["format", "items", "maxLength", "minLength", "pattern", "properties", "required"];

impl<'a> Node<'a> {
    /// The items of the list `key`; none if there is no such list.
    pub(super) fn list(&self, key: &str) -> Vec<Self> {
        self.get(key).and_then(|list| list.items()).unwrap_or_default()
    }

    /// The items of the list `key` that are text.
    pub(super) fn texts(&self, key: &str) -> Vec<(&'a str, Self)> {
        self.list(key).into_iter().filter_map(|item| Some((item.as_text()?, item))).collect()
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

    /// The number of the line, from 1, that its value is on.
    pub(super) fn line(&self) -> usize {
        self.document().line(&self.place())
    }
}

impl Report {
    /// Reports the value of `node`.
    pub(super) fn value(
        &mut self,
        rule: Rule,
        node: &Node<'_>,
        message: impl Into<String>,
        remedy: impl Into<String>,
    ) {
        self.add(rule, node.place(), message, remedy);
    }

    /// Reports the key of `node`, or the entry as a whole.
    pub(super) fn key(
        &mut self,
        rule: Rule,
        node: &Node<'_>,
        message: impl Into<String>,
        remedy: impl Into<String>,
    ) {
        self.add(rule, node.key_place(), message, remedy);
    }

    /// The member `key` of `owner`. Reports that there is none, unless another finding
    /// explains that.
    pub(super) fn require<'a>(
        &mut self,
        rule: Rule,
        (owner, object): (&Node<'a>, &Object),
        key: &str,
        example: &str,
    ) -> Option<Node<'a>> {
        if object.lacks(owner, key) {
            let message = format!("`{key}` is missing here");
            self.key(rule, owner, message, format!("add `{key}: {example}`"));
        }
        owner.get(key)
    }

    /// Whether the member `key` of `owner` is `value`. Reports another value, unless it
    /// is blank or of another type, which OpenAPI's structure says already.
    pub(super) fn constant(
        &mut self,
        rule: Rule,
        owner: &Node<'_>,
        key: &str,
        value: impl Into<Value>,
    ) -> bool {
        let (Some(node), value) = (owner.get(key), value.into()) else { return false };
        let same_type = std::mem::discriminant(node.value()) == std::mem::discriminant(&value);
        if same_type && *node.value() != value && node.value() != "" {
            let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            let message = format!("`{key}` has to be `{text}` here");
            self.value(rule, &node, message, format!("write `{key}: {text}`"));
        }
        *node.value() == value
    }

    /// Reports a list or a mapping without any entry.
    pub(super) fn filled(&mut self, rule: Rule, node: &Node<'_>, example: &str) {
        if *node.value() == Value::Array(Vec::new())
            || (node.is_mapping() && node.entries().is_empty())
        {
            let message = format!("{} is empty", node.name());
            self.key(rule, node, message, format!("add {example}"));
        }
    }

    /// Reports those of `keys` that `node` has and `noun` has no use for.
    pub(super) fn refuse(&mut self, rule: Rule, node: &Node<'_>, keys: &[&str], noun: &str) {
        for member in keys.iter().filter_map(|key| node.get(key)) {
            let key = member.name();
            self.key(
                rule,
                &member,
                format!("{key} means nothing for {noun}"),
                format!("remove {key}"),
            );
        }
    }

    /// Reports what a schema has beyond the `allowed` ones of the [`CONSTRAINTS`].
    pub(super) fn refuse_constraints(
        &mut self,
        rule: Rule,
        schema: &Node<'_>,
        allowed: &[&str],
        noun: &str,
    ) {
        let refused: Vec<&str> =
            CONSTRAINTS.into_iter().filter(|key| !allowed.contains(key)).collect();
        self.refuse(rule, schema, &refused, noun);
    }

    /// The value of `media_type`, which has to be the only one of `content`.
    pub(super) fn only_media_type<'a>(
        &mut self,
        rule: Rule,
        content: &Node<'a>,
        media_type: &str,
    ) -> Option<Node<'a>> {
        self.filled(rule, content, &format!("`{media_type}`"));
        for (other, node) in content.entries().iter().filter(|(key, _)| *key != media_type) {
            let message = format!("the media type here is `{media_type}`, not `{other}`");
            let remedy = if content.has(media_type) { "remove" } else { "correct" };
            self.key(rule, node, message, format!("{remedy} `{other}`"));
        }
        content.get(media_type)
    }

    /// Reports the unknown `name`, the value of `node` or else its key. `message` is what
    /// to say in front of it, `otherwise` what to do if none of the `known` was meant.
    pub(super) fn unknown<'k>(
        &mut self,
        rule: Rule,
        (name, node): (&str, &Node<'_>),
        message: &str,
        known: impl IntoIterator<Item = &'k str>,
        otherwise: &str,
    ) {
        let place = if *node.value() == name { node.place() } else { node.key_place() };
        let remedy = instead_or(name, known, otherwise);
        self.add_grouped(rule, (place, node.document()), format!("{message} `{name}`"), remedy);
    }

    /// Whether no two of `items` are equal; reports each that equals an earlier one.
    pub(super) fn distinct<'a>(
        &mut self,
        rule: Rule,
        items: impl IntoIterator<Item = (String, Node<'a>)>,
    ) -> bool {
        let mut known = Vec::new();
        let mut distinct = true;
        for (item, node) in items {
            if known.contains(&item) {
                distinct = false;
                let message = format!("{item} is listed twice");
                self.value(rule, &node, message, "remove or correct one of the two");
            }
            known.push(item);
        }
        distinct
    }
}

/// What a member of an operation says, in words.
pub(super) type Statement = (&'static str, String);

/// The first difference between two lists of statements: the member, and what to say of it.
pub(super) fn difference(
    (one, first): (&str, &[Statement]),
    (other, second): (&str, &[Statement]),
) -> Option<Statement> {
    let lacking = |there: &[Statement], here: &[Statement]| {
        there.iter().find(|statement| !here.contains(statement)).cloned()
    };
    if let Some((key, item)) = lacking(first, second) {
        return Some((key, format!("{one} has {item}, {other} doesn't")));
    }
    if let Some((key, item)) = lacking(second, first) {
        return Some((key, format!("{other} has {item}, {one} doesn't")));
    }
    let ((key, _), _) = first.iter().zip(second).find(|(a, b)| a != b)?;
    Some((key, format!("{one} and {other} have the same in another order")))
}

/// What all elements have to agree on: what the first says, and its line.
#[derive(Debug)]
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
