//! The types of the error model. What exactly of them no longer compiles, `cargo
//! semver-checks` tells; here it counts that they differ.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{
    change::{Change, Kind, quoted},
    content::{Content, without_texts},
};
use crate::api::Api;

pub(super) fn compare(old: &Api, new: &Api, before: &Content, after: &Content) -> Vec<Change> {
    let (before, after) = (types(before), types(after));
    let is_different = |name: &&String| {
        after.get(*name) != before.get(*name) || old.error_model != new.error_model
    };
    let different = before.keys().filter(is_different).map(String::as_str);
    let added = after.keys().filter(|name| !before.contains_key(*name)).map(String::as_str);
    let lists = [
        (Kind::SchemaChanged, "the types of errors differ", quoted(different)),
        (Kind::SchemaAdded, "there are more types", quoted(added)),
    ];
    let lists = lists.into_iter().filter(|(_, _, names)| !names.is_empty());
    lists.map(|(kind, what, names)| Change::new(kind, format!("{what}: {names}"))).collect()
}

/// The schemas that become types, without the texts about them.
fn types(content: &Content) -> BTreeMap<String, Value> {
    let schemas = content.0["components"]["schemas"].as_object().into_iter().flatten();
    let types = schemas.filter(|(_, schema)| schema["type"] == "object");
    types.map(|(name, schema)| (name.clone(), without_texts(schema))).collect()
}
