//! The operation reference.

use super::{HEADER, Link, Row, cell, groups, links, more, responses, schemas, texts};
use crate::{
    Spec,
    api::{Operation, Target},
    render::sentence,
};

pub(super) fn operations(spec: &Spec) -> String {
    let api = &spec.api;
    let mut text = format!("<!-- {HEADER} -->\n\n# {}\n\n", api.title);
    if let Some(description) = &spec.openapi.info.description {
        text += &format!("{}\n\n", description.trim());
    }
    text += &format!(
        "Version {}. Every request carries `Content-Type: {}` and has at most {} bytes in all. \
         [PERMISSIONS.md](PERMISSIONS.md) says what each operation takes.\n\n",
        api.version, api.media_type, api.max_request_bytes,
    );
    for link in links(&spec.openapi) {
        text += &format!("- {}\n", markdown(&link));
    }
    text += "\n## Clouds\n\n| name | base URL | |\n|---|---|---|\n";
    for cloud in &api.clouds {
        let description = cell(&cloud.description);
        text += &format!("| `{}` | <{}> | {description} |\n", cloud.name, cloud.base_url);
    }
    for group in groups(spec) {
        text += &format!("\n## {}\n", group.name);
        let more = group.more.as_ref().map(markdown);
        for paragraph in
            [group.text].into_iter().chain(more.as_deref()).filter(|text| !text.is_empty())
        {
            text += &format!("\n{paragraph}\n");
        }
        for (target, operation) in group.operations {
            text += &section(spec, target, operation);
        }
    }
    text += &table("Responses", &responses(spec));
    text += &table("Schemas", &schemas(spec));
    text
}

/// `License: [MIT](https://...)`
fn markdown(link: &Link<'_>) -> String {
    match link.url {
        Some(url) => format!("{}: [{}]({url})", link.label, link.text),
        None => format!("{}: {}", link.label, link.text),
    }
}

fn table(title: &str, rows: &[Row<'_>]) -> String {
    let mut text = format!("\n## {title}\n\n| | |\n|---|---|\n");
    for row in rows {
        text += &format!("| `{}` | {} |\n", row.name, cell(row.text));
    }
    text
}

fn section(spec: &Spec, target: &Target, operation: &Operation) -> String {
    let mut text = format!(
        "\n### {}\n\n`{} {}`\n\n{}\n",
        operation.id,
        operation.method.as_str(),
        target.path_template(),
        sentence(&operation.summary),
    );
    for paragraph in texts(spec, target, operation) {
        text += &format!("\n{paragraph}\n");
    }
    if let Some(link) = more(spec, target, operation) {
        text += &format!("\n{}\n", markdown(&link));
    }
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
    text += &format!("\nAccounts: {}.\n", account_kinds(operation));
    text
}

/// `work, school`
pub(super) fn account_kinds(operation: &Operation) -> String {
    let kinds: Vec<&str> = operation.account_kinds.iter().map(|kind| kind.name()).collect();
    kinds.join(", ")
}
