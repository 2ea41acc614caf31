//! What the OpenAPI file says beyond the model [`Api`](crate::Api): what only the
//! documents, and the comparison of two specs, make use of.

use openapiv3::{
    Components, OpenAPI, ParameterSchemaOrContent, PathItem, ReferenceOr, Response, Schema,
    SchemaKind, Type,
};

use crate::{
    api::{Method, Target},
    spec::Spec,
};

/// A name and what the spec says about it.
#[derive(PartialEq)]
pub(super) struct Row<'a> {
    pub(super) name: String,
    pub(super) text: &'a str,
}

/// A path as OpenAPI has it.
pub(super) fn path_item<'a>(spec: &'a Spec, target: &Target) -> Option<&'a PathItem> {
    spec.openapi.paths.paths.get(&target.path_template())?.as_item()
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

/// The responses of all operations, each once.
pub(super) fn responses(spec: &Spec) -> Vec<Row<'_>> {
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
pub(super) fn schemas(spec: &Spec) -> Vec<Row<'_>> {
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
