//! Renderings of random valid edits of the spec.

use std::collections::BTreeMap;

use graph_photo_codegen::{Module, render};
use quote::ToTokens as _;
use syn::visit_mut::VisitMut;

use super::crates::Crates;
use crate::library::Warnings;

#[path = "../../../codegen/tests/it/edits.rs"]
mod random;

/// Compiles each rendering that differs from the others in more than texts. The others need
/// only be valid syntax.
#[test]
fn compile() {
    let mut random = random::Random::new();
    let mut distinct: BTreeMap<String, (String, Vec<Module>)> = BTreeMap::new();
    for _ in 0..random::count() {
        let (what, text) = random::mutate(&mut random, graph_photo_spec::OPENAPI_YAML);
        // Tests of the generator cover invalid specs.
        if let Ok(rendered) = render(&text) {
            let skeleton =
                skeleton(&rendered.modules).unwrap_or_else(|error| panic!("{what}: {error}"));
            distinct.entry(skeleton).or_insert((what, rendered.modules));
        }
    }
    assert!(distinct.len() > 1, "some edits change more than texts");
    let mut crates = Crates::new("mutations");
    for (number, (what, modules)) in distinct.values().enumerate() {
        println!("mutations-{number}: {what}");
        crates.add(&number.to_string(), modules, Warnings::Deny);
    }
    crates.check();
}

/// The tokens of modules without documentation and values of literals.
fn skeleton(modules: &[Module]) -> Result<String, syn::Error> {
    struct WithoutTexts;
    impl VisitMut for WithoutTexts {
        fn visit_attributes_mut(&mut self, attributes: &mut Vec<syn::Attribute>) {
            attributes.retain(|attribute| !attribute.path().is_ident("doc"));
        }

        fn visit_lit_str_mut(&mut self, literal: &mut syn::LitStr) {
            *literal = syn::LitStr::new("", literal.span());
        }
    }
    let skeletons = modules.iter().map(|module| {
        let mut file = syn::parse_file(&module.source)?;
        WithoutTexts.visit_file_mut(&mut file);
        Ok(file.to_token_stream().to_string())
    });
    skeletons.collect()
}
