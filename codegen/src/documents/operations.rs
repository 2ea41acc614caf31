//! The operation reference.

use super::{HEADER, Row, cell, responses, schemas};
use crate::{
    Spec,
    api::{Api, Operation, Target},
};

pub(super) fn operations(spec: &Spec) -> String {
    let api = &spec.api;
    let mut text = format!("<!-- {HEADER} -->\n\n# {}\n\n", api.title);
    if let Some(description) = &spec.openapi.info.description {
        text += &format!("{}\n\n", description.trim());
    }
    text += &format!(
        "Version {}. Every request carries `Content-Type: {}` and has at most {} bytes in all. \
         [PERMISSIONS.md](PERMISSIONS.md) says what each operation takes.\n\n\
         ## Clouds\n\n| name | base URL | |\n|---|---|---|\n",
        api.version, api.media_type, api.max_request_bytes,
    );
    for cloud in &api.clouds {
        let description = cell(&cloud.description);
        text += &format!("| `{}` | <{}> | {description} |\n", cloud.name, cloud.base_url);
    }
    text += &table("Groups of operations", &tags(spec));
    for (target, operation) in api.operations() {
        text += &section(api, target, operation);
    }
    text += &table("Responses", &responses(spec));
    text += &table("Schemas", &schemas(spec));
    text
}

/// The tags of the spec.
pub(super) fn tags(spec: &Spec) -> Vec<Row<'_>> {
    let row = |name: &str, text| Row { name: name.to_owned(), text };
    let tags = spec.openapi.tags.iter();
    tags.map(|tag| row(&tag.name, tag.description.as_deref().unwrap_or_default())).collect()
}

fn table(title: &str, rows: &[Row<'_>]) -> String {
    let mut text = format!("\n## {title}\n\n| | |\n|---|---|\n");
    for row in rows {
        text += &format!("| `{}` | {} |\n", row.name, cell(row.text));
    }
    text
}

fn section(api: &Api, target: &Target, operation: &Operation) -> String {
    let mut text = format!(
        "\n## {}\n\n`{} {}`\n\n{}.\n",
        operation.id,
        operation.method.as_str(),
        target.path_template(),
        operation.summary,
    );
    if let Some(description) = &operation.description {
        text += &format!("\n{}\n", description.trim());
    }
    let parameters: String = target
        .parameters()
        .filter_map(|name| api.identifiers.iter().find(|identifier| identifier.name == name))
        .map(|identifier| {
            let (name, description) = (&identifier.name, identifier.description.trim());
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
