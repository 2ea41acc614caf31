//! The operation reference.

use serde_json::Value;

use super::markdown::{cell, sentence};
use crate::api::{Api, Operation, Target};

/// Every operation of the API with its texts: `spec/OPERATIONS.md`.
pub(super) fn operations(api: &Api, openapi: &Value) -> String {
    let mut text = format!("# {}\n", api.title);
    text += &paragraph(openapi["info"]["description"].as_str());
    text += &format!(
        "\nVersion {}. Every request has the header `Content-Type: {}` and at most {} bytes in \
         all. [PERMISSIONS.md](PERMISSIONS.md) lists the permissions of each operation.\n\n",
        api.version, api.media_type, api.max_request_bytes,
    );
    for link in links(openapi) {
        text += &format!("- {link}\n");
    }
    text += "\n## Clouds\n\n| name | base URL | |\n|---|---|---|\n";
    for cloud in &api.clouds {
        let description = cell(&cloud.description);
        text += &format!("| `{}` | <{}> | {description} |\n", cloud.name, cloud.base_url);
    }
    text += &parts(api, openapi);
    text += &table("Responses", &responses(openapi));
    text += &table("Schemas", &schemas(openapi));
    text
}

/// Links to contact, license and further documentation.
fn links(openapi: &Value) -> Vec<String> {
    let info = &openapi["info"];
    let (terms, contact, license) = (&info["termsOfService"], &info["contact"], &info["license"]);
    let links = [
        link("Terms of service", terms, terms),
        link("Contact", &contact["name"], &contact["url"]),
        link("Email", &contact["email"], &Value::Null),
        link("License", &license["name"], &license["url"]),
        see(openapi),
    ];
    links.into_iter().flatten().collect()
}

/// `License: [MIT](https://...)`, if there is a text or a URL.
fn link(label: &str, text: &Value, url: &Value) -> Option<String> {
    match (text.as_str(), url.as_str()) {
        (Some(text), None) => Some(format!("{label}: {text}")),
        (text, Some(url)) => Some(format!("{label}: [{}]({url})", text.unwrap_or(url))),
        (None, None) => None,
    }
}

fn see(part: &Value) -> Option<String> {
    let docs = &part["externalDocs"];
    link("See", &docs["description"], &docs["url"])
}

/// All operations by their first tag, in the order of the tags; those without a tag come last.
fn parts(api: &Api, openapi: &Value) -> String {
    let mut text = String::new();
    for tag in openapi["tags"].as_array().into_iter().flatten() {
        let name = tag["name"].as_str();
        text += &format!("\n## {}\n", name.unwrap_or_default());
        text += &paragraph(tag["description"].as_str());
        text += &paragraph(see(tag).as_deref());
        text += &sections(api, openapi, name);
    }
    let others = sections(api, openapi, None);
    if others.is_empty() { text } else { text + "\n## Operations\n" + &others }
}

/// The operations with this first tag, or without any.
fn sections(api: &Api, openapi: &Value, tag: Option<&str>) -> String {
    let sections = api.operations().map(|(target, operation)| {
        let item = &openapi["paths"][target.path_template()];
        let is_wanted = item[operation.method.key()]["tags"][0].as_str() == tag;
        if is_wanted { section(api, item, target, operation) } else { String::new() }
    });
    sections.collect()
}

fn section(api: &Api, item: &Value, target: &Target, operation: &Operation) -> String {
    let Operation { id, method, summary, .. } = operation;
    let path = target.path_template();
    let mut text = format!("\n### {id}\n\n`{method} {path}`\n\n{}\n", sentence(summary));
    text += &paragraph(item["summary"].as_str());
    text += &paragraph(item["description"].as_str());
    text += &paragraph(operation.description.as_deref());
    text += &paragraph(see(&item[method.key()]).as_deref());
    let parameters: String = target
        .parameters()
        .filter_map(|name| api.identifiers.iter().find(|identifier| identifier.name == name))
        .map(|identifier| {
            let (name, description) = (&identifier.name, sentence(&identifier.description));
            format!("- `{name}`: {description} At most {} characters.\n", identifier.max_length)
        })
        .collect();
    text += &paragraph(Some(&parameters));
    let kinds: Vec<&str> = operation.account_kinds.iter().map(|kind| kind.name()).collect();
    text + &format!("\nAccounts: {}.\n", kinds.join(", "))
}

/// A text after an empty line, if there is one.
fn paragraph(text: Option<&str>) -> String {
    let text = text.unwrap_or_default().trim();
    if text.is_empty() { String::new() } else { format!("\n{text}\n") }
}

/// A name and its description.
type Row<'a> = (String, &'a str);

fn table(title: &str, rows: &[Row<'_>]) -> String {
    let mut text = format!("\n## {title}\n\n| | |\n|---|---|\n");
    for (name, description) in rows {
        text += &format!("| `{name}` | {} |\n", cell(description));
    }
    text
}

fn responses(openapi: &Value) -> Vec<Row<'_>> {
    let mut rows: Vec<Row<'_>> = Vec::new();
    let operations = members(&openapi["paths"]).flat_map(|(_, item)| members(item));
    for (status, response) in operations.flat_map(|(_, one)| members(&one["responses"])) {
        let component = response["$ref"].as_str().and_then(|it| openapi.pointer(it.get(1..)?));
        let row = (status.clone(), description(component.unwrap_or(response)));
        if !rows.contains(&row) {
            rows.push(row);
        }
    }
    rows.sort_by(|a, b| a.0.cmp(&b.0));
    rows
}

/// The schemas with their properties, as `GraphError.code`; then schemas that are no components.
fn schemas(openapi: &Value) -> Vec<Row<'_>> {
    let mut rows = Vec::new();
    for (name, schema) in members(&openapi["components"]["schemas"]) {
        describe(name.clone(), schema, &mut rows);
    }
    let mut inline = Vec::new();
    describe_inline("", openapi, &mut inline);
    rows.extend(inline);
    rows
}

fn describe<'a>(name: String, schema: &'a Value, rows: &mut Vec<Row<'a>>) {
    let component = schema["$ref"].as_str().and_then(|reference| reference.rsplit('/').next());
    rows.push((name.clone(), component.unwrap_or_else(|| description(schema))));
    for (property, schema) in members(&schema["properties"]) {
        describe(format!("{name}.{property}"), schema, rows);
    }
    if let Some(items) = schema.get("items") {
        describe(name + "[]", items, rows);
    }
}

/// Rows for the schemas that are no components, named after parameters or media types.
fn describe_inline<'a>(key: &str, value: &'a Value, rows: &mut Vec<Row<'a>>) {
    if let Some(schema) = value.get("schema") {
        let row = (value["name"].as_str().unwrap_or(key).to_owned(), description(schema));
        if !row.1.is_empty() && !rows.contains(&row) {
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
