//! Takes out of the spec what progenitor cannot take, once [`Api`] has read it.

use openapiv3::{
    Components, MediaType, OpenAPI, Operation, Parameter, ParameterSchemaOrContent, PathItem,
    ReferenceOr, RequestBody, Schema, SchemaData, SchemaKind, StringFormat, StringType, Type,
    VariantOrUnknownOrEmpty,
};

use super::workaround::WorkaroundError;
use crate::{api::Api, docs::markdown, names};

/// The only media type that progenitor accepts for a body of bytes.
pub(crate) const BYTES_MEDIA_TYPE: &str = "application/octet-stream";

/// Lowers a spec that passed every rule to what progenitor renders.
pub(crate) fn lower(api: &Api, mut spec: OpenAPI) -> Result<OpenAPI, WorkaroundError> {
    send_plain_bytes(api, &mut spec)?;
    name_identifiers(api, &mut spec)?;
    escape_texts(&mut spec);
    Ok(spec)
}

/// progenitor refuses a body of `image/jpeg` ("unexpected content type"), and one with
/// a `maxLength`; bytes of no particular type and length are what it sends as they are.
/// `restore` puts the media type back, and the limit, which is in
/// [`Api::max_request_bytes`], is enforced by the client's hooks.
///
/// progenitor knows a closed list of media types, to which each is added by hand:
/// oxidecomputer/progenitor#593, "Add support for text/plain and text/x-markdown body
/// content types"; oxidecomputer/progenitor#518, "content multipart/form-data is not
/// supported", is open. Goes when it sends bytes of any type, and of limited length.
fn send_plain_bytes(api: &Api, spec: &mut OpenAPI) -> Result<(), WorkaroundError> {
    let components = spec.components.clone().unwrap_or_default();
    let mut found = 0;
    for operation in operations_mut(spec) {
        let body = operation
            .request_body
            .as_ref()
            .and_then(|body| resolve(body, |name| components.request_bodies.get(name)))
            .filter(|body| body.content.contains_key(&api.media_type));
        if let Some(body) = body {
            let description = body.description.as_deref().map(markdown::line);
            operation.request_body = Some(ReferenceOr::Item(plain_bytes(description)));
            found += 1;
        }
    }
    WorkaroundError::check("send_plain_bytes", api.operations().count(), found)
}

fn plain_bytes(description: Option<String>) -> RequestBody {
    let binary = VariantOrUnknownOrEmpty::Item(StringFormat::Binary);
    let schema = string(StringType { format: binary, ..StringType::default() });
    let content = MediaType { schema: Some(ReferenceOr::Item(schema)), ..MediaType::default() };
    let content = [(BYTES_MEDIA_TYPE.to_owned(), content)].into_iter().collect();
    RequestBody { description, content, required: true, ..RequestBody::default() }
}

/// Gives each path parameter the schema that is named after it, which the
/// generator is told to replace with our own identifier type: typify's checks
/// know neither what escapes a path nor how to say which rule a value broke.
///
/// Types are replaced by the name of a schema, since oxidecomputer/typify#171, "Let
/// consumers specify replacement types by name". Goes when progenitor replaces the type
/// of a parameter by the parameter's name.
fn name_identifiers(api: &Api, spec: &mut OpenAPI) -> Result<(), WorkaroundError> {
    let mut components = spec.components.take().unwrap_or_default();
    let mut found = Vec::new();
    let mut named = |parameters: &mut Vec<ReferenceOr<Parameter>>| {
        for parameter in parameters {
            if let Some(name) = name_schema(parameter, &components) {
                found.push(name);
            }
        }
    };
    for item in path_items_mut(spec) {
        named(&mut item.parameters);
        for operation in [&mut item.put, &mut item.patch].into_iter().flatten() {
            named(&mut operation.parameters);
        }
    }
    // Strings of `components` are schemas of identifiers; the generator would
    // make types of them that nothing uses, and that need another crate.
    components.schemas.retain(|_, schema| schema.as_item().is_none_or(|schema| !is_string(schema)));
    for identifier in &api.identifiers {
        // For the generator to replace.
        let schema = ReferenceOr::Item(string(StringType::default()));
        components.schemas.insert(names::type_name(&identifier.name), schema);
    }
    spec.components = Some(components);
    found.sort_unstable();
    found.dedup();
    WorkaroundError::check("name_identifiers", api.identifiers.len(), found.len())
}

