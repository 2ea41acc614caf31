//! The error model: the members that the client reads out of an error.

use super::{members::Object, references::resolve};
use crate::{diagnostics::rule::Rule, yaml::document::Node};

const RULE: Rule = Rule::ErrorModel;

/// The members of every error, all texts.
const ALWAYS: [&str; 2] = ["code", "message"];

/// The members that the inner error may have, all texts.
const INNER: [&str; 3] = ["date", "request-id", "client-request-id"];

pub(super) fn check(name: &str, root: &Node<'_>) -> Option<()> {
    let (_, envelope) = root.components("schemas").into_iter().find(|(known, _)| *known == name)?;
    check_required(&envelope, &["error"]);
    let error = property(&envelope, "error", "object")?;
    check_required(&error, &ALWAYS);
    for name in ALWAYS {
        property(&error, name, "string");
    }
    let inner = property(&error, "innerError", "object")?;
    for name in INNER {
        property(&inner, name, "string");
    }
    None
}

/// The property `name` of `owner`, resolved; reports a missing one and one of another type.
fn property<'a>(owner: &Node<'a>, name: &str, of_type: &str) -> Option<Node<'a>> {
    let properties = owner.mapping("properties")?;
    let Some(property) = properties.get(name) else {
        let message = format!("the error model has no property `{name}` here");
        properties.key_fault(RULE, message, format!("add `{name}`, of the type `{of_type}`"));
        return None;
    };
    let resolved = resolve(&property).filter(|resolved| resolved.has("type"))?;
    resolved.constant(RULE, Object::Schema, "type", of_type).then_some(resolved)
}

/// Reports properties of every error that aren't required, and others that are.
fn check_required(object: &Node<'_>, always: &[&str]) {
    let (list, required) = (object.get("required"), object.texts("required"));
    for (name, _) in object.entries_of("properties") {
        let item = required.iter().find(|(known, _)| *known == name);
        match (item, always.contains(&name)) {
            (Some((_, item)), false) => {
                let message = format!("Graph may send an error without `{name}`");
                item.fault(RULE, message, format!("remove `{name}` from `required`"));
            }
            (None, true) if list.as_ref().is_none_or(|list| list.items().is_some()) => {
                let message = format!("every error has `{name}`, but it isn't required here");
                let at = list.as_ref().unwrap_or(object);
                at.key_fault(RULE, message, format!("add `{name}` to `required`"));
            }
            _ => {}
        }
    }
}
