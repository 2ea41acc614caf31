//! Schemas: objects of plain values, and identifiers.

use heck::ToSnakeCase;

use super::{
    expect::{keys, reachable},
    identifiers,
    members::Object,
    references::resolve,
};
use crate::{
    diagnostics::{report::Report, rule::Rule},
    names::is_type_name,
    yaml::document::Node,
};

const RULE: Rule = Rule::SchemaForm;

/// Checks every schema of `components`; no object may be called like a parameter's type.
pub(super) fn check(root: &Node<'_>, parameter_types: &[String], report: &mut Report) {
    for (name, schema) in root.definitions("schemas") {
        let is_object = schema.text("type") == Some("object");
        let is_taken = is_object && parameter_types.iter().any(|taken| taken == name);
        if is_taken || !is_type_name(name) {
            let message = format!("`{name}` can't be the name of a type in the client");
            let remedy = "write a name in Pascal case that neither Rust nor a parameter's type has";
            report.add(RULE, schema.key_place(), message, remedy);
        }
        check_component(name, &schema, report);
    }
}

fn check_component(name: &str, schema: &Node<'_>, report: &mut Report) {
    match read_type(schema, report) {
        None => {}
        Some(("string", _)) => identifiers::check_schema(schema, report),
        Some(("object", _)) => check_object(name, schema, report),
        Some((other, node)) => {
            let message = format!("a component is an `object` or a `string`, not `{other}`");
            let remedy = "write this schema where it is used, or correct its type";
            report.add(RULE, node.place(), message, remedy);
        }
    }
}

/// The type of `schema`; reports that there is none.
fn read_type<'a>(schema: &Node<'a>, report: &mut Report) -> Option<(&'a str, Node<'a>)> {
    let example = if schema.has("properties") { "object" } else { "string" };
    // What stands in place of a type, such as `allOf`, has been refused as such.
    if !schema.entries().iter().any(|(key, _)| Object::Schema.is_fault(key)) {
        report.require(RULE, (schema, Object::Schema), "type", example);
    }
    schema.get("type")?.with_text()
}

fn check_object(name: &str, schema: &Node<'_>, report: &mut Report) {
    report.refuse_constraints(RULE, schema, &["properties", "required"]);
    if Object::Schema.lacks(schema, "properties") {
        let message = format!("the object `{name}` has no `properties`");
        report.add(RULE, schema.key_place(), message, "add `properties: { ... }`");
    }
    let properties = schema.entries_of("properties");
    for (name, property) in &properties {
        let plain = |c: char| c.is_ascii_alphanumeric() || "-_.@".contains(c);
        let letter = name.trim_start_matches('@').starts_with(|c: char| c.is_ascii_alphabetic());
        if !letter || !name.chars().all(plain) {
            let message = format!("`{name}` can't be turned into the name of a field");
            let remedy = "write a word that begins with a letter, such as `request-id`";
            report.add(RULE, property.key_place(), message, remedy);
        }
        check_property(property, report);
    }
    let field = |name: &str| format!("the field `{}`", name.to_snake_case());
    report.distinct(RULE, properties.into_iter().map(|(name, node)| (field(name), node)));
    check_required(name, schema, report);
}

/// Checks that the properties that the object `name` requires exist, and have an end.
fn check_required(name: &str, schema: &Node<'_>, report: &mut Report) {
    let required = schema.texts("required");
    report.distinct(RULE, required.iter().map(|(text, item)| (format!("`{text}`"), item.clone())));
    let Some(properties) = schema.mapping("properties") else { return };
    for (text, item) in required {
        let Some(property) = properties.get(text) else {
            let message = format!("the object `{name}` has no property");
            let known = keys(&properties.entries());
            report.known(RULE, (text, &item), &known, &message, "add the property");
            continue;
        };
        let parts = reachable(vec![property], required_properties);
        if parts.iter().any(|(_, object)| object.key_place() == schema.key_place()) {
            let message = format!("`{name}` requires another `{name}` inside, and so has no end");
            report.add(RULE, item.place(), message, format!("remove `{text}` from `required`"));
        }
    }
}

fn required_properties<'a>(object: &Node<'a>) -> Vec<Node<'a>> {
    let property = |(name, _): (&str, _)| object.get("properties")?.get(name);
    object.texts("required").into_iter().filter_map(property).collect()
}

fn check_property(node: &Node<'_>, report: &mut Report) {
    if node.has("$ref") {
        let target = resolve(node).and_then(|target| target.text("type"));
        if target.is_some_and(|other| other != "object") {
            let remedy = "write the type here, without a constraint: `type: string`";
            report.add(RULE, node.place(), "a property may refer to an object only", remedy);
        }
        return;
    }
    match read_type(node, report) {
        None => {}
        Some(("array", _)) => {
            report.refuse_constraints(RULE, node, &["items"]);
            let items = report.require(RULE, (node, Object::Schema), "items", "{ type: string }");
            if let Some(items) = items {
                check_property(&items, report);
            }
        }
        Some(("string" | "integer" | "number" | "boolean", _)) => {
            report.refuse_constraints(RULE, node, &[]);
        }
        Some((other, of_type)) => {
            let message = format!("a property can't have the type `{other}`");
            let remedy = "write `string`, `integer`, `number`, `boolean` or `array`, or refer to \
                          an object: `$ref: '#/components/schemas/...'`";
            report.add(RULE, of_type.place(), message, remedy);
        }
    }
}