/// Replaces a parameter by a copy whose schema is the one named after it.
fn name_schema(parameter: &mut ReferenceOr<Parameter>, components: &Components) -> Option<String> {
    let mut copy = resolve(parameter, |name| components.parameters.get(name))?.clone();
    let Parameter::Path { parameter_data, .. } = &mut copy else {
        return None;
    };
    let name = parameter_data.name.clone();
    escape(&mut parameter_data.description, markdown::line);
    parameter_data.format = ParameterSchemaOrContent::Schema(ReferenceOr::Reference {
        reference: format!("#/components/schemas/{}", names::type_name(&name)),
    });
    *parameter = ReferenceOr::Item(copy);
    Some(name)
}

fn string(string: StringType) -> Schema {
    Schema {
        schema_data: SchemaData::default(),
        schema_kind: SchemaKind::Type(Type::String(string)),
    }
}

/// progenitor writes texts into the documentation of the client as they are;
/// rustdoc would run the code in them and follow their brackets. Those of bodies and
/// parameters are escaped where these are replaced.
///
/// Goes when progenitor and typify escape what they write into documentation.
fn escape_texts(spec: &mut OpenAPI) {
    spec.info.title = markdown::line(&spec.info.title);
    escape(&mut spec.info.terms_of_service, markdown::line);
    escape(&mut spec.info.description, markdown::block);
    for operation in operations_mut(spec) {
        escape(&mut operation.summary, markdown::line);
        escape(&mut operation.description, markdown::block);
    }
    for schema in spec.components.iter_mut().flat_map(|all| all.schemas.values_mut()) {
        if let ReferenceOr::Item(schema) = schema {
            escape_schema(schema);
        }
    }
}

fn escape_schema(schema: &mut Schema) {
    escape(&mut schema.schema_data.description, markdown::block);
    let parts: Vec<_> = match &mut schema.schema_kind {
        SchemaKind::Type(Type::Object(object)) => object.properties.values_mut().collect(),
        SchemaKind::Type(Type::Array(list)) => list.items.iter_mut().collect(),
        _ => Vec::new(),
    };
    for part in parts {
        if let ReferenceOr::Item(schema) = part {
            escape_schema(schema);
        }
    }
}

fn escape(text: &mut Option<String>, escaped: fn(&str) -> String) {
    *text = text.as_deref().map(escaped);
}

fn is_string(schema: &Schema) -> bool {
    matches!(schema.schema_kind, SchemaKind::Type(Type::String(_)))
}

fn path_items_mut(spec: &mut OpenAPI) -> impl Iterator<Item = &mut PathItem> {
    spec.paths.paths.values_mut().filter_map(|item| match item {
        ReferenceOr::Item(item) => Some(item),
        ReferenceOr::Reference { .. } => None,
    })
}

fn operations_mut(spec: &mut OpenAPI) -> impl Iterator<Item = &mut Operation> {
    path_items_mut(spec).flat_map(|item| [&mut item.put, &mut item.patch]).flatten()
}

/// An item, or the component that it refers to by the name that the reference ends in.
fn resolve<'a, T>(
    item: &'a ReferenceOr<T>,
    component: impl FnOnce(&str) -> Option<&'a ReferenceOr<T>>,
) -> Option<&'a T> {
    match item {
        ReferenceOr::Item(item) => Some(item),
        ReferenceOr::Reference { reference } => component(reference.rsplit('/').next()?)?.as_item(),
    }
}
