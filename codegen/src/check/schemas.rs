//! Schemas: objects of plain values, and identifiers.

use std::collections::BTreeMap;

use heck::{ToPascalCase, ToSnakeCase};

use super::{
    names::{instead_or, is_type_name},
    parameters::check_identifier_schema,
    references::resolve,
    report::Report,
    tables::SCHEMA,
};
use crate::{document::Node, names, rule::Rule};

/// The types of a property that is not a component.
const PLAIN_TYPES: [&str; 4] = ["string", "integer", "number", "boolean"];

/// Checks every schema of `components`.
pub(super) fn check(root: &Node<'_>, report: &mut Report) {
    let schemas = root.get("components").and_then(|components| components.mapping("schemas"));
    for (name, schema) in schemas.iter().flat_map(Node::entries) {
        if !is_type_name(name) {
            let pascal = name.to_pascal_case();
            let remedy = if is_type_name(&pascal) {
                format!("write `{pascal}`")
            } else {
                "write a name in Pascal case of its own, such as `GraphError`".to_owned()
            };
            report.add(
                Rule::SchemaForm,
                schema.key_place(),
                format!("`{name}` can't be the name of a type in the client"),
                remedy,
            );
        }
        check_component(name, &schema, report);
    }
}

/// Checks that no object has the name of a path parameter's type. `identifiers`
/// are the names of the parameters.
pub(super) fn check_clashes<'a>(
    root: &Node<'_>,
    identifiers: impl Iterator<Item = &'a str>,
    report: &mut Report,
) {
    let schemas = root.get("components").and_then(|components| components.get("schemas"));
    for parameter in identifiers {
        let name = names::type_name(parameter);
        let schema = schemas.as_ref().and_then(|schemas| schemas.get(&name));
        if let Some(schema) = schema.filter(|schema| schema.text("type") == Some("object")) {
            report.add(
                Rule::SchemaForm,
                schema.key_place(),
                format!("`{name}` is the type of the path parameter `{parameter}`"),
                "rename one of the two",
            );
        }
    }
}

fn check_component(name: &str, schema: &Node<'_>, report: &mut Report) {
    if !schema.is_mapping() || schema.has("$ref") {
        return;
    }
    match schema.text("type") {
        Some("object") => check_object(name, schema, report),
        Some("string") => check_identifier_schema(schema, report),
        None if SCHEMA.lacks(schema, "type") && !is_composed(schema) => {
            let kind = if schema.has("properties") { "object" } else { "string" };
            report.add(
                Rule::SchemaForm,
                schema.key_place(),
                "this schema has no type",
                format!("add `type: {kind}`"),
            );
        }
        None => {}
        Some(other) => {
            let place = schema.get("type").map_or_else(|| schema.key_place(), |node| node.place());
            let message = format!("a component has the type `object` or `string`, not `{other}`");
            report.add(
                Rule::SchemaForm,
                place,
                message,
                "write this schema where it is used, or correct its type",
            );
        }
    }
}

fn check_object(name: &str, schema: &Node<'_>, report: &mut Report) {
    refuse(schema, &["format", "items", "minLength", "maxLength", "pattern"], "an object", report);
    if SCHEMA.lacks(schema, "properties") {
        report.add(
            Rule::SchemaForm,
            schema.key_place(),
            format!("the object `{name}` has no properties"),
            "add `properties`",
        );
    }
    let properties = schema.mapping("properties");
    let mut fields: BTreeMap<String, &str> = BTreeMap::new();
    for (property, node) in properties.iter().flat_map(Node::entries) {
        check_property_name(property, &node, &mut fields, report);
        check_property(&node, report);
    }
    if let Some(properties) = properties {
        check_required(name, schema, &properties, report);
    }
}

/// Checks that the properties that the object `name` requires exist.
fn check_required(name: &str, schema: &Node<'_>, properties: &Node<'_>, report: &mut Report) {
    let required = schema.get("required").and_then(|list| list.items()).unwrap_or_default();
    for (index, item) in required.iter().enumerate() {
        let Some(text) = item.as_text() else { continue };
        let mut fault = |message: String, remedy: String| {
            report.add(Rule::SchemaForm, item.place(), message, remedy);
        };
        let Some(property) = properties.get(text) else {
            let message = format!("`{text}` is required, but is not a property of `{name}`");
            let names: Vec<_> = properties.entries().into_iter().map(|(name, _)| name).collect();
            fault(message, instead_or(text, names, "add the property"));
            continue;
        };
        if required.iter().take(index).any(|other| other.as_text() == Some(text)) {
            fault(format!("`{text}` is listed twice"), "remove one of the two".to_owned());
        } else if leads_back(&property, schema) {
            let message = format!("`{name}` requires another `{name}` inside, and so has no end");
            fault(message, format!("remove `{text}` from `required`"));
        }
    }
}

