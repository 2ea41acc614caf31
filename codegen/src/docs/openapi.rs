//! What the OpenAPI file says beyond the model [`Api`](crate::Api), as rows of tables.

use serde_json::Value;

/// A name and what the spec says about it.
#[derive(PartialEq)]
pub(super) struct Row<'a> {
    pub(super) name: String,
    pub(super) text: &'a str,
}

/// The responses of all operations, each once.
pub(super) fn responses(openapi: &Value) -> Vec<Row<'_>> {
    let mut rows: Vec<Row<'_>> = Vec::new();
    let operations = members(&openapi["paths"]).flat_map(|(_, item)| members(item));
    for (status, response) in operations.flat_map(|(_, one)| members(&one["responses"])) {
        let component = response["$ref"].as_str().and_then(|it| openapi.pointer(it.get(1..)?));
        let text = description(component.unwrap_or(response));
        let row = Row { name: status.clone(), text };
        if !rows.contains(&row) {
            rows.push(row);
        }
    }
    rows.sort_by(|a, b| a.name.cmp(&b.name));
    rows
}

/// The schemas with their properties: `GraphError`, `GraphError.code`, ...; then
/// those that are written where they are used and have something to say.
pub(super) fn schemas(openapi: &Value) -> Vec<Row<'_>> {
    let mut rows = Vec::new();
    for (name, schema) in members(&openapi["components"]["schemas"]) {
        describe(name.clone(), schema, &mut rows);
    }
    let mut inline = Vec::new();
    describe_inline("", openapi, &mut inline);
    rows.extend(inline);
    rows
}

/// A row for a schema, and one for each of its properties and for what it is a
/// list of.
fn describe<'a>(name: String, schema: &'a Value, rows: &mut Vec<Row<'a>>) {
    let component = schema["$ref"].as_str().and_then(|reference| reference.rsplit('/').next());
    let text = component.unwrap_or_else(|| description(schema));
    rows.push(Row { name: name.clone(), text });
    for (property, schema) in members(&schema["properties"]) {
        describe(format!("{name}.{property}"), schema, rows);
    }
    if let Some(items) = schema.get("items") {
        describe(name + "[]", items, rows);
    }
}

/// Rows for the schemas that are not components, by the names of parameters and by media
/// types, which are the keys of what has a schema.
fn describe_inline<'a>(key: &str, value: &'a Value, rows: &mut Vec<Row<'a>>) {
    if let Some(schema) = value.get("schema") {
        let name = value["name"].as_str().unwrap_or(key).to_owned();
        let row = Row { name, text: description(schema) };
        if !row.text.is_empty() && !rows.contains(&row) {
            rows.push(row);
        }
    }
    members(value).for_each(|(key, member)| describe_inline(key, member, rows));
    value.as_array().into_iter().flatten().for_each(|item| describe_inline(key, item, rows));
}

fn members(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flatten()
}

fn description(value: &Value) -> &str {
    value["description"].as_str().unwrap_or_default()
}
