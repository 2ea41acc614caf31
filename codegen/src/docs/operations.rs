//! The operation reference.

use openapiv3::{ExternalDocumentation, OpenAPI};

use super::{
    markdown::{cell, sentence},
    openapi::{Row, openapi_operation, path_item, responses, schemas},
};
use crate::{
    api::{Operation, Target},
    spec::Spec,
};

/// Every operation of the API, with its texts: what `spec/OPERATIONS.md` holds.
pub(super) fn operations(spec: &Spec) -> String {
    let api = &spec.api;
    let mut text = format!("# {}\n\n", api.title);
    if let Some(description) = &spec.openapi.info.description {
        text += &format!("{}\n\n", description.trim());
    }
    text += &format!(
        "Version {}. Every request carries `Content-Type: {}` and has at most {} bytes in all. \
         [PERMISSIONS.md](PERMISSIONS.md) says what each operation takes.\n\n",
        api.version, api.media_type, api.max_request_bytes,
    );
    for link in links(&spec.openapi) {
        text += &format!("- {link}\n");
    }
    text += "\n## Clouds\n\n| name | base URL | |\n|---|---|---|\n";
    for cloud in &api.clouds {
        let description = cell(&cloud.description);
        text += &format!("| `{}` | <{}> | {description} |\n", cloud.name, cloud.base_url);
    }
    text += &parts(spec);
    text += &table("Responses", &responses(spec));
    text += &table("Schemas", &schemas(spec));
    text
}

/// Who answers for the API, and where more is said about it.
fn links(openapi: &OpenAPI) -> Vec<String> {
    let info = &openapi.info;
    let terms = info.terms_of_service.as_deref();
    let terms = terms.map(|url| link("Terms of service", url, Some(url)));
    let contact = info.contact.iter().flat_map(|contact| {
        let url = contact.url.as_deref();
        let person = contact.name.as_deref().or(url).map(|text| link("Contact", text, url));
        let email = contact.email.as_deref().map(|text| link("Email", text, None));
        person.into_iter().chain(email)
    });
    let license = info.license.as_ref();
    let license = license.map(|it| link("License", &it.name, it.url.as_deref()));
    let docs = openapi.external_docs.as_ref().map(see);
    terms.into_iter().chain(contact).chain(license).chain(docs).collect()
}

/// `License: [MIT](https://...)`
fn link(label: &str, text: &str, url: Option<&str>) -> String {
    match url {
        Some(url) => format!("{label}: [{text}]({url})"),
        None => format!("{label}: {text}"),
    }
}

fn see(docs: &ExternalDocumentation) -> String {
    link("See", docs.description.as_deref().unwrap_or(&docs.url), Some(&docs.url))
}

/// All operations by their first tag, in the order of the tags; those without a
/// tag come last.
fn parts(spec: &Spec) -> String {
    let mut text = String::new();
    for tag in &spec.openapi.tags {
        text += &format!("\n## {}\n", tag.name);
        text += &paragraph(tag.description.as_deref().unwrap_or_default());
        text += &paragraph(&tag.external_docs.as_ref().map(see).unwrap_or_default());
        text += &sections(spec, Some(&tag.name));
    }
    let others = sections(spec, None);
    if others.is_empty() { text } else { text + "\n## Operations\n" + &others }
}

/// The operations whose first tag this is, or that have none.
fn sections(spec: &Spec, tag: Option<&str>) -> String {
    let operations = spec.api.operations().filter(|(target, operation)| {
        let operation = openapi_operation(spec, target, operation.method);
        operation.and_then(|operation| operation.tags.first()).map(String::as_str) == tag
    });
    operations.map(|(target, operation)| section(spec, target, operation)).collect()
}

fn section(spec: &Spec, target: &Target, operation: &Operation) -> String {
    let mut text = format!(
        "\n### {}\n\n`{} {}`\n\n{}\n",
        operation.id,
        operation.method.as_str(),
        target.path_template(),
        sentence(&operation.summary),
    );
    let item = path_item(spec, target);
    let of_path = item.map(|item| [item.summary.as_deref(), item.description.as_deref()]);
    for texts in of_path.into_iter().flatten().chain([operation.description.as_deref()]).flatten() {
        text += &paragraph(texts);
    }
    let docs = openapi_operation(spec, target, operation.method)
        .and_then(|operation| operation.external_docs.as_ref());
    text += &paragraph(&docs.map(see).unwrap_or_default());
    let parameters: String = target
        .parameters()
        .filter_map(|name| spec.api.identifiers.iter().find(|identifier| identifier.name == name))
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
fn paragraph(text: &str) -> String {
    let text = text.trim();
    if text.is_empty() { String::new() } else { format!("\n{text}\n") }
}

fn table(title: &str, rows: &[Row<'_>]) -> String {
    let mut text = format!("\n## {title}\n\n| | |\n|---|---|\n");
    for row in rows {
        text += &format!("| `{}` | {} |\n", row.name, cell(row.text));
    }
    text
}
