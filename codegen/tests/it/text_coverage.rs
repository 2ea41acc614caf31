//! Every text of a spec appears in a rendered file.

use std::{fs, ops::Range};

use graph_photo_codegen::{Module, Rendered, render};

use crate::spec::SPEC;

const KEYS: [&str; 4] = ["description", "summary", "title", "name"];

/// The place of the first word of each text, after a key or a scope.
fn texts(spec: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut scopes = None;
    let mut start = 0;
    for line in spec.split_inclusive('\n') {
        let depth = line.len() - line.trim_start().len();
        if scopes.is_some_and(|scopes| depth <= scopes) {
            scopes = None;
        }
        let values = if scopes.is_some() {
            line.find(": ").map(|at| at + 2).into_iter().collect()
        } else {
            values(line)
        };
        if line.trim() == "scopes:" {
            scopes = Some(depth);
        }
        for value in values {
            let from = match line[value..].trim_start_matches(['\'', '"']).trim() {
                // A text of several lines begins on the next one.
                "|-" | "|" => start + line.len() + depth + 2,
                _ => start + value,
            };
            let word = |c: char| c.is_alphanumeric();
            let from = from + spec[from..].find(word).unwrap();
            let length = spec[from..].find(|c: char| !word(c)).unwrap();
            found.push(from..from + length);
        }
        start += line.len();
    }
    found
}

/// The beginnings of values in a line, except names that appear elsewhere in the file.
fn values(line: &str) -> Vec<usize> {
    let keys = KEYS.iter().filter(|key| **key != "name" || line.contains("name: MIT"));
    let mut values = Vec::new();
    for key in keys {
        let pattern = format!("{key}: ");
        let starts = line.match_indices(&pattern).map(|(at, _)| at);
        let starts = starts.filter(|at| line[..*at].ends_with([' ', '{']) || *at == 0);
        values.extend(starts.map(|at| at + pattern.len()));
    }
    values
}

/// The rendered code and documents.
fn outputs(rendered: Rendered) -> (Vec<Module>, Vec<graph_photo_codegen::Document>) {
    (rendered.modules, rendered.documents)
}

fn unseen(spec: &str) -> Vec<String> {
    let before = outputs(render(spec).unwrap());
    let mut unseen = Vec::new();
    for word in texts(spec) {
        let line = spec[..word.start].lines().count();
        let changed = format!("{}Changed{}", &spec[..word.start], &spec[word.end..]);
        let after = render(&changed).unwrap_or_else(|error| panic!("line {line}: {error}"));
        if outputs(after) == before {
            unseen.push(format!("line {line}: {}", spec.lines().nth(line - 1).unwrap()));
        }
    }
    unseen
}

#[test]
fn every_text_of_the_spec_is_rendered() {
    assert!(texts(SPEC).len() > 60, "{}", texts(SPEC).len());
    let unseen = unseen(SPEC);
    assert!(unseen.is_empty(), "{unseen:#?}");
}

/// The fixtures about texts.
#[test]
fn every_text_of_a_fixture_is_rendered() {
    for name in ["notes", "inline", "error-model-extended", "success-codes"] {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/features");
        let spec = fs::read_to_string(format!("{folder}/{name}.yaml")).unwrap();
        let unseen = unseen(&spec);
        assert!(unseen.is_empty(), "{name}: {unseen:#?}");
    }
}
