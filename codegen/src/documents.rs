//! Pictures of the API for people: rendered beside the code, from the same spec.

mod html;
mod operations;
mod permissions;

pub use permissions::permissions as permission_matrix;

use openapiv3::{Components, ReferenceOr, Response, Schema, SchemaKind, Type};

use crate::Spec;

/// A document about the API.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// The name of its file, such as `PERMISSIONS.md`.
    pub name: &'static str,
    /// Its text.
    pub text: String,
}

/// All documents, in the order of their names.
pub(crate) fn documents(spec: &Spec) -> Vec<Document> {
    vec![
        Document { name: "OPERATIONS.md", text: operations::operations(spec) },
        Document { name: "PERMISSIONS.md", text: permissions::permissions(&spec.api) },
        Document { name: "reference.html", text: html::reference(spec) },
    ]
}

/// What the comment at the top of a document says.
const HEADER: &str = "Generated from spec/openapi.yaml. Do not edit: change the spec and run `cargo xtask regenerate`.";

/// A cell of a Markdown table.
fn cell(text: &str) -> String {
    text.trim().replace('|', "\\|").replace('\n', " ")
}

/// A row that documents something by its name.
struct Row<'a> {
    name: String,
    text: &'a str,
}

/// The responses of the first operation, which all others share.
fn responses(spec: &Spec) -> Vec<Row<'_>> {
    let first = spec.openapi.paths.paths.values().find_map(ReferenceOr::as_item);
    let operation = first.and_then(|item| item.put.as_ref().or(item.patch.as_ref()));
    let responses = operation.map(|operation| &operation.responses.responses);
    responses
        .into_iter()
        .flatten()
        .filter_map(|(status, response)| {
            let response = resolve_response(response, spec.openapi.components.as_ref()?)?;
            Some(Row { name: status.to_string(), text: &response.description })
        })
        .collect()
}

/// The response, or the component that it refers to.
pub(crate) fn resolve_response<'a>(
    response: &'a ReferenceOr<Response>,
    components: &'a Components,
) -> Option<&'a Response> {
    match response {
        ReferenceOr::Item(response) => Some(response),
        ReferenceOr::Reference { reference } => {
            components.responses.get(reference.rsplit('/').next()?)?.as_item()
        }
    }
}

/// The schemas with their properties: `GraphError`, `GraphError.code`, ...
fn schemas(spec: &Spec) -> Vec<Row<'_>> {
    let components = spec.openapi.components.as_ref();
    let schemas = components.map(|components| &components.schemas).into_iter().flatten();
    schemas
        .filter_map(|(name, schema)| Some((name, schema.as_item()?)))
        .flat_map(|(name, schema)| {
            let properties = properties(schema)
                .map(move |(property, text)| Row { name: format!("{name}.{property}"), text });
            std::iter::once(Row { name: name.clone(), text: description(schema) }).chain(properties)
        })
        .collect()
}

fn properties(schema: &Schema) -> impl Iterator<Item = (&str, &str)> {
    let object = match &schema.schema_kind {
        SchemaKind::Type(Type::Object(object)) => Some(object),
        _ => None,
    };
    object.into_iter().flat_map(|object| &object.properties).map(|(name, property)| {
        let text = match property {
            ReferenceOr::Item(schema) => description(schema),
            ReferenceOr::Reference { reference } => {
                reference.rsplit('/').next().unwrap_or_default()
            }
        };
        (name.as_str(), text)
    })
}

fn description(schema: &Schema) -> &str {
    schema.schema_data.description.as_deref().unwrap_or_default()
}
