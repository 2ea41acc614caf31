//! One small spec for each rule, and its findings: the valid spec with a patch, or another file.

use std::{collections::BTreeSet, fs, path::Path};

use diffy::Patch;
use graph_photo_codegen::{Rule, api::Api, render};

const VALID: &str = include_str!("../fixtures/valid.yaml");

const FIXTURES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/rules");

/// The rule of a fixture: its file's name up to two hyphens.
fn rule_of(file: &Path) -> String {
    let stem = file.file_stem().unwrap().to_str().unwrap();
    stem.split("--").next().unwrap().to_owned()
}

/// The spec of a fixture.
fn spec_of(file: &Path) -> String {
    let text = fs::read_to_string(file).unwrap();
    if file.extension().is_some_and(|extension| extension == "yaml") {
        return text;
    }
    let patch = Patch::from_str(&text).unwrap();
    let applied = diffy::apply(VALID, &patch);
    applied.unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}

#[test]
fn each_breaks_the_rule_it_is_named_after_and_no_other() {
    let mut others = Vec::new();
    insta::glob!("../fixtures/rules", "*.{patch,yaml}", |file| {
        let findings = Api::read(&spec_of(file)).expect_err("each fixture has a fault");
        insta::assert_snapshot!(findings.to_string());
        let unexpected = findings.iter().filter(|finding| finding.rule.name() != rule_of(file));
        others.extend(unexpected.map(|finding| format!("{}: {}", file.display(), finding.rule)));
    });
    assert!(others.is_empty(), "{others:#?}");
}

#[test]
fn exist_for_every_rule() {
    let fixtures: BTreeSet<_> =
        fs::read_dir(FIXTURES).unwrap().map(|entry| rule_of(&entry.unwrap().path())).collect();
    let rules: BTreeSet<_> = Rule::ALL.iter().map(|rule| rule.name().to_owned()).collect();
    assert_eq!(fixtures, rules);
}

#[test]
fn rules_are_explained_in_the_order_of_the_code() {
    let page = include_str!("../../../spec/README.md");
    let explained: Vec<_> = page.lines().filter_map(|line| line.strip_prefix("### ")).collect();
    let rules: Vec<_> = Rule::ALL.iter().map(|rule| format!("`{rule}`")).collect();
    assert_eq!(explained, rules);
}

#[test]
fn without_their_fault_have_no_findings() {
    if let Err(findings) = Api::read(VALID) {
        panic!("{findings}");
    }
}

/// No code is made of the schemas of errors.
#[test]
fn may_name_schemas_as_they_like() {
    let modules = |spec: &str| render(spec).unwrap().modules;
    for name in ["String", "error", "Client", "UserIdParameter"] {
        assert_eq!(modules(&VALID.replace("ErrorResponse", name)), modules(VALID), "{name}");
    }
}
