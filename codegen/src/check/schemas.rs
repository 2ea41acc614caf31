//! Schemas: objects of plain values, and identifiers.

use super::expect::{distinct, keys};
use super::identifiers;
use super::members::Object;
use super::references::resolve;
use crate::{diagnostics::rule::Rule, yaml::document::Node};

const RULE: Rule = Rule::SchemaForm;

pub(super) fn check(root: &Node<'_>) {
    for (name, schema) in root.definitions("schemas") {
        match read_type(&schema) {
            None => {}
            Some(("string", _)) => identifiers::check_schema(&schema),
            Some(("object", _)) => check_object(name, &schema),
            Some((other, node)) => {
                let message =
                    format!("a component must be an `object` or a `string`, not `{other}`");
                let remedy = "write this schema where it is used, or correct its type";
                node.fault(RULE, message, remedy);
            }
        }
    }
}

/// The type of `schema`; reports a missing one.
fn read_type<'a>(schema: &Node<'a>) -> Option<(&'a str, Node<'a>)> {
    let example = if schema.has("properties") { "object" } else { "string" };
    // An unsupported key in place of a type, such as `allOf`, has a finding.
    if !schema.entries().iter().any(|(key, _)| Object::Schema.is_fault(key)) {
        schema.require(RULE, Object::Schema, "type", example);
    }
    schema.get("type")?.with_text()
}

fn check_object(name: &str, schema: &Node<'_>) {
    schema.refuse_constraints(RULE, &["properties", "required"]);
    if Object::Schema.lacks(schema, "properties") {
        let message = format!("the object `{name}` has no `properties`");
        schema.key_fault(RULE, message, "add `properties: { ... }`");
    }
    for (_, property) in schema.entries_of("properties") {
        check_property(&property);
    }
    let required = schema.texts("required");
    distinct(RULE, required.iter().map(|(text, item)| (format!("`{text}`"), item.clone())));
    let Some(properties) = schema.mapping("properties") else { return };
    let known = keys(&properties.entries());
    for (text, item) in required {
        let message = format!("the object `{name}` has no property");
        item.is_known(RULE, text, &known, &message, "add the property");
    }
}

fn check_property(node: &Node<'_>) {
    if node.has("$ref") {
        let target = resolve(node).and_then(|target| target.text("type"));
        if target.is_some_and(|other| other != "object") {
            let remedy = "write the type here, without a constraint: `type: string`";
            node.fault(RULE, "a property may refer only to an object", remedy);
        }
        return;
    }
    match read_type(node) {
        None => {}
        Some(("array", _)) => {
            node.refuse_constraints(RULE, &["items"]);
            let items = node.require(RULE, Object::Schema, "items", "{ type: string }");
            items.iter().for_each(check_property);
        }
        Some(("string" | "integer" | "number" | "boolean", _)) => {
            node.refuse_constraints(RULE, &[]);
        }
        Some((other, of_type)) => {
            let message = format!("a property can't have the type `{other}`");
            let remedy = "write `string`, `integer`, `number`, `boolean` or `array`, or refer to \
                          an object: `$ref: '#/components/schemas/...'`";
            of_type.fault(RULE, message, remedy);
        }
    }
}
