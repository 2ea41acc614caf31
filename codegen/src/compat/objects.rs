//! What two specs are compared by that [`Api`](crate::Api) leaves out: the
//! types of the error model, and responses.

use openapiv3::{ObjectType, Operation, ReferenceOr, Schema, SchemaKind, Type};

use crate::{
    Spec,
    api::Target,
    docs::openapi::{openapi_operation, resolve_response},
};

/// A schema that becomes a type.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Object {
    pub(super) name: String,
    pub(super) description: String,
    pub(super) fields: Vec<Field>,
}

/// A property that becomes a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Field {
    pub(super) name: String,
    /// In words, such as "a list of `string`".
    pub(super) kind: String,
    pub(super) required: bool,
    pub(super) description: String,
}

/// The objects of `components.schemas`, in the order of the spec.
pub(super) fn objects(spec: &Spec) -> Vec<Object> {
    let schemas = spec.openapi.components.iter().flat_map(|components| &components.schemas);
    schemas
        .filter_map(|(name, schema)| Some((name, schema.as_item()?)))
        .filter_map(|(name, schema)| match &schema.schema_kind {
            SchemaKind::Type(Type::Object(object)) => Some(Object {
                name: name.clone(),
                description: description(schema),
                fields: fields(object),
            }),
            _ => None,
        })
        .collect()
}

fn fields(object: &ObjectType) -> Vec<Field> {
    let field = |(name, property): (&String, &ReferenceOr<Box<Schema>>)| Field {
        name: name.clone(),
        kind: kind(property),
        required: object.required.contains(name),
        description: property.as_item().map(|schema| description(schema)).unwrap_or_default(),
    };
    object.properties.iter().map(field).collect()
}

fn description(schema: &Schema) -> String {
    schema.schema_data.description.clone().unwrap_or_default()
}

/// The type of a property, in words.
fn kind(property: &ReferenceOr<Box<Schema>>) -> String {
    let schema = match property {
        ReferenceOr::Reference { reference } => return format!("`{}`", last_segment(reference)),
        ReferenceOr::Item(schema) => schema,
    };
    match &schema.schema_kind {
        SchemaKind::Type(Type::Array(list)) => list
            .items
            .as_ref()
            .map_or("a list".to_owned(), |item| format!("a list of {}", kind(item))),
        SchemaKind::Type(Type::Integer(_)) => "`integer`".to_owned(),
        SchemaKind::Type(Type::Number(_)) => "`number`".to_owned(),
        SchemaKind::Type(Type::Boolean(_)) => "`boolean`".to_owned(),
        _ => "`string`".to_owned(),
    }
}

/// The name of the component that `reference` names.
fn last_segment(reference: &str) -> &str {
    reference.rsplit('/').next().unwrap_or_default()
}

fn first_operation<'a>(spec: &'a Spec, target: &Target) -> Option<&'a Operation> {
    openapi_operation(spec, target, target.operations.first()?.method)
}

/// The responses of `target`, by status, with their descriptions. PUT and PATCH
/// have the same ones.
pub(super) fn responses<'a>(spec: &'a Spec, target: &Target) -> Vec<(String, &'a str)> {
    let responses = first_operation(spec, target)
        .into_iter()
        .flat_map(|operation| &operation.responses.responses);
    responses
        .filter_map(|(status, response)| {
            let response = resolve_response(response, spec.openapi.components.as_ref()?)?;
            Some((status.to_string(), response.description.as_str()))
        })
        .collect()
}
