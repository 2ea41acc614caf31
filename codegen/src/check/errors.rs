//! The error model: the pieces that the client reads out of an error answer.

use super::{Shared, references::resolve, report::Report, tables::SCHEMA};
use crate::{document::Node, rule::Rule};

/// The texts that the client reads, and whether every answer has them.
const ERROR_TEXTS: [(&str, bool); 2] = [("code", true), ("message", true)];
const INNER_TEXTS: [(&str, bool); 3] =
    [("date", false), ("request-id", false), ("client-request-id", false)];

/// Checks the schema of every error answer.
pub(super) fn check_model(shared: &Shared, root: &Node<'_>, report: &mut Report) {
    let Some((name, _)) = &shared.error_model else {
        return;
    };
    let schemas = root.get("components").and_then(|components| components.get("schemas"));
    let Some(envelope) = schemas.and_then(|schemas| schemas.mapping(name)) else {
        return;
    };
    let Some(error) = object(&envelope, "error", true, report) else {
        return;
    };
    check_texts(&error, &ERROR_TEXTS, report);
    check_required(&envelope, &["error"], report);
    check_required(&error, &["code", "message"], report);
    if let Some(inner) = object(&error, "innerError", false, report) {
        check_texts(&inner, &INNER_TEXTS, report);
    }
    check_nested(&envelope, &error, report);
}

/// Checks that nothing is required of the objects below `envelope` and `error`,
/// however deep they lie: an error inside an error may lack what each has.
fn check_nested(envelope: &Node<'_>, error: &Node<'_>, report: &mut Report) {
    let [outer, inner] = [envelope, error].map(Node::key_place);
    let mut pending: Vec<_> = parts(envelope).into_iter().chain(parts(error)).collect();
    // The way to `error` itself is the one that has been checked.
    let checked = envelope.mapping("properties").and_then(|properties| properties.get("error"));
    let checked = checked.map(|property| property.place());
    pending.retain(|part| Some(part.place()) != checked);
    let mut seen = Vec::new();
    while let Some(part) = pending.pop() {
        let Some(object) = resolve(&part) else { continue };
        let place = object.key_place();
        if place == outer || place == inner {
            let message = "this nested object requires what only the outer one always has";
            let remedy = "refer to a component of its own, which requires nothing";
            report.add(Rule::ErrorModel, part.place(), message, remedy);
        } else if !seen.contains(&place) {
            check_required(&object, &[], report);
            pending.extend(parts(&object));
            seen.push(place);
        }
    }
}

/// What the properties of an object consist of: themselves, and what they are
/// lists of.
fn parts<'a>(object: &Node<'a>) -> Vec<Node<'a>> {
    let properties = object.mapping("properties");
    let mut parts: Vec<Node<'a>> =
        properties.iter().flat_map(Node::entries).map(|(_, property)| property).collect();
    let mut index = 0;
    while let Some(items) = parts.get(index).map(|part| part.get("items")) {
        parts.extend(items);
        index += 1;
    }
    parts
}

/// Checks that nothing but what every answer has is required: an answer without
/// it could not be read.
fn check_required(owner: &Node<'_>, always: &[&str], report: &mut Report) {
    let Some(properties) = owner.mapping("properties") else { return };
    for item in owner.get("required").and_then(|list| list.items()).into_iter().flatten() {
        let Some(name) = item.as_text() else { continue };
        // Of what isn't a property, another rule says so.
        if always.contains(&name) || !properties.has(name) {
            continue;
        }
        let message = format!("an error answer without `{name}` could not be read");
        let remedy = format!("remove `{name}` from `required`");
        report.add(Rule::ErrorModel, item.place(), message, remedy);
    }
}

/// The object that is the property `name` of `owner`.
fn object<'a>(
    owner: &Node<'a>,
    name: &str,
    required: bool,
    report: &mut Report,
) -> Option<Node<'a>> {
    let property = property(owner, name, "$ref: '#/components/schemas/...'", required, report)?;
    let resolved = resolve(&property)?;
    if resolved.text("type").is_some_and(|kind| kind != "object") {
        let message = format!("the property `{name}` of an error answer has to be an object");
        report.add(
            Rule::ErrorModel,
            property.key_place(),
            message,
            "refer to a component with `type: object`",
        );
        return None;
    }
    Some(resolved)
}

fn check_texts(owner: &Node<'_>, names: &[(&str, bool)], report: &mut Report) {
    for (name, required) in names {
        let Some(property) = property(owner, name, "type: string", *required, report) else {
            continue;
        };
        let Some(resolved) = resolve(&property) else {
            continue;
        };
        if resolved.text("type").is_some_and(|kind| kind != "string") {
            let message = format!("the property `{name}` of an error answer has to be a string");
            let place =
                resolved.get("type").map_or_else(|| property.key_place(), |node| node.place());
            report.add(Rule::ErrorModel, place, message, "write `type: string`");
        }
    }
}

/// The property `name`; a finding if there is none, or if it isn't listed as
/// required although every answer has it.
fn property<'a>(
    owner: &Node<'a>,
    name: &str,
    example: &str,
    required: bool,
    report: &mut Report,
) -> Option<Node<'a>> {
    let properties = owner.mapping("properties");
    if SCHEMA.lacks(owner, "properties") && owner.text("type").is_none_or(|kind| kind == "object") {
        return None; // `schema-form` has said so.
    }
    let properties = properties?;
    let Some(property) = properties.get(name) else {
        let message = format!("the error model has no property `{name}` here");
        report.add(
            Rule::ErrorModel,
            properties.key_place(),
            message,
            format!("add `{name}: {{ {example} }}`"),
        );
        return None;
    };
    let listed = |list: &Node<'_>| {
        list.items().is_none_or(|items| items.iter().any(|item| item.as_text() == Some(name)))
    };
    let list = owner.get("required");
    if required && !list.as_ref().is_some_and(listed) {
        let place = list.map_or_else(|| owner.key_place(), |list| list.key_place());
        let message =
            format!("every error answer has the property `{name}`, but it isn't required here");
        report.add(Rule::ErrorModel, place, message, format!("add `{name}` to `required`"));
    }
    Some(property)
}
