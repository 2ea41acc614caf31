//! The rendered text is what is committed, and what is compiled.

use graph_photo_codegen::render;

/// `cargo xtask regenerate` writes these snapshots, `cargo xtask check` shows
/// what differs.
#[test]
fn each_module_is_its_snapshot() {
    let rendered = render(graph_photo_spec::OPENAPI_YAML).unwrap();
    insta::with_settings!({
        snapshot_path => "../../snapshots",
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