/// Whether `property` is the object `owner`, or requires it at some depth.
fn leads_back(property: &Node<'_>, owner: &Node<'_>) -> bool {
    let mut pending = vec![property.clone()];
    let mut seen = Vec::new();
    while let Some(property) = pending.pop() {
        let Some(object) = resolve(&property).filter(|_| property.has("$ref")) else { continue };
        let place = object.key_place();
        if place == owner.key_place() {
            return true;
        }
        if !seen.contains(&place) {
            pending.extend(required(&object));
            seen.push(place);
        }
    }
    false
}

/// The properties that an object requires.
fn required<'a>(object: &Node<'a>) -> Vec<Node<'a>> {
    let names = object.get("required").and_then(|list| list.items()).unwrap_or_default();
    let property = |name: Node<'a>| object.get("properties")?.get(name.as_text()?);
    names.into_iter().filter_map(property).collect()
}

fn check_property_name<'a>(
    name: &'a str,
    node: &Node<'_>,
    fields: &mut BTreeMap<String, &'a str>,
    report: &mut Report,
) {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_.@".contains(c);
    let letter = name.trim_start_matches('@').starts_with(|c: char| c.is_ascii_alphabetic());
    if !letter || !name.chars().all(plain) {
        let message = format!("`{name}` can't be turned into the name of a field");
        report.add(
            Rule::SchemaForm,
            node.key_place(),
            message,
            "write a word that begins with a letter, such as `request-id`",
        );
    } else if let Some(other) = fields.insert(name.to_snake_case(), name) {
        let message = format!("`{name}` and `{other}` would be the same field");
        report.add(Rule::SchemaForm, node.key_place(), message, "remove one of the two");
    }
}

fn check_property(node: &Node<'_>, report: &mut Report) {
    if !node.is_mapping() {
        return;
    }
    if node.has("$ref") {
        let target = resolve(node).and_then(|target| target.text("type"));
        if target.is_some_and(|kind| kind != "object") {
            let message = "a property may refer to an object only";
            let remedy = "write the type here, without a constraint: `type: string`";
            report.add(Rule::SchemaForm, node.place(), message, remedy);
        }
        return;
    }
    if SCHEMA.lacks(node, "type") && !is_composed(node) {
        let message = "this property has no type";
        report.add(Rule::SchemaForm, node.key_place(), message, "add `type: string`");
    }
    let Some(kind) = node.text("type") else { return };
    if kind == "array" {
        check_list(node, report);
    } else if PLAIN_TYPES.contains(&kind) {
        let refused =
            ["format", "properties", "required", "items", "minLength", "maxLength", "pattern"];
        refuse(node, &refused, "a plain property", report);
    } else {
        let place = node.get("type").map_or_else(|| node.key_place(), |node| node.place());
        let message = format!("a property can't have the type `{kind}`");
        let remedy = if kind == "object" {
            "make it a component and refer to it: `$ref: '#/components/schemas/...'`"
        } else {
            "write `string`, `integer`, `number`, `boolean` or `array`"
        };
        report.add(Rule::SchemaForm, place, message, remedy);
    }
}

/// Whether it has something else for a type, which has been refused as such.
fn is_composed(schema: &Node<'_>) -> bool {
    ["allOf", "anyOf", "enum", "not", "oneOf"].iter().any(|key| schema.has(key))
}

fn check_list(node: &Node<'_>, report: &mut Report) {
    let refused = ["format", "properties", "required", "minLength", "maxLength", "pattern"];
    refuse(node, &refused, "a list", report);
    if SCHEMA.lacks(node, "items") {
        let message = "this list doesn't say what it is a list of";
        report.add(Rule::SchemaForm, node.key_place(), message, "add `items: { type: string }`");
    }
    if let Some(items) = node.get("items") {
        check_property(&items, report);
    }
}

fn refuse(node: &Node<'_>, keys: &[&str], noun: &str, report: &mut Report) {
    for key in keys {
        if let Some(member) = node.get(key) {
            report.add(
                Rule::SchemaForm,
                member.key_place(),
                format!("{noun} can't have `{key}` here"),
                format!("remove `{key}`"),
            );
        }
    }
}
