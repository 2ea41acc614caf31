//! The committed snapshots are what the spec renders.

use std::{fs, path::Path};

use graph_photo_codegen::{permissions, render};

/// `cargo xtask regenerate` writes these snapshots, `cargo xtask check` shows
/// what differs.
#[test]
fn each_module_is_its_snapshot() {
    let rendered = render(graph_photo_spec::OPENAPI_YAML).unwrap();
    insta::with_settings!({
        snapshot_path => "../snapshots",
        prepend_module_to_snapshot => false,
        omit_expression => true,
    }, {
        for module in rendered.modules {
            insta::assert_snapshot!(module.name, module.source);
        }
    });
}

#[test]
fn the_same_text_renders_the_same_bytes() {
    let once = render(graph_photo_spec::OPENAPI_YAML).unwrap();
    assert_eq!(once, render(graph_photo_spec::OPENAPI_YAML).unwrap());
}

/// The documents and the JSON Schema beside the spec.
#[test]
fn each_document_is_what_is_committed() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../spec");
    let rendered = render(graph_photo_spec::OPENAPI_YAML).unwrap();
    let documents = rendered.documents.into_iter().map(|document| (document.name, document.text));
    let schema = ("x-graph-permissions.schema.json", permissions::json_schema());
    for (name, text) in documents.chain([schema]) {
        let committed = fs::read_to_string(folder.join(name)).unwrap();
        assert!(committed == text, "spec/{name} is stale; run `cargo xtask regenerate`");
    }
}
