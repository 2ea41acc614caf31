//! Compares every value with the form that OpenAPI gives it.

use serde_json::Value;

use super::keys::extension_fault;
use super::members::{Form, Object};
use super::references;
use crate::diagnostics::rule::Rule;
use crate::diagnostics::suggestion::{EXTENSION, instead};
use crate::yaml::document::Node;

/// Invisible characters. Rust refuses some of them in comments and literals.
const INVISIBLE: &str = "\u{AD}\u{61C}\u{200B}\u{200E}\u{200F}\u{2028}\u{2029}\u{202A}\u{202B}\
     \u{202C}\u{202D}\u{202E}\u{2060}\u{2066}\u{2067}\u{2068}\u{2069}\u{FEFF}";

pub(super) fn check(root: &Node<'_>) {
    value(root, Form::Fixed(Object::Root), Rule::OpenapiStructure);
}

/// Reports faults of the form of `node`. A wrong type breaks the `rule`.
fn value(node: &Node<'_>, form: Form, rule: Rule) {
    let json = node.value();
    match form {
        Form::Any | Form::Elsewhere | Form::Unsupported => {}
        Form::Text => text(node, rule),
        Form::Flag => expect(node, json.is_boolean(), "`true` or `false`", rule),
        Form::Count => expect(node, json.is_u64(), "a whole number in plain digits", rule),
        Form::Word(words) => word(node, words, rule),
        Form::List(item) => {
            expect(node, json.is_array(), "a list", rule);
            for node in node.items().into_iter().flatten() {
                value(&node, *item, rule);
            }
        }
        Form::Map(part) => map(node, *part, false, rule),
        Form::Patterned(part) => map(node, *part, true, rule),
        Form::Fixed(fixed) => object(node, fixed),
        Form::Component(section, fixed) => match node.get("$ref") {
            Some(reference) => references::check(node, &reference, section, fixed),
            None => object(node, fixed),
        },
        Form::Definition(fixed) => match node.get("$ref") {
            Some(reference) => {
                let message = "a component can't be a reference to another one";
                let remedy = "write the component out, or remove it and refer to the other one";
                reference.key_fault(Rule::UnresolvedReference, message, remedy);
            }
            None => object(node, fixed),
        },
    }
}

/// Checks a mapping whose keys are names and, if it is `extensible`, extensions.
fn map(node: &Node<'_>, form: Form, extensible: bool, rule: Rule) {
    expect(node, node.is_mapping(), "a mapping", rule);
    for (key, node) in node.entries() {
        visible(key, &node);
        if matches!(form, Form::Definition(_)) {
            component_name(key, &node);
        }
        match key.strip_prefix(EXTENSION) {
            Some(_) if extensible => {
                if let Some((rule, message, remedy)) = extension_fault(key) {
                    node.key_fault(rule, message, remedy);
                }
                continue;
            }
            Some(rest) => {
                let message = format!("`{key}` is a name that begins with `x-`, not an extension");
                let remedy = format!("write `{rest}`, or delete the entry");
                node.key_fault(Rule::ExtensionName, message, remedy);
            }
            None => {}
        }
        value(&node, form, rule);
    }
}

fn component_name(key: &str, node: &Node<'_>) {
    let plain = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
    if key.is_empty() || !key.chars().all(plain) {
        let message = format!("`{key}` can't be the name of a component");
        let remedy = "write letters and digits of ASCII, `.`, `_` and `-` only";
        node.key_fault(Rule::OpenapiStructure, message, remedy);
    }
}

fn object(node: &Node<'_>, object: Object) {
    expect(node, node.is_mapping(), "a mapping", object.form());
    for (key, part) in node.entries() {
        if let Some((rule, message, remedy)) = object.fault(key) {
            part.key_fault(rule, message, remedy);
        } else if let Some((_, form, _)) = object.each().find(|(known, ..)| *known == key) {
            value(&part, form, object.form());
        }
    }
    object.check_complete(node);
}

fn text(node: &Node<'_>, rule: Rule) {
    match node.value() {
        Value::String(text) if text.trim().is_empty() => {
            let message = format!("{} is blank", node.name());
            node.fault(Rule::Documentation, message, "write a text");
        }
        Value::String(text) => visible(text, node),
        scalar @ (Value::Number(_) | Value::Bool(_)) => {
            let message = format!("{} must be text, but {}", node.name(), type_of(scalar));
            let remedy = format!("put it into quotes: `'{}'`", node.source());
            node.fault(rule, message, remedy);
        }
        _ => expect(node, false, "text", rule),
    }
}

fn visible(text: &str, node: &Node<'_>) {
    let invisible =
        |c: &char| INVISIBLE.contains(*c) || (c.is_control() && !matches!(c, '\n' | '\t'));
    if let Some(character) = text.chars().find(invisible).map(u32::from) {
        let message = format!("{} has the invisible character U+{character:04X}", node.name());
        node.fault(Rule::Documentation, message, "remove the character");
    }
}

fn word(node: &Node<'_>, words: &[&str], rule: Rule) {
    let Some(word) = node.value().as_str() else { return expect(node, false, "a word", rule) };
    if !words.contains(&word) {
        let message = format!("`{word}` is not one of the words allowed here");
        node.fault(rule, message, instead(word, words.iter().copied(), ""));
    }
}

fn expect(node: &Node<'_>, met: bool, expected: &str, rule: Rule) {
    if met {
        return;
    }
    let (name, found) = (node.name(), type_of(node.value()));
    let remedy = match (node.value(), name.as_str()) {
        (Value::Null, "this item") => format!("write {expected} instead, or remove the item"),
        (Value::Null, _) => format!("write {expected} after the colon"),
        _ => format!("write {expected} instead"),
    };
    let message = format!("{name} must be {expected}, but {found}");
    node.fault(rule, message, remedy);
}

fn type_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "has no value",
        Value::Bool(_) => "is `true` or `false`",
        Value::Number(_) => "is a number",
        Value::String(_) => "is text",
        Value::Array(_) => "is a list",
        Value::Object(_) => "is a mapping",
    }
}
