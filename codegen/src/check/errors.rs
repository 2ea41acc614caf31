//! The error model: the pieces that the client reads out of an error answer.

use std::iter;

use super::{expect::reachable, members::Object, references::resolve};
use crate::{
    diagnostics::{report::Report, rule::Rule},
    yaml::document::{Node, Place},
};

const RULE: Rule = Rule::ErrorModel;

/// What every error has, as text.
const ALWAYS: [&str; 2] = ["code", "message"];

/// What the inner error may have, as text.
const INNER: [&str; 3] = ["date", "request-id", "client-request-id"];

/// Checks the schema `name`, which every error answer has.
pub(super) fn check(name: &str, root: &Node<'_>, report: &mut Report) -> Option<()> {
    let (_, envelope) = root.components("schemas").into_iter().find(|(known, _)| *known == name)?;
    check_required(&envelope, &["error"], report);
    let (part, error) = property(&envelope, "error", "object", report)?;
    check_required(&error, &ALWAYS, report);
    for name in ALWAYS {
        property(&error, name, "string", report);
    }
    if let Some((_, inner)) = property(&error, "innerError", "object", report) {
        for name in INNER {
            property(&inner, name, "string", report);
        }
    }
    let mut nested = parts(&envelope);
    nested.retain(|other| other.place() != part.place());
    nested.extend(parts(&error));
    check_nested(nested, &[envelope.key_place(), error.key_place()], report);
    None
}

/// The property `name` of `owner`, and what it resolves to, which has to be `of_type`.
fn property<'a>(
    owner: &Node<'a>,
    name: &str,
    of_type: &str,
    report: &mut Report,
) -> Option<(Node<'a>, Node<'a>)> {
    let properties = owner.mapping("properties")?;
    let Some(property) = properties.get(name) else {
        let message = format!("the error model has no property `{name}` here");
        let remedy = format!("add `{name}`, of the type `{of_type}`");
        report.add(RULE, properties.key_place(), message, remedy);
        return None;
    };
    let resolved = resolve(&property).filter(|resolved| resolved.has("type"))?;
    let is_of_type = report.constant(RULE, (&resolved, Object::Schema), "type", of_type);
    is_of_type.then_some((property, resolved))
}

/// Checks that what every answer has is required and nothing else: an answer without it
/// could not be read.
fn check_required(object: &Node<'_>, always: &[&str], report: &mut Report) {
    let properties = object.entries_of("properties").into_iter().map(|(name, _)| name);
    let required = object.texts("required");
    for name in properties {
        let item = required.iter().find(|(other, _)| *other == name).map(|(_, item)| item);
        match (item, always.contains(&name)) {
            (None, true) if object.get("required").is_none_or(|list| list.items().is_some()) => {
                let place = object.get("required").as_ref().unwrap_or(object).key_place();
                let message =
                    format!("every error answer has `{name}`, but it isn't required here");
                report.add(RULE, place, message, format!("add `{name}` to `required`"));
            }
            (Some(item), false) => {
                let message = format!("an error answer without `{name}` could not be read");
                report.add(RULE, item.place(), message, format!("remove `{name}` from `required`"));
            }
            _ => {}
        }
    }
}

/// Checks that nothing is required of the objects that `nested` leads to, however deep: an
/// error inside an error may lack what each has. `outer` are the objects that have it.
fn check_nested<'a>(nested: Vec<Node<'a>>, outer: &[Place], report: &mut Report) {
    let is_outer = |object: &Node<'_>| outer.contains(&object.key_place());
    let next = |object: &Node<'a>| if is_outer(object) { Vec::new() } else { parts(object) };
    for (part, object) in reachable(nested, next) {
        if is_outer(&object) {
            let message = "this nested object requires what only the outer one always has";
            let remedy = "refer to another component, which requires nothing";
            report.add(RULE, part.place(), message, remedy);
        } else {
            check_required(&object, &[], report);
        }
    }
}

/// What the properties of an object consist of: themselves, and what they are lists of.
fn parts<'a>(object: &Node<'a>) -> Vec<Node<'a>> {
    let properties = object.entries_of("properties").into_iter();
    let items = |node: &Node<'a>| node.get("items");
    properties.flat_map(|(_, property)| iter::successors(Some(property), items)).collect()
}
