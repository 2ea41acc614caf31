//! Holds every value against the form that OpenAPI gives it.

use serde_json::Value;

use super::{
    keys::extension_fault,
    members::{Form, Object},
    references,
};
use crate::{
    diagnostics::{
        report::Report,
        rule::Rule,
        suggestion::{EXTENSION, instead},
    },
    yaml::document::Node,
};

/// Characters that nobody sees. Rust refuses some of them in comments and literals; none
/// has a place in a text about an API.
const INVISIBLE: &str = "\u{AD}\u{61C}\u{200B}\u{200E}\u{200F}\u{2028}\u{2029}\u{202A}\u{202B}\
     \u{202C}\u{202D}\u{202E}\u{2060}\u{2066}\u{2067}\u{2068}\u{2069}\u{FEFF}";

/// Reports where the file doesn't have the form that OpenAPI gives it.
pub(super) fn check(root: &Node<'_>, report: &mut Report) {
    value(root, Form::Fixed(Object::Root), Rule::OpenapiStructure, report);
}

/// Reports where `node` doesn't have the `form`. A wrong type breaks the `rule`.
fn value(node: &Node<'_>, form: Form, rule: Rule, report: &mut Report) {
    let json = node.value();
    match form {
        Form::Any | Form::Elsewhere | Form::Unsupported => {}
        Form::Text => text(node, rule, report),
        Form::Flag => expect(node, json.is_boolean(), "`true` or `false`", rule, report),
        Form::Count => expect(node, json.is_u64(), "a whole number in plain digits", rule, report),
        Form::Word(words) => word(node, words, rule, report),
        Form::List(item) => {
            expect(node, json.is_array(), "a list", rule, report);
            for node in node.items().into_iter().flatten() {
                value(&node, *item, rule, report);
            }
        }
        Form::Map(part) => map(node, *part, false, rule, report),
        Form::Patterned(part) => map(node, *part, true, rule, report),
        Form::Fixed(fixed) => object(node, fixed, report),
        Form::Definition(fixed) => match node.get("$ref") {
            Some(reference) => {
                let message = "a component can't be a reference to another one";
                let remedy = "write the component out, or remove it and refer to the other one";
                report.add(Rule::UnresolvedReference, reference.key_place(), message, remedy);
            }
            None => object(node, fixed, report),
        },
        Form::Component(section, fixed) => match node.get("$ref") {
            Some(reference) => references::check(node, &reference, section, fixed, report),
            None => object(node, fixed, report),
        },
    }
}

/// Checks a mapping whose keys are names, or, if it is `extensible`, extensions.
fn map(node: &Node<'_>, form: Form, extensible: bool, rule: Rule, report: &mut Report) {
    expect(node, node.is_mapping(), "a mapping", rule, report);
    for (key, node) in node.entries() {
        visible(key, &node, report);
        if matches!(form, Form::Definition(_)) {
            component_name(key, &node, report);
        }
        match key.strip_prefix(EXTENSION) {
            Some(_) if extensible => {
                if let Some(fault) = extension_fault(key) {
                    fault.report(&node, report);
                }
                continue;
            }
            Some(rest) => {
                let message =
                    format!("`{key}` is not an extension, but a name that begins with `x-`");
                let remedy = format!("write `{rest}`, or delete the entry");
                report.add(Rule::ExtensionName, node.key_place(), message, remedy);
            }
            None => {}
        }
        value(&node, form, rule, report);
    }
}

/// Reports the name of a component that OpenAPI doesn't allow.
fn component_name(key: &str, node: &Node<'_>, report: &mut Report) {
    let plain = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
    if key.is_empty() || !key.chars().all(plain) {
        let message = format!("`{key}` can't be the name of a component");
        let remedy = "write letters and digits of ASCII, `.`, `_` and `-` only";
        report.add(Rule::OpenapiStructure, node.key_place(), message, remedy);
    }
}

fn object(node: &Node<'_>, object: Object, report: &mut Report) {
    expect(node, node.is_mapping(), "a mapping", object.form(), report);
    for (key, part) in node.entries() {
        if let Some(fault) = object.fault(key) {
            fault.report(&part, report);
        } else if let Some((_, form, _)) = object.each().find(|(known, ..)| *known == key) {
            value(&part, form, object.form(), report);
        }
    }
    object.check_complete(node, report);
}

fn text(node: &Node<'_>, rule: Rule, report: &mut Report) {
    match node.value() {
        Value::String(text) if text.trim().is_empty() => {
            let message = format!("{} is blank", node.name());
            report.add(Rule::Documentation, node.place(), message, "write a text");
        }
        Value::String(text) => visible(text, node, report),
        scalar @ (Value::Number(_) | Value::Bool(_)) => {
            let message = format!("{} has to be text, but {}", node.name(), type_of(scalar));
            let remedy = format!("put it into quotes: `'{}'`", node.source());
            report.add(rule, node.place(), message, remedy);
        }
        _ => expect(node, false, "text", rule, report),
    }
}

/// Reports the first character that nobody sees.
fn visible(text: &str, node: &Node<'_>, report: &mut Report) {
    let invisible =
        |c: &char| INVISIBLE.contains(*c) || (c.is_control() && !matches!(c, '\n' | '\t'));
    if let Some(character) = text.chars().find(invisible) {
        let message =
            format!("{} has the invisible character U+{:04X}", node.name(), u32::from(character));
        report.add(Rule::Documentation, node.place(), message, "remove the character");
    }
}

fn word(node: &Node<'_>, words: &[&str], rule: Rule, report: &mut Report) {
    let Some(word) = node.value().as_str() else {
        return expect(node, false, "a word", rule, report);
    };
    if !words.contains(&word) {
        let message = format!("`{word}` is not one of the words that belong here");
        let remedy = instead(word, words.iter().copied());
        report.add(rule, node.place(), message, remedy);
    }
}

fn expect(node: &Node<'_>, met: bool, expected: &str, rule: Rule, report: &mut Report) {
    if met {
        return;
    }
    let (name, found) = (node.name(), type_of(node.value()));
    let remedy = match (node.value(), name.as_str()) {
        (Value::Null, "this item") => format!("write {expected} instead, or remove the item"),
        (Value::Null, _) => format!("write {expected} after the colon"),
        _ => format!("write {expected} instead"),
    };
    let message = format!("{name} has to be {expected}, but {found}");
    report.add(rule, node.place(), message, remedy);
}

/// What `value` is, in words.
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
