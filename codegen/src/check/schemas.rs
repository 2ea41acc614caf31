//! Schemas: objects of plain values, and identifiers.

use heck::{ToPascalCase, ToSnakeCase};

use super::{
    expect::reachable, identifiers, names::is_type_name, references::resolve, report::Report,
    tables::SCHEMA,
};
use crate::{api::Identifier, document::Node, names::type_name, rule::Rule};

const RULE: Rule = Rule::SchemaForm;

/// The types of a property that is not a component.
const PLAIN_TYPES: [&str; 4] = ["string", "integer", "number", "boolean"];

/// What has been refused in place of a type.
const COMPOSED: [&str; 5] = ["allOf", "anyOf", "enum", "not", "oneOf"];

/// Checks every schema of `components`, and that no object has the name of the type of
/// one of the `parameters`.
pub(super) fn check(root: &Node<'_>, parameters: &[(Identifier, usize)], report: &mut Report) {
    for (name, schema) in root.components("schemas") {
        if !is_type_name(name) {
            let pascal = name.to_pascal_case();
            let example = if is_type_name(&pascal) { &pascal } else { "GraphError" };
            let message = format!("`{name}` can't be the name of a type in the client");
            let remedy = format!("write a name in Pascal case, such as `{example}`");
            report.key(RULE, &schema, message, remedy);
        }
        if schema.is_mapping() && !schema.has("$ref") {
            check_component((name, &schema), parameters, report);
        }
    }
}

fn check_component(
    (name, schema): (&str, &Node<'_>),
    parameters: &[(Identifier, usize)],
    report: &mut Report,
) {
    let default = if schema.has("properties") { "object" } else { "string" };
    match read_type(schema, default, report) {
        None => {}
        Some("string") => identifiers::check_schema(schema, report),
        Some("object") => {
            check_object(name, schema, report);
            let is_same =
                |(parameter, _): &&(Identifier, usize)| type_name(&parameter.name) == name;
            if let Some((parameter, _)) = parameters.iter().find(is_same) {
                let parameter = &parameter.name;
                let message = format!("`{name}` is the type of the path parameter `{parameter}`");
                report.key(RULE, schema, message, "rename one of the two");
            }
        }
        Some(other) => {
            let message = format!("a component is an `object` or a `string`, not `{other}`");
            let remedy = "write this schema where it is used, or correct its type";
            report.key(RULE, schema, message, remedy);
        }
    }
}

/// The type of `schema`; reports that there is none.
fn read_type<'a>(schema: &Node<'a>, default: &str, report: &mut Report) -> Option<&'a str> {
    if !COMPOSED.iter().any(|key| schema.has(key)) {
        report.require(RULE, (schema, &SCHEMA), "type", default);
    }
    schema.text("type")
}

fn check_object(name: &str, schema: &Node<'_>, report: &mut Report) {
    report.refuse_constraints(RULE, schema, &["properties", "required"], "an object");
    report.require(RULE, (schema, &SCHEMA), "properties", "{ ... }");
    let properties = schema.entries_of("properties");
    for (name, property) in &properties {
        let plain = |c: char| c.is_ascii_alphanumeric() || "-_.@".contains(c);
        let letter = name.trim_start_matches('@').starts_with(|c: char| c.is_ascii_alphabetic());
        if !letter || !name.chars().all(plain) {
            let message = format!("`{name}` can't be turned into the name of a field");
            let remedy = "write a word that begins with a letter, such as `request-id`";
            report.key(RULE, property, message, remedy);
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
            let known = properties.entries().into_iter().map(|(name, _)| name);
            report.unknown(RULE, (text, &item), &message, known, "add the property");
            continue;
        };
        let parts = reachable(vec![property], required_properties);
        if parts.iter().any(|(_, object)| object.key_place() == schema.key_place()) {
            let message = format!("`{name}` requires another `{name}` inside, and so has no end");
            report.value(RULE, &item, message, format!("remove `{text}` from `required`"));
        }
    }
}

fn required_properties<'a>(object: &Node<'a>) -> Vec<Node<'a>> {
    let property = |(name, _): (&str, _)| object.get("properties")?.get(name);
    object.texts("required").into_iter().filter_map(property).collect()
}

fn check_property(node: &Node<'_>, report: &mut Report) {
    if !node.is_mapping() {
        return;
    }
    if node.has("$ref") {
        let target = resolve(node).and_then(|target| target.text("type"));
        if target.is_some_and(|of_type| of_type != "object") {
            let remedy = "write the type here, without a constraint: `type: string`";
            report.value(RULE, node, "a property may refer to an object only", remedy);
        }
        return;
    }
    match read_type(node, "string", report) {
        None => {}
        Some("array") => {
            report.refuse_constraints(RULE, node, &["items"], "a list");
            let items = report.require(RULE, (node, &SCHEMA), "items", "{ type: string }");
            if let Some(items) = items {
                check_property(&items, report);
            }
        }
        Some(plain) if PLAIN_TYPES.contains(&plain) => {
            report.refuse_constraints(RULE, node, &[], "a plain property");
        }
        Some(other) => {
            let message = format!("a property can't have the type `{other}`");
            let remedy = "write `string`, `integer`, `number`, `boolean` or `array`, or refer to \
                          an object: `$ref: '#/components/schemas/...'`";
            report.key(RULE, node, message, remedy);
        }
    }
}
