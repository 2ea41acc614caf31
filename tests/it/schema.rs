//! An independent validator checks the spec's permission metadata by the JSON Schema of its
//! Rust type.

use graph_photo_codegen::{
    Spec,
    permissions::{PERMISSIONS_KEY, PermissionMetadata, json_schema},
};
use serde_json::{Value, json};

fn validator() -> jsonschema::Validator {
    jsonschema::validator_for(&serde_json::from_str(&json_schema()).unwrap()).unwrap()
}

/// The metadata of each operation of the spec.
fn metadata() -> Vec<Value> {
    let Spec { openapi, .. } = Spec::read(graph_photo_spec::OPENAPI_YAML).unwrap();
    let items = openapi.paths.paths.into_values().map(|item| item.into_item().unwrap());
    items
        .flat_map(|item| [item.put, item.patch])
        .flatten()
        .map(|mut operation| operation.extensions.shift_remove(PERMISSIONS_KEY).unwrap())
        .collect()
}

#[test]
fn each_operation_keeps_the_schema() {
    let (validator, metadata) = (validator(), metadata());
    assert!(!metadata.is_empty());
    for metadata in metadata {
        let problems: Vec<String> =
            validator.iter_errors(&metadata).map(|error| error.to_string()).collect();
        assert_eq!(problems, [""; 0]);
    }
}

/// Schema and type refuse the same.
#[test]
fn the_schema_refuses_what_the_type_refuses() {
    let validator = validator();
    let good = metadata().swap_remove(0);
    let set = |pointer: &str, value: Value| {
        let mut metadata = good.clone();
        *metadata.pointer_mut(pointer).unwrap() = value;
        metadata
    };
    let mut unknown = good.clone();
    unknown["accountKind"] = json!("work");
    let mut without_source = good.clone();
    without_source["leastPrivilegedFirst"][0].as_object_mut().unwrap().shift_remove("source");
    for bad in [
        json!({}),
        unknown,
        without_source,
        set("/accountKinds", json!("work")),
        set("/accountKinds", json!([])),
        set("/accountKinds/0", json!("private")),
        set("/leastPrivilegedFirst", json!([])),
        set("/leastPrivilegedFirst/0/condition", json!("sometimes")),
        set("/leastPrivilegedFirst/0/scope", json!(1)),
    ] {
        assert!(!validator.is_valid(&bad), "{bad}");
        assert!(serde_json::from_value::<PermissionMetadata>(bad.clone()).is_err(), "{bad}");
    }
}
