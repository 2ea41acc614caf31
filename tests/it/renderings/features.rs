//! Renderings of small specs, each with one feature of the generator.

use std::fs;

use graph_photo_codegen::render;

use super::crates::Crates;
use crate::library::Warnings;

const FIXTURES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../codegen/tests/fixtures/features");

#[test]
fn compile() {
    let mut crates = Crates::new("features");
    for entry in fs::read_dir(FIXTURES).unwrap() {
        let path = entry.unwrap().path();
        let text = fs::read_to_string(&path).unwrap();
        let warnings = if text.contains("\n# Warns: ") { Warnings::Allow } else { Warnings::Deny };
        let name = path.file_stem().unwrap().to_str().unwrap();
        crates.add(name, &render(&text).unwrap().modules, warnings);
    }
    crates.check();
    for name in ["code-and-links", "odd-texts"] {
        crates.document(name);
    }
}
