//! References: each leads to a component.

use super::members::Object;
use crate::diagnostics::rule::Rule;
use crate::diagnostics::suggestion::instead;
use crate::yaml::document::Node;

/// The component that `node` refers to, or `node` itself; `None` if there is a finding.
pub(super) fn resolve<'a>(node: &Node<'a>) -> Option<Node<'a>> {
    let resolved = match node.get("$ref") {
        None => node.clone(),
        Some(reference) => target(reference.value().as_str()?, node)?.1,
    };
    // A component that is a reference itself has a finding.
    (resolved.is_mapping() && !resolved.has("$ref")).then_some(resolved)
}

/// The section and the component that `reference` names.
fn target<'r, 'a>(reference: &'r str, node: &Node<'a>) -> Option<(&'r str, Node<'a>)> {
    let (section, name) = reference.strip_prefix("#/components/")?.split_once('/')?;
    let component = node.root().get("components")?.get(section)?.get(name)?;
    Some((section, component))
}

/// Checks the `reference` in `node`, where an object of `section` is `wanted`.
pub(super) fn check(node: &Node<'_>, reference: &Node<'_>, section: &str, wanted: Object) {
    for (key, value) in node.entries().into_iter().filter(|(key, _)| *key != "$ref") {
        let message = format!("`{key}` has no effect beside `$ref`");
        let remedy = format!("move `{key}` into the component, or remove it");
        value.key_fault(Rule::OpenapiStructure, message, remedy);
    }
    let Some(text) = reference.as_text() else {
        let remedy = format!("write `$ref: '#/components/{section}/...'`");
        return reference.fault(Rule::OpenapiStructure, "a reference must be text", remedy);
    };
    if let Some((message, remedy)) = problem(text, section, wanted, node) {
        reference.grouped_fault(Rule::UnresolvedReference, reference.place(), message, remedy);
    }
}

/// The fault of the reference `text`, and its remedy.
fn problem(text: &str, section: &str, wanted: Object, node: &Node<'_>) -> Option<(String, String)> {
    // One finding about `components` or a section that isn't a mapping is enough.
    let components = node.root().mapping("components")?;
    let message = match (components.get(section), target(text, node)) {
        (_, Some((found, _))) if found == section => return None,
        (_, Some(_)) => format!("`{text}` is not {wanted}, which this place needs"),
        _ if !text.starts_with('#') => format!("`{text}` is not in this file"),
        (Some(components), None) if components.is_mapping() => format!("there is no `{text}`"),
        (None, None) if Object::Components.lacks(&components, section) => {
            format!("this refers to `components.{section}`, which doesn't exist")
        }
        (_, None) => return None,
    };
    let names = components.get(section).map(|known| known.entries()).unwrap_or_default();
    let all = names.iter().map(|(name, _)| format!("#/components/{section}/{name}"));
    let all: Vec<String> = all.collect();
    let define = format!("define it under `components.{section}`");
    Some((message, instead(text, all.iter().map(String::as_str), &define)))
}
