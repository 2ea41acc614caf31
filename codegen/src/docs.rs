//! Pictures of the API for people: rendered beside the code, from the same spec.

mod html;
pub(crate) mod markdown;
mod operations;
mod permissions;

pub use permissions::permissions as permission_matrix;

use openapiv3::{
    Components, ExternalDocumentation, OpenAPI, ParameterSchemaOrContent, PathItem, ReferenceOr,
    Response, Schema, SchemaKind, Type,
};

use crate::{
    Spec,
    api::{Method, Operation, Target},
};

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
#[derive(PartialEq)]
struct Row<'a> {
    name: String,
    text: &'a str,
}

/// The operations that have the same first tag, or none.
struct Group<'a> {
    name: &'a str,
    text: &'a str,
    /// Where more is said about it.
    more: Option<Link<'a>>,
    operations: Vec<(&'a Target, &'a Operation)>,
}

/// A reference to something outside the file.
struct Link<'a> {
    /// What it is, such as `License`.
    label: &'static str,
    text: &'a str,
    url: Option<&'a str>,
}

/// Who stands behind the API, and where more is said about it.
fn links(openapi: &OpenAPI) -> Vec<Link<'_>> {
    let info = &openapi.info;
    let terms = info.terms_of_service.as_deref();
    let terms = terms.map(|url| Link { label: "Terms of service", text: url, url: Some(url) });
    let contact = info.contact.iter().flat_map(|contact| {
        let (name, email) = (contact.name.as_deref(), contact.email.as_deref());
        let url = contact.url.as_deref();
        let person = name.or(url).map(|text| Link { label: "Contact", text, url });
        person.into_iter().chain(email.map(|text| Link { label: "Email", text, url: None }))
    });
    let license = info.license.as_ref().map(|license| Link {
        label: "License",
        text: &license.name,
        url: license.url.as_deref(),
    });
    let docs = openapi.external_docs.as_ref().map(link);
    terms.into_iter().chain(contact).chain(license).chain(docs).collect()
}

fn link(docs: &ExternalDocumentation) -> Link<'_> {
    let text = docs.description.as_deref().unwrap_or(&docs.url);
    Link { label: "See", text, url: Some(&docs.url) }
}

fn path_item<'a>(spec: &'a Spec, target: &Target) -> Option<&'a PathItem> {
    spec.openapi.paths.paths.get(&target.path_template())?.as_item()
}

/// What is said about an operation: first about its path, then about itself.
fn texts<'a>(spec: &'a Spec, target: &Target, operation: &'a Operation) -> Vec<&'a str> {
    let item = path_item(spec, target);
    let of_path = item.map(|item| [item.summary.as_deref(), item.description.as_deref()]);
    let texts = of_path.into_iter().flatten().chain([operation.description.as_deref()]);
    texts.flatten().map(str::trim).collect()
}

/// Where more is said about an operation.
fn more<'a>(spec: &'a Spec, target: &Target, operation: &Operation) -> Option<Link<'a>> {
    openapi_operation(spec, target, operation.method)?.external_docs.as_ref().map(link)
}

/// An operation of `target` as OpenAPI has it.
pub(crate) fn openapi_operation<'a>(
    spec: &'a Spec,
    target: &Target,
    method: Method,
) -> Option<&'a openapiv3::Operation> {
    let item = path_item(spec, target)?;
    match method {
        Method::Put => item.put.as_ref(),
        Method::Patch => item.patch.as_ref(),
    }
}

/// All operations by their first tag, in the order of the tags; those without a
/// tag come last.
fn groups(spec: &Spec) -> Vec<Group<'_>> {
    let of = |tag: Option<&str>| {
        let operations = spec.api.operations().filter(|(target, operation)| {
            let operation = openapi_operation(spec, target, operation.method);
            operation.and_then(|operation| operation.tags.first()).map(String::as_str) == tag
        });
        operations.collect()
    };
    let tags = spec.openapi.tags.iter().map(|tag| Group {
        name: &tag.name,
        text: tag.description.as_deref().unwrap_or_default().trim(),
        more: tag.external_docs.as_ref().map(link),
        operations: of(Some(&tag.name)),
    });
    let without = Group { name: "Operations", text: "", more: None, operations: of(None) };
    tags.chain(Some(without).filter(|group| !group.operations.is_empty())).collect()
}

