//! The error model: the pieces that the client reads out of an error answer.

use super::{expect::reachable, references::resolve, report::Report};
use crate::{document::Node, rule::Rule};

const RULE: Rule = Rule::ErrorModel;

/// A property that the client reads.
struct Property {
    name: &'static str,
    /// Whether every answer has it.
    always: bool,
    /// The properties of an object; none if it is text.
    properties: &'static [Property],
}

const fn text(name: &'static str, always: bool) -> Property {
    Property { name, always, properties: &[] }
}

const ENVELOPE: [Property; 1] = [Property { name: "error", always: true, properties: &ERROR }];

const ERROR: [Property; 3] = [
    text("code", true),
    text("message", true),
    Property { name: "innerError", always: false, properties: &INNER_ERROR },
];

const INNER_ERROR: [Property; 3] =
    [text("date", false), text("request-id", false), text("client-request-id", false)];

/// Checks the schema `name`, which every error answer has.
pub(super) fn check(name: &str, root: &Node<'_>, report: &mut Report) {
    let schemas = root.components("schemas");
    if let Some((_, envelope)) = schemas.iter().find(|(known, _)| *known == name) {
        check_properties(envelope, &ENVELOPE, report);
        check_nested(envelope, report);
    }
}

/// Checks the properties of an object that the client reads.
fn check_properties(object: &Node<'_>, expected: &[Property], report: &mut Report) {
    let Some(properties) = object.mapping("properties") else { return };
    let always: Vec<_> = expected.iter().filter(|one| one.always).map(|one| one.name).collect();
    check_required(object, &always, report);
    let required = object.texts("required");
    for Property { name, always, properties: inner } in expected {
        let (of_type, example) = match inner {
            [] => ("string", "type: string"),
            _ => ("object", "$ref: '#/components/schemas/...'"),
        };
        let Some(property) = properties.get(name) else {
            let message = format!("the error model has no property `{name}` here");
            report.key(RULE, &properties, message, format!("add `{name}: {{ {example} }}`"));
            continue;
        };
        if *always && !required.iter().any(|(other, _)| other == name) {
            let list = object.get("required").unwrap_or_else(|| object.clone());
            let message = format!("every error answer has `{name}`, but it isn't required here");
            report.key(RULE, &list, message, format!("add `{name}` to `required`"));
        }
        if let Some(resolved) = resolve(&property)
            && report.constant(RULE, &resolved, "type", of_type)
            && of_type == "object"
        {
            check_properties(&resolved, inner, report);
        }
    }
}

/// Checks that nothing but `always` is required: an answer without it could not be read.
fn check_required(object: &Node<'_>, always: &[&str], report: &mut Report) {
    for (name, item) in object.texts("required") {
        // Of what isn't a property, another rule says so.
        let is_property = object.mapping("properties").is_some_and(|all| all.has(name));
        if is_property && !always.contains(&name) {
            let message = format!("an error answer without `{name}` could not be read");
            report.value(RULE, &item, message, format!("remove `{name}` from `required`"));
        }
    }
}

/// Checks that nothing is required of the objects below `envelope` and its error, however
/// deep: an error inside an error may lack what each has.
fn check_nested<'a>(envelope: &Node<'a>, report: &mut Report) -> Option<()> {
    let error = envelope.mapping("properties")?.get("error")?;
    let outer = [envelope.key_place(), resolve(&error)?.key_place()];
    let mut parts = parts(envelope);
    parts.retain(|part| part.place() != error.place());
    parts.extend(self::parts(&resolve(&error)?));
    let is_outer = |object: &Node<'_>| outer.contains(&object.key_place());
    let next = |object: &Node<'a>| if is_outer(object) { Vec::new() } else { self::parts(object) };
    for (part, object) in reachable(parts, next) {
        if is_outer(&object) {
            let message = "this nested object requires what only the outer one always has";
            let remedy = "refer to another component, which requires nothing";
            report.value(RULE, &part, message, remedy);
        } else {
            check_required(&object, &[], report);
        }
    }
    None
}

/// What the properties of an object consist of: themselves, and what they are lists of.
fn parts<'a>(object: &Node<'a>) -> Vec<Node<'a>> {
    let mut parts: Vec<_> =
        object.entries_of("properties").into_iter().map(|(_, property)| property).collect();
    let mut index = 0;
    while let Some(items) = parts.get(index).map(|part| part.get("items")) {
        parts.extend(items);
        index += 1;
    }
    parts
}
