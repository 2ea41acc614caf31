//! The operation reference.

use serde_json::Value;

use super::{
    markdown::{cell, sentence},
    openapi::{Row, responses, schemas},
};
use crate::api::{Api, Operation, Target};

/// Every operation of the API, with its texts: what `spec/OPERATIONS.md` holds.
pub(super) fn operations(api: &Api, openapi: &Value) -> String {
    let mut text = format!("# {}\n\n", api.title);
    if let Some(description) = openapi["info"]["description"].as_str() {
        text += &format!("{}\n\n", description.trim());
    }
    text += &format!(
        "Version {}. Every request carries `Content-Type: {}` and has at most {} bytes in all. \
         [PERMISSIONS.md](PERMISSIONS.md) says what each operation takes.\n\n",
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

/// Who answers for the API, and where more is said about it.
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

/// `License: [MIT](https://...)`, if there is one or the other.
fn link(label: &str, text: &Value, url: &Value) -> Option<String> {
    match (text.as_str(), url.as_str()) {
        (Some(text), None) => Some(format!("{label}: {text}")),
        (text, Some(url)) => Some(format!("{label}: [{}]({url})", text.unwrap_or(url))),
        (None, None) => None,
    }
}

/// Where more is said about a part of the spec.
fn see(part: &Value) -> Option<String> {
    let docs = &part["externalDocs"];
    link("See", &docs["description"], &docs["url"])
}

/// All operations by their first tag, in the order of the tags; those without a
/// tag come last.
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

/// The operations whose first tag this is, or that have none.
fn sections(api: &Api, openapi: &Value, tag: Option<&str>) -> String {
    let sections = api.operations().map(|(target, operation)| {
        let item = &openapi["paths"][target.path_template()];
        let is_wanted = item[operation.method.key()]["tags"][0].as_str() == tag;
        if is_wanted { section(api, item, target, operation) } else { String::new() }
    });
    sections.collect()
}

fn section(api: &Api, item: &Value, target: &Target, operation: &Operation) -> String {
    let mut text = format!(
        "\n### {}\n\n`{} {}`\n\n{}\n",
        operation.id,
        operation.method.as_str(),
        target.path_template(),
        sentence(&operation.summary),
    );
    text += &paragraph(item["summary"].as_str());
    text += &paragraph(item["description"].as_str());
    text += &paragraph(operation.description.as_deref());
    text += &paragraph(see(&item[operation.method.key()]).as_deref());
    let parameters: String = target
        .parameters()
        .filter_map(|name| api.identifiers.iter().find(|identifier| identifier.name == name))
        .map(|identifier| {
            let (name, description) = (&identifier.name, sentence(&identifier.description));
            format!("- `{name}`: {description} At most {} characters.\n", identifier.max_length)
        })
        .collect();
    if !parameters.is_empty() {
        text += &format!("\n{parameters}");
    }
    let kinds: Vec<&str> = operation.account_kinds.iter().map(|kind| kind.name()).collect();
    text += &format!("\nAccounts: {}.\n", kinds.join(", "));
    text
}

/// A text after an empty line, if there is one.
fn paragraph(text: Option<&str>) -> String {
    let text = text.unwrap_or_default().trim();
    if text.is_empty() { String::new() } else { format!("\n{text}\n") }
}

fn table(title: &str, rows: &[Row<'_>]) -> String {
    let mut text = format!("\n## {title}\n\n| | |\n|---|---|\n");
    for row in rows {
        text += &format!("| `{}` | {} |\n", row.name, cell(row.text));
    }
    text
}