/// The responses of all operations, each once.
fn responses(spec: &Spec) -> Vec<Row<'_>> {
    let mut rows: Vec<Row<'_>> = Vec::new();
    let Some(components) = spec.openapi.components.as_ref() else { return rows };
    for (_, _, operation) in spec.openapi.operations() {
        for (status, response) in &operation.responses.responses {
            let Some(response) = resolve_response(response, components) else { continue };
            let row = Row { name: status.to_string(), text: &response.description };
            if !rows.contains(&row) {
                rows.push(row);
            }
        }
    }
    rows.sort_by(|a, b| a.name.cmp(&b.name));
    rows
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

/// The schemas with their properties: `GraphError`, `GraphError.code`, ...; then
/// those that are written where they are used and have something to say.
fn schemas(spec: &Spec) -> Vec<Row<'_>> {
    let mut rows = Vec::new();
    for (name, schema) in spec.openapi.components.iter().flat_map(|all| &all.schemas) {
        if let ReferenceOr::Item(schema) = schema {
            describe(name.clone(), schema, &mut rows);
        }
    }
    let of_components = rows.len();
    for (name, schema) in inline_schemas(&spec.openapi) {
        let row = Row { name, text: description(schema) };
        if !row.text.is_empty() && !rows[of_components..].contains(&row) {
            rows.push(row);
        }
    }
    rows
}

/// A row for a schema, and one for each of its properties and for what it is a
/// list of.
fn describe<'a>(name: String, schema: &'a Schema, rows: &mut Vec<Row<'a>>) {
    rows.push(Row { name: name.clone(), text: description(schema) });
    let mut part = |name: String, part: &'a ReferenceOr<Box<Schema>>| match part {
        ReferenceOr::Item(schema) => describe(name, schema, rows),
        ReferenceOr::Reference { reference } => {
            rows.push(Row { name, text: reference.rsplit('/').next().unwrap_or_default() });
        }
    };
    match &schema.schema_kind {
        SchemaKind::Type(Type::Object(object)) => {
            for (property, schema) in &object.properties {
                part(format!("{name}.{property}"), schema);
            }
        }
        SchemaKind::Type(Type::Array(list)) => {
            if let Some(items) = &list.items {
                part(name + "[]", items);
            }
        }
        _ => {}
    }
}

/// The schemas of parameters and request bodies that are not components, by the
/// names of the parameters and by media types.
fn inline_schemas(openapi: &OpenAPI) -> Vec<(String, &Schema)> {
    let components = openapi.components.as_ref();
    let items = openapi.paths.paths.values().filter_map(ReferenceOr::as_item);
    let operations = || openapi.operations().map(|(_, _, operation)| operation);
    let declared = items
        .flat_map(|item| &item.parameters)
        .chain(operations().flat_map(|operation| &operation.parameters))
        .chain(components.into_iter().flat_map(|all| all.parameters.values()));
    let parameters = declared.filter_map(ReferenceOr::as_item).filter_map(|parameter| {
        let data = parameter.parameter_data_ref();
        match &data.format {
            ParameterSchemaOrContent::Schema(schema) => Some((data.name.clone(), schema)),
            ParameterSchemaOrContent::Content(_) => None,
        }
    });
    let bodies = operations()
        .filter_map(|operation| operation.request_body.as_ref())
        .chain(components.into_iter().flat_map(|all| all.request_bodies.values()))
        .filter_map(ReferenceOr::as_item)
        .flat_map(|body| &body.content)
        .filter_map(|(media_type, content)| Some((media_type.clone(), content.schema.as_ref()?)));
    let schemas = parameters.chain(bodies);
    schemas.filter_map(|(name, schema)| Some((name, schema.as_item()?))).collect()
}

fn description(schema: &Schema) -> &str {
    schema.schema_data.description.as_deref().unwrap_or_default()
}
