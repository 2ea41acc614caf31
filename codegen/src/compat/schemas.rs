//! The types of the error model. What exactly of them no longer compiles, `cargo
//! semver-checks` tells; here it counts that they differ.

use std::collections::BTreeMap;

use openapiv3::{ReferenceOr, Schema, SchemaKind, Type};

use super::change::{Change, Kind, quoted};
use crate::spec::Spec;

pub(super) fn compare(old: &Spec, new: &Spec) -> Vec<Change> {
    let (before, after) = (types(old), types(new));
    let mut different: Vec<&str> = before
        .iter()
        .filter(|(name, schema)| after.get(*name) != Some(schema))
        .map(|(name, _)| name.as_str())
        .collect();
    if old.api.error_model != new.api.error_model {
        different.push(&new.api.error_model);
    }
    different.dedup();
    let added: Vec<&str> =
        after.keys().filter(|name| !before.contains_key(*name)).map(String::as_str).collect();
    let mut changes = Vec::new();
    if !different.is_empty() {
        let text = format!("the types of errors differ: {}", quoted(different));
        let remedy = "let the compiler name the uses to change";
        changes.push(Change::new(Kind::SchemaChanged, text).with_remedy(remedy));
    }
    if !added.is_empty() {
        let text = format!("there are more types: {}", quoted(added));
        changes.push(Change::new(Kind::SchemaAdded, text));
    }
    changes
}

/// The schemas that become types, without the texts about them.
fn types(spec: &Spec) -> BTreeMap<String, Schema> {
    let schemas = spec.openapi.components.iter().flat_map(|components| &components.schemas);
    let objects = schemas.filter_map(|(name, schema)| match schema.as_item()? {
        schema if matches!(schema.schema_kind, SchemaKind::Type(Type::Object(_))) => {
            Some((name.clone(), without_texts(schema.clone())))
        }
        _ => None,
    });
    objects.collect()
}

fn without_texts(mut schema: Schema) -> Schema {
    schema.schema_data.description = None;
    let parts: Vec<&mut ReferenceOr<Box<Schema>>> = match &mut schema.schema_kind {
        SchemaKind::Type(Type::Object(object)) => object.properties.values_mut().collect(),
        SchemaKind::Type(Type::Array(list)) => list.items.iter_mut().collect(),
        _ => Vec::new(),
    };
    for part in parts {
        if let ReferenceOr::Item(inner) = part {
            **inner = without_texts((**inner).clone());
        }
    }
    schema
}
