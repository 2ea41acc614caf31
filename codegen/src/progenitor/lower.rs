//! Removes what progenitor can't render from a spec that [`Api`] has read.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::workaround::WorkaroundError;
use crate::api::{Api, Method};
use crate::docs::markdown;
use crate::names;

/// The only media type that progenitor accepts for a body of bytes.
pub(crate) const BYTES_MEDIA_TYPE: &str = "application/octet-stream";

pub(crate) fn lower(api: &Api, mut openapi: Value) -> Result<Value, WorkaroundError> {
    send_plain_bytes(api, &mut openapi)?;
    name_identifiers(api, &mut openapi)?;
    drop_responses(&mut openapi);
    escape_texts(&mut openapi);
    Ok(openapi)
}

/// progenitor refuses a body of `image/jpeg` ("unexpected content type"), and one with a
/// `maxLength`. `restore` puts the media type back; the client's transport enforces the limit.
///
/// Its list of media types is closed; oxidecomputer/progenitor#518, "content multipart/form-data is
/// not supported", is open. Goes when it sends bytes of any type and of limited length.
fn send_plain_bytes(api: &Api, openapi: &mut Value) -> Result<(), WorkaroundError> {
    let original = openapi.clone();
    let mut found = 0;
    for operation in path_items_mut(openapi).flat_map(operations_mut) {
        let body = resolve(&original, &operation["requestBody"]);
        if body["content"].get(&api.media_type).is_some() {
            let schema = json!({ "type": "string", "format": "binary" });
            operation["requestBody"] = json!({
                "description": body["description"].as_str().map(markdown::line),
                "content": { BYTES_MEDIA_TYPE: { "schema": schema } },
                "required": true,
            });
            found += 1;
        }
    }
    WorkaroundError::check("send_plain_bytes", api.operations().count(), found)
}

/// Gives each path parameter a schema named after it, which progenitor is told to replace by
/// the wrapper's identifier type: typify's checks don't know which values leave a path.
///
/// oxidecomputer/typify#171, "Let consumers specify replacement types by name", is about schemas.
/// Goes when progenitor replaces the type of a parameter by the parameter's name.
fn name_identifiers(api: &Api, openapi: &mut Value) -> Result<(), WorkaroundError> {
    let original = openapi.clone();
    let mut found = BTreeSet::new();
    for item in path_items_mut(openapi) {
        found.extend(name_schemas(&original, item));
        found.extend(operations_mut(item).flat_map(|one| name_schemas(&original, one)));
    }
    let names = api.identifiers.iter().map(|identifier| names::type_name(&identifier.name));
    let schemas: Value = names.map(|name| (name, json!({ "type": "string" }))).collect();
    openapi["components"]["schemas"] = schemas;
    WorkaroundError::check("name_identifiers", api.identifiers.len(), found.len())
}

/// Replaces path parameters by copies whose schemas are named after them; returns their names.
fn name_schemas(original: &Value, holder: &mut Value) -> Vec<String> {
    let mut found = Vec::new();
    for parameter in
        holder.get_mut("parameters").and_then(Value::as_array_mut).into_iter().flatten()
    {
        let mut copy = resolve(original, parameter).clone();
        if let Some(name) = copy["name"].as_str().map(str::to_owned)
            && copy["in"] == "path"
        {
            escape(&mut copy, "description", markdown::line);
            let schema = format!("#/components/schemas/{}", names::type_name(&name));
            copy["schema"] = json!({ "$ref": schema });
            *parameter = copy;
            found.push(name);
        }
    }
    found
}

/// progenitor makes types of the responses' schemas, and fails on some of them. The wrapper
/// reads responses itself; progenitor only needs to know that errors are JSON.
///
/// Goes with `send_by_transport` of the restoring.
fn drop_responses(openapi: &mut Value) {
    for operation in path_items_mut(openapi).flat_map(operations_mut) {
        operation["responses"] = json!({
            "200": { "description": "" },
            "4XX": { "description": "", "content": { "application/json": { "schema": {} } } },
        });
    }
    openapi["components"]["responses"] = json!({});
}

/// progenitor writes texts into the client's documentation as they are; rustdoc would run
/// their code and follow their brackets. Texts of bodies and parameters are escaped above.
///
/// Goes when progenitor and typify escape the texts.
fn escape_texts(openapi: &mut Value) {
    let info = &mut openapi["info"];
    escape(info, "title", markdown::line);
    escape(info, "termsOfService", markdown::line);
    escape(info, "description", markdown::block);
    for operation in path_items_mut(openapi).flat_map(operations_mut) {
        escape(operation, "summary", markdown::line);
        escape(operation, "description", markdown::block);
    }
}

fn escape(holder: &mut Value, key: &str, escaped: fn(&str) -> String) {
    if let Some(Value::String(text)) = holder.get_mut(key) {
        *text = escaped(text);
    }
}

fn path_items_mut(openapi: &mut Value) -> impl Iterator<Item = &mut Value> {
    members_mut(&mut openapi["paths"]).map(|(_, item)| item)
}

fn operations_mut(item: &mut Value) -> impl Iterator<Item = &mut Value> {
    let is_method = |key: &str| Method::ALL.iter().any(|method| method.key() == key);
    members_mut(item).filter(move |(key, _)| is_method(key)).map(|(_, operation)| operation)
}

fn members_mut(value: &mut Value) -> impl Iterator<Item = (&String, &mut Value)> {
    value.as_object_mut().into_iter().flatten()
}

fn resolve<'a>(openapi: &'a Value, part: &'a Value) -> &'a Value {
    let component = part["$ref"].as_str().and_then(|it| openapi.pointer(it.strip_prefix('#')?));
    component.unwrap_or(part)
}
